//! What a practice may decide about how duecare works for it. Kept whole, as JSON; what was
//! never set has its default, so that `{}` is a practice that never opened the page.

use serde::{Deserialize, Serialize};

use super::setup::Setup;
use crate::domain::cadence::Cadence;
use crate::domain::exposure::Tier;
use crate::domain::reminders::ReminderPlan;
use crate::domain::scoring::NprmMode;

/// The most days of grace.
pub const MOST_GRACE_DAYS: u32 = 90;
/// The fewest and the most minutes without a press after which a person is signed out.
pub const IDLE_MINUTES: std::ops::RangeInclusive<u32> = 5..=60;
/// The most terms of its own that a practice may have.
pub const MOST_TERMS: usize = 30;
/// The longest of them, in characters.
pub const LONGEST_TERM: usize = 300;

/// The settings of a practice. The bounds are those of the page; the domain holds the ones
/// that a rule rests on ([`Cadence`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Who letters are from; empty is the practice's own name.
    pub sender_name: String,
    pub cadence: CadencePerTier,
    pub reminders: ReminderPlan,
    /// Days after the due date until silence is flagged: 0 to [`MOST_GRACE_DAYS`].
    pub grace_days: u32,
    /// Who looks after a new vendor where nobody is named.
    pub default_owner: String,
    /// Minutes without a press after which a person is signed out: [`IDLE_MINUTES`].
    pub idle_minutes: u32,
    /// Whether administrators must sign in with a second factor.
    pub second_factor: bool,
    /// What questions of the proposed rule, which is not in force, do to the score.
    pub nprm: NprmMode,
    /// What the practice wants in its agreements beyond what the rule requires; at most
    /// [`MOST_TERMS`] of at most [`LONGEST_TERM`] characters.
    pub own_terms: Vec<String>,
    /// Whether people alone choose what gets a corrective action; otherwise each failed critical
    /// answer gets one when it is signed.
    pub actions_by_hand: bool,
    /// Whether vendors of tier 1 are asked the short set again half a year after they signed.
    pub half_year: bool,
    /// How far the first steps are.
    pub setup: Setup,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sender_name: String::new(),
            cadence: CadencePerTier::default(),
            reminders: ReminderPlan::default(),
            grace_days: 14,
            default_owner: String::new(),
            idle_minutes: 15,
            second_factor: false,
            nprm: NprmMode::default(),
            own_terms: Vec::new(),
            actions_by_hand: false,
            half_year: true,
            setup: Setup::default(),
        }
    }
}

/// How often the vendors of each tier are asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CadencePerTier {
    pub tier_1: Cadence,
    pub tier_2: Cadence,
    pub tier_3: Cadence,
    pub tier_4: Cadence,
}

impl CadencePerTier {
    pub const fn of(&self, tier: Tier) -> Cadence {
        match tier {
            Tier::One => self.tier_1,
            Tier::Two => self.tier_2,
            Tier::Three => self.tier_3,
            Tier::Four => self.tier_4,
        }
    }

    pub const fn set(&mut self, tier: Tier, cadence: Cadence) {
        match tier {
            Tier::One => self.tier_1 = cadence,
            Tier::Two => self.tier_2 = cadence,
            Tier::Three => self.tier_3 = cadence,
            Tier::Four => self.tier_4 = cadence,
        }
    }
}

impl Settings {
    /// How often a vendor is asked: its own cadence where it has one, else its tier's.
    pub fn cadence_for(&self, tier: Tier, own: Option<Cadence>) -> Cadence {
        own.unwrap_or_else(|| self.cadence.of(tier))
    }

    /// Whether going from `self` to `after` changes where vendors stand: their dates, their
    /// flags or their scores.
    pub fn moves_standings(&self, after: &Self) -> bool {
        (self.cadence, self.grace_days, self.nprm, &self.own_terms)
            != (after.cadence, after.grace_days, after.nprm, &after.own_terms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_practice_that_set_nothing_has_the_defaults() {
        let settings: Settings = serde_json::from_str("{}").unwrap();
        assert_eq!(settings, Settings::default());
        assert_eq!(settings.cadence_for(Tier::One, None), Cadence::YEARLY);
    }

    #[test]
    fn a_vendor_s_own_cadence_goes_before_its_tier_s() {
        let mut settings = Settings::default();
        let half_a_year = Cadence::try_from(6_i64).unwrap();
        settings.cadence.set(Tier::One, half_a_year);
        assert_eq!(settings.cadence_for(Tier::One, None), half_a_year);
        assert_eq!(settings.cadence_for(Tier::Two, None), Cadence::YEARLY);
        assert_eq!(settings.cadence_for(Tier::One, Some(Cadence::YEARLY)), Cadence::YEARLY);
    }

    #[test]
    fn settings_come_back_as_they_were_kept() {
        let mut settings = Settings { grace_days: 0, nprm: NprmMode::Off, ..Settings::default() };
        settings.own_terms = vec!["Answers within 24 hours".to_owned()];
        let kept = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<Settings>(&kept).unwrap(), settings);
        assert!(serde_json::from_str::<Settings>("{\"grace\": 3}").is_err(), "a slip of the pen is no setting");
    }
}
