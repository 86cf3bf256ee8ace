//! Forms as they arrive: fields in order, and proof that the page was ours.

use std::future::Future;
use std::pin::Pin;
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};

use super::WebError;
use super::session::{NOTICE_COOKIE, RESPONDENT_COOKIE, STAFF_COOKIE, app, value};
use crate::domain::answers::form::Fields;
use crate::secrets;

/// The largest form, in bytes. A whole topic of the longest answers fits ten times over.
pub const MOST_BYTES: usize = 256 * 1024;

/// A posted form. Extracting it has checked its `csrf` field against the session cookie that
/// came along, staff's or respondent's; without a cookie there is nothing to forge.
#[derive(Clone, Debug, Default)]
pub struct Posted(pub Fields);

impl Posted {
    /// Reads fields. PostgreSQL keeps no NUL in a text, and nobody types one.
    pub fn of(encoded: &[u8]) -> Self {
        let fields = url::form_urlencoded::parse(encoded).into_owned();
        Self(
            fields
                .map(|(name, text)| if text.contains('\0') { (name, text.replace('\0', "")) } else { (name, text) })
                .collect(),
        )
    }

    /// The first value of a field, trimmed; empty when it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map(|(_, text)| text.trim()).unwrap_or_default()
    }

    /// A value left as typed: passwords.
    pub fn verbatim(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map(|(_, text)| text.as_str()).unwrap_or_default()
    }

    /// Every value of a field that came more than once.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, text)| text.as_str())
    }

    pub fn is_ticked(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }
}

impl FromRequest for Posted {
    type Error = WebError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, WebError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let body = Bytes::from_request(&request, payload);
        Box::pin(async move {
            let body = body.await.map_err(|error| match error.as_response_error().status_code().as_u16() {
                413 => WebError::TooLarge,
                _ => WebError::Unreadable(error.to_string()),
            })?;
            if body.len() > MOST_BYTES {
                return Err(WebError::TooLarge);
            }
            let posted = Posted::of(&body);
            check_token(&request, posted.text("csrf"))?;
            Ok(posted)
        })
    }
}

/// Checks a form's token against whichever session cookie came with it.
///
/// # Errors
/// [`WebError::Forged`] when there is a session and the token is not its own.
pub fn check_token(request: &HttpRequest, given: &str) -> Result<(), WebError> {
    let app = app(request)?;
    let cookies: Vec<String> =
        [STAFF_COOKIE, RESPONDENT_COOKIE, NOTICE_COOKIE].into_iter().filter_map(|name| value(request, name)).collect();
    // Staff who look at a vendor's link have several cookies; any of the pages may be the sender.
    let ours = cookies.is_empty()
        || cookies.iter().any(|cookie| app.office.key.form_token_is(&secrets::form_subject(cookie), given));
    if ours { Ok(()) } else { Err(WebError::Forged) }
}

/// An id in an address: anything that is none is a page that does not exist.
///
/// # Errors
/// [`WebError::NotFound`].
pub fn id<T: FromStr>(text: &str) -> Result<T, WebError> {
    text.parse().map_err(|_| WebError::NotFound)
}

/// The fields of an address, as [`Posted`] reads a form's.
pub fn query(request: &HttpRequest) -> Posted {
    Posted::of(request.query_string().as_bytes())
}

/// A page inside this site to go to next; anything else is the overview.
pub fn inside(next: &str) -> &str {
    let inside =
        next.starts_with('/') && !next.starts_with("//") && !next.contains(|c: char| c == '\\' || c.is_control());
    if inside { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn signing_in_never_leads_to_another_site() {
        assert_eq!(inside("/vendors?due=overdue"), "/vendors?due=overdue");
        for elsewhere in ["//evil.test", "https://evil.test", "/\\evil.test", "/\t/evil.test", "/\0", "evil", ""] {
            assert_eq!(inside(elsewhere), "/", "{elsewhere}");
        }
    }
}
