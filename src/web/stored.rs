//! A stored file on its way out: always to be saved, under a policy that lets nothing in it run.

use actix_web::{HttpResponse, HttpResponseBuilder};

use crate::domain::document::{Document, name};

/// Were a browser to show it all the same, nothing in it may run or load.
const POLICY: &str = "sandbox; default-src 'none'";

/// The head of the answer that gives a file out.
pub fn head(document: &Document) -> HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response
        .content_type(document.file_type.media_type())
        .insert_header(("Content-Disposition", name::disposition(&document.name)))
        .insert_header(("Content-Security-Policy", POLICY));
    response
}
