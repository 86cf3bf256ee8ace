//! The assessment whether an incident is a breach: the four factors, the three exclusions, and what
//! a named person concludes (45 CFR 164.402). Each version stands; a later one adds.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::words::words;

words! {
    /// What has to be weighed, at least (45 CFR 164.402(2)).
    pub enum Factor {
        Nature = "nature" => "What kind of information it was, and how easily it names a person",
        Recipient = "recipient" => "Who got it, or used it without permission",
        Acquired = "acquired" => "Whether it was actually seen or taken",
        Mitigated = "mitigated" => "How far the risk was undone",
    }
}

impl Factor {
    /// The paragraph.
    pub const fn cites(self) -> &'static str {
        match self {
            Self::Nature => "45 CFR 164.402(2)(i)",
            Self::Recipient => "45 CFR 164.402(2)(ii)",
            Self::Acquired => "45 CFR 164.402(2)(iii)",
            Self::Mitigated => "45 CFR 164.402(2)(iv)",
        }
    }
}

words! {
    /// What is no breach whatever the factors say (45 CFR 164.402(1)).
    pub enum Exclusion {
        GoodFaith = "good-faith" => "One of our or their people got or used it by mistake, in good faith and within their job, and it went no further",
        WithinUs = "within-us" => "Somebody who may see such information showed it by mistake to another who may, at the same place, and it went no further",
        NotRetained = "not-retained" => "Whoever saw it could not reasonably have kept it",
    }
}

impl Exclusion {
    /// The paragraph.
    pub const fn cites(self) -> &'static str {
        match self {
            Self::GoodFaith => "45 CFR 164.402(1)(i)",
            Self::WithinUs => "45 CFR 164.402(1)(ii)",
            Self::NotRetained => "45 CFR 164.402(1)(iii)",
        }
    }
}

words! {
    /// What the assessment finds.
    pub enum Conclusion {
        Breach = "breach" => "It is a breach",
        LowProbability = "low-probability" => "A low probability that the information was compromised: no breach",
        Excluded = "excluded" => "One of the three exclusions applies: no breach",
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RiskAssessment {
    /// 1, 2, 3… within the incident.
    pub version: u32,
    pub found: Found,
    pub conclusion: Conclusion,
    pub by: String,
    pub on: NaiveDate,
}

/// What was weighed, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Found {
    pub nature: String,
    pub recipient: String,
    pub acquired: String,
    pub mitigated: String,
    pub exclusion: Option<Exclusion>,
    pub reason: String,
}

impl Found {
    /// What was written of a factor.
    pub fn of(&self, factor: Factor) -> &str {
        match factor {
            Factor::Nature => &self.nature,
            Factor::Recipient => &self.recipient,
            Factor::Acquired => &self.acquired,
            Factor::Mitigated => &self.mitigated,
        }
    }

    /// The same, to write.
    pub fn of_mut(&mut self, factor: Factor) -> &mut String {
        match factor {
            Factor::Nature => &mut self.nature,
            Factor::Recipient => &mut self.recipient,
            Factor::Acquired => &mut self.acquired,
            Factor::Mitigated => &mut self.mitigated,
        }
    }

    /// The factors that `conclusion` needs and that are blank: to find a low probability all four
    /// are weighed.
    pub fn lacks(&self, conclusion: Conclusion) -> Vec<Factor> {
        match conclusion {
            Conclusion::LowProbability => {
                Factor::ALL.iter().copied().filter(|factor| self.of(*factor).is_empty()).collect()
            }
            Conclusion::Breach | Conclusion::Excluded => Vec::new(),
        }
    }
}
