//! What the vendor is asked to put right: all of it on one page, and a page for each. For whoever
//! the practice asked, with a mailed code; a colleague sees none of it.

pub mod one;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Serialize;

use super::problem::{PortalError, answer};
use super::respondent::{Respondent, Visit};
use super::view::{HOSTILE, longest};
use crate::app::App;
use crate::domain::action::{Action, ActionState};
use crate::domain::civil_date;
use crate::domain::words::counted;
use crate::flows::actions;
use crate::flows::receive::Opened;
use crate::store::{Db, StoreError};
use crate::templates::Context;
use crate::web::Answered;
use crate::web::form::query;
use crate::web::view::Badge;

#[derive(Clone, Debug, Serialize)]
pub struct ActionsPage {
    vendor: String,
    back: &'static str,
    /// What was just done.
    sent: bool,
    waiting: Vec<Line>,
    with_practice: Vec<Line>,
    closed: Vec<Line>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    href: String,
    short: String,
    due: String,
    state: Badge,
}

/// How an action stands, to its vendor.
fn state(one: &Action, today: NaiveDate) -> Badge {
    match one.state {
        _ if one.is_overdue(today) => Badge::new("bad", "Overdue"),
        ActionState::Open => Badge::new("plain", "To do"),
        ActionState::SentBack => Badge::new("soon", "Sent back"),
        ActionState::Answered => Badge::new("wait", "With the practice"),
        ActionState::Done => Badge::new("good", "Done"),
        ActionState::Cancelled => Badge::new("plain", "Not wanted any more"),
    }
}

impl ActionsPage {
    fn of(vendor: &str, back: &'static str, all: &[Action], sent: bool, today: NaiveDate) -> Self {
        let lines = |fits: &dyn Fn(ActionState) -> bool| -> Vec<Line> {
            let line = |one: &Action| Line {
                href: format!("/respond/actions/{}", one.id),
                short: one.short.clone(),
                due: civil_date::say(one.due_on),
                state: state(one, today),
            };
            all.iter().filter(|one| fits(one.state)).map(line).collect()
        };
        Self {
            vendor: vendor.to_owned(),
            back,
            sent,
            waiting: lines(&ActionState::waits_for_vendor),
            with_practice: lines(&|state| state == ActionState::Answered),
            closed: lines(&ActionState::is_closed),
        }
    }
}

/// Whoever may see what is to be put right: the mailbox was shown in this browser.
fn allowed(who: Visit) -> Result<Respondent, PortalError> {
    let who = Respondent::owning(who)?;
    if who.verified() { Ok(who) } else { Err(PortalError::Code { next: "actions" }) }
}

/// Where the pages lead back to.
fn back(who: &Respondent) -> &'static str {
    if who.signature().is_some() { "/respond/receipt" } else { "/respond" }
}

/// `3 things`, where so many wait for the vendor; `None` for none. Says nothing of what they are.
///
/// # Errors
/// The database's.
pub fn waiting(conn: &mut Db, opened: &Opened) -> Result<Option<String>, StoreError> {
    let all = actions::shown(conn, opened)?;
    let count = all.iter().filter(|one| one.state.waits_for_vendor()).count();
    Ok((count > 0).then(|| counted(count, "thing")))
}

/// GET `/respond/actions`
pub async fn list(app: Data<App>, who: Visit, request: HttpRequest) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = allowed(who)?;
        let opened = who.opened.clone();
        let all = app.read(move |conn| actions::shown(conn, &opened)).await?;
        let sent = query(&request).text("done") == "sent";
        let page = ActionsPage::of(who.vendor(), back(&who), &all, sent, who.opened.practice.day(now));
        Ok(who.shell("What to put right").show(&app, StatusCode::OK, &page)?)
    })
    .await
}

impl Context for ActionsPage {
    const TEMPLATE: &'static str = "portal/actions";
    fn samples() -> Vec<Self> {
        let line = |text: &str| Line {
            href: "/respond/actions/1".to_owned(),
            short: text.to_owned(),
            due: "December 11, 2026".to_owned(),
            state: Badge::new("bad", "Overdue"),
        };
        let with = |text: &str| Self {
            vendor: text.to_owned(),
            back: "/respond/receipt",
            sent: true,
            waiting: vec![line(text), line(text)],
            with_practice: vec![line(text)],
            closed: vec![line(text)],
        };
        let empty = Self { sent: false, waiting: vec![], with_practice: vec![], closed: vec![], ..with("") };
        vec![with("Northwind"), empty, with(longest(200)), with(HOSTILE)]
    }
}
