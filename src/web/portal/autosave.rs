//! A page of answers that saves itself while it is filled in: what is whole is kept, what is
//! not yet waits for the button.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use serde::Serialize;

use super::earlier::Earlier;
use super::leaf::{confirmed, keep, read_each, replies};
use super::problem::PortalError;
use super::respondent::Respondent;
use crate::app::App;
use crate::domain::answers::Answer;
use crate::domain::answers::seen::Seen;
use crate::domain::questionnaire::Question;
use crate::flows::receive::{Saved, Saving, set_aside};
use crate::web::form::Posted;

/// The button that is not there: a script sends the form with it.
pub const ACTION: &str = "auto";

/// What the script is told.
#[derive(Debug, Serialize)]
struct Kept {
    /// Marks of the answers as they are on record now, for the next time.
    seen: String,
    /// Answers of the page that are not saved: not complete, or changed elsewhere meanwhile,
    /// or such as set others aside. The button says what is the matter with each.
    waiting: usize,
}

/// Saves what can be saved of a page, and says nothing of the rest but how much it is.
///
/// # Errors
/// As when the button is pressed.
pub async fn save(
    app: &App,
    who: &Respondent,
    shown: &[&Question],
    posted: &Posted,
    last: &BTreeMap<String, Earlier>,
    was: Seen,
) -> Result<HttpResponse, PortalError> {
    // A browser that may not see what others saved saves nothing beside it without a press, and
    // is given no mark of it: four bytes of a hash are enough to guess a short answer.
    if who.locked {
        return Ok(answer(&was, shown.len()));
    }
    let today = who.opened.practice.day(app.clock.now());
    let asked = shown.len();
    let (mut given, _) = read_each(shown, &posted.0, last, today);
    let questionnaire = who.opened.questionnaire(&app.office)?;
    // What was told by telephone or taken over stays so until somebody presses the button.
    let same = |slug: &str, given: &Option<Answer>| {
        let recorded = who.answers.get(slug);
        given.is_some() && given.as_ref().map(Answer::bare) == recorded.map(Answer::bare)
    };
    let asis: Vec<&str> = given.iter().filter(|(slug, given)| same(slug, given)).map(|(slug, _)| *slug).collect();
    given.retain(|(slug, _)| !asis.contains(slug));
    if !set_aside(questionnaire, &who.opened.assessment, &who.answers, &given).is_empty() {
        given.clear();
    }
    let confirmed = confirmed(&posted.0, last);
    let replies = replies(shown, who, &posted.0).unwrap_or_default();
    let mut saved =
        keep(app, &who.opened, given.clone(), confirmed.clone(), replies.clone(), was.clone(), Saving::Typing).await?;
    if let Saved::Conflicts { questions, .. } = &saved {
        given.retain(|(slug, _)| !questions.iter().any(|other| other == slug));
        saved = keep(app, &who.opened, given.clone(), confirmed, replies, was.clone(), Saving::Typing).await?;
    }
    let Saved::All(answers) = saved else { return Ok(answer(&was, asked)) };
    // Only of what is on record as this page has it: a mark of somebody else's answer would have
    // the next save take that answer for one that was shown here.
    let as_given =
        given.iter().filter(|(slug, given)| Seen::mark_of(given.as_ref()) == Seen::mark_of(answers.get(*slug)));
    let seen = Seen::of(as_given.map(|(slug, _)| *slug), &answers).or(was);
    Ok(answer(&seen, asked - given.len() - asis.len()))
}

fn answer(seen: &Seen, waiting: usize) -> HttpResponse {
    HttpResponse::Ok().json(Kept { seen: seen.written(), waiting })
}
