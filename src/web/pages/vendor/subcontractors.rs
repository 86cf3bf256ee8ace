//! The part of a vendor's page that shows whom it works for, who works for it, and what that
//! does to its risk.

use serde::Serialize;

use super::life;
use crate::domain::ids::VendorId;
use crate::domain::standing::Vendor;
use crate::domain::subcontractors::Effective;
use crate::domain::vendor::BaStatus;
use crate::flows::judge;
use crate::store::tree::Below;
use crate::store::{self, Db, StoreError};
use crate::web::pages::words;
use crate::web::session::SignedIn;
use crate::web::view::Badge;

#[derive(Clone, Debug, Serialize)]
pub struct SubSection {
    id: String,
    heading: String,
    /// From the one that works for us down to the one next above.
    works_for: Vec<Above>,
    country: Option<String>,
    rows: Vec<SubRow>,
    /// What the companies below raised, as sentences.
    because: Vec<String>,
    /// Said of one below another that still counts as our own business associate.
    hint: Option<String>,
    may_change: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Above {
    id: String,
    name: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct SubRow {
    pub id: String,
    pub name: String,
    services: String,
    country: String,
    depth: usize,
    life: Badge,
    rating: Badge,
    tier: &'static str,
    /// Directly below, so that it can be taken out here.
    pub direct: bool,
}

/// What the section is made of.
#[derive(Clone, Debug)]
pub struct SubFacts {
    pub above: Vec<(VendorId, String)>,
    pub below: Vec<Below>,
    pub effective: Effective,
}

/// # Errors
/// The database's.
pub fn load(conn: &mut Db, who: &SignedIn, vendor: &Vendor) -> Result<SubFacts, StoreError> {
    Ok(SubFacts {
        above: store::tree::above(conn, &who.scope, vendor.id)?,
        below: store::tree::below(conn, &who.scope, vendor.id)?,
        effective: judge::effective(conn, &who.scope, vendor)?,
    })
}

impl SubSection {
    pub fn of(vendor: &Vendor, facts: SubFacts, may_change: bool) -> Self {
        let next_above = facts.above.first().map(|(_, name)| name.clone());
        let hint = next_above.filter(|_| vendor.details.ba_status == BaStatus::BusinessAssociate).map(|name| {
            format!("It counts as our own business associate too, so it needs an agreement with us. If it works only for {name}, set it to “{}”.", BaStatus::Subcontractor.says())
        });
        let because =
            facts.effective.because.into_iter().chain(facts.effective.facts.into_iter().map(|fact| fact.sentence));
        Self {
            id: vendor.id.to_string(),
            heading: if facts.below.is_empty() {
                "Subcontractors".to_owned()
            } else {
                words::counted(facts.below.len(), "subcontractor")
            },
            works_for: facts
                .above
                .iter()
                .rev()
                .map(|(id, name)| Above { id: id.to_string(), name: name.clone() })
                .collect(),
            country: Some(vendor.place.country.clone()).filter(|country| !country.is_empty()),
            rows: facts.below.into_iter().map(row).collect(),
            because: because.map(|says| format!("{says}.")).collect(),
            hint,
            may_change,
        }
    }

    pub fn rows(&self) -> &[SubRow] {
        &self.rows
    }
}

fn row(below: Below) -> SubRow {
    SubRow {
        id: below.sub.id.to_string(),
        name: below.sub.name,
        services: below.services,
        country: if below.sub.country.is_empty() { "Not known".to_owned() } else { below.sub.country },
        depth: below.depth,
        life: life::badge(below.life),
        rating: words::rating(below.rating),
        tier: below.tier.says(),
        direct: below.depth == 1,
    }
}

/// A section with three levels, for the samples of pages.
pub fn sample(vendor: &Vendor) -> SubSection {
    let below = |depth: usize, country: &str| Below {
        sub: crate::domain::subcontractors::Sub {
            id: VendorId::fresh(),
            name: vendor.details.name.clone(),
            country: country.to_owned(),
            exposure: vendor.details.exposure.clone(),
        },
        depth,
        services: vendor.details.services.clone(),
        life: vendor.place.life,
        tier: vendor.standing.tier,
        rating: vendor.standing.rating,
    };
    let below = vec![below(1, ""), below(2, "India"), below(3, "<script>")];
    let subs: Vec<_> = below.iter().map(|one| one.sub.clone()).collect();
    let effective = crate::domain::subcontractors::effective(&vendor.details.exposure, &subs);
    let above = vec![(VendorId::fresh(), vendor.details.name.clone())];
    SubSection::of(vendor, SubFacts { above, below, effective }, true)
}
