//! An answer in words: for pages, receipts, and the sentence that says what changed.

use super::{Answer, Grade, Value};
use crate::domain::civil_date;
use crate::domain::questionnaire::{AnswerKind, ColumnKind, Question};

/// The whole answer, as the respondent would read it back.
pub fn full(question: &Question, answer: &Answer) -> String {
    let mut said = value(question, &answer.value);
    if let (Value::Grade(Grade::Planned), Some(by)) = (&answer.value, answer.by) {
        said = format!("{said}, by {}", civil_date::say(by));
    }
    for more in [&answer.detail, &answer.reason].into_iter().flatten() {
        said = format!("{said}: {more}");
    }
    said
}

/// The answer in few words, for "… in 2026, … in 2025": lower case, with its detail.
pub fn short(question: &Question, answer: &Answer) -> String {
    let said = match &answer.value {
        Value::Rows(rows) => rows.iter().map(|row| name_of(question, row)).collect::<Vec<_>>().join(", "),
        Value::Contact { name, .. } => name.clone(),
        other => lower_first(&value(question, other)),
    };
    match &answer.detail {
        Some(detail) => format!("{said} ({detail})"),
        None => said,
    }
}

/// The first column names the row.
fn name_of(question: &Question, row: &std::collections::BTreeMap<String, String>) -> String {
    let AnswerKind::List { columns, .. } = &question.answer else { return String::new() };
    columns.iter().find_map(|column| row.get(&column.key)).cloned().unwrap_or_default()
}

fn value(question: &Question, value: &Value) -> String {
    match value {
        Value::Grade(grade) => grade.says().to_owned(),
        Value::Choice(key) => choice(question, key),
        Value::Several(keys) => keys.iter().map(|key| choice(question, key)).collect::<Vec<_>>().join("; "),
        Value::Date(date) => civil_date::say(*date),
        Value::Number(number) => match &question.answer {
            AnswerKind::Number { unit, .. } => format!("{number} {unit}"),
            _ => number.to_string(),
        },
        Value::Rows(rows) => rows.iter().map(|each| row(question, each)).collect::<Vec<_>>().join("; "),
        Value::NoRows => match &question.answer {
            AnswerKind::List { none_says: Some(says), .. } => says.clone(),
            _ => "None".to_owned(),
        },
        Value::Contact { name, email, phone } => {
            [name, email, phone].into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ")
        }
        Value::Text(text) => text.clone(),
        Value::Tick(true) => "Yes".to_owned(),
        Value::Tick(false) => "No".to_owned(),
        Value::Unknown => "Not sure".to_owned(),
        Value::NotApplicable => "Does not apply".to_owned(),
    }
}

fn row(question: &Question, row: &std::collections::BTreeMap<String, String>) -> String {
    let AnswerKind::List { columns, .. } = &question.answer else { return String::new() };
    let cells = columns.iter().filter_map(|column| {
        let cell = row.get(&column.key)?;
        let known = column.choices.iter().find(|choice| choice.key == *cell);
        if let Some(day) = cell.parse().ok().filter(|_| column.kind == ColumnKind::Date) {
            return Some(civil_date::say(day));
        }
        Some(known.map_or_else(|| cell.clone(), |choice| choice.says.clone()))
    });
    cells.collect::<Vec<_>>().join(", ")
}

fn choice(question: &Question, key: &str) -> String {
    match &question.answer {
        AnswerKind::Choice { choices } | AnswerKind::Several { choices, .. } => {
            choices.iter().find(|choice| choice.key == key).map_or_else(|| key.to_owned(), |choice| choice.says.clone())
        }
        _ => key.to_owned(),
    }
}

/// With a small first letter, unless the word is one of capitals.
pub fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        // "US servers" keeps its capitals; "Yes" does not.
        Some(first) if !letters.clone().next().is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}
