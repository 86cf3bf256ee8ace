//! An exception: a named person of the practice lives with a gap until a day (a risk acceptance).
//! Rows are added and ended, never changed. It goes stale by itself: when its day has passed, or
//! when the vendor's rating is no longer the one that it was given for.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::acceptance::Ended;
use super::action::{Shortfall, is_met};
use super::civil_date;
use super::flags::{Fact, FlagKind};
use super::ids::{AssessmentId, ExceptionId, VendorId};
use super::scoring::record::AnswerLine;
use super::scoring::{FloorReason, Rating, Scorecard};
use super::until;
use super::words::words;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    pub id: ExceptionId,
    pub vendor: VendorId,
    /// The reply in which the gap showed.
    pub assessment: AssessmentId,
    /// The question, and what was answered, as they were read.
    pub slug: String,
    pub short: String,
    pub answer: String,
    pub shortfall: Shortfall,
    /// The vendor's rating on that day, as reckoned without any exception.
    pub rating: Rating,
    pub reason: String,
    pub by: String,
    pub on: NaiveDate,
    /// The last day on which it holds.
    pub until: NaiveDate,
    pub ended: Option<Ended>,
}

words! {
    /// Where an exception stands.
    pub enum ExceptionState {
        InForce = "in-force" => "In force",
        RanOut = "ran-out" => "Ran out",
        RatingMoved = "rating-moved" => "The rating has moved",
        Closed = "closed" => "The gap is closed",
        Ended = "ended" => "Ended",
    }
}

impl ExceptionState {
    /// Whether somebody should look: the gap is there, and nobody stands for it any more.
    pub const fn is_stale(self) -> bool {
        matches!(self, Self::RanOut | Self::RatingMoved)
    }
}

impl Shortfall {
    /// The longest, in days, that anybody may live with such a gap before looking again.
    pub const fn most_days(self) -> u64 {
        match self {
            Self::HardStop => 90,
            Self::Critical | Self::CriticalPart => 180,
            Self::Other => 365,
        }
    }
}

/// What is wrong with the last day of an exception, in words.
///
/// # Errors
/// Which days are allowed.
pub fn check_until(shortfall: Shortfall, day: NaiveDate, today: NaiveDate) -> Result<(), String> {
    until::check(day, today, shortfall.most_days()).map_err(|why| why.sentence("gap"))
}

/// Whether an answer is one to live with: what is in place and only wants more proof is no gap.
pub fn is_gap(line: &AnswerLine) -> bool {
    line.loss > 0 && !is_met(line)
}

impl Exception {
    /// Where it stands on `today` by the card of today.
    pub fn state(&self, card: &Scorecard, today: NaiveDate) -> ExceptionState {
        if self.ended.is_some() {
            return ExceptionState::Ended;
        }
        if !card.answers.iter().any(|line| line.question == self.slug && is_gap(line)) {
            return ExceptionState::Closed;
        }
        match () {
            () if today > self.until => ExceptionState::RanOut,
            () if card.rating != self.rating => ExceptionState::RatingMoved,
            () => ExceptionState::InForce,
        }
    }
}

/// The newest exception for each question; `all` is in any order.
pub fn newest(all: &[Exception]) -> Vec<&Exception> {
    let is_newest =
        |one: &&Exception| !all.iter().any(|other| other.slug == one.slug && (other.on, other.id) > (one.on, one.id));
    all.iter().filter(is_newest).collect()
}

/// The questions whose gaps somebody stands for today.
pub fn in_force<'a>(all: &'a [Exception], card: &Scorecard, today: NaiveDate) -> BTreeSet<&'a str> {
    let holds = |one: &&Exception| one.state(card, today) == ExceptionState::InForce;
    newest(all).into_iter().filter(holds).map(|one| one.slug.as_str()).collect()
}

/// What becomes of facts about answers: a gap that somebody stands for asks for no look, and one
/// that nobody stands for any more says so.
pub fn applied(mut facts: Vec<Fact>, all: &[Exception], card: &Scorecard, today: NaiveDate) -> Vec<Fact> {
    let held = in_force(all, card, today);
    facts.retain(|fact| {
        !(matches!(fact.kind, FlagKind::HardStop | FlagKind::CriticalFailed) && held.contains(fact.subject.as_str()))
    });
    let stale = newest(all).into_iter().filter(|one| one.state(card, today).is_stale());
    facts.extend(stale.map(|one| one.stale_fact(card, today)));
    facts
}

impl Exception {
    fn stale_fact(&self, card: &Scorecard, today: NaiveDate) -> Fact {
        let why = match self.state(card, today) {
            ExceptionState::RatingMoved => {
                format!("the rating was {} then, and is {} now", self.rating.says(), card.rating.says())
            }
            _ => format!("that held until {}", civil_date::say(self.until)),
        };
        Fact {
            kind: FlagKind::ExceptionStale,
            subject: self.slug.clone(),
            sentence: format!("{} accepted “{}: {}”; {why}", self.by, self.short, self.answer),
        }
    }
}

/// The rating that counts: a hard stop is set aside once a person stands for every one that
/// failed (`domain/hipaa.md` section 3). `stops` are the failed ones. A federal exclusion list is
/// nobody's to set aside.
pub fn rating(card: &Scorecard, stops: &BTreeSet<&str>, all: &[Exception], today: NaiveDate) -> Rating {
    let held = in_force(all, card, today);
    let excluded = card.floors.contains(&FloorReason::ExclusionReview);
    match card.rating {
        Rating::DoNotShare if excluded => Rating::DoNotShare,
        Rating::DoNotShare if !stops.is_empty() && stops.iter().all(|slug| held.contains(slug)) => {
            card.rating_without_stops()
        }
        rating => rating,
    }
}

/// The last day on which every one of these gaps is accepted, as far as somebody accepts it.
pub fn until(slugs: &BTreeSet<&str>, all: &[Exception]) -> Option<NaiveDate> {
    newest(all).into_iter().filter(|one| slugs.contains(one.slug.as_str())).map(|one| one.until).min()
}

/// The next day after `today` on which one of them runs out.
pub fn next_turn(all: &[Exception], today: NaiveDate) -> Option<NaiveDate> {
    let open = newest(all).into_iter().filter(|one| one.ended.is_none());
    open.filter_map(|one| one.until.succ_opt()).filter(|day| *day > today).min()
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::prelude::*;

    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    proptest! {
        #[test]
        fn nobody_lives_with_a_gap_longer_than_its_weight_allows(days in 0..500u64, at in 0..4usize) {
            let shortfall = Shortfall::ALL[at];
            let today = d("2028-02-28");
            let allowed = check_until(shortfall, today + Days::new(days), today).is_ok();
            prop_assert_eq!(allowed, days > 0 && days <= shortfall.most_days());
        }
    }

    #[test]
    fn a_graver_gap_is_looked_at_again_sooner() {
        let days: Vec<u64> = Shortfall::ALL.iter().map(|one| one.most_days()).collect();
        assert_eq!(days, [90, 180, 180, 365]);
    }
}
