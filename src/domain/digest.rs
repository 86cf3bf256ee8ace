//! The digest: what is new in a practice since the last one, in one letter. It tells of whole days
//! that are over, so that nothing is told twice and nothing is left out, however late it comes.

use chrono::{Days, NaiveDate};

use super::words::words;

words! {
    /// How often a person wants it.
    pub enum Often {
        None = "none" => "Never",
        Daily = "daily" => "Every day",
        Weekly = "weekly" => "Once a week",
    }
}

/// The first and the last day to tell of.
pub type Span = (NaiveDate, NaiveDate);

/// What is told on `today` to someone who was told of everything up to and with `told_to`; `None`
/// while it is not their turn.
pub fn due(often: Often, told_to: NaiveDate, today: NaiveDate) -> Option<Span> {
    let days = match often {
        Often::None => return None,
        Often::Daily => 1,
        Often::Weekly => 7,
    };
    let yesterday = today.pred_opt()?;
    ((yesterday - told_to).num_days() >= days).then(|| (told_to + Days::new(1), yesterday))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_weekly_digest_comes_when_seven_days_are_over_and_tells_of_all_of_them() {
        let told_to = d("2026-11-22");
        assert_eq!(due(Often::Weekly, told_to, d("2026-11-29")), None);
        assert_eq!(due(Often::Weekly, told_to, d("2026-11-30")), Some((d("2026-11-23"), d("2026-11-29"))));
        assert_eq!(due(Often::Daily, told_to, d("2026-11-24")), Some((d("2026-11-23"), d("2026-11-23"))));
        assert_eq!(due(Often::Daily, told_to, d("2026-11-23")), None);
        assert_eq!(due(Often::None, told_to, d("2027-11-23")), None);
    }

    #[test]
    fn after_a_year_off_one_digest_tells_of_the_whole_year() {
        assert_eq!(due(Often::Daily, d("2026-11-22"), d("2027-12-27")), Some((d("2026-11-23"), d("2027-12-26"))));
    }

    proptest! {
        #[test]
        fn every_day_is_told_of_once_whenever_the_sweep_comes(gaps in prop::collection::vec(1..20u64, 1..40), weekly: bool) {
            let often = if weekly { Often::Weekly } else { Often::Daily };
            let (mut today, start) = (d("2026-11-22"), d("2026-11-21"));
            let mut told_to = start;
            for gap in gaps {
                today = today + Days::new(gap);
                if let Some((from, to)) = due(often, told_to, today) {
                    prop_assert_eq!(from, told_to + Days::new(1));
                    prop_assert!(from <= to && to < today);
                    told_to = to;
                }
            }
        }
    }
}
