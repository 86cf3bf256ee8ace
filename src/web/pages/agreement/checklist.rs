//! Going through an agreement, term by term, on one page.

use actix_web::web::{Data, Path};
use serde::Serialize;

use super::sheet::group;
use super::view::{checked, heading, trail};
use super::{Papers, of_version, sample_papers};
use crate::app::App;
use crate::domain::agreement::provisions::{OWN, Sought, sought};
use crate::domain::agreement::{Agreement, Findings, Found};
use crate::domain::user::Need;
use crate::flows::agree;
use crate::store;
use crate::templates::Context;
use crate::web::form::Posted;
use crate::web::session::SignedIn;
use crate::web::view::{Crumb, Here, Staff};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct ChecklistPage {
    crumbs: Vec<Crumb>,
    heading: String,
    id: String,
    checked: Option<String>,
    may_change: bool,
    /// A kind whose contents the law sets out elsewhere.
    other_kind: Option<&'static str>,
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct Group {
    id: String,
    heading: &'static str,
    says: &'static str,
    terms: Vec<Term>,
}

#[derive(Serialize)]
struct Term {
    key: String,
    title: String,
    help: &'static str,
    cites: String,
    found: &'static str,
    options: Vec<Pick>,
}

#[derive(Serialize)]
struct Pick {
    value: &'static str,
    label: &'static str,
    checked: bool,
}

fn term(sought: &Sought<'_>, findings: &Findings) -> Term {
    let found = findings.of(sought.key());
    let pick = |one: &Found| Pick { value: one.key(), label: one.says(), checked: *one == found };
    Term {
        key: sought.key().to_owned(),
        title: sought.title().to_owned(),
        help: match sought {
            Sought::Provision(one) => one.help,
            Sought::Own(_) => "",
        },
        cites: sought.cites(),
        found: found.says(),
        options: Found::ALL.iter().map(pick).collect(),
    }
}

fn groups(version: &Agreement, own: &[String]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for one in sought(version.terms.kind, own) {
        let (heading, says) = group(&one);
        let term = term(&one, &version.checklist.findings);
        match groups.last_mut().filter(|last| last.heading == heading) {
            Some(last) => last.terms.push(term),
            None => {
                let id = format!("group-{}", groups.len() + 1);
                groups.push(Group { id, heading, says, terms: vec![term] });
            }
        }
    }
    groups
}

/// Says where the contents of a kind without our thirteen provisions are set out.
pub(super) fn other_kind(version: &Agreement) -> Option<&'static str> {
    (!version.terms.kind.has_required_provisions()).then_some(
        "This kind of agreement has contents of its own (45 CFR 164.504(e)(3), 164.514(e)(4)), so the thirteen terms of a business associate agreement are not asked here.",
    )
}

fn page(version: &Agreement, papers: &Papers, may_change: bool) -> ChecklistPage {
    ChecklistPage {
        crumbs: trail(version, papers, Some("Terms")),
        heading: format!("Terms of {}", heading(version, papers).replacen("Version", "version", 1)),
        id: version.id.to_string(),
        checked: checked(version),
        may_change,
        other_kind: other_kind(version),
        groups: groups(version, &papers.own),
    }
}

impl Context for ChecklistPage {
    const TEMPLATE: &'static str = "pages/agreement_checklist";
    fn samples() -> Vec<Self> {
        let all = sample_papers();
        let pairs = all.iter().flat_map(|papers| papers.versions.iter().map(move |version| (version, papers)));
        pairs.flat_map(|(version, papers)| [page(version, papers, true), page(version, papers, false)]).collect()
    }
}

/// GET `/agreements/{id}/checklist`
pub async fn form(app: Data<App>, who: SignedIn, path: Path<String>) -> Answered {
    let (version, papers) = of_version(&app, &who, &path).await?;
    let content = page(&version, &papers, who.role.may(Need::Change));
    Staff { who: &who, here: Here::VENDORS, title: &content.heading, notice: None }.ok(&app, &content)
}

/// What the form says; a term that it does not name, or names wrongly, stays as it was. A
/// term that the practice gave up is forgotten.
fn read(posted: &Posted, version: &Agreement, own: &[String]) -> Findings {
    let mut findings = version.checklist.findings.clone();
    findings.0.retain(|key, _| !key.starts_with(OWN) || own.contains(key));
    for one in sought(version.terms.kind, own) {
        match posted.text(one.key()).parse() {
            Ok(Found::NotLookedAt) => {
                findings.0.remove(one.key());
            }
            Ok(found) => {
                findings.0.insert(one.key().to_owned(), found);
            }
            Err(_) => {}
        }
    }
    findings
}

/// POST `/agreements/{id}/checklist`
pub async fn save(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let (version, papers) = of_version(&app, &who, &path).await?;
    let findings = read(&posted, &version, &papers.own);
    let (office, scope, by, now, id) = (app.office.clone(), who.scope, who.actor(), app.clock.now(), version.id);
    let saved = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            agree::check(conn, &office, &practice, id, findings, &by, now)
        })
        .await?;
    if saved { Ok(see_other(&format!("/agreements/{id}?done=checked"))) } else { Err(WebError::NotFound) }
}
