//! What differs between a version as it was and as it is, for the history: old and new.

use chrono::NaiveDate;

use super::{Findings, Terms, provisions};
use crate::domain::civil_date;

/// `signed Jan 1, 2026 → Feb 1, 2026; ends …`; empty when nothing differs.
pub fn between(was: &Terms, is: &Terms) -> String {
    let date = |day: Option<NaiveDate>| day.map_or_else(|| "not known".to_owned(), civil_date::say_short);
    let number = |count: Option<u32>| count.map_or_else(|| "none".to_owned(), |count| count.to_string());
    let text = |text: &str| if text.is_empty() { "nothing".to_owned() } else { format!("“{text}”") };
    let end = |terms: &Terms| if terms.open_ended { "no end date".to_owned() } else { date(terms.ends_on) };
    let said = |terms: &Terms| -> [(&'static str, String); 13] {
        [
            ("kind", terms.kind.says().to_owned()),
            ("signed", date(terms.signed_on)),
            ("in effect from", date(terms.effective_on)),
            ("ends", end(terms)),
            ("renews by itself, in months", number(terms.renews_months)),
            ("notice in days", number(terms.notice_days)),
            ("parties", text(&terms.parties)),
            ("breach notice in hours", number(terms.breach_notice_hours)),
            ("other countries", text(&terms.offshore)),
            ("other companies", text(&terms.subcontractors)),
            ("document", terms.document.map_or_else(|| "none".to_owned(), |id| id.to_string())),
            ("ended early", date(terms.ended_on)),
            ("note", text(&terms.note)),
        ]
    };
    let changed = said(was).into_iter().zip(said(is)).filter(|(was, is)| was != is);
    changed.map(|((name, was), (_, is))| format!("{name} {was} → {is}")).collect::<Vec<_>>().join("; ")
}

/// `“Safeguards” Not looked at → Met; …`; empty when nothing differs.
pub fn between_findings(was: &Findings, is: &Findings) -> String {
    let mut keys: Vec<&String> = was.0.keys().chain(is.0.keys()).collect();
    keys.sort();
    keys.dedup();
    let changed = keys.into_iter().filter(|key| was.of(key) != is.of(key));
    changed
        .map(|key| {
            let name = match provisions::Sought::of(key) {
                Some(provisions::Sought::Own(_)) | None => key.trim_start_matches(provisions::OWN).to_owned(),
                Some(provisions::Sought::Provision(one)) => one.key.to_owned(),
            };
            format!("{name} {} → {}", was.of(key).says().to_lowercase(), is.of(key).says().to_lowercase())
        })
        .collect::<Vec<_>>()
        .join("; ")
}
