//! Assessments, their signatures and their scorecards.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::schema::{assessments, attestations, invitations, scorecards, vendors};
use super::{Db, StoreError, count, from_json, parsed, practice, stored, stored_count, to_json};
use crate::domain::access::Scope;
use crate::domain::assessment::{Assessment, AssessmentState, Attestation};
use crate::domain::ids::{AssessmentId, VendorId};
use crate::domain::life::Life;
use crate::domain::scoring::replay::Input;
use crate::domain::scoring::{Rating, Scorecard};
use crate::domain::signer::Signer;

/// The states in which an answer is still awaited.
const OPEN: [&str; 2] = [AssessmentState::Invited.key(), AssessmentState::InProgress.key()];

#[derive(Queryable)]
pub(super) struct Row {
    _practice_id: String,
    id: String,
    vendor_id: String,
    cycle: i32,
    questionnaire: String,
    digest: String,
    asked: String,
    state: String,
    asked_on: NaiveDate,
    due_on: NaiveDate,
    reminders: i32,
    reminded_on: Option<NaiveDate>,
    started_at: Option<NaiveDateTime>,
    accepted_on: Option<NaiveDate>,
}

pub(super) fn value(row: Row) -> Result<Assessment, StoreError> {
    Ok(Assessment {
        id: parsed(&row.id)?,
        vendor: parsed(&row.vendor_id)?,
        cycle: row.cycle,
        questionnaire: row.questionnaire,
        digest: row.digest,
        asked: from_json(&row.asked)?,
        state: parsed(&row.state)?,
        asked_on: row.asked_on,
        due_on: row.due_on,
        reminders: count(row.reminders),
        reminded_on: row.reminded_on,
        started_at: row.started_at.map(|at| at.and_utc()),
        accepted_on: row.accepted_on,
    })
}

/// Opens an assessment.
///
/// # Errors
/// [`StoreError::Duplicate`] when the vendor was already asked in this cycle.
pub fn open(conn: &mut Db, scope: &Scope, new: &Assessment) -> Result<(), StoreError> {
    diesel::insert_into(assessments::table)
        .values((
            assessments::practice_id.eq(practice(scope)?),
            assessments::id.eq(new.id.to_string()),
            assessments::vendor_id.eq(new.vendor.to_string()),
            assessments::cycle.eq(new.cycle),
            assessments::questionnaire.eq(&new.questionnaire),
            assessments::digest.eq(&new.digest),
            assessments::asked.eq(to_json(&new.asked)?),
            assessments::state.eq(new.state.key()),
            assessments::asked_on.eq(new.asked_on),
            assessments::due_on.eq(new.due_on),
            assessments::reminders.eq(stored_count(new.reminders)),
        ))
        .execute(conn)?;
    Ok(())
}

pub fn one(conn: &mut Db, scope: &Scope, id: AssessmentId) -> Result<Option<Assessment>, StoreError> {
    let row: Option<Row> = assessments::table
        .filter(assessments::practice_id.eq(practice(scope)?))
        .filter(assessments::id.eq(id.to_string()))
        .get_result(conn)
        .optional()?;
    row.map(value).transpose()
}

/// All assessments of a vendor, the newest first.
pub fn of_vendor(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<Assessment>, StoreError> {
    let rows: Vec<Row> = assessments::table
        .filter(assessments::practice_id.eq(practice(scope)?))
        .filter(assessments::vendor_id.eq(vendor.to_string()))
        .order(assessments::cycle.desc())
        .load(conn)?;
    rows.into_iter().map(value).collect()
}

/// The open ones of the practice's vendors that get letters, the soonest due first: for
/// reminders.
pub fn all_open(conn: &mut Db, scope: &Scope) -> Result<Vec<Assessment>, StoreError> {
    let quiet = Life::ALL.iter().filter(|life| !life.gets_letters()).map(|life| life.key());
    let rows: Vec<Row> = assessments::table
        .inner_join(
            vendors::table
                .on(vendors::practice_id.eq(assessments::practice_id).and(vendors::id.eq(assessments::vendor_id))),
        )
        .filter(assessments::practice_id.eq(practice(scope)?))
        .filter(assessments::state.eq_any(OPEN))
        .filter(vendors::archived_at.is_null())
        .filter(vendors::life.ne_all(quiet))
        .order((assessments::due_on, assessments::id))
        .select(assessments::all_columns)
        .load(conn)?;
    rows.into_iter().map(value).collect()
}

/// Moves an assessment from one of the states `from` to `to`; false when it was in none.
pub fn advance(
    conn: &mut Db,
    scope: &Scope,
    id: AssessmentId,
    from: &[AssessmentState],
    to: AssessmentState,
) -> Result<bool, StoreError> {
    let moved = diesel::update(
        assessments::table
            .filter(assessments::practice_id.eq(practice(scope)?))
            .filter(assessments::id.eq(id.to_string()))
            .filter(assessments::state.eq_any(from.iter().map(|state| state.key()))),
    )
    .set(assessments::state.eq(to.key()))
    .execute(conn)?;
    Ok(moved == 1)
}

/// Notes when the respondent first pressed Start.
pub fn set_started(conn: &mut Db, scope: &Scope, id: AssessmentId, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(
        assessments::table
            .filter(assessments::practice_id.eq(practice(scope)?))
            .filter(assessments::id.eq(id.to_string()))
            .filter(assessments::started_at.is_null()),
    )
    .set(assessments::started_at.eq(Some(stored(now))))
    .execute(conn)?;
    Ok(())
}

/// Forgets an assessment of which nobody outside ever heard, with its links. Its history
/// stays.
pub fn forget(conn: &mut Db, scope: &Scope, id: AssessmentId) -> Result<(), StoreError> {
    let (of, id) = (practice(scope)?, id.to_string());
    diesel::delete(
        invitations::table.filter(invitations::practice_id.eq(&of)).filter(invitations::assessment_id.eq(&id)),
    )
    .execute(conn)?;
    diesel::delete(assessments::table.filter(assessments::practice_id.eq(&of)).filter(assessments::id.eq(&id)))
        .execute(conn)?;
    Ok(())
}

pub fn set_accepted(conn: &mut Db, scope: &Scope, id: AssessmentId, on: NaiveDate) -> Result<(), StoreError> {
    diesel::update(
        assessments::table
            .filter(assessments::practice_id.eq(practice(scope)?))
            .filter(assessments::id.eq(id.to_string())),
    )
    .set(assessments::accepted_on.eq(Some(on)))
    .execute(conn)?;
    Ok(())
}

/// Counts a reminder; false when another sweep was faster, or the answers came meanwhile.
pub fn count_reminder(
    conn: &mut Db,
    scope: &Scope,
    id: AssessmentId,
    before: u32,
    on: NaiveDate,
) -> Result<bool, StoreError> {
    let counted = diesel::update(
        assessments::table
            .filter(assessments::practice_id.eq(practice(scope)?))
            .filter(assessments::id.eq(id.to_string()))
            .filter(assessments::state.eq_any(OPEN))
            .filter(assessments::reminders.eq(stored_count(before))),
    )
    .set((assessments::reminders.eq(stored_count(before + 1)), assessments::reminded_on.eq(Some(on))))
    .execute(conn)?;
    Ok(counted == 1)
}

/// Keeps the signature.
///
/// # Errors
/// [`StoreError::Duplicate`] when it was already signed.
pub fn attest(conn: &mut Db, scope: &Scope, id: AssessmentId, signed: &Attestation) -> Result<(), StoreError> {
    diesel::insert_into(attestations::table)
        .values((
            attestations::practice_id.eq(practice(scope)?),
            attestations::assessment_id.eq(id.to_string()),
            attestations::reference.eq(&signed.reference),
            attestations::name.eq(&signed.name),
            attestations::title.eq(&signed.title),
            attestations::email.eq(&signed.email),
            attestations::statement.eq(&signed.statement),
            attestations::signed_at.eq(stored(signed.signed_at)),
            attestations::snapshot.eq(&signed.snapshot),
            attestations::sha256.eq(&signed.sha256),
            attestations::assurance.eq(signed.assurance.key()),
        ))
        .execute(conn)?;
    Ok(())
}

type AttestationRow = (String, String, String, String, String, NaiveDateTime, String, String, String);

pub fn attestation(conn: &mut Db, scope: &Scope, id: AssessmentId) -> Result<Option<Attestation>, StoreError> {
    let row: Option<AttestationRow> = attestations::table
        .filter(attestations::practice_id.eq(practice(scope)?))
        .filter(attestations::assessment_id.eq(id.to_string()))
        .select((
            attestations::reference,
            attestations::name,
            attestations::title,
            attestations::email,
            attestations::statement,
            attestations::signed_at,
            attestations::snapshot,
            attestations::sha256,
            attestations::assurance,
        ))
        .get_result(conn)
        .optional()?;
    row.map(|(reference, name, title, email, statement, signed_at, snapshot, sha256, assurance)| {
        Ok(Attestation {
            reference,
            name,
            title,
            email,
            statement,
            signed_at: signed_at.and_utc(),
            snapshot,
            sha256,
            assurance: parsed(&assurance)?,
        })
    })
    .transpose()
}

/// Who signed, without what was signed: for a judgement.
pub fn signer(conn: &mut Db, scope: &Scope, id: AssessmentId) -> Result<Option<Signer>, StoreError> {
    let row: Option<(String, String)> = attestations::table
        .filter(attestations::practice_id.eq(practice(scope)?))
        .filter(attestations::assessment_id.eq(id.to_string()))
        .select((attestations::name, attestations::email))
        .get_result(conn)
        .optional()?;
    Ok(row.map(|(name, email)| Signer { assessment: id, name, email }))
}

/// A score as it is kept: the explanation record, and what it was reckoned from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub card: Scorecard,
    /// [`crate::domain::scoring::replay::Input`] as JSON; empty in scores of before it was kept.
    pub input: String,
}

impl Kept {
    /// Seals a score with what it was reckoned from.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`], which does not happen.
    pub fn of(card: Scorecard, input: &Input) -> Result<Self, StoreError> {
        Ok(Self { card: card.sealed(), input: to_json(input)? })
    }

    /// The record as it is kept, to the byte.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`], which does not happen.
    pub fn record(&self) -> Result<String, StoreError> {
        to_json(&self.card)
    }
}

pub(super) fn kept(record: &str, input: String) -> Result<Kept, StoreError> {
    Ok(Kept { card: from_json(record)?, input })
}

/// Keeps the scorecard of a signed assessment.
pub fn keep_scorecard(conn: &mut Db, scope: &Scope, id: AssessmentId, score: &Kept) -> Result<(), StoreError> {
    let card = &score.card;
    diesel::insert_into(scorecards::table)
        .values((
            scorecards::practice_id.eq(practice(scope)?),
            scorecards::assessment_id.eq(id.to_string()),
            scorecards::model.eq(&card.versions.model),
            scorecards::as_of.eq(card.as_of),
            scorecards::rating.eq(card.rating.key()),
            scorecards::residual.eq(stored_count(card.residual)),
            scorecards::record.eq(score.record()?),
            scorecards::input.eq(&score.input),
        ))
        .execute(conn)?;
    Ok(())
}

pub fn scorecard(conn: &mut Db, scope: &Scope, id: AssessmentId) -> Result<Option<Scorecard>, StoreError> {
    Ok(score(conn, scope, id)?.map(|kept| kept.card))
}

/// The score of the signature in force.
///
/// # Errors
/// The database's.
pub fn score(conn: &mut Db, scope: &Scope, id: AssessmentId) -> Result<Option<Kept>, StoreError> {
    let row: Option<(String, String)> = scorecards::table
        .filter(scorecards::practice_id.eq(practice(scope)?))
        .filter(scorecards::assessment_id.eq(id.to_string()))
        .select((scorecards::record, scorecards::input))
        .get_result(conn)
        .optional()?;
    row.map(|(record, input)| kept(&record, input)).transpose()
}

/// What each signed assessment of a vendor came to: by its review where its version in force was
/// accepted, else by its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rated {
    pub assessment: AssessmentId,
    pub rating: Rating,
    /// Basis points.
    pub residual: u32,
    pub reviewed: bool,
}

/// Ratings by assessment of one vendor: for the table of years.
///
/// # Errors
/// The database's.
pub fn ratings(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<Rated>, StoreError> {
    let of = practice(scope)?;
    let ids = assessments::table
        .filter(assessments::practice_id.eq(of.clone()))
        .filter(assessments::vendor_id.eq(vendor.to_string()))
        .select(assessments::id);
    let rows: Vec<(String, String, i32)> = scorecards::table
        .filter(scorecards::practice_id.eq(of))
        .filter(scorecards::assessment_id.eq_any(ids))
        .select((scorecards::assessment_id, scorecards::rating, scorecards::residual))
        .load(conn)?;
    let accepted = super::reviews::ratings(conn, scope, vendor)?;
    rows.iter()
        .map(|(id, rating, residual)| {
            let (assessment, residual) = (parsed(id)?, count(*residual));
            Ok(match accepted.iter().rev().find(|(reviewed, ..)| *reviewed == assessment) {
                Some((_, rating, residual)) => {
                    Rated { assessment, rating: *rating, residual: *residual, reviewed: true }
                }
                None => Rated { assessment, rating: parsed(rating)?, residual, reviewed: false },
            })
        })
        .collect()
}

/// Replies that were signed in these days, by the vendor's name, and how many there are.
///
/// # Errors
/// The database's.
pub fn signed_between(
    conn: &mut Db,
    scope: &Scope,
    (from, to): (NaiveDate, NaiveDate),
    limit: i64,
) -> Result<(Vec<(AssessmentId, String)>, u32), StoreError> {
    let of = practice(scope)?;
    let signed = assessments::table
        .inner_join(
            vendors::table
                .on(vendors::practice_id.eq(assessments::practice_id).and(vendors::id.eq(assessments::vendor_id))),
        )
        .filter(assessments::practice_id.eq(&of))
        .filter(assessments::accepted_on.between(from, to));
    let count: i64 = signed.count().get_result(conn)?;
    let rows: Vec<(String, String)> = signed
        .select((assessments::id, vendors::name))
        .order((vendors::name_key, assessments::id))
        .limit(limit)
        .load(conn)?;
    let replies = rows.into_iter().map(|(id, name)| Ok((parsed(&id)?, name))).collect::<Result<_, StoreError>>()?;
    Ok((replies, u32::try_from(count).unwrap_or(u32::MAX)))
}
