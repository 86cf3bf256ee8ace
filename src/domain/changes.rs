//! What a vendor does differently from its last accepted year, as sentences.
//!
//! Only change-bearing answers count (`domain/hipaa.md` 2.13), and only questions that were
//! answered both times: a question newly asked is not a change in how data is handled.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::answers::{Answer, Answers, Value, say};
use super::exposure::Exposure;
use super::flags::{Fact, FlagKind};
use super::questionnaire::{AnswerKind, ColumnKind, Question, Questionnaire};

/// One accepted year: when, what was asked of whom, and the answers.
#[derive(Clone, Copy, Debug)]
pub struct Year<'a> {
    pub accepted_on: NaiveDate,
    pub exposure: &'a Exposure,
    pub questionnaire: &'a Questionnaire,
    pub answers: &'a Answers,
}

/// The facts that differ between two accepted years.
pub fn between(before: &Year<'_>, after: &Year<'_>) -> Vec<Fact> {
    let (then, now) = names(before.accepted_on, after.accepted_on);
    let mut facts: Vec<Fact> = after
        .questionnaire
        .questions()
        .filter(|question| question.change_bearing)
        .filter_map(|question| {
            let (was, is) = (before.answers.get(&question.slug)?, after.answers.get(&question.slug)?);
            let old = before.questionnaire.question(&question.slug).unwrap_or(question);
            (!same(question, was, is)).then(|| {
                let (was, is) = said(old, was, question, is);
                changed(&question.slug, format!("{}: {is} in {now}, {was} in {then}", question.short))
            })
        })
        .collect();
    facts.extend(
        profile(before.exposure, after.exposure)
            .into_iter()
            .map(|(subject, what, was, is)| changed(subject, format!("{what}: {is} in {now}, {was} in {then}"))),
    );
    facts
}

fn changed(subject: &str, sentence: String) -> Fact {
    Fact { kind: FlagKind::Changed, subject: subject.to_owned(), sentence }
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
fn names(before: NaiveDate, after: NaiveDate) -> (String, String) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answers::Grade;
    use crate::domain::questionnaire::parse::parse;

    fn questionnaire() -> Questionnaire {
        let text = r#"
id = "t"
version = 1
title = "T"
purpose = "self-assessment"
statement = "S"
[[section]]
id = "off"
title = "O"
[[section.topic]]
id = "one"
title = "One"
[[section.topic.question]]
id = "off.kept"
text = "Is it stored abroad?"
short = "Stores records outside the US"
answer = "choice"
choices = [ { key = "no", says = "No", credit = 100 }, { key = "yes", says = "Yes", credit = 0 } ]
detail = { label = "Where", rule = "noted" }
authority = "good-practice"
weight = 4
change_bearing = true
[[section.topic.question]]
id = "off.other"
text = "Other?"
short = "Other"
answer = "graded"
authority = "good-practice"
weight = 4
"#;
        parse("t-v1.toml", text).unwrap()
    }

    fn year(on: &str) -> NaiveDate {
        on.parse().unwrap()
    }

    #[test]
    fn a_vendor_that_moves_records_abroad_is_said_in_a_sentence() {
        let questionnaire = questionnaire();
        let exposure = Exposure::default();
        let answer = |key: &str| Answers::from([("off.kept".to_owned(), Answer::of(Value::Choice(key.to_owned())))]);
        let (was, mut is) = (answer("no"), answer("yes"));
        is.insert("off.other".to_owned(), Answer::of(Value::Grade(Grade::No)));
        let at =
            |accepted_on, answers| Year { accepted_on, exposure: &exposure, questionnaire: &questionnaire, answers };
        let found = between(&at(year("2025-11-01"), &was), &at(year("2026-11-02"), &is));
        let sentences: Vec<&str> = found.iter().map(|fact| fact.sentence.as_str()).collect();
        assert_eq!(sentences, ["Stores records outside the US: yes in 2026, no in 2025"]);
    }

    #[test]
    fn the_same_answer_with_better_evidence_is_no_change() {
        let questionnaire = questionnaire();
        let exposure = Exposure::default();
        let plain = Answer::of(Value::Choice("no".to_owned()));
        let backed = Answer { evidence: crate::domain::answers::Evidence::Document, ..plain.clone() };
        let (was, is) =
            (Answers::from([("off.kept".to_owned(), plain)]), Answers::from([("off.kept".to_owned(), backed)]));
        let at =
            |accepted_on, answers| Year { accepted_on, exposure: &exposure, questionnaire: &questionnaire, answers };
        assert_eq!(between(&at(year("2025-11-01"), &was), &at(year("2026-11-02"), &is)), []);
    }

    #[test]
    fn a_new_kind_of_access_is_a_change() {
        let questionnaire = questionnaire();
        let (answers, was) = (Answers::new(), Exposure::default());
        let is = Exposure { offshore: crate::domain::exposure::Offshore::Stored, ..was.clone() };
        let before =
            Year { accepted_on: year("2025-01-01"), exposure: &was, questionnaire: &questionnaire, answers: &answers };
        let after = Year { accepted_on: year("2026-01-01"), exposure: &is, ..before };
        assert_eq!(
            between(&before, &after)[0].sentence,
            "Outside the United States: it is stored abroad in 2026, not known in 2025"
        );
    }
}
