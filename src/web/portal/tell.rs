//! A vendor tells of a change: the page behind its standing link, the same page beside its
//! questionnaire, and Start. Looking changes nothing; what is typed stays in one browser.

pub mod afresh;
pub mod check;
pub mod files;
pub mod page;
pub mod receipt;
pub mod sign;
mod teller;

pub use teller::{Teller, Telling};

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;

use super::problem::{PortalError, answer};
use super::respondent::{Respondent, Visit};
use super::view::{HOSTILE, Shell, longest};
use crate::app::App;
use crate::domain::notice::DRAFT_DAYS;
use crate::flows::notify::{self, Door};
use crate::templates::Context;
use crate::web::form::Posted;
use crate::web::session::{NOTICE_COOKIE, cookie, value};
use crate::web::{Answered, WebError, see_other};

#[derive(Clone, Debug, Serialize)]
pub struct TellPage {
    vendor: String,
    /// Where the button leads.
    start: String,
    back: Option<&'static str>,
}

impl Context for TellPage {
    const TEMPLATE: &'static str = "portal/tell";
    fn samples() -> Vec<Self> {
        let with = |vendor: &str, back| Self { vendor: vendor.to_owned(), start: "/n/Zk3v/start".to_owned(), back };
        vec![
            with("Northwind Billing Services", None),
            with("", None),
            with(longest(200), Some("/respond")),
            with(HOSTILE, None),
        ]
    }
}

fn title(practice: &str) -> String {
    format!("Tell {practice} about a change")
}

/// GET `/n/{token}`
pub async fn show(app: Data<App>, token: Path<String>) -> Answered {
    answer(&app, async {
        let token = token.into_inner();
        let start = format!("/n/{token}/start");
        let door = app.read(move |conn| notify::open(conn, &token)).await?;
        let page = TellPage { vendor: door.vendor_name, start, back: None };
        Ok(Shell::of(&door.practice, &title(&door.practice.name)).show(&app, StatusCode::OK, &page)?)
    })
    .await
}

/// POST `/n/{token}/start`. Takes no form, as for an invitation: the address is the proof.
pub async fn start(app: Data<App>, token: Path<String>, request: HttpRequest) -> Answered {
    answer(&app, async {
        let token = token.into_inner();
        let door = app.read(move |conn| notify::open(conn, &token)).await?;
        begin(&app, door, value(&request, NOTICE_COOKIE)).await
    })
    .await
}

/// GET `/respond/notice`
pub async fn beside(app: Data<App>, who: Visit) -> Answered {
    answer(&app, async {
        let who = Respondent::owning(who)?;
        let back = if who.signature().is_some() { "/respond/receipt" } else { "/respond" };
        let page =
            TellPage { vendor: who.vendor().to_owned(), start: "/respond/notice/start".to_owned(), back: Some(back) };
        Ok(who.shell(&title(&who.opened.practice.name)).show(&app, StatusCode::OK, &page)?)
    })
    .await
}

/// POST `/respond/notice/start`
pub async fn start_beside(app: Data<App>, who: Visit, _posted: Posted, request: HttpRequest) -> Answered {
    answer(&app, async {
        begin(&app, Door::beside(&Respondent::owning(who)?.opened), value(&request, NOTICE_COOKIE)).await
    })
    .await
}

/// POST `/tell/again`: another notice, after one was sent.
pub async fn again(app: Data<App>, who: Telling, _posted: Posted, request: HttpRequest) -> Answered {
    answer(&app, async { begin(&app, Door::again(&who?.held), value(&request, NOTICE_COOKIE)).await }).await
}

async fn begin(app: &App, door: Door, known: Option<String>) -> Result<actix_web::HttpResponse, PortalError> {
    let (office, now) = (app.office.clone(), app.clock.now());
    let value = app.write(move |conn| notify::begin(conn, &office, &door, known.as_deref(), now)).await?;
    let mut response = see_other("/tell");
    response
        .add_cookie(&cookie(NOTICE_COOKIE, value, Duration::days(DRAFT_DAYS)))
        .map_err(|error| WebError::Internal(Box::new(error)))?;
    Ok(response)
}

/// GET `/tell`: on with the notice where it was left.
pub async fn go_on(app: Data<App>, who: Telling) -> Answered {
    answer(&app, async {
        let who = who?;
        if who.held.signed.is_some() {
            return Ok(see_other("/tell/receipt"));
        }
        let form = who.form(&app.office)?;
        let open = crate::domain::notice::form::unfinished(form, &who.held.draft.answers);
        Ok(see_other(&open.map_or_else(|| "/tell/check".to_owned(), |topic| format!("/tell/{}", topic.id))))
    })
    .await
}
