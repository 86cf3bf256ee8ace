//! The answer of an earlier year, offered to be confirmed: "still true" or "changed". It is
//! never copied silently, and what decides an outcome or has run out is asked afresh.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Answer, Grade, Value};
use crate::domain::questionnaire::{AnswerKind, Gravity, ListCredit, Question};

/// Why an earlier answer is not offered to be confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Afresh {
    /// It caps the score or stops sharing by itself.
    Decisive,
    /// A day of something done once a year: the day is another one now.
    Dated,
    /// It was to be in place by a day that has come.
    PlanDue,
    /// A certificate or the like in it has ended.
    Ended,
    /// "Not sure" is no answer to stand by.
    NotSure,
    /// The question is put in another way now.
    AskedDifferently,
}

impl Afresh {
    /// What the respondent is told.
    pub const fn says(self) -> &'static str {
        match self {
            Afresh::Decisive => "Please answer afresh: this question decides much.",
            Afresh::Dated => "Please give the day as it is now.",
            Afresh::PlanDue => "The day you planned for has come. Please say how it stands now.",
            Afresh::Ended => "Something in that answer has ended since. Please answer afresh.",
            Afresh::NotSure => "You were not sure then. Perhaps you know now.",
            Afresh::AskedDifferently => "The question has changed since. Please answer it as it stands now.",
        }
    }
}

/// Why the answer given to `before` must be given afresh to `now`, if so. `ended`: what
/// supported it has ended.
pub fn afresh(now: &Question, before: &Question, answer: &Answer, ended: bool, today: NaiveDate) -> Option<Afresh> {
    if now.answer != before.answer || now.text != before.text {
        return Some(Afresh::AskedDifferently);
    }
    if now.gravity != Gravity::None {
        return Some(Afresh::Decisive);
    }
    match &answer.value {
        Value::Unknown => Some(Afresh::NotSure),
        Value::Choice(key) if key == "unknown" => Some(Afresh::NotSure),
        Value::Grade(Grade::Planned) if answer.by.is_none_or(|by| by <= today) => Some(Afresh::PlanDue),
        Value::Date(_) => Some(Afresh::Dated),
        Value::Rows(rows) if rows_ended(now, rows, today) => Some(Afresh::Ended),
        _ if ended => Some(Afresh::Ended),
        _ => None,
    }
}

/// Whether a row has run out: a certificate, say.
fn rows_ended(question: &Question, rows: &[BTreeMap<String, String>], today: NaiveDate) -> bool {
    let AnswerKind::List { credit: ListCredit::InScope { ends, .. }, .. } = &question.answer else { return false };
    let passed = |text: &String| text.parse::<NaiveDate>().is_ok_and(|day| day < today);
    rows.iter().filter_map(|row| row.get(ends)).any(passed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    fn today() -> NaiveDate {
        "2026-11-23".parse().unwrap()
    }

    fn question(slug: &str) -> Question {
        Catalogue::built_in().unwrap().current().question(slug).cloned().unwrap()
    }

    fn why(slug: &str, answer: Answer) -> Option<Afresh> {
        let question = question(slug);
        afresh(&question, &question, &answer, false, today())
    }

    #[test]
    fn an_ordinary_answer_may_be_confirmed() {
        assert_eq!(why("adm.screening", Answer::of(Value::Grade(Grade::Yes))), None);
        assert_eq!(why("adm.screening", Answer::of(Value::Grade(Grade::No))), None);
    }

    #[test]
    fn what_decides_runs_out_or_was_not_known_is_asked_afresh() {
        let catalogue = Catalogue::built_in().unwrap();
        for question in catalogue.current().questions().filter(|question| question.gravity != Gravity::None) {
            assert_eq!(why(&question.slug, Answer::of(Value::Grade(Grade::Yes))), Some(Afresh::Decisive));
        }
        let planned = |by: &str| Answer { by: Some(by.parse().unwrap()), ..Answer::of(Value::Grade(Grade::Planned)) };
        assert_eq!(why("adm.screening", planned("2026-11-23")), Some(Afresh::PlanDue));
        assert_eq!(why("adm.screening", planned("2026-11-24")), None);
        assert_eq!(why("adm.screening", Answer::of(Value::Unknown)), Some(Afresh::NotSure));
        assert_eq!(why("org.self-check.date", Answer::of(Value::Date(today()))), Some(Afresh::Dated));
        let yes = Answer::of(Value::Grade(Grade::Yes));
        let training = question("adm.screening");
        assert_eq!(afresh(&training, &training, &yes, true, today()), Some(Afresh::Ended));
        let reworded = Question { text: "Otherwise".to_owned(), ..training.clone() };
        assert_eq!(afresh(&training, &reworded, &yes, false, today()), Some(Afresh::AskedDifferently));
    }

    #[test]
    fn a_certificate_that_has_ended_is_asked_for_again() {
        let rows = |day: &str| Answer::of(Value::Rows(vec![[("expires".to_owned(), day.to_owned())].into()]));
        assert_eq!(why("org.certificates", rows("2026-11-22")), Some(Afresh::Ended));
        assert_eq!(why("org.certificates", rows("2026-11-23")), None);
    }
}
