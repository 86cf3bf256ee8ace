//! HTTP: pages for staff, pages for vendors. Knows no SQL and no rules: a handler extracts,
//! calls a flow or a read, and renders.

pub mod assets;
pub mod error;
pub mod form;
pub mod guard;
pub mod health;
pub mod pages;
pub mod passwords;
pub mod pdf;
pub mod portal;
pub mod routes;
pub mod session;
pub mod stored;
pub mod uploaded;
pub mod view;
pub mod zones;

pub use error::WebError;

/// What a handler gives back.
pub type Answered = Result<actix_web::HttpResponse, WebError>;

/// Sends the browser on after a form was taken, so that reloading posts nothing twice.
pub fn see_other(to: &str) -> actix_web::HttpResponse {
    actix_web::HttpResponse::SeeOther().insert_header(("Location", to)).finish()
}
