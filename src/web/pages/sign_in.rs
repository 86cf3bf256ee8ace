//! Signing in and out.

use actix_web::cookie::time::Duration;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use crate::app::App;
use crate::flows::second_step::STEP_LASTS;
use crate::flows::sign_in::{self, NewSession, Passed, SignInError};
use crate::passkeys::Passkeys;
use crate::secrets;
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, inside, query};
use crate::web::session::{self, Caller, KEPT_COOKIE, STAFF_COOKIE, STEP_COOKIE};
use crate::web::view::{ErrorLine, Field, outside};
use crate::web::{Answered, WebError, passwords, see_other};

#[derive(Serialize)]
pub struct SignIn {
    csrf: String,
    next: String,
    errors: Vec<ErrorLine>,
    demo: bool,
    /// There is no practice yet, so nobody can sign in.
    empty: bool,
    /// What was typed too late is there to be sent.
    kept: bool,
    passkeys: bool,
    email: Field,
    password: Field,
}

#[derive(Clone, Copy)]
struct Around {
    demo: bool,
    empty: bool,
    kept: bool,
    passkeys: bool,
}

impl Around {
    async fn of(app: &App, request: &HttpRequest) -> Result<Self, WebError> {
        Ok(Self {
            empty: app.read(store::practices::none_yet).await?,
            demo: app.demo,
            kept: session::value(request, KEPT_COOKIE).is_some(),
            passkeys: Passkeys::at(&app.base_url).is_some(),
        })
    }
}

fn page(around: Around, next: &str, email: &str, error: Option<String>) -> SignIn {
    let errors = error.iter().map(|says| ErrorLine { at: "email".to_owned(), says: says.clone() }).collect();
    SignIn {
        csrf: String::new(),
        next: next.to_owned(),
        errors,
        demo: around.demo,
        empty: around.empty,
        kept: around.kept && next == "/kept",
        passkeys: around.passkeys,
        email: Field { id: "email", label: "E-mail address", value: email.to_owned(), error, ..Field::default() },
        password: Field { id: "password", label: "Password", ..Field::default() },
    }
}

impl Context for SignIn {
    const TEMPLATE: &'static str = "pages/sign_in";
    fn samples() -> Vec<Self> {
        let plain = Around { demo: false, empty: false, kept: false, passkeys: false };
        vec![
            page(plain, "", "", None),
            page(
                Around { demo: true, empty: true, kept: true, passkeys: true },
                "/kept",
                &"long".repeat(60),
                Some("That is not right".to_owned()),
            ),
            page(plain, "\"><script>", "<script>alert(1)</script>", None),
        ]
    }
}

/// GET `/sign-in`
pub async fn form(app: Data<App>, request: HttpRequest) -> Answered {
    let next = query(&request).text("next").to_owned();
    outside(&app, StatusCode::OK, "Sign in", &page(Around::of(&app, &request).await?, inside(&next), "", None))
}

/// What to say to someone who was not let in, and the status that goes with it.
///
/// # Errors
/// The database's, passed on.
pub fn refusal(refused: SignInError, wrong: &str) -> Result<(StatusCode, String), WebError> {
    match refused {
        SignInError::Store(error) => Err(error.into()),
        SignInError::TooMany { seconds } => Ok((
            StatusCode::TOO_MANY_REQUESTS,
            format!("Too many tries. Wait {} and try again", passwords::wait(seconds)),
        )),
        _ => Ok((StatusCode::UNPROCESSABLE_ENTITY, wrong.to_owned())),
    }
}

/// POST `/sign-in`
pub async fn enter(app: Data<App>, request: HttpRequest, body: Bytes) -> Answered {
    // No form token: nobody is signed in yet, and an old cookie must not be in the way. The
    // guard has checked that the form came from our own page.
    let posted = Posted::of(&body);
    let (email, next) = (posted.text("email").to_owned(), inside(posted.text("next")).to_owned());
    match try_password(&app, &email, posted.verbatim("password"), &next, &request).await {
        Ok(passed) => Ok(onward(&passed, &next)),
        Err(refused) => {
            let wrong = "That e-mail address and password do not go together. Check both and try again";
            let (status, says) = refusal(refused, wrong)?;
            again(&app, &request, (&next, &email), status, says).await
        }
    }
}

/// The form once more, with why.
pub async fn again(
    app: &App,
    request: &HttpRequest,
    (next, email): (&str, &str),
    status: StatusCode,
    says: String,
) -> Answered {
    outside(app, status, "Error: Sign in", &page(Around::of(app, request).await?, next, email, Some(says)))
}

async fn try_password(
    app: &Data<App>,
    email: &str,
    password: &str,
    next: &str,
    request: &HttpRequest,
) -> Result<Passed, SignInError> {
    let subject = sign_in::throttle_subject(email, &passwords::address(app, request));
    let user = passwords::right(app, email, password, &subject).await?.ok_or(SignInError::Wrong)?;
    let (next, caller, now) = (next.to_owned(), Caller::of(request), app.clock.now());
    app.write(move |conn| sign_in::finish(conn, &user, &subject, &next, &caller.entrance(), now)).await
}

/// Goes on after a link or a password: in, or to the second step.
pub fn onward(passed: &Passed, next: &str) -> HttpResponse {
    match passed {
        Passed::In(session) => entered(session, next),
        Passed::Joined => see_other("/sign-in?next=%2Fpractices"),
        Passed::Second(token) => {
            let mut response = see_other("/sign-in/code");
            let lasts = Duration::seconds(STEP_LASTS.num_seconds());
            // The only way this fails is a cookie that is no header; ours is letters and digits.
            let _ = response.add_cookie(&session::cookie(STEP_COOKIE, token.clone(), lasts));
            response
        }
    }
}

/// Sets the cookie and goes on.
pub fn entered(session: &NewSession, next: &str) -> HttpResponse {
    let mut response = see_other(next);
    let _ = response.add_cookie(&session::staff_cookie(&session.cookie));
    response
}

/// POST `/sign-out`
pub async fn leave(app: Data<App>, request: HttpRequest, _posted: Posted) -> Answered {
    if let Some(cookie) = session::value(&request, STAFF_COOKIE) {
        let (hash, now) = (secrets::digest(&cookie), app.clock.now());
        app.write(move |conn| sign_in::leave(conn, &hash, now))
            .await
            .map_err(|error: StoreError| WebError::from(error))?;
    }
    let mut response = see_other("/sign-in");
    let _ = response.add_cookie(&session::gone(STAFF_COOKIE));
    response.headers_mut().insert(
        actix_web::http::header::HeaderName::from_static("clear-site-data"),
        actix_web::http::header::HeaderValue::from_static("\"cache\", \"storage\""),
    );
    Ok(response)
}
