//! Answers: what was said to a question, and what stands behind it.
//!
//! [`form`] reads them from a page's fields, [`sheet`] from a workbook, [`file`] from a reply
//! file; [`say`] puts them into words; [`whole`] says what one lacks to make sense. What an
//! answer is worth is scoring's business.

pub mod aside;
pub mod earlier;
pub mod file;
pub mod form;
pub mod listed;
pub mod say;
pub mod seen;
pub mod sheet;
pub mod support;
pub mod told;
pub mod typed;
pub mod whole;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use self::told::Told;
use super::civil_date;
use super::words::words;

words! {
    /// The graded answers.
    pub enum Grade {
        Yes = "yes" => "Yes",
        /// A documented equivalent (45 CFR 164.306(d)(3)).
        Alternative = "alternative" => "Another measure instead",
        Partial = "partial" => "Partly",
        Planned = "planned" => "Not yet, but planned",
        No = "no" => "No",
    }
}
words! {
    /// What stands behind an answer, weakest first.
    pub enum Evidence {
        Assertion = "assertion" => "Said so",
        Narrative = "narrative" => "Described in words",
        /// A document on file and in date.
        Document = "document" => "Document on file",
        Checked = "checked" => "Checked by a reviewer",
    }
}
words! {
    /// What the practice decided about "does not apply".
    pub enum NaDecision {
        Pending = "pending" => "waiting for a decision",
        Accepted = "accepted" => "accepted",
        Rejected = "rejected" => "not accepted",
    }
}

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    Grade(Grade),
    Choice(String),
    Several(BTreeSet<String>),
    Date(NaiveDate),
    Number(i64),
    /// Rows by column key; never empty.
    Rows(Vec<BTreeMap<String, String>>),
    /// An explicit "none" where rows were asked for.
    NoRows,
    Contact {
        name: String,
        email: String,
        phone: String,
    },
    Text(String),
    Tick(bool),
    /// "Not sure", in a question of any kind.
    Unknown,
    /// "Does not apply to us".
    NotApplicable,
}

/// One answer to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub value: Value,
    /// Why it does not apply, or which other measure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When a planned measure will be in place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<NaiveDate>,
    /// The second field of questions that have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    #[serde(default = "pending", skip_serializing_if = "is_pending")]
    pub na: NaDecision,
    #[serde(default = "assertion", skip_serializing_if = "is_assertion")]
    pub evidence: Evidence,
    /// Who told it to the practice, when the vendor did not type it in itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Told>,
    /// The day on which the vendor signed this answer elsewhere, where it was taken over from
    /// there. It stays with the answer, so that the signed copy has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_over: Option<NaiveDate>,
}

fn pending() -> NaDecision {
    NaDecision::Pending
}
fn is_pending(na: &NaDecision) -> bool {
    *na == NaDecision::Pending
}
fn assertion() -> Evidence {
    Evidence::Assertion
}
fn is_assertion(evidence: &Evidence) -> bool {
    *evidence == Evidence::Assertion
}

/// Answers by question slug. The order is the slug's, so that digests do not depend on
/// the order in which pages were saved.
pub type Answers = BTreeMap<String, Answer>;

impl Answer {
    /// A bare answer, with nothing behind it.
    pub fn of(value: Value) -> Self {
        Self {
            value,
            reason: None,
            by: None,
            detail: None,
            na: NaDecision::Pending,
            evidence: Evidence::Assertion,
            told: None,
            taken_over: None,
        }
    }

    /// The answer as a form gives it: without what others put beside it, for comparing.
    pub fn bare(&self) -> Self {
        let evidence = if self.reason.is_some() { Evidence::Narrative } else { Evidence::Assertion };
        Self { na: NaDecision::Pending, evidence, told: None, taken_over: None, ..self.clone() }
    }

    /// Where it comes from, if it was not typed in here by the vendor.
    pub fn origin(&self) -> Option<String> {
        let taken = |on| format!("Taken over from own answers signed on {}", civil_date::say(on));
        self.told.as_ref().map(Told::says).or(self.taken_over.map(taken))
    }

    /// Whether it is, or has among several, `value`: what a condition asks.
    pub fn is(&self, value: &str) -> bool {
        match &self.value {
            Value::Grade(grade) => grade.key() == value,
            Value::Choice(key) => key == value,
            Value::Several(keys) => keys.contains(value),
            Value::Unknown => value == "unknown",
            Value::NotApplicable => value == "na",
            Value::NoRows => value == "none",
            Value::Tick(ticked) => *ticked && value == "yes",
            Value::Date(_) | Value::Number(_) | Value::Rows(_) | Value::Contact { .. } | Value::Text(_) => false,
        }
    }
}

/// The lookup that [`super::condition::Condition::holds`] wants.
pub fn lookup(answers: &Answers) -> impl Fn(&str, &str) -> bool + '_ {
    |slug, value| answers.get(slug).is_some_and(|answer| answer.is(value))
}

/// All answers as a form gives them, for comparing them with what somebody typed.
pub fn bare(answers: &Answers) -> Answers {
    answers.iter().map(|(slug, answer)| (slug.clone(), answer.bare())).collect()
}
