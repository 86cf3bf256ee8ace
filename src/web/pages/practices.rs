//! The practices that a person serves, side by side, and going over to another.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::passkey::with_cookie;
use super::words::counted;
use crate::app::App;
use crate::domain::access::Scope;
use crate::domain::ids::PracticeId;
use crate::flows::sign_in;
use crate::store::flags::{self, About, Shown};
use crate::store::people::{self, Served};
use crate::store::vendor_list::{self, Due, Filter};
use crate::store::{Db, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, inside};
use crate::web::session::{self, STAFF_COOKIE, SignedIn};
use crate::web::view::{Here, Staff};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct Practices {
    heading: String,
    rows: Vec<Row>,
    totals: Option<Vec<String>>,
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    role: &'static str,
    here: bool,
    numbers: Vec<Number>,
}

/// A number, and the page of the practice whose rows it counts.
#[derive(Serialize)]
struct Number {
    says: &'static str,
    count: u32,
    to: &'static str,
}

/// What the group is asked about each practice, as on the overview.
type Counts = [u32; 4];

const ASKED: [(&str, &str); 4] = [
    ("Overdue", "/vendors?due=overdue"),
    ("Due in 30 days", "/vendors?due=soon"),
    ("High risk without assurance", "/vendors?assurance=lacking"),
    ("Open flags", "/flags"),
];

fn count(conn: &mut Db, served: &Served, now: DateTime<Utc>) -> Result<Counts, StoreError> {
    let scope = Scope::Practice(served.practice);
    let today = now.with_timezone(&served.timezone).date_naive();
    let due = |due| Filter { due: Some(due), ..Filter::default() };
    Ok([
        vendor_list::total(conn, &scope, &due(Due::Overdue), today)?,
        vendor_list::total(conn, &scope, &due(Due::Soon), today)?,
        vendor_list::total(conn, &scope, &Filter { unassured: true, ..Filter::default() }, today)?,
        flags::total(conn, &scope, Shown::Open(today), About { kind: None, severity: None })?,
    ])
}

fn page(all: &[(Served, Counts)], here: Option<PracticeId>) -> Practices {
    let row = |(served, counts): &(Served, Counts)| Row {
        id: served.practice.to_string(),
        name: served.name.clone(),
        role: served.role.says(),
        here: Some(served.practice) == here,
        numbers: ASKED.iter().zip(counts).map(|((says, to), count)| Number { says, count: *count, to }).collect(),
    };
    let sum = |at: usize| all.iter().map(|(_, counts)| u64::from(counts[at])).sum::<u64>().to_string();
    Practices {
        heading: if all.len() == 1 {
            "Your practice".to_owned()
        } else {
            format!("Your {}", counted(all.len(), "practice"))
        },
        rows: all.iter().map(row).collect(),
        totals: (all.len() > 1).then(|| (0..ASKED.len()).map(sum).collect()),
    }
}

impl Context for Practices {
    const TEMPLATE: &'static str = "pages/practices";
    fn samples() -> Vec<Self> {
        let served = |name: &str| Served {
            practice: PracticeId::fresh(),
            name: name.to_owned(),
            timezone: chrono_tz::Tz::UTC,
            role: crate::domain::user::Role::Auditor,
        };
        let one = served("Maple");
        let here = Some(one.practice);
        vec![
            page(&[], None),
            page(&[(one.clone(), [0; 4])], here),
            page(
                &[(one, [1, 2, 3, 4]), (served("<script>"), [u32::MAX; 4]), (served(&"long ".repeat(40)), [0; 4])],
                here,
            ),
        ]
    }
}

/// GET `/practices`
pub async fn list(app: Data<App>, who: SignedIn) -> Answered {
    let (user, now) = (who.user, app.clock.now());
    let all = app
        .read(move |conn| {
            let served = people::served(conn, user)?;
            served
                .into_iter()
                .map(|one| count(conn, &one, now).map(|counts| (one, counts)))
                .collect::<Result<Vec<_>, StoreError>>()
        })
        .await?;
    let page = page(&all, who.scope.practice());
    Staff { who: &who, here: Here::NOWHERE, title: "Your practices", notice: None }.ok(&app, &page)
}

/// POST `/practices/{id}/open`
pub async fn open(app: Data<App>, who: SignedIn, request: HttpRequest, path: Path<String>, posted: Posted) -> Answered {
    let practice: PracticeId = id(&path)?;
    let next = inside(posted.text("next")).to_owned();
    let Some(cookie) = session::value(&request, STAFF_COOKIE) else { return Err(WebError::Forged) };
    if who.scope == Scope::Practice(practice) {
        return Ok(see_other(&next));
    }
    let (user, session, now) = (who.user, who.session, app.clock.now());
    let renewed = app.write(move |conn| sign_in::switch(conn, user, session, &cookie, practice, now)).await?;
    match renewed {
        Some(cookie) => Ok(with_cookie(see_other(&next), &cookie)),
        None => Err(WebError::NotFound),
    }
}
