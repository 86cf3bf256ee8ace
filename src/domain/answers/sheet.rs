//! The questionnaire as the lines of a spreadsheet, to fill in away from us. [`read`] takes it
//! back: by the question's name in the first column, wherever the line has moved to.
//!
//! A line's key is the question's slug, and for what stands below it `slug:detail`,
//! `slug:pick.KEY` (one of several choices), `slug:name`, `slug:email`, `slug:phone`,
//! `slug:row.N` (an entry of a list) and `slug:head` (the names of its columns).

pub mod read;

use super::form::Fields;
use super::{Answer, Grade, typed};
use crate::domain::questionnaire::{AnswerKind, Column, ColumnKind, DetailKind, Question, Questionnaire};

/// What the first cell of the heading says, by which a workbook is known as ours.
pub const MARK: &str = "duecare-questions-1";
/// The columns: the key and the mark of the answer are hidden, the others say what is asked.
pub const HEADS: [&str; 12] = [
    MARK,
    "",
    "Section",
    "Topic",
    "Question",
    "Help",
    "What would support it",
    "How to answer",
    "Your answer",
    "Reason, or which other measure",
    "In place by",
    "",
];
/// The column of the answer, from 0.
pub const ANSWER: usize = 8;
/// Entries offered for a list, and blank ones after those there are.
const ENTRIES: (usize, usize) = (6, 3);
/// Most entries of a list, as on the pages.
const MOST_ENTRIES: usize = 100;
/// What is written beside one of several choices that is not chosen.
const NOT_CHOSEN: &str = "No";

/// What a cell takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of the picks and nothing else.
    Closed,
    Words,
    Date,
    Number,
}

/// One of a list of words to choose in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    pub says: String,
    /// The field and the value it stands for; `None` for "not this one".
    sets: Option<(String, String)>,
}

/// A cell to fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// From the answer's column, to the right.
    pub offset: usize,
    /// The field of the form that it is.
    field: String,
    pub kind: Kind,
    pub picks: Vec<Pick>,
    /// A reason, a date or a detail: it goes with an answer and is none.
    aside: bool,
    /// What is filled in already.
    pub text: String,
}

/// One line of the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub key: String,
    pub label: String,
    pub how: String,
    pub cells: Vec<Cell>,
    /// Words in place of cells: the columns of a list.
    pub heads: Vec<String>,
}

/// The lines of one question, filled in with the answer there is.
pub fn lines(question: &Question, answer: Option<&Answer>) -> Vec<Line> {
    let mut fields = Fields::new();
    if let Some(answer) = answer {
        typed::add(&mut fields, question, answer);
    }
    let all = parts(question, entries(question, &fields));
    let mut lines: Vec<Line> = all.iter().filter_map(|part| line(question, part)).collect();
    for cell in lines.iter_mut().flat_map(|line| &mut line.cells) {
        let is_set = |pick: &&Pick| pick.sets.as_ref().is_some_and(|sets| fields.contains(sets));
        let picked = cell.picks.iter().find(is_set).map(|pick| pick.says.clone());
        let written = || fields.iter().find(|(field, _)| *field == cell.field).map(|(_, text)| text.clone());
        cell.text = picked.or_else(|| if cell.kind == Kind::Closed { None } else { written() }).unwrap_or_default();
    }
    lines
}

/// How many entries of a list are offered.
fn entries(question: &Question, fields: &Fields) -> usize {
    let prefix = format!("{}:row.", question.slug);
    let number = |field: &str| field.strip_prefix(&prefix)?.split_once('.')?.0.parse::<usize>().ok();
    let last = fields.iter().filter_map(|(field, _)| number(field)).max().unwrap_or(0);
    (last + ENTRIES.1).clamp(ENTRIES.0, MOST_ENTRIES)
}

/// The parts of a question's lines, in order; the first is the question itself.
fn parts(question: &Question, entries: usize) -> Vec<String> {
    let mut parts = vec![String::new()];
    match &question.answer {
        AnswerKind::Several { choices, .. } => {
            parts.extend(choices.iter().map(|choice| format!("pick.{}", choice.key)));
        }
        AnswerKind::Contact => parts.extend(["name", "email", "phone"].map(str::to_owned)),
        AnswerKind::List { .. } => {
            parts.push("head".to_owned());
            parts.extend((1..=entries).map(|n| format!("row.{n}")));
        }
        _ => {}
    }
    parts.extend(question.detail.iter().map(|_| "detail".to_owned()));
    parts
}

/// One line by its part; `None` when the question has no such part.
fn line(question: &Question, part: &str) -> Option<Line> {
    let slug = &question.slug;
    let key = if part.is_empty() { slug.clone() } else { format!("{slug}:{part}") };
    let below = |label: &str, how: &str, cells| Line {
        key: key.clone(),
        label: label.to_owned(),
        how: how.to_owned(),
        cells,
        heads: Vec::new(),
    };
    let words = |kind| vec![cell(0, &key, kind, Vec::new(), false)];
    if part.is_empty() {
        return Some(Line { label: question.text.clone(), ..below("", how(question).as_str(), first(question)) });
    }
    match (&question.answer, part) {
        (_, "detail") => question.detail.as_ref().map(|detail| {
            let kind = if detail.kind == DetailKind::Number { Kind::Number } else { Kind::Words };
            let how = if kind == Kind::Number { "A whole number" } else { "Words" };
            below(&detail.label, how, vec![cell(0, &key, kind, Vec::new(), true)])
        }),
        (AnswerKind::Contact, "name") => Some(below("Full name", "Words", words(Kind::Words))),
        (AnswerKind::Contact, "email") => Some(below("E-mail address", "An address", words(Kind::Words))),
        (AnswerKind::Contact, "phone") => Some(below("Telephone, day or night", "A number", words(Kind::Words))),
        (AnswerKind::List { columns, .. }, "head") => {
            let heads = columns.iter().map(|column| column.label.clone()).collect();
            Some(Line { heads, ..below("", "One line for each", Vec::new()) })
        }
        (AnswerKind::List { columns, .. }, _) => {
            let n: usize = part.strip_prefix("row.")?.parse().ok().filter(|n| (1..=MOST_ENTRIES).contains(n))?;
            let cells = columns.iter().enumerate().map(|(at, column)| entry(&key, at, column)).collect();
            Some(below(&format!("Entry {n}"), "", cells))
        }
        (AnswerKind::Several { choices, .. }, _) => {
            let choice = choices.iter().find(|choice| part.strip_prefix("pick.") == Some(&choice.key))?;
            let picks = vec![pick("Yes", slug, &choice.key), Pick { says: NOT_CHOSEN.to_owned(), sets: None }];
            Some(below(&choice.says, "Yes or No", vec![cell(0, slug, Kind::Closed, picks, false)]))
        }
        _ => None,
    }
}

/// The cells of the question's own line.
fn first(question: &Question) -> Vec<Cell> {
    let slug = &question.slug;
    let mut picks: Vec<Pick> = match &question.answer {
        AnswerKind::Graded => {
            let grades =
                Grade::ALL.iter().filter(|grade| **grade != Grade::Alternative || question.allows_alternative());
            grades.map(|grade| pick(grade.says(), slug, grade.key())).collect()
        }
        AnswerKind::Choice { choices } => choices.iter().map(|choice| pick(&choice.says, slug, &choice.key)).collect(),
        AnswerKind::List { none_says: Some(says), .. } => vec![pick(says, &format!("{slug}:none"), "yes")],
        AnswerKind::Tick => vec![pick("Yes", slug, "yes")],
        _ => Vec::new(),
    };
    let (kind, aside) = match question.answer {
        AnswerKind::Graded | AnswerKind::Choice { .. } | AnswerKind::Tick => (Kind::Closed, slug.clone()),
        AnswerKind::Several { .. } | AnswerKind::List { .. } | AnswerKind::Contact => {
            (Kind::Closed, format!("{slug}:state"))
        }
        AnswerKind::Date { .. } => (Kind::Date, format!("{slug}:state")),
        AnswerKind::Number { .. } => (Kind::Number, format!("{slug}:state")),
        AnswerKind::Text => (Kind::Words, format!("{slug}:state")),
    };
    if question.answer != AnswerKind::Tick {
        for (key, says) in [("unknown", "Not sure"), ("na", "Does not apply to us")] {
            let own = |pick: &Pick| pick.sets.as_ref().is_some_and(|(_, value)| value == key);
            if !picks.iter().any(own) {
                picks.push(pick(says, &aside, key));
            }
        }
    }
    let mut cells = vec![cell(0, slug, kind, picks, false)];
    if question.answer != AnswerKind::Tick {
        cells.push(cell(1, &format!("{slug}:reason"), Kind::Words, Vec::new(), true));
    }
    if question.answer == AnswerKind::Graded {
        cells.push(cell(2, &format!("{slug}:by"), Kind::Date, Vec::new(), true));
    }
    cells
}

fn entry(key: &str, at: usize, column: &Column) -> Cell {
    let field = format!("{key}.{}", column.key);
    let picks: Vec<Pick> = column.choices.iter().map(|choice| pick(&choice.says, &field, &choice.key)).collect();
    let kind = match column.kind {
        ColumnKind::Text => Kind::Words,
        ColumnKind::Date => Kind::Date,
        ColumnKind::Choice => Kind::Closed,
    };
    cell(at, &field, kind, picks, false)
}

fn cell(offset: usize, field: &str, kind: Kind, picks: Vec<Pick>, aside: bool) -> Cell {
    Cell { offset, field: field.to_owned(), kind, picks, aside, text: String::new() }
}

fn pick(says: &str, field: &str, value: &str) -> Pick {
    Pick { says: says.to_owned(), sets: Some((field.to_owned(), value.to_owned())) }
}

/// How a question is answered, in few words.
pub fn how(question: &Question) -> String {
    match &question.answer {
        AnswerKind::Graded => "Choose one. Planned: say by when".to_owned(),
        AnswerKind::Choice { .. } => "Choose one".to_owned(),
        AnswerKind::Several { .. } => "Say Yes to all that apply below".to_owned(),
        AnswerKind::Date { .. } => "A date".to_owned(),
        AnswerKind::Number { unit, least, most, .. } => format!("A whole number of {unit}, {least} to {most}"),
        AnswerKind::List { none_says: Some(says), .. } => format!("Fill in the lines below, or choose “{says}”"),
        AnswerKind::List { .. } => "Fill in the lines below".to_owned(),
        AnswerKind::Contact => "Fill in the three lines below".to_owned(),
        AnswerKind::Text => "A sentence or two".to_owned(),
        AnswerKind::Tick => "Yes, or leave it blank".to_owned(),
    }
}

/// Says of a question that hangs on others which those are.
pub fn hangs_on(questionnaire: &Questionnaire, question: &Question) -> Option<String> {
    let mut others: Vec<String> = Vec::new();
    for (slug, _) in question.applies.answers() {
        let said = questionnaire.question(slug).map(|other| format!("“{}”", other.text));
        others.extend(said.filter(|said| !others.contains(said)));
    }
    (!others.is_empty()).then(|| format!("Asked only where it goes with your answer to {}.", others.join(" and ")))
}

/// The name of a cell, as a spreadsheet shows it: column from 0, line from 1.
fn cell_name(column: usize, line: u64) -> String {
    let letter = u8::try_from(column).ok().filter(|at| *at < 26).map_or('?', |at| char::from(b'A' + at));
    format!("{letter}{line}")
}
