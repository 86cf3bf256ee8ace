//! What the answers of a vendor say about its risk, in whole basis points, with the
//! reasons line by line: `domain/hipaa.md` 3.3 to 3.7.
//!
//! Pure: the day is an argument, no number is a fraction, and every division rounds down
//! in the order the model gives, so that a score of years ago comes out byte for byte.
//!
//! A draft is never scored. An acceptance by a named person is laid over the record by
//! whoever keeps acceptances; [`Scorecard::rating_without_stops`] is what then shows.

mod controls;
mod credit;
#[cfg(test)]
mod example;
mod explain;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod model;
#[cfg(test)]
mod properties;
pub mod reach;
pub mod record;
pub mod replay;
mod residual;
#[cfg(test)]
mod rules;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use self::credit::{Note, next_turn};
use self::model::Model;
pub use self::record::Scorecard;
use super::answers::Answers;
use super::exposure::{Exposure, Tier};
pub use super::questionnaire::NprmMode;
use super::questionnaire::{Asked, Questionnaire};
use super::words::words;

words! {
    /// How risky it is to share with the vendor, better first.
    ///
    /// The order is that of worry. "Not assessed" stands above Moderate, for it can be no
    /// better than that, and below High, for nothing bad is known.
    pub enum Rating {
        Low = "low" => "Low",
        Moderate = "moderate" => "Moderate",
        NotAssessed = "not-assessed" => "Not assessed",
        High = "high" => "High",
        Critical = "critical" => "Critical",
        DoNotShare = "do-not-share" => "Do not share",
    }
}

impl Rating {
    /// A person should hear of the step from `other` to this.
    pub fn is_worse_than(self, other: Rating) -> bool {
        self > other
    }
}

words! {
    /// Why the rating is at least what it is, mildest first. Every reason that holds is
    /// listed, whether or not the points alone were already as bad.
    pub enum FloorReason {
        NeverAssessed = "never_assessed" => "nothing was returned",
        NothingApplies = "nothing_applies" => "no question that counts applies",
        CriticalPartlyMet = "critical_partly_met" => "a critical question is only partly met",
        CriticalFailed = "critical_failed" => "a critical question is not met",
        Lapsed = "lapsed" => "the last accepted answers are more than a year old",
        HardStopFailed = "hard_stop_failed" => "a hard stop is not met",
        ExclusionReview = "exclusion_review" => "the vendor is on a federal exclusion list",
    }
}
words! {
    /// Something known of the vendor that a person has confirmed.
    pub enum Signal {
        Breach12Months = "breach_12m" => "A breach reported in the last 12 months",
        Breach36Months = "breach_36m" => "A breach reported 12 to 36 months ago",
        CertificateLost = "certificate_lost" => "A certificate was lost",
        UnreportedChange = "unreported_change" => "A change that we were not told of",
        ActionOverdue = "action_overdue" => "An agreed fix is overdue",
        BreachNoticeLate = "breach_notice_late" => "A breach notice to us was late or missing",
        Exclusion = "exclusion" => "Listed as excluded from federal programs",
    }
}
/// How the vendor dealt with being asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// Days after the due day that the answers came, or that they have not come for.
    #[serde(default)]
    pub days_late: u32,
    #[serde(default)]
    pub reminders: u32,
    /// Questions asked back that were not answered in time.
    #[serde(default)]
    pub overdue_followups: u32,
}

/// Everything that a score depends on.
#[derive(Clone, Copy, Debug)]
pub struct Reckoning<'a> {
    pub questionnaire: &'a Questionnaire,
    /// Exposure, tier, set and what the proposed rule does, as pinned when the vendor was asked:
    /// they choose the questions.
    pub asked: &'a Asked,
    /// What the vendor holds on the day of scoring: inherent risk follows it, whatever was
    /// asked about.
    pub exposure: &'a Exposure,
    /// May differ from the exposure's own: a practice may raise it by hand.
    pub tier: Tier,
    /// `None` when nothing was submitted; an empty set is a form sent in blank, and fails
    /// its hard stops. Evidence that is out of date arrives here already one level lower.
    pub answers: Option<&'a Answers>,
    pub response: Response,
    /// Since when the answers are in force: their age counts from then.
    pub accepted_on: Option<NaiveDate>,
    /// A person of the practice has accepted them; until then the score is provisional.
    pub reviewed: bool,
    /// Confirmed ones only, in any order; one that happened twice stands twice.
    pub signals: &'a [Signal],
    pub as_of: NaiveDate,
}

/// The score and its explanation, under today's model; not sealed yet ([`Scorecard::sealed`]).
pub fn score(input: &Reckoning<'_>) -> Scorecard {
    score_under(model::current(), input)
}

/// The same under a model of another time.
pub fn score_under(model: &Model, input: &Reckoning<'_>) -> Scorecard {
    let controls = controls::weigh(model, input);
    let residual = residual::weigh(model, input, &controls);
    explain::write(model, input, controls, residual)
}
