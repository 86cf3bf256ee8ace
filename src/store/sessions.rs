//! Signed-in browsers, known by the SHA-256 of their cookie.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::schema::{memberships, practices, sessions, users};
use super::{Db, StoreError, parsed, stored};
use crate::domain::ids::{PracticeId, SessionId, UserId};
use crate::domain::session::Rules;
use crate::domain::user::Role;

/// Who a session is, with the names that every page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub user: UserId,
    pub user_name: String,
    pub email: String,
    /// As of this request: a role that was changed or taken counts at once.
    pub role: Role,
    pub practice: PracticeId,
    pub practice_name: String,
    pub timezone: chrono_tz::Tz,
    pub seen_at: DateTime<Utc>,
    pub proven_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// Came in with a second step, or a passkey.
    pub second: bool,
    pub rules: Rules,
}

/// A session that begins.
#[derive(Clone, Debug)]
pub struct New<'a> {
    pub token_hash: &'a str,
    pub user: UserId,
    pub practice: PracticeId,
    /// In words.
    pub browser: &'a str,
    pub second: bool,
    /// When it was last used, and the person last proven.
    pub seen_at: DateTime<Utc>,
    pub until: DateTime<Utc>,
}

/// Opens a session.
pub fn open(conn: &mut Db, new: &New<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(new.token_hash),
            sessions::id.eq(SessionId::fresh().to_string()),
            sessions::user_id.eq(new.user.to_string()),
            sessions::practice_id.eq(new.practice.to_string()),
            sessions::created_at.eq(stored(now)),
            sessions::seen_at.eq(stored(new.seen_at)),
            sessions::proven_at.eq(stored(new.seen_at)),
            sessions::browser.eq(new.browser),
            sessions::second.eq(new.second),
            sessions::expires_at.eq(stored(new.until)),
        ))
        .execute(conn)?;
    Ok(())
}

#[derive(Queryable)]
struct Row {
    id: String,
    user: String,
    user_name: String,
    email: String,
    role: String,
    practice: String,
    practice_name: String,
    timezone: String,
    settings: String,
    seen_at: NaiveDateTime,
    proven_at: NaiveDateTime,
    expires_at: NaiveDateTime,
    second: bool,
}

/// The session of a cookie, if its time is not over at `now` and its person still serves
/// the practice. Whether it was left idle is for the caller to judge.
pub fn find(conn: &mut Db, token_hash: &str, now: DateTime<Utc>) -> Result<Option<Session>, StoreError> {
    let row: Option<Row> = sessions::table
        .inner_join(users::table)
        .inner_join(practices::table)
        .inner_join(
            memberships::table
                .on(memberships::practice_id.eq(sessions::practice_id).and(memberships::user_id.eq(sessions::user_id))),
        )
        .filter(sessions::token_hash.eq(token_hash))
        .filter(sessions::expires_at.gt(stored(now)))
        .select((
            sessions::id,
            users::id,
            users::name,
            users::email,
            memberships::role,
            practices::id,
            practices::name,
            practices::timezone,
            practices::settings,
            sessions::seen_at,
            sessions::proven_at,
            sessions::expires_at,
            sessions::second,
        ))
        .get_result(conn)
        .optional()?;
    row.map(|row| {
        Ok(Session {
            id: parsed(&row.id)?,
            user: parsed(&row.user)?,
            user_name: row.user_name,
            email: row.email,
            role: parsed(&row.role)?,
            practice: parsed(&row.practice)?,
            practice_name: row.practice_name,
            timezone: parsed(&row.timezone)?,
            seen_at: row.seen_at.and_utc(),
            proven_at: row.proven_at.and_utc(),
            expires_at: row.expires_at.and_utc(),
            second: row.second,
            rules: Rules::of(&row.settings),
        })
    })
    .transpose()
}

/// Whose a cookie is or was, and in which practice: also when the session is over.
pub fn owner(conn: &mut Db, token_hash: &str) -> Result<Option<(UserId, PracticeId)>, StoreError> {
    let row: Option<(String, String)> = sessions::table
        .filter(sessions::token_hash.eq(token_hash))
        .select((sessions::user_id, sessions::practice_id))
        .get_result(conn)
        .optional()?;
    row.map(|(user, practice)| Ok((parsed(&user)?, parsed(&practice)?))).transpose()
}

/// Notes that a session was used.
pub fn seen(conn: &mut Db, id: SessionId, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(sessions::table.filter(sessions::id.eq(id.to_string())))
        .set(sessions::seen_at.eq(stored(now)))
        .execute(conn)?;
    Ok(())
}

/// Gives a session a new cookie because its person has just been proven, by a second step
/// or a passkey (`second`) or only by the password.
pub fn prove(
    conn: &mut Db,
    id: SessionId,
    token_hash: &str,
    second: bool,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mine = sessions::table.filter(sessions::id.eq(id.to_string()));
    diesel::update(mine.clone())
        .set((
            sessions::token_hash.eq(token_hash),
            sessions::proven_at.eq(stored(now)),
            sessions::seen_at.eq(stored(now)),
        ))
        .execute(conn)?;
    if second {
        diesel::update(mine).set(sessions::second.eq(true)).execute(conn)?;
    }
    Ok(())
}

/// No session of the user counts as one with a second step: there is none any more.
pub fn forget_second(conn: &mut Db, user: UserId) -> Result<(), StoreError> {
    diesel::update(sessions::table.filter(sessions::user_id.eq(user.to_string())))
        .set(sessions::second.eq(false))
        .execute(conn)?;
    Ok(())
}

/// Moves a session to another practice, under a new cookie.
pub fn switch(conn: &mut Db, id: SessionId, token_hash: &str, practice: PracticeId) -> Result<(), StoreError> {
    diesel::update(sessions::table.filter(sessions::id.eq(id.to_string())))
        .set((sessions::token_hash.eq(token_hash), sessions::practice_id.eq(practice.to_string())))
        .execute(conn)?;
    Ok(())
}

/// A session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    pub id: SessionId,
    pub practice: String,
    pub browser: String,
    pub created_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
}

/// The sessions of a user that are not over, the last used first. Those left idle are
/// among them until they are swept; `since` leaves them out.
pub fn of_user(conn: &mut Db, user: UserId, now: DateTime<Utc>) -> Result<Vec<(Open, Rules)>, StoreError> {
    let rows: Vec<(String, String, String, NaiveDateTime, NaiveDateTime, String)> = sessions::table
        .inner_join(practices::table)
        .filter(sessions::user_id.eq(user.to_string()))
        .filter(sessions::expires_at.gt(stored(now)))
        .select((
            sessions::id,
            practices::name,
            sessions::browser,
            sessions::created_at,
            sessions::seen_at,
            practices::settings,
        ))
        .order(sessions::seen_at.desc())
        .load(conn)?;
    rows.into_iter()
        .map(|(id, practice, browser, created, seen, settings)| {
            let (created_at, seen_at) = (created.and_utc(), seen.and_utc());
            Ok((Open { id: parsed(&id)?, practice, browser, created_at, seen_at }, Rules::of(&settings)))
        })
        .collect()
}

/// Ends one session.
pub fn end(conn: &mut Db, token_hash: &str) -> Result<(), StoreError> {
    diesel::delete(sessions::table.filter(sessions::token_hash.eq(token_hash))).execute(conn)?;
    Ok(())
}

/// Ends one session of a user; false when the user has no such session.
pub fn end_one(conn: &mut Db, user: UserId, id: SessionId) -> Result<bool, StoreError> {
    let mine = sessions::table.filter(sessions::user_id.eq(user.to_string())).filter(sessions::id.eq(id.to_string()));
    Ok(diesel::delete(mine).execute(conn)? == 1)
}

/// Ends every session of a user but this one.
pub fn end_others(conn: &mut Db, user: UserId, but: SessionId) -> Result<usize, StoreError> {
    let others =
        sessions::table.filter(sessions::user_id.eq(user.to_string())).filter(sessions::id.ne(but.to_string()));
    Ok(diesel::delete(others).execute(conn)?)
}

/// Ends a user's sessions in one practice: they do not serve it any more.
pub fn end_in(conn: &mut Db, user: UserId, practice: PracticeId) -> Result<(), StoreError> {
    let there = sessions::table
        .filter(sessions::user_id.eq(user.to_string()))
        .filter(sessions::practice_id.eq(practice.to_string()));
    diesel::delete(there).execute(conn)?;
    Ok(())
}

/// Ends every session of a user: after a new password.
pub fn end_all(conn: &mut Db, user: UserId) -> Result<(), StoreError> {
    diesel::delete(sessions::table.filter(sessions::user_id.eq(user.to_string()))).execute(conn)?;
    Ok(())
}

/// Removes sessions that ended a day before `now`: until then a form that comes too late can
/// still be kept for its sender.
pub fn sweep(conn: &mut Db, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let over = stored(now - chrono::TimeDelta::days(1));
    Ok(diesel::delete(sessions::table.filter(sessions::expires_at.le(over))).execute(conn)?)
}
