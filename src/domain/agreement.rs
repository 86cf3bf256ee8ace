//! Business associate agreements (45 CFR 164.308(b)(3), 164.504(e)): where one stands today.

use chrono::{Days, NaiveDate};

use super::words::words;

/// An agreement ends soon from so many days before its end.
pub const ENDS_SOON_DAYS: u64 = 60;

words! {
    /// Where the agreement stands, in one word for lists and filters.
    pub enum AgreementStanding {
        NotNeeded = "not-needed" => "Not needed",
        Missing = "missing" => "Missing",
        Current = "current" => "Current",
        EndsSoon = "ends-soon" => "Ends soon",
        Ended = "ended" => "Ended",
    }
}

/// A dated agreement. No end date means that it runs until someone ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreement {
    pub signed_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
}

impl Agreement {
    /// The agreement on record, if either date is known.
    pub fn of(signed_on: Option<NaiveDate>, ends_on: Option<NaiveDate>) -> Option<Self> {
        (signed_on.is_some() || ends_on.is_some()).then_some(Self { signed_on, ends_on })
    }
}

/// Where the agreement stands on `today`; `needed` says whether the vendor is a business
/// associate, or may be one.
pub fn standing(agreement: Option<&Agreement>, needed: bool, today: NaiveDate) -> AgreementStanding {
    if !needed {
        return AgreementStanding::NotNeeded;
    }
    let Some(agreement) = agreement.filter(|agreement| agreement.is_recorded(today)) else {
        return AgreementStanding::Missing;
    };
    match agreement.ends_on {
        Some(ends_on) if ends_on < today => AgreementStanding::Ended,
        Some(ends_on) if ends_on <= today + Days::new(ENDS_SOON_DAYS) => AgreementStanding::EndsSoon,
        _ => AgreementStanding::Current,
    }
}

impl Agreement {
    /// Either date is enough to know that there is one; one signed in the future is not yet.
    fn is_recorded(&self, today: NaiveDate) -> bool {
        match self.signed_on {
            Some(signed_on) => signed_on <= today,
            None => self.ends_on.is_some(),
        }
    }

    /// The next day, after `today`, on which its standing changes by itself.
    pub fn next_turn(&self, today: NaiveDate) -> Option<NaiveDate> {
        let turns = [
            self.signed_on,
            self.ends_on.map(|ends_on| ends_on - Days::new(ENDS_SOON_DAYS)),
            self.ends_on.map(|ends_on| ends_on + Days::new(1)),
        ];
        turns.into_iter().flatten().filter(|turn| *turn > today).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn check(signed: Option<&str>, ends: Option<&str>, today: &str, expected: AgreementStanding) {
        let agreement = Agreement { signed_on: signed.map(day), ends_on: ends.map(day) };
        assert_eq!(standing(Some(&agreement), true, day(today)), expected, "{agreement:?} on {today}");
    }

    #[test]
    fn an_agreement_ends_soon_from_sixty_days_before() {
        check(Some("2024-01-01"), Some("2026-12-31"), "2026-10-31", AgreementStanding::Current);
        check(Some("2024-01-01"), Some("2026-12-31"), "2026-11-01", AgreementStanding::EndsSoon);
        check(Some("2024-01-01"), Some("2026-12-31"), "2026-12-31", AgreementStanding::EndsSoon);
        check(Some("2024-01-01"), Some("2026-12-31"), "2027-01-01", AgreementStanding::Ended);
    }

    #[test]
    fn an_agreement_without_end_runs_on() {
        check(Some("2004-01-01"), None, "2026-01-01", AgreementStanding::Current);
    }

    #[test]
    fn an_agreement_signed_tomorrow_is_missing_today() {
        check(Some("2026-01-02"), None, "2026-01-01", AgreementStanding::Missing);
        check(None, None, "2026-01-01", AgreementStanding::Missing);
    }

    #[test]
    fn a_vendor_that_is_no_business_associate_needs_none() {
        assert_eq!(standing(None, false, day("2026-01-01")), AgreementStanding::NotNeeded);
    }
}
