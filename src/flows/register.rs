//! Adds a vendor or changes what is written about it.

use chrono::{DateTime, Utc};

use super::{Office, judge};
use crate::domain::access::Scope;
use crate::domain::ids::VendorId;
use crate::domain::practice::Practice;
use crate::domain::standing::{self, Record, Vendor};
use crate::domain::vendor::VendorDetails;
use crate::store::{self, Db, StoreError};

/// Adds a vendor and judges it.
///
/// # Errors
/// [`StoreError::Duplicate`] when there is one of that name or number.
pub fn add(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    details: &VendorDetails,
    now: DateTime<Utc>,
) -> Result<VendorId, StoreError> {
    let scope = Scope::Practice(practice.id);
    let today = practice.day(now);
    let unjudged = standing::judge(
        &Record {
            ba_status: details.ba_status,
            exposure: &details.exposure,
            added_on: today,
            has_address: details.contact_email.is_some(),
            agreement: None,
            open: None,
            last: None,
            before: None,
            questionnaire: office.catalogue.current(),
        },
        today,
    );
    let vendor = Vendor { id: VendorId::fresh(), added_at: now, details: details.clone(), standing: unjudged.standing };
    store::vendors::add(conn, &scope, &vendor, now)?;
    judge::judge(conn, office, practice, &vendor, today)?;
    Ok(vendor.id)
}

/// Writes a vendor's details anew and judges it.
///
/// # Errors
/// [`StoreError::Duplicate`] when another vendor has that name or number.
pub fn change(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: VendorId,
    details: &VendorDetails,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let scope = Scope::Practice(practice.id);
    store::vendors::update(conn, &scope, id, details, now)?;
    judge::judge_by_id(conn, office, practice, id, practice.day(now))?;
    Ok(())
}
