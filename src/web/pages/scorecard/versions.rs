//! What became of a reply after it was signed: questions that were sent back with their
//! remarks, what the vendor said to them, and which answers each version changed.

use chrono_tz::Tz;
use serde::Serialize;

use crate::domain::access::Scope;
use crate::domain::answers::{Answers, say};
use crate::domain::assessment::Attestation;
use crate::domain::civil_date;
use crate::domain::correction::thread::{Said, thread};
use crate::domain::correction::{Correction, EarlierReply, Occasion, Outcome};
use crate::domain::ids::AssessmentId;
use crate::domain::questionnaire::{Question, Questionnaire};
use crate::domain::signed_copy::SignedCopy;
use crate::domain::words::counted;
use crate::store::{self, Db, StoreError};

/// As it was kept.
#[derive(Clone, Debug, Default)]
pub struct Life {
    pub corrections: Vec<Correction>,
    pub earlier: Vec<EarlierReply>,
    /// What was signed, of each of those and of the version in force.
    copies: Vec<SignedCopy>,
}

impl Life {
    /// `signed` is the signature in force.
    ///
    /// # Errors
    /// The database's, and a signed copy that cannot be read.
    pub fn load(
        conn: &mut Db,
        scope: &Scope,
        id: AssessmentId,
        signed: Option<&Attestation>,
    ) -> Result<Self, StoreError> {
        let corrections = store::corrections::of_assessment(conn, scope, id)?;
        let earlier = store::corrections::earlier(conn, scope, id)?;
        let last = if earlier.is_empty() { None } else { signed };
        let signed = earlier.iter().map(|old| &old.signed).chain(last);
        let copies = signed.map(SignedCopy::read).collect::<Result<_, _>>().map_err(StoreError::Corrupt)?;
        Ok(Self { corrections, earlier, copies })
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Versions {
    id: String,
    /// The person may send questions back.
    may: bool,
    /// One is open, by the vendor or by us.
    open: Option<Opened>,
    threads: Vec<Thread>,
    versions: Vec<Version>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Opened {
    says: String,
}

/// All that was said about one question, both sides, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Thread {
    question: String,
    lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    who: String,
    says: String,
}

impl Line {
    pub fn sample(text: &str) -> Self {
        Self { who: "Dana, Nov 3".to_owned(), says: text.to_owned() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Version {
    heading: String,
    why: Option<String>,
    /// Its signed copy.
    pdf: String,
    sha256: String,
    changes: Vec<Change>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Change {
    question: String,
    was: String,
    is: String,
}

impl Versions {
    pub fn of(id: AssessmentId, life: &Life, questionnaire: &Questionnaire, timezone: Tz, may: bool) -> Self {
        let open = life.corrections.iter().find(|one| one.ended.is_none());
        Self {
            id: id.to_string(),
            may,
            open: open.map(opened),
            threads: threads(&life.corrections, questionnaire),
            versions: versions(id, life, questionnaire, timezone),
        }
    }

    pub fn sample(text: &str) -> Self {
        let change = Change { question: text.to_owned(), was: "Blank".to_owned(), is: text.to_owned() };
        Self {
            id: "1".to_owned(),
            may: true,
            open: Some(Opened { says: text.to_owned() }),
            threads: vec![Thread { question: text.to_owned(), lines: vec![Line::sample(text), Line::sample(text)] }],
            versions: vec![Version {
                heading: "Version 1, signed on November 2, 2026".to_owned(),
                why: Some(text.to_owned()),
                pdf: "/assessments/1/signed.pdf?version=1".to_owned(),
                sha256: "9f86".repeat(16),
                changes: vec![change],
            }],
        }
    }
}

fn opened(open: &Correction) -> Opened {
    let on = civil_date::say(open.opened_on);
    let says = match open.due_on {
        Some(due) if open.occasion.is_recheck() => format!(
            "{}: {} went to the vendor on {on}, to be answered by {}. Until they sign again, the answers below stand.",
            open.occasion.says(),
            counted(open.returned.len(), "question"),
            civil_date::say(due),
        ),
        Some(due) => format!(
            "{} went back to the vendor on {on}, sent by {}, to be answered by {}. Until they sign again, the answers below \
             stand.",
            counted(open.returned.len(), "question"),
            open.opened_by,
            civil_date::say(due),
        ),
        None => format!(
            "The vendor opened these answers on {on} to correct them: “{}”. Until they sign again, the answers below stand.",
            open.reason
        ),
    };
    Opened { says }
}

/// What was said about one answer.
pub fn lines(corrections: &[Correction], slug: &str) -> Vec<Line> {
    thread(corrections, slug).into_iter().map(|Said { who, says }| Line { who, says }).collect()
}

fn threads(corrections: &[Correction], questionnaire: &Questionnaire) -> Vec<Thread> {
    let of = |question: &Question| {
        let lines = lines(corrections, &question.slug);
        (!lines.is_empty()).then(|| Thread { question: question.text.clone(), lines })
    };
    questionnaire.questions().filter_map(of).collect()
}

/// The versions that were replaced, the newest first, each with what the next one changed.
fn versions(id: AssessmentId, life: &Life, questionnaire: &Questionnaire, timezone: Tz) -> Vec<Version> {
    let whys: Vec<&Correction> =
        life.corrections.iter().filter(|one| matches!(one.ended, Some((Outcome::Signed, _)))).collect();
    let version = |(at, (old, copies)): (usize, (&EarlierReply, &[SignedCopy]))| Version {
        heading: format!(
            "Version {}, signed by {} on {}, reference {}",
            old.version,
            old.signed.name,
            civil_date::say_instant(old.signed.signed_at, timezone),
            old.signed.reference
        ),
        why: whys.get(at).map(|one| match one.occasion {
            Occasion::Own => format!("Replaced because: “{}”", one.reason),
            Occasion::Returned => format!("Replaced after {} had sent questions back.", one.opened_by),
            Occasion::HalfYear => "Replaced by the half-year check.".to_owned(),
            Occasion::Change => "Replaced when questions were asked again after a change.".to_owned(),
        }),
        pdf: format!("/assessments/{id}/signed.pdf?version={}", old.version),
        sha256: old.signed.sha256.clone(),
        changes: changes(&copies[0], &copies[1], questionnaire),
    };
    life.earlier.iter().zip(life.copies.windows(2)).enumerate().map(version).rev().collect()
}

fn changes(was: &SignedCopy, is: &SignedCopy, questionnaire: &Questionnaire) -> Vec<Change> {
    let changed = was.changed_in(is);
    let (before, after, files, files_after) = (was.answers(), is.answers(), was.files(), is.files());
    let said = |question: &Question, answers: &Answers| match answers.get(&question.slug) {
        Some(answer) => say::full(question, answer),
        None => "Not answered".to_owned(),
    };
    let names = |names: Option<&Vec<&str>>| names.map_or("No file".to_owned(), |names| names.join(", "));
    let mut changes = Vec::new();
    for question in questionnaire.questions() {
        let slug = question.slug.as_str();
        if changed.contains(slug) {
            let (was, is) = (said(question, &before), said(question, &after));
            changes.push(Change { question: question.text.clone(), was, is });
        }
        if files.get(slug) != files_after.get(slug) {
            let (was, is) = (names(files.get(slug)), names(files_after.get(slug)));
            changes.push(Change { question: format!("Files: {}", question.text), was, is });
        }
    }
    changes
}
