//! Reads a questionnaire file. The format is described in `questionnaires/README.md`.

use std::collections::BTreeSet;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{
    AnswerKind, Authority, Cause, Choice, Column, DateBand, Detail, Gravity, ListCredit, NumberBand, Purpose, Question,
    Questionnaire, Section, Specification, Topic,
};
use crate::domain::condition::Condition;

/// Why a questionnaire file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ParseError {
    #[error("{file}: {problem}")]
    Shape { file: String, problem: String },
    #[error("{file}, question {slug}: {problem}")]
    Question { file: String, slug: String, problem: String },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    version: u32,
    title: String,
    purpose: Purpose,
    #[serde(default)]
    intro: String,
    statement: String,
    section: Vec<FileSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSection {
    id: String,
    title: String,
    topic: Vec<FileTopic>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileTopic {
    id: String,
    title: String,
    question: Vec<FileQuestion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileQuestion {
    id: String,
    text: String,
    short: String,
    #[serde(default)]
    why: String,
    #[serde(default)]
    help: String,
    #[serde(default)]
    evidence: String,
    answer: String,
    choices: Option<Vec<Choice>>,
    credit_by_count: Option<Vec<u32>>,
    bands: Option<Vec<toml::Value>>,
    unit: Option<String>,
    least: Option<i64>,
    most: Option<i64>,
    columns: Option<Vec<Column>>,
    none_says: Option<String>,
    list_credit: Option<ListCredit>,
    detail: Option<Detail>,
    #[serde(default)]
    weight: u32,
    #[serde(default = "no_gravity")]
    critical: Gravity,
    #[serde(default = "no_specification")]
    specification: Specification,
    #[serde(default)]
    citation: Vec<String>,
    authority: Authority,
    proposed: Option<String>,
    #[serde(default)]
    causes: BTreeSet<Cause>,
    #[serde(default = "everyone")]
    applies_when: String,
    #[serde(default)]
    change_bearing: bool,
    #[serde(default)]
    lite: bool,
    #[serde(default)]
    required: bool,
}

fn no_gravity() -> Gravity {
    Gravity::None
}
fn no_specification() -> Specification {
    Specification::None
}
fn everyone() -> String {
    "all".to_owned()
}

/// The digest that pins a version: SHA-256 over the text with LF line ends, so that a
/// checkout on another system does not look like an edit.
pub fn digest(text: &str) -> String {
    let hash = Sha256::digest(text.replace("\r\n", "\n").as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads one file; `file` is its name, for messages.
///
/// # Errors
/// Names the file, and the question where one is at fault.
pub fn parse(file: &str, text: &str) -> Result<Questionnaire, ParseError> {
    let read: File = toml::from_str(text)
        .map_err(|error| ParseError::Shape { file: file.to_owned(), problem: error.to_string().trim().to_owned() })?;
    let mut sections = Vec::with_capacity(read.section.len());
    for section in read.section {
        let mut topics = Vec::with_capacity(section.topic.len());
        for topic in section.topic {
            let questions =
                topic.question.into_iter().map(|asked| question(file, asked)).collect::<Result<Vec<_>, _>>()?;
            topics.push(Topic { id: topic.id, title: topic.title, questions });
        }
        sections.push(Section { id: section.id, title: section.title, topics });
    }
    Ok(Questionnaire {
        id: read.id,
        version: read.version,
        title: read.title,
        purpose: read.purpose,
        intro: read.intro,
        statement: read.statement,
        sections,
        digest: digest(text),
    })
}

fn question(file: &str, mut read: FileQuestion) -> Result<Question, ParseError> {
    let slug = read.id.clone();
    let fault = |problem: String| ParseError::Question { file: file.to_owned(), slug: slug.clone(), problem };
    let answer = answer_kind(&mut read).map_err(fault)?;
    let left = leftovers(&read);
    if !left.is_empty() {
        return Err(fault(format!("a {} question has no {}", read.answer, left.join(" and no "))));
    }
    let applies = Condition::parse(&read.applies_when)
        .map_err(|error| fault(format!("applies_when “{}”: {error}", read.applies_when)))?;
    Ok(Question {
        slug: read.id,
        text: read.text,
        short: read.short,
        why: read.why,
        help: read.help,
        evidence: read.evidence,
        answer,
        detail: read.detail,
        weight: read.weight,
        gravity: read.critical,
        specification: read.specification,
        citations: read.citation,
        authority: read.authority,
        proposed: read.proposed,
        causes: read.causes,
        applies,
        change_bearing: read.change_bearing,
        lite: read.lite,
        required: read.required,
    })
}

/// Takes the fields that the kind of answer uses; [`leftovers`] finds the others.
fn answer_kind(read: &mut FileQuestion) -> Result<AnswerKind, String> {
    let missing = |field: &str| format!("needs “{field}”");
    match read.answer.as_str() {
        "graded" => Ok(AnswerKind::Graded),
        "choice" => Ok(AnswerKind::Choice { choices: read.choices.take().ok_or_else(|| missing("choices"))? }),
        "several" => Ok(AnswerKind::Several {
            choices: read.choices.take().ok_or_else(|| missing("choices"))?,
            credit_by_count: read.credit_by_count.take().unwrap_or_default(),
        }),
        "date" => Ok(AnswerKind::Date { bands: bands::<DateBand>(read.bands.take())? }),
        "number" => Ok(AnswerKind::Number {
            unit: read.unit.take().ok_or_else(|| missing("unit"))?,
            least: read.least.take().unwrap_or(0),
            most: read.most.take().ok_or_else(|| missing("most"))?,
            bands: bands::<NumberBand>(read.bands.take())?,
        }),
        "list" => Ok(AnswerKind::List {
            columns: read.columns.take().ok_or_else(|| missing("columns"))?,
            none_says: read.none_says.take(),
            credit: read.list_credit.take().unwrap_or(ListCredit::Stated),
        }),
        "contact" => Ok(AnswerKind::Contact),
        "text" => Ok(AnswerKind::Text),
        "tick" => Ok(AnswerKind::Tick),
        other => Err(format!(
            "answer “{other}” is not known; use graded, choice, several, date, number, list, contact, text or tick"
        )),
    }
}

fn bands<T: for<'de> Deserialize<'de>>(read: Option<Vec<toml::Value>>) -> Result<Vec<T>, String> {
    read.unwrap_or_default()
        .into_iter()
        .map(|band| band.try_into().map_err(|error: toml::de::Error| format!("bands: {}", error.message())))
        .collect()
}

fn leftovers(read: &FileQuestion) -> Vec<&'static str> {
    [
        (read.choices.is_some(), "choices"),
        (read.credit_by_count.is_some(), "credit_by_count"),
        (read.bands.is_some(), "bands"),
        (read.unit.is_some(), "unit"),
        (read.least.is_some(), "least"),
        (read.most.is_some(), "most"),
        (read.columns.is_some(), "columns"),
        (read.none_says.is_some(), "none_says"),
        (read.list_credit.is_some(), "list_credit"),
    ]
    .into_iter()
    .filter_map(|(left, name)| left.then_some(name))
    .collect()
}
