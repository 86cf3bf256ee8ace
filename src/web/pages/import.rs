//! Bringing in a vendor list: choose a file, say what its columns are and answer what is not
//! clear, look at what it would do, confirm.

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::TryStreamExt;
use serde::Serialize;

use crate::app::App;
use crate::domain::ids::ImportId;
use crate::domain::import_plan::Plan;
use crate::domain::vendor_file::{COLUMNS, Choices, Field as Column, MAX_BYTES, may_write, template_csv};
use crate::flows::import::{self, ImportError, Stage};
use crate::store::imports::Kept;
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, check_token, id};
use crate::web::session::SignedIn;
use crate::web::view::{Crumb, ErrorLine, Here, Staff, crumbs};
use crate::web::{Answered, WebError, see_other};

pub mod columns;
pub mod faults;
pub mod preview;
pub mod questions;

#[derive(Serialize)]
pub struct Import {
    crumbs: Vec<Crumb>,
    errors: Vec<ErrorLine>,
    file: FileField,
    columns: Vec<ColumnLine>,
}

#[derive(Serialize)]
struct FileField {
    hint: &'static str,
    accept: &'static str,
    error: Option<String>,
}

#[derive(Serialize)]
struct ColumnLine {
    column: &'static str,
    says: String,
    sample: &'static str,
}

fn trail() -> Vec<Crumb> {
    crumbs(&[("Vendors", Some("/vendors")), ("Import a list", None)])
}

fn chooser(error: Option<String>) -> Import {
    let columns = COLUMNS.iter().map(|(column, says, sample)| {
        let listed = column.parse::<Column>().ok().and_then(may_write);
        let says = match listed {
            Some(listed) => format!("{says} One of: {listed}."),
            None => (*says).to_owned(),
        };
        ColumnLine { column, says, sample }
    });
    Import {
        crumbs: trail(),
        errors: error.iter().map(|says| ErrorLine { at: "file".to_owned(), says: says.clone() }).collect(),
        file: FileField {
            hint: "An Excel workbook (.xlsx) or a CSV file, up to 10 MB",
            accept: ".xlsx,.csv,.txt,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            error,
        },
        columns: columns.collect(),
    }
}

impl Context for Import {
    const TEMPLATE: &'static str = "pages/import";
    fn samples() -> Vec<Self> {
        vec![chooser(None), chooser(Some("Choose a <file> first".to_owned()))]
    }
}

/// GET `/vendors/import`
pub async fn form(app: Data<App>, who: SignedIn) -> Answered {
    Staff { who: &who, here: Here::VENDORS, title: "Import a list of vendors", notice: None }.ok(&app, &chooser(None))
}

/// GET `/vendors/import/template.csv`
pub async fn template(_who: SignedIn) -> Answered {
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("Content-Disposition", "attachment; filename=\"vendors.csv\""))
        .body(template_csv()))
}

struct Upload {
    name: String,
    bytes: Vec<u8>,
}

/// Reads the form's parts: the token, then the file.
async fn upload(request: &HttpRequest, mut parts: Multipart) -> Result<Upload, WebError> {
    let unreadable = |error: actix_multipart::MultipartError| WebError::Unreadable(error.to_string());
    let (mut token, mut upload) = (String::new(), Upload { name: String::new(), bytes: Vec::new() });
    while let Some(mut part) = parts.try_next().await.map_err(unreadable)? {
        let field = part.name().unwrap_or_default().to_owned();
        let name = part.content_disposition().and_then(|header| header.get_filename()).unwrap_or_default().to_owned();
        let most = if field == "file" { MAX_BYTES + 1 } else { 1024 };
        let mut bytes = Vec::new();
        while let Some(chunk) = part.try_next().await.map_err(unreadable)? {
            // One byte over is enough to know that it is too large; the rest is not kept.
            if bytes.len() < most {
                bytes.extend_from_slice(&chunk[..chunk.len().min(most - bytes.len())]);
            }
        }
        match field.as_str() {
            "csrf" => token = String::from_utf8_lossy(&bytes).into_owned(),
            "file" => upload = Upload { name: name.chars().filter(|c| !c.is_control()).take(120).collect(), bytes },
            _ => {}
        }
    }
    check_token(request, &token)?;
    Ok(upload)
}

/// POST `/vendors/import`: keeps the file and shows what it would do, or asks what is to be
/// asked first; nothing of it is in force yet.
pub async fn preview(app: Data<App>, who: SignedIn, request: HttpRequest, parts: Multipart) -> Answered {
    let upload = upload(&request, parts).await?;
    let again = |says: &str| {
        let title = "Error: Import a list of vendors";
        Staff { who: &who, here: Here::VENDORS, title, notice: None }.show(
            &app,
            StatusCode::UNPROCESSABLE_ENTITY,
            &chooser(Some(says.to_owned())),
        )
    };
    if upload.name.is_empty() && upload.bytes.is_empty() {
        return again("Choose a file first");
    }
    if upload.bytes.len() > MAX_BYTES {
        return again("Choose a file of at most 10 MB, or split it in two");
    }
    let (scope, now, import, name) = (who.scope, app.clock.now(), ImportId::fresh(), upload.name.clone());
    // Reading a long list takes a while: nobody's writing waits for it.
    let reached = app
        .read_in(who.scope, move |conn| {
            let stage = import::stage(conn, &scope, &upload.bytes, &Choices::default())?;
            Ok::<_, ImportError>((stage, upload))
        })
        .await;
    let kept = match reached {
        Ok((stage, upload)) => {
            app.write_in(who.scope, move |conn| {
                import::forget_old(conn, &scope, now)?;
                store::imports::keep(conn, &scope, import, &upload.name, &upload.bytes, now)?;
                Ok::<_, ImportError>(stage)
            })
            .await
        }
        Err(error) => Err(error),
    };
    match kept {
        Ok(Stage::Ready(plan, answered)) => show_preview(&app, &who, import, &name, &plan, answered.len()),
        Ok(Stage::Columns { .. }) => Ok(see_other(&format!("/vendors/import/{import}/columns"))),
        Ok(Stage::Questions(_)) => Ok(see_other(&format!("/vendors/import/{import}/questions"))),
        Err(ImportError::Faults(faults)) => faults::show(&app, &who, &name, &faults),
        Err(ImportError::Store(error)) => Err(error.into()),
    }
}

fn show_preview(app: &App, who: &SignedIn, import: ImportId, file: &str, plan: &Plan, answered: usize) -> Answered {
    let title = "Check before you bring them in";
    Staff { who, here: Here::VENDORS, title, notice: None }.ok(app, &preview::previewed(import, file, plan, answered))
}

/// An uploaded file and how far it has come.
///
/// # Errors
/// [`WebError::NotFound`] when there is no such file here.
async fn reached(app: &App, who: &SignedIn, import: ImportId) -> Result<(Kept, Result<Stage, ImportError>), WebError> {
    let scope = who.scope;
    let found = app
        .read_in(who.scope, move |conn| {
            let Some(kept) = store::imports::one(conn, &scope, import)? else { return Ok(None) };
            let stage = import::stage(conn, &scope, &kept.content, &kept.choices);
            Ok::<_, StoreError>(Some((kept, stage)))
        })
        .await?;
    found.ok_or(WebError::NotFound)
}

/// GET `/vendors/import/{id}`: what it would do, once nothing is left to choose.
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>) -> Answered {
    let import: ImportId = id(&path)?;
    let (kept, stage) = reached(&app, &who, import).await?;
    match stage {
        Ok(Stage::Ready(plan, answered)) => show_preview(&app, &who, import, &kept.name, &plan, answered.len()),
        Ok(Stage::Columns { .. }) => Ok(see_other(&format!("/vendors/import/{import}/columns"))),
        Ok(Stage::Questions(_)) => Ok(see_other(&format!("/vendors/import/{import}/questions"))),
        Err(ImportError::Faults(faults)) => faults::show(&app, &who, &kept.name, &faults),
        Err(ImportError::Store(error)) => Err(error.into()),
    }
}

/// POST `/vendors/import/{id}/confirm`
pub async fn confirm(app: Data<App>, who: SignedIn, path: Path<String>, _posted: Posted) -> Answered {
    let import: ImportId = id(&path)?;
    let (office, scope, now, by) = (app.office.clone(), who.scope, app.clock.now(), who.actor());
    // The file is read before the transaction: writing waits for nothing but the database.
    let read = app
        .read_in(who.scope, move |conn| {
            let Some(kept) = store::imports::one(conn, &scope, import)? else { return Ok(None) };
            let list = import::list(&kept.name, &kept.content, kept.choices.clone())?;
            Ok::<_, ImportError>(Some((kept.choices, list)))
        })
        .await;
    let (chosen, list) = match read {
        // Pressed twice: the first press brought it in.
        Ok(None) => return Ok(see_other("/vendors")),
        // Something is to be asked after all.
        Ok(Some((_, None))) => return Ok(see_other(&format!("/vendors/import/{import}"))),
        Ok(Some((chosen, Some(list)))) => (chosen, list),
        Err(ImportError::Faults(faults)) => return faults::show(&app, &who, "the file", &faults),
        Err(ImportError::Store(error)) => return Err(error.into()),
    };
    let brought = app
        .write_in(who.scope, move |conn| {
            match store::imports::hold_choices(conn, &scope, import)? {
                None => return Ok(Brought::Before),
                // Chosen anew in another window meanwhile: whoever pressed has not seen that.
                Some(now_chosen) if now_chosen != chosen => return Ok(Brought::Otherwise),
                Some(_) => {}
            }
            let practice = store::practices::one(conn, &scope)?;
            let plan = import::import(conn, &office, &practice, list, &by, now, &mut |_, _| {})?;
            store::imports::forget(conn, &scope, import)?;
            Ok::<_, ImportError>(Brought::In(plan.new_count(), plan.changed_count()))
        })
        .await;
    match brought {
        Ok(Brought::Before) => Ok(see_other("/vendors")),
        Ok(Brought::Otherwise) => Ok(see_other(&format!("/vendors/import/{import}"))),
        Ok(Brought::In(new, changed)) => Ok(see_other(&format!("/vendors?new={new}&changed={changed}"))),
        // The list changed since the preview, so that there is something to ask or to see anew.
        Err(ImportError::Faults(_)) => Ok(see_other(&format!("/vendors/import/{import}"))),
        Err(ImportError::Store(StoreError::Duplicate)) => Ok(see_other("/vendors?brought=none")),
        Err(ImportError::Store(error)) => Err(error.into()),
    }
}

/// What came of the button.
enum Brought {
    /// Pressed twice: the first press brought it in.
    Before,
    /// The choices are no longer those that were seen.
    Otherwise,
    /// How many were new, and how many changed.
    In(usize, usize),
}
