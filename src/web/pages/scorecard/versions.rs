//! What became of a reply after it was signed: questions that were sent back with their
//! remarks, what the vendor said to them, and which answers each version changed.

use chrono_tz::Tz;
use serde::Serialize;

use crate::domain::access::Scope;
use crate::domain::answers::{Answer, Answers, say};
use crate::domain::civil_date;
use crate::domain::correction::{Correction, EarlierReply, Outcome};
use crate::domain::ids::AssessmentId;
use crate::domain::questionnaire::Questionnaire;
use crate::domain::words::counted;
use crate::flows::correct;
use crate::store::{self, Db, StoreError};

/// As it was kept.
#[derive(Clone, Debug, Default)]
pub struct Life {
    pub corrections: Vec<Correction>,
    pub earlier: Vec<EarlierReply>,
}

impl Life {
    /// # Errors
    /// The database's.
    pub fn load(conn: &mut Db, scope: &Scope, id: AssessmentId) -> Result<Self, StoreError> {
        Ok(Self {
            corrections: store::corrections::of_assessment(conn, scope, id)?,
            earlier: store::corrections::earlier(conn, scope, id)?,
        })
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
struct Line {
    who: String,
    says: String,
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
    /// `answers` are those in force.
    pub fn of(
        id: AssessmentId,
        life: &Life,
        questionnaire: &Questionnaire,
        answers: &Answers,
        timezone: Tz,
        may: bool,
    ) -> Self {
        let open = life.corrections.iter().find(|one| one.ended.is_none());
        Self {
            id: id.to_string(),
            may,
            open: open.map(opened),
            threads: threads(&life.corrections, questionnaire),
            versions: versions(id, life, questionnaire, answers, timezone),
        }
    }

    pub fn sample(text: &str) -> Self {
        let change = Change { question: text.to_owned(), was: "Blank".to_owned(), is: text.to_owned() };
        let line = |who: &str| Line { who: who.to_owned(), says: text.to_owned() };
        Self {
            id: "1".to_owned(),
            may: true,
            open: Some(Opened { says: text.to_owned() }),
            threads: vec![Thread { question: text.to_owned(), lines: vec![line("Dana, Nov 3"), line("Vendor")] }],
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

fn threads(corrections: &[Correction], questionnaire: &Questionnaire) -> Vec<Thread> {
    let thread = |question: &crate::domain::questionnaire::Question| {
        let lines: Vec<Line> = corrections.iter().flat_map(|one| lines(one, &question.slug)).collect();
        (!lines.is_empty()).then(|| Thread { question: question.text.clone(), lines })
    };
    questionnaire.questions().filter_map(thread).collect()
}

fn lines(one: &Correction, slug: &str) -> Vec<Line> {
    let Some(remark) = one.returned.get(slug) else { return Vec::new() };
    let on = civil_date::say_short(one.opened_on);
    let mut lines = vec![Line { who: format!("{}, {on}", one.opened_by), says: remark.clone() }];
    let signed = matches!(one.ended, Some((Outcome::Signed, _)));
    let who = || if signed { "The vendor, signed" } else { "The vendor, not signed yet" }.to_owned();
    // What was typed and never signed is the vendor's own until then.
    match one.replies.get(slug).filter(|_| signed) {
        Some(reply) => lines.push(Line { who: who(), says: reply.clone() }),
        None if signed && one.changes.contains_key(slug) => {
            lines.push(Line { who: who(), says: "Changed the answer.".to_owned() });
        }
        None if signed => lines.push(Line { who: who(), says: "Left the answer as it was.".to_owned() }),
        None => {}
    }
    lines
}

/// The versions that were replaced, the newest first, each with what the next one changed.
fn versions(
    id: AssessmentId,
    life: &Life,
    questionnaire: &Questionnaire,
    answers: &Answers,
    timezone: Tz,
) -> Vec<Version> {
    let signed: Vec<Answers> =
        life.earlier.iter().map(|old| correct::as_signed(&old.signed).unwrap_or_default()).collect();
    let whys: Vec<&Correction> =
        life.corrections.iter().filter(|one| matches!(one.ended, Some((Outcome::Signed, _)))).collect();
    let version = |(at, old): (usize, &EarlierReply)| {
        let after = signed.get(at + 1).unwrap_or(answers);
        let changed = correct::changed(&signed[at], after);
        let said = |question, answer: Option<&Answer>| {
            answer.map_or_else(|| "Not answered".to_owned(), |answer| say::full(question, answer))
        };
        Version {
            heading: format!(
                "Version {}, signed by {} on {}, reference {}",
                old.version,
                old.signed.name,
                civil_date::say_instant(old.signed.signed_at, timezone),
                old.signed.reference
            ),
            why: whys.get(at).map(|one| match one.by_practice() {
                true => format!("Replaced after {} had sent questions back.", one.opened_by),
                false => format!("Replaced because: “{}”", one.reason),
            }),
            pdf: format!("/assessments/{id}/signed.pdf?version={}", old.version),
            sha256: old.signed.sha256.clone(),
            changes: questionnaire
                .questions()
                .filter(|question| changed.contains(&question.slug))
                .map(|question| Change {
                    question: question.text.clone(),
                    was: said(question, signed[at].get(&question.slug)),
                    is: said(question, after.get(&question.slug)),
                })
                .collect(),
        }
    };
    life.earlier.iter().enumerate().rev().map(version).collect()
}
