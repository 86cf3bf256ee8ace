//! Signing a notice: a name, a job, an address and a promise under the statement.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde::Serialize;

use super::{Teller, Telling};
use crate::app::App;
use crate::domain::notice::form;
use crate::flows::notify::{self, Sent};
use crate::flows::receive::statement;
use crate::templates::Context;
use crate::web::form::Posted;
use crate::web::portal::field::Line;
use crate::web::portal::problem::{PortalError, answer};
use crate::web::portal::signer::{Authority, Typed};
use crate::web::portal::view::{HOSTILE, longest};
use crate::web::view::ErrorLine;
use crate::web::{Answered, see_other};

#[derive(Clone, Debug, Serialize)]
pub struct NoticeSign<'a> {
    vendor: &'a str,
    statement: String,
    back: &'static str,
    errors: Vec<ErrorLine>,
    name: Line,
    job: Line,
    email: Line,
    authority: Authority,
}

fn filled(vendor: &str, statement: String, typed: Typed) -> NoticeSign<'_> {
    let errors = typed.errors();
    let Typed { name, job, email, authority } = typed;
    NoticeSign { vendor, statement, back: "/tell/check", errors, name, job, email, authority }
}

fn page(app: &App, who: &Teller, status: StatusCode, typed: Typed) -> Result<HttpResponse, PortalError> {
    let today = who.held.practice.day(app.clock.now());
    let statement = statement(who.form(&app.office)?, &who.held.vendor_name, today);
    let page = filled(&who.held.vendor_name, statement, typed);
    Ok(who.shell("Sign your notice").show(app, status, &page)?)
}

/// Where whoever cannot sign now has to go: to the receipt, or to what is missing.
fn elsewhere(app: &App, who: &Teller) -> Result<Option<HttpResponse>, PortalError> {
    if who.held.signed.is_some() {
        return Ok(Some(see_other("/tell/receipt")));
    }
    let open = form::unfinished(who.form(&app.office)?, &who.held.draft.answers);
    Ok(open.map(|topic| see_other(&format!("/tell/{}", topic.id))))
}

/// GET `/tell/sign`
pub async fn form(app: Data<App>, who: Telling) -> Answered {
    answer(&app, async {
        let who = who?;
        match elsewhere(&app, &who)? {
            Some(elsewhere) => Ok(elsewhere),
            None => page(&app, &who, StatusCode::OK, Typed::blank()),
        }
    })
    .await
}

/// POST `/tell/sign`. Pressed twice, it leads to the same receipt.
pub async fn sign(app: Data<App>, who: Telling, posted: Posted) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = who?;
        if let Some(elsewhere) = elsewhere(&app, &who)? {
            return Ok(elsewhere);
        }
        let (typed, signer) = Typed::read(&posted, &who.held.vendor_name);
        let Some(signer) = signer else {
            return page(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, typed);
        };
        let office = app.office.clone();
        match app.write(move |conn| notify::send(conn, &office, &who.cookie, &signer, now)).await? {
            Sent::Now(_) => app.post.notify_one(),
            Sent::Before => {}
            Sent::Unfinished(topic) => return Ok(see_other(&format!("/tell/{topic}"))),
        }
        Ok(see_other("/tell/receipt"))
    })
    .await
}

impl Context for NoticeSign<'_> {
    const TEMPLATE: &'static str = "portal/tell_sign";
    fn samples() -> Vec<Self> {
        let read = |text: &str| {
            let fields = ["name", "job_title", "email"].map(|name| (name.to_owned(), text.to_owned()));
            Typed::read(&Posted(fields.to_vec()), text).0
        };
        let all = [("Northwind Billing Services", Typed::blank()), ("", read("")), (HOSTILE, read(HOSTILE))];
        let mut samples: Vec<Self> =
            all.into_iter().map(|(text, typed)| filled(text, text.to_owned(), typed)).collect();
        samples.push(filled(longest(200), longest(600).to_owned(), read(longest(300))));
        samples
    }
}
