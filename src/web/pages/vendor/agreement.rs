//! The agreement on a vendor's page: where it stands and why, and what is missing in it.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::agreement::Agreement;
use crate::domain::agreement::provisions::own_keys;
use crate::domain::civil_date;
use crate::domain::ids::VendorId;
use crate::domain::life::Life;
use crate::domain::practice::Settings;
use crate::domain::standing::Vendor;
use crate::domain::user::Need;
use crate::store::{self, Db, StoreError};
use crate::web::pages::agreement::{Line, MissingTerm, missing, unchecked};
use crate::web::pages::words;
use crate::web::session::SignedIn;
use crate::web::view::Badge;

#[derive(Serialize)]
pub struct AgreementSection {
    vendor: String,
    standing: Badge,
    reason: String,
    /// The version that counts today, or did last.
    version: Option<String>,
    lines: Vec<Line>,
    missing: Vec<MissingTerm>,
    unchecked: Option<String>,
    others: Option<String>,
    needed: bool,
    may_change: bool,
}

/// What the section is made of.
#[derive(Clone, Debug, Default)]
pub struct Papers {
    versions: Vec<Agreement>,
    /// Keys of the practice's own terms.
    own: Vec<String>,
    may_change: bool,
}

impl Papers {
    pub fn load(conn: &mut Db, who: &SignedIn, settings: &Settings, vendor: VendorId) -> Result<Self, StoreError> {
        Ok(Self {
            versions: store::agreements::of_vendor(conn, &who.scope, vendor)?,
            own: own_keys(&settings.own_terms),
            may_change: who.role.may(Need::Change),
        })
    }
}

impl AgreementSection {
    pub fn of(vendor: &Vendor, papers: &Papers, today: NaiveDate) -> Self {
        let Papers { versions, own, may_change } = papers;
        let stands = vendor.agreement(versions, today);
        let shown = stands.version.or(stands.next).or(stands.waiting);
        let line = |asks, says| Line { asks, says, href: None };
        let lines = shown.map(|one| {
            let ends = match one.last_day(today) {
                None if one.terms.open_ended => "No end date".to_owned(),
                None => "Not written down".to_owned(),
                Some(day) => civil_date::say_short(day),
            };
            let signed = match one.terms.signed_on {
                None if one.terms.is_unsigned() => "Not yet".to_owned(),
                None => "Not written down".to_owned(),
                Some(day) => civil_date::say_short(day),
            };
            vec![line("Kind", one.terms.kind.says().to_owned()), line("Signed", signed), line("Ends", ends)]
        });
        // A prospect's may be recorded before it is needed.
        let needed = vendor.details.ba_status.signs_with_us() && vendor.place.life != Life::Ended;
        let others = versions.len().saturating_sub(1);
        Self {
            vendor: vendor.id.to_string(),
            standing: words::agreement(stands.standing),
            reason: vendor.agreement_reason(&stands, today),
            version: shown.map(|one| one.id.to_string()),
            lines: lines.unwrap_or_default(),
            missing: shown.filter(|_| needed).map(|one| missing(one, own)).unwrap_or_default(),
            unchecked: shown.filter(|_| needed).and_then(|one| unchecked(one, own)),
            others: (others > 0).then(|| words::counted(others, "other version")),
            needed,
            may_change: *may_change,
        }
    }
}
