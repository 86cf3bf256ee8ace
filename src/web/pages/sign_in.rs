//! Signing in and out.

use actix_web::cookie::time::Duration;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use tokio::sync::Semaphore;

use crate::app::App;
use crate::flows::sign_in::{self, NewSession, SESSION_LASTS, SignInError};
use crate::secrets;
use crate::store;
use crate::templates::Context;
use crate::web::form::{Posted, inside, query};
use crate::web::session::{self, STAFF_COOKIE};
use crate::web::view::{ErrorLine, Field, outside};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct SignIn {
    csrf: String,
    next: String,
    errors: Vec<ErrorLine>,
    demo: bool,
    email: Field,
    password: Field,
}

fn page(demo: bool, next: &str, email: &str, error: Option<String>) -> SignIn {
    let errors = error.iter().map(|says| ErrorLine { at: "email".to_owned(), says: says.clone() }).collect();
    SignIn {
        csrf: String::new(),
        next: next.to_owned(),
        errors,
        demo,
        email: Field { id: "email", label: "E-mail address", value: email.to_owned(), error, ..Field::default() },
        password: Field { id: "password", label: "Password", ..Field::default() },
    }
}

impl Context for SignIn {
    const TEMPLATE: &'static str = "pages/sign_in";
    fn samples() -> Vec<Self> {
        vec![
            page(false, "", "", None),
            page(true, "/vendors", &"long".repeat(60), Some("That is not right".to_owned())),
            page(false, "\"><script>", "<script>alert(1)</script>", None),
        ]
    }
}

/// GET `/sign-in`
pub async fn form(app: Data<App>, request: HttpRequest) -> Answered {
    let next = query(&request).text("next").to_owned();
    outside(&app, StatusCode::OK, "Sign in", &page(app.demo, inside(&next), "", None))
}

/// POST `/sign-in`
pub async fn enter(app: Data<App>, request: HttpRequest, body: actix_web::web::Bytes) -> Answered {
    // No form token: nobody is signed in yet, and an old cookie must not be in the way. The
    // guard has checked that the form came from our own page.
    let posted = Posted::of(&body);
    let (email, next) = (posted.text("email").to_owned(), inside(posted.text("next")).to_owned());
    let from = request.peer_addr().map(|peer| peer.ip().to_string()).unwrap_or_default();
    match try_password(&app, &email, posted.verbatim("password"), &from).await {
        Ok(session) => Ok(entered(&session, &next)),
        Err(SignInError::Store(error)) => Err(error.into()),
        Err(refused) => {
            let says = match &refused {
                SignInError::TooMany { seconds } => format!("Too many tries. Wait {} and try again", wait(*seconds)),
                _ => "That e-mail address and password do not go together. Check both and try again".to_owned(),
            };
            let status = match refused {
                SignInError::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            outside(&app, status, "Error: Sign in", &page(app.demo, &next, &email, Some(says)))
        }
    }
}

/// Passwords checked at once: each takes 19 MiB while it lasts, and whoever likes can ask.
static HASHING: Semaphore = Semaphore::const_new(4);

fn wait(seconds: i64) -> String {
    if seconds > 90 { format!("{} minutes", (seconds + 59) / 60) } else { format!("{seconds} seconds") }
}

async fn try_password(app: &Data<App>, email: &str, password: &str, from: &str) -> Result<NewSession, SignInError> {
    let now = app.clock.now();
    let subject = sign_in::throttle_subject(email, from);
    let (email, key) = (email.to_owned(), subject.clone());
    let known = app.write(move |conn| sign_in::begin(conn, &email, &key, now)).await?;
    let password = password.to_owned();
    let turn = HASHING.acquire().await;
    // Hashing takes tens of milliseconds and a good deal of memory: away from the requests.
    let user = tokio::task::spawn_blocking(move || {
        let hash = known.as_ref().and_then(|(_, hash)| hash.as_deref());
        let right = secrets::password_is(&password, hash);
        known.filter(|_| right).map(|(user, _)| user)
    })
    .await
    .map_err(|error| store::StoreError::Unavailable(error.to_string()))?;
    drop(turn);
    let user = user.ok_or(SignInError::Wrong)?;
    app.write(move |conn| sign_in::finish(conn, &user, &subject, now)).await
}

/// Sets the cookie and goes on.
pub fn entered(session: &NewSession, next: &str) -> HttpResponse {
    let mut response = see_other(next);
    let cookie = session::cookie(STAFF_COOKIE, session.cookie.clone(), Duration::seconds(SESSION_LASTS.num_seconds()));
    // The only way this fails is a cookie that is no header; ours is letters and digits.
    let _ = response.add_cookie(&cookie);
    response
}

/// POST `/sign-out`
pub async fn leave(app: Data<App>, request: HttpRequest, _posted: Posted) -> Answered {
    if let Some(cookie) = session::value(&request, STAFF_COOKIE) {
        let hash = secrets::digest(&cookie);
        app.write(move |conn| store::sessions::end(conn, &hash))
            .await
            .map_err(|error: store::StoreError| WebError::from(error))?;
    }
    let mut response = see_other("/sign-in");
    let _ = response.add_cookie(&session::gone(STAFF_COOKIE));
    response.headers_mut().insert(
        actix_web::http::header::HeaderName::from_static("clear-site-data"),
        actix_web::http::header::HeaderValue::from_static("\"cache\", \"storage\""),
    );
    Ok(response)
}
