//! Corrective actions, what was said about them, and the files that show them done.

mod listed;
mod thread;

pub use listed::{About, Counts, Named, Shown, counts, list, owners, total, vendors};
pub use thread::{attach, detach, files, is_attached, say, words};

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::schema::actions;
use super::{Db, StoreError, parsed, practice};
use crate::domain::access::Scope;
use crate::domain::action::{Action, ActionState};
use crate::domain::ids::{ActionId, VendorId};

#[derive(Queryable)]
pub(super) struct Row {
    _practice_id: String,
    id: String,
    vendor_id: String,
    assessment_id: String,
    slug: String,
    short: String,
    question: String,
    cites: String,
    shortfall: String,
    wanted: String,
    owner: String,
    due_on: NaiveDate,
    state: String,
    raised_on: NaiveDate,
    raised_by: String,
    by_rule: bool,
    asked_on: Option<NaiveDate>,
    reminded_on: Option<NaiveDate>,
    closed_on: Option<NaiveDate>,
}

fn value(row: Row) -> Result<Action, StoreError> {
    Ok(Action {
        id: parsed(&row.id)?,
        vendor: parsed(&row.vendor_id)?,
        assessment: parsed(&row.assessment_id)?,
        slug: row.slug,
        short: row.short,
        question: row.question,
        cites: row.cites,
        shortfall: parsed(&row.shortfall)?,
        wanted: row.wanted,
        owner: row.owner,
        due_on: row.due_on,
        state: parsed(&row.state)?,
        raised_on: row.raised_on,
        raised_by: row.raised_by,
        by_rule: row.by_rule,
        asked_on: row.asked_on,
        reminded_on: row.reminded_on,
        closed_on: row.closed_on,
    })
}

/// Keeps a new action.
///
/// # Errors
/// [`StoreError::Duplicate`] when one is open for the vendor and the question: look first, for
/// on PostgreSQL a refused insert spoils its transaction.
pub fn add(conn: &mut Db, scope: &Scope, new: &Action) -> Result<(), StoreError> {
    diesel::insert_into(actions::table)
        .values((
            actions::practice_id.eq(practice(scope)?),
            actions::id.eq(new.id.to_string()),
            actions::vendor_id.eq(new.vendor.to_string()),
            actions::assessment_id.eq(new.assessment.to_string()),
            (
                actions::slug.eq(&new.slug),
                actions::short.eq(&new.short),
                actions::question.eq(&new.question),
                actions::cites.eq(&new.cites),
                actions::shortfall.eq(new.shortfall.key()),
                actions::wanted.eq(&new.wanted),
                actions::owner.eq(&new.owner),
            ),
            actions::due_on.eq(new.due_on),
            actions::state.eq(new.state.key()),
            actions::raised_on.eq(new.raised_on),
            actions::raised_by.eq(&new.raised_by),
            actions::by_rule.eq(new.by_rule),
            actions::asked_on.eq(new.asked_on),
            actions::reminded_on.eq(new.reminded_on),
            actions::closed_on.eq(new.closed_on),
        ))
        .execute(conn)?;
    Ok(())
}

/// One action.
///
/// # Errors
/// The database's.
pub fn one(conn: &mut Db, scope: &Scope, id: ActionId) -> Result<Option<Action>, StoreError> {
    let row: Option<Row> = actions::table
        .filter(actions::practice_id.eq(practice(scope)?))
        .filter(actions::id.eq(id.to_string()))
        .get_result(conn)
        .optional()?;
    row.map(value).transpose()
}

/// The actions of a vendor: the open ones first, by the day they are due.
///
/// # Errors
/// The database's.
pub fn of_vendor(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<Action>, StoreError> {
    let rows: Vec<Row> = actions::table
        .filter(actions::practice_id.eq(practice(scope)?))
        .filter(actions::vendor_id.eq(vendor.to_string()))
        .order((actions::due_on, actions::id))
        .load(conn)?;
    let mut all: Vec<Action> = rows.into_iter().map(value).collect::<Result<_, _>>()?;
    all.sort_by_key(|one| one.state.is_closed());
    Ok(all)
}

/// Those of them that are not closed, by the day they are due.
///
/// # Errors
/// The database's.
pub fn open_of(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<Action>, StoreError> {
    let rows: Vec<Row> = actions::table
        .filter(actions::practice_id.eq(practice(scope)?))
        .filter(actions::vendor_id.eq(vendor.to_string()))
        .filter(actions::closed_on.is_null())
        .order((actions::due_on, actions::id))
        .load(conn)?;
    rows.into_iter().map(value).collect()
}

/// Writes an action that is not closed anew; false when it was closed meanwhile.
///
/// # Errors
/// The database's.
pub fn save(conn: &mut Db, scope: &Scope, now: &Action) -> Result<bool, StoreError> {
    let saved = diesel::update(
        actions::table
            .filter(actions::practice_id.eq(practice(scope)?))
            .filter(actions::id.eq(now.id.to_string()))
            .filter(actions::closed_on.is_null()),
    )
    .set((
        actions::wanted.eq(&now.wanted),
        actions::owner.eq(&now.owner),
        actions::due_on.eq(now.due_on),
        actions::state.eq(now.state.key()),
        actions::asked_on.eq(now.asked_on),
        actions::reminded_on.eq(now.reminded_on),
        actions::closed_on.eq(now.closed_on),
    ))
    .execute(conn)?;
    Ok(saved == 1)
}

/// The vendors that an open action waits for: the sweep looks at these for letters.
///
/// # Errors
/// The database's.
pub fn waited_for(conn: &mut Db, scope: &Scope) -> Result<Vec<VendorId>, StoreError> {
    let waiting = [ActionState::Open, ActionState::SentBack].map(ActionState::key);
    let ids: Vec<String> = actions::table
        .filter(actions::practice_id.eq(practice(scope)?))
        .filter(actions::state.eq_any(waiting))
        .select(actions::vendor_id)
        .distinct()
        .load(conn)?;
    ids.iter().map(|id| parsed(id)).collect()
}

/// Forgets that the vendor was written to, as another mailbox gets its letters now.
///
/// # Errors
/// The database's.
pub fn unask(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<(), StoreError> {
    diesel::update(
        actions::table
            .filter(actions::practice_id.eq(practice(scope)?))
            .filter(actions::vendor_id.eq(vendor.to_string()))
            .filter(actions::closed_on.is_null()),
    )
    .set((actions::asked_on.eq(None::<NaiveDate>), actions::reminded_on.eq(None::<NaiveDate>)))
    .execute(conn)?;
    Ok(())
}

/// Moves the actions of one vendor to another. Of two open ones for one question, the moved one
/// is cancelled.
pub(super) fn move_to(conn: &mut Db, of: &str, from: &str, into: &str, on: NaiveDate) -> Result<(), StoreError> {
    let open = |vendor: &str| {
        actions::table
            .filter(actions::practice_id.eq(of.to_owned()))
            .filter(actions::vendor_id.eq(vendor.to_owned()))
            .filter(actions::closed_on.is_null())
            .select((actions::id, actions::slug))
    };
    let mine: Vec<(String, String)> = open(into).load(conn)?;
    let mine: BTreeSet<String> = mine.into_iter().map(|(_, slug)| slug).collect();
    let theirs: Vec<(String, String)> = open(from).load(conn)?;
    let double = theirs.into_iter().filter(|(_, slug)| mine.contains(slug)).map(|(id, _)| id);
    diesel::update(
        actions::table.filter(actions::practice_id.eq(of)).filter(actions::id.eq_any(double.collect::<Vec<_>>())),
    )
    .set((actions::state.eq(ActionState::Cancelled.key()), actions::closed_on.eq(Some(on))))
    .execute(conn)?;
    diesel::update(actions::table.filter(actions::practice_id.eq(of)).filter(actions::vendor_id.eq(from)))
        .set(actions::vendor_id.eq(into))
        .execute(conn)?;
    Ok(())
}
