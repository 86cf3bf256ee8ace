//! The answers as a list to read: before signing with a link to change each, on the receipt
//! without.

use chrono::NaiveDate;
use serde::Serialize;

use super::colleagues::authors::Authors;
use super::evidence::href;
use super::view::{HOSTILE, longest};
use crate::domain::answers::Answers;
pub use crate::domain::answers::listed::{notes, said};
use crate::domain::answers::support::{Files, Supporting};
use crate::domain::questionnaire::{Question, Questionnaire};

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SectionAnswers<'a> {
    title: &'a str,
    /// Who answered it, where that was not one person alone.
    by: Option<String>,
    rows: Vec<Row<'a>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Row<'a> {
    id: &'a str,
    question: &'a str,
    answer: Option<String>,
    notes: Vec<String>,
    /// The files that support it.
    files: Vec<File>,
    change: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct File {
    says: String,
    href: Option<String>,
}

/// The questions that apply with their answers, by section.
pub fn by_section<'a>(
    questionnaire: &'a Questionnaire,
    applicable: &[&Question],
    answers: &Answers,
    changeable: bool,
) -> Vec<SectionAnswers<'a>> {
    sections(questionnaire, applicable, answers, changeable.then_some("/respond"))
}

/// Puts the files under the answers, as they stand on `today`.
pub fn attach(sections: &mut [SectionAnswers<'_>], files: &Files, today: NaiveDate) {
    for row in sections.iter_mut().flat_map(|section| &mut section.rows) {
        let line = |file: &Supporting| File { says: file.says(today), href: href(file).filter(|_| !file.removed) };
        row.files = files.get(row.id).into_iter().flatten().map(line).collect();
    }
}

/// Puts more words under the answers.
pub fn beside(sections: &mut [SectionAnswers<'_>], says: impl Fn(&str) -> Vec<String>) {
    for row in sections.iter_mut().flat_map(|section| &mut section.rows) {
        row.notes.extend(says(row.id));
    }
}

/// Says over each section who answered it.
pub fn written_by(sections: &mut [SectionAnswers<'_>], authors: &Authors) {
    for section in sections {
        section.by = authors.of_these(section.rows.iter().filter(|row| row.answer.is_some()).map(|row| row.id));
    }
}

/// The same, with the address below which the pages are that change an answer.
pub fn sections<'a>(
    questionnaire: &'a Questionnaire,
    applicable: &[&Question],
    answers: &Answers,
    change: Option<&str>,
) -> Vec<SectionAnswers<'a>> {
    let row = |topic: &str, question: &'a Question| {
        let answer = answers.get(&question.slug);
        Row {
            id: &question.slug,
            question: &question.text,
            answer: answer.map(|answer| said(question, answer)),
            notes: answer.map(|answer| notes(question, answer)).unwrap_or_default(),
            files: Vec::new(),
            change: change.map(|at| format!("{at}/{topic}?back=check#{}", question.slug)),
        }
    };
    let applies = |question: &Question| applicable.iter().any(|one| one.slug == question.slug);
    let mut sections = Vec::new();
    for section in &questionnaire.sections {
        let rows: Vec<Row<'a>> = section
            .topics
            .iter()
            .flat_map(|topic| topic.questions.iter().map(move |question| (&topic.id, question)))
            .filter(|(_, question)| applies(question))
            .map(|(topic, question)| row(topic, question))
            .collect();
        if !rows.is_empty() {
            sections.push(SectionAnswers { title: &section.title, by: None, rows });
        }
    }
    sections
}

/// Samples for the pages that list answers.
pub fn samples(changeable: bool) -> [Vec<SectionAnswers<'static>>; 3] {
    let row = |question, answer: Option<&str>, note: &str| Row {
        id: "tec.encrypt.stored",
        question,
        answer: answer.map(str::to_owned),
        notes: vec![note.to_owned()],
        files: vec![File { says: note.to_owned(), href: Some("/respond/files/1".to_owned()) }],
        change: changeable.then(|| "/respond/encryption?back=check#tec.encrypt.stored".to_owned()),
    };
    let section = |title: &'static str, rows| vec![SectionAnswers { title, by: Some(title.to_owned()), rows }];
    let text = "Is our patient information encrypted wherever you store it?";
    [
        section("Computers and networks", vec![row(text, Some("Yes"), "Keys are kept apart."), row(text, None, "")]),
        section(longest(120), vec![row(longest(400), Some(longest(2_000)), longest(2_000)); 80]),
        section(HOSTILE, vec![row(HOSTILE, Some(HOSTILE), HOSTILE)]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::questionnaire::Gravity;
    use crate::domain::scoring::fixtures::{question, questionnaire};

    #[test]
    fn a_question_that_does_not_apply_is_not_listed_and_a_blank_one_is() {
        let form = questionnaire(vec![question("a.one", 1, Gravity::None), question("a.two", 1, Gravity::None)]);
        let applicable: Vec<&Question> = form.questions().skip(1).collect();
        let listed = by_section(&form, &applicable, &Answers::new(), true);
        let change = Some("/respond/all?back=check#a.two".to_owned());
        let row = Row { id: "a.two", question: "", answer: None, notes: Vec::new(), files: Vec::new(), change };
        assert_eq!(listed, [SectionAnswers { title: "", by: None, rows: vec![row] }]);
    }
}
