//! Who is due to be asked, and the button that asks them.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::Serialize;

use super::words;
use crate::app::App;
use crate::domain::questionnaire::{Asked, NprmMode, Questionnaire, Set};
use crate::domain::standing::Status;
use crate::domain::user::Need;
use crate::domain::{calendar, civil_date};
use crate::flows::sweep::{self, DueVendor};
use crate::store::vendor_list::{self, Filter};
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, query};
use crate::web::session::SignedIn;
use crate::web::view::{Here, Notice, Staff};
use crate::web::{Answered, see_other};

#[derive(Serialize)]
pub struct Round {
    heading: String,
    says: &'static str,
    may_ask: bool,
    button: String,
    nobody: &'static str,
    next_says: String,
    vendors: Vec<Row>,
    blocked_heading: String,
    blocked: Vec<Blocked>,
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    contact_email: String,
    why: String,
    questions: String,
    due: String,
}

#[derive(Serialize)]
struct Blocked {
    id: String,
    name: String,
    why: &'static str,
    mend: &'static str,
    href: String,
}

fn row(due: DueVendor, questionnaire: &Questionnaire, nprm: NprmMode) -> Row {
    let (details, tier) = (due.vendor.details, due.vendor.standing.tier);
    let asked = Asked { set: Set::for_tier(tier), tier, exposure: details.exposure, nprm };
    let count = questionnaire.questions().filter(|question| asked.includes(question, &|_, _| false)).count();
    let standing = due.vendor.standing;
    Row {
        id: due.vendor.id.to_string(),
        name: details.name,
        contact_email: details.contact_email.unwrap_or_default(),
        why: match (standing.accepted_on, standing.status) {
            (_, Status::NoReply) => "Did not answer last time".to_owned(),
            (Some(on), _) => format!("Last signed on {}", civil_date::say(on)),
            (None, _) => "Never asked before".to_owned(),
        },
        questions: format!("{}, {}", words::capital(asked.set.says()), words::counted(count, "question")),
        due: civil_date::say_short(due.due_on),
    }
}

fn blocked(due: DueVendor, may_ask: bool) -> Blocked {
    let (why, mend) = match due.trouble {
        Some(sweep::Trouble::AddressUnusable) => {
            ("Letters to its address bounced, or are not wanted.", "Choose someone else")
        }
        _ => ("There is no contact e-mail.", "Add an e-mail"),
    };
    let mend = if may_ask { mend } else { "See the people" };
    Blocked {
        href: format!("/vendors/{}/contacts", due.vendor.id),
        id: due.vendor.id.to_string(),
        name: due.vendor.details.name,
        why,
        mend,
    }
}

fn page(
    due: Vec<DueVendor>,
    next: Option<chrono::NaiveDate>,
    (questionnaire, nprm): (&Questionnaire, NprmMode),
    may_ask: bool,
) -> Round {
    let (troubled, ready): (Vec<_>, Vec<_>) = due.into_iter().partition(|one| one.trouble.is_some());
    let (count, stuck) = (ready.len(), troubled.len());
    Round {
        heading: match count {
            0 => "Yearly round".to_owned(),
            1 => "1 vendor is due to be asked".to_owned(),
            count => format!("{count} vendors are due to be asked"),
        },
        says: "Vendors are asked up to 45 days before their date, and as soon as they are new. This is who would get a letter today. It also happens by itself every hour.",
        may_ask,
        button: if count == 1 { "Ask this vendor now".to_owned() } else { format!("Ask these {count} vendors now") },
        nobody: if stuck == 0 { "Nobody is due to be asked" } else { "Nobody can be asked right now" },
        next_says: match next {
            _ if stuck > 0 => {
                "Those below are due; give each an e-mail address that works and it gets its letter.".to_owned()
            }
            Some(next) => format!("The next invitation goes out on {}.", civil_date::say(next)),
            None => "There is nobody to ask.".to_owned(),
        },
        vendors: ready.into_iter().map(|one| row(one, questionnaire, nprm)).collect(),
        blocked_heading: if stuck == 1 {
            "1 vendor is due but cannot be asked".to_owned()
        } else {
            format!("{stuck} vendors are due but cannot be asked")
        },
        blocked: troubled.into_iter().map(|one| blocked(one, may_ask)).collect(),
    }
}

impl Context for Round {
    const TEMPLATE: &'static str = "pages/round";
    fn samples() -> Vec<Self> {
        let catalogue =
            crate::catalogue::Catalogue::built_in().expect("a test holds that the questionnaires can be read");
        let day = chrono::NaiveDate::default();
        let due = |trouble| {
            let vendors = super::vendor_form::sample_vendors().into_iter();
            vendors.map(|vendor| DueVendor { vendor, due_on: day, trouble }).collect::<Vec<_>>()
        };
        let questionnaire = (catalogue.current(), NprmMode::Off);
        vec![
            page(vec![], None, questionnaire, true),
            page(vec![], Some(day), questionnaire, true),
            page(due(None), Some(day), questionnaire, true),
            page(due(None), Some(day), questionnaire, false),
            page(due(Some(sweep::Trouble::NoAddress)), None, questionnaire, true),
            page(due(Some(sweep::Trouble::AddressUnusable)), None, questionnaire, false),
        ]
    }
}

/// GET `/round`
pub async fn show(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let today = who.day(app.clock.now());
    let scope = who.scope;
    let (due, next, nprm) = app
        .read_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            let due = sweep::due(conn, &practice, today)?;
            let soonest = vendor_list::lines(
                conn,
                &scope,
                &Filter { status: Some(Status::Current), ..Filter::default() },
                today,
                1,
                0,
            )?;
            let soonest = match soonest.first() {
                Some(line) => store::vendors::one(conn, &scope, line.id)?,
                None => None,
            };
            let next = soonest.and_then(|vendor| {
                let cadence = practice.settings.cadence_for(vendor.standing.tier, vendor.cadence);
                Some(calendar::asks_on(vendor.standing.next_due_on?, cadence, vendor.standing.accepted_on))
            });
            Ok::<_, StoreError>((due, next, practice.settings.nprm))
        })
        .await?;
    let notice = query(&request).text("asked").parse::<u32>().ok().filter(|asked| *asked < 100_000).map(|asked| {
        let says = match asked {
            0 => return Notice::warning("Nobody was left to ask, so no letter was written."),
            1 => "1 vendor was".to_owned(),
            asked => format!("{asked} vendors were"),
        };
        Notice::success(format!("{says} asked. The letters are on their way; see the outbox."))
    });
    let (form, may_ask) = ((app.office.catalogue.current(), nprm), who.role.may(Need::Change));
    let content = page(due, next.map(|next| next.max(today)), form, may_ask);
    Staff { who: &who, here: Here::ROUND, title: "Yearly round", notice }.ok(&app, &content)
}

/// POST `/round`: asks everyone who is due. Pressing twice asks nobody twice.
pub async fn ask(app: Data<App>, who: SignedIn, _posted: Posted) -> Answered {
    let (store, office, scope, now) = (app.store.clone(), app.office.clone(), who.scope, app.clock.now());
    let swept = tokio::task::spawn_blocking(move || {
        let practice = store.read(|conn| store::practices::one(conn, &scope))?;
        sweep::ask(&store, &office, &practice, now)
    })
    .await
    .map_err(|error| StoreError::Unavailable(error.to_string()))??;
    app.post.notify_one();
    Ok(see_other(&format!("/round?asked={}", swept.asked)))
}
