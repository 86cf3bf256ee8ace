//! One gap that somebody accepts: who, why, until when, and the form that ends it.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;

use super::badge;
use crate::app::App;
use crate::domain::acceptance::Ended;
use crate::domain::civil_date;
use crate::domain::exception::{Exception, ExceptionState};
use crate::domain::ids::ExceptionId;
use crate::domain::user::Need;
use crate::domain::vendor::check_notes;
use crate::flows::{exceptions as flow, judge};
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::pages::words;
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Crumb, ErrorLine, Faults, Field, Here, Notice, Staff, crumbs, error_lines};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct ExceptionPage {
    crumbs: Vec<Crumb>,
    errors: Vec<ErrorLine>,
    heading: String,
    answer: String,
    vendor: String,
    vendor_href: String,
    state: Badge,
    gravity: &'static str,
    rating: Badge,
    reason: String,
    by: String,
    until: String,
    reply: String,
    ended: Option<Word>,
    /// Where it may be accepted anew.
    again: Option<String>,
    action: String,
    end: Option<Field>,
}

#[derive(Serialize)]
struct Word {
    who: String,
    why: String,
}

struct Facts {
    one: Exception,
    state: ExceptionState,
    vendor: String,
    may_change: bool,
}

fn page(facts: &Facts, posted: &Posted, faults: &Faults) -> ExceptionPage {
    let Facts { one, state, vendor, may_change } = facts;
    let vendor_href = format!("/vendors/{}", one.vendor);
    let open = *may_change && one.ended.is_none() && *state != ExceptionState::Closed;
    ExceptionPage {
        crumbs: crumbs(&[("Vendors", Some("/vendors")), (vendor, Some(&vendor_href)), (&one.short, None)]),
        errors: error_lines(faults),
        heading: one.short.clone(),
        answer: one.answer.clone(),
        vendor: vendor.clone(),
        state: badge(*state),
        gravity: one.shortfall.says(),
        rating: words::rating(one.rating),
        reason: one.reason.clone(),
        by: format!("{} on {}", one.by, civil_date::say(one.on)),
        until: civil_date::say(one.until),
        reply: format!("/assessments/{}", one.assessment),
        ended: one.ended.as_ref().map(|ended| Word {
            who: format!("{} on {}", ended.by, civil_date::say(ended.on)),
            why: ended.why.clone(),
        }),
        again: (*may_change && (state.is_stale() || *state == ExceptionState::Ended))
            .then(|| format!("{vendor_href}/accept?question={}", one.slug)),
        action: format!("/exceptions/{}", one.id),
        end: open.then(|| Field {
            id: "why",
            label: "Why you end it",
            hint: Some("Its flag comes back while the gap is there."),
            value: posted.text("why").to_owned(),
            error: faults.first().map(|(_, says)| says.clone()),
        }),
        vendor_href,
    }
}

impl Context for ExceptionPage {
    const TEMPLATE: &'static str = "pages/exception";
    fn samples() -> Vec<Self> {
        let hostile = "<script>alert(1)</script>";
        let facts =
            |text: &str, state| Facts { one: super::sample(text), state, vendor: text.to_owned(), may_change: true };
        let mut ended = facts(hostile, ExceptionState::Ended);
        ended.one.ended =
            Some(Ended { on: chrono::NaiveDate::default(), by: hostile.to_owned(), why: hostile.to_owned() });
        vec![
            page(&facts("Ordinary", ExceptionState::InForce), &Posted::default(), &Faults::new()),
            page(&facts(hostile, ExceptionState::RatingMoved), &Posted::default(), &vec![("why", hostile.to_owned())]),
            page(&facts(&"Long ".repeat(80), ExceptionState::Closed), &Posted::default(), &Faults::new()),
            page(&ended, &Posted::default(), &Faults::new()),
        ]
    }
}

async fn load(app: &App, who: &SignedIn, wanted: ExceptionId) -> Result<Facts, WebError> {
    let (scope, today, office) = (who.scope, who.day(app.clock.now()), app.office.clone());
    let may_change = who.role.may(Need::Change);
    app.read_in(who.scope, move |conn| {
        let Some(one) = store::exceptions::one(conn, &scope, wanted)? else { return Ok(None) };
        let Some(vendor) = store::vendors::one(conn, &scope, one.vendor)? else { return Ok(None) };
        let practice = store::practices::one(conn, &scope)?;
        let card = judge::consider(conn, &office, &practice, &vendor, today)?.scorecard;
        let state = one.state(&card, today);
        Ok::<_, StoreError>(Some(Facts { one, state, vendor: vendor.details.name, may_change }))
    })
    .await?
    .ok_or(WebError::NotFound)
}

/// GET `/exceptions/{id}`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let facts = load(&app, &who, id(&path)?).await?;
    let notice = match query(&request).text("done") {
        "ended" => Some(Notice::success("Ended, and kept with your name.")),
        _ => None,
    };
    Staff { who: &who, here: Here::VENDORS, title: "An accepted gap", notice }
        .ok(&app, &page(&facts, &Posted::default(), &Faults::new()))
}

/// POST `/exceptions/{id}`
pub async fn end(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let facts = load(&app, &who, id(&path)?).await?;
    let wanted = facts.one.id;
    let why = match check_notes(posted.text("why")) {
        Ok(why) if why.is_empty() => Err("Say why it ends".to_owned()),
        Ok(why) => Ok(why),
        Err(fault) => Err(fault.sentence()),
    };
    let why = match why {
        Ok(why) => why,
        Err(says) => {
            return Staff { who: &who, here: Here::VENDORS, title: "Error: An accepted gap", notice: None }.show(
                &app,
                StatusCode::UNPROCESSABLE_ENTITY,
                &page(&facts, &posted, &vec![("why", says)]),
            );
        }
    };
    let (office, now, scope, by) = (app.office.clone(), app.clock.now(), who.scope, who.actor());
    app.write_in(who.scope, move |conn| {
        let practice = store::practices::one(conn, &scope)?;
        flow::end(conn, &office, &practice, wanted, &why, &by, now)
    })
    .await?
    .ok_or(WebError::NotFound)?;
    Ok(see_other(&format!("/exceptions/{wanted}?done=ended")))
}
