//! Files come in under answers: sent by the vendor, used again, taken back. They are documents
//! of the vendor in the register from the start; after the signature nothing is added to the
//! reply nor taken from it, unless it is opened again and signed anew.

mod held;

use chrono::{DateTime, Utc};

use super::Office;
use super::documents::{self, AddError, Paper};
use super::receive::{self, Opened, ReceiveError};
use crate::domain::access::Scope;
use crate::domain::answers::support::{self, Files, MOST_FILES, Supporting};
use crate::domain::document::DocumentKind;
use crate::domain::entry::Actor;
use crate::domain::ids::DocumentId;
use crate::domain::questionnaire::Question;
use crate::store::{self, Db, StoreError};
pub(super) use held::apply;
pub use held::current;
use held::hold;

/// Why a file is not put under an answer, or not taken back.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    #[error("the reply has as many files as one may have")]
    Full,
    /// Not a file of this reply, nor one that may be used for it.
    #[error("there is no such file here")]
    NoSuchFile,
    #[error(transparent)]
    Receive(#[from] ReceiveError),
}

impl From<StoreError> for EvidenceError {
    fn from(error: StoreError) -> Self {
        EvidenceError::Receive(error.into())
    }
}

/// What became of a file that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Its bytes are kept as a document of the vendor.
    New,
    /// The same file was there already and is used: the new bytes may go.
    Known,
    /// It is under this very answer already: nothing is new.
    Again,
}

/// Puts a file whose bytes are stored under an answer. The same bytes are one file, whatever
/// their name: one that the practice has already is used as it is, one that was taken off is put
/// back with what is said of it now.
///
/// # Errors
/// Why not; the caller then discards the bytes, except when the database failed.
pub fn add(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    question: &Question,
    paper: Paper<'_>,
    now: DateTime<Utc>,
) -> Result<Sent, EvidenceError> {
    let mut held = hold(conn, opened)?;
    let (scope, files) = (held.scope, &held.files);
    let (practice, vendor, by) = (&opened.practice, opened.assessment.vendor, &actor(opened));
    let known = store::documents::same(conn, &scope, vendor, &paper.kept.sha256)?;
    let is_here = |id: DocumentId| files.values().flatten().any(|file| file.document == id);
    if support::count(files) >= MOST_FILES && !known.as_ref().is_some_and(|one| is_here(one.id)) {
        return Err(EvidenceError::Full);
    }
    let mut said = false;
    let (document, name, sent, outcome) = match known {
        None => {
            let added = documents::add(conn, office, practice, vendor, paper, by, now);
            (added.map_err(unadded)?, paper.kept.name.clone(), true, Sent::New)
        }
        Some(one) if one.removed_at.is_some() => {
            documents::restore(conn, office, practice, one.id, by, now)?;
            documents::describe(conn, office, practice, one.id, paper.about, by, now)?;
            (one.id, one.name, true, Sent::Known)
        }
        Some(one) => {
            // Sent once more to say until when it holds.
            if is_here(one.id) && one.kind == DocumentKind::Evidence && paper.about.ends_on.is_some() {
                documents::describe(conn, office, practice, one.id, paper.about, by, now)?;
                said = true;
            }
            (one.id, one.name, false, Sent::Known)
        }
    };
    let mut under = held.files.get(&question.slug).into_iter().flatten();
    let again = under.any(|file| file.document == document && !file.removed);
    held.put(conn, opened, question, document, &name, sent, now)?;
    Ok(if again && !said { Sent::Again } else { outcome })
}

/// Uses files again that were sent for another answer of this reply, or with an earlier reply
/// and are in date: `earlier` says whether those are offered to this browser.
///
/// # Errors
/// When one of them is none of those; nothing is written then.
pub fn reuse(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    question: &Question,
    chosen: &[DocumentId],
    earlier: bool,
    now: DateTime<Utc>,
) -> Result<(), EvidenceError> {
    let mut held = hold(conn, opened)?;
    let offered = offered(conn, &held.scope, opened, &held.files, earlier, now)?;
    let own = visible(office, opened, held.files.clone())?;
    let all = own.values().flatten().filter(|file| !file.removed).chain(&offered);
    let all: Vec<&Supporting> = all.collect();
    let mut found = Vec::new();
    for id in chosen {
        found.push(all.iter().find(|file| file.document == *id).ok_or(EvidenceError::NoSuchFile)?);
    }
    let new = offered.iter().filter(|file| chosen.contains(&file.document)).count();
    if support::count(&held.files) + new > MOST_FILES {
        return Err(EvidenceError::Full);
    }
    for file in found {
        held.put(conn, opened, question, file.document, &file.name, false, now)?;
    }
    Ok(())
}

/// Of the files of a reply, those under answers that whoever opened the link may see: a
/// colleague those of their own part.
///
/// # Errors
/// When this program does not hold the questionnaire.
pub fn visible(office: &Office, opened: &Opened, mut files: Files) -> Result<Files, StoreError> {
    if let Some(part) = &opened.invitation.part {
        let form = opened.questionnaire(office)?;
        files.retain(|slug, _| part.includes(form, slug));
    }
    Ok(files)
}

/// The files of earlier signed replies that are in date and not in this one yet.
///
/// # Errors
/// The database's.
pub fn offered(
    conn: &mut Db,
    scope: &Scope,
    opened: &Opened,
    files: &Files,
    earlier: bool,
    now: DateTime<Utc>,
) -> Result<Vec<Supporting>, StoreError> {
    // A colleague sees nothing of what was signed before.
    if !earlier || opened.assessment.cycle <= 1 || opened.invitation.part.is_some() {
        return Ok(Vec::new());
    }
    let today = opened.practice.day(now);
    let mut before = store::evidence::signed_before(conn, scope, opened.assessment.vendor)?;
    let is_here = |id: DocumentId| files.values().flatten().any(|file| file.document == id);
    before.retain(|file| file.in_date(today) && !is_here(file.document));
    Ok(before)
}

/// Takes a file from under an answer. The document itself goes off the practice's pages when it
/// was sent for this reply and no answer uses it any more; it stays until its retention date
/// like any other. Doing it twice does it once.
///
/// # Errors
/// When it is no file of this reply.
pub fn take_off(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    question: &Question,
    document: DocumentId,
    now: DateTime<Utc>,
) -> Result<(), EvidenceError> {
    let mut held = hold(conn, opened)?;
    let known = store::documents::one(conn, &held.scope, document)?;
    let known = known.filter(|one| one.vendor == opened.assessment.vendor).ok_or(EvidenceError::NoSuchFile)?;
    let Some(unused) = held.take_off(conn, opened, question, document)? else {
        // Of those of the reply, too: one that a correction takes off is there until it is signed.
        let signed = store::evidence::of(conn, &held.scope, opened.assessment.id)?;
        let here = held.files.values().chain(signed.values()).flatten().any(|file| file.document == document);
        return if known.removed_at.is_some() || here { Ok(()) } else { Err(EvidenceError::NoSuchFile) };
    };
    let sentence = format!("took the file “{}” from under the answer to “{}”", known.name, question.short);
    receive::note(conn, opened, &opened.invitation.sent_to, &sentence, now)?;
    if unused {
        documents::remove(conn, office, &opened.practice, document, &actor(opened), now)?;
    }
    Ok(())
}

/// Notes that a file was refused, and why.
///
/// # Errors
/// The database's.
pub fn refused(conn: &mut Db, opened: &Opened, name: &str, why: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let scope = opened.scope();
    let Some(vendor) = store::vendors::one(conn, &scope, opened.assessment.vendor)? else { return Ok(()) };
    documents::refused(conn, &scope, &vendor, name, why, &actor(opened), now)
}

fn actor(opened: &Opened) -> Actor {
    Actor::Respondent(opened.invitation.sent_to.clone())
}

fn unadded(error: AddError) -> EvidenceError {
    match error {
        AddError::Store(error) => error.into(),
        // Behind the vendor's lock nobody else added it, or took the vendor away.
        AddError::NoVendor | AddError::Already(_) => EvidenceError::NoSuchFile,
    }
}
