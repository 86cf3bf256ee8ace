//! Changes to many vendors at once: the rows they hold, what they set, and what was there
//! before.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::schema::{bulk_changes, vendors};
use super::{Db, StoreError, from_json, parsed, practice, stored, tags, to_json};
use crate::domain::access::Scope;
use crate::domain::bulk::{BulkAct, Current, Kept};
use crate::domain::ids::{BulkChangeId, UserId, VendorId};

/// Rows named in one query: SQLite takes no more than 32,766 values.
const AT_ONCE: usize = 500;

/// A change that was made, or is being made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkChange {
    pub id: BulkChangeId,
    pub act: BulkAct,
    /// What came of it, as sentences.
    pub says: String,
    pub before: Vec<Kept>,
    pub made_at: DateTime<Utc>,
    pub undone: bool,
}

type Row = (String, Option<i32>, String, String, Option<NaiveDateTime>, String);

/// Those of these vendors that the practice has, in the order of their ids. They and those
/// above them, which are judged with them, are held until the transaction ends, in one order,
/// so that two changes never wait for each other.
pub fn hold(conn: &mut Db, scope: &Scope, ids: &[VendorId]) -> Result<Vec<Current>, StoreError> {
    super::tree::hold(conn, scope, ids)?;
    let of = practice(scope)?;
    let mut ids: Vec<String> = ids.iter().map(VendorId::to_string).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        let rows: Vec<Row> = vendors::table
            .filter(vendors::practice_id.eq(&of))
            .filter(vendors::id.eq_any(some))
            .order(vendors::id)
            .select((vendors::owner, vendors::cadence, vendors::life, vendors::name, vendors::archived_at, vendors::id))
            .load(conn)?;
        found.extend(rows);
    }
    let found_ids = found.iter().map(|row| parsed(&row.5)).collect::<Result<Vec<VendorId>, _>>()?;
    let mut tags = tags::of_these(conn, scope, &found_ids)?;
    let current = |((owner, cadence, life, name, archived_at, _), id): (Row, VendorId)| {
        let tags = tags.remove(&id).unwrap_or_default();
        Ok(Current { id, name, owner, cadence, life: parsed(&life)?, archived: archived_at.is_some(), tags })
    };
    found.into_iter().zip(found_ids).map(current).collect()
}

pub fn set_owner(conn: &mut Db, scope: &Scope, id: VendorId, owner: &str) -> Result<(), StoreError> {
    diesel::update(
        vendors::table.filter(vendors::practice_id.eq(practice(scope)?)).filter(vendors::id.eq(id.to_string())),
    )
    .set(vendors::owner.eq(owner))
    .execute(conn)?;
    Ok(())
}

/// Months between questionnaires; `None` as the tier says.
pub fn set_cadence(conn: &mut Db, scope: &Scope, id: VendorId, months: Option<i32>) -> Result<(), StoreError> {
    diesel::update(
        vendors::table.filter(vendors::practice_id.eq(practice(scope)?)).filter(vendors::id.eq(id.to_string())),
    )
    .set(vendors::cadence.eq(months))
    .execute(conn)?;
    Ok(())
}

/// Notes that a change begins. Its id comes from the form, so that pressing twice is once.
///
/// # Errors
/// [`StoreError::Duplicate`] when it was begun before.
pub fn begin(
    conn: &mut Db,
    scope: &Scope,
    user: UserId,
    id: BulkChangeId,
    act: BulkAct,
    says: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(bulk_changes::table)
        .values((
            bulk_changes::practice_id.eq(practice(scope)?),
            bulk_changes::id.eq(id.to_string()),
            bulk_changes::user_id.eq(user.to_string()),
            bulk_changes::act.eq(act.key()),
            bulk_changes::says.eq(says),
            bulk_changes::before.eq("[]"),
            bulk_changes::made_at.eq(stored(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes what came of a change.
pub fn finish(conn: &mut Db, scope: &Scope, id: BulkChangeId, says: &str, before: &[Kept]) -> Result<(), StoreError> {
    diesel::update(
        bulk_changes::table
            .filter(bulk_changes::practice_id.eq(practice(scope)?))
            .filter(bulk_changes::id.eq(id.to_string())),
    )
    .set((bulk_changes::says.eq(says), bulk_changes::before.eq(to_json(&before)?)))
    .execute(conn)?;
    Ok(())
}

/// Notes that a change is taken back; false when it was before.
pub fn set_undone(conn: &mut Db, scope: &Scope, id: BulkChangeId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let noted = diesel::update(
        bulk_changes::table
            .filter(bulk_changes::practice_id.eq(practice(scope)?))
            .filter(bulk_changes::id.eq(id.to_string()))
            .filter(bulk_changes::undone_at.is_null()),
    )
    .set(bulk_changes::undone_at.eq(Some(stored(now))))
    .execute(conn)?;
    Ok(noted == 1)
}

/// Writes what came of taking a change back; what was there before stays on record.
pub fn set_says(conn: &mut Db, scope: &Scope, id: BulkChangeId, says: &str) -> Result<(), StoreError> {
    diesel::update(
        bulk_changes::table
            .filter(bulk_changes::practice_id.eq(practice(scope)?))
            .filter(bulk_changes::id.eq(id.to_string())),
    )
    .set(bulk_changes::says.eq(says))
    .execute(conn)?;
    Ok(())
}

/// One change; `None` when the practice has none of that id.
pub fn one(conn: &mut Db, scope: &Scope, id: BulkChangeId) -> Result<Option<BulkChange>, StoreError> {
    let row: Option<(String, String, String, NaiveDateTime, Option<NaiveDateTime>)> = bulk_changes::table
        .filter(bulk_changes::practice_id.eq(practice(scope)?))
        .filter(bulk_changes::id.eq(id.to_string()))
        .select((
            bulk_changes::act,
            bulk_changes::says,
            bulk_changes::before,
            bulk_changes::made_at,
            bulk_changes::undone_at,
        ))
        .get_result(conn)
        .optional()?;
    row.map(|(act, says, before, made_at, undone_at)| {
        Ok(BulkChange {
            id,
            act: parsed(&act)?,
            says,
            before: from_json(&before)?,
            made_at: made_at.and_utc(),
            undone: undone_at.is_some(),
        })
    })
    .transpose()
}
