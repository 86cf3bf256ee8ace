//! What is known of a version, line by line, for every page that shows one.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::agreement::provisions::{Duty, Sought, sought};
use crate::domain::agreement::{Agreement, Found, LAWFUL_NOTICE_HOURS};
use crate::domain::civil_date;
use crate::domain::ids::DocumentId;
use crate::web::pages::words;

/// A line of the sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    pub asks: &'static str,
    pub says: String,
    pub href: Option<String>,
}

/// A term that was looked for and is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MissingTerm {
    pub title: String,
    pub cites: String,
}

/// The facts of a version; what nobody wrote down is left out, but for what matters.
pub fn sheet(version: &Agreement, documents: &[(DocumentId, String)], today: NaiveDate) -> Vec<Line> {
    let terms = &version.terms;
    let line = |asks, says: String| Line { asks, says, href: None };
    let day = |day: Option<NaiveDate>| day.map_or_else(|| "Not written down".to_owned(), civil_date::say_short);
    let signed = if terms.is_unsigned() { "Not yet".to_owned() } else { day(terms.signed_on) };
    let mut lines = vec![line("Kind", terms.kind.says().to_owned()), line("Signed", signed)];
    if terms.effective_on.is_some() {
        lines.push(line("In effect from", day(terms.effective_on)));
    }
    lines.push(line("Ends", ends(version, today)));
    if let Some(by) = version.notice_by(today) {
        lines.push(line("Say no by", civil_date::say_short(by)));
    } else if let Some(days) = terms.notice_days {
        lines.push(line("Notice", words::counted(days as usize, "day")));
    }
    if let Some(ended) = terms.ended_on {
        lines.push(line("Ended early", civil_date::say_short(ended)));
    }
    lines.push(line("Breach notice", breach_notice(terms.breach_notice_hours)));
    for (asks, text) in [
        ("Parties", &terms.parties),
        ("Other countries", &terms.offshore),
        ("Other companies", &terms.subcontractors),
        ("Note", &terms.note),
    ] {
        if !text.is_empty() {
            lines.push(line(asks, text.clone()));
        }
    }
    lines.push(document(version, documents));
    lines
}

fn ends(version: &Agreement, today: NaiveDate) -> String {
    let terms = &version.terms;
    match (terms.ends_on, terms.renews_months) {
        (None, _) if terms.open_ended => "No end date, on purpose".to_owned(),
        (None, _) => "Not written down".to_owned(),
        (Some(_), Some(months)) if version.renews_by_itself() => {
            let term = words::counted(months as usize, "month");
            format!("{}, then {term} more by itself", words::date_or_dash(version.last_day(today)))
        }
        (Some(end), _) => civil_date::say_short(end),
    }
}

fn breach_notice(hours: Option<u32>) -> String {
    match hours {
        None => "Nothing written down, so the law’s 60 days at most (45 CFR 164.410(b))".to_owned(),
        Some(hours) if hours > LAWFUL_NOTICE_HOURS => {
            format!("{hours} hours: later than the law’s 60 days (45 CFR 164.410(b))")
        }
        Some(hours) if hours >= 48 && hours % 24 == 0 => format!("Within {hours} hours ({} days)", hours / 24),
        Some(hours) => format!("Within {}", words::counted(hours as usize, "hour")),
    }
}

fn document(version: &Agreement, documents: &[(DocumentId, String)]) -> Line {
    match version.terms.document {
        None => Line { asks: "The paper", says: "No file attached".to_owned(), href: None },
        Some(id) => {
            let name = documents.iter().find(|(document, _)| *document == id).map(|(_, name)| name.trim());
            let says = name.filter(|name| !name.is_empty()).unwrap_or("The stored file").to_owned();
            Line { asks: "The paper", says, href: Some(format!("/documents/{id}")) }
        }
    }
}

/// What is missing in a version, worst first.
pub fn missing(version: &Agreement, own_keys: &[String]) -> Vec<MissingTerm> {
    let term = |sought: Sought<'_>| MissingTerm { title: sought.title().to_owned(), cites: sought.cites() };
    version.missing(own_keys).map(term).collect()
}

/// How much of what has to be in it nobody has looked for yet; `None` when all of it was.
pub fn unchecked(version: &Agreement, own: &[String]) -> Option<String> {
    let kind = version.terms.kind;
    let wanted: Vec<Sought<'_>> = sought(kind, own).filter(|one| one.is_flagged(kind)).collect();
    let open = wanted.iter().filter(|one| version.checklist.findings.of(one.key()) == Found::NotLookedAt).count();
    match (open, wanted.len()) {
        (0, _) => None,
        (open, all) if open == all => Some(format!("Nobody has gone through its {all} terms yet.")),
        (open, all) => Some(format!("{open} of its {all} terms were not looked at yet.")),
    }
}

/// The heading under which a term stands in the checklist, and a sentence about that group.
pub fn group(sought: &Sought<'_>) -> (&'static str, &'static str) {
    match sought {
        Sought::Own(_) => {
            ("Your own terms", "What your practice asks for beside the law. What is missing becomes a flag.")
        }
        Sought::Provision(one) => match one.duty {
            Duty::Required => {
                ("What the law wants in it", "All of these have to be there. What is missing becomes a flag.")
            }
            Duty::Allowed => {
                ("What the law allows", "These may be there. “Missing” only means that the vendor may not do it.")
            }
            Duty::Choice => {
                ("Worth asking for", "No law asks for these, and no flag is raised. Good agreements have them.")
            }
        },
    }
}
