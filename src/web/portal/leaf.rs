//! The answers of one page: loaded, read from the form, and kept, whole or not at all.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::earlier;
use super::problem::PortalError;
use super::respondent::Respondent;
use crate::app::App;
use crate::domain::answers::form::{self, FieldFault, Fields};
use crate::domain::answers::seen::Seen;
use crate::domain::answers::{Answer, lookup};
use crate::domain::questionnaire::{Question, Topic};
use crate::flows::receive::{self, Opened, ReceiveError, Saved};
use crate::store;
use crate::web::WebError;

/// The answer to each question of a page; `None` takes it back.
pub type Given<'a> = Vec<(&'a str, Option<Answer>)>;
/// What is wrong with a page, by question.
pub type Faults<'a> = BTreeMap<&'a str, FieldFault>;

/// What the vendor said last year to the questions of this page, for a browser that may see
/// it. Asks the database only for vendors that were asked before.
pub async fn last_year(app: &App, who: &Respondent, topic: &Topic) -> Result<BTreeMap<String, String>, PortalError> {
    let opened = &who.opened;
    if opened.assessment.cycle <= 1 || !who.verified() {
        return Ok(BTreeMap::new());
    }
    let slugs: Vec<String> = topic.questions.iter().map(|question| question.slug.clone()).collect();
    let (opened, office) = (opened.clone(), app.office.clone());
    app.read(move |conn| {
        let slugs: Vec<&str> = slugs.iter().map(String::as_str).collect();
        Ok(earlier::said(conn, &office, &opened, &slugs)?)
    })
    .await
}

/// The questions of the topic that apply; a topic without any is a page that is not there.
pub fn shown<'a>(topic: &'a Topic, who: &Respondent) -> Result<Vec<&'a Question>, WebError> {
    let answered = lookup(&who.answers);
    let asked = &who.opened.assessment.asked;
    let shown: Vec<&Question> = topic.questions.iter().filter(|question| asked.includes(question, &answered)).collect();
    if shown.is_empty() { Err(WebError::NotFound) } else { Ok(shown) }
}

/// Reads the whole page: every answer, or every fault.
pub fn read<'a>(shown: &[&'a Question], fields: &Fields, today: NaiveDate) -> Result<Given<'a>, Faults<'a>> {
    let mut answers = Vec::new();
    let mut faults = Faults::new();
    for question in shown {
        match form::read(question, fields, today) {
            Ok(answer) => answers.push((question.slug.as_str(), answer)),
            Err(fault) => drop(faults.insert(question.slug.as_str(), fault)),
        }
    }
    if faults.is_empty() { Ok(answers) } else { Err(faults) }
}

/// Saves what the reader of the page changed.
pub async fn keep(app: &App, opened: &Opened, read: Given<'_>, seen: Seen) -> Result<Saved, PortalError> {
    let now = app.clock.now();
    let page: Vec<(String, Option<Answer>)> =
        read.into_iter().map(|(slug, answer)| (slug.to_owned(), answer)).collect();
    let (scope, id, writing) = (opened.scope(), opened.assessment.id, opened.clone());
    let saved = app
        .write(move |conn| {
            let page: Vec<(&str, Option<Answer>)> =
                page.iter().map(|(slug, answer)| (slug.as_str(), answer.clone())).collect();
            receive::save_page(conn, &writing, &page, &seen, now)
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
    fn a_page_is_read_whole_or_not_at_all() {
        let catalogue = Catalogue::built_in().unwrap();
        let (_, topic) = catalogue.current().topic("self-check").unwrap();
        let shown: Vec<&Question> = topic.questions.iter().collect();
        let today = "2026-11-22".parse().unwrap();
        let fields = |date: &str| {
            vec![("org.self-check.done".into(), "yes".into()), ("org.self-check.date".into(), date.to_owned())]
        };
        let answers = read(&shown, &fields("2026-05-14"), today).unwrap();
        assert_eq!(answers.iter().filter(|(_, answer)| answer.is_some()).count(), 2);
        let faults = read(&shown, &fields("14th of May"), today).unwrap_err();
        assert_eq!(faults.keys().copied().collect::<Vec<_>>(), ["org.self-check.date"]);
        let blank = read(&shown, &Fields::new(), today).unwrap();
        assert!(blank.iter().all(|(_, answer)| answer.is_none()), "a blank takes the answer back");
    }
}
