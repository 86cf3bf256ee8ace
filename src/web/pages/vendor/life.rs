//! The part of a vendor's page that says where it is in its life, and since when it is
//! archived.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::civil_date;
use crate::domain::ending::Ending;
use crate::domain::life::Life;
use crate::domain::retention::Kept;
use crate::domain::standing::Vendor;
use crate::store::{self, Db, StoreError};
use crate::web::session::SignedIn;
use crate::web::view::Badge;

#[derive(Clone, Debug, Serialize)]
pub struct LifeSection {
    id: String,
    badge: Badge,
    explains: &'static str,
    /// How far its checklist is.
    ending: Option<String>,
    /// What is to be done about its end, while that is under way.
    pub(super) settle: Option<String>,
    /// Since when it is archived, and until when it is kept.
    archived: Option<String>,
    may_change: bool,
}

/// The tone and words of a part of life.
pub fn badge(life: Life) -> Badge {
    let tone = match life {
        Life::Prospect | Life::Ended => "none",
        Life::Active => "good",
        Life::Suspended | Life::Ending => "soon",
    };
    Badge::new(tone, life.says())
}

/// The ending that the vendor's page speaks of: the one under way, or the one that is done.
///
/// # Errors
/// The database's.
pub fn ending(conn: &mut Db, who: &SignedIn, vendor: &Vendor) -> Result<Option<Ending>, StoreError> {
    let spoken_of = match vendor.place.life {
        Life::Ending | Life::Ended => store::endings::newest(conn, &who.scope, vendor.id)?,
        Life::Prospect | Life::Active | Life::Suspended => None,
    };
    Ok(spoken_of.filter(|ending| vendor.place.life == Life::Ending || ending.finished_on.is_some()))
}

/// Until when all of a vendor's papers are kept at least.
pub fn kept_until(vendor: &Vendor, ending: Option<&Ending>, added_on: NaiveDate, used_until: NaiveDate) -> NaiveDate {
    Kept {
        added_on,
        until_when_used: used_until,
        agreement_ends_on: vendor.details.agreement_ends_on,
        worked_until: ending.map(|ending| ending.last_day.max(ending.finished_on.unwrap_or(ending.last_day))),
    }
    .until()
}

/// What is said of an archived vendor.
pub fn archived_says(
    vendor: &Vendor,
    ending: Option<&Ending>,
    day: impl Fn(chrono::DateTime<chrono::Utc>) -> NaiveDate,
) -> Option<String> {
    let since = day(vendor.place.archived_at?);
    let until = kept_until(vendor, ending, day(vendor.added_at), since);
    Some(format!(
        "In the archive since {}. Everything about it is kept until {} at least (45 CFR 164.316(b)(2)(i)).",
        civil_date::say(since),
        civil_date::say(until)
    ))
}

impl LifeSection {
    pub fn of(
        vendor: &Vendor,
        ending: Option<&Ending>,
        may_change: bool,
        day: impl Fn(chrono::DateTime<chrono::Utc>) -> NaiveDate,
    ) -> Self {
        Self {
            id: vendor.id.to_string(),
            badge: badge(vendor.place.life),
            explains: vendor.place.life.explains(),
            ending: ending.map(progress),
            settle: ending.filter(|one| one.finished_on.is_none() && vendor.place.quiet().is_none()).map(settle),
            archived: archived_says(vendor, ending, day),
            may_change,
        }
    }
}

fn settle(ending: &Ending) -> String {
    match (ending.open().count(), ending.steps.len()) {
        (0, _) => "Every step of its end is settled: finish the checklist.".to_owned(),
        (1, all) => format!("Settle the checklist of its end: 1 of {all} steps left."),
        (left, all) => format!("Settle the checklist of its end: {left} of {all} steps left."),
    }
}

fn progress(ending: &Ending) -> String {
    let day = civil_date::say(ending.last_day);
    match ending.finished_on {
        Some(on) => format!("Its last day was {day}. The checklist was finished on {}.", civil_date::say(on)),
        None => {
            let all = ending.steps.len();
            format!("Its last day is {day}. {} of {all} steps are settled.", all - ending.open().count())
        }
    }
}
