//! Gaps that somebody of the practice accepts until a day: all of them. The files beside this
//! one have the form that accepts a gap, and one exception with the form that ends it.

pub mod accept;
pub mod one;

use actix_web::HttpRequest;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Serialize;

use crate::app::App;
use crate::domain::civil_date;
use crate::domain::exception::{Exception, ExceptionState};
use crate::flows::exceptions as flow;
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::Answered;
use crate::web::form::query;
use crate::web::pages::words;
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Here, Staff, Tab};

#[derive(Serialize)]
pub struct Exceptions {
    heading: String,
    tabs: Vec<Tab>,
    stale: bool,
    exceptions: Vec<Row>,
}

/// One exception in a list.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    href: String,
    state: Badge,
    short: String,
    answer: String,
    vendor: String,
    vendor_href: String,
    by: String,
    until: String,
}

/// Where it stands, in a colour.
pub fn badge(state: ExceptionState) -> Badge {
    let tone = match state {
        ExceptionState::InForce => "wait",
        ExceptionState::RanOut | ExceptionState::RatingMoved => "bad",
        ExceptionState::Closed => "good",
        ExceptionState::Ended => "plain",
    };
    Badge::new(tone, state.says())
}

impl Row {
    pub fn of(one: &Exception, state: ExceptionState, vendor: &str) -> Self {
        Self {
            href: format!("/exceptions/{}", one.id),
            state: badge(state),
            short: one.short.clone(),
            answer: one.answer.clone(),
            vendor: vendor.to_owned(),
            vendor_href: format!("/vendors/{}", one.vendor),
            by: one.by.clone(),
            until: civil_date::say_short(one.until),
        }
    }
}

fn page(stale: bool, counts: [usize; 2], rows: Vec<Row>) -> Exceptions {
    let tab =
        |says, href: &str, count: usize, here| Tab { says, href: href.to_owned(), count: count.to_string(), here };
    Exceptions {
        heading: match (stale, rows.len()) {
            (false, 0) => "No accepted gaps".to_owned(),
            (false, count) => words::counted(count, "accepted gap"),
            (true, 0) => "No acceptance that no longer holds".to_owned(),
            (true, count) => format!("{} whose acceptance no longer holds", words::counted(count, "gap")),
        },
        tabs: vec![
            tab("In force", "/exceptions", counts[0], !stale),
            tab("No longer", "/exceptions?state=stale", counts[1], stale),
        ],
        stale,
        exceptions: rows,
    }
}

/// GET `/exceptions`
pub async fn list(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let stale = query(&request).text("state") == "stale";
    let (scope, today, office) = (who.scope, who.day(app.clock.now()), app.office.clone());
    let page = app
        .read_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            let (mut counts, mut rows) = ([0, 0], Vec::new());
            for id in store::exceptions::vendors_with(conn, &scope)? {
                let Some(vendor) = store::vendors::one(conn, &scope, id)? else { continue };
                for (one, state) in flow::newest(conn, &office, &practice, &vendor, today)? {
                    let fits = [state == ExceptionState::InForce, state.is_stale()];
                    counts[0] += usize::from(fits[0]);
                    counts[1] += usize::from(fits[1]);
                    if fits[usize::from(stale)] {
                        rows.push((one.until, Row::of(&one, state, &vendor.details.name)));
                    }
                }
            }
            rows.sort_by(|(a, one), (b, other)| (a, &one.vendor, &one.short).cmp(&(b, &other.vendor, &other.short)));
            Ok::<_, StoreError>(page(stale, counts, rows.into_iter().map(|(_, row)| row).collect()))
        })
        .await?;
    Staff { who: &who, here: Here::FLAGS, title: "Accepted gaps", notice: None }.ok(&app, &page)
}

/// An exception for samples, with the same text everywhere.
pub fn sample(text: &str) -> Exception {
    use crate::domain::action::Shortfall;
    use crate::domain::ids::{AssessmentId, ExceptionId, VendorId};
    use crate::domain::scoring::Rating;
    Exception {
        id: ExceptionId::fresh(),
        vendor: VendorId::fresh(),
        assessment: AssessmentId::fresh(),
        slug: "adm.training".to_owned(),
        short: text.to_owned(),
        answer: text.to_owned(),
        shortfall: Shortfall::Critical,
        rating: Rating::High,
        reason: text.to_owned(),
        by: text.to_owned(),
        on: NaiveDate::default(),
        until: NaiveDate::default(),
        ended: None,
    }
}

impl Context for Exceptions {
    const TEMPLATE: &'static str = "pages/exceptions";
    fn samples() -> Vec<Self> {
        let row = |text: &str, state| Row::of(&sample(text), state, text);
        let hostile = "<script>alert(1)</script>";
        vec![
            page(false, [0, 0], vec![]),
            page(true, [4, 0], vec![]),
            page(
                false,
                [2, 0],
                vec![row(hostile, ExceptionState::InForce), row(&"Long ".repeat(60), ExceptionState::InForce)],
            ),
            page(true, [0, 1], vec![row("Training", ExceptionState::RatingMoved)]),
        ]
    }
}
