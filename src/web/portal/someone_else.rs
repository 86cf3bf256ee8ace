//! "I am not the right person": a page of its own behind a link, whose form takes nothing
//! without something typed, because mail gateways press the first button that they find.

mod typed;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, Path};
use serde::Serialize;

use self::typed::Typed;
use super::colleague::Helper;
use super::field::Line;
use super::problem::{PortalError, answer};
use super::respondent::{Respondent, Visit};
use super::view::{HOSTILE, Shell, longest};
use crate::app::App;
use crate::flows::handover::{self as flow, Outcome};
use crate::flows::receive::{self, Opened, ReceiveError};
use crate::store;
use crate::templates::Context;
use crate::web::form::Posted;
use crate::web::view::ErrorLine;
use crate::web::{Answered, see_other};

#[derive(Clone, Debug, Serialize)]
pub struct SomeoneElsePage {
    back: String,
    action: String,
    vendor: String,
    errors: Vec<ErrorLine>,
    /// Answers are saved, and this browser has not shown the mailbox.
    blocked: bool,
    pass: bool,
    tell: bool,
    what_error: Option<String>,
    name: Line,
    email: Line,
    why: Line,
}

/// What became of it.
#[derive(Clone, Debug, Serialize)]
pub struct PassedOnPage {
    vendor: String,
    passed: bool,
    proposed: bool,
    who: Option<String>,
}

/// Where the form is, and what its sender has shown.
struct Place {
    opened: Opened,
    back: String,
    action: String,
    csrf: String,
    verified: bool,
    begun: bool,
}

impl Place {
    fn shell<'a>(&'a self, title: &'a str) -> Shell<'a> {
        Shell { csrf: &self.csrf, ..Shell::of(&self.opened.practice, title) }
    }

    fn page(&self, typed: Typed, trouble: Option<&str>) -> SomeoneElsePage {
        let errors = match trouble {
            Some(says) => vec![ErrorLine { at: "email".to_owned(), says: says.to_owned() }],
            None => typed.errors(),
        };
        SomeoneElsePage {
            back: self.back.clone(),
            action: self.action.clone(),
            vendor: self.opened.vendor_name.clone(),
            errors,
            blocked: self.begun && !self.verified,
            pass: typed.what == Some(true),
            tell: typed.what == Some(false),
            what_error: typed.what_error,
            name: typed.name,
            email: Line { error: trouble.map(str::to_owned).or(typed.email.error), ..typed.email },
            why: typed.why,
        }
    }

    fn show(
        &self,
        app: &App,
        status: StatusCode,
        typed: Typed,
        trouble: Option<&str>,
    ) -> Result<HttpResponse, PortalError> {
        Ok(self.shell("Who should answer?").show(app, status, &self.page(typed, trouble))?)
    }
}

/// By the link in the letter. Looking changes nothing.
async fn by_link(app: &App, token: String) -> Result<Place, PortalError> {
    let (given, now) = (token.clone(), app.clock.now());
    let (opened, begun) = app
        .read(move |conn| {
            let opened = receive::open(conn, &given, now)?;
            let (scope, id) = (opened.scope(), opened.assessment.id);
            let begun =
                !store::answers::of(conn, &scope, id)?.is_empty() || !store::evidence::of(conn, &scope, id)?.is_empty();
            Ok::<_, ReceiveError>((opened, begun))
        })
        .await?;
    if let Some(part) = &opened.invitation.part {
        return Err(PortalError::Colleague(Box::new(Helper::of(&opened, part))));
    }
    let back = format!("/i/{token}");
    let action = format!("{back}/someone-else");
    Ok(Place { opened, back, action, csrf: String::new(), verified: false, begun })
}

/// From the list of topics: with the mailbox shown, if anything is saved.
fn by_session(who: Visit) -> Result<Place, PortalError> {
    let who = Respondent::owning(who)?;
    let begun = !who.answers.is_empty();
    match who.signature() {
        Some(_) => Err(ReceiveError::AlreadySigned.into()),
        None if begun && !who.verified() => Err(PortalError::Code { next: "someone-else" }),
        None => Ok(Place {
            back: "/respond".to_owned(),
            action: "/respond/someone-else".to_owned(),
            csrf: who.csrf.clone(),
            verified: who.verified(),
            begun,
            opened: who.opened,
        }),
    }
}

/// GET `/i/{token}/someone-else`
pub async fn form_by_link(app: Data<App>, token: Path<String>) -> Answered {
    answer(&app, async {
        let place = by_link(&app, token.into_inner()).await?;
        if place.opened.attestation.is_some() {
            return Ok(see_other(&place.back));
        }
        place.show(&app, StatusCode::OK, Typed::blank(), None)
    })
    .await
}

/// POST `/i/{token}/someone-else`. The address is the proof, as for Start: there may be no
/// session yet, and one for another link says nothing here.
pub async fn say_by_link(app: Data<App>, token: Path<String>, body: Bytes) -> Answered {
    answer(&app, async {
        let place = by_link(&app, token.into_inner()).await?;
        if place.opened.attestation.is_some() {
            return Ok(see_other(&place.back));
        }
        say(&app, place, &Posted::of(&body)).await
    })
    .await
}

/// GET `/respond/someone-else`
pub async fn form(app: Data<App>, who: Visit) -> Answered {
    answer(&app, async { by_session(who)?.show(&app, StatusCode::OK, Typed::blank(), None) }).await
}

/// POST `/respond/someone-else`
pub async fn tell(app: Data<App>, who: Visit, posted: Posted) -> Answered {
    answer(&app, async { say(&app, by_session(who)?, &posted).await }).await
}

async fn say(app: &App, place: Place, posted: &Posted) -> Result<HttpResponse, PortalError> {
    let now = app.clock.now();
    let (typed, said) = Typed::read(posted);
    let Some(said) = said else { return place.show(app, StatusCode::UNPROCESSABLE_ENTITY, typed, None) };
    let (office, opened, verified, given) = (app.office.clone(), place.opened.clone(), place.verified, said.clone());
    let outcome = app.write(move |conn| flow::say(conn, &office, &opened, &given, verified, now)).await?;
    let trouble = match outcome {
        Outcome::NeedsCode => {
            "Answers were saved already. Open them first and show the code that we mail; then pass them on from the list of topics"
        }
        Outcome::SameAddress => "That is the address that was asked. Type another",
        Outcome::TooOften => "This was said several times today. Please call the practice",
        outcome => {
            app.post.notify_one();
            let (passed, proposed) = (outcome == Outcome::PassedOn, outcome == Outcome::Proposed);
            let who = Some(said.name).filter(|name| !name.is_empty()).or(said.email);
            let page = PassedOnPage { vendor: place.opened.vendor_name.clone(), passed, proposed, who };
            let title = if passed { "Passed on" } else { "Thank you" };
            return Ok(place.shell(title).show(app, StatusCode::OK, &page)?);
        }
    };
    let status =
        if outcome == Outcome::TooOften { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNPROCESSABLE_ENTITY };
    place.show(app, status, typed, Some(trouble))
}

impl Context for SomeoneElsePage {
    const TEMPLATE: &'static str = "portal/someone_else";
    fn samples() -> Vec<Self> {
        let page = |text: &str, blocked| {
            let error = (text.len() > 40).then(|| text.to_owned());
            let line = |name| Line::named(name, text, error.clone());
            Self {
                back: "/respond".to_owned(),
                action: "/respond/someone-else".to_owned(),
                vendor: text.to_owned(),
                errors: error.iter().map(|says| ErrorLine { at: "email".to_owned(), says: says.clone() }).collect(),
                blocked,
                pass: !blocked,
                tell: blocked,
                what_error: error.clone(),
                name: line("name"),
                email: line("email"),
                why: line("why"),
            }
        };
        vec![page("Northwind", false), page("", true), page(longest(200), false), page(HOSTILE, true)]
    }
}

impl Context for PassedOnPage {
    const TEMPLATE: &'static str = "portal/passed_on";
    fn samples() -> Vec<Self> {
        let page = |text: &str, passed, proposed| Self {
            vendor: text.to_owned(),
            passed,
            proposed,
            who: Some(text.to_owned()).filter(|text| !text.is_empty()),
        };
        vec![
            page("Kim Lee", true, false),
            page("Kim Lee", false, true),
            page("", false, false),
            page(longest(200), false, true),
            page(HOSTILE, true, false),
        ]
    }
}
