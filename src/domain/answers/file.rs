//! Reads a reply file: the profile, the answers and the facts around them, as
//! `duecare score` takes them.
//!
//! Every fault is named with its place and with what may be written there, and all of
//! them at once, so that a file is mended in one go.

mod distinct;
#[cfg(test)]
mod fault_tests;
mod faults;
#[cfg(test)]
mod tests;
mod value;

use chrono::NaiveDate;
use serde_json::{Map, Value as Json};

use self::distinct::Distinct;
use self::faults::Faults;
use super::{Answer, Answers, Evidence, NaDecision, Value};
use crate::domain::exposure::Exposure;
use crate::domain::questionnaire::{Question, Questionnaire};
use crate::domain::scoring::{Response, Signal};

/// What a reply file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub exposure: Exposure,
    /// `None` when the file has none: nothing was submitted. An empty set is a form sent in blank.
    pub answers: Option<Answers>,
    pub response: Response,
    pub accepted_on: Option<NaiveDate>,
    pub signals: Vec<Signal>,
}

/// Reads a reply to this questionnaire. What is left out of the profile is "not known".
///
/// # Errors
/// Every fault of the file, each a sentence that begins with its place.
pub fn read(json: &str, questionnaire: &Questionnaire) -> Result<Reply, Vec<String>> {
    // Editors on Windows begin a file with a byte-order mark.
    let json = json.trim_start_matches('\u{feff}');
    let file: Json = serde_json::from_str::<Distinct>(json)
        .and_then(|_| serde_json::from_str(json))
        .map_err(|error| vec![format!("the file: cannot be read as JSON: {error}")])?;
    let mut faults = Faults::default();
    let known = ["profile", "answers", "response", "accepted_on", "signals"];
    let empty = Map::new();
    let file = faults.object("the file", &file, &known).unwrap_or(&empty);
    let at = |key: &str| file.get(key).unwrap_or(&Json::Null);
    let reply = Reply {
        exposure: profile(&mut faults, at("profile")),
        answers: answers(&mut faults, at("answers"), questionnaire),
        response: response(&mut faults, at("response")),
        accepted_on: faults.date("accepted_on", at("accepted_on")),
        signals: faults.words("signals", at("signals")),
    };
    faults.none_or_all(reply)
}

fn profile(faults: &mut Faults, json: &Json) -> Exposure {
    let known = ["elements", "volume", "access", "criticality", "subs", "offshore", "flags"];
    let unknown = Exposure::default();
    if json.is_null() {
        return unknown;
    }
    let Some(profile) = faults.object("profile", json, &known) else {
        return unknown;
    };
    let at = |key: &str| profile.get(key).unwrap_or(&Json::Null);
    Exposure {
        elements: faults.words("profile.elements", at("elements")).into_iter().collect(),
        volume: faults.word("profile.volume", at("volume")).unwrap_or(unknown.volume),
        access: faults.words("profile.access", at("access")).into_iter().collect(),
        criticality: faults.word("profile.criticality", at("criticality")).unwrap_or(unknown.criticality),
        subs: faults.word("profile.subs", at("subs")).unwrap_or(unknown.subs),
        offshore: faults.word("profile.offshore", at("offshore")).unwrap_or(unknown.offshore),
        traits: faults.words("profile.flags", at("flags")).into_iter().collect(),
    }
}

fn response(faults: &mut Faults, json: &Json) -> Response {
    let known = ["days_late", "reminders", "overdue_followups"];
    if json.is_null() {
        return Response::default();
    }
    let Some(response) = faults.object("response", json, &known) else {
        return Response::default();
    };
    let mut count = |key: &str| faults.count(&format!("response.{key}"), response.get(key).unwrap_or(&Json::Null));
    Response {
        days_late: count("days_late"),
        reminders: count("reminders"),
        overdue_followups: count("overdue_followups"),
    }
}

fn answers(faults: &mut Faults, json: &Json, questionnaire: &Questionnaire) -> Option<Answers> {
    if json.is_null() {
        return None;
    }
    let Json::Object(answers) = json else {
        faults.add("answers", "write an object of answers by question name, or null when nothing was sent");
        return None;
    };
    let mut read = Answers::new();
    for (slug, json) in answers {
        match questionnaire.question(slug) {
            Some(question) => read.extend(answer(faults, question, json).map(|answer| (slug.clone(), answer))),
            None => {
                let name = questionnaire.name();
                let slugs = questionnaire.questions().map(|question| question.slug.as_str());
                let nearest = faults::did_you_mean(slug, slugs);
                faults.add(&format!("answers.{slug}"), format_args!("{name} has no question of this name{nearest}"));
            }
        }
    }
    Some(read)
}

/// `None` where the question was not answered, or where a fault was found.
fn answer(faults: &mut Faults, question: &Question, json: &Json) -> Option<Answer> {
    if json.is_null() {
        return None;
    }
    let whole = format!("answers.{}", question.slug);
    let place = |key: &str| format!("{whole}.{key}");
    let answer = faults.object(&whole, json, &["value", "evidence", "reason", "by", "na", "detail"])?;
    let at = |key: &str| answer.get(key).unwrap_or(&Json::Null);
    let (value, inner) = value::read(faults, &place("value"), question, at("value"));
    let outer = value::detail(faults, &place("detail"), question, at("detail"));
    if inner.is_some() && outer.is_some() && inner != outer {
        faults.add(&place("detail"), "is written twice, and not alike");
    }
    // Read to the end before leaving, so that one fault does not hide another.
    let read = Answer {
        reason: faults.text(&place("reason"), at("reason")),
        by: faults.date(&place("by"), at("by")),
        detail: inner.or(outer),
        na: faults.word(&place("na"), at("na")).unwrap_or(NaDecision::Pending),
        evidence: faults.word(&place("evidence"), at("evidence")).unwrap_or(Evidence::Assertion),
        ..Answer::of(Value::Unknown)
    };
    value.map(|value| Answer { value, ..read })
}
