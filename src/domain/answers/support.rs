//! The files that support answers, and how much more an answer counts with them: a file in date
//! makes it documented, one that has ended leaves it one level lower (`domain/hipaa.md` 3.3).

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Answers, Evidence};
use crate::domain::civil_date;
use crate::domain::document::Scan;
use crate::domain::ids::DocumentId;

/// Different files that one reply may have.
pub const MOST_FILES: usize = 60;

/// A file under an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supporting {
    pub document: DocumentId,
    pub name: String,
    /// Bytes.
    pub size: u32,
    /// In hex.
    pub sha256: String,
    pub scan: Scan,
    pub ends_on: Option<NaiveDate>,
    /// The practice took it off its pages: it supports nothing any more.
    pub removed: bool,
}

/// The files by question.
pub type Files = BTreeMap<String, Vec<Supporting>>;

impl Supporting {
    /// Whether it holds on `today`. The last day still counts.
    pub fn in_date(&self, today: NaiveDate) -> bool {
        self.ends_on.is_none_or(|ends| ends >= today)
    }

    /// `SOC 2.pdf, until March 1, 2027`
    pub fn says(&self, today: NaiveDate) -> String {
        match self.ends_on.map(civil_date::say) {
            None => self.name.clone(),
            Some(day) if self.in_date(today) => format!("{}, until {day}", self.name),
            Some(day) => format!("{}, which ended on {day}", self.name),
        }
    }
}

/// What files make of an answer; `None` without any.
pub fn level(files: &[Supporting], today: NaiveDate) -> Option<Evidence> {
    let there = || files.iter().filter(|file| !file.removed);
    match there().any(|file| file.in_date(today)) {
        true => Some(Evidence::Document),
        false => there().next().map(|_| Evidence::Narrative),
    }
}

/// The answers with what their files make of them on `today`. Never less than they were.
pub fn supported(answers: &Answers, files: &Files, today: NaiveDate) -> Answers {
    let mut supported = answers.clone();
    for (slug, files) in files {
        if let (Some(answer), Some(level)) = (supported.get_mut(slug), level(files, today)) {
            answer.evidence = answer.evidence.max(level);
        }
    }
    supported
}

/// The files without those that the practice took off.
pub fn still_there(mut files: Files) -> Files {
    files.values_mut().for_each(|files| files.retain(|file| !file.removed));
    files
}

/// Whether there were files and none of them holds any more.
pub fn has_ended(files: &[Supporting], today: NaiveDate) -> bool {
    !files.is_empty() && !files.iter().any(|file| file.in_date(today))
}

/// How many different files there are.
pub fn count(files: &Files) -> usize {
    let mut all: Vec<DocumentId> = files.values().flatten().map(|file| file.document).collect();
    all.sort_unstable();
    all.dedup();
    all.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::answers::{Answer, Grade, Value};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn file(ends_on: Option<NaiveDate>) -> Supporting {
        Supporting {
            document: DocumentId::fresh(),
            name: "SOC 2.pdf".to_owned(),
            size: 1,
            sha256: String::new(),
            scan: Scan::Clean,
            ends_on,
            removed: false,
        }
    }

    #[test]
    fn a_file_supports_up_to_its_last_day_and_counts_less_after_it() {
        let files = [file(Some(day("2026-12-31")))];
        assert_eq!(level(&files, day("2026-12-31")), Some(Evidence::Document));
        assert_eq!(level(&files, day("2027-01-01")), Some(Evidence::Narrative));
        assert_eq!(level(&[file(None)], day("2099-01-01")), Some(Evidence::Document));
        assert_eq!(level(&[], day("2026-12-31")), None);
        assert!(has_ended(&files, day("2027-01-01")) && !has_ended(&files, day("2026-12-31")));
        assert!(!has_ended(&[], day("2027-01-01")));
        assert_eq!(files[0].says(day("2027-01-01")), "SOC 2.pdf, which ended on December 31, 2026");
    }

    #[test]
    fn a_file_that_was_taken_off_supports_nothing() {
        let files = [Supporting { removed: true, ..file(None) }];
        assert_eq!(level(&files, day("2026-12-31")), None);
    }

    #[test]
    fn one_file_under_two_answers_is_one_file() {
        let one = file(None);
        let files = Files::from([("a".to_owned(), vec![one.clone()]), ("b".to_owned(), vec![one, file(None)])]);
        assert_eq!(count(&files), 2);
    }

    proptest! {
        #[test]
        fn files_never_make_an_answer_count_less(
            before in proptest::sample::select(Evidence::ALL),
            ends in proptest::collection::vec(proptest::option::of(0u64..400), 0..4),
        ) {
            let today = day("2026-11-23");
            let files: Vec<_> =
                ends.iter().map(|days| file(days.map(|days| day("2026-06-01") + chrono::Days::new(days)))).collect();
            let answer = Answer { evidence: before, ..Answer::of(Value::Grade(Grade::Yes)) };
            let answers = Answers::from([("a".to_owned(), answer)]);
            let after = supported(&answers, &Files::from([("a".to_owned(), files), ("b".to_owned(), vec![])]), today);
            prop_assert_eq!(after.len(), 1);
            prop_assert!(after["a"].evidence >= before);
        }
    }
}
