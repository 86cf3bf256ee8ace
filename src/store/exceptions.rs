//! Gaps that a person of the practice lives with until a day. Rows are added and ended, never
//! changed.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::schema::{exceptions, vendors};
use super::{Db, StoreError, parsed, practice};
use crate::domain::acceptance::Ended;
use crate::domain::access::Scope;
use crate::domain::exception::Exception;
use crate::domain::ids::{ExceptionId, VendorId};

#[derive(Queryable)]
struct Row {
    _practice_id: String,
    id: String,
    vendor_id: String,
    assessment_id: String,
    slug: String,
    short: String,
    answer: String,
    shortfall: String,
    rating: String,
    reason: String,
    accepted_by: String,
    accepted_on: NaiveDate,
    until: NaiveDate,
    ended_on: Option<NaiveDate>,
    ended_by: Option<String>,
    ended_why: Option<String>,
}

fn value(row: Row) -> Result<Exception, StoreError> {
    Ok(Exception {
        id: parsed(&row.id)?,
        vendor: parsed(&row.vendor_id)?,
        assessment: parsed(&row.assessment_id)?,
        slug: row.slug,
        short: row.short,
        answer: row.answer,
        shortfall: parsed(&row.shortfall)?,
        rating: parsed(&row.rating)?,
        reason: row.reason,
        by: row.accepted_by,
        on: row.accepted_on,
        until: row.until,
        ended: row.ended_on.map(|on| Ended {
            on,
            by: row.ended_by.unwrap_or_default(),
            why: row.ended_why.unwrap_or_default(),
        }),
    })
}

/// Keeps a new one.
///
/// # Errors
/// The database's.
pub fn add(conn: &mut Db, scope: &Scope, new: &Exception) -> Result<(), StoreError> {
    diesel::insert_into(exceptions::table)
        .values((
            exceptions::practice_id.eq(practice(scope)?),
            exceptions::id.eq(new.id.to_string()),
            exceptions::vendor_id.eq(new.vendor.to_string()),
            exceptions::assessment_id.eq(new.assessment.to_string()),
            exceptions::slug.eq(&new.slug),
            exceptions::short.eq(&new.short),
            exceptions::answer.eq(&new.answer),
            exceptions::shortfall.eq(new.shortfall.key()),
            exceptions::rating.eq(new.rating.key()),
            exceptions::reason.eq(&new.reason),
            exceptions::accepted_by.eq(&new.by),
            exceptions::accepted_on.eq(new.on),
            exceptions::until.eq(new.until),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends one before its day; false when it was ended before.
///
/// # Errors
/// The database's.
pub fn end(conn: &mut Db, scope: &Scope, id: ExceptionId, ended: &Ended) -> Result<bool, StoreError> {
    let done = diesel::update(
        exceptions::table
            .filter(exceptions::practice_id.eq(practice(scope)?))
            .filter(exceptions::id.eq(id.to_string()))
            .filter(exceptions::ended_on.is_null()),
    )
    .set((
        exceptions::ended_on.eq(Some(ended.on)),
        exceptions::ended_by.eq(Some(&ended.by)),
        exceptions::ended_why.eq(Some(&ended.why)),
    ))
    .execute(conn)?;
    Ok(done == 1)
}

/// One of them.
///
/// # Errors
/// The database's.
pub fn one(conn: &mut Db, scope: &Scope, id: ExceptionId) -> Result<Option<Exception>, StoreError> {
    let row: Option<Row> = exceptions::table
        .filter(exceptions::practice_id.eq(practice(scope)?))
        .filter(exceptions::id.eq(id.to_string()))
        .get_result(conn)
        .optional()?;
    row.map(value).transpose()
}

/// Those of a vendor, the newest first.
///
/// # Errors
/// The database's.
pub fn of_vendor(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<Exception>, StoreError> {
    let rows: Vec<Row> = exceptions::table
        .filter(exceptions::practice_id.eq(practice(scope)?))
        .filter(exceptions::vendor_id.eq(vendor.to_string()))
        .order((exceptions::accepted_on.desc(), exceptions::id.desc()))
        .load(conn)?;
    rows.into_iter().map(value).collect()
}

/// Vendors with one that nobody has ended, archived ones left out.
///
/// # Errors
/// The database's.
pub fn vendors_with(conn: &mut Db, scope: &Scope) -> Result<Vec<VendorId>, StoreError> {
    let ids: Vec<String> = exceptions::table
        .inner_join(
            vendors::table
                .on(vendors::practice_id.eq(exceptions::practice_id).and(vendors::id.eq(exceptions::vendor_id))),
        )
        .filter(exceptions::practice_id.eq(practice(scope)?))
        .filter(vendors::archived_at.is_null())
        .select(vendors::id)
        .distinct()
        .load(conn)?;
    ids.iter().map(|id| parsed(id)).collect()
}
