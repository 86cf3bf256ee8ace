//! What the vendor does about an action, from its own pages: files that show it done, and a reply
//! in words. Neither closes it.

use chrono::{DateTime, Utc};

use crate::domain::access::Scope;
use crate::domain::action::{Action, ActionState, MOST_FILES, Said, Word};
use crate::domain::entry::Actor;
use crate::domain::ids::{ActionId, DocumentId};
use crate::flows::documents::{self, AddError, Paper};
use crate::flows::evidence::Sent;
use crate::flows::receive::Opened;
use crate::flows::{Office, judge};
use crate::store::{self, Db, StoreError};

/// Why a reply or a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ReplyError {
    /// None of this vendor's, or none that it was written to about.
    #[error("there is no such action")]
    NoSuch,
    /// The practice has decided about it.
    #[error("it is closed")]
    Closed,
    /// It went with a reply that was sent.
    #[error("the file stays with the reply it was sent with")]
    Stays,
    #[error("it has as many files as one may have")]
    Full,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The actions that whoever opened the link may see: those the vendor was written to about. A
/// colleague sees none.
///
/// # Errors
/// The database's.
pub fn shown(conn: &mut Db, opened: &Opened) -> Result<Vec<Action>, StoreError> {
    if opened.invitation.part.is_some() {
        return Ok(Vec::new());
    }
    let mut all = store::actions::of_vendor(conn, &opened.scope(), opened.assessment.vendor)?;
    all.retain(Action::is_shown_to_vendor);
    Ok(all)
}

/// The action behind the lock of its vendor, until a person has decided about it.
fn held(conn: &mut Db, opened: &Opened, id: ActionId) -> Result<Action, ReplyError> {
    let scope = opened.scope();
    store::vendors::hold(conn, &scope, opened.assessment.vendor)?.ok_or(ReplyError::NoSuch)?;
    let one = shown(conn, opened)?.into_iter().find(|one| one.id == id).ok_or(ReplyError::NoSuch)?;
    if one.state.hears_vendor() { Ok(one) } else { Err(ReplyError::Closed) }
}

fn actor(opened: &Opened) -> Actor {
    Actor::Respondent(opened.invitation.sent_to.clone())
}

/// Puts a file whose bytes are stored under an action. The same bytes are one document of the
/// vendor, whatever their name.
///
/// # Errors
/// Why not; the caller then discards the bytes, except when the database failed.
pub fn attach(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    id: ActionId,
    paper: Paper<'_>,
    now: DateTime<Utc>,
) -> Result<Sent, ReplyError> {
    let one = held(conn, opened, id)?;
    let (scope, practice, by): (Scope, _, &Actor) = (opened.scope(), &opened.practice, &actor(opened));
    let files = store::actions::files(conn, &scope, &[id])?.remove(&id).unwrap_or_default();
    if files.len() >= MOST_FILES {
        return Err(ReplyError::Full);
    }
    let known = store::documents::same(conn, &scope, one.vendor, &paper.kept.sha256)?;
    let (document, name, outcome) = match known {
        None => {
            let added = documents::add(conn, office, practice, one.vendor, paper, by, now).map_err(unadded)?;
            (added, paper.kept.name.clone(), Sent::New)
        }
        Some(known) => {
            if known.removed_at.is_some() {
                documents::restore(conn, office, practice, known.id, by, now)?;
            }
            (known.id, known.name, Sent::Known)
        }
    };
    if !store::actions::attach(conn, &scope, id, document, now)? {
        return Ok(Sent::Again);
    }
    let sentence = format!("sent the file “{name}” for what is to be put right, “{}”", one.short);
    super::note(conn, &scope, one.vendor, by, sentence, now)?;
    Ok(outcome)
}

fn unadded(error: AddError) -> ReplyError {
    match error {
        AddError::Store(error) => error.into(),
        // Behind the vendor's lock nobody else added it, or took the vendor away.
        AddError::NoVendor | AddError::Already(_) => ReplyError::NoSuch,
    }
}

/// Takes a file from under an action, while the reply that it goes with is not sent. The document
/// goes off the practice's pages where it came for this alone. Doing it twice does it once.
///
/// # Errors
/// Why not.
pub fn take_off(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    id: ActionId,
    document: DocumentId,
    now: DateTime<Utc>,
) -> Result<(), ReplyError> {
    let one = held(conn, opened, id)?;
    let (scope, by) = (opened.scope(), actor(opened));
    let files = store::actions::files(conn, &scope, &[id])?.remove(&id).unwrap_or_default();
    let Some(file) = files.into_iter().find(|file| file.document == document) else { return Ok(()) };
    let words = store::actions::words(conn, &scope, &[id])?.remove(&id).unwrap_or_default();
    if !file.may_be_taken_off(one.state, &words) {
        return Err(ReplyError::Stays);
    }
    store::actions::detach(conn, &scope, id, document)?;
    let sentence = format!("took the file “{}” back, sent for what is to be put right, “{}”", file.name, one.short);
    super::note(conn, &scope, one.vendor, &by, sentence, now)?;
    // Its bytes came with it, and nothing else has them.
    let came_for_it = store::documents::one(conn, &scope, document)?.is_some_and(|one| one.added_at == file.added_at);
    if came_for_it
        && !store::actions::is_attached(conn, &scope, document)?
        && !store::evidence::is_used(conn, &scope, document)?
    {
        documents::remove(conn, office, &opened.practice, document, &by, now)?;
    }
    Ok(())
}

/// Takes the vendor's reply: it waits to be verified from now on. The same reply sent twice is
/// one; another one, sent before a person decided, stands beside the first.
///
/// # Errors
/// Why not.
pub fn reply(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    id: ActionId,
    text: &str,
    now: DateTime<Utc>,
) -> Result<(), ReplyError> {
    let mut one = held(conn, opened, id)?;
    let (scope, by) = (opened.scope(), actor(opened));
    let before = store::actions::words(conn, &scope, &[id])?.remove(&id).unwrap_or_default();
    if before.last().is_some_and(|last| last.what == Said::Replied && last.text == text) {
        return Ok(());
    }
    one.state = ActionState::Answered;
    if !store::actions::save(conn, &scope, &one)? {
        return Err(ReplyError::Closed);
    }
    let word = Word { at: now, what: Said::Replied, name: by.name().to_owned(), text: text.to_owned() };
    store::actions::say(conn, &scope, id, &word)?;
    let sentence = format!("replied about what is to be put right, “{}”", one.short);
    super::note(conn, &scope, one.vendor, &by, sentence, now)?;
    judge::judge(conn, office, &opened.practice, one.vendor, now)?;
    Ok(())
}
