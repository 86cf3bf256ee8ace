//! The days that an incident or a started emergency plan sets (`domain/hipaa.md` 1.4, 2.13).
//! Calendar days; day 0 is the day of discovery, by any of the people there (45 CFR
//! 164.410(a)(2)). Earliest days: whether it is a breach at all, and whether the vendor acts
//! as the practice's agent, is for people to decide.

use chrono::{Datelike, Days, NaiveDate};

use crate::domain::notice::{ChangeNotice, NoticeKind, day, text};
use crate::domain::words::words;

words! {
    /// What stands behind a day.
    pub enum Force {
        Law = "law" => "Law",
        Agreement = "agreement" => "Your agreement",
        Proposed = "proposed" => "Proposed rule, not in force",
    }
}

/// The longest that the law leaves for telling of a breach.
pub(super) const LAW_DAYS: u64 = 60;
/// The hours that the proposed rule, and many agreements, leave after an emergency plan is
/// started (90 FR 898).
const PLAN_HOURS: u32 = 24;

/// One thing to be done by a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    pub says: String,
    pub by: NaiveDate,
    /// The time of that day, as the vendor wrote it; only for clocks that count hours.
    pub at: Option<String>,
    pub force: Force,
    pub cites: &'static str,
}

/// When a vendor first knew of an incident, and when we were told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known<'a> {
    /// The day that it gave; without one, the day of its notice is the latest that it can be.
    pub on: Option<NaiveDate>,
    pub at: Option<&'a str>,
    pub told_on: NaiveDate,
}

impl Known<'_> {
    /// Day 0 of the vendor's clock.
    pub fn day(&self) -> NaiveDate {
        self.on.unwrap_or(self.told_on).min(self.told_on)
    }
}

/// All clocks of a notice, the earliest first. `contract_hours` is what the agreement in force
/// leaves the vendor for word of a breach.
pub fn of(notice: &ChangeNotice, contract_hours: Option<u32>) -> Vec<Clock> {
    let kinds = notice.kinds();
    let mut clocks = Vec::new();
    if kinds.contains(&NoticeKind::IncidentSuspected) {
        let known = Known {
            on: day(&notice.answers, "incident.known-on"),
            at: text(&notice.answers, "incident.known-at"),
            told_on: notice.told_on,
        };
        clocks.extend(incident(known, contract_hours));
    }
    if kinds.contains(&NoticeKind::ContingencyActivated) {
        let on = day(&notice.answers, "contingency.on").unwrap_or(notice.told_on).min(notice.told_on);
        clocks.push(contingency(on, text(&notice.answers, "contingency.at")));
    }
    clocks.sort_by_key(|clock| clock.by);
    clocks
}

/// The last day that the law leaves the vendor to tell of a breach (45 CFR 164.410(b)), where
/// the notice is about an incident.
pub fn vendor_tells_by(notice: &ChangeNotice) -> Option<NaiveDate> {
    of(notice, None).into_iter().find(|clock| clock.cites.contains("164.410")).map(|clock| clock.by)
}

/// The clocks of a suspected incident.
pub fn incident(known: Known<'_>, contract_hours: Option<u32>) -> Vec<Clock> {
    let (vendor_knew, we_know) = (known.day(), known.told_on);
    let law = |says: &str, by, cites| Clock { says: says.to_owned(), by, at: None, force: Force::Law, cites };
    let mut clocks = vec![
        law(
            "The vendor tells us of a breach, with what it knows of each patient",
            after(vendor_knew, LAW_DAYS),
            "45 CFR 164.410(b)",
        ),
        law(
            "We tell the patients, if the vendor acts as our agent (the earliest day; use it until you know)",
            after(vendor_knew, LAW_DAYS),
            "45 CFR 164.404(a)(2) and (b)",
        ),
        law("We tell the patients, if the vendor is not our agent", after(we_know, LAW_DAYS), "45 CFR 164.404(b)"),
        law(
            "We tell the health department (HHS), if fewer than 500 patients are affected; for 500 or more, when we tell the patients",
            small_breach_by(vendor_knew),
            "45 CFR 164.408(b) and (c)",
        ),
    ];
    if let Some(hours) = contract_hours {
        clocks.push(Clock {
            says: format!("The vendor tells us, {hours} hours after it first knew"),
            by: hours_after(vendor_knew, hours),
            at: known.at.filter(|_| hours.is_multiple_of(24)).map(str::to_owned),
            force: Force::Agreement,
            cites: "the breach term of the agreement in force",
        });
    }
    clocks
}

/// The clock of an emergency plan that was started on `on`.
pub fn contingency(on: NaiveDate, at: Option<&str>) -> Clock {
    Clock {
        says: "The vendor tells us that it started its emergency plan, within 24 hours: where your agreement asks for it; no law in force does".to_owned(),
        by: hours_after(on, PLAN_HOURS),
        at: at.map(str::to_owned),
        force: Force::Proposed,
        cites: "90 FR 898",
    }
}

/// A breach of fewer than 500 found in a year is told within 60 days of that year's end
/// (45 CFR 164.408(c)).
pub fn small_breach_by(found: NaiveDate) -> NaiveDate {
    let year_end = NaiveDate::from_ymd_opt(found.year(), 12, 31).unwrap_or(found);
    after(year_end, LAW_DAYS)
}

/// The day on which so many hours have passed, whatever the time of day was.
pub(super) fn hours_after(on: NaiveDate, hours: u32) -> NaiveDate {
    after(on, u64::from(hours.div_ceil(24)))
}

/// The end of the calendar is far away, and nobody is told of anything after it.
pub(super) fn after(on: NaiveDate, days: u64) -> NaiveDate {
    on.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn by(clocks: &[Clock], says: &str) -> NaiveDate {
        clocks.iter().find(|clock| clock.says.contains(says)).unwrap().by
    }

    #[test]
    fn the_days_are_those_of_the_rule() {
        let known = Known { on: Some(d("2026-11-03")), at: None, told_on: d("2027-01-02") };
        let clocks = incident(known, None);
        assert_eq!(by(&clocks, "tells us of a breach"), d("2027-01-02"));
        assert_eq!(by(&clocks, "if the vendor acts as our agent"), d("2027-01-02"));
        assert_eq!(by(&clocks, "is not our agent"), d("2027-03-03"));
        assert_eq!(by(&clocks, "health department"), d("2027-03-01"));
        assert_eq!(small_breach_by(d("2027-05-05")), d("2028-02-29"));
    }

    #[test]
    fn what_the_agreement_asks_counts_from_the_same_moment() {
        let known = Known { on: Some(d("2026-11-03")), at: Some("3:30 pm Central"), told_on: d("2026-11-04") };
        let of = |hours| incident(known, Some(hours)).into_iter().find(|one| one.force == Force::Agreement).unwrap();
        assert_eq!((of(72).by, of(72).at.as_deref()), (d("2026-11-06"), Some("3:30 pm Central")));
        assert_eq!((of(10).by, of(10).at), (d("2026-11-04"), None));
    }

    #[test]
    fn the_24_hours_of_an_emergency_plan_are_no_law() {
        let clock = contingency(d("2026-11-03"), Some("noon"));
        assert_eq!((clock.by, clock.force), (d("2026-11-04"), Force::Proposed));
        assert!(clock.says.contains("no law in force does"));
    }

    proptest! {
        #[test]
        fn no_day_is_before_the_discovery_and_the_agents_is_the_earliest(
            knew in 0u64..30_000, told in 0u64..30_000, said in any::<bool>(), hours in proptest::option::of(1u32..2_000),
        ) {
            let start = d("2000-01-01");
            let told_on = start + Days::new(told);
            let known = Known { on: said.then(|| start + Days::new(knew)), at: None, told_on };
            let clocks = incident(known, hours);
            prop_assert!(clocks.iter().all(|clock| clock.by >= known.day()));
            prop_assert!(by(&clocks, "acts as our agent") <= by(&clocks, "is not our agent"));
            prop_assert!(known.day() <= told_on);
            prop_assert!(by(&clocks, "tells us of a breach") - known.day() == chrono::TimeDelta::days(60));
        }
    }
}
