//! A form with a file, as it arrives: read part by part, with the limits applied on the way.

use std::future::Future;
use std::pin::Pin;

use actix_multipart::{Field, Multipart, MultipartError};
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

/// Files of one form, and what they may come to together, in bytes: they are all in memory.
const MOST_AT_ONCE: usize = 10;
const MOST_TOGETHER: usize = 3 * MOST_BYTES;

/// A posted form with files. Extracting it has checked its `csrf` field, which comes first in
/// the form; the files come last, so that what was typed is known even when one is too large.
#[derive(Clone, Debug, Default)]
pub struct Uploaded {
    pub fields: Posted,
    files: Vec<Came>,
}

/// A file as it came, which is not looked into yet.
#[derive(Clone, Debug)]
pub struct Came {
    /// As the sender called it.
    pub name: String,
    /// Or why it was not read.
    pub sent: Result<Sent, Refusal>,
}

impl Uploaded {
    /// The file of a form that takes one.
    ///
    /// # Errors
    /// That there is none, or that it is too large.
    pub fn take_file(&mut self) -> Result<Sent, Refusal> {
        self.take_files().into_iter().next().map_or(Err(Refusal::NoFile), |came| came.sent)
    }

    /// The files of a form that takes several.
    pub fn take_files(&mut self) -> Vec<Came> {
        std::mem::take(&mut self.files)
    }

    /// The name of the file, for saying what became of it.
    pub fn file_name(&self) -> &str {
        self.files.first().map(|came| came.name.as_str()).unwrap_or_default()
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
    let (mut uploaded, mut room) = (Uploaded::default(), MOST_FIELDS);
    let (mut together, mut ignored) = (0, 0);
    while let Some(mut part) = parts.try_next().await.map_err(unreadable)? {
        let file_name = part.content_disposition().and_then(|header| header.get_filename()).map(str::to_owned);
        let declared = part.content_type().map(ToString::to_string);
        let Some(name) = file_name else {
            let field = part.name().unwrap_or_default().to_owned();
            let (bytes, over) = up_to(&mut part, room).await?;
            if over > 0 {
                return Err(WebError::TooLarge);
            }
            room -= bytes.len();
            uploaded.fields.0.push((field, String::from_utf8_lossy(&bytes).replace('\0', "")));
            continue;
        };
        let left = if uploaded.files.len() < MOST_AT_ONCE { MOST_TOGETHER - together } else { 0 };
        let (bytes, over) = up_to(&mut part, left.min(MOST_BYTES)).await?;
        together += bytes.len();
        ignored += over;
        let sent = match over {
            0 if left > 0 => Ok(Sent { name: name.clone(), declared, bytes }),
            over if over > MOST_BYTES || left >= MOST_BYTES => Err(Refusal::TooLarge),
            _ => Err(Refusal::TooMuchAtOnce),
        };
        let nothing = sent.as_ref().is_ok_and(|sent| sent.name.is_empty() && sent.bytes.is_empty());
        if !nothing {
            uploaded.files.push(Came { name, sent });
        }
        if ignored > MOST_IGNORED {
            // What was typed came before the files; the rest is not read.
            break;
        }
    }
    Ok(uploaded)
}

/// The bytes of a part, unless they are more than that; then how many there were, of which no
/// more is read than makes no sense any more.
async fn up_to(part: &mut Field, most: usize) -> Result<(Vec<u8>, usize), WebError> {
    let (mut bytes, mut over) = (Vec::new(), 0);
    while let Some(chunk) = part.try_next().await.map_err(unreadable)? {
        if over == 0 && bytes.len() + chunk.len() <= most {
            bytes.extend_from_slice(&chunk);
            continue;
        }
        over += chunk.len() + std::mem::take(&mut bytes).len();
        if over > MOST_IGNORED {
            break;
        }
    }
    Ok((bytes, over))
}

fn unreadable(error: MultipartError) -> WebError {
    WebError::Unreadable(error.to_string())
}
