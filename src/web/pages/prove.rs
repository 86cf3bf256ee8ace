//! Once more the password, or a passkey, before something dangerous.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::Serialize;

use super::passkey::proven;
use super::sign_in::refusal;
use crate::app::App;
use crate::flows::sign_in::{self, SignInError};
use crate::passkeys::Passkeys;
use crate::store::second_factors;
use crate::templates::Context;
use crate::web::form::{Posted, inside, query};
use crate::web::session::SignedIn;
use crate::web::view::{ErrorLine, Field, Here, Staff};
use crate::web::{Answered, WebError, passwords};

#[derive(Serialize)]
pub struct Prove {
    errors: Vec<ErrorLine>,
    next: String,
    email: String,
    passkeys: bool,
    kept: bool,
    password: Field,
}

fn page(next: &str, email: &str, passkeys: bool, error: Option<String>) -> Prove {
    Prove {
        errors: error.iter().map(|says| ErrorLine { at: "password".to_owned(), says: says.clone() }).collect(),
        next: next.to_owned(),
        email: email.to_owned(),
        passkeys,
        kept: next == "/kept",
        password: Field { id: "password", label: "Your password", error, ..Field::default() },
    }
}

impl Context for Prove {
    const TEMPLATE: &'static str = "pages/prove";
    fn samples() -> Vec<Self> {
        vec![
            page("/people", "dana@maple.test", false, None),
            page("/kept", "<script>", true, Some("<script>".to_owned())),
        ]
    }
}

async fn has_passkeys(app: &App, who: &SignedIn) -> Result<bool, WebError> {
    let user = who.user;
    let second = app.read(move |conn| second_factors::of(conn, user)).await?;
    Ok(second.passkeys > 0 && Passkeys::at(&app.base_url).is_some())
}

/// GET `/prove`
pub async fn form(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let next = inside(query(&request).text("next")).to_owned();
    let page = page(&next, &who.email, has_passkeys(&app, &who).await?, None);
    Staff { who: &who, here: Here::NOWHERE, title: "Show that it is you", notice: None }.ok(&app, &page)
}

/// POST `/prove`
pub async fn enter(app: Data<App>, who: SignedIn, request: HttpRequest, posted: Posted) -> Answered {
    let next = inside(posted.text("next")).to_owned();
    let subject = sign_in::throttle_subject(&who.email, &passwords::address(&app, &request));
    let tried = passwords::right(&app, &who.email, posted.verbatim("password"), &subject).await;
    match tried.and_then(|user| user.filter(|user| user.id == who.user).ok_or(SignInError::Wrong)) {
        Ok(_) => {
            app.write(move |conn| crate::store::users::clear_throttle(conn, &subject)).await?;
            proven(&app, &who, &request, false, &next).await
        }
        Err(refused) => {
            let (status, says) = refusal(refused, "That is not your password. Check it and try again")?;
            let page = page(&next, &who.email, has_passkeys(&app, &who).await?, Some(says));
            Staff { who: &who, here: Here::NOWHERE, title: "Error: Show that it is you", notice: None }
                .show(&app, status, &page)
        }
    }
}
