//! What a workbook would change, to look through; one press saves what is ticked.
//!
//! Nothing is kept in between: the page itself carries the answers, and they are read like
//! those of any other page.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde::Serialize;

use super::answers::{notes, said};
use super::done::Done;
use super::leaf::keep;
use super::problem::{PortalError, answer};
use super::respondent::{Respondent, Visit};
use super::view::{HOSTILE, longest};
use super::{typed, upload};
use crate::app::App;
use crate::domain::answers::form::Fields;
use crate::domain::answers::seen::Seen;
use crate::domain::answers::sheet::read::Filled;
use crate::domain::answers::{Answer, Answers};
use crate::domain::questionnaire::{Question, Questionnaire};
use crate::flows::offline::{self, Change, Plan};
use crate::flows::receive::{Saved, Saving};
use crate::templates::Context;
use crate::web::Answered;
use crate::web::form::{MOST_BYTES, Posted};

/// Room for what the form carries besides the answers, in bytes.
const ROOM: usize = 16 * 1024;

#[derive(Clone, Debug, Serialize)]
pub struct Uploaded<'a> {
    back: &'static str,
    /// Said where the workbook is of another version of the questionnaire.
    other: bool,
    faults: Vec<Faulty<'a>>,
    strange: Vec<Strange>,
    /// Words beside answers that take none.
    beside: Vec<Strange>,
    not_asked: Vec<&'a str>,
    changes: Vec<Line<'a>>,
    count: String,
    same: Option<String>,
    /// The answers as they are on record now.
    seen: String,
    fields: Vec<Hidden>,
}

#[derive(Clone, Debug, Serialize)]
struct Faulty<'a> {
    cell: String,
    question: &'a str,
    problem: String,
    /// Where the question is answered on the site.
    href: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Strange {
    cell: String,
    says: String,
}

#[derive(Clone, Debug, Serialize)]
struct Line<'a> {
    slug: &'a str,
    question: &'a str,
    was: Option<Words>,
    becomes: Words,
    /// Somebody answered it differently meanwhile: taken only when ticked.
    meanwhile: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Words {
    said: String,
    notes: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Hidden {
    name: String,
    value: String,
}

fn cells(named: &[(String, String)]) -> Vec<Strange> {
    named.iter().map(|(cell, says)| Strange { cell: cell.clone(), says: says.clone() }).collect()
}

fn counted(count: usize) -> String {
    if count == 1 { "1 answer".to_owned() } else { format!("{count} answers") }
}

fn words(question: &Question, answer: &Answer) -> Words {
    Words { said: said(question, answer), notes: notes(question, answer) }
}

impl<'a> Uploaded<'a> {
    /// The page; `None` when it would be more than a form can carry.
    pub fn of(who: &Respondent, questionnaire: &'a Questionnaire, plan: &Plan, filled: &Filled) -> Option<Self> {
        let question = |slug: &str| questionnaire.question(slug);
        let faulty = |fault: &crate::domain::answers::sheet::read::CellFault| {
            let found = fault.slug.as_deref().and_then(question);
            let topics = questionnaire.sections.iter().flat_map(|section| &section.topics);
            let topic = found.and_then(|found| topics.into_iter().find(|topic| topic.questions.contains(found)));
            Faulty {
                cell: fault.cell.clone(),
                question: found.map(|found| found.text.as_str()).unwrap_or_default(),
                problem: fault.problem.clone(),
                href: found.zip(topic).map(|(found, topic)| format!("/respond/{}#{}", topic.id, found.slug)),
            }
        };
        let page = Self {
            back: "/respond/upload",
            other: !filled.of.is_empty() && filled.of != who.opened.assessment.questionnaire,
            faults: filled.faults.iter().map(faulty).collect(),
            strange: cells(&filled.strange),
            beside: cells(&filled.beside),
            not_asked: plan.not_asked.iter().filter_map(|slug| Some(question(slug)?.text.as_str())).collect(),
            same: (plan.same > 0).then(|| counted(plan.same)),
            ..Self::changes(questionnaire, &plan.changes, &who.answers)
        };
        let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).map(str::len).sum::<usize>();
        let size: usize = page.fields.iter().map(|one| encoded(&one.name) + encoded(&one.value) + 2).sum();
        (size + encoded(&page.seen) + ROOM + page.changes.len() * 80 <= MOST_BYTES).then_some(page)
    }

    /// The changes with what the form carries of them.
    fn changes(questionnaire: &'a Questionnaire, changes: &[Change], recorded: &Answers) -> Self {
        let (mut lines, mut fields) = (Vec::new(), Fields::new());
        for change in changes {
            let Some(question) = questionnaire.question(&change.slug) else { continue };
            typed::add(&mut fields, question, &change.becomes);
            lines.push(Line {
                slug: &question.slug,
                question: &question.text,
                was: change.was.as_ref().map(|was| words(question, was)),
                becomes: words(question, &change.becomes),
                meanwhile: change.meanwhile,
            });
        }
        let count = lines.len();
        Self {
            back: "/respond/upload",
            other: false,
            faults: Vec::new(),
            strange: Vec::new(),
            beside: Vec::new(),
            not_asked: Vec::new(),
            seen: Seen::of(lines.iter().map(|line| line.slug), recorded).written(),
            changes: lines,
            count: counted(count),
            same: None,
            fields: fields.into_iter().map(|(name, value)| Hidden { name, value }).collect(),
        }
    }

    /// Renders the page.
    pub fn show(&self, app: &App, who: &Respondent, status: StatusCode) -> Result<HttpResponse, PortalError> {
        Ok(who.shell("Check what the workbook changes").show(app, status, self)?)
    }
}

/// POST `/respond/upload/save`
pub async fn save(app: Data<App>, who: Visit, posted: Posted) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = Respondent::reading(who)?;
        if let Some(signed) = who.signature().cloned() {
            return Err(PortalError::Signed(Box::new((who.opened, signed))));
        }
        let questionnaire = who.opened.questionnaire(&app.office)?;
        let (assessment, today) = (&who.opened.assessment, who.opened.practice.day(now));
        let slugs: Vec<&str> = posted.all("take").collect();
        let chosen = match offline::chosen(questionnaire, assessment, &who.answers, &posted.0, &slugs, today) {
            Ok(chosen) => chosen,
            // The day went by since the page was shown, or somebody wrote the form anew.
            Err((question, problem)) => {
                let says = format!("{} {problem}. Put it right in the workbook and upload it again", question.text);
                return upload::page(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, Some(says));
            }
        };
        let given = chosen.clone();
        match keep(
            &app,
            &who.opened,
            chosen,
            BTreeMap::new(),
            BTreeMap::new(),
            Seen::read(posted.text("seen")).unwrap_or_default(),
            Saving::Pressed,
        )
        .await?
        {
            Saved::All(_) => Ok(Done::Workbook.lead("/respond/check")),
            Saved::Conflicts { answers, questions } => {
                let changes: Vec<Change> = given
                    .into_iter()
                    .filter_map(|(slug, becomes)| {
                        let meanwhile = questions.iter().any(|question| question == slug);
                        let was = answers.get(slug).cloned();
                        Some(Change { slug: slug.to_owned(), was, becomes: becomes?, meanwhile })
                    })
                    .collect();
                Uploaded::changes(questionnaire, &changes, &answers).show(&app, &who, StatusCode::CONFLICT)
            }
        }
    })
    .await
}

impl Context for Uploaded<'_> {
    const TEMPLATE: &'static str = "portal/uploaded";
    fn samples() -> Vec<Self> {
        let page = |text: &'static str, lines: usize| {
            let words = |text: &str| Words { said: text.to_owned(), notes: vec![text.to_owned()] };
            let line = Line {
                slug: "tec.scans",
                question: text,
                was: Some(words(text)),
                becomes: words(text),
                meanwhile: lines > 1,
            };
            let faulty = Faulty {
                cell: "I12".to_owned(),
                question: text,
                problem: text.to_owned(),
                href: Some("/respond/scans#tec.scans".to_owned()),
            };
            Self {
                back: "/respond/upload",
                other: lines > 1,
                faults: vec![faulty; lines],
                strange: vec![Strange { cell: "I40".to_owned(), says: text.to_owned() }; lines],
                beside: vec![Strange { cell: "J12".to_owned(), says: text.to_owned() }; lines],
                not_asked: vec![text; lines],
                changes: vec![line.clone(), Line { was: None, meanwhile: false, ..line }]
                    .into_iter()
                    .take(lines)
                    .collect(),
                count: format!("{lines} answers"),
                same: Some(counted(lines)),
                seen: "tec.scans:-".to_owned(),
                fields: vec![Hidden { name: "tec.scans".to_owned(), value: text.to_owned() }; lines],
            }
        };
        vec![page("Is it encrypted?", 2), page("", 0), page(longest(400), 2), page(HOSTILE, 2), page("One", 1)]
    }
}
