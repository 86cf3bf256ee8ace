//! From a row of cells to a vendor, with a fault for each cell that cannot be read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::header::{Column, Header};
use super::sheet::Row;
use super::{Fault, Faults, Field, MAX_ROWS, VendorRow, likely_traits, values, write};
use crate::domain::civil_date;
use crate::domain::exposure::{Access, Criticality, Element, Exposure, Offshore, Subs, Trait, Volume};
use crate::domain::vendor::{self, BaStatus, FieldFault, VendorDetails, name_key, quoted, tidy};

/// A cell of a list longer than this is not read word for word.
const LONGEST_LIST: usize = 1_000;

/// The vendors of these rows. Rows with a fault are among them, for comparing; they are
/// only of use when there is no fault at all.
pub(super) fn read_all(header: &Header, rows: &[Row], faults: &mut Faults) -> Vec<VendorRow> {
    let mut vendors = Vec::new();
    let mut seen = Seen::default();
    for row in rows {
        if vendors.len() == MAX_ROWS {
            let problem = format!("the file has more than {MAX_ROWS} vendors");
            faults.push(Fault::of_line(row.line, problem, "Split it into several files."));
            break;
        }
        let vendor = read(header, row, faults);
        if let Some(twin) = seen.again(&vendor) {
            faults.push(twin.fault(&vendor));
        }
        vendors.push(vendor);
    }
    vendors
}

fn read(header: &Header, row: &Row, faults: &mut Faults) -> VendorRow {
    if row.cells.iter().skip(header.columns.len()).any(|cell| !cell.trim().is_empty()) {
        let cells = row.cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
        let problem = format!("there are {cells} cells in this line and {} in the header", header.columns.len());
        let mend = "Put quotation marks around a cell with a comma or semicolon in it, or name the last column too.";
        faults.push(Fault::of_line(row.line, problem, mend));
    }
    let mut cells = Cells { line: row.line, texts: BTreeMap::new(), others: Vec::new(), faults };
    for (column, cell) in header.columns.iter().zip(&row.cells) {
        let text = cleaned(cell);
        match column {
            _ if text.is_empty() => {}
            Column::Known(field) => drop(cells.texts.entry(*field).or_insert(text)),
            Column::Other(heading) => cells.others.push(format!("{heading}: {text}")),
        }
    }
    let details = cells.details(header.has(Field::Name));
    let given = cells.texts.keys().copied().collect();
    VendorRow { line: row.line, given, details }
}

/// The vendor of a line whose cells were tidied and settled already.
pub(super) fn settled(
    line: u64,
    texts: BTreeMap<Field, String>,
    others: Vec<String>,
    faults: &mut Faults,
) -> VendorRow {
    let mut cells = Cells { line, texts, others, faults };
    let details = cells.details(true);
    let given = cells.texts.into_keys().collect();
    VendorRow { line, given, details }
}

/// A cell as it was before an export made it safe for spreadsheets.
fn cleaned(cell: &str) -> String {
    tidy(write::undefuse(tidy(cell))).to_owned()
}

/// The cells of one row that have something in them.
struct Cells<'a> {
    line: u64,
    texts: BTreeMap<Field, String>,
    /// Cells of columns we do not know, with their headings.
    others: Vec<String>,
    faults: &'a mut Faults,
}

impl Cells<'_> {
    fn details(&mut self, named: bool) -> VendorDetails {
        let name = if named { self.checked(Field::Name, vendor::check_name) } else { String::new() };
        let exposure = self.exposure();
        let agreement_signed_on = self.day(Field::BaaSignedOn);
        let agreement_ends_on = self.day(Field::BaaEndsOn);
        if let Err(fault) = vendor::check_agreement(agreement_signed_on, agreement_ends_on) {
            self.refuse(Field::BaaEndsOn, fault);
        }
        VendorDetails {
            name,
            external_id: self.checked(Field::ExternalId, vendor::check_external_id),
            website: self.checked(Field::Website, |text| vendor::check_website(known_or_blank(text))),
            services: self.checked(Field::Services, vendor::check_services),
            ba_status: self.choice(Field::BaStatus, values::ba_status).unwrap_or(BaStatus::Undetermined),
            owner: self.checked(Field::Owner, vendor::check_owner),
            contact_name: self.checked(Field::ContactName, vendor::check_contact_name),
            contact_email: self.checked(Field::ContactEmail, |text| vendor::check_email(known_or_blank(text))),
            exposure,
            agreement_signed_on,
            agreement_ends_on,
            notes: self.notes(),
        }
    }

    fn exposure(&mut self) -> Exposure {
        let access: BTreeSet<Access> = self.list(Field::Access, values::access);
        let elements: BTreeSet<Element> = self.list(Field::PhiElements, values::elements);
        Exposure {
            elements,
            volume: self.choice(Field::Volume, values::volume).unwrap_or(Volume::Unknown),
            criticality: self.choice(Field::Criticality, values::criticality).unwrap_or(Criticality::Unknown),
            subs: self.choice(Field::Subcontractors, values::subs).unwrap_or(Subs::Unknown),
            offshore: self.choice(Field::Offshore, values::offshore).unwrap_or(Offshore::Unknown),
            traits: self.traits(&access),
            access,
        }
    }

    /// No column says them: they are assumed from the ways in, and "42 CFR Part 2" among the
    /// kinds of information names one.
    fn traits(&self, access: &BTreeSet<Access>) -> BTreeSet<Trait> {
        let part2 = self.texts.get(&Field::PhiElements).is_some_and(|text| values::names_part2(text));
        likely_traits(access).into_iter().chain(part2.then_some(Trait::Part2)).collect()
    }

    fn refuse(&mut self, field: Field, fault: FieldFault) {
        self.faults.push(Fault::of_cell(self.line, field.key(), fault));
    }

    fn checked<T: Default>(&mut self, field: Field, check: impl FnOnce(&str) -> Result<T, FieldFault>) -> T {
        let text = self.texts.get(&field).map_or("", String::as_str);
        check(text).unwrap_or_else(|fault| {
            self.refuse(field, fault);
            T::default()
        })
    }

    fn day(&mut self, field: Field) -> Option<chrono::NaiveDate> {
        self.checked(field, |text| match known_or_blank(text) {
            "" => Ok(None),
            day => Ok(Some(civil_date::read(day)?)),
        })
    }

    fn choice<T>(&mut self, field: Field, read: fn(&str) -> Option<T>) -> Option<T> {
        let text = self.texts.get(&field)?;
        let value = if text.len() > LONGEST_LIST { None } else { read(text) };
        if value.is_none() {
            let fault = not_listed(field, text);
            self.refuse(field, fault);
        }
        value
    }

    fn list<T: Ord>(&mut self, field: Field, read: fn(&str) -> Result<BTreeSet<T>, Vec<String>>) -> BTreeSet<T> {
        let Some(text) = self.texts.get(&field).cloned() else {
            return BTreeSet::new();
        };
        if values::is_none(&text) {
            self.refuse_none(field, &text);
            return BTreeSet::new();
        }
        let found = if text.len() > LONGEST_LIST { Err(vec![text]) } else { read(&text) };
        found.unwrap_or_else(|unknown| {
            unknown.iter().for_each(|piece| self.refuse(field, not_listed(field, piece)));
            BTreeSet::new()
        })
    }

    /// "None" is only believed of a vendor that is no business associate: nothing known
    /// and nothing there are kept the same way, and must not be mixed up.
    fn refuse_none(&mut self, field: Field, text: &str) {
        let status =
            self.texts.get(&Field::BaStatus).map_or(Some(BaStatus::Undetermined), |text| values::ba_status(text));
        if status.is_some_and(BaStatus::counts_as_ba) {
            let problem = format!("{} says that the vendor gets no patient information", quoted(text));
            let mend = format!("Then write no-phi under ba_status; else write one or more of: {}.", listed(field));
            self.refuse(field, FieldFault::new(problem, mend));
        }
    }

    fn notes(&mut self) -> String {
        let own = self.texts.get(&Field::Notes).cloned();
        let all: Vec<String> = own.into_iter().chain(self.others.iter().cloned()).collect();
        vendor::check_notes(&all.join("\n")).unwrap_or_else(|fault| {
            self.refuse(Field::Notes, fault);
            String::new()
        })
    }
}

/// Offices fill in "n/a" rather than leave a cell blank.
fn known_or_blank(text: &str) -> &str {
    if values::is_unknown(text) || values::is_none(text) { "" } else { text }
}

fn not_listed(field: Field, text: &str) -> FieldFault {
    let (what, how) = match field {
        Field::PhiElements => ("is not a kind of patient information we know", "one or more of"),
        Field::Access => ("is not a way to reach information that we know", "one or more of"),
        Field::Volume => ("is not a number of patients we can read", "a number, or one of"),
        Field::Criticality => ("is not a length of time we can read", "a number of hours, days or weeks, or one of"),
        Field::Subcontractors => ("is not a number of companies we can read", "a number, or one of"),
        Field::Offshore => ("does not say what is outside the United States", "one of"),
        _ => ("does not say whether it is a business associate, or why not", "one of"),
    };
    FieldFault::new(format!("{} {what}", quoted(text)), format!("Write {how}: {}.", listed(field)))
}

fn listed(field: Field) -> String {
    values::may_write(field).unwrap_or_default()
}

/// The vendors of the lines above, to tell when one comes again: the line each came first.
#[derive(Default)]
pub(super) struct Seen {
    by_id: HashMap<String, u64>,
    by_name: HashMap<String, u64>,
    by_name_without_id: HashMap<String, u64>,
}

/// A vendor that is on a line above: by its number or by its name.
pub(super) struct Twin {
    pub by_number: bool,
    pub first: u64,
}

impl Twin {
    /// The number or name that both have.
    pub(super) fn text(&self, vendor: &VendorDetails) -> String {
        if self.by_number { vendor.external_id.clone().unwrap_or_default() } else { vendor.name.clone() }
    }

    fn fault(&self, vendor: &VendorRow) -> Fault {
        let (field, mend) = match self.by_number {
            true => (Field::ExternalId, "give one another external_id"),
            false => (Field::Name, "give each an external_id of its own"),
        };
        let problem = format!("{} is already on line {}", quoted(&self.text(&vendor.details)), self.first);
        let fault = FieldFault::new(problem, format!("Remove one of the two lines, or {mend}."));
        Fault::of_cell(vendor.line, field.key(), fault)
    }
}

impl Seen {
    /// Two lines are one vendor when they have the same id; or the same name, unless both
    /// have an id of their own.
    pub(super) fn again(&mut self, vendor: &VendorRow) -> Option<Twin> {
        let VendorDetails { name, external_id, .. } = &vendor.details;
        let same_id = external_id.as_ref().and_then(|id| first_line(&mut self.by_id, id, vendor.line));
        let same_name = if name.is_empty() { None } else { self.name_again(name, external_id.is_some(), vendor.line) };
        match (same_id, same_name) {
            (Some(first), _) => Some(Twin { by_number: true, first }),
            (None, Some(first)) => Some(Twin { by_number: false, first }),
            (None, None) => None,
        }
    }

    fn name_again(&mut self, name: &str, has_id: bool, line: u64) -> Option<u64> {
        let key = name_key(name);
        let any = first_line(&mut self.by_name, &key, line);
        if has_id {
            return self.by_name_without_id.get(&key).copied();
        }
        first_line(&mut self.by_name_without_id, &key, line);
        any
    }
}

/// Where the key came before, if it did; otherwise it is noted.
fn first_line(seen: &mut HashMap<String, u64>, key: &str, line: u64) -> Option<u64> {
    let before = seen.get(key).copied();
    if before.is_none() {
        seen.insert(key.to_owned(), line);
    }
    before
}
