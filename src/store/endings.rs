//! The ends of vendors' work, with their checklists.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::schema::{documents, endings};
use super::{Db, StoreError, from_json, parsed, practice, to_json};
use crate::domain::access::Scope;
use crate::domain::ending::Ending;
use crate::domain::ids::{DocumentId, VendorId};

type Row = (String, String, String, NaiveDate, NaiveDate, String, String, Option<NaiveDate>);

/// The newest ending of a vendor, finished or not.
///
/// # Errors
/// The database's.
pub fn newest(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Option<Ending>, StoreError> {
    let row: Option<Row> = endings::table
        .filter(endings::practice_id.eq(practice(scope)?))
        .filter(endings::vendor_id.eq(vendor.to_string()))
        // Ids made later sort later.
        .order(endings::id.desc())
        .select((
            endings::id,
            endings::vendor_id,
            endings::reason,
            endings::last_day,
            endings::begun_on,
            endings::begun_by,
            endings::steps,
            endings::finished_on,
        ))
        .load(conn)?
        .into_iter()
        .next();
    row.map(|(id, vendor, reason, last_day, begun_on, begun_by, steps, finished_on)| {
        Ok(Ending {
            id: parsed(&id)?,
            vendor: parsed(&vendor)?,
            reason,
            last_day,
            begun_on,
            begun_by,
            steps: from_json(&steps)?,
            finished_on,
        })
    })
    .transpose()
}

/// # Errors
/// The database's.
pub fn add(conn: &mut Db, scope: &Scope, new: &Ending) -> Result<(), StoreError> {
    diesel::insert_into(endings::table)
        .values((
            endings::practice_id.eq(practice(scope)?),
            endings::id.eq(new.id.to_string()),
            endings::vendor_id.eq(new.vendor.to_string()),
            endings::reason.eq(&new.reason),
            endings::last_day.eq(new.last_day),
            endings::begun_on.eq(new.begun_on),
            endings::begun_by.eq(&new.begun_by),
            endings::steps.eq(to_json(&new.steps)?),
            endings::finished_on.eq(new.finished_on),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes the steps and the end of a checklist; who began it, when and why stays.
///
/// # Errors
/// The database's.
pub fn save(conn: &mut Db, scope: &Scope, ending: &Ending) -> Result<(), StoreError> {
    diesel::update(
        endings::table.filter(endings::practice_id.eq(practice(scope)?)).filter(endings::id.eq(ending.id.to_string())),
    )
    .set((endings::steps.eq(to_json(&ending.steps)?), endings::finished_on.eq(ending.finished_on)))
    .execute(conn)?;
    Ok(())
}

/// The vendor's documents that a step may point at, the newest first.
///
/// # Errors
/// The database's.
pub fn documents(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<(DocumentId, String)>, StoreError> {
    let rows: Vec<(String, String)> = documents::table
        .filter(documents::practice_id.eq(practice(scope)?))
        .filter(documents::vendor_id.eq(vendor.to_string()))
        .filter(documents::removed_at.is_null())
        .order(documents::id.desc())
        .select((documents::id, documents::name))
        .load(conn)?;
    rows.into_iter().map(|(id, name)| Ok((parsed(&id)?, name))).collect()
}
