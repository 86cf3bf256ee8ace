//! A filled-in workbook comes back: looked into like any file from outside, read, and shown
//! for checking. Nothing is saved here.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde::Serialize;

use super::problem::{PortalError, answer};
use super::respondent::{Respondent, Visit};
use super::uploaded::Uploaded;
use super::view::{HOSTILE, longest};
use crate::app::App;
use crate::domain::answers::sheet::read::{self, Filled, Unreadable};
use crate::domain::document::{FileType, Refusal};
use crate::domain::entry::Act;
use crate::flows::documents::Sent;
use crate::flows::documents::keep::{KeepError, look_into};
use crate::flows::offline;
use crate::templates::Context;
use crate::web::uploaded::Uploaded as Posted;
use crate::web::view::ErrorLine;
use crate::web::{Answered, WebError};

#[derive(Clone, Debug, Serialize)]
pub struct Upload {
    back: &'static str,
    errors: Vec<ErrorLine>,
    error: Option<String>,
}

impl Upload {
    fn with(error: Option<String>) -> Self {
        let line = |says: &String| ErrorLine { at: "file".to_owned(), says: says.clone() };
        Self { back: "/respond", errors: error.iter().map(line).collect(), error }
    }
}

/// GET `/respond/upload`
pub async fn form(app: Data<App>, who: Visit) -> Answered {
    answer(&app, async { page(&app, &Respondent::answering(who)?, StatusCode::OK, None) }).await
}

/// The form, with what is wrong.
pub fn page(
    app: &App,
    who: &Respondent,
    status: StatusCode,
    error: Option<String>,
) -> Result<HttpResponse, PortalError> {
    Ok(who.shell("Upload a filled-in workbook").show(app, status, &Upload::with(error))?)
}

/// Why a file is not read.
struct Refused {
    status: StatusCode,
    says: String,
    /// Written down; not where no file came, or our side failed.
    noted: bool,
}

/// POST `/respond/upload`
pub async fn look(app: Data<App>, who: Visit, mut posted: Posted) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = Respondent::answering(who)?;
        match filled(&app, &who, posted.take_file()).await? {
            Err(refused) => {
                if refused.noted {
                    let (opened, says) = (who.opened.clone(), refused.says.clone());
                    let sentence = format!("uploaded a workbook that was not taken: {says}");
                    app.write(move |conn| offline::note(conn, &opened, Act::Refused, sentence, now)).await?;
                }
                page(&app, &who, refused.status, Some(refused.says))
            }
            Ok(filled) => {
                let questionnaire = who.opened.questionnaire(&app.office)?;
                let plan = offline::plan(questionnaire, &who.opened.assessment, &who.answers, &filled);
                let (changes, faults) = (plan.changes.len(), filled.faults.len());
                let sentence =
                    format!("uploaded a workbook with {changes} answers that differ and {faults} faults, not saved yet");
                let opened = who.opened.clone();
                app.write(move |conn| offline::note(conn, &opened, Act::Answered, sentence, now)).await?;
                let Some(shown) = Uploaded::of(&who, questionnaire, &plan, &filled) else {
                    let says = "The workbook changes more than we can take at once. Empty the answers of one half of it, \
                                upload that, and then the other half";
                    return page(&app, &who, StatusCode::PAYLOAD_TOO_LARGE, Some(says.to_owned()));
                };
                shown.show(&app, &who, StatusCode::OK)
            }
        }
    })
    .await
}

/// Looks into the file and reads it.
async fn filled(
    app: &App,
    who: &Respondent,
    sent: Result<Sent, Refusal>,
) -> Result<Result<Filled, Refused>, PortalError> {
    let refuse = |status, says: String| Ok(Err(Refused { status, says, noted: true }));
    let sent = match sent {
        Ok(sent) => sent,
        Err(Refusal::TooLarge) => return refuse(StatusCode::PAYLOAD_TOO_LARGE, Refusal::TooLarge.problem()),
        Err(refusal) => {
            let says = refusal.mend().to_owned();
            return Ok(Err(Refused { status: StatusCode::UNPROCESSABLE_ENTITY, says, noted: false }));
        }
    };
    let bytes = match look_into(&app.scanner, sent).await {
        Ok((sent, looked, _)) if looked.file_type == FileType::Xlsx => sent.bytes,
        Ok(_) => return refuse(StatusCode::UNPROCESSABLE_ENTITY, sentence(Unreadable::NotOurs)),
        Err(KeepError::Refused(Refusal::TypeNotTaken(_))) => {
            return refuse(StatusCode::UNPROCESSABLE_ENTITY, sentence(Unreadable::NotOurs));
        }
        Err(KeepError::Refused(refusal)) => {
            let says = format!("{}. Save the workbook anew as .xlsx, and choose that", refusal.problem());
            return refuse(StatusCode::UNPROCESSABLE_ENTITY, says);
        }
        Err(KeepError::Infected(found)) => {
            let says = format!("The virus scanner found {found} in this file. It was not read");
            return refuse(StatusCode::UNPROCESSABLE_ENTITY, says);
        }
        Err(error) => {
            tracing::error!("an uploaded workbook could not be looked into: {error}");
            let says = "We cannot look into files just now. Try again in a few minutes".to_owned();
            return Ok(Err(Refused { status: StatusCode::SERVICE_UNAVAILABLE, says, noted: false }));
        }
    };
    let (office, opened, answers) = (app.office.clone(), who.opened.clone(), who.answers.clone());
    let today = opened.practice.day(app.clock.now());
    let read = tokio::task::spawn_blocking(move || {
        let questionnaire = opened.questionnaire(&office)?;
        let rows = read::rows(&bytes);
        Ok::<_, PortalError>(
            rows.map(|rows| read::read(questionnaire, &opened.assessment.asked, &answers, today, &rows)),
        )
    });
    match read.await.map_err(|error| WebError::Internal(Box::new(error)))?? {
        Ok(filled) => Ok(Ok(filled)),
        Err(unreadable) => refuse(StatusCode::UNPROCESSABLE_ENTITY, sentence(unreadable)),
    }
}

/// What is wrong, as a sentence begins.
fn sentence(unreadable: Unreadable) -> String {
    crate::domain::words::capital(&unreadable.to_string())
}

impl Context for Upload {
    const TEMPLATE: &'static str = "portal/upload";
    fn samples() -> Vec<Self> {
        [None, Some(""), Some(longest(400)), Some(HOSTILE)]
            .map(|error: Option<&str>| Self::with(error.map(str::to_owned)))
            .to_vec()
    }
}
