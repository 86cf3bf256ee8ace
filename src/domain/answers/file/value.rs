//! Reads the value of one answer, by the kind of its question.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::faults::{Faults, day, did_you_mean, show};
use crate::domain::answers::{Grade, Value};
use crate::domain::questionnaire::{AnswerKind, Choice, Column, ColumnKind, DetailKind, Question};

/// The value and, where it is written as `{"value": …, "detail": …}`, its second field.
/// Null is no answer.
pub(super) fn read(
    faults: &mut Faults,
    place: &str,
    question: &Question,
    json: &Json,
) -> (Option<Value>, Option<String>) {
    match json {
        Json::Object(_) if question.answer != AnswerKind::Contact => {
            let Some(pair) = faults.object(place, json, &["value", "detail"]) else {
                return (None, None);
            };
            let at = |key: &str| pair.get(key).unwrap_or(&Json::Null);
            let detail = detail(faults, &format!("{place}.detail"), question, at("detail"));
            (plain(faults, &format!("{place}.value"), question, at("value")), detail)
        }
        _ => (plain(faults, place, question, json), None),
    }
}

/// The second field: text, a whole number, or several texts.
pub(super) fn detail(faults: &mut Faults, place: &str, question: &Question, json: &Json) -> Option<String> {
    if json.is_null() {
        return None;
    }
    let Some(detail) = &question.detail else {
        faults.add(place, "this question has no second field");
        return None;
    };
    let text = match json {
        Json::String(text) => Some(text.trim().to_owned()),
        Json::Number(number) if number.is_i64() => Some(number.to_string()),
        Json::Array(texts) => texts.iter().map(Json::as_str).collect::<Option<Vec<_>>>().map(|texts| {
            let said: Vec<&str> = texts.into_iter().map(str::trim).filter(|text| !text.is_empty()).collect();
            said.join(", ")
        }),
        _ => None,
    };
    let fits = |text: &String| detail.kind == DetailKind::Text || text.is_empty() || text.parse::<i64>().is_ok();
    match text.filter(fits) {
        Some(text) => Some(text).filter(|text| !text.is_empty()),
        None => {
            let wanted = if detail.kind == DetailKind::Number { "a whole number" } else { "text in quotation marks" };
            faults.add(place, format_args!("{} cannot stand here; write {wanted}", show(json)));
            None
        }
    }
}

fn plain(faults: &mut Faults, place: &str, question: &Question, json: &Json) -> Option<Value> {
    match (&question.answer, json) {
        (_, Json::Null) => None,
        (kind, Json::String(text)) if text == "unknown" && !offers(kind, text) => Some(Value::Unknown),
        (kind, Json::String(text)) if text == "na" && !offers(kind, text) => Some(Value::NotApplicable),
        (AnswerKind::Graded, Json::String(text)) => graded(faults, place, question, text),
        (AnswerKind::Choice { choices }, Json::String(key)) => choice(faults, place, choices, key),
        (AnswerKind::Several { choices, .. }, Json::Array(keys)) => several(faults, place, choices, keys),
        (AnswerKind::Date { .. }, Json::String(_)) => faults.date(place, json).map(Value::Date),
        (AnswerKind::Number { least, most, .. }, Json::Number(_)) => number(faults, place, *least, *most, json),
        (AnswerKind::List { none_says: Some(_), .. }, Json::String(text)) if text == "none" => Some(Value::NoRows),
        (AnswerKind::List { columns, .. }, Json::Array(rows)) if !rows.is_empty() => list(faults, place, columns, rows),
        (AnswerKind::Contact, Json::Object(_)) => contact(faults, place, json),
        (AnswerKind::Text, Json::String(_)) => faults.text(place, json).map(Value::Text),
        (AnswerKind::Tick, Json::Bool(ticked)) => Some(Value::Tick(*ticked)),
        (kind, other) => {
            faults.add(place, format_args!("{} is not an answer to this; write {}", show(other), wanted(kind)));
            None
        }
    }
}

/// What may be written in answer to a question of this kind.
fn wanted(kind: &AnswerKind) -> String {
    let wanted = match kind {
        AnswerKind::Graded => "one of: yes, partial, planned, no".to_owned(),
        AnswerKind::Choice { choices } => format!("one of: {}", keys(choices).join(", ")),
        AnswerKind::Several { choices, .. } => format!("a list of any of: {}", keys(choices).join(", ")),
        AnswerKind::Date { .. } => "a day as \"YYYY-MM-DD\"".to_owned(),
        AnswerKind::Number { least, most, .. } => format!("a whole number from {least} to {most}"),
        AnswerKind::List { columns, none_says, .. } => {
            let columns: Vec<&str> = columns.iter().map(|column| column.key.as_str()).collect();
            let none = if none_says.is_some() { ", or \"none\"" } else { "" };
            format!("a list of objects with {}{none}", columns.join(", "))
        }
        AnswerKind::Contact => "an object with name, email, phone".to_owned(),
        AnswerKind::Text => "text in quotation marks".to_owned(),
        AnswerKind::Tick => "true or false".to_owned(),
    };
    format!("{wanted}, or \"unknown\" or \"na\"")
}

fn keys(choices: &[Choice]) -> Vec<&str> {
    choices.iter().map(|choice| choice.key.as_str()).collect()
}

/// A choice of its own named "unknown" or "na" wins over the general one.
fn offers(kind: &AnswerKind, key: &str) -> bool {
    match kind {
        AnswerKind::Choice { choices } | AnswerKind::Several { choices, .. } => keys(choices).contains(&key),
        _ => false,
    }
}

fn graded(faults: &mut Faults, place: &str, question: &Question, text: &str) -> Option<Value> {
    let open = |grade: &Grade| *grade != Grade::Alternative || question.allows_alternative();
    match text.parse::<Grade>() {
        Ok(grade) if open(&grade) => return Some(Value::Grade(grade)),
        Ok(_) => faults.add(
            place,
            "“alternative” cannot be answered here: only an addressable measure may be replaced by another; \
             use one of: yes, partial, planned, no, unknown, na",
        ),
        Err(_) => {
            let grades = Grade::ALL.iter().copied().filter(open).map(Grade::key);
            let known: Vec<&str> = grades.chain(["unknown", "na"]).collect();
            not_known(faults, place, text, &known);
        }
    }
    None
}

fn choice(faults: &mut Faults, place: &str, choices: &[Choice], key: &str) -> Option<Value> {
    let mut known = keys(choices);
    if known.contains(&key) {
        return Some(Value::Choice(key.to_owned()));
    }
    for general in ["unknown", "na"] {
        if !known.contains(&general) {
            known.push(general);
        }
    }
    not_known(faults, place, key, &known);
    None
}

fn several(faults: &mut Faults, place: &str, choices: &[Choice], chosen: &[Json]) -> Option<Value> {
    let known = keys(choices);
    let mut read = BTreeSet::new();
    for key in chosen {
        match key.as_str() {
            Some(key) if known.contains(&key) => _ = read.insert(key.to_owned()),
            Some(key) => not_known(faults, place, key, &known),
            None => {
                let known = known.join(", ");
                faults.add(place, format_args!("{} cannot stand in the list; use any of: {known}", show(key)));
            }
        }
    }
    if read.len() > 1 && read.contains("none") {
        faults.add(place, "“none” cannot stand beside another; keep one");
    }
    Some(Value::Several(read))
}

fn number(faults: &mut Faults, place: &str, least: i64, most: i64, json: &Json) -> Option<Value> {
    let number = json.as_i64().filter(|number| (least..=most).contains(number));
    if number.is_none() {
        faults.add(place, format_args!("{json} cannot stand here; write a whole number from {least} to {most}"));
    }
    number.map(Value::Number)
}

fn list(faults: &mut Faults, place: &str, columns: &[Column], rows: &[Json]) -> Option<Value> {
    let known: Vec<&str> = columns.iter().map(|column| column.key.as_str()).collect();
    let mut read = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let place = format!("{place}[{at}]");
        if let Some(cells) = faults.object(&place, row, &known) {
            read.push(row_of(faults, &place, columns, cells));
        }
    }
    Some(Value::Rows(read))
}

fn row_of(faults: &mut Faults, place: &str, columns: &[Column], cells: &Map<String, Json>) -> BTreeMap<String, String> {
    let mut row = BTreeMap::new();
    for column in columns {
        let place = format!("{place}.{}", column.key);
        match cell(faults, &place, column, cells.get(&column.key).unwrap_or(&Json::Null)) {
            Ok(Some(text)) => _ = row.insert(column.key.clone(), text),
            Ok(None) if column.required => faults.add(&place, "is needed"),
            Ok(None) | Err(Refused) => {}
        }
    }
    row
}

/// The fault is written down already.
struct Refused;

/// A cell's text; blank is none.
fn cell(faults: &mut Faults, place: &str, column: &Column, json: &Json) -> Result<Option<String>, Refused> {
    let text = match json {
        Json::Null => return Ok(None),
        Json::String(text) => text.trim().to_owned(),
        Json::Number(number) => number.to_string(),
        other => {
            faults.add(place, format_args!("{} cannot stand here; write text in quotation marks", show(other)));
            return Err(Refused);
        }
    };
    let known: Vec<&str> = column.choices.iter().map(|choice| choice.key.as_str()).collect();
    match column.kind {
        _ if text.is_empty() => Ok(None),
        ColumnKind::Date if day(&text).is_none() => {
            faults.add(place, format_args!("{} is not a day; write it as YYYY-MM-DD", show(json)));
            Err(Refused)
        }
        ColumnKind::Choice if !known.contains(&text.as_str()) => {
            not_known(faults, place, &text, &known);
            Err(Refused)
        }
        ColumnKind::Text | ColumnKind::Date | ColumnKind::Choice => Ok(Some(text)),
    }
}

fn contact(faults: &mut Faults, place: &str, json: &Json) -> Option<Value> {
    let contact = faults.object(place, json, &["name", "email", "phone"])?;
    let mut part = |key: &str| {
        let json = contact.get(key).unwrap_or(&Json::Null);
        faults.text(&format!("{place}.{key}"), json).unwrap_or_default()
    };
    Some(Value::Contact { name: part("name"), email: part("email"), phone: part("phone") })
}

fn not_known(faults: &mut Faults, place: &str, found: &str, known: &[&str]) {
    let nearest = did_you_mean(found, known.iter().copied());
    faults.add(place, format_args!("“{found}” is not known; use one of: {}{nearest}", known.join(", ")));
}
