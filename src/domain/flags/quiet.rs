//! What a person says of a flag: that it is known, until a day, or that it is settled.

use chrono::NaiveDate;

use super::{FlagKind, Severity};
use crate::domain::until::{self, WhyNot};

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

/// Whether a flag of that kind may be kept quiet from `today` until that day.
///
/// # Errors
/// Says which days are allowed.
pub fn check(kind: FlagKind, until: NaiveDate, today: NaiveDate) -> Result<(), WhyNot> {
    until::check(until, today, kind.severity().quiet_days())
}
