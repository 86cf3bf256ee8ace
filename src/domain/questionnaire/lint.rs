//! What is wrong with a questionnaire, said with file, line and question.
//!
//! [`super::parse`] refuses what cannot be read; this finds what can be read and must not
//! be released: a weight out of range, a condition on a question that does not exist, a
//! citation that is not one, a released version that was edited.

use std::collections::{BTreeMap, BTreeSet};

use super::parse::{self, digest};
use super::{AnswerKind, Authority, DetailRule, Gravity, ListCredit, Purpose, Question, Questionnaire};
use crate::domain::answers::Grade;
use crate::domain::citation;

/// One thing to mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub file: String,
    /// Line in the file, from 1.
    pub line: usize,
    /// The question's slug; empty when the file as a whole is at fault.
    pub question: String,
    pub problem: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.question.is_empty() {
            return write!(f, "{}, line {}: {}", self.file, self.line, self.problem);
        }
        write!(f, "{}, line {}, question {}: {}", self.file, self.line, self.question, self.problem)
    }
}

/// Looks through one file. `released` holds the digest of every released file by name.
pub fn lint(file: &str, text: &str, released: &BTreeMap<String, String>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let whole = |problem: String| Fault { file: file.to_owned(), line: 1, question: String::new(), problem };
    if released.get(file).is_some_and(|kept| *kept != digest(text)) {
        faults.push(whole("this version is released and was edited; undo it and write a new version".to_owned()));
    }
    let questionnaire = match parse::parse(file, text) {
        Ok(questionnaire) => questionnaire,
        Err(parse::ParseError::Question { slug, problem, .. }) => {
            faults.push(Fault { file: file.to_owned(), line: line_of(text, &slug), question: slug, problem });
            return faults;
        }
        Err(parse::ParseError::Shape { problem, .. }) => {
            faults.push(Fault { line: toml_line(text), ..whole(problem) });
            return faults;
        }
    };
    if format!("{}.toml", questionnaire.name()) != file {
        faults.push(whole(format!("is {} inside; name the file {0}.toml", questionnaire.name())));
    }
    faults.extend(repeats(&questionnaire).into_iter().map(whole));
    for question in questionnaire.questions() {
        for problem in problems(&questionnaire, question) {
            let line = line_of(text, &question.slug);
            faults.push(Fault { file: file.to_owned(), line, question: question.slug.clone(), problem });
        }
    }
    faults
}

/// Reads the list of released files: lines of `SHA-256  name`, as `sha256sum` writes them.
pub fn released(text: &str) -> BTreeMap<String, String> {
    text.lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(digest, name)| (name.trim().to_owned(), digest.trim().to_owned()))
        .collect()
}

fn line_of(text: &str, slug: &str) -> usize {
    let wanted = format!("\"{slug}\"");
    text.lines().position(|line| line.trim_start().starts_with("id") && line.contains(&wanted)).map_or(1, |at| at + 1)
}

fn toml_line(text: &str) -> usize {
    toml::from_str::<toml::Table>(text)
        .err()
        .and_then(|error| error.span())
        .map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1)
}

fn repeats(questionnaire: &Questionnaire) -> Vec<String> {
    let topics = questionnaire.sections.iter().flat_map(|section| &section.topics).map(|topic| topic.id.as_str());
    let slugs = questionnaire.questions().map(|question| question.slug.as_str());
    let mut seen = BTreeSet::new();
    topics
        .map(|id| format!("topic {id}"))
        .chain(slugs.map(|slug| format!("question {slug}")))
        .filter(|name| !seen.insert(name.clone()))
        .map(|name| format!("{name} stands twice"))
        .collect()
}

fn problems(questionnaire: &Questionnaire, question: &Question) -> Vec<String> {
    let mut found = Vec::new();
    let mut check = |fine: bool, problem: &str| {
        if !fine {
            found.push(problem.to_owned());
        }
    };
    let scored = questionnaire.purpose == Purpose::SelfAssessment;
    check(slug_is_well_formed(&question.slug), "the id may hold lower-case letters, digits, dots and hyphens only");
    check(!question.text.trim().is_empty(), "the text is empty");
    check(!question.short.trim().is_empty(), "“short” is empty");
    check(!scored || (1..=5).contains(&question.weight), "the weight must be 1 to 5");
    check(scored || question.weight == 0, "a change notice is not scored; the weight must be 0");
    check(!scored || !question.why.trim().is_empty(), "“why” is empty; the respondent is told why we ask");
    check(!scored || !question.causes.is_empty(), "names no cause");
    check(!scored || !question.required, "a self-assessment question is never required: a blank is a gap");
    check(
        question.authority != Authority::Law || !question.citations.is_empty(),
        "says “law” and cites none; give the paragraph",
    );
    check(
        question.authority != Authority::Proposed || question.gravity == Gravity::None,
        "a proposed rule cannot be critical or a hard stop",
    );
    check(!scored || worth_something(question), "no answer earns credit");
    found.extend(credit_problems(question));
    for cited in &question.citations {
        if let Err(problem) = citation::check(cited) {
            found.push(format!("citation “{cited}”: {problem}"));
        }
    }
    found.extend(condition_problems(questionnaire, question));
    found
}

fn slug_is_well_formed(slug: &str) -> bool {
    let parts = slug.split('.');
    parts.clone().all(|part| !part.is_empty() && !part.starts_with('-') && !part.ends_with('-'))
        && slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-'))
}

fn worth_something(question: &Question) -> bool {
    match &question.answer {
        AnswerKind::Choice { choices } => choices.iter().any(|choice| choice.credit > 0),
        AnswerKind::Several { credit_by_count, .. } => credit_by_count.iter().any(|credit| *credit > 0),
        AnswerKind::Date { bands } => bands.iter().any(|band| band.credit > 0),
        AnswerKind::Number { bands, .. } => bands.iter().any(|band| band.credit > 0),
        AnswerKind::Graded | AnswerKind::List { .. } | AnswerKind::Contact | AnswerKind::Text | AnswerKind::Tick => {
            true
        }
    }
}

fn credit_problems(question: &Question) -> Vec<String> {
    let over = |credit: u32| credit > 100;
    let mut found = Vec::new();
    let by_key = question.detail.as_ref().filter(|detail| detail.rule != DetailRule::Noted && !detail.with.is_empty());
    if question.answer == AnswerKind::Graded && by_key.is_some() {
        found.push("a second field for some grades only cannot decide the credit; use rule = \"noted\"".to_owned());
    }
    if let AnswerKind::Several { credit_by_count, .. } = &question.answer
        && credit_by_count.iter().any(|credit| over(*credit))
    {
        found.push("credit_by_count gives more than 100".to_owned());
    }
    match &question.answer {
        AnswerKind::Choice { choices } | AnswerKind::Several { choices, .. } => {
            if choices.len() < 2 {
                found.push("offers fewer than two choices".to_owned());
            }
            let mut keys = BTreeSet::new();
            for choice in choices {
                if over(choice.credit) {
                    found.push(format!("choice “{}” gives more than 100", choice.key));
                }
                if !keys.insert(&choice.key) {
                    found.push(format!("choice “{}” stands twice", choice.key));
                }
            }
        }
        AnswerKind::Date { bands } if bands.iter().any(|band| over(band.credit)) => {
            found.push("a band gives more than 100".to_owned());
        }
        AnswerKind::Number { bands, least, most, .. } => {
            if bands.iter().any(|band| over(band.credit)) {
                found.push("a band gives more than 100".to_owned());
            }
            if least >= most {
                found.push("“least” must be below “most”".to_owned());
            }
        }
        AnswerKind::List { columns, credit, .. } => found.extend(list_problems(columns, credit)),
        AnswerKind::Date { .. } | AnswerKind::Graded | AnswerKind::Contact | AnswerKind::Text | AnswerKind::Tick => {}
    }
    found
}

fn list_problems(columns: &[super::Column], credit: &ListCredit) -> Vec<String> {
    let named = match credit {
        ListCredit::Stated => vec![],
        ListCredit::Current { ends } => vec![ends],
        ListCredit::InScope { ends, scope, .. } => vec![ends, scope],
    };
    let missing = named
        .into_iter()
        .filter(|name| !columns.iter().any(|column| column.key == **name))
        .map(|name| format!("list_credit names the column “{name}”, which is not there"));
    let within = match credit {
        ListCredit::InScope { scope, within, .. } => columns
            .iter()
            .find(|column| column.key == *scope)
            .filter(|column| !column.choices.iter().any(|choice| choice.key == *within))
            .map(|_| format!("list_credit: the column “{scope}” has no choice “{within}”")),
        _ => None,
    };
    missing.chain(within).collect()
}

fn condition_problems(questionnaire: &Questionnaire, question: &Question) -> Vec<String> {
    question
        .applies
        .answers()
        .into_iter()
        .filter_map(|(slug, value)| match questionnaire.question(slug) {
            None => Some(format!("applies_when names the question “{slug}”, which is not in this file")),
            Some(other) if other.slug == question.slug => Some("applies_when looks at its own answer".to_owned()),
            Some(other) => match &other.answer {
                AnswerKind::Choice { choices } | AnswerKind::Several { choices, .. } => choices
                    .iter()
                    .all(|choice| choice.key != value)
                    .then(|| format!("applies_when: “{slug}” has no choice “{value}”")),
                AnswerKind::Graded => {
                    value.parse::<Grade>().is_err().then(|| format!("applies_when: “{slug}” is never “{value}”"))
                }
                _ => None,
            },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(question: &str) -> String {
        format!(
            r#"id = "t"
version = 1
title = "T"
purpose = "self-assessment"
statement = "S"
[[section]]
id = "org"
title = "O"
[[section.topic]]
id = "one"
title = "One"
[[section.topic.question]]
id = "org.one"
text = "Is it?"
short = "Is it"
why = "Because"
causes = ["HE"]
{question}"#
        )
    }

    fn check(question: &str, expected: &[&str]) {
        let found: Vec<String> =
            lint("t-v1.toml", &file(question), &BTreeMap::new()).iter().map(ToString::to_string).collect();
        assert_eq!(found, expected);
    }

    const GRADED: &str = "answer = \"graded\"\nauthority = \"contract\"\nweight = 5\n";

    #[test]
    fn a_sound_question_has_no_fault() {
        check(GRADED, &[]);
    }

    #[test]
    fn a_condition_on_a_question_that_is_not_there_is_named_with_its_line() {
        check(
            &format!("{GRADED}applies_when = \"org.two is yes\""),
            &[
                "t-v1.toml, line 13, question org.one: applies_when names the question “org.two”, which is not in this file",
            ],
        );
    }

    #[test]
    fn a_condition_on_a_grade_that_there_is_not_is_a_fault() {
        let more = format!(
            "{GRADED}[[section.topic.question]]\nid = \"org.two\"\ntext = \"T\"\nshort = \"T\"\nwhy = \"B\"\ncauses = [\"HE\"]\n{GRADED}applies_when = \"org.one is yess\""
        );
        let found = lint("t-v1.toml", &file(&more), &BTreeMap::new());
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].problem.contains("“org.one” is never “yess”"), "{found:?}");
    }

    #[test]
    fn a_weight_out_of_range_is_a_fault() {
        check(&GRADED.replace("= 5", "= 6"), &["t-v1.toml, line 13, question org.one: the weight must be 1 to 5"]);
    }

    #[test]
    fn a_choice_without_credit_is_a_fault_with_its_line() {
        let text = file(
            "answer = \"choice\"\nauthority = \"contract\"\nweight = 1\nchoices = [ { key = \"a\", says = \"A\" } ]",
        );
        let found = lint("t-v1.toml", &text, &BTreeMap::new());
        assert_eq!(found.len(), 1);
        assert!(found[0].problem.contains("credit"), "{found:?}");
    }

    #[test]
    fn a_citation_that_is_none_is_a_fault() {
        check(
            "answer = \"graded\"\nauthority = \"law\"\nweight = 5\ncitation = [\"164.308(a)(\"]",
            &["t-v1.toml, line 13, question org.one: citation “164.308(a)(”: a bracket is not closed"],
        );
    }

    #[test]
    fn an_edited_released_version_is_a_fault() {
        let text = file(GRADED);
        let kept = BTreeMap::from([("t-v1.toml".to_owned(), digest(&text))]);
        assert_eq!(lint("t-v1.toml", &text, &kept), []);
        let edited = lint("t-v1.toml", &text.replace("Is it?", "Is it not?"), &kept);
        assert!(edited[0].to_string().contains("released and was edited"), "{edited:?}");
    }
}
