//! The page that asks for a mailed code: before saved answers are shown in a browser that did
//! not save them, beside last year's answers, and before signing. Looking at it mails nothing.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::done::Done;
use super::field::Line;
use super::problem::{PortalError, answer};
use super::respondent::{Respondent, Visit};
use super::tasks;
use super::view::{HOSTILE, longest, masked};
use crate::app::App;
use crate::flows::mailed_code::{self, Asked, Checked};
use crate::flows::requests::shown_lately;
use crate::store;
use crate::templates::Context;
use crate::web::form::{Posted, query};
use crate::web::view::ErrorLine;
use crate::web::{Answered, see_other};

#[derive(Clone, Debug, Serialize)]
pub struct CodePage {
    errors: Vec<ErrorLine>,
    recipient: String,
    /// A code is on its way or there.
    mailed: bool,
    /// It went out a moment ago, and another was asked for.
    lately: bool,
    signing: bool,
    last_year: bool,
    /// For something that only whoever was asked may do.
    going_on: bool,
    /// Nothing else is shown to this browser before.
    blocked: bool,
    next: &'static str,
    code: Line,
}

/// Where a code leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Topics,
    Signing,
    LastYear,
    Colleagues,
    Requests,
    SomeoneElse,
    Reuse,
    /// To open a signed reply again.
    Correcting,
    Verification,
    Actions,
}

impl Next {
    fn read(text: &str) -> Self {
        match text {
            "sign" => Next::Signing,
            "last-year" => Next::LastYear,
            "colleagues" => Next::Colleagues,
            "requests" => Next::Requests,
            "someone-else" => Next::SomeoneElse,
            "reuse" => Next::Reuse,
            "correct" => Next::Correcting,
            "verification" => Next::Verification,
            "actions" => Next::Actions,
            _ => Next::Topics,
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Next::Topics => "",
            Next::Signing => "sign",
            Next::LastYear => "last-year",
            Next::Colleagues => "colleagues",
            Next::Requests => "requests",
            Next::SomeoneElse => "someone-else",
            Next::Reuse => "reuse",
            Next::Correcting => "correct",
            Next::Verification => "verification",
            Next::Actions => "actions",
        }
    }

    const fn goes_on(self) -> bool {
        use Next as N;
        matches!(self, N::Colleagues | N::Requests | N::SomeoneElse | N::Reuse | N::Verification | N::Actions)
    }

    /// Whether this browser needs no code for it: other practices' requests are shown for a day
    /// after one, the answers as long as the link works.
    fn is_open(self, who: &Respondent, now: DateTime<Utc>) -> bool {
        let of_others = matches!(self, Next::Requests | Next::Reuse);
        who.verified() && (!of_others || shown_lately(&who.opened, now).is_some())
    }

    fn address(self, who: &Respondent) -> &'static str {
        match self {
            Next::Requests => "/respond/requests",
            Next::Verification => "/respond/verification",
            Next::Actions => "/respond/actions",
            Next::Correcting if who.signature().is_some() => "/respond/correct",
            _ if who.signature().is_some() => "/respond/receipt",
            Next::Signing => "/respond/sign",
            Next::Topics | Next::LastYear | Next::Correcting => "/respond",
            Next::Colleagues => "/respond/colleagues",
            Next::SomeoneElse => "/respond/someone-else",
            Next::Reuse => "/respond/reuse",
        }
    }
}

fn page(who: &Respondent, next: Next, mailed: bool, error: Option<&str>) -> CodePage {
    CodePage {
        errors: error.iter().map(|says| ErrorLine { at: "code".to_owned(), says: (*says).to_owned() }).collect(),
        recipient: masked(&who.opened.invitation.sent_to),
        mailed,
        lately: false,
        signing: next == Next::Signing,
        last_year: next == Next::LastYear,
        going_on: next.goes_on(),
        blocked: who.locked,
        next: next.key(),
        code: Line::named("code", "", error.filter(|_| mailed).map(str::to_owned)),
    }
}

fn show(app: &App, who: &Respondent, status: StatusCode, page: &CodePage) -> Result<HttpResponse, PortalError> {
    let title = if page.mailed { "Type the code from your e-mail" } else { "Show that it is you" };
    Ok(who.shell(title).show(app, status, page)?)
}

/// GET `/respond/code`
pub async fn form(app: Data<App>, who: Visit, request: HttpRequest) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = who?;
        let next = Next::read(query(&request).text("next"));
        if next.is_open(&who, now) {
            return Ok(see_other(next.address(&who)));
        }
        let (scope, invitation) = (who.opened.scope(), who.opened.invitation.id);
        let browser = who.browser().hash.clone();
        let newest = app.read(move |conn| store::codes::newest(conn, &scope, invitation, &browser)).await?;
        let mailed = newest.is_some_and(|code| code.is_live(now));
        let lately = mailed && query(&request).text("sent") == "lately";
        show(&app, &who, StatusCode::OK, &CodePage { lately, ..page(&who, next, mailed, None) })
    })
    .await
}

/// POST `/respond/code/send`
pub async fn send(app: Data<App>, who: Visit, posted: Posted) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = who?;
        let next = Next::read(posted.text("next"));
        let (office, opened, browser) = (app.office.clone(), who.opened.clone(), who.browser().clone());
        match app.write(move |conn| mailed_code::send(conn, &office, &opened, &browser, now)).await? {
            Asked::Mailed => {
                app.post.notify_one();
                Ok(see_other(&format!("/respond/code?next={}", next.key())))
            }
            Asked::Lately => Ok(see_other(&format!("/respond/code?sent=lately&next={}", next.key()))),
            Asked::TooMany => {
                let says = "We have sent three codes in a quarter of an hour. Use the newest one, or wait a little";
                show(&app, &who, StatusCode::TOO_MANY_REQUESTS, &page(&who, next, true, Some(says)))
            }
        }
    })
    .await
}

/// POST `/respond/code`
pub async fn check(app: Data<App>, who: Visit, posted: Posted) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = who?;
        let next = Next::read(posted.text("next"));
        if next.is_open(&who, now) {
            return Ok(see_other(next.address(&who)));
        }
        let (office, opened, browser) = (app.office.clone(), who.opened.clone(), who.browser().clone());
        let typed = posted.text("code").to_owned();
        let checked = app.write(move |conn| mailed_code::check(conn, &office, &opened, &browser, &typed, now)).await?;
        let (mailed, says) = match checked {
            // To where they are shown, and not back to the list that offered them.
            Checked::Right if next == Next::LastYear && who.signature().is_none() => {
                let topic = tasks::next_topic(&who, who.opened.questionnaire(&app.office)?);
                let address = topic.map_or_else(|| next.address(&who).to_owned(), |id| format!("/respond/{id}"));
                return Ok(Done::LastYear.lead(&address));
            }
            Checked::Right => return Ok(Done::Code.lead(next.address(&who))),
            Checked::Slip => (true, "Type the six digits from the e-mail".to_owned()),
            Checked::Wrong { left: 1 } => (true, "That is not the code. You can try once more".to_owned()),
            Checked::Wrong { left } => (true, format!("That is not the code. You can try {left} more times")),
            Checked::Ended => (false, "That code does not work any more. Have a new one sent".to_owned()),
        };
        show(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, &page(&who, next, mailed, Some(&says)))
    })
    .await
}

impl Context for CodePage {
    const TEMPLATE: &'static str = "portal/code";
    fn samples() -> Vec<Self> {
        let with = |recipient: &str, mailed, next: Next, says: Option<&str>| Self {
            errors: says.iter().map(|says| ErrorLine { at: "code".to_owned(), says: (*says).to_owned() }).collect(),
            recipient: recipient.to_owned(),
            mailed,
            lately: mailed,
            signing: next == Next::Signing,
            last_year: next == Next::LastYear,
            going_on: next.goes_on(),
            blocked: next == Next::Topics,
            next: next.key(),
            code: Line::named("code", "", says.map(str::to_owned)),
        };
        vec![
            with("p•••@northwind.example", false, Next::Topics, None),
            with("p•••@northwind.example", false, Next::Signing, None),
            with("p•••@northwind.example", false, Next::Colleagues, None),
            with("p•••@northwind.example", true, Next::Signing, Some("That is not the code")),
            with(longest(254), true, Next::LastYear, None),
            with(HOSTILE, false, Next::LastYear, Some("Have a new one sent")),
        ]
    }
}
