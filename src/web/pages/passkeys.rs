//! One's own passkeys: seen, added, renamed, removed.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use chrono_tz::Tz;
use serde::Serialize;

use super::passkey::{PasskeyPage, site, with_cookie};
use super::second_step::codes_page;
use super::words;
use crate::app::App;
use crate::domain::ids::PasskeyId;
use crate::domain::vendor::check_name;
use crate::flows::{second_step, sign_in};
use crate::passkeys::{Asked, Passkeys};
use crate::store::passkeys::Passkey;
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::session::{self, STAFF_COOKIE, SignedIn};
use crate::web::view::{Crumb, ErrorLine, Field, Here, Notice, Staff, crumbs};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct PasskeyList {
    crumbs: Vec<Crumb>,
    errors: Vec<ErrorLine>,
    /// This address lets browsers keep passkeys.
    possible: bool,
    passkeys: Vec<Row>,
    name: Field,
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    added: String,
    used: String,
}

fn page(possible: bool, passkeys: Vec<Passkey>, timezone: Tz, typed: &str, error: Option<String>) -> PasskeyList {
    let row = |one: Passkey| Row {
        id: one.id.to_string(),
        name: one.name,
        added: words::local(one.added_at, timezone),
        used: one.used_at.map_or_else(|| "Not yet".to_owned(), |at| words::local(at, timezone)),
    };
    PasskeyList {
        crumbs: crumbs(&[("Your account", Some("/account")), ("Passkeys", None)]),
        errors: error.iter().map(|says| ErrorLine { at: "name".to_owned(), says: says.clone() }).collect(),
        possible,
        passkeys: passkeys.into_iter().map(row).collect(),
        name: Field {
            id: "name",
            label: "What to call it",
            hint: Some("Such as: Laptop at the front desk"),
            value: typed.to_owned(),
            error,
        },
    }
}

impl Context for PasskeyList {
    const TEMPLATE: &'static str = "pages/passkeys";
    fn samples() -> Vec<Self> {
        let key = |name: &str| Passkey {
            id: PasskeyId::fresh(),
            name: name.to_owned(),
            credential: String::new(),
            added_at: chrono::DateTime::default(),
            used_at: None,
        };
        vec![
            page(false, vec![], Tz::UTC, "", None),
            page(true, vec![key("Laptop"), key("<script>"), key(&"long ".repeat(30))], Tz::UTC, "", None),
            page(true, vec![], Tz::UTC, "<script>", Some("<script>".to_owned())),
        ]
    }
}

async fn mine(app: &App, who: &SignedIn) -> Result<Vec<Passkey>, WebError> {
    let user = who.user;
    Ok(app.read(move |conn| store::passkeys::of(conn, user)).await?)
}

/// GET `/account/passkeys`
pub async fn list(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let notice = match query(&request).text("done") {
        "added" => Some(Notice::success("The passkey was added.")),
        "renamed" => Some(Notice::success("Renamed.")),
        "removed" => Some(Notice::success("The passkey was removed. It signs nobody in any more.")),
        "failed" => Some(Notice::warning("The passkey was not added. Try again, or use another device.")),
        _ => None,
    };
    let page = page(Passkeys::at(&app.base_url).is_some(), mine(&app, &who).await?, who.timezone, "", None);
    Staff { who: &who, here: Here::NOWHERE, title: "Passkeys", notice }.ok(&app, &page)
}

/// POST `/account/passkeys`: asks the browser for a key.
pub async fn begin(app: Data<App>, who: SignedIn, posted: Posted) -> Answered {
    let typed = posted.text("name");
    let Ok(name) = check_name(typed) else {
        let says = "Say what to call it, so that you know it again".to_owned();
        let page = page(true, mine(&app, &who).await?, who.timezone, typed, Some(says));
        let frame = Staff { who: &who, here: Here::NOWHERE, title: "Error: Passkeys", notice: None };
        return frame.show(&app, StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let have: Vec<String> = mine(&app, &who).await?.into_iter().map(|one| one.credential).collect();
    let called = if who.name.is_empty() { &who.email } else { &who.name };
    let Asked { options, state } = site(&app)?
        .begin_adding(who.user.0, &who.email, called, &have)
        .map_err(|error| WebError::Internal(Box::new(error)))?;
    let (user, now) = (who.user, app.clock.now());
    let token = app.write(move |conn| second_step::begin_passkey(conn, Some(user), &state, now)).await?;
    let page = PasskeyPage::adding(&options, token, &name, &who.csrf);
    Staff { who: &who, here: Here::NOWHERE, title: "Add a passkey", notice: None }.ok(&app, &page)
}

/// POST `/account/passkeys/done`: takes the key. Only a ceremony that was begun with a proof
/// gets here.
pub async fn finish(app: Data<App>, who: SignedIn, request: HttpRequest, posted: Posted) -> Answered {
    let (site, now) = (site(&app)?, app.clock.now());
    let name = check_name(posted.text("name")).unwrap_or_else(|_| "Passkey".to_owned());
    let (ceremony, answer) = (posted.text("ceremony").to_owned(), posted.text("credential").to_owned());
    let Some(cookie) = session::value(&request, STAFF_COOKIE) else { return Err(WebError::Forged) };
    let (office, user_id, session_id) = (app.office.clone(), who.user, who.session);
    let added = app
        .write(move |conn| {
            let Some((Some(owner), state)) = second_step::take_passkey(conn, &ceremony, now)? else { return Ok(None) };
            let Some(user) = store::users::by_id(conn, user_id)?.filter(|user| user.id == owner) else {
                return Ok(None);
            };
            let credential = match site.finish_adding(&state, &answer) {
                Ok(credential) => credential,
                Err(error) => {
                    tracing::info!("a new passkey was refused: {error}");
                    return Ok(None);
                }
            };
            let codes = second_step::add_passkey(conn, &office, &user, &name, &credential, now)?;
            Ok::<_, StoreError>(Some((codes, sign_in::prove(conn, session_id, &cookie, true, now)?)))
        })
        .await?;
    app.post.notify_one();
    match added {
        None => Ok(see_other("/account/passkeys?done=failed")),
        Some((None, cookie)) => Ok(with_cookie(see_other("/account/passkeys?done=added"), &cookie)),
        Some((Some(codes), cookie)) => Ok(with_cookie(codes_page(&app, &who, codes)?, &cookie)),
    }
}

/// POST `/account/passkeys/{id}/rename`
pub async fn rename(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let key: PasskeyId = id(&path)?;
    let Ok(name) = check_name(posted.text("name")) else { return Ok(see_other("/account/passkeys")) };
    let (user, by, now) = (who.user, who.actor(), app.clock.now());
    match app.write(move |conn| second_step::rename_passkey(conn, user, &by, key, &name, now)).await? {
        true => Ok(see_other("/account/passkeys?done=renamed")),
        false => Err(WebError::NotFound),
    }
}

/// POST `/account/passkeys/{id}/remove`
pub async fn remove(app: Data<App>, who: SignedIn, path: Path<String>, _posted: Posted) -> Answered {
    let key: PasskeyId = id(&path)?;
    let (office, user, now) = (app.office.clone(), who.user, app.clock.now());
    let removed = app
        .write(move |conn| match store::users::by_id(conn, user)? {
            Some(user) => second_step::remove_passkey(conn, &office, &user, key, now),
            None => Ok(false),
        })
        .await?;
    app.post.notify_one();
    if removed { Ok(see_other("/account/passkeys?done=removed")) } else { Err(WebError::NotFound) }
}
