//! Incidents of the practice's vendors: the list. The files beside this one have one incident,
//! what is known of it, the assessment, the form that opens one, and the page for paper.

pub mod found;
pub mod known;
pub mod new;
pub mod one;
pub mod print;
pub mod steps;

use actix_web::HttpRequest;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Serialize;

use crate::app::App;
use crate::domain::civil_date;
use crate::domain::incident::steps::{Due, due as days};
use crate::domain::incident::{Conclusion, File};
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::Answered;
use crate::web::form::query;
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Here, PER_PAGE, Pager, Staff, page_within};

#[derive(Serialize)]
pub struct Incidents {
    heading: String,
    closed: bool,
    open_count: String,
    closed_count: String,
    incidents: Vec<Row>,
    pager: Option<Pager>,
}

#[derive(Serialize)]
struct Row {
    href: String,
    vendor: String,
    vendor_href: String,
    what: String,
    told: String,
    state: Badge,
    next: String,
}

/// How an incident stands.
pub fn badge(file: &File, today: NaiveDate) -> Badge {
    match (&file.incident.closed, file.conclusion()) {
        (Some(_), _) => Badge::new("plain", "Closed"),
        (None, _) if late(file, today) => Badge::new("bad", "Overdue"),
        (None, None) => Badge::new("soon", "To be assessed"),
        (None, Some(Conclusion::Breach)) => Badge::new("high", "Breach"),
        (None, Some(_)) => Badge::new("good", "No breach"),
    }
}

/// Whether a step of ours is overdue.
fn late(file: &File, today: NaiveDate) -> bool {
    let open = |due: &Due| due.step.is_ours() && due.certain && file.done(due.step).is_none();
    days(file).iter().any(|due| due.by < today && open(due))
}

/// The first step that is ours and not done.
fn next_step(file: &File) -> Option<Due> {
    days(file).into_iter().find(|due| due.step.is_ours() && due.certain && file.done(due.step).is_none())
}

/// What is to be done next, with its day.
pub fn next(file: &File) -> String {
    if let Some(closed) = &file.incident.closed {
        return format!("{}, {}", closed.outcome.says(), civil_date::say_short(closed.on));
    }
    match next_step(file) {
        Some(due) => format!("{} by {}", due.step.says(), civil_date::say_short(due.by)),
        None => "Close it".to_owned(),
    }
}

/// A page of the open ones, the one whose next day comes first, or passed first, at the top. They
/// are few, and what is due is reckoned and not kept.
fn by_next_day(mut open: Vec<(File, String)>, skipped: usize) -> Vec<(File, String)> {
    open.sort_by_cached_key(|(file, _)| next_step(file).map_or(NaiveDate::MAX, |due| due.by));
    open.into_iter().skip(skipped).take(PER_PAGE as usize).collect()
}

fn page(rows: &[(File, String)], closed: bool, counts: (u32, u32), at: u32, today: NaiveDate) -> Incidents {
    let row = |(file, vendor): &(File, String)| Row {
        href: format!("/incidents/{}", file.incident.id),
        vendor: vendor.clone(),
        vendor_href: format!("/vendors/{}", file.incident.vendor),
        what: file.incident.what.clone(),
        told: civil_date::say_short(file.incident.known.told_on),
        state: badge(file, today),
        next: next(file),
    };
    let total = if closed { counts.1 } else { counts.0 };
    let word = if closed { "closed" } else { "open" };
    Incidents {
        heading: match total {
            0 => format!("No {word} incidents"),
            1 => format!("1 {word} incident"),
            total => format!("{total} {word} incidents"),
        },
        closed,
        open_count: counts.0.to_string(),
        closed_count: counts.1.to_string(),
        incidents: rows.iter().map(row).collect(),
        pager: Pager::of("Incidents", total, at, |page| format!("/incidents?state={word}&page={page}")),
    }
}

/// GET `/incidents`
pub async fn list(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let fields = query(&request);
    let closed = fields.text("state") == "closed";
    let asked = fields.text("page").parse().unwrap_or(1).clamp(1, 100_000);
    let (scope, today) = (who.scope, who.day(app.clock.now()));
    let page = app
        .read_in(who.scope, move |conn| {
            let counts = (store::incidents::total(conn, &scope, false)?, store::incidents::total(conn, &scope, true)?);
            let at = page_within(asked, if closed { counts.1 } else { counts.0 });
            let skipped = i64::from(at - 1) * i64::from(PER_PAGE);
            let rows = match closed {
                true => store::incidents::list(conn, &scope, true, (i64::from(PER_PAGE), skipped))?,
                false => {
                    by_next_day(store::incidents::open(conn, &scope)?, usize::try_from(skipped).unwrap_or_default())
                }
            };
            Ok::<_, StoreError>(page(&rows, closed, counts, at, today))
        })
        .await?;
    Staff { who: &who, here: Here::NOWHERE, title: "Incidents", notice: None }.ok(&app, &page)
}

/// An incident for samples, with the same text everywhere.
pub fn sample(text: &str, closed: bool) -> File {
    use crate::domain::ids::{IncidentId, VendorId};
    use crate::domain::incident::assessment::{Exclusion, Found};
    use crate::domain::incident::{
        Closed, Done, Hold, HoldKind, Incident, Known, Learned, Outcome, RiskAssessment, StepKind,
    };
    let on: NaiveDate = NaiveDate::default();
    let by = text.to_owned();
    let known = Known {
        vendor_knew_on: on.pred_opt(),
        vendor_knew_at: by.clone(),
        residents: [("OH".to_owned(), 700)].into(),
        hold: Some(Hold { kind: HoldKind::Oral, said_on: on, until: None }),
        contract_hours: Some(48),
        unreachable: Some(12),
        ..Known::told(on)
    };
    let found = Found {
        nature: by.clone(),
        recipient: by.clone(),
        acquired: by.clone(),
        mitigated: by.clone(),
        exclusion: Some(Exclusion::NotRetained),
        reason: by.clone(),
    };
    let step = StepKind::Individuals;
    File {
        incident: Incident {
            id: IncidentId::fresh(),
            vendor: VendorId::fresh(),
            notice: Some(crate::domain::ids::NoticeId::fresh()),
            learned: Learned::Notice,
            what: by.clone(),
            opened_on: on,
            opened_by: by.clone(),
            known,
            closed: closed.then(|| Closed { on, outcome: Outcome::NoBreach, by: by.clone(), reason: by.clone() }),
        },
        assessments: vec![RiskAssessment { version: 1, found, conclusion: Conclusion::Breach, by: by.clone(), on }],
        marks: vec![Done { step, on: Some(on), by: by.clone(), note: by, document: None, recorded_on: on }],
    }
}

impl Context for Incidents {
    const TEMPLATE: &'static str = "pages/incidents";
    fn samples() -> Vec<Self> {
        let today = NaiveDate::default();
        let hostile = "<script>alert(1)</script>";
        let long = "Long ".repeat(80);
        vec![
            page(&[], false, (0, 0), 1, today),
            page(&[], true, (0, 0), 1, today),
            page(
                &[(sample(hostile, false), hostile.to_owned()), (sample(&long, true), long.clone())],
                false,
                (300, 1),
                2,
                today,
            ),
        ]
    }
}
