//! Adds a vendor or changes what is written about it.

use chrono::{DateTime, Utc};

use super::{Office, correct, decide, invite, judge};
use crate::domain::access::Scope;
use crate::domain::agreement::Agreement;
use crate::domain::contact::{Address, Contact};
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::VendorId;
use crate::domain::letter::LetterKind;
use crate::domain::life::{Life, Place};
use crate::domain::practice::Practice;
use crate::domain::standing::{self, Record, Vendor};
use crate::domain::vendor::VendorDetails;
use crate::domain::vendor_changes;
use crate::store::{self, Db, StoreError};

/// Adds a vendor and judges it. One that names no owner gets the practice's default.
///
/// # Errors
/// [`StoreError::Duplicate`] when there is one of that name or number.
pub fn add(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    details: &VendorDetails,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<VendorId, StoreError> {
    let scope = Scope::Practice(practice.id);
    let today = practice.day(now);
    let owned = VendorDetails { owner: practice.settings.default_owner.clone(), ..details.clone() };
    let details = if details.owner.is_empty() { &owned } else { details };
    let id = VendorId::fresh();
    let agreement = Agreement::noted(id, details.agreement_signed_on, details.agreement_ends_on, now);
    // Nothing else is on record yet, so that nothing need be read.
    let judgement = standing::judge(
        &Record {
            ba_status: details.ba_status,
            exposure: &details.exposure,
            life: Life::Active,
            archived: false,
            ending: None,
            below: &[],
            added_on: today,
            has_address: details.contact_email.is_some(),
            preferred: None,
            decided: None,
            tier_decided: None,
            evidence: None,
            notices: &[],
            flags: &[],
            handovers: &[],
            signer: None,
            correction: None,
            actions: &[],
            incidents: &[],
            agreements: agreement.as_slice(),
            open: None,
            given_up: None,
            undelivered: None,
            last: None,
            changes: &[],
            exceptions: &[],
            documents: &[],
            questionnaire: office.catalogue.current(),
            cadence: None,
            settings: &practice.settings,
        },
        today,
    );
    let place = Place::default();
    let standing = judgement.standing;
    let vendor = Vendor { id, added_at: now, details: details.clone(), place, cadence: None, standing };
    store::vendors::add(conn, &scope, &vendor, now)?;
    let sentence = format!("added the vendor {}", details.name);
    store::entries::write(conn, &scope, &Deed { by, act: Act::Added, vendor: Some(vendor.id), sentence }, now)?;
    judge::raise_first(conn, &scope, &vendor, &judgement.facts, now, today)?;
    Ok(vendor.id)
}

/// What else a change of a vendor brought about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consequence {
    None,
    /// The open questionnaire was closed: nothing is asked of this vendor any more.
    Closed,
    /// The links sent to the old address were withdrawn, and a letter went to the new one.
    Moved,
    /// The links sent to the old address were withdrawn; there is no new address.
    Withdrawn,
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
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Consequence, StoreError> {
    change_because(conn, office, practice, id, details, "Chosen on the form", by, now)
}

/// As [`change`], with the reason that is kept when the status changes: the questions that
/// lead to one were not asked.
///
/// # Errors
/// [`StoreError::Duplicate`] when another vendor has that name or number.
#[expect(clippy::too_many_arguments, reason = "who, where and what of one change")]
pub(super) fn change_because(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: VendorId,
    details: &VendorDetails,
    reason: &str,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Consequence, StoreError> {
    let scope = Scope::Practice(practice.id);
    let Some(before) = store::vendors::hold(conn, &scope, id)? else { return Ok(Consequence::None) };
    let different = vendor_changes::differences(&before.details, details);
    if different.is_empty() {
        return Ok(Consequence::None);
    }
    store::vendors::update(conn, &scope, id, details, now)?;
    if before.details.contact_email != details.contact_email
        && let Some(contact) = store::contacts::preferred(conn, &scope, id)?
    {
        // What happened to the old address says nothing of the new one.
        store::contacts::update(conn, &scope, &Contact { address: Address::FINE, ..contact })?;
    }
    if before.details.ba_status != details.ba_status {
        decide::note_chosen(conn, &scope, id, details.ba_status, reason, by, practice.day(now))?;
    }
    let sentence = format!("changed {}", different.join("; "));
    store::entries::write(conn, &scope, &Deed { by, act: Act::Changed, vendor: Some(id), sentence }, now)?;
    let consequence = follow(conn, office, practice, &before, details, by, now)?;
    judge::judge(conn, office, practice, id, now)?;
    Ok(consequence)
}

/// What the open questionnaire, if there is one, has to follow.
pub(super) fn follow(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    before: &Vendor,
    details: &VendorDetails,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Consequence, StoreError> {
    let scope = Scope::Practice(practice.id);
    let assessments = store::assessments::of_vendor(conn, &scope, before.id)?;
    let moved = before.details.contact_email != details.contact_email;
    if moved || !details.ba_status.counts_as_ba() {
        let vendor = Vendor { details: details.clone(), ..before.clone() };
        correct::follow(conn, office, practice, &vendor, &assessments, now)?;
    }
    let Some(open) = assessments.iter().find(|assessment| assessment.is_open()) else { return Ok(Consequence::None) };
    if !details.ba_status.counts_as_ba() {
        invite::close(conn, &scope, open, by, now)?;
        return Ok(Consequence::Closed);
    }
    if !moved {
        return Ok(Consequence::None);
    }
    // Whoever has the old mailbox must not answer for the vendor (`reference/trust.md` 2.3).
    store::invitations::revoke_all(conn, &scope, open.id, now)?;
    let Some(address) = details.contact_email.as_ref().filter(|_| before.place.quiet().is_none()) else {
        return Ok(Consequence::Withdrawn);
    };
    let vendor = Vendor { details: details.clone(), ..before.clone() };
    invite::send_link(conn, office, practice, &vendor, open, LetterKind::Invitation, address, now)?;
    Ok(Consequence::Moved)
}
