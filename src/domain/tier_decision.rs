//! A tier set by hand. Raising is always allowed; lowering takes a reason and a name, and
//! holds only as long as the vendor holds no more of ours than it did then.

use chrono::NaiveDate;

use super::civil_date;
use super::exposure::{Inherent, Tier};
use super::flags::{Fact, FlagKind};
use super::ids::{DecisionId, VendorId};
use super::vendor::FieldFault;

/// A decision as it was made; the newest of a vendor counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierDecision {
    pub id: DecisionId,
    pub vendor: VendorId,
    /// `None` gives the tier back to the rules.
    pub tier: Option<Tier>,
    /// What the rules said on that day…
    pub computed: Tier,
    /// …and the inherent risk they said it of, in basis points.
    pub inherent: u32,
    pub reason: String,
    /// The person's name as it was then.
    pub decided_by: String,
    pub decided_on: NaiveDate,
}

impl TierDecision {
    /// It asks for less than the rules did on that day.
    pub fn lowers(&self) -> bool {
        self.tier.is_some_and(|tier| tier > self.computed)
    }

    /// It asks for more.
    pub fn raises(&self) -> bool {
        self.tier.is_some_and(|tier| tier < self.computed)
    }

    /// A lowered tier no longer holds: the risk has grown since.
    pub fn is_outgrown(&self, now: &Inherent) -> bool {
        self.lowers() && (now.total > self.inherent || now.tier < self.computed)
    }
}

/// The tier that counts. A raised tier is never less than what the rules have come to say; a
/// lowered one falls back to the rules when the risk grows.
pub fn in_force(newest: Option<&TierDecision>, computed: &Inherent) -> Tier {
    match newest.and_then(|decision| Some((decision, decision.tier?))) {
        None => computed.tier,
        Some((decision, _)) if decision.is_outgrown(computed) => computed.tier,
        Some((decision, tier)) if decision.lowers() => tier.max(computed.tier),
        // A smaller number is a closer look.
        Some((_, tier)) => tier.min(computed.tier),
    }
}

/// Checks a wish for a tier against what the rules say.
///
/// # Errors
/// When it lowers the tier and gives no reason.
pub fn check(wanted: Option<Tier>, computed: Tier, reason: &str) -> Result<(), FieldFault> {
    if wanted.is_some_and(|wanted| wanted > computed) && reason.trim().is_empty() {
        return Err(FieldFault::new(
            format!("the rules say {}, and there is no reason to ask for less", computed.says().to_lowercase()),
            "Write why a less close look is enough. It is shown with your name wherever the tier is explained.",
        ));
    }
    Ok(())
}

/// The fact that a lowered tier was set aside.
pub fn outgrown(newest: Option<&TierDecision>, computed: &Inherent) -> Option<Fact> {
    let decision = newest.filter(|decision| decision.is_outgrown(computed))?;
    let sentence = format!(
        "{} lowered it to {} on {}; the risk from what it holds has grown since, so {} counts until someone decides again",
        decision.decided_by,
        decision.tier?.says().to_lowercase(),
        civil_date::say(decision.decided_on),
        computed.tier.says().to_lowercase(),
    );
    Some(Fact { kind: FlagKind::TierAgain, subject: String::new(), sentence })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::exposure::{Access, Element, Exposure, Volume};

    fn risk(volume: Volume) -> Inherent {
        Exposure { elements: [Element::Clinical].into(), access: [Access::Feed].into(), volume, ..Exposure::default() }
            .inherent()
    }

    fn decided(tier: Option<Tier>, on: &Inherent) -> TierDecision {
        TierDecision {
            id: DecisionId::fresh(),
            vendor: VendorId::fresh(),
            tier,
            computed: on.tier,
            inherent: on.total,
            reason: "Sees one patient a year".to_owned(),
            decided_by: "Dana".to_owned(),
            decided_on: NaiveDate::default(),
        }
    }

    #[test]
    fn a_lowered_tier_falls_back_to_the_rules_when_the_risk_grows() {
        let then = risk(Volume::Under5000);
        let lowered = decided(Some(Tier::Four), &then);
        assert_eq!(in_force(Some(&lowered), &then), Tier::Four);
        assert_eq!(outgrown(Some(&lowered), &then), None);
        let now = risk(Volume::Under50000);
        assert_eq!(in_force(Some(&lowered), &now), now.tier);
        assert!(outgrown(Some(&lowered), &now).unwrap().sentence.starts_with("Dana lowered it to tier 4 on "));
        // Less risk than then is no reason to set it aside.
        assert_eq!(in_force(Some(&lowered), &risk(Volume::Under500)), Tier::Four);
    }

    #[test]
    fn a_raised_tier_holds_whatever_the_rules_come_to_say() {
        let then = risk(Volume::Under500);
        let raised = decided(Some(Tier::One), &then);
        assert!(raised.raises() && then.tier > Tier::One);
        assert_eq!(in_force(Some(&raised), &risk(Volume::Over500000)), Tier::One);
        assert_eq!(outgrown(Some(&raised), &risk(Volume::Over500000)), None);
    }

    #[test]
    fn a_tier_given_back_is_what_the_rules_say() {
        let then = risk(Volume::Under500);
        assert_eq!(in_force(Some(&decided(None, &then)), &then), then.tier);
        assert_eq!(in_force(None, &then), then.tier);
    }

    #[test]
    fn lowering_takes_a_reason_and_raising_does_not() {
        assert!(check(Some(Tier::Three), Tier::Two, " ").is_err());
        assert!(check(Some(Tier::Three), Tier::Two, "One chart a year").is_ok());
        assert!(check(Some(Tier::One), Tier::Two, "").is_ok());
        assert!(check(None, Tier::Two, "").is_ok());
    }

    proptest! {
        #[test]
        fn a_tier_is_less_than_the_rules_say_only_by_a_lowering_that_still_holds(
            wanted in 0usize..5, then in 0usize..6, now in 0usize..6,
        ) {
            let (then, now) = (risk(Volume::ALL[then]), risk(Volume::ALL[now]));
            let decision = decided(Tier::ALL.get(wanted).copied(), &then);
            let tier = in_force(Some(&decision), &now);
            if tier > now.tier {
                prop_assert!(decision.lowers() && now.total <= then.total);
            }
        }
    }
}
