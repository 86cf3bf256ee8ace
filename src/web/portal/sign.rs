//! Signing: a name, a job, an address and a promise under the statement.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde::Serialize;

use super::check::open::Open;
use super::field::Line;
use super::problem::{PortalError, answer};
use super::respondent::{Respondent, Visit};
use super::signer::{Authority, Typed};
use super::tasks::counts;
use super::verification;
use super::view::{HOSTILE, longest, unanswered};
use crate::app::App;
use crate::domain::answers::seen;
use crate::flows::receive::{self, ReceiveError};
use crate::templates::Context;
use crate::web::form::Posted;
use crate::web::view::ErrorLine;
use crate::web::{Answered, see_other};

#[derive(Clone, Debug, Serialize)]
pub struct Sign<'a> {
    vendor: &'a str,
    unanswered: Option<String>,
    /// Questions that were sent back and not looked at: it is not signed until they are.
    waiting: Option<Open<'a>>,
    statement: String,
    back: &'static str,
    /// The mark of what is signed, as it was when the page was opened; comes back with the form.
    seen: String,
    /// It is not that any more.
    changed: bool,
    /// There is no form while questions wait; one that came stays, with what was typed.
    hidden: bool,
    errors: Vec<ErrorLine>,
    name: Line,
    job: Line,
    email: Line,
    authority: Authority,
    /// The practice does not leave out the rule that is only proposed.
    proposed: bool,
}

/// How the page comes to be shown.
#[derive(Default)]
struct Again {
    /// The mark that came with the form; without one it is made of what is on record.
    seen: Option<String>,
    changed: bool,
    came: bool,
}

pub async fn form(app: Data<App>, who: Visit) -> Answered {
    answer(&app, async {
        let who = Respondent::signing(who)?;
        // The name is the signature: whoever signs types it.
        let known = Typed::known(&who.opened.invitation.sent_to);
        page(&app, &who, StatusCode::OK, known, Again::default()).await
    })
    .await
}

async fn page(
    app: &App,
    who: &Respondent,
    status: StatusCode,
    typed: Typed,
    again: Again,
) -> Result<actix_web::HttpResponse, PortalError> {
    let today = who.opened.practice.day(app.clock.now());
    let questionnaire = who.opened.questionnaire(&app.office)?;
    let applicable = who.applicable(questionnaire);
    let (total, answered) = counts(who, &applicable);
    let waiting = Open::of(who, questionnaire, &applicable).filter(Open::waits);
    let errors = typed.errors();
    let Typed { name, job, email, authority } = typed;
    let page = Sign {
        vendor: who.vendor(),
        unanswered: unanswered(total - answered),
        hidden: waiting.is_some() && !again.came,
        waiting,
        statement: receive::declared(questionnaire, &who.opened, &who.answers, today),
        back: "/respond/check",
        seen: again.seen.unwrap_or_else(|| seen::mark_of_all(&who.answers, &who.files)),
        changed: again.changed,
        errors,
        name,
        job,
        email,
        authority,
        proposed: verification::is_offered(who),
    };
    Ok(who.shell("Sign your answers").show(app, status, &page)?)
}

/// Signs. A form that comes twice leads to the same receipt: the first one counts. Where an answer
/// changed since the page was opened, in another window or by a colleague, it comes back first,
/// with what was typed and with the mark of what stands there now.
pub async fn sign(app: Data<App>, who: Visit, posted: Posted) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = Respondent::signing(who)?;
        let (typed, signer) = Typed::read(&posted, who.vendor());
        let shown = posted.text("seen").to_owned();
        let Some(signer) = signer else {
            let again = Again { seen: Some(shown).filter(|shown| !shown.is_empty()), came: true, changed: false };
            return page(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, typed, again).await;
        };
        let (office, opened) = (app.office.clone(), who.opened.clone());
        let signed = app.write(move |conn| receive::sign_as_shown(conn, &office, &opened, &signer, &shown, now)).await;
        let changed = match signed {
            Ok(_) => {
                app.post.notify_one();
                return Ok(see_other("/respond/receipt"));
            }
            Err(ReceiveError::AlreadySigned) => return Ok(see_other("/respond/receipt")),
            // The same page says which ones, with the way to each.
            Err(ReceiveError::NotLookedAt) => false,
            Err(ReceiveError::Changed) => true,
            Err(other) => return Err(other.into()),
        };
        page(&app, &who, StatusCode::CONFLICT, typed, Again { changed, came: true, seen: None }).await
    })
    .await
}

impl Context for Sign<'_> {
    const TEMPLATE: &'static str = "portal/sign";
    fn samples() -> Vec<Self> {
        let [_, long, hostile, _] = Open::samples();
        let page = |vendor: &'static str, statement: &str, typed: Typed| Self {
            vendor,
            unanswered: unanswered(typed.errors().len()),
            waiting: None,
            statement: statement.to_owned(),
            back: "/respond/check",
            seen: statement.to_owned(),
            changed: !vendor.is_empty(),
            hidden: vendor.is_empty(),
            errors: typed.errors(),
            name: typed.name,
            job: typed.job,
            email: typed.email,
            authority: typed.authority,
            proposed: !vendor.is_empty(),
        };
        let read = |text: &str| {
            let fields = ["name", "job_title", "email"].map(|name| (name.to_owned(), text.to_owned()));
            Typed::read(&Posted(fields.to_vec()), text).0
        };
        vec![
            page(
                "Northwind Billing Services",
                "I am allowed to answer for Northwind Billing Services.",
                Typed::blank(),
            ),
            page("", "", read("")),
            page(longest(200), longest(600), read(longest(300))),
            page(HOSTILE, HOSTILE, read(HOSTILE)),
            Self { waiting: long, ..page("", "", Typed::blank()) },
            Self { waiting: hostile, ..page(HOSTILE, HOSTILE, read(HOSTILE)) },
        ]
    }
}
