//! Vendors accepted on evidence. Rows are added and ended, never changed.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::schema::acceptances;
use super::{Db, StoreError, from_json, parsed, practice, to_json};
use crate::domain::acceptance::{Acceptance, Ended};
use crate::domain::access::Scope;
use crate::domain::ids::VendorId;

#[derive(Queryable)]
struct Row {
    _practice_id: String,
    id: String,
    vendor_id: String,
    questionnaire: String,
    digest: String,
    asked: String,
    supports: String,
    reason: String,
    accepted_by: String,
    accepted_on: NaiveDate,
    until: NaiveDate,
    ended_on: Option<NaiveDate>,
    ended_by: Option<String>,
    ended_why: Option<String>,
}

fn value(row: Row) -> Result<Acceptance, StoreError> {
    let ended = row.ended_on.map(|on| Ended {
        on,
        by: row.ended_by.unwrap_or_default(),
        why: row.ended_why.unwrap_or_default(),
    });
    Ok(Acceptance {
        id: parsed(&row.id)?,
        vendor: parsed(&row.vendor_id)?,
        questionnaire: row.questionnaire,
        digest: row.digest,
        asked: from_json(&row.asked)?,
        supports: from_json(&row.supports)?,
        reason: row.reason,
        by: row.accepted_by,
        on: row.accepted_on,
        until: row.until,
        ended,
    })
}

/// The acceptances of a vendor, the newest first.
///
/// # Errors
/// The database's.
pub fn of_vendor(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<Acceptance>, StoreError> {
    let rows: Vec<Row> = acceptances::table
        .filter(acceptances::practice_id.eq(practice(scope)?))
        .filter(acceptances::vendor_id.eq(vendor.to_string()))
        .order((acceptances::accepted_on.desc(), acceptances::id.desc()))
        .load(conn)?;
    rows.into_iter().map(value).collect()
}

/// # Errors
/// The database's.
pub fn add(conn: &mut Db, scope: &Scope, new: &Acceptance) -> Result<(), StoreError> {
    diesel::insert_into(acceptances::table)
        .values((
            acceptances::practice_id.eq(practice(scope)?),
            acceptances::id.eq(new.id.to_string()),
            acceptances::vendor_id.eq(new.vendor.to_string()),
            acceptances::questionnaire.eq(&new.questionnaire),
            acceptances::digest.eq(&new.digest),
            acceptances::asked.eq(to_json(&new.asked)?),
            acceptances::supports.eq(to_json(&new.supports)?),
            acceptances::reason.eq(&new.reason),
            acceptances::accepted_by.eq(&new.by),
            acceptances::accepted_on.eq(new.on),
            acceptances::until.eq(new.until),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends every acceptance of a vendor that nobody has ended; how many there were.
///
/// # Errors
/// The database's.
pub fn end(conn: &mut Db, scope: &Scope, vendor: VendorId, ended: &Ended) -> Result<usize, StoreError> {
    let count = diesel::update(
        acceptances::table
            .filter(acceptances::practice_id.eq(practice(scope)?))
            .filter(acceptances::vendor_id.eq(vendor.to_string()))
            .filter(acceptances::ended_on.is_null()),
    )
    .set((
        acceptances::ended_on.eq(Some(ended.on)),
        acceptances::ended_by.eq(Some(&ended.by)),
        acceptances::ended_why.eq(Some(&ended.why)),
    ))
    .execute(conn)?;
    Ok(count)
}
