//! The whole notice on one page, to read through before signing.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde::Serialize;

use super::Telling;
use super::files::{self, FileLine};
use crate::app::App;
use crate::domain::notice::{Materiality, NoticeKind, form, kinds};
use crate::templates::Context;
use crate::web::portal::answers::{self, SectionAnswers};
use crate::web::portal::problem::answer;
use crate::web::portal::view::{HOSTILE, longest};
use crate::web::{Answered, see_other};

#[derive(Clone, Debug, Serialize)]
pub struct NoticeCheck<'a> {
    vendor: &'a str,
    urgent: bool,
    back: String,
    files: Vec<FileLine>,
    sections: Vec<SectionAnswers<'a>>,
}

/// GET `/tell/check`
pub async fn show(app: Data<App>, who: Telling) -> Answered {
    answer(&app, async {
        let who = who?;
        if who.held.signed.is_some() {
            return Ok(see_other("/tell/receipt"));
        }
        let (form, answers) = (who.form(&app.office)?, &who.held.draft.answers);
        if let Some(open) = form::unfinished(form, answers) {
            return Ok(see_other(&format!("/tell/{}", open.id)));
        }
        let last = form::pages(form, answers).last().map(|topic| topic.id.clone()).unwrap_or_default();
        let page = NoticeCheck {
            vendor: &who.held.vendor_name,
            urgent: kinds(answers).into_iter().filter_map(NoticeKind::materiality).min() == Some(Materiality::Urgent),
            back: format!("/tell/{last}"),
            files: files::lines(&app, &who).await?,
            sections: answers::sections(form, &form::applicable(form, answers), answers, Some("/tell")),
        };
        Ok(who.shell("Check your notice").show(&app, StatusCode::OK, &page)?)
    })
    .await
}

impl Context for NoticeCheck<'_> {
    const TEMPLATE: &'static str = "portal/tell_check";
    fn samples() -> Vec<Self> {
        let files = |text: &str| if text.is_empty() { Vec::new() } else { vec![FileLine::sample(text)] };
        let page = |vendor, urgent, sections| Self {
            vendor,
            urgent,
            back: "/tell/when".to_owned(),
            files: files(vendor),
            sections,
        };
        let [ordinary, long, hostile] = answers::samples(true);
        vec![
            page("Northwind Billing Services", true, ordinary),
            page(longest(200), false, long),
            page(HOSTILE, true, hostile),
            page("", false, Vec::new()),
        ]
    }
}
