//! Documents of all vendors: those that have ended, those that end soon, and all of them.

use actix_web::HttpRequest;
use actix_web::web::Data;
use chrono::{Days as Span, NaiveDate};
use serde::Serialize;

use super::{Days, Line};
use crate::app::App;
use crate::domain::document::{Document, ENDS_SOON_DAYS};
use crate::store::StoreError;
use crate::store::documents::{self, Shown};
use crate::templates::Context;
use crate::web::Answered;
use crate::web::form::query;
use crate::web::pages::words;
use crate::web::session::SignedIn;
use crate::web::view::{Here, PER_PAGE, Pager, Staff, Tab, page_within};

#[derive(Serialize)]
pub struct Documents {
    heading: String,
    tabs: Vec<Tab>,
    empty_heading: &'static str,
    empty_says: &'static str,
    pager: Option<Pager>,
    documents: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    vendor: String,
    vendor_id: String,
    line: Line,
}

/// Which of the tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ended,
    Soon,
    All,
}

const TABS: [(State, &str, &str); 3] = [
    (State::Ended, "Ended", "/documents?state=ended"),
    (State::Soon, "Ends within 60 days", "/documents?state=soon"),
    (State::All, "All", "/documents?state=all"),
];

fn shown(state: State, today: NaiveDate) -> Shown {
    match state {
        State::Ended => Shown::Ended(today),
        State::Soon => Shown::EndsBetween(today, today + Span::new(ENDS_SOON_DAYS)),
        State::All => Shown::All,
    }
}

/// A list as it was read.
struct Found {
    state: State,
    page: u32,
    totals: [u32; 3],
    rows: Vec<(Document, String)>,
}

fn page(found: &Found, days: &Days) -> Documents {
    let at = TABS.iter().position(|(state, ..)| *state == found.state).unwrap_or(0);
    let (total, href) = (found.totals[at], TABS[at].2);
    let documents = words::counted(usize::try_from(total).unwrap_or(0), "document");
    let verb = if total == 1 { "has" } else { "have" };
    let ends = if total == 1 { "ends" } else { "end" };
    Documents {
        heading: match found.state {
            State::Ended => format!("{documents} {verb} ended"),
            State::Soon => format!("{documents} {ends} within 60 days"),
            State::All => documents,
        },
        tabs: TABS
            .iter()
            .zip(found.totals)
            .map(|((state, says, href), count)| Tab {
                href: (*href).to_owned(),
                says,
                count: count.to_string(),
                here: *state == found.state,
            })
            .collect(),
        empty_heading: match found.state {
            State::Ended => "No document has ended",
            State::Soon => "No document ends within 60 days",
            State::All => "No documents yet",
        },
        empty_says: match found.state {
            State::Ended | State::Soon => {
                "A certificate shows here by the end date that was entered with it. Ask the vendor for the new one in time."
            }
            State::All => "Open a vendor, choose Documents, and add its agreement, certificates and evidence.",
        },
        pager: Pager::of("Documents", total, found.page, |page| format!("{href}&page={page}")),
        documents: found
            .rows
            .iter()
            .map(|(document, vendor)| Row {
                vendor: vendor.clone(),
                vendor_id: document.vendor.to_string(),
                line: Line::of(document, days),
            })
            .collect(),
    }
}

impl Context for Documents {
    const TEMPLATE: &'static str = "pages/documents";
    fn samples() -> Vec<Self> {
        let days = super::sample_days();
        let rows = || super::sample_documents().into_iter().map(|one| (one, "<script>".to_owned())).collect();
        vec![
            page(&Found { state: State::Ended, page: 1, totals: [0, 0, 0], rows: vec![] }, &days),
            page(&Found { state: State::Soon, page: 1, totals: [0, 1, 1], rows: rows() }, &days),
            page(&Found { state: State::All, page: 2, totals: [0, 1, 900], rows: rows() }, &days),
        ]
    }
}

/// GET `/documents`
pub async fn list(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let fields = query(&request);
    let days = Days::of(&who, app.clock.now());
    let asked = match fields.text("state") {
        "soon" => Some(State::Soon),
        "all" => Some(State::All),
        "ended" => Some(State::Ended),
        _ => None,
    };
    let number = fields.text("page").parse().unwrap_or(1).clamp(1, 100_000);
    let (scope, today) = (who.scope, days.today);
    let found = app
        .read_in(who.scope, move |conn| {
            let mut totals = [0; 3];
            for (total, (state, ..)) in totals.iter_mut().zip(TABS) {
                *total = documents::total(conn, &scope, shown(state, today))?;
            }
            // Unasked, the first that has something in it.
            let first =
                TABS.iter().zip(totals).find(|(_, total)| *total > 0).map_or(State::All, |((state, ..), _)| *state);
            let state = asked.unwrap_or(first);
            let total = TABS.iter().zip(totals).find(|((one, ..), _)| *one == state).map_or(0, |(_, total)| total);
            let page = page_within(number, total);
            let skipped = i64::from(page - 1) * i64::from(PER_PAGE);
            let rows = documents::list(conn, &scope, shown(state, today), i64::from(PER_PAGE), skipped)?;
            Ok::<_, StoreError>(Found { state, page, totals, rows })
        })
        .await?;
    Staff { who: &who, here: Here::VENDORS, title: "Documents", notice: None }.ok(&app, &page(&found, &days))
}
