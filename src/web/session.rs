//! Who sends a request. Browsers hold a random cookie; tables hold its SHA-256.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::WebError;
use crate::app::App;
use crate::domain::access::Scope;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::UserId;
use crate::domain::user::{Need, Role};
use crate::secrets;
use crate::store;

/// `__Host-`: only over TLS (or this machine), only to this host, for every path.
pub const STAFF_COOKIE: &str = "__Host-duecare";
/// A browser in which a respondent pressed Start.
pub const RESPONDENT_COOKIE: &str = "__Host-respond";

/// A signed-in member of staff.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub user: UserId,
    pub name: String,
    pub role: Role,
    pub scope: Scope,
    pub practice_name: String,
    pub timezone: Tz,
    /// What this session's forms carry.
    pub csrf: String,
}

impl SignedIn {
    /// The civil date in the practice's time zone.
    pub fn day(&self, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&self.timezone).date_naive()
    }

    /// Who the history says it was.
    pub fn actor(&self) -> Actor {
        Actor::Person { id: self.user, name: self.name.clone() }
    }
}

/// A cookie as strict as cookies get.
pub fn cookie(name: &'static str, value: String, lasts: Duration) -> Cookie<'static> {
    Cookie::build(name, value).path("/").secure(true).http_only(true).same_site(SameSite::Lax).max_age(lasts).finish()
}

/// A cookie that takes another back.
pub fn gone(name: &'static str) -> Cookie<'static> {
    cookie(name, String::new(), Duration::ZERO)
}

/// The value of a cookie; empty counts as none.
pub fn value(request: &HttpRequest, name: &str) -> Option<String> {
    request.cookie(name).map(|cookie| cookie.value().to_owned()).filter(|value| !value.is_empty())
}

/// What an address needs, by whether it is posted to.
#[derive(Clone, Debug)]
pub struct Needs(pub Vec<(bool, Need)>);

/// Lets through whoever has what the address needs, and says who it is. Wraps every
/// resource, so that no handler can forget to ask.
///
/// # Errors
/// actix's own; a refusal is a response.
pub async fn admit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let posts = !matches!(*request.method(), Method::GET | Method::HEAD);
    let need = request
        .app_data::<Needs>()
        .and_then(|needs| needs.0.iter().find(|(door, _)| *door == posts).map(|(_, need)| *need));
    // A method that the address does not know is answered by the resource itself.
    let Some(need) = need.filter(|need| *need > Need::Link) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    match signed_in(request.request(), need).await {
        Ok(who) => {
            request.extensions_mut().insert(who);
            Ok(next.call(request).await?.map_into_boxed_body())
        }
        Err(error) => Ok(request.error_response(error)),
    }
}

/// Who sends this, if they may.
async fn signed_in(request: &HttpRequest, need: Need) -> Result<SignedIn, WebError> {
    let next = || match *request.method() {
        Method::GET => request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        // Back to the form that was sent, where there is one.
        _ => Some(request.path()).filter(|path| is_form(path)).unwrap_or("/").to_owned(),
    };
    let cookie = value(request, STAFF_COOKIE).ok_or_else(|| WebError::SignIn { next: next() })?;
    let app = app(request)?;
    let hash = secrets::digest(&cookie);
    let csrf = app.office.key.form_token(&hash);
    let now = app.clock.now();
    let session = app
        .read(move |conn| store::sessions::find(conn, &hash, now))
        .await?
        .ok_or_else(|| WebError::SignIn { next: next() })?;
    let who = SignedIn {
        user: session.user,
        name: session.user_name,
        role: session.role,
        scope: Scope::Practice(session.practice),
        practice_name: session.practice_name,
        timezone: session.timezone,
        csrf,
    };
    if who.role.may(need) {
        return Ok(who);
    }
    let (by, scope, route) = (who.actor(), who.scope, request.match_pattern().unwrap_or_default());
    let sentence = format!(
        "was refused at {} {route}, which a person with the role {} may not use",
        request.method(),
        who.role.says()
    );
    app.write(move |conn| {
        let deed = Deed { by: &by, act: Act::Refused, vendor: None, sentence };
        store::entries::write(conn, &scope, &deed, now)
    })
    .await?;
    Err(WebError::Denied)
}

impl FromRequest for SignedIn {
    type Error = WebError;
    type Future = std::future::Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let who = request.extensions().get::<SignedIn>().cloned();
        // Only a page that anyone may open has nobody here: a slip in the table of routes.
        std::future::ready(who.ok_or_else(|| WebError::Internal("the route needs nobody signed in".into())))
    }
}

/// Whether a page that takes a form also shows it.
fn is_form(path: &str) -> bool {
    const ENDS: &[&str] = &[
        "/edit",
        "/columns",
        "/questions",
        "/agreements/new",
        "/checklist",
        "/life",
        "/ending",
        "/merge",
        "/subcontractors",
    ];
    ENDS.iter().any(|end| path.ends_with(end))
        || matches!(path, "/vendors/new" | "/vendors/import" | "/round" | "/practice")
}

/// The bag of parts of this request's server.
pub fn app(request: &HttpRequest) -> Result<Data<App>, WebError> {
    request.app_data::<Data<App>>().cloned().ok_or_else(|| WebError::Internal("the application is not set up".into()))
}
