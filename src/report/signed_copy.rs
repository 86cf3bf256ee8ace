//! The signed copy of a reply as a document: from the snapshot that was frozen when it was
//! signed, so that the same signature always gives the same file.

use chrono::{NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

use crate::domain::answers::{Answer, listed};
use crate::domain::assessment::{Assurance, Attestation};
use crate::domain::civil_date;
use crate::domain::correction::EarlierReply;
use crate::domain::questionnaire::{Questionnaire, Section};
use crate::paper::{self, Block, Level, Look, Paper, PaperError, Table, Text};

/// One version of a reply.
#[derive(Clone, Copy, Debug)]
pub struct SignedCopy<'a> {
    pub signed: &'a Attestation,
    /// The one that was asked.
    pub questionnaire: &'a Questionnaire,
    pub timezone: Tz,
    /// From 1.
    pub version: u32,
    /// Where the link and the receipt went, masked.
    pub address: Option<&'a str>,
    /// The versions before this one.
    pub earlier: &'a [EarlierReply],
}

/// How much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Who signed what and when, without the answers: it may go by mail.
    Receipt,
    Whole,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    #[error("the signed copy cannot be read: {0}")]
    Snapshot(#[from] serde_json::Error),
    #[error(transparent)]
    Paper(#[from] PaperError),
}

/// What was signed, as it was kept.
#[derive(Debug, Deserialize)]
struct Snapshot {
    practice: String,
    vendor: String,
    answers: Vec<Line>,
    /// What came with a change notice as a whole.
    #[serde(default)]
    files: Vec<File>,
}

#[derive(Debug, Deserialize)]
struct Line {
    question: String,
    text: String,
    answer: Option<Answer>,
    #[serde(default)]
    files: Vec<File>,
}

#[derive(Debug, Deserialize)]
struct File {
    name: String,
    sha256: String,
    ends_on: Option<NaiveDate>,
}

/// Makes the PDF.
///
/// # Errors
/// A snapshot that cannot be read.
pub fn pdf(copy: &SignedCopy<'_>, part: Part) -> Result<Vec<u8>, CopyError> {
    Ok(paper::pdf(&document(copy, part)?)?)
}

fn document(copy: &SignedCopy<'_>, part: Part) -> Result<Paper, serde_json::Error> {
    let snapshot: Snapshot = serde_json::from_str(&copy.signed.snapshot)?;
    let (signed, title) = (copy.signed, &copy.questionnaire.title);
    let kind = if part == Part::Whole { "Signed copy" } else { "Receipt" };
    let mut blocks = opening(copy, &snapshot, part);
    if part == Part::Whole {
        blocks.push(Block::Heading(Level::Section, "Answers".to_owned()));
        let sections = copy.questionnaire.sections.iter();
        blocks.extend(sections.flat_map(|section| answers(copy, section, &snapshot.answers)));
        blocks.extend(along(copy, &snapshot.files));
    }
    Ok(Paper {
        caption: format!("{kind} · {}", signed.reference),
        title: format!("{title} of {}", snapshot.vendor),
        running: format!("{kind} {}", signed.reference),
        mark: format!("{} · SHA-256 {}", signed.reference, signed.sha256),
        dated: signed.signed_at.with_timezone(&Utc),
        blocks,
    })
}

fn opening(copy: &SignedCopy<'_>, snapshot: &Snapshot, part: Part) -> Vec<Block> {
    let (signed, plain) = (copy.signed, |text: &str| vec![Text::plain(text)]);
    let mut facts = vec![
        ("Reference".to_owned(), vec![Text::bold(&signed.reference)]),
        ("Signed by".to_owned(), plain(&format!("{}, {}", signed.name, signed.title))),
        ("E-mail, as typed by the signer".to_owned(), plain(&signed.email)),
        ("When".to_owned(), plain(&civil_date::say_instant(signed.signed_at, copy.timezone))),
        ("How we knew who signed".to_owned(), plain(&assurance(copy))),
        ("For".to_owned(), plain(&snapshot.vendor)),
        ("Sent to".to_owned(), plain(&snapshot.practice)),
    ];
    if let Some(says) = versions(copy) {
        facts.push(("Version".to_owned(), says));
    }
    let form = copy.questionnaire;
    let form_says = format!("{}, version {}", form.title, form.version);
    facts.push((
        "Questionnaire".to_owned(),
        vec![Text::plain(form_says), Text::small(format!("SHA-256 {}", form.digest))],
    ));
    facts.push(("Fingerprint of what was signed (SHA-256)".to_owned(), vec![Text::small(&signed.sha256)]));
    let about = "The fingerprint is taken over the record of the signature: questions, answers, files and declaration, to \
                 the byte. Whoever holds that record can show that it was not altered.";
    let mut blocks = vec![
        Block::Facts(facts),
        Block::Text(Text::small(about)),
        Block::Heading(Level::Section, "What was declared".to_owned()),
        Block::Panel(vec![Block::Text(Text::plain(&signed.statement))]),
    ];
    if part == Part::Receipt {
        let says = "The answers are not in this file. The link in the e-mail opens the signed copy, with all of them.";
        blocks.push(Block::Text(Text::small(says)));
    }
    blocks
}

fn assurance(copy: &SignedCopy<'_>) -> String {
    let link = match copy.address {
        Some(address) => format!("The link that was e-mailed to {address}"),
        None => "The link that was e-mailed".to_owned(),
    };
    match copy.signed.assurance {
        Assurance::Link => link,
        Assurance::Code => format!("{link}, and a code that was e-mailed there"),
    }
}

fn versions(copy: &SignedCopy<'_>) -> Option<Vec<Text>> {
    let replaced = copy.earlier.iter().map(|old| {
        let at = civil_date::say_instant(old.signed.signed_at, copy.timezone);
        Text::small(format!("In place of version {}, signed on {at}, reference {}", old.version, old.signed.reference))
    });
    (!copy.earlier.is_empty()).then(|| std::iter::once(Text::plain(copy.version.to_string())).chain(replaced).collect())
}

/// The files that came with it as a whole.
fn along(copy: &SignedCopy<'_>, files: &[File]) -> Vec<Block> {
    if files.is_empty() {
        return Vec::new();
    }
    let day = copy.signed.signed_at.with_timezone(&copy.timezone).date_naive();
    let lines = files.iter().flat_map(|file| file_says(file, day)).map(Block::Text);
    std::iter::once(Block::Heading(Level::Section, "Files that came with it".to_owned())).chain(lines).collect()
}

/// A section's answers under its title; nothing where none of its questions applied.
fn answers(copy: &SignedCopy<'_>, section: &Section, lines: &[Line]) -> Vec<Block> {
    let day = copy.signed.signed_at.with_timezone(&copy.timezone).date_naive();
    let questions = section.topics.iter().flat_map(|topic| &topic.questions);
    let rows: Vec<Vec<Vec<Text>>> = questions
        .filter_map(|question| {
            let line = lines.iter().find(|line| line.question == question.slug)?;
            let mut said = match &line.answer {
                Some(answer) => {
                    let mut said = vec![Text::bold(listed::said(question, answer))];
                    said.extend(listed::notes(question, answer).into_iter().map(Text::plain));
                    said
                }
                None => vec![Text { spans: vec![(Look::Italic, "Not answered".to_owned())], ..Text::default() }],
            };
            said.extend(line.files.iter().flat_map(|file| file_says(file, day)));
            Some(vec![vec![Text::plain(&line.text)], said])
        })
        .collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let head = vec!["Question".to_owned(), "Answer".to_owned()];
    let table = Table { head, shares: vec![46, 54], rows };
    vec![Block::Heading(Level::Topic, section.title.clone()), Block::Table(table)]
}

fn file_says(file: &File, day: NaiveDate) -> [Text; 2] {
    let until = match file.ends_on {
        None => String::new(),
        Some(ends) if ends >= day => format!(", until {}", civil_date::say(ends)),
        Some(ends) => format!(", which ended on {}", civil_date::say(ends)),
    };
    [Text::small(format!("File: {}{until}", file.name)), Text::small(format!("SHA-256 {}", file.sha256))]
}
