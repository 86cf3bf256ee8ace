//! What one answer earns, in percent of its question's weight, and how it is shown.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};

use super::model::Model;
use crate::domain::answers::{Answer, Evidence, Grade, NaDecision, Value};
use crate::domain::questionnaire::{
    AnswerKind, Choice, DateBand, Detail, DetailRule, ListCredit, NumberBand, Question,
};
use crate::domain::words::words;

words! {
    /// What an answer is shown as, where it is not simply met.
    pub enum Note {
        NaAccepted = "na_accepted" => "Does not apply (accepted)",
        NaNotAccepted = "na_not_accepted" => "“Does not apply” counts as a gap until it is accepted",
        DoesNotKnow = "does_not_know" => "Does not know",
        LeftBlank = "left_blank" => "Left blank",
        Alternative = "alternative" => "Met by another measure",
        AlternativeNotOpen = "alternative_not_open" => "Another measure cannot stand in here",
        Partly = "partly" => "Partly in place",
        Planned = "planned" => "Planned",
        PlannedUndated = "planned_undated" => "Planned, but without a date",
        PlannedPast = "planned_past" => "Planned, but the date has passed",
        NotMet = "not_met" => "Not in place",
        FutureDay = "future_day" => "The day given is still to come",
        TooLongAgo = "too_long_ago" => "Too long ago",
        NothingCurrent = "nothing_current" => "Nothing current",
        DetailMissing = "detail_missing" => "The second part is left blank",
        DetailLow = "detail_low" => "The second part is less than asked for",
        NotReadable = "not_readable" => "The answer does not fit the question",
        MoreProof = "more_proof" => "In place; more proof would count for more",
    }
}

/// How a critical question or a hard stop stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    Failed,
    Partly,
    Met,
}

/// What one answer earns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Worth {
    /// Percent, 0 to 100.
    pub credit: u32,
    pub note: Option<Note>,
    /// False for an accepted "does not apply": the question leaves both sums.
    pub counted: bool,
    pub standing: Standing,
}

impl Worth {
    fn nothing(note: Note) -> Self {
        Self { credit: 0, note: Some(note), counted: true, standing: Standing::Failed }
    }
}

/// Credit and the note that goes with it.
type Earned = (u32, Option<Note>);

/// What the answer to this question earns on this day; `None` is left blank.
pub(super) fn worth(model: &Model, question: &Question, answer: Option<&Answer>, as_of: NaiveDate) -> Worth {
    let Some(answer) = answer else {
        return Worth::nothing(Note::LeftBlank);
    };
    match &answer.value {
        Value::NotApplicable if answer.na == NaDecision::Accepted => {
            Worth { credit: 0, note: Some(Note::NaAccepted), counted: false, standing: Standing::Met }
        }
        Value::NotApplicable => Worth::nothing(Note::NaNotAccepted),
        Value::Unknown => Worth::nothing(Note::DoesNotKnow),
        _ => {
            let earned = by_kind(model, question, answer, as_of);
            let (credit, note) = with_detail(question, answer, earned);
            // A questionnaire that promises more than full credit gives full credit.
            let credit = credit.min(100);
            Worth { credit, note, counted: true, standing: standing(model, answer, credit) }
        }
    }
}

/// A plan is not a control: it fails a critical question although it earns a little.
/// Another measure meets one when a document stands behind it, although it earns less.
fn standing(model: &Model, answer: &Answer, credit: u32) -> Standing {
    let shown = answer.evidence >= Evidence::Document && credit >= model.grades.alternative;
    match answer.value {
        _ if credit == 0 => Standing::Failed,
        Value::Grade(Grade::Planned) => Standing::Failed,
        _ if credit == 100 => Standing::Met,
        Value::Grade(Grade::Alternative) if shown => Standing::Met,
        _ => Standing::Partly,
    }
}

fn by_kind(model: &Model, question: &Question, answer: &Answer, as_of: NaiveDate) -> Earned {
    match (&question.answer, &answer.value) {
        (AnswerKind::Graded, Value::Grade(grade)) => graded(model, question, *grade, answer.by, as_of),
        (AnswerKind::Choice { choices }, Value::Choice(key)) => choice(choices, key),
        (AnswerKind::Several { choices, credit_by_count }, Value::Several(keys)) => {
            several(choices, credit_by_count, keys)
        }
        (AnswerKind::Date { bands }, Value::Date(day)) => dated(bands, *day, as_of),
        (AnswerKind::Number { bands, .. }, Value::Number(number)) => numbered(bands, *number),
        (AnswerKind::List { credit, .. }, Value::Rows(rows)) => listed(model, credit, rows, as_of),
        // "None" is an answer where the list itself is wanted, and no credit where something should be on it.
        (AnswerKind::List { credit: ListCredit::Stated, .. }, Value::NoRows) => (100, None),
        (AnswerKind::List { .. }, Value::NoRows) => (0, Some(Note::NothingCurrent)),
        (AnswerKind::Contact, Value::Contact { name, email, phone }) => contact(model, [name, email, phone]),
        (AnswerKind::Text, Value::Text(text)) if blank(text) => (0, Some(Note::LeftBlank)),
        (AnswerKind::Text, Value::Text(_)) | (AnswerKind::Tick, Value::Tick(true)) => (100, None),
        (AnswerKind::Tick, Value::Tick(false)) => (0, Some(Note::NotMet)),
        _ => (0, Some(Note::NotReadable)),
    }
}

fn graded(model: &Model, question: &Question, grade: Grade, by: Option<NaiveDate>, as_of: NaiveDate) -> Earned {
    let earned = model.grade(grade);
    match grade {
        Grade::Yes => (earned, None),
        // 45 CFR 164.306(d)(3) allows a substitute for addressable measures only.
        Grade::Alternative if !question.allows_alternative() => (0, Some(Note::AlternativeNotOpen)),
        Grade::Alternative => (earned, Some(Note::Alternative)),
        Grade::Partial => (earned, Some(Note::Partly)),
        Grade::Planned => match by {
            None => (0, Some(Note::PlannedUndated)),
            Some(by) if by < as_of => (0, Some(Note::PlannedPast)),
            Some(_) => (earned, Some(Note::Planned)),
        },
        Grade::No => (0, Some(Note::NotMet)),
    }
}

fn choice(choices: &[Choice], key: &str) -> Earned {
    match choices.iter().find(|choice| choice.key == key) {
        None => (0, Some(Note::NotReadable)),
        Some(_) if key == "unknown" => (0, Some(Note::DoesNotKnow)),
        Some(choice) => measured(choice.credit, Note::NotMet),
    }
}

fn several(choices: &[Choice], credit_by_count: &[u32], keys: &BTreeSet<String>) -> Earned {
    let count = choices.iter().filter(|choice| choice.credit > 0 && keys.contains(&choice.key)).count();
    let credit = credit_by_count.get(count).or(credit_by_count.last());
    measured(credit.copied().unwrap_or(0), Note::NotMet)
}

fn dated(bands: &[DateBand], day: NaiveDate, as_of: NaiveDate) -> Earned {
    let age = (as_of - day).num_days();
    if age < 0 {
        return (0, Some(Note::FutureDay));
    }
    let band = bands.iter().filter(|band| age <= band.within_days).min_by_key(|band| band.within_days);
    measured(band.map_or(0, |band| band.credit), Note::TooLongAgo)
}

/// The next day after `as_of` on which time alone changes what this answer earns.
pub fn next_turn(question: &Question, answer: &Answer, as_of: NaiveDate) -> Option<NaiveDate> {
    let after = |day: NaiveDate, days: i64| day.checked_add_signed(TimeDelta::days(days + 1));
    let turns: Vec<NaiveDate> = match (&question.answer, &answer.value) {
        (AnswerKind::Graded, Value::Grade(Grade::Planned)) => {
            answer.by.and_then(|by| after(by, 0)).into_iter().collect()
        }
        (AnswerKind::Date { bands }, Value::Date(day)) => {
            bands.iter().filter_map(|band| after(*day, band.within_days)).collect()
        }
        (
            AnswerKind::List { credit: ListCredit::Current { ends } | ListCredit::InScope { ends, .. }, .. },
            Value::Rows(rows),
        ) => {
            let ends = rows.iter().filter_map(|row| row.get(ends)?.trim().parse().ok());
            ends.filter_map(|end: NaiveDate| after(end, 0)).collect()
        }
        _ => Vec::new(),
    };
    turns.into_iter().filter(|turn| *turn > as_of).min()
}

fn numbered(bands: &[NumberBand], number: i64) -> Earned {
    let band = bands.iter().find(|band| band.fits(number));
    measured(band.map_or(0, |band| band.credit), Note::NotMet)
}

type Row = BTreeMap<String, String>;

fn listed(model: &Model, credit: &ListCredit, rows: &[Row], as_of: NaiveDate) -> Earned {
    if rows.is_empty() {
        return (0, Some(Note::LeftBlank));
    }
    let current = |ends: &String| rows.iter().filter(|row| is_current(row, ends, as_of)).collect::<Vec<_>>();
    match credit {
        ListCredit::Stated => (100, None),
        ListCredit::Current { ends } if current(ends).is_empty() => (0, Some(Note::NothingCurrent)),
        ListCredit::Current { .. } => (100, None),
        ListCredit::InScope { ends, scope, within } => {
            let current = current(ends);
            match current.iter().any(|row| row.get(scope) == Some(within)) {
                true => (100, None),
                false if current.is_empty() => (0, Some(Note::NothingCurrent)),
                false => measured(model.out_of_scope, Note::NotMet),
            }
        }
    }
}

/// A row without an end is current; one whose end cannot be read is not.
fn is_current(row: &Row, ends: &str, as_of: NaiveDate) -> bool {
    match row.get(ends) {
        None => true,
        Some(text) if blank(text) => true,
        Some(text) => text.trim().parse::<NaiveDate>().is_ok_and(|day| day >= as_of),
    }
}

fn contact(model: &Model, parts: [&String; 3]) -> Earned {
    let (complete, incomplete) = model.contact;
    match parts.into_iter().filter(|part| !blank(part)).count() {
        0 => (0, Some(Note::LeftBlank)),
        3 => measured(complete, Note::NotMet),
        _ => measured(incomplete, Note::NotMet),
    }
}

/// What the second field takes away, where it is asked for this answer.
fn with_detail(question: &Question, answer: &Answer, earned: Earned) -> Earned {
    let Some(detail) = question.detail.as_ref().filter(|detail| is_asked(detail, answer)) else {
        return earned;
    };
    let written = answer.detail.as_deref().filter(|text| !blank(text));
    let (credit, _) = earned;
    match (detail.rule, written) {
        _ if credit == 0 => earned,
        (DetailRule::Noted, _) | (DetailRule::Needed, Some(_)) => earned,
        (DetailRule::Needed, None) => (0, Some(Note::DetailMissing)),
        (DetailRule::HalvedBelow(_), None) => (credit / 2, Some(Note::DetailMissing)),
        (DetailRule::HalvedBelow(least), Some(text)) => match text.trim().parse::<i64>() {
            Ok(number) if number >= least => earned,
            _ => (credit / 2, Some(Note::DetailLow)),
        },
    }
}

fn is_asked(detail: &Detail, answer: &Answer) -> bool {
    detail.with.is_empty() || detail.with.iter().any(|key| answer.is(key))
}

/// A credit with the note that a reader needs for it.
fn measured(credit: u32, none: Note) -> Earned {
    match credit {
        0 => (0, Some(none)),
        1..=99 => (credit, Some(Note::Partly)),
        _ => (100, None),
    }
}

fn blank(text: &str) -> bool {
    text.trim().is_empty()
}

#[cfg(test)]
#[path = "credit_tests.rs"]
mod tests;
