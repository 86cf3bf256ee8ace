//! The overview: what is overdue, what is due, who is risky and who changed, with three
//! charts of the year. Everything on it is read at once and counted by the database.

mod cards;
mod pictures;
mod samples;

use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Serialize;

use self::cards::Card;
use super::setup::{self, SetupLine};
use crate::app::App;
use crate::domain::access::Scope;
use crate::domain::civil_date;
use crate::domain::flags::{FlagKind, Severity};
use crate::domain::ids::UserId;
use crate::domain::review::ReviewState;
use crate::domain::scoring::Rating;
use crate::domain::standing::Status;
use crate::domain::user::Need;
use crate::flows::sweep;
use crate::report::charts::{Bars, Line, grouped};
use crate::report::messages;
use crate::store;
use crate::store::flags::{self, About, Named, Shown};
use crate::store::vendor_list::{self, Counts, Due, Filter, Sort};
use crate::store::{Db, StoreError};
use crate::templates::Context;
use crate::web::Answered;
use crate::web::session::SignedIn;
use crate::web::view::{Here, Staff};

/// How many rows a card names.
const NAMED: i64 = 3;

/// What the overview is made of, as read on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    pub ratings: Vec<(Rating, u32)>,
    pub statuses: Vec<(Status, u32)>,
    pub overdue: Listed<vendor_list::Line>,
    pub soon: Listed<vendor_list::Line>,
    pub unassured: Listed<vendor_list::Line>,
    pub changed: Listed<Named>,
    /// Open flags of the gravest kind.
    pub urgent: u32,
    /// Incidents with a step that should be done already.
    pub incidents: u32,
    /// Replies that nobody has reviewed.
    pub to_review: u32,
    /// Vendors that would be asked now.
    pub askable: u32,
    /// Open flags at the end of each of the last months since the practice began; the last day
    /// is today.
    pub open_flags: Vec<(NaiveDate, u32)>,
}

/// The number of rows on another page, and the first of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    pub total: u32,
    pub first: Vec<T>,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { total: 0, first: Vec::new() }
    }
}

/// Reads the overview. The number of queries does not grow with the vendors.
///
/// # Errors
/// The database's.
pub fn look(conn: &mut Db, scope: &Scope, today: NaiveDate) -> Result<Overview, StoreError> {
    let Counts { ratings, statuses } = vendor_list::counts(conn, scope)?;
    if statuses.is_empty() {
        return Ok(Overview::default());
    }
    let practice = store::practices::one(conn, scope)?;
    let begun = practice.day(store::practices::added_at(conn, scope)?);
    let days: Vec<NaiveDate> = pictures::month_ends(today).into_iter().filter(|day| *day >= begun).collect();
    let since = days.first().copied().unwrap_or(today);
    let spans = flags::spans(conn, scope, since)?;
    Ok(Overview {
        ratings: ratings.into_iter().collect(),
        overdue: vendors(conn, scope, &Filter { due: Some(Due::Overdue), ..Filter::default() }, today)?,
        soon: vendors(conn, scope, &Filter { due: Some(Due::Soon), ..Filter::default() }, today)?,
        unassured: vendors(
            conn,
            scope,
            &Filter { unassured: true, sort: Some(Sort::Rating), ..Filter::default() },
            today,
        )?,
        changed: changed(conn, scope, today)?,
        urgent: flags::total(conn, scope, Shown::Open(today), About { kind: None, severity: Some(Severity::High) })?,
        incidents: flags::total(conn, scope, Shown::Open(today), Some(FlagKind::IncidentOverdue))?,
        to_review: vendor_list::total(
            conn,
            scope,
            &Filter { review: Some(ReviewState::Waiting), ..Filter::default() },
            today,
        )?,
        askable: sweep::askable(conn, &practice, today)?,
        open_flags: pictures::open_on(&days, &spans),
        statuses: statuses.into_iter().collect(),
    })
}

fn vendors(
    conn: &mut Db,
    scope: &Scope,
    filter: &Filter,
    today: NaiveDate,
) -> Result<Listed<vendor_list::Line>, StoreError> {
    let total = vendor_list::total(conn, scope, filter, today)?;
    if total == 0 {
        return Ok(Listed::default());
    }
    Ok(Listed { total, first: vendor_list::lines(conn, scope, filter, today, NAMED, 0)? })
}

/// Open flags that say that a vendor handles data differently.
fn changed(conn: &mut Db, scope: &Scope, today: NaiveDate) -> Result<Listed<Named>, StoreError> {
    let (shown, kind) = (Shown::Open(today), Some(FlagKind::Changed));
    let total = flags::total(conn, scope, shown, kind)?;
    if total == 0 {
        return Ok(Listed::default());
    }
    Ok(Listed { total, first: flags::list(conn, scope, shown, kind, NAMED, 0)? })
}

#[derive(Serialize)]
pub struct Dashboard {
    heading: String,
    as_of: String,
    summary: String,
    /// The words of the link to the flags that cannot wait.
    urgent: Option<String>,
    /// The words of the link to the incidents with a step that is overdue.
    incidents: Option<String>,
    /// The words of the link to the replies that wait for a review.
    to_review: Option<String>,
    /// The words of the button that leads to the round; `None` when nobody is to be asked.
    round: Option<String>,
    /// The same for whoever may not press it.
    due_says: Option<String>,
    may_ask: bool,
    any_vendors: bool,
    cards: Vec<Card>,
    ratings: Option<Bars>,
    replies: Option<Bars>,
    trend: Option<Line>,
    /// How far the first steps are, while they are not done.
    setup: Option<SetupLine>,
}

impl Context for Dashboard {
    const TEMPLATE: &'static str = "pages/dashboard";
    fn samples() -> Vec<Self> {
        samples::all()
    }
}

/// The page of an overview read on `today`.
pub fn page(overview: &Overview, today: NaiveDate) -> Dashboard {
    let total: u32 = overview.statuses.iter().map(|(_, count)| count).sum();
    let any_vendors = total > 0;
    Dashboard {
        heading: heading(overview, total),
        as_of: civil_date::say_with_day(today),
        summary: summary(overview, total),
        urgent: match overview.urgent {
            0 => None,
            1 => Some("1 flag to act on now".to_owned()),
            count => Some(format!("{} flags to act on now", number(count))),
        },
        incidents: match overview.incidents {
            0 => None,
            1 => Some("1 incident step is overdue".to_owned()),
            count => Some(format!("{} incident steps are overdue", number(count))),
        },
        to_review: match overview.to_review {
            0 => None,
            1 => Some("1 reply to review".to_owned()),
            count => Some(format!("{} replies to review", number(count))),
        },
        round: match overview.askable {
            0 => None,
            1 => Some("Ask 1 vendor now".to_owned()),
            count => Some(format!("Ask {} vendors now", number(count))),
        },
        due_says: match overview.askable {
            0 => None,
            1 => Some("1 vendor is due to be asked".to_owned()),
            count => Some(format!("{} vendors are due to be asked", number(count))),
        },
        may_ask: true,
        any_vendors,
        cards: if any_vendors { cards::all(overview, today) } else { Vec::new() },
        ratings: any_vendors.then(|| pictures::ratings(&overview.ratings)),
        replies: any_vendors.then(|| pictures::replies(&overview.statuses)),
        // One day is no course of time.
        trend: (any_vendors && overview.open_flags.len() > 1).then(|| pictures::trend(&overview.open_flags)),
        setup: None,
    }
}

/// The first thing to know, in words.
fn heading(overview: &Overview, vendors: u32) -> String {
    let counts = (overview.overdue.total, overview.unassured.total, overview.changed.total, overview.soon.total);
    match counts {
        _ if vendors == 0 => "Welcome to duecare".to_owned(),
        (1, ..) => "1 vendor is overdue".to_owned(),
        (overdue @ 2.., ..) => format!("{} vendors are overdue", number(overdue)),
        (0, 1, ..) => "1 risky vendor lacks assurance".to_owned(),
        (0, unassured @ 2.., ..) => format!("{} risky vendors lack assurance", number(unassured)),
        (0, 0, 1, _) => "1 change waits for a look".to_owned(),
        (0, 0, changes @ 2.., _) => format!("{} changes wait for a look", number(changes)),
        (0, 0, 0, 1..) => "Nothing is overdue".to_owned(),
        (0, 0, 0, 0) => "Nothing needs you today".to_owned(),
    }
}

fn summary(overview: &Overview, vendors: u32) -> String {
    let unasked = messages::in_order(&[Status::NotNeeded], &overview.statuses).iter().map(|(_, count)| count).sum();
    match (vendors, vendors.saturating_sub(unasked)) {
        (0, _) => "no vendors yet".to_owned(),
        (1, 1) => "1 vendor, asked every year".to_owned(),
        (1, _) => "1 vendor, not asked".to_owned(),
        (vendors, asked) if vendors == asked => format!("{} vendors, all asked every year", number(vendors)),
        (vendors, asked) => format!("{} vendors, {} of them asked every year", number(vendors), number(asked)),
    }
}

fn number(count: u32) -> String {
    grouped(count.into())
}

/// `GET /`
pub async fn show(app: Data<App>, who: SignedIn) -> Answered {
    let today = who.day(app.clock.now());
    let (scope, user, may_manage) = (who.scope, who.user, who.role.may(Need::Manage));
    let (overview, setup) = app
        .read_in(who.scope, move |conn| {
            let setup = if may_manage { first_steps(conn, &scope, user)? } else { None };
            Ok::<_, StoreError>((look(conn, &scope, today)?, setup))
        })
        .await?;
    let frame = Staff { who: &who, here: Here::DASHBOARD, title: "Overview", notice: None };
    let may_ask = who.role.may(Need::Change);
    frame.ok(&app, &Dashboard { setup, may_ask, ..page(&overview, today) })
}

/// The line about the first steps; a practice that never had any costs one row.
fn first_steps(conn: &mut Db, scope: &Scope, user: UserId) -> Result<Option<SetupLine>, StoreError> {
    let steps = store::practices::one(conn, scope)?.settings.setup;
    if !steps.is_shown() {
        return Ok(None);
    }
    Ok(setup::line(&steps, store::first_steps::seen(conn, scope, user)?))
}

#[cfg(test)]
mod tests;
