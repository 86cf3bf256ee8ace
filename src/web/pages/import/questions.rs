//! What is not clear in the uploaded file, as questions with an answer already suggested
//! where that is safe.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::columns::save;
use super::{faults, reached, trail};
use crate::app::App;
use crate::domain::ids::ImportId;
use crate::domain::vendor_file::{Choices, Question, Replies, Reply, TYPE};
use crate::flows::import::{self, ImportError, Stage};
use crate::store::StoreError;
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::pages::words;
use crate::web::session::SignedIn;
use crate::web::view::{Choosable, Crumb, ErrorLine, Here, Staff};
use crate::web::{Answered, see_other};

#[derive(Serialize)]
pub struct ImportQuestions {
    crumbs: Vec<Crumb>,
    errors: Vec<ErrorLine>,
    id: String,
    heading: String,
    file: String,
    questions: Vec<QuestionLine>,
    more: Option<String>,
}

#[derive(Serialize)]
struct QuestionLine {
    id: String,
    asks: String,
    /// `Column “PHI?”, lines 4, 9 and 12 more`
    place: String,
    hint: String,
    error: Option<String>,
    /// Few options are shown at once; many in a list.
    radios: Vec<Choosable>,
    select: Vec<Choosable>,
    typing: Option<Typing>,
}

#[derive(Serialize)]
struct Typing {
    label: String,
    value: String,
}

/// Questions on one page.
const AT_ONCE: usize = 50;
/// More options than this are a list to choose from.
const MOST_RADIOS: usize = 4;
/// The longest answer that is kept.
const LONGEST: usize = 600;

/// `errors` are by the question's key.
fn page(import: ImportId, file: &str, questions: &[&Question], errors: &[(String, String)]) -> ImportQuestions {
    let shown = &questions[..questions.len().min(AT_ONCE)];
    let lines = shown.iter().map(|question| {
        let error = errors.iter().find(|(key, _)| *key == question.key).map(|(_, says)| says.clone());
        question_line(question, error)
    });
    let rest = questions.len() - shown.len();
    ImportQuestions {
        crumbs: trail(),
        errors: errors.iter().map(|(at, says)| ErrorLine { at: at.clone(), says: told(questions, at, says) }).collect(),
        id: import.to_string(),
        heading: match questions.len() {
            1 => "One question about your list".to_owned(),
            more => format!("{more} questions about your list"),
        },
        file: file.to_owned(),
        questions: lines.collect(),
        more: (rest > 0).then(|| format!("{} more after these.", words::counted(rest, "question"))),
    }
}

/// An error away from its question: with what was asked.
fn told(questions: &[&Question], key: &str, says: &str) -> String {
    let asked = questions.iter().find(|question| question.key == key).map_or("", |question| question.asks.as_str());
    format!("{}: {says}", asked.trim_end_matches(['?', '.']))
}

fn question_line(question: &Question, error: Option<String>) -> QuestionLine {
    let chosen = question.reply.as_ref().map(|reply| reply.choice.as_str()).or(question.suggested.as_deref());
    let option = |(at, answer): (usize, &crate::domain::vendor_file::Answer)| Choosable {
        // A link from the list of errors leads to the first.
        id: if at == 0 { question.key.clone() } else { format!("{}-{at}", question.key) },
        value: answer.value.clone(),
        label: answer.says.clone(),
        hint: None,
        checked: chosen == Some(answer.value.as_str()),
    };
    let options: Vec<Choosable> = question.options.iter().enumerate().map(option).collect();
    let typed = question.reply.as_ref().filter(|reply| !reply.text.is_empty()).map(|reply| reply.text.clone());
    let few = options.len() <= MOST_RADIOS;
    QuestionLine {
        id: question.key.clone(),
        asks: question.asks.clone(),
        place: place(question),
        hint: question.hint.clone(),
        error,
        radios: if few { options.clone() } else { Vec::new() },
        select: if few { Vec::new() } else { options },
        typing: question
            .typing
            .as_ref()
            .map(|(label, value)| Typing { label: label.clone(), value: typed.unwrap_or_else(|| value.clone()) }),
    }
}

fn place(question: &Question) -> String {
    let vendors = question.vendors.iter().map(String::as_str).chain(std::iter::repeat(""));
    let named: Vec<String> = question
        .lines
        .iter()
        .zip(vendors)
        .map(|(line, vendor)| if vendor.is_empty() { line.to_string() } else { format!("{line} ({vendor})") })
        .collect();
    let more = question.times.saturating_sub(named.len());
    let lines = match (named.as_slice(), more) {
        ([one], 0) => format!("line {one}"),
        ([first @ .., last], 0) => format!("lines {} and {last}", first.join(", ")),
        (several, more) => format!("lines {} and {more} more", several.join(", ")),
    };
    match &question.column {
        Some(column) => format!("Column “{column}”, {lines}"),
        None => words::capital(&lines),
    }
}

impl Context for ImportQuestions {
    const TEMPLATE: &'static str = "pages/import_questions";
    fn samples() -> Vec<Self> {
        use crate::domain::vendor_file::{Table, choices};
        let messy = "Vendor,Email,PHI?,Criticality\n<script>,a@b.test;c@d.test,none,<script>\n,x@y.test,,\n";
        let chosen = Choices { columns: Some(vec![]), ..Choices::default() };
        let questions = Table::open(messy.as_bytes(), None).ok().and_then(|table| {
            let columns = choices::layout(&table, None).columns.iter().map(|column| column.target).collect();
            match choices::read(&table, &Choices { columns: Some(columns), ..chosen }).ok()? {
                choices::Step::Read(reading) => Some(reading.questions),
                choices::Step::Columns(_) => None,
            }
        });
        let questions = questions.unwrap_or_default();
        let all: Vec<&Question> = questions.iter().collect();
        let errors: Vec<(String, String)> =
            all.iter().take(1).map(|one| (one.key.clone(), "Choose <one>".to_owned())).collect();
        vec![
            page(ImportId::fresh(), "vendors.xlsx", &all, &[]),
            page(ImportId::fresh(), "<script>", &all, &errors),
            page(ImportId::fresh(), "", &[], &[]),
        ]
    }
}

const TITLE: &str = "Questions about your list";

/// GET `/vendors/import/{id}/questions`; those answered already too, with `?all=1`.
pub async fn form(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let import: ImportId = id(&path)?;
    let (kept, stage) = reached(&app, &who, import).await?;
    let all = query(&request).is_ticked("all");
    let questions = match stage {
        Ok(Stage::Questions(questions)) => questions,
        Ok(Stage::Ready(_, questions)) if all && !questions.is_empty() => questions,
        Ok(Stage::Ready(..)) => return Ok(see_other(&format!("/vendors/import/{import}"))),
        Ok(Stage::Columns { .. }) => return Ok(see_other(&format!("/vendors/import/{import}/columns"))),
        Err(ImportError::Faults(found)) => return faults::show(&app, &who, &kept.name, &found),
        Err(ImportError::Store(error)) => return Err(error.into()),
    };
    let shown: Vec<&Question> = questions.iter().filter(|question| all || question.is_open()).collect();
    Staff { who: &who, here: Here::VENDORS, title: TITLE, notice: None }
        .ok(&app, &page(import, &kept.name, &shown, &[]))
}

/// POST `/vendors/import/{id}/questions`
pub async fn answer(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let import: ImportId = id(&path)?;
    let (kept, stage) = reached(&app, &who, import).await?;
    let known: BTreeSet<String> = match stage {
        Ok(Stage::Questions(questions) | Stage::Ready(_, questions)) => {
            questions.into_iter().map(|question| question.key).collect()
        }
        _ => return Ok(see_other(&format!("/vendors/import/{import}"))),
    };
    let shown: Vec<String> = posted.all("shown").filter(|key| known.contains(*key)).map(str::to_owned).collect();
    let mut chosen = kept.choices.clone();
    chosen.replies.extend(replies(&posted, &shown));
    let (scope, name, content, tried) = (who.scope, kept.name, kept.content, chosen.clone());
    let stage =
        app.read_in(who.scope, move |conn| Ok::<_, StoreError>(import::stage(conn, &scope, &content, &tried))).await?;
    if let Ok(Stage::Questions(questions)) = &stage {
        let open: Vec<&Question> =
            questions.iter().filter(|question| question.is_open() && shown.contains(&question.key)).collect();
        if !open.is_empty() {
            let errors: Vec<(String, String)> = open
                .iter()
                .map(|question| {
                    let says = question.problem.clone().unwrap_or_else(|| "Choose an answer".to_owned());
                    (question.key.clone(), says)
                })
                .collect();
            let all: Vec<&Question> = questions.iter().filter(|question| shown.contains(&question.key)).collect();
            return unanswered(&app, &who, &page(import, &name, &all, &errors));
        }
    }
    save(&app, &who, import, chosen, "questions").await
}

fn unanswered(app: &App, who: &SignedIn, content: &ImportQuestions) -> Result<HttpResponse, crate::web::WebError> {
    Staff { who, here: Here::VENDORS, title: "Error: Questions about your list", notice: None }.show(
        app,
        StatusCode::UNPROCESSABLE_ENTITY,
        content,
    )
}

/// The answers to the questions that the page showed.
fn replies(posted: &Posted, shown: &[String]) -> Replies {
    let reply = |key: &String| {
        let choice: String = posted.text(key).chars().take(LONGEST).collect();
        let typed = matches!(choice.as_str(), TYPE | "two");
        let text =
            if typed { posted.text(&format!("{key}-text")).chars().take(LONGEST).collect() } else { String::new() };
        (!choice.is_empty()).then(|| (key.clone(), Reply { choice, text }))
    };
    shown.iter().filter_map(reply).collect()
}
