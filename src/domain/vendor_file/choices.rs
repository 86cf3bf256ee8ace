//! What a person chose about an uploaded list, and how far those choices lead.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::guess::{self, Column};
use super::question::{Question, Replies};
use super::{Fault, Field, Table, VendorFile, forgiving, strict};

/// Where a column of the file goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Target {
    Field(Field),
    /// Into the notes, each cell with its heading.
    Keep,
    Out,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Field(field) => field.fmt(f),
            Target::Keep => f.write_str("keep"),
            Target::Out => f.write_str("out"),
        }
    }
}

impl FromStr for Target {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "keep" => Ok(Target::Keep),
            "out" => Ok(Target::Out),
            field => field.parse().map(Target::Field).map_err(|error: crate::domain::words::UnknownWord| {
                format!("{error}, or keep (as notes), or out (left out)")
            }),
        }
    }
}

impl TryFrom<String> for Target {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.to_string()
    }
}

/// Which row names the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Header {
    /// The row on this line.
    Line(u64),
    /// No row does: the first one is a vendor already.
    None,
}

/// What was chosen so far; everything absent is guessed, or not asked yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Choices {
    pub sheet: Option<String>,
    pub header: Option<Header>,
    pub columns: Option<Vec<Target>>,
    pub replies: Replies,
}

/// The columns of a table: which row names them, and where each goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The row's place in the table; `None` when no row names the columns.
    pub header: Option<usize>,
    /// Its line in the file.
    pub line: Option<u64>,
    pub columns: Vec<Column>,
}

/// A list read by someone's choices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Of use only when no question is open and there is no fault.
    pub rows: Vec<super::VendorRow>,
    pub warnings: Vec<String>,
    /// Those that were answered too.
    pub questions: Vec<Question>,
    pub faults: Vec<Fault>,
}

/// How far a list has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Someone must look at what the columns were taken for.
    Columns(Layout),
    Read(Reading),
}

/// Reads a table by what was chosen so far. A file with our own headings needs no look at
/// its columns.
///
/// # Errors
/// Faults of the file that no answer mends.
pub fn read(table: &Table, choices: &Choices) -> Result<Step, Vec<Fault>> {
    if !table.faults.kept.is_empty() {
        return Err(table.faults.clone().into_list());
    }
    let ours = is_ours(table);
    if ours
        && choices.columns.is_none()
        && let Ok(VendorFile { rows, warnings }) = strict(table)
    {
        return Ok(Step::Read(Reading { rows, warnings, ..Reading::default() }));
    }
    if table.rows.is_empty() {
        return strict(table).map(|_| Step::Read(Reading::default()));
    }
    let mut layout = layout(table, choices.header);
    match &choices.columns {
        Some(columns) if columns.len() == layout.columns.len() => {
            layout.columns.iter_mut().zip(columns).for_each(|(column, target)| column.target = *target);
        }
        None if ours => {}
        _ => return Ok(Step::Columns(layout)),
    }
    Ok(Step::Read(forgiving::read(table, &layout, &choices.replies)))
}

/// The layout of a table, guessed as far as it was not chosen.
pub fn layout(table: &Table, header: Option<Header>) -> Layout {
    let header = match header {
        Some(Header::None) => None,
        Some(Header::Line(line)) => table.rows.iter().position(|row| row.line == line),
        None => guess::header(&table.rows).map(|(at, _)| at),
    };
    let mut columns = guess::columns(table, header);
    if columns.iter().all(|column| column.target != Target::Field(Field::Name))
        && let Some(at) = guess::name_by_values(&columns)
    {
        columns[at].target = Target::Field(Field::Name);
    }
    Layout { header, line: header.map(|at| table.rows[at].line), columns }
}

/// Whether the first row has our headings, and beside them only such as say nothing to us.
pub(super) fn is_ours(table: &Table) -> bool {
    let Some(first) = table.rows.first() else { return false };
    let mut faults = super::Faults::default();
    let header = super::header::read(first, &mut faults);
    header.has(Field::Name) && faults.kept.is_empty() && first.cells.iter().all(|cell| guess::is_plain(cell))
}
