//! "Something is not right": a signed reply is opened again with a reason, or left as it is.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Serialize;

use super::problem::{PortalError, answer};
use super::respondent::{Respondent, Visit};
use super::view::{HOSTILE, longest};
use crate::app::App;
use crate::domain::civil_date;
use crate::domain::correction::Correction;
use crate::domain::entry::Actor;
use crate::domain::questionnaire::Questionnaire;
use crate::domain::vendor::check_notes;
use crate::domain::words::counted;
use crate::flows::correct;
use crate::templates::Context;
use crate::web::form::Posted;
use crate::web::view::{ErrorLine, Field};
use crate::web::{Answered, see_other};

#[derive(Clone, Debug, Serialize)]
pub struct CorrectPage {
    vendor: String,
    signed_on: String,
    back: &'static str,
    errors: Vec<ErrorLine>,
    reason: Field,
}

impl CorrectPage {
    fn of(vendor: &str, signed_on: String, typed: &str, error: Option<String>) -> Self {
        let errors = error.iter().map(|says| ErrorLine { at: "reason".to_owned(), says: says.clone() }).collect();
        Self {
            vendor: vendor.to_owned(),
            signed_on,
            back: "/respond/receipt",
            errors,
            reason: Field {
                id: "reason",
                label: "What has to be put right, and why",
                hint: Some("The practice reads this. Write no patient information."),
                value: typed.to_owned(),
                error,
            },
        }
    }
}

/// Whoever may open the signed answers, or where to go instead.
fn correcting(who: Visit) -> Result<Result<Respondent, HttpResponse>, PortalError> {
    let who = Respondent::reading(who)?;
    if who.signature().is_none() {
        return Ok(Err(see_other("/respond")));
    }
    if who.verified() { Ok(Ok(who)) } else { Err(PortalError::Code { next: "correct" }) }
}

fn page(app: &App, who: &Respondent, status: StatusCode, typed: &str, error: Option<String>) -> Answered {
    let practice = &who.opened.practice;
    let on = who.signature().map(|signed| civil_date::say(practice.day(signed.signed_at))).unwrap_or_default();
    who.shell("Correct your answers").show(app, status, &CorrectPage::of(who.vendor(), on, typed, error))
}

/// GET `/respond/correct`
pub async fn form(app: Data<App>, who: Visit) -> Answered {
    answer(&app, async {
        match correcting(who)? {
            Ok(who) => Ok(page(&app, &who, StatusCode::OK, "", None)?),
            Err(elsewhere) => Ok(elsewhere),
        }
    })
    .await
}

/// POST `/respond/correct`
pub async fn open(app: Data<App>, who: Visit, posted: Posted) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = match correcting(who)? {
            Ok(who) => who,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let typed = posted.text("reason");
        let reason = match check_notes(typed) {
            Ok(reason) if reason.is_empty() => Err("Say what has to be put right".to_owned()),
            Ok(reason) => Ok(reason),
            Err(fault) => Err(fault.sentence()),
        };
        let reason = match reason {
            Ok(reason) => reason,
            Err(says) => return Ok(page(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, typed, Some(says))?),
        };
        app.write(move |conn| correct::open(conn, &who.opened, &reason, now)).await?;
        Ok(see_other("/respond"))
    })
    .await
}

/// POST `/respond/correct/leave`: the answers stay as they were signed.
pub async fn leave(app: Data<App>, who: Visit, _ours: Posted) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = Respondent::reading(who)?;
        let own = who.opened.correction.as_ref().is_some_and(|open| !open.by_practice());
        if own && who.verified() {
            let office = app.office.clone();
            app.write(move |conn| {
                let (opened, by) = (&who.opened, Actor::Respondent(who.opened.invitation.sent_to.clone()));
                correct::withdraw(conn, &office, &opened.practice, opened.assessment.id, &by, now)
            })
            .await?;
        }
        Ok(see_other("/respond/receipt"))
    })
    .await
}

/// What stands above the topics while a signed reply is open again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Again {
    /// `3 questions`; `None` where the vendor opened it.
    returned: Option<String>,
    /// A recheck, and what it is called.
    recheck: Option<&'static str>,
    by: String,
    due: Option<String>,
    remarks: Vec<Remark>,
    changed: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Remark {
    href: String,
    question: String,
    says: String,
    replied: bool,
}

/// The day on which answers are wanted, and that it has passed.
pub fn wanted_by(due: NaiveDate, today: NaiveDate) -> String {
    let passed = if due < today { " (past, and still wanted)" } else { "" };
    format!("{}{passed}", civil_date::say_with_day(due))
}

impl Again {
    pub fn of(open: &Correction, questionnaire: &Questionnaire, today: NaiveDate) -> Self {
        let topics = || questionnaire.sections.iter().flat_map(|section| &section.topics);
        let remarks = topics().flat_map(|topic| topic.questions.iter().map(move |question| (topic, question)));
        let remarks = remarks.filter_map(|(topic, question)| {
            Some(Remark {
                href: format!("/respond/{}#{}", topic.id, question.slug),
                question: question.text.clone(),
                says: open.returned.get(&question.slug)?.clone(),
                replied: !open.waits(&question.slug),
            })
        });
        Self {
            returned: open.by_practice().then(|| counted(open.returned.len(), "question")),
            recheck: open.occasion.is_recheck().then(|| open.occasion.says()),
            by: open.opened_by.clone(),
            due: open.due_on.map(|due| wanted_by(due, today)),
            remarks: remarks.collect(),
            changed: counted(open.changes.len(), "answer"),
        }
    }

    pub fn samples(text: &str) -> [Self; 2] {
        let own = Self {
            returned: None,
            recheck: None,
            by: text.to_owned(),
            due: None,
            remarks: Vec::new(),
            changed: "0 answers".to_owned(),
        };
        let remark = |replied| Remark {
            href: "/respond/people#adm.training".to_owned(),
            question: text.to_owned(),
            says: text.to_owned(),
            replied,
        };
        let returned = Self {
            returned: Some("2 questions".to_owned()),
            recheck: (text.len() > 30).then_some("Half-year check"),
            due: Some("Friday, December 11, 2026".to_owned()),
            remarks: vec![remark(true), remark(false)],
            ..own.clone()
        };
        [own, returned]
    }
}

impl Context for CorrectPage {
    const TEMPLATE: &'static str = "portal/correct";
    fn samples() -> Vec<Self> {
        let with = |text: &str, error: Option<&str>| {
            Self::of(text, "December 2, 2026".to_owned(), text, error.map(str::to_owned))
        };
        vec![
            with("Northwind Billing Services", None),
            with("", Some("Say what has to be put right")),
            with(longest(2_000), None),
            with(HOSTILE, Some(HOSTILE)),
        ]
    }
}
