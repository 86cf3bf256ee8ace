//! The second step of signing in: a code of the app, a recovery code, or a passkey.

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::sign_in::{entered, refusal};
use crate::app::App;
use crate::flows::sign_in::{self, SignInError};
use crate::passkeys::Passkeys;
use crate::store::StoreError;
use crate::store::second_factors::{self, Second};
use crate::templates::Context;
use crate::web::form::{Posted, inside};
use crate::web::session::{self, Caller, STEP_COOKIE};
use crate::web::view::{ErrorLine, Field, outside};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct Code {
    csrf: String,
    errors: Vec<ErrorLine>,
    says: &'static str,
    passkeys: bool,
    code: Field,
}

fn page(second: Second, passkeys: bool, error: Option<String>) -> Code {
    let says = match (second.app, second.passkeys > 0 && passkeys) {
        (true, true) => "Type the six digits that your authenticator app shows now, or use your passkey.",
        (true, false) => "Type the six digits that your authenticator app shows now.",
        (false, true) => "Use your passkey. If you do not have it at hand, type one of your recovery codes.",
        (false, false) => "Type one of your recovery codes.",
    };
    Code {
        csrf: String::new(),
        errors: error.iter().map(|says| ErrorLine { at: "code".to_owned(), says: says.clone() }).collect(),
        says,
        passkeys: passkeys && second.passkeys > 0,
        code: Field {
            id: "code",
            label: "Code",
            hint: Some("Lost your device? A recovery code works here too, once."),
            value: String::new(),
            error,
        },
    }
}

impl Context for Code {
    const TEMPLATE: &'static str = "pages/code";
    fn samples() -> Vec<Self> {
        let all = Second { app: true, passkeys: 2, codes: 10 };
        vec![
            page(all, true, None),
            page(all, false, Some("<script>".to_owned())),
            page(Second { app: false, ..all }, true, None),
            page(Second::default(), false, None),
        ]
    }
}

/// What the person who waits has; `None` when nobody waits any more.
async fn waiting(app: &App, request: &HttpRequest) -> Result<Option<(String, Second)>, WebError> {
    let Some(token) = session::value(request, STEP_COOKIE) else { return Ok(None) };
    let now = app.clock.now();
    app.read(move |conn| {
        let Some((user, _)) = sign_in::waiting(conn, &token, now)? else { return Ok(None) };
        Ok::<_, StoreError>(Some((token, second_factors::of(conn, user)?)))
    })
    .await
    .map_err(WebError::from)
}

/// GET `/sign-in/code`
pub async fn form(app: Data<App>, request: HttpRequest) -> Answered {
    let Some((_, second)) = waiting(&app, &request).await? else { return Ok(see_other("/sign-in")) };
    let passkeys = Passkeys::at(&app.base_url).is_some();
    outside(&app, StatusCode::OK, "Second step", &page(second, passkeys, None))
}

/// POST `/sign-in/code`
pub async fn enter(app: Data<App>, request: HttpRequest, body: Bytes) -> Answered {
    let posted = Posted::of(&body);
    let Some((token, second)) = waiting(&app, &request).await? else { return Ok(see_other("/sign-in")) };
    match try_code(&app, token, posted.text("code"), &request).await {
        Ok((session, next)) => Ok(stepped(&session, &next)),
        Err(SignInError::LinkGone) => Ok(see_other("/sign-in")),
        Err(refused) => {
            let wrong = "That code is not right, or was used before. Wait for the next one and type it";
            let (status, says) = refusal(refused, wrong)?;
            let passkeys = Passkeys::at(&app.base_url).is_some();
            outside(&app, status, "Error: Second step", &page(second, passkeys, Some(says)))
        }
    }
}

async fn try_code(
    app: &Data<App>,
    token: String,
    typed: &str,
    request: &HttpRequest,
) -> Result<(sign_in::NewSession, String), SignInError> {
    let (now, waiting) = (app.clock.now(), token.clone());
    let user = app.write(move |conn| sign_in::begin_code(conn, &waiting, now)).await?;
    let (office, typed, caller) = (app.office.clone(), typed.to_owned(), Caller::of(request));
    let done =
        app.write(move |conn| sign_in::finish_code(conn, &office, &token, &typed, &caller.entrance(), now)).await;
    if matches!(done, Err(SignInError::Wrong)) {
        let sentence = "refused a sign-in with the right password, because the second step was wrong";
        app.write(move |conn| sign_in::refuse(conn, user, sentence, now)).await?;
    }
    done
}

/// In: the waiting is over.
pub fn stepped(session: &sign_in::NewSession, next: &str) -> HttpResponse {
    let mut response = entered(session, inside(next));
    let _ = response.add_cookie(&session::gone(STEP_COOKIE));
    response
}
