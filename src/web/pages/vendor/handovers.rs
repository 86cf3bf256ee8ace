//! On the vendor's page: somebody there says that someone else should answer, and the one
//! press that makes it so.

use actix_web::web::{Data, Path};
use serde::Serialize;

use crate::app::App;
use crate::domain::assessment::Assessment;
use crate::domain::civil_date;
use crate::domain::handover::Handover;
use crate::domain::ids::{HandoverId, VendorId};
use crate::domain::user::Need;
use crate::flows::handover::{self as flow, SettleError};
use crate::store::{self, Db, StoreError};
use crate::web::form::{Posted, id};
use crate::web::session::SignedIn;
use crate::web::{Answered, WebError, see_other};

#[derive(Clone, Debug, Default, Serialize)]
pub struct HandoverSection {
    may_change: bool,
    said: Vec<Line>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    id: String,
    by: String,
    on: String,
    who: Option<String>,
    /// The name, or else the address.
    called: Option<String>,
    why: Option<String>,
    passed_on: bool,
    /// May be taken with one press.
    takes: bool,
}

impl HandoverSection {
    /// What is open of it, about the questionnaire that is open.
    ///
    /// # Errors
    /// The database's.
    pub fn load(conn: &mut Db, who: &SignedIn, vendor: VendorId) -> Result<Self, StoreError> {
        let said = store::handovers::unsettled(conn, &who.scope, vendor)?;
        if said.is_empty() {
            return Ok(Self::default());
        }
        let open = store::assessments::of_vendor(conn, &who.scope, vendor)?.into_iter().find(Assessment::is_open);
        let preferred = store::contacts::preferred(conn, &who.scope, vendor)?.and_then(|one| one.details.email);
        let counts = |one: &&Handover| {
            open.as_ref().is_some_and(|open| open.id == one.assessment) && one.fact(preferred.as_deref()).is_some()
        };
        let line = |one: &Handover| Line {
            id: one.id.to_string(),
            by: one.said_by.clone(),
            on: civil_date::say(who.day(one.said_at)),
            who: one.who(),
            called: Some(one.name.clone()).filter(|name| !name.is_empty()).or_else(|| one.email.clone()),
            why: Some(one.why.clone()).filter(|why| !why.is_empty()),
            passed_on: one.passed_on,
            takes: !one.passed_on && one.email.is_some(),
        };
        Ok(Self { may_change: who.role.may(Need::Change), said: said.iter().filter(counts).map(line).collect() })
    }

    pub fn sample(text: &str) -> Self {
        let line = |passed_on| Line {
            id: "1".to_owned(),
            by: text.to_owned(),
            on: "November 22, 2026".to_owned(),
            who: Some(text.to_owned()),
            called: Some(text.to_owned()),
            why: Some(text.to_owned()),
            passed_on,
            takes: !passed_on,
        };
        Self { may_change: true, said: vec![line(true), line(false)] }
    }
}

/// POST `/handovers/{id}/take`
pub async fn take(app: Data<App>, who: SignedIn, path: Path<String>, _posted: Posted) -> Answered {
    settle(&app, &who, &path, true).await
}

/// POST `/handovers/{id}/noted`
pub async fn noted(app: Data<App>, who: SignedIn, path: Path<String>, _posted: Posted) -> Answered {
    settle(&app, &who, &path, false).await
}

async fn settle(app: &App, who: &SignedIn, path: &str, take: bool) -> Answered {
    let one: HandoverId = id(path)?;
    let (office, now, scope, by) = (app.office.clone(), app.clock.now(), who.scope, who.actor());
    let settled = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            flow::settle(conn, &office, &practice, one, take, &by, now)
        })
        .await;
    match settled {
        Ok(handover) => {
            app.post.notify_one();
            let word = if take { "moved" } else { "saved" };
            Ok(see_other(&format!("/vendors/{}?done={word}", handover.vendor)))
        }
        Err(SettleError::Nobody) => Err(WebError::NotFound),
        Err(SettleError::NotReachable) => {
            let scope = who.scope;
            let handover = app.read_in(scope, move |conn| store::handovers::one(conn, &scope, one)).await?;
            let vendor = handover.ok_or(WebError::NotFound)?.vendor;
            Ok(see_other(&format!("/vendors/{vendor}?done=address-unusable")))
        }
        Err(SettleError::Store(error)) => Err(error.into()),
    }
}
