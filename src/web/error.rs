//! What can be wrong with a request, and the one place that knows its status.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};

use crate::store::StoreError;

/// One kind for each thing a person can do about it.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// Absent, or another practice's: the two look alike.
    #[error("there is no such page")]
    NotFound,
    /// Nobody is signed in; comes back to `next`.
    #[error("sign in first")]
    SignIn { next: String },
    /// Signed in, and asked for the password or a passkey once more before something
    /// dangerous; comes back to `next`.
    #[error("show the password once more")]
    Prove { next: String },
    /// The practice wants a second step of this person, who has none yet.
    #[error("set up a second step first")]
    SecondStep,
    /// Signed in, and with a role that may not do this.
    #[error("this role may not do that")]
    Denied,
    /// The form is not one that this session was given.
    #[error("the form did not come from this page")]
    Forged,
    #[error("the request cannot be read: {0}")]
    Unreadable(String),
    #[error("that is more than can be taken at once")]
    TooLarge,
    #[error("the database cannot be written to")]
    ReadOnly(#[source] StoreError),
    #[error("the database is not available")]
    Unavailable(#[source] StoreError),
    #[error("something broke on our side")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<StoreError> for WebError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::ReadOnly(_) => WebError::ReadOnly(error),
            StoreError::Unavailable(_) => WebError::Unavailable(error),
            _ => WebError::Internal(Box::new(error)),
        }
    }
}

impl From<handlebars::RenderError> for WebError {
    fn from(error: handlebars::RenderError) -> Self {
        WebError::Internal(Box::new(error))
    }
}

impl ResponseError for WebError {
    fn status_code(&self) -> StatusCode {
        match self {
            WebError::NotFound => StatusCode::NOT_FOUND,
            WebError::SignIn { .. } | WebError::Prove { .. } | WebError::SecondStep => StatusCode::SEE_OTHER,
            WebError::Forged | WebError::Denied => StatusCode::FORBIDDEN,
            WebError::Unreadable(_) => StatusCode::BAD_REQUEST,
            WebError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            WebError::ReadOnly(_) | WebError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            WebError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The page itself is put in by the guard, which knows the templates.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        let at = |page: &str, next: &str| {
            let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
            format!("{page}?next={next}")
        };
        let location = match self {
            WebError::SignIn { next } => Some(at("/sign-in", next)),
            WebError::Prove { next } => Some(at("/prove", next)),
            WebError::SecondStep => Some("/account/second-step?needed=yes".to_owned()),
            _ => None,
        };
        if let Some(location) = location {
            response.insert_header(("Location", location));
        }
        response.finish()
    }
}
