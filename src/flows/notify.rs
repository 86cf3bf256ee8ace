//! A vendor tells of a change: by its standing link or from its questionnaire's pages, page by
//! page in one browser, until it is signed. Then flags are raised and the practice is written
//! to. Staff make and end the link, and say that they have read a notice.

mod copy;
pub mod files;
mod send;
mod staff;
pub mod tidy;

pub use copy::{pdf, taken};
pub use send::{Sent, receipt_of, send};
pub use staff::{LinkStep, acknowledge, link};

use chrono::{DateTime, TimeDelta, Utc};

use super::Office;
use super::receive::{Opened, ReceiveError};
use crate::domain::access::Scope;
use crate::domain::answers::{Answer, Answers};
use crate::domain::ids::{InvitationId, NoticeId, NoticeLinkId, VendorId};
use crate::domain::notice;
use crate::domain::practice::Practice;
use crate::domain::questionnaire::Questionnaire;
use crate::secrets;
use crate::store::notices::{Draft, Held};
use crate::store::{self, Db, StoreError};

/// A notice that was begun and never sent waits so long for its browser.
const DRAFT_LASTS: TimeDelta = TimeDelta::days(notice::DRAFT_DAYS);

/// Where a notice may be begun: for which vendor, and by which link.
#[derive(Clone, Debug)]
pub struct Door {
    pub practice: Practice,
    pub vendor: VendorId,
    pub vendor_name: String,
    link: Option<NoticeLinkId>,
    invitation: Option<InvitationId>,
}

impl Door {
    /// From the pages of a questionnaire.
    pub fn beside(opened: &Opened) -> Self {
        Self {
            practice: opened.practice.clone(),
            vendor: opened.assessment.vendor,
            vendor_name: opened.vendor_name.clone(),
            link: None,
            invitation: Some(opened.invitation.id),
        }
    }

    /// For another notice of the same vendor.
    pub fn again(held: &Held) -> Self {
        Self {
            practice: held.practice.clone(),
            vendor: held.draft.vendor,
            vendor_name: held.vendor_name.clone(),
            link: held.draft.link,
            invitation: held.draft.invitation,
        }
    }
}

/// Looks a vendor's standing link up. Reads only.
///
/// # Errors
/// What is the matter with the link.
pub fn open(conn: &mut Db, token: &str) -> Result<Door, ReceiveError> {
    let found = store::notice_links::by_token(conn, &secrets::digest(token))?;
    let (link, practice, vendor_name) = found.ok_or(ReceiveError::UnknownLink)?;
    if let Some(at) = link.revoked_at {
        return Err(ReceiveError::Revoked { on: practice.day(at), practice: Box::new(practice) });
    }
    Ok(Door { practice, vendor: link.vendor, vendor_name, link: Some(link.id), invitation: None })
}

/// The form that is filled in today.
///
/// # Errors
/// When none is built in.
pub fn current(office: &Office) -> Result<&Questionnaire, StoreError> {
    let missing = || StoreError::Corrupt("no change notice is built in".to_owned());
    office.catalogue.find(notice::QUESTIONNAIRE).ok_or_else(missing)
}

/// The form that a notice was begun with, to the byte.
///
/// # Errors
/// When this program does not hold that version.
pub fn pinned<'a>(office: &'a Office, name: &str, digest: &str) -> Result<&'a Questionnaire, StoreError> {
    let found = office.catalogue.find(name).filter(|found| found.digest == digest);
    found.ok_or_else(|| StoreError::Corrupt(format!("the form {name} is not the one that was filled in")))
}

/// Begins an empty notice in a new browser and gives the cookie's value. A browser that writes
/// one for this vendor already goes on with it; no other browser ever sees what was typed.
///
/// # Errors
/// The database's.
pub fn begin(
    conn: &mut Db,
    office: &Office,
    door: &Door,
    known: Option<&str>,
    now: DateTime<Utc>,
) -> Result<String, ReceiveError> {
    let scope = Scope::Practice(door.practice.id);
    let before = known.map(|cookie| resume(conn, cookie, now)).transpose();
    if let (Some(cookie), Ok(Some(held))) = (known, before)
        && held.signed.is_none()
        && held.practice.id == door.practice.id
        && held.draft.vendor == door.vendor
    {
        return Ok(cookie.to_owned());
    }
    let (cookie, form) = (secrets::token(), current(office)?);
    let draft = Draft {
        id: NoticeId::fresh(),
        vendor: door.vendor,
        link: door.link,
        invitation: door.invitation,
        questionnaire: form.name(),
        digest: form.digest.clone(),
        answers: Answers::new(),
        begun_at: now,
    };
    store::notices::begin(conn, &scope, &draft, &secrets::digest(&cookie))?;
    Ok(cookie)
}

/// What a browser holds, if the link it came by still works.
///
/// # Errors
/// What is the matter with the link.
pub fn resume(conn: &mut Db, cookie: &str, now: DateTime<Utc>) -> Result<Held, ReceiveError> {
    let held = store::notices::by_browser(conn, &secrets::digest(cookie))?.ok_or(ReceiveError::UnknownLink)?;
    let scope = Scope::Practice(held.practice.id);
    let revoked = |on| ReceiveError::Revoked { on, practice: Box::new(held.practice.clone()) };
    if let Some(link) = held.draft.link
        && let Some(at) = store::notice_links::revoked_at(conn, &scope, link)?
    {
        return Err(revoked(held.practice.day(at)));
    }
    if let Some(invitation) = held.draft.invitation
        && store::invitations::standing(conn, &scope, invitation)?.is_none_or(|link| link.revoked)
    {
        return Err(revoked(held.practice.day(now)));
    }
    if held.signed.is_none() && now - held.draft.begun_at > DRAFT_LASTS {
        return Err(ReceiveError::UnknownLink);
    }
    Ok(held)
}

/// Saves one page; gives all answers as they are now.
///
/// # Errors
/// [`ReceiveError::AlreadySigned`] when it was signed meanwhile.
pub fn save(
    conn: &mut Db,
    cookie: &str,
    page: &[(String, Option<Answer>)],
    now: DateTime<Utc>,
) -> Result<Answers, ReceiveError> {
    let (scope, vendor) = whose(conn, cookie, now)?;
    // Two windows of one browser write one row, one after the other.
    store::vendors::hold(conn, &scope, vendor)?;
    let Held { draft, .. } = resume(conn, cookie, now)?;
    let mut answers = draft.answers;
    for (slug, answer) in page {
        match answer {
            Some(answer) => drop(answers.insert(slug.clone(), answer.clone())),
            None => drop(answers.remove(slug)),
        }
    }
    match store::notices::save(conn, &scope, draft.id, &answers)? {
        true => Ok(answers),
        false => Err(ReceiveError::AlreadySigned),
    }
}

fn whose(conn: &mut Db, cookie: &str, now: DateTime<Utc>) -> Result<(Scope, VendorId), ReceiveError> {
    let held = resume(conn, cookie, now)?;
    Ok((Scope::Practice(held.practice.id), held.draft.vendor))
}
