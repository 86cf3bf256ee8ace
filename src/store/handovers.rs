//! What those who were asked said about who should answer instead.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::schema::handovers;
use super::{Db, StoreError, parsed, practice, stored};
use crate::domain::access::Scope;
use crate::domain::handover::Handover;
use crate::domain::ids::{AssessmentId, HandoverId, VendorId};

type Row = (String, String, String, String, NaiveDateTime, String, Option<String>, String, bool);

macro_rules! columns {
    () => {
        (
            handovers::id,
            handovers::vendor_id,
            handovers::assessment_id,
            handovers::said_by,
            handovers::said_at,
            handovers::name,
            handovers::email,
            handovers::why,
            handovers::passed_on,
        )
    };
}

fn value((id, vendor, assessment, said_by, said_at, name, email, why, passed_on): Row) -> Result<Handover, StoreError> {
    Ok(Handover {
        id: parsed(&id)?,
        vendor: parsed(&vendor)?,
        assessment: parsed(&assessment)?,
        said_by,
        said_at: said_at.and_utc(),
        name,
        email,
        why,
        passed_on,
    })
}

/// Writes down what was said.
///
/// # Errors
/// The database's.
pub fn add(conn: &mut Db, scope: &Scope, said: &Handover) -> Result<(), StoreError> {
    diesel::insert_into(handovers::table)
        .values((
            handovers::practice_id.eq(practice(scope)?),
            handovers::id.eq(said.id.to_string()),
            handovers::vendor_id.eq(said.vendor.to_string()),
            handovers::assessment_id.eq(said.assessment.to_string()),
            handovers::said_by.eq(&said.said_by),
            handovers::said_at.eq(stored(said.said_at)),
            handovers::name.eq(&said.name),
            handovers::email.eq(&said.email),
            handovers::why.eq(&said.why),
            handovers::passed_on.eq(said.passed_on),
        ))
        .execute(conn)?;
    Ok(())
}

/// What nobody at the practice has settled yet, the newest first.
///
/// # Errors
/// The database's.
pub fn unsettled(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<Handover>, StoreError> {
    let rows: Vec<Row> = handovers::table
        .filter(handovers::practice_id.eq(practice(scope)?))
        .filter(handovers::vendor_id.eq(vendor.to_string()))
        .filter(handovers::settled_at.is_null())
        .order((handovers::said_at.desc(), handovers::id.desc()))
        .select(columns!())
        .load(conn)?;
    rows.into_iter().map(value).collect()
}

/// One of them, settled or not.
///
/// # Errors
/// The database's.
pub fn one(conn: &mut Db, scope: &Scope, id: HandoverId) -> Result<Option<Handover>, StoreError> {
    let row: Option<Row> = handovers::table
        .filter(handovers::practice_id.eq(practice(scope)?))
        .filter(handovers::id.eq(id.to_string()))
        .select(columns!())
        .get_result(conn)
        .optional()?;
    row.map(value).transpose()
}

/// How often it was said for one questionnaire since then.
///
/// # Errors
/// The database's.
pub fn since(conn: &mut Db, scope: &Scope, assessment: AssessmentId, since: DateTime<Utc>) -> Result<i64, StoreError> {
    Ok(handovers::table
        .filter(handovers::practice_id.eq(practice(scope)?))
        .filter(handovers::assessment_id.eq(assessment.to_string()))
        .filter(handovers::said_at.gt(stored(since)))
        .select(count_star())
        .get_result(conn)?)
}

/// Settles it; false when somebody was faster.
///
/// # Errors
/// The database's.
pub fn settle(conn: &mut Db, scope: &Scope, id: HandoverId, by: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let settled = diesel::update(
        handovers::table
            .filter(handovers::practice_id.eq(practice(scope)?))
            .filter(handovers::id.eq(id.to_string()))
            .filter(handovers::settled_at.is_null()),
    )
    .set((handovers::settled_at.eq(Some(stored(now))), handovers::settled_by.eq(Some(by))))
    .execute(conn)?;
    Ok(settled == 1)
}
