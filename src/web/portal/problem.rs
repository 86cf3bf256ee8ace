//! What can go wrong for a respondent, each with a page that says what became of the
//! answers.

use std::future::Future;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use chrono::NaiveDate;
use serde::Serialize;

use super::colleague::Helper;
pub use super::link_problem::LinkProblem;
use super::view::{HOSTILE, Shell, longest};
use crate::app::App;
use crate::domain::assessment::Attestation;
use crate::domain::civil_date;
use crate::flows::receive::{Opened, ReceiveError};
use crate::store::StoreError;
use crate::templates::Context;
use crate::web::guard::RequestId;
use crate::web::{Answered, WebError, see_other};

/// Why a respondent does not get the page that was asked for.
#[derive(Debug, thiserror::Error)]
pub enum PortalError {
    /// No link was opened in this browser, or it was long ago.
    #[error("this browser has not opened a link")]
    Stranger,
    #[error(transparent)]
    Link(ReceiveError),
    /// This browser shows a mailed code first.
    #[error("this browser has not shown a mailed code")]
    Code { next: &'static str },
    /// A page that is for whoever was asked, not for a colleague.
    #[error("a colleague may not open this page")]
    Colleague(Box<Helper>),
    /// A form came for answers that are signed.
    #[error("these answers were signed already")]
    Signed(Box<(Opened, Attestation)>),
    #[error(transparent)]
    Web(#[from] WebError),
}

impl From<ReceiveError> for PortalError {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::Store(error) => PortalError::Web(error.into()),
            other => PortalError::Link(other),
        }
    }
}

impl From<StoreError> for PortalError {
    fn from(error: StoreError) -> Self {
        PortalError::Web(error.into())
    }
}

impl ResponseError for PortalError {
    fn status_code(&self) -> StatusCode {
        match self {
            PortalError::Stranger | PortalError::Link(ReceiveError::UnknownLink) => StatusCode::NOT_FOUND,
            PortalError::Link(ReceiveError::Expired { .. } | ReceiveError::Revoked { .. }) => StatusCode::GONE,
            PortalError::Code { .. } => StatusCode::SEE_OTHER,
            PortalError::Colleague(_) => StatusCode::FORBIDDEN,
            PortalError::Link(_) | PortalError::Signed(_) => StatusCode::CONFLICT,
            PortalError::Web(error) => error.status_code(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// Answers with what the work gives, or with the page for what stopped it.
///
/// # Errors
/// What is wrong on our side; the guard has the page for it.
pub async fn answer(app: &App, work: impl Future<Output = Result<HttpResponse, PortalError>>) -> Answered {
    match work.await {
        Ok(response) => Ok(response),
        Err(error) => show(app, error),
    }
}

fn show(app: &App, error: PortalError) -> Answered {
    let status = error.status_code();
    match error {
        PortalError::Web(error) => Err(error),
        PortalError::Stranger => Shell::stranger("Please open your link again").show(app, status, &LinkProblem::lost()),
        PortalError::Code { next } => Ok(see_other(&format!("/respond/code?next={next}"))),
        PortalError::Colleague(helper) => helper.show(app, status),
        PortalError::Link(ReceiveError::Expired { on, practice }) => {
            Shell::of(&practice, "This link has ended").show(app, status, &LinkProblem::expired(on))
        }
        PortalError::Link(ReceiveError::Revoked { on, practice }) => {
            Shell::of(&practice, "This link was turned off").show(app, status, &LinkProblem::withdrawn(on))
        }
        // Someone was faster: the signed copy says all there is to say.
        PortalError::Link(ReceiveError::AlreadySigned) => Ok(see_other("/respond/receipt")),
        PortalError::Link(_) => Shell::stranger("We do not know this link").show(app, status, &LinkProblem::default()),
        PortalError::Signed(what) => {
            let (opened, attestation) = *what;
            let on = opened.practice.day(attestation.signed_at);
            Shell::of(&opened.practice, "These answers are already signed").show(app, status, &Problem::signed(on))
        }
    }
}

/// Anything else that went wrong.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Problem {
    missing: bool,
    signed: bool,
    signed_on: Option<String>,
    repeated: bool,
    large: bool,
    unread: bool,
    busy: bool,
    /// Too many links that are none of ours.
    many: bool,
    next: Option<Next>,
    reference: Option<String>,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Next {
    href: &'static str,
    says: &'static str,
}

impl Problem {
    fn signed(on: NaiveDate) -> Self {
        let next = Next { href: "/respond/receipt", says: "Open your signed copy" };
        Self { signed: true, signed_on: Some(civil_date::say(on)), next: Some(next), ..Self::default() }
    }

    /// The heading and the content for a status.
    fn of(status: StatusCode, id: RequestId) -> (&'static str, Self) {
        let topics = Some(Next { href: "/respond", says: "Go to the topics" });
        let reference = Some(id.0.to_string());
        match status.as_u16() {
            404 | 410 => ("We cannot find this page", Self { missing: true, ..Self::default() }),
            403 | 409 => ("We did not take that page", Self { repeated: true, next: topics, ..Self::default() }),
            413 => ("That is too much for one page", Self { large: true, ..Self::default() }),
            429 => ("Please wait a minute", Self { many: true, ..Self::default() }),
            503 => ("We are busy just now", Self { busy: true, reference, ..Self::default() }),
            400..500 => ("We could not read that", Self { unread: true, next: topics, ..Self::default() }),
            _ => ("Something broke on our side", Self { reference, ..Self::default() }),
        }
    }
}

impl Context for Problem {
    const TEMPLATE: &'static str = "portal/problem";
    fn samples() -> Vec<Self> {
        let id = RequestId(uuid::Uuid::nil());
        [400, 403, 404, 413, 429, 500, 503]
            .into_iter()
            .filter_map(|code| StatusCode::from_u16(code).ok())
            .map(|status| Self::of(status, id).1)
            .chain([Self::signed(NaiveDate::default())])
            .chain([Self { reference: Some(longest(60).to_owned()), ..Self::default() }])
            .chain([Self { reference: Some(HOSTILE.to_owned()), ..Self::default() }])
            .collect()
    }
}

/// The page for a bare error, in which nobody is named.
///
/// # Errors
/// A word that the context lacks.
pub fn page(app: &App, status: StatusCode, id: RequestId) -> Result<String, WebError> {
    let (title, problem) = Problem::of(status, id);
    Shell::stranger(title).text(&app.templates, &problem)
}
