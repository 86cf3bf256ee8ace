//! The letters about a signed reply that is opened again: to the vendor, that questions were
//! sent back, and to our own people, that a corrected version came in. Remarks and answers stay
//! behind the link and the sign-in.

use serde::Serialize;

use super::{About, Common, Letters, Written, name, sample_words, samples_of_common};
use crate::domain::civil_date;
use crate::domain::correction::{Correction, Occasion};
use crate::domain::practice::Practice;
use crate::domain::standing::Vendor;
use crate::domain::words::counted;
use crate::templates::Context;

#[derive(Clone, Debug, Serialize)]
pub struct Returned {
    #[serde(flatten)]
    common: Common,
    name: Option<String>,
    questions: String,
    due: Option<String>,
}

/// A recheck: questions asked again before the year is over.
#[derive(Clone, Debug, Serialize)]
pub struct Rechecked {
    #[serde(flatten)]
    common: Common,
    name: Option<String>,
    questions: String,
    due: Option<String>,
    /// The half-year check; otherwise the vendor told of a change.
    half_year: bool,
    signed: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Corrected {
    practice: String,
    vendor: String,
    name: Option<String>,
    /// The practice had sent questions back.
    returned: bool,
    /// A recheck by its name: `half-year check`.
    recheck: Option<&'static str>,
    differ: String,
    link: String,
}

impl Letters {
    /// Tells the vendor that questions were sent back: all of them in one letter.
    pub fn returned(&self, about: &About<'_>, open: Option<&Correction>) -> Written {
        self.write(&Returned {
            common: self.common(about),
            name: name(about.vendor),
            questions: counted(open.map_or(0, |open| open.returned.len()), "question"),
            due: open.and_then(|open| open.due_on).map(civil_date::say_with_day),
        })
    }

    /// Asks the vendor again about answers of a signed reply: all of them in one letter.
    pub fn rechecked(&self, about: &About<'_>, open: Option<&Correction>) -> Written {
        self.write(&Rechecked {
            common: self.common(about),
            name: name(about.vendor),
            questions: counted(open.map_or(0, |open| open.returned.len()), "question"),
            due: open.and_then(|open| open.due_on).map(civil_date::say_with_day),
            half_year: open.is_none_or(|open| open.occasion == Occasion::HalfYear),
            signed: about.assessment.accepted_on.map(civil_date::say),
        })
    }

    /// Tells `name` of the practice that a corrected version of `vendor` came in.
    pub fn corrected(&self, practice: &Practice, vendor: &Vendor, signed: &Correction, name: &str) -> Written {
        self.write(&Corrected {
            practice: practice.name.clone(),
            vendor: vendor.details.name.clone(),
            name: Some(name.trim().to_owned()).filter(|name| !name.is_empty()),
            returned: signed.occasion == Occasion::Returned,
            recheck: match signed.occasion {
                Occasion::HalfYear => Some("the half-year check"),
                Occasion::Change => Some("the questions that its change touches"),
                Occasion::Own | Occasion::Returned => None,
            },
            differ: counted(signed.changes.len(), "answer"),
            link: format!("{}/assessments/{}", self.base_url, signed.assessment),
        })
    }
}

impl Context for Returned {
    const TEMPLATE: &'static str = "letters/returned";
    fn samples() -> Vec<Self> {
        let with = |common| Self {
            common,
            name: None,
            questions: "3 questions".to_owned(),
            due: Some("Friday, December 11, 2026".to_owned()),
        };
        samples_of_common().into_iter().map(with).collect()
    }
}

impl Context for Rechecked {
    const TEMPLATE: &'static str = "letters/rechecked";
    fn samples() -> Vec<Self> {
        let with = |common, half_year| Self {
            common,
            name: None,
            questions: "20 questions".to_owned(),
            due: Some("Friday, December 11, 2026".to_owned()),
            half_year,
            signed: Some("May 2, 2026".to_owned()),
        };
        samples_of_common().into_iter().flat_map(|common| [with(common.clone(), true), with(common, false)]).collect()
    }
}

impl Context for Corrected {
    const TEMPLATE: &'static str = "letters/corrected";
    fn samples() -> Vec<Self> {
        let with = |word: String, returned: bool| Self {
            practice: word.clone(),
            vendor: word.clone(),
            name: Some(word).filter(|word| !word.is_empty()),
            returned,
            recheck: (!returned).then_some("the half-year check"),
            differ: "1 answer".to_owned(),
            link: "https://duecare.example/assessments/1".to_owned(),
        };
        sample_words().into_iter().flat_map(|word| [with(word.clone(), true), with(word, false)]).collect()
    }
}
