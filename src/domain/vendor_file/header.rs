//! The line that names the columns.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::guess::other_names;
use super::sheet::Row;
use super::spellings::fold;
use super::{Fault, Faults, Field, MAX_COLUMNS};
use crate::domain::vendor::quoted;

/// A heading goes before each of its cells into the notes.
const LONGEST_HEADING: usize = 100;

pub(super) enum Column {
    Known(Field),
    /// Kept as notes, under this heading.
    Other(String),
}

pub(super) struct Header {
    pub columns: Vec<Column>,
    warning: Option<String>,
}

impl Header {
    pub(super) fn has(&self, field: Field) -> bool {
        self.columns.iter().any(|column| matches!(column, Column::Known(known) if *known == field))
    }

    pub(super) fn warnings(&self) -> Vec<String> {
        self.warning.iter().cloned().collect()
    }
}

static KEYS: LazyLock<HashMap<String, Field>> =
    LazyLock::new(|| Field::ALL.iter().map(|field| (fold(field.key()), *field)).collect());

/// The field a heading names, whatever its case, blanks and hyphens.
pub(super) fn known(heading: &str) -> Option<Field> {
    KEYS.get(&fold(heading)).copied()
}

pub(super) fn read(row: &Row, faults: &mut Faults) -> Header {
    let named = row.cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
    let headings = &row.cells[..named];
    if headings.len() > MAX_COLUMNS {
        let problem = format!("the file has more than {MAX_COLUMNS} columns");
        faults.push(Fault::of_line(row.line, problem, "Keep only those that are about the vendors."));
    }
    let headings = &headings[..headings.len().min(MAX_COLUMNS)];
    refuse_long(row.line, headings, faults);
    refuse_twins(row.line, headings, faults);
    let columns = headings.iter().zip(1..).map(|(heading, number)| column(heading, number)).collect();
    let mut header = Header { columns, warning: None };
    header.warning = warning(&header);
    if !header.has(Field::Name) {
        faults.push(nameless(row.line, headings));
    }
    header
}

fn column(heading: &str, number: usize) -> Column {
    match known(heading) {
        Some(field) => Column::Known(field),
        None if heading.trim().is_empty() => Column::Other(format!("Column {number}")),
        None => Column::Other(heading.trim().chars().take(LONGEST_HEADING).collect()),
    }
}

fn refuse_long(line: u64, headings: &[String], faults: &mut Faults) {
    for heading in headings.iter().filter(|heading| heading.chars().count() > LONGEST_HEADING) {
        let problem = format!("the name of the column {} is too long", quoted(heading));
        faults.push(Fault::of_line(line, problem, format!("Use {LONGEST_HEADING} characters at most.")));
    }
}

fn refuse_twins(line: u64, headings: &[String], faults: &mut Faults) {
    let folded: Vec<String> = headings.iter().map(|heading| fold(heading)).collect();
    for (at, key) in folded.iter().enumerate() {
        // Headings of symbols alone ("#", "%") are told apart by themselves.
        let same = |other: usize| {
            if key.is_empty() { headings[other] == headings[at] } else { folded[other] == *key }
        };
        let Some(twin) = (0..at).find(|other| !headings[at].is_empty() && same(*other)) else {
            continue;
        };
        let problem = format!("columns {} and {} have the same name, {}", twin + 1, at + 1, quoted(&headings[at]));
        faults.push(Fault::of_line(line, problem, "Rename or remove one of them."));
    }
}

fn nameless(line: u64, headings: &[String]) -> Fault {
    const SHOWN: usize = 20;
    let mut found: Vec<String> = headings.iter().take(SHOWN).map(|heading| quoted(heading)).collect();
    if headings.len() > SHOWN {
        found.push(format!("and {} more", headings.len() - SHOWN));
    }
    let mend = match headings.iter().find(|heading| nearest(heading, &[Field::Name]).is_some()) {
        Some(near) => format!("If {} holds the names of the vendors, rename it to name.", quoted(near)),
        None => "The first line names the columns; call the one with the names of the vendors name.".to_owned(),
    };
    Fault::of_line(line, format!("there is no column called name; the file has {}", found.join(", ")), mend)
}

fn warning(header: &Header) -> Option<String> {
    let absent: Vec<Field> = Field::ALL.iter().copied().filter(|field| !header.has(*field)).collect();
    let said = |heading: &String| match nearest(heading, &absent) {
        Some(field) => format!("{} (did you mean {field}?)", quoted(heading)),
        None => quoted(heading),
    };
    let others = header.columns.iter().filter_map(|column| match column {
        Column::Other(heading) => Some(said(heading)),
        Column::Known(_) => None,
    });
    let others: Vec<String> = others.collect();
    match others.as_slice() {
        [] => None,
        [one] => Some(format!("We do not know the column {one}, so what it says goes into the notes.")),
        several => {
            Some(format!("We do not know these columns, so what they say goes into the notes: {}.", several.join(", ")))
        }
    }
}

/// The field a heading was probably meant for, among those the file lacks.
fn nearest(heading: &str, among: &[Field]) -> Option<Field> {
    if heading.len() > LONGEST_HEADING {
        return None;
    }
    let heading = fold(heading);
    let near = |field: &Field| {
        if other_names(*field).iter().any(|name| fold(name) == heading) {
            return 1.0;
        }
        strsim::normalized_damerau_levenshtein(&heading, &fold(field.key()))
    };
    let best = among.iter().map(|field| (near(field), *field)).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 >= 0.7).then_some(best.1)
}
