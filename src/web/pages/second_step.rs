//! One's own second step: the app with its codes, and the recovery codes.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::passkey::with_cookie;
use crate::app::App;
use crate::domain::totp;
use crate::flows::second_step::{self, AppSet};
use crate::flows::sign_in;
use crate::report::qr::{self, Qr};
use crate::store::second_factors::{self, Second};
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, query};
use crate::web::session::{self, STAFF_COOKIE, SignedIn};
use crate::web::view::{Crumb, ErrorLine, Field, Here, Notice, Staff, crumbs};
use crate::web::{Answered, WebError, see_other};

fn way(last: &'static str) -> Vec<Crumb> {
    crumbs(&[("Your account", Some("/account")), (last, None)])
}

#[derive(Serialize)]
pub struct SecondStep {
    crumbs: Vec<Crumb>,
    /// The practice wants one of its administrators.
    needed: bool,
    app: bool,
    any: bool,
    passkeys: String,
    codes: String,
    few: bool,
}

fn page(second: Second, needed: bool) -> SecondStep {
    SecondStep {
        crumbs: way("Second step"),
        needed,
        app: second.app,
        any: second.any(),
        passkeys: super::words::counted(second.passkeys as usize, "passkey"),
        codes: super::words::counted(second.codes as usize, "recovery code"),
        few: second.any() && second.codes < 3,
    }
}

impl Context for SecondStep {
    const TEMPLATE: &'static str = "pages/second_step";
    fn samples() -> Vec<Self> {
        vec![
            page(Second::default(), true),
            page(Second { app: true, passkeys: 1, codes: 10 }, false),
            page(Second { app: false, passkeys: 2, codes: 1 }, false),
        ]
    }
}

#[derive(Serialize)]
pub struct AppSetUp {
    crumbs: Vec<Crumb>,
    errors: Vec<ErrorLine>,
    token: String,
    qr: Option<Qr>,
    secret: String,
    code: Field,
}

fn setting_up(token: &str, secret: &[u8], email: &str, error: Option<String>) -> AppSetUp {
    AppSetUp {
        crumbs: way("Set up the app"),
        errors: error.iter().map(|says| ErrorLine { at: "code".to_owned(), says: says.clone() }).collect(),
        token: token.to_owned(),
        qr: qr::draw(&totp::address(secret, email)),
        secret: totp::spoken(secret),
        code: Field { id: "code", label: "The six digits that the app shows", hint: None, value: String::new(), error },
    }
}

impl Context for AppSetUp {
    const TEMPLATE: &'static str = "pages/app_set_up";
    fn samples() -> Vec<Self> {
        vec![
            setting_up("t", &[7; 20], "dana@maple.test", None),
            setting_up("\"><script>", &[0; 20], &"<script>".repeat(200), Some("<script>".to_owned())),
        ]
    }
}

#[derive(Serialize)]
pub struct Codes {
    crumbs: Vec<Crumb>,
    email: String,
    codes: Vec<String>,
}

impl Context for Codes {
    const TEMPLATE: &'static str = "pages/codes";
    fn samples() -> Vec<Self> {
        let codes = |text: &str| vec![text.to_owned(); 10];
        vec![
            Self { crumbs: way("Recovery codes"), email: "dana@maple.test".to_owned(), codes: codes("K7QM-2RXA") },
            Self { crumbs: way("Recovery codes"), email: "<script>".to_owned(), codes: codes("<script>") },
        ]
    }
}

/// The page that shows recovery codes, once.
///
/// # Errors
/// A word that the context lacks.
pub fn codes_page(app: &App, who: &SignedIn, codes: Vec<String>) -> Result<HttpResponse, WebError> {
    let page = Codes { crumbs: way("Recovery codes"), email: who.email.clone(), codes };
    Staff { who, here: Here::NOWHERE, title: "Recovery codes", notice: None }.ok(app, &page)
}

/// GET `/account/second-step`
pub async fn show(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let user = who.user;
    let second = app.read(move |conn| second_factors::of(conn, user)).await?;
    let notice = (query(&request).text("done") == "removed").then(|| Notice::success("The app is not asked any more."));
    let needed = query(&request).text("needed") == "yes" && !who.second;
    Staff { who: &who, here: Here::NOWHERE, title: "Second step", notice }.ok(&app, &page(second, needed))
}

/// POST `/account/second-step/app`: shows a new secret.
pub async fn begin(app: Data<App>, who: SignedIn, _posted: Posted) -> Answered {
    let (office, user, now) = (app.office.clone(), who.user, app.clock.now());
    let (token, secret) = app.write(move |conn| second_step::begin_app(conn, &office, user, now)).await?;
    let page = setting_up(&token, &secret, &who.email, None);
    Staff { who: &who, here: Here::NOWHERE, title: "Set up the app", notice: None }.ok(&app, &page)
}

/// POST `/account/second-step/app/done`: takes the first code. Only a set-up that was begun
/// with a proof gets here.
pub async fn finish(app: Data<App>, who: SignedIn, request: HttpRequest, posted: Posted) -> Answered {
    let (token, typed) = (posted.text("token").to_owned(), posted.text("code").to_owned());
    let Some(cookie) = session::value(&request, STAFF_COOKIE) else { return Err(WebError::Forged) };
    let (office, user_id, session_id, now) = (app.office.clone(), who.user, who.session, app.clock.now());
    let again = token.clone();
    let (done, secret, cookie) = app
        .write(move |conn| {
            let Some(user) = store::users::by_id(conn, user_id)? else { return Ok((AppSet::Gone, None, cookie)) };
            let done = second_step::finish_app(conn, &office, &user, &token, &typed, now)?;
            let secret = second_step::app_secret(conn, &office, user_id, &token, now)?;
            let cookie = match &done {
                AppSet::Done(_) => sign_in::prove(conn, session_id, &cookie, true, now)?,
                _ => cookie,
            };
            Ok::<_, StoreError>((done, secret, cookie))
        })
        .await?;
    match (done, secret) {
        (AppSet::Done(codes), _) => {
            app.post.notify_one();
            Ok(with_cookie(codes_page(&app, &who, codes)?, &cookie))
        }
        (AppSet::WrongCode, Some(secret)) => {
            let says = "That is not the code. Wait for the next one, check the time of your device, and type it";
            let page = setting_up(&again, &secret, &who.email, Some(says.to_owned()));
            Staff { who: &who, here: Here::NOWHERE, title: "Error: Set up the app", notice: None }.show(
                &app,
                StatusCode::UNPROCESSABLE_ENTITY,
                &page,
            )
        }
        _ => Ok(see_other("/account/second-step")),
    }
}

/// POST `/account/second-step/app/remove`
pub async fn remove(app: Data<App>, who: SignedIn, _posted: Posted) -> Answered {
    let (office, user, now) = (app.office.clone(), who.user, app.clock.now());
    app.write(move |conn| match store::users::by_id(conn, user)? {
        Some(user) => second_step::remove_app(conn, &office, &user, now),
        None => Ok(()),
    })
    .await?;
    app.post.notify_one();
    Ok(see_other("/account/second-step?done=removed"))
}

/// POST `/account/second-step/codes`: new recovery codes in place of the old.
pub async fn codes(app: Data<App>, who: SignedIn, _posted: Posted) -> Answered {
    let (office, user, now) = (app.office.clone(), who.user, app.clock.now());
    let codes = app
        .write(move |conn| match store::users::by_id(conn, user)? {
            Some(user) if second_factors::of(conn, user.id)?.any() => {
                second_step::new_codes(conn, &office, &user, now).map(Some)
            }
            _ => Ok(None),
        })
        .await?;
    app.post.notify_one();
    match codes {
        Some(codes) => codes_page(&app, &who, codes),
        None => Ok(see_other("/account/second-step")),
    }
}
