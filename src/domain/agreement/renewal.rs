//! Which letter about the end of an agreement is owed: past a threshold and not yet written,
//! never "exactly today", so that a pause of weeks sends one letter and not four.

use chrono::{Days, NaiveDate};

use super::{Agreement, AgreementStanding, LONGEST_NOTICE_DAYS, stands};
use crate::domain::ids::AgreementId;
use crate::domain::practice::PracticeContact;
use crate::domain::user::User;
use crate::domain::vendor::BaStatus;

/// Days before the day to act by, the first letter first.
pub const THRESHOLDS: [u32; 4] = [90, 60, 30, 7];
/// One that ended while nobody looked is still written about for so many days.
pub const LATE_DAYS: u64 = 30;

/// A letter that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    pub agreement: AgreementId,
    pub noun: &'static str,
    /// Days: which of [`THRESHOLDS`] was passed last.
    pub threshold: u32,
    /// The day to act by: the last day, or the last day to give notice.
    pub act_by: NaiveDate,
    /// The last day of it, or of its present term.
    pub ends_on: NaiveDate,
    /// Months by which it would go on by itself.
    pub renews_months: Option<u32>,
}

impl Owed {
    /// One letter for a version, a threshold and an end: a corrected end, or the next term,
    /// is written about anew.
    pub fn once(&self) -> String {
        format!("renewal:{}:{}:{}", self.agreement, self.ends_on, self.threshold)
    }
}

/// The first and last end that a letter could be owed about on `today`.
pub fn ends_between(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    (today - Days::new(LATE_DAYS), today + Days::new(u64::from(THRESHOLDS[0] + LONGEST_NOTICE_DAYS)))
}

/// The letter that is due on `today` if it was not written yet.
pub fn owed(versions: &[Agreement], status: BaStatus, today: NaiveDate) -> Option<Owed> {
    let stands = stands(versions, status, today);
    let (last, ends_on) = (stands.last?, stands.until?);
    let act_by = match stands.standing {
        AgreementStanding::NotNeeded | AgreementStanding::Missing => return None,
        // It was known here before it ended; a list of old papers brings no letters.
        AgreementStanding::Ended => {
            Some(ends_on).filter(|end| *end + Days::new(LATE_DAYS) >= today && last.recorded_at.date_naive() <= *end)?
        }
        // Too late to say no: nothing to do until the next term.
        _ if last.renews_by_itself() => {
            let notice = u64::from(last.terms.notice_days.unwrap_or(0));
            ends_on.checked_sub_days(Days::new(notice)).filter(|by| *by >= today)?
        }
        _ => ends_on,
    };
    let passed = |days: &u32| act_by - Days::new(u64::from(*days)) <= today;
    let threshold = THRESHOLDS.into_iter().filter(passed).min()?;
    Some(Owed {
        agreement: last.id,
        noun: last.terms.kind.noun(),
        threshold,
        act_by,
        ends_on,
        renews_months: last.terms.renews_months.filter(|_| last.renews_by_itself()),
    })
}

/// Who gets it, by name and address: the person whom the vendor's record names as its owner,
/// else whoever reads the practice's mail; `None` when there is neither.
pub fn reader(owner: &str, people: &[User], contact: &PracticeContact) -> Option<(String, String)> {
    let named = owner.trim().to_lowercase();
    let is_owner = |user: &&User| {
        !named.is_empty() && (user.name.trim().to_lowercase() == named || user.email.to_lowercase() == named)
    };
    match people.iter().find(is_owner) {
        Some(user) => Some((user.name.clone(), user.email.clone())),
        None => Some((contact.name.clone(), contact.reply_to.clone()?)),
    }
}
