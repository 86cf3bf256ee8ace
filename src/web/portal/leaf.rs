//! The answers of one page: loaded, read from the form, each by itself, and kept.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::earlier::{self, Earlier};
use super::problem::PortalError;
use super::respondent::Respondent;
use crate::app::App;
use crate::domain::answers::form::{self, FieldFault, Fields};
use crate::domain::answers::seen::Seen;
use crate::domain::answers::{Answer, lookup};
use crate::domain::correction::LONGEST;
use crate::domain::ids::AssessmentId;
use crate::domain::questionnaire::{Question, Topic};
use crate::domain::recheck::STILL_TRUE;
use crate::flows::correct;
use crate::flows::receive::{self, Opened, ReceiveError, Saved, Saving};
use crate::store;
use crate::web::WebError;

/// The answer to each question of a page; `None` takes it back.
pub type Given<'a> = Vec<(&'a str, Option<Answer>)>;
/// What is wrong with a page, by question.
pub type Faults<'a> = BTreeMap<&'a str, FieldFault>;

/// What the vendor said last year to the questions of this page, for a browser that may see
/// it. Asks the database only for vendors that were asked before.
pub async fn last_year(app: &App, who: &Respondent, topic: &Topic) -> Result<BTreeMap<String, Earlier>, PortalError> {
    let opened = &who.opened;
    // A colleague's own mailbox says nothing about what others signed; and in a correction the
    // last that was said is what stands on the page.
    let alone = who.part().is_some() || opened.correction.is_some();
    if opened.assessment.cycle <= 1 || !who.verified() || alone {
        return Ok(BTreeMap::new());
    }
    let slugs: Vec<String> = topic.questions.iter().map(|question| question.slug.clone()).collect();
    let (opened, office, today) = (opened.clone(), app.office.clone(), opened.practice.day(app.clock.now()));
    app.read(move |conn| {
        let slugs: Vec<&str> = slugs.iter().map(String::as_str).collect();
        Ok(earlier::of(conn, &office, &opened, &slugs, today)?)
    })
    .await
}

/// The questions of the topic that apply; a topic without any is a page that is not there.
pub fn shown<'a>(topic: &'a Topic, who: &Respondent) -> Result<Vec<&'a Question>, WebError> {
    let answered = lookup(&who.answers);
    let asked = &who.opened.assessment.asked;
    let shown: Vec<&Question> = topic
        .questions
        .iter()
        .filter(|question| asked.includes(question, &answered) && who.is_asked(question))
        .collect();
    if shown.is_empty() { Err(WebError::NotFound) } else { Ok(shown) }
}

/// The field that says whether an earlier answer is still true.
pub fn same_field(slug: &str) -> String {
    format!("{slug}:same")
}

/// The questions whose earlier answer was said to be still true, of those where that is
/// offered.
pub fn confirmed(fields: &Fields, last: &BTreeMap<String, Earlier>) -> BTreeMap<String, AssessmentId> {
    let says = |slug: &str| fields.iter().any(|(name, value)| *name == same_field(slug) && value == "same");
    last.iter()
        .filter(|(slug, earlier)| earlier.afresh.is_none() && says(slug))
        .map(|(slug, earlier)| (slug.clone(), earlier.assessment))
        .collect()
}

/// The field for what the vendor says to a remark.
pub fn reply_field(slug: &str) -> String {
    format!("{slug}:reply")
}

/// What is said to the remarks of questions that were sent back; too long is a fault.
pub fn replies<'a>(
    shown: &[&'a Question],
    who: &Respondent,
    fields: &Fields,
) -> (BTreeMap<String, String>, Faults<'a>) {
    let (mut replies, mut faults) = (BTreeMap::new(), Faults::new());
    let Some(open) = &who.opened.correction else { return (replies, faults) };
    for question in shown.iter().filter(|question| open.returned.contains_key(&question.slug)) {
        let name = reply_field(&question.slug);
        let typed = fields.iter().find(|(field, _)| *field == name).map(|(_, text)| text.as_str());
        let typed = match open.occasion.is_recheck() {
            // A tick: one that was taken off does not come with the form.
            true => Some(typed.filter(|text| *text == STILL_TRUE).unwrap_or_default()),
            false => typed,
        };
        let Some(text) = typed else { continue };
        let text = text.replace("\r\n", "\n").trim().to_owned();
        if text.chars().count() > LONGEST {
            let problem = format!("Shorten your reply to {LONGEST} letters or fewer");
            faults.insert(question.slug.as_str(), FieldFault { field: name, problem });
        } else {
            replies.insert(question.slug.clone(), text);
        }
    }
    (replies, faults)
}

/// Questions asked again of which a page says both: that the answer is still true, and another
/// answer. Which of the two holds is for its reader to say.
pub fn contradicted<'a>(who: &Respondent, given: &Given<'a>, replies: &BTreeMap<String, String>) -> Faults<'a> {
    let Some(open) = who.opened.correction.as_ref().filter(|open| open.occasion.is_recheck()) else {
        return Faults::new();
    };
    let other = |slug: &str, answer: &Option<Answer>| {
        let there = who.answers.get(slug).map(Answer::bare) == answer.as_ref().map(Answer::bare);
        // What differs from the signed answer already, and what differs from what stands here.
        there == open.changes.contains_key(slug)
    };
    let both = given
        .iter()
        .filter(|(slug, answer)| replies.get(*slug).is_some_and(|reply| reply == STILL_TRUE) && other(slug, answer));
    let problem = "You ticked “still true” and also gave another answer. Take the tick off to keep the new answer, \
                   or set the answer back";
    both.map(|(slug, _)| (*slug, FieldFault { field: (*slug).to_owned(), problem: problem.to_owned() })).collect()
}

/// Reads each question of a page by itself. "Still true" takes the earlier answer, whatever
/// stands in the fields below it.
pub fn read_each<'a>(
    shown: &[&'a Question],
    fields: &Fields,
    last: &BTreeMap<String, Earlier>,
    today: NaiveDate,
) -> (Given<'a>, Faults<'a>) {
    let confirmed = confirmed(fields, last);
    let mut answers = Vec::new();
    let mut faults = Faults::new();
    for question in shown {
        if confirmed.contains_key(&question.slug) {
            let earlier = last.get(&question.slug).map(|earlier| earlier.answer.clone());
            answers.push((question.slug.as_str(), earlier));
            continue;
        }
        match form::read(question, fields, today) {
            Ok(answer) => answers.push((question.slug.as_str(), answer)),
            Err(fault) => drop(faults.insert(question.slug.as_str(), fault)),
        }
    }
    (answers, faults)
}

/// Saves what the reader of the page changed.
pub async fn keep(
    app: &App,
    opened: &Opened,
    read: Given<'_>,
    confirmed: BTreeMap<String, AssessmentId>,
    replies: BTreeMap<String, String>,
    seen: Seen,
    how: Saving,
) -> Result<Saved, PortalError> {
    let now = app.clock.now();
    let page: Vec<(String, Option<Answer>)> =
        read.into_iter().map(|(slug, answer)| (slug.to_owned(), answer)).collect();
    let (scope, id, writing) = (opened.scope(), opened.assessment.id, opened.clone());
    let saved = app
        .write(move |conn| {
            let page: Vec<(&str, Option<Answer>)> =
                page.iter().map(|(slug, answer)| (slug.as_str(), answer.clone())).collect();
            if writing.correction.is_some() {
                return correct::save_page(conn, &writing, &page, &replies, &seen, how, now);
            }
            let saved = receive::save_page(conn, &writing, &page, &seen, how, now)?;
            if let Saved::All(answers) = &saved
                && writing.assessment.cycle > 1
            {
                // Of a question that somebody else answered meanwhile this page says nothing.
                let kept: Vec<_> =
                    page.into_iter().filter(|(slug, given)| answers.get(*slug) == given.as_ref()).collect();
                receive::confirm(conn, &writing, &kept, &confirmed)?;
            }
            Ok(saved)
        })
        .await;
    match saved {
        // Someone signed while this page was open.
        Err(ReceiveError::AlreadySigned) => {
            let signed = app.read(move |conn| store::assessments::attestation(conn, &scope, id)).await?;
            Err(signed.map_or(PortalError::Link(ReceiveError::AlreadySigned), |signed| {
                PortalError::Signed(Box::new((opened.clone(), signed)))
            }))
        }
        saved => Ok(saved?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn a_bad_answer_leaves_the_good_ones_of_its_page_as_they_are() {
        let catalogue = Catalogue::built_in().unwrap();
        let (_, topic) = catalogue.current().topic("self-check").unwrap();
        let shown: Vec<&Question> = topic.questions.iter().collect();
        let today = "2026-11-22".parse().unwrap();
        let fields = |date: &str| {
            vec![("org.self-check.done".into(), "yes".into()), ("org.self-check.date".into(), date.to_owned())]
        };
        let read = |fields: &Fields| read_each(&shown, fields, &BTreeMap::new(), today);
        let (answers, faults) = read(&fields("2026-05-14"));
        assert_eq!((answers.iter().filter(|(_, answer)| answer.is_some()).count(), faults.len()), (2, 0));
        let (answers, faults) = read(&fields("14th of May"));
        assert_eq!(faults.keys().copied().collect::<Vec<_>>(), ["org.self-check.date"]);
        assert_eq!(answers.iter().map(|(slug, _)| *slug).collect::<Vec<_>>(), ["org.self-check.done"]);
        let (blank, _) = read(&Fields::new());
        assert!(blank.iter().all(|(_, answer)| answer.is_none()), "a blank takes the answer back");
    }
}
