//! Other requests to the same mailbox, of whichever practices of this installation: only for a
//! browser that has shown that mailbox.

use actix_web::cookie::time::Duration;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::problem::{PortalError, answer};
use super::respondent::{Respondent, Visit};
use super::view::{HOSTILE, longest};
use crate::app::App;
use crate::domain::civil_date;
use crate::domain::ids::InvitationId;
use crate::flows::requests as flow;
use crate::store::StoreError;
use crate::store::invitations::Link;
use crate::templates::Context;
use crate::web::form::{Posted, id};
use crate::web::session::{RESPONDENT_COOKIE, cookie};
use crate::web::{Answered, WebError, see_other};

/// As after Start.
const COOKIE_LASTS: Duration = Duration::days(30);

#[derive(Clone, Debug, Serialize)]
pub struct RequestsPage {
    back: &'static str,
    address: String,
    here: String,
    requests: Vec<Request>,
}

#[derive(Clone, Debug, Serialize)]
struct Request {
    id: String,
    practice: String,
    vendor: String,
    due: String,
    state: String,
    badge: &'static str,
    signed: bool,
}

fn request(link: &Link, (total, answered): (usize, usize)) -> Request {
    let (state, badge) = match link.assessment.accepted_on {
        Some(on) => (format!("Signed on {}", civil_date::say(on)), "good"),
        None if answered == 0 => ("Not started".to_owned(), "plain"),
        None => (format!("{answered} of {total} answered"), "wait"),
    };
    Request {
        id: link.invitation.id.to_string(),
        practice: link.practice.name.clone(),
        vendor: link.vendor_name.clone(),
        due: civil_date::say_with_day(link.assessment.due_on),
        state,
        badge,
        signed: link.assessment.accepted_on.is_some(),
    }
}

/// Whoever was asked, with the mailbox shown lately; signed or not.
fn shown(who: Visit, now: DateTime<Utc>) -> Result<Respondent, PortalError> {
    let who = Respondent::reading(who)?;
    match flow::shown_lately(&who.opened, now) {
        Some(_) => Ok(who),
        None => Err(PortalError::Code { next: "requests" }),
    }
}

/// GET `/respond/requests`
pub async fn list(app: Data<App>, who: Visit) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = shown(who, now)?;
        let (office, opened) = (app.office.clone(), who.opened.clone());
        let requests = app.read(move |conn| {
            let links = flow::others(conn, &opened, now)?;
            let line = |link: &Link| Ok::<_, StoreError>(request(link, flow::progress(conn, &office, link)?));
            links.iter().map(line).collect::<Result<Vec<Request>, StoreError>>()
        });
        let page = RequestsPage {
            back: if who.signature().is_some() { "/respond/receipt" } else { "/respond" },
            address: who.opened.invitation.sent_to.clone(),
            here: who.opened.practice.name.clone(),
            requests: requests.await?,
        };
        Ok(who.shell("Other requests to you").show(&app, StatusCode::OK, &page)?)
    })
    .await
}

/// POST `/respond/requests/{id}`: opens one as Start does.
pub async fn open(app: Data<App>, who: Visit, at: Path<String>, _posted: Posted) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = shown(who, now)?;
        let one: InvitationId = id(&at)?;
        let (office, from) = (app.office.clone(), who.opened.clone());
        let opened = app.write(move |conn| flow::open(conn, &office, &from, one, now)).await?;
        let (value, opened) = opened.ok_or(WebError::NotFound)?;
        let mut response = see_other(if opened.attestation.is_some() { "/respond/receipt" } else { "/respond" });
        response
            .add_cookie(&cookie(RESPONDENT_COOKIE, value, COOKIE_LASTS))
            .map_err(|error| WebError::Internal(Box::new(error)))?;
        Ok(response)
    })
    .await
}

impl Context for RequestsPage {
    const TEMPLATE: &'static str = "portal/requests";
    fn samples() -> Vec<Self> {
        let one = |text: &str, signed| Request {
            id: "1".to_owned(),
            practice: text.to_owned(),
            vendor: text.to_owned(),
            due: "Friday, December 11, 2026".to_owned(),
            state: if signed { "Signed on November 3, 2026" } else { "3 of 40 answered" }.to_owned(),
            badge: if signed { "good" } else { "wait" },
            signed,
        };
        let page =
            |text: &str, requests| Self { back: "/respond", address: text.to_owned(), here: text.to_owned(), requests };
        let both = |text: &str| page(text, vec![one(text, false), one(text, true)]);
        vec![both("Maple Family Practice"), both(longest(200)), both(HOSTILE), page("", Vec::new())]
    }
}
