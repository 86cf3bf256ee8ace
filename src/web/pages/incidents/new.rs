//! Opens an incident: by a press on a change notice, or by hand for one that came by telephone or
//! by letter.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;

use super::known;
use crate::app::App;
use crate::domain::ids::{NoticeId, VendorId};
use crate::domain::incident::{Known, Learned};
use crate::flows::incidents::{self, Doing, IncidentError};
use crate::store::{self, Db};
use crate::templates::Context;
use crate::web::form::{Posted, id};
use crate::web::pages::actions::choice;
use crate::web::session::SignedIn;
use crate::web::view::{Choice, Crumb, ErrorLine, Faults, Field, Here, Staff, crumbs, error_lines};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct NewPage {
    crumbs: Vec<Crumb>,
    errors: Vec<ErrorLine>,
    action: String,
    vendor: String,
    vendor_href: String,
    learned: Choice,
    what: Field,
    told_on: Field,
    vendor_knew_on: Field,
}

fn page(vendor: VendorId, name: &str, posted: &Posted, faults: &Faults) -> NewPage {
    let error = |at: &str| faults.iter().find(|(field, _)| *field == at).map(|(_, says)| says.clone());
    let field = |id: &'static str, label, hint| Field {
        id,
        label,
        hint: Some(hint),
        value: posted.verbatim(id).to_owned(),
        error: error(id),
    };
    let vendor_href = format!("/vendors/{vendor}");
    // A change notice opens its own.
    let ways = Learned::ALL.iter().filter(|one| **one != Learned::Notice);
    let ways = ways.map(|one| (one.key().to_owned(), one.says().to_owned()));
    NewPage {
        crumbs: crumbs(&[("Vendors", Some("/vendors")), (name, Some(&vendor_href)), ("New incident", None)]),
        errors: error_lines(faults),
        action: format!("{vendor_href}/incidents/new"),
        vendor: name.to_owned(),
        vendor_href,
        learned: choice("learned", "How you came to know", ways, posted.text("learned")),
        what: field("what", "What happened", "A sentence or two. Never a patient’s name or number."),
        told_on: field("told_on", "The day we were told, or should have known", "For example 3/31/2026 or 2026-03-31"),
        vendor_knew_on: field(
            "vendor_knew_on",
            "The day any of its people first knew",
            "As far as it says; blank is not known",
        ),
    }
}

async fn named(app: &App, who: &SignedIn, vendor: VendorId) -> Result<String, WebError> {
    let scope = who.scope;
    let found = app.read_in(who.scope, move |conn| store::vendors::one(conn, &scope, vendor)).await?;
    Ok(found.ok_or(WebError::NotFound)?.details.name)
}

fn show_page(app: &App, who: &SignedIn, page: &NewPage) -> Answered {
    let (status, title) = match page.errors.is_empty() {
        true => (StatusCode::OK, "Open an incident"),
        false => (StatusCode::UNPROCESSABLE_ENTITY, "Error: Open an incident"),
    };
    Staff { who, here: Here::NOWHERE, title, notice: None }.show(app, status, page)
}

/// GET `/vendors/{id}/incidents/new`
pub async fn form(app: Data<App>, who: SignedIn, path: Path<String>) -> Answered {
    let vendor: VendorId = id(&path)?;
    let name = named(&app, &who, vendor).await?;
    show_page(&app, &who, &page(vendor, &name, &Posted::default(), &Faults::new()))
}

/// Opens one, and goes to its page.
async fn opened<I: std::fmt::Display + Send + 'static>(
    app: &App,
    who: &SignedIn,
    work: impl FnOnce(&mut Db, Doing<'_>) -> Result<I, IncidentError> + Send + 'static,
) -> Answered {
    let (office, scope, by, now) = (app.office.clone(), who.scope, who.actor(), app.clock.now());
    let opened = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            work(conn, Doing { office: &office, practice: &practice, by: &by, now })
        })
        .await;
    match opened {
        Ok(incident) => Ok(see_other(&format!("/incidents/{incident}?done=opened"))),
        Err(IncidentError::Store(error)) => Err(error.into()),
        Err(_) => Err(WebError::NotFound),
    }
}

/// POST `/vendors/{id}/incidents/new`
pub async fn open(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let vendor: VendorId = id(&path)?;
    let name = named(&app, &who, vendor).await?;
    let today = who.day(app.clock.now());
    let what = known::what(&posted);
    let told_on = known::told_on(&posted, today);
    let knew = known::vendor_knew_on(&posted, today);
    let learned = posted.text("learned").parse().unwrap_or(Learned::Other);
    match (what, told_on, knew) {
        (Ok(what), Ok(told_on), Ok(vendor_knew_on)) => {
            let known = Known { vendor_knew_on, ..Known::told(told_on) };
            opened(&app, &who, move |conn, doing| incidents::by_hand(conn, doing, vendor, learned, &what, known)).await
        }
        (what, told_on, knew) => {
            let faults: Faults = [what.err(), told_on.err(), knew.err()].into_iter().flatten().collect();
            show_page(&app, &who, &page(vendor, &name, &posted, &faults))
        }
    }
}

/// POST `/notices/{id}/incident`
pub async fn from_notice(app: Data<App>, who: SignedIn, path: Path<String>, _ours: Posted) -> Answered {
    let notice: NoticeId = id(&path)?;
    opened(&app, &who, move |conn, doing| incidents::from_notice(conn, doing, notice)).await
}

impl Context for NewPage {
    const TEMPLATE: &'static str = "pages/incident_new";
    fn samples() -> Vec<Self> {
        let with = |text: &str, faults: &Faults| {
            let typed = ["what", "told_on", "vendor_knew_on", "learned"];
            let posted = Posted(typed.map(|at| (at.to_owned(), text.to_owned())).to_vec());
            page(VendorId::fresh(), text, &posted, faults)
        };
        let faults: Faults = vec![("what", "Say <b>what</b>".to_owned())];
        vec![
            with("LabCorp", &Faults::new()),
            with("", &faults),
            with("<script>alert(1)</script>", &faults),
            with(&"Long ".repeat(200), &Faults::new()),
        ]
    }
}
