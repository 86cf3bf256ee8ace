//! All answers on one page, to read through before signing.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde::Serialize;

use super::answers::{self, SectionAnswers};
use super::problem::answer;
use super::respondent::{Respondent, Visit};
use super::tasks::counts;
use super::view::{HOSTILE, longest, unanswered};
use crate::app::App;
use crate::domain::answers::Answers;
use crate::domain::questionnaire::{Gravity, Question, Questionnaire};
use crate::templates::Context;
use crate::web::Answered;

#[derive(Clone, Debug, Serialize)]
pub struct Check<'a> {
    vendor: &'a str,
    unanswered: Option<String>,
    /// Blanks that decide the outcome by themselves.
    decisive: Vec<Decisive<'a>>,
    total: String,
    back: &'static str,
    sections: Vec<SectionAnswers<'a>>,
}

#[derive(Clone, Debug, Serialize)]
struct Decisive<'a> {
    text: &'a str,
    href: String,
}

fn decisive<'a>(questionnaire: &'a Questionnaire, applicable: &[&'a Question], answers: &Answers) -> Vec<Decisive<'a>> {
    let blank = |question: &&&Question| question.gravity != Gravity::None && !answers.contains_key(&question.slug);
    let topic = |slug: &str| {
        let mut topics = questionnaire.sections.iter().flat_map(|section| &section.topics);
        topics.find(|topic| topic.questions.iter().any(|one| one.slug == slug))
    };
    let line = |question: &&'a Question| {
        let href = format!("/respond/{}?back=check#{}", topic(&question.slug)?.id, question.slug);
        Some(Decisive { text: &question.text, href })
    };
    applicable.iter().filter(blank).filter_map(line).collect()
}

pub async fn show(app: Data<App>, who: Visit) -> Answered {
    answer(&app, async {
        let who = Respondent::answering(who)?;
        let questionnaire = who.opened.questionnaire(&app.office)?;
        let applicable = who.applicable(questionnaire);
        let (total, answered) = counts(&applicable, &who.answers);
        let mut sections = answers::by_section(questionnaire, &applicable, &who.answers, true);
        answers::attach(&mut sections, &who.files, who.opened.practice.day(app.clock.now()));
        let page = Check {
            vendor: who.vendor(),
            unanswered: unanswered(total - answered),
            decisive: decisive(questionnaire, &applicable, &who.answers),
            total: total.to_string(),
            back: "/respond",
            sections,
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
            decisive: vec![Decisive { text: vendor, href: "/respond/people".to_owned() }],
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
