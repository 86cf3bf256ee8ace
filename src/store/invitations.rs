//! Invitations: the links that open an assessment, and the browsers that used one.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::schema::{assessments, invitations, practices, respondents, vendors};
use super::{Db, StoreError, from_json, parsed, practice, stored, to_json};
use crate::domain::access::Scope;
use crate::domain::assessment::{Assessment, AssessmentState};
use crate::domain::cadence::Cadence;
use crate::domain::colleague::Part;
use crate::domain::ids::{AssessmentId, InvitationId, PracticeId};
use crate::domain::practice::Practice;

/// One link, without its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub practice: PracticeId,
    pub id: InvitationId,
    pub assessment: AssessmentId,
    /// As printed in the letter: `K7QM-2RXA`.
    pub code: String,
    pub sent_to: String,
    pub made_at: DateTime<Utc>,
    /// The last day on which it works.
    pub expires_on: NaiveDate,
    pub revoked_at: Option<DateTime<Utc>>,
    /// What a colleague answers; `None` for whoever was asked by the practice.
    pub part: Option<Part>,
}

/// A link with what it opens, read at one go: every page of a respondent begins with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub invitation: Invitation,
    pub practice: Practice,
    pub assessment: Assessment,
    pub vendor_name: String,
    /// The vendor's own cadence, where it has one.
    pub vendor_cadence: Option<Cadence>,
}

type Row = (String, String, String, String, String, NaiveDateTime, NaiveDate, Option<NaiveDateTime>, Option<String>);

macro_rules! columns {
    () => {
        (
            invitations::practice_id,
            invitations::id,
            invitations::assessment_id,
            invitations::code,
            invitations::sent_to,
            invitations::made_at,
            invitations::expires_on,
            invitations::revoked_at,
            invitations::part,
        )
    };
}

fn value(
    (practice, id, assessment, code, sent_to, made_at, expires_on, revoked_at, part): Row,
) -> Result<Invitation, StoreError> {
    Ok(Invitation {
        practice: parsed(&practice)?,
        id: parsed(&id)?,
        assessment: parsed(&assessment)?,
        code,
        sent_to,
        made_at: made_at.and_utc(),
        expires_on,
        revoked_at: revoked_at.map(|at| at.and_utc()),
        part: part.as_deref().map(from_json).transpose()?,
    })
}

/// An address as it is looked for, whoever wrote it with which letters.
pub fn mailbox(address: &str) -> String {
    address.to_lowercase()
}

/// Keeps a new invitation by the SHA-256 of its token.
pub fn add(conn: &mut Db, scope: &Scope, new: &Invitation, token_hash: &str) -> Result<(), StoreError> {
    diesel::insert_into(invitations::table)
        .values((
            invitations::practice_id.eq(practice(scope)?),
            invitations::id.eq(new.id.to_string()),
            invitations::assessment_id.eq(new.assessment.to_string()),
            invitations::token_hash.eq(token_hash),
            invitations::code.eq(&new.code),
            invitations::sent_to.eq(&new.sent_to),
            invitations::made_at.eq(stored(new.made_at)),
            invitations::expires_on.eq(new.expires_on),
            invitations::mailbox.eq(mailbox(&new.sent_to)),
            invitations::part.eq(new.part.as_ref().map(to_json).transpose()?),
        ))
        .execute(conn)?;
    Ok(())
}

type LinkRow = (Row, super::practices::Row, super::assessments::Row, String, Option<i32>);

fn link((invitation, practice, assessment, vendor_name, cadence): LinkRow) -> Result<Link, StoreError> {
    Ok(Link {
        invitation: value(invitation)?,
        practice: super::practices::value(practice)?,
        assessment: super::assessments::value(assessment)?,
        vendor_name,
        vendor_cadence: super::vendors::cadence(cadence)?,
    })
}

macro_rules! link_columns {
    () => {
        (columns!(), super::practices::COLUMNS, assessments::all_columns, vendors::name, vendors::cadence)
    };
}

/// Joins what an invitation opens; a macro, because its diesel type has no name worth writing.
macro_rules! with_what_it_opens {
    ($invitations:expr) => {
        $invitations
            .inner_join(practices::table.on(practices::id.eq(invitations::practice_id)))
            .inner_join(
                assessments::table.on(assessments::practice_id
                    .eq(invitations::practice_id)
                    .and(assessments::id.eq(invitations::assessment_id))),
            )
            .inner_join(
                vendors::table
                    .on(vendors::practice_id.eq(invitations::practice_id).and(vendors::id.eq(assessments::vendor_id))),
            )
    };
}

/// What a link opens. The token names the practice, so no scope is asked for.
pub fn by_token(conn: &mut Db, token_hash: &str) -> Result<Option<Link>, StoreError> {
    let row: Option<LinkRow> = with_what_it_opens!(invitations::table)
        .select(link_columns!())
        .filter(invitations::token_hash.eq(token_hash))
        .get_result(conn)
        .optional()?;
    row.map(link).transpose()
}

/// What a letter's short code stands for.
pub fn by_code(conn: &mut Db, code: &str) -> Result<Option<Link>, StoreError> {
    let row: Option<LinkRow> = with_what_it_opens!(invitations::table)
        .select(link_columns!())
        .filter(invitations::code.eq(code))
        .get_result(conn)
        .optional()?;
    row.map(link).transpose()
}

/// What a letter that carries a link has to know before it leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// SHA-256 of the token that opens it.
    pub token_hash: String,
    pub revoked: bool,
    pub assessment: AssessmentId,
    pub state: AssessmentState,
}

/// How a link stands now; `None` when there is none of that id.
pub fn standing(conn: &mut Db, scope: &Scope, id: InvitationId) -> Result<Option<Standing>, StoreError> {
    let row: Option<(String, Option<NaiveDateTime>, String, String)> = invitations::table
        .inner_join(assessments::table.on(
            assessments::practice_id.eq(invitations::practice_id).and(assessments::id.eq(invitations::assessment_id)),
        ))
        .filter(invitations::practice_id.eq(practice(scope)?))
        .filter(invitations::id.eq(id.to_string()))
        .select((invitations::token_hash, invitations::revoked_at, assessments::id, assessments::state))
        .get_result(conn)
        .optional()?;
    row.map(|(token_hash, revoked_at, assessment, state)| {
        let revoked = revoked_at.is_some();
        Ok(Standing { token_hash, revoked, assessment: parsed(&assessment)?, state: parsed(&state)? })
    })
    .transpose()
}

/// The newest invitation of an assessment that the practice sent.
pub fn latest(conn: &mut Db, scope: &Scope, assessment: AssessmentId) -> Result<Option<Invitation>, StoreError> {
    let row: Option<Row> = invitations::table
        .filter(invitations::practice_id.eq(practice(scope)?))
        .filter(invitations::assessment_id.eq(assessment.to_string()))
        .filter(invitations::part.is_null())
        .order((invitations::made_at.desc(), invitations::id.desc()))
        .select(columns!())
        .first(conn)
        .optional()?;
    row.map(value).transpose()
}

/// Ends every link of an assessment, and every browser that used one.
pub fn revoke_all(
    conn: &mut Db,
    scope: &Scope,
    assessment: AssessmentId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::update(
        invitations::table
            .filter(invitations::practice_id.eq(practice(scope)?))
            .filter(invitations::assessment_id.eq(assessment.to_string()))
            .filter(invitations::revoked_at.is_null()),
    )
    .set(invitations::revoked_at.eq(Some(stored(now))))
    .execute(conn)?;
    Ok(())
}

/// Ends the links of whoever was asked, and leaves those of the colleagues.
pub fn revoke_own(
    conn: &mut Db,
    scope: &Scope,
    assessment: AssessmentId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::update(
        invitations::table
            .filter(invitations::practice_id.eq(practice(scope)?))
            .filter(invitations::assessment_id.eq(assessment.to_string()))
            .filter(invitations::part.is_null())
            .filter(invitations::revoked_at.is_null()),
    )
    .set(invitations::revoked_at.eq(Some(stored(now))))
    .execute(conn)?;
    Ok(())
}

/// Lets the links of an assessment that work `today` work until `day` at least.
pub fn keep_until(
    conn: &mut Db,
    scope: &Scope,
    assessment: AssessmentId,
    today: NaiveDate,
    day: NaiveDate,
) -> Result<(), StoreError> {
    diesel::update(
        invitations::table
            .filter(invitations::practice_id.eq(practice(scope)?))
            .filter(invitations::assessment_id.eq(assessment.to_string()))
            .filter(invitations::revoked_at.is_null())
            .filter(invitations::expires_on.ge(today))
            .filter(invitations::expires_on.lt(day)),
    )
    .set(invitations::expires_on.eq(day))
    .execute(conn)?;
    Ok(())
}

/// Lets one link work until `day`.
pub fn set_expires(conn: &mut Db, scope: &Scope, id: InvitationId, day: NaiveDate) -> Result<(), StoreError> {
    diesel::update(
        invitations::table
            .filter(invitations::practice_id.eq(practice(scope)?))
            .filter(invitations::id.eq(id.to_string())),
    )
    .set(invitations::expires_on.eq(day))
    .execute(conn)?;
    Ok(())
}

/// Remembers a browser in which Start was pressed; `verified_at` is when it has shown the
/// mailbox before.
pub fn add_respondent(
    conn: &mut Db,
    token_hash: &str,
    of: &Invitation,
    verified_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(respondents::table)
        .values((
            respondents::token_hash.eq(token_hash),
            respondents::practice_id.eq(of.practice.to_string()),
            respondents::invitation_id.eq(of.id.to_string()),
            respondents::started_at.eq(stored(now)),
            respondents::verified_at.eq(verified_at.map(stored)),
        ))
        .execute(conn)?;
    Ok(())
}

/// What a browser opens, and when it has shown a mailed code.
pub type Resumed = (Link, Option<DateTime<Utc>>);

/// What a respondent's cookie opens, and when that browser has shown a mailed code.
pub fn by_respondent(conn: &mut Db, token_hash: &str) -> Result<Option<Resumed>, StoreError> {
    let joined = with_what_it_opens!(respondents::table.inner_join(invitations::table.on(
        invitations::practice_id.eq(respondents::practice_id).and(invitations::id.eq(respondents::invitation_id)),
    )));
    let row: Option<(LinkRow, Option<NaiveDateTime>)> = joined
        .filter(respondents::token_hash.eq(token_hash))
        .select((link_columns!(), respondents::verified_at))
        .get_result(conn)
        .optional()?;
    row.map(|(row, verified_at)| Ok((link(row)?, verified_at.map(|at| at.and_utc())))).transpose()
}

/// The links of colleagues, ended ones too, the oldest first.
///
/// # Errors
/// The database's.
pub fn colleagues(conn: &mut Db, scope: &Scope, assessment: AssessmentId) -> Result<Vec<Invitation>, StoreError> {
    let rows: Vec<Row> = invitations::table
        .filter(invitations::practice_id.eq(practice(scope)?))
        .filter(invitations::assessment_id.eq(assessment.to_string()))
        .filter(invitations::part.is_not_null())
        .order((invitations::made_at, invitations::id))
        .select(columns!())
        .load(conn)?;
    rows.into_iter().map(value).collect()
}

/// Ends one link; false when it had ended before.
///
/// # Errors
/// The database's.
pub fn revoke(conn: &mut Db, scope: &Scope, id: InvitationId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let ended = diesel::update(
        invitations::table
            .filter(invitations::practice_id.eq(practice(scope)?))
            .filter(invitations::id.eq(id.to_string()))
            .filter(invitations::revoked_at.is_null()),
    )
    .set(invitations::revoked_at.eq(Some(stored(now))))
    .execute(conn)?;
    Ok(ended == 1)
}

/// Every request to one mailbox by a link that was made since then and not withdrawn, of
/// whichever practice, the newest first. Only for a browser that has shown that mailbox.
///
/// # Errors
/// The database's.
pub fn to_mailbox(conn: &mut Db, address: &str, since: DateTime<Utc>) -> Result<Vec<Link>, StoreError> {
    let rows: Vec<LinkRow> = with_what_it_opens!(invitations::table)
        .select(link_columns!())
        .filter(invitations::mailbox.eq(mailbox(address)))
        .filter(invitations::part.is_null())
        .filter(invitations::revoked_at.is_null())
        .filter(invitations::made_at.ge(stored(since)))
        .order((invitations::made_at.desc(), invitations::id.desc()))
        .load(conn)?;
    rows.into_iter().map(link).collect()
}
