//! The plan of a vendor: all that it is to put right, to print, and to send.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::Serialize;

use super::{badge, owner};
use crate::app::App;
use crate::domain::action::{Action, Said, Word};
use crate::domain::civil_date;
use crate::domain::ids::VendorId;
use crate::domain::user::Need;
use crate::flows::actions;
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::pages::words;
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Crumb, Here, Notice, Staff, crumbs};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct PlanPage {
    crumbs: Vec<Crumb>,
    heading: String,
    vendor: String,
    vendor_href: String,
    practice: String,
    printed: String,
    counts: String,
    /// Whom it goes to, where it can be sent.
    send_to: Option<String>,
    /// Why it cannot be sent.
    cannot_send: Option<&'static str>,
    actions: Vec<Row>,
    closed: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    href: String,
    short: String,
    shortfall: &'static str,
    wanted: String,
    question: String,
    cites: String,
    owner: String,
    due: String,
    state: Badge,
    /// The last word about it.
    last: Option<String>,
}

/// What the page is made of.
struct Facts {
    vendor: String,
    id: String,
    all: Vec<(Action, Vec<Word>)>,
    /// The address that a letter goes to, or why none does.
    to: Result<String, &'static str>,
    may_change: bool,
}

fn row(one: &Action, words: &[Word], today: NaiveDate) -> Row {
    let last = words.last().map(|word| {
        let text = if word.what == Said::Corrected { "" } else { word.text.as_str() };
        let colon = if text.is_empty() { "" } else { ": " };
        format!("{} on {}{colon}{text}", word.what.says(), civil_date::say_short(word.at.date_naive()))
    });
    Row {
        href: format!("/actions/{}", one.id),
        short: one.short.clone(),
        shortfall: one.shortfall.says(),
        wanted: one.wanted.clone(),
        question: one.question.clone(),
        cites: one.cites.clone(),
        owner: owner(&one.owner),
        due: civil_date::say_short(one.due_on),
        state: badge(one, today),
        last,
    }
}

fn page(facts: &Facts, practice: &str, today: NaiveDate) -> PlanPage {
    let vendor_href = format!("/vendors/{}", facts.id);
    let rows = |closed: bool| -> Vec<Row> {
        let fits = facts.all.iter().filter(|(one, _)| one.state.is_closed() == closed);
        fits.map(|(one, words)| row(one, words, today)).collect()
    };
    let (actions, closed) = (rows(false), rows(true));
    let late = facts.all.iter().filter(|(one, _)| one.is_overdue(today)).count();
    let waits = facts.all.iter().any(|(one, _)| one.state.waits_for_vendor());
    PlanPage {
        crumbs: crumbs(&[("Vendors", Some("/vendors")), (&facts.vendor, Some(&vendor_href)), ("Plan", None)]),
        heading: format!("What {} is to put right", facts.vendor),
        vendor: facts.vendor.clone(),
        vendor_href,
        practice: practice.to_owned(),
        printed: civil_date::say(today),
        counts: format!(
            "{}, {late} overdue, {} closed",
            words::counted(actions.len(), "open corrective action"),
            closed.len()
        ),
        send_to: facts.to.as_ref().ok().filter(|_| facts.may_change && waits).cloned(),
        cannot_send: facts.to.as_ref().err().copied().filter(|_| facts.may_change && waits),
        actions,
        closed,
    }
}

/// GET `/vendors/{id}/plan`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let (vendor, scope, today): (VendorId, _, _) = (id(&path)?, who.scope, who.day(app.clock.now()));
    let may_change = who.role.may(Need::Change);
    let facts = app
        .read_in(who.scope, move |conn| {
            let Some(known) = store::vendors::one(conn, &scope, vendor)? else { return Ok(None) };
            let all = store::actions::of_vendor(conn, &scope, vendor)?;
            let ids: Vec<_> = all.iter().map(|one| one.id).collect();
            let mut words = store::actions::words(conn, &scope, &ids)?;
            let contact = store::contacts::preferred(conn, &scope, vendor)?;
            let to = match contact {
                _ if known.place.quiet().is_some() => Err("It gets no letters now"),
                Some(contact) if contact.may_be_written_to() => contact.details.email.ok_or("It has no e-mail address"),
                Some(contact) if contact.details.email.is_some() => {
                    Err("Letters to its address bounced, or are not wanted")
                }
                _ => Err("It has no e-mail address"),
            };
            let with_words = |one: Action| {
                let said = words.remove(&one.id).unwrap_or_default();
                (one, said)
            };
            let all = all.into_iter().map(with_words).collect();
            Ok::<_, StoreError>(Some(Facts { vendor: known.details.name, id: vendor.to_string(), all, to, may_change }))
        })
        .await?
        .ok_or(WebError::NotFound)?;
    let notice = match query(&request).text("done") {
        "raised" => Some(Notice::success("Kept. The vendor gets one letter about all of them.")),
        "sent" => Some(Notice::success("The letter with a link to the plan is on its way.")),
        "not-sent" => Some(Notice::warning(
            "Not sent again: this vendor had a letter about its plan today already, or has no address that works. Look at its timeline.",
        )),
        _ => None,
    };
    let page = page(&facts, &who.practice_name, today);
    Staff { who: &who, here: Here::ACTIONS, title: &page.heading, notice }.ok(&app, &page)
}

/// POST `/vendors/{id}/plan`: writes to the vendor about all that waits for it.
pub async fn send(app: Data<App>, who: SignedIn, path: Path<String>, _ours: Posted) -> Answered {
    let vendor: VendorId = id(&path)?;
    let (office, now, scope, by) = (app.office.clone(), app.clock.now(), who.scope, who.actor());
    let sent = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            actions::send_plan(conn, &office, &practice, vendor, &by, now)
        })
        .await?
        .ok_or(WebError::NotFound)?;
    if sent {
        app.post.notify_one();
    }
    Ok(see_other(&format!("/vendors/{vendor}/plan?done={}", if sent { "sent" } else { "not-sent" })))
}

impl Context for PlanPage {
    const TEMPLATE: &'static str = "pages/plan";
    fn samples() -> Vec<Self> {
        use crate::domain::action::ActionState;
        let today = NaiveDate::default();
        let facts = |text: &str, to| {
            let word =
                Word { at: Default::default(), what: Said::Replied, name: text.to_owned(), text: text.to_owned() };
            let all = ActionState::ALL
                .iter()
                .map(|state| (Action { state: *state, ..super::sample(text) }, vec![word.clone()]));
            Facts { vendor: text.to_owned(), id: "1".to_owned(), all: all.collect(), to, may_change: true }
        };
        let hostile = "<script>alert(1)</script>";
        let empty = Facts { all: Vec::new(), ..facts("", Err("It has no e-mail address")) };
        vec![
            page(&facts("Northwind", Ok("pat@northwind.example".to_owned())), "Maple", today),
            page(&empty, "", today),
            page(&facts(hostile, Ok(hostile.to_owned())), hostile, today),
            page(&facts(&"Long ".repeat(200), Err("It has no e-mail address")), "Maple", today),
        ]
    }
}
