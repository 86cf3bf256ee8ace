//! Practices.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::schema::practices;
use super::{Db, StoreError, from_json, parsed, practice, stored, to_json};
use crate::domain::access::Scope;
use crate::domain::ids::PracticeId;
use crate::domain::practice::{Practice, PracticeContact, Settings};

pub(super) type Row = (String, String, String, String, String, String, Option<String>, String);

pub(super) const COLUMNS: (
    practices::id,
    practices::slug,
    practices::name,
    practices::timezone,
    practices::contact_name,
    practices::contact_phone,
    practices::reply_to,
    practices::settings,
) = (
    practices::id,
    practices::slug,
    practices::name,
    practices::timezone,
    practices::contact_name,
    practices::contact_phone,
    practices::reply_to,
    practices::settings,
);

pub(super) fn value(row: Row) -> Result<Practice, StoreError> {
    let (id, slug, name, timezone, contact, phone, reply_to, settings) = row;
    Ok(Practice {
        id: parsed(&id)?,
        slug,
        name,
        timezone: parsed(&timezone)?,
        contact: PracticeContact { name: contact, phone, reply_to },
        settings: from_json(&settings)?,
    })
}

/// Adds a practice; its slug must be free.
pub fn add(conn: &mut Db, new: &Practice, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(practices::table)
        .values((
            practices::id.eq(new.id.to_string()),
            practices::slug.eq(&new.slug),
            practices::name.eq(&new.name),
            practices::timezone.eq(new.timezone.name()),
            practices::contact_name.eq(&new.contact.name),
            practices::contact_phone.eq(&new.contact.phone),
            practices::reply_to.eq(&new.contact.reply_to),
            practices::settings.eq(to_json(&new.settings)?),
            practices::created_at.eq(stored(now)),
        ))
        .execute(conn)?;
    super::entries::begin(conn, &new.id.to_string())
}

/// The practice of the scope.
pub fn one(conn: &mut Db, scope: &Scope) -> Result<Practice, StoreError> {
    let row: Row = practices::table.filter(practices::id.eq(practice(scope)?)).select(COLUMNS).get_result(conn)?;
    value(row)
}

/// When the practice was set up.
pub fn added_at(conn: &mut Db, scope: &Scope) -> Result<DateTime<Utc>, StoreError> {
    let at: chrono::NaiveDateTime =
        practices::table.filter(practices::id.eq(practice(scope)?)).select(practices::created_at).get_result(conn)?;
    Ok(at.and_utc())
}

/// By the name used on the command line.
pub fn by_slug(conn: &mut Db, slug: &str) -> Result<Option<Practice>, StoreError> {
    let row: Option<Row> =
        practices::table.filter(practices::slug.eq(slug)).select(COLUMNS).get_result(conn).optional()?;
    row.map(value).transpose()
}

/// All practices; only a scope that asks for everything gets them.
pub fn all(conn: &mut Db, scope: &Scope) -> Result<Vec<Practice>, StoreError> {
    if let Scope::Practice(_) = scope {
        return Ok(vec![one(conn, scope)?]);
    }
    let rows: Vec<Row> = practices::table.select(COLUMNS).order(practices::slug).load(conn)?;
    rows.into_iter().map(value).collect()
}

/// Whether there is none yet: the first run.
pub fn none_yet(conn: &mut Db) -> Result<bool, StoreError> {
    let count: i64 = practices::table.count().get_result(conn)?;
    Ok(count == 0)
}

/// Changes how vendors reach the practice.
pub fn set_contact(conn: &mut Db, scope: &Scope, name: &str, contact: &PracticeContact) -> Result<(), StoreError> {
    diesel::update(practices::table.filter(practices::id.eq(practice(scope)?)))
        .set((
            practices::name.eq(name),
            practices::contact_name.eq(&contact.name),
            practices::contact_phone.eq(&contact.phone),
            practices::reply_to.eq(&contact.reply_to),
        ))
        .execute(conn)?;
    Ok(())
}

/// The practice of the scope, held until the transaction ends: for changing its settings.
/// Rows that point at the practice can be added meanwhile.
pub fn hold(conn: &mut Db, scope: &Scope) -> Result<Practice, StoreError> {
    if let Db::Postgres(c) = conn {
        practices::table
            .filter(practices::id.eq(practice(scope)?))
            .select(practices::id)
            .for_no_key_update()
            .load::<String>(c)?;
    }
    one(conn, scope)
}

/// Writes what a practice says of itself and decided: all but its slug.
pub fn save(conn: &mut Db, scope: &Scope, changed: &Practice) -> Result<(), StoreError> {
    set_contact(conn, scope, &changed.name, &changed.contact)?;
    diesel::update(practices::table.filter(practices::id.eq(practice(scope)?)))
        .set(practices::timezone.eq(changed.timezone.name()))
        .execute(conn)?;
    set_settings(conn, scope, &changed.settings)
}

/// Writes the settings anew, whole: read them behind [`hold`].
pub fn set_settings(conn: &mut Db, scope: &Scope, settings: &Settings) -> Result<(), StoreError> {
    diesel::update(practices::table.filter(practices::id.eq(practice(scope)?)))
        .set(practices::settings.eq(to_json(settings)?))
        .execute(conn)?;
    Ok(())
}

/// The ids of all practices with a look due, for the sweep's plan.
pub fn ids(conn: &mut Db) -> Result<Vec<PracticeId>, StoreError> {
    let rows: Vec<String> = practices::table.select(practices::id).order(practices::slug).load(conn)?;
    rows.iter().map(|id| parsed(id)).collect()
}
