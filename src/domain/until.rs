//! Until when something may be left as it is: a day after today, and not further away than what
//! is left allows.

use chrono::{Days, NaiveDate};

use super::civil_date;

/// Why it cannot be left until that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// The day is today or gone.
    Past,
    /// The day is after this one, the last that is allowed.
    TooFar(NaiveDate),
}

impl WhyNot {
    /// What to do, in words; `thing` is what would be left: `flag`, `gap`.
    pub fn sentence(self, thing: &str) -> String {
        match self {
            WhyNot::Past => "Choose a day after today".to_owned(),
            WhyNot::TooFar(last) => format!(
                "Choose {} or a day before: a {thing} that matters this much is looked at again by then",
                civil_date::say(last)
            ),
        }
    }
}

/// Whether something may be left from `today` until that day, `most_days` days at most.
///
/// # Errors
/// Says which days are allowed.
pub fn check(until: NaiveDate, today: NaiveDate, most_days: u64) -> Result<(), WhyNot> {
    let last = today + Days::new(most_days);
    match until {
        _ if until <= today => Err(WhyNot::Past),
        _ if until > last => Err(WhyNot::TooFar(last)),
        _ => Ok(()),
    }
}
