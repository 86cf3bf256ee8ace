//! All answers on one page, to read through before signing.

pub mod open;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde::Serialize;

use self::open::{Open, OpenTopic};
use super::answers::{self, SectionAnswers};
use super::colleagues::authors::Authors;
use super::problem::answer;
use super::respondent::{Respondent, Visit};
use super::view::{HOSTILE, longest};
use crate::app::App;
use crate::templates::Context;
use crate::web::Answered;

#[derive(Clone, Debug, Serialize)]
pub struct Check<'a> {
    vendor: &'a str,
    open: Option<Open<'a>>,
    /// Sent back and not looked at: there is no way on to the signature before.
    held: Vec<OpenTopic<'a>>,
    total: String,
    back: &'static str,
    sections: Vec<SectionAnswers<'a>>,
}

pub async fn show(app: Data<App>, who: Visit) -> Answered {
    answer(&app, async {
        let who = Respondent::answering(who)?;
        let questionnaire = who.opened.questionnaire(&app.office)?;
        let applicable = who.applicable(questionnaire);
        let mut sections = answers::by_section(questionnaire, &applicable, &who.answers, true);
        answers::attach(&mut sections, &who.files, who.opened.practice.day(app.clock.now()));
        answers::beside(&mut sections, |slug| remarks(&who, slug));
        answers::written_by(&mut sections, &Authors::of(&app, &who).await?);
        let open = Open::of(&who, questionnaire, &applicable);
        let page = Check {
            vendor: who.vendor(),
            held: open.as_ref().map(|open| open.returned.clone()).unwrap_or_default(),
            open,
            total: applicable.len().to_string(),
            back: "/respond",
            sections,
        };
        Ok(who.shell("Check your answers").show(&app, StatusCode::OK, &page)?)
    })
    .await
}

/// What the practice asks about an answer that it sent back, and what the vendor says to it.
fn remarks(who: &Respondent, slug: &str) -> Vec<String> {
    let Some(open) = &who.opened.correction else { return Vec::new() };
    let asks = open.returned.get(slug).map(|says| format!("{} asks: “{says}”", open.opened_by));
    let reply = open.replies.get(slug).map(|says| format!("Your reply: “{says}”"));
    asks.into_iter().chain(reply).collect()
}

impl Context for Check<'_> {
    const TEMPLATE: &'static str = "portal/check";
    fn samples() -> Vec<Self> {
        let page = |vendor, open: Option<Open<'static>>, sections| Self {
            vendor,
            held: open.as_ref().map(|open| open.returned.clone()).unwrap_or_default(),
            open,
            total: "40".to_owned(),
            back: "/respond",
            sections,
        };
        let [ordinary, long, hostile] = answers::samples(true);
        let [few, longer, worst, none] = Open::samples();
        vec![
            page("Northwind Billing Services", few, ordinary),
            page(longest(200), longer, long),
            page(HOSTILE, worst, hostile),
            page("", none, Vec::new()),
        ]
    }
}
