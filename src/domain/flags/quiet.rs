//! What a person says of a flag: that it is known, until a day, or that it is settled.

use chrono::{Days, NaiveDate};

use super::{FlagKind, Severity};
use crate::domain::civil_date;

/// Somebody knows, and what is done about it. Until its day the flag asks for no look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    pub on: NaiveDate,
    pub by: String,
    pub why: String,
    /// The last day on which the flag stays quiet.
    pub until: NaiveDate,
}

/// Somebody settled it. It stays closed while its fact reads the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    pub by: String,
    pub why: String,
}

impl Severity {
    /// How many days a flag may be kept quiet at most.
    pub const fn quiet_days(self) -> u64 {
        match self {
            Severity::High => 90,
            Severity::Medium => 180,
            Severity::Low => 365,
        }
    }
}

/// Why a flag cannot be acknowledged until that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// The day is today or gone.
    Past,
    /// The day is after this one, the last that its severity allows.
    TooFar(NaiveDate),
}

impl WhyNot {
    pub fn sentence(self) -> String {
        match self {
            WhyNot::Past => "Choose a day after today".to_owned(),
            WhyNot::TooFar(last) => {
                format!(
                    "Choose {} or a day before: a flag that matters this much is looked at again by then",
                    civil_date::say(last)
                )
            }
        }
    }
}

/// Whether a flag of that kind may be kept quiet from `today` until that day.
///
/// # Errors
/// Says which days are allowed.
pub fn check(kind: FlagKind, until: NaiveDate, today: NaiveDate) -> Result<(), WhyNot> {
    let last = today + Days::new(kind.severity().quiet_days());
    match until {
        _ if until <= today => Err(WhyNot::Past),
        _ if until > last => Err(WhyNot::TooFar(last)),
        _ => Ok(()),
    }
}
