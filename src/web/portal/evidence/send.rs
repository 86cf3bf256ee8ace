//! Takes in the files that were sent for an answer, each by itself: a bad one keeps no good one
//! out, and every one gets its own word.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use chrono::NaiveDate;

use super::{AGAIN, Outcome, Spot, Trouble, find, full, page, stopped};
use crate::app::App;
use crate::domain::civil_date;
use crate::domain::document::{About, DocumentKind, Refusal};
use crate::domain::questionnaire::Question;
use crate::flows::documents::keep::keep;
use crate::flows::documents::{KeepError, Kept, Paper};
use crate::flows::evidence::{self, EvidenceError, Sent};
use crate::web::form::Posted;
use crate::web::portal::done::Done;
use crate::web::portal::problem::{PortalError, answer};
use crate::web::portal::respondent::{Respondent, Visit};
use crate::web::uploaded::{Came, Uploaded};
use crate::web::view::Faults;
use crate::web::{Answered, see_other};

/// POST `/respond/evidence/{slug}`
pub async fn send(
    app: Data<App>,
    who: Visit,
    slug: Path<String>,
    mut posted: Uploaded,
    request: HttpRequest,
) -> Answered {
    answer(&app, async {
        let who = Respondent::helping(who)?;
        let spot = find(&app, &who, &slug, &request)?;
        let came = posted.take_files();
        let about = match read(&posted.fields, &KINDS, came.is_empty()) {
            Ok(about) => about,
            Err(faults) => {
                let trouble = Trouble { typed: posted.fields, faults: &faults, ..Trouble::default() };
                return page(&app, &who, spot, StatusCode::UNPROCESSABLE_ENTITY, trouble).await;
            }
        };
        let today = who.opened.practice.day(app.clock.now());
        let (mut results, mut status) = (Vec::new(), StatusCode::UNPROCESSABLE_ENTITY);
        for one in came {
            let name = one.name.clone();
            let (mut refused, mut note) = (None, None);
            match take(&app, &who, spot, one, &about).await? {
                Ok(Sent::Again) => note = Some(AGAIN.to_owned()),
                Ok(_) => note = ended(&about, today),
                Err(refusal) => {
                    status = refusal.status;
                    if let Some(why) = refusal.history {
                        let (opened, name, now) = (who.opened.clone(), name.clone(), app.clock.now());
                        app.write(move |conn| evidence::refused(conn, &opened, &name, &why, now)).await?;
                    }
                    refused = Some(refusal.says);
                }
            }
            results.push(Outcome { name, refused, note });
        }
        if results.iter().all(|one| one.refused.is_none() && one.note.is_none()) {
            return Ok(see_other(&Done::Files.at_question(&spot.back(), &spot.question.slug)));
        }
        if results.iter().all(|one| one.refused.is_none()) {
            // All are kept, and there is a word to read about one.
            let trouble = Trouble { results, ..Trouble::default() };
            return page(&app, &who, spot, StatusCode::OK, trouble).await;
        }
        page(&app, &who, spot, status, Trouble { typed: posted.fields, results, ..Trouble::default() }).await
    })
    .await
}

/// What a file under an answer may be said to be.
const KINDS: [DocumentKind; 2] = [DocumentKind::Certificate, DocumentKind::Evidence];

/// What is said of the files, which may be one of these kinds.
pub fn read(posted: &Posted, kinds: &[DocumentKind], nothing: bool) -> Result<About, Faults> {
    let mut faults = Faults::new();
    let kind = kinds.iter().copied().find(|kind| kind.key() == posted.text("kind"));
    if kind.is_none() {
        faults.push(("kind", "Choose what you send".to_owned()));
    }
    let typed = posted.text("ends_on");
    let ends_on = match civil_date::read(typed) {
        Err(_) if typed.is_empty() && kind == Some(DocumentKind::Certificate) => {
            faults.push(("ends_on", "Enter the last day on which the certificate, report or policy holds".to_owned()));
            None
        }
        Ok(_) if kind == Some(DocumentKind::Agreement) => {
            faults.push(("ends_on", "Leave this blank for an agreement: its dates are in the agreement".to_owned()));
            None
        }
        Err(fault) if !typed.is_empty() => {
            faults.push(("ends_on", fault.to_string()));
            None
        }
        read => read.ok(),
    };
    match (nothing, faults.is_empty()) {
        (true, _) => faults.push(("file", "Choose a file first".to_owned())),
        (false, false) => faults.push(("file", "Choose the files again: browsers forget them".to_owned())),
        (false, true) => {}
    }
    match kind {
        Some(kind) if faults.is_empty() => Ok(About { kind, note: String::new(), ends_on }),
        _ => Err(faults),
    }
}

/// A question about a file that has ended: it is kept all the same, and counts for less.
fn ended(about: &About, today: NaiveDate) -> Option<String> {
    let on = about.ends_on.filter(|on| *on < today)?;
    Some(format!("This ended on {}: is there a newer one? You may go on with this one.", civil_date::say(on)))
}

/// Why a file is not kept.
pub struct Refused {
    pub status: StatusCode,
    pub says: String,
    /// What the history says of it, where it was a refusal.
    pub history: Option<String>,
}

/// Keeps one file under the answer.
async fn take(
    app: &App,
    who: &Respondent,
    spot: Spot<'_>,
    came: Came,
    about: &About,
) -> Result<Result<Sent, Refused>, PortalError> {
    let kept = match came.sent {
        Ok(sent) => keep(&app.files, &app.scanner, sent).await,
        Err(refusal) => Err(KeepError::Refused(refusal)),
    };
    let kept = match kept {
        Ok(kept) => kept,
        Err(error) => return Ok(Err(refused(error))),
    };
    let place = kept.place.clone();
    let put = put(app, who, spot.question, kept, about).await;
    // Only where no row points there for certain: one that the database lost may have been kept.
    if !matches!(put, Ok(Sent::New) | Err(EvidenceError::Receive(crate::flows::receive::ReceiveError::Store(_)))) {
        let _ = app.files.remove(&place).await;
    }
    match put {
        Ok(sent) => Ok(Ok(sent)),
        Err(EvidenceError::Full) => {
            Ok(Err(Refused { status: StatusCode::UNPROCESSABLE_ENTITY, says: full(), history: None }))
        }
        Err(error) => Err(stopped(error)),
    }
}

async fn put(
    app: &App,
    who: &Respondent,
    question: &Question,
    kept: Kept,
    about: &About,
) -> Result<Sent, EvidenceError> {
    let (office, opened, now) = (app.office.clone(), who.opened.clone(), app.clock.now());
    let (question, about) = (question.clone(), about.clone());
    app.write(move |conn| {
        let paper = Paper { kept: &kept, about: &about };
        evidence::add(conn, &office, &opened, &question, paper, now)
    })
    .await
}

/// The same words as in the practice's register.
pub fn refused(error: KeepError) -> Refused {
    let later = "Send it again in a few minutes; if it goes on, tell the practice";
    let (status, says, history) = match error {
        KeepError::Refused(refusal) => {
            let status = match refusal {
                Refusal::TooLarge | Refusal::TooMuchAtOnce => StatusCode::PAYLOAD_TOO_LARGE,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            (status, refusal.to_string(), Some(refusal.problem()))
        }
        KeepError::Infected(found) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            format!(
                "The virus scanner found {found} in this file. Do not open it, and tell the person who looks after your computers"
            ),
            Some(format!("the virus scanner found {found} in it")),
        ),
        KeepError::Full => {
            (StatusCode::INSUFFICIENT_STORAGE, format!("There is no room left for files here. {later}"), None)
        }
        KeepError::Down(problem) => {
            tracing::error!("a file under an answer could not be stored: {problem}");
            (StatusCode::SERVICE_UNAVAILABLE, format!("We cannot keep files just now. {later}"), None)
        }
    };
    Refused { status, says, history }
}
