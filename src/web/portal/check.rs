//! All answers on one page, to read through before signing.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde::Serialize;

use super::answers::{self, SectionAnswers};
use super::problem::answer;
use super::respondent::Visit;
use super::tasks::counts;
use super::view::{HOSTILE, longest, unanswered};
use crate::app::App;
use crate::templates::Context;
use crate::web::{Answered, see_other};

#[derive(Clone, Debug, Serialize)]
pub struct Check<'a> {
    vendor: &'a str,
    unanswered: Option<String>,
    total: String,
    back: &'static str,
    sections: Vec<SectionAnswers<'a>>,
}

pub async fn show(app: Data<App>, who: Visit) -> Answered {
    answer(&app, async {
        let who = who?;
        if who.signature().is_some() {
            return Ok(see_other("/respond/receipt"));
        }
        let questionnaire = who.opened.questionnaire(&app.office)?;
        let applicable = who.applicable(questionnaire);
        let (total, answered) = counts(&applicable, &who.answers);
        let page = Check {
            vendor: who.vendor(),
            unanswered: unanswered(total - answered),
            total: total.to_string(),
            back: "/respond",
            sections: answers::by_section(questionnaire, &applicable, &who.answers, true),
        };
        Ok(who.shell("Check your answers").show(&app, StatusCode::OK, &page)?)
    })
    .await
}

impl Context for Check<'_> {
    const TEMPLATE: &'static str = "portal/check";
    fn samples() -> Vec<Self> {
        let page = |vendor, open, sections| Self {
            vendor,
            unanswered: unanswered(open),
            total: "40".to_owned(),
            back: "/respond",
            sections,
        };
        let [ordinary, long, hostile] = answers::samples(true);
        vec![
            page("Northwind Billing Services", 1, ordinary),
            page(longest(200), 0, long),
            page(HOSTILE, 3, hostile),
            page("", 0, Vec::new()),
        ]
    }
}
