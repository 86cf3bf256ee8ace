//! All versions of the agreement with a vendor, and which of them is in force.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::Serialize;

use super::sheet::unchecked;
use super::{Papers, missing, of_vendor, sample_papers};
use crate::app::App;
use crate::domain::agreement::{Agreement, in_force, waiting};
use crate::domain::civil_date;
use crate::domain::user::Need;
use crate::templates::Context;
use crate::web::Answered;
use crate::web::form::query;
use crate::web::pages::words;
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Crumb, Here, Notice, Staff, crumbs};

#[derive(Serialize)]
pub struct Versions {
    crumbs: Vec<Crumb>,
    heading: String,
    vendor: String,
    standing: Badge,
    reason: String,
    /// The first is recorded, later ones are renewals.
    any: bool,
    may_change: bool,
    versions: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    kind: &'static str,
    state: Badge,
    signed: String,
    begins: String,
    ends: String,
    terms: String,
}

/// How a version stands beside the others.
pub(super) fn state(version: &Agreement, versions: &[Agreement], today: NaiveDate) -> Badge {
    let begins = version.terms.begins_on();
    match in_force(versions, today) {
        Some(now) if now.id == version.id => Badge::new("good", "In force"),
        _ if waiting(versions).is_some_and(|waiting| waiting.id == version.id) => {
            Badge::new("wait", "Waits for a signature")
        }
        _ if version.terms.is_unsigned() => Badge::new("plain", "Never signed"),
        _ if begins.is_some_and(|begins| begins > today) => Badge::new("wait", "Begins later"),
        _ if version.last_day(today).is_some_and(|last| last < today) => Badge::new("plain", "Ended"),
        _ => Badge::new("plain", "Replaced"),
    }
}

fn row(version: &Agreement, papers: &Papers, today: NaiveDate) -> Row {
    let terms = &version.terms;
    let lacking = missing(version, &papers.own).len();
    Row {
        id: version.id.to_string(),
        name: format!("Version {}", version.version),
        kind: terms.kind.says(),
        state: state(version, &papers.versions, today),
        signed: words::date_or_dash(terms.signed_on),
        begins: words::date_or_dash(terms.begins_on()),
        ends: match version.last_day(today) {
            None if terms.open_ended => "No end date".to_owned(),
            None => "Not written down".to_owned(),
            Some(last) if version.renews_by_itself() => format!("{}, renews", civil_date::say_short(last)),
            Some(last) => civil_date::say_short(last),
        },
        terms: match (lacking, unchecked(version, &papers.own)) {
            (0, None) => "All there".to_owned(),
            (0, Some(open)) => open,
            (lacking, _) => words::counted(lacking, "term") + " missing",
        },
    }
}

fn page(papers: &Papers, may_change: bool, today: NaiveDate) -> Versions {
    let details = &papers.vendor.details;
    let stands = papers.vendor.agreement(&papers.versions, today);
    let href = format!("/vendors/{}", papers.vendor.id);
    Versions {
        crumbs: crumbs(&[("Vendors", Some("/vendors")), (&details.name, Some(&href)), ("Agreement", None)]),
        heading: format!("Agreement with {}", details.name),
        vendor: papers.vendor.id.to_string(),
        standing: words::agreement(stands.standing),
        reason: papers.vendor.agreement_reason(&stands, today),
        any: !papers.versions.is_empty(),
        may_change,
        versions: papers.versions.iter().map(|version| row(version, papers, today)).collect(),
    }
}

impl Context for Versions {
    const TEMPLATE: &'static str = "pages/agreement_versions";
    fn samples() -> Vec<Self> {
        sample_papers().iter().map(|papers| page(papers, true, NaiveDate::default())).collect()
    }
}

/// GET `/vendors/{id}/agreements`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let papers = of_vendor(&app, &who, &path).await?;
    let content = page(&papers, who.role.may(Need::Change), who.day(app.clock.now()));
    let notice = (query(&request).text("done") == "recorded").then(|| {
        Notice::success("Recorded. Go through its terms next: open the version and press “Go through the terms”.")
    });
    Staff { who: &who, here: Here::VENDORS, title: &content.heading, notice }.ok(&app, &content)
}
