//! A PDF as an answer: made away from the threads that serve requests, always to be saved.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;

use super::WebError;
use crate::store::StoreError;

/// Makes a PDF and sends it as a file of this name: plain letters, digits, hyphens, a dot.
///
/// # Errors
/// What the maker says.
pub async fn send(
    name: String,
    make: impl FnOnce() -> Result<Vec<u8>, StoreError> + Send + 'static,
) -> Result<HttpResponse, WebError> {
    let made = tokio::task::spawn_blocking(make).await.map_err(|error| WebError::Internal(Box::new(error)))?;
    let bytes = made?;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(bytes))
}

/// The part of a text that a file's name may hold.
pub fn plain(text: &str) -> String {
    text.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect()
}
