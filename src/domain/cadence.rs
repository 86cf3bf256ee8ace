//! How often a vendor is asked: in whole months, and never less than once a year.

use serde::{Deserialize, Serialize};

/// Whole months from one accepted assessment to the next: 1 to 12. Good practice, and what a
/// proposed rule would ask for at the least; HIPAA itself names no interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Cadence(u8);

/// Not a number of months from 1 to 12.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a number of months from 1 to 12")]
pub struct NoCadence(i64);

impl Cadence {
    pub const YEARLY: Self = Self(12);

    /// Every cadence there is, the most frequent first.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=12).map(Self)
    }

    pub const fn months(self) -> u8 {
        self.0
    }

    /// Days from one acceptance to the next due date, rounded down: 12 months are 365.
    pub const fn days(self) -> u64 {
        self.0 as u64 * 365 / 12
    }

    /// How often, as it goes on from "asked".
    pub fn says(self) -> String {
        match self.0 {
            1 => "every month".to_owned(),
            12 => "once a year".to_owned(),
            months => format!("every {months} months"),
        }
    }
}

impl Default for Cadence {
    fn default() -> Self {
        Self::YEARLY
    }
}

impl TryFrom<i64> for Cadence {
    type Error = NoCadence;
    fn try_from(months: i64) -> Result<Self, NoCadence> {
        u8::try_from(months).ok().filter(|months| (1..=12).contains(months)).map(Self).ok_or(NoCadence(months))
    }
}

impl TryFrom<u8> for Cadence {
    type Error = NoCadence;
    fn try_from(months: u8) -> Result<Self, NoCadence> {
        Self::try_from(i64::from(months))
    }
}

impl From<Cadence> for u8 {
    fn from(cadence: Cadence) -> u8 {
        cadence.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_months_are_365_days_and_six_are_182() {
        assert_eq!([1, 2, 3, 6, 12].map(|months| Cadence(months).days()), [30, 60, 91, 182, 365]);
    }

    #[test]
    fn nobody_can_be_asked_less_than_once_a_year() {
        for months in [-1_i64, 0, 13, 24, 600] {
            assert!(Cadence::try_from(months).is_err(), "{months}");
        }
        assert!(serde_json::from_str::<Cadence>("13").is_err());
        assert!(Cadence::all().all(|cadence| cadence.days() <= 365));
    }
}
