//! A vendor's documents: the list, and the form that adds one.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;

use super::form::{self, AboutFields};
use super::{Days, Line, notice};
use crate::app::App;
use crate::domain::civil_date;
use crate::domain::document::{About, Document, Refusal, Scan};
use crate::domain::ids::{DocumentId, VendorId};
use crate::domain::retention::retain_until;
use crate::domain::standing::Vendor;
use crate::domain::user::Need;
use crate::flows::Office;
use crate::flows::documents::{self, AddError, KeepError, Paper, Sent};
use crate::store::{self, Db, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::pages::words;
use crate::web::session::SignedIn;
use crate::web::uploaded::Uploaded;
use crate::web::view::{Crumb, ErrorLine, Faults, Here, Notice, Staff, crumbs, error_lines};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct VendorDocuments {
    crumbs: Vec<Crumb>,
    errors: Vec<ErrorLine>,
    vendor_id: String,
    vendor: String,
    heading: String,
    may_change: bool,
    documents: Vec<Line>,
    removed_heading: String,
    removed: Vec<Removed>,
    about: AboutFields,
    file: FileField,
}

#[derive(Serialize)]
struct FileField {
    error: Option<String>,
    accept: &'static str,
}

#[derive(Serialize)]
struct Removed {
    line: Line,
    removed: String,
    kept_until: String,
}

const ACCEPT: &str = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.txt,.csv";

/// What the page is made of.
struct Facts {
    vendor: Vendor,
    documents: Vec<Document>,
    /// What they support, in words.
    supports: BTreeMap<DocumentId, String>,
}

fn load(conn: &mut Db, office: &Office, who: &SignedIn, vendor: VendorId) -> Result<Option<Facts>, StoreError> {
    let Some(found) = store::vendors::one(conn, &who.scope, vendor)? else { return Ok(None) };
    let supports = store::evidence::supports(conn, &who.scope, vendor)?;
    let words = |asked: BTreeSet<(String, String)>| -> String {
        let short = |(form, slug): &(String, String)| Some(office.catalogue.find(form)?.question(slug)?.short.clone());
        asked.iter().filter_map(short).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join("; ")
    };
    Ok(Some(Facts {
        vendor: found,
        documents: store::documents::of_vendor(conn, &who.scope, vendor)?,
        supports: supports.into_iter().map(|(document, asked)| (document, words(asked))).collect(),
    }))
}

fn page(facts: &Facts, days: &Days, may_change: bool, posted: &Posted, faults: &Faults) -> VendorDocuments {
    let (gone, there): (Vec<&Document>, Vec<&Document>) =
        facts.documents.iter().partition(|document| document.removed_at.is_some());
    let name = &facts.vendor.details.name;
    let at = format!("/vendors/{}", facts.vendor.id);
    let line =
        |document: &Document| Line { supports: facts.supports.get(&document.id).cloned(), ..Line::of(document, days) };
    let removed = |document: &Document| Removed {
        line: line(document),
        removed: words::date_or_dash(document.removed_at.map(|at| days.day(at))),
        kept_until: civil_date::say_short(retain_until(days.day(document.added_at), document.ends_on)),
    };
    VendorDocuments {
        crumbs: crumbs(&[("Vendors", Some("/vendors")), (name, Some(&at)), ("Documents", None)]),
        errors: error_lines(faults),
        vendor_id: facts.vendor.id.to_string(),
        vendor: name.clone(),
        heading: if there.is_empty() { "No documents yet".to_owned() } else { words::counted(there.len(), "document") },
        may_change,
        documents: there.into_iter().map(line).collect(),
        removed_heading: words::counted(gone.len(), "removed document"),
        removed: gone.into_iter().map(removed).collect(),
        about: form::fields(posted, faults),
        file: FileField {
            error: faults.iter().find(|(at, _)| *at == "file").map(|(_, says)| says.clone()),
            accept: ACCEPT,
        },
    }
}

impl Context for VendorDocuments {
    const TEMPLATE: &'static str = "pages/vendor_documents";
    fn samples() -> Vec<Self> {
        let days = super::sample_days();
        let vendors = crate::web::pages::vendor_form::sample_vendors();
        let typed =
            Posted(vec![("note".to_owned(), "<script>".to_owned()), ("kind".to_owned(), "evidence".to_owned())]);
        let faults: Faults = vec![("file", "Choose a <file> first".to_owned()), ("kind", "Choose".to_owned())];
        let mut samples = Vec::new();
        for vendor in vendors {
            let empty = Facts { vendor: vendor.clone(), documents: vec![], supports: BTreeMap::new() };
            samples.push(page(&empty, &days, false, &Posted::default(), &Faults::new()));
            let mut documents = super::sample_documents();
            let gone = Document { removed_at: Some(chrono::DateTime::UNIX_EPOCH), ..documents[1].clone() };
            documents.push(gone);
            let supports = documents.iter().map(|one| (one.id, "<script>".to_owned())).collect();
            samples.push(page(&Facts { vendor, documents, supports }, &days, true, &typed, &faults));
        }
        samples
    }
}

/// GET `/vendors/{id}/documents`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let vendor: VendorId = id(&path)?;
    shown(&app, &who, vendor, StatusCode::OK, notice(query(&request).text("done"))).await
}

/// The page with nothing typed: also where a download that failed leads.
pub async fn shown(
    app: &App,
    who: &SignedIn,
    vendor: VendorId,
    status: StatusCode,
    notice: Option<Notice>,
) -> Answered {
    let reader = who.clone();
    let office = app.office.clone();
    let facts =
        app.read_in(who.scope, move |conn| load(conn, &office, &reader, vendor)).await?.ok_or(WebError::NotFound)?;
    let title = format!("Documents of {}", facts.vendor.details.name);
    let content =
        page(&facts, &Days::of(who, app.clock.now()), who.role.may(Need::Change), &Posted::default(), &Faults::new());
    Staff { who, here: Here::VENDORS, title: &title, notice }.show(app, status, &content)
}

/// POST `/vendors/{id}/documents`
pub async fn upload(app: Data<App>, who: SignedIn, path: Path<String>, mut uploaded: Uploaded) -> Answered {
    let vendor: VendorId = id(&path)?;
    let (scope, reader) = (who.scope, who.clone());
    // Before anything is stored: an id of another practice is one that does not exist.
    app.read_in(who.scope, move |conn| store::vendors::one(conn, &scope, vendor)).await?.ok_or(WebError::NotFound)?;
    let file_name = uploaded.file_name().to_owned();
    let sent = uploaded.take_file();
    let (about, sent) = match (form::read(&uploaded.fields), sent) {
        (Ok(about), Ok(sent)) => (about, sent),
        (read, sent) => {
            let mut faults = read.err().unwrap_or_default();
            let status = match &sent {
                Err(Refusal::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            match sent {
                Err(refusal) => faults.push(("file", refusal.to_string())),
                // No page can put a file back into its field.
                Ok(_) => faults.push(("file", "Choose the file again: browsers forget it".to_owned())),
            }
            return again(&app, &reader, vendor, status, &uploaded.fields, faults).await;
        }
    };
    match add(&app, &who, vendor, about, sent).await? {
        Ok(word) => Ok(see_other(&format!("/vendors/{vendor}/documents?done={word}"))),
        Err(Trouble { status, says, history }) => {
            if let Some(why) = history {
                refuse(&app, &who, vendor, file_name, why).await?;
            }
            again(&app, &reader, vendor, status, &uploaded.fields, vec![("file", says)]).await
        }
    }
}

/// Why nothing was added.
struct Trouble {
    status: StatusCode,
    says: String,
    /// What the history says of it, where it was a refusal.
    history: Option<String>,
}

async fn add(
    app: &App,
    who: &SignedIn,
    vendor: VendorId,
    about: About,
    sent: Sent,
) -> Result<Result<&'static str, Trouble>, WebError> {
    let kept = match documents::keep::keep(&app.files, &app.scanner, sent).await {
        Ok(kept) => kept,
        Err(error) => return Ok(Err(trouble(error))),
    };
    let word = match (kept.scan, kept.camera_details) {
        (Scan::NotScanned, _) => "waiting",
        (_, true) => "camera",
        _ => "added",
    };
    let place = kept.place.clone();
    let (office, now, scope, by) = (app.office.clone(), app.clock.now(), who.scope, who.actor());
    let added = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            documents::add(conn, &office, &practice, vendor, Paper { kept: &kept, about: &about }, &by, now)
        })
        .await;
    // Only where there is no row for certain. A database that was lost may have kept it, and the
    // row would point at nothing; what is left behind without one is swept up later.
    if matches!(added, Err(AddError::NoVendor | AddError::Already(_))) {
        let _ = app.files.remove(&place).await;
    }
    match added {
        Ok(_) => Ok(Ok(word)),
        Err(AddError::NoVendor) => Err(WebError::NotFound),
        Err(AddError::Already(there)) => {
            let days = Days::of(who, now);
            let since = civil_date::say(days.day(there.added_at));
            let says = match there.removed_at {
                None => format!("This file is here already: “{}”, added on {since} by {}", there.name, there.added_by),
                Some(_) => format!(
                    "This file was here before, as “{}”, and was taken off. Put it back under “removed” below",
                    there.name
                ),
            };
            Ok(Err(Trouble { status: StatusCode::CONFLICT, says, history: None }))
        }
        Err(AddError::Store(error)) => Err(error.into()),
    }
}

fn trouble(error: KeepError) -> Trouble {
    let down = "Nothing was added, and what you typed is still here. Choose the file again in a few minutes; if it goes on, tell the person who runs duecare";
    match error {
        KeepError::Refused(refusal) => {
            let status = match refusal {
                Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            Trouble { status, says: refusal.to_string(), history: Some(refusal.problem()) }
        }
        KeepError::Infected(found) => Trouble {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            says: format!(
                "The virus scanner found {found} in this file. It was not kept. Do not open it, and tell the person who looks after your computers"
            ),
            history: Some(format!("the virus scanner found {found} in it")),
        },
        KeepError::Full => Trouble {
            status: StatusCode::INSUFFICIENT_STORAGE,
            says: format!("There is no room left for documents. {down}"),
            history: None,
        },
        KeepError::Down(problem) => {
            tracing::error!("a document could not be stored: {problem}");
            Trouble {
                status: StatusCode::SERVICE_UNAVAILABLE,
                says: format!("The place where documents are kept cannot be reached. {down}"),
                history: None,
            }
        }
    }
}

async fn refuse(app: &App, who: &SignedIn, vendor: VendorId, file_name: String, why: String) -> Result<(), WebError> {
    let (scope, by, now) = (who.scope, who.actor(), app.clock.now());
    app.write_in(who.scope, move |conn| {
        let Some(vendor) = store::vendors::one(conn, &scope, vendor)? else { return Ok(()) };
        documents::refused(conn, &scope, &vendor, &file_name, &why, &by, now)
    })
    .await
    .map_err(|error: StoreError| error.into())
}

/// The form with what was typed, and what is wrong.
async fn again(
    app: &App,
    who: &SignedIn,
    vendor: VendorId,
    status: StatusCode,
    typed: &Posted,
    faults: Faults,
) -> Answered {
    let reader = who.clone();
    let office = app.office.clone();
    let facts =
        app.read_in(who.scope, move |conn| load(conn, &office, &reader, vendor)).await?.ok_or(WebError::NotFound)?;
    let title = format!("Error: Documents of {}", facts.vendor.details.name);
    let content = page(&facts, &Days::of(who, app.clock.now()), true, typed, &faults);
    Staff { who, here: Here::VENDORS, title: &title, notice: None }.show(app, status, &content)
}
