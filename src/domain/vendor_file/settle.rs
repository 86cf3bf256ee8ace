//! One line of a busy office's list: each cell taken, left blank, or asked about.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::question::{Asked, BLANK, Reply, SKIP, TYPE, cell_key};
use super::spellings::fold;
use super::{Field, Trouble, ask, check, values};
use crate::domain::civil_date;
use crate::domain::vendor::{self, BaStatus};

/// What a line says so far.
#[derive(Default)]
pub(super) struct Draft {
    pub texts: BTreeMap<Field, String>,
    /// For the notes, each with its heading.
    pub others: Vec<String>,
    pub part2: bool,
    /// A question about it has no answer yet.
    pub open: bool,
    /// An answer leaves the whole line out.
    pub skipped: bool,
    /// What stood beside an address: a name, most often.
    beside: Option<String>,
    /// A day's number that was taken for a date.
    pub serial: Option<(String, NaiveDate)>,
}

/// The longest text that goes from a cell into the notes.
const LONGEST_NOTE: usize = 500;

impl Draft {
    pub(super) fn note(&mut self, heading: &str, text: &str) {
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_NOTE).collect();
        self.others.push(format!("{heading}: {}", text.trim()));
    }

    /// Takes a cell of a column that we know.
    pub(super) fn take(&mut self, asked: &mut Asked<'_>, line: u64, field: Field, heading: &str, cell: &str) {
        let text = check::tidied(Some(field), cell);
        if check::is_blank_in(field, &text) {
            return;
        }
        let yes = matches!(fold(&text).as_str(), "yes" | "y" | "true" | "x");
        if field == Field::BaaEndsOn && check::is_no_end(&text) || field == Field::PhiElements && yes {
            // Said and not known in our words: no date, no kinds.
            return self.note(heading, &text);
        }
        if matches!(field, Field::BaaSignedOn | Field::BaaEndsOn) && self.serial.is_none() {
            self.serial = check::serial_day(&text).map(|day| (text.clone(), day));
        }
        if field == Field::ContactEmail
            && let (found, beside) = check::addresses(&text)
            && let [address] = found.as_slice()
        {
            self.texts.insert(field, address.clone());
            self.beside = Some(beside).filter(|beside| beside.chars().any(char::is_alphanumeric));
            return;
        }
        self.part2 |= field == Field::PhiElements && values::names_part2(&text);
        let text = check::straight(field, &text);
        match check::trouble(field, &text) {
            None => drop(self.texts.insert(field, text)),
            Some(Trouble::Words(pieces)) => self.take_words(asked, line, field, heading, &text, &pieces),
            Some(trouble) => {
                let key = cell_key("cell", field, &text);
                let reply = asked.ask(line, &key, || ask::about(field, heading, &text, &trouble));
                match reply {
                    None => self.open = true,
                    Some(reply) => self.obey(asked, field, heading, &text, &key, &reply),
                }
            }
        }
    }

    /// Does what an answer about a cell says.
    fn obey(&mut self, asked: &mut Asked<'_>, field: Field, heading: &str, text: &str, key: &str, reply: &Reply) {
        match reply.choice.as_str() {
            SKIP => self.skipped = true,
            BLANK => self.note(heading, text),
            TYPE => {
                let typed = check::straight(field, &check::tidied(Some(field), &reply.text));
                match check::trouble(field, &typed) {
                    None if !typed.is_empty() => drop(self.texts.insert(field, typed)),
                    None => self.refuse(asked, key, "Type it, or choose another answer.".to_owned()),
                    Some(Trouble::Fault(fault)) => self.refuse(asked, key, format!("{}.", fault.problem)),
                    Some(_) => self.refuse(asked, key, "Type only one.".to_owned()),
                }
            }
            address => {
                for other in check::addresses(text).0.iter().filter(|other| *other != address) {
                    self.note("Other e-mail", other);
                }
                self.texts.insert(field, address.to_owned());
            }
        }
    }

    fn refuse(&mut self, asked: &mut Asked<'_>, key: &str, problem: String) {
        asked.refuse(key, problem);
        self.open = true;
    }

    /// Words that are none of ours, each asked about by itself.
    fn take_words(
        &mut self,
        asked: &mut Asked<'_>,
        line: u64,
        field: Field,
        heading: &str,
        text: &str,
        pieces: &[String],
    ) {
        let several = matches!(field, Field::PhiElements | Field::Access);
        let mut keys: Vec<String> = Vec::new();
        if several {
            keys.extend(values::keys_and_rest(field, text).0.into_iter().map(str::to_owned));
        }
        for piece in pieces {
            let key = cell_key("word", field, &piece.to_lowercase());
            match asked.ask(line, &key, || ask::word(field, heading, piece)) {
                None => self.open = true,
                Some(reply) if reply.choice == BLANK => self.note(heading, piece),
                Some(reply) => keys.push(reply.choice),
            }
        }
        if !keys.is_empty() && !self.open {
            self.texts.insert(field, keys.join("; "));
        }
    }

    /// What hangs on several cells of the line.
    pub(super) fn settle(&mut self, asked: &mut Asked<'_>, line: u64, heading_of: impl Fn(Field) -> String) {
        if let Some(beside) = self.beside.take() {
            match self.texts.contains_key(&Field::ContactName) {
                false if vendor::check_contact_name(&beside).is_ok() => {
                    self.texts.insert(Field::ContactName, beside);
                }
                _ => self.note(&heading_of(Field::ContactEmail), &beside),
            }
        }
        for field in [Field::PhiElements, Field::Access] {
            self.settle_none(asked, line, field, &heading_of(field));
        }
        self.settle_dates(asked, line, &heading_of(Field::BaaSignedOn), &heading_of(Field::BaaEndsOn));
    }

    /// "None" is believed of a vendor that is no business associate; of others it is asked.
    fn settle_none(&mut self, asked: &mut Asked<'_>, line: u64, field: Field, heading: &str) {
        let Some(text) = self.texts.get(&field).filter(|text| values::is_none(text)).cloned() else { return };
        let status = self.texts.get(&Field::BaStatus).and_then(|text| values::ba_status(text));
        if !status.unwrap_or(BaStatus::Undetermined).counts_as_ba() {
            return;
        }
        let called_one = status.is_some_and(|status| status != BaStatus::Undetermined);
        let key = cell_key(if called_one { "none although" } else { "none" }, field, &fold(&text));
        match asked.ask(line, &key, || ask::none(field, heading, &text, called_one)) {
            None => self.open = true,
            Some(reply) if reply.choice == BLANK => {
                self.texts.remove(&field);
                self.note(heading, &text);
            }
            Some(reply) => drop(self.texts.insert(Field::BaStatus, reply.choice)),
        }
    }

    fn settle_dates(&mut self, asked: &mut Asked<'_>, line: u64, signed: &str, ends: &str) {
        let day = |field| self.texts.get(&field).and_then(|text: &String| civil_date::read(text).ok());
        let (signed_on, ends_on) = (day(Field::BaaSignedOn), day(Field::BaaEndsOn));
        let Err(fault) = vendor::check_agreement(signed_on, ends_on) else { return };
        let name = self.texts.get(&Field::Name).cloned().unwrap_or_default();
        let key = super::question::key(&["dates", &line.to_string()]);
        match asked.ask(line, &key, || ask::dates(&name, &fault)) {
            None => self.open = true,
            Some(reply) => {
                let was = (self.texts.remove(&Field::BaaSignedOn), self.texts.remove(&Field::BaaEndsOn));
                let (Some(first), Some(second)) = was else { return };
                if reply.choice == BLANK {
                    self.note(signed, &first);
                    self.note(ends, &second);
                } else {
                    self.texts.insert(Field::BaaSignedOn, second);
                    self.texts.insert(Field::BaaEndsOn, first);
                }
            }
        }
    }
}
