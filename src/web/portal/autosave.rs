//! A page of answers that saves itself while it is filled in: what is whole is kept, what is
//! not yet waits for the button.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use serde::Serialize;

use super::earlier::Earlier;
use super::leaf::{confirmed, contradicted, keep, read_each, replies};
use super::problem::PortalError;
use super::respondent::Respondent;
use crate::app::App;
use crate::domain::answers::seen::Seen;
use crate::domain::answers::{Answer, Answers};
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

/// What became of a page of which not everything could be kept.
#[derive(Debug)]
pub struct Partly {
    /// All answers as they are now.
    pub answers: Answers,
    /// Marks of the answers as they are on record now.
    pub seen: Seen,
    /// How many of the page's answers are not on record as they were given.
    pub waiting: usize,
    /// Something that was filled in, or taken back, is on record as it was given.
    pub any_kept: bool,
    /// Questions that were answered differently elsewhere meanwhile.
    pub conflicts: Vec<String>,
}

/// A page as it came.
#[derive(Clone, Copy)]
pub struct Came<'a> {
    pub shown: &'a [&'a Question],
    pub posted: &'a Posted,
    pub last: &'a BTreeMap<String, Earlier>,
}

/// Saves what can be saved of a page, and says nothing of the rest but how much it is.
///
/// # Errors
/// As when the button is pressed.
pub async fn save(app: &App, who: &Respondent, came: Came<'_>, was: Seen) -> Result<HttpResponse, PortalError> {
    // A browser that may not see what others saved saves nothing beside it without a press, and
    // is given no mark of it: four bytes of a hash are enough to guess a short answer.
    if who.locked {
        return Ok(answer(&was, came.shown.len()));
    }
    let kept = keep_whole(app, who, came, was, Saving::Typing).await?;
    Ok(answer(&kept.seen, kept.waiting))
}

/// Keeps the answers of a page that are whole, and nothing where that would set others aside.
///
/// # Errors
/// As when all of them are.
pub async fn keep_whole(
    app: &App,
    who: &Respondent,
    came: Came<'_>,
    was: Seen,
    how: Saving,
) -> Result<Partly, PortalError> {
    let today = who.opened.practice.day(app.clock.now());
    let asked = came.shown.len();
    let (mut given, _) = read_each(came.shown, &came.posted.0, came.last, today);
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
    let confirmed = confirmed(&came.posted.0, came.last);
    let (mut replies, _) = replies(came.shown, who, &came.posted.0);
    let both = contradicted(who, &given, &replies);
    given.retain(|(slug, _)| !both.contains_key(slug));
    replies.retain(|slug, _| !both.contains_key(slug.as_str()));
    let mut saved = keep(app, &who.opened, given.clone(), confirmed.clone(), replies.clone(), was.clone(), how).await?;
    let mut conflicts = Vec::new();
    if let Saved::Conflicts { questions, .. } = &saved {
        conflicts.clone_from(questions);
        given.retain(|(slug, _)| !questions.iter().any(|other| other == slug));
        saved = keep(app, &who.opened, given.clone(), confirmed, replies, was.clone(), how).await?;
    }
    let answers = match saved {
        Saved::All(answers) => answers,
        Saved::Conflicts { answers, questions } => {
            return Ok(Partly { answers, seen: was, waiting: asked, any_kept: false, conflicts: questions });
        }
    };
    // Only of what is on record as this page has it: a mark of somebody else's answer would have
    // the next save take that answer for one that was shown here.
    let as_given =
        given.iter().filter(|(slug, given)| Seen::mark_of(given.as_ref()) == Seen::mark_of(answers.get(*slug)));
    let slugs: Vec<&str> = as_given.map(|(slug, _)| *slug).collect();
    let any_kept =
        !asis.is_empty() || slugs.iter().any(|slug| answers.contains_key(*slug) || who.answers.contains_key(*slug));
    let seen = Seen::of(slugs.iter().copied(), &answers).or(was);
    Ok(Partly { answers, seen, waiting: asked - given.len() - asis.len(), any_kept, conflicts })
}

fn answer(seen: &Seen, waiting: usize) -> HttpResponse {
    HttpResponse::Ok().json(Kept { seen: seen.written(), waiting })
}
