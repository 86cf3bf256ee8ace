//! The questionnaire goes away as a workbook, and comes back filled in.

use chrono::{DateTime, Utc};

use super::receive::{self, Opened};
use crate::domain::access::Scope;
use crate::domain::answers::form;
use crate::domain::answers::seen::{Merged, Seen};
use crate::domain::answers::sheet::read::Filled;
use crate::domain::answers::{Answer, Answers, bare};
use crate::domain::assessment::Assessment;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::questionnaire::{Question, Questionnaire};
use crate::store::{self, Db, StoreError};

/// What a filled-in workbook would change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Answers that differ from those on record.
    pub changes: Vec<Change>,
    /// How many say what is on record already.
    pub same: usize,
    /// Questions that are not asked, as the other answers are.
    pub not_asked: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub slug: String,
    pub was: Option<Answer>,
    pub becomes: Answer,
    /// Somebody answered the question differently since the workbook was taken.
    pub meanwhile: bool,
}

/// Compares what a workbook says with what is on record. Pure: nothing is saved.
pub fn plan(questionnaire: &Questionnaire, assessment: &Assessment, recorded: &Answers, filled: &Filled) -> Plan {
    let given: Vec<(&str, Option<Answer>)> =
        filled.given.iter().map(|(slug, answer)| (slug.as_str(), Some(answer.clone()))).collect();
    let plain = bare(recorded);
    // A line without a mark is of somebody's own making: as if the question had been blank.
    let blank = Seen::of(given.iter().map(|(slug, _)| *slug), &Answers::new());
    let Merged { changes, conflicts } = filled.shown.clone().or(blank).merge(&given, &plain);
    let answer_to = |slug: &str| filled.given.iter().find(|(one, _)| one == slug).map(|(_, answer)| answer.clone());
    let mut all: Vec<Change> = questionnaire
        .questions()
        .filter_map(|question| {
            let slug = question.slug.as_str();
            let meanwhile = conflicts.contains(&slug);
            let changed = meanwhile || changes.iter().any(|(one, _)| *one == slug);
            let becomes = answer_to(slug).filter(|_| changed)?;
            Some(Change { slug: slug.to_owned(), was: recorded.get(slug).cloned(), becomes, meanwhile })
        })
        .collect();
    let same = given.len() - all.len();
    let not_asked = drop_unasked(questionnaire, assessment, recorded, &mut all);
    Plan { changes: all, same, not_asked }
}

/// Takes out what the answers together leave unasked; one may hang on another.
fn drop_unasked(
    questionnaire: &Questionnaire,
    assessment: &Assessment,
    recorded: &Answers,
    changes: &mut Vec<Change>,
) -> Vec<String> {
    let mut dropped = Vec::new();
    loop {
        let mut answers = recorded.clone();
        answers.extend(changes.iter().map(|change| (change.slug.clone(), change.becomes.clone())));
        let asked = receive::applicable(questionnaire, assessment, &answers);
        let is_asked = |slug: &str| asked.iter().any(|question| question.slug == slug);
        let before = changes.len();
        dropped.extend(changes.iter().filter(|change| !is_asked(&change.slug)).map(|change| change.slug.clone()));
        changes.retain(|change| is_asked(&change.slug));
        if changes.len() == before {
            return dropped;
        }
    }
}

/// The questions of a form that came back, with their answers.
pub type Chosen<'a> = Vec<(&'a str, Option<Answer>)>;

/// Reads the answers that were chosen to be saved from the form that showed them.
///
/// # Errors
/// The first question that cannot be saved like that, and why.
pub fn chosen<'a>(
    questionnaire: &'a Questionnaire,
    assessment: &Assessment,
    recorded: &Answers,
    fields: &form::Fields,
    slugs: &[&str],
    today: chrono::NaiveDate,
) -> Result<Chosen<'a>, (&'a Question, String)> {
    let mut chosen = Vec::new();
    let asked = questionnaire.questions().filter(|question| assessment.asked.may_include(question));
    for question in asked.filter(|question| slugs.contains(&question.slug.as_str())) {
        match form::read(question, fields, today) {
            Ok(Some(answer)) => chosen.push((question.slug.as_str(), Some(answer))),
            Ok(None) => {}
            Err(fault) => return Err((question, fault.problem)),
        }
    }
    let mut answers = recorded.clone();
    answers.extend(chosen.iter().filter_map(|(slug, answer)| Some(((*slug).to_owned(), answer.clone()?))));
    let applies = receive::applicable(questionnaire, assessment, &answers);
    chosen.retain(|(slug, _)| applies.iter().any(|question| question.slug == *slug));
    Ok(chosen)
}

/// A line of the history about a workbook that was taken, brought or refused.
///
/// # Errors
/// The database's.
pub fn note(conn: &mut Db, opened: &Opened, act: Act, sentence: String, now: DateTime<Utc>) -> Result<(), StoreError> {
    let by = &Actor::Respondent(opened.invitation.sent_to.clone());
    let deed = Deed { by, act, vendor: Some(opened.assessment.vendor), sentence };
    store::entries::write(conn, &Scope::Practice(opened.practice.id), &deed, now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::domain::answers::{Told, Value, told::Way};
    use crate::domain::assessment::AssessmentState;
    use crate::domain::exposure::{Exposure, Tier};
    use crate::domain::ids::{AssessmentId, VendorId};
    use crate::domain::questionnaire::{Asked, NprmMode, Set};
    use crate::domain::scoring::fixtures::day;

    const DONE: &str = "org.self-check.done";

    fn assessment() -> Assessment {
        Assessment {
            id: AssessmentId::fresh(),
            vendor: VendorId::fresh(),
            cycle: 1,
            questionnaire: String::new(),
            digest: String::new(),
            asked: Asked { exposure: Exposure::default(), tier: Tier::One, set: Set::Full, nprm: NprmMode::default() },
            state: AssessmentState::InProgress,
            asked_on: day("2026-11-22"),
            due_on: day("2026-12-22"),
            reminders: 0,
            reminded_on: None,
            started_at: None,
            accepted_on: None,
        }
    }

    fn planned(shown: &Answers, recorded: &Answers, given: Answer) -> Plan {
        let catalogue = Catalogue::built_in().unwrap();
        let filled = Filled {
            given: vec![(DONE.to_owned(), given)],
            shown: Seen::of([DONE], &bare(shown)),
            ..Filled::default()
        };
        plan(catalogue.current(), &assessment(), recorded, &filled)
    }

    fn answers(value: Value) -> Answers {
        Answers::from([(DONE.to_owned(), Answer::of(value))])
    }

    #[test]
    fn what_was_changed_elsewhere_meanwhile_is_not_undone_by_an_old_copy() {
        let (old, new) = (answers(Value::Unknown), answers(Value::Choice("yes".into())));
        // Left as it was in the file: the newer answer stays.
        assert_eq!(planned(&old, &new, Answer::of(Value::Unknown)).changes, []);
        let both = planned(&old, &new, Answer::of(Value::Choice("no".into())));
        assert!(both.changes[0].meanwhile);
        let mine = planned(&old, &old, Answer::of(Value::Choice("no".into())));
        assert!(!mine.changes[0].meanwhile);
    }

    #[test]
    fn an_answer_that_was_told_and_is_left_alone_is_no_change() {
        let told = Told { by: "Pat".into(), on: day("2026-11-20"), way: Way::Paper, entered_by: "Dana".into() };
        let recorded = Answers::from([(DONE.to_owned(), Answer { told: Some(told), ..Answer::of(Value::Unknown) })]);
        let plan = planned(&recorded, &recorded, Answer::of(Value::Unknown));
        assert_eq!((plan.changes.len(), plan.same), (0, 1));
    }
}
