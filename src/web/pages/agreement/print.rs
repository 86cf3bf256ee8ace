//! An agreement and its checklist on paper: to go through by hand, or to put in a file.

use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::Serialize;

use super::checklist::other_kind;
use super::view::{checked, trail};
use super::{Line, Papers, of_version, sample_papers, sheet};
use crate::app::App;
use crate::domain::agreement::Agreement;
use crate::domain::agreement::provisions::{Sought, sought};
use crate::domain::civil_date;
use crate::templates::Context;
use crate::web::Answered;
use crate::web::session::SignedIn;
use crate::web::view::{Crumb, Here, Staff};

#[derive(Serialize)]
pub struct AgreementPrint {
    crumbs: Vec<Crumb>,
    heading: String,
    version: String,
    practice: String,
    vendor: String,
    printed: String,
    checked: String,
    other_kind: Option<&'static str>,
    lines: Vec<Line>,
    terms: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    number: String,
    title: String,
    help: &'static str,
    cites: String,
    found: &'static str,
}

fn row(number: usize, one: &Sought<'_>, version: &Agreement) -> Row {
    let (number, help) = match one {
        Sought::Provision(provision) => (provision.key.to_owned(), provision.help),
        Sought::Own(_) => (number.to_string(), ""),
    };
    Row {
        number,
        title: one.title().to_owned(),
        help,
        cites: one.cites(),
        found: version.checklist.findings.of(one.key()).says(),
    }
}

fn page(version: &Agreement, papers: &Papers, practice: &str, today: NaiveDate) -> AgreementPrint {
    let vendor = papers.vendor.details.name.clone();
    let terms = sought(version.terms.kind, &papers.own);
    AgreementPrint {
        crumbs: trail(version, papers, Some("Print")),
        heading: format!("Agreement checklist: {vendor}"),
        version: format!("Version {}", version.version),
        practice: practice.to_owned(),
        vendor,
        printed: civil_date::say(today),
        checked: checked(version).unwrap_or_else(|| "Nobody has gone through the terms yet.".to_owned()),
        other_kind: other_kind(version),
        lines: sheet(version, &papers.documents, today),
        terms: terms.enumerate().map(|(at, one)| row(at + 1, &one, version)).collect(),
    }
}

impl Context for AgreementPrint {
    const TEMPLATE: &'static str = "pages/agreement_print";
    fn samples() -> Vec<Self> {
        let all = sample_papers();
        let pairs = all.iter().flat_map(|papers| papers.versions.iter().map(move |version| (version, papers)));
        pairs.map(|(version, papers)| page(version, papers, "<script>", NaiveDate::default())).collect()
    }
}

/// GET `/agreements/{id}/print`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>) -> Answered {
    let (version, papers) = of_version(&app, &who, &path).await?;
    let content = page(&version, &papers, &who.practice_name, who.day(app.clock.now()));
    Staff { who: &who, here: Here::VENDORS, title: &content.heading, notice: None }.ok(&app, &content)
}
