//! An incident: a vendor's breach notice, or word that something may have gone wrong, with the
//! clocks that it starts, what was found, and what was done when (45 CFR 164.400 to 164.414,
//! `domain/hipaa.md` 1.4). Never a patient's name: counts by State only.

pub mod assessment;
pub mod clock;
mod follow;
pub mod residents;
pub mod steps;

pub use assessment::{Conclusion, RiskAssessment};
pub use follow::{facts, next_turn, signals};
pub use steps::{Done, Due, StepKind};

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::civil_date;
use super::ids::{IncidentId, NoticeId, VendorId};
use super::words::words;

/// The most days that an oral word of a law-enforcement officer may delay notices (45 CFR
/// 164.412(b)).
pub const ORAL_HOLD_DAYS: u64 = 30;

words! {
    /// How we came to know.
    pub enum Learned {
        Notice = "notice" => "A change notice of the vendor",
        Telephone = "telephone" => "The telephone",
        Letter = "letter" => "A letter or an e-mail",
        Other = "other" => "Another way",
    }
}
words! {
    /// Whether the vendor acts as our agent: then what it knows, we know (45 CFR 164.404(a)(2)).
    pub enum Agency {
        Undetermined = "undetermined" => "Not decided yet",
        Agent = "agent" => "It acts as our agent",
        Independent = "independent" => "It does not act as our agent",
    }
}
words! {
    /// Whether the information could be read by whoever got it: the duties to tell are about
    /// unsecured information only (45 CFR 164.402).
    pub enum Secured {
        NotKnown = "not-known" => "Not known yet",
        Unsecured = "unsecured" => "It could be read",
        Secured = "secured" => "It was encrypted, and the key was not taken, or destroyed",
    }
}
words! {
    /// How a law-enforcement officer said that telling would impede an investigation.
    pub enum HoldKind {
        Written = "written" => "In writing, with a day",
        Oral = "oral" => "By word of mouth",
    }
}
words! {
    /// How an incident was closed.
    pub enum Outcome {
        Notified = "notified" => "A breach, and every notice was made",
        NoBreach = "no-breach" => "No breach, as the assessment shows",
        Secured = "secured" => "The information was secured",
        Mistake = "mistake" => "Nothing had happened, or it was entered twice",
    }
}

/// A law-enforcement delay (45 CFR 164.412).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    pub kind: HoldKind,
    pub said_on: NaiveDate,
    /// The day that a written statement gives; an oral one may give none.
    pub until: Option<NaiveDate>,
}

impl Hold {
    /// The last day of the delay: as stated in writing, or 30 days after an oral word at most.
    pub fn ends_on(&self) -> NaiveDate {
        let oral = self.said_on.checked_add_days(Days::new(ORAL_HOLD_DAYS)).unwrap_or(NaiveDate::MAX);
        match (self.kind, self.until) {
            (HoldKind::Written, Some(until)) => until,
            (HoldKind::Oral, Some(until)) => until.min(oral),
            (_, None) => oral,
        }
    }
}

/// What is known of an incident; all of it may be mended as more is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The day that any of the vendor's people first knew, as far as it says (45 CFR
    /// 164.410(a)(2)).
    pub vendor_knew_on: Option<NaiveDate>,
    /// The time of that day in words; agreements count hours.
    #[serde(default)]
    pub vendor_knew_at: String,
    /// The day we were told, or should have known.
    pub told_on: NaiveDate,
    pub agency: Agency,
    pub secured: Secured,
    /// Patients concerned, by State: `OH`. Empty is not known yet.
    #[serde(default)]
    pub residents: BTreeMap<String, u32>,
    #[serde(default)]
    pub hold: Option<Hold>,
    /// Hours that the agreement leaves the vendor for word of a breach, as it stood when the
    /// incident was opened.
    #[serde(default)]
    pub contract_hours: Option<u32>,
    /// Patients whose addresses are out of date or lacking.
    #[serde(default)]
    pub unreachable: Option<u32>,
    /// A person finds that the vendor told us too late, or told nobody.
    #[serde(default)]
    pub told_late: bool,
}

impl Known {
    /// Told on that day, with nothing else known.
    pub fn told(told_on: NaiveDate) -> Self {
        Self {
            vendor_knew_on: None,
            vendor_knew_at: String::new(),
            told_on,
            agency: Agency::Undetermined,
            secured: Secured::NotKnown,
            residents: BTreeMap::new(),
            hold: None,
            contract_hours: None,
            unreachable: None,
            told_late: false,
        }
    }

    /// Day 0 of the vendor's clock; without a day of its own, the day it told us is the latest
    /// that it can be.
    pub fn vendor_discovery(&self) -> NaiveDate {
        self.vendor_knew_on.unwrap_or(self.told_on).min(self.told_on)
    }

    /// The first day on which anybody knew, as far as is known.
    pub fn first(&self) -> NaiveDate {
        self.vendor_knew_on.map_or(self.told_on, |knew| knew.min(self.told_on))
    }

    /// Day 0 of our clock: the earliest that it can be, and the latest. They are one unless the
    /// agency is not decided.
    pub fn discovery(&self) -> (NaiveDate, NaiveDate) {
        match self.agency {
            Agency::Agent => (self.vendor_discovery(), self.vendor_discovery()),
            Agency::Independent => (self.told_on, self.told_on),
            Agency::Undetermined => (self.vendor_discovery(), self.told_on),
        }
    }

    /// Patients in all; `None` where no count is known.
    pub fn total(&self) -> Option<u32> {
        (!self.residents.is_empty()).then(|| self.residents.values().fold(0, |sum: u32, one| sum.saturating_add(*one)))
    }

    /// The States with more than 500 of them (45 CFR 164.406(a)).
    pub fn states_over(&self) -> Vec<&str> {
        self.residents.iter().filter(|(_, count)| **count > 500).map(|(state, _)| state.as_str()).collect()
    }
}

/// That an incident is closed, by whom and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    pub on: NaiveDate,
    pub outcome: Outcome,
    pub by: String,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    pub id: IncidentId,
    pub vendor: VendorId,
    /// The change notice that it came from.
    pub notice: Option<NoticeId>,
    pub learned: Learned,
    /// What happened, in a few words, without a patient.
    pub what: String,
    pub opened_on: NaiveDate,
    pub opened_by: String,
    pub known: Known,
    pub closed: Option<Closed>,
}

impl Incident {
    /// How it is called: `the incident told on November 3, 2026`.
    pub fn name(&self) -> String {
        format!("the incident told on {}", civil_date::say(self.known.told_on))
    }
}

/// An incident with all that was found and done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub incident: Incident,
    /// The assessments, the newest last; each stands.
    pub assessments: Vec<RiskAssessment>,
    /// What was marked as done, or as not done after all, the oldest first.
    pub marks: Vec<Done>,
}

impl File {
    /// What the newest assessment found.
    pub fn conclusion(&self) -> Option<Conclusion> {
        self.assessments.last().map(|one| one.conclusion)
    }

    /// Whether there is a duty to tell, as far as is known: an incident is taken for a breach until
    /// the assessment shows otherwise (45 CFR 164.402(2)).
    pub fn duty_to_tell(&self) -> bool {
        self.incident.known.secured != Secured::Secured && matches!(self.conclusion(), None | Some(Conclusion::Breach))
    }

    /// How a step was marked last; `None` where it is not done.
    pub fn done(&self, step: StepKind) -> Option<&Done> {
        self.marks.iter().rev().find(|mark| mark.step == step).filter(|mark| mark.on.is_some())
    }

    /// Why it cannot be closed like that; `None` when it can.
    pub fn cannot_close(&self, outcome: Outcome) -> Option<&'static str> {
        let open = || steps::due(self).iter().any(|due| due.certain && self.done(due.step).is_none());
        match outcome {
            Outcome::Notified if self.conclusion() != Some(Conclusion::Breach) => {
                Some("No assessment finds that it is a breach")
            }
            Outcome::Notified if self.incident.known.total().is_none() => {
                Some("The number of patients decides who is told; enter it first")
            }
            Outcome::Notified if open() => Some("A step that the law asks for is not marked as done"),
            Outcome::NoBreach
                if !matches!(self.conclusion(), Some(Conclusion::LowProbability | Conclusion::Excluded)) =>
            {
                Some("No assessment shows that it is no breach; until one does, the law takes it for one")
            }
            Outcome::Secured if self.incident.known.secured != Secured::Secured => {
                Some("What is known does not say that the information was secured")
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
