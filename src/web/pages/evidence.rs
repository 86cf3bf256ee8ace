//! Accepts a vendor that will never answer on what is on record: which paper supports which
//! question, why, and until when.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use chrono::{Days, NaiveDate};
use serde::Serialize;

use crate::app::App;
use crate::domain::acceptance::{self, Acceptance, MOST_DAYS, Paper, Papers, Support};
use crate::domain::civil_date;
use crate::domain::ids::VendorId;
use crate::domain::questionnaire::{Asked, Gravity, Question, Questionnaire};
use crate::domain::standing::Vendor;
use crate::domain::vendor::check_notes;
use crate::flows::accept::{self, Accepted};
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id};
use crate::web::session::SignedIn;
use crate::web::view::{Crumb, ErrorLine, Faults, Field, Here, Staff, crumbs, error_lines};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct EvidencePage {
    crumbs: Vec<Crumb>,
    heading: String,
    action: String,
    vendor_href: String,
    errors: Vec<ErrorLine>,
    /// What to file before anything can be accepted.
    no_papers: bool,
    papers: Vec<String>,
    supports_error: Option<String>,
    sections: Vec<Section>,
    others: String,
    reason: Field,
    until: Field,
    warns: bool,
}

#[derive(Serialize)]
struct Section {
    title: String,
    questions: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    id: String,
    text: String,
    decisive: bool,
    options: Vec<Choose>,
}

#[derive(Serialize)]
struct Choose {
    value: String,
    says: String,
    on: bool,
}

/// What the page is made of.
struct Facts {
    vendor: Vendor,
    papers: Papers,
    asked: Asked,
    newest: Option<Acceptance>,
    is_asked: bool,
    today: NaiveDate,
}

fn field_of(question: &str) -> String {
    format!("paper:{question}")
}

/// How a paper is called in a form.
fn key(paper: Paper) -> String {
    match paper {
        Paper::Document(id) => format!("document:{id}"),
        Paper::Agreement(id) => format!("agreement:{id}"),
    }
}

/// The questions that it would be asked and a paper can answer.
fn supportable<'a>(form: &'a Questionnaire, asked: &'a Asked) -> impl Iterator<Item = &'a Question> {
    form.questions().filter(|question| asked.includes(question, &|_, _| false) && acceptance::can_support(question))
}

fn line(question: &Question, facts: &Facts, posted: &Posted) -> Line {
    let field = field_of(&question.slug);
    let before = || {
        let newest = facts.newest.as_ref()?;
        newest.supports.iter().find(|one| one.question == question.slug).map(|one| key(one.paper))
    };
    let chosen = if posted.is_ticked("reason") { posted.text(&field).to_owned() } else { before().unwrap_or_default() };
    let option = |(paper, backing): (&Paper, &acceptance::Backing)| {
        let value = key(*paper);
        let ends = backing.ends_on.map(|on| format!(", until {}", civil_date::say_short(on))).unwrap_or_default();
        Choose { on: value == chosen, value, says: format!("{}{ends}", backing.name) }
    };
    let nothing = Choose { value: String::new(), says: "No paper says so".to_owned(), on: chosen.is_empty() };
    Line {
        id: field,
        text: question.text.clone(),
        decisive: question.gravity != Gravity::None,
        options: std::iter::once(nothing).chain(facts.papers.iter().map(option)).collect(),
    }
}

fn page(facts: &Facts, form: &Questionnaire, posted: &Posted, faults: &Faults) -> EvidencePage {
    let name = &facts.vendor.details.name;
    let vendor_href = format!("/vendors/{}", facts.vendor.id);
    let error = |at: &str| faults.iter().find(|(field, _)| *field == at).map(|(_, says)| says.clone());
    let typed = |field: &str, else_says: String| {
        if posted.is_ticked("reason") { posted.text(field).to_owned() } else { else_says }
    };
    let can: Vec<&Question> = supportable(form, &facts.asked).collect();
    let asked = form.questions().filter(|question| facts.asked.includes(question, &|_, _| false)).count();
    let sections = form.sections.iter().map(|section| Section {
        title: section.title.clone(),
        questions: can
            .iter()
            .filter(|one| section.topics.iter().any(|topic| topic.questions.iter().any(|two| two.slug == one.slug)))
            .map(|question| line(question, facts, posted))
            .collect(),
    });
    EvidencePage {
        crumbs: crumbs(&[("Vendors", Some("/vendors")), (name, Some(&vendor_href)), ("Accept on evidence", None)]),
        heading: format!("Accept {name} on evidence"),
        action: format!("{vendor_href}/evidence"),
        no_papers: facts.papers.is_empty(),
        papers: facts.papers.values().map(|paper| paper.name.clone()).collect(),
        supports_error: error("supports"),
        errors: error_lines(faults),
        sections: sections.filter(|section| !section.questions.is_empty()).collect(),
        others: format!(
            "{} more questions ask for days, numbers or names that only the vendor knows. They stay unanswered.",
            asked.saturating_sub(can.len())
        ),
        reason: Field {
            id: "reason",
            label: "Why it is accepted without a reply",
            hint: Some(
                "Kept with your name and today’s date. For example: it publishes one agreement for all its customers and answers no questionnaires.",
            ),
            value: typed("reason", String::new()),
            error: error("reason"),
        },
        until: Field {
            id: "until",
            label: "Accepted until",
            hint: Some(
                "At most a year. Then it is asked like any other, unless you look at the papers anew. For example 2026-12-31 or 12/31/2026",
            ),
            value: typed("until", (facts.today + Days::new(MOST_DAYS)).to_string()),
            error: error("until"),
        },
        warns: facts.is_asked,
        vendor_href,
    }
}

async fn load(app: &App, who: &SignedIn, path: &str) -> Result<Facts, WebError> {
    let (vendor, scope, today): (VendorId, _, _) = (id(path)?, who.scope, who.day(app.clock.now()));
    app.read_in(who.scope, move |conn| {
        let Some(vendor) = store::vendors::one(conn, &scope, vendor)? else { return Ok(None) };
        let assessments = store::assessments::of_vendor(conn, &scope, vendor.id)?;
        Ok::<_, StoreError>(Some(Facts {
            papers: accept::papers(conn, &scope, &vendor, today)?,
            asked: accept::asked(conn, &scope, &vendor)?,
            newest: store::acceptances::of_vendor(conn, &scope, vendor.id)?.into_iter().next(),
            is_asked: assessments.iter().any(|one| one.is_open()),
            vendor,
            today,
        }))
    })
    .await?
    .ok_or(WebError::NotFound)
}

fn show(app: &App, who: &SignedIn, facts: &Facts, posted: &Posted, faults: &Faults) -> Answered {
    let page = page(facts, app.office.catalogue.current(), posted, faults);
    let (status, error) =
        if faults.is_empty() { (StatusCode::OK, "") } else { (StatusCode::UNPROCESSABLE_ENTITY, "Error: ") };
    let title = format!("{error}{}", page.heading);
    Staff { who, here: Here::VENDORS, title: &title, notice: None }.show(app, status, &page)
}

/// GET `/vendors/{id}/evidence`
pub async fn form(app: Data<App>, who: SignedIn, path: Path<String>) -> Answered {
    let facts = load(&app, &who, &path).await?;
    show(&app, &who, &facts, &Posted::default(), &Faults::new())
}

fn read(facts: &Facts, form: &Questionnaire, posted: &Posted) -> Result<Accepted, Faults> {
    let support = |question: &Question| {
        let chosen = posted.text(&field_of(&question.slug));
        let paper = facts.papers.keys().copied().find(|paper| key(*paper) == chosen)?;
        Some(Support { question: question.slug.clone(), paper })
    };
    let supports: Vec<Support> = supportable(form, &facts.asked).filter_map(support).collect();
    let mut faults = Faults::new();
    let reason = check_notes(posted.text("reason")).unwrap_or_else(|fault| {
        faults.push(("reason", fault.sentence()));
        "-".to_owned()
    });
    let until = match posted.text("until") {
        "" => None,
        text => match civil_date::read(text) {
            Ok(until) => Some(until),
            Err(fault) => {
                faults.push(("until", format!("Accepted until: {fault}")));
                Some(facts.today + Days::new(1))
            }
        },
    };
    if let Err(fault) = acceptance::check(supports.len(), &reason, until, facts.today) {
        faults.push(fault);
    }
    match until {
        Some(until) if faults.is_empty() => Ok(Accepted { supports, reason, until }),
        _ => Err(faults),
    }
}

/// POST `/vendors/{id}/evidence`
pub async fn accept(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let facts = load(&app, &who, &path).await?;
    let accepted = match read(&facts, app.office.catalogue.current(), &posted) {
        Ok(accepted) => accepted,
        Err(faults) => return show(&app, &who, &facts, &posted, &faults),
    };
    let (office, now, scope, by, vendor) =
        (app.office.clone(), app.clock.now(), who.scope, who.actor(), facts.vendor.id);
    let done = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            accept::accept(conn, &office, &practice, vendor, &accepted, &by, now)
        })
        .await?;
    Ok(see_other(&format!("/vendors/{vendor}?done={}", if done { "saved" } else { "not-needed" })))
}

/// POST `/vendors/{id}/evidence/end`
pub async fn end(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let vendor: VendorId = id(&path)?;
    let why = check_notes(posted.text("why")).ok().filter(|why| !why.is_empty());
    let why = why.unwrap_or_else(|| "No reason was given".to_owned());
    let (office, now, scope, by) = (app.office.clone(), app.clock.now(), who.scope, who.actor());
    let done = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            accept::end(conn, &office, &practice, vendor, &why, &by, now)
        })
        .await?;
    if done { Ok(see_other(&format!("/vendors/{vendor}?done=saved"))) } else { Err(WebError::NotFound) }
}

impl Context for EvidencePage {
    const TEMPLATE: &'static str = "pages/evidence";
    fn samples() -> Vec<Self> {
        let sample = |vendor: Vendor| {
            let text = vendor.details.name;
            let line = || Line {
                id: "paper:org.policies".to_owned(),
                text: text.clone(),
                decisive: true,
                options: vec![Choose { value: text.clone(), says: text.clone(), on: true }],
            };
            let field = |id, error| Field { id, label: "Why", hint: None, value: text.clone(), error };
            Self {
                crumbs: crumbs(&[("Vendors", Some("/vendors")), (&text, None)]),
                heading: text.clone(),
                action: "/vendors/1/evidence".to_owned(),
                vendor_href: "/vendors/1".to_owned(),
                errors: vec![ErrorLine { at: "reason".to_owned(), says: text.clone() }],
                no_papers: text.is_empty(),
                papers: vec![text.clone()],
                supports_error: Some(text.clone()),
                sections: vec![Section { title: text.clone(), questions: vec![line(), line()] }],
                others: text.clone(),
                reason: field("reason", Some(text.clone())),
                until: field("until", None),
                warns: true,
            }
        };
        super::vendor_form::sample_vendors().into_iter().map(sample).collect()
    }
}
