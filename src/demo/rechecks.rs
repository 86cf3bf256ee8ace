//! Questions that are asked again before the year is over: most vendors say within three weeks that
//! all is still true.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::DemoError;
use super::replies::lot;
use super::story::Character;
use crate::domain::access::Scope;
use crate::domain::answers::seen::Seen;
use crate::domain::assessment;
use crate::domain::correction::Correction;
use crate::domain::ids::{AssessmentId, VendorId};
use crate::domain::practice::Practice;
use crate::domain::recheck::STILL_TRUE;
use crate::flows::receive::{self, Saving, Signer};
use crate::flows::{Office, correct};
use crate::store::{self, Db, StoreError};

/// When a vendor that was asked at `asked` signs again; `None` for one that lets it lie.
pub fn answers_at(vendor: &Character, asked: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let days = 3 + i64::try_from(lot(&[&vendor.details.name, "recheck"]) % 18).unwrap_or_default();
    (!vendor.life.ignores_rechecks).then(|| asked + TimeDelta::days(days))
}

/// The recheck that waits for a vendor.
pub fn open(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Option<Correction>, StoreError> {
    let all = store::assessments::of_vendor(conn, scope, vendor)?;
    let Some(signed) = assessment::last_signed(&all) else { return Ok(None) };
    Ok(store::corrections::open_of(conn, scope, signed.id)?.filter(|open| open.occasion.is_recheck()))
}

/// The vendor says that each answer is still true, and signs. False where nothing waits any more.
pub fn answer(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    (vendor, signer): (VendorId, &Signer),
    now: DateTime<Utc>,
) -> Result<bool, DemoError> {
    let scope = Scope::Practice(practice.id);
    let Some(waits) = open(conn, &scope, vendor)? else { return Ok(false) };
    let still: BTreeMap<String, String> =
        waits.returned.keys().map(|slug| (slug.clone(), STILL_TRUE.to_owned())).collect();
    let token = link(conn, office, &scope, waits.assessment)?;
    let (_, mut opened) = receive::start(conn, office, &token, None, now)?;
    if let Some(browser) = &mut opened.browser {
        browser.verified = true;
    }
    correct::save_page(conn, &opened, &[], &still, &Seen::default(), Saving::Pressed, now)?;
    receive::sign(conn, office, &opened, signer, now)?;
    Ok(true)
}

fn link(conn: &mut Db, office: &Office, scope: &Scope, reply: AssessmentId) -> Result<String, DemoError> {
    let link = store::invitations::latest(conn, scope, reply)?;
    let link = link.ok_or_else(|| DemoError::Story("a recheck without a link".to_owned()))?;
    Ok(office.key.invitation_token(link.id))
}
