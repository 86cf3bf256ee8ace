//! When a question applies: a small language that a compliance lead can read.
//!
//! ```text
//! all
//! hosts_ephi or remote_access
//! T1-2 and hosts_ephi
//! not paper
//! kind has hosting.moved          (another answer of the same form)
//! org.self-check.done is yes
//! ```
//!
//! `and` binds tighter than `or`; brackets group.

use super::exposure::{Exposure, Tier, Trait};
use super::words::words;

words! {
    /// A fact of the data-handling profile that a condition may name.
    pub enum Fact {
        HostsEphi = "hosts_ephi" => "keeps electronic patient information",
        RemoteAccess = "remote_access" => "enters our systems",
        Paper = "paper" => "handles paper",
        Portable = "portable" => "uses laptops, phones or drives",
        Transmits = "transmits" => "sends patient information",
        Releases = "releases" => "answers requests for records",
        Subs = "subs" => "uses other companies",
        Offshore = "offshore" => "has something abroad",
        HomeWorking = "wfh" => "has people working from home",
        BuildsSoftware = "builds_software" => "writes software we use",
        Part2 = "part2" => "handles substance-use records",
        BillsFederal = "bills_federal" => "bills federal programs",
        EmailDomain = "email_domain" => "sends us e-mail",
        CriticalService = "critical_service" => "we cannot work three days without it",
        UpperTiers = "T1-2" => "is in tier 1 or 2",
    }
}

impl Fact {
    fn holds(self, exposure: &Exposure, tier: Tier) -> bool {
        let has = |wanted| exposure.traits.contains(&wanted);
        match self {
            Fact::HostsEphi => exposure.hosts_ephi(),
            Fact::RemoteAccess => exposure.remote_access(),
            Fact::Paper => has(Trait::Paper),
            Fact::Portable => has(Trait::Portable),
            Fact::Transmits => has(Trait::Transmits),
            Fact::Releases => has(Trait::Releases),
            Fact::Subs => exposure.has_subs(),
            Fact::Offshore => exposure.is_offshore(),
            Fact::HomeWorking => has(Trait::HomeWorking),
            Fact::BuildsSoftware => has(Trait::BuildsSoftware),
            Fact::Part2 => has(Trait::Part2),
            Fact::BillsFederal => has(Trait::BillsFederal),
            // We write to every vendor by e-mail, and it answers from a domain of its own.
            Fact::EmailDomain => true,
            Fact::CriticalService => exposure.is_critical_service(),
            Fact::UpperTiers => tier <= Tier::Two,
        }
    }
}

/// A parsed condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    All,
    Fact(Fact),
    /// The answer to `slug` is, or has among several, `value`.
    Answer {
        slug: String,
        value: String,
    },
    Not(Box<Condition>),
    And(Vec<Condition>),
    Or(Vec<Condition>),
}

/// Why a condition could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    #[error("the condition is empty; write “all” for every vendor")]
    Empty,
    #[error("“{0}” was not expected here")]
    Unexpected(String),
    #[error("the condition ends too early")]
    Unfinished,
    #[error("“{0}” is neither a fact of the profile nor followed by “is” or “has”")]
    UnknownFact(String),
}

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    /// Says which word could not be understood.
    pub fn parse(text: &str) -> Result<Self, ConditionError> {
        let spaced = text.replace('(', " ( ").replace(')', " ) ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        if words.is_empty() {
            return Err(ConditionError::Empty);
        }
        let mut parser = Parser { words: &words, at: 0 };
        let condition = parser.either()?;
        match parser.peek() {
            None => Ok(condition),
            Some(word) => Err(ConditionError::Unexpected(word.to_owned())),
        }
    }

    /// Whether it holds; `answered(slug, value)` says what the form holds so far.
    pub fn holds(&self, exposure: &Exposure, tier: Tier, answered: &impl Fn(&str, &str) -> bool) -> bool {
        match self {
            Condition::All => true,
            Condition::Fact(fact) => fact.holds(exposure, tier),
            Condition::Answer { slug, value } => answered(slug, value),
            Condition::Not(inner) => !inner.holds(exposure, tier, answered),
            Condition::And(parts) => parts.iter().all(|part| part.holds(exposure, tier, answered)),
            Condition::Or(parts) => parts.iter().any(|part| part.holds(exposure, tier, answered)),
        }
    }

    /// Whether it holds for some answers or other: what a questionnaire on paper has to ask.
    pub fn may_hold(&self, exposure: &Exposure, tier: Tier) -> bool {
        self.can(exposure, tier).0
    }

    /// Whether it can hold, and whether it can fail.
    fn can(&self, exposure: &Exposure, tier: Tier) -> (bool, bool) {
        let can = |part: &Condition| part.can(exposure, tier);
        match self {
            Condition::All => (true, false),
            Condition::Fact(fact) => {
                let holds = fact.holds(exposure, tier);
                (holds, !holds)
            }
            Condition::Answer { .. } => (true, true),
            Condition::Not(inner) => {
                let (holds, fails) = can(inner);
                (fails, holds)
            }
            Condition::And(parts) => (parts.iter().all(|part| can(part).0), parts.iter().any(|part| can(part).1)),
            Condition::Or(parts) => (parts.iter().any(|part| can(part).0), parts.iter().all(|part| can(part).1)),
        }
    }

    /// The other answers it looks at: `(slug, value)`.
    pub fn answers(&self) -> Vec<(&str, &str)> {
        match self {
            Condition::All | Condition::Fact(_) => Vec::new(),
            Condition::Answer { slug, value } => vec![(slug, value)],
            Condition::Not(inner) => inner.answers(),
            Condition::And(parts) | Condition::Or(parts) => parts.iter().flat_map(Condition::answers).collect(),
        }
    }
}

struct Parser<'a> {
    words: &'a [&'a str],
    at: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.at).copied()
    }

    fn take(&mut self) -> Result<&'a str, ConditionError> {
        let word = self.peek().ok_or(ConditionError::Unfinished)?;
        self.at += 1;
        Ok(word)
    }

    fn takes(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(word);
        self.at += usize::from(found);
        found
    }

    fn either(&mut self) -> Result<Condition, ConditionError> {
        let mut parts = vec![self.both()?];
        while self.takes("or") {
            parts.push(self.both()?);
        }
        Ok(single(parts, Condition::Or))
    }

    fn both(&mut self) -> Result<Condition, ConditionError> {
        let mut parts = vec![self.one()?];
        while self.takes("and") {
            parts.push(self.one()?);
        }
        Ok(single(parts, Condition::And))
    }

    fn one(&mut self) -> Result<Condition, ConditionError> {
        if self.takes("not") {
            return Ok(Condition::Not(Box::new(self.one()?)));
        }
        if self.takes("(") {
            let inner = self.either()?;
            return if self.takes(")") { Ok(inner) } else { Err(ConditionError::Unfinished) };
        }
        let word = self.take()?;
        if matches!(word, "and" | "or" | "is" | "has" | ")") {
            return Err(ConditionError::Unexpected(word.to_owned()));
        }
        if self.takes("is") || self.takes("has") {
            let value = self.take()?.to_owned();
            return Ok(Condition::Answer { slug: word.to_owned(), value });
        }
        if word == "all" {
            return Ok(Condition::All);
        }
        word.parse().map(Condition::Fact).map_err(|_| ConditionError::UnknownFact(word.to_owned()))
    }
}

fn single(mut parts: Vec<Condition>, many: fn(Vec<Condition>) -> Condition) -> Condition {
    if parts.len() == 1 { parts.swap_remove(0) } else { many(parts) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::exposure::Access;

    fn holds(text: &str, exposure: &Exposure) -> bool {
        Condition::parse(text)
            .unwrap()
            .holds(exposure, Tier::Two, &|slug, value| slug == "kind" && value == "ai.started")
    }

    #[test]
    fn and_binds_tighter_than_or() {
        let paper = Exposure { access: [Access::Paper].into(), ..Exposure::default() };
        assert!(holds("T1-2 or hosts_ephi and part2", &paper));
        assert!(!holds("(T1-2 or hosts_ephi) and part2", &paper));
    }

    #[test]
    fn a_condition_may_look_at_another_answer() {
        assert!(holds("kind has ai.started", &Exposure::default()));
        assert!(!holds("not kind has ai.started", &Exposure::default()));
    }

    #[test]
    fn on_paper_a_condition_on_an_answer_may_hold_and_one_on_the_profile_is_settled() {
        let paper = Exposure { access: [Access::Paper].into(), ..Exposure::default() };
        let may = |text: &str| Condition::parse(text).unwrap().may_hold(&paper, Tier::Four);
        assert!(may("kind has ai.started") && may("not kind has ai.started"));
        assert!(!may("T1-2 and kind has ai.started") && may("T1-2 or kind has ai.started"));
        assert!(!may("not all") && may("not T1-2"));
    }

    #[test]
    fn a_condition_that_makes_no_sense_says_which_word() {
        assert_eq!(Condition::parse("hosts_ephi or"), Err(ConditionError::Unfinished));
        assert_eq!(Condition::parse("hosts"), Err(ConditionError::UnknownFact("hosts".into())));
        assert_eq!(Condition::parse("paper paper"), Err(ConditionError::Unexpected("paper".into())));
        assert_eq!(Condition::parse("  "), Err(ConditionError::Empty));
    }
}
