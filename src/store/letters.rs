//! The outbox. A letter is written in the transaction of what it announces, claimed by
//! compare-and-swap, sent, and marked.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::schema::{invitations, letters};
use super::{Db, StoreError, count, parsed, per_backend, practice, stored};
use crate::domain::access::Scope;
use crate::domain::ids::{AssessmentId, InvitationId, LetterId, PracticeId, VendorId};
use crate::domain::letter::{HANDED_OVER, LEASE, Letter, LetterKind, LetterState};

#[derive(Queryable)]
struct Row {
    practice_id: String,
    id: String,
    once: String,
    kind: String,
    vendor_id: Option<String>,
    invitation_id: Option<String>,
    to_name: String,
    to_address: String,
    from_name: String,
    reply_to: Option<String>,
    subject: String,
    text_body: String,
    html_body: String,
    message_id: String,
    state: String,
    attempts: i32,
    written_at: NaiveDateTime,
    _try_at: NaiveDateTime,
    _claimed_until: Option<NaiveDateTime>,
    sent_at: Option<NaiveDateTime>,
    reason: Option<String>,
}

fn value(row: Row) -> Result<Letter, StoreError> {
    Ok(Letter {
        practice: parsed(&row.practice_id)?,
        id: parsed(&row.id)?,
        once: row.once,
        kind: parsed(&row.kind)?,
        vendor: row.vendor_id.as_deref().map(parsed).transpose()?,
        invitation: row.invitation_id.as_deref().map(parsed).transpose()?,
        to_name: row.to_name,
        to_address: row.to_address,
        from_name: row.from_name,
        reply_to: row.reply_to,
        subject: row.subject,
        text: row.text_body,
        html: row.html_body,
        message_id: row.message_id,
        state: parsed(&row.state)?,
        attempts: count(row.attempts),
        written_at: row.written_at.and_utc(),
        sent_at: row.sent_at.map(|at| at.and_utc()),
        reason: row.reason,
    })
}

/// Writes a letter; false when one with the same `once` was written before.
pub fn write(conn: &mut Db, new: &Letter) -> Result<bool, StoreError> {
    let row = (
        letters::practice_id.eq(new.practice.to_string()),
        letters::id.eq(new.id.to_string()),
        letters::once.eq(&new.once),
        letters::kind.eq(new.kind.key()),
        letters::vendor_id.eq(new.vendor.map(|id| id.to_string())),
        letters::invitation_id.eq(new.invitation.map(|id| id.to_string())),
        (
            letters::to_name.eq(&new.to_name),
            letters::to_address.eq(&new.to_address),
            letters::from_name.eq(&new.from_name),
            letters::reply_to.eq(&new.reply_to),
            letters::subject.eq(&new.subject),
            letters::text_body.eq(&new.text),
            letters::html_body.eq(&new.html),
            letters::message_id.eq(&new.message_id),
        ),
        (
            letters::state.eq(new.state.key()),
            letters::attempts.eq(0),
            letters::written_at.eq(stored(new.written_at)),
            letters::try_at.eq(stored(new.written_at)),
        ),
    );
    let written =
        per_backend!(conn, c => diesel::insert_into(letters::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(written == 1)
}

/// The letters of a practice, the newest first.
pub fn list(
    conn: &mut Db,
    scope: &Scope,
    state: Option<LetterState>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Letter>, StoreError> {
    let mut query = letters::table.filter(letters::practice_id.eq(practice(scope)?)).into_boxed();
    if let Some(state) = state {
        query = query.filter(letters::state.eq(state.key()));
    }
    let rows: Vec<Row> =
        query.order((letters::written_at.desc(), letters::id.desc())).limit(limit).offset(offset).load(conn)?;
    rows.into_iter().map(value).collect()
}

pub fn total(conn: &mut Db, scope: &Scope, state: Option<LetterState>) -> Result<u32, StoreError> {
    let mut query = letters::table.filter(letters::practice_id.eq(practice(scope)?)).count().into_boxed();
    if let Some(state) = state {
        query = query.filter(letters::state.eq(state.key()));
    }
    let found: i64 = query.get_result(conn)?;
    Ok(u32::try_from(found).unwrap_or(u32::MAX))
}

pub fn one(conn: &mut Db, scope: &Scope, id: LetterId) -> Result<Option<Letter>, StoreError> {
    let row: Option<Row> = letters::table
        .filter(letters::practice_id.eq(practice(scope)?))
        .filter(letters::id.eq(id.to_string()))
        .get_result(conn)
        .optional()?;
    row.map(value).transpose()
}

/// The newest letter that asked this vendor for answers.
pub fn newest_to(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Option<Letter>, StoreError> {
    use LetterKind as K;
    let asks = [K::Invitation, K::Reminder, K::Returned, K::Rechecked].map(|kind| kind.key());
    let row: Option<Row> = letters::table
        .filter(letters::practice_id.eq(practice(scope)?))
        .filter(letters::vendor_id.eq(vendor.to_string()))
        .filter(letters::kind.eq_any(asks))
        .order((letters::written_at.desc(), letters::id.desc()))
        .first(conn)
        .optional()?;
    row.map(value).transpose()
}

/// The letter that keeps something from happening twice.
pub fn by_once(conn: &mut Db, scope: &Scope, once: &str) -> Result<Option<Letter>, StoreError> {
    let row: Option<Row> = letters::table
        .filter(letters::practice_id.eq(practice(scope)?))
        .filter(letters::once.eq(once))
        .get_result(conn)
        .optional()?;
    row.map(value).transpose()
}

/// The letters of one kind that carry a link, the newest first.
pub fn with_link(
    conn: &mut Db,
    scope: &Scope,
    link: InvitationId,
    kind: LetterKind,
) -> Result<Vec<Letter>, StoreError> {
    let rows: Vec<Row> = letters::table
        .filter(letters::practice_id.eq(practice(scope)?))
        .filter(letters::invitation_id.eq(link.to_string()))
        .filter(letters::kind.eq(kind.key()))
        .order((letters::written_at.desc(), letters::id.desc()))
        .load(conn)?;
    rows.into_iter().map(value).collect()
}

/// Which of the letters with these keys were written already.
pub fn written(conn: &mut Db, scope: &Scope, once: &[String]) -> Result<BTreeSet<String>, StoreError> {
    let rows: Vec<String> = letters::table
        .filter(letters::practice_id.eq(practice(scope)?))
        .filter(letters::once.eq_any(once))
        .select(letters::once)
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The states of letters that were not handed over yet. A letter that was, and of which
/// nothing more is known, is uncertain, and taken up by nobody.
const IN_HAND: [&str; 3] = [LetterState::Waiting.key(), LetterState::Deferred.key(), LetterState::Claimed.key()];

/// Letters that may be taken at `now`, the oldest first, of every practice.
pub fn to_send(conn: &mut Db, now: DateTime<Utc>, limit: i64) -> Result<Vec<(PracticeId, LetterId)>, StoreError> {
    let rows: Vec<(String, String)> = letters::table
        .filter(letters::try_at.le(stored(now)))
        .filter(letters::state.eq_any(IN_HAND))
        .filter(letters::claimed_until.is_null().or(letters::claimed_until.lt(stored(now))))
        .order((letters::try_at, letters::id))
        .select((letters::practice_id, letters::id))
        .limit(limit)
        .load(conn)?;
    rows.iter().map(|(practice, id)| Ok((parsed(practice)?, parsed(id)?))).collect()
}

/// Takes a letter for sending; `None` when another worker has it or it is done.
///
/// The guard stands in the UPDATE itself: of two workers, one changes a row.
pub fn claim(conn: &mut Db, of: PracticeId, id: LetterId, now: DateTime<Utc>) -> Result<Option<Letter>, StoreError> {
    let taken = diesel::update(
        letters::table
            .filter(letters::practice_id.eq(of.to_string()))
            .filter(letters::id.eq(id.to_string()))
            .filter(letters::state.eq_any(IN_HAND))
            .filter(letters::claimed_until.is_null().or(letters::claimed_until.lt(stored(now)))),
    )
    .set((
        letters::state.eq(LetterState::Claimed.key()),
        letters::claimed_until.eq(Some(stored(now + LEASE))),
        letters::attempts.eq(letters::attempts + 1),
    ))
    .execute(conn)?;
    if taken == 0 { Ok(None) } else { one(conn, &Scope::Practice(of), id) }
}

/// Notes that a letter is about to be handed over; false when the claim was lost meanwhile.
/// Written before the first byte leaves: whatever stops this program then, the letter is
/// shown as uncertain and never sent a second time by itself.
pub fn hand_over(conn: &mut Db, letter: &Letter) -> Result<bool, StoreError> {
    let noted = diesel::update(
        letters::table
            .filter(letters::practice_id.eq(letter.practice.to_string()))
            .filter(letters::id.eq(letter.id.to_string()))
            .filter(letters::state.eq(LetterState::Claimed.key()))
            .filter(letters::attempts.eq(super::stored_count(letter.attempts))),
    )
    .set((
        letters::state.eq(LetterState::Uncertain.key()),
        letters::claimed_until.eq(None::<NaiveDateTime>),
        letters::reason.eq(Some(HANDED_OVER)),
    ))
    .execute(conn)?;
    Ok(noted == 1)
}

/// Holds back every letter of an assessment, and says so in `reason`; false, and none is
/// held back, when one has left or is on its way.
pub fn hold_back(conn: &mut Db, scope: &Scope, assessment: AssessmentId, reason: &str) -> Result<bool, StoreError> {
    let of = practice(scope)?;
    let resting = [LetterState::Waiting.key(), LetterState::Deferred.key()];
    let links = || {
        invitations::table
            .filter(invitations::practice_id.eq(of.clone()))
            .filter(invitations::assessment_id.eq(assessment.to_string()))
            .select(invitations::id.nullable())
    };
    let gone = |conn: &mut Db| -> Result<bool, StoreError> {
        let left: i64 = letters::table
            .filter(letters::practice_id.eq(of.clone()))
            .filter(letters::invitation_id.eq_any(links()))
            .filter(letters::state.ne_all(resting))
            .filter(letters::reason.is_null().or(letters::reason.ne(reason)))
            .count()
            .get_result(conn)?;
        Ok(left > 0)
    };
    if gone(conn)? {
        return Ok(false);
    }
    // The guard stands in the UPDATE itself: a letter that is claimed meanwhile is not held.
    diesel::update(
        letters::table
            .filter(letters::practice_id.eq(of.clone()))
            .filter(letters::invitation_id.eq_any(links()))
            .filter(letters::state.eq_any(resting)),
    )
    .set((
        letters::state.eq(LetterState::Failed.key()),
        letters::claimed_until.eq(None::<NaiveDateTime>),
        letters::reason.eq(Some(reason)),
    ))
    .execute(conn)?;
    Ok(!gone(conn)?)
}

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    Deferred { until: DateTime<Utc>, reason: String },
    Failed { reason: String },
    Uncertain { reason: String },
}

/// Writes what came of a try, unless the claim was lost meanwhile.
pub fn finish(conn: &mut Db, letter: &Letter, outcome: &Outcome, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mine = letters::table
        .filter(letters::practice_id.eq(letter.practice.to_string()))
        .filter(letters::id.eq(letter.id.to_string()))
        .filter(letters::state.eq_any([LetterState::Claimed.key(), LetterState::Uncertain.key()]))
        .filter(letters::attempts.eq(super::stored_count(letter.attempts)));
    let (state, try_at, sent_at, reason) = match outcome {
        Outcome::Sent => (LetterState::Sent, now, Some(stored(now)), None),
        Outcome::Deferred { until, reason } => (LetterState::Deferred, *until, None, Some(reason)),
        Outcome::Failed { reason } => (LetterState::Failed, now, None, Some(reason)),
        Outcome::Uncertain { reason } => (LetterState::Uncertain, now, None, Some(reason)),
    };
    diesel::update(mine)
        .set((
            letters::state.eq(state.key()),
            letters::try_at.eq(stored(try_at)),
            letters::claimed_until.eq(None::<NaiveDateTime>),
            letters::sent_at.eq(sent_at),
            letters::reason.eq(reason),
        ))
        .execute(conn)?;
    Ok(())
}
