//! The form of a version, as fields and back.

use chrono::NaiveDate;

use crate::domain::agreement::{AgreementKind, LONGEST_NOTICE_DAYS, LONGEST_NOTICE_HOURS, LONGEST_TERM_MONTHS, Terms};
use crate::domain::civil_date;
use crate::domain::ids::DocumentId;
use crate::domain::vendor::{self, FieldFault};
use crate::domain::words::words;
use crate::web::form::Posted;
use crate::web::view::Faults;

words! {
    /// How long it runs, as the form asks.
    pub enum Runs {
        Until = "until" => "It ends on a day",
        Renews = "renews" => "It ends on a day, and renews by itself",
        NoEnd = "no-end" => "It has no end date",
        NotKnown = "not-known" => "We do not know yet",
    }
}

/// The fields as a form would send them.
pub fn written(terms: &Terms) -> Posted {
    let date = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let number = |count: Option<u32>| count.map(|count| count.to_string()).unwrap_or_default();
    let runs = match (terms.ends_on, terms.renews_months) {
        (Some(_), Some(_)) => Runs::Renews,
        (Some(_), None) => Runs::Until,
        (None, _) if terms.open_ended => Runs::NoEnd,
        (None, _) => Runs::NotKnown,
    };
    let fields = [
        ("kind", terms.kind.key().to_owned()),
        ("signed_on", date(terms.signed_on)),
        ("effective_on", date(terms.effective_on)),
        ("runs", runs.key().to_owned()),
        ("ends_on", date(terms.ends_on)),
        ("renews_months", number(terms.renews_months)),
        ("notice_days", number(terms.notice_days)),
        ("parties", terms.parties.clone()),
        ("breach_notice_hours", number(terms.breach_notice_hours)),
        ("offshore", terms.offshore.clone()),
        ("subcontractors", terms.subcontractors.clone()),
        ("document", terms.document.map(|id| id.to_string()).unwrap_or_default()),
        ("ended_on", date(terms.ended_on)),
        ("note", terms.note.clone()),
    ];
    Posted(fields.into_iter().map(|(name, text)| (name.to_owned(), text)).collect())
}

/// Reads the form; a version may point only to one of `documents`.
///
/// # Errors
/// What is wrong, by field.
pub fn read(posted: &Posted, documents: &[(DocumentId, String)]) -> Result<Terms, Faults> {
    let mut faults = Faults::new();
    let runs = one(posted, "runs", "Choose how long it runs", &mut faults);
    let ends_on = date(posted, "ends_on", "The last day", &mut faults);
    let months = number(posted, "renews_months", LONGEST_TERM_MONTHS, &mut faults);
    match runs {
        Some(Runs::Until | Runs::Renews) if posted.text("ends_on").is_empty() => {
            faults.push(("ends_on", "Write the last day, or choose that there is none".to_owned()));
        }
        Some(Runs::NoEnd | Runs::NotKnown) if ends_on.is_some() => {
            faults.push((
                "ends_on",
                "There is a last day here; take it away, or choose that it ends on a day".to_owned(),
            ));
        }
        _ => {}
    }
    if runs == Some(Runs::Renews) && posted.text("renews_months").is_empty() {
        faults.push(("renews_months", "Write for how many months it renews, for example 12".to_owned()));
    }
    let terms = Terms {
        kind: one(posted, "kind", "Choose what kind of agreement it is", &mut faults).unwrap_or(AgreementKind::Baa),
        signed_on: date(posted, "signed_on", "The day of signing", &mut faults),
        effective_on: date(posted, "effective_on", "The first day", &mut faults),
        ends_on,
        open_ended: runs == Some(Runs::NoEnd),
        renews_months: months.filter(|_| runs == Some(Runs::Renews)),
        notice_days: number(posted, "notice_days", LONGEST_NOTICE_DAYS, &mut faults),
        parties: text(posted, "parties", vendor::check_notes, &mut faults),
        breach_notice_hours: number(posted, "breach_notice_hours", LONGEST_NOTICE_HOURS, &mut faults),
        offshore: text(posted, "offshore", vendor::check_notes, &mut faults),
        subcontractors: text(posted, "subcontractors", vendor::check_notes, &mut faults),
        document: document(posted, documents, &mut faults),
        ended_on: date(posted, "ended_on", "The day it was ended", &mut faults),
        note: text(posted, "note", vendor::check_notes, &mut faults),
    };
    if faults.is_empty() {
        faults.extend(terms.faults().into_iter().map(|(field, fault)| (field, fault.sentence())));
    }
    if faults.is_empty() { Ok(terms) } else { Err(faults) }
}

fn text(
    posted: &Posted,
    name: &'static str,
    check: impl Fn(&str) -> Result<String, FieldFault>,
    faults: &mut Faults,
) -> String {
    check(posted.text(name)).unwrap_or_else(|fault| {
        faults.push((name, fault.sentence()));
        String::new()
    })
}

fn date(posted: &Posted, name: &'static str, label: &str, faults: &mut Faults) -> Option<NaiveDate> {
    let text = posted.text(name);
    if text.is_empty() {
        return None;
    }
    civil_date::read(text).map_err(|fault| faults.push((name, format!("{label}: {fault}")))).ok()
}

fn one<T: std::str::FromStr>(posted: &Posted, name: &'static str, mend: &str, faults: &mut Faults) -> Option<T> {
    posted.text(name).parse().map_err(|_| faults.push((name, mend.to_owned()))).ok()
}

fn number(posted: &Posted, name: &'static str, most: u32, faults: &mut Faults) -> Option<u32> {
    let text = posted.text(name).replace(',', "");
    if text.is_empty() {
        return None;
    }
    let read = text.parse().ok().filter(|count| (1..=most).contains(count));
    if read.is_none() {
        faults.push((name, format!("Write a whole number from 1 to {most}, or leave it empty")));
    }
    read
}

fn document(posted: &Posted, documents: &[(DocumentId, String)], faults: &mut Faults) -> Option<DocumentId> {
    let text = posted.text("document");
    if text.is_empty() {
        return None;
    }
    let known = text.parse().ok().filter(|id| documents.iter().any(|(document, _)| document == id));
    if known.is_none() {
        faults.push(("document", "Choose one of the list; that file is not there any more".to_owned()));
    }
    known
}
