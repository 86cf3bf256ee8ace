//! What we decide about an action: its page's forms as they arrive.

use actix_web::web::{Data, Path};
use chrono::NaiveDate;

use super::one::show_page;
use crate::app::App;
use crate::domain::action::check_words;
use crate::domain::civil_date;
use crate::domain::entry::Actor;
use crate::domain::ids::ActionId;
use crate::domain::practice::Practice;
use crate::domain::vendor::check_owner;
use crate::flows::Office;
use crate::flows::actions::{self, ActionError, Change};
use crate::store::{self, Db};
use crate::web::form::{Posted, id};
use crate::web::session::SignedIn;
use crate::web::view::Faults;
use crate::web::{Answered, WebError, see_other};

/// The words of a field, which must not be empty.
fn said(posted: &Posted, at: &'static str, ask: &str) -> Result<String, (&'static str, String)> {
    match check_words(posted.text(at)) {
        Ok(text) if text.is_empty() => Err((at, ask.to_owned())),
        Ok(text) => Ok(text),
        Err(fault) => Err((at, fault.sentence())),
    }
}

/// The day of a field, which must not be past.
fn day(posted: &Posted, at: &'static str, today: NaiveDate) -> Result<NaiveDate, (&'static str, String)> {
    match civil_date::read(posted.text(at)) {
        Ok(day) if day < today => Err((at, "That day is past; choose today or a later one".to_owned())),
        Ok(day) => Ok(day),
        Err(fault) => Err((at, fault.to_string())),
    }
}

/// Lets a decision happen, and goes where it leads.
async fn decide(
    app: &App,
    who: &SignedIn,
    wanted: ActionId,
    done: &str,
    work: impl FnOnce(&mut Db, &Office, &Practice, &Actor) -> Result<(), ActionError> + Send + 'static,
) -> Answered {
    let (office, scope, by) = (app.office.clone(), who.scope, who.actor());
    let decided = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            work(conn, &office, &practice, &by)
        })
        .await;
    match decided {
        Ok(()) => {
            app.post.notify_one();
            Ok(see_other(&format!("/actions/{wanted}?done={done}")))
        }
        Err(ActionError::Closed) => Ok(see_other(&format!("/actions/{wanted}?done=closed"))),
        Err(ActionError::NoSuch) => Err(WebError::NotFound),
        Err(ActionError::Store(error)) => Err(error.into()),
    }
}

/// POST `/actions/{id}`
pub async fn change(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let (wanted, now): (ActionId, _) = (id(&path)?, app.clock.now());
    let scope = who.scope;
    let known = app.read_in(who.scope, move |conn| store::actions::one(conn, &scope, wanted)).await?;
    let known = known.ok_or(WebError::NotFound)?;
    let text = said(&posted, "wanted", "Say in a sentence what is wanted");
    // A day that is past already may stay.
    let kept = civil_date::read(posted.text("due_on")).ok().filter(|day| *day == known.due_on);
    let due_on = kept.map_or_else(|| day(&posted, "due_on", who.day(now)), Ok);
    let owner = check_owner(posted.text("owner")).map_err(|fault| ("owner", fault.sentence()));
    let change = match (text, due_on, owner) {
        (Ok(wanted), Ok(due_on), Ok(owner)) => Change { wanted, owner, due_on },
        (text, due_on, owner) => {
            let faults: Faults = [text.err(), due_on.err(), owner.err()].into_iter().flatten().collect();
            return show_page(&app, &who, wanted, &posted, &faults, None).await;
        }
    };
    decide(&app, &who, wanted, "saved", move |conn, office, practice, by| {
        actions::change(conn, office, practice, wanted, &change, by, now)
    })
    .await
}

/// POST `/actions/{id}/verify`
pub async fn verify(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let (wanted, now): (ActionId, _) = (id(&path)?, app.clock.now());
    let text = match said(&posted, "found", "Say what you looked at") {
        Ok(text) => text,
        Err(fault) => return show_page(&app, &who, wanted, &posted, &vec![fault], None).await,
    };
    decide(&app, &who, wanted, "done", move |conn, office, practice, by| {
        actions::verify(conn, office, practice, wanted, &text, by, now)
    })
    .await
}

/// POST `/actions/{id}/send-back`
pub async fn send_back(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let (wanted, now): (ActionId, _) = (id(&path)?, app.clock.now());
    let remark = said(&posted, "remark", "Say what is still missing");
    let due_on = day(&posted, "again_by", who.day(now));
    let (remark, due_on) = match (remark, due_on) {
        (Ok(remark), Ok(due_on)) => (remark, due_on),
        (remark, due_on) => {
            let faults: Faults = [remark.err(), due_on.err()].into_iter().flatten().collect();
            return show_page(&app, &who, wanted, &posted, &faults, None).await;
        }
    };
    decide(&app, &who, wanted, "back", move |conn, office, practice, by| {
        actions::send_back(conn, office, practice, wanted, (&remark, due_on), by, now)
    })
    .await
}

/// POST `/actions/{id}/cancel`
pub async fn cancel(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let (wanted, now): (ActionId, _) = (id(&path)?, app.clock.now());
    let reason = match said(&posted, "reason", "Say why it is not wanted any more") {
        Ok(reason) => reason,
        Err(fault) => return show_page(&app, &who, wanted, &posted, &vec![fault], None).await,
    };
    decide(&app, &who, wanted, "cancelled", move |conn, office, practice, by| {
        actions::cancel(conn, office, practice, wanted, &reason, by, now)
    })
    .await
}
