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
use crate::domain::answers::seen::Seen;
use crate::domain::questionnaire::Question;
use crate::flows::receive::{Saved, set_aside};
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
    let today = who.opened.practice.day(app.clock.now());
    let asked = shown.len();
    let (mut given, _) = read_each(shown, &posted.0, last, today);
    let questionnaire = who.opened.questionnaire(&app.office)?;
    // A browser that may not see the answers is not told which there are either.
    if !who.locked && !set_aside(questionnaire, &who.opened.assessment, &who.answers, &given).is_empty() {
        given.clear();
    }
    let confirmed = confirmed(&posted.0, last);
    let replies = replies(shown, who, &posted.0).unwrap_or_default();
    let mut saved = keep(app, &who.opened, given.clone(), confirmed.clone(), replies.clone(), was.clone()).await?;
    if let Saved::Conflicts { questions, .. } = &saved {
        given.retain(|(slug, _)| !questions.iter().any(|other| other == slug));
        saved = keep(app, &who.opened, given.clone(), confirmed, replies, was.clone()).await?;
    }
    let Saved::All(answers) = saved else { return Ok(answer(&was, asked)) };
    let seen = Seen::of(given.iter().map(|(slug, _)| *slug), &answers).or(was);
    Ok(answer(&seen, asked - given.len()))
}

fn answer(seen: &Seen, waiting: usize) -> HttpResponse {
    HttpResponse::Ok().json(Kept { seen: seen.written(), waiting })
}
