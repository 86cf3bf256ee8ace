//! The form of a notice: which pages it has, and what is wrong with one. The questions
//! themselves are a questionnaire (`questionnaires/change-notice-v2.toml`).

use chrono::{Days, NaiveDate};

use crate::domain::answers::form::{self, FieldFault, Fields};
use crate::domain::answers::{Answer, Answers, Value, aside, lookup};
use crate::domain::exposure::{Exposure, Tier};
use crate::domain::questionnaire::{Question, Questionnaire, Topic};

/// The question that decides which others there are.
pub const KIND: &str = "kind";

/// Days that cannot lie ahead: something was known, or begun, or stayed the same until then.
const PAST: &[&str] = &["none.since", "incident.known-on", "incident.happened-on", "contingency.on"];
/// Required questions that may be answered with "not sure": a guess would be worse.
const MAY_BE_UNSURE: &[&str] = &["effective.on", "incident.known-on"];

/// The questions that apply to what was answered so far.
pub fn applicable<'a>(questionnaire: &'a Questionnaire, answers: &Answers) -> Vec<&'a Question> {
    let (answered, anyone) = (lookup(answers), Exposure::default());
    questionnaire.questions().filter(|question| question.applies.holds(&anyone, Tier::One, &answered)).collect()
}

/// The pages that hold a question that applies, in the order in which they are filled in: the
/// kinds, what belongs to each of them, and what is asked of all.
pub fn pages<'a>(questionnaire: &'a Questionnaire, answers: &Answers) -> Vec<&'a Topic> {
    let applicable = applicable(questionnaire, answers);
    let asks = |topic: &&Topic| topic.questions.iter().any(|one| applicable.iter().any(|other| other.slug == one.slug));
    let Some((common, details)) = questionnaire.sections.split_first() else { return Vec::new() };
    let first = common.topics.iter().take(1);
    let rest = common.topics.iter().skip(1);
    first.chain(details.iter().flat_map(|section| &section.topics)).chain(rest).filter(asks).collect()
}

/// The questions of one page that apply.
pub fn shown<'a>(topic: &'a Topic, answers: &Answers) -> Vec<&'a Question> {
    let (answered, anyone) = (lookup(answers), Exposure::default());
    topic.questions.iter().filter(|question| question.applies.holds(&anyone, Tier::One, &answered)).collect()
}

/// The questions whose answers would be set aside by these: they apply now, and then no more.
pub fn set_aside<'a>(
    questionnaire: &'a Questionnaire,
    answers: &Answers,
    given: &[(&str, Option<Answer>)],
) -> Vec<&'a Question> {
    let applies = |question: &Question, answers: &Answers| {
        question.applies.holds(&Exposure::default(), Tier::One, &lookup(answers))
    };
    aside::set_aside(questionnaire.questions(), answers, given, applies)
}

/// Whether "not sure" and "does not apply" are offered beside a question.
pub fn may_be_left(question: &Question) -> bool {
    !question.required || MAY_BE_UNSURE.contains(&question.slug.as_str())
}

/// Reads the answer to one question of a page.
///
/// # Errors
/// The field at fault, in words for the vendor.
pub fn read(question: &Question, fields: &Fields, today: NaiveDate) -> Result<Option<Answer>, FieldFault> {
    let fault = |problem: &str| FieldFault { field: question.slug.clone(), problem: problem.to_owned() };
    let answer = form::read(question, fields, today)?;
    if question.required && !is_enough(question, answer.as_ref()) {
        return Err(fault("Answer this question; the notice says too little without it"));
    }
    // Their today may be ahead of ours.
    if let Some(Value::Date(day)) = answer.as_ref().map(|answer| &answer.value)
        && PAST.contains(&question.slug.as_str())
        && *day > today + Days::new(1)
    {
        return Err(fault("This date is in the future. Give today’s or an earlier one"));
    }
    Ok(answer)
}

fn is_enough(question: &Question, answer: Option<&Answer>) -> bool {
    match answer.map(|answer| &answer.value) {
        None | Some(Value::NotApplicable) => false,
        Some(Value::Unknown) => may_be_left(question),
        Some(_) => true,
    }
}

/// The first page on which something is missing that a notice cannot be sent without.
pub fn unfinished<'a>(questionnaire: &'a Questionnaire, answers: &Answers) -> Option<&'a Topic> {
    pages(questionnaire, answers).into_iter().find(|topic| {
        let mut asked = shown(topic, answers).into_iter().filter(|question| question.required);
        asked.any(|question| !is_enough(question, answers.get(&question.slug)))
    })
}

/// What is signed: the answers to questions that apply. One that was given before another
/// kind was ticked goes no further.
pub fn pruned(questionnaire: &Questionnaire, answers: &Answers) -> Answers {
    let mut kept = answers.clone();
    let applicable = applicable(questionnaire, answers);
    kept.retain(|slug, _| applicable.iter().any(|question| question.slug == *slug));
    kept
}
