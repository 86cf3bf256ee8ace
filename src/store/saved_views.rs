//! Searches of the vendor list that a person has given a name.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::schema::saved_views;
use super::{Db, StoreError, parsed, practice, stored};
use crate::domain::access::Scope;
use crate::domain::ids::{SavedViewId, UserId};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    pub id: SavedViewId,
    pub name: String,
    /// The part of the address after the question mark.
    pub query: String,
}

/// A person's own, by name.
pub fn of_user(conn: &mut Db, scope: &Scope, user: UserId) -> Result<Vec<SavedView>, StoreError> {
    let rows: Vec<(String, String, String)> = saved_views::table
        .filter(saved_views::practice_id.eq(practice(scope)?))
        .filter(saved_views::user_id.eq(user.to_string()))
        .select((saved_views::id, saved_views::name, saved_views::query))
        .order(saved_views::name)
        .load(conn)?;
    rows.into_iter().map(|(id, name, query)| Ok(SavedView { id: parsed(&id)?, name, query })).collect()
}

/// Keeps a search under a name.
///
/// # Errors
/// [`StoreError::Duplicate`] when the person has one of that name.
pub fn add(conn: &mut Db, scope: &Scope, user: UserId, view: &SavedView, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(saved_views::table)
        .values((
            saved_views::practice_id.eq(practice(scope)?),
            saved_views::id.eq(view.id.to_string()),
            saved_views::user_id.eq(user.to_string()),
            saved_views::name.eq(&view.name),
            saved_views::query.eq(&view.query),
            saved_views::made_at.eq(stored(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes a view anew; false when the person has none of that id.
///
/// # Errors
/// [`StoreError::Duplicate`] when the person has another of that name.
pub fn change(conn: &mut Db, scope: &Scope, user: UserId, view: &SavedView) -> Result<bool, StoreError> {
    let changed = diesel::update(
        saved_views::table
            .filter(saved_views::practice_id.eq(practice(scope)?))
            .filter(saved_views::user_id.eq(user.to_string()))
            .filter(saved_views::id.eq(view.id.to_string())),
    )
    .set((saved_views::name.eq(&view.name), saved_views::query.eq(&view.query)))
    .execute(conn)?;
    Ok(changed == 1)
}

/// Forgets a view; false when the person has none of that id.
pub fn remove(conn: &mut Db, scope: &Scope, user: UserId, id: SavedViewId) -> Result<bool, StoreError> {
    let removed = diesel::delete(
        saved_views::table
            .filter(saved_views::practice_id.eq(practice(scope)?))
            .filter(saved_views::user_id.eq(user.to_string()))
            .filter(saved_views::id.eq(id.to_string())),
    )
    .execute(conn)?;
    Ok(removed == 1)
}
