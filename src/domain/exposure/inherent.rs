//! The inherent risk of a profile: six weighted factors, and the tier that follows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Access, Criticality, Element, Exposure, Offshore, Subs, Tier, Volume};
use crate::domain::scoring::model;

/// The numbers of the model that inherent risk is made of. Weights are out of 100 in all,
/// values are percent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InherentRule {
    weights: Weights,
    phi: Elements,
    vol: BTreeMap<Volume, u32>,
    access: BTreeMap<Access, u32>,
    crit: BTreeMap<Criticality, u32>,
    subs: BTreeMap<Subs, u32>,
    offshore: BTreeMap<Offshore, u32>,
    tiers: Tiers,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Weights {
    phi: u32,
    vol: u32,
    access: u32,
    crit: u32,
    subs: u32,
    offshore: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Elements {
    contact: u32,
    insurance: u32,
    government_id: u32,
    clinical: u32,
    specially_protected: u32,
    biometric: u32,
    /// A government number and clinical notes.
    both: u32,
    unknown: u32,
}

/// Where each tier begins, in basis points; below the third is the fourth.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tiers {
    one: u32,
    two: u32,
    three: u32,
}

impl InherentRule {
    /// What is wrong with it: values that are left out, and weights that are no whole.
    pub(in crate::domain) fn faults(&self) -> Vec<String> {
        let weights = &self.weights;
        let sum = weights.phi + weights.vol + weights.access + weights.crit + weights.subs + weights.offshore;
        let mut faults = Vec::new();
        if sum != 100 {
            faults.push(format!("inherent.weights: they add up to {sum} and not to 100"));
        }
        let mut whole = |name: &str, is: bool| {
            if !is {
                faults.push(format!("inherent.{name}: a value is left out"));
            }
        };
        whole("vol", Volume::ALL.iter().all(|one| self.vol.contains_key(one)));
        whole("access", Access::ALL.iter().all(|one| self.access.contains_key(one)));
        whole("crit", Criticality::ALL.iter().all(|one| self.crit.contains_key(one)));
        whole("subs", Subs::ALL.iter().all(|one| self.subs.contains_key(one)));
        whole("offshore", Offshore::ALL.iter().all(|one| self.offshore.contains_key(one)));
        faults
    }

    /// The tier for inherent risk in basis points.
    pub fn tier(&self, inherent: u32) -> Tier {
        match inherent {
            points if points >= self.tiers.one => Tier::One,
            points if points >= self.tiers.two => Tier::Two,
            points if points >= self.tiers.three => Tier::Three,
            _ => Tier::Four,
        }
    }

    fn element(&self, element: Element) -> u32 {
        match element {
            Element::Contact => self.phi.contact,
            Element::Insurance => self.phi.insurance,
            Element::GovernmentId => self.phi.government_id,
            Element::Clinical => self.phi.clinical,
            Element::SpeciallyProtected => self.phi.specially_protected,
            Element::Biometric => self.phi.biometric,
        }
    }
}

/// A value of a map that was found whole when it was read.
fn of<K: Ord>(values: &BTreeMap<K, u32>, key: &K) -> u32 {
    values.get(key).copied().unwrap_or(100)
}

impl Exposure {
    /// The inherent risk of this profile under today's model.
    pub fn inherent(&self) -> Inherent {
        self.inherent_under(&model::current().inherent)
    }

    /// The inherent risk of this profile under the model with these numbers.
    pub fn inherent_under(&self, rule: &InherentRule) -> Inherent {
        let weights = &rule.weights;
        let parts = [
            part("phi", weights.phi, self.elements_factor(rule)),
            part("vol", weights.vol, of(&rule.vol, &self.volume)),
            part("access", weights.access, self.access_factor(rule)),
            part("crit", weights.crit, of(&rule.crit, &self.criticality)),
            part("subs", weights.subs, of(&rule.subs, &self.subs)),
            part("offshore", weights.offshore, of(&rule.offshore, &self.offshore)),
        ];
        let total = parts.iter().map(|part| part.points).sum();
        let scored = rule.tier(total);
        let mut tier = scored;
        let mut floors = Vec::new();
        if tier > Tier::Two && self.elements.contains(&Element::SpeciallyProtected) {
            floors.push("specially_protected");
        }
        if tier > Tier::Two && self.keeps_many() {
            floors.push("hosts_500_or_more");
        }
        if !floors.is_empty() {
            tier = Tier::Two;
        }
        Inherent { parts, total, scored, tier, floors }
    }

    fn keeps_many(&self) -> bool {
        self.volume != Volume::Under500 && self.hosts_ephi()
    }

    fn elements_factor(&self, rule: &InherentRule) -> u32 {
        if self.elements.contains(&Element::GovernmentId) && self.elements.contains(&Element::Clinical) {
            return rule.phi.both;
        }
        self.elements.iter().map(|element| rule.element(*element)).max().unwrap_or(rule.phi.unknown)
    }

    fn access_factor(&self, rule: &InherentRule) -> u32 {
        let unknown = of(&rule.access, &Access::Unknown);
        self.access.iter().map(|way| of(&rule.access, way)).max().unwrap_or(unknown)
    }
}

/// One factor's part of the inherent risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// `phi`, `vol`, `access`, `crit`, `subs` or `offshore`.
    pub factor: &'static str,
    /// The factor's weight, out of 100 in all.
    pub weight: u32,
    /// How much of the weight applies, 0 to 100.
    pub value: u32,
    /// `weight × value`, in basis points.
    pub points: u32,
}

fn part(factor: &'static str, weight: u32, value: u32) -> Part {
    Part { factor, weight, value, points: weight * value }
}

/// Risk from what is shared, before any control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inherent {
    pub parts: [Part; 6],
    /// Basis points, 0 to 10000; more is riskier.
    pub total: u32,
    /// The tier by points alone.
    pub scored: Tier,
    /// The tier that counts, after the floors.
    pub tier: Tier,
    /// Why the tier was raised: `specially_protected`, `hosts_500_or_more`.
    pub floors: Vec<&'static str>,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn transcription() -> Exposure {
        Exposure {
            elements: [Element::Clinical].into(),
            volume: Volume::Under50000,
            access: [Access::Hosts].into(),
            criticality: Criticality::ThreeDays,
            subs: Subs::Few,
            offshore: Offshore::None,
            traits: BTreeSet::new(),
        }
    }

    #[test]
    fn the_transcription_firm_of_the_worked_example_is_tier_two() {
        let inherent = transcription().inherent();
        assert_eq!(inherent.total, 6700);
        assert_eq!(inherent.tier, Tier::Two);
        assert_eq!(inherent.parts.iter().map(|part| part.points).sum::<u32>(), inherent.total);
    }

    #[test]
    fn a_host_of_five_hundred_patients_is_at_least_tier_two() {
        let small = Exposure {
            elements: [Element::Contact].into(),
            volume: Volume::Under5000,
            access: [Access::Storage].into(),
            criticality: Criticality::Longer,
            subs: Subs::None,
            offshore: Offshore::None,
            traits: BTreeSet::new(),
        };
        let inherent = small.inherent();
        assert_eq!((inherent.scored, inherent.tier), (Tier::Four, Tier::Two));
        assert_eq!(inherent.floors, ["hosts_500_or_more"]);
    }

    #[test]
    fn an_unfilled_profile_does_not_look_harmless() {
        assert!(Exposure::default().inherent().tier <= Tier::Two);
    }

    #[test]
    fn government_numbers_with_clinical_notes_weigh_most() {
        let mut both = transcription();
        both.elements.insert(Element::GovernmentId);
        assert_eq!(both.inherent().parts[0].value, 100);
    }
}
