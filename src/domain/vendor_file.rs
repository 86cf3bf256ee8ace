//! The vendor list as a file: CSV or an Excel workbook, in whatever state an office left it,
//! read into vendors, into questions for whoever sent it, or into a full list of what to
//! mend; and written again for export.
//!
//! Two readings: [`read`] is strict and takes a file with our own headings as it stands;
//! [`choices::read`] guesses what the columns are and asks about the rest.
//!
//! Knows nothing of what is stored already: whether a line is a new vendor or a change to
//! an old one is decided by whoever imports it.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use super::exposure::{Access, Trait};
use super::vendor::{FieldFault, VendorDetails};
use super::words::words;

mod amount;
mod ask;
mod bytes;
mod check;
pub mod choices;
mod forgiving;
mod guess;
mod guessed;
mod header;
mod list;
#[cfg(test)]
mod mess_tests;
mod number;
pub(in crate::domain) mod question;
mod row;
mod settle;
mod sheet;
mod spellings;
mod table;
#[cfg(test)]
mod tests;
mod values;
pub mod workbook;
mod write;

use check::Trouble;
pub use choices::{Choices, Target};
pub use guess::Column;
pub use guessed::{Told, read_guessing};
pub use question::{Answer, BLANK, MAX_QUESTIONS, Question, Replies, Reply, SKIP, TYPE};
pub use table::Table;
pub use values::may_write;
pub use write::{defuse, template_csv, write};

/// The largest file read, in bytes.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// The most vendors read from one file.
pub const MAX_ROWS: usize = 10_000;
/// The most columns; a file with more is not a vendor list.
pub const MAX_COLUMNS: usize = 200;
/// The most faults told of one file; a last one says how many more there are.
pub const MAX_FAULTS: usize = 200;

words! {
    /// A column of the vendor file, and what it means.
    pub enum Field {
        Name = "name" => "The name of the company. Every line needs one.",
        ContactName = "contact_name" => "The person who answers for the vendor.",
        ContactEmail = "contact_email" => "Where we send the questionnaire.",
        Website = "website" => "The vendor's web site.",
        Services = "services" => "What the vendor does for you.",
        BaStatus = "ba_status" => "Whether it is a business associate; if not, why. Blank means not decided yet.",
        PhiElements = "phi_elements" => "The kinds of patient information it gets, with semicolons between them.",
        Volume = "volume" => "About how many different patients. A plain number will do.",
        Access = "access" => "How it reaches the information, with semicolons between several ways.",
        Criticality = "criticality" => "How long you could work without it.",
        Subcontractors = "subcontractors" => "How many other companies handle the information for it.",
        Offshore = "offshore" => "Whether anyone or anything is outside the United States.",
        BaaSignedOn = "baa_signed_on" => "The day the business associate agreement was signed.",
        BaaEndsOn = "baa_ends_on" => "The last day of the agreement. Blank when it has no end.",
        Owner = "owner" => "Who at the practice looks after this vendor.",
        ExternalId = "external_id" => "Your own number for the vendor. It keeps vendors of the same name apart.",
        Notes = "notes" => "Anything else.",
    }
}

/// What a page calls a column.
pub const fn label(field: Field) -> &'static str {
    match field {
        Field::Name => "Name",
        Field::ContactName => "Contact name",
        Field::ContactEmail => "Contact e-mail",
        Field::Website => "Website",
        Field::Services => "What they do for you",
        Field::BaStatus => "Business associate?",
        Field::PhiElements => "Patient information",
        Field::Volume => "Number of patients",
        Field::Access => "How they reach it",
        Field::Criticality => "How long you could do without",
        Field::Subcontractors => "Subcontractors",
        Field::Offshore => "Outside the United States?",
        Field::BaaSignedOn => "Agreement signed on",
        Field::BaaEndsOn => "Agreement ends on",
        Field::Owner => "Who looks after them here",
        Field::ExternalId => "Your number for them",
        Field::Notes => "Notes",
    }
}

/// Every column: its name, what it means, and an example.
pub const COLUMNS: &[(&str, &str, &str)] = &[
    column(Field::Name, "Example Billing Services"),
    column(Field::ContactName, "Jo Smith"),
    column(Field::ContactEmail, "jo@billing.example"),
    column(Field::Website, "https://billing.example"),
    column(Field::Services, "Medical billing"),
    column(Field::BaStatus, "business-associate"),
    column(Field::PhiElements, "contact; insurance; clinical"),
    column(Field::Volume, "5000-49999"),
    column(Field::Access, "hosts; remote"),
    column(Field::Criticality, "72h"),
    // Not "1-2", which a spreadsheet turns into the second of January.
    column(Field::Subcontractors, "1 to 2"),
    column(Field::Offshore, "none"),
    column(Field::BaaSignedOn, "2026-01-31"),
    column(Field::BaaEndsOn, "2028-01-31"),
    column(Field::Owner, "Pat Jones"),
    column(Field::ExternalId, "V-001"),
    column(Field::Notes, "Reviewed each spring"),
];

const fn column(field: Field, example: &'static str) -> (&'static str, &'static str, &'static str) {
    (field.key(), field.says(), example)
}

/// A vendor file without a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorFile {
    pub rows: Vec<VendorRow>,
    /// What was read otherwise than the writer may think.
    pub warnings: Vec<String>,
}

/// One vendor of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorRow {
    /// The line it starts on, as an editor counts them.
    pub line: u64,
    /// What the file says about this vendor. Other fields of `details` are only filled for
    /// want of anything better, and must not overwrite what is known of an old vendor;
    /// neither must the traits, which no file says. Cells of unknown columns are in the
    /// notes without making them given: they must not wipe out what someone wrote there.
    pub given: BTreeSet<Field>,
    pub details: VendorDetails,
}

/// Something to mend in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Absent when the file as a whole is at fault.
    pub line: Option<u64>,
    pub column: Option<String>,
    /// Without a full stop.
    pub problem: String,
    /// A whole sentence.
    pub mend: String,
}

impl Fault {
    fn of_file(problem: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { line: None, column: None, problem: problem.into(), mend: mend.into() }
    }

    fn of_line(line: u64, problem: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { line: Some(line), ..Self::of_file(problem, mend) }
    }

    fn of_cell(line: u64, column: &str, fault: FieldFault) -> Self {
        Self { column: Some(column.to_owned()), ..Self::of_line(line, fault.problem, fault.mend) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, &self.column) {
            (Some(line), Some(column)) => write!(f, "line {line}, column {column}: ")?,
            (Some(line), None) => write!(f, "line {line}: ")?,
            (None, _) => {}
        }
        write!(f, "{}. {}", self.problem, self.mend)
    }
}

/// The faults so far. Keeps the first [`MAX_FAULTS`] and counts the rest, so that a file
/// which is wrong on every line does not fill the memory with its faults.
#[derive(Clone, Debug, Default)]
struct Faults {
    kept: Vec<Fault>,
    more: usize,
}

impl Faults {
    fn push(&mut self, fault: Fault) {
        if self.kept.len() < MAX_FAULTS {
            self.kept.push(fault);
        } else {
            self.more += 1;
        }
    }

    fn into_list(self) -> Vec<Fault> {
        let mut list = self.kept;
        list.sort_by_key(|fault| fault.line);
        if self.more > 0 {
            let problem = match self.more {
                1 => "there is 1 more problem in this file".to_owned(),
                more => format!("there are {more} more problems in this file"),
            };
            list.push(Fault::of_file(problem, "Mend those above first, then read the file again."));
        }
        list
    }
}

/// Reads a vendor list with our own headings in its first row, in CSV or as a workbook.
///
/// # Errors
/// Every fault of the file, in the order of its lines; nothing of it is to be used then.
pub fn read(bytes: &[u8]) -> Result<VendorFile, Vec<Fault>> {
    strict(&Table::open(bytes, None)?)
}

fn strict(table: &Table) -> Result<VendorFile, Vec<Fault>> {
    let mut faults = table.faults.clone();
    let Some((first, rest)) = table.rows.split_first() else {
        if faults.kept.is_empty() {
            faults.push(Fault::of_file("the file is empty", "Choose a file with a vendor on each line."));
        }
        return Err(faults.into_list());
    };
    let header = header::read(first, &mut faults);
    let rows = row::read_all(&header, rest, &mut faults);
    if rows.is_empty() && faults.kept.is_empty() {
        let mend = "Add a line for each vendor under it.";
        faults.push(Fault::of_line(first.line, "the file has a header but no vendors", mend));
    }
    if faults.kept.is_empty() { Ok(VendorFile { rows, warnings: header.warnings() }) } else { Err(faults.into_list()) }
}

/// What the ways in suggest about how a vendor works, for a vendor that is new: the file
/// has no column for it, and a question whose condition nobody set would never be asked.
///
/// It errs towards asking, because a question too many costs the vendor a minute and a
/// question too few hides a risk; not knowing the ways in is therefore taken for several.
/// The practice corrects it in the profile.
pub fn likely_traits(access: &BTreeSet<Access>) -> BTreeSet<Trait> {
    let unknown = [Access::Unknown].into();
    let ways = if access.is_empty() { &unknown } else { access };
    ways.iter().flat_map(|way| traits_of(*way)).copied().collect()
}

const fn traits_of(way: Access) -> &'static [Trait] {
    match way {
        // It holds what it cannot read: nothing to lose on a laptop or in a letter.
        Access::Storage => &[],
        Access::Paper => &[Trait::Paper],
        Access::Onsite => &[Trait::Onsite],
        // Its people read patient information on machines of theirs, over a line.
        Access::Feed | Access::Remote | Access::Hosts | Access::HostsAdmin => &[Trait::Portable, Trait::Transmits],
        Access::Unknown => &[Trait::Paper, Trait::Portable, Trait::Transmits],
    }
}
