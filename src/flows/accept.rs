//! Accepts a vendor on evidence, in place of a questionnaire that it will never answer, and
//! ends that.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Office, invite, judge};
use crate::domain::acceptance::{Acceptance, Backing, Ended, Paper, Papers, Support};
use crate::domain::access::Scope;
use crate::domain::agreement::{self, AgreementStanding};
use crate::domain::civil_date;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{AcceptanceId, VendorId};
use crate::domain::practice::Practice;
use crate::domain::questionnaire::{Asked, Set};
use crate::domain::standing::Vendor;
use crate::store::{self, Db, StoreError};

/// The papers on record that are in date on `today`: documents, and the agreement in force.
///
/// # Errors
/// The database's.
pub fn papers(conn: &mut Db, scope: &Scope, vendor: &Vendor, today: NaiveDate) -> Result<Papers, StoreError> {
    let mut papers = Papers::new();
    for document in store::documents::of_vendor(conn, scope, vendor.id)? {
        if document.removed_at.is_none() && document.ends_on.is_none_or(|ends| ends >= today) {
            let backing = Backing { name: document.name, ends_on: document.ends_on };
            papers.insert(Paper::Document(document.id), backing);
        }
    }
    let agreements = store::agreements::of_vendor(conn, scope, vendor.id)?;
    let stands = agreement::stands(&agreements, vendor.details.ba_status, today);
    let covers = matches!(stands.standing, AgreementStanding::Current | AgreementStanding::EndsSoon);
    if let Some(version) = stands.version.filter(|_| covers) {
        let backing = Backing { name: "The agreement in force".to_owned(), ends_on: stands.until };
        papers.insert(Paper::Agreement(version.id), backing);
    }
    Ok(papers)
}

/// What a vendor would be asked today: what the papers are held against.
///
/// # Errors
/// The database's.
pub fn asked(conn: &mut Db, scope: &Scope, vendor: &Vendor) -> Result<Asked, StoreError> {
    let (exposure, tier) = (judge::effective(conn, scope, vendor)?.exposure, vendor.standing.tier);
    let nprm = store::practices::one(conn, scope)?.settings.nprm;
    Ok(Asked { exposure, tier, set: Set::for_tier(tier), nprm })
}

/// What somebody accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub supports: Vec<Support>,
    pub reason: String,
    pub until: NaiveDate,
}

/// Accepts a vendor on evidence; its open questionnaire is closed. False when there is no such
/// vendor, or it is none that is asked. The same twice on one day is one.
///
/// # Errors
/// The database's.
pub fn accept(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    accepted: &Accepted,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(now));
    let Some(vendor) = store::vendors::hold(conn, &scope, vendor)? else { return Ok(false) };
    if !vendor.details.ba_status.counts_as_ba() || vendor.place.quiet().is_some() {
        return Ok(false);
    }
    let Accepted { supports, reason, until } = accepted.clone();
    let before = store::acceptances::of_vendor(conn, &scope, vendor.id)?;
    let same = |one: &Acceptance| {
        one.is_in_force(today)
            && one.on == today
            && one.until == until
            && one.supports == supports
            && one.reason == reason
    };
    if before.first().is_some_and(same) {
        return Ok(true);
    }
    let assessments = store::assessments::of_vendor(conn, &scope, vendor.id)?;
    let open = assessments.iter().find(|one| one.is_open());
    if let Some(open) = open {
        invite::end(conn, &scope, open, now)?;
    }
    let replaced = Ended { on: today, by: by.name().to_owned(), why: "Replaced by a newer one".to_owned() };
    store::acceptances::end(conn, &scope, vendor.id, &replaced)?;
    let form = office.catalogue.current();
    let new = Acceptance {
        id: AcceptanceId::fresh(),
        vendor: vendor.id,
        questionnaire: form.name(),
        digest: form.digest.clone(),
        asked: asked(conn, &scope, &vendor)?,
        supports,
        reason,
        by: by.name().to_owned(),
        on: today,
        until,
        ended: None,
    };
    store::acceptances::add(conn, &scope, &new)?;
    if let Some(open) = open {
        let deed = Deed { by, act: Act::Asked, vendor: Some(vendor.id), sentence: invite::closed(open) };
        store::entries::write(conn, &scope, &deed, now)?;
    }
    let sentence = format!(
        "accepted {} on evidence until {}, with papers for {} questions, because “{}”",
        vendor.details.name,
        civil_date::say(until),
        new.supports.len(),
        new.reason
    );
    store::entries::write(conn, &scope, &Deed { by, act: Act::Decided, vendor: Some(vendor.id), sentence }, now)?;
    judge::judge(conn, office, practice, vendor.id, now)?;
    Ok(true)
}

/// Ends what was accepted: the vendor is asked again like any other. False when there is no
/// such vendor.
///
/// # Errors
/// The database's.
pub fn end(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    why: &str,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(now));
    let Some(vendor) = store::vendors::hold(conn, &scope, vendor)? else { return Ok(false) };
    let ended = Ended { on: today, by: by.name().to_owned(), why: why.to_owned() };
    if store::acceptances::end(conn, &scope, vendor.id, &ended)? > 0 {
        let sentence = format!("ended the acceptance of {} on evidence, because “{why}”", vendor.details.name);
        store::entries::write(conn, &scope, &Deed { by, act: Act::Decided, vendor: Some(vendor.id), sentence }, now)?;
        judge::judge(conn, office, practice, vendor.id, now)?;
    }
    Ok(true)
}
