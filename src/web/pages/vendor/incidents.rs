//! The vendor's incidents on its page.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::civil_date;
use crate::domain::ids::VendorId;
use crate::domain::incident::File;
use crate::store::{self, Db, StoreError};
use crate::web::pages::incidents::{badge, next, sample};
use crate::web::session::SignedIn;
use crate::web::view::Badge;

#[derive(Clone, Debug, Default, Serialize)]
pub struct IncidentSection {
    id: String,
    may_change: bool,
    incidents: Vec<Line>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    href: String,
    told: String,
    what: String,
    state: Badge,
    next: String,
}

impl IncidentSection {
    /// # Errors
    /// The database's.
    pub fn load(conn: &mut Db, who: &SignedIn, vendor: VendorId, today: NaiveDate) -> Result<Self, StoreError> {
        let all = store::incidents::of_vendor(conn, &who.scope, vendor)?;
        let may_change = who.role.may(crate::domain::user::Need::Change);
        Ok(Self::of(vendor, &all, may_change, today))
    }

    fn of(vendor: VendorId, all: &[File], may_change: bool, today: NaiveDate) -> Self {
        let line = |file: &File| Line {
            href: format!("/incidents/{}", file.incident.id),
            told: civil_date::say_short(file.incident.known.told_on),
            what: file.incident.what.clone(),
            state: badge(file, today),
            next: next(file),
        };
        Self { id: vendor.to_string(), may_change, incidents: all.iter().map(line).collect() }
    }

    /// With text of all kinds in it.
    pub fn sample(text: &str) -> Self {
        let all = [sample(text, false), sample(text, true)];
        Self::of(all[0].incident.vendor, &all, true, NaiveDate::default())
    }
}
