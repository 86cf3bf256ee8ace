//! The four questions of the overview: each a number, the page with exactly those rows, and
//! the first of them in words.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::{Listed, Overview};
use crate::domain::agreement::AgreementStanding;
use crate::domain::scoring::Rating;
use crate::domain::standing::Status;
use crate::report::charts::grouped;
use crate::store::flags::Named;
use crate::store::vendor_list::Line;

#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Card {
    id: &'static str,
    title: &'static str,
    count: String,
    /// Read after the number where the card is not seen.
    counted: &'static str,
    href: &'static str,
    tone: &'static str,
    rows: Vec<Row>,
    empty: &'static str,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Row {
    vendor: String,
    href: String,
    says: String,
    on: String,
}

/// The cards, the most urgent first.
pub fn all(overview: &Overview, today: NaiveDate) -> Vec<Card> {
    let Overview { overdue, soon, unassured, changed, .. } = overview;
    let vendors =
        |listed: &Listed<Line>, says: fn(&Line, NaiveDate) -> String, on: fn(NaiveDate, NaiveDate) -> String| {
            listed
                .first
                .iter()
                .map(|line| row(line, says(line, today), line.next_due_on.map(|day| on(day, today))))
                .collect()
        };
    vec![
        Card {
            id: "overdue",
            title: "Overdue",
            count: grouped(overdue.total.into()),
            counted: either(overdue.total, "vendor is overdue", "vendors are overdue"),
            href: "/vendors?due=overdue",
            tone: tone(overdue.total, "bad"),
            rows: vendors(overdue, overdue_says, day),
            empty: "Nothing is overdue.",
        },
        Card {
            id: "due",
            title: "Due in 30 days",
            count: grouped(soon.total.into()),
            counted: either(soon.total, "vendor is due within 30 days", "vendors are due within 30 days"),
            href: "/vendors?due=30",
            tone: tone(soon.total, "soon"),
            rows: vendors(soon, |line, _| soon_says(line), day),
            empty: "Nothing is due in the next 30 days.",
        },
        Card {
            id: "unassured",
            title: "Risky without assurance",
            count: grouped(unassured.total.into()),
            counted: either(unassured.total, "risky vendor lacks assurance", "risky vendors lack assurance"),
            href: "/vendors?assurance=lacking",
            tone: tone(unassured.total, "high"),
            rows: vendors(unassured, unassured_says, due_day),
            empty: "Every risky vendor has given assurance.",
        },
        Card {
            id: "changed",
            title: "Changed data handling",
            count: grouped(changed.total.into()),
            counted: either(changed.total, "change in how a vendor handles data", "changes in how vendors handle data"),
            href: "/flags?kind=changed",
            tone: tone(changed.total, "wait"),
            rows: changed.first.iter().map(|flag| flag_row(flag, today)).collect(),
            empty: "No change waits for a look.",
        },
    ]
}

fn either(count: u32, one: &'static str, more: &'static str) -> &'static str {
    if count == 1 { one } else { more }
}

fn tone(count: u32, when_any: &'static str) -> &'static str {
    if count == 0 { "good" } else { when_any }
}

fn row(line: &Line, says: String, on: Option<String>) -> Row {
    Row { vendor: line.name.clone(), href: format!("/vendors/{}", line.id), says, on: on.unwrap_or_default() }
}

fn flag_row((flag, vendor): &Named, today: NaiveDate) -> Row {
    Row {
        vendor: vendor.clone(),
        href: format!("/vendors/{}", flag.vendor),
        says: flag.sentence.clone(),
        on: day(flag.raised_on, today),
    }
}

/// `Oct 8`; with its year where that is not this one.
fn day(day: NaiveDate, today: NaiveDate) -> String {
    let pattern = if day.year() == today.year() { "%b %-d" } else { "%b %-d, %Y" };
    day.format(pattern).to_string()
}

fn due_day(due: NaiveDate, today: NaiveDate) -> String {
    format!("Due {}", day(due, today))
}

fn overdue_says(line: &Line, today: NaiveDate) -> String {
    let late = |since: NaiveDate| match (today - since).num_days() {
        1 => "1 day late".to_owned(),
        days => format!("{} days late", grouped(days.unsigned_abs())),
    };
    let why = match line.status {
        Status::NotNeeded | Status::NotAsked => "Was never asked",
        Status::Invited => "Was asked and has not begun",
        Status::InProgress => "Has begun and not sent it",
        Status::NoReply => "Has not replied",
        Status::OnEvidence => "Is accepted on evidence",
        Status::Current | Status::OutOfDate => "The last reply is more than a year old",
    };
    match (line.next_due_on.filter(|due| *due < today), line.ran_out_on(today)) {
        (Some(due), _) => format!("{why}; {}", late(due)),
        // Asked anew, with a date to come.
        (None, Some(ran_out)) => format!("{why}; the yearly reply is {}", late(ran_out)),
        (None, None) => why.to_owned(),
    }
}

fn soon_says(line: &Line) -> String {
    let says = match line.status {
        Status::Current => "The yearly reply is due",
        Status::NotNeeded | Status::NotAsked => "Is due for the first time and was not asked",
        Status::Invited => "Was asked and has not begun",
        Status::InProgress => "Has begun and not sent it",
        Status::NoReply | Status::OutOfDate => "Has not replied",
        Status::OnEvidence => "Is accepted on evidence",
    };
    says.to_owned()
}

/// What is lacking, as far as the row tells.
fn unassured_says(line: &Line, today: NaiveDate) -> String {
    let agreement = match line.agreement {
        AgreementStanding::Missing => Some("no agreement on record"),
        AgreementStanding::Ended => Some("the agreement has ended"),
        AgreementStanding::Current | AgreementStanding::EndsSoon | AgreementStanding::NotNeeded => None,
    };
    let reply = match line.status {
        Status::OnEvidence => Some("accepted on evidence, not on a reply"),
        _ if line.rating == Rating::NotAssessed => Some("never assessed"),
        Status::OutOfDate => Some("last reply out of date"),
        _ if line.ran_out_on(today).is_some() => Some("last reply out of date"),
        Status::NoReply if agreement.is_none() => Some("asked anew and has not replied"),
        // What else takes assurance away: questions that were never put to it.
        _ if agreement.is_none() => Some("holds more than it was asked about"),
        _ => None,
    };
    let lacking: Vec<&str> = reply.into_iter().chain(agreement).collect();
    format!("{}: {}", line.tier.says(), lacking.join(", "))
}
