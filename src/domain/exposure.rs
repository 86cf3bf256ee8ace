//! What a vendor gets of ours and how: the data-handling profile, the inherent risk it
//! carries before any control, and the tier that decides how hard we look.
//!
//! Knows nothing of answers or scores. Weights and factors are those of the model.

mod inherent;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use self::inherent::{Inherent, InherentRule, Part};
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
