//! Things half done: a sign-in that waits for its second step, a passkey ceremony, a secret
//! that an app was shown, a form that came too late. Known by the SHA-256 of a token; the
//! state is sealed where it must not be read.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::schema::challenges;
use super::{Db, StoreError, parsed, stored};
use crate::domain::ids::UserId;

/// What a thing half done holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    pub user: Option<UserId>,
    pub state: String,
}

pub fn add(
    conn: &mut Db,
    token_hash: &str,
    kind: &str,
    challenge: &Challenge,
    until: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(challenges::table)
        .values((
            challenges::token_hash.eq(token_hash),
            challenges::user_id.eq(challenge.user.map(|id| id.to_string())),
            challenges::kind.eq(kind),
            challenges::state.eq(&challenge.state),
            challenges::expires_at.eq(stored(until)),
        ))
        .execute(conn)?;
    Ok(())
}

/// One that is not over at `now`.
pub fn find(conn: &mut Db, token_hash: &str, kind: &str, now: DateTime<Utc>) -> Result<Option<Challenge>, StoreError> {
    let row: Option<(Option<String>, String)> = challenges::table
        .filter(challenges::token_hash.eq(token_hash))
        .filter(challenges::kind.eq(kind))
        .filter(challenges::expires_at.gt(stored(now)))
        .select((challenges::user_id, challenges::state))
        .get_result(conn)
        .optional()?;
    row.map(|(user, state)| Ok(Challenge { user: user.as_deref().map(parsed).transpose()?, state })).transpose()
}

/// Takes one away: of two who try, one gets it.
pub fn take(conn: &mut Db, token_hash: &str, kind: &str, now: DateTime<Utc>) -> Result<Option<Challenge>, StoreError> {
    let Some(found) = find(conn, token_hash, kind, now)? else { return Ok(None) };
    let taken = diesel::delete(challenges::table.filter(challenges::token_hash.eq(token_hash))).execute(conn)?;
    Ok((taken == 1).then_some(found))
}

/// Takes away what a user has half done, of one kind: after a new password, say.
pub fn end(conn: &mut Db, user: UserId, kind: &str) -> Result<(), StoreError> {
    let mine = challenges::table.filter(challenges::user_id.eq(user.to_string())).filter(challenges::kind.eq(kind));
    diesel::delete(mine).execute(conn)?;
    Ok(())
}

/// Removes what was over before `now`.
pub fn sweep(conn: &mut Db, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::delete(challenges::table.filter(challenges::expires_at.le(stored(now)))).execute(conn)?;
    Ok(())
}
