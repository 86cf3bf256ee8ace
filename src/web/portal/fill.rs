//! Fills in one question: from the fields of a form, as a browser sends them, to the parts
//! of the page.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::field::{
    Cell, Contact, Control, DetailLine, Graded, Labelled, Line, List, ListRow, NoneTick, Pressable, Reason, State, Tick,
};
use crate::domain::answers::form::{FieldFault, Fields};
use crate::domain::questionnaire::{AnswerKind, Choice, Column, ColumnKind, Detail, DetailKind, Question};

/// A list offers at least so many rows, and two blank ones after those that are filled.
const LEAST_ROWS: usize = 3;
const BLANK_ROWS: usize = 2;
/// As many rows as are read.
const MOST_ROWS: usize = 100;

/// A question with what was typed, and what is wrong with that.
pub struct Filled<'a, 'f> {
    pub question: &'a Question,
    pub fields: &'f Fields,
    pub fault: Option<&'f FieldFault>,
}

/// Whether one field to type in is the answer.
pub fn is_written(question: &Question) -> bool {
    matches!(question.answer, AnswerKind::Date { .. } | AnswerKind::Number { .. } | AnswerKind::Text)
}

impl<'a> Filled<'a, '_> {
    fn name(&self, part: &str) -> String {
        if part.is_empty() { self.question.slug.clone() } else { format!("{}:{part}", self.question.slug) }
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, text)| text.as_str())
    }

    fn has(&self, part: &str, value: &str) -> bool {
        self.all(&self.name(part)).any(|text| text == value)
    }

    fn error(&self, name: &str) -> Option<String> {
        self.fault.filter(|fault| fault.field == name).map(|fault| fault.problem.clone())
    }

    /// What is wrong with no single field.
    pub fn error_of_the_whole(&self) -> Option<String> {
        if is_written(self.question) {
            return None;
        }
        self.error(&self.name("")).or_else(|| self.error(&self.name("none")))
    }

    fn line(&self, part: &str) -> Line {
        let name = self.name(part);
        let value = self.all(&name).next().unwrap_or_default().to_owned();
        let error = self.error(&name);
        // The question itself has the bare slug as its id.
        let id = if part.is_empty() { self.name("value") } else { name.clone() };
        Line { id, name, value, error }
    }

    pub fn control(&self) -> Control<'a> {
        match &self.question.answer {
            AnswerKind::Graded => Control::Graded(Box::new(self.graded())),
            AnswerKind::Choice { choices } => Control::Radios(self.radios(choices)),
            AnswerKind::Several { choices, .. } => Control::Ticks(self.pressables(choices)),
            AnswerKind::Date { .. } => Control::Date(self.line("")),
            AnswerKind::Number { unit, .. } => {
                Control::Number(Labelled { line: self.line(""), label: format!("Number of {unit}") })
            }
            AnswerKind::List { columns, none_says, .. } => Control::List(self.list(columns, none_says.as_deref())),
            AnswerKind::Contact => {
                let [name, email, phone] = ["name", "email", "phone"].map(|part| self.line(part));
                Control::Contact(Box::new(Contact { name, email, phone }))
            }
            AnswerKind::Text => Control::Words(self.line("")),
            AnswerKind::Tick => Control::Tick(Tick { says: "Yes, we confirm this", on: self.has("", "yes") }),
        }
    }

    fn graded(&self) -> Graded {
        let on = |grade: &str| self.has("", grade);
        Graded {
            yes: on("yes"),
            alternative: on("alternative"),
            partial: on("partial"),
            planned: on("planned"),
            no: on("no"),
            unknown: on("unknown"),
            na: on("na"),
            instead: self.question.allows_alternative(),
            by: self.line("by"),
        }
    }

    fn pressables(&self, choices: &'a [Choice]) -> Vec<Pressable<'a>> {
        choices
            .iter()
            .map(|choice| Pressable { value: &choice.key, says: &choice.says, on: self.has("", &choice.key) })
            .collect()
    }

    /// The choices, and what every question may be answered with; a choice of its own of
    /// that name stands for it.
    fn radios(&self, choices: &'a [Choice]) -> Vec<Pressable<'a>> {
        let mut radios = self.pressables(choices);
        for (value, says) in [("unknown", "Not sure"), ("na", "Does not apply to us")] {
            if !choices.iter().any(|choice| choice.key == value) {
                radios.push(Pressable { value, says, on: self.has("", value) });
            }
        }
        radios
    }

    fn list(&self, columns: &'a [Column], none_says: Option<&'a str>) -> List<'a> {
        let cells = self.cells();
        let last = cells.keys().next_back().map_or(0, |(row, _)| *row);
        // As many as were asked for, which the form carries along.
        let wanted = self.all(&rows_field(&self.question.slug)).next().and_then(|text| text.parse().ok());
        let rows = (last + BLANK_ROWS).max(wanted.unwrap_or(0)).clamp(LEAST_ROWS, MOST_ROWS);
        let cell = |row: usize, column: &'a Column| {
            let value = cells.get(&(row, column.key.as_str())).copied().unwrap_or_default();
            let name = self.name(&format!("row.{row}.{}", column.key));
            let choices = (!column.choices.is_empty()).then(|| {
                let press = |key: &'a str, says: &'a str| Pressable { value: key, says, on: value == key };
                column.choices.iter().map(|choice| press(&choice.key, &choice.says)).collect()
            });
            Cell { value: value.to_owned(), error: self.error(&name), name, label: label(column), choices }
        };
        List {
            slug: &self.question.slug,
            offers: Line::named(rows_field(&self.question.slug), rows.to_string(), None),
            columns: columns.iter().map(label).collect(),
            rows: (1..=rows)
                .map(|n| ListRow { n, cells: columns.iter().map(|column| cell(n, column)).collect() })
                .collect(),
            none: none_says.map(|says| NoneTick { name: self.name("none"), says, on: self.has("none", "yes") }),
        }
    }

    /// The cells that hold something, by row and column.
    fn cells(&self) -> BTreeMap<(usize, &str), &str> {
        let prefix = self.name("row.");
        self.fields
            .iter()
            .filter_map(|(field, text)| {
                let (row, key) = field.strip_prefix(&prefix)?.split_once('.')?;
                let row = row.parse().ok().filter(|row| (1..=MOST_ROWS).contains(row))?;
                (!text.trim().is_empty()).then_some(((row, key), text.as_str()))
            })
            .collect()
    }

    pub fn state(&self) -> Option<State> {
        match self.question.answer {
            AnswerKind::Graded | AnswerKind::Choice { .. } | AnswerKind::Tick => None,
            _ => Some(State { unknown: self.has("state", "unknown"), na: self.has("state", "na") }),
        }
    }

    pub fn reason(&self) -> Option<Reason> {
        let instead = self.question.allows_alternative();
        (self.question.answer != AnswerKind::Tick).then(|| Reason { line: self.line("reason"), instead })
    }

    pub fn detail(&self, detail: &'a Detail) -> DetailLine<'a> {
        DetailLine {
            line: self.line("detail"),
            label: &detail.label,
            hint: self.asked_beside(detail),
            mode: if detail.kind == DetailKind::Number { "numeric" } else { "text" },
        }
    }

    /// Beside which choices a detail is wanted, when not beside all.
    fn asked_beside(&self, detail: &Detail) -> Option<String> {
        let AnswerKind::Choice { choices } = &self.question.answer else {
            return None;
        };
        let said: Vec<String> = choices
            .iter()
            .filter(|choice| detail.with.contains(&choice.key))
            .map(|choice| format!("“{}”", choice.says))
            .collect();
        (!said.is_empty()).then(|| format!("Only if you chose {}.", said.join(" or ")))
    }
}
/// The field that carries how many rows a list offers.
pub fn rows_field(slug: &str) -> String {
    format!("{slug}:rows")
}

/// How many rows a list offers after more were asked for.
pub fn more_rows(fields: &Fields, slug: &str) -> usize {
    let name = rows_field(slug);
    let offered = fields.iter().find(|(field, _)| *field == name).and_then(|(_, text)| text.parse::<usize>().ok());
    offered.unwrap_or(LEAST_ROWS).min(MOST_ROWS) + LEAST_ROWS
}

/// The field as an address asks for it: `rows=org.certificates.6`.
pub fn asked_rows(query: &str) -> Option<(String, String)> {
    let (slug, rows) = query.rsplit_once('.')?;
    Some((rows_field(slug), rows.parse::<usize>().ok()?.to_string()))
}

/// A column's label; a date says how it is written.
fn label(column: &Column) -> Cow<'_, str> {
    match column.kind {
        ColumnKind::Date => Cow::Owned(format!("{}, like 3/31/2026", column.label)),
        ColumnKind::Text | ColumnKind::Choice => Cow::Borrowed(&column.label),
    }
}
