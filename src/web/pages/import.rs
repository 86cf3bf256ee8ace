//! Bringing in a vendor list: choose a file, look at what it would do, confirm.

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::TryStreamExt;
use serde::Serialize;

use super::words;
use crate::app::App;
use crate::domain::ids::ImportId;
use crate::domain::import_plan::{self, Plan, Planned, Step};
use crate::domain::vendor::VendorDetails;
use crate::domain::vendor_file::{COLUMNS, Fault, Field as Column, MAX_BYTES, may_write, template_csv};
use crate::flows::import::{self, ImportError};
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, check_token, id};
use crate::web::session::SignedIn;
use crate::web::view::{Crumb, ErrorLine, Here, Staff, crumbs};
use crate::web::{Answered, WebError, see_other};

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
            hint: "A CSV file from Excel or another spreadsheet, up to 10 MB",
            accept: ".csv,text/csv",
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

#[derive(Serialize)]
pub struct ImportFaults {
    crumbs: Vec<Crumb>,
    heading: String,
    file: String,
    faults: Vec<FaultLine>,
    more: Option<String>,
}

#[derive(Serialize)]
struct FaultLine {
    line: String,
    column: String,
    says: String,
    mend: String,
}

fn faulty(file: &str, faults: &[Fault]) -> ImportFaults {
    let dash = || "–".to_owned();
    let lines = faults.iter().map(|fault| FaultLine {
        line: fault.line.map_or_else(dash, |line| line.to_string()),
        column: fault.column.clone().unwrap_or_else(dash),
        says: words::capital(&fault.problem),
        mend: fault.mend.clone(),
    });
    ImportFaults {
        crumbs: trail(),
        heading: format!("{} to mend", words::counted(faults.len(), "thing")),
        file: file.to_owned(),
        faults: lines.collect(),
        more: None,
    }
}

impl Context for ImportFaults {
    const TEMPLATE: &'static str = "pages/import_faults";
    fn samples() -> Vec<Self> {
        let fault = |text: &str| Fault {
            line: Some(2),
            column: Some(text.to_owned()),
            problem: text.to_owned(),
            mend: text.to_owned(),
        };
        vec![
            faulty("", &[]),
            faulty("vendors 2026.csv", &[fault("contact_email")]),
            faulty("<script>.csv", &[fault("<script>alert(1)</script>"), fault(&"long ".repeat(80))]),
        ]
    }
}

#[derive(Serialize)]
pub struct ImportPreview {
    crumbs: Vec<Crumb>,
    id: String,
    heading: &'static str,
    file: String,
    new_count: String,
    changed_count: String,
    unchanged_count: String,
    warnings: Vec<String>,
    button: String,
    more: Option<String>,
    rows: Vec<PlanLine>,
}

#[derive(Serialize)]
struct PlanLine {
    line: String,
    name: String,
    tone: &'static str,
    says: &'static str,
    /// Of a new vendor, everything that the file gives.
    all: Option<String>,
    changes: Vec<Change>,
}

#[derive(Serialize)]
struct Change {
    what: String,
    before: Option<String>,
    after: String,
}

/// Rows shown of a long list; all of it is brought in.
const MOST_ROWS: usize = 200;

fn previewed(import: ImportId, file: &str, plan: &Plan) -> ImportPreview {
    let (new, changed) = (plan.new_count(), plan.changed_count());
    let all = new + changed;
    let rows: Vec<PlanLine> = plan.rows.iter().filter_map(plan_line).take(MOST_ROWS).collect();
    ImportPreview {
        crumbs: trail(),
        id: import.to_string(),
        heading: if all == 0 { "Nothing will change" } else { "Check before you bring them in" },
        file: file.to_owned(),
        new_count: new.to_string(),
        changed_count: changed.to_string(),
        unchanged_count: plan.unchanged_count().to_string(),
        warnings: plan
            .warnings
            .iter()
            .cloned()
            .chain(asked_soon(plan))
            .chain((new > 0).then(|| {
                // Traits are no column: what was assumed must be said.
                "For new vendors we assume from how they reach the information whether they handle paper, use laptops and send it. Open each vendor to correct it.".to_owned()
            }))
            .collect(),
        button: format!("Bring in {}", words::counted(all, "vendor")),
        more: (all > rows.len()).then(|| format!("And {} more, not shown here.", all - rows.len())),
        rows,
    }
}

/// New vendors are due at once: whoever brings them in must know that letters follow.
fn asked_soon(plan: &Plan) -> Option<String> {
    let asked = |row: &&Planned| matches!(&row.step, Step::New(details) if details.ba_status.counts_as_ba() && details.contact_email.is_some());
    match plan.rows.iter().filter(asked).count() {
        0 => None,
        1 => Some("1 of the new vendors gets its questionnaire by e-mail within the hour.".to_owned()),
        more => Some(format!("{more} of the new vendors get their questionnaire by e-mail within the hour.")),
    }
}

fn plan_line(row: &Planned) -> Option<PlanLine> {
    let what = |field: &Column| words::capital(&field.key().replace('_', " "));
    let mut all = None;
    let (tone, says, changes) = match &row.step {
        Step::New(details) => {
            let given = import_plan::different(&VendorDetails::default(), details);
            let given = given.iter().filter(|field| **field != Column::Name);
            let lines: Vec<String> =
                given.map(|field| format!("{}: {}", what(field), shown(*field, details))).collect();
            all = Some(lines.join(" · ")).filter(|text| !text.is_empty());
            ("good", "New", Vec::new())
        }
        Step::Changed { vendor, details, fields } => {
            let change = |field: &Column| Change {
                what: what(field),
                before: Some(shown(*field, &vendor.details)).filter(|text| !text.is_empty()),
                after: shown(*field, details),
            };
            ("soon", "Changed", fields.iter().map(change).collect())
        }
        Step::Unchanged => return None,
    };
    Some(PlanLine { line: row.line.to_string(), name: row.name.clone(), tone, says, all, changes })
}

/// A field as a person reads it.
fn shown(field: Column, details: &VendorDetails) -> String {
    let exposure = &details.exposure;
    let date = |date: Option<chrono::NaiveDate>| date.map(crate::domain::civil_date::say_short).unwrap_or_default();
    match field {
        Column::Name => details.name.clone(),
        Column::ContactName => details.contact_name.clone(),
        Column::ContactEmail => details.contact_email.clone().unwrap_or_default(),
        Column::Website => details.website.clone().unwrap_or_default(),
        Column::Services => details.services.clone(),
        Column::BaStatus => details.ba_status.says().to_owned(),
        Column::PhiElements => exposure.elements.iter().map(|one| one.says()).collect::<Vec<_>>().join("; "),
        Column::Volume => exposure.volume.says().to_owned(),
        Column::Access => exposure.access.iter().map(|one| one.says()).collect::<Vec<_>>().join("; "),
        Column::Criticality => exposure.criticality.says().to_owned(),
        Column::Subcontractors => exposure.subs.says().to_owned(),
        Column::Offshore => exposure.offshore.says().to_owned(),
        Column::BaaSignedOn => date(details.agreement_signed_on),
        Column::BaaEndsOn => date(details.agreement_ends_on),
        Column::Owner => details.owner.clone(),
        Column::ExternalId => details.external_id.clone().unwrap_or_default(),
        Column::Notes => details.notes.clone(),
    }
}

impl Context for ImportPreview {
    const TEMPLATE: &'static str = "pages/import_preview";
    fn samples() -> Vec<Self> {
        let mut plan = Plan { rows: Vec::new(), warnings: vec!["<b>unknown column</b>".to_owned()] };
        for (at, vendor) in super::vendor_form::sample_vendors().into_iter().enumerate() {
            let name = vendor.details.name.clone();
            let details =
                Box::new(VendorDetails { owner: "New".to_owned(), notes: String::new(), ..vendor.details.clone() });
            let step = match at {
                0 => Step::New(details),
                1 => Step::Unchanged,
                _ => Step::Changed { vendor: Box::new(vendor), details, fields: Column::ALL.to_vec() },
            };
            plan.rows.push(Planned { line: 2, name, step });
        }
        let id = ImportId::fresh();
        vec![previewed(id, "vendors.csv", &Plan::default()), previewed(id, "<script>", &plan)]
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

/// POST `/vendors/import`: shows what the file would do; nothing of it is in force yet.
pub async fn preview(app: Data<App>, who: SignedIn, request: HttpRequest, parts: Multipart) -> Answered {
    let upload = upload(&request, parts).await?;
    let page = |title| Staff { who: &who, here: Here::VENDORS, title, notice: None };
    let again = |says: &str| {
        page("Error: Import a list of vendors").show(
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
    let looked_at = upload.bytes.clone();
    let planned = match app.read(move |conn| import::preview(conn, &scope, &looked_at)).await {
        Ok(plan) => {
            app.write(move |conn| {
                store::imports::forget_before(conn, &scope, now - chrono::TimeDelta::days(1))?;
                store::imports::keep(conn, &scope, import, &upload.name, &upload.bytes, now)?;
                Ok::<_, ImportError>(plan)
            })
            .await
        }
        Err(error) => Err(error),
    };
    match planned {
        Ok(plan) => page("Check before you bring them in").ok(&app, &previewed(import, &name, &plan)),
        Err(ImportError::Faults(faults)) => show_faults(&app, &who, &name, &faults),
        Err(ImportError::Store(error)) => Err(error.into()),
    }
}

fn show_faults(app: &App, who: &SignedIn, file: &str, faults: &[Fault]) -> Answered {
    let content = faulty(file, faults);
    let title = format!("Error: {}", content.heading);
    Staff { who, here: Here::VENDORS, title: &title, notice: None }.show(
        app,
        StatusCode::UNPROCESSABLE_ENTITY,
        &content,
    )
}

/// POST `/vendors/import/{id}/confirm`
pub async fn confirm(app: Data<App>, who: SignedIn, path: Path<String>, _posted: Posted) -> Answered {
    let import: ImportId = id(&path)?;
    let (office, scope, by, now) = (app.office.clone(), who.scope, who.actor(), app.clock.now());
    let brought = app
        .write(move |conn| {
            let Some((_, bytes)) = store::imports::one(conn, &scope, import)? else { return Ok(None) };
            let practice = store::practices::one(conn, &scope)?;
            let plan = import::import(conn, &office, &practice, &bytes, &by, now, &mut |_, _| {})?;
            store::imports::forget(conn, &scope, import)?;
            Ok::<_, ImportError>(Some(plan))
        })
        .await;
    match brought {
        // Pressed twice: the first press brought it in.
        Ok(None) => Ok(see_other("/vendors")),
        Ok(Some(plan)) => Ok(see_other(&format!("/vendors?new={}&changed={}", plan.new_count(), plan.changed_count()))),
        Err(ImportError::Faults(faults)) => show_faults(&app, &who, "the file", &faults),
        Err(ImportError::Store(StoreError::Duplicate)) => Ok(see_other("/vendors?brought=none")),
        Err(ImportError::Store(error)) => Err(error.into()),
    }
}
