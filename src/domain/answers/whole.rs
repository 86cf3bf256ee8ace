//! What an answer lacks to make sense: "yes, abroad" without the country, a certificate without
//! what it covers, a person without a way to reach them. Asked for when an answer is given; one
//! on record that lacks it stays open. A matter of sense, not of credit: released questionnaires
//! are as they are.

use std::collections::BTreeMap;

use super::{Answer, Value};
use crate::domain::questionnaire::{AnswerKind, Column, Detail, DetailRule, ListCredit, Question};

/// Columns of days that cannot lie ahead, by key.
pub const PAST_COLUMNS: &[&str] = &["issued"];

/// What is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// The part of the form's field after the question's name: `detail`, `row.2.scope`.
    pub part: String,
    /// What to do, in words for the respondent.
    pub problem: String,
}

fn lack(part: impl Into<String>, problem: impl Into<String>) -> Option<Lack> {
    Some(Lack { part: part.into(), problem: problem.into() })
}

/// What this answer lacks, the first of it; rows are counted from 1.
pub fn lacks(question: &Question, answer: &Answer) -> Option<Lack> {
    match (&question.answer, &answer.value) {
        (_, Value::NotApplicable | Value::Unknown) => None,
        (AnswerKind::List { .. }, Value::Rows(rows)) => rows.iter().enumerate().find_map(|(at, row)| {
            let (column, problem) = lacks_in_row(question, row)?;
            lack(format!("row.{}.{}", at + 1, column.key), problem)
        }),
        (_, Value::Contact { name, email, phone }) => unreachable_person(name, email, phone),
        _ => question.detail.as_ref().filter(|detail| wants(detail, answer)).and_then(|detail| {
            lack("detail", format!("Fill in “{}”: the answer says too little without it", detail.label))
        }),
    }
}

/// A detail that is asked beside some answers only, or that nothing counts without.
fn wants(detail: &Detail, answer: &Answer) -> bool {
    let beside = detail.with.iter().any(|key| answer.is(key));
    let needed = beside || (detail.with.is_empty() && detail.rule == DetailRule::Needed);
    needed && answer.detail.as_deref().unwrap_or_default().trim().is_empty()
}

fn unreachable_person(name: &str, email: &str, phone: &str) -> Option<Lack> {
    if name.trim().is_empty() {
        return lack("name", "Say who it is");
    }
    let nowhere = email.trim().is_empty() && phone.trim().is_empty();
    nowhere.then_some(())?;
    lack("email", "Give an e-mail address or a telephone number too, so that this person can be reached")
}

/// The column that a row of a list needs and has not, and what to do.
pub fn lacks_in_row<'q>(question: &'q Question, row: &BTreeMap<String, String>) -> Option<(&'q Column, String)> {
    let AnswerKind::List { columns, credit, .. } = &question.answer else { return None };
    // What a certificate covers is half of what it says.
    let scope = match credit {
        ListCredit::InScope { scope, .. } => Some(scope),
        ListCredit::Stated | ListCredit::Current { .. } => None,
    };
    let blank = |column: &&Column| row.get(&column.key).is_none_or(|cell| cell.trim().is_empty());
    let needed = |column: &&Column| column.required || scope == Some(&column.key);
    let column = columns.iter().filter(needed).find(blank)?;
    Some((column, format!("Fill in “{}” in this row", column.label)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    fn lack_of(slug: &str, answer: &Answer) -> Option<String> {
        let catalogue = Catalogue::built_in().unwrap();
        lacks(catalogue.current().question(slug).unwrap(), answer).map(|lack| lack.part)
    }

    fn chosen(key: &str, detail: Option<&str>) -> Answer {
        Answer { detail: detail.map(str::to_owned), ..Answer::of(Value::Choice(key.to_owned())) }
    }

    #[test]
    fn yes_abroad_needs_the_country_and_no_does_not() {
        assert_eq!(lack_of("off.kept", &chosen("yes-agreed", None)).as_deref(), Some("detail"));
        assert_eq!(lack_of("off.kept", &chosen("yes-agreed", Some("Canada"))), None);
        assert_eq!(lack_of("off.kept", &chosen("no", None)), None);
        assert_eq!(lack_of("off.kept", &Answer::of(Value::Unknown)), None);
        assert_eq!(lack_of("prv.release.roles", &chosen("never", None)).as_deref(), Some("detail"));
    }

    #[test]
    fn a_number_that_only_lowers_the_credit_may_stay_blank() {
        let yes = Answer::of(Value::Grade(crate::domain::answers::Grade::Yes));
        assert_eq!(lack_of("tec.audit-trail", &yes), None);
    }

    #[test]
    fn a_certificate_says_what_it_covers() {
        let row = |cells: &[(&str, &str)]| -> BTreeMap<String, String> {
            cells.iter().map(|(key, cell)| ((*key).to_owned(), (*cell).to_owned())).collect()
        };
        let whole = row(&[("kind", "SOC 2"), ("scope", "covers")]);
        let bare = row(&[("kind", "ISO 27001")]);
        let answer = |rows: &[&BTreeMap<String, String>]| {
            Answer::of(Value::Rows(rows.iter().map(|row| (*row).clone()).collect()))
        };
        assert_eq!(lack_of("org.certificates", &answer(&[&whole])), None);
        assert_eq!(lack_of("org.certificates", &answer(&[&whole, &bare])).as_deref(), Some("row.2.scope"));
        assert_eq!(lack_of("org.membership", &answer(&[&row(&[("name", "AHIMA")])])), None);
    }

    #[test]
    fn a_person_is_somebody_who_can_be_reached() {
        let person = |name: &str, email: &str, phone: &str| {
            Answer::of(Value::Contact { name: name.to_owned(), email: email.to_owned(), phone: phone.to_owned() })
        };
        let lack = |answer: &Answer| lack_of("org.officer", answer);
        assert_eq!(lack(&person("Lee", "", "")).as_deref(), Some("email"));
        assert_eq!(lack(&person("", "lee@vendor.test", "")).as_deref(), Some("name"));
        assert_eq!((lack(&person("Lee", "", "555-0100")), lack(&person("Lee", "l@v.test", ""))), (None, None));
    }
}
