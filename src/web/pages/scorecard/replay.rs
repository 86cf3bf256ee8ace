//! A score as a file: the explanation record to the byte, and what it was reckoned from, for
//! `duecare score --replay`.

use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::app::App;
use crate::domain::access::Scope;
use crate::domain::ids::AssessmentId;
use crate::store::assessments::Kept;
use crate::store::{self, Db, StoreError};
use crate::web::form::{self, Posted};
use crate::web::session::SignedIn;
use crate::web::{Answered, WebError};

/// Which score of an assessment is meant.
enum Which {
    /// The one that its page shows.
    Shown,
    Signed,
    Version(u32),
}

fn which(asked: &Posted) -> Result<Which, WebError> {
    match (asked.text("version"), asked.text("of")) {
        ("", "signed") => Ok(Which::Signed),
        ("", "") => Ok(Which::Shown),
        (version, _) => version.parse().map(Which::Version).map_err(|_| WebError::NotFound),
    }
}

fn read(conn: &mut Db, scope: &Scope, id: AssessmentId, which: &Which) -> Result<Option<Kept>, StoreError> {
    if let Which::Version(version) = which {
        return store::corrections::earlier_score(conn, scope, id, *version);
    }
    if matches!(which, Which::Shown) && store::reviews::of(conn, scope, id)?.is_accepted() {
        return Ok(store::reviews::accepted(conn, scope, id)?.into_iter().next().map(|(_, kept)| kept));
    }
    store::assessments::score(conn, scope, id)
}

/// `GET /assessments/{id}/score.json`, of the signature with `?of=signed`, of an earlier version
/// with `?version=`.
pub async fn send(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let id: AssessmentId = form::id(&path)?;
    let which = which(&form::query(&request))?;
    let scope = who.scope;
    let kept = app.read_in(who.scope, move |conn| read(conn, &scope, id, &which)).await?;
    let kept = kept.filter(|kept| !kept.input.is_empty()).ok_or(WebError::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"score-{}.json\"", &kept.card.sha256[..12]),
        ))
        .body(format!("{{\"input\":{},\"record\":{}}}\n", kept.input, kept.record()?)))
}
