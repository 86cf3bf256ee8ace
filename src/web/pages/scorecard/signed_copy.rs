//! The signed copy of a reply as a PDF, for whoever files it.

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::web::{Data, Path};

use crate::app::App;
use crate::domain::ids::AssessmentId;
use crate::flows::signed_copy;
use crate::report::signed_copy::Part;
use crate::web::session::SignedIn;
use crate::web::{Answered, WebError, form, pdf};

/// `GET /assessments/{id}/signed.pdf`, and of an earlier version with `?version=`. The history
/// says that it was taken.
pub async fn send(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let id: AssessmentId = form::id(&path)?;
    let asked = form::query(&request);
    let version = match asked.text("version") {
        "" => None,
        number => Some(number.parse().map_err(|_| WebError::NotFound)?),
    };
    let (scope, now) = (who.scope, app.clock.now());
    let kept = app.read_in(who.scope, move |conn| signed_copy::of(conn, &scope, id, version)).await?;
    let kept = kept.ok_or(WebError::NotFound)?;
    if request.method() != Method::HEAD {
        let (kept, by) = (kept.clone(), who.actor());
        app.write_in(who.scope, move |conn| signed_copy::taken(conn, &kept, &by, now)).await?;
    }
    let name = format!("self-check-{}.pdf", pdf::plain(&kept.signed.reference));
    let office = app.office.clone();
    pdf::send(name, move || signed_copy::pdf(&office, &kept, Part::Whole)).await
}
