//! What a page of questions looked like when it was shown, so that saving it changes only
//! what its reader changed: two windows, or two colleagues, never undo each other unseen.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::support::Files;
use super::{Answer, Answers};

/// The answers that a page showed, by question, each as a short mark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen(BTreeMap<String, String>);

/// What a page that comes back means for the answers on record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Merged<'a> {
    pub changes: Vec<(&'a str, Option<Answer>)>,
    /// Questions that were answered differently meanwhile, here and elsewhere.
    pub conflicts: Vec<&'a str>,
}

impl Seen {
    /// The marks of these questions as they are on record.
    pub fn of<'a>(slugs: impl IntoIterator<Item = &'a str>, answers: &Answers) -> Self {
        Self(slugs.into_iter().map(|slug| (slug.to_owned(), mark(answers.get(slug)))).collect())
    }

    /// `tec.patching:1a2b3c4d tec.scans:-`
    pub fn written(&self) -> String {
        self.0.iter().map(|(slug, mark)| format!("{slug}:{mark}")).collect::<Vec<_>>().join(" ")
    }

    /// These marks, and for questions without one those of `other`.
    pub fn or(mut self, other: Self) -> Self {
        for (slug, mark) in other.0 {
            self.0.entry(slug).or_insert(mark);
        }
        self
    }

    /// The mark of one answer: eight digits, or a hyphen for none.
    pub fn mark_of(answer: Option<&Answer>) -> String {
        mark(answer)
    }

    /// Reads [`Seen::written`]; what does not fit is left out. `None` for no text.
    pub fn read(text: &str) -> Option<Self> {
        let pairs = text.split_whitespace().filter_map(|pair| pair.rsplit_once(':'));
        (!text.trim().is_empty()).then(|| Self(pairs.map(|(slug, mark)| (slug.to_owned(), mark.to_owned())).collect()))
    }

    /// Compares what was given with what was shown and what is on record now. A question that
    /// was not shown is left alone.
    pub fn merge<'a>(&self, given: &[(&'a str, Option<Answer>)], now: &Answers) -> Merged<'a> {
        let mut merged = Merged::default();
        for (slug, answer) in given {
            let Some(shown) = self.0.get(*slug) else { continue };
            let (given, recorded) = (mark(answer.as_ref()), mark(now.get(*slug)));
            if given == *shown || given == recorded {
                continue;
            }
            if recorded == *shown {
                merged.changes.push((slug, answer.clone()));
            } else {
                merged.conflicts.push(slug);
            }
        }
        merged
    }
}

/// One mark of all answers and the files under them: what somebody reads before signing it.
pub fn mark_of_all(answers: &Answers, files: &Files) -> String {
    let mut all = Sha256::new();
    for (slug, answer) in answers {
        all.update(format!("{slug}:{} ", mark(Some(answer))));
    }
    for (slug, files) in files.iter().filter(|(_, files)| !files.is_empty()) {
        let mut contents: Vec<&str> = files.iter().map(|file| file.sha256.as_str()).collect();
        contents.sort_unstable();
        all.update(format!("{slug}={} ", contents.join(",")));
    }
    all.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Eight digits tell two answers apart; a blank is a hyphen.
fn mark(answer: Option<&Answer>) -> String {
    // An answer that was taken over, and is saved as it stands, is still the one taken over.
    let plain = answer.map(|answer| Answer { taken_over: None, ..answer.clone() });
    let Some(json) = plain.and_then(|answer| serde_json::to_vec(&answer).ok()) else { return "-".to_owned() };
    Sha256::digest(json).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answers::support::Supporting;
    use crate::domain::answers::{Grade, Value};
    use crate::domain::document::Scan;
    use crate::domain::ids::DocumentId;

    fn said(grade: Grade) -> Answer {
        Answer::of(Value::Grade(grade))
    }

    #[test]
    fn a_stale_page_changes_only_what_its_reader_changed() {
        let shown = Seen::of(["one", "two"], &Answers::new());
        let shown = Seen::read(&shown.written()).unwrap();
        // Meanwhile a colleague answered the first.
        let now = Answers::from([("one".to_owned(), said(Grade::Yes))]);
        let given = [("one", None), ("two", Some(said(Grade::No))), ("hidden", None)];
        let merged = shown.merge(&given, &now);
        assert_eq!((merged.changes, merged.conflicts.len()), (vec![("two", Some(said(Grade::No)))], 0));
    }

    #[test]
    fn two_different_answers_to_one_question_are_a_conflict() {
        let shown = Seen::of(["one"], &Answers::new());
        let now = Answers::from([("one".to_owned(), said(Grade::Yes))]);
        assert_eq!(shown.merge(&[("one", Some(said(Grade::No)))], &now).conflicts, ["one"]);
        assert_eq!(shown.merge(&[("one", Some(said(Grade::Yes)))], &now), Merged::default());
    }

    #[test]
    fn the_mark_of_all_moves_with_each_answer_and_each_file() {
        let file = |sha256: &str| Supporting {
            document: DocumentId::fresh(),
            name: "SOC 2.pdf".to_owned(),
            size: 1,
            sha256: sha256.to_owned(),
            scan: Scan::Clean,
            ends_on: None,
            removed: false,
        };
        let files = |all: Vec<Supporting>| Files::from([("one".to_owned(), all)]);
        let answers = |grade| Answers::from([("one".to_owned(), said(grade))]);
        let yes = mark_of_all(&answers(Grade::Yes), &files(vec![file("a"), file("b")]));
        assert_eq!(yes, mark_of_all(&answers(Grade::Yes), &files(vec![file("b"), file("a")])));
        assert_ne!(yes, mark_of_all(&answers(Grade::No), &files(vec![file("a"), file("b")])));
        assert_ne!(yes, mark_of_all(&answers(Grade::Yes), &files(vec![file("a")])));
        assert_eq!(mark_of_all(&Answers::new(), &files(vec![])), mark_of_all(&Answers::new(), &Files::new()));
    }

    #[test]
    fn taking_an_answer_back_is_a_change() {
        let now = Answers::from([("one".to_owned(), said(Grade::Yes))]);
        let shown = Seen::of(["one"], &now);
        assert_eq!(shown.merge(&[("one", None)], &now).changes, [("one", None)]);
        assert_eq!(Seen::read(" "), None);
    }
}
