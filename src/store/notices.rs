//! Change notices: those that a browser is writing, and those that were signed.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::schema::{notice_files, notices, practices, vendors};
use super::{Db, StoreError, from_json, parsed, practice, stored, to_json};
use crate::domain::access::Scope;
use crate::domain::answers::Answers;
use crate::domain::assessment::{Assurance, Attestation};
use crate::domain::ids::{InvitationId, NoticeId, NoticeLinkId, VendorId};
use crate::domain::notice::{Acknowledged, ChangeNotice};
use crate::domain::practice::Practice;

/// A notice that somebody is writing, or has just signed, in one browser.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub id: NoticeId,
    pub vendor: VendorId,
    /// How the browser came: by the vendor's standing link, or by an invitation's.
    pub link: Option<NoticeLinkId>,
    pub invitation: Option<InvitationId>,
    /// The form's full name, and its digest.
    pub questionnaire: String,
    pub digest: String,
    pub answers: Answers,
    pub begun_at: DateTime<Utc>,
}

#[derive(Queryable)]
struct Row {
    id: String,
    vendor_id: String,
    link_id: Option<String>,
    invitation_id: Option<String>,
    questionnaire: String,
    digest: String,
    answers: String,
    begun_at: NaiveDateTime,
    signed: SignedRow,
    acknowledged: AcknowledgedRow,
}

/// Whole or not at all.
type SignedRow = (
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<NaiveDateTime>,
    Option<NaiveDate>,
    Option<String>,
    Option<String>,
);
type AcknowledgedRow = (Option<NaiveDate>, Option<String>, Option<String>);

macro_rules! columns {
    () => {
        (
            notices::id,
            notices::vendor_id,
            notices::link_id,
            notices::invitation_id,
            notices::questionnaire,
            notices::digest,
            notices::answers,
            notices::begun_at,
            (
                notices::reference,
                notices::name,
                notices::title,
                notices::email,
                notices::statement,
                notices::signed_at,
                notices::signed_on,
                notices::snapshot,
                notices::sha256,
            ),
            (notices::acknowledged_on, notices::acknowledged_by, notices::acknowledged_note),
        )
    };
}

fn signed(row: SignedRow) -> Option<(Attestation, NaiveDate)> {
    let (reference, name, title, email, statement, signed_at, signed_on, snapshot, sha256) = row;
    let signed = Attestation {
        reference: reference?,
        name: name?,
        title: title?,
        email: email?,
        statement: statement?,
        signed_at: signed_at?.and_utc(),
        snapshot: snapshot?,
        sha256: sha256?,
        // Notices are signed by whoever has the link.
        assurance: Assurance::Link,
    };
    Some((signed, signed_on?))
}

fn value(row: Row) -> Result<(Draft, Option<ChangeNotice>), StoreError> {
    let draft = Draft {
        id: parsed(&row.id)?,
        vendor: parsed(&row.vendor_id)?,
        link: row.link_id.as_deref().map(parsed).transpose()?,
        invitation: row.invitation_id.as_deref().map(parsed).transpose()?,
        questionnaire: row.questionnaire,
        digest: row.digest,
        answers: from_json(&row.answers)?,
        begun_at: row.begun_at.and_utc(),
    };
    let acknowledged = match row.acknowledged {
        (Some(on), Some(by), note) => Some(Acknowledged { on, by, note: note.unwrap_or_default() }),
        _ => None,
    };
    let notice = signed(row.signed).map(|(signed, told_on)| ChangeNotice {
        id: draft.id,
        vendor: draft.vendor,
        questionnaire: draft.questionnaire.clone(),
        digest: draft.digest.clone(),
        answers: draft.answers.clone(),
        signed,
        told_on,
        acknowledged,
    });
    Ok((draft, notice))
}

/// Begins a notice in the browser whose cookie has this hash.
///
/// # Errors
/// The database's.
pub fn begin(conn: &mut Db, scope: &Scope, new: &Draft, browser_hash: &str) -> Result<(), StoreError> {
    diesel::insert_into(notices::table)
        .values((
            notices::practice_id.eq(practice(scope)?),
            notices::id.eq(new.id.to_string()),
            notices::vendor_id.eq(new.vendor.to_string()),
            notices::browser_hash.eq(browser_hash),
            notices::link_id.eq(new.link.map(|id| id.to_string())),
            notices::invitation_id.eq(new.invitation.map(|id| id.to_string())),
            notices::questionnaire.eq(&new.questionnaire),
            notices::digest.eq(&new.digest),
            notices::answers.eq(to_json(&new.answers)?),
            notices::begun_at.eq(stored(new.begun_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// What a browser is writing, or has signed.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    pub draft: Draft,
    pub signed: Option<ChangeNotice>,
    pub practice: Practice,
    pub vendor_name: String,
}

/// What the browser with this cookie holds. The cookie names the practice, so no scope is
/// asked for.
///
/// # Errors
/// The database's.
pub fn by_browser(conn: &mut Db, browser_hash: &str) -> Result<Option<Held>, StoreError> {
    let row: Option<(Row, super::practices::Row, String)> = notices::table
        .inner_join(practices::table.on(practices::id.eq(notices::practice_id)))
        .inner_join(
            vendors::table.on(vendors::practice_id.eq(notices::practice_id).and(vendors::id.eq(notices::vendor_id))),
        )
        .filter(notices::browser_hash.eq(browser_hash))
        .select((columns!(), super::practices::COLUMNS, vendors::name))
        .get_result(conn)
        .optional()?;
    row.map(|(row, practice, vendor_name)| {
        let (draft, signed) = value(row)?;
        Ok(Held { draft, signed, practice: super::practices::value(practice)?, vendor_name })
    })
    .transpose()
}

/// Saves what was filled in; false when it was signed meanwhile, and nothing is written then.
///
/// # Errors
/// The database's.
pub fn save(conn: &mut Db, scope: &Scope, id: NoticeId, answers: &Answers) -> Result<bool, StoreError> {
    let saved = diesel::update(
        notices::table
            .filter(notices::practice_id.eq(practice(scope)?))
            .filter(notices::id.eq(id.to_string()))
            .filter(notices::signed_at.is_null()),
    )
    .set(notices::answers.eq(to_json(answers)?))
    .execute(conn)?;
    Ok(saved == 1)
}

/// Freezes a notice with its signature; false when it is signed already.
///
/// # Errors
/// The database's.
pub fn sign(conn: &mut Db, scope: &Scope, notice: &ChangeNotice) -> Result<bool, StoreError> {
    let signed = &notice.signed;
    let frozen = diesel::update(
        notices::table
            .filter(notices::practice_id.eq(practice(scope)?))
            .filter(notices::id.eq(notice.id.to_string()))
            .filter(notices::signed_at.is_null()),
    )
    .set((
        notices::answers.eq(to_json(&notice.answers)?),
        notices::reference.eq(Some(&signed.reference)),
        notices::name.eq(Some(&signed.name)),
        notices::title.eq(Some(&signed.title)),
        notices::email.eq(Some(&signed.email)),
        notices::statement.eq(Some(&signed.statement)),
        notices::signed_at.eq(Some(stored(signed.signed_at))),
        notices::signed_on.eq(Some(notice.told_on)),
        notices::snapshot.eq(Some(&signed.snapshot)),
        notices::sha256.eq(Some(&signed.sha256)),
    ))
    .execute(conn)?;
    Ok(frozen == 1)
}

/// The signed notices of a vendor, the newest first.
///
/// # Errors
/// The database's.
pub fn of_vendor(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<ChangeNotice>, StoreError> {
    let rows: Vec<Row> = notices::table
        .filter(notices::practice_id.eq(practice(scope)?))
        .filter(notices::vendor_id.eq(vendor.to_string()))
        .filter(notices::signed_at.is_not_null())
        .order((notices::signed_at.desc(), notices::id.desc()))
        .select(columns!())
        .load(conn)?;
    rows.into_iter().filter_map(|row| value(row).map(|(_, notice)| notice).transpose()).collect()
}

/// One signed notice.
///
/// # Errors
/// The database's.
pub fn one(conn: &mut Db, scope: &Scope, id: NoticeId) -> Result<Option<ChangeNotice>, StoreError> {
    let row: Option<Row> = notices::table
        .filter(notices::practice_id.eq(practice(scope)?))
        .filter(notices::id.eq(id.to_string()))
        .select(columns!())
        .get_result(conn)
        .optional()?;
    Ok(row.map(value).transpose()?.and_then(|(_, notice)| notice))
}

/// Notes who acknowledged it; false when somebody had.
///
/// # Errors
/// The database's.
pub fn acknowledge(conn: &mut Db, scope: &Scope, id: NoticeId, read: &Acknowledged) -> Result<bool, StoreError> {
    let noted = diesel::update(
        notices::table
            .filter(notices::practice_id.eq(practice(scope)?))
            .filter(notices::id.eq(id.to_string()))
            .filter(notices::signed_at.is_not_null())
            .filter(notices::acknowledged_on.is_null()),
    )
    .set((
        notices::acknowledged_on.eq(Some(read.on)),
        notices::acknowledged_by.eq(Some(&read.by)),
        notices::acknowledged_note.eq(Some(&read.note)),
    ))
    .execute(conn)?;
    Ok(noted == 1)
}

/// Forgets a notice that was begun before `before` and never signed, with its files; false when
/// it is none.
///
/// # Errors
/// The database's.
pub fn forget(conn: &mut Db, scope: &Scope, id: NoticeId, before: DateTime<Utc>) -> Result<bool, StoreError> {
    let the_one = || {
        Ok::<_, StoreError>(
            notices::table
                .filter(notices::practice_id.eq(practice(scope)?))
                .filter(notices::id.eq(id.to_string()))
                .filter(notices::signed_at.is_null())
                .filter(notices::begun_at.lt(stored(before))),
        )
    };
    let there: i64 = the_one()?.count().get_result(conn)?;
    if there == 0 {
        return Ok(false);
    }
    diesel::delete(
        notice_files::table
            .filter(notice_files::practice_id.eq(practice(scope)?))
            .filter(notice_files::notice_id.eq(id.to_string())),
    )
    .execute(conn)?;
    Ok(diesel::delete(the_one()?).execute(conn)? == 1)
}
