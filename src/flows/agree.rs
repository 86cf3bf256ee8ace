//! Records a version of an agreement, corrects one, and notes what is in it.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Office, judge};
use crate::domain::access::Scope;
use crate::domain::agreement::{Agreement, Checklist, Findings, Terms, differences};
use crate::domain::civil_date;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{AgreementId, VendorId};
use crate::domain::practice::Practice;
use crate::domain::standing::Vendor;
use crate::store::{self, Db, StoreError};

/// What became of a new version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    As(AgreementId),
    NoVendor,
    /// Somebody recorded another one since the form was opened.
    Meanwhile,
}

/// Records the version that comes after number `after`. The same one sent twice is recorded
/// once.
///
/// # Errors
/// The database's.
#[expect(clippy::too_many_arguments, reason = "who, where and when, and the two facts of it")]
pub fn record(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    after: u32,
    terms: &Terms,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Recorded, StoreError> {
    let scope = Scope::Practice(practice.id);
    let Some(vendor) = store::vendors::hold(conn, &scope, vendor)? else { return Ok(Recorded::NoVendor) };
    let newest = store::agreements::of_vendor(conn, &scope, vendor.id)?.into_iter().next();
    let version = newest.as_ref().map_or(0, |one| one.version) + 1;
    if version != after + 1 {
        let twice = newest.filter(|one| one.version == after + 1 && one.terms == *terms);
        return Ok(twice.map_or(Recorded::Meanwhile, |one| Recorded::As(one.id)));
    }
    let new = Agreement {
        id: AgreementId::fresh(),
        vendor: vendor.id,
        version,
        terms: terms.clone(),
        checklist: Checklist::default(),
        recorded_by: by.name().to_owned(),
        recorded_at: now,
    };
    store::agreements::add(conn, &scope, &new)?;
    let what = format!("recorded version {version} of the agreement with {}: {}", vendor.details.name, in_short(terms));
    finish(conn, office, practice, &vendor, what, by, now)?;
    Ok(Recorded::As(new.id))
}

/// `business associate agreement, signed Jan 1, 2026, ends Dec 31, 2027`
fn in_short(terms: &Terms) -> String {
    let date = |word: &str, day: Option<NaiveDate>| day.map(|day| format!("{word} {}", civil_date::say_short(day)));
    let end = match terms.ends_on {
        None if terms.open_ended => Some("no end date".to_owned()),
        day => date("ends", day),
    };
    let said = [Some(terms.kind.noun().to_owned()), date("signed", terms.signed_on), end];
    said.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Writes what a version says anew; the history keeps old and new. False when there is no
/// such version.
///
/// # Errors
/// The database's.
pub fn correct(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: AgreementId,
    terms: &Terms,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let scope = Scope::Practice(practice.id);
    let Some((vendor, was)) = held(conn, &scope, id)? else { return Ok(false) };
    let changed = differences::between(&was.terms, terms);
    if changed.is_empty() {
        return Ok(true);
    }
    store::agreements::set_terms(conn, &scope, id, terms)?;
    let what = format!("corrected version {} of the agreement with {}: {changed}", was.version, vendor.details.name);
    finish(conn, office, practice, &vendor, what, by, now)?;
    Ok(true)
}

/// Notes what somebody found when going through the paper today. False when there is no such
/// version.
///
/// # Errors
/// The database's.
pub fn check(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: AgreementId,
    findings: Findings,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let scope = Scope::Practice(practice.id);
    let Some((vendor, was)) = held(conn, &scope, id)? else { return Ok(false) };
    let changed = differences::between_findings(&was.checklist.findings, &findings);
    let said = if changed.is_empty() { "nothing changed" } else { &changed };
    let what = format!("went through version {} of the agreement with {}: {said}", was.version, vendor.details.name);
    let checked = Checklist { findings, checked_on: Some(practice.day(now)), checked_by: by.name().to_owned() };
    store::agreements::set_checklist(conn, &scope, id, &checked)?;
    finish(conn, office, practice, &vendor, what, by, now)?;
    Ok(true)
}

/// The version and its vendor, behind the vendor's lock.
fn held(conn: &mut Db, scope: &Scope, id: AgreementId) -> Result<Option<(Vendor, Agreement)>, StoreError> {
    let Some(found) = store::agreements::one(conn, scope, id)? else { return Ok(None) };
    let Some(vendor) = store::vendors::hold(conn, scope, found.vendor)? else { return Ok(None) };
    // Read anew: somebody may have been at it until the lock was ours.
    Ok(store::agreements::one(conn, scope, id)?.map(|agreement| (vendor, agreement)))
}

fn finish(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: &Vendor,
    sentence: String,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    judge::judge(conn, office, practice, vendor.id, now)?;
    let deed = Deed { by, act: Act::Agreed, vendor: Some(vendor.id), sentence };
    store::entries::write(conn, &Scope::Practice(practice.id), &deed, now)
}
