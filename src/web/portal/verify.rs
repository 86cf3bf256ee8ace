//! Whether a request that someone got is one of ours: the short code in the letter says who
//! asked whom, and when. Says nothing that the letter does not.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Form};
use serde::{Deserialize, Serialize};

use super::field::Line;
use super::view::{HOSTILE, Shell, longest, masked};
use crate::app::App;
use crate::domain::civil_date;
use crate::secrets;
use crate::store::invitations::Link;
use crate::store::{self, Db, StoreError};
use crate::templates::Context;
use crate::web::Answered;
use crate::web::view::ErrorLine;

/// Letters and numbers of a code, without the line between them.
const CODE: usize = 8;

#[derive(Clone, Debug, Serialize)]
pub struct Verify {
    errors: Vec<ErrorLine>,
    code: Line,
    found: Option<Found>,
    unknown: bool,
}

/// The request behind a code.
#[derive(Clone, Debug, Serialize)]
struct Found {
    practice: String,
    vendor: String,
    asked_on: String,
    recipient: String,
}

/// The form: a search. It changes nothing, so it needs no token against forgery.
#[derive(Debug, Deserialize)]
pub struct Search {
    #[serde(default)]
    code: String,
}

impl Verify {
    fn blank() -> Self {
        Self { errors: Vec::new(), code: Line::named("code", "", None), found: None, unknown: false }
    }

    fn empty() -> Self {
        let says = "Type the code from the e-mail".to_owned();
        let code = Line::named("code", "", Some(says.clone()));
        Self { errors: vec![ErrorLine { at: "code".to_owned(), says }], code, ..Self::blank() }
    }

    /// What was typed is no code of ours by its looks.
    fn misread(typed: &str) -> Self {
        let says = "A code has eight letters and numbers, such as ABCD-2345. Type all of it".to_owned();
        let code = Line::named("code", typed, Some(says.clone()));
        Self { errors: vec![ErrorLine { at: "code".to_owned(), says }], code, ..Self::blank() }
    }

    fn unknown(typed: &str) -> Self {
        Self { code: Line::named("code", typed, None), unknown: true, ..Self::blank() }
    }

    fn show(&self, app: &App, status: StatusCode) -> Answered {
        Shell::stranger("Check that a request is genuine").show(app, status, self)
    }
}

pub async fn form(app: Data<App>) -> Answered {
    Verify::blank().show(&app, StatusCode::OK)
}

pub async fn look(app: Data<App>, search: Form<Search>) -> Answered {
    let typed = search.code.trim();
    let code = secrets::tidy_code(typed);
    if code.is_empty() {
        return Verify::empty().show(&app, StatusCode::UNPROCESSABLE_ENTITY);
    }
    if typed.chars().filter(char::is_ascii_alphanumeric).count() != CODE {
        return Verify::misread(typed).show(&app, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let page = match app.read(move |conn| find(conn, &code)).await? {
        Some(found) => Verify { found: Some(found), ..Verify::blank() },
        None => Verify::unknown(typed),
    };
    page.show(&app, StatusCode::OK)
}

fn find(conn: &mut Db, code: &str) -> Result<Option<Found>, StoreError> {
    let Some(Link { invitation, practice, vendor_name, .. }) = store::invitations::by_code(conn, code)? else {
        return Ok(None);
    };
    Ok(Some(Found {
        asked_on: civil_date::say(practice.day(invitation.made_at)),
        practice: practice.name,
        vendor: vendor_name,
        recipient: masked(&invitation.sent_to),
    }))
}

impl Context for Verify {
    const TEMPLATE: &'static str = "portal/verify";
    fn samples() -> Vec<Self> {
        let found = |text: &str| {
            let text = || text.to_owned();
            let found =
                Found { practice: text(), vendor: text(), asked_on: "November 22, 2026".to_owned(), recipient: text() };
            Self { found: Some(found), ..Self::blank() }
        };
        vec![
            Self::blank(),
            Self::empty(),
            Self::unknown("K7QM-2RXA"),
            Self::unknown(HOSTILE),
            Self::unknown(longest(2_000)),
            found("Northwind Billing Services"),
            found(longest(200)),
            found(HOSTILE),
        ]
    }
}
