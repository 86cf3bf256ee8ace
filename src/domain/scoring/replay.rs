//! What a score was reckoned from, kept beside it, so that it comes out again to the byte years
//! later (`domain/hipaa.md` 3.6.11). Names, addresses and free words are left out of it: no
//! score hangs on them, and a record is handed on.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::record::Scorecard;
use super::{Reckoning, Response, Signal, model, score_under};
use crate::domain::answers::{Answer, Answers, Value};
use crate::domain::exposure::{Exposure, Tier};
use crate::domain::questionnaire::{AnswerKind, Asked, DetailRule, ListCredit, Question, Questionnaire};

/// Stands for words that somebody wrote.
const WORDS: &str = "…";

/// Everything that a score depended on, by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The questionnaire's name, `hipaa-v1`, and the SHA-256 of its file.
    pub questionnaire: String,
    pub digest: String,
    pub model: String,
    pub asked: Asked,
    pub exposure: Exposure,
    pub tier: Tier,
    /// With what was decided about them, and what stood behind them on that day.
    pub answers: Option<Answers>,
    pub response: Response,
    pub accepted_on: Option<NaiveDate>,
    pub reviewed: bool,
    pub signals: Vec<Signal>,
    pub as_of: NaiveDate,
}

/// Why a score cannot be made again here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    #[error("the questionnaire {0} of this program is another one than was asked")]
    Questionnaire(String),
    #[error("this program does not hold the model {0}")]
    Model(String),
}

impl Input {
    /// What `reckoning` depends on, under today's model.
    pub fn of(reckoning: &Reckoning<'_>) -> Self {
        let form = reckoning.questionnaire;
        let bare = |answers: &Answers| {
            let known = answers.iter().filter_map(|(slug, answer)| Some((slug, form.question(slug)?, answer)));
            known.map(|(slug, question, answer)| (slug.clone(), essence(question, answer))).collect()
        };
        Self {
            questionnaire: form.name(),
            digest: form.digest.clone(),
            model: model::current().version.clone(),
            asked: reckoning.asked.clone(),
            exposure: reckoning.exposure.clone(),
            tier: reckoning.tier,
            answers: reckoning.answers.map(bare),
            response: reckoning.response,
            accepted_on: reckoning.accepted_on,
            reviewed: reckoning.reviewed,
            signals: reckoning.signals.to_vec(),
            as_of: reckoning.as_of,
        }
    }

    /// Makes the score again, with the model of its day, as it was kept.
    ///
    /// # Errors
    /// When the questionnaire or the model are not those of then.
    pub fn score(&self, questionnaire: &Questionnaire) -> Result<Scorecard, ReplayError> {
        self.rated(questionnaire).map(Scorecard::sealed)
    }

    /// The same, not sealed: to look at and forget.
    ///
    /// # Errors
    /// When the questionnaire or the model are not those of then.
    pub fn rated(&self, questionnaire: &Questionnaire) -> Result<Scorecard, ReplayError> {
        if questionnaire.name() != self.questionnaire || questionnaire.digest != self.digest {
            return Err(ReplayError::Questionnaire(self.questionnaire.clone()));
        }
        let model = model::of(&self.model).ok_or_else(|| ReplayError::Model(self.model.clone()))?;
        let reckoning = Reckoning {
            questionnaire,
            asked: &self.asked,
            exposure: &self.exposure,
            tier: self.tier,
            answers: self.answers.as_ref(),
            response: self.response,
            accepted_on: self.accepted_on,
            reviewed: self.reviewed,
            signals: &self.signals,
            as_of: self.as_of,
        };
        Ok(score_under(model, &reckoning))
    }
}

/// An answer with only what a score can hang on.
fn essence(question: &Question, answer: &Answer) -> Answer {
    Answer {
        value: value(question, &answer.value),
        reason: None,
        by: answer.by,
        detail: detail(question, answer.detail.as_deref()),
        na: answer.na,
        evidence: answer.evidence,
        told: None,
        taken_over: None,
    }
}

fn value(question: &Question, value: &Value) -> Value {
    match value {
        Value::Text(text) => Value::Text(words(text)),
        Value::Contact { name, email, phone } => {
            Value::Contact { name: words(name), email: words(email), phone: words(phone) }
        }
        Value::Rows(rows) => {
            let counts: Vec<&str> = match &question.answer {
                AnswerKind::List { credit: ListCredit::Current { ends }, .. } => vec![ends],
                AnswerKind::List { credit: ListCredit::InScope { ends, scope, .. }, .. } => vec![ends, scope],
                _ => Vec::new(),
            };
            let row = |row: &std::collections::BTreeMap<String, String>| {
                let cells = row.iter().filter(|(key, _)| counts.contains(&key.as_str()));
                cells.map(|(key, cell)| (key.clone(), cell.clone())).collect()
            };
            Value::Rows(rows.iter().map(row).collect())
        }
        other => other.clone(),
    }
}

fn words(text: &str) -> String {
    if text.trim().is_empty() { String::new() } else { WORDS.to_owned() }
}

fn detail(question: &Question, written: Option<&str>) -> Option<String> {
    let written = written.filter(|text| !text.trim().is_empty())?;
    match question.detail.as_ref()?.rule {
        DetailRule::Noted => None,
        DetailRule::HalvedBelow(_) if written.trim().parse::<i64>().is_ok() => Some(written.trim().to_owned()),
        DetailRule::Needed | DetailRule::HalvedBelow(_) => Some(WORDS.to_owned()),
    }
}
