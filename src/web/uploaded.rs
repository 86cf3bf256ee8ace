//! A form with a file, as it arrives: read part by part, with the limits applied on the way.

use std::future::Future;
use std::pin::Pin;

use actix_multipart::{Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::TryStreamExt;

use super::WebError;
use super::form::{Posted, check_token};
use crate::domain::document::{MOST_BYTES, Refusal};
use crate::flows::documents::Sent;

/// All fields of such a form together, in bytes.
const MOST_FIELDS: usize = 64 * 1024;
/// What is read and thrown away of a file that is too large, in bytes, so that the browser
/// gets to see the answer: one that is cut off while it sends shows an error of its own. A
/// larger request is cut off.
const MOST_IGNORED: usize = 40 * 1024 * 1024;

/// A posted form with a file. Extracting it has checked its `csrf` field, which comes first in
/// the form; the file comes last, so that what was typed is known even when the file is too
/// large.
#[derive(Clone, Debug, Default)]
pub struct Uploaded {
    pub fields: Posted,
    file: Option<Sent>,
    too_large: bool,
}

impl Uploaded {
    /// The file, which is not looked into yet.
    ///
    /// # Errors
    /// That there is none, or that it is too large.
    pub fn take_file(&mut self) -> Result<Sent, Refusal> {
        if self.too_large {
            return Err(Refusal::TooLarge);
        }
        self.file.take().ok_or(Refusal::NoFile)
    }

    /// The name of the file, for saying what became of it.
    pub fn file_name(&self) -> &str {
        self.file.as_ref().map(|file| file.name.as_str()).unwrap_or_default()
    }
}

impl FromRequest for Uploaded {
    type Error = WebError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, WebError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let declared = request.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !declared.starts_with("multipart/") {
            // A form without a file in it: what comes of it is the page's to say.
            let posted = Posted::from_request(&request, payload);
            return Box::pin(async move { Ok(Self { fields: posted.await?, ..Self::default() }) });
        }
        let parts = Multipart::from_request(&request, payload);
        Box::pin(async move {
            let parts = parts.await.map_err(|error| WebError::Unreadable(error.to_string()))?;
            let uploaded = read(parts).await?;
            check_token(&request, uploaded.fields.text("csrf"))?;
            Ok(uploaded)
        })
    }
}

async fn read(mut parts: Multipart) -> Result<Uploaded, WebError> {
    let unreadable = |error: MultipartError| WebError::Unreadable(error.to_string());
    let (mut uploaded, mut room) = (Uploaded::default(), MOST_FIELDS);
    while let Some(mut part) = parts.try_next().await.map_err(unreadable)? {
        let field = part.name().unwrap_or_default().to_owned();
        let file_name = part.content_disposition().and_then(|header| header.get_filename()).map(str::to_owned);
        let declared = part.content_type().map(ToString::to_string);
        let most = if file_name.is_some() { MOST_BYTES } else { room };
        let (mut bytes, mut ignored) = (Vec::new(), 0);
        while let Some(chunk) = part.try_next().await.map_err(unreadable)? {
            if ignored == 0 && bytes.len() + chunk.len() <= most {
                bytes.extend_from_slice(&chunk);
                continue;
            }
            if file_name.is_none() {
                return Err(WebError::TooLarge);
            }
            bytes = Vec::new();
            ignored += chunk.len();
            if ignored > MOST_IGNORED {
                // What was typed came before the file; the rest is not read.
                uploaded.too_large = true;
                return Ok(uploaded);
            }
        }
        match file_name {
            _ if ignored > 0 => uploaded.too_large = true,
            Some(name) if name.is_empty() && bytes.is_empty() => {}
            // The first file counts: no page of ours sends two.
            Some(name) if uploaded.file.is_none() => uploaded.file = Some(Sent { name, declared, bytes }),
            Some(_) => {}
            None => {
                room -= bytes.len();
                let text = String::from_utf8_lossy(&bytes).replace('\0', "");
                uploaded.fields.0.push((field, text));
            }
        }
    }
    Ok(uploaded)
}
