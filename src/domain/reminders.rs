//! The plan of reminders: how many days before and after the due date a letter goes out.

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use super::calendar::ASK_DAYS_BEFORE;

/// The latest reminder, in days after the due date.
pub const LATEST: u32 = 90;
/// The most reminders before the due date, and the most after it.
pub const MOST: usize = 8;
/// The earliest reminder, in days before the due date: on the day before that the
/// questionnaire itself goes out.
pub const EARLIEST: u32 = ASK_DAYS_BEFORE as u32 - 1;

/// Days before and after the due date on which an unanswered vendor is reminded. A vendor
/// that missed several dates gets one letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReminderPlan {
    /// The farthest first; 0 is the due date itself.
    pub before: Vec<u32>,
    /// The nearest first.
    pub after: Vec<u32>,
}

impl Default for ReminderPlan {
    fn default() -> Self {
        Self { before: vec![30, 14, 7, 1], after: vec![1, 7, 14, 30] }
    }
}

/// Why a list of days is no part of a plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanFault {
    #[error("“{0}” is not a whole number of days")]
    NotANumber(String),
    #[error("{found} days are out of bounds; use {least} to {most}")]
    OutOfBounds { found: u32, least: u32, most: u32 },
    #[error("that is {0} reminders; use at most {MOST}")]
    TooMany(usize),
}

impl ReminderPlan {
    /// Reads the days before the due date: `30, 14, 7, 1`, in any order. None is a plan too.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read_before(text: &str) -> Result<Vec<u32>, PlanFault> {
        let mut days = read(text, 0, EARLIEST)?;
        days.reverse();
        Ok(days)
    }

    /// Reads the days after the due date.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read_after(text: &str) -> Result<Vec<u32>, PlanFault> {
        read(text, 1, LATEST)
    }

    /// The dates of the plan for a due date, in no order.
    pub fn dates(&self, due_on: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        let before = self.before.iter().map(|days| -i64::from(*days));
        before.chain(self.after.iter().map(|days| i64::from(*days))).map(move |days| due_on + TimeDelta::days(days))
    }
}

/// A list of days as a person writes it.
pub fn say(days: &[u32]) -> String {
    days.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}

/// In order, without doubles.
fn read(text: &str, least: u32, most: u32) -> Result<Vec<u32>, PlanFault> {
    let mut days = Vec::new();
    for part in text.split([',', ';', ' ', '\t', '\n']).filter(|part| !part.is_empty()) {
        let found: u32 = part.parse().map_err(|_| PlanFault::NotANumber(part.chars().take(20).collect()))?;
        if !(least..=most).contains(&found) {
            return Err(PlanFault::OutOfBounds { found, least, most });
        }
        days.push(found);
    }
    days.sort_unstable();
    days.dedup();
    if days.len() > MOST { Err(PlanFault::TooMany(days.len())) } else { Ok(days) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_read_in_any_order_and_without_doubles() {
        assert_eq!(ReminderPlan::read_before("7, 30;14 7").unwrap(), [30, 14, 7]);
        assert_eq!(ReminderPlan::read_after("30 1,14").unwrap(), [1, 14, 30]);
        assert_eq!(ReminderPlan::read_after(" ").unwrap(), Vec::<u32>::new());
    }

    #[test]
    fn days_out_of_bounds_and_words_are_refused_by_name() {
        assert_eq!(
            ReminderPlan::read_before("45").unwrap_err(),
            PlanFault::OutOfBounds { found: 45, least: 0, most: 44 }
        );
        assert_eq!(ReminderPlan::read_after("0").unwrap_err(), PlanFault::OutOfBounds { found: 0, least: 1, most: 90 });
        for words in ["soon", "-1", "1.5", "99999999999"] {
            assert!(matches!(ReminderPlan::read_after(words), Err(PlanFault::NotANumber(_))), "{words}");
        }
        assert_eq!(ReminderPlan::read_after("1 2 3 4 5 6 7 8 9").unwrap_err(), PlanFault::TooMany(9));
    }
}
