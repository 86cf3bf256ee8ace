//! The numbers of the scoring model, in one versioned place. A released model is never
//! edited: a score of years ago must come out the same. A change is a new model.
//!
//! The weights of inherent risk belong to [`crate::domain::exposure`] and carry the same
//! version.

use super::{FloorReason, Rating, Signal};
use crate::domain::answers::{Evidence, Grade};
use crate::domain::exposure::Tier;

/// One version of the model. Percentages are 0 to 100, all else is basis points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    pub version: &'static str,
    pub grades: Grades,
    /// Percent by tier 1 to 4, then by [`Evidence`], weakest first.
    pub evidence: [[u32; 4]; 4],
    /// What a complete and an incomplete contact earn, in percent.
    pub contact: (u32, u32),
    /// Percent that a list earns whose current rows lie outside the scope asked for.
    pub out_of_scope: u32,
    pub caps: Caps,
    pub response: ResponseRule,
    pub freshness: FreshnessRule,
    /// How much of the inherent risk perfect controls take away.
    pub relief: u32,
    pub signals: [(Signal, SignalRule); 7],
    /// All signals together add at most this.
    pub signals_most: u32,
    pub bands: Bands,
    pub floors: Floors,
}

/// Percent that a graded answer earns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grades {
    pub yes: u32,
    pub alternative: u32,
    pub partial: u32,
    pub planned: u32,
}

/// The most that the supported control score can be, by what happened to critical questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caps {
    pub all_met: u32,
    pub partly_met: u32,
    pub one_failed: u32,
    pub two_failed: u32,
    pub three_failed: u32,
}

/// Points lost for each, and the most that can be lost for it.
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreshnessRule {
    pub full_days: i64,
    pub stale_days: i64,
    pub least: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignalRule {
    pub each: u32,
    /// The most that all signals of this kind add together.
    pub most: u32,
}

/// Where each rating begins; below `moderate` is low.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bands {
    pub moderate: u32,
    pub high: u32,
    pub critical: u32,
}

/// The least rating that each reason allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Floors {
    pub never_assessed: Rating,
    pub critical_failed: Rating,
    pub critical_partly_met: Rating,
    pub lapsed_upper_tiers: Rating,
    pub lapsed_lower_tiers: Rating,
}

const fn each(points: u32) -> SignalRule {
    // As often as it happened; only the limit for all signals together holds it.
    SignalRule { each: points * 100, most: 10_000 }
}

impl Model {
    /// The first model.
    pub const V1: Model = Model {
        version: "v1",
        grades: Grades { yes: 100, alternative: 80, partial: 50, planned: 25 },
        evidence: [[60, 70, 85, 100], [70, 80, 90, 100], [80, 85, 95, 100], [90, 92, 97, 100]],
        contact: (100, 50),
        out_of_scope: 50,
        caps: Caps { all_met: 10_000, partly_met: 7_400, one_failed: 5_900, two_failed: 3_900, three_failed: 1_900 },
        response: ResponseRule {
            day_late: 200,
            days_late_most: 6_000,
            free_reminders: 1,
            reminder: 500,
            reminders_most: 2_000,
            followup: 500,
            followups_most: 2_000,
            untouched: 8_500,
        },
        freshness: FreshnessRule { full_days: 365, stale_days: 730, least: 5_000 },
        relief: 9_000,
        signals: [
            (Signal::Breach12Months, each(20)),
            (Signal::Breach36Months, each(10)),
            (Signal::CertificateLost, each(10)),
            (Signal::UnreportedChange, each(15)),
            (Signal::ActionOverdue, SignalRule { each: 500, most: 1_500 }),
            (Signal::BreachNoticeLate, each(25)),
            // Adds nothing: it stops the sharing outright.
            (Signal::Exclusion, each(0)),
        ],
        signals_most: 4_000,
        bands: Bands { moderate: 2_000, high: 4_000, critical: 6_000 },
        floors: Floors {
            never_assessed: Rating::Moderate,
            critical_failed: Rating::High,
            critical_partly_met: Rating::Moderate,
            lapsed_upper_tiers: Rating::High,
            lapsed_lower_tiers: Rating::Moderate,
        },
    };

    /// Percent of an answer's credit that counts with this behind it.
    pub fn evidence_factor(&self, tier: Tier, evidence: Evidence) -> u32 {
        let row = match tier {
            Tier::One => self.evidence[0],
            Tier::Two => self.evidence[1],
            Tier::Three => self.evidence[2],
            Tier::Four => self.evidence[3],
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
        let found = self.signals.iter().find(|(known, _)| *known == signal);
        found.map_or(0, |(_, rule)| rule.each.saturating_mul(times).min(rule.most))
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
    use super::*;

    #[test]
    fn better_evidence_and_a_lower_tier_never_count_less() {
        for row in Model::V1.evidence {
            assert!(row.is_sorted() && row[3] == 100);
        }
        for column in 0..4 {
            assert!(Model::V1.evidence.map(|row| row[column]).is_sorted());
        }
    }

    #[test]
    fn every_signal_has_its_points() {
        for &signal in Signal::ALL {
            assert!(Model::V1.signals.iter().any(|(known, _)| *known == signal), "{signal}");
        }
    }

    #[test]
    fn bands_begin_where_they_say() {
        let at = |risk| Model::V1.band(risk);
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
