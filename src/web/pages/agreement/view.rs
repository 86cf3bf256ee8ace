//! One version of an agreement: what it says, what is missing in it, who looked.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Serialize;

use super::sheet::unchecked;
use super::versions::state;
use super::{Line, MissingTerm, Papers, missing, of_version, sample_papers, sheet};
use crate::app::App;
use crate::domain::agreement::Agreement;
use crate::domain::civil_date;
use crate::domain::user::Need;
use crate::templates::Context;
use crate::web::Answered;
use crate::web::form::query;
use crate::web::pages::words;
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Crumb, Here, Notice, Staff, crumbs};

#[derive(Serialize)]
pub struct AgreementPage {
    crumbs: Vec<Crumb>,
    heading: String,
    id: String,
    vendor: String,
    state: Badge,
    lines: Vec<Line>,
    missing: Vec<MissingTerm>,
    unchecked: Option<String>,
    checked: Option<String>,
    recorded: String,
    may_change: bool,
}

/// The way to a version.
pub(super) fn trail(version: &Agreement, papers: &Papers, here: Option<&str>) -> Vec<Crumb> {
    let vendor = format!("/vendors/{}", papers.vendor.id);
    let all = format!("{vendor}/agreements");
    let (one, name) = (format!("/agreements/{}", version.id), format!("Version {}", version.version));
    let mut steps = vec![
        ("Vendors", Some("/vendors")),
        (papers.vendor.details.name.as_str(), Some(vendor.as_str())),
        ("Agreement", Some(all.as_str())),
        (name.as_str(), here.map(|_| one.as_str())),
    ];
    steps.extend(here.map(|here| (here, None)));
    crumbs(&steps)
}

/// `Version 2 of the agreement with Northgate`
pub(super) fn heading(version: &Agreement, papers: &Papers) -> String {
    format!("Version {} of the agreement with {}", version.version, papers.vendor.details.name)
}

/// Who went through the paper, and when.
pub(super) fn checked(version: &Agreement) -> Option<String> {
    let (by, on) = (&version.checklist.checked_by, version.checklist.checked_on?);
    Some(format!("Gone through by {by} on {}.", civil_date::say(on)))
}

fn recorded(version: &Agreement, timezone: Tz) -> String {
    let at = words::local(version.recorded_at, timezone);
    match version.recorded_by.as_str() {
        "" => format!("Came with the vendor’s details, {at}."),
        by => format!("Recorded by {by}, {at}."),
    }
}

fn page(version: &Agreement, papers: &Papers, may_change: bool, today: NaiveDate, timezone: Tz) -> AgreementPage {
    AgreementPage {
        crumbs: trail(version, papers, None),
        heading: heading(version, papers),
        id: version.id.to_string(),
        vendor: papers.vendor.id.to_string(),
        state: state(version, &papers.versions, today),
        lines: sheet(version, &papers.documents, today),
        missing: missing(version, &papers.own),
        unchecked: unchecked(version, &papers.own),
        checked: checked(version),
        recorded: recorded(version, timezone),
        may_change,
    }
}

impl Context for AgreementPage {
    const TEMPLATE: &'static str = "pages/agreement";
    fn samples() -> Vec<Self> {
        let all = sample_papers();
        let pairs = all.iter().flat_map(|papers| papers.versions.iter().map(move |version| (version, papers)));
        pairs.map(|(version, papers)| page(version, papers, true, NaiveDate::default(), Tz::UTC)).collect()
    }
}

/// GET `/agreements/{id}`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let (version, papers) = of_version(&app, &who, &path).await?;
    let today = who.day(app.clock.now());
    let content = page(&version, &papers, who.role.may(Need::Change), today, who.timezone);
    let notice = match query(&request).text("done") {
        "recorded" => Some(Notice::success("Recorded. Go through its terms next: that shows what is missing in it.")),
        "saved" => Some(Notice::success("Saved. The history keeps what it said before.")),
        "checked" => Some(Notice::success("Saved. What is missing is flagged.")),
        _ => None,
    };
    Staff { who: &who, here: Here::VENDORS, title: &content.heading, notice }.ok(&app, &content)
}
