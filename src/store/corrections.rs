//! Signed replies that are opened again, and the versions that a correction replaced.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::assessments::{Kept, kept};
use super::schema::{attestations, corrections, earlier_replies, scorecards};
use super::{Db, StoreError, count, from_json, parsed, practice, stored, stored_count, to_json};
use crate::domain::access::Scope;
use crate::domain::assessment::Attestation;
use crate::domain::correction::{Correction, EarlierReply, Outcome};
use crate::domain::ids::{AssessmentId, CorrectionId};

#[derive(Queryable)]
struct Row {
    _practice_id: String,
    id: String,
    assessment_id: String,
    reason: String,
    returned: String,
    replies: String,
    changes: String,
    opened_by: String,
    opened_at: NaiveDateTime,
    opened_on: NaiveDate,
    due_on: Option<NaiveDate>,
    outcome: Option<String>,
    ended_at: Option<NaiveDateTime>,
    files: String,
    occasion: String,
}

fn value(row: Row) -> Result<Correction, StoreError> {
    let ended = match (row.outcome, row.ended_at) {
        (Some(outcome), Some(at)) => Some((parsed(&outcome)?, at.and_utc())),
        _ => None,
    };
    Ok(Correction {
        id: parsed(&row.id)?,
        assessment: parsed(&row.assessment_id)?,
        occasion: parsed(&row.occasion)?,
        reason: row.reason,
        returned: from_json(&row.returned)?,
        replies: from_json(&row.replies)?,
        changes: from_json(&row.changes)?,
        files: from_json(&row.files)?,
        opened_by: row.opened_by,
        opened_at: row.opened_at.and_utc(),
        opened_on: row.opened_on,
        due_on: row.due_on,
        ended,
    })
}

/// The correction of an assessment that is open, if one is.
///
/// # Errors
/// The database's.
pub fn open_of(conn: &mut Db, scope: &Scope, assessment: AssessmentId) -> Result<Option<Correction>, StoreError> {
    let row: Option<Row> = corrections::table
        .filter(corrections::practice_id.eq(practice(scope)?))
        .filter(corrections::assessment_id.eq(assessment.to_string()))
        .filter(corrections::outcome.is_null())
        .get_result(conn)
        .optional()?;
    row.map(value).transpose()
}

/// All corrections of an assessment, the oldest first.
///
/// # Errors
/// The database's.
pub fn of_assessment(conn: &mut Db, scope: &Scope, assessment: AssessmentId) -> Result<Vec<Correction>, StoreError> {
    let rows: Vec<Row> = corrections::table
        .filter(corrections::practice_id.eq(practice(scope)?))
        .filter(corrections::assessment_id.eq(assessment.to_string()))
        .order((corrections::opened_at, corrections::id))
        .load(conn)?;
    rows.into_iter().map(value).collect()
}

/// Opens a correction.
///
/// # Errors
/// [`StoreError::Duplicate`] when one is open.
pub fn add(conn: &mut Db, scope: &Scope, new: &Correction) -> Result<(), StoreError> {
    diesel::insert_into(corrections::table)
        .values((
            corrections::practice_id.eq(practice(scope)?),
            corrections::id.eq(new.id.to_string()),
            corrections::assessment_id.eq(new.assessment.to_string()),
            corrections::occasion.eq(new.occasion.key()),
            corrections::reason.eq(&new.reason),
            corrections::returned.eq(to_json(&new.returned)?),
            corrections::replies.eq(to_json(&new.replies)?),
            corrections::changes.eq(to_json(&new.changes)?),
            corrections::files.eq(to_json(&new.files)?),
            corrections::opened_by.eq(&new.opened_by),
            corrections::opened_at.eq(stored(new.opened_at)),
            corrections::opened_on.eq(new.opened_on),
            corrections::due_on.eq(new.due_on),
        ))
        .execute(conn)?;
    Ok(())
}

/// Keeps what was changed, replied and sent so far; false when it has ended.
///
/// # Errors
/// The database's.
pub fn save(conn: &mut Db, scope: &Scope, now: &Correction) -> Result<bool, StoreError> {
    let saved = diesel::update(
        corrections::table
            .filter(corrections::practice_id.eq(practice(scope)?))
            .filter(corrections::id.eq(now.id.to_string()))
            .filter(corrections::outcome.is_null()),
    )
    .set((
        corrections::changes.eq(to_json(&now.changes)?),
        corrections::replies.eq(to_json(&now.replies)?),
        corrections::files.eq(to_json(&now.files)?),
    ))
    .execute(conn)?;
    Ok(saved == 1)
}

/// Moves the day by which what was sent back should be answered.
///
/// # Errors
/// The database's.
pub fn put_off(conn: &mut Db, scope: &Scope, id: CorrectionId, due_on: NaiveDate) -> Result<(), StoreError> {
    diesel::update(
        corrections::table
            .filter(corrections::practice_id.eq(practice(scope)?))
            .filter(corrections::id.eq(id.to_string())),
    )
    .set(corrections::due_on.eq(Some(due_on)))
    .execute(conn)?;
    Ok(())
}

/// Ends a correction; false when it had ended already.
///
/// # Errors
/// The database's.
pub fn end(
    conn: &mut Db,
    scope: &Scope,
    id: CorrectionId,
    outcome: Outcome,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let ended = diesel::update(
        corrections::table
            .filter(corrections::practice_id.eq(practice(scope)?))
            .filter(corrections::id.eq(id.to_string()))
            .filter(corrections::outcome.is_null()),
    )
    .set((corrections::outcome.eq(Some(outcome.key())), corrections::ended_at.eq(Some(stored(now)))))
    .execute(conn)?;
    Ok(ended == 1)
}

/// Puts the signature and the score of an assessment aside, as the version that they are, so
/// that others can take their place.
///
/// # Errors
/// The database's.
pub fn set_aside(conn: &mut Db, scope: &Scope, old: &EarlierReply, id: AssessmentId) -> Result<(), StoreError> {
    let (of, assessment, signed) = (practice(scope)?, id.to_string(), &old.signed);
    let (card, input): (String, String) = scorecards::table
        .filter(scorecards::practice_id.eq(&of))
        .filter(scorecards::assessment_id.eq(&assessment))
        .select((scorecards::record, scorecards::input))
        .get_result(conn)?;
    diesel::insert_into(earlier_replies::table)
        .values((
            earlier_replies::practice_id.eq(&of),
            earlier_replies::assessment_id.eq(&assessment),
            earlier_replies::version.eq(stored_count(old.version)),
            earlier_replies::reference.eq(&signed.reference),
            earlier_replies::name.eq(&signed.name),
            earlier_replies::title.eq(&signed.title),
            earlier_replies::email.eq(&signed.email),
            earlier_replies::statement.eq(&signed.statement),
            earlier_replies::signed_at.eq(stored(signed.signed_at)),
            earlier_replies::snapshot.eq(&signed.snapshot),
            earlier_replies::sha256.eq(&signed.sha256),
            earlier_replies::assurance.eq(signed.assurance.key()),
            earlier_replies::scorecard.eq(card),
            earlier_replies::input.eq(input),
        ))
        .execute(conn)?;
    diesel::delete(
        attestations::table
            .filter(attestations::practice_id.eq(&of))
            .filter(attestations::assessment_id.eq(&assessment)),
    )
    .execute(conn)?;
    diesel::delete(
        scorecards::table.filter(scorecards::practice_id.eq(&of)).filter(scorecards::assessment_id.eq(&assessment)),
    )
    .execute(conn)?;
    Ok(())
}

/// The score of a version that was replaced.
///
/// # Errors
/// The database's.
pub fn earlier_score(
    conn: &mut Db,
    scope: &Scope,
    assessment: AssessmentId,
    version: u32,
) -> Result<Option<Kept>, StoreError> {
    let row: Option<(String, String)> = earlier_replies::table
        .filter(earlier_replies::practice_id.eq(practice(scope)?))
        .filter(earlier_replies::assessment_id.eq(assessment.to_string()))
        .filter(earlier_replies::version.eq(stored_count(version)))
        .select((earlier_replies::scorecard, earlier_replies::input))
        .get_result(conn)
        .optional()?;
    row.map(|(record, input)| kept(&record, input)).transpose()
}

type EarlierRow = (i32, String, String, String, String, String, NaiveDateTime, String, String, String);

/// The versions of a reply that were replaced, the oldest first.
///
/// # Errors
/// The database's.
pub fn earlier(conn: &mut Db, scope: &Scope, assessment: AssessmentId) -> Result<Vec<EarlierReply>, StoreError> {
    let rows: Vec<EarlierRow> = earlier_replies::table
        .filter(earlier_replies::practice_id.eq(practice(scope)?))
        .filter(earlier_replies::assessment_id.eq(assessment.to_string()))
        .order(earlier_replies::version)
        .select((
            earlier_replies::version,
            earlier_replies::reference,
            earlier_replies::name,
            earlier_replies::title,
            earlier_replies::email,
            earlier_replies::statement,
            earlier_replies::signed_at,
            earlier_replies::snapshot,
            earlier_replies::sha256,
            earlier_replies::assurance,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(version, reference, name, title, email, statement, signed_at, snapshot, sha256, assurance)| {
            let signed = Attestation {
                reference,
                name,
                title,
                email,
                statement,
                signed_at: signed_at.and_utc(),
                snapshot,
                sha256,
                assurance: parsed(&assurance)?,
            };
            Ok(EarlierReply { version: count(version), signed })
        })
        .collect()
}
