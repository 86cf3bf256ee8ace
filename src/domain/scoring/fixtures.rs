//! Small questionnaires and answers for the tests of scoring.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::{NprmMode, Reckoning, Response, Scorecard, Signal, score};
use crate::domain::answers::{Answer, Answers, Evidence, Grade, NaDecision, Value};
use crate::domain::condition::Condition;
use crate::domain::exposure::{Access, Criticality, Element, Exposure, Offshore, Subs, Tier, Volume};
use crate::domain::questionnaire::{
    AnswerKind, Asked, Authority, Cause, Gravity, Purpose, Question, Questionnaire, Section, Set, Specification, Topic,
};

/// The day of scoring in every test.
pub fn today() -> NaiveDate {
    day("2026-06-15")
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("tests write days as they should")
}

pub fn days_ago(days: u64) -> NaiveDate {
    today() - Days::new(days)
}

/// A graded, addressable question for everybody.
pub fn question(slug: &str, weight: u32, gravity: Gravity) -> Question {
    Question {
        slug: slug.to_owned(),
        text: String::new(),
        short: String::new(),
        why: String::new(),
        help: String::new(),
        evidence: String::new(),
        answer: AnswerKind::Graded,
        detail: None,
        weight,
        gravity,
        specification: Specification::Addressable,
        citations: Vec::new(),
        authority: Authority::Law,
        proposed: None,
        causes: [Cause::CyberAttack].into(),
        applies: Condition::All,
        change_bearing: false,
        lite: true,
        required: false,
    }
}

pub fn questionnaire(questions: Vec<Question>) -> Questionnaire {
    let topic = Topic { id: "all".to_owned(), title: String::new(), questions };
    Questionnaire {
        id: "made".to_owned(),
        version: 1,
        title: String::new(),
        purpose: Purpose::SelfAssessment,
        intro: String::new(),
        statement: String::new(),
        sections: vec![Section { id: "all".to_owned(), title: String::new(), topics: vec![topic] }],
        digest: "ab".repeat(32),
    }
}

pub fn graded(grade: Grade, evidence: Evidence) -> Answer {
    Answer { evidence, ..Answer::of(Value::Grade(grade)) }
}

pub fn na(decision: NaDecision) -> Answer {
    Answer { na: decision, ..Answer::of(Value::NotApplicable) }
}

/// The transcription firm of the worked example: 6700, tier 2.
pub fn transcription() -> Exposure {
    Exposure {
        elements: [Element::Clinical].into(),
        volume: Volume::Under50000,
        access: [Access::Hosts].into(),
        criticality: Criticality::ThreeDays,
        subs: Subs::Few,
        offshore: Offshore::None,
        traits: BTreeSet::new(),
    }
}

/// 2000, tier 4.
pub fn low_exposure() -> Exposure {
    Exposure {
        elements: [Element::Contact].into(),
        volume: Volume::Under500,
        access: [Access::Storage].into(),
        criticality: Criticality::Longer,
        subs: Subs::Few,
        offshore: Offshore::None,
        traits: BTreeSet::new(),
    }
}

/// Everything a score depends on, owned, so that a test changes one thing.
#[derive(Clone, Debug)]
pub struct Case {
    pub questionnaire: Questionnaire,
    pub asked: Asked,
    pub answers: Option<Answers>,
    pub response: Response,
    pub accepted_on: Option<NaiveDate>,
    pub signals: Vec<Signal>,
    pub as_of: NaiveDate,
}

impl Case {
    /// Returned in time and accepted today.
    pub fn of(exposure: Exposure, questions: Vec<(Question, Option<Answer>)>) -> Self {
        let tier = exposure.inherent().tier;
        let answers = questions.iter().filter_map(|(question, answer)| Some((question.slug.clone(), answer.clone()?)));
        Self {
            answers: Some(answers.collect()),
            questionnaire: questionnaire(questions.into_iter().map(|(question, _)| question).collect()),
            asked: Asked { exposure, tier, set: Set::Full, nprm: NprmMode::Informational },
            response: Response::default(),
            accepted_on: Some(today()),
            signals: Vec::new(),
            as_of: today(),
        }
    }

    /// One question of weight 5 and its answer, for the transcription firm.
    pub fn one(gravity: Gravity, answer: Option<Answer>) -> Self {
        Self::of(transcription(), vec![(question("one", 5, gravity), answer)])
    }

    pub fn score(&self) -> Scorecard {
        score(&Reckoning {
            questionnaire: &self.questionnaire,
            asked: &self.asked,
            exposure: &self.asked.exposure,
            tier: self.asked.tier,
            answers: self.answers.as_ref(),
            response: self.response,
            accepted_on: self.accepted_on,
            signals: &self.signals,
            reviewed: self.accepted_on.is_some(),
            as_of: self.as_of,
        })
        .sealed()
    }

    pub fn set(&mut self, slug: &str, answer: Answer) {
        self.answers.get_or_insert_default().insert(slug.to_owned(), answer);
    }

    /// As if the vendor were less or more exposed, asked the same questions.
    pub fn expose(&mut self, exposure: Exposure) {
        self.asked.tier = exposure.inherent().tier;
        self.asked.exposure = exposure;
    }

    pub fn in_tier(mut self, tier: Tier) -> Self {
        self.asked.tier = tier;
        self
    }
}
