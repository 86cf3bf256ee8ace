//! Vendor files that were uploaded and wait for their preview to be confirmed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::schema::imports;
use super::{Db, StoreError, practice, stored};
use crate::domain::access::Scope;
use crate::domain::ids::ImportId;

pub fn keep(
    conn: &mut Db,
    scope: &Scope,
    id: ImportId,
    file_name: &str,
    content: &[u8],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(imports::table)
        .values((
            imports::practice_id.eq(practice(scope)?),
            imports::id.eq(id.to_string()),
            imports::file_name.eq(file_name),
            imports::content.eq(content),
            imports::uploaded_at.eq(stored(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The file's name and content.
pub fn one(conn: &mut Db, scope: &Scope, id: ImportId) -> Result<Option<(String, Vec<u8>)>, StoreError> {
    Ok(imports::table
        .filter(imports::practice_id.eq(practice(scope)?))
        .filter(imports::id.eq(id.to_string()))
        .select((imports::file_name, imports::content))
        .get_result(conn)
        .optional()?)
}

/// Forgets files that nobody confirmed.
pub fn forget_before(conn: &mut Db, scope: &Scope, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(
        imports::table
            .filter(imports::practice_id.eq(practice(scope)?))
            .filter(imports::uploaded_at.lt(stored(before))),
    )
    .execute(conn)?)
}

pub fn forget(conn: &mut Db, scope: &Scope, id: ImportId) -> Result<(), StoreError> {
    diesel::delete(
        imports::table.filter(imports::practice_id.eq(practice(scope)?)).filter(imports::id.eq(id.to_string())),
    )
    .execute(conn)?;
    Ok(())
}
