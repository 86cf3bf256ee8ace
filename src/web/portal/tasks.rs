//! The topics with their states, and the page that says all is saved.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Serialize;

use super::colleague::Helping;
use super::correct::{Again, wanted_by};
use super::problem::answer;
use super::respondent::{Respondent, Visit};
use super::tell::afresh::{self, Afresh};
use super::together::{self, Together};
use super::view::{HOSTILE, longest, masked, year};
use crate::app::App;
use crate::domain::civil_date;
use crate::domain::questionnaire::{Question, Questionnaire, Section, Topic};
use crate::templates::Context;
use crate::web::Answered;

#[derive(Clone, Debug, Serialize)]
pub struct Tasks<'a> {
    vendor: &'a str,
    answered: String,
    total: String,
    due: String,
    /// How many earlier answers were said to be still true.
    confirmed: Option<String>,
    /// Answers of an earlier year are on file, and this browser may not see them yet.
    earlier: bool,
    /// What is to be put right from an earlier reply.
    put_right: Option<String>,
    /// The signed answers are open again.
    again: Option<Again>,
    /// Questions that a change notice bears on.
    afresh: Vec<Afresh>,
    /// For a colleague of whoever was asked.
    helping: Option<Helping>,
    /// A colleague that has answered its part.
    part_done: bool,
    together: Together,
    /// Where to begin, or to go on.
    start: Option<Start<'a>>,
    sections: Vec<SectionTasks<'a>>,
}

#[derive(Clone, Debug, Serialize)]
struct Start<'a> {
    id: &'a str,
    says: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct SectionTasks<'a> {
    id: &'a str,
    /// Which colleagues were asked for it.
    helpers: Vec<String>,
    title: &'a str,
    topics: Vec<Task<'a>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Task<'a> {
    id: &'a str,
    title: &'a str,
    state: &'static str,
    /// The state's shape and colour; what is done needs none.
    badge: Option<&'static str>,
}

/// How far one question is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Far {
    Blank,
    /// There is an answer, and something is missing in it.
    Begun,
    /// It was sent back, and nobody looked at it yet.
    Back,
    Done,
}

impl Far {
    fn of(who: &Respondent, question: &Question) -> Self {
        match who.answers.contains_key(&question.slug) {
            _ if who.is_waited_for(question) => Far::Back,
            false => Far::Blank,
            true if who.is_done(question) => Far::Done,
            true => Far::Begun,
        }
    }
}

/// The sections that hold a topic that holds a question that applies.
fn sections<'a>(all: &'a [Section], applicable: &[&Question], far: impl Fn(&Question) -> Far) -> Vec<SectionTasks<'a>> {
    let task = |topic: &'a Topic| {
        let asked = topic.questions.iter().filter(|question| applicable.iter().any(|one| one.slug == question.slug));
        let far: Vec<Far> = asked.map(&far).collect();
        let is = |one: Far| far.contains(&one);
        let (state, badge) = match far.iter().all(|one| *one == Far::Done) {
            _ if is(Far::Back) => ("To do", Some("wait")),
            true => ("Completed", None),
            false if is(Far::Begun) || is(Far::Done) => ("In progress", Some("wait")),
            false => ("Not started", Some("plain")),
        };
        (!far.is_empty()).then_some(Task { id: &topic.id, title: &topic.title, state, badge })
    };
    all.iter()
        .map(|section| SectionTasks {
            id: &section.id,
            helpers: Vec::new(),
            title: &section.title,
            topics: section.topics.iter().filter_map(task).collect(),
        })
        .filter(|section| !section.topics.is_empty())
        .collect()
}

/// The first topic that is not done; none when all are.
fn start<'a>(sections: &[SectionTasks<'a>], nothing_yet: bool) -> Option<Start<'a>> {
    let open = sections.iter().flat_map(|section| &section.topics).find(|task| task.badge.is_some())?;
    let says = if nothing_yet { "Start with the first topic" } else { "Go on with the next open topic" };
    Some(Start { id: open.id, says })
}

/// The first topic with a question that is open; none when all are done.
pub(super) fn next_topic<'a>(who: &Respondent, questionnaire: &'a Questionnaire) -> Option<&'a str> {
    let applicable = who.applicable(questionnaire);
    let is_open = |topic: &&'a Topic| {
        let put = |question: &&Question| applicable.iter().any(|one| one.slug == question.slug);
        topic.questions.iter().filter(put).any(|question| !who.is_done(question))
    };
    questionnaire.sections.iter().flat_map(|section| &section.topics).find(is_open).map(|topic| topic.id.as_str())
}

/// `31 of 40 still true`; none before the first.
fn said_still_true(who: &Respondent, applicable: &[&Question]) -> Option<String> {
    let (total, count) =
        (applicable.len(), applicable.iter().filter(|question| who.confirmed.contains(&question.slug)).count());
    (count > 0).then(|| format!("{count} of {total} still true"))
}

/// How many questions apply, and how many of these need nothing more.
pub(super) fn counts(who: &Respondent, applicable: &[&Question]) -> (usize, usize) {
    (applicable.len(), applicable.iter().filter(|question| who.is_done(question)).count())
}

pub async fn show(app: Data<App>, who: Visit) -> Answered {
    answer(&app, async {
        let who = Respondent::helping(who)?;
        let questionnaire = who.opened.questionnaire(&app.office)?;
        let applicable = who.applicable(questionnaire);
        let (total, answered) = counts(&who, &applicable);
        let together = together::of(&app, &who, app.clock.now()).await?;
        let opened = who.opened.clone();
        let put_right = app.read(move |conn| super::actions::waiting(conn, &opened)).await?;
        let mut sections = sections(&questionnaire.sections, &applicable, |question| Far::of(&who, question));
        for section in &mut sections {
            section.helpers = together.helpers(section.id);
        }
        let today = who.opened.practice.day(app.clock.now());
        let page = Tasks {
            vendor: who.vendor(),
            answered: answered.to_string(),
            total: total.to_string(),
            due: wanted_by(due(&who), today),
            again: who.opened.correction.as_ref().map(|open| Again::of(open, questionnaire, today)),
            confirmed: said_still_true(&who, &applicable),
            earlier: who.opened.assessment.cycle > 1 && !who.verified() && who.part().is_none(),
            // What was told is shown, as answers are, only to whoever reads the vendor's mail.
            // While some questions are asked again, those alone are named.
            afresh: match who.verified() && who.part().is_none() && who.opened.correction.is_none() {
                true => afresh::of(&app, &who.opened, questionnaire, &applicable).await?,
                false => Vec::new(),
            },
            put_right,
            helping: Helping::of(&who.opened, questionnaire),
            part_done: who.part().is_some() && answered == total,
            together,
            start: start(&sections, who.answers.is_empty()),
            sections,
        };
        let title = format!("Your {} HIPAA self-check", year(&who.opened.assessment));
        Ok(who.shell(&title).show(&app, StatusCode::OK, &page)?)
    })
    .await
}

/// By when it should be signed: questions that were sent back have a day of their own.
fn due(who: &Respondent) -> NaiveDate {
    who.opened.correction.as_ref().and_then(|open| open.due_on).unwrap_or(who.opened.assessment.due_on)
}

#[derive(Clone, Debug, Serialize)]
pub struct Saved {
    answered: String,
    total: String,
    due: String,
    /// Whose letter holds the link, masked.
    recipient: String,
    closes: String,
}

pub async fn saved(app: Data<App>, who: Visit) -> Answered {
    answer(&app, async {
        let who = Respondent::helping(who)?;
        let applicable = who.applicable(who.opened.questionnaire(&app.office)?);
        let (total, answered) = counts(&who, &applicable);
        let page = Saved {
            answered: answered.to_string(),
            total: total.to_string(),
            due: wanted_by(due(&who), who.opened.practice.day(app.clock.now())),
            recipient: masked(&who.opened.invitation.sent_to),
            closes: civil_date::say(who.opened.invitation.expires_on),
        };
        Ok(who.shell("Your answers are saved").show(&app, StatusCode::OK, &page)?)
    })
    .await
}

impl Context for Tasks<'_> {
    const TEMPLATE: &'static str = "portal/tasks";
    fn samples() -> Vec<Self> {
        let task = |title, state, badge| Task { id: "self-check", title, state, badge };
        let page = |vendor, title: &'static str, topics| Self {
            vendor,
            answered: "12".to_owned(),
            total: "40".to_owned(),
            due: "Friday, December 11, 2026".to_owned(),
            confirmed: (vendor.len() > 30).then(|| "31 of 40 still true".to_owned()),
            earlier: vendor.len() > 30,
            put_right: (vendor.len() > 30).then(|| "3 things".to_owned()),
            again: (vendor.len() > 30).then(|| Again::samples(title)[1].clone()),
            afresh: vec![Afresh {
                href: "/respond/people#adm.training".into(),
                question: title.into(),
                told: title.into(),
            }],
            helping: (vendor.len() > 30).then(|| Helping::sample(vendor)),
            part_done: vendor.len() >= 200,
            together: Together::sample(title),
            start: Some(Start { id: "self-check", says: "Start with the first topic" }),
            sections: vec![SectionTasks { id: "tec", helpers: vec![title.to_owned()], title, topics }],
        };
        let all = |title| {
            vec![
                task(title, "Completed", None),
                task(title, "In progress", Some("wait")),
                task(title, "Not started", Some("plain")),
            ]
        };
        vec![
            Self { again: Some(Again::samples("Dana")[0].clone()), ..page("Northwind", "People", all("Training")) },
            page("Northwind Billing Services", "Computers and networks", all("Encryption")),
            page(longest(200), longest(120), all(longest(120))),
            page(HOSTILE, HOSTILE, all(HOSTILE)),
            Self { sections: Vec::new(), total: "0".to_owned(), answered: "0".to_owned(), ..page("", "", Vec::new()) },
        ]
    }
}

impl Context for Saved {
    const TEMPLATE: &'static str = "portal/saved";
    fn samples() -> Vec<Self> {
        let with = |recipient: &str| Self {
            answered: "12".to_owned(),
            total: "40".to_owned(),
            due: "Friday, December 11, 2026".to_owned(),
            recipient: recipient.to_owned(),
            closes: "January 10, 2027".to_owned(),
        };
        vec![with("p•••@northwind.example"), with("•••"), with(longest(254)), with(HOSTILE)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::questionnaire::Gravity;
    use crate::domain::scoring::fixtures::{question, questionnaire};

    #[test]
    fn a_topic_without_a_question_that_applies_is_not_listed() {
        let form = questionnaire(vec![question("a.one", 1, Gravity::None)]);
        assert_eq!(sections(&form.sections, &[], |_| Far::Blank), []);
    }

    #[test]
    fn a_topic_says_how_far_it_is() {
        let form = questionnaire(vec![question("a.one", 1, Gravity::None), question("a.two", 1, Gravity::None)]);
        let all: Vec<&Question> = form.questions().collect();
        let state = |one: Far, two: Far| {
            let far = |question: &Question| if question.slug == "a.one" { one } else { two };
            sections(&form.sections, &all, far)[0].topics[0].state
        };
        assert_eq!(state(Far::Blank, Far::Blank), "Not started");
        assert_eq!((state(Far::Done, Far::Blank), state(Far::Blank, Far::Begun)), ("In progress", "In progress"));
        assert_eq!(state(Far::Done, Far::Done), "Completed");
        assert_eq!(state(Far::Done, Far::Back), "To do");
    }
}
