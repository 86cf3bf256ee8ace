//! Who sends a request. Browsers hold a random cookie; tables hold its SHA-256.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest, ResponseError};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::form::{MOST_BYTES, Posted};
use super::{Answered, WebError};
use crate::app::App;
use crate::domain::access::Scope;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{PracticeId, SessionId, UserId};
use crate::domain::session::{self as rules, Rules};
use crate::domain::user::{Need, Role};
use crate::flows::kept::{self, Kept};
use crate::flows::sign_in::{self, Current, Entrance};
use crate::secrets;
use crate::store::{self, StoreError};

/// `__Host-`: only over TLS (or this machine), only to this host, for every path.
pub const STAFF_COOKIE: &str = "__Host-duecare";
/// A browser in which a respondent pressed Start.
pub const RESPONDENT_COOKIE: &str = "__Host-respond";

/// A browser in which a vendor writes a change notice.
pub const NOTICE_COOKIE: &str = "__Host-notice";

/// A sign-in that waits for its second step.
pub const STEP_COOKIE: &str = "__Host-step";
/// A form that came too late and was kept.
pub const KEPT_COOKIE: &str = "__Host-kept";

/// A signed-in member of staff.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub session: SessionId,
    pub user: UserId,
    pub name: String,
    pub email: String,
    /// When the password, or more, was last shown.
    pub proven_at: DateTime<Utc>,
    /// Came in with a second step.
    pub second: bool,
    pub rules: Rules,
    /// How many practices the person serves.
    pub practices: u32,
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
        let name = if self.name.is_empty() { &self.email } else { &self.name };
        Actor::Person { id: self.user, name: name.clone() }
    }

    /// Whether the password, or a passkey, was shown a short while ago.
    pub fn proven(&self, now: DateTime<Utc>) -> bool {
        rules::is_proven(self.proven_at, now)
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

/// The cookie of a session, which lasts as long as sessions can.
pub fn staff_cookie(value: &str) -> Cookie<'static> {
    cookie(STAFF_COOKIE, value.to_owned(), Duration::seconds(rules::LASTS.num_seconds()))
}

/// The browser of a request in words, and the cookie that it had.
pub struct Caller {
    browser: String,
    before: Option<String>,
}

impl Caller {
    pub fn of(request: &HttpRequest) -> Self {
        let agent = request.headers().get("user-agent").and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        Self { browser: rules::browser(agent), before: value(request, STAFF_COOKIE) }
    }

    pub fn entrance(&self) -> Entrance<'_> {
        Entrance { browser: &self.browser, before: self.before.as_deref(), second: false }
    }
}

/// One way to use an address, and what it asks.
#[derive(Clone, Copy, Debug)]
pub struct DoorNeeds {
    pub posts: bool,
    pub need: Need,
    /// Dangerous: asks for the password or a passkey once more.
    pub proven: bool,
}

/// What an address needs, by whether it is posted to.
#[derive(Clone, Debug)]
pub struct Needs(pub Vec<DoorNeeds>);

/// Lets through whoever has what the address needs, and says who it is. Wraps every
/// resource, so that no handler can forget to ask. A form that comes after its session ended
/// is kept for its sender.
///
/// # Errors
/// actix's own; a refusal is a response.
pub async fn admit(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let posts = !matches!(*request.method(), Method::GET | Method::HEAD);
    let door = request.app_data::<Needs>().and_then(|needs| needs.0.iter().find(|door| door.posts == posts).copied());
    // A method that the address does not know is answered by the resource itself.
    let Some(door) = door.filter(|door| door.need > Need::Link) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let Turned { mut error, typist } = match signed_in(request.request(), door).await {
        Ok(who) => {
            request.extensions_mut().insert(who);
            return Ok(next.call(request).await?.map_into_boxed_body());
        }
        Err(turned) => *turned,
    };
    let kept = match typist {
        Some(typist) if posts => keep(&mut request, typist).await,
        _ => None,
    };
    if kept.is_some() {
        match &mut error {
            WebError::SignIn { next } | WebError::Prove { next } => "/kept".clone_into(next),
            _ => {}
        }
    }
    let mut response = request.error_response(error);
    if let Some(token) = kept {
        // The only way this fails is a cookie that is no header; ours is letters and digits.
        let _ = response.response_mut().add_cookie(&kept_cookie(token));
    }
    Ok(response)
}

fn kept_cookie(token: String) -> Cookie<'static> {
    cookie(KEPT_COOKIE, token, Duration::seconds(rules::KEPT_LASTS.num_seconds()))
}

/// Asks for the password or a passkey before a form is taken that was found good, and keeps
/// the form meanwhile: for handlers that look at a form first.
///
/// # Errors
/// The database's.
pub async fn ask_proof(app: &App, who: &SignedIn, request: &HttpRequest, posted: &Posted) -> Answered {
    let error = |next: String| WebError::Prove { next }.error_response();
    let (Some(practice), user) = (who.scope.practice(), who.user) else { return Ok(error(back(request))) };
    let form = kept_form(practice, request, posted.clone());
    let (key, now) = (app.office.key.clone(), app.clock.now());
    let token = app.write(move |conn| kept::keep(conn, &key, user, &form, now)).await.map_err(WebError::from)?;
    let mut response = error("/kept".to_owned());
    let _ = response.add_cookie(&kept_cookie(token));
    Ok(response)
}

/// Tells later layers who is signed in, where the address asks nothing of anybody.
pub async fn recognise(request: &HttpRequest) {
    let anybody = DoorNeeds { posts: false, need: Need::Member, proven: false };
    if let Ok(who) = signed_in(request, anybody).await {
        request.extensions_mut().insert(who);
    }
}

/// Why someone is not let through, and who typed what they sent, if that is known.
struct Turned {
    error: WebError,
    typist: Option<(UserId, PracticeId)>,
}

impl<E: Into<WebError>> From<E> for Box<Turned> {
    fn from(error: E) -> Self {
        Box::new(Turned { error: error.into(), typist: None })
    }
}

/// Where to go after signing in: the page itself, or the page that the form was sent from.
/// No browser says which that was: our pages ask for no referrer, because links are secrets.
fn back(request: &HttpRequest) -> String {
    match *request.method() {
        Method::GET => request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        _ => super::routes::page_of(request.path()),
    }
}

/// Who sends this, if they may.
async fn signed_in(request: &HttpRequest, door: DoorNeeds) -> Result<SignedIn, Box<Turned>> {
    let turned = |error, typist| Box::new(Turned { error, typist });
    let unknown = || WebError::SignIn { next: back(request) };
    let cookie = value(request, STAFF_COOKIE).ok_or_else(|| turned(unknown(), None))?;
    let app = app(request)?;
    let hash = secrets::digest(&cookie);
    let now = app.clock.now();
    let (current, practices) = app
        .read(move |conn| {
            let current = sign_in::current(conn, &hash, now)?;
            let practices = match &current {
                Current::In(session) => store::people::serves(conn, session.user)?,
                _ => 0,
            };
            Ok::<_, StoreError>((current, practices))
        })
        .await?;
    let session = match current {
        Current::In(session) => *session,
        Current::Ended(user, practice) => return Err(turned(unknown(), Some((user, practice)))),
        Current::Unknown => return Err(turned(unknown(), None)),
    };
    let who = SignedIn {
        session: session.id,
        user: session.user,
        name: session.user_name,
        email: session.email,
        proven_at: session.proven_at,
        second: session.second,
        rules: session.rules,
        practices,
        role: session.role,
        scope: Scope::Practice(session.practice),
        practice_name: session.practice_name,
        timezone: session.timezone,
        csrf: app.office.key.form_token(&secrets::form_subject(&cookie)),
    };
    if !who.role.may(door.need) {
        refused(&app, &who, request, now).await?;
        return Err(turned(WebError::Denied, None));
    }
    // Asking how long is left is not a use.
    let asks_only = request.path() == "/stay" && *request.method() == Method::GET;
    if now - session.seen_at >= rules::SEEN_EVERY && !asks_only {
        // A disk that is full must not keep anybody from reading.
        if let Err(error) = app.write(move |conn| store::sessions::seen(conn, session.id, now)).await {
            tracing::warn!("the use of a session could not be noted: {error}");
        }
    }
    let bare = who.rules.second_factor && who.role == Role::Administrator && !who.second;
    if bare && door.need > Need::Member {
        return Err(turned(WebError::SecondStep, None));
    }
    if door.proven && !who.proven(now) {
        return Err(turned(WebError::Prove { next: back(request) }, Some((who.user, session.practice))));
    }
    Ok(who)
}

/// Writes a refusal into the history.
async fn refused(app: &App, who: &SignedIn, request: &HttpRequest, now: DateTime<Utc>) -> Result<(), StoreError> {
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
    .await
}

fn kept_form(practice: PracticeId, request: &HttpRequest, posted: Posted) -> Kept {
    let to = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    Kept { practice, to, fields: posted.0.into_iter().filter(|(name, _)| name != "csrf").collect() }
}

/// Keeps a form that cannot be taken now, and gives the token for its cookie. Only one that
/// comes from a page of that session, and none with what is typed about the account itself.
async fn keep(request: &mut ServiceRequest, (user, practice): (UserId, PracticeId)) -> Option<String> {
    let kind = request.headers().get("content-type")?.to_str().ok()?;
    let path = request.path().to_owned();
    if ["/prove", "/stay", "/kept", "/practices"].iter().any(|at| path.starts_with(at))
        || !kind.starts_with("application/x-www-form-urlencoded")
    {
        return None;
    }
    let body = request.extract::<Bytes>().await.ok().filter(|body| body.len() <= MOST_BYTES)?;
    let posted = Posted::of(&body);
    let cookie = value(request.request(), STAFF_COOKIE)?;
    let app = app(request.request()).ok()?;
    if !app.office.key.form_token_is(&secrets::form_subject(&cookie), posted.text("csrf")) {
        return None;
    }
    let form = kept_form(practice, request.request(), posted);
    // A button and a name give nothing away; a password or a code would.
    if path.starts_with("/account") && form.fields.iter().any(|(name, _)| name != "name") {
        return None;
    }
    let (key, now) = (app.office.key.clone(), app.clock.now());
    app.write(move |conn| kept::keep(conn, &key, user, &form, now)).await.ok()
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

/// The bag of parts of this request's server.
pub fn app(request: &HttpRequest) -> Result<Data<App>, WebError> {
    request.app_data::<Data<App>>().cloned().ok_or_else(|| WebError::Internal("the application is not set up".into()))
}
