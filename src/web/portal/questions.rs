//! The whole questionnaire to read, to print, or to take away as a workbook. By the link alone
//! no answer is shown; whoever has started gets a workbook with the saved ones.

pub mod paper;

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::colleague::Helper;
use super::problem::{PortalError, answer};
use super::question::cites;
use super::respondent::{Respondent, Visit};
use super::view::{HOSTILE, Shell, longest, year};
use crate::app::App;
use crate::domain::answers::{Answers, Grade, sheet};
use crate::domain::civil_date;
use crate::domain::colleague::Part;
use crate::domain::correction::Correction;
use crate::domain::entry::Act;
use crate::domain::questionnaire::{AnswerKind, Asked, Authority, Question, Questionnaire, Section};
use crate::domain::words::counted;
use crate::flows::offline;
use crate::flows::receive::{self, Opened};
use crate::report::offline::{self as workbooks, Paper};
use crate::store::StoreError;
use crate::templates::Context;
use crate::web::{Answered, WebError};

const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[derive(Clone, Debug, Serialize)]
pub struct Questions<'a> {
    back: String,
    vendor: &'a str,
    due: String,
    /// Where the workbook is.
    workbook: String,
    /// Where they are as a PDF.
    pdf: String,
    /// Started: the workbook has the saved answers in it.
    started: bool,
    /// Those of a colleague, or some that are asked again: there is no workbook of a part.
    alone: bool,
    /// The signed answers are open again, and these are asked about.
    again: bool,
    count: String,
    sections: Vec<SectionToRead<'a>>,
}

#[derive(Clone, Debug, Serialize)]
struct SectionToRead<'a> {
    title: &'a str,
    topics: Vec<TopicToRead<'a>>,
}

#[derive(Clone, Debug, Serialize)]
struct TopicToRead<'a> {
    title: &'a str,
    questions: Vec<ToRead<'a>>,
}

#[derive(Clone, Debug, Serialize)]
struct ToRead<'a> {
    n: String,
    text: &'a str,
    help: &'a str,
    hangs_on: Option<String>,
    authority: Option<&'static str>,
    why: &'a str,
    evidence: &'a str,
    cites: String,
    how: String,
    /// Boxes to tick.
    boxes: Vec<Cow<'a, str>>,
    /// Lines to write on, each with what is wanted there; the first may have none.
    lines: Vec<Cow<'a, str>>,
}

impl<'a> Questions<'a> {
    fn of(opened: &'a Opened, questionnaire: &'a Questionnaire, at: &str, back: String, started: bool) -> Self {
        let part = opened.invitation.part.as_ref();
        let again = asked_again(opened);
        let sections = sections(questionnaire, &opened.assessment.asked, part, again);
        let due = again.and_then(|open| open.due_on).unwrap_or(opened.assessment.due_on);
        let count: usize = sections.iter().flat_map(|one| &one.topics).map(|topic| topic.questions.len()).sum();
        Self {
            back,
            vendor: &opened.vendor_name,
            due: civil_date::say_with_day(due),
            workbook: format!("{at}.xlsx"),
            pdf: format!("{at}.pdf"),
            started,
            alone: part.is_some() || again.is_some(),
            again: again.is_some(),
            count: counted(count, "question"),
            sections,
        }
    }
}

/// What the practice asks about answers that are signed; a colleague's part is over by then.
fn asked_again(opened: &Opened) -> Option<&Correction> {
    opened.correction.as_ref().filter(|open| open.by_practice() && opened.invitation.part.is_none())
}

fn sections<'a>(
    questionnaire: &'a Questionnaire,
    asked: &Asked,
    part: Option<&Part>,
    again: Option<&Correction>,
) -> Vec<SectionToRead<'a>> {
    let (mut n, mut sections) = (0, Vec::new());
    let theirs = |section: &&Section| part.is_none_or(|part| part.sections.contains(&section.id));
    for section in questionnaire.sections.iter().filter(theirs) {
        let mut topics = Vec::new();
        for topic in &section.topics {
            let of_topic = topic.questions.iter().filter(|question| asked.may_include(question));
            let of_topic = of_topic.filter(|question| again.is_none_or(|open| open.asks(question)));
            let questions: Vec<ToRead<'a>> = of_topic
                .map(|question| {
                    n += 1;
                    to_read(n, questionnaire, question)
                })
                .collect();
            if !questions.is_empty() {
                topics.push(TopicToRead { title: &topic.title, questions });
            }
        }
        if !topics.is_empty() {
            sections.push(SectionToRead { title: &section.title, topics });
        }
    }
    sections
}

fn to_read<'a>(n: usize, questionnaire: &Questionnaire, question: &'a Question) -> ToRead<'a> {
    let (boxes, mut lines) = room(question);
    if let Some(detail) = &question.detail {
        lines.push(Cow::Borrowed(&detail.label));
    }
    ToRead {
        n: n.to_string(),
        text: &question.text,
        help: &question.help,
        hangs_on: sheet::hangs_on(questionnaire, question),
        authority: (question.authority == Authority::Proposed).then_some("Proposed rule, not in force"),
        why: &question.why,
        evidence: &question.evidence,
        cites: cites(&question.citations),
        how: sheet::how(question),
        boxes,
        lines,
    }
}

/// The room for an answer on paper: boxes and lines.
fn room(question: &Question) -> (Vec<Cow<'_, str>>, Vec<Cow<'_, str>>) {
    let (mut boxes, mut lines): (Vec<Cow<'_, str>>, Vec<Cow<'_, str>>) = (Vec::new(), Vec::new());
    match &question.answer {
        AnswerKind::Graded => {
            let grades =
                Grade::ALL.iter().filter(|grade| **grade != Grade::Alternative || question.allows_alternative());
            boxes.extend(grades.map(|grade| match grade {
                Grade::Planned => Cow::Borrowed("Not yet, but planned, by (date) ____________"),
                grade => Cow::Borrowed(grade.says()),
            }));
        }
        AnswerKind::Choice { choices } | AnswerKind::Several { choices, .. } => {
            boxes.extend(choices.iter().map(|choice| Cow::Borrowed(choice.says.as_str())));
        }
        AnswerKind::List { columns, none_says, .. } => {
            let labels: Vec<&str> = columns.iter().map(|column| column.label.as_str()).collect();
            lines.push(Cow::Owned(format!("For each: {}", labels.join(", "))));
            boxes.extend(none_says.iter().map(|says| Cow::Borrowed(says.as_str())));
        }
        AnswerKind::Contact => lines.extend(["Full name", "E-mail address", "Telephone"].map(Cow::Borrowed)),
        AnswerKind::Tick => boxes.push(Cow::Borrowed("Yes")),
        AnswerKind::Date { .. } | AnswerKind::Number { .. } | AnswerKind::Text => lines.push(Cow::Borrowed("Answer")),
    }
    if question.answer != AnswerKind::Tick {
        for says in ["Not sure", "Does not apply to us, because ____________"] {
            let known = boxes.iter().any(|one| one.split(',').next() == says.split(',').next());
            if !known {
                boxes.push(Cow::Borrowed(says));
            }
        }
    }
    (boxes, lines)
}

/// GET `/i/{token}/questions`: changes nothing, and shows no answer.
pub async fn by_link(app: Data<App>, token: Path<String>) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let token = token.into_inner();
        let opened = opened(&app, token.clone(), now).await?;
        let at = format!("/i/{token}/questions");
        let page = Questions::of(&opened, opened.questionnaire(&app.office)?, &at, format!("/i/{token}"), false);
        let title = title(&opened);
        Ok(Shell::of(&opened.practice, &title).show(&app, StatusCode::OK, &page)?)
    })
    .await
}

/// GET `/i/{token}/questions.xlsx`
pub async fn blank_workbook(app: Data<App>, token: Path<String>) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let opened = opened(&app, token.into_inner(), now).await?;
        send(&app, opened, Answers::new(), now).await
    })
    .await
}

/// GET `/respond/questions`
pub async fn show(app: Data<App>, who: Visit) -> Answered {
    answer(&app, async {
        let who = Respondent::unfinished(who)?;
        let questionnaire = who.opened.questionnaire(&app.office)?;
        let page = Questions::of(&who.opened, questionnaire, "/respond/questions", "/respond".to_owned(), true);
        Ok(who.shell(&title(&who.opened)).show(&app, StatusCode::OK, &page)?)
    })
    .await
}

/// GET `/respond/questions.xlsx`: with the saved answers; the history says that they went.
pub async fn workbook(app: Data<App>, who: Visit) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = Respondent::reading(who)?;
        let saved = who.answers.len();
        let sentence = format!("took the questionnaire away as a workbook, with {saved} saved answers");
        let opened = who.opened.clone();
        app.write(move |conn| offline::note(conn, &opened, Act::Exported, sentence, now)).await?;
        send(&app, who.opened, who.answers, now).await
    })
    .await
}

fn title(opened: &Opened) -> String {
    let year = year(&opened.assessment);
    match asked_again(opened) {
        Some(_) => format!("What is asked again of the {year} HIPAA self-check"),
        None => format!("All questions of the {year} HIPAA self-check"),
    }
}

async fn opened(app: &App, token: String, now: DateTime<Utc>) -> Result<Opened, PortalError> {
    let opened = app.read(move |conn| receive::open(conn, &token, now)).await?;
    match &opened.invitation.part {
        Some(part) => Err(PortalError::Colleague(Box::new(Helper::of(&opened, part)))),
        None => Ok(opened),
    }
}

/// Makes the workbook away from the threads that serve requests.
async fn send(app: &App, opened: Opened, answers: Answers, now: DateTime<Utc>) -> Result<HttpResponse, PortalError> {
    let office = app.office.clone();
    let due = opened.assessment.due_on;
    let made = tokio::task::spawn_blocking(move || {
        let questionnaire = opened.questionnaire(&office)?;
        let due = civil_date::say_with_day(opened.assessment.due_on);
        let paper = Paper {
            practice: &opened.practice.name,
            vendor: &opened.vendor_name,
            due: &due,
            questionnaire,
            asked: &opened.assessment.asked,
            answers: &answers,
            made_at: now,
        };
        workbooks::workbook(&paper).map_err(|error| StoreError::Corrupt(format!("no workbook: {error}")))
    });
    let book = made.await.map_err(|error| WebError::Internal(Box::new(error)))??;
    Ok(HttpResponse::Ok()
        .content_type(MEDIA_TYPE)
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"self-check-{}.xlsx\"", due.format("%Y"))))
        .body(book))
}

impl Context for Questions<'_> {
    const TEMPLATE: &'static str = "portal/questions";
    fn samples() -> Vec<Self> {
        let page = |text: &'static str, questions: &'static [Question]| {
            let all: Vec<ToRead<'_>> = (1..)
                .zip(questions)
                .map(|(n, question)| {
                    let (boxes, lines) = room(question);
                    ToRead {
                        n: n.to_string(),
                        text: &question.text,
                        help: &question.help,
                        hangs_on: Some(text.to_owned()),
                        authority: Some("Proposed rule, not in force"),
                        why: &question.why,
                        evidence: &question.evidence,
                        cites: cites(&question.citations),
                        how: sheet::how(question),
                        boxes,
                        lines,
                    }
                })
                .collect();
            Self {
                back: "/respond".to_owned(),
                vendor: text,
                due: "Friday, December 11, 2026".to_owned(),
                workbook: "/respond/questions.xlsx".to_owned(),
                pdf: "/respond/questions.pdf".to_owned(),
                started: text.is_empty(),
                alone: text == HOSTILE,
                again: text == HOSTILE,
                count: counted(all.len(), "question"),
                sections: vec![SectionToRead {
                    title: text,
                    topics: vec![TopicToRead { title: text, questions: all }],
                }],
            }
        };
        let [plain, long, hostile] = &*super::samples::EVERY_KIND;
        vec![page("Northwind", plain), page(longest(200), long), page(HOSTILE, hostile), page("", &[])]
    }
}
