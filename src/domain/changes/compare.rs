//! What a vendor answers differently from its last accepted year.
//!
//! Only change-bearing answers count (`domain/hipaa.md` 2.13), and only questions that were
//! answered both times: a question newly asked is not a change in how data is handled.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::domain::answers::{Answer, Answers, Value, say};
use crate::domain::exposure::Exposure;
use crate::domain::ids::AssessmentId;
use crate::domain::questionnaire::{AnswerKind, ColumnKind, Question, Questionnaire};

/// One accepted year: which reply, when, what was asked of whom, and the answers.
#[derive(Clone, Copy, Debug)]
pub struct Year<'a> {
    pub reply: AssessmentId,
    pub accepted_on: NaiveDate,
    pub exposure: &'a Exposure,
    pub questionnaire: &'a Questionnaire,
    pub answers: &'a Answers,
}

/// One thing that differs between two accepted years, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The question, or the part of the profile.
    pub subject: String,
    pub about: String,
    pub was: String,
    pub became: String,
}

/// What differs between two accepted years.
pub fn between(before: &Year<'_>, after: &Year<'_>) -> Vec<Difference> {
    let mut found: Vec<Difference> = after
        .questionnaire
        .questions()
        .filter(|question| question.change_bearing)
        .filter_map(|question| {
            let (was, is) = (before.answers.get(&question.slug)?, after.answers.get(&question.slug)?);
            let old = before.questionnaire.question(&question.slug).unwrap_or(question);
            (!same(question, was, is)).then(|| {
                let (was, became) = said(old, was, question, is);
                Difference { subject: question.slug.clone(), about: question.short.clone(), was, became }
            })
        })
        .collect();
    found.extend(profile(before.exposure, after.exposure).into_iter().map(|(subject, about, was, became)| {
        Difference { subject: subject.to_owned(), about: about.to_owned(), was, became }
    }));
    found
}

/// What stands behind an answer is not what is done, and neither are the days in a list: a
/// certificate that was renewed is the same certificate.
fn same(question: &Question, was: &Answer, is: &Answer) -> bool {
    let rows_alike = match (&was.value, &is.value) {
        (Value::Rows(was), Value::Rows(is)) => undated(question, was) == undated(question, is),
        (was, is) => was == is,
    };
    rows_alike && was.detail == is.detail
}

/// The rows without their dates, in an order of their own: listing them anew is no change.
fn undated<'a>(question: &Question, rows: &'a [BTreeMap<String, String>]) -> Vec<Vec<(&'a str, &'a str)>> {
    let AnswerKind::List { columns, .. } = &question.answer else { return Vec::new() };
    let dated = |key: &str| columns.iter().any(|column| column.key == key && column.kind == ColumnKind::Date);
    let mut plain: Vec<Vec<(&str, &str)>> = rows
        .iter()
        .map(|row| row.iter().filter(|(key, _)| !dated(key)).map(|(key, cell)| (key.as_str(), cell.as_str())).collect())
        .collect();
    plain.sort();
    plain
}

/// Both answers in few words; in full where few words would read the same.
fn said(old: &Question, was: &Answer, question: &Question, is: &Answer) -> (String, String) {
    let short = (say::short(old, was), say::short(question, is));
    if short.0 == short.1 { (say::full(old, was), say::full(question, is)) } else { short }
}

/// "2025" and "2026"; with the month where both fall into one year, and the day where both
/// fall into one month.
pub(super) fn names(before: NaiveDate, after: NaiveDate) -> (String, String) {
    if (before.year(), before.month()) == (after.year(), after.month()) {
        return (before.format("%B %-d").to_string(), after.format("%B %-d").to_string());
    }
    if before.year() == after.year() {
        return (before.format("%B %Y").to_string(), after.format("%B %Y").to_string());
    }
    (before.year().to_string(), after.year().to_string())
}

type ProfileChange = (&'static str, &'static str, String, String);

fn profile(was: &Exposure, is: &Exposure) -> Vec<ProfileChange> {
    let list = |words: Vec<&'static str>| {
        let words: Vec<String> = words.into_iter().map(say::lower_first).collect();
        if words.is_empty() { "not known".to_owned() } else { words.join("; ") }
    };
    let one = |word: &str| say::lower_first(word);
    let mut changes = Vec::new();
    let mut compare = |subject, what, was: String, is: String| {
        if was != is {
            changes.push((subject, what, was, is));
        }
    };
    compare(
        "profile.elements",
        "Kinds of patient information",
        list(was.elements.iter().map(|element| element.says()).collect()),
        list(is.elements.iter().map(|element| element.says()).collect()),
    );
    compare(
        "profile.access",
        "How it reaches our information",
        list(was.access.iter().map(|way| way.says()).collect()),
        list(is.access.iter().map(|way| way.says()).collect()),
    );
    compare("profile.volume", "Number of patients", one(was.volume.says()), one(is.volume.says()));
    compare(
        "profile.criticality",
        "How long we could work without it",
        one(was.criticality.says()),
        one(is.criticality.says()),
    );
    compare(
        "profile.traits",
        "How it works",
        list(was.traits.iter().map(|one| one.says()).collect()),
        list(is.traits.iter().map(|one| one.says()).collect()),
    );
    compare("profile.subs", "Other companies it uses", one(was.subs.says()), one(is.subs.says()));
    compare("profile.offshore", "Outside the United States", one(was.offshore.says()), one(is.offshore.says()));
    changes
}
