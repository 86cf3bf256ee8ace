//! One document: its kind, end date and note; taking it off the pages and putting it back.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;

use super::Days;
use super::form::{self, AboutFields};
use crate::app::App;
use crate::domain::civil_date;
use crate::domain::document::Document;
use crate::domain::ids::DocumentId;
use crate::domain::retention::retain_until;
use crate::flows::documents;
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id};
use crate::web::session::SignedIn;
use crate::web::view::{Crumb, ErrorLine, Faults, Here, Staff, crumbs, error_lines};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct DocumentForm {
    crumbs: Vec<Crumb>,
    errors: Vec<ErrorLine>,
    id: String,
    name: String,
    kept: String,
    sha256: String,
    about: AboutFields,
    back: String,
}

fn page(document: &Document, vendor: &str, days: &Days, posted: &Posted, faults: &Faults) -> DocumentForm {
    let (at, back) = (format!("/vendors/{}", document.vendor), format!("/vendors/{}/documents", document.vendor));
    let added = days.day(document.added_at);
    DocumentForm {
        crumbs: crumbs(&[
            ("Vendors", Some("/vendors")),
            (vendor, Some(&at)),
            ("Documents", Some(&back)),
            (&document.name, None),
        ]),
        errors: error_lines(faults),
        id: document.id.to_string(),
        name: document.name.clone(),
        kept: format!(
            "Added on {} by {}. Kept at least until {}.",
            civil_date::say(added),
            document.added_by,
            civil_date::say(retain_until(added, document.ends_on))
        ),
        sha256: document.sha256.clone(),
        about: form::fields(posted, faults),
        back,
    }
}

impl Context for DocumentForm {
    const TEMPLATE: &'static str = "pages/document_form";
    fn samples() -> Vec<Self> {
        let days = super::sample_days();
        let faults: Faults = vec![("ends_on", "“<b>” is not a date".to_owned())];
        super::sample_documents()
            .iter()
            .flat_map(|one| {
                let typed = form::typed(one);
                [page(one, "<script>", &days, &typed, &Faults::new()), page(one, "Maple", &days, &typed, &faults)]
            })
            .collect()
    }
}

/// The document with its vendor's name.
async fn found(app: &App, who: &SignedIn, document: DocumentId) -> Result<(Document, String), WebError> {
    let scope = who.scope;
    let found = app.read_in(who.scope, move |conn| {
        let Some(document) = store::documents::one(conn, &scope, document)? else { return Ok(None) };
        let vendor = store::vendors::one(conn, &scope, document.vendor)?;
        Ok::<_, StoreError>(vendor.map(|vendor| (document, vendor.details.name)))
    });
    found.await?.ok_or(WebError::NotFound)
}

/// GET `/documents/{id}/edit`
pub async fn form(app: Data<App>, who: SignedIn, path: Path<String>) -> Answered {
    let (document, vendor) = found(&app, &who, id(&path)?).await?;
    let days = Days::of(&who, app.clock.now());
    let content = page(&document, &vendor, &days, &form::typed(&document), &Faults::new());
    Staff { who: &who, here: Here::VENDORS, title: &document.name, notice: None }.ok(&app, &content)
}

/// POST `/documents/{id}/edit`
pub async fn change(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let (document, vendor) = found(&app, &who, id(&path)?).await?;
    let about = match form::read(&posted) {
        Ok(about) => about,
        Err(faults) => {
            let title = format!("Error: {}", document.name);
            let content = page(&document, &vendor, &Days::of(&who, app.clock.now()), &posted, &faults);
            let staff = Staff { who: &who, here: Here::VENDORS, title: &title, notice: None };
            return staff.show(&app, StatusCode::UNPROCESSABLE_ENTITY, &content);
        }
    };
    let (office, now, scope, by) = (app.office.clone(), app.clock.now(), who.scope, who.actor());
    let vendor = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            documents::describe(conn, &office, &practice, document.id, &about, &by, now)
        })
        .await?
        .ok_or(WebError::NotFound)?;
    Ok(see_other(&format!("/vendors/{vendor}/documents?done=changed")))
}

/// POST `/documents/{id}/remove`
pub async fn remove(app: Data<App>, who: SignedIn, path: Path<String>, _posted: Posted) -> Answered {
    let document: DocumentId = id(&path)?;
    let (office, now, scope, by) = (app.office.clone(), app.clock.now(), who.scope, who.actor());
    let vendor = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            documents::remove(conn, &office, &practice, document, &by, now)
        })
        .await?
        .ok_or(WebError::NotFound)?;
    Ok(see_other(&format!("/vendors/{vendor}/documents?done=removed")))
}

/// POST `/documents/{id}/restore`
pub async fn restore(app: Data<App>, who: SignedIn, path: Path<String>, _posted: Posted) -> Answered {
    let document: DocumentId = id(&path)?;
    let (office, now, scope, by) = (app.office.clone(), app.clock.now(), who.scope, who.actor());
    let vendor = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            documents::restore(conn, &office, &practice, document, &by, now)
        })
        .await?
        .ok_or(WebError::NotFound)?;
    Ok(see_other(&format!("/vendors/{vendor}/documents?done=restored")))
}
