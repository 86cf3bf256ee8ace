//! Sets the tier of a vendor by hand.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;

use super::vendor::exposure::{self as part, TierLine, sample_tiers, tier_lines};
use super::vendor_form;
use super::words::capital;
use crate::app::App;
use crate::domain::exposure::{Exposure, Tier};
use crate::domain::ids::VendorId;
use crate::domain::practice::Settings;
use crate::domain::standing::Vendor;
use crate::domain::tier_decision::TierDecision;
use crate::domain::vendor::check_notes;
use crate::flows::decide::{self, TierError};
use crate::flows::judge;
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id};
use crate::web::session::SignedIn;
use crate::web::view::{Choice, Choosable, Crumb, ErrorLine, Faults, Field, Here, Staff, crumbs, error_lines};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct TierPage {
    crumbs: Vec<Crumb>,
    heading: String,
    action: String,
    vendor_href: String,
    errors: Vec<ErrorLine>,
    says: String,
    tier_reasons: Vec<&'static str>,
    tier: Choice,
    reason: Field,
    earlier: Vec<TierLine>,
}

struct Facts {
    vendor: Vendor,
    /// The vendor's own record, with the companies below it.
    exposure: Exposure,
    settings: Settings,
    decisions: Vec<TierDecision>,
}

fn page(facts: &Facts, posted: &Posted, faults: &Faults) -> TierPage {
    let Facts { vendor, exposure, settings, decisions } = facts;
    let inherent = exposure.inherent();
    let often = |tier| settings.cadence_for(tier, vendor.cadence);
    let vendor_href = format!("/vendors/{}", vendor.id);
    let name = &vendor.details.name;
    let error = |at: &str| faults.iter().find(|(field, _)| *field == at).map(|(_, says)| says.clone());
    let chosen = match posted.text("tier") {
        "" => vendor.standing.tier.key(),
        typed => typed,
    };
    let option = |tier: &Tier| Choosable {
        id: format!("tier-{}", tier.number()),
        value: tier.key().to_owned(),
        label: match *tier == inherent.tier {
            true => format!("{}, as the rules say", tier.says()),
            false => tier.says().to_owned(),
        },
        hint: Some(format!("{}, {}", capital(part::means(*tier)), often(*tier).says())),
        checked: chosen == tier.key(),
    };
    TierPage {
        crumbs: crumbs(&[("Vendors", Some("/vendors")), (name, Some(&vendor_href)), ("Tier", None)]),
        heading: format!("The tier of {name}"),
        action: format!("{vendor_href}/tier"),
        vendor_href,
        errors: error_lines(faults),
        says: part::says(&inherent, often(inherent.tier)),
        tier_reasons: part::floors(&inherent),
        tier: Choice {
            id: "tier",
            label: "How closely do we look?",
            hint: None,
            error: error("tier"),
            options: Tier::ALL.iter().map(option).collect(),
        },
        reason: Field {
            id: "reason",
            label: "Why (needed to lower it)",
            hint: Some("For example: it sees one chart a year, in our office, with one of us beside it."),
            value: posted.text("reason").to_owned(),
            error: error("reason"),
        },
        earlier: tier_lines(decisions),
    }
}

impl Context for TierPage {
    const TEMPLATE: &'static str = "pages/tier";
    fn samples() -> Vec<Self> {
        vendor_form::sample_vendors()
            .into_iter()
            .map(|vendor| {
                let (exposure, settings) = (vendor.details.exposure.clone(), Settings::default());
                let facts = Facts { decisions: sample_tiers(&vendor), exposure, settings, vendor };
                let typed = Posted::of(b"tier=4&reason=%3Cscript%3E");
                page(&facts, &typed, &vec![("reason", "Write <b>".to_owned()), ("tier", "Choose <b>".to_owned())])
            })
            .collect()
    }
}

async fn load(app: &App, who: &SignedIn, path: &str) -> Result<Facts, WebError> {
    let (vendor, scope): (VendorId, _) = (id(path)?, who.scope);
    app.read_in(who.scope, move |conn| {
        let Some(found) = store::vendors::one(conn, &scope, vendor)? else { return Ok(None) };
        Ok::<_, StoreError>(Some(Facts {
            exposure: judge::effective(conn, &scope, &found)?.exposure,
            settings: store::practices::one(conn, &scope)?.settings,
            vendor: found,
            decisions: store::decisions::on_tier(conn, &scope, vendor)?,
        }))
    })
    .await?
    .ok_or(WebError::NotFound)
}

fn show(app: &App, who: &SignedIn, page: &TierPage) -> Answered {
    let (status, title) = match page.errors.is_empty() {
        true => (StatusCode::OK, page.heading.clone()),
        false => (StatusCode::UNPROCESSABLE_ENTITY, format!("Error: {}", page.heading)),
    };
    Staff { who, here: Here::VENDORS, title: &title, notice: None }.show(app, status, page)
}

/// GET `/vendors/{id}/tier`
pub async fn form(app: Data<App>, who: SignedIn, path: Path<String>) -> Answered {
    let facts = load(&app, &who, &path).await?;
    show(&app, &who, &page(&facts, &Posted::default(), &Faults::new()))
}

/// POST `/vendors/{id}/tier`
pub async fn set(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let facts = load(&app, &who, &path).await?;
    let again = |faults: Faults| show(&app, &who, &page(&facts, &posted, &faults));
    let Ok(wanted) = posted.text("tier").parse::<Tier>() else {
        return again(vec![("tier", "Choose one of the tiers".to_owned())]);
    };
    let reason = match check_notes(posted.text("reason")) {
        Ok(reason) => reason,
        Err(fault) => return again(vec![("reason", fault.sentence())]),
    };
    let (office, scope, by, now, vendor) =
        (app.office.clone(), who.scope, who.actor(), app.clock.now(), facts.vendor.id);
    let set = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            decide::tier(conn, &office, &practice, vendor, Some(wanted), &reason, &by, now)
        })
        .await;
    match set {
        Ok(()) => Ok(see_other(&format!("/vendors/{vendor}?done=tier#risk"))),
        Err(TierError::Fault(fault)) => again(vec![("reason", fault.sentence())]),
        Err(TierError::NoVendor) => Err(WebError::NotFound),
        Err(TierError::Store(error)) => Err(error.into()),
    }
}
