//! What a vendor gets of ours and how: the data-handling profile, the inherent risk it
//! carries before any control, and the tier that decides how hard we look.
//!
//! Knows nothing of answers or scores. Weights and factors are those of model v1.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::words::words;

words! {
    /// A kind of patient information.
    pub enum Element {
        Contact = "contact" => "Names, contact details and appointments",
        Insurance = "insurance" => "Insurance and payment details",
        GovernmentId = "government-id" => "Social Security or other government numbers",
        Clinical = "clinical" => "Clinical notes, diagnoses, results or images",
        SpeciallyProtected = "specially-protected" => "Specially protected: substance use, mental health, HIV, reproductive, genetic",
        Biometric = "biometric" => "Fingerprints, voice prints or full-face photographs",
    }
}
words! {
    /// About how many different patients.
    pub enum Volume {
        Under500 = "<500" => "Fewer than 500",
        Under5000 = "500-4999" => "500 to 4,999",
        Under50000 = "5000-49999" => "5,000 to 49,999",
        Under500000 = "50000-499999" => "50,000 to 499,999",
        Over500000 = "500000+" => "500,000 or more",
        Unknown = "unknown" => "Not known",
    }
}
words! {
    /// A way in which the vendor reaches the information.
    pub enum Access {
        Storage = "storage" => "Stores it without being able to read it",
        Paper = "paper" => "Gets paper or a file now and then",
        Onsite = "onsite" => "Sees it while working at our premises",
        Feed = "feed" => "Gets a regular feed",
        Remote = "remote" => "Enters our systems from outside",
        Hosts = "hosts" => "Keeps it on its own systems",
        HostsAdmin = "hosts-admin" => "Keeps it and runs our systems as administrator",
        Unknown = "unknown" => "Not known",
    }
}
words! {
    /// How long the practice could work without the vendor.
    pub enum Criticality {
        Day = "24h" => "A day at most",
        ThreeDays = "72h" => "Up to three days",
        Week = "7d" => "Up to a week",
        Longer = "longer" => "Longer than a week",
        Unknown = "unknown" => "Not known",
    }
}
words! {
    /// How many other companies handle the information for the vendor.
    pub enum Subs {
        None = "none" => "None",
        Few = "1-2" => "One or two",
        Many = "3+" => "Three or more",
        Unknown = "unknown" => "Not known",
    }
}
words! {
    /// Anyone or anything outside the United States.
    pub enum Offshore {
        None = "none" => "No",
        View = "view" => "It can be seen from abroad",
        Stored = "stored" => "It is stored abroad",
        Unknown = "unknown" => "Not known",
    }
}
words! {
    /// A fact about how the vendor works that decides which questions apply.
    pub enum Trait {
        Paper = "paper" => "Handles paper with patient information",
        Portable = "portable" => "Laptops, phones or drives may hold or reach it",
        Transmits = "transmits" => "Sends it by e-mail, web or file transfer",
        Releases = "releases" => "Answers requests for records",
        HomeWorking = "wfh" => "Has people working from home",
        BuildsSoftware = "builds_software" => "Writes software we use",
        Part2 = "part2" => "Handles substance-use treatment records (42 CFR Part 2)",
        BillsFederal = "bills_federal" => "Bills federal health programs for us",
        Onsite = "onsite" => "Works at our premises",
    }
}

/// The data-handling profile of one vendor (`profile.*`, never scored).
///
/// An empty set of elements or ways in means "not known", which weighs as such:
/// an unfilled profile must not look harmless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exposure {
    #[serde(default)]
    pub elements: BTreeSet<Element>,
    #[serde(default = "unknown_volume")]
    pub volume: Volume,
    #[serde(default)]
    pub access: BTreeSet<Access>,
    #[serde(default = "unknown_criticality")]
    pub criticality: Criticality,
    #[serde(default = "unknown_subs")]
    pub subs: Subs,
    #[serde(default = "unknown_offshore")]
    pub offshore: Offshore,
    #[serde(default, rename = "flags")]
    pub traits: BTreeSet<Trait>,
}

const fn unknown_volume() -> Volume {
    Volume::Unknown
}
const fn unknown_criticality() -> Criticality {
    Criticality::Unknown
}
const fn unknown_subs() -> Subs {
    Subs::Unknown
}
const fn unknown_offshore() -> Offshore {
    Offshore::Unknown
}

impl Default for Exposure {
    /// Nothing known yet.
    fn default() -> Self {
        Self {
            elements: BTreeSet::new(),
            volume: Volume::Unknown,
            access: BTreeSet::new(),
            criticality: Criticality::Unknown,
            subs: Subs::Unknown,
            offshore: Offshore::Unknown,
            traits: BTreeSet::new(),
        }
    }
}

impl Exposure {
    /// Keeps electronic patient information on its own or rented systems, storage without
    /// sight included. Not knowing counts as yes, so that the questions are asked.
    pub fn hosts_ephi(&self) -> bool {
        self.access_unknown()
            || self.access.iter().any(|way| matches!(way, Access::Storage | Access::Hosts | Access::HostsAdmin))
    }

    /// Enters the practice's systems. Not knowing counts as yes.
    pub fn remote_access(&self) -> bool {
        self.access_unknown() || self.access.contains(&Access::Remote)
    }

    /// Other companies handle the information for the vendor, or may.
    pub fn has_subs(&self) -> bool {
        self.subs != Subs::None
    }

    /// Something is, or may be, outside the United States.
    pub fn is_offshore(&self) -> bool {
        self.offshore != Offshore::None
    }

    /// The practice cannot work three days without the vendor. Not knowing counts as yes.
    pub fn is_critical_service(&self) -> bool {
        matches!(self.criticality, Criticality::Day | Criticality::ThreeDays | Criticality::Unknown)
    }

    fn access_unknown(&self) -> bool {
        self.access.is_empty() || self.access.contains(&Access::Unknown)
    }

    /// The inherent risk of this profile under model v1.
    pub fn inherent(&self) -> Inherent {
        let parts = [
            part("phi", 30, self.elements_factor()),
            part("vol", 20, self.volume_factor()),
            part("access", 20, self.access_factor()),
            part("crit", 15, self.criticality_factor()),
            part("subs", 10, self.subs_factor()),
            part("offshore", 5, self.offshore_factor()),
        ];
        let total = parts.iter().map(|part| part.points).sum();
        let scored = Tier::of(total);
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

    fn elements_factor(&self) -> u32 {
        if self.elements.contains(&Element::GovernmentId) && self.elements.contains(&Element::Clinical) {
            return 100;
        }
        self.elements
            .iter()
            .map(|element| match element {
                Element::Contact => 25,
                Element::Insurance => 50,
                Element::GovernmentId | Element::Clinical => 75,
                Element::SpeciallyProtected | Element::Biometric => 100,
            })
            .max()
            .unwrap_or(75)
    }

    fn volume_factor(&self) -> u32 {
        match self.volume {
            Volume::Under500 => 20,
            Volume::Under5000 => 45,
            Volume::Under50000 | Volume::Unknown => 70,
            Volume::Under500000 => 85,
            Volume::Over500000 => 100,
        }
    }

    fn access_factor(&self) -> u32 {
        self.access
            .iter()
            .map(|way| match way {
                Access::Storage => 20,
                Access::Paper => 35,
                Access::Onsite => 45,
                Access::Feed => 60,
                Access::Remote => 75,
                Access::Hosts | Access::Unknown => 85,
                Access::HostsAdmin => 100,
            })
            .max()
            .unwrap_or(85)
    }

    fn criticality_factor(&self) -> u32 {
        match self.criticality {
            Criticality::Longer => 10,
            Criticality::Week => 40,
            // The model gives no value for "not known"; the upper middle, as for volume.
            Criticality::ThreeDays | Criticality::Unknown => 70,
            Criticality::Day => 100,
        }
    }

    fn subs_factor(&self) -> u32 {
        match self.subs {
            Subs::None => 0,
            Subs::Few => 30,
            Subs::Many => 50,
            Subs::Unknown => 80,
        }
    }

    fn offshore_factor(&self) -> u32 {
        match self.offshore {
            Offshore::None => 0,
            Offshore::View | Offshore::Unknown => 60,
            Offshore::Stored => 100,
        }
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

words! {
    /// How hard we look, 1 the hardest.
    pub enum Tier {
        One = "1" => "Tier 1",
        Two = "2" => "Tier 2",
        Three = "3" => "Tier 3",
        Four = "4" => "Tier 4",
    }
}

impl Tier {
    /// The tier for inherent risk in basis points.
    pub fn of(inherent: u32) -> Self {
        match inherent {
            7000.. => Tier::One,
            5000.. => Tier::Two,
            3000.. => Tier::Three,
            _ => Tier::Four,
        }
    }

    /// 1 to 4.
    pub fn number(self) -> u8 {
        match self {
            Tier::One => 1,
            Tier::Two => 2,
            Tier::Three => 3,
            Tier::Four => 4,
        }
    }
}

#[cfg(test)]
mod tests {
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
