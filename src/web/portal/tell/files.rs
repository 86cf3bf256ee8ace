//! The files that go along with a notice: sent, listed, taken off again. Until the signature they
//! are this browser's alone.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::{Teller, Telling};
use crate::app::App;
use crate::domain::document::{About, Scan, say_size};
use crate::domain::notice::enclosed::{Enclosed, KINDS, MOST_FILES};
use crate::flows::documents::keep::keep;
use crate::flows::documents::{KeepError, Paper};
use crate::flows::evidence::Sent;
use crate::flows::notify::files::{self, EncloseError};
use crate::flows::receive::ReceiveError;
use crate::templates::Context;
use crate::web::form::Posted;
use crate::web::portal::done::Done;
use crate::web::portal::evidence::Outcome;
use crate::web::portal::evidence::send::{Refused, read, refused};
use crate::web::portal::problem::{PortalError, answer};
use crate::web::portal::view::{HOSTILE, Shell, longest};
use crate::web::uploaded::{Came, Uploaded};
use crate::web::view::{ErrorLine, Faults};
use crate::web::{Answered, see_other};

const PAGE: &str = "/tell/files";

#[derive(Clone, Debug, Serialize)]
pub struct NoticeFiles<'a> {
    vendor: &'a str,
    back: &'static str,
    /// Where the script goes when all were kept.
    kept: String,
    errors: Vec<ErrorLine>,
    results: Vec<Outcome>,
    files: Vec<FileLine>,
    full: bool,
    most: usize,
    certificate: bool,
    agreement: bool,
    other: bool,
    kind_error: Option<String>,
    ends_on: String,
    ends_error: Option<String>,
    file_error: Option<String>,
}

/// A file of a notice as its pages list it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileLine {
    sha256: String,
    name: String,
    says: String,
}

impl FileLine {
    pub fn of(file: &Enclosed) -> Self {
        let held = if file.scan == Scan::NotScanned && file.document.is_none() {
            "; our virus scanner has yet to look at it"
        } else {
            ""
        };
        Self {
            sha256: file.sha256.clone(),
            name: file.name.clone(),
            says: format!("{}, {}{held}", file.says(), say_size(file.size)),
        }
    }

    pub fn sample(text: &str) -> Self {
        Self { sha256: "9f86".repeat(16), name: text.to_owned(), says: format!("{text}, 793 KB") }
    }
}

/// The files of the notice in this browser.
pub async fn lines(app: &App, who: &Teller) -> Result<Vec<FileLine>, PortalError> {
    let (cookie, now) = (who.cookie.clone(), app.clock.now());
    let files = app.read(move |conn| files::of(conn, &cookie, now)).await?;
    Ok(files.iter().map(FileLine::of).collect())
}

/// What was sent that is not right, and what became of the files.
#[derive(Default)]
struct Trouble {
    typed: Posted,
    faults: Faults,
    results: Vec<Outcome>,
}

async fn page(
    app: &App,
    who: &Teller,
    done: Option<&'static str>,
    status: StatusCode,
    trouble: Trouble,
) -> Result<HttpResponse, PortalError> {
    let files = lines(app, who).await?;
    let Trouble { typed, faults, results } = trouble;
    let error = |at: &str| faults.iter().find(|(field, _)| *field == at).map(|(_, says)| says.clone());
    let summary = faults.iter().map(|(at, says)| ErrorLine { at: (*at).to_owned(), says: says.clone() });
    let page = NoticeFiles {
        vendor: &who.held.vendor_name,
        back: "/tell/check",
        kept: Done::NoticeFiles.at(PAGE),
        errors: summary.chain(Outcome::errors(&results)).collect(),
        results,
        full: files.len() >= MOST_FILES,
        files,
        most: MOST_FILES,
        certificate: typed.text("kind") == "certificate",
        agreement: typed.text("kind") == "agreement",
        other: typed.text("kind") == "other",
        kind_error: error("kind"),
        ends_on: typed.text("ends_on").to_owned(),
        ends_error: error("ends_on"),
        file_error: error("file"),
    };
    Ok(Shell { done, ..who.shell("Files for your notice") }.show(app, status, &page)?)
}

/// Someone who still writes; for whoever has sent it, the receipt is the page.
fn writing(who: Telling) -> Result<Result<Teller, HttpResponse>, PortalError> {
    let who = who?;
    Ok(if who.held.signed.is_some() { Err(see_other("/tell/receipt")) } else { Ok(who) })
}

/// GET `/tell/files`
pub async fn show(app: Data<App>, who: Telling, request: HttpRequest) -> Answered {
    answer(&app, async {
        match writing(who)? {
            Ok(who) => page(&app, &who, Done::words(&request), StatusCode::OK, Trouble::default()).await,
            Err(elsewhere) => Ok(elsewhere),
        }
    })
    .await
}

/// POST `/tell/files`: each file by itself, with a word for each.
pub async fn send(app: Data<App>, who: Telling, mut posted: Uploaded) -> Answered {
    answer(&app, async {
        let who = match writing(who)? {
            Ok(who) => who,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let came = posted.take_files();
        let about = match read(&posted.fields, &KINDS, came.is_empty()) {
            Ok(about) => about,
            Err(faults) => {
                let trouble = Trouble { typed: posted.fields, faults, ..Trouble::default() };
                return page(&app, &who, None, StatusCode::UNPROCESSABLE_ENTITY, trouble).await;
            }
        };
        let (mut results, mut status) = (Vec::new(), StatusCode::UNPROCESSABLE_ENTITY);
        for one in came {
            let name = one.name.clone();
            let refused = match take(&app, &who, one, &about).await? {
                Ok(()) => None,
                Err(refused) => {
                    status = refused.status;
                    if let Some(why) = refused.history {
                        let (cookie, now) = (who.cookie.clone(), app.clock.now());
                        app.write(move |conn| files::refused(conn, &cookie, &why, now)).await?;
                    }
                    Some(refused.says)
                }
            };
            results.push(Outcome { name, refused, note: None });
        }
        if results.iter().all(|one| one.refused.is_none()) {
            return Ok(Done::NoticeFiles.lead(PAGE));
        }
        let trouble = Trouble { typed: posted.fields, results, ..Trouble::default() };
        page(&app, &who, None, status, trouble).await
    })
    .await
}

async fn take(app: &App, who: &Teller, came: Came, about: &About) -> Result<Result<(), Refused>, PortalError> {
    let kept = match came.sent {
        Ok(sent) => keep(&app.files, &app.scanner, sent).await,
        Err(refusal) => Err(KeepError::Refused(refusal)),
    };
    let kept = match kept {
        Ok(kept) => kept,
        Err(error) => return Ok(Err(refused(error))),
    };
    let (place, cookie, about, now) = (kept.place.clone(), who.cookie.clone(), about.clone(), app.clock.now());
    let put = app.write(move |conn| files::enclose(conn, &cookie, Paper { kept: &kept, about: &about }, now)).await;
    // Only where no row points there for certain: one that the database lost may have been kept.
    if !matches!(put, Ok(Sent::New) | Err(EncloseError::Receive(ReceiveError::Store(_)))) {
        let _ = app.files.remove(&place).await;
    }
    let full = |says: String| Refused { status: StatusCode::UNPROCESSABLE_ENTITY, says, history: None };
    match put {
        Ok(_) => Ok(Ok(())),
        Err(EncloseError::Full) => Ok(Err(full(format!(
            "Your notice has {MOST_FILES} files, which is as many as we take. Take one off first, or put two into one file"
        )))),
        Err(EncloseError::TooManyWait) => Ok(Err(full(
            "Too many files of your company wait here for a notice to be signed. Sign this one without it, and call the practice"
                .to_owned(),
        ))),
        Err(EncloseError::Receive(ReceiveError::AlreadySigned)) => Ok(Err(full(
            "Your notice was signed meanwhile, so this file came too late. Send another notice with it".to_owned(),
        ))),
        Err(EncloseError::Receive(error)) => Err(error.into()),
    }
}

/// POST `/tell/files/remove`
pub async fn remove(app: Data<App>, who: Telling, posted: Posted) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = match writing(who)? {
            Ok(who) => who,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let (cookie, sha256) = (who.cookie, posted.text("file").to_owned());
        let place = match app.write(move |conn| files::take_off(conn, &cookie, &sha256, now)).await {
            Ok(place) => place,
            Err(ReceiveError::AlreadySigned) => return Ok(see_other("/tell/receipt")),
            Err(other) => return Err(other.into()),
        };
        if let Some(place) = place {
            // What cannot be removed now is swept up later: no row points there.
            let _ = app.files.remove(&place).await;
        }
        Ok(Done::FileOff.lead(PAGE))
    })
    .await
}

impl Context for NoticeFiles<'_> {
    const TEMPLATE: &'static str = "portal/tell_files";
    fn samples() -> Vec<Self> {
        let page = |text: &'static str, fault: Option<&str>| {
            let fault = fault.map(str::to_owned);
            let results = vec![Outcome { name: text.to_owned(), refused: fault.clone(), note: None }];
            Self {
                vendor: text,
                back: "/tell/check",
                kept: "/tell/files?done=notice-files".to_owned(),
                errors: Outcome::errors(&results).collect(),
                results,
                files: vec![FileLine::sample(text)],
                full: false,
                most: MOST_FILES,
                certificate: true,
                agreement: false,
                other: false,
                kind_error: fault.clone(),
                ends_on: text.to_owned(),
                ends_error: fault.clone(),
                file_error: fault,
            }
        };
        let empty = Self { results: Vec::new(), files: Vec::new(), ..page("", None) };
        vec![
            empty,
            page("Northwind Billing Services", Some("Choose a file first")),
            Self { full: true, ..page(longest(200), Some(longest(400))) },
            page(HOSTILE, Some(HOSTILE)),
        ]
    }
}
