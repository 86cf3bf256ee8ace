//! The numbers of the scoring model, one file a version (`models/`). A released one is never
//! edited: a score of years ago must come out the same. A change is a new file, and scores that
//! were kept stay under the model that they were made with.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::{FloorReason, Rating, Signal};
use crate::domain::answers::{Evidence, Grade};
use crate::domain::exposure::{InherentRule, Tier};

/// Every version that was ever released, the oldest first.
const FILES: [&str; 1] = [include_str!("../../../models/model-v1.toml")];

static MODELS: LazyLock<Vec<Model>> = LazyLock::new(|| {
    let read = |text: &&str| Model::parse(text).expect("a test holds that every model can be read");
    FILES.iter().map(read).collect()
});

/// The model that scores are made with today.
pub fn current() -> &'static Model {
    MODELS.last().expect("there is a first model")
}

/// The model of this version; `None` when this program does not hold it.
pub fn of(version: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.version == version)
}

/// One version of the model. Percentages are 0 to 100, all else is basis points.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    pub version: String,
    pub inherent: InherentRule,
    pub grades: Grades,
    pub evidence: EvidenceRule,
    /// What a complete and an incomplete contact earn, in percent.
    pub contact: (u32, u32),
    /// Percent that a list earns whose current rows lie outside the scope asked for.
    pub out_of_scope: u32,
    pub caps: Caps,
    pub response: ResponseRule,
    pub freshness: FreshnessRule,
    /// How much of the inherent risk perfect controls take away.
    pub relief: u32,
    pub signals: BTreeMap<Signal, SignalRule>,
    /// All signals together add at most this.
    pub signals_most: u32,
    pub bands: Bands,
    pub floors: Floors,
}

/// Percent by tier, then by [`Evidence`], weakest first.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRule {
    pub tier_1: [u32; 4],
    pub tier_2: [u32; 4],
    pub tier_3: [u32; 4],
    pub tier_4: [u32; 4],
}

/// Percent that a graded answer earns.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grades {
    pub yes: u32,
    pub alternative: u32,
    pub partial: u32,
    pub planned: u32,
}

/// The most that the supported control score can be, by what happened to critical questions.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caps {
    pub all_met: u32,
    pub partly_met: u32,
    pub one_failed: u32,
    pub two_failed: u32,
    pub three_failed: u32,
}

/// Points lost for each, and the most that can be lost for it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResponseRule {
    pub day_late: u32,
    pub days_late_most: u32,
    /// Reminders that cost nothing.
    pub free_reminders: u32,
    pub reminder: u32,
    pub reminders_most: u32,
    pub followup: u32,
    pub followups_most: u32,
    /// Part of the control score that the response cannot touch; it moves the rest.
    pub untouched: u32,
}

/// Full until `full_days`, then a straight line to `least` at `stale_days`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FreshnessRule {
    pub full_days: i64,
    pub stale_days: i64,
    pub least: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalRule {
    pub each: u32,
    /// The most that all signals of this kind add together.
    pub most: u32,
}

/// Where each rating begins; below `moderate` is low.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bands {
    pub moderate: u32,
    pub high: u32,
    pub critical: u32,
}

/// The least rating that each reason allows.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floors {
    pub never_assessed: Rating,
    pub critical_failed: Rating,
    pub critical_partly_met: Rating,
    pub lapsed_upper_tiers: Rating,
    pub lapsed_lower_tiers: Rating,
}

impl Model {
    /// Reads a model strictly: every value there, and none that is not known.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let model: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut faults = model.inherent.faults();
        if let Some(left_out) = Signal::ALL.iter().find(|signal| !model.signals.contains_key(signal)) {
            faults.push(format!("signals: {left_out} is left out"));
        }
        if faults.is_empty() { Ok(model) } else { Err(faults.join("; ")) }
    }

    /// Percent of an answer's credit that counts with this behind it.
    pub fn evidence_factor(&self, tier: Tier, evidence: Evidence) -> u32 {
        let row = match tier {
            Tier::One => self.evidence.tier_1,
            Tier::Two => self.evidence.tier_2,
            Tier::Three => self.evidence.tier_3,
            Tier::Four => self.evidence.tier_4,
        };
        match evidence {
            Evidence::Assertion => row[0],
            Evidence::Narrative => row[1],
            Evidence::Document => row[2],
            Evidence::Checked => row[3],
        }
    }

    /// Percent that a graded answer earns, whatever its dates say.
    pub fn grade(&self, grade: Grade) -> u32 {
        match grade {
            Grade::Yes => self.grades.yes,
            Grade::Alternative => self.grades.alternative,
            Grade::Partial => self.grades.partial,
            Grade::Planned => self.grades.planned,
            Grade::No => 0,
        }
    }

    /// What a signal that happened so often adds to the residual risk.
    pub fn signal(&self, signal: Signal, times: u32) -> u32 {
        self.signals.get(&signal).map_or(0, |rule| rule.each.saturating_mul(times).min(rule.most))
    }

    /// The rating for an amount of risk, before floors.
    pub fn band(&self, risk: u32) -> Rating {
        match risk {
            risk if risk < self.bands.moderate => Rating::Low,
            risk if risk < self.bands.high => Rating::Moderate,
            risk if risk < self.bands.critical => Rating::High,
            _ => Rating::Critical,
        }
    }

    /// The least rating that a reason allows for a vendor of this tier.
    pub fn floor(&self, reason: FloorReason, tier: Tier) -> Rating {
        match reason {
            FloorReason::NeverAssessed | FloorReason::NothingApplies => self.floors.never_assessed,
            FloorReason::CriticalPartlyMet => self.floors.critical_partly_met,
            FloorReason::CriticalFailed => self.floors.critical_failed,
            FloorReason::Lapsed if tier <= Tier::Two => self.floors.lapsed_upper_tiers,
            FloorReason::Lapsed => self.floors.lapsed_lower_tiers,
            FloorReason::HardStopFailed | FloorReason::ExclusionReview => Rating::DoNotShare,
        }
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    /// What each file was when it was released, as `sha256sum` writes it.
    const RELEASED: &str = include_str!("../../../models/RELEASED");

    #[test]
    fn a_released_model_is_never_edited() {
        let lines: Vec<String> = FILES
            .iter()
            .map(|text| {
                let digest: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
                format!("{digest}  model-{}.toml", Model::parse(text).unwrap().version)
            })
            .collect();
        assert_eq!(lines, RELEASED.lines().collect::<Vec<_>>(), "a change is a new version");
        assert_eq!(std::fs::read_dir("models").unwrap().count(), FILES.len() + 1, "each file is built in");
    }

    #[test]
    fn a_model_is_read_strictly() {
        let text = FILES[0];
        let fault = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            Model::parse(&text.replacen(from, to, 1)).unwrap_err()
        };
        assert!(fault("relief = 9000", "").contains("relief"));
        assert!(fault("relief = 9000", "relief = 9000\nmercy = 1").contains("mercy"));
        assert!(fault("phi = 30", "phi = 31").contains("101"));
        assert!(fault("view = 60", "").contains("inherent.offshore"));
        assert!(fault("[signals.exclusion]\neach = 0\nmost = 10000\n", "").contains("exclusion"));
    }

    #[test]
    fn better_evidence_and_a_lower_tier_never_count_less() {
        for model in MODELS.iter() {
            let rows = Tier::ALL.iter().map(|tier| Evidence::ALL.iter().map(|one| model.evidence_factor(*tier, *one)));
            let rows: Vec<Vec<u32>> = rows.map(Iterator::collect).collect();
            assert!(rows.iter().all(|row| row.is_sorted() && row[3] == 100));
            assert!((0..4).all(|column| rows.iter().map(|row| row[column]).is_sorted()));
        }
    }

    #[test]
    fn bands_begin_where_they_say() {
        let at = |risk| current().band(risk);
        assert_eq!(
            [at(0), at(1_999), at(2_000), at(3_999)],
            [Rating::Low, Rating::Low, Rating::Moderate, Rating::Moderate]
        );
        assert_eq!(
            [at(4_000), at(5_999), at(6_000), at(10_000)],
            [Rating::High, Rating::High, Rating::Critical, Rating::Critical]
        );
    }
}
