//! Gives a document out, as a file to save.

use actix_web::HttpRequest;
use actix_web::http::{Method, StatusCode};
use actix_web::web::{Data, Path};

use super::vendor;
use crate::app::App;
use crate::domain::ids::DocumentId;
use crate::flows::documents::{self, keep::Gone};
use crate::store;
use crate::web::form::id;
use crate::web::session::SignedIn;
use crate::web::view::Notice;
use crate::web::{Answered, WebError, see_other, stored};

/// GET `/documents/{id}`
pub async fn send(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let document: DocumentId = id(&path)?;
    let scope = who.scope;
    let document = app
        .read_in(who.scope, move |conn| store::documents::one(conn, &scope, document))
        .await?
        .ok_or(WebError::NotFound)?;
    if !document.scan.may_be_served() {
        return Ok(see_other(&format!("/vendors/{}/documents?done=held", document.vendor)));
    }
    let mut response = stored::head(&document);
    if request.method() == Method::HEAD {
        return Ok(response.finish());
    }
    let bytes = match documents::keep::fetch(&app.files, &document).await {
        Ok(bytes) => bytes,
        Err(gone) => {
            let (status, text) = match gone {
                Gone::Lost => (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "That document cannot be given out: its file is gone, or is not the one that was stored. Tell the person who runs duecare; a backup may have it.",
                ),
                Gone::Down => (
                    StatusCode::SERVICE_UNAVAILABLE,
                    "The place where documents are kept cannot be reached just now. Try again in a few minutes.",
                ),
            };
            let notice = Notice { kind: "error", text: text.to_owned() };
            return vendor::shown(&app, &who, document.vendor, status, Some(notice)).await;
        }
    };
    let (by, now) = (who.actor(), app.clock.now());
    app.write_in(who.scope, move |conn| documents::given_out(conn, &scope, &document, &by, now)).await?;
    Ok(response.body(bytes))
}
