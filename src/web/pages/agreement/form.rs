//! Recording a version, renewing, and correcting one, by one form.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;

use super::reading::{Runs, read, written};
use super::view::trail;
use super::{Papers, of_vendor, of_version, sample_papers};
use crate::app::App;
use crate::domain::agreement::{Agreement, AgreementKind, Terms};
use crate::flows::agree::{self, Recorded};
use crate::store;
use crate::templates::Context;
use crate::web::form::{Posted, query};
use crate::web::session::SignedIn;
use crate::web::view::{Choice, Choosable, Crumb, ErrorLine, Faults, Field, Here, Staff, crumbs, error_lines};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct AgreementForm {
    crumbs: Vec<Crumb>,
    heading: String,
    says: &'static str,
    action: String,
    back: String,
    upload: String,
    /// The number of the version that this one comes after.
    after: Option<String>,
    errors: Vec<ErrorLine>,
    kind: Choice,
    signed_on: Field,
    effective_on: Field,
    runs: Choice,
    ends_on: Field,
    renews_months: Field,
    notice_days: Field,
    ended_on: Field,
    parties: Field,
    breach_notice_hours: Field,
    offshore: Field,
    subcontractors: Field,
    document: Choice,
    note: Field,
}

/// What the form is for.
enum For<'a> {
    New,
    Correct(&'a Agreement),
}

fn page(purpose: &For<'_>, papers: &Papers, posted: &Posted, faults: &Faults) -> AgreementForm {
    let name = &papers.vendor.details.name;
    let vendor = format!("/vendors/{}", papers.vendor.id);
    let all = format!("{vendor}/agreements");
    let first = papers.versions.is_empty();
    let (heading, says, action, back, trail) = match purpose {
        For::New => {
            let steps = [
                ("Vendors", Some("/vendors")),
                (name.as_str(), Some(vendor.as_str())),
                ("Agreement", Some(all.as_str())),
                (if first { "Record it" } else { "Record a new version" }, None),
            ];
            let (heading, says) = if first {
                (format!("Record the agreement with {name}"), "Have the signed paper at hand; it takes a few minutes.")
            } else {
                (
                    format!("Record a new version of the agreement with {name}"),
                    "A renewal or a changed agreement. The version before stays on record, and in force until this one begins.",
                )
            };
            (heading, says, format!("{all}/new"), all.clone(), crumbs(&steps))
        }
        For::Correct(version) => (
            format!("Correct version {} of the agreement with {name}", version.version),
            "For slips, for notice given, and for the file of the paper. A renewal is a new version. The history keeps what stood here before.",
            format!("/agreements/{}/edit", version.id),
            format!("/agreements/{}", version.id),
            trail(version, papers, Some("Correct")),
        ),
    };
    let error = |id: &str| faults.iter().find(|(at, _)| *at == id).map(|(_, says)| says.clone());
    let field = |id: &'static str, label: &'static str, hint: Option<&'static str>| Field {
        id,
        label,
        hint,
        value: posted.text(id).to_owned(),
        error: error(id),
    };
    let dates = Some("For example 2026-01-31 or 1/31/2026");
    AgreementForm {
        crumbs: trail,
        heading,
        says,
        action,
        back,
        upload: format!("{vendor}/documents"),
        after: matches!(purpose, For::New).then(|| posted.text("after").to_owned()),
        errors: error_lines(faults),
        kind: kinds(posted, error("kind")),
        signed_on: field("signed_on", "Signed on", Some("The later of the two signatures. For example 1/31/2026")),
        effective_on: field(
            "effective_on",
            "In effect from (optional)",
            Some("Only if the paper names a later first day than the day of signing"),
        ),
        runs: runs(posted, error("runs")),
        ends_on: field("ends_on", "Last day", dates),
        renews_months: field("renews_months", "Renews for how many months", Some("For example 12")),
        notice_days: field(
            "notice_days",
            "Notice period in days (optional)",
            Some("How long before the end one of you must say so, to leave or to renew"),
        ),
        ended_on: field(
            "ended_on",
            "Ended early on (optional)",
            Some("The last day, if one of you ended it or gave notice. Otherwise leave it empty."),
        ),
        parties: field("parties", "Who signed it (optional)", Some("Both sides, as the paper names them")),
        breach_notice_hours: field(
            "breach_notice_hours",
            "Hours in which they must tell you of a breach (optional)",
            Some("72 hours is 3 days. The law allows 60 days, which is 1440 hours, at most (45 CFR 164.410(b))."),
        ),
        offshore: field(
            "offshore",
            "What it says about other countries (optional)",
            Some("For example: nothing leaves the United States without our consent"),
        ),
        subcontractors: field(
            "subcontractors",
            "What it says about other companies that help them (optional)",
            Some("For example: they name them to us, and bind them to the same duties"),
        ),
        document: documents(papers, posted, error("document")),
        note: field("note", "Note (optional)", Some("For you and your colleagues. Leave patients out.")),
    }
}

fn kinds(posted: &Posted, error: Option<String>) -> Choice {
    let option = |(at, kind): (usize, &AgreementKind)| Choosable {
        id: format!("kind-{}", at + 1),
        value: kind.key().to_owned(),
        label: kind.says().to_owned(),
        hint: Some(kind.explains().to_owned()),
        checked: posted.text("kind") == kind.key(),
    };
    let options = AgreementKind::ALL.iter().enumerate().map(option).collect();
    Choice { id: "kind", label: "What kind is it?", hint: None, error, options }
}

fn runs(posted: &Posted, error: Option<String>) -> Choice {
    let option = |(at, runs): (usize, &Runs)| Choosable {
        id: format!("runs-{}", at + 1),
        value: runs.key().to_owned(),
        label: runs.says().to_owned(),
        hint: None,
        checked: posted.text("runs") == runs.key(),
    };
    let options = Runs::ALL.iter().enumerate().map(option).collect();
    Choice { id: "runs", label: "How long does it run?", hint: None, error, options }
}

fn documents(papers: &Papers, posted: &Posted, error: Option<String>) -> Choice {
    let none = Choosable {
        id: String::new(),
        value: String::new(),
        label: "No file".to_owned(),
        hint: None,
        checked: posted.text("document").is_empty(),
    };
    let stored = papers.documents.iter().map(|(id, name)| Choosable {
        id: String::new(),
        value: id.to_string(),
        label: name.clone(),
        hint: None,
        checked: posted.text("document") == id.to_string(),
    });
    let options = std::iter::once(none).chain(stored).collect();
    Choice {
        id: "document",
        label: "The paper as a file",
        hint: Some("From the vendor’s stored agreements"),
        error,
        options,
    }
}

impl Context for AgreementForm {
    const TEMPLATE: &'static str = "pages/agreement_form";
    fn samples() -> Vec<Self> {
        let all = sample_papers();
        let new = |papers: &Papers| {
            let faults = vec![("kind", "Choose <b>".to_owned()), ("ends_on", "Write".to_owned())];
            page(&For::New, papers, &first_fields(papers), &faults)
        };
        let correct = all
            .iter()
            .flat_map(|papers| papers.versions.iter().map(move |version| (version, papers)))
            .map(|(version, papers)| page(&For::Correct(version), papers, &written(&version.terms), &Faults::new()));
        all.iter().map(new).chain(correct).collect()
    }
}

fn show(app: &App, who: &SignedIn, purpose: &For<'_>, papers: &Papers, posted: &Posted, faults: &Faults) -> Answered {
    let form = page(purpose, papers, posted, faults);
    let (status, title) = match faults.is_empty() {
        true => (StatusCode::OK, form.heading.clone()),
        false => (StatusCode::UNPROCESSABLE_ENTITY, format!("Error: {}", form.heading)),
    };
    Staff { who, here: Here::VENDORS, title: &title, notice: None }.show(app, status, &form)
}

fn newest(papers: &Papers) -> u32 {
    papers.versions.first().map_or(0, |one| one.version)
}

/// An empty form, for an agreement of the usual kind.
fn first_fields(papers: &Papers) -> Posted {
    let fields = [("kind", AgreementKind::Baa.key().to_owned()), ("after", newest(papers).to_string())];
    Posted(fields.into_iter().map(|(name, text)| (name.to_owned(), text)).collect())
}

/// The newest version once more, from the day after its end: what a renewal mostly is.
fn renewal_fields(papers: &Papers, today: chrono::NaiveDate) -> Posted {
    let Some(newest) = papers.versions.first() else { return first_fields(papers) };
    let until = papers.vendor.agreement(&papers.versions, today).until;
    let begins = until.and_then(|until| until.succ_opt()).filter(|begins| *begins > today);
    let again = Terms {
        signed_on: None,
        effective_on: begins,
        document: None,
        ended_on: None,
        note: String::new(),
        ..newest.terms.clone()
    };
    let mut fields = written(&again);
    for (name, text) in &mut fields.0 {
        if name == "ends_on" {
            text.clear();
        }
    }
    fields.0.push(("after".to_owned(), newest.version.to_string()));
    fields
}

/// GET `/vendors/{id}/agreements/new`, with `?renew=1` filled in from the newest version
pub async fn new(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let papers = of_vendor(&app, &who, &path).await?;
    let fields = match query(&request).text("renew") {
        "1" => renewal_fields(&papers, who.day(app.clock.now())),
        _ => first_fields(&papers),
    };
    show(&app, &who, &For::New, &papers, &fields, &Faults::new())
}

/// POST `/vendors/{id}/agreements/new`
pub async fn record(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let papers = of_vendor(&app, &who, &path).await?;
    let terms = match read(&posted, &papers.documents) {
        Ok(terms) => terms,
        Err(faults) => return show(&app, &who, &For::New, &papers, &posted, &faults),
    };
    let after = posted.text("after").parse().unwrap_or(newest(&papers));
    let (office, scope, by, now) = (app.office.clone(), who.scope, who.actor(), app.clock.now());
    let vendor = papers.vendor.id;
    let recorded = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            agree::record(conn, &office, &practice, vendor, after, &terms, &by, now)
        })
        .await?;
    match recorded {
        Recorded::As(id) => Ok(see_other(&format!("/agreements/{id}?done=recorded"))),
        Recorded::NoVendor => Err(WebError::NotFound),
        Recorded::Meanwhile => {
            let mut posted = posted;
            posted.0.retain(|(name, _)| name != "after");
            let papers = of_vendor(&app, &who, &path).await?;
            posted.0.push(("after".to_owned(), newest(&papers).to_string()));
            let said = "Somebody recorded another version meanwhile. Look at it first; send this form again only if yours comes after it";
            show(&app, &who, &For::New, &papers, &posted, &vec![("signed_on", said.to_owned())])
        }
    }
}

/// GET `/agreements/{id}/edit`
pub async fn edit(app: Data<App>, who: SignedIn, path: Path<String>) -> Answered {
    let (version, papers) = of_version(&app, &who, &path).await?;
    show(&app, &who, &For::Correct(&version), &papers, &written(&version.terms), &Faults::new())
}

/// POST `/agreements/{id}/edit`
pub async fn correct(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let (version, papers) = of_version(&app, &who, &path).await?;
    let terms = match read(&posted, &papers.documents) {
        Ok(terms) => terms,
        Err(faults) => return show(&app, &who, &For::Correct(&version), &papers, &posted, &faults),
    };
    let (office, scope, by, now, id) = (app.office.clone(), who.scope, who.actor(), app.clock.now(), version.id);
    let saved = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            agree::correct(conn, &office, &practice, id, &terms, &by, now)
        })
        .await?;
    if saved { Ok(see_other(&format!("/agreements/{id}?done=saved"))) } else { Err(WebError::NotFound) }
}
