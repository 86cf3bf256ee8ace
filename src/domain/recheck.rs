//! A recheck: some questions of a signed reply, asked again before its year is over. At half the
//! year the short set, of whoever holds most (`domain/hipaa.md` 2.11); and after a change that the
//! vendor told of, the questions that the change touches (2.13). It opens the reply like a
//! correction: each question is answered by "still true" or by another answer, and signed anew.
//! Good practice: HIPAA names no interval.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::correction::{Correction, Occasion};
use super::exposure::Tier;
use super::notice::{self, ChangeNotice, Materiality};
use super::questionnaire::Question;

/// Days from a signature to the half-year check.
pub const HALF_YEAR_DAYS: u64 = 182;
/// Days to answer one.
pub const DAYS: u64 = 30;
/// Days after which a reply that its vendor opened and did nothing in keeps nobody waiting.
const IDLE_DAYS: u64 = 14;
/// What stands as the reply where an answer stays as it is.
pub const STILL_TRUE: &str = "Still true.";

/// What decides whether a vendor is asked again.
#[derive(Clone, Debug)]
pub struct Reply<'a> {
    pub tier: Tier,
    /// The practice wants half-year checks.
    pub half_year: bool,
    pub accepted_on: NaiveDate,
    /// When these answers were first signed.
    pub signed_at: DateTime<Utc>,
    /// When the yearly questionnaire goes out.
    pub yearly_on: NaiveDate,
    /// Each time that the reply was opened again.
    pub corrections: &'a [Correction],
    pub notices: &'a [ChangeNotice],
}

/// What is asked again: by question, why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub occasion: Occasion,
    pub remarks: BTreeMap<String, String>,
}

/// What a vendor is to be asked again on `today` of the questions that apply to it; `None` while
/// its reply is open, or the yearly questionnaire comes anyway.
pub fn wanted(reply: &Reply<'_>, applicable: &[&Question], today: NaiveDate) -> Option<Wanted> {
    let is_open = |one: &Correction| one.ended.is_none() && !is_idle(one, today);
    if reply.corrections.iter().any(is_open) || today >= reply.yearly_on {
        return None;
    }
    let wanted = touched(reply, applicable, today).or_else(|| half_year(reply, applicable, today))?;
    (!wanted.remarks.is_empty()).then_some(wanted)
}

/// Opened by the vendor two weeks ago or more, with nothing done in it: forgotten.
fn is_idle(one: &Correction, today: NaiveDate) -> bool {
    let untouched = one.changes.is_empty() && one.files.is_empty();
    one.occasion == Occasion::Own && untouched && one.opened_on + Days::new(IDLE_DAYS) <= today
}

/// The first day of the half-year check. It begins anew with each one that was sent, and when the
/// vendor says that nothing has changed.
pub fn half_year_on(reply: &Reply<'_>) -> Option<NaiveDate> {
    if !reply.half_year || reply.tier != Tier::One {
        return None;
    }
    let sent = reply.corrections.iter().filter(|one| one.occasion == Occasion::HalfYear).map(|one| one.opened_on);
    let told = notice::last_unchanged(reply.notices).map(|(told_on, _)| told_on);
    let from = sent.chain(told).fold(reply.accepted_on, NaiveDate::max);
    let on = from + Days::new(HALF_YEAR_DAYS);
    (on + Days::new(DAYS) <= reply.yearly_on).then_some(on)
}

fn half_year(reply: &Reply<'_>, applicable: &[&Question], today: NaiveDate) -> Option<Wanted> {
    half_year_on(reply).filter(|on| *on <= today && today + Days::new(DAYS) <= reply.yearly_on)?;
    let short = applicable.iter().filter(|question| question.lite);
    let remarks = short.map(|question| (question.slug.clone(), "Is this still so?".to_owned()));
    Some(Wanted { occasion: Occasion::HalfYear, remarks: remarks.collect() })
}

/// The questions that the changes touch which were told of since these were last asked, and before
/// today: what is told on one day is asked about in one letter.
fn touched(reply: &Reply<'_>, applicable: &[&Question], today: NaiveDate) -> Option<Wanted> {
    let asked = reply.corrections.iter().filter(|one| one.occasion == Occasion::Change).map(|one| one.opened_on).max();
    // What was told on the day on which we asked again was not asked about yet.
    let is_later =
        |one: &&ChangeNotice| one.signed.signed_at > reply.signed_at && asked.is_none_or(|asked| one.told_on >= asked);
    let mut news: Vec<&ChangeNotice> =
        reply.notices.iter().filter(is_later).filter(|one| is_news(one, today)).collect();
    news.sort_by_key(|one| (one.signed.signed_at, one.id));
    let mut remarks = BTreeMap::new();
    for told in news {
        for (slug, reason) in notice::ask_afresh(std::slice::from_ref(told), None) {
            let applies = applicable.iter().any(|question| question.slug == slug);
            let answered = reply.corrections.iter().any(|one| one.answered_after(slug, told.signed.signed_at));
            if applies && !answered {
                remarks.insert(slug.to_owned(), format!("You told us {reason}. Is this answer still so?"));
            }
        }
    }
    (!remarks.is_empty()).then_some(Wanted { occasion: Occasion::Change, remarks })
}

/// A material one: what is of little weight is put right by ourselves.
fn is_news(notice: &ChangeNotice, today: NaiveDate) -> bool {
    notice.materiality().is_some_and(|weight| weight != Materiality::Low) && notice.told_on < today
}

/// By when the answers are wanted.
pub fn due_on(today: NaiveDate) -> NaiveDate {
    today + Days::new(DAYS)
}

#[cfg(test)]
mod tests;
