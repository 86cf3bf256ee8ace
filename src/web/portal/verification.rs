//! The yearly verification letter, which is optional: to print, and to send back signed. Not
//! there where the practice leaves the proposed rule out.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Serialize;

use super::evidence::send::refused;
use super::problem::{PortalError, answer};
use super::respondent::{Respondent, Visit};
use super::view::{HOSTILE, longest};
use crate::app::App;
use crate::domain::civil_date;
use crate::domain::document::{About, Document, DocumentKind};
use crate::domain::scoring::NprmMode;
use crate::domain::verification::{MOST, SAFEGUARDS, holds_until};
use crate::flows::documents::keep::keep;
use crate::flows::documents::{KeepError, Paper};
use crate::flows::evidence;
use crate::flows::verification::{self, Sent};
use crate::templates::Context;
use crate::web::form::Posted;
use crate::web::uploaded::{Came, Uploaded};
use crate::web::view::{ErrorLine, Faults, Field};
use crate::web::{Answered, WebError, see_other};

#[derive(Clone, Debug, Serialize)]
pub struct VerificationPage {
    vendor: String,
    back: &'static str,
    errors: Vec<ErrorLine>,
    safeguards: Vec<Safeguard>,
    /// Letters on record, the newest first.
    letters: Vec<String>,
    signed_on: Field,
    file_error: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Safeguard {
    paragraph: &'static str,
    says: &'static str,
}

/// Whether the practice takes such letters.
pub fn is_offered(who: &Respondent) -> bool {
    who.opened.assessment.asked.nprm != NprmMode::Off
}

/// Whoever may send one: the mailbox was shown, and the practice does not leave the rule out.
fn sending(who: Visit) -> Result<Respondent, PortalError> {
    let who = Respondent::reading(who)?;
    if !is_offered(&who) {
        return Err(WebError::NotFound.into());
    }
    if who.verified() { Ok(who) } else { Err(PortalError::Code { next: "verification" }) }
}

fn content(who: &Respondent, letters: &[Document], typed: &str, faults: &[(&'static str, String)]) -> VerificationPage {
    let error = |at: &str| faults.iter().find(|(field, _)| *field == at).map(|(_, says)| says.clone());
    VerificationPage {
        vendor: who.vendor().to_owned(),
        back: if who.signature().is_some() { "/respond/receipt" } else { "/respond/check" },
        errors: faults.iter().map(|(at, says)| ErrorLine { at: (*at).to_owned(), says: says.clone() }).collect(),
        safeguards: safeguards(),
        letters: letters.iter().map(line).collect(),
        signed_on: Field {
            id: "signed_on",
            label: "Day on which the letter was signed",
            hint: Some("For example 2026-11-20 or 11/20/2026. It serves for a year from that day."),
            value: typed.to_owned(),
            error: error("signed_on"),
        },
        file_error: error("file"),
    }
}

fn safeguards() -> Vec<Safeguard> {
    SAFEGUARDS.iter().map(|&(paragraph, says)| Safeguard { paragraph, says }).collect()
}

fn line(letter: &Document) -> String {
    match letter.ends_on {
        Some(day) => format!("{}, serves until {}", letter.name, civil_date::say(day)),
        None => letter.name.clone(),
    }
}

async fn page(
    app: &App,
    who: &Respondent,
    status: StatusCode,
    typed: &str,
    faults: &[(&'static str, String)],
) -> Result<HttpResponse, PortalError> {
    let opened = who.opened.clone();
    let letters = app.read(move |conn| verification::on_file(conn, &opened)).await?;
    Ok(who.shell("Yearly verification letter").show(app, status, &content(who, &letters, typed, faults))?)
}

/// GET `/respond/verification`
pub async fn show(app: Data<App>, who: Visit) -> Answered {
    answer(&app, async { page(&app, &sending(who)?, StatusCode::OK, "", &[]).await }).await
}

/// POST `/respond/verification`
pub async fn send(app: Data<App>, who: Visit, mut posted: Uploaded) -> Answered {
    answer(&app, async {
        let who = sending(who)?;
        let came = posted.take_files().into_iter().next();
        let today = who.opened.practice.day(app.clock.now());
        let typed = posted.fields.text("signed_on").to_owned();
        let (about, came) = match read(&posted.fields, came, today) {
            Ok(read) => read,
            Err(faults) => return page(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, &typed, &faults).await,
        };
        match take(&app, &who, &about, came).await? {
            Ok(()) => Ok(see_other("/respond/verification#letters")),
            Err((status, says)) => page(&app, &who, status, &typed, &[("file", says)]).await,
        }
    })
    .await
}

fn read(posted: &Posted, came: Option<Came>, today: NaiveDate) -> Result<(About, Came), Faults> {
    let mut faults = Faults::new();
    let signed_on = match civil_date::read(posted.text("signed_on")) {
        Ok(day) if day > today => Err("That day is still to come. Enter the day on which it was signed".to_owned()),
        Ok(day) => Ok(day),
        Err(_) if posted.text("signed_on").is_empty() => Err("Enter the day on which it was signed".to_owned()),
        Err(fault) => Err(fault.to_string()),
    };
    if let Err(says) = &signed_on {
        faults.push(("signed_on", says.clone()));
    }
    match (&came, faults.is_empty()) {
        (None, _) => faults.push(("file", "Choose a file first".to_owned())),
        (Some(_), false) => faults.push(("file", "Choose the file again: browsers forget it".to_owned())),
        (Some(_), true) => {}
    }
    match (signed_on, came) {
        (Ok(day), Some(came)) => {
            let about =
                About { kind: DocumentKind::Verification, note: String::new(), ends_on: Some(holds_until(day)) };
            Ok((about, came))
        }
        _ => Err(faults),
    }
}

type Refused = (StatusCode, String);

async fn take(app: &App, who: &Respondent, about: &About, came: Came) -> Result<Result<(), Refused>, PortalError> {
    let name = came.name.clone();
    let kept = match came.sent {
        Ok(sent) => keep(&app.files, &app.scanner, sent).await,
        Err(refusal) => Err(KeepError::Refused(refusal)),
    };
    let (opened, now) = (who.opened.clone(), app.clock.now());
    let kept = match kept {
        Ok(kept) => kept,
        Err(error) => {
            let refused = refused(error);
            if let Some(why) = refused.history {
                app.write(move |conn| evidence::refused(conn, &opened, &name, &why, now)).await?;
            }
            return Ok(Err((refused.status, refused.says)));
        }
    };
    let (office, about, place) = (app.office.clone(), about.clone(), kept.place.clone());
    let sent = app
        .write(move |conn| verification::add(conn, &office, &opened, Paper { kept: &kept, about: &about }, now))
        .await?;
    if sent != Sent::New {
        let _ = app.files.remove(&place).await;
    }
    match sent {
        Sent::New | Sent::Known => Ok(Ok(())),
        Sent::Otherwise => {
            let says = format!("{} has this file already, as another paper. Send the letter", who.opened.practice.name);
            Ok(Err((StatusCode::UNPROCESSABLE_ENTITY, says)))
        }
        Sent::Full => {
            let says =
                format!("{} has {MOST} such letters of yours, which is as many as are kept", who.opened.practice.name);
            Ok(Err((StatusCode::UNPROCESSABLE_ENTITY, says)))
        }
    }
}

impl Context for VerificationPage {
    const TEMPLATE: &'static str = "portal/verification";
    fn samples() -> Vec<Self> {
        let page = |text: &str, error: Option<&str>| Self {
            vendor: text.to_owned(),
            back: "/respond/receipt",
            errors: error.iter().map(|says| ErrorLine { at: "file".to_owned(), says: (*says).to_owned() }).collect(),
            safeguards: safeguards(),
            letters: if text.is_empty() { Vec::new() } else { vec![text.to_owned()] },
            signed_on: Field {
                id: "signed_on",
                label: "Day on which the letter was signed",
                hint: Some("For example 2026-11-20."),
                value: text.to_owned(),
                error: error.map(str::to_owned),
            },
            file_error: error.map(str::to_owned),
        };
        vec![
            page("Northwind Billing Services", None),
            page("", Some("Choose a file first")),
            page(longest(200), Some(longest(200))),
            page(HOSTILE, Some(HOSTILE)),
        ]
    }
}
