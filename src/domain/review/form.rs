//! What a reviewer's page offers to decide, what it showed, and what a page that comes back
//! changes: two reviewers at once never overwrite each other unseen.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::{Decisions, checkable, mark};
use crate::domain::answers::support::Files;
use crate::domain::answers::{Answers, Value};
use crate::domain::ids::DocumentId;

/// What stands decided about one answer, as a form has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Whether "does not apply" is accepted; `None` is not decided.
    pub na: Option<bool>,
    pub checked: bool,
}

/// One answer as it lies before a reviewer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// Tells this answer and its readable files from any other: eight digits.
    pub mark: String,
    pub choice: Choice,
    /// It says "does not apply": that is to be decided.
    pub asks_na: bool,
    /// The files that can be checked; empty where nothing can.
    pub files: BTreeSet<DocumentId>,
}

impl Point {
    /// What of a choice can be decided here at all.
    pub fn allowed(&self, given: Choice) -> Choice {
        Choice { na: given.na.filter(|_| self.asks_na), checked: given.checked && !self.files.is_empty() }
    }
}

/// The points by question.
pub type Points = BTreeMap<String, Point>;

/// What may be decided about these questions, and what is. A blank answer is nothing to decide.
pub fn points<'a>(
    slugs: impl IntoIterator<Item = &'a str>,
    answers: &Answers,
    files: &Files,
    decisions: &Decisions,
    today: NaiveDate,
) -> Points {
    let point = |slug: &str| {
        let answer = answers.get(slug)?;
        let under = files.get(slug).map_or(&[][..], Vec::as_slice);
        let decision = decisions.get(slug).filter(|decision| decision.holds(answer));
        let (files, asks_na) = (checkable(under, today), answer.value == Value::NotApplicable);
        let choice = Choice {
            na: decision.and_then(|decision| decision.na.as_ref()).map(|ruling| ruling.accepted).filter(|_| asks_na),
            checked: decision.is_some_and(|decision| decision.is_checked(under, today)) && !files.is_empty(),
        };
        Some((slug.to_owned(), Point { mark: short(&mark(answer), &files), choice, asks_na, files }))
    };
    slugs.into_iter().filter_map(point).collect()
}

fn short(answer: &str, files: &BTreeSet<DocumentId>) -> String {
    let mut digest = Sha256::new_with_prefix(answer);
    files.iter().for_each(|file| digest.update(file.0.as_bytes()));
    digest.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// The questions where "does not apply" is not decided: before that no reply is accepted.
pub fn undecided(points: &Points) -> Vec<&str> {
    let open = points.iter().filter(|(_, point)| point.asks_na && point.choice.na.is_none());
    open.map(|(slug, _)| slug.as_str()).collect()
}

/// What a page showed, by question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown(BTreeMap<String, (String, Choice)>);

/// What a page that comes back means for the decisions on record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    pub changes: Vec<(String, Choice)>,
    /// Questions that were decided otherwise meanwhile, or answered anew.
    pub conflicts: Vec<String>,
}

impl Shown {
    /// What a page with these points shows.
    pub fn of(points: &Points) -> Self {
        Self(points.iter().map(|(slug, point)| (slug.clone(), (point.mark.clone(), point.choice))).collect())
    }

    /// The questions that it showed.
    pub fn slugs(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// `tec.patching:1a2b3c4d-c phy.paper.shred:5e6f7a8ba-`
    pub fn written(&self) -> String {
        let one = |(slug, (mark, choice)): (&String, &(String, Choice))| {
            let na = choice.na.map_or('-', |accepted| if accepted { 'a' } else { 'r' });
            format!("{slug}:{mark}{na}{}", if choice.checked { 'c' } else { '-' })
        };
        self.0.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    /// Reads [`Shown::written`]; what does not fit is left out.
    pub fn read(text: &str) -> Self {
        let one = |word: &str| {
            let (slug, rest) = word.rsplit_once(':')?;
            let (mark, choice) = rest.split_at_checked(8)?;
            let (na, checked) = match choice {
                "--" => (None, false),
                "-c" => (None, true),
                "a-" => (Some(true), false),
                "ac" => (Some(true), true),
                "r-" => (Some(false), false),
                "rc" => (Some(false), true),
                _ => return None,
            };
            Some((slug.to_owned(), (mark.to_owned(), Choice { na, checked })))
        };
        Self(text.split_whitespace().filter_map(one).collect())
    }

    /// Compares what was given with what was shown and what stands now. What was not shown,
    /// and what its reader left as it was, is left alone.
    pub fn merge(&self, given: &BTreeMap<String, Choice>, now: &Points) -> Merged {
        let mut merged = Merged::default();
        for (slug, given) in given {
            let Some((mark, shown)) = self.0.get(slug) else { continue };
            // A question that applies no more is nothing to decide.
            let Some(point) = now.get(slug) else { continue };
            let same = point.mark == *mark;
            let given = if same { point.allowed(*given) } else { *given };
            if given == *shown || same && given == point.choice {
                continue;
            }
            if same && point.choice == *shown {
                merged.changes.push((slug.clone(), given));
            } else {
                merged.conflicts.push(slug.clone());
            }
        }
        merged
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ACCEPT: Choice = Choice { na: Some(true), checked: false };
    const REJECT: Choice = Choice { na: Some(false), checked: false };
    const OPEN: Choice = Choice { na: None, checked: false };

    fn na(choice: Choice) -> Point {
        Point { mark: "1a2b3c4d".to_owned(), choice, asks_na: true, files: BTreeSet::new() }
    }

    fn at(slug: &str, point: Point) -> Points {
        Points::from([(slug.to_owned(), point)])
    }

    fn given(slug: &str, choice: Choice) -> BTreeMap<String, Choice> {
        BTreeMap::from([(slug.to_owned(), choice)])
    }

    #[test]
    fn two_reviewers_who_decide_otherwise_hear_of_it() {
        let shown = Shown::of(&at("a", na(OPEN)));
        let now = at("a", na(REJECT));
        assert_eq!(shown.merge(&given("a", ACCEPT), &now).conflicts, ["a"]);
        assert_eq!(shown.merge(&given("a", REJECT), &now), Merged::default(), "they agree");
        assert_eq!(shown.merge(&given("a", OPEN), &now), Merged::default(), "left alone");
    }

    #[test]
    fn a_decision_on_an_answer_that_was_given_anew_is_asked_about() {
        let shown = Shown::of(&at("a", na(OPEN)));
        let anew = Point { mark: "ffffffff".to_owned(), ..na(OPEN) };
        assert_eq!(shown.merge(&given("a", ACCEPT), &at("a", anew.clone())).conflicts, ["a"]);
        assert_eq!(shown.merge(&given("a", OPEN), &at("a", anew)), Merged::default());
        assert_eq!(shown.merge(&given("a", ACCEPT), &Points::new()), Merged::default());
    }

    #[test]
    fn what_nobody_offered_is_not_decided() {
        let plain = Point { asks_na: false, ..na(OPEN) };
        let everything = Choice { na: Some(true), checked: true };
        assert_eq!(
            Shown::of(&at("a", plain.clone())).merge(&given("a", everything), &at("a", plain)),
            Merged::default()
        );
        assert_eq!(Shown::default().merge(&given("a", ACCEPT), &at("a", na(OPEN))), Merged::default());
    }

    fn choices() -> impl Strategy<Value = Choice> {
        (proptest::option::of(any::<bool>()), any::<bool>()).prop_map(|(na, checked)| Choice { na, checked })
    }

    fn all() -> impl Strategy<Value = Points> {
        let point = ("[0-9a-f]{8}", choices()).prop_map(|(mark, choice)| Point {
            mark,
            choice,
            asks_na: true,
            files: [DocumentId(uuid::Uuid::nil())].into(),
        });
        proptest::collection::btree_map("[a-z]{1,4}(\\.[a-z-]{1,6}){0,2}", point, 0..6)
    }

    proptest! {
        #[test]
        fn marks_come_back_as_they_were_written(points in all()) {
            let shown = Shown::of(&points);
            prop_assert_eq!(Shown::read(&shown.written()), shown);
        }

        #[test]
        fn any_text_is_read(text in "\\PC{0,60}") {
            let _ = Shown::read(&text);
        }

        /// Whatever two people do to the same page, each decision is the first's, the second's
        /// where the first left it alone, or a conflict.
        #[test]
        fn nothing_is_lost_between_two(points in all(), ours in vec_of(), theirs in vec_of()) {
            let shown = Shown::of(&points);
            let pick = |choices: &[Choice]| -> BTreeMap<String, Choice> {
                points.keys().cloned().zip(choices.iter().copied()).collect()
            };
            let (first, second) = (pick(&theirs), pick(&ours));
            let mut now = points.clone();
            for (slug, choice) in shown.merge(&first, &points).changes {
                now.get_mut(&slug).unwrap().choice = choice;
            }
            let merged = shown.merge(&second, &now);
            for (slug, choice) in &second {
                let (was, is) = (points[slug].choice, now[slug].choice);
                let changed = merged.changes.iter().any(|(one, _)| one == slug);
                let conflict = merged.conflicts.contains(slug);
                prop_assert_eq!(changed, *choice != was && is == was);
                prop_assert_eq!(conflict, *choice != was && is != was && *choice != is);
            }
        }
    }

    fn vec_of() -> impl Strategy<Value = Vec<Choice>> {
        proptest::collection::vec(choices(), 6)
    }
}
