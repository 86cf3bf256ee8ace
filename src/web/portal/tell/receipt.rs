//! The signed notice: its reference, its fingerprint, and every answer as it was signed.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde::Serialize;

use super::Telling;
use crate::app::App;
use crate::domain::civil_date;
use crate::domain::incident::clock;
use crate::domain::notice::form;
use crate::templates::Context;
use crate::web::portal::answers::{self, SectionAnswers};
use crate::web::portal::problem::answer;
use crate::web::portal::view::{HOSTILE, longest};
use crate::web::{Answered, see_other};

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
    sections: Vec<SectionAnswers<'a>>,
}

/// GET `/tell/receipt`
pub async fn show(app: Data<App>, who: Telling) -> Answered {
    answer(&app, async {
        let who = who?;
        let Some(notice) = &who.held.signed else { return Ok(see_other("/tell")) };
        let form = who.form(&app.office)?;
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
            sections: answers::sections(form, &form::applicable(form, &notice.answers), &notice.answers, None),
        };
        Ok(who.shell("Notice sent").show(&app, StatusCode::OK, &page)?)
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
