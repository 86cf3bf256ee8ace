//! The answers as a list to read: before signing with a link to change each, on the receipt
//! without.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::view::{HOSTILE, longest};
use crate::domain::answers::support::Files;
use crate::domain::answers::{Answer, Answers, Value, say};
use crate::domain::civil_date;
use crate::domain::questionnaire::{AnswerKind, ColumnKind, Question, Questionnaire};

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SectionAnswers<'a> {
    title: &'a str,
    rows: Vec<Row<'a>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Row<'a> {
    id: &'a str,
    question: &'a str,
    answer: Option<String>,
    notes: Vec<String>,
    /// The files that support it.
    files: Vec<String>,
    change: Option<String>,
}

/// The questions that apply with their answers, by section.
pub fn by_section<'a>(
    questionnaire: &'a Questionnaire,
    applicable: &[&Question],
    answers: &Answers,
    changeable: bool,
) -> Vec<SectionAnswers<'a>> {
    sections(questionnaire, applicable, answers, changeable.then_some("/respond"))
}

/// Puts the files under the answers, as they stand on `today`.
pub fn attach(sections: &mut [SectionAnswers<'_>], files: &Files, today: NaiveDate) {
    for row in sections.iter_mut().flat_map(|section| &mut section.rows) {
        row.files = files.get(row.id).into_iter().flatten().map(|file| file.says(today)).collect();
    }
}

/// The same, with the address below which the pages are that change an answer.
pub fn sections<'a>(
    questionnaire: &'a Questionnaire,
    applicable: &[&Question],
    answers: &Answers,
    change: Option<&str>,
) -> Vec<SectionAnswers<'a>> {
    let row = |topic: &str, question: &'a Question| {
        let answer = answers.get(&question.slug);
        Row {
            id: &question.slug,
            question: &question.text,
            answer: answer.map(|answer| said(question, answer)),
            notes: answer.map(|answer| notes(question, answer)).unwrap_or_default(),
            files: Vec::new(),
            change: change.map(|at| format!("{at}/{topic}?back=check#{}", question.slug)),
        }
    };
    let applies = |question: &Question| applicable.iter().any(|one| one.slug == question.slug);
    let mut sections = Vec::new();
    for section in &questionnaire.sections {
        let rows: Vec<Row<'a>> = section
            .topics
            .iter()
            .flat_map(|topic| topic.questions.iter().map(move |question| (&topic.id, question)))
            .filter(|(_, question)| applies(question))
            .map(|(topic, question)| row(topic, question))
            .collect();
        if !rows.is_empty() {
            sections.push(SectionAnswers { title: &section.title, rows });
        }
    }
    sections
}

/// The answer itself, in a line.
pub fn said(question: &Question, answer: &Answer) -> String {
    match &answer.value {
        Value::Rows(rows) if rows.len() == 1 => "1 entry".to_owned(),
        Value::Rows(rows) => format!("{} entries", rows.len()),
        value => say::full(question, &Answer { by: answer.by, ..Answer::of(value.clone()) }),
    }
}

/// What was said beside it: rows, the second field, the reason.
pub(super) fn notes(question: &Question, answer: &Answer) -> Vec<String> {
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

/// Samples for the pages that list answers.
pub fn samples(changeable: bool) -> [Vec<SectionAnswers<'static>>; 3] {
    let row = |question, answer: Option<&str>, note: &str| Row {
        id: "tec.encrypt.stored",
        question,
        answer: answer.map(str::to_owned),
        notes: vec![note.to_owned()],
        files: vec![note.to_owned()],
        change: changeable.then(|| "/respond/encryption?back=check#tec.encrypt.stored".to_owned()),
    };
    let section = |title, rows| vec![SectionAnswers { title, rows }];
    let text = "Is our patient information encrypted wherever you store it?";
    [
        section("Computers and networks", vec![row(text, Some("Yes"), "Keys are kept apart."), row(text, None, "")]),
        section(longest(120), vec![row(longest(400), Some(longest(2_000)), longest(2_000)); 80]),
        section(HOSTILE, vec![row(HOSTILE, Some(HOSTILE), HOSTILE)]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answers::{Evidence, Grade};
    use crate::domain::questionnaire::{Column, ColumnChoice, Gravity, ListCredit};
    use crate::domain::scoring::fixtures::{day, graded, question, questionnaire};

    #[test]
    fn a_question_that_does_not_apply_is_not_listed_and_a_blank_one_is() {
        let form = questionnaire(vec![question("a.one", 1, Gravity::None), question("a.two", 1, Gravity::None)]);
        let applicable: Vec<&Question> = form.questions().skip(1).collect();
        let listed = by_section(&form, &applicable, &Answers::new(), true);
        let change = Some("/respond/all?back=check#a.two".to_owned());
        let row = Row { id: "a.two", question: "", answer: None, notes: Vec::new(), files: Vec::new(), change };
        assert_eq!(listed, [SectionAnswers { title: "", rows: vec![row] }]);
    }

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
