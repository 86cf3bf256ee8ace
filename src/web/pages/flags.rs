//! The list of flags: those that ask for a look, acknowledged ones, closed ones, or open on a
//! past day; and the page of all that is looked for.

pub mod kinds;
pub mod one;

use actix_web::HttpRequest;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Serialize;

use super::vendors::SelectOption;
use super::words;
use crate::app::App;
use crate::domain::civil_date;
use crate::domain::flags::{Acknowledged, Fact, Flag, FlagKind, FlagState, Severity};
use crate::domain::ids::VendorId;
use crate::store::StoreError;
use crate::store::flags::{self, About, Named, Shown};
use crate::templates::Context;
use crate::web::Answered;
use crate::web::form::query;
use crate::web::session::SignedIn;
use crate::web::view::{Here, PER_PAGE, Pager, Staff, Tab, page_within};

#[derive(Serialize)]
pub struct Flags {
    heading: String,
    /// Which tab this is; a day in the past is neither.
    tabs: Vec<Tab>,
    state: &'static str,
    open_on: Option<String>,
    with_until: bool,
    with_closed: bool,
    kinds: Vec<SelectOption>,
    severities: Vec<SelectOption>,
    empty_heading: &'static str,
    empty_says: &'static str,
    pager: Option<Pager>,
    flags: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    id: String,
    tone: &'static str,
    severity: String,
    vendor_id: String,
    vendor: String,
    says: String,
    kind: &'static str,
    age: String,
    until: Option<String>,
    closed: Option<String>,
}

impl Row {
    fn of((flag, vendor): Named, today: NaiveDate) -> Self {
        let severity = words::severity(flag.kind.severity());
        let state = flag.state(today);
        let known = flag.acknowledged.as_ref().filter(|_| state == FlagState::Acknowledged);
        Self {
            id: flag.id.to_string(),
            age: age(&flag, today),
            until: known.map(|known| format!("{}, by {}", civil_date::say_short(known.until), known.by)),
            closed: flag.closed_on.map(|on| closed(&flag, on)),
            tone: severity.tone,
            severity: severity.says,
            vendor_id: flag.vendor.to_string(),
            vendor,
            says: flag.sentence,
            kind: flag.kind.says(),
        }
    }
}

/// Since when, and how long that is: `Nov 3, 2026, 20 days`.
fn age(flag: &Flag, today: NaiveDate) -> String {
    let days = usize::try_from(flag.age(today)).unwrap_or(0);
    let lasts = if days == 0 { "today".to_owned() } else { words::counted(days, "day") };
    let since = civil_date::say_short(flag.raised_on);
    match flag.closed_on {
        Some(_) => since,
        None => format!("{since}, {lasts}"),
    }
}

/// When it was closed, and by whom where it was a person.
fn closed(flag: &Flag, on: NaiveDate) -> String {
    let on = civil_date::say_short(on);
    match &flag.resolved {
        Some(settled) => format!("{on}, settled by {}", settled.by),
        None => on,
    }
}

/// What the address asks for.
#[derive(Clone, Copy, Debug)]
struct Asked {
    shown: Shown,
    about: About,
    page: u32,
}

fn address(shown: Shown, about: About, page: u32) -> String {
    let mut address = match shown {
        Shown::Open(_) => "/flags?state=open".to_owned(),
        Shown::Acknowledged(_) => "/flags?state=acknowledged".to_owned(),
        Shown::Closed => "/flags?state=closed".to_owned(),
        Shown::OpenOn(day) => format!("/flags?open_on={day}"),
    };
    if let Some(kind) = about.kind {
        address.push_str(&format!("&kind={kind}"));
    }
    if let Some(severity) = about.severity {
        address.push_str(&format!("&severity={severity}"));
    }
    if page > 1 {
        address.push_str(&format!("&page={page}"));
    }
    address
}

fn heading(asked: &Asked, total: u32) -> String {
    let flags = |adjective: &str| match total {
        0 => format!("No {adjective}flags"),
        1 => format!("1 {adjective}flag"),
        total => format!("{total} {adjective}flags"),
    };
    match asked.shown {
        Shown::Open(_) => flags("open "),
        Shown::Acknowledged(_) => flags("acknowledged "),
        Shown::Closed => flags("closed "),
        Shown::OpenOn(day) => format!("{} open at the end of {}", flags(""), civil_date::say(day)),
    }
}

/// The tabs: state in the address, what they are called.
const TABS: [(&str, &str); 3] = [("open", "Open"), ("acknowledged", "Acknowledged"), ("closed", "Closed")];

fn tab(state: &str, today: NaiveDate) -> Shown {
    match state {
        "closed" => Shown::Closed,
        "acknowledged" => Shown::Acknowledged(today),
        _ => Shown::Open(today),
    }
}

/// What an empty list says: a heading, and what to expect.
fn nothing(shown: Shown) -> (&'static str, &'static str) {
    match shown {
        Shown::Open(_) | Shown::OpenOn(_) => {
            ("Nothing needs a look", "When a vendor lapses or changes how it handles information, it shows here.")
        }
        Shown::Acknowledged(_) => (
            "No flag is set aside",
            "Open a flag and say that you know, why, and until when. It waits here, and asks for a look again after that day.",
        ),
        Shown::Closed => (
            "No flag has closed yet",
            "A flag closes by itself when what it says no longer holds, and is kept here with its dates.",
        ),
    }
}

fn page(asked: &Asked, total: u32, counts: [u32; 3], rows: Vec<Named>, today: NaiveDate) -> Flags {
    let (empty_heading, empty_says) = nothing(asked.shown);
    let any = SelectOption { value: "", label: "All kinds", checked: asked.about.kind.is_none() };
    let kinds = FlagKind::ALL.iter().map(|kind| SelectOption {
        value: kind.key(),
        label: kind.says(),
        checked: asked.about.kind == Some(*kind),
    });
    let all = SelectOption { value: "", label: "All", checked: asked.about.severity.is_none() };
    let severities = Severity::ALL.iter().map(|severity| SelectOption {
        value: severity.key(),
        label: severity.says(),
        checked: asked.about.severity == Some(*severity),
    });
    Flags {
        heading: heading(asked, total),
        tabs: TABS
            .iter()
            .zip(counts)
            .map(|((state, says), count)| Tab {
                says,
                href: address(tab(state, today), asked.about, 1),
                count: count.to_string(),
                here: tab(state, today) == asked.shown,
            })
            .collect(),
        state: TABS.iter().find(|(state, _)| tab(state, today) == asked.shown).map_or("open", |(state, _)| state),
        open_on: match asked.shown {
            Shown::OpenOn(day) => Some(day.to_string()),
            Shown::Open(_) | Shown::Acknowledged(_) | Shown::Closed => None,
        },
        with_until: matches!(asked.shown, Shown::Acknowledged(_)),
        with_closed: matches!(asked.shown, Shown::Closed | Shown::OpenOn(_)),
        kinds: std::iter::once(any).chain(kinds).collect(),
        severities: std::iter::once(all).chain(severities).collect(),
        empty_heading,
        empty_says,
        pager: Pager::of("Flags", total, asked.page, |page| address(asked.shown, asked.about, page)),
        flags: rows.into_iter().map(|row| Row::of(row, today)).collect(),
    }
}

impl Context for Flags {
    const TEMPLATE: &'static str = "pages/flags";
    fn samples() -> Vec<Self> {
        let day = NaiveDate::default();
        let flag = |text: &str, closed_on| {
            let fact = Fact { kind: FlagKind::Changed, subject: String::new(), sentence: text.to_owned() };
            (Flag { closed_on, ..Flag::raised(VendorId::fresh(), fact, day) }, text.to_owned())
        };
        let known = |text: &str| {
            let (flag, name) = flag(text, None);
            let known = Acknowledged { on: day, by: text.to_owned(), why: text.to_owned(), until: day };
            (Flag { acknowledged: Some(known), ..flag }, name)
        };
        let asked = |shown, page| Asked { shown, about: Some(FlagKind::Changed).into(), page };
        vec![
            page(&asked(Shown::Open(day), 1), 0, [0; 3], vec![], day),
            page(&asked(Shown::Acknowledged(day), 1), 0, [0; 3], vec![], day),
            page(&asked(Shown::Closed, 1), 0, [0; 3], vec![], day),
            page(
                &asked(Shown::Open(day), 3),
                900,
                [900, 0, 5],
                vec![flag("<script>alert(1)</script>", None), flag(&"Long ".repeat(80), None)],
                day,
            ),
            page(&asked(Shown::Acknowledged(day), 1), 1, [0, 1, 0], vec![known("<b>Dana</b>")], day),
            page(&asked(Shown::Closed, 1), 1, [0, 0, 1], vec![flag("Ended", Some(day))], day),
            page(&asked(Shown::OpenOn(day), 1), 1, [0, 0, 1], vec![flag("Was open", None)], day),
        ]
    }
}

/// GET `/flags`
pub async fn list(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let fields = query(&request);
    let today = who.day(app.clock.now());
    let shown = match civil_date::read(fields.text("open_on")) {
        // Of a day to come nothing is known.
        Ok(day) if day <= today => Shown::OpenOn(day),
        _ => tab(fields.text("state"), today),
    };
    let page_number = fields.text("page").parse().unwrap_or(1).clamp(1, 100_000);
    let mut asked = Asked {
        shown,
        about: About { kind: fields.text("kind").parse().ok(), severity: fields.text("severity").parse().ok() },
        page: page_number,
    };
    let scope = who.scope;
    let (total, counts, rows, asked) = app
        .read_in(who.scope, move |conn| {
            let total = flags::total(conn, &scope, asked.shown, asked.about)?;
            let mut counts = [0; 3];
            for (count, (state, _)) in counts.iter_mut().zip(TABS) {
                *count = flags::total(conn, &scope, tab(state, today), asked.about)?;
            }
            asked.page = page_within(asked.page, total);
            let skipped = i64::from(asked.page - 1) * i64::from(PER_PAGE);
            let rows = flags::list(conn, &scope, asked.shown, asked.about, i64::from(PER_PAGE), skipped)?;
            Ok::<_, StoreError>((total, counts, rows, asked))
        })
        .await?;
    Staff { who: &who, here: Here::FLAGS, title: "Flags", notice: None }
        .ok(&app, &page(&asked, total, counts, rows, today))
}
