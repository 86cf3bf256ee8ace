//! The history: every change, letter, sign-in and refusal as a sentence, the newest first.

mod asked;
mod export;

use actix_web::HttpRequest;
use actix_web::web::Data;
use chrono::DateTime;
use chrono_tz::Tz;
use serde::Serialize;

use crate::app::App;
use crate::domain::civil_date;
use crate::domain::entry::{Act, Actor, Entry};
use crate::domain::ids::{UserId, VendorId};
use crate::store::{self, StoreError, entries};
use crate::templates::Context;
use crate::web::Answered;
use crate::web::form::{Posted, query};
use crate::web::session::SignedIn;
use crate::web::view::{Here, Notice, PER_PAGE, Pager, Staff, page_within};

use asked::Asked;
pub use export::csv;

#[derive(Serialize)]
pub struct History {
    heading: String,
    /// The vendor that the list is narrowed to.
    vendor: Option<Narrowed>,
    people: Vec<Choice>,
    acts: Vec<Choice>,
    since: String,
    until: String,
    /// Said where the first day comes after the last.
    turned: Option<&'static str>,
    narrowed: bool,
    export: String,
    check: String,
    /// What checking the whole history found, where it was asked for.
    checked: Option<String>,
    entries: Vec<Row>,
    pager: Option<Pager>,
}

#[derive(Serialize)]
struct Narrowed {
    id: String,
    name: String,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
    checked: bool,
}

/// One line, on this page and on the vendor's.
#[derive(Serialize)]
pub struct Row {
    pub at: String,
    pub who: String,
    pub says: String,
    pub vendor_id: Option<String>,
    pub vendor: String,
}

impl Row {
    /// A line with the day and the minute where the practice is.
    pub fn of(entry: Entry, vendor: String, timezone: Tz) -> Self {
        let at = entry.at.with_timezone(&timezone);
        Self {
            at: format!("{}, {}", civil_date::say_short(at.date_naive()), at.format("%-I:%M %p")),
            who: entry.by.name().to_owned(),
            says: entry.sentence,
            vendor_id: entry.vendor.map(|id| id.to_string()),
            vendor,
        }
    }
}

struct Found {
    total: u32,
    rows: Vec<entries::Named>,
    people: Vec<(UserId, String)>,
    vendor: Option<(VendorId, String)>,
    checked: Option<String>,
    page: u32,
}

fn page(asked: &Asked, found: Found, timezone: Tz) -> History {
    let heading = match found.total {
        0 => "No lines".to_owned(),
        1 => "1 line".to_owned(),
        total => format!("{total} lines"),
    };
    let anyone = Choice { value: String::new(), label: "Anyone".to_owned(), checked: asked.person.is_none() };
    let people = found.people.into_iter().map(|(id, name)| Choice {
        value: id.to_string(),
        label: name,
        checked: asked.person == Some(id),
    });
    let anything = Choice { value: String::new(), label: "Anything".to_owned(), checked: asked.act.is_none() };
    let acts = Act::ALL.iter().map(|act| Choice {
        value: act.key().to_owned(),
        label: act.says().to_owned(),
        checked: asked.act == Some(*act),
    });
    let rows = found.rows.into_iter().map(|(entry, vendor)| Row::of(entry, vendor, timezone)).collect();
    History {
        heading,
        vendor: found.vendor.map(|(id, name)| Narrowed { id: id.to_string(), name }),
        people: std::iter::once(anyone).chain(people).collect(),
        acts: std::iter::once(anything).chain(acts).collect(),
        since: asked.since.map(|day| day.to_string()).unwrap_or_default(),
        until: asked.until.map(|day| day.to_string()).unwrap_or_default(),
        turned: asked
            .since
            .zip(asked.until)
            .filter(|(since, until)| since > until)
            .map(|_| "“From” is after “To”, so no line can fit. Change one of the two days."),
        narrowed: *asked != Asked::default(),
        export: asked.address("/history/export.csv", &[]),
        check: asked.address("/history", &[("check", "1")]),
        checked: found.checked,
        entries: rows,
        pager: Pager::of("Lines", found.total, found.page, |page| {
            asked.address("/history", &[("page", &page.to_string())])
        }),
    }
}

impl Context for History {
    const TEMPLATE: &'static str = "pages/history";
    fn samples() -> Vec<Self> {
        let entry = |text: &str| {
            let entry = Entry {
                number: 7,
                at: DateTime::default(),
                by: Actor::Respondent(text.to_owned()),
                act: Act::Changed,
                vendor: Some(VendorId::fresh()),
                sentence: text.to_owned(),
                hash: String::new(),
            };
            (entry, text.to_owned())
        };
        let found = |total, rows, name: &str| Found {
            total,
            rows,
            people: vec![(UserId::fresh(), name.to_owned())],
            vendor: Some((VendorId::fresh(), name.to_owned())),
            checked: Some(name.to_owned()),
            page: 1,
        };
        let nothing = Found { vendor: None, checked: None, ..found(0, vec![], "Dana") };
        let asked = Asked { act: Some(Act::Changed), ..Asked::default() };
        vec![
            page(&Asked::default(), nothing, Tz::UTC),
            page(&Asked::of(&Posted::of(b"since=2026-02-01&until=2026-01-01")), found(0, vec![], "Dana"), Tz::UTC),
            page(&asked, found(0, vec![], "Dana"), Tz::UTC),
            page(&asked, found(1, vec![entry("added a vendor")], "Dana"), Tz::UTC),
            page(
                &asked,
                found(900, vec![entry("<script>alert(1)</script>"), entry(&"long ".repeat(90))], "<b>"),
                Tz::UTC,
            ),
        ]
    }
}

/// GET `/history`
pub async fn list(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let fields = query(&request);
    let asked = Asked::of(&fields);
    let (about, scope) = (asked.about(who.timezone), who.scope);
    let (wanted, check) = (fields.text("page").parse().unwrap_or(1), fields.text("check") == "1");
    let found = app
        .read_in(who.scope, move |conn| {
            let total = entries::total(conn, &scope, &about)?;
            let page = page_within(wanted, total);
            let skipped = i64::from(page - 1) * i64::from(PER_PAGE);
            let vendor = match about.vendor {
                Some(id) => store::vendors::one(conn, &scope, id)?.map(|vendor| (id, vendor.details.name)),
                None => None,
            };
            Ok::<_, StoreError>(Found {
                total,
                rows: entries::list(conn, &scope, &about, i64::from(PER_PAGE), skipped)?,
                people: entries::people(conn, &scope)?,
                vendor,
                checked: match check {
                    true => Some(match entries::verify(conn, &scope, None, &mut |_, _| {})? {
                        Ok(whole) => format!(
                            "All {} lines are as they were written. The seal of the last is {}.",
                            whole.number, whole.hash
                        ),
                        Err(broken) => {
                            format!("The history is not as it was written: {broken}. Tell the person who runs duecare.")
                        }
                    }),
                    false => None,
                },
                page,
            })
        })
        .await?;
    let altered = found.checked.clone().filter(|says| says.starts_with("The history is not")).map(Notice::warning);
    let notice = altered.or_else(|| (fields.text("export") == "too-many").then(export::too_many));
    Staff { who: &who, here: Here::NOWHERE, title: "History", notice }.ok(&app, &page(&asked, found, who.timezone))
}
