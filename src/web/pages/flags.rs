//! The list of flags: open, closed, or open on a past day.

use actix_web::HttpRequest;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Serialize;

use super::vendors::SelectOption;
use super::words;
use crate::app::App;
use crate::domain::civil_date;
use crate::domain::flags::{Flag, FlagKind, Severity};
use crate::store::StoreError;
use crate::store::flags::{self, About, Named, Shown};
use crate::templates::Context;
use crate::web::Answered;
use crate::web::form::query;
use crate::web::session::SignedIn;
use crate::web::view::{Here, PER_PAGE, Pager, Staff, page_within};

#[derive(Serialize)]
pub struct Flags {
    heading: String,
    /// Which tab this is; a day in the past is neither.
    open: bool,
    closed: bool,
    state: &'static str,
    open_on: Option<String>,
    with_closed: bool,
    open_href: String,
    closed_href: String,
    open_count: String,
    closed_count: String,
    kinds: Vec<SelectOption>,
    severities: Vec<SelectOption>,
    empty_heading: &'static str,
    empty_says: &'static str,
    pager: Option<Pager>,
    flags: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    tone: &'static str,
    severity: String,
    vendor_id: String,
    vendor: String,
    says: String,
    kind: &'static str,
    raised: String,
    closed: Option<String>,
}

impl Row {
    fn of((flag, vendor): Named) -> Self {
        let severity = words::severity(flag.kind.severity());
        Self {
            tone: severity.tone,
            severity: severity.says,
            vendor_id: flag.vendor.to_string(),
            vendor,
            says: flag.sentence,
            kind: flag.kind.says(),
            raised: civil_date::say_short(flag.raised_on),
            closed: flag.closed_on.map(civil_date::say_short),
        }
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
        Shown::Open => "/flags?state=open".to_owned(),
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
        Shown::Open => flags("open "),
        Shown::Closed => flags("closed "),
        Shown::OpenOn(day) => format!("{} open at the end of {}", flags(""), civil_date::say(day)),
    }
}

fn page(asked: &Asked, total: u32, open: u32, closed: u32, rows: Vec<Named>) -> Flags {
    let is_open = asked.shown != Shown::Closed;
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
        open: asked.shown == Shown::Open,
        closed: asked.shown == Shown::Closed,
        state: if is_open { "open" } else { "closed" },
        open_on: match asked.shown {
            Shown::OpenOn(day) => Some(day.to_string()),
            Shown::Open | Shown::Closed => None,
        },
        with_closed: asked.shown != Shown::Open,
        open_href: address(Shown::Open, asked.about, 1),
        closed_href: address(Shown::Closed, asked.about, 1),
        open_count: open.to_string(),
        closed_count: closed.to_string(),
        kinds: std::iter::once(any).chain(kinds).collect(),
        severities: std::iter::once(all).chain(severities).collect(),
        empty_heading: if is_open { "Nothing needs a look" } else { "No flag has closed yet" },
        empty_says: if is_open {
            "When a vendor lapses or changes how it handles information, it shows here."
        } else {
            "A flag closes by itself when what it says no longer holds, and is kept here with its dates."
        },
        pager: Pager::of("Flags", total, asked.page, |page| address(asked.shown, asked.about, page)),
        flags: rows.into_iter().map(Row::of).collect(),
    }
}

impl Context for Flags {
    const TEMPLATE: &'static str = "pages/flags";
    fn samples() -> Vec<Self> {
        let day = NaiveDate::default();
        let flag = |text: &str, closed_on| {
            let flag = Flag {
                id: crate::domain::ids::FlagId::fresh(),
                vendor: crate::domain::ids::VendorId::fresh(),
                kind: FlagKind::Changed,
                subject: String::new(),
                sentence: text.to_owned(),
                raised_on: day,
                closed_on,
            };
            (flag, text.to_owned())
        };
        let asked = |shown, page| Asked { shown, about: Some(FlagKind::Changed).into(), page };
        vec![
            page(&asked(Shown::Open, 1), 0, 0, 0, vec![]),
            page(&asked(Shown::Closed, 1), 0, 0, 0, vec![]),
            page(
                &asked(Shown::Open, 3),
                900,
                900,
                5,
                vec![flag("<script>alert(1)</script>", None), flag(&"Long ".repeat(80), None)],
            ),
            page(&asked(Shown::Closed, 1), 1, 0, 1, vec![flag("Ended", Some(day))]),
            page(&asked(Shown::OpenOn(day), 1), 1, 0, 1, vec![flag("Was open", None)]),
        ]
    }
}

/// GET `/flags`
pub async fn list(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let fields = query(&request);
    let today = who.day(app.clock.now());
    let shown = match (fields.text("state"), civil_date::read(fields.text("open_on"))) {
        // Of a day to come nothing is known.
        (_, Ok(day)) if day <= today => Shown::OpenOn(day),
        ("closed", _) => Shown::Closed,
        _ => Shown::Open,
    };
    let page_number = fields.text("page").parse().unwrap_or(1).clamp(1, 100_000);
    let mut asked = Asked {
        shown,
        about: About { kind: fields.text("kind").parse().ok(), severity: fields.text("severity").parse().ok() },
        page: page_number,
    };
    let scope = who.scope;
    let (total, open, closed, rows, asked) = app
        .read_in(who.scope, move |conn| {
            let total = flags::total(conn, &scope, asked.shown, asked.about)?;
            let open = flags::total(conn, &scope, Shown::Open, asked.about)?;
            let closed = flags::total(conn, &scope, Shown::Closed, asked.about)?;
            asked.page = page_within(asked.page, total);
            let skipped = i64::from(asked.page - 1) * i64::from(PER_PAGE);
            let rows = flags::list(conn, &scope, asked.shown, asked.about, i64::from(PER_PAGE), skipped)?;
            Ok::<_, StoreError>((total, open, closed, rows, asked))
        })
        .await?;
    Staff { who: &who, here: Here::FLAGS, title: "Flags", notice: None }
        .ok(&app, &page(&asked, total, open, closed, rows))
}
