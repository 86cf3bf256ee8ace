//! Work on many vendors at once: first a page with the count and the names, then the work,
//! then a line with an Undo button above the list.

mod samples;

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;

use super::filters::{Choosing, asked_by, list_at, query_of};
use crate::app::App;
use crate::domain::access::Scope;
use crate::domain::bulk::{self as rules, BulkAct, Change};
use crate::domain::ids::{BulkChangeId, VendorId};
use crate::domain::vendor::FieldFault;
use crate::flows::bulk::{self, Press};
use crate::store::vendor_list::offered::{Values, offered};
use crate::store::vendor_list::{self, Filter};
use crate::store::{self, Db, StoreError};
use crate::web::form::{Posted, id};
use crate::web::pages::words;
use crate::web::session::SignedIn;
use crate::web::view::{Crumb, ErrorLine, Here, Staff, crumbs};
use crate::web::{Answered, WebError, see_other};

/// Names shown on the page that asks whether to go on.
const NAMED: i64 = 20;

#[derive(Serialize)]
pub struct BulkPage {
    crumbs: Vec<Crumb>,
    errors: Vec<ErrorLine>,
    heading: String,
    explains: &'static str,
    /// Said when the list has changed since it was looked at.
    changed: Option<String>,
    id: String,
    act: &'static str,
    view: String,
    all: bool,
    count: usize,
    picks: Vec<String>,
    names: Vec<String>,
    more: Option<String>,
    /// How many get a letter, and why the others do not; only where vendors are asked.
    letters: Option<String>,
    not: Vec<String>,
    text: Option<TextField>,
    months: Vec<Choosing>,
    error: Option<String>,
    /// `None` where pressing would do nothing.
    button: Option<String>,
    back: String,
}

/// The owner or the tag to be written.
#[derive(Serialize)]
struct TextField {
    label: &'static str,
    hint: &'static str,
    value: String,
    known: Vec<String>,
}

/// The choices of what to do.
pub fn acts(chosen: Option<BulkAct>) -> Vec<Choosing> {
    let choosing = |act: &BulkAct| Choosing {
        value: act.key().to_owned(),
        label: act.says().to_owned(),
        checked: chosen == Some(*act),
    };
    BulkAct::ALL.iter().map(choosing).collect()
}

/// What a form has chosen.
#[derive(Clone, Debug)]
struct Chosen {
    act: BulkAct,
    filter: Filter,
    /// All that match the filter, and not only those picked.
    all: bool,
    picks: Vec<VendorId>,
}

impl Chosen {
    /// An id that is none is passed over, as one of another practice is.
    fn read(posted: &Posted) -> Result<Self, WebError> {
        let act = posted.text("act").parse().map_err(|_| WebError::Unreadable("no such work".to_owned()))?;
        let mut picks: Vec<VendorId> = posted.all("pick").filter_map(|pick| pick.parse().ok()).collect();
        picks.sort_unstable();
        picks.dedup();
        Ok(Self { act, filter: asked_by(posted.text("view")).filter, all: posted.is_ticked("all"), picks })
    }

    fn view(&self) -> String {
        query_of(&self.filter, "", None)
    }
}

/// How many they are, the first names, and what the fields offer.
struct Facts {
    picks: Vec<VendorId>,
    count: usize,
    names: Vec<String>,
    known: Vec<String>,
    /// How many would get a letter, and why the others would not.
    asked: Option<(usize, BTreeMap<String, usize>)>,
}

fn load(conn: &mut Db, scope: &Scope, chosen: &Chosen, today: chrono::NaiveDate) -> Result<Facts, StoreError> {
    let known = match chosen.act {
        BulkAct::Owner => offered(conn, scope)?.owners,
        BulkAct::Tag | BulkAct::Untag => offered(conn, scope)?.tags,
        _ => Values::Many,
    };
    let known = match known {
        Values::Few(values) => values.into_iter().filter(|value| !value.is_empty()).collect(),
        Values::Many => Vec::new(),
    };
    let asked = match chosen.act {
        BulkAct::Ask => {
            let ids = match chosen.all {
                true => vendor_list::ids(conn, scope, &chosen.filter, today)?,
                false => vendor_list::named(conn, scope, &chosen.picks)?.into_iter().map(|(id, _)| id).collect(),
            };
            Some(bulk::foresee(conn, scope, &ids, today)?)
        }
        _ => None,
    };
    if chosen.all {
        let count = vendor_list::total(conn, scope, &chosen.filter, today)? as usize;
        let lines = vendor_list::lines(conn, scope, &chosen.filter, today, NAMED, 0)?;
        let names = lines.into_iter().map(|line| line.name).collect();
        return Ok(Facts { picks: Vec::new(), count, names, known, asked });
    }
    let named = vendor_list::named(conn, scope, &chosen.picks)?;
    let names = named.iter().take(NAMED as usize).map(|(_, name)| name.clone()).collect();
    Ok(Facts { count: named.len(), picks: named.into_iter().map(|(id, _)| id).collect(), names, known, asked })
}

fn heading(act: BulkAct, count: usize) -> String {
    let vendors = words::counted(count, "vendor");
    match act {
        BulkAct::Owner => format!("Set the owner of {vendors}"),
        BulkAct::Tag => format!("Add a tag to {vendors}"),
        BulkAct::Untag => format!("Remove a tag from {vendors}"),
        BulkAct::Cadence => format!("Set how often {vendors} {} asked", if count == 1 { "is" } else { "are" }),
        BulkAct::Suspend => format!("Suspend {vendors}"),
        BulkAct::Resume => format!("Make {vendors} active again"),
        BulkAct::Ask => format!("Ask {vendors} now"),
    }
}

const fn explains(act: BulkAct) -> &'static str {
    match act {
        BulkAct::Owner => "The owner is the person here who looks after the vendor.",
        BulkAct::Tag | BulkAct::Untag => {
            "Tags are your own words for groups of vendors. The list can be filtered by them."
        }
        BulkAct::Cadence => "Good practice is at least once a year. Riskier vendors may be asked more often.",
        BulkAct::Suspend => {
            "A suspended vendor is not asked until it is made active again. Vendors that end or have ended are left as they are."
        }
        BulkAct::Resume => "Vendors that are not suspended are left as they are.",
        BulkAct::Ask => "Each gets one letter with a link of its own.",
    }
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    value: String,
    fault: Option<FieldFault>,
    changed: Option<String>,
}

fn page(chosen: &Chosen, facts: Facts, id: BulkChangeId, typed: Typed) -> BulkPage {
    let heading = heading(chosen.act, facts.count);
    let error = typed.fault.map(|fault| words::capital(&fault.to_string()));
    let view = chosen.view();
    let field = |label, hint| Some(TextField { label, hint, value: typed.value.clone(), known: facts.known.clone() });
    let month = |value: String, label: String| Choosing { checked: typed.value == value, value, label };
    BulkPage {
        crumbs: crumbs(&[("Vendors", Some(&list_at(&view))), (&heading, None)]),
        errors: error.iter().map(|says| ErrorLine { at: "value".to_owned(), says: says.clone() }).collect(),
        error,
        explains: explains(chosen.act),
        changed: typed.changed,
        id: id.to_string(),
        act: chosen.act.key(),
        back: list_at(&view),
        view,
        all: chosen.all,
        count: facts.count,
        picks: facts.picks.iter().map(VendorId::to_string).collect(),
        more: facts
            .count
            .checked_sub(facts.names.len())
            .filter(|more| *more > 0)
            .map(|more| format!("and {more} more")),
        names: facts.names,
        text: match chosen.act {
            BulkAct::Owner => field("Owner", "Leave it empty to take the owner away."),
            BulkAct::Tag => field("Tag to add", "A word or two, such as west clinic."),
            BulkAct::Untag => field("Tag to remove", "As it is written on the list."),
            _ => None,
        },
        months: match chosen.act {
            BulkAct::Cadence => std::iter::once(month("tier".to_owned(), "As often as the tier says".to_owned()))
                .chain(
                    rules::MONTHS
                        .rev()
                        .map(|months| month(months.to_string(), words::capital(&rules::every(Some(months))))),
                )
                .collect(),
            _ => Vec::new(),
        },
        button: match facts.asked.as_ref().map(|(letters, _)| *letters) {
            None => Some(heading.clone()),
            Some(0) => None,
            Some(letters) => Some(self::heading(BulkAct::Ask, letters)),
        },
        letters: facts.asked.as_ref().map(|(letters, _)| match *letters {
            0 => "Nobody of these gets a letter.".to_owned(),
            1 => "1 vendor gets a letter.".to_owned(),
            more => format!("{more} vendors get a letter."),
        }),
        not: facts.asked.iter().flat_map(|(_, not)| not).map(|(why, count)| format!("{count}: {why}")).collect(),
        heading,
    }
}

async fn show(app: &App, who: &SignedIn, chosen: Chosen, id: BulkChangeId, typed: Typed) -> Answered {
    let (scope, today, asked) = (who.scope, who.day(app.clock.now()), chosen.clone());
    let facts = app.read_in(who.scope, move |conn| load(conn, &scope, &asked, today)).await?;
    if facts.count == 0 {
        return Ok(see_other(&with(&chosen.view(), "none")));
    }
    let (status, start) = match (&typed.fault, &typed.changed) {
        (None, None) => (StatusCode::OK, ""),
        _ => (StatusCode::UNPROCESSABLE_ENTITY, "Error: "),
    };
    let content = page(&chosen, facts, id, typed);
    let title = format!("{start}{}", content.heading);
    Staff { who, here: Here::VENDORS, title: &title, notice: None }.show(app, status, &content)
}

/// The list's address, with a word about what was done.
fn with(view: &str, word: &str) -> String {
    format!("/vendors?{view}{}bulk={word}", if view.is_empty() { "" } else { "&" })
}

/// POST `/vendors/bulk`: shows what would be done. Changes nothing.
pub async fn choose(app: Data<App>, who: SignedIn, posted: Posted) -> Answered {
    let chosen = Chosen::read(&posted)?;
    show(&app, &who, chosen, BulkChangeId::fresh(), Typed::default()).await
}

/// POST `/vendors/bulk/do`: does it, once however often it is pressed.
pub async fn act(app: Data<App>, who: SignedIn, posted: Posted) -> Answered {
    let chosen = Chosen::read(&posted)?;
    let press: BulkChangeId = posted.text("id").parse().map_err(|_| WebError::Unreadable("no press".to_owned()))?;
    let value = posted.text("value").to_owned();
    let change = match Change::read(chosen.act, &value) {
        Ok(change) => change,
        Err(fault) => {
            let typed = Typed { value, fault: Some(fault), changed: None };
            return show(&app, &who, chosen, press, typed).await;
        }
    };
    let now = app.clock.now();
    let (scope, today, wanted) = (who.scope, who.day(now), chosen.clone());
    let (before, ids) = app
        .read_in(who.scope, move |conn| {
            let before = store::bulk_changes::one(conn, &scope, press)?;
            let ids = match wanted.all {
                true => vendor_list::ids(conn, &scope, &wanted.filter, today)?,
                false => vendor_list::named(conn, &scope, &wanted.picks)?.into_iter().map(|(id, _)| id).collect(),
            };
            Ok::<_, StoreError>((before, ids))
        })
        .await?;
    let done = with(&chosen.view(), &press.to_string());
    if before.is_some() {
        return Ok(see_other(&done));
    }
    if chosen.all && posted.text("count") != ids.len().to_string() {
        let changed =
            Some(format!("The list has changed meanwhile: now {} match.", words::counted(ids.len(), "vendor")));
        return show(&app, &who, chosen, press, Typed { value, fault: None, changed }).await;
    }
    if ids.is_empty() {
        return Ok(see_other(&with(&chosen.view(), "none")));
    }
    perform(&app, &who, press, change, ids).await?;
    app.post.notify_one();
    Ok(see_other(&done))
}

async fn perform(
    app: &App,
    who: &SignedIn,
    id: BulkChangeId,
    change: Option<Change>,
    ids: Vec<VendorId>,
) -> Result<(), WebError> {
    let (store, office, scope, now) = (app.store.clone(), app.office.clone(), who.scope, app.clock.now());
    let (user, by) = (who.user, who.actor());
    let work = move || {
        let press = Press { id, user, by: &by, now };
        let practice = store.read_in(&scope, |conn| store::practices::one(conn, &scope))?;
        match change {
            None => bulk::ask(&store, &office, &practice, &press, &ids),
            Some(change) => {
                let done = store.write_in(&scope, |conn| bulk::change(conn, &office, &practice, &press, &change, &ids));
                // The same button, pressed twice at the same moment.
                if matches!(done, Err(StoreError::Duplicate)) { Ok(()) } else { done }
            }
        }
    };
    Ok(tokio::task::spawn_blocking(work).await.map_err(|error| StoreError::Unavailable(error.to_string()))??)
}

/// POST `/vendors/bulk/{id}/undo`
pub async fn undo(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let made: BulkChangeId = id(&path)?;
    let (office, scope, by, now) = (app.office.clone(), who.scope, who.actor(), app.clock.now());
    let found = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            bulk::undo(conn, &office, &practice, made, &by, now)
        })
        .await?;
    if !found {
        return Err(WebError::NotFound);
    }
    let view = query_of(&asked_by(posted.text("view")).filter, "", None);
    Ok(see_other(&with(&view, &made.to_string())))
}
