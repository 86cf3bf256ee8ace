//! What a colleague of whoever was asked sees of its own: whom it helps with what, and the
//! page in place of those that are not for it.

use actix_web::http::StatusCode;
use serde::Serialize;

use super::view::{HOSTILE, Shell, longest, masked};
use crate::app::App;
use crate::domain::colleague::Part;
use crate::domain::practice::Practice;
use crate::domain::questionnaire::Questionnaire;
use crate::flows::receive::Opened;
use crate::templates::Context;
use crate::web::Answered;

/// Why a colleague does not get a page.
#[derive(Clone, Debug)]
pub struct Helper {
    practice: Practice,
    page: HelperPage,
}

#[derive(Clone, Debug, Serialize)]
pub struct HelperPage {
    vendor: String,
    /// Whoever asked, masked.
    asked_by: String,
    signed: bool,
}

impl Helper {
    pub fn of(opened: &Opened, part: &Part) -> Self {
        let page = HelperPage {
            vendor: opened.vendor_name.clone(),
            asked_by: masked(&part.asked_by),
            signed: opened.attestation.is_some(),
        };
        Self { practice: opened.practice.clone(), page }
    }

    pub fn show(&self, app: &App, status: StatusCode) -> Answered {
        let (status, title) = match self.page.signed {
            true => (StatusCode::OK, "The answers are signed and sent"),
            false => (status, "This page is for whoever asked you"),
        };
        Shell::of(&self.practice, title).show(app, status, &self.page)
    }
}

impl Context for HelperPage {
    const TEMPLATE: &'static str = "portal/colleague";
    fn samples() -> Vec<Self> {
        let with = |text: &str, signed| Self { vendor: text.to_owned(), asked_by: text.to_owned(), signed };
        vec![with("Northwind", false), with("", true), with(longest(254), true), with(HOSTILE, false)]
    }
}

/// What a colleague is told where it starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Helping {
    /// Whoever asked: by name where it is known, and the address masked.
    pub asked_by: String,
    pub sections: Vec<String>,
}

impl Helping {
    pub fn of(opened: &Opened, questionnaire: &Questionnaire) -> Option<Self> {
        let part = opened.invitation.part.as_ref()?;
        let sections = part.of(questionnaire).into_iter().map(|section| section.title.clone()).collect();
        let address = masked(&part.asked_by);
        let asked_by = match &part.asker {
            Some(name) => format!("{name} ({address})"),
            None => address,
        };
        Some(Self { asked_by, sections })
    }

    pub fn sample(text: &str) -> Self {
        Self { asked_by: text.to_owned(), sections: vec![text.to_owned(); 2] }
    }
}
