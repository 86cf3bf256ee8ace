//! A file that supports an answer, given back to whoever may see the answers: always as a file to
//! save, and only after the mailed code, because a link alone may have been passed on.

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::web::{Data, Path};

use crate::app::App;
use crate::domain::entry::Actor;
use crate::domain::ids::DocumentId;
use crate::flows::documents::{self, keep::Gone};
use crate::flows::evidence;
use crate::store::{self, StoreError};
use crate::web::form::id;
use crate::web::portal::problem::{PortalError, answer};
use crate::web::portal::respondent::{Respondent, Visit};
use crate::web::{Answered, WebError, stored};

/// GET `/respond/files/{id}`
pub async fn show(app: Data<App>, who: Visit, path: Path<String>, request: HttpRequest) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = Respondent::unfinished(who)?;
        if who.locked || !who.verified() {
            return Err(PortalError::Code { next: "" });
        }
        let document: DocumentId = id(&path)?;
        let files = evidence::visible(&app.office, &who.opened, who.files.clone())?;
        let theirs = files.values().flatten().any(|file| file.document == document && !file.removed);
        let scope = who.opened.scope();
        let found = app.read(move |conn| store::documents::one(conn, &scope, document)).await?;
        let document = found.filter(|found| theirs && found.scan.may_be_served()).ok_or(WebError::NotFound)?;
        let mut response = stored::head(&document);
        if request.method() == Method::HEAD {
            return Ok(response.finish());
        }
        let bytes = documents::keep::fetch(&app.files, &document).await.map_err(|gone| match gone {
            Gone::Lost => WebError::NotFound,
            Gone::Down => WebError::Unavailable(StoreError::Unavailable("files cannot be reached".to_owned())),
        })?;
        let by = Actor::Respondent(who.opened.invitation.sent_to.clone());
        app.write(move |conn| documents::given_out(conn, &scope, &document, &by, now)).await?;
        Ok(response.body(bytes))
    })
    .await
}
