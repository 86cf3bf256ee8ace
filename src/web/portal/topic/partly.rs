//! What becomes of a page of questions that cannot be saved as it came: what is whole is kept, and
//! the rest comes back; and the word to whoever asked a colleague when the last page is whole.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::{Filling, Spot, page};
use crate::app::App;
use crate::domain::answers::Answers;
use crate::domain::answers::form::FieldFault;
use crate::domain::answers::seen::Seen;
use crate::domain::questionnaire::Question;
use crate::flows::colleagues;
use crate::flows::receive::Saving;
use crate::web::portal::answers::said;
use crate::web::portal::autosave::{self, Came};
use crate::web::portal::leaf::Faults;
use crate::web::portal::problem::PortalError;
use crate::web::portal::respondent::Respondent;
use crate::web::{WebError, see_other};

/// Keeps what is whole of a page with faults, and shows the page again with those. Where no more
/// than the link was shown, nothing is saved beside what others did without it being seen.
pub(super) async fn partly(
    app: &App,
    mut who: Respondent,
    spot: Spot<'_>,
    came: Came<'_>,
    was: Seen,
    mut faults: Faults<'_>,
) -> Result<HttpResponse, PortalError> {
    let (mut shown, mut seen, mut kept) = (came.shown.to_vec(), was.written(), false);
    let open = faults.len();
    let saved = match who.locked {
        true => None,
        false => match autosave::keep_whole(app, &who, came, was, Saving::Pressed).await {
            Ok(saved) => Some(saved),
            // What was typed must outlive a database that cannot be written to now.
            Err(PortalError::Web(WebError::Unavailable(_) | WebError::ReadOnly(_))) => None,
            Err(error) => return Err(error),
        },
    };
    if let Some(saved) = saved {
        kept = saved.any_kept && saved.waiting <= open;
        let there = conflicts(&shown, &saved.conflicts, Some(&saved.answers));
        let slugs = saved.conflicts.iter().map(String::as_str);
        seen = Seen::of(slugs, &saved.answers).or(saved.seen).written();
        faults.extend(there);
        who.answers = saved.answers;
        // An answer that was kept may have put one at fault out of the way, or brought one up.
        shown = super::shown(spot.topic, &who)?;
        faults.retain(|slug, _| shown.iter().any(|question| question.slug == *slug));
        if faults.is_empty() {
            return Ok(see_other(&format!("/respond/{}", spot.topic.id)));
        }
    }
    let fields = &came.posted.0;
    let filling = Filling { fields, faults: &faults, last: came.last, seen, kept, trouble: None, aside: Vec::new() };
    page(app, &who, spot, &shown, &filling, StatusCode::UNPROCESSABLE_ENTITY)
}

/// Says what was answered meanwhile, in another window or by somebody else. What was typed here stays, and saving again
/// keeps it. What they answered is for browsers only that may see it.
pub(super) fn conflicts<'a>(shown: &[&'a Question], questions: &[String], answers: Option<&Answers>) -> Faults<'a> {
    let in_question = shown.iter().filter(|question| questions.contains(&question.slug));
    in_question
        .map(|question| {
            let problem = match answers.map(|all| all.get(&question.slug)) {
                None => "This was answered since you opened this page, in another window or by a colleague. Open the link in the e-mail once more and have a code sent, to see both".to_owned(),
                Some(theirs) => {
                    let theirs = theirs.map_or("was taken back".to_owned(), |answer| format!("became “{}”", said(question, answer)));
                    format!("The answer {theirs} since you opened this page, in another window or by a colleague. Save again to keep yours, or change it")
                }
            };
            (question.slug.as_str(), FieldFault { field: question.slug.clone(), problem })
        })
        .collect()
}

/// Word to whoever asked a colleague, once all of its part is answered.
pub(super) async fn tell_asker(
    app: &App,
    who: &Respondent,
    applicable: &[&Question],
    answers: &Answers,
) -> Result<(), PortalError> {
    if applicable.iter().all(|question| answers.contains_key(&question.slug)) {
        let (office, opened, now) = (app.office.clone(), who.opened.clone(), app.clock.now());
        if app.write(move |conn| colleagues::finished(conn, &office, &opened, now)).await? {
            app.post.notify_one();
        }
    }
    Ok(())
}
