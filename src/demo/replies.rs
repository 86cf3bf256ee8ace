//! What a vendor answers: the best answer on the form, the story's own answers over it, and
//! a few weak spots that follow from the vendor's name, so that no two are alike and every
//! start tells the same.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};

use super::DemoError;
use super::story::{Character, Said, Shows, Story};
use crate::domain::answers::{Answer, Evidence, Grade, Value};
use crate::domain::questionnaire::{AnswerKind, Choice, Column, Gravity, Question};

/// People in charge of protection, where the story names none.
const OFFICERS: [&str; 8] = [
    "Alison Frey",
    "Marcus Bell",
    "Yolanda Cruz",
    "Piotr Zielinski",
    "Hannah Osei",
    "Desmond Clarke",
    "Mei Tanaka",
    "Ruth Abramson",
];

/// The same number for the same words, in every run and on every machine.
pub fn lot(words: &[&str]) -> u64 {
    let bytes = words.iter().flat_map(|word| word.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |lot, byte| (lot ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)) >> 16
}

/// The answers of one vendor in one year.
pub struct Answering<'a> {
    story: &'a Story,
    vendor: &'a Character,
    /// From 0.
    year: usize,
    on: NaiveDate,
    /// The story's own answers up to this year.
    said: BTreeMap<&'a str, &'a Said>,
}

impl<'a> Answering<'a> {
    pub fn new(story: &'a Story, vendor: &'a Character, year: usize, on: NaiveDate) -> Self {
        let own = vendor.life.replies.iter().take(year + 1).flat_map(|reply| &reply.but);
        let said = story.baseline.iter().chain(own).map(|(slug, said)| (slug.as_str(), said)).collect();
        Self { story, vendor, year, on, said }
    }

    /// The answer to one question; `None` leaves it blank.
    pub fn answer(&self, question: &Question) -> Result<Option<Answer>, DemoError> {
        let mut answer = match self.said.get(question.slug.as_str()) {
            Some(Said::Word(word)) if word == "blank" => return Ok(None),
            Some(said) if !self.is_softened(question) => self.spoken(question, said)?,
            _ => Answer::of(self.best(question)),
        };
        answer.evidence = self.evidence(question, &answer);
        Ok(Some(answer))
    }

    fn name(&self) -> &str {
        &self.vendor.details.name
    }

    /// A baseline of several choices is for most vendors; the others say the best.
    fn is_softened(&self, question: &Question) -> bool {
        let own = self.vendor.life.replies.iter().any(|reply| reply.but.contains_key(&question.slug));
        let choice = matches!(question.answer, AnswerKind::Choice { .. }) && question.detail.is_none();
        choice
            && !own
            && self.story.baseline.contains_key(&question.slug)
            && lot(&[self.name(), &question.slug]).is_multiple_of(3)
    }

    fn best(&self, question: &Question) -> Value {
        let days = |least: u64, spread: u64| {
            let ago = least + lot(&[self.name(), &question.slug]) % spread;
            self.on - TimeDelta::days(i64::try_from(ago).unwrap_or_default())
        };
        match &question.answer {
            AnswerKind::Graded if self.is_weak(question) => Value::Grade(Grade::Partial),
            AnswerKind::Graded => Value::Grade(Grade::Yes),
            AnswerKind::Choice { choices } => Value::Choice(best_of(choices)),
            AnswerKind::Several { choices, .. } => Value::Several(
                choices.iter().filter(|choice| choice.credit > 0).take(2).map(|choice| choice.key.clone()).collect(),
            ),
            AnswerKind::Date { .. } => Value::Date(days(20, 140)),
            AnswerKind::Number { least, most, bands, .. } => {
                let band = bands.iter().max_by_key(|band| band.credit);
                Value::Number(band.and_then(|band| band.at_most.or(band.at_least)).unwrap_or(*least).min(*most))
            }
            AnswerKind::List { columns, .. } => rows(columns, &self.vendor.life.subs),
            AnswerKind::Contact => self.officer(None),
            AnswerKind::Text => Value::Text("As agreed".to_owned()),
            AnswerKind::Tick => Value::Tick(true),
        }
    }

    /// A few answers of every vendor are only partly yes; half of them are mended after the
    /// first year.
    fn is_weak(&self, question: &Question) -> bool {
        let lot = lot(&[self.name(), "weak", &question.slug]);
        let one_in = match self.vendor.life.shows {
            Shows::Bare => 6,
            Shows::Told => 9,
            Shows::Shown => 14,
            Shows::Proven => 30,
        };
        let plain = question.gravity == Gravity::None && !question.change_bearing;
        plain && lot.is_multiple_of(one_in) && (self.year == 0 || (lot / one_in).is_multiple_of(2))
    }

    fn officer(&self, name: Option<&str>) -> Value {
        let details = &self.vendor.details;
        let named = name.or(self.vendor.life.officer.as_deref());
        let other = OFFICERS.get(usize::try_from(lot(&[self.name()]) % 8).unwrap_or_default());
        let domain =
            details.contact_email.as_deref().and_then(|email| email.split('@').nth(1)).unwrap_or("vendor.example");
        Value::Contact {
            name: named.or(other.copied()).unwrap_or_default().to_owned(),
            email: format!("privacy@{domain}"),
            phone: format!("(555) 010-0{}", 200 + lot(&[self.name(), "telephone"]) % 700),
        }
    }

    fn spoken(&self, question: &Question, said: &Said) -> Result<Answer, DemoError> {
        let odd = || DemoError::Story(format!("{}: {} cannot be answered so", self.name(), question.slug));
        let (word, detail, reason, by) = match said {
            Said::Number(number) => match question.answer {
                AnswerKind::Number { .. } => return Ok(Answer::of(Value::Number(*number))),
                AnswerKind::Date { .. } => return Ok(Answer::of(Value::Date(self.on - TimeDelta::days(*number)))),
                _ => return Err(odd()),
            },
            Said::Rows(cells) => match &question.answer {
                AnswerKind::List { columns, .. } => return Ok(Answer::of(rows(columns, cells))),
                _ => return Err(odd()),
            },
            Said::Word(word) => (word, None, None, None),
            Said::Full { is, detail, reason, by } => (is, detail.clone(), reason.clone(), *by),
        };
        let value = match &question.answer {
            _ if word == "unknown" => Value::Unknown,
            _ if word == "na" => Value::NotApplicable,
            AnswerKind::Graded => Value::Grade(word.parse().map_err(|_| odd())?),
            AnswerKind::Choice { choices } if is_in(choices, word) => Value::Choice(word.clone()),
            AnswerKind::Several { choices, .. } if word.split("; ").all(|key| is_in(choices, key)) => {
                Value::Several(word.split("; ").map(str::to_owned).collect())
            }
            AnswerKind::List { .. } if word == "none" => Value::NoRows,
            AnswerKind::Contact => self.officer(Some(word)),
            _ => return Err(odd()),
        };
        Ok(Answer { reason, by, detail, ..Answer::of(value) })
    }

    /// Nothing stands behind a gap. What matters most is shown first.
    fn evidence(&self, question: &Question, answer: &Answer) -> Evidence {
        let nothing = ["no", "none", "planned", "unknown", "na", "never"].iter().any(|word| answer.is(word));
        let grave = question.gravity != Gravity::None;
        match (self.vendor.life.shows, question.weight) {
            _ if question.evidence.is_empty() || (nothing && question.answer == AnswerKind::Graded) => {
                Evidence::Assertion
            }
            (Shows::Bare, _) => Evidence::Assertion,
            (Shows::Told, 3..) => Evidence::Narrative,
            (Shows::Shown, _) if grave => Evidence::Document,
            (Shows::Shown, 4..) => Evidence::Document,
            (Shows::Shown, _) => Evidence::Narrative,
            (Shows::Proven, _) if grave => Evidence::Checked,
            (Shows::Proven, 3..) => Evidence::Document,
            (Shows::Proven, _) => Evidence::Narrative,
            (Shows::Told, _) => Evidence::Assertion,
        }
    }
}

fn best_of(choices: &[Choice]) -> String {
    let most = choices.iter().map(|choice| choice.credit).max();
    choices.iter().find(|choice| Some(choice.credit) == most).map(|choice| choice.key.clone()).unwrap_or_default()
}

fn is_in(choices: &[Choice], key: &str) -> bool {
    choices.iter().any(|choice| choice.key == key)
}

/// Cells by column, blank ones left out; no rows is an explicit "none".
fn rows(columns: &[Column], rows: &[Vec<String>]) -> Value {
    if rows.is_empty() {
        return Value::NoRows;
    }
    let row = |cells: &Vec<String>| {
        let filled = columns.iter().zip(cells).filter(|(_, cell)| !cell.is_empty());
        filled.map(|(column, cell)| (column.key.clone(), cell.clone())).collect()
    };
    Value::Rows(rows.iter().map(row).collect())
}
