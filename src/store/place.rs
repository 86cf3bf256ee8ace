//! Where a vendor is: in its life, in the archive, under another vendor, in a country.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::schema::{contacts, vendors};
use super::{Db, StoreError, parsed, practice, stored};
use crate::domain::access::Scope;
use crate::domain::duplicates::Face;
use crate::domain::ids::VendorId;
use crate::domain::life::{Life, Place};

macro_rules! the_one {
    ($scope:expr, $id:expr) => {
        vendors::table.filter(vendors::practice_id.eq(practice($scope)?)).filter(vendors::id.eq($id.to_string()))
    };
}

/// Where a vendor is; `None` when there is none of that id.
///
/// # Errors
/// The database's.
pub fn of(conn: &mut Db, scope: &Scope, id: VendorId) -> Result<Option<Place>, StoreError> {
    type Row = (String, Option<NaiveDateTime>, Option<String>, Option<String>, String);
    let row: Option<Row> = the_one!(scope, id)
        .select((vendors::life, vendors::archived_at, vendors::merged_into, vendors::parent_id, vendors::country))
        .get_result(conn)
        .optional()?;
    row.map(|(life, archived_at, merged_into, parent, country)| {
        Ok(Place {
            life: parsed(&life)?,
            archived_at: archived_at.map(|at| at.and_utc()),
            merged_into: merged_into.as_deref().map(parsed).transpose()?,
            parent: parent.as_deref().map(parsed).transpose()?,
            country,
        })
    })
    .transpose()
}

/// # Errors
/// The database's.
pub fn set_life(conn: &mut Db, scope: &Scope, id: VendorId, life: Life, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(the_one!(scope, id))
        .set((vendors::life.eq(life.key()), vendors::updated_at.eq(stored(now))))
        .execute(conn)?;
    Ok(())
}

/// Puts a vendor into the archive, or takes it out.
///
/// # Errors
/// The database's.
pub fn set_archived(
    conn: &mut Db,
    scope: &Scope,
    id: VendorId,
    at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::update(the_one!(scope, id))
        .set((vendors::archived_at.eq(at.map(stored)), vendors::updated_at.eq(stored(now))))
        .execute(conn)?;
    Ok(())
}

/// # Errors
/// The database's.
pub fn set_parent(
    conn: &mut Db,
    scope: &Scope,
    id: VendorId,
    parent: Option<VendorId>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::update(the_one!(scope, id))
        .set((vendors::parent_id.eq(parent.map(|id| id.to_string())), vendors::updated_at.eq(stored(now))))
        .execute(conn)?;
    Ok(())
}

/// # Errors
/// The database's.
pub fn set_country(
    conn: &mut Db,
    scope: &Scope,
    id: VendorId,
    country: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::update(the_one!(scope, id))
        .set((vendors::country.eq(country), vendors::updated_at.eq(stored(now))))
        .execute(conn)?;
    Ok(())
}

/// What the vendors that are not archived are told apart by, in order of their names.
///
/// # Errors
/// The database's.
pub fn faces(conn: &mut Db, scope: &Scope) -> Result<Vec<Face>, StoreError> {
    let rows: Vec<(String, String, Option<String>, Option<String>)> = vendors::table
        .left_join(
            contacts::table.on(contacts::practice_id
                .eq(vendors::practice_id)
                .and(contacts::vendor_id.eq(vendors::id))
                .and(contacts::preferred.eq(true))),
        )
        .filter(vendors::practice_id.eq(practice(scope)?))
        .filter(vendors::archived_at.is_null())
        .order((vendors::name_key, vendors::id))
        .select((vendors::id, vendors::name, vendors::website, contacts::email.nullable()))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, name, website, email)| {
            Ok(Face { id: parsed(&id)?, name, website, email: email.map(|email| email.to_lowercase()) })
        })
        .collect()
}
