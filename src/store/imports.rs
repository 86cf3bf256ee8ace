//! Vendor files that were uploaded and wait for their preview to be confirmed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::schema::imports;
use super::{Db, StoreError, from_json, practice, stored, to_json};
use crate::domain::access::Scope;
use crate::domain::ids::ImportId;
use crate::domain::vendor_file::Choices;

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

/// A file that waits, with what was chosen about it so far.
#[derive(Clone, Debug)]
pub struct Kept {
    pub name: String,
    pub content: Vec<u8>,
    pub choices: Choices,
}

/// The file of that id; `None` when it was confirmed, forgotten, or never there.
///
/// # Errors
/// The database's.
pub fn one(conn: &mut Db, scope: &Scope, id: ImportId) -> Result<Option<Kept>, StoreError> {
    let row: Option<(String, Vec<u8>, String)> = imports::table
        .filter(imports::practice_id.eq(practice(scope)?))
        .filter(imports::id.eq(id.to_string()))
        .select((imports::file_name, imports::content, imports::choices))
        .get_result(conn)
        .optional()?;
    row.map(|(name, content, choices)| Ok(Kept { name, content, choices: from_json(&choices)? })).transpose()
}

/// What was chosen about a file so far, held until the transaction ends.
///
/// # Errors
/// The database's.
pub fn hold_choices(conn: &mut Db, scope: &Scope, id: ImportId) -> Result<Option<Choices>, StoreError> {
    let of = practice(scope)?;
    let id = id.to_string();
    let wanted =
        imports::table.filter(imports::practice_id.eq(&of)).filter(imports::id.eq(&id)).select(imports::choices);
    let found: Option<String> = match conn {
        Db::Sqlite(c) => wanted.get_result(c).optional()?,
        Db::Postgres(c) => wanted.for_update().get_result(c).optional()?,
    };
    found.map(|choices| from_json(&choices)).transpose()
}

/// Writes down what was chosen; whether the file is still there.
///
/// # Errors
/// The database's.
pub fn choose(conn: &mut Db, scope: &Scope, id: ImportId, choices: &Choices) -> Result<bool, StoreError> {
    let one = imports::table.filter(imports::practice_id.eq(practice(scope)?)).filter(imports::id.eq(id.to_string()));
    Ok(diesel::update(one).set(imports::choices.eq(to_json(choices)?)).execute(conn)? == 1)
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
