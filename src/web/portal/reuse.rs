//! Take over answers signed for another practice: question by question, none ticked in
//! advance. Only for a browser that has shown the mailbox that signed them.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde::Serialize;

use super::answers::{notes, said};
use super::problem::{PortalError, answer};
use super::respondent::{Respondent, Visit};
use super::view::{HOSTILE, longest};
use crate::app::App;
use crate::domain::answers::earlier::Afresh;
use crate::domain::civil_date;
use crate::flows::requests::shown_lately;
use crate::flows::reuse::{self as flow, Offered};
use crate::templates::Context;
use crate::web::form::Posted;
use crate::web::view::ErrorLine;
use crate::web::{Answered, WebError, see_other};

const NEXT: &str = "reuse";

#[derive(Clone, Debug, Serialize)]
pub struct ReusePage {
    back: &'static str,
    errors: Vec<ErrorLine>,
    /// Where they were signed: for the vendor's eyes only.
    other: String,
    /// The company they were signed for.
    of: String,
    on: String,
    lines: Vec<Line>,
    afresh: Vec<Again>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    slug: String,
    question: String,
    answer: String,
    notes: Vec<String>,
}

/// A question that is answered afresh.
#[derive(Clone, Debug, Serialize)]
struct Again {
    question: String,
    why: &'static str,
}

fn line(one: &Offered<'_>) -> Line {
    Line {
        slug: one.question.slug.clone(),
        question: one.question.text.clone(),
        answer: said(one.question, &one.answer),
        notes: notes(one.question, &one.answer),
    }
}

/// Whoever still answers and has shown the mailbox lately: these answers are another practice's.
fn lately(app: &App, who: Visit) -> Result<Respondent, PortalError> {
    let who = Respondent::proven(who, NEXT)?;
    match shown_lately(&who.opened, app.clock.now()) {
        Some(_) => Ok(who),
        None => Err(PortalError::Code { next: NEXT }),
    }
}

async fn page(
    app: &App,
    who: &Respondent,
    status: StatusCode,
    errors: Vec<ErrorLine>,
) -> Result<actix_web::HttpResponse, PortalError> {
    let (opened, now) = (who.opened.clone(), app.clock.now());
    let source = app.read(move |conn| flow::source(conn, &opened, now)).await?.ok_or(WebError::NotFound)?;
    let (form, today) = (who.opened.questionnaire(&app.office)?, who.opened.practice.day(now));
    let offered = flow::offered(&app.office, &who.opened, form, &source, &who.answers, today)?;
    let afresh =
        |one: &Offered<'_>| Some(Again { question: one.question.text.clone(), why: one.afresh.map(Afresh::says)? });
    let shown = ReusePage {
        back: "/respond",
        errors,
        other: source.practice.clone(),
        of: source.vendor.clone(),
        on: civil_date::say(source.on),
        lines: offered.iter().filter(|one| one.afresh.is_none()).map(line).collect(),
        afresh: offered.iter().filter_map(afresh).collect(),
    };
    Ok(who.shell("Take over answers you signed elsewhere").show(app, status, &shown)?)
}

/// GET `/respond/reuse`
pub async fn show(app: Data<App>, who: Visit) -> Answered {
    answer(&app, async { page(&app, &lately(&app, who)?, StatusCode::OK, Vec::new()).await }).await
}

/// POST `/respond/reuse`
pub async fn take(app: Data<App>, who: Visit, posted: Posted) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = lately(&app, who)?;
        let chosen: BTreeSet<String> = posted.all("take").map(str::to_owned).collect();
        if chosen.is_empty() {
            let says = "Tick the answers that you want to take over".to_owned();
            let errors = vec![ErrorLine { at: "take".to_owned(), says }];
            return page(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, errors).await;
        }
        let office = app.office.clone();
        app.write(move |conn| flow::take(conn, &office, &who.opened, &chosen, now)).await?;
        Ok(see_other("/respond"))
    })
    .await
}

impl Context for ReusePage {
    const TEMPLATE: &'static str = "portal/reuse";
    fn samples() -> Vec<Self> {
        let page = |text: &str| Self {
            back: "/respond",
            errors: vec![ErrorLine { at: "take".to_owned(), says: text.to_owned() }],
            other: text.to_owned(),
            of: text.to_owned(),
            on: "May 3, 2026".to_owned(),
            lines: vec![
                Line {
                    slug: "tec.patching".to_owned(),
                    question: text.to_owned(),
                    answer: text.to_owned(),
                    notes: vec![text.to_owned()],
                };
                2
            ],
            afresh: vec![Again { question: text.to_owned(), why: Afresh::Decisive.says() }],
        };
        let plain = Self { errors: Vec::new(), ..page("Maple Family Practice") };
        let empty = Self { lines: Vec::new(), afresh: Vec::new(), ..plain.clone() };
        vec![plain, empty, page(longest(400)), page(HOSTILE)]
    }
}
