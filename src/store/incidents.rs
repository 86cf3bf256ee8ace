//! Incidents, the assessments of them, and what was marked as done. Nothing is ever deleted.

use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::schema::{incident_assessments, incident_marks, incidents, vendors};
use super::{Db, StoreError, count, from_json, parsed, practice, stored_count, to_json};
use crate::domain::access::Scope;
use crate::domain::ids::{IncidentId, NoticeId, VendorId};
use crate::domain::incident::{Closed, Done, File, Incident, Known, RiskAssessment};

#[derive(Queryable)]
struct Row {
    _practice_id: String,
    id: String,
    vendor_id: String,
    notice_id: Option<String>,
    learned: String,
    what: String,
    opened_on: NaiveDate,
    opened_by: String,
    known: String,
    closed_on: Option<NaiveDate>,
    outcome: Option<String>,
    closed_by: Option<String>,
    closed_why: Option<String>,
}

fn value(row: Row) -> Result<Incident, StoreError> {
    let closed = match (row.closed_on, row.outcome) {
        (Some(on), Some(outcome)) => Some(Closed {
            on,
            outcome: parsed(&outcome)?,
            by: row.closed_by.unwrap_or_default(),
            reason: row.closed_why.unwrap_or_default(),
        }),
        _ => None,
    };
    Ok(Incident {
        id: parsed(&row.id)?,
        vendor: parsed(&row.vendor_id)?,
        notice: row.notice_id.as_deref().map(parsed).transpose()?,
        learned: parsed(&row.learned)?,
        what: row.what,
        opened_on: row.opened_on,
        opened_by: row.opened_by,
        known: from_json(&row.known)?,
        closed,
    })
}

/// Keeps a new incident.
///
/// # Errors
/// [`StoreError::Duplicate`] when its notice has one.
pub fn add(conn: &mut Db, scope: &Scope, new: &Incident) -> Result<(), StoreError> {
    diesel::insert_into(incidents::table)
        .values((
            incidents::practice_id.eq(practice(scope)?),
            incidents::id.eq(new.id.to_string()),
            incidents::vendor_id.eq(new.vendor.to_string()),
            incidents::notice_id.eq(new.notice.map(|id| id.to_string())),
            incidents::learned.eq(new.learned.key()),
            incidents::what.eq(&new.what),
            incidents::opened_on.eq(new.opened_on),
            incidents::opened_by.eq(&new.opened_by),
            incidents::known.eq(to_json(&new.known)?),
        ))
        .execute(conn)?;
    Ok(())
}

/// With all that was found and done.
fn whole(conn: &mut Db, scope: &Scope, incident: Incident) -> Result<File, StoreError> {
    let (of, id) = (practice(scope)?, incident.id.to_string());
    let found: Vec<(i32, String, String, String, NaiveDate)> = incident_assessments::table
        .filter(incident_assessments::practice_id.eq(&of))
        .filter(incident_assessments::incident_id.eq(&id))
        .order(incident_assessments::version)
        .select((
            incident_assessments::version,
            incident_assessments::found,
            incident_assessments::conclusion,
            incident_assessments::made_by,
            incident_assessments::made_on,
        ))
        .load(conn)?;
    let assessment = |(version, found, conclusion, by, on): (i32, String, String, String, NaiveDate)| {
        Ok::<_, StoreError>(RiskAssessment {
            version: count(version),
            found: from_json(&found)?,
            conclusion: parsed(&conclusion)?,
            by,
            on,
        })
    };
    let assessments = found.into_iter().map(assessment).collect::<Result<_, _>>()?;
    type Mark = (String, Option<NaiveDate>, String, String, Option<String>, NaiveDate);
    let marked: Vec<Mark> = incident_marks::table
        .filter(incident_marks::practice_id.eq(&of))
        .filter(incident_marks::incident_id.eq(&id))
        .order(incident_marks::number)
        .select((
            incident_marks::step,
            incident_marks::done_on,
            incident_marks::made_by,
            incident_marks::note,
            incident_marks::document_id,
            incident_marks::recorded_on,
        ))
        .load(conn)?;
    let mark = |(step, on, by, note, document, recorded_on): Mark| {
        let document = document.as_deref().map(parsed).transpose()?;
        Ok::<_, StoreError>(Done { step: parsed(&step)?, on, by, note, document, recorded_on })
    };
    let marks = marked.into_iter().map(mark).collect::<Result<_, _>>()?;
    Ok(File { incident, assessments, marks })
}

/// One incident with all that was found and done.
///
/// # Errors
/// The database's.
pub fn one(conn: &mut Db, scope: &Scope, id: IncidentId) -> Result<Option<File>, StoreError> {
    let row: Option<Row> = incidents::table
        .filter(incidents::practice_id.eq(practice(scope)?))
        .filter(incidents::id.eq(id.to_string()))
        .get_result(conn)
        .optional()?;
    let incident = row.map(value).transpose()?;
    incident.map(|incident| whole(conn, scope, incident)).transpose()
}

/// The incident that came from a notice.
///
/// # Errors
/// The database's.
pub fn of_notice(conn: &mut Db, scope: &Scope, notice: NoticeId) -> Result<Option<IncidentId>, StoreError> {
    let id: Option<String> = incidents::table
        .filter(incidents::practice_id.eq(practice(scope)?))
        .filter(incidents::notice_id.eq(notice.to_string()))
        .select(incidents::id)
        .get_result(conn)
        .optional()?;
    id.as_deref().map(parsed).transpose()
}

/// The incidents of a vendor, the newest first.
///
/// # Errors
/// The database's.
pub fn of_vendor(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<File>, StoreError> {
    let rows: Vec<Row> = incidents::table
        .filter(incidents::practice_id.eq(practice(scope)?))
        .filter(incidents::vendor_id.eq(vendor.to_string()))
        .order((incidents::opened_on.desc(), incidents::id.desc()))
        .load(conn)?;
    let all: Vec<Incident> = rows.into_iter().map(value).collect::<Result<_, _>>()?;
    all.into_iter().map(|one| whole(conn, scope, one)).collect()
}

/// The incidents of the practice with their vendors' names, open or closed, the newest first.
///
/// # Errors
/// The database's.
pub fn list(
    conn: &mut Db,
    scope: &Scope,
    closed: bool,
    (limit, offset): (i64, i64),
) -> Result<Vec<(File, String)>, StoreError> {
    let mut query = incidents::table
        .inner_join(
            vendors::table
                .on(vendors::practice_id.eq(incidents::practice_id).and(vendors::id.eq(incidents::vendor_id))),
        )
        .filter(incidents::practice_id.eq(practice(scope)?))
        .select((incidents::all_columns, vendors::name))
        .into_boxed();
    query = match closed {
        true => query.filter(incidents::closed_on.is_not_null()),
        false => query.filter(incidents::closed_on.is_null()),
    };
    let rows: Vec<(Row, String)> =
        query.order((incidents::opened_on.desc(), incidents::id.desc())).limit(limit).offset(offset).load(conn)?;
    rows.into_iter().map(|(row, name)| Ok((whole(conn, scope, value(row)?)?, name))).collect()
}

/// Every open incident of the practice with its vendor's name, the newest first.
///
/// # Errors
/// The database's.
pub fn open(conn: &mut Db, scope: &Scope) -> Result<Vec<(File, String)>, StoreError> {
    list(conn, scope, false, (i64::MAX, 0))
}

/// How many incidents are open, or closed.
///
/// # Errors
/// The database's.
pub fn total(conn: &mut Db, scope: &Scope, closed: bool) -> Result<u32, StoreError> {
    let all = incidents::table.filter(incidents::practice_id.eq(practice(scope)?)).select(count_star()).into_boxed();
    let found: i64 = match closed {
        true => all.filter(incidents::closed_on.is_not_null()).get_result(conn)?,
        false => all.filter(incidents::closed_on.is_null()).get_result(conn)?,
    };
    Ok(u32::try_from(found).unwrap_or(u32::MAX))
}

macro_rules! the_open {
    ($scope:expr, $id:expr) => {
        incidents::table
            .filter(incidents::practice_id.eq(practice($scope)?))
            .filter(incidents::id.eq($id.to_string()))
            .filter(incidents::closed_on.is_null())
    };
}

/// Writes what is known of an open incident anew; false when it was closed.
///
/// # Errors
/// The database's.
pub fn save(conn: &mut Db, scope: &Scope, id: IncidentId, what: &str, known: &Known) -> Result<bool, StoreError> {
    let saved = diesel::update(the_open!(scope, id))
        .set((incidents::what.eq(what), incidents::known.eq(to_json(known)?)))
        .execute(conn)?;
    Ok(saved == 1)
}

/// Closes an incident; false when it was.
///
/// # Errors
/// The database's.
pub fn close(conn: &mut Db, scope: &Scope, id: IncidentId, closed: &Closed) -> Result<bool, StoreError> {
    let done = diesel::update(the_open!(scope, id))
        .set((
            incidents::closed_on.eq(Some(closed.on)),
            incidents::outcome.eq(Some(closed.outcome.key())),
            incidents::closed_by.eq(Some(&closed.by)),
            incidents::closed_why.eq(Some(&closed.reason)),
        ))
        .execute(conn)?;
    Ok(done == 1)
}

/// Adds an assessment.
///
/// # Errors
/// The database's.
pub fn assess(conn: &mut Db, scope: &Scope, id: IncidentId, new: &RiskAssessment) -> Result<(), StoreError> {
    diesel::insert_into(incident_assessments::table)
        .values((
            incident_assessments::practice_id.eq(practice(scope)?),
            incident_assessments::incident_id.eq(id.to_string()),
            incident_assessments::version.eq(stored_count(new.version)),
            incident_assessments::found.eq(to_json(&new.found)?),
            incident_assessments::conclusion.eq(new.conclusion.key()),
            incident_assessments::made_by.eq(&new.by),
            incident_assessments::made_on.eq(new.on),
        ))
        .execute(conn)?;
    Ok(())
}

/// Adds a mark, the `number`th from 1.
///
/// # Errors
/// The database's.
pub fn mark(conn: &mut Db, scope: &Scope, id: IncidentId, number: usize, new: &Done) -> Result<(), StoreError> {
    diesel::insert_into(incident_marks::table)
        .values((
            incident_marks::practice_id.eq(practice(scope)?),
            incident_marks::incident_id.eq(id.to_string()),
            incident_marks::number.eq(i32::try_from(number).unwrap_or(i32::MAX)),
            incident_marks::step.eq(new.step.key()),
            incident_marks::done_on.eq(new.on),
            incident_marks::made_by.eq(&new.by),
            incident_marks::note.eq(&new.note),
            incident_marks::document_id.eq(new.document.map(|id| id.to_string())),
            incident_marks::recorded_on.eq(new.recorded_on),
        ))
        .execute(conn)?;
    Ok(())
}
