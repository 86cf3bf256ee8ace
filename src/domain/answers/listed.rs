//! An answer as it stands in a list of answers: itself in a line, and what was said beside it.

use std::collections::BTreeMap;

use super::{Answer, Value, say};
use crate::domain::civil_date;
use crate::domain::questionnaire::{AnswerKind, ColumnKind, Question};

/// The answer itself, in a line.
pub fn said(question: &Question, answer: &Answer) -> String {
    match &answer.value {
        Value::Rows(rows) if rows.len() == 1 => "1 entry".to_owned(),
        Value::Rows(rows) => format!("{} entries", rows.len()),
        value => say::full(question, &Answer { by: answer.by, ..Answer::of(value.clone()) }),
    }
}

/// What was said beside it: rows, the second field, the reason.
pub fn notes(question: &Question, answer: &Answer) -> Vec<String> {
    let mut notes = match &answer.value {
        Value::Rows(rows) => rows.iter().map(|row| entry(question, row)).collect(),
        _ => Vec::new(),
    };
    if let (Some(text), Some(detail)) = (&answer.detail, &question.detail) {
        notes.push(format!("{} {text}", detail.label));
    }
    notes.extend(answer.reason.clone());
    notes.extend(answer.origin());
    notes
}

/// One row of a list: a bare date would not say which of several it is.
fn entry(question: &Question, row: &BTreeMap<String, String>) -> String {
    let AnswerKind::List { columns, .. } = &question.answer else {
        return String::new();
    };
    let cells = columns.iter().filter_map(|column| {
        let cell = row.get(&column.key)?;
        Some(match column.kind {
            ColumnKind::Text => cell.clone(),
            ColumnKind::Choice => {
                column.choices.iter().find(|choice| choice.key == *cell).map_or(cell, |choice| &choice.says).clone()
            }
            ColumnKind::Date => {
                let day = civil_date::read(cell).map_or_else(|_| cell.clone(), civil_date::say);
                format!("{}: {day}", column.label)
            }
        })
    });
    cells.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answers::{Evidence, Grade};
    use crate::domain::questionnaire::{Column, ColumnChoice, Gravity, ListCredit};
    use crate::domain::scoring::fixtures::{day, graded, question};

    #[test]
    fn a_plan_is_said_with_its_day_and_a_reason_stands_below() {
        let question = question("a.one", 1, Gravity::None);
        let planned = Answer { by: Some(day("2027-02-01")), ..graded(Grade::Planned, Evidence::Assertion) };
        assert_eq!(said(&question, &planned), "Not yet, but planned, by February 1, 2027");
        let other = Answer { reason: Some("Locked room.".into()), ..graded(Grade::Alternative, Evidence::Narrative) };
        assert_eq!(
            (said(&question, &other), notes(&question, &other)),
            ("Another measure instead".into(), vec!["Locked room.".into()])
        );
    }

    #[test]
    fn the_rows_of_a_list_name_their_dates() {
        let column = |key: &str, label: &str, kind| Column {
            key: key.into(),
            label: label.into(),
            kind,
            choices: Vec::new(),
            required: false,
        };
        let choices = vec![ColumnChoice { key: "covers".into(), says: "Covers this work".into() }];
        let columns = vec![
            column("kind", "Report", ColumnKind::Text),
            Column { choices, ..column("scope", "What it covers", ColumnKind::Choice) },
            column("expires", "Runs out on", ColumnKind::Date),
        ];
        let kind = AnswerKind::List { columns, none_says: None, credit: ListCredit::Stated };
        let question = Question { answer: kind, ..question("a.list", 1, Gravity::None) };
        let row = [("kind", "SOC 2"), ("scope", "covers"), ("expires", "2027-01-31")];
        let row = row.into_iter().map(|(key, cell)| (key.to_owned(), cell.to_owned())).collect();
        let answer = Answer::of(Value::Rows(vec![row]));
        assert_eq!(said(&question, &answer), "1 entry");
        assert_eq!(notes(&question, &answer), ["SOC 2, Covers this work, Runs out on: January 31, 2027"]);
    }
}
