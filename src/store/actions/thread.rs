//! What went back and forth about an action, and the files that the vendor sent for it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::domain::access::Scope;
use crate::domain::action::{SentFile, Word};
use crate::domain::ids::{ActionId, DocumentId};
use crate::store::schema::{action_files, action_words, documents};
use crate::store::{Db, StoreError, parsed, per_backend, practice, stored};

/// Adds a word at the end. Whoever does holds the vendor, so that no two have one number.
///
/// # Errors
/// The database's.
pub fn say(conn: &mut Db, scope: &Scope, action: ActionId, word: &Word) -> Result<(), StoreError> {
    let of = practice(scope)?;
    let said: i64 = action_words::table
        .filter(action_words::practice_id.eq(&of))
        .filter(action_words::action_id.eq(action.to_string()))
        .select(count_star())
        .get_result(conn)?;
    diesel::insert_into(action_words::table)
        .values((
            action_words::practice_id.eq(of),
            action_words::action_id.eq(action.to_string()),
            action_words::number.eq(i32::try_from(said + 1).unwrap_or(i32::MAX)),
            action_words::at.eq(stored(word.at)),
            action_words::what.eq(word.what.key()),
            action_words::name.eq(&word.name),
            action_words::text.eq(&word.text),
        ))
        .execute(conn)?;
    Ok(())
}

/// What was said about these actions, the oldest first.
///
/// # Errors
/// The database's.
pub fn words(conn: &mut Db, scope: &Scope, actions: &[ActionId]) -> Result<BTreeMap<ActionId, Vec<Word>>, StoreError> {
    let rows: Vec<(String, NaiveDateTime, String, String, String)> = action_words::table
        .filter(action_words::practice_id.eq(practice(scope)?))
        .filter(action_words::action_id.eq_any(actions.iter().map(ToString::to_string)))
        .order((action_words::action_id, action_words::number))
        .select((action_words::action_id, action_words::at, action_words::what, action_words::name, action_words::text))
        .load(conn)?;
    let mut all: BTreeMap<ActionId, Vec<Word>> = BTreeMap::new();
    for (action, at, what, name, text) in rows {
        let word = Word { at: at.and_utc(), what: parsed(&what)?, name, text };
        all.entry(parsed(&action)?).or_default().push(word);
    }
    Ok(all)
}

/// Puts a document of the vendor under an action; false when it is there.
///
/// # Errors
/// The database's.
pub fn attach(
    conn: &mut Db,
    scope: &Scope,
    action: ActionId,
    document: DocumentId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let row = (
        action_files::practice_id.eq(practice(scope)?),
        action_files::action_id.eq(action.to_string()),
        action_files::document_id.eq(document.to_string()),
        action_files::added_at.eq(stored(now)),
    );
    let added = per_backend!(conn, c => diesel::insert_into(action_files::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(added == 1)
}

/// Takes a document from under an action; false when it is not there.
///
/// # Errors
/// The database's.
pub fn detach(conn: &mut Db, scope: &Scope, action: ActionId, document: DocumentId) -> Result<bool, StoreError> {
    let gone = diesel::delete(
        action_files::table
            .filter(action_files::practice_id.eq(practice(scope)?))
            .filter(action_files::action_id.eq(action.to_string()))
            .filter(action_files::document_id.eq(document.to_string())),
    )
    .execute(conn)?;
    Ok(gone == 1)
}

/// Whether a document is under any action.
///
/// # Errors
/// The database's.
pub fn is_attached(conn: &mut Db, scope: &Scope, document: DocumentId) -> Result<bool, StoreError> {
    let count: i64 = action_files::table
        .filter(action_files::practice_id.eq(practice(scope)?))
        .filter(action_files::document_id.eq(document.to_string()))
        .select(count_star())
        .get_result(conn)?;
    Ok(count > 0)
}

/// The files under these actions, the oldest first.
///
/// # Errors
/// The database's.
pub fn files(
    conn: &mut Db,
    scope: &Scope,
    actions: &[ActionId],
) -> Result<BTreeMap<ActionId, Vec<SentFile>>, StoreError> {
    let rows: Vec<(String, String, String, String, Option<NaiveDateTime>, NaiveDateTime)> =
        action_files::table
            .inner_join(documents::table.on(
                documents::practice_id.eq(action_files::practice_id).and(documents::id.eq(action_files::document_id)),
            ))
            .filter(action_files::practice_id.eq(practice(scope)?))
            .filter(action_files::action_id.eq_any(actions.iter().map(ToString::to_string)))
            .order((action_files::added_at, action_files::document_id))
            .select((
                action_files::action_id,
                documents::id,
                documents::name,
                documents::scan,
                documents::removed_at,
                action_files::added_at,
            ))
            .load(conn)?;
    let mut all: BTreeMap<ActionId, Vec<SentFile>> = BTreeMap::new();
    for (action, document, name, scan, removed_at, added_at) in rows {
        let file = SentFile {
            document: parsed(&document)?,
            name,
            scan: parsed(&scan)?,
            removed: removed_at.is_some(),
            added_at: added_at.and_utc(),
        };
        all.entry(parsed(&action)?).or_default().push(file);
    }
    Ok(all)
}
