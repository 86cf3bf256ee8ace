//! Reads a busy office's list by the columns that were guessed or chosen: what is beyond
//! doubt is taken, what is not is asked.

use super::choices::{Layout, Reading};
use super::question::{Asked, Reply, SKIP, TYPE, key};
use super::row::{Seen, settled};
use super::settle::Draft;
use super::sheet::Row;
use super::spellings::fold;
use super::{Fault, Faults, Field, MAX_ROWS, Replies, Table, Target, VendorRow, ask, check, guess, write};
use crate::domain::civil_date::say_short;
use crate::domain::exposure::Trait;
use crate::domain::vendor::{self, check_agreement, quoted};

pub(super) fn read(table: &Table, layout: &Layout, replies: &Replies) -> Reading {
    let mut reader = Reader {
        layout,
        asked: Asked::new(replies),
        faults: Faults::default(),
        rows: Vec::new(),
        seen: Seen::default(),
        again: 0,
        same: Vec::new(),
        serial: None,
        is_rich: is_rich(table, layout),
    };
    let header = layout.header.and_then(|at| table.rows.get(at));
    for row in &table.rows[layout.header.map_or(0, |at| at + 1)..] {
        if header.is_some_and(|header| repeats(header, row)) {
            reader.again += 1;
        } else if reader.rows.len() == MAX_ROWS {
            let problem = format!("the file has more than {MAX_ROWS} vendors");
            reader.faults.push(Fault::of_line(row.line, problem, "Split it into several files."));
            break;
        } else {
            reader.read(row);
        }
    }
    let mut reading = reader.finish();
    for question in &mut reading.questions {
        question.vendors = question.lines.iter().map(|line| called(table, layout, *line)).collect();
    }
    reading
}

/// What the file calls the vendor of a line.
fn called(table: &Table, layout: &Layout, line: u64) -> String {
    let column = layout.columns.iter().position(|column| column.target == Target::Field(Field::Name));
    let row = table.rows.iter().find(|row| row.line == line);
    let cell = row.zip(column).and_then(|(row, at)| row.cells.get(at));
    cell.map(|cell| check::tidied(Some(Field::Name), cell)).unwrap_or_default()
}

/// Whether a row is the header once more, as at the top of each printed page.
fn repeats(header: &Row, row: &Row) -> bool {
    let same = |(at, cell): (usize, &String)| {
        cell.trim().is_empty() || header.cells.get(at).is_some_and(|head| fold(head) == fold(cell))
    };
    guess::filled(row) * 2 > guess::filled(header) && row.cells.iter().enumerate().all(same)
}

/// Whether most rows fill several cells: then a row with one may be a heading.
fn is_rich(table: &Table, layout: &Layout) -> bool {
    let rows = &table.rows[layout.header.map_or(0, |at| at + 1)..];
    rows.iter().filter(|row| guess::filled(row) >= 2).count() * 2 > rows.len()
}

struct Reader<'a> {
    layout: &'a Layout,
    asked: Asked<'a>,
    faults: Faults,
    rows: Vec<VendorRow>,
    seen: Seen,
    /// Rows that repeat the header.
    again: usize,
    /// Lines that say nothing that a line above does not.
    same: Vec<u64>,
    /// The first day's number that was taken for a date, with its column.
    serial: Option<(String, String)>,
    is_rich: bool,
}

impl Reader<'_> {
    fn read(&mut self, row: &Row) {
        let texts = || row.cells.iter().map(|cell| check::tidied(None, cell)).filter(|text| !text.is_empty());
        if let Some(first) = texts().next()
            && (is_total(&first) || self.is_rich && texts().nth(1).is_none() && is_remark(&first))
        {
            let key = key(&["vendor", &row.line.to_string()]);
            match self.asked.ask(row.line, &key, || ask::no_vendor(&first)) {
                Some(reply) if reply.choice != SKIP => {}
                _ => return,
            }
        }
        let mut draft = Draft::default();
        for (column, cell) in self.layout.columns.iter().zip(&row.cells) {
            match column.target {
                Target::Field(field) => draft.take(&mut self.asked, row.line, field, &column.heading, cell),
                Target::Out => {}
                Target::Keep => {
                    let text = check::tidied(None, cell);
                    if !check::is_blank(&text) {
                        draft.note(&column.heading, &text);
                    }
                }
            }
        }
        self.name(&mut draft, row);
        if draft.skipped {
            return;
        }
        let layout = self.layout;
        draft.settle(&mut self.asked, row.line, |field| heading_of(layout, field));
        if let Some((text, day)) = draft.serial.take() {
            self.serial.get_or_insert_with(|| (text, say_short(day)));
        }
        if draft.open {
            return;
        }
        let mut vendor = settled(row.line, draft.texts, draft.others, &mut self.faults);
        if draft.part2 {
            vendor.details.exposure.traits.insert(Trait::Part2);
        }
        self.place(vendor);
    }

    /// A vendor has a name, or someone gives it one, or the line is left out.
    fn name(&mut self, draft: &mut Draft, row: &Row) {
        if draft.open || draft.skipped || draft.texts.contains_key(&Field::Name) {
            return;
        }
        if draft.texts.is_empty() && draft.others.is_empty() {
            draft.skipped = true;
            return;
        }
        let key = key(&["nameless", &row.line.to_string()]);
        let says: Vec<&str> = row.cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
        match self.asked.ask(row.line, &key, || ask::nameless(&says.join(" · "), says.len())) {
            None => draft.open = true,
            Some(reply) if reply.choice == TYPE => match vendor::check_name(&reply.text) {
                Ok(name) => drop(draft.texts.insert(Field::Name, name)),
                Err(fault) => {
                    self.asked.refuse(&key, fault.to_string());
                    draft.open = true;
                }
            },
            Some(_) => draft.skipped = true,
        }
    }

    /// Adds a vendor to those above, unless it is one of them.
    fn place(&mut self, mut vendor: VendorRow) {
        let Some(twin) = self.seen.again(&vendor) else { return self.rows.push(vendor) };
        let Ok(first) = self.rows.binary_search_by_key(&twin.first, |row| row.line) else { return };
        if says_nothing_new(&self.rows[first], &vendor) {
            return self.same.push(vendor.line);
        }
        let key = key(&["twin", &vendor.line.to_string()]);
        let text = twin.text(&vendor.details);
        let question = || ask::twin(twin.by_number, &text, twin.first, &vendor.details.name);
        let Some(reply) = self.asked.ask(vendor.line, &key, question) else { return };
        match reply.choice.as_str() {
            SKIP => {}
            "merge" => {
                let merged = merge(&self.rows[first], &vendor);
                if let Err(fault) = vendor::check_notes(&merged.details.notes) {
                    self.faults.push(Fault::of_line(vendor.line, fault.problem, fault.mend));
                }
                self.rows[first] = merged;
            }
            _ => {
                if let Err(problem) = tell_apart(&mut vendor, twin.by_number, &reply) {
                    return self.asked.refuse(&key, problem);
                }
                if self.seen.again(&vendor).is_some() {
                    return self.asked.refuse(&key, "Another line of the file has that name already.");
                }
                self.rows.push(vendor);
            }
        }
    }

    fn finish(mut self) -> Reading {
        let questions = self.asked.into_list();
        if self.rows.is_empty() && questions.is_empty() && self.faults.kept.is_empty() {
            let mend = "Check which row names the columns, and which column holds the names.";
            self.faults.push(Fault::of_file("the file has no vendors", mend));
        }
        let mut warnings = of_layout(self.layout);
        if let Some((number, day)) = self.serial {
            warnings
                .push(format!("Numbers such as {number} in a column of dates were read as days: {number} is {day}."));
        }
        match self.again {
            0 => {}
            1 => warnings.push("One line that repeats the headings was left out.".to_owned()),
            more => warnings.push(format!("{more} lines that repeat the headings were left out.")),
        }
        match self.same.as_slice() {
            [] => {}
            [line] => warnings.push(format!("Line {line} says the same as a line above and was left out.")),
            [line, ..] => warnings.push(format!(
                "{} lines say the same as lines above and were left out; the first is line {line}.",
                self.same.len()
            )),
        }
        Reading { rows: self.rows, warnings, questions, faults: self.faults.into_list() }
    }
}

/// What the columns were taken for, as far as it is not plain from their names.
fn of_layout(layout: &Layout) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(line) = layout.line.filter(|_| layout.header != Some(0)) {
        warnings.push(format!("The columns are named on line {line}; what stands above it was left out."));
    }
    let headings = |wanted: fn(&Target) -> bool| {
        let found = layout.columns.iter().filter(|column| wanted(&column.target) && !column.samples.is_empty());
        found.map(|column| quoted(&column.heading)).collect::<Vec<_>>().join(", ")
    };
    let taken: Vec<String> = layout
        .columns
        .iter()
        .filter_map(|column| match column.target {
            Target::Field(field) if fold(&column.heading) != fold(field.key()) => {
                Some(format!("{} for {field}", quoted(&column.heading)))
            }
            _ => None,
        })
        .collect();
    if !taken.is_empty() {
        warnings.push(format!("We took {}.", taken.join(", ")));
    }
    let kept = headings(|target| *target == Target::Keep);
    if !kept.is_empty() {
        warnings.push(format!("Kept with the notes: {kept}."));
    }
    let out = headings(|target| *target == Target::Out);
    if !out.is_empty() {
        warnings.push(format!("Left out: {out}."));
    }
    warnings
}

fn heading_of(layout: &Layout, field: Field) -> String {
    let column = layout.columns.iter().find(|column| column.target == Target::Field(field));
    column.map_or_else(|| field.key().to_owned(), |column| column.heading.clone())
}

/// "Total", "Grand total: 34", "Total vendors" – and not "Total Imaging".
fn is_total(text: &str) -> bool {
    let word: String = fold(text).chars().filter(|c| !c.is_ascii_digit()).collect();
    matches!(
        word.as_str(),
        "total"
            | "totals"
            | "grandtotal"
            | "subtotal"
            | "sum"
            | "count"
            | "average"
            | "totalvendors"
            | "vendorcount"
            | "totalcount"
            | "numberofvendors"
    )
}

/// A heading over a group of vendors, or a line under the list.
fn is_remark(text: &str) -> bool {
    let lower = text.to_lowercase();
    let starts =
        ["last updated", "updated ", "as of ", "page ", "printed ", "prepared by", "confidential", "note:", "*"];
    let shouts = text.chars().any(char::is_alphabetic) && !text.chars().any(char::is_lowercase) && text.contains(' ');
    text.ends_with(':') || shouts || starts.iter().any(|start| lower.starts_with(start))
}

/// Gives the second of two vendors what sets it apart.
fn tell_apart(vendor: &mut VendorRow, by_number: bool, reply: &Reply) -> Result<(), String> {
    if by_number {
        vendor.details.external_id = None;
        vendor.given.remove(&Field::ExternalId);
    } else {
        vendor.details.name = vendor::check_name(&reply.text).map_err(|fault| fault.to_string())?;
    }
    Ok(())
}

fn says_nothing_new(first: &VendorRow, second: &VendorRow) -> bool {
    let said = |field: &Field| write::cell(&first.details, *field) == write::cell(&second.details, *field);
    let noted = |line: &str| first.details.notes.lines().any(|kept| kept == line);
    second.given.iter().filter(|field| !matches!(field, Field::Name | Field::Notes)).all(said)
        && second.details.notes.lines().all(noted)
}

/// The first line with what only the second says; what both say differently goes into the
/// notes.
fn merge(first: &VendorRow, second: &VendorRow) -> VendorRow {
    let mut merged = first.clone();
    let mut notes: Vec<String> = first.details.notes.lines().map(str::to_owned).collect();
    for field in second.given.iter().copied().filter(|field| !matches!(field, Field::Name | Field::Notes)) {
        let (was, is) = (write::cell(&first.details, field), write::cell(&second.details, field));
        if first.given.contains(&field) {
            if was != is {
                notes.push(format!("{} (line {}): {is}", super::label(field), second.line));
            }
            continue;
        }
        let before = merged.details.clone();
        crate::domain::import_plan::take(&mut merged.details, field, &second.details);
        merged.given.insert(field);
        if check_agreement(merged.details.agreement_signed_on, merged.details.agreement_ends_on).is_err() {
            merged.details = before;
            merged.given.remove(&field);
            notes.push(format!("{} (line {}): {is}", super::label(field), second.line));
        }
    }
    for line in second.details.notes.lines() {
        if !notes.iter().any(|kept| kept == line) {
            notes.push(line.to_owned());
        }
    }
    merged.details.notes = notes.join("\n");
    merged
}
