//! The form by which somebody accepts a gap until a day.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use chrono::{Days, NaiveDate};
use serde::Serialize;

use crate::app::App;
use crate::domain::action::Shortfall;
use crate::domain::civil_date;
use crate::domain::exception;
use crate::domain::ids::VendorId;
use crate::domain::scoring::Rating;
use crate::domain::vendor::check_notes;
use crate::flows::exceptions::{self as flow, ExceptError, Gap};
use crate::store;
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::pages::words;
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Crumb, ErrorLine, Faults, Field, Here, Staff, crumbs, error_lines};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct AcceptPage {
    crumbs: Vec<Crumb>,
    errors: Vec<ErrorLine>,
    vendor: String,
    vendor_href: String,
    question: String,
    answer: String,
    gravity: Badge,
    rating: Badge,
    /// What the rating becomes where it is a hard stop.
    lifts: bool,
    action: String,
    slug: String,
    reason: Field,
    until: Field,
}

struct Facts {
    vendor: (VendorId, String),
    slug: String,
    question: String,
    short: String,
    answer: String,
    shortfall: Shortfall,
    rating: Rating,
    today: NaiveDate,
}

fn gravity(shortfall: Shortfall) -> Badge {
    let tone = match shortfall {
        Shortfall::HardStop => "stop",
        Shortfall::Critical => "bad",
        Shortfall::CriticalPart => "soon",
        Shortfall::Other => "plain",
    };
    Badge::new(tone, shortfall.says())
}

fn page(facts: &Facts, posted: &Posted, faults: &Faults) -> AcceptPage {
    let (id, name) = &facts.vendor;
    let vendor_href = format!("/vendors/{id}");
    let error = |at: &str| faults.iter().find(|(field, _)| *field == at).map(|(_, says)| says.clone());
    let until = match posted.is_ticked("until") {
        true => posted.text("until").to_owned(),
        false => (facts.today + Days::new(facts.shortfall.most_days())).to_string(),
    };
    AcceptPage {
        crumbs: crumbs(&[("Vendors", Some("/vendors")), (name, Some(&vendor_href)), ("Accept a gap", None)]),
        errors: error_lines(faults),
        vendor: name.clone(),
        action: format!("{vendor_href}/accept"),
        vendor_href,
        question: facts.question.clone(),
        answer: format!("{}: {}", facts.short, facts.answer),
        gravity: gravity(facts.shortfall),
        rating: words::rating(facts.rating),
        lifts: facts.shortfall == Shortfall::HardStop,
        slug: facts.slug.clone(),
        reason: Field {
            id: "reason",
            label: "Why you accept it, and what protects you meanwhile",
            hint: Some(
                "Kept with your name, today’s date and today’s rating. Nobody can change it later. Write no patient information.",
            ),
            value: posted.text("reason").to_owned(),
            error: error("reason"),
        },
        until: Field {
            id: "until",
            label: "Until",
            hint: Some("The last day, for example 2026-03-31 or 3/31/2026"),
            value: until,
            error: error("until"),
        },
    }
}

impl Context for AcceptPage {
    const TEMPLATE: &'static str = "pages/exception_accept";
    fn samples() -> Vec<Self> {
        let facts = |text: &str, shortfall| Facts {
            vendor: (VendorId::fresh(), text.to_owned()),
            slug: "adm.training".to_owned(),
            question: text.to_owned(),
            short: text.to_owned(),
            answer: text.to_owned(),
            shortfall,
            rating: Rating::DoNotShare,
            today: NaiveDate::default(),
        };
        let hostile = "<script>alert(1)</script>";
        let faults = vec![("reason", hostile.to_owned()), ("until", "Choose a day after today".to_owned())];
        let typed = Posted(vec![("reason".to_owned(), hostile.to_owned()), ("until".to_owned(), hostile.to_owned())]);
        vec![
            page(&facts("Ordinary", Shortfall::Other), &Posted::default(), &Faults::new()),
            page(&facts(hostile, Shortfall::HardStop), &typed, &faults),
            page(&facts(&"Long ".repeat(80), Shortfall::Critical), &Posted::default(), &Faults::new()),
        ]
    }
}

/// The gap, or the vendor's page where there is none any more.
async fn load(app: &App, who: &SignedIn, vendor: VendorId, slug: &str) -> Result<Option<Facts>, WebError> {
    let (scope, today, office) = (who.scope, who.day(app.clock.now()), app.office.clone());
    let asked = slug.to_owned();
    let found: Option<Option<Gap>> = app
        .read_in(who.scope, move |conn| {
            if store::vendors::one(conn, &scope, vendor)?.is_none() {
                return Ok::<_, store::StoreError>(None);
            }
            let practice = store::practices::one(conn, &scope)?;
            flow::gap(conn, &office, &practice, vendor, &asked, today).map(Some)
        })
        .await?;
    Ok(found.ok_or(WebError::NotFound)?.map(|gap| Facts {
        vendor: (gap.vendor.id, gap.vendor.details.name),
        slug: slug.to_owned(),
        question: gap.question,
        short: gap.short,
        answer: gap.answer,
        shortfall: gap.shortfall,
        rating: gap.card.rating,
        today,
    }))
}

fn gone(vendor: VendorId) -> Answered {
    Ok(see_other(&format!("/vendors/{vendor}?done=no-gap")))
}

/// GET `/vendors/{id}/accept`
pub async fn form(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let vendor = id(&path)?;
    let Some(facts) = load(&app, &who, vendor, query(&request).text("question")).await? else { return gone(vendor) };
    Staff { who: &who, here: Here::VENDORS, title: "Accept a gap", notice: None }
        .ok(&app, &page(&facts, &Posted::default(), &Faults::new()))
}

/// POST `/vendors/{id}/accept`
pub async fn accept(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let vendor: VendorId = id(&path)?;
    let Some(facts) = load(&app, &who, vendor, posted.text("question")).await? else { return gone(vendor) };
    let (reason, until) = match read(&facts, &posted) {
        Ok(read) => read,
        Err(faults) => return refused(&app, &who, &facts, &posted, &faults),
    };
    let (office, now, scope, by, slug) =
        (app.office.clone(), app.clock.now(), who.scope, who.actor(), facts.slug.clone());
    let done = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            flow::accept(conn, &office, &practice, vendor, &slug, (&reason, until), &by, now)
        })
        .await;
    match done {
        Ok(()) => Ok(see_other(&format!("/vendors/{vendor}?done=accepted-gap#exceptions"))),
        Err(ExceptError::Unknown) => Err(WebError::NotFound),
        Err(ExceptError::NoGap) => gone(vendor),
        Err(ExceptError::Store(error)) => Err(error.into()),
        Err(ExceptError::Until(says)) => refused(&app, &who, &facts, &posted, &vec![("until", says)]),
    }
}

/// The reason and the last day, or what is wrong with either.
fn read(facts: &Facts, posted: &Posted) -> Result<(String, NaiveDate), Faults> {
    let reason = match check_notes(posted.text("reason")) {
        Ok(text) if text.is_empty() => Err("Say why you accept it".to_owned()),
        Ok(text) => Ok(text),
        Err(fault) => Err(fault.sentence()),
    };
    let until = civil_date::read(posted.text("until"))
        .map_err(|fault| format!("Until: {fault}"))
        .and_then(|day| exception::check_until(facts.shortfall, day, facts.today).map(|()| day));
    match (reason, until) {
        (Ok(reason), Ok(until)) => Ok((reason, until)),
        (reason, until) => {
            let faults = [("reason", reason.err()), ("until", until.err())];
            Err(faults.into_iter().filter_map(|(at, says)| Some((at, says?))).collect())
        }
    }
}

fn refused(app: &App, who: &SignedIn, facts: &Facts, posted: &Posted, faults: &Faults) -> Answered {
    Staff { who, here: Here::VENDORS, title: "Error: Accept a gap", notice: None }.show(
        app,
        StatusCode::UNPROCESSABLE_ENTITY,
        &page(facts, posted, faults),
    )
}
