//! What was signed, kept to the byte: the signature's SHA-256 is that of this as JSON, so that
//! neither the order of the fields nor how they are written ever changes.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::answers::support::Supporting;
use super::answers::{Answer, Answers};
use super::assessment::{Assurance, Attestation};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignedCopy {
    pub practice: String,
    pub vendor: String,
    /// The questionnaire's file name without ending, and its digest.
    pub questionnaire: String,
    pub questionnaire_sha256: String,
    pub statement: String,
    pub signed_by: String,
    pub title: String,
    pub email: String,
    pub assurance: Assurance,
    pub signed_at: DateTime<Utc>,
    pub answers: Vec<SignedLine>,
}

/// A question in its words of that day, and what was said to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignedLine {
    pub question: String,
    pub text: String,
    pub answer: Option<Answer>,
    /// Left out where there are none, as in copies of before there were any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<SignedFile>,
}

/// A file as it supported an answer when that was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedFile {
    pub name: String,
    pub sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<NaiveDate>,
}

impl SignedFile {
    pub fn of(file: &Supporting) -> Self {
        Self { name: file.name.clone(), sha256: file.sha256.clone(), ends_on: file.ends_on }
    }
}

impl SignedCopy {
    /// Reads a snapshot again.
    ///
    /// # Errors
    /// What is the matter with its JSON.
    pub fn read(signed: &Attestation) -> Result<Self, String> {
        serde_json::from_str(&signed.snapshot).map_err(|error| format!("signed copy {}: {error}", signed.reference))
    }

    /// The answers that were given.
    pub fn answers(&self) -> Answers {
        let given = self.answers.iter().filter_map(|line| Some((line.question.clone(), line.answer.clone()?)));
        given.collect()
    }

    /// The questions whose answers are others in `after`.
    pub fn changed_in(&self, after: &Self) -> BTreeSet<String> {
        let (before, after) = (self.answers(), after.answers());
        let all: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        all.into_iter().filter(|slug| before.get(*slug) != after.get(*slug)).cloned().collect()
    }

    /// The names of the files by question, where there are some.
    pub fn files(&self) -> BTreeMap<&str, Vec<&str>> {
        let with = self.answers.iter().filter(|line| !line.files.is_empty());
        with.map(|line| (line.question.as_str(), line.files.iter().map(|file| file.name.as_str()).collect())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answers::{Grade, Value};

    fn copy() -> SignedCopy {
        let line = |slug: &str, answer, files| SignedLine {
            question: slug.to_owned(),
            text: "Is it?".to_owned(),
            answer,
            files,
        };
        let file = SignedFile { name: "SOC 2.pdf".to_owned(), sha256: "00".to_owned(), ends_on: None };
        let yes = Some(Answer::of(Value::Grade(Grade::Yes)));
        SignedCopy {
            practice: "Maple".to_owned(),
            vendor: "LabCorp".to_owned(),
            questionnaire: "hipaa-v1".to_owned(),
            questionnaire_sha256: "ff".to_owned(),
            statement: "It is true.".to_owned(),
            signed_by: "Pat".to_owned(),
            title: "Manager".to_owned(),
            email: "pat@vendor.test".to_owned(),
            assurance: Assurance::Code,
            signed_at: DateTime::default(),
            answers: vec![line("a.one", yes, vec![file]), line("a.two", None, Vec::new())],
        }
    }

    #[test]
    fn a_copy_is_written_to_the_byte_as_it_always_was() {
        let written = serde_json::to_string(&copy()).unwrap();
        assert_eq!(
            written,
            concat!(
                r#"{"practice":"Maple","vendor":"LabCorp","questionnaire":"hipaa-v1","questionnaire_sha256":"ff","#,
                r#""statement":"It is true.","signed_by":"Pat","title":"Manager","email":"pat@vendor.test","#,
                r#""assurance":"code","signed_at":"1970-01-01T00:00:00Z","answers":[{"question":"a.one","#,
                r#""text":"Is it?","answer":{"value":{"grade":"yes"}},"files":[{"name":"SOC 2.pdf","sha256":"00"}]},"#,
                r#"{"question":"a.two","text":"Is it?","answer":null}]}"#
            )
        );
        assert_eq!(serde_json::from_str::<SignedCopy>(&written).unwrap(), copy());
    }

    #[test]
    fn a_copy_gives_its_answers_and_the_names_of_its_files() {
        let copy = copy();
        assert_eq!(copy.answers().into_keys().collect::<Vec<_>>(), ["a.one"]);
        assert_eq!(copy.files(), BTreeMap::from([("a.one", vec!["SOC 2.pdf"])]));
    }
}
