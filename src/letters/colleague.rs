//! The letter to a colleague of whoever was asked: who there asks, for which practice, and
//! for which sections; the one that says that a colleague has answered; and the one that says
//! that a questionnaire was passed on.

use serde::Serialize;

use super::{About, Common, Letters, Written};
use crate::domain::civil_date;
use crate::domain::colleague::Part;
use crate::domain::handover::Handover;
use crate::domain::pace::Estimate;
use crate::domain::practice::Practice;
use crate::templates::Context;

#[derive(Clone, Debug, Serialize)]
pub struct Colleague {
    #[serde(flatten)]
    common: Common,
    name: Option<String>,
    /// Who asks, by name and address as far as known.
    asker: String,
    sections: Vec<String>,
    due: String,
    questions: String,
    minutes: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct PartDone {
    #[serde(flatten)]
    common: Common,
    /// The colleague.
    who: String,
    sections: Vec<String>,
    due: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct PassedOn {
    practice: String,
    vendor: String,
    /// To whom.
    who: String,
    contact: String,
    at: String,
}

fn given(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

impl Letters {
    /// Asks a colleague; `questions` is how many the sections hold.
    pub fn colleague(&self, about: &About<'_>, part: &Part, asker: &str, questions: usize) -> Written {
        let sections = part.of(about.questionnaire);
        self.write(&Colleague {
            common: self.common(about),
            name: given(&part.name),
            asker: asker.to_owned(),
            sections: sections.into_iter().map(|section| section.title.clone()).collect(),
            due: civil_date::say_with_day(about.assessment.due_on),
            questions: if questions == 1 { "1 question".to_owned() } else { format!("{questions} questions") },
            minutes: Estimate::of(None, questions).minutes.to_string(),
        })
    }

    /// Tells whoever was asked that a colleague has answered its part.
    pub fn part_done(&self, about: &About<'_>, part: &Part) -> Written {
        let sections = part.of(about.questionnaire);
        self.write(&PartDone {
            common: self.common(about),
            who: given(&part.name).unwrap_or_else(|| "Your colleague".to_owned()),
            sections: sections.into_iter().map(|section| section.title.clone()).collect(),
            due: civil_date::say_with_day(about.assessment.due_on),
        })
    }

    /// Tells whoever was asked that the questionnaire goes to somebody else now.
    pub fn passed_on(&self, practice: &Practice, vendor: &str, said: &Handover) -> Written {
        self.write(&PassedOn {
            practice: practice.name.clone(),
            vendor: vendor.to_owned(),
            who: said.who().unwrap_or_default(),
            contact: given(&practice.contact.name).unwrap_or_else(|| "the office".to_owned()),
            at: civil_date::say_instant(said.said_at, practice.timezone),
        })
    }
}

impl Context for Colleague {
    const TEMPLATE: &'static str = "letters/colleague";
    fn samples() -> Vec<Self> {
        let with = |common, word: String| Self {
            common,
            name: given(&word),
            asker: word.clone(),
            sections: vec![word.clone(), word],
            due: "Friday, December 11, 2026".to_owned(),
            questions: "12 questions".to_owned(),
            minutes: "10".to_owned(),
        };
        super::samples_of_common()
            .into_iter()
            .zip(super::sample_words())
            .map(|(common, word)| with(common, word))
            .collect()
    }
}

impl Context for PartDone {
    const TEMPLATE: &'static str = "letters/part-done";
    fn samples() -> Vec<Self> {
        let with = |common, word: String| Self {
            common,
            who: word.clone(),
            sections: vec![word.clone(), word],
            due: "Friday, December 11, 2026".to_owned(),
        };
        let all = super::samples_of_common().into_iter().zip(super::sample_words());
        all.map(|(common, word)| with(common, word)).collect()
    }
}

impl Context for PassedOn {
    const TEMPLATE: &'static str = "letters/passed-on";
    fn samples() -> Vec<Self> {
        let with = |word: String| Self {
            practice: word.clone(),
            vendor: word.clone(),
            who: word.clone(),
            contact: word,
            at: "December 2, 2026 at 14:05 UTC".to_owned(),
        };
        super::sample_words().map(with).to_vec()
    }
}
