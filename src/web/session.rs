//! Who sends a request. Browsers hold a random cookie; tables hold its SHA-256.

use std::future::Future;
use std::pin::Pin;

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::WebError;
use crate::app::App;
use crate::domain::access::Scope;
use crate::domain::ids::UserId;
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

impl FromRequest for SignedIn {
    type Error = WebError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, WebError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let next = || match *request.method() {
                Method::GET => request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned(),
                // Back to the form that was sent, where there is one.
                _ => Some(request.path()).filter(|path| is_form(path)).unwrap_or("/").to_owned(),
            };
            let cookie = value(&request, STAFF_COOKIE).ok_or_else(|| WebError::SignIn { next: next() })?;
            let app = app(&request)?;
            let hash = secrets::digest(&cookie);
            let csrf = app.office.key.form_token(&hash);
            let now = app.clock.now();
            let session = app
                .read(move |conn| store::sessions::find(conn, &hash, now))
                .await?
                .ok_or_else(|| WebError::SignIn { next: next() })?;
            Ok(SignedIn {
                user: session.user,
                name: session.user_name,
                scope: Scope::Practice(session.practice),
                practice_name: session.practice_name,
                timezone: session.timezone,
                csrf,
            })
        })
    }
}

/// Whether a page that takes a form also shows it.
fn is_form(path: &str) -> bool {
    path.ends_with("/edit") || matches!(path, "/vendors/new" | "/vendors/import" | "/round" | "/practice")
}

/// The bag of parts of this request's server.
pub fn app(request: &HttpRequest) -> Result<Data<App>, WebError> {
    request.app_data::<Data<App>>().cloned().ok_or_else(|| WebError::Internal("the application is not set up".into()))
}
