//! The questionnaires that are built into the program, read once.

use std::collections::BTreeMap;

use rust_embed::RustEmbed;

use crate::domain::questionnaire::lint::{self, Fault};
use crate::domain::questionnaire::{Purpose, Questionnaire, parse};

#[derive(RustEmbed)]
#[folder = "questionnaires/"]
#[include = "*.toml"]
#[include = "RELEASED"]
struct Files;

/// Every version of every questionnaire, by file name without ending.
#[derive(Debug)]
pub struct Catalogue(BTreeMap<String, Questionnaire>);

impl Catalogue {
    /// Reads the built-in questionnaires.
    ///
    /// # Errors
    /// Names the file and the question that cannot be read.
    pub fn built_in() -> Result<Self, parse::ParseError> {
        let mut all = BTreeMap::new();
        for (name, text) in texts() {
            let questionnaire = parse::parse(&name, &text)?;
            all.insert(questionnaire.name(), questionnaire);
        }
        Ok(Self(all))
    }

    /// By full name, `hipaa-v1`, or by id, `hipaa`, which means its newest version.
    pub fn find(&self, name: &str) -> Option<&Questionnaire> {
        self.0.get(name).or_else(|| {
            self.0
                .values()
                .filter(|questionnaire| questionnaire.id == name)
                .max_by_key(|questionnaire| questionnaire.version)
        })
    }

    /// The self-assessment that a vendor is asked today.
    pub fn current(&self) -> &Questionnaire {
        self.0
            .values()
            .filter(|questionnaire| questionnaire.purpose == Purpose::SelfAssessment)
            .max_by_key(|questionnaire| questionnaire.version)
            .expect("a test holds that a self-assessment is built in")
    }

    pub fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }
}

/// File name and text of each questionnaire.
fn texts() -> Vec<(String, String)> {
    Files::iter()
        .filter(|name| name.ends_with(".toml"))
        .filter_map(|name| Some((name.to_string(), text(&name)?)))
        .collect()
}

fn text(name: &str) -> Option<String> {
    Files::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned())
}

/// Everything wrong with the built-in questionnaires.
pub fn faults() -> Vec<Fault> {
    let released = lint::released(&text("RELEASED").unwrap_or_default());
    texts().iter().flat_map(|(name, text)| lint::lint(name, text, &released)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_questionnaires_have_no_fault() {
        assert_eq!(faults().iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    }

    #[test]
    fn the_self_assessment_has_the_eighty_questions_of_the_domain() {
        let catalogue = Catalogue::built_in().unwrap();
        let questionnaire = catalogue.current();
        let questions: Vec<_> = questionnaire.questions().collect();
        assert_eq!(questionnaire.name(), "hipaa-v1");
        assert_eq!(questions.len(), 80);
        assert_eq!(questions.iter().filter(|question| question.lite).count(), 23);
        assert_eq!(questions.iter().map(|question| question.weight).sum::<u32>(), 272);
        assert!(catalogue.find("change-notice").is_some());
    }
}
