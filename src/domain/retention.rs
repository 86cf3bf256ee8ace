//! How long papers are kept: six years from the day they were made or were last in effect,
//! whichever is later (45 CFR 164.316(b)(2)(i)). Nothing is deleted before.

use chrono::{Datelike, NaiveDate};

/// Years that a paper is kept (45 CFR 164.316(b)(2)(i), 164.530(j)).
pub const KEPT_YEARS: i32 = 6;

/// The first day on which a paper need not be kept any more. February 29 becomes March 1
/// where the year has none: the later day.
pub fn retain_until(created_on: NaiveDate, last_in_effect_on: Option<NaiveDate>) -> NaiveDate {
    let from = last_in_effect_on.map_or(created_on, |last| last.max(created_on));
    let year = from.year() + KEPT_YEARS;
    // Only February 29 can be missing, and only a date at the end of time has no such year.
    from.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1)).unwrap_or(NaiveDate::MAX)
}

/// The days that keep a vendor's papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub added_on: NaiveDate,
    /// When it was put away, or today for one that was not.
    pub until_when_used: NaiveDate,
    /// The last day of its agreement, where there is one.
    pub agreement_ends_on: Option<NaiveDate>,
    /// The last day of its work for us, where it ended.
    pub worked_until: Option<NaiveDate>,
}

impl Kept {
    /// The first day on which the whole of the vendor's papers need not be kept any more.
    pub fn until(&self) -> NaiveDate {
        let last = [self.agreement_ends_on, self.worked_until].into_iter().flatten().max();
        retain_until(self.added_on, Some(last.map_or(self.until_when_used, |last| last.max(self.until_when_used))))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn papers_are_kept_six_years_from_the_later_day() {
        assert_eq!(retain_until(day("2020-05-01"), None), day("2026-05-01"));
        assert_eq!(retain_until(day("2020-05-01"), Some(day("2026-11-22"))), day("2032-11-22"));
        assert_eq!(retain_until(day("2026-11-22"), Some(day("2020-05-01"))), day("2032-11-22"));
    }

    #[test]
    fn a_leap_day_is_kept_to_the_first_of_march() {
        assert_eq!(retain_until(day("2024-02-29"), None), day("2030-03-01"));
        assert_eq!(retain_until(day("2028-02-29"), None), day("2034-03-01"));
    }

    #[test]
    fn an_agreement_that_runs_on_keeps_the_papers_of_an_archived_vendor() {
        let kept = Kept {
            added_on: day("2020-01-01"),
            until_when_used: day("2026-11-22"),
            agreement_ends_on: Some(day("2027-06-30")),
            worked_until: Some(day("2026-10-01")),
        };
        assert_eq!(kept.until(), day("2033-06-30"));
        assert_eq!(Kept { agreement_ends_on: None, ..kept }.until(), day("2032-11-22"));
    }

    proptest! {
        #[test]
        fn nothing_is_let_go_before_six_years_have_passed(created in 0_i64..60_000, effect in proptest::option::of(0_i64..60_000)) {
            let begin = day("1990-01-01");
            let at = |days: i64| begin + chrono::TimeDelta::days(days);
            let until = retain_until(at(created), effect.map(at));
            for from in [Some(created), effect].into_iter().flatten() {
                prop_assert!(until.signed_duration_since(at(from)).num_days() >= 6 * 365);
            }
            let latest = at(created.max(effect.unwrap_or(0)));
            prop_assert!((until - latest).num_days() <= 6 * 365 + 2);
        }
    }
}
