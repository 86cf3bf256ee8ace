//! Whether the vendor is accepted on evidence: until when, by whom, and with what.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::acceptance::Acceptance;
use crate::domain::civil_date;
use crate::domain::standing::Vendor;

#[derive(Clone, Debug, Serialize)]
pub struct EvidenceSection {
    id: String,
    may_change: bool,
    now: Option<Now>,
    earlier: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Now {
    until: String,
    who: String,
    reason: String,
    supports: String,
}

fn count(one: &Acceptance) -> String {
    match one.supports.len() {
        1 => "1 question".to_owned(),
        many => format!("{many} questions"),
    }
}

impl EvidenceSection {
    pub fn of(vendor: &Vendor, all: &[Acceptance], today: NaiveDate, may_change: bool) -> Self {
        let current = all.iter().find(|one| one.is_in_force(today));
        let past = all.iter().filter(|one| !one.is_in_force(today));
        let may_change = may_change && vendor.details.ba_status.counts_as_ba() && vendor.place.quiet().is_none();
        Self {
            id: vendor.id.to_string(),
            may_change,
            now: current.map(|one| Now {
                until: civil_date::say(one.until),
                who: format!("{} on {}", one.by, civil_date::say_short(one.on)),
                reason: one.reason.clone(),
                supports: count(one),
            }),
            earlier: past
                .map(|one| {
                    let (from, until) = (civil_date::say_short(one.on), civil_date::say_short(one.until));
                    match &one.ended {
                        Some(ended) => {
                            format!(
                                "{from} to {}, ended by {}: {}",
                                civil_date::say_short(ended.on),
                                ended.by,
                                ended.why
                            )
                        }
                        None => format!("{from} to {until}, by {}", one.by),
                    }
                })
                .collect(),
        }
    }
}
