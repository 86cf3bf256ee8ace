//! What is due, and when. Everything here is "due and not yet done", never "due exactly
//! today": a sweep that did not run for a month is made up by the next one.

use chrono::{Days, NaiveDate};

use super::exposure::Tier;

/// A vendor is asked so many days before the next date.
pub const ASK_DAYS_BEFORE: u64 = 45;
/// A vendor has at least so many days to answer.
pub const ANSWER_DAYS: u64 = 30;
/// Silence is flagged so many days after the due date.
pub const GRACE_DAYS: u64 = 14;
/// The link in the letter works so many days past the due date (`reference/trust.md` 2.3).
pub const LINK_DAYS_PAST_DUE: u64 = 30;
/// An accepted assessment is fresh for a year, counted as the score counts it.
pub const FRESH_DAYS: u64 = 365;
/// A vendor that stayed silent is asked anew this long after the date it missed.
const GIVE_UP_DAYS: u64 = 365 - ASK_DAYS_BEFORE;
/// Reminders, in days from the due date.
const REMINDERS: [i64; 8] = [-30, -14, -7, -1, 1, 7, 14, 30];

/// The date by which a vendor's next accepted assessment is wanted.
///
/// Every tier is asked yearly; the tier is an argument because its own cadence may come to
/// differ. A vendor never assessed is due [`ANSWER_DAYS`] after it was added.
pub fn next_due(_tier: Tier, added_on: NaiveDate, accepted_on: Option<NaiveDate>) -> NaiveDate {
    match accepted_on {
        Some(accepted_on) => accepted_on + Days::new(FRESH_DAYS),
        None => added_on + Days::new(ANSWER_DAYS),
    }
}

/// Whether a vendor due on `next_due` is to be asked on `today`.
pub fn is_to_be_asked(next_due: NaiveDate, today: NaiveDate) -> bool {
    today >= next_due - Days::new(ASK_DAYS_BEFORE)
}

/// The last next-date that is to be asked about on `today`.
pub fn asks_up_to(today: NaiveDate) -> NaiveDate {
    today + Days::new(ASK_DAYS_BEFORE)
}

/// The due date put into the letter: the next date, or later where that would leave less
/// than [`ANSWER_DAYS`]. A vendor asked ahead of its time, by hand, has no longer than one that
/// is asked in time.
pub fn due_when_asked(next_due: NaiveDate, today: NaiveDate) -> NaiveDate {
    next_due.clamp(today + Days::new(ANSWER_DAYS), today + Days::new(ASK_DAYS_BEFORE))
}

/// Whether a reminder is owed today to a vendor asked on `asked_on` and last reminded on
/// `reminded_on`. However many dates were missed, one is owed.
pub fn reminder_is_owed(
    due_on: NaiveDate,
    asked_on: NaiveDate,
    reminded_on: Option<NaiveDate>,
    today: NaiveDate,
) -> bool {
    let last_letter = reminded_on.unwrap_or(asked_on);
    REMINDERS.iter().map(|offset| due_on + chrono::TimeDelta::days(*offset)).any(|on| last_letter < on && on <= today)
}

/// The last day in the grace after a due date.
pub fn grace_ends(due_on: NaiveDate) -> NaiveDate {
    due_on + Days::new(GRACE_DAYS)
}

/// Whether an unanswered assessment is given up, so that the next cycle can begin.
pub fn is_given_up(due_on: NaiveDate, today: NaiveDate) -> bool {
    today >= due_on + Days::new(GIVE_UP_DAYS)
}

/// The last due date of an unanswered assessment that is given up by `today`.
pub fn gives_up_to(today: NaiveDate) -> NaiveDate {
    today - Days::new(GIVE_UP_DAYS)
}

/// Whether an assessment accepted on `accepted_on` is older than a year.
pub fn is_out_of_date(accepted_on: NaiveDate, today: NaiveDate) -> bool {
    accepted_on < fresh_from(today)
}

/// The first day of acceptance that is still fresh on `today`.
pub fn fresh_from(today: NaiveDate) -> NaiveDate {
    today - Days::new(FRESH_DAYS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_vendor_accepted_on_29_february_is_due_on_28_february() {
        assert_eq!(next_due(Tier::One, day("2020-01-01"), Some(day("2028-02-29"))), day("2029-02-28"));
    }

    #[test]
    fn a_sweep_that_runs_late_still_asks() {
        assert!(!is_to_be_asked(day("2027-03-01"), day("2027-01-14")));
        assert!(is_to_be_asked(day("2027-03-01"), day("2027-01-15")));
        assert!(is_to_be_asked(day("2027-03-01"), day("2028-06-01")));
    }

    #[test]
    fn the_last_date_given_up_is_given_up_and_the_next_is_not() {
        let last = gives_up_to(day("2027-06-01"));
        assert!(is_given_up(last, day("2027-06-01")));
        assert!(!is_given_up(last + Days::new(1), day("2027-06-01")));
    }

    #[test]
    fn a_vendor_asked_late_still_has_a_month_to_answer() {
        assert_eq!(due_when_asked(day("2027-03-01"), day("2027-01-15")), day("2027-03-01"));
        assert_eq!(due_when_asked(day("2027-03-01"), day("2027-06-01")), day("2027-07-01"));
    }

    #[test]
    fn a_vendor_asked_ahead_of_its_time_does_not_have_a_year_to_answer() {
        assert_eq!(due_when_asked(day("2027-09-08"), day("2026-11-22")), day("2027-01-06"));
    }

    #[test]
    fn a_missed_month_owes_one_reminder_not_five() {
        let (due, asked) = (day("2027-03-01"), day("2027-01-15"));
        assert!(!reminder_is_owed(due, asked, None, day("2027-01-29")));
        assert!(reminder_is_owed(due, asked, None, day("2027-01-30")));
        assert!(!reminder_is_owed(due, asked, Some(day("2027-01-30")), day("2027-02-14")));
        assert!(reminder_is_owed(due, asked, Some(day("2027-01-30")), day("2027-06-01")));
        assert!(!reminder_is_owed(due, asked, Some(day("2027-06-01")), day("2028-06-01")));
    }

    proptest! {
        #[test]
        fn looking_later_never_unasks(due in 0i64..20_000, today in 0i64..20_000, later in 0i64..500) {
            let start = day("2000-01-01");
            let at = |days| start + chrono::TimeDelta::days(days);
            if is_to_be_asked(at(due), at(today)) {
                prop_assert!(is_to_be_asked(at(due), at(today + later)));
            }
            prop_assert!(due_when_asked(at(due), at(today)) >= at(today + 30));
        }

        #[test]
        fn a_day_never_owes_two_reminders(due in 100i64..2_000, asked in 0i64..100, today in 0i64..2_500) {
            let at = |days| day("2000-01-01") + chrono::TimeDelta::days(days);
            prop_assert!(!reminder_is_owed(at(due), at(asked), Some(at(today)), at(today)));
        }
    }
}
