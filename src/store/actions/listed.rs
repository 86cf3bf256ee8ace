//! The actions of a practice as a list: narrowed, counted, page by page.

use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::{Row, value};
use crate::domain::access::Scope;
use crate::domain::action::{Action, ActionState};
use crate::domain::ids::VendorId;
use crate::store::schema::{actions, vendors};
use crate::store::{Db, StoreError, practice};

/// Which actions are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// All that are not closed.
    #[default]
    Open,
    Overdue,
    In(ActionState),
    All,
}

/// Which of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub owner: Option<String>,
    pub vendor: Option<VendorId>,
}

/// An action with its vendor's name.
pub type Named = (Action, String);

macro_rules! narrowed {
    ($query:expr, $scope:expr, $shown:expr, $about:expr, $today:expr) => {{
        let mut query = $query.filter(actions::practice_id.eq(practice($scope)?)).into_boxed();
        let waiting = [ActionState::Open, ActionState::SentBack].map(ActionState::key);
        query = match $shown {
            Shown::All => query,
            Shown::Open => query.filter(actions::closed_on.is_null()),
            Shown::Overdue => query.filter(actions::state.eq_any(waiting)).filter(actions::due_on.lt($today)),
            Shown::In(state) => query.filter(actions::state.eq(state.key())),
        };
        if let Some(owner) = $about.owner.clone() {
            query = query.filter(actions::owner.eq(owner));
        }
        if let Some(vendor) = $about.vendor {
            query = query.filter(actions::vendor_id.eq(vendor.to_string()));
        }
        query
    }};
}

/// Actions of the practice by the day they are due; closed ones, the newest first.
///
/// # Errors
/// The database's.
pub fn list(
    conn: &mut Db,
    scope: &Scope,
    shown: Shown,
    about: &About,
    today: NaiveDate,
    (limit, offset): (i64, i64),
) -> Result<Vec<Named>, StoreError> {
    let joined = actions::table
        .inner_join(
            vendors::table.on(vendors::practice_id.eq(actions::practice_id).and(vendors::id.eq(actions::vendor_id))),
        )
        .select((actions::all_columns, vendors::name));
    let query = narrowed!(joined, scope, shown, about, today);
    let rows: Vec<(Row, String)> = query
        .order((actions::closed_on.is_not_null(), actions::due_on, vendors::name_key, actions::id))
        .limit(limit)
        .offset(offset)
        .load(conn)?;
    rows.into_iter().map(|(row, name)| Ok((value(row)?, name))).collect()
}

/// How many actions such a list has.
///
/// # Errors
/// The database's.
pub fn total(conn: &mut Db, scope: &Scope, shown: Shown, about: &About, today: NaiveDate) -> Result<u32, StoreError> {
    let found: i64 = narrowed!(actions::table.select(count_star()), scope, shown, about, today).get_result(conn)?;
    Ok(u32::try_from(found).unwrap_or(u32::MAX))
}

/// How many there are, for the links above the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub open: u32,
    pub overdue: u32,
    pub answered: u32,
    pub done: u32,
}

/// Counts what the links above the list lead to.
///
/// # Errors
/// The database's.
pub fn counts(conn: &mut Db, scope: &Scope, about: &About, today: NaiveDate) -> Result<Counts, StoreError> {
    Ok(Counts {
        open: total(conn, scope, Shown::Open, about, today)?,
        overdue: total(conn, scope, Shown::Overdue, about, today)?,
        answered: total(conn, scope, Shown::In(ActionState::Answered), about, today)?,
        done: total(conn, scope, Shown::In(ActionState::Done), about, today)?,
    })
}

/// Who sees to any of them, in order.
///
/// # Errors
/// The database's.
pub fn owners(conn: &mut Db, scope: &Scope) -> Result<Vec<String>, StoreError> {
    Ok(actions::table
        .filter(actions::practice_id.eq(practice(scope)?))
        .select(actions::owner)
        .distinct()
        .order(actions::owner)
        .load(conn)?)
}

/// The vendors with any of them, by id and name, in order of the names.
///
/// # Errors
/// The database's.
pub fn vendors(conn: &mut Db, scope: &Scope) -> Result<Vec<(String, String)>, StoreError> {
    let of = practice(scope)?;
    let with_any = actions::table.filter(actions::practice_id.eq(&of)).select(actions::vendor_id);
    Ok(vendors::table
        .filter(vendors::practice_id.eq(&of))
        .filter(vendors::id.eq_any(with_any))
        .order((vendors::name_key, vendors::id))
        .select((vendors::id, vendors::name))
        .load(conn)?)
}
