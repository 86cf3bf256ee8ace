//! Flags: something a person should look at. One for one fact; raised once, closed by
//! itself when the fact no longer holds, and kept with its dates. A person may acknowledge one
//! until a day, or settle one whose fact is a thing that happened. A fact that comes back is
//! raised again, and says when it was closed before.

mod kinds;
mod quiet;

pub use super::until::WhyNot;
pub use kinds::{AnsweredAt, FlagKind, Rule};
pub use quiet::{Acknowledged, Resolved, check};

use chrono::{Days, NaiveDate};

use super::ids::{FlagId, VendorId};
use super::words::words;

words! {
    /// How much it matters.
    pub enum Severity {
        High = "high" => "Act now",
        Medium = "medium" => "Act soon",
        Low = "low" => "Keep in mind",
    }
}

impl Severity {
    /// 1 for the worst: how lists sort.
    pub const fn rank(self) -> i32 {
        match self {
            Severity::High => 1,
            Severity::Medium => 2,
            Severity::Low => 3,
        }
    }
}

/// A fact that holds today and deserves a flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub kind: FlagKind,
    /// What it is about within its kind: a question's slug; empty where the kind says all.
    pub subject: String,
    /// The whole of it as a sentence without a full stop.
    pub sentence: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    pub id: FlagId,
    pub vendor: VendorId,
    pub kind: FlagKind,
    pub subject: String,
    pub sentence: String,
    pub raised_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
    pub acknowledged: Option<Acknowledged>,
    /// Who settled it, where that is why it is closed.
    pub resolved: Option<Resolved>,
    /// When the fact of a settled flag was gone.
    pub gone_on: Option<NaiveDate>,
    /// When a flag of the same fact was closed before this one was raised.
    pub back_from: Option<NaiveDate>,
}

words! {
    /// Where a flag stands.
    pub enum FlagState {
        Open = "open" => "Open",
        /// Somebody knows, and no look is asked for until a day.
        Acknowledged = "acknowledged" => "Acknowledged",
        Resolved = "resolved" => "Settled",
        Closed = "closed" => "Closed by itself",
    }
}

impl Flag {
    /// The flag of a fact that was seen on a day.
    pub fn raised(vendor: VendorId, fact: Fact, on: NaiveDate) -> Self {
        Self {
            id: FlagId::fresh(),
            vendor,
            kind: fact.kind,
            subject: fact.subject,
            sentence: fact.sentence,
            raised_on: on,
            closed_on: None,
            acknowledged: None,
            resolved: None,
            gone_on: None,
            back_from: None,
        }
    }

    /// Where it stands on `today`.
    pub fn state(&self, today: NaiveDate) -> FlagState {
        match (self.closed_on, &self.resolved, &self.acknowledged) {
            (Some(_), Some(_), _) => FlagState::Resolved,
            (Some(_), None, _) => FlagState::Closed,
            (None, _, Some(known)) if known.until >= today => FlagState::Acknowledged,
            (None, ..) => FlagState::Open,
        }
    }

    /// Whole days since it was raised; until it was closed, where it was.
    pub fn age(&self, today: NaiveDate) -> i64 {
        (self.closed_on.unwrap_or(today) - self.raised_on).num_days().max(0)
    }

    fn is(&self, fact: &Fact) -> bool {
        self.kind == fact.kind && self.subject == fact.subject
    }

    /// Whether its fact still holds, as far as was last seen.
    pub fn stands(&self) -> bool {
        self.closed_on.is_none() || (self.resolved.is_some() && self.gone_on.is_none())
    }
}

/// How many of the facts ask for a look on `today`: those that nobody has acknowledged or
/// settled in these words.
pub fn to_look_at(flags: &[Flag], facts: &[Fact], today: NaiveDate) -> usize {
    let quiet = |fact: &&Fact| {
        flags.iter().any(|flag| {
            flag.stands() && flag.is(fact) && flag.sentence == fact.sentence && flag.state(today) != FlagState::Open
        })
    };
    facts.len() - facts.iter().filter(quiet).count()
}

/// The next day on which a flag that was kept quiet asks for a look again.
pub fn next_turn(flags: &[Flag], today: NaiveDate) -> Option<NaiveDate> {
    let quiet = flags.iter().filter(|flag| flag.state(today) == FlagState::Acknowledged);
    quiet.filter_map(|flag| flag.acknowledged.as_ref()).map(|known| known.until + Days::new(1)).min()
}

/// A fact to raise, and when its flag was closed before, if there was one.
pub type Raise = (Fact, Option<NaiveDate>);

/// What to do so that the flags that stand are exactly today's facts.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    pub raise: Vec<Raise>,
    /// Open flags whose fact is gone.
    pub close: Vec<FlagId>,
    /// Settled flags whose fact is gone.
    pub gone: Vec<FlagId>,
    /// Open flags whose fact still holds and now reads differently: whoever acknowledged the
    /// old words has not seen these.
    pub reword: Vec<(FlagId, String)>,
}

/// Compares all flags that a vendor ever had with the facts that hold.
pub fn reconcile(flags: &[Flag], facts: &[Fact]) -> Reconciled {
    let mut todo = Reconciled::default();
    for flag in flags.iter().filter(|flag| flag.stands()) {
        let settled = flag.closed_on.is_some();
        match facts.iter().find(|fact| flag.is(fact)) {
            Some(fact) if fact.sentence == flag.sentence => {}
            Some(fact) if !settled => todo.reword.push((flag.id, fact.sentence.clone())),
            // Settled in other words: this is a new one.
            _ if settled => todo.gone.push(flag.id),
            _ => todo.close.push(flag.id),
        }
    }
    let stands = |fact: &Fact| {
        flags
            .iter()
            .any(|flag| flag.stands() && flag.is(fact) && (flag.closed_on.is_none() || flag.sentence == fact.sentence))
    };
    let before = |fact: &Fact| flags.iter().filter(|flag| flag.is(fact)).filter_map(|flag| flag.closed_on).max();
    todo.raise = facts.iter().filter(|fact| !stands(fact)).map(|fact| (fact.clone(), before(fact))).collect();
    todo
}

#[cfg(test)]
mod tests;
