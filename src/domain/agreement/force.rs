//! Which version is in force on a day, and where that leaves the vendor. A version takes the
//! place of the one before from the day it begins, and not before; one that nobody signed
//! begins on no day (45 CFR 164.308(b)(3)).

use chrono::{Days, Months, NaiveDate};

use super::{Agreement, AgreementStanding};
use crate::domain::vendor::BaStatus;

/// An agreement ends soon from so many days before its end.
pub const ENDS_SOON_DAYS: u64 = 60;

/// Where a vendor's agreement stands on a day, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stands<'a> {
    pub standing: AgreementStanding,
    /// The version that decides: in force, or the last one that was.
    pub version: Option<&'a Agreement>,
    /// The version that holds last, with those that are signed and follow without a gap.
    pub last: Option<&'a Agreement>,
    /// The last day that is covered, or on which the last of them renews by itself; `None`
    /// when there is no agreement or no end is known.
    pub until: Option<NaiveDate>,
    /// The next version, signed and not begun.
    pub next: Option<&'a Agreement>,
    /// The newest version, as long as nobody has signed it.
    pub waiting: Option<&'a Agreement>,
}

impl Agreement {
    /// Whether enough is known to say that there is one.
    fn is_recorded(&self) -> bool {
        let terms = &self.terms;
        !terms.is_unsigned() && (terms.begins_on().is_some() || terms.ends_on.is_some() || terms.open_ended)
    }

    /// From when it counts; one of which only the end is known always has.
    fn starts(&self) -> NaiveDate {
        self.terms.begins_on().unwrap_or(NaiveDate::MIN)
    }

    /// It goes on at its end, and nobody gave notice.
    pub fn renews_by_itself(&self) -> bool {
        self.terms.renews_months.is_some() && self.terms.ends_on.is_some() && self.terms.ended_on.is_none()
    }

    /// Its last day as seen from `day`: an end that passed while it renews by itself is
    /// rolled on by its term. `None`: no end is known.
    pub fn last_day(&self, day: NaiveDate) -> Option<NaiveDate> {
        let terms = &self.terms;
        match (terms.ended_on, terms.ends_on) {
            // Renewed meanwhile, so that its first end says nothing any more.
            (Some(ended), Some(_)) if terms.renews_months.is_some() => Some(ended),
            (Some(ended), Some(ends)) => Some(ended.min(ends)),
            (Some(ended), None) => Some(ended),
            (None, Some(ends)) => Some(terms.renews_months.map_or(ends, |months| rolled(ends, months, day))),
            (None, None) => None,
        }
    }

    /// The last day to say that it shall not go on, where it renews by itself.
    pub fn notice_by(&self, day: NaiveDate) -> Option<NaiveDate> {
        let end = self.last_day(day).filter(|_| self.renews_by_itself())?;
        Some(end - Days::new(u64::from(self.terms.notice_days.unwrap_or(0))))
    }
}

/// The first end on or after `day`. Terms are counted from the first end, so that one of
/// February 29 comes back to it.
fn rolled(ends: NaiveDate, months: u32, day: NaiveDate) -> NaiveDate {
    let mut end = ends;
    for term in 1.. {
        if end >= day {
            break;
        }
        match ends.checked_add_months(Months::new(months.saturating_mul(term))) {
            Some(next) if next > end => end = next,
            _ => break,
        }
    }
    end
}

/// The newest version that has begun by `day`: the one that decides.
fn deciding(versions: &[Agreement], day: NaiveDate) -> Option<&Agreement> {
    let begun = versions.iter().filter(|one| one.is_recorded() && one.starts() <= day);
    begun.max_by_key(|one| (one.starts(), one.version))
}

/// The newest version, when it waits for a signature: nobody signed it or gave it up, and
/// none was recorded since.
pub fn waiting(versions: &[Agreement]) -> Option<&Agreement> {
    let newest = versions.iter().max_by_key(|one| one.version);
    newest.filter(|one| one.terms.is_unsigned() && one.terms.ended_on.is_none())
}

/// The version in force on `day`.
pub fn in_force(versions: &[Agreement], day: NaiveDate) -> Option<&Agreement> {
    deciding(versions, day).filter(|one| one.last_day(day).is_none_or(|last| last >= day))
}

/// Where the agreement with a vendor of this status stands on `today`.
pub fn stands(versions: &[Agreement], status: BaStatus, today: NaiveDate) -> Stands<'_> {
    let mut upcoming: Vec<&Agreement> =
        versions.iter().filter(|one| one.is_recorded() && one.starts() > today).collect();
    upcoming.sort_by_key(|one| (one.starts(), one.version));
    let next = upcoming.first().copied();
    let version = deciding(versions, today);
    let covers = in_force(versions, today);
    let (last, until) = match covers {
        Some(now) => covered(now, &upcoming, today),
        None => (version, version.and_then(|one| one.last_day(today))),
    };
    let ends = |last: &Agreement| !last.renews_by_itself() && until.is_some_and(|day| day <= soon(today));
    let standing = match (covers, version) {
        _ if !status.signs_with_us() => AgreementStanding::NotNeeded,
        (Some(_), _) if last.is_some_and(ends) => AgreementStanding::EndsSoon,
        (Some(_), _) => AgreementStanding::Current,
        (None, Some(_)) => AgreementStanding::Ended,
        (None, None) => AgreementStanding::Missing,
    };
    Stands { standing, version, last, until, next, waiting: waiting(versions) }
}

fn soon(today: NaiveDate) -> NaiveDate {
    today + Days::new(ENDS_SOON_DAYS)
}

/// How far the version in force and those that follow it without a gap reach.
fn covered<'a>(
    now: &'a Agreement,
    upcoming: &[&'a Agreement],
    today: NaiveDate,
) -> (Option<&'a Agreement>, Option<NaiveDate>) {
    let (mut last, mut until) = (now, now.last_day(today));
    for next in upcoming {
        if !last.renews_by_itself() && until.is_some_and(|until| next.starts() > until + Days::new(1)) {
            break;
        }
        (last, until) = (next, next.last_day(next.starts()));
    }
    (Some(last), until)
}

/// The next day after `today` on which what [`stands`] says changes by itself.
pub fn next_turn(versions: &[Agreement], today: NaiveDate) -> Option<NaiveDate> {
    let turns = versions.iter().filter(|one| one.is_recorded()).flat_map(|one| {
        let last = one.last_day(today.max(one.starts()));
        let soon = last.and_then(|last| last.checked_sub_days(Days::new(ENDS_SOON_DAYS)));
        [Some(one.starts()), soon, last.and_then(|last| last.checked_add_days(Days::new(1)))]
    });
    turns.flatten().filter(|turn| *turn > today).min()
}
