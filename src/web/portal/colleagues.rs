//! Ask a colleague: who was asked for which sections, what each of them answered, and the form
//! that asks another. Only for whoever has shown the mailbox that the practice asked.

pub mod authors;
mod shown;
mod typed;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;

use self::shown::{Colleague, Given, colleague, known};
use self::typed::Typed;
use super::done::Done;
use super::field::Line;
use super::problem::{PortalError, answer};
use super::respondent::{Respondent, Visit};
use super::view::{HOSTILE, longest};
use crate::app::App;
use crate::domain::colleague::{MOST, MOST_LETTERS, Part};
use crate::domain::ids::InvitationId;
use crate::flows::colleagues::{self as flow, Again, Asked};
use crate::templates::Context;
use crate::web::form::{Posted, id};
use crate::web::view::ErrorLine;
use crate::web::{Answered, WebError};

const HERE: &str = "/respond/colleagues";
/// Where a mailed code leads back to this page.
const NEXT: &str = "colleagues";

#[derive(Clone, Debug, Serialize)]
pub struct ColleaguesPage {
    back: &'static str,
    errors: Vec<ErrorLine>,
    colleagues: Vec<Colleague>,
    /// No more may be asked.
    full: bool,
    most: String,
    name: Line,
    email: Line,
    sections: Vec<Tickable>,
    sections_error: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Tickable {
    id: String,
    title: String,
    on: bool,
    first: bool,
}

/// GET `/respond/colleagues`
pub async fn list(app: Data<App>, who: Visit) -> Answered {
    answer(&app, async {
        let who = Respondent::proven(who, NEXT)?;
        page(&app, &who, StatusCode::OK, Typed::blank(), None).await
    })
    .await
}

async fn page(
    app: &App,
    who: &Respondent,
    status: StatusCode,
    typed: Typed,
    trouble: Option<&str>,
) -> Result<HttpResponse, PortalError> {
    let form = who.opened.questionnaire(&app.office)?;
    let known = known(app, who).await?;
    let errors = match trouble {
        Some(says) => vec![ErrorLine { at: "email".to_owned(), says: says.to_owned() }],
        None => typed.errors(),
    };
    let applicable = who.applicable(form);
    let asks = |part: &str| {
        let sections = [part.to_owned()].into();
        let only = Part { name: String::new(), asked_by: String::new(), asker: None, sections };
        applicable.iter().any(|question| only.includes(form, &question.slug))
    };
    let mut sections: Vec<Tickable> = form
        .sections
        .iter()
        .filter(|section| asks(&section.id))
        .map(|section| Tickable {
            id: section.id.clone(),
            title: section.title.clone(),
            on: typed.chosen.contains(&section.id),
            first: false,
        })
        .collect();
    if let Some(first) = sections.first_mut() {
        first.first = true;
    }
    let shown = ColleaguesPage {
        back: "/respond",
        errors,
        colleagues: known.asked.iter().rev().map(|(one, letters)| colleague(who, form, &known, one, letters)).collect(),
        full: known.asked.len() >= MOST,
        most: MOST.to_string(),
        name: typed.name,
        email: Line { error: trouble.map(str::to_owned).or(typed.email.error), ..typed.email },
        sections,
        sections_error: typed.sections_error,
    };
    Ok(who.shell("Ask a colleague").show(app, status, &shown)?)
}

/// POST `/respond/colleagues`
pub async fn ask(app: Data<App>, who: Visit, posted: Posted) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = Respondent::proven(who, NEXT)?;
        let (typed, wanted) = Typed::read(&posted, who.opened.questionnaire(&app.office)?);
        let Some(wanted) = wanted else {
            return page(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, typed, None).await;
        };
        let (office, opened) = (app.office.clone(), who.opened.clone());
        let says = match app.write(move |conn| flow::ask(conn, &office, &opened, &wanted, now)).await? {
            Asked::Mailed => {
                app.post.notify_one();
                return Ok(Done::Asked.lead(HERE));
            }
            Asked::Themselves => "That is your own address. Type your colleague’s",
            Asked::Already => "You asked this colleague for other sections. Take that back first, then ask anew",
            Asked::TooMany => "You have asked as many colleagues as you can for one questionnaire",
        };
        page(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, typed, Some(says)).await
    })
    .await
}

/// POST `/respond/colleagues/{id}/take-back`
pub async fn take_back(app: Data<App>, who: Visit, at: Path<String>, _posted: Posted) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = Respondent::proven(who, NEXT)?;
        let one: InvitationId = id(&at)?;
        match app.write(move |conn| flow::take_back(conn, &who.opened, one, now)).await? {
            true => Ok(Done::TakenBack.lead(HERE)),
            false => Err(WebError::NotFound.into()),
        }
    })
    .await
}

/// POST `/respond/colleagues/{id}/again`
pub async fn again(app: Data<App>, who: Visit, at: Path<String>, _posted: Posted) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = Respondent::proven(who, NEXT)?;
        let one: InvitationId = id(&at)?;
        let (office, opened) = (app.office.clone(), who.opened.clone());
        match app.write(move |conn| flow::again(conn, &office, &opened, one, now)).await? {
            Again::Mailed => {
                app.post.notify_one();
                Ok(Done::AskedAgain.lead(HERE))
            }
            Again::TooMany => {
                let says = format!("This colleague got {MOST_LETTERS} letters already. Please ask them in another way");
                page(&app, &who, StatusCode::TOO_MANY_REQUESTS, Typed::blank(), Some(&says)).await
            }
            Again::Nobody => Err(WebError::NotFound.into()),
        }
    })
    .await
}

impl Context for ColleaguesPage {
    const TEMPLATE: &'static str = "portal/colleagues";
    fn samples() -> Vec<Self> {
        let one = |text: &str, live| Colleague {
            id: "1".to_owned(),
            name: text.to_owned(),
            email: text.to_owned(),
            asked_on: "November 22, 2026".to_owned(),
            sections: text.to_owned(),
            state: if live { "In progress" } else { "Taken back" },
            badge: if live { "wait" } else { "none" },
            progress: "3 of 8 answered".to_owned(),
            answers: vec![Given { question: text.to_owned(), answer: text.to_owned() }],
            live,
            trouble: live.then(|| text.to_owned()),
        };
        let page = |text: &str, colleagues: Vec<Colleague>| {
            let error = (text.len() > 40).then(|| text.to_owned());
            Self {
                back: "/respond",
                errors: error.iter().map(|says| ErrorLine { at: "email".to_owned(), says: says.clone() }).collect(),
                full: text.is_empty(),
                most: "20".to_owned(),
                name: Line::named("name", text, error.clone()),
                email: Line::named("email", text, error.clone()),
                sections: vec![Tickable { id: "tec".to_owned(), title: text.to_owned(), on: true, first: true }],
                sections_error: error,
                colleagues,
            }
        };
        let both = |text: &str| page(text, vec![one(text, true), one(text, false)]);
        vec![both("Kim Lee"), both(longest(200)), both(HOSTILE), page("", Vec::new()), page("Kim", Vec::new())]
    }
}
