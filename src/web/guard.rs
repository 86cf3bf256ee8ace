//! What every request passes through: a request id, the check that a change comes from our
//! own pages, a log line without personal data, the page for whatever went wrong, and the
//! security headers on every response.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpResponse};
use uuid::Uuid;

use super::WebError;
use super::portal::problem::PortalError;
use super::session::SignedIn;
use super::{passwords, view};
use crate::app::App;

/// Names one request in the log, in the answer's header and on a problem page.
#[derive(Clone, Copy, Debug)]
pub struct RequestId(pub Uuid);

const HEADERS: [(&str, &str); 8] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    // A link's token is in the address: it must not travel on.
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    ("x-robots-tag", "noindex, nofollow"),
    ("x-frame-options", "DENY"),
];

/// The outermost layer.
///
/// # Errors
/// None of its own: a handler's error becomes a page here.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let began = Instant::now();
    let id = RequestId(Uuid::now_v7());
    request.extensions_mut().insert(id);
    let method = request.method().clone();
    let app = request.app_data::<Data<App>>().cloned();
    let guess = app.as_ref().and_then(|app| guess(app, &request));
    let response = if comes_from_elsewhere(&request) {
        request.into_response(actix_web::Error::from(WebError::Forged).error_response()).map_into_boxed_body()
    } else if guess.as_ref().is_some_and(|(app, from)| app.guesses.are_too_many(from, app.clock.now())) {
        request.into_response(HttpResponse::TooManyRequests().finish()).map_into_boxed_body()
    } else {
        // Errors of handlers and extractors arrive as responses; an error here is one of actix's own.
        next.call(request).await?.map_into_boxed_body()
    };
    if let Some((app, from)) = guess.filter(|_| response.status() == StatusCode::NOT_FOUND) {
        app.guesses.note(&from, app.clock.now());
    }
    let mut response = explained(response, app.as_ref().map(|app| app.get_ref()), id);
    protect(response.headers_mut(), app.as_ref().map(|app| app.get_ref()));
    if let Ok(value) = HeaderValue::from_str(&id.0.to_string()) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    log(&response, &method, id, began);
    Ok(response)
}

/// Where a request with a link comes from, where that is known: one that is not ours is a guess.
fn guess(app: &Data<App>, request: &ServiceRequest) -> Option<(Data<App>, String)> {
    let has_link = ["/i/", "/n/"].iter().any(|start| request.path().starts_with(start));
    let from = has_link.then(|| passwords::address(app, request.request()))?;
    (!from.is_empty()).then(|| (app.clone(), from))
}

/// Whether another site makes this browser send a change. `Origin` is "null" on our own
/// forms, because no referrer is sent; the session's form token guards what this cannot see.
fn comes_from_elsewhere(request: &ServiceRequest) -> bool {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = header("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    match header("origin") {
        None | Some("null") => false,
        Some(origin) => origin.split_once("://").map(|(_, host)| host) != header("host"),
    }
}

fn protect(headers: &mut HeaderMap, app: Option<&App>) {
    for (name, value) in HEADERS {
        // A document is given out under a policy that is stricter still.
        if !(name == "content-security-policy" && headers.contains_key(name)) {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
    }
    if !headers.contains_key("cache-control") {
        headers.insert(HeaderName::from_static("cache-control"), HeaderValue::from_static("no-store"));
    }
    if app.is_some_and(|app| app.base_url.starts_with("https://")) {
        headers.insert(
            HeaderName::from_static("strict-transport-security"),
            HeaderValue::from_static("max-age=63072000; includeSubDomains"),
        );
    }
}

/// Puts a page in place of a bare error.
fn explained(response: ServiceResponse<BoxBody>, app: Option<&App>, id: RequestId) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let bare = status.is_client_error() || status.is_server_error();
    // A handler that answers with a page of its own keeps it.
    if !bare || response.headers().contains_key(CONTENT_TYPE) && response.response().error().is_none() {
        return response;
    }
    let Some(app) = app else { return response };
    let portal =
        ["/i/", "/respond", "/verify", "/n/", "/tell"].iter().any(|start| response.request().path().starts_with(start));
    let who = response.request().extensions().get::<SignedIn>().cloned();
    let error = response.response().error();
    let denied =
        error.and_then(|error| error.as_error::<WebError>()).is_some_and(|error| matches!(error, WebError::Denied));
    let error = error.map(cause);
    let page = match portal {
        true => super::portal::problem::page(app, status, id),
        false if denied => view::denied(app, id),
        false => view::problem(app, status, id, who.as_ref()),
    };
    let (request, response) = response.into_parts();
    let mut explained = HttpResponse::build(status);
    for (name, value) in response.headers() {
        if *name != CONTENT_TYPE && name.as_str() != "content-length" {
            explained.append_header((name.clone(), value.clone()));
        }
    }
    if let Some(error) = error {
        request.extensions_mut().insert(Cause(error));
    }
    let body = page.unwrap_or_else(|_| status.canonical_reason().unwrap_or("error").to_owned());
    ServiceResponse::new(request, explained.content_type("text/html; charset=utf-8").body(body))
}

/// Why a request failed, for the log.
struct Cause(String);

/// The error with what is behind it. Errors of ours say what broke, never with which value.
fn cause(error: &actix_web::Error) -> String {
    let mut words = error.to_string();
    let source = error.as_error::<WebError>().and_then(std::error::Error::source);
    let mut source = source.or_else(|| error.as_error::<PortalError>().and_then(std::error::Error::source));
    while let Some(inner) = source {
        words = format!("{words}: {inner}");
        source = inner.source();
    }
    words
}

/// One line a request: the route's pattern, never the address itself, which may hold a token.
fn log(response: &ServiceResponse<BoxBody>, method: &Method, id: RequestId, began: Instant) {
    let status = response.status();
    let route = response.request().match_pattern().unwrap_or_else(|| "unmatched".to_owned());
    let milliseconds = began.elapsed().as_micros() as f64 / 1000.0;
    let id = id.0;
    if status.is_server_error() {
        let extensions = response.request().extensions();
        let cause = extensions.get::<Cause>().map_or("", |cause| cause.0.as_str());
        tracing::error!(request.id = %id, http.method = %method, http.route = route, http.status = status.as_u16(), milliseconds, cause, "{method} {route} failed with {}: {cause}", status.as_u16());
    } else if status != StatusCode::OK || method != Method::GET {
        tracing::info!(request.id = %id, http.method = %method, http.route = route, http.status = status.as_u16(), milliseconds, "{method} {route} answered {}", status.as_u16());
    } else {
        tracing::debug!(request.id = %id, http.method = %method, http.route = route, http.status = status.as_u16(), milliseconds, "{method} {route} answered 200");
    }
}
