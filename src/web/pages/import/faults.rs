//! What no answer on a page can mend: to be changed in the file.

use actix_web::http::StatusCode;
use serde::Serialize;

use super::trail;
use crate::app::App;
use crate::domain::vendor_file::Fault;
use crate::templates::Context;
use crate::web::Answered;
use crate::web::pages::words;
use crate::web::session::SignedIn;
use crate::web::view::{Crumb, Here, Staff};

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

pub(super) fn show(app: &App, who: &SignedIn, file: &str, faults: &[Fault]) -> Answered {
    let content = faulty(file, faults);
    let title = format!("Error: {}", content.heading);
    Staff { who, here: Here::VENDORS, title: &title, notice: None }.show(
        app,
        StatusCode::UNPROCESSABLE_ENTITY,
        &content,
    )
}
