//! A question of every kind, in given words, filled in with given words: for the samples of
//! the topic page.

use std::sync::LazyLock;

use super::earlier::Earlier;
use super::view::{HOSTILE, longest};
use crate::domain::answers::form::Fields;
use crate::domain::answers::{Answer, Value};
use crate::domain::condition::Condition;
use crate::domain::ids::AssessmentId;
use crate::domain::questionnaire::{
    AnswerKind, Authority, Choice, Column, ColumnChoice, ColumnKind, Detail, DetailKind, DetailRule, Gravity,
    ListCredit, Question, Specification,
};

/// One question of each kind: in plain words, in the longest, in hostile ones.
pub static EVERY_KIND: LazyLock<[Vec<Question>; 3]> =
    LazyLock::new(|| ["Is it encrypted?", longest(400), HOSTILE].map(every_kind));

fn every_kind(text: &str) -> Vec<Question> {
    let text = || text.to_owned();
    let choices = || vec![Choice { key: "some".to_owned(), says: text(), credit: 50 }];
    let column =
        |key: &str, kind, choices| Column { key: key.to_owned(), label: text(), kind, choices, required: true };
    let columns = vec![
        column("name", ColumnKind::Text, Vec::new()),
        column("ends", ColumnKind::Date, Vec::new()),
        column("kind", ColumnKind::Choice, vec![ColumnChoice { key: "some".to_owned(), says: text() }]),
    ];
    let kinds = [
        AnswerKind::Graded,
        AnswerKind::Choice { choices: choices() },
        AnswerKind::Several { choices: choices(), credit_by_count: vec![0, 100] },
        AnswerKind::Date { bands: Vec::new() },
        AnswerKind::Number { unit: text(), least: 0, most: 2_000, bands: Vec::new() },
        AnswerKind::List { columns, none_says: Some(text()), credit: ListCredit::Stated },
        AnswerKind::Contact,
        AnswerKind::Text,
        AnswerKind::Tick,
    ];
    let detail =
        || Detail { label: text(), kind: DetailKind::Text, with: vec!["some".to_owned()], rule: DetailRule::Noted };
    let question = |(answer, number): (AnswerKind, usize)| Question {
        slug: format!("all.kind-{number}"),
        text: text(),
        short: text(),
        why: text(),
        help: text(),
        evidence: text(),
        answer,
        detail: Some(detail()),
        weight: 3,
        gravity: Gravity::None,
        specification: Specification::Addressable,
        citations: vec!["164.308(a)(8)".to_owned()],
        authority: Authority::Proposed,
        proposed: Some(text()),
        causes: [].into(),
        applies: Condition::All,
        change_bearing: false,
        lite: true,
        required: false,
    };
    kinds.into_iter().zip(1..).map(question).collect()
}

/// The fields of these questions, each with the same text.
pub fn filled(questions: &[Question], text: &str) -> Fields {
    let parts =
        ["", ":reason", ":by", ":detail", ":state", ":none", ":name", ":email", ":phone", ":row.3.name", ":row.3.ends"];
    let field = |question: &Question, part: &str| (format!("{}{part}", question.slug), text.to_owned());
    questions.iter().flat_map(|question| parts.map(|part| field(question, part))).collect()
}

/// An earlier answer that may be confirmed.
pub fn earlier(says: &str) -> Earlier {
    Earlier {
        assessment: AssessmentId::fresh(),
        answer: Answer::of(Value::Tick(true)),
        says: says.to_owned(),
        afresh: None,
    }
}
