//! Puts what was weighed into the explanation record.

use std::cmp::Ordering;

use super::Reckoning;
use super::controls::Weighed;
use super::model::Model;
use super::record::{Given, InherentRisk, RiskPart, Scorecard, Versions};
use super::residual::Residual;
use crate::domain::answers::{Answer, Value};
use crate::domain::exposure::{Inherent, Part, Tier};

pub(super) fn write(model: &Model, input: &Reckoning<'_>, weighed: Weighed, residual: Residual) -> Scorecard {
    let not_assessed = !weighed.verdict.is_assessed();
    Scorecard {
        inherent: inherent(&input.exposure.inherent_under(&model.inherent), input.tier),
        controls: weighed.controls,
        response: residual.response,
        freshness: residual.freshness,
        effective: residual.effective,
        signals: residual.signals,
        steps: residual.steps,
        residual: residual.residual,
        band: residual.band,
        floors: residual.floors,
        rating: residual.rating,
        gaps: weighed.gaps,
        answers: weighed.lines,
        informational: weighed.apart,
        not_assessed,
        provisional: input.answers.is_some() && !input.reviewed,
        coverage: weighed.coverage,
        given: Given { response: input.response, accepted_on: input.accepted_on },
        versions: Versions {
            catalogue: input.questionnaire.name(),
            catalogue_sha256: input.questionnaire.digest.clone(),
            model: model.version.clone(),
            nprm_mode: input.asked.nprm,
        },
        as_of: input.as_of,
        sha256: String::new(),
    }
}

fn inherent(inherent: &Inherent, asked: Tier) -> InherentRisk {
    let part = |part: &Part| RiskPart {
        factor: part.factor.to_owned(),
        weight: part.weight,
        value: part.value,
        points: part.points,
    };
    let mut floors: Vec<String> = inherent.floors.iter().map(|&reason| reason.to_owned()).collect();
    match asked.cmp(&inherent.tier) {
        Ordering::Less => floors.push("raised_by_hand".to_owned()),
        Ordering::Greater => floors.push("lowered_by_hand".to_owned()),
        Ordering::Equal => {}
    }
    InherentRisk {
        parts: inherent.parts.iter().map(part).collect(),
        total: inherent.total,
        scored: inherent.scored,
        tier: asked,
        floors,
    }
}

/// The answer in a few plain characters. Names, addresses and free words stay out of the
/// record: it is kept and handed on.
pub(super) fn short(answer: Option<&Answer>) -> String {
    let Some(answer) = answer else {
        return "blank".to_owned();
    };
    match &answer.value {
        Value::Grade(grade) => grade.key().to_owned(),
        Value::Choice(key) => key.clone(),
        Value::Several(keys) if keys.is_empty() => "none".to_owned(),
        Value::Several(keys) => keys.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
        Value::Date(day) => day.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Rows(rows) => format!("{} listed", rows.len()),
        Value::NoRows => "none".to_owned(),
        Value::Contact { .. } => "contact".to_owned(),
        Value::Text(_) => "text".to_owned(),
        Value::Tick(true) => "yes".to_owned(),
        Value::Tick(false) => "no".to_owned(),
        Value::Unknown => "unknown".to_owned(),
        Value::NotApplicable => "na".to_owned(),
    }
}
