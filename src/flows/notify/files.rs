//! Files come with a change notice. Until it is signed they are part of what one browser writes,
//! and in no register; the signature files them as documents of the vendor.

use chrono::{DateTime, Utc};

use super::{resume, whose};
use crate::domain::access::Scope;
use crate::domain::document::About;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{NoticeId, VendorId};
use crate::domain::notice::enclosed::{Enclosed, MOST_FILES, MOST_WAITING};
use crate::domain::practice::Practice;
use crate::flows::Office;
use crate::flows::documents::{self, AddError, Kept, Paper};
use crate::flows::evidence::Sent;
use crate::flows::receive::ReceiveError;
use crate::store::{self, Db, StoreError};

/// Why a file is not put to a notice.
#[derive(Debug, thiserror::Error)]
pub enum EncloseError {
    #[error("the notice has as many files as one may have")]
    Full,
    /// Of all notices together that were begun for this vendor.
    #[error("too many files wait for a signature")]
    TooManyWait,
    #[error(transparent)]
    Receive(#[from] ReceiveError),
}

impl From<StoreError> for EncloseError {
    fn from(error: StoreError) -> Self {
        EncloseError::Receive(error.into())
    }
}

/// Puts a file whose bytes are stored to the notice that this browser writes. The same bytes sent
/// once more say anew what they are.
///
/// # Errors
/// Why not; the caller then discards the bytes, except when the database failed.
pub fn enclose(conn: &mut Db, cookie: &str, paper: Paper<'_>, now: DateTime<Utc>) -> Result<Sent, EncloseError> {
    let (scope, vendor, notice) = writing(conn, cookie, now)?;
    let Paper { kept, about } = paper;
    let files = store::notice_files::of(conn, &scope, notice)?;
    if files.iter().any(|one| one.sha256 == kept.sha256) {
        store::notice_files::describe(conn, &scope, notice, &kept.sha256, (about.kind, about.ends_on))?;
        return Ok(Sent::Known);
    }
    if files.len() >= MOST_FILES {
        return Err(EncloseError::Full);
    }
    if store::notice_files::waiting(conn, &scope, vendor)? >= MOST_WAITING {
        return Err(EncloseError::TooManyWait);
    }
    let file = Enclosed {
        kind: about.kind,
        ends_on: about.ends_on,
        name: kept.name.clone(),
        file_type: kept.file_type,
        size: kept.size,
        sha256: kept.sha256.clone(),
        place: kept.place.clone(),
        scan: kept.scan,
        document: None,
    };
    store::notice_files::add(conn, &scope, notice, &file, now)?;
    Ok(Sent::New)
}

/// Takes a file off again, and says where its bytes are: nobody needs them any more.
///
/// # Errors
/// [`ReceiveError::AlreadySigned`] when it was signed meanwhile.
pub fn take_off(conn: &mut Db, cookie: &str, sha256: &str, now: DateTime<Utc>) -> Result<Option<String>, ReceiveError> {
    let (scope, _, notice) = writing(conn, cookie, now)?;
    Ok(store::notice_files::remove(conn, &scope, notice, sha256)?)
}

/// The files of the notice in this browser, signed or not.
///
/// # Errors
/// What is the matter with the link.
pub fn of(conn: &mut Db, cookie: &str, now: DateTime<Utc>) -> Result<Vec<Enclosed>, ReceiveError> {
    let held = resume(conn, cookie, now)?;
    Ok(store::notice_files::of(conn, &Scope::Practice(held.practice.id), held.draft.id)?)
}

/// Notes that a file was refused, and why. Its name stays where it was typed, like all of a notice
/// that is not signed.
///
/// # Errors
/// What is the matter with the link.
pub fn refused(conn: &mut Db, cookie: &str, why: &str, now: DateTime<Utc>) -> Result<(), ReceiveError> {
    let held = resume(conn, cookie, now)?;
    let by = &Actor::Respondent(held.vendor_name.clone());
    let sentence = format!("was refused a file for a change notice of {}: {why}", held.vendor_name);
    let deed = Deed { by, act: Act::Refused, vendor: Some(held.draft.vendor), sentence };
    Ok(store::entries::write(conn, &Scope::Practice(held.practice.id), &deed, now)?)
}

/// A notice that is being written, behind the lock of its vendor.
fn writing(conn: &mut Db, cookie: &str, now: DateTime<Utc>) -> Result<(Scope, VendorId, NoticeId), ReceiveError> {
    let (scope, vendor) = whose(conn, cookie, now)?;
    store::vendors::hold(conn, &scope, vendor)?;
    let held = resume(conn, cookie, now)?;
    match held.signed {
        None => Ok((scope, vendor, held.draft.id)),
        Some(_) => Err(ReceiveError::AlreadySigned),
    }
}

/// The files of a notice that is being signed become documents of the vendor. The same bytes are
/// one document: one that is there is used, one that was taken off is put back.
///
/// # Errors
/// The database's.
pub(super) fn file(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    (notice, reference): (NoticeId, &str),
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let scope = Scope::Practice(practice.id);
    for one in store::notice_files::of(conn, &scope, notice)? {
        let note = format!("Came with the change notice {reference}");
        let about = About { kind: one.kind, note, ends_on: one.ends_on };
        let document = match store::documents::same(conn, &scope, vendor, &one.sha256)? {
            Some(known) => {
                if known.removed_at.is_some() {
                    documents::restore(conn, office, practice, known.id, by, now)?;
                    documents::describe(conn, office, practice, known.id, &about, by, now)?;
                }
                known.id
            }
            None => {
                let kept = kept(&one);
                let paper = Paper { kept: &kept, about: &about };
                documents::add(conn, office, practice, vendor, paper, by, now).map_err(unadded)?
            }
        };
        store::notice_files::file(conn, &scope, notice, &one.sha256, document)?;
    }
    Ok(())
}

fn kept(one: &Enclosed) -> Kept {
    Kept {
        name: one.name.clone(),
        file_type: one.file_type,
        size: one.size,
        sha256: one.sha256.clone(),
        place: one.place.clone(),
        scan: one.scan,
        camera_details: false,
    }
}

fn unadded(error: AddError) -> StoreError {
    match error {
        AddError::Store(error) => error,
        // Behind the vendor's lock nobody else added it, or took the vendor away.
        AddError::NoVendor | AddError::Already(_) => {
            StoreError::Corrupt("a file of a notice that cannot be filed".to_owned())
        }
    }
}
