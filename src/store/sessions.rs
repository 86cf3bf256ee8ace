//! Signed-in browsers, known by the SHA-256 of their cookie.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::schema::{memberships, practices, sessions, users};
use super::{Db, StoreError, parsed, stored};
use crate::domain::ids::{PracticeId, SessionId, UserId};
use crate::domain::user::Role;

/// Who a session is, with the names that every page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub user: UserId,
    pub user_name: String,
    /// As of this request: a role that was changed or taken counts at once.
    pub role: Role,
    pub practice: PracticeId,
    pub practice_name: String,
    pub timezone: chrono_tz::Tz,
}

pub fn add(
    conn: &mut Db,
    token_hash: &str,
    user: UserId,
    practice: PracticeId,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(token_hash),
            sessions::id.eq(SessionId::fresh().to_string()),
            sessions::user_id.eq(user.to_string()),
            sessions::practice_id.eq(practice.to_string()),
            sessions::created_at.eq(stored(now)),
            sessions::seen_at.eq(stored(now)),
            sessions::proven_at.eq(stored(now)),
            sessions::browser.eq(""),
            sessions::second.eq(false),
            sessions::expires_at.eq(stored(until)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The session of a cookie, if it is still good at `now`.
pub fn find(conn: &mut Db, token_hash: &str, now: DateTime<Utc>) -> Result<Option<Session>, StoreError> {
    let row: Option<(String, String, String, String, String, String)> = sessions::table
        .inner_join(users::table)
        .inner_join(practices::table)
        .inner_join(
            memberships::table
                .on(memberships::practice_id.eq(sessions::practice_id).and(memberships::user_id.eq(sessions::user_id))),
        )
        .filter(sessions::token_hash.eq(token_hash))
        .filter(sessions::expires_at.gt(stored(now)))
        .select((users::id, users::name, memberships::role, practices::id, practices::name, practices::timezone))
        .get_result(conn)
        .optional()?;
    row.map(|(user, user_name, role, practice, practice_name, timezone)| {
        Ok(Session {
            user: parsed(&user)?,
            user_name,
            role: parsed(&role)?,
            practice: parsed(&practice)?,
            practice_name,
            timezone: parsed(&timezone)?,
        })
    })
    .transpose()
}

/// Ends one session.
pub fn end(conn: &mut Db, token_hash: &str) -> Result<(), StoreError> {
    diesel::delete(sessions::table.filter(sessions::token_hash.eq(token_hash))).execute(conn)?;
    Ok(())
}

/// Ends every session of a user: after a new password.
pub fn end_all(conn: &mut Db, user: UserId) -> Result<(), StoreError> {
    diesel::delete(sessions::table.filter(sessions::user_id.eq(user.to_string()))).execute(conn)?;
    Ok(())
}

/// Removes sessions that ended before `now`.
pub fn sweep(conn: &mut Db, now: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(sessions::table.filter(sessions::expires_at.le(stored(now)))).execute(conn)?)
}
