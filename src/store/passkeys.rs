//! Passkeys: public keys that a user's devices sign with.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::schema::passkeys;
use super::{Db, StoreError, parsed, stored};
use crate::domain::ids::{PasskeyId, UserId};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    pub id: PasskeyId,
    pub name: String,
    /// The public key and its counter as JSON.
    pub credential: String,
    pub added_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
}

/// A user's passkeys, the first one first.
pub fn of(conn: &mut Db, user: UserId) -> Result<Vec<Passkey>, StoreError> {
    let rows: Vec<(String, String, String, NaiveDateTime, Option<NaiveDateTime>)> = passkeys::table
        .filter(passkeys::user_id.eq(user.to_string()))
        .select((passkeys::id, passkeys::name, passkeys::credential, passkeys::added_at, passkeys::used_at))
        .order(passkeys::id)
        .load(conn)?;
    rows.into_iter()
        .map(|(id, name, credential, added, used)| {
            let used_at = used.map(|at| at.and_utc());
            Ok(Passkey { id: parsed(&id)?, name, credential, added_at: added.and_utc(), used_at })
        })
        .collect()
}

pub fn add(conn: &mut Db, user: UserId, new: &Passkey) -> Result<(), StoreError> {
    diesel::insert_into(passkeys::table)
        .values((
            passkeys::user_id.eq(user.to_string()),
            passkeys::id.eq(new.id.to_string()),
            passkeys::name.eq(&new.name),
            passkeys::credential.eq(&new.credential),
            passkeys::added_at.eq(stored(new.added_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Gives one another name; false when the user has no such passkey.
pub fn rename(conn: &mut Db, user: UserId, id: PasskeyId, name: &str) -> Result<bool, StoreError> {
    let mine = passkeys::table.filter(passkeys::user_id.eq(user.to_string())).filter(passkeys::id.eq(id.to_string()));
    Ok(diesel::update(mine).set(passkeys::name.eq(name)).execute(conn)? == 1)
}

/// Notes a use, with the counter as it is now.
pub fn used(
    conn: &mut Db,
    user: UserId,
    id: PasskeyId,
    credential: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mine = passkeys::table.filter(passkeys::user_id.eq(user.to_string())).filter(passkeys::id.eq(id.to_string()));
    diesel::update(mine)
        .set((passkeys::credential.eq(credential), passkeys::used_at.eq(Some(stored(now)))))
        .execute(conn)?;
    Ok(())
}

/// Takes one away and gives its name; `None` when the user has no such passkey.
pub fn remove(conn: &mut Db, user: UserId, id: PasskeyId) -> Result<Option<String>, StoreError> {
    let mine = passkeys::table.filter(passkeys::user_id.eq(user.to_string())).filter(passkeys::id.eq(id.to_string()));
    let name: Option<String> = mine.clone().select(passkeys::name).get_result(conn).optional()?;
    diesel::delete(mine).execute(conn)?;
    Ok(name)
}

/// Takes all of a user's away: a way back in for someone who lost every device.
pub fn remove_all(conn: &mut Db, user: UserId) -> Result<(), StoreError> {
    diesel::delete(passkeys::table.filter(passkeys::user_id.eq(user.to_string()))).execute(conn)?;
    Ok(())
}
