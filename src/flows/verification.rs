//! A yearly verification letter comes in: a document of the vendor like others.

use chrono::{DateTime, Utc};

use super::Office;
use super::documents::{self, AddError, Paper};
use super::receive::Opened;
use crate::domain::document::{Document, DocumentKind};
use crate::domain::entry::Actor;
use crate::domain::verification::MOST;
use crate::store::{self, Db, StoreError};

/// What became of a letter that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    New,
    /// The same file is on record already, and is the letter from now on; its new bytes may go.
    Known,
    /// The same file is on record as another paper of the practice's; its new bytes may go.
    Otherwise,
    /// As many as are kept are there; its bytes may go.
    Full,
}

/// The letters of the vendor that are on the practice's pages, the newest first.
///
/// # Errors
/// The database's.
pub fn on_file(conn: &mut Db, opened: &Opened) -> Result<Vec<Document>, StoreError> {
    let mut all = store::documents::of_vendor(conn, &opened.scope(), opened.assessment.vendor)?;
    all.retain(|one| one.kind == DocumentKind::Verification && one.removed_at.is_none());
    all.sort_by_key(|one| std::cmp::Reverse(one.added_at));
    Ok(all)
}

/// Keeps a letter whose bytes are stored.
///
/// # Errors
/// The database's; then the bytes stay, for the row may be there.
pub fn add(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    paper: Paper<'_>,
    now: DateTime<Utc>,
) -> Result<Sent, StoreError> {
    store::vendors::hold(conn, &opened.scope(), opened.assessment.vendor)?;
    if on_file(conn, opened)?.len() >= MOST {
        return Ok(Sent::Full);
    }
    let by = Actor::Respondent(opened.invitation.sent_to.clone());
    match documents::add(conn, office, &opened.practice, opened.assessment.vendor, paper, &by, now) {
        Ok(_) => Ok(Sent::New),
        Err(AddError::Already(one)) if one.removed_at.is_some() => {
            documents::restore(conn, office, &opened.practice, one.id, &by, now)?;
            documents::describe(conn, office, &opened.practice, one.id, paper.about, &by, now)?;
            Ok(Sent::Known)
        }
        // It was sent under an answer before.
        Err(AddError::Already(one)) if matches!(one.kind, DocumentKind::Evidence | DocumentKind::Verification) => {
            documents::describe(conn, office, &opened.practice, one.id, paper.about, &by, now)?;
            Ok(Sent::Known)
        }
        Err(AddError::Already(_)) => Ok(Sent::Otherwise),
        Err(AddError::Store(error)) => Err(error),
        Err(AddError::NoVendor) => Err(StoreError::Corrupt("an invitation without its vendor".to_owned())),
    }
}
