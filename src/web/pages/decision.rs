//! Is it a business associate? One question a page; the answers so far are in the address,
//! so that the browser's own "back" works. Ends in a page to read over and to confirm.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::vendor::decision::{Earlier, earlier, sample_decisions};
use super::vendor_form;
use crate::app::App;
use crate::domain::ba_decision::{self, Answered as Given, BaDecision, Question, Reply, Step, walk};
use crate::domain::civil_date;
use crate::domain::ids::VendorId;
use crate::domain::standing::Vendor;
use crate::domain::vendor::{BaStatus, check_notes};
use crate::flows::decide::{self, Decided};
use crate::flows::register::Consequence;
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::session::SignedIn;
use crate::web::view::{Choice, Choosable, Crumb, ErrorLine, Faults, Field, Here, Staff, crumbs, error_lines};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct DecisionPage {
    crumbs: Vec<Crumb>,
    heading: String,
    action: String,
    vendor_href: String,
    errors: Vec<ErrorLine>,
    /// The answers so far, for the form to carry on.
    carried: Vec<Carried>,
    asks: Option<Asks>,
    review: Option<Review>,
    trail: Vec<TrailLine>,
    earlier: Vec<Earlier>,
}

#[derive(Serialize)]
struct Carried {
    name: &'static str,
    value: &'static str,
}

#[derive(Serialize)]
struct Asks {
    number: String,
    choice: Choice,
    back: Option<String>,
}

#[derive(Serialize)]
struct Review {
    status: &'static str,
    explains: &'static str,
    cites: &'static str,
    follows: &'static str,
    warns: Option<&'static str>,
    reason: Field,
    look_again_on: Field,
    back: String,
}

#[derive(Serialize)]
struct TrailLine {
    question: &'static str,
    reply: &'static str,
    href: String,
}

/// What the page is made of.
struct Facts {
    vendor: Vendor,
    decisions: Vec<BaDecision>,
    /// A questionnaire is open, and would be closed.
    is_asked: bool,
}

/// The answers that came with a request.
fn replies(posted: &Posted) -> (Vec<Given>, Step) {
    walk(|question| posted.text(question.key()).parse::<Reply>().ok())
}

/// The address of the guide with the first `upto` answers.
fn address(vendor: VendorId, path: &[Given]) -> String {
    let given: Vec<String> = path.iter().map(|one| format!("{}={}", one.question.key(), one.reply.key())).collect();
    let mark = if given.is_empty() { "" } else { "?" };
    format!("/vendors/{vendor}/decision{mark}{}", given.join("&"))
}

fn page(facts: &Facts, posted: &Posted, faults: &Faults, today: NaiveDate) -> DecisionPage {
    let (path, step) = replies(posted);
    let vendor = facts.vendor.id;
    let name = &facts.vendor.details.name;
    let vendor_href = format!("/vendors/{vendor}");
    let back = path.len().checked_sub(1).map(|before| address(vendor, &path[..before]));
    let error = |at: &str| faults.iter().find(|(field, _)| *field == at).map(|(_, says)| says.clone());
    let (asks, review) = match step {
        Step::Asks(question) => (Some(asks(question, path.len() + 1, back, error(question.key()))), None),
        Step::Ends(status) => (None, Some(review(facts, status, posted, &error, back.unwrap_or_default(), today))),
    };
    DecisionPage {
        crumbs: crumbs(&[("Vendors", Some("/vendors")), (name, Some(&vendor_href)), ("Business associate?", None)]),
        heading: match step {
            Step::Asks(_) => format!("Is {name} a business associate?"),
            Step::Ends(_) => format!("What follows for {name}"),
        },
        action: format!("/vendors/{vendor}/decision"),
        vendor_href,
        errors: error_lines(faults),
        carried: path.iter().map(|one| Carried { name: one.question.key(), value: one.reply.key() }).collect(),
        asks,
        review,
        trail: path
            .iter()
            .enumerate()
            .map(|(at, one)| TrailLine {
                question: one.question.says(),
                reply: one.reply.says(),
                href: address(vendor, &path[..at]),
            })
            .collect(),
        earlier: if path.is_empty() { earlier(&facts.decisions) } else { Vec::new() },
    }
}

fn asks(question: Question, number: usize, back: Option<String>, error: Option<String>) -> Asks {
    let option = |(at, reply): (usize, &Reply)| Choosable {
        id: format!("{}-{}", question.key(), at + 1),
        value: reply.key().to_owned(),
        label: reply.says().to_owned(),
        hint: None,
        checked: false,
    };
    Asks {
        number: format!(
            "Question {number}. At most {} in all; stop at “not sure” whenever you are not.",
            Question::ALL.len()
        ),
        choice: Choice {
            id: question.key(),
            label: question.says(),
            hint: Some(question.explains()),
            error,
            options: Reply::ALL.iter().enumerate().map(option).collect(),
        },
        back,
    }
}

fn review(
    facts: &Facts,
    status: BaStatus,
    posted: &Posted,
    error: &impl Fn(&str) -> Option<String>,
    back: String,
    today: NaiveDate,
) -> Review {
    let typed = |field: &str, else_says: String| match posted.is_ticked(field) {
        true => posted.text(field).to_owned(),
        false => else_says,
    };
    let again = ba_decision::look_again_days(status).map(|days| (today + Days::new(days)).to_string());
    Review {
        status: status.says(),
        explains: status.explains(),
        cites: ba_decision::cites(status),
        follows: follows(status),
        warns: (facts.is_asked && !status.counts_as_ba())
            .then_some("A questionnaire is open. It will be closed, and the links that were sent stop working."),
        reason: Field {
            id: "reason",
            label: "Why this is so",
            hint: Some(
                "Kept with your name and today’s date. Add what makes it plain to somebody who reads it in a year.",
            ),
            value: typed("reason", ba_decision::reason(status).to_owned()),
            error: error("reason"),
        },
        look_again_on: Field {
            id: "look_again_on",
            label: if again.is_some() { "Look again by" } else { "Look again by (optional)" },
            hint: Some("You are reminded on that day. For example 2026-01-31 or 1/31/2026"),
            value: typed("look_again_on", again.unwrap_or_default()),
            error: error("look_again_on"),
        },
        back,
    }
}

/// What we do with a vendor of this status.
const fn follows(status: BaStatus) -> &'static str {
    match status {
        BaStatus::BusinessAssociate => {
            "It needs a business associate agreement with us (45 CFR 164.308(b)), and it is asked once a year, which is good practice."
        }
        BaStatus::Subcontractor => {
            "It signs with the vendor it works for and not with us (45 CFR 164.308(b)(1)). It is asked once a year all the same."
        }
        BaStatus::Undetermined => {
            "Until someone decides, it is treated as a business associate: it needs an agreement and is asked once a year."
        }
        _ => "It needs no business associate agreement, and we do not ask it. Its record and its history stay.",
    }
}

impl Context for DecisionPage {
    const TEMPLATE: &'static str = "pages/decision";
    fn samples() -> Vec<Self> {
        let today = NaiveDate::default();
        let given = |text: &str| Posted::of(text.as_bytes());
        let ends = given("phi=yes&deidentified=no&workforce=no&treatment=yes&reason=%3Cscript%3E&look_again_on=%22%3E");
        vendor_form::sample_vendors()
            .into_iter()
            .flat_map(|vendor| {
                let facts = Facts { decisions: sample_decisions(&vendor), vendor, is_asked: true };
                let faults = vec![("reason", "Write <b>".to_owned()), ("phi", "Choose <b>".to_owned())];
                [
                    page(&facts, &Posted::default(), &faults, today),
                    page(&facts, &given("phi=yes"), &Faults::new(), today),
                    page(&facts, &ends, &faults, today),
                ]
            })
            .collect()
    }
}

async fn load(app: &App, who: &SignedIn, path: &str) -> Result<Facts, WebError> {
    let (vendor, scope): (VendorId, _) = (id(path)?, who.scope);
    app.read_in(who.scope, move |conn| {
        let Some(found) = store::vendors::one(conn, &scope, vendor)? else { return Ok(None) };
        let assessments = store::assessments::of_vendor(conn, &scope, vendor)?;
        Ok::<_, StoreError>(Some(Facts {
            vendor: found,
            decisions: store::decisions::on_ba(conn, &scope, vendor)?,
            is_asked: assessments.iter().any(|one| one.is_open()),
        }))
    })
    .await?
    .ok_or(WebError::NotFound)
}

fn show(app: &App, who: &SignedIn, page: &DecisionPage) -> Answered {
    let (status, title) = match page.errors.is_empty() {
        true => (StatusCode::OK, page.heading.clone()),
        false => (StatusCode::UNPROCESSABLE_ENTITY, format!("Error: {}", page.heading)),
    };
    Staff { who, here: Here::VENDORS, title: &title, notice: None }.show(app, status, page)
}

/// GET `/vendors/{id}/decision`
pub async fn form(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let facts = load(&app, &who, &path).await?;
    let posted = query(&request);
    let faults = match replies(&posted).1 {
        // Sent on without an answer.
        Step::Asks(question) if posted.text("at") == question.key() => {
            vec![(question.key(), "Choose one of the three answers".to_owned())]
        }
        _ => Faults::new(),
    };
    show(&app, &who, &page(&facts, &posted, &faults, who.day(app.clock.now())))
}

/// Reads the page at the end.
fn read(posted: &Posted, status: BaStatus, path: Vec<Given>, today: NaiveDate) -> Result<Decided, Faults> {
    let mut faults = Faults::new();
    let reason = check_notes(posted.text("reason")).unwrap_or_else(|fault| {
        faults.push(("reason", fault.sentence()));
        String::new()
    });
    let look_again_on = match posted.text("look_again_on") {
        "" => None,
        text => civil_date::read(text)
            .map_err(|fault| faults.push(("look_again_on", format!("Look again by: {fault}"))))
            .ok(),
    };
    if faults.is_empty()
        && let Err((field, fault)) = ba_decision::check(status, &reason, look_again_on, today)
    {
        faults.push((field, fault.sentence()));
    }
    if faults.is_empty() { Ok(Decided { status, path, reason, look_again_on }) } else { Err(faults) }
}

/// POST `/vendors/{id}/decision`
pub async fn decide(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let facts = load(&app, &who, &path).await?;
    let (vendor, now) = (facts.vendor.id, app.clock.now());
    let (given, step) = replies(&posted);
    // Nothing is decided half way: on with the questions.
    let Step::Ends(status) = step else { return Ok(see_other(&address(vendor, &given))) };
    let decided = match read(&posted, status, given, who.day(now)) {
        Ok(decided) => decided,
        Err(faults) => return show(&app, &who, &page(&facts, &posted, &faults, who.day(now))),
    };
    let (office, scope, by) = (app.office.clone(), who.scope, who.actor());
    let consequence = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            decide::business_associate(conn, &office, &practice, vendor, &decided, &by, now)
        })
        .await?
        .ok_or(WebError::NotFound)?;
    let word = if consequence == Consequence::Closed { "closed" } else { "decided" };
    Ok(see_other(&format!("/vendors/{vendor}?done={word}")))
}
