//! Documents of a vendor: a file comes in, is described, given out, removed and put back.
//!
//! A file comes in by two steps. [`keep`](keep::keep) looks into it, has it scanned and stores
//! its bytes; [`add`] then writes its row in the caller's transaction. Bytes first: a row
//! never points at nothing, and bytes that no row points at are swept up by
//! [`tidy`](tidy::tidy).

pub mod keep;
pub mod tidy;

use chrono::{DateTime, Utc};

pub use self::keep::{KeepError, Kept, Sent};
use super::{Office, judge};
use crate::domain::access::Scope;
use crate::domain::civil_date;
use crate::domain::document::{self, About, Document};
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{DocumentId, VendorId};
use crate::domain::practice::Practice;
use crate::domain::retention::retain_until;
use crate::domain::standing::Vendor;
use crate::store::{self, Db, StoreError};

/// Why a document is not added.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    #[error("there is no such vendor")]
    NoVendor,
    /// The same bytes are there already; perhaps removed.
    #[error("the same file is there already")]
    Already(Box<Document>),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A file whose bytes are stored, and what a person says about it.
#[derive(Clone, Copy, Debug)]
pub struct Paper<'a> {
    pub kept: &'a Kept,
    pub about: &'a About,
}

/// Adds a file whose bytes are stored to a vendor's documents, in the caller's transaction.
/// When it is refused, the caller discards the bytes with
/// [`Files::remove`](crate::files::Files::remove); when the database fails it leaves them, for
/// the row may be there.
///
/// # Errors
/// When there is no such vendor in the practice, or the same bytes are there already.
pub fn add(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    Paper { kept, about }: Paper<'_>,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<DocumentId, AddError> {
    let scope = Scope::Practice(practice.id);
    let vendor = store::vendors::hold(conn, &scope, vendor)?.ok_or(AddError::NoVendor)?;
    if let Some(already) = store::documents::same(conn, &scope, vendor.id, &kept.sha256)? {
        return Err(AddError::Already(Box::new(already)));
    }
    let document = Document {
        id: DocumentId::fresh(),
        vendor: vendor.id,
        kind: about.kind,
        name: kept.name.clone(),
        file_type: kept.file_type,
        size: kept.size,
        sha256: kept.sha256.clone(),
        place: kept.place.clone(),
        scan: kept.scan,
        note: about.note.clone(),
        ends_on: about.ends_on,
        added_by: by.name().to_owned(),
        added_at: now,
        removed_at: None,
    };
    store::documents::add(conn, &scope, &document)?;
    let until = document.ends_on.map(|day| format!(", which ends on {}", civil_date::say(day))).unwrap_or_default();
    let did = format!("added the {} “{}”{until}", about.kind.called(), document.name);
    note(conn, &scope, by, &vendor, &format!("{did} to"), now)?;
    judge::judge(conn, office, practice, vendor.id, now)?;
    Ok(document.id)
}

/// Writes what a person says about a document anew; `None` when there is none.
///
/// # Errors
/// The database's.
pub fn describe(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: DocumentId,
    about: &About,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Option<VendorId>, StoreError> {
    let scope = Scope::Practice(practice.id);
    let Some((vendor, before)) = hold(conn, &scope, id)? else { return Ok(None) };
    let known = About { kind: before.kind, note: before.note.clone(), ends_on: before.ends_on };
    if known == *about {
        return Ok(Some(vendor.id));
    }
    store::documents::describe(conn, &scope, id, about)?;
    let did = format!("changed {} of the document “{}” of", what_changed(&known, about), before.name);
    note(conn, &scope, by, &vendor, &did, now)?;
    judge::judge(conn, office, practice, vendor.id, now)?;
    Ok(Some(vendor.id))
}

fn what_changed(before: &About, after: &About) -> String {
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(|| "none".to_owned(), civil_date::say);
    let mut changed = Vec::new();
    if before.kind != after.kind {
        changed.push(format!("the kind (to {})", after.kind.called()));
    }
    if before.ends_on != after.ends_on {
        changed.push(format!("the end date (from {} to {})", day(before.ends_on), day(after.ends_on)));
    }
    if before.note != after.note {
        changed.push("the note".to_owned());
    }
    changed.join(", ")
}

/// Takes a document off the pages. Its bytes and its row stay until its retention date
/// (45 CFR 164.316(b)(2)(i)). Doing it twice does it once. `None` when there is none.
///
/// # Errors
/// The database's.
pub fn remove(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: DocumentId,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Option<VendorId>, StoreError> {
    let scope = Scope::Practice(practice.id);
    let Some((vendor, document)) = hold(conn, &scope, id)? else { return Ok(None) };
    if document.removed_at.is_none() {
        store::documents::set_removed(conn, &scope, id, Some(now))?;
        let until = retain_until(practice.day(document.added_at), document.ends_on);
        let did = format!("took the document “{}”, kept until {}, off", document.name, civil_date::say(until));
        note(conn, &scope, by, &vendor, &did, now)?;
        judge::judge(conn, office, practice, vendor.id, now)?;
    }
    Ok(Some(vendor.id))
}

/// Puts a removed document back on the pages.
///
/// # Errors
/// The database's.
pub fn restore(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: DocumentId,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Option<VendorId>, StoreError> {
    let scope = Scope::Practice(practice.id);
    let Some((vendor, document)) = hold(conn, &scope, id)? else { return Ok(None) };
    if document.removed_at.is_some() {
        store::documents::set_removed(conn, &scope, id, None)?;
        note(conn, &scope, by, &vendor, &format!("put the document “{}” back to", document.name), now)?;
        judge::judge(conn, office, practice, vendor.id, now)?;
    }
    Ok(Some(vendor.id))
}

/// Notes that a document was given out.
///
/// # Errors
/// The database's.
pub fn given_out(
    conn: &mut Db,
    scope: &Scope,
    document: &Document,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(vendor) = store::vendors::one(conn, scope, document.vendor)? else { return Ok(()) };
    let sentence = format!("downloaded the document “{}” of {}", document.name, vendor.details.name);
    store::entries::write(conn, scope, &Deed { by, act: Act::Exported, vendor: Some(vendor.id), sentence }, now)
}

/// Notes that a file was refused, and why.
///
/// # Errors
/// The database's.
pub fn refused(
    conn: &mut Db,
    scope: &Scope,
    vendor: &Vendor,
    file_name: &str,
    why: &str,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let name = document::name::tame(file_name);
    let sentence = format!("was refused the file “{name}” for {}: {why}", vendor.details.name);
    store::entries::write(conn, scope, &Deed { by, act: Act::Refused, vendor: Some(vendor.id), sentence }, now)
}

/// A document with its vendor, which is held.
fn hold(conn: &mut Db, scope: &Scope, id: DocumentId) -> Result<Option<(Vendor, Document)>, StoreError> {
    let Some(document) = store::documents::one(conn, scope, id)? else { return Ok(None) };
    let Some(vendor) = store::vendors::hold(conn, scope, document.vendor)? else { return Ok(None) };
    // As it is now that nobody else can change it.
    Ok(store::documents::one(conn, scope, id)?.map(|document| (vendor, document)))
}

fn note(
    conn: &mut Db,
    scope: &Scope,
    by: &Actor,
    vendor: &Vendor,
    did: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let sentence = format!("{did} {}", vendor.details.name);
    store::entries::write(conn, scope, &Deed { by, act: Act::Filed, vendor: Some(vendor.id), sentence }, now)
}
