//! The explanation record: every number of a score with the numbers that made it.
//!
//! Its JSON is the same byte for byte for the same inputs: fields in a fixed order, maps
//! sorted, whole numbers only. The SHA-256 is stored beside it, so that a score can be
//! shown years later to be the one that was given.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::credit::Note;
use super::model::{self, Model};
use super::residual::{is_stop, lifted};
use super::{FloorReason, NprmMode, Rating, Response, Signal};
use crate::domain::exposure::Tier;
use crate::domain::questionnaire::{Cause, Gravity};
use crate::domain::words::words;

/// A score and its explanation. Amounts are basis points unless said otherwise; of risk,
/// more is worse, of controls, more is better.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scorecard {
    pub inherent: InherentRisk,
    pub controls: Controls,
    pub response: u32,
    pub freshness: u32,
    /// The supported controls after response and freshness.
    pub effective: u32,
    pub signals: Vec<SignalLine>,
    /// How the residual risk came about, in order.
    pub steps: Vec<Step>,
    pub residual: u32,
    /// By points alone; see [`Scorecard::not_assessed`].
    pub band: Rating,
    pub floors: Vec<FloorReason>,
    pub rating: Rating,
    pub gaps: Vec<Gap>,
    /// Every scored question that was asked, in reading order.
    pub answers: Vec<AnswerLine>,
    /// Questions of a proposed rule, listed apart.
    pub informational: Vec<Apart>,
    /// Nothing was returned, or nothing that counts applies. The band then carries the
    /// floors: at least Moderate.
    pub not_assessed: bool,
    /// No person has accepted the answers yet.
    pub provisional: bool,
    pub coverage: Coverage,
    /// What the response and the freshness were reckoned from.
    pub given: Given,
    pub versions: Versions,
    pub as_of: NaiveDate,
    /// SHA-256, hexadecimal, of this record's JSON without this field and without spaces.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sha256: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InherentRisk {
    pub parts: Vec<RiskPart>,
    pub total: u32,
    /// The tier by points alone.
    #[serde(with = "tier_number")]
    pub scored: Tier,
    /// The tier the vendor was asked in; it decides how much evidence counts.
    #[serde(with = "tier_number")]
    pub tier: Tier,
    /// Why the tier is not the one by points.
    pub floors: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskPart {
    pub factor: String,
    /// Out of 100 in all.
    pub weight: u32,
    /// Percent.
    pub value: u32,
    pub points: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Controls {
    /// By the answers alone.
    pub stated: u32,
    /// With what stands behind them, before the cap.
    pub raw: u32,
    pub cap: u32,
    pub cap_reason: CapReason,
    /// The questions that set the cap.
    pub cap_by: Vec<String>,
    pub supported: u32,
    /// `raw` of `stated`: how much of what was said is shown.
    pub confidence: u32,
    /// The weights that count, added up.
    pub weight: u64,
    /// The losses of all answers, added up: `weight` × 10000 is losing everything.
    pub loss: u64,
    /// What each family of questions lost of the whole.
    pub by_family: BTreeMap<String, u32>,
    /// What was lost of the whole by questions that bear on each cause.
    pub by_cause: BTreeMap<Cause, u32>,
}

impl Controls {
    /// Nothing is known: no control counts.
    pub(super) fn none() -> Self {
        Self {
            stated: 0,
            raw: 0,
            cap: 0,
            cap_reason: CapReason::NotAssessed,
            cap_by: Vec::new(),
            supported: 0,
            confidence: 0,
            weight: 0,
            loss: 0,
            by_family: BTreeMap::new(),
            by_cause: BTreeMap::new(),
        }
    }
}

words! {
    /// Why the supported control score can be no higher.
    pub enum CapReason {
        AllMet = "all_met" => "every critical question is met",
        PartlyMet = "partly_met" => "a critical question is only partly met",
        OneFailed = "one_failed" => "one critical question is not met",
        TwoFailed = "two_failed" => "two critical questions are not met",
        ThreeFailed = "three_failed" => "three or more critical questions are not met",
        NotAssessed = "not_assessed" => "there are no answers to score",
    }
}
words! {
    /// A step from the raw control score to the residual risk.
    pub enum StepName {
        /// The lower of the raw score and the factor.
        Cap = "cap" => "Limit set by critical questions",
        /// The share of the score that the vendor's way of responding leaves.
        Response = "response" => "How the vendor responded",
        Freshness = "freshness" => "Age of the answers",
        /// The share of the inherent risk that the controls leave.
        Controls = "controls" => "Risk left by the controls",
        /// The factor is added.
        Signals = "signals" => "Confirmed events",
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub step: StepName,
    pub factor: u32,
    pub result: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignalLine {
    pub signal: Signal,
    pub times: u32,
    pub amount: u32,
}

/// An answer that is not worth its question's whole weight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    pub question: String,
    pub answer: String,
    /// `weight` × (10000 − `credit` × `evidence`).
    pub loss: u64,
    #[serde(rename = "critical")]
    pub gravity: Gravity,
    pub note: Option<Note>,
    /// Filled in by whoever keeps corrective actions.
    pub owner: Option<String>,
    /// When a planned measure will be in place.
    pub due: Option<NaiveDate>,
}

impl Gap {
    /// Worst first; the order is total.
    pub fn order(&self, other: &Self) -> Ordering {
        let key = |gap: &Self| (Reverse(gap.gravity), Reverse(gap.loss));
        key(self).cmp(&key(other)).then_with(|| self.question.cmp(&other.question))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerLine {
    pub question: String,
    pub weight: u32,
    #[serde(rename = "critical")]
    pub gravity: Gravity,
    pub answer: String,
    /// Percent.
    pub credit: u32,
    /// Percent of the credit that counts with what stands behind it.
    pub evidence: u32,
    pub loss: u64,
    pub note: Option<Note>,
    /// False for an accepted "does not apply".
    pub in_denominator: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apart {
    pub question: String,
    pub answer: String,
    pub credit: u32,
    pub note: Option<Note>,
}

/// Counts of the scored questions that were put to this vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    pub asked: u32,
    /// With any answer, "not sure" and "does not apply" included.
    pub answered: u32,
    /// Accepted as not applying, and so not counted.
    pub not_applicable: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    pub response: Response,
    pub accepted_on: Option<NaiveDate>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// The questionnaire and version asked.
    pub catalogue: String,
    /// SHA-256 of the questionnaire's file.
    pub catalogue_sha256: String,
    pub model: String,
    pub nprm_mode: NprmMode,
}

impl Scorecard {
    /// What the rating is once a named person has set the hard stops aside.
    pub fn rating_without_stops(&self) -> Rating {
        if self.not_assessed {
            return Rating::NotAssessed;
        }
        let floors = self.floors.iter().copied().filter(|reason| !is_stop(*reason));
        lifted(self.model(), self.inherent.tier, self.band, floors)
    }

    /// The model that it was made with.
    pub fn model(&self) -> &'static Model {
        model::of(&self.versions.model).unwrap_or_else(model::current)
    }

    /// The SHA-256 of what the record says; equal to its `sha256` unless it was altered.
    pub fn digest(&self) -> String {
        Scorecard { sha256: String::new(), ..self.clone() }.digest_unsealed()
    }

    /// With its SHA-256, as it is kept and handed on. Most scores are looked at and forgotten, and
    /// writing one down costs as much as making it.
    pub fn sealed(mut self) -> Self {
        self.sha256.clear();
        self.sha256 = self.digest_unsealed();
        self
    }

    fn digest_unsealed(&self) -> String {
        let json = serde_json::to_vec(self).expect("a record has only text keys and whole numbers");
        Sha256::digest(json).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A tier as its number: readers of the record compare numbers.
mod tier_number {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::domain::exposure::Tier;

    pub fn serialize<S: Serializer>(tier: &Tier, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u8(tier.number())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Tier, D::Error> {
        let number = u8::deserialize(from)?;
        let tier = Tier::ALL.iter().copied().find(|tier| tier.number() == number);
        tier.ok_or_else(|| serde::de::Error::custom(format!("there is no tier {number}")))
    }
}
