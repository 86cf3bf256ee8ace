//! The signed notice: its reference, its fingerprint, and every answer as it was signed.

use actix_web::HttpRequest;
use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use serde::Serialize;

use super::Telling;
use super::files::{self, FileLine};
use crate::app::App;
use crate::domain::access::Scope;
use crate::domain::civil_date;
use crate::domain::incident::clock;
use crate::domain::notice::form;
use crate::flows::notify;
use crate::store;
use crate::templates::Context;
use crate::web::portal::answers::{self, SectionAnswers};
use crate::web::portal::problem::answer;
use crate::web::portal::view::{HOSTILE, longest, masked};
use crate::web::{Answered, pdf, see_other};

#[derive(Clone, Debug, Serialize)]
pub struct NoticeReceipt<'a> {
    vendor: &'a str,
    reference: &'a str,
    signer: &'a str,
    job: &'a str,
    signed_at: String,
    sha256: &'a str,
    statement: &'a str,
    /// How long the law leaves the vendor after an incident.
    law_by: Option<String>,
    quiet: bool,
    /// Where the receipt went, masked.
    mailed: Option<String>,
    files: Vec<FileLine>,
    sections: Vec<SectionAnswers<'a>>,
}

/// GET `/tell/receipt`
pub async fn show(app: Data<App>, who: Telling) -> Answered {
    answer(&app, async {
        let who = who?;
        let Some(notice) = &who.held.signed else { return Ok(see_other("/tell")) };
        let form = who.form(&app.office)?;
        let (scope, once) = (Scope::Practice(who.held.practice.id), notify::receipt_of(notice.id));
        let letter = app.read(move |conn| store::letters::by_once(conn, &scope, &once)).await?;
        let page = NoticeReceipt {
            vendor: &who.held.vendor_name,
            reference: &notice.signed.reference,
            signer: &notice.signed.name,
            job: &notice.signed.title,
            signed_at: civil_date::say_instant(notice.signed.signed_at, who.held.practice.timezone),
            sha256: &notice.signed.sha256,
            statement: &notice.signed.statement,
            law_by: clock::vendor_tells_by(notice).map(civil_date::say),
            quiet: notice.materiality().is_none(),
            mailed: letter.map(|letter| masked(&letter.to_address)),
            files: files::lines(&app, &who).await?,
            sections: answers::sections(form, &form::applicable(form, &notice.answers), &notice.answers, None),
        };
        Ok(who.shell("Notice sent").show(&app, StatusCode::OK, &page)?)
    })
    .await
}

/// GET `/tell/receipt.pdf`; the history says that it went.
pub async fn pdf(app: Data<App>, who: Telling, request: HttpRequest) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let held = who?.held;
        let Some(notice) = held.signed else { return Ok(see_other("/tell")) };
        let practice = held.practice;
        if request.method() != Method::HEAD {
            let (practice, notice) = (practice.clone(), notice.clone());
            app.write(move |conn| notify::taken(conn, &practice, &notice, now)).await?;
        }
        let name = format!("change-notice-{}.pdf", pdf::plain(&notice.signed.reference));
        let office = app.office.clone();
        Ok(pdf::send(name, move || notify::pdf(&office, &practice, &notice)).await?)
    })
    .await
}

impl Context for NoticeReceipt<'_> {
    const TEMPLATE: &'static str = "portal/tell_receipt";
    fn samples() -> Vec<Self> {
        let page = |text, quiet: bool, sections| Self {
            vendor: text,
            reference: "CN-K7QM-2RXA",
            signer: text,
            job: text,
            signed_at: "December 2, 2026 at 14:05 UTC (9:05 AM EST)".to_owned(),
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            statement: text,
            law_by: (!quiet).then(|| "January 2, 2027".to_owned()),
            quiet,
            mailed: (!quiet).then(|| text.to_owned()),
            files: if quiet { Vec::new() } else { vec![FileLine::sample(text)] },
            sections,
        };
        let [ordinary, long, hostile] = answers::samples(false);
        vec![
            page("Pat Morgan", false, ordinary),
            page(longest(200), true, long),
            page(HOSTILE, false, hostile),
            page("", true, Vec::new()),
        ]
    }
}
