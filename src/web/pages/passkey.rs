//! A passkey is asked for: to sign in, or to prove once more who sits there. The script
//! talks to the browser; without it the page says so and leads back to the password.

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::code::stepped;
use super::sign_in::{again, refusal};
use crate::app::App;
use crate::domain::ids::UserId;
use crate::flows::second_step;
use crate::flows::sign_in::{self, NewSession, SignInError};
use crate::passkeys::{Asked, Passkeys};
use crate::store::StoreError;
use crate::templates::Context;
use crate::web::form::{Posted, inside};
use crate::web::session::{self, Caller, STAFF_COOKIE, STEP_COOKIE, SignedIn};
use crate::web::view::{Here, Staff, outside};
use crate::web::{Answered, WebError, passwords, see_other};

#[derive(Serialize)]
pub struct PasskeyPage {
    heading: &'static str,
    says: &'static str,
    csrf: String,
    action: &'static str,
    /// `create` or `get`: what of `navigator.credentials`.
    verb: &'static str,
    options: String,
    ceremony: String,
    next: String,
    name: String,
    back: &'static str,
    back_says: &'static str,
    failed: bool,
}

impl PasskeyPage {
    fn sign_in(asked: &str, ceremony: String, next: &str) -> Self {
        Self {
            heading: "Sign in with a passkey",
            says: "Your browser asks for your fingerprint, your face, your PIN or your security key.",
            csrf: String::new(),
            action: "/sign-in/passkey/done",
            verb: "get",
            options: asked.to_owned(),
            ceremony,
            next: next.to_owned(),
            name: String::new(),
            back: "/sign-in",
            back_says: "Sign in with your password",
            failed: false,
        }
    }

    fn proof(asked: &str, ceremony: String, next: &str, csrf: &str) -> Self {
        Self {
            heading: "Show that it is you",
            csrf: csrf.to_owned(),
            action: "/prove/passkey/done",
            back: "/prove",
            back_says: "Type your password instead",
            ..Self::sign_in(asked, ceremony, next)
        }
    }

    /// The page on which a browser makes a new passkey.
    pub fn adding(asked: &str, ceremony: String, name: &str, csrf: &str) -> Self {
        Self {
            heading: "Add a passkey",
            says: "Your browser asks where to keep the passkey, and for your fingerprint, face, PIN or security key.",
            csrf: csrf.to_owned(),
            action: "/account/passkeys/done",
            verb: "create",
            name: name.to_owned(),
            back: "/account/passkeys",
            back_says: "Back to your passkeys",
            ..Self::sign_in(asked, ceremony, "/account/passkeys")
        }
    }

    fn failed(page: Self) -> Self {
        Self { failed: true, says: "That did not work. Nothing was changed.", ..page }
    }
}

impl Context for PasskeyPage {
    const TEMPLATE: &'static str = "pages/passkey";
    fn samples() -> Vec<Self> {
        let hostile = "\"><script>alert(1)</script>";
        vec![
            Self::sign_in("{}", "t".to_owned(), "/"),
            Self::proof(hostile, hostile.to_owned(), hostile, hostile),
            Self::adding("{}", "t".to_owned(), &"long ".repeat(40), "t"),
            Self::failed(Self::sign_in("", String::new(), "")),
        ]
    }
}

fn broken(error: crate::passkeys::PasskeyError) -> WebError {
    WebError::Internal(Box::new(error))
}

/// The site's ceremonies, where its address allows any.
pub fn site(app: &App) -> Result<Passkeys, WebError> {
    Passkeys::at(&app.base_url).ok_or(WebError::NotFound)
}

/// POST `/sign-in/passkey`
pub async fn begin(app: Data<App>, request: HttpRequest, body: Bytes) -> Answered {
    let next = inside(Posted::of(&body).text("next")).to_owned();
    ask(&app, &request, &next, false).await
}

/// Asks for a passkey of nobody in particular: anyone can have us keep a ceremony, so they are
/// counted.
async fn ask(app: &App, request: &HttpRequest, next: &str, failed: bool) -> Answered {
    let Asked { options, state } = site(app)?.begin().map_err(broken)?;
    let (from, now) = (passwords::address(app, request), app.clock.now());
    let begun = app.write(move |conn| {
        sign_in::ration(conn, "passkey", &from, now)?;
        Ok(second_step::begin_passkey(conn, None, &state, now)?)
    });
    let page = match begun.await {
        Ok(token) => PasskeyPage::sign_in(&options, token, next),
        Err(refused) => {
            let (status, says) = refusal(refused, "")?;
            return again(app, request, (next, ""), status, says).await;
        }
    };
    match failed {
        false => outside(app, StatusCode::OK, "Sign in with a passkey", &page),
        true => {
            let page = PasskeyPage::failed(page);
            outside(app, StatusCode::UNPROCESSABLE_ENTITY, "Error: Sign in with a passkey", &page)
        }
    }
}

/// POST `/sign-in/passkey/done`
pub async fn enter(app: Data<App>, request: HttpRequest, body: Bytes) -> Answered {
    let posted = Posted::of(&body);
    let next = inside(posted.text("next")).to_owned();
    match answered(&app, &request, &posted).await {
        Ok(Some((session, led))) => Ok(stepped(&session, led.as_deref().unwrap_or(&next))),
        Ok(None) | Err(SignInError::Wrong | SignInError::LinkGone) => ask(&app, &request, &next, true).await,
        Err(error) => Err(match error {
            SignInError::Store(error) => error.into(),
            other => WebError::Internal(Box::new(other)),
        }),
    }
}

/// Signs in whoever answered; with it goes where a sign-in led that waited for this.
async fn answered(
    app: &Data<App>,
    request: &HttpRequest,
    posted: &Posted,
) -> Result<Option<(NewSession, Option<String>)>, SignInError> {
    let Some(site) = Passkeys::at(&app.base_url) else { return Ok(None) };
    let (ceremony, answer) = (posted.text("ceremony").to_owned(), posted.text("credential").to_owned());
    let (waits, caller, now) = (session::value(request, STEP_COOKIE), Caller::of(request), app.clock.now());
    let user = app.write(move |conn| second_step::finish_passkey(conn, &site, &ceremony, &answer, now)).await?;
    let Some(user) = user else { return Ok(None) };
    app.write(move |conn| {
        let how = "signed in with a passkey";
        if let Some(token) = waits
            && sign_in::waiting(conn, &token, now)?.is_some_and(|(waiting, _)| waiting == user)
        {
            let (session, next) = sign_in::enter_second(conn, user, &token, how, &caller.entrance(), now)?;
            return Ok(Some((session, Some(next))));
        }
        Ok(Some((sign_in::enter(conn, user, how, &caller.entrance(), now)?, None)))
    })
    .await
}

/// POST `/prove/passkey`
pub async fn begin_proof(app: Data<App>, who: SignedIn, posted: Posted) -> Answered {
    proof(&app, &who, inside(posted.text("next")), false).await
}

async fn proof(app: &App, who: &SignedIn, next: &str, failed: bool) -> Answered {
    let Asked { options, state } = site(app)?.begin().map_err(broken)?;
    let (user, now) = (who.user, app.clock.now());
    let token = app.write(move |conn| second_step::begin_passkey(conn, Some(user), &state, now)).await?;
    let page = PasskeyPage::proof(&options, token, next, &who.csrf);
    let page = if failed { PasskeyPage::failed(page) } else { page };
    Staff { who, here: Here::NOWHERE, title: "Show that it is you", notice: None }.ok(app, &page)
}

/// POST `/prove/passkey/done`
pub async fn prove(app: Data<App>, who: SignedIn, request: HttpRequest, posted: Posted) -> Answered {
    let site = site(&app)?;
    let (ceremony, answer, now) =
        (posted.text("ceremony").to_owned(), posted.text("credential").to_owned(), app.clock.now());
    let user: Option<UserId> =
        app.write(move |conn| second_step::finish_passkey(conn, &site, &ceremony, &answer, now)).await?;
    let next = inside(posted.text("next")).to_owned();
    if user != Some(who.user) {
        return proof(&app, &who, &next, true).await;
    }
    proven(&app, &who, &request, true, &next).await
}

/// Notes the proof under a new cookie, and goes on.
pub async fn proven(app: &App, who: &SignedIn, request: &HttpRequest, second: bool, next: &str) -> Answered {
    let Some(cookie) = session::value(request, STAFF_COOKIE) else {
        return Err(WebError::SignIn { next: next.to_owned() });
    };
    let (session, now) = (who.session, app.clock.now());
    let renewed = app.write(move |conn| sign_in::prove(conn, session, &cookie, second, now)).await;
    Ok(with_cookie(see_other(next), &renewed.map_err(|error: StoreError| WebError::from(error))?))
}

/// The answer with a session's new cookie.
pub fn with_cookie(mut response: HttpResponse, cookie: &str) -> HttpResponse {
    // The only way this fails is a cookie that is no header; ours is letters and digits.
    let _ = response.add_cookie(&session::staff_cookie(cookie));
    response
}
