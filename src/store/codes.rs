//! Codes that were mailed, without their digits.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::schema::{codes, respondents};
use super::{Db, StoreError, count, parsed, practice, stored};
use crate::domain::access::Scope;
use crate::domain::ids::{CodeId, InvitationId};
use crate::domain::mailed_code::{MailedCode, TRIES};

/// Keeps a new code for one browser.
///
/// # Errors
/// The database's.
pub fn add(
    conn: &mut Db,
    scope: &Scope,
    id: CodeId,
    invitation: InvitationId,
    browser: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(codes::table)
        .values((
            codes::practice_id.eq(practice(scope)?),
            codes::id.eq(id.to_string()),
            codes::invitation_id.eq(invitation.to_string()),
            codes::browser.eq(browser),
            codes::made_at.eq(stored(now)),
            codes::tries.eq(0),
        ))
        .execute(conn)?;
    Ok(())
}

/// The newest code that a browser asked for.
///
/// # Errors
/// The database's.
pub fn newest(
    conn: &mut Db,
    scope: &Scope,
    invitation: InvitationId,
    browser: &str,
) -> Result<Option<MailedCode>, StoreError> {
    let row: Option<(String, NaiveDateTime, i32, Option<NaiveDateTime>)> = codes::table
        .filter(codes::practice_id.eq(practice(scope)?))
        .filter(codes::invitation_id.eq(invitation.to_string()))
        .filter(codes::browser.eq(browser))
        .order((codes::made_at.desc(), codes::id.desc()))
        .select((codes::id, codes::made_at, codes::tries, codes::used_at))
        .first(conn)
        .optional()?;
    row.map(|(id, made_at, tries, used_at)| {
        Ok(MailedCode { id: parsed(&id)?, made_at: made_at.and_utc(), tries: count(tries), used: used_at.is_some() })
    })
    .transpose()
}

/// How many codes were mailed for a link since then, to whichever browser.
///
/// # Errors
/// The database's.
pub fn since(conn: &mut Db, scope: &Scope, invitation: InvitationId, since: DateTime<Utc>) -> Result<i64, StoreError> {
    Ok(codes::table
        .filter(codes::practice_id.eq(practice(scope)?))
        .filter(codes::invitation_id.eq(invitation.to_string()))
        .filter(codes::made_at.gt(stored(since)))
        .select(count_star())
        .get_result(conn)?)
}

/// Counts a try before the digits are looked at; false when there is none left.
///
/// # Errors
/// The database's.
pub fn try_it(conn: &mut Db, scope: &Scope, id: CodeId) -> Result<bool, StoreError> {
    let tried = diesel::update(
        codes::table
            .filter(codes::practice_id.eq(practice(scope)?))
            .filter(codes::id.eq(id.to_string()))
            .filter(codes::used_at.is_null())
            .filter(codes::tries.lt(i32::try_from(TRIES).unwrap_or(i32::MAX))),
    )
    .set(codes::tries.eq(codes::tries + 1))
    .execute(conn)?;
    Ok(tried == 1)
}

/// Uses a code up: from now on its browser sees what was saved.
///
/// # Errors
/// The database's.
pub fn accept(conn: &mut Db, scope: &Scope, id: CodeId, browser: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let of = practice(scope)?;
    diesel::update(codes::table.filter(codes::practice_id.eq(&of)).filter(codes::id.eq(id.to_string())))
        .set(codes::used_at.eq(Some(stored(now))))
        .execute(conn)?;
    diesel::update(
        respondents::table.filter(respondents::practice_id.eq(&of)).filter(respondents::token_hash.eq(browser)),
    )
    .set(respondents::verified_at.eq(Some(stored(now))))
    .execute(conn)?;
    Ok(())
}
