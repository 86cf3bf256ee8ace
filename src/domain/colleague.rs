//! A colleague of whoever was asked: answers chosen sections by a link of their own, and
//! signs nothing.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::questionnaire::{Question, Questionnaire, Section};

/// So many colleagues may be asked for one questionnaire, ended ones too: each is a letter to
/// an address that somebody typed.
pub const MOST: usize = 20;
/// So many letters with one link.
pub const MOST_LETTERS: usize = 5;
/// A second press within this time means the first.
pub const JUST_NOW: TimeDelta = TimeDelta::minutes(2);

/// What a colleague is there for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub name: String,
    /// The address of whoever asked.
    pub asked_by: String,
    /// Their name, where the practice knew whose address it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asker: Option<String>,
    /// Sections by their id.
    pub sections: BTreeSet<String>,
}

impl Part {
    /// The sections, in the order of the form.
    pub fn of<'a>(&self, questionnaire: &'a Questionnaire) -> Vec<&'a Section> {
        questionnaire.sections.iter().filter(|section| self.sections.contains(&section.id)).collect()
    }

    /// Whether a question is in it.
    pub fn includes(&self, questionnaire: &Questionnaire, slug: &str) -> bool {
        self.of(questionnaire).into_iter().any(|section| questions(section).any(|question| question.slug == slug))
    }
}

fn questions(section: &Section) -> impl Iterator<Item = &Question> {
    section.topics.iter().flat_map(|topic| &topic.questions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn a_part_holds_the_questions_of_its_sections_and_no_others() {
        let catalogue = Catalogue::built_in().unwrap();
        let form = catalogue.current();
        let part = Part {
            name: String::new(),
            asked_by: String::new(),
            asker: None,
            sections: ["tec".to_owned(), "no such section".to_owned()].into(),
        };
        assert_eq!(part.of(form).iter().map(|section| section.id.as_str()).collect::<Vec<_>>(), ["tec"]);
        assert!(part.includes(form, "tec.patching") && !part.includes(form, "org.self-check.done"));
    }
}
