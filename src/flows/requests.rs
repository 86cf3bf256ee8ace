//! Requests of several practices to one mailbox. Read across practices, which is why it is
//! done only for a browser that has shown that mailbox, and never for a practice's staff.

use chrono::{DateTime, TimeDelta, Utc};

use super::Office;
use super::receive::{self, Opened, ReceiveError};
use crate::domain::answers::Answers;
use crate::domain::ids::{AssessmentId, InvitationId};
use crate::domain::questionnaire::Question;
use crate::store::invitations::Link;
use crate::store::{self, Db, StoreError};

/// No link works longer.
const LINKS_SINCE: TimeDelta = TimeDelta::days(400);

/// A mailbox counts as shown for so long: people leave companies, and their browsers remember.
pub const SHOWN_FOR: TimeDelta = TimeDelta::hours(24);

/// When this browser has shown the mailbox that was asked, if that was lately.
pub fn shown_lately(opened: &Opened, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let at = opened.browser.as_ref()?.verified_at?;
    (now - at < SHOWN_FOR && opened.invitation.part.is_none()).then_some(at)
}

/// The newest working link of each request of another practice to the same mailbox.
///
/// # Errors
/// The database's.
pub fn others(conn: &mut Db, opened: &Opened, now: DateTime<Utc>) -> Result<Vec<Link>, StoreError> {
    if shown_lately(opened, now).is_none() {
        return Ok(Vec::new());
    }
    let mut seen: Vec<AssessmentId> = Vec::new();
    let all = store::invitations::to_mailbox(conn, &opened.invitation.sent_to, now - LINKS_SINCE)?;
    Ok(all
        .into_iter()
        .filter(|link| link.practice.id != opened.practice.id)
        .filter(|link| link.practice.day(now) <= link.invitation.expires_on)
        .filter(|link| link.assessment.is_open() || link.assessment.accepted_on.is_some())
        .filter(|link| {
            let new = !seen.contains(&link.assessment.id);
            seen.push(link.assessment.id);
            new
        })
        .collect())
}

/// Opens one of them as Start does, in a browser that has shown the mailbox; gives the
/// cookie's value. `None` when it is none of theirs.
///
/// # Errors
/// What is the matter with the link.
pub fn open(
    conn: &mut Db,
    office: &Office,
    from: &Opened,
    id: InvitationId,
    now: DateTime<Utc>,
) -> Result<Option<(String, Opened)>, ReceiveError> {
    let Some(shown) = shown_lately(from, now) else { return Ok(None) };
    let Some(link) = others(conn, from, now)?.into_iter().find(|link| link.invitation.id == id) else {
        return Ok(None);
    };
    let opened = receive::opened(conn, link, None, now)?;
    let (cookie, opened) = receive::enter(conn, office, opened, Some(shown), now)?;
    let sentence = "opened the request in a browser that had shown this mailbox before";
    receive::note(conn, &opened, &opened.invitation.sent_to, sentence, now)?;
    Ok(Some((cookie, opened)))
}

/// How many questions apply, and how many of these are answered.
///
/// # Errors
/// The database's.
pub fn progress(conn: &mut Db, office: &Office, link: &Link) -> Result<(usize, usize), StoreError> {
    let scope = crate::domain::access::Scope::Practice(link.practice.id);
    let answers: Answers = store::answers::of(conn, &scope, link.assessment.id)?;
    let form = receive::pinned(office, &link.assessment)?;
    let asked: Vec<&Question> = receive::applicable(form, &link.assessment, &answers);
    Ok((asked.len(), asked.iter().filter(|question| answers.contains_key(&question.slug)).count()))
}
