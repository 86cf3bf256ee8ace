//! What vendors are asked to put right: the list of the practice. The files beside this one have
//! one action, the form that chooses gaps, and the plan of a vendor.

pub mod choose;
pub mod one;
pub mod plan;
pub mod settle;

use actix_web::HttpRequest;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Serialize;

use crate::app::App;
use crate::domain::action::{Action, ActionState};
use crate::domain::civil_date;
use crate::store::StoreError;
use crate::store::actions::{self, About, Counts, Named, Shown};
use crate::templates::Context;
use crate::web::Answered;
use crate::web::form::{Posted, query};
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Choice, Choosable, Here, PER_PAGE, Pager, Staff, Tab, page_within};

#[derive(Serialize)]
pub struct Actions {
    heading: String,
    tabs: Vec<Tab>,
    state: Choice,
    owner: Choice,
    vendor: Choice,
    narrowed: bool,
    actions: Vec<Row>,
    pager: Option<Pager>,
}

#[derive(Serialize)]
struct Row {
    href: String,
    short: String,
    shortfall: &'static str,
    vendor: String,
    vendor_href: String,
    owner: String,
    due: String,
    state: Badge,
}

/// How an action stands on `today`, to us.
pub fn badge(one: &Action, today: NaiveDate) -> Badge {
    let tone = match one.state {
        _ if one.is_overdue(today) => return Badge::new("bad", "Overdue"),
        ActionState::Open => "plain",
        ActionState::Answered => "wait",
        ActionState::SentBack => "soon",
        ActionState::Done => "good",
        ActionState::Cancelled => "none",
    };
    Badge::new(tone, one.state.says())
}

/// An owner in a list.
pub fn owner(name: &str) -> String {
    if name.is_empty() { "Nobody yet".to_owned() } else { name.to_owned() }
}

/// A list to choose from, with what is chosen.
pub fn choice(
    id: &'static str,
    label: &'static str,
    options: impl IntoIterator<Item = (String, String)>,
    now: &str,
) -> Choice {
    let option = |(at, (value, label)): (usize, (String, String))| Choosable {
        id: format!("{id}-{at}"),
        checked: value == now,
        value,
        label,
        hint: None,
    };
    Choice { id, label, hint: None, error: None, options: options.into_iter().enumerate().map(option).collect() }
}

/// What the address asks for.
struct Asked {
    shown: Shown,
    about: About,
    page: u32,
}

/// The word of a list in the address.
fn word(shown: Shown) -> String {
    match shown {
        Shown::Open => "open".to_owned(),
        Shown::Overdue => "overdue".to_owned(),
        Shown::All => "all".to_owned(),
        Shown::In(ActionState::Open) => "to-do".to_owned(),
        Shown::In(state) => state.key().to_owned(),
    }
}

fn shown(word: &str) -> Shown {
    match word {
        "overdue" => Shown::Overdue,
        "all" => Shown::All,
        "to-do" => Shown::In(ActionState::Open),
        word => word.parse().ok().filter(|state| *state != ActionState::Open).map_or(Shown::Open, Shown::In),
    }
}

fn read(fields: &Posted) -> Asked {
    let owner = match fields.text("owner") {
        "" => None,
        "nobody" => Some(String::new()),
        name => name.strip_prefix("is:").map(str::to_owned),
    };
    Asked {
        shown: shown(fields.text("state")),
        about: About { owner, vendor: fields.text("vendor").parse().ok() },
        page: fields.text("page").parse().unwrap_or(1).clamp(1, 100_000),
    }
}

fn owner_word(about: &About) -> String {
    match about.owner.as_deref() {
        None => String::new(),
        Some("") => "nobody".to_owned(),
        Some(name) => format!("is:{name}"),
    }
}

fn address(shown: Shown, about: &About, page: u32) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("state", &word(shown));
    if about.owner.is_some() {
        query.append_pair("owner", &owner_word(about));
    }
    if let Some(vendor) = about.vendor {
        query.append_pair("vendor", &vendor.to_string());
    }
    if page > 1 {
        query.append_pair("page", &page.to_string());
    }
    format!("/actions?{}", query.finish())
}

fn heading(shown: Shown, total: u32) -> String {
    let what = match shown {
        Shown::Open => "open corrective action",
        Shown::Overdue => "overdue corrective action",
        Shown::All => "corrective action",
        Shown::In(ActionState::Open) => "corrective action to do",
        Shown::In(ActionState::Answered) => "corrective action to verify",
        Shown::In(ActionState::SentBack) => "corrective action sent back",
        Shown::In(ActionState::Done) => "corrective action done",
        Shown::In(ActionState::Cancelled) => "corrective action cancelled",
    };
    let plural = what.replacen("action", "actions", 1);
    match total {
        0 => format!("No {plural}"),
        1 => format!("1 {what}"),
        total => format!("{total} {plural}"),
    }
}

/// What is offered to narrow the list by.
#[derive(Default)]
struct Offered {
    owners: Vec<String>,
    vendors: Vec<(String, String)>,
}

fn page(asked: &Asked, total: u32, counts: Counts, offered: Offered, rows: &[Named], today: NaiveDate) -> Actions {
    let about = &asked.about;
    let tab = |says, shown, count: u32| Tab {
        href: address(shown, about, 1),
        says,
        count: count.to_string(),
        here: asked.shown == shown,
    };
    let row = |(one, vendor): &Named| Row {
        href: format!("/actions/{}", one.id),
        short: one.short.clone(),
        shortfall: one.shortfall.says(),
        vendor: vendor.clone(),
        vendor_href: format!("/vendors/{}", one.vendor),
        owner: owner(&one.owner),
        due: civil_date::say_short(one.due_on),
        state: badge(one, today),
    };
    let states = [Shown::Open, Shown::Overdue, Shown::All].map(|shown| {
        let says = match shown {
            Shown::Overdue => "Overdue",
            Shown::All => "All",
            _ => "Not closed",
        };
        (word(shown), says.to_owned())
    });
    let each = ActionState::ALL.iter().map(|state| {
        let says = if *state == ActionState::Open { "To do" } else { state.says() };
        (word(Shown::In(*state)), says.to_owned())
    });
    let everyone = [(String::new(), "Everyone".to_owned())];
    let owners = offered.owners.into_iter().map(|name| match name.as_str() {
        "" => ("nobody".to_owned(), "Nobody yet".to_owned()),
        _ => (format!("is:{name}"), name),
    });
    let all = [(String::new(), "All".to_owned())];
    let vendor = about.vendor.map(|id| id.to_string()).unwrap_or_default();
    Actions {
        heading: heading(asked.shown, total),
        tabs: vec![
            tab("Not closed", Shown::Open, counts.open),
            tab("Overdue", Shown::Overdue, counts.overdue),
            tab("To verify", Shown::In(ActionState::Answered), counts.answered),
            tab("Done", Shown::In(ActionState::Done), counts.done),
        ],
        state: choice("state", "State", states.into_iter().chain(each), &word(asked.shown)),
        owner: choice("owner", "Owner", everyone.into_iter().chain(owners), &owner_word(about)),
        vendor: choice("vendor", "Vendor", all.into_iter().chain(offered.vendors), &vendor),
        narrowed: about.owner.is_some() || about.vendor.is_some(),
        actions: rows.iter().map(row).collect(),
        pager: Pager::of("Actions", total, asked.page, |page| address(asked.shown, about, page)),
    }
}

/// GET `/actions`
pub async fn list(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let mut asked = read(&query(&request));
    let (scope, today) = (who.scope, who.day(app.clock.now()));
    let page = app
        .read_in(who.scope, move |conn| {
            let total = actions::total(conn, &scope, asked.shown, &asked.about, today)?;
            let counts = actions::counts(conn, &scope, &asked.about, today)?;
            asked.page = page_within(asked.page, total);
            let at = (i64::from(PER_PAGE), i64::from(asked.page - 1) * i64::from(PER_PAGE));
            let rows = actions::list(conn, &scope, asked.shown, &asked.about, today, at)?;
            let offered = Offered { owners: actions::owners(conn, &scope)?, vendors: actions::vendors(conn, &scope)? };
            Ok::<_, StoreError>(page(&asked, total, counts, offered, &rows, today))
        })
        .await?;
    Staff { who: &who, here: Here::ACTIONS, title: "Corrective actions", notice: None }.ok(&app, &page)
}

/// An action for samples, with the same text everywhere.
pub fn sample(text: &str) -> Action {
    use crate::domain::ids::{ActionId, AssessmentId, VendorId};
    Action {
        id: ActionId::fresh(),
        vendor: VendorId::fresh(),
        assessment: AssessmentId::fresh(),
        slug: "adm.training".to_owned(),
        short: text.to_owned(),
        question: text.to_owned(),
        cites: text.to_owned(),
        shortfall: crate::domain::action::Shortfall::Critical,
        wanted: text.to_owned(),
        owner: text.to_owned(),
        due_on: NaiveDate::default(),
        state: ActionState::Answered,
        raised_on: NaiveDate::default(),
        raised_by: text.to_owned(),
        by_rule: true,
        asked_on: Some(NaiveDate::default()),
        reminded_on: None,
        closed_on: None,
    }
}

impl Context for Actions {
    const TEMPLATE: &'static str = "pages/actions";
    fn samples() -> Vec<Self> {
        let today = NaiveDate::default();
        let asked = |shown| Asked { shown, about: About::default(), page: 1 };
        let offered = |text: &str| Offered {
            owners: vec![String::new(), text.to_owned()],
            vendors: vec![("1".to_owned(), text.to_owned())],
        };
        let narrow = Asked { about: About { owner: Some("<script>".to_owned()), vendor: None }, ..asked(Shown::All) };
        let long = "Long ".repeat(60);
        vec![
            page(&asked(Shown::Open), 0, Counts::default(), Offered::default(), &[], today),
            page(&narrow, 0, Counts::default(), offered("Dana"), &[], today),
            page(
                &asked(Shown::In(ActionState::Answered)),
                450,
                Counts { open: 450, overdue: 3, answered: 450, done: 0 },
                offered("<script>"),
                &[(sample("<script>alert(1)</script>"), "<script>".to_owned()), (sample(&long), long.clone())],
                today,
            ),
        ]
    }
}
