//! What is due, and when. Everything here is "due and not yet done", never "due exactly
//! today": a sweep that did not run for a month is made up by the next one.

use chrono::{Days, NaiveDate};

use super::cadence::Cadence;
use super::exposure::Tier;
use super::practice::settings::CadencePerTier;
use super::reminders::ReminderPlan;

/// A vendor is asked at most so many days before the next date.
pub const ASK_DAYS_BEFORE: u64 = 45;
/// A vendor has at least so many days to answer, unless it is asked every month.
pub const ANSWER_DAYS: u64 = 30;
/// The link in the letter works so many days past the due date (`reference/trust.md` 2.3).
pub const LINK_DAYS_PAST_DUE: u64 = 30;
/// A link shows the signed copy so many days (`reference/trust.md` 2.3).
pub const RECEIPT_DAYS: u64 = 60;
/// An accepted assessment is fresh for a year, counted as the score counts it.
pub const FRESH_DAYS: u64 = 365;
/// A vendor that stayed silent is asked anew this long after the date it missed.
const GIVE_UP_DAYS: u64 = 365 - ASK_DAYS_BEFORE;
/// The date by which a vendor's next accepted assessment is wanted: never later than
/// [`FRESH_DAYS`] after the last. A vendor never assessed is due [`ANSWER_DAYS`] after it was
/// added.
pub fn next_due(cadence: Cadence, added_on: NaiveDate, accepted_on: Option<NaiveDate>) -> NaiveDate {
    match accepted_on {
        Some(accepted_on) => accepted_on + Days::new(cadence.days()),
        None => added_on + Days::new(ANSWER_DAYS),
    }
}

/// How many days before its date a vendor that was assessed before is asked again. At most
/// half of its cadence: else a vendor that has just answered would be asked the same day.
fn lead(cadence: Cadence) -> u64 {
    ASK_DAYS_BEFORE.min(cadence.days() / 2)
}

/// The first day on which a vendor due on `next_due` is asked.
pub fn asks_on(next_due: NaiveDate, cadence: Cadence, accepted_on: Option<NaiveDate>) -> NaiveDate {
    next_due - Days::new(if accepted_on.is_some() { lead(cadence) } else { ASK_DAYS_BEFORE })
}

/// Whose next date is near enough to be asked about on a day: [`asks_on`] as bounds, for
/// questions to a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Horizon {
    /// The last next-date that anyone is asked about.
    pub usual: NaiveDate,
    /// For the cadences too short for it: the last next-date of a vendor assessed before that
    /// has this cadence of its own, or has none and is of one of these tiers.
    pub short: Vec<(Cadence, Vec<Tier>, NaiveDate)>,
}

/// Who is to be asked on `today`.
pub fn horizon(cadences: &CadencePerTier, today: NaiveDate) -> Horizon {
    let short = Cadence::all().filter(|cadence| lead(*cadence) < ASK_DAYS_BEFORE).map(|cadence| {
        let tiers = Tier::ALL.iter().copied().filter(|tier| cadences.of(*tier) == cadence).collect();
        (cadence, tiers, today + Days::new(lead(cadence)))
    });
    Horizon { usual: today + Days::new(ASK_DAYS_BEFORE), short: short.collect() }
}

/// The due date put into the letter: the next date, or later where that would leave less
/// than [`ANSWER_DAYS`]. A vendor asked ahead of its time, by hand, has no longer than one that
/// is asked in time.
pub fn due_when_asked(
    next_due: NaiveDate,
    cadence: Cadence,
    accepted_on: Option<NaiveDate>,
    today: NaiveDate,
) -> NaiveDate {
    let lead = if accepted_on.is_some() { lead(cadence) } else { ASK_DAYS_BEFORE };
    next_due.clamp(today + Days::new(ANSWER_DAYS.min(lead)), today + Days::new(lead))
}

/// Whether a reminder is owed today to a vendor asked on `asked_on` and last reminded on
/// `reminded_on`. However many dates were missed, one is owed.
pub fn reminder_is_owed(
    plan: &ReminderPlan,
    due_on: NaiveDate,
    asked_on: NaiveDate,
    reminded_on: Option<NaiveDate>,
    today: NaiveDate,
) -> bool {
    let last_letter = reminded_on.unwrap_or(asked_on);
    plan.dates(due_on).any(|on| last_letter < on && on <= today)
}

/// The last of `grace_days` after a due date; silence is flagged from the day after.
pub fn grace_ends(due_on: NaiveDate, grace_days: u32) -> NaiveDate {
    due_on + Days::new(grace_days.into())
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
    use crate::domain::practice::Settings;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn months(number: i64) -> Cadence {
        Cadence::try_from(number).unwrap()
    }

    #[test]
    fn a_vendor_accepted_on_29_february_is_due_on_28_february() {
        assert_eq!(next_due(Cadence::YEARLY, day("2020-01-01"), Some(day("2028-02-29"))), day("2029-02-28"));
    }

    #[test]
    fn a_vendor_asked_every_six_months_is_due_after_182_days() {
        let accepted = day("2026-01-01");
        let due = next_due(months(6), accepted, Some(accepted));
        assert_eq!((due - accepted).num_days(), 182);
        assert_eq!(asks_on(due, months(6), Some(accepted)), due - Days::new(45));
    }

    #[test]
    fn a_vendor_asked_every_month_is_not_asked_again_on_the_day_it_answers() {
        let accepted = day("2026-01-01");
        let due = next_due(months(1), accepted, Some(accepted));
        assert_eq!(asks_on(due, months(1), Some(accepted)), day("2026-01-16"));
        assert_eq!(due_when_asked(due, months(1), Some(accepted), day("2026-01-16")), due);
        // Its first time it has as long as everybody.
        assert_eq!(due_when_asked(day("2026-01-31"), months(1), None, accepted), day("2026-01-31"));
    }

    #[test]
    fn no_grace_is_a_grace_too() {
        assert_eq!(grace_ends(day("2027-03-01"), 0), day("2027-03-01"));
    }

    #[test]
    fn the_last_date_given_up_is_given_up_and_the_next_is_not() {
        let last = gives_up_to(day("2027-06-01"));
        assert!(is_given_up(last, day("2027-06-01")));
        assert!(!is_given_up(last + Days::new(1), day("2027-06-01")));
    }

    #[test]
    fn a_vendor_asked_late_still_has_a_month_to_answer() {
        let due = |today| due_when_asked(day("2027-03-01"), Cadence::YEARLY, Some(day("2026-03-01")), day(today));
        assert_eq!(due("2027-01-15"), day("2027-03-01"));
        assert_eq!(due("2027-06-01"), day("2027-07-01"));
    }

    #[test]
    fn a_vendor_asked_ahead_of_its_time_does_not_have_a_year_to_answer() {
        let due = due_when_asked(day("2027-09-08"), Cadence::YEARLY, Some(day("2026-09-08")), day("2026-11-22"));
        assert_eq!(due, day("2027-01-06"));
    }

    #[test]
    fn a_missed_month_owes_one_reminder_not_five() {
        let (due, asked) = (day("2027-03-01"), day("2027-01-15"));
        let plan = ReminderPlan::default();
        let reminder_is_owed =
            |due, asked, reminded, today| super::reminder_is_owed(&plan, due, asked, reminded, today);
        assert!(!reminder_is_owed(due, asked, None, day("2027-01-29")));
        assert!(reminder_is_owed(due, asked, None, day("2027-01-30")));
        assert!(!reminder_is_owed(due, asked, Some(day("2027-01-30")), day("2027-02-14")));
        assert!(reminder_is_owed(due, asked, Some(day("2027-01-30")), day("2027-06-01")));
        assert!(!reminder_is_owed(due, asked, Some(day("2027-06-01")), day("2028-06-01")));
    }

    proptest! {
        #[test]
        fn whatever_is_set_nobody_goes_longer_than_a_year(
            per_tier in proptest::array::uniform4(1i64..=12), own in proptest::option::of(1i64..=12),
            tier in proptest::sample::select(Tier::ALL), accepted in 0i64..20_000,
        ) {
            let mut settings = Settings::default();
            for (tier, number) in Tier::ALL.iter().zip(per_tier) {
                settings.cadence.set(*tier, months(number));
            }
            let accepted = day("2000-01-01") + chrono::TimeDelta::days(accepted);
            let cadence = settings.cadence_for(tier, own.map(months));
            let due = next_due(cadence, accepted, Some(accepted));
            prop_assert!(accepted < due && (due - accepted).num_days() <= 365);
            let asked = asks_on(due, cadence, Some(accepted));
            prop_assert!(accepted < asked && asked < due, "asked between two answers");
            // A vendor that is asked in time has until its date, and no longer.
            prop_assert_eq!(due_when_asked(due, cadence, Some(accepted), asked), due);
        }

        #[test]
        fn a_vendor_asked_late_is_not_hurried(due in 0i64..20_000, today in 0i64..20_000, number in 1i64..=12) {
            let at = |days| day("2000-01-01") + chrono::TimeDelta::days(days);
            let least = if number == 1 { 15 } else { 30 };
            prop_assert!(due_when_asked(at(due), months(number), Some(at(0)), at(today)) >= at(today + least));
            prop_assert!(due_when_asked(at(due), months(number), None, at(today)) >= at(today + 30));
        }

        #[test]
        fn the_horizon_holds_who_is_to_be_asked(
            per_tier in proptest::array::uniform4(1i64..=12), own in proptest::option::of(1i64..=12),
            tier in proptest::sample::select(Tier::ALL), accepted in proptest::option::of(0i64..400), today in 400i64..800,
        ) {
            let at = |days| day("2000-01-01") + chrono::TimeDelta::days(days);
            let mut settings = Settings::default();
            for (tier, number) in Tier::ALL.iter().zip(per_tier) {
                settings.cadence.set(*tier, months(number));
            }
            let (own, accepted) = (own.map(months), accepted.map(at));
            let cadence = settings.cadence_for(tier, own);
            let due = next_due(cadence, at(380), accepted);
            let horizon = horizon(&settings.cadence, at(today));
            let short = horizon.short.iter().all(|(short, tiers, up_to)| {
                let concerns = own.map_or_else(|| tiers.contains(&tier), |own| own == *short);
                accepted.is_none() || !concerns || due <= *up_to
            });
            prop_assert_eq!(asks_on(due, cadence, accepted) <= at(today), due <= horizon.usual && short);
        }

        #[test]
        fn a_day_never_owes_two_reminders(due in 100i64..2_000, asked in 0i64..100, today in 0i64..2_500) {
            let at = |days| day("2000-01-01") + chrono::TimeDelta::days(days);
            prop_assert!(!reminder_is_owed(&ReminderPlan::default(), at(due), at(asked), Some(at(today)), at(today)));
        }
    }
}
