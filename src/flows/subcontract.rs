//! Puts a vendor under another, takes it out, and notes where it works; whoever is above is
//! judged anew.

use super::life::Asked;
use super::{Office, decide, judge, register};
use crate::domain::access::Scope;
use crate::domain::entry::Act;
use crate::domain::ids::VendorId;
use crate::domain::practice::Practice;
use crate::domain::standing::Vendor;
use crate::domain::subcontractors::MoveFault;
use crate::domain::vendor::{BaStatus, VendorDetails};
use crate::store::{self, Db, StoreError};

/// Why a vendor is not moved; nothing is written then.
#[derive(Debug, thiserror::Error)]
pub enum SubError {
    #[error("there is no such vendor")]
    NoVendor,
    #[error("it is in the archive")]
    Archived,
    #[error(transparent)]
    Fault(#[from] MoveFault),
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn usable(conn: &mut Db, scope: &Scope, id: VendorId) -> Result<Vendor, SubError> {
    let vendor = store::vendors::one(conn, scope, id)?.ok_or(SubError::NoVendor)?;
    if vendor.place.is_archived() { Err(SubError::Archived) } else { Ok(vendor) }
}

/// Puts a vendor under another, wherever it was before. One of which nobody has decided yet
/// what it is becomes a subcontractor.
///
/// Whoever changes the tree of a practice waits for the one before: two moves that are each
/// fine could make a loop together.
///
/// # Errors
/// Why not.
pub fn put_under(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    asked: Asked<'_>,
    under: VendorId,
) -> Result<(), SubError> {
    let scope = Scope::Practice(practice.id);
    store::tree::queue(conn, &scope)?;
    store::tree::hold(conn, &scope, &[asked.vendor, under])?;
    let (mut vendor, parent) = (usable(conn, &scope, asked.vendor)?, usable(conn, &scope, under)?);
    let before = vendor.place.parent;
    if before == Some(under) {
        return Ok(());
    }
    store::tree::whole(conn, &scope)?.check(vendor.id, under)?;
    store::place::set_parent(conn, &scope, vendor.id, Some(under), asked.now)?;
    let mut said = format!("put {} under {} as a subcontractor", vendor.details.name, parent.details.name);
    if vendor.details.ba_status == BaStatus::Undetermined {
        let reason = format!("It was put under {}", parent.details.name);
        said.push_str(&set_status(conn, practice, asked, &mut vendor, BaStatus::Subcontractor, &reason)?);
    }
    // Judging it judges those that it works for now.
    for id in before.into_iter().chain([vendor.id]) {
        judge::judge(conn, office, practice, id, asked.now)?;
    }
    Ok(asked.note(conn, &scope, Act::Changed, said)?)
}

/// Takes a vendor out from under the one that it works for.
///
/// # Errors
/// Why not.
pub fn take_out(conn: &mut Db, office: &Office, practice: &Practice, asked: Asked<'_>) -> Result<(), SubError> {
    let scope = Scope::Practice(practice.id);
    store::tree::queue(conn, &scope)?;
    store::tree::hold(conn, &scope, &[asked.vendor])?;
    let mut vendor = store::vendors::one(conn, &scope, asked.vendor)?.ok_or(SubError::NoVendor)?;
    let Some(parent) = vendor.place.parent else { return Ok(()) };
    store::place::set_parent(conn, &scope, vendor.id, None, asked.now)?;
    let name = store::vendors::one(conn, &scope, parent)?.map(|parent| parent.details.name).unwrap_or_default();
    let mut said = format!("took {} out from under {name}", vendor.details.name);
    // Whoever signed with it signs no more: until somebody decides, we have to.
    if vendor.details.ba_status == BaStatus::Subcontractor {
        let reason = format!("It no longer works for {name}");
        said.push_str(&set_status(conn, practice, asked, &mut vendor, BaStatus::Undetermined, &reason)?);
    }
    for id in [parent, vendor.id] {
        judge::judge(conn, office, practice, id, asked.now)?;
    }
    Ok(asked.note(conn, &scope, Act::Changed, said)?)
}

/// Sets whether the vendor is a business associate, as its place in the tree says, with the
/// reason; gives what the history adds.
fn set_status(
    conn: &mut Db,
    practice: &Practice,
    asked: Asked<'_>,
    vendor: &mut Vendor,
    status: BaStatus,
    reason: &str,
) -> Result<String, StoreError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(asked.now));
    vendor.details.ba_status = status;
    store::vendors::update(conn, &scope, vendor.id, &vendor.details, asked.now)?;
    decide::note_chosen(conn, &scope, vendor.id, status, reason, asked.by, today)?;
    Ok(format!(", and noted whether it is a business associate: {}", status.says()))
}

/// Adds a new vendor as a subcontractor of `asked.vendor`.
///
/// # Errors
/// [`StoreError::Duplicate`] when there is one of that name, and why it cannot be put there.
pub fn add_under(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    asked: Asked<'_>,
    details: &VendorDetails,
    country: &str,
) -> Result<VendorId, SubError> {
    let scope = Scope::Practice(practice.id);
    store::tree::queue(conn, &scope)?;
    store::tree::hold(conn, &scope, &[asked.vendor])?;
    usable(conn, &scope, asked.vendor)?;
    if store::vendors::is_named(conn, &scope, &details.name)? {
        return Err(StoreError::Duplicate.into());
    }
    let id = register::add(conn, office, practice, details, asked.by, asked.now)?;
    store::place::set_country(conn, &scope, id, country, asked.now)?;
    put_under(conn, office, practice, Asked { vendor: id, ..asked }, asked.vendor)?;
    Ok(id)
}

/// Notes where a vendor works; empty is not known.
///
/// # Errors
/// Why not.
pub fn set_country(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    asked: Asked<'_>,
    country: &str,
) -> Result<(), SubError> {
    let scope = Scope::Practice(practice.id);
    let vendor = store::vendors::hold(conn, &scope, asked.vendor)?.ok_or(SubError::NoVendor)?;
    if vendor.place.country == country {
        return Ok(());
    }
    store::place::set_country(conn, &scope, vendor.id, country, asked.now)?;
    judge::judge(conn, office, practice, vendor.id, asked.now)?;
    let said = if country.is_empty() { "not known" } else { country };
    let sentence = format!("noted where {} works: {said}", vendor.details.name);
    Ok(asked.note(conn, &scope, Act::Changed, sentence)?)
}
