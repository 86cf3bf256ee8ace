//! Reads a list without anyone to ask: what is beyond doubt is taken and said, the rest is a
//! fault. For the command line.

use super::choices;
use super::spellings::fold;
use super::{Fault, Field, Replies, Table, Target, VendorFile, forgiving, strict};
use crate::domain::vendor::quoted;

/// What whoever runs the command says about the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub sheet: Option<String>,
    /// Columns by their headings, and where each goes.
    pub map: Vec<(String, Target)>,
}

/// Reads a vendor list in CSV or as a workbook. A file with our own headings is read as
/// [`super::read`] does; of others the columns are guessed, unless told.
///
/// # Errors
/// Every fault of the file, and every question that it raises.
pub fn read_guessing(bytes: &[u8], told: &Told) -> Result<VendorFile, Vec<Fault>> {
    let table = Table::open(bytes, told.sheet.as_deref())?;
    let strictly = strict(&table);
    if told.map.is_empty() && (strictly.is_ok() && choices::is_ours(&table)) || !table.faults.kept.is_empty() {
        return strictly;
    }
    let mut layout = choices::layout(&table, None);
    if layout.header.is_none() && told.map.is_empty() {
        return strictly;
    }
    apply(&mut layout, &told.map)?;
    if layout.columns.iter().all(|column| column.target != Target::Field(Field::Name)) {
        return strictly;
    }
    let replies = Replies::new();
    let reading = forgiving::read(&table, &layout, &replies);
    let faults: Vec<Fault> =
        reading.faults.into_iter().chain(reading.questions.iter().map(|one| one.fault())).collect();
    if faults.is_empty() {
        let mut warnings = reading.warnings;
        if table.sheets.len() > 1 {
            warnings.insert(0, format!("We read the sheet {} and no other.", quoted(&table.sheets[table.sheet])));
        }
        return Ok(VendorFile { rows: reading.rows, warnings });
    }
    // With our own headings, the strict reading names every cell that is wrong.
    match strictly {
        Err(faults) if told.map.is_empty() && choices::is_ours(&table) => Err(faults),
        _ => Err(sorted(faults)),
    }
}

fn sorted(mut faults: Vec<Fault>) -> Vec<Fault> {
    faults.sort_by_key(|fault| fault.line);
    faults
}

fn apply(layout: &mut choices::Layout, map: &[(String, Target)]) -> Result<(), Vec<Fault>> {
    let mut faults = Vec::new();
    for (heading, target) in map {
        let Some(at) = layout.columns.iter().position(|column| fold(&column.heading) == fold(heading)) else {
            let found: Vec<String> = layout.columns.iter().map(|column| quoted(&column.heading)).collect();
            let problem = format!("there is no column called {}", quoted(heading));
            faults.push(Fault::of_file(problem, format!("Name one of: {}.", found.join(", "))));
            continue;
        };
        if let Target::Field(_) = target {
            let others = layout.columns.iter_mut().filter(|column| column.target == *target);
            others.for_each(|column| column.target = Target::Keep);
        }
        layout.columns[at].target = *target;
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}
