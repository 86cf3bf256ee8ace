//! The second step of a user: the app's secret (sealed) and the recovery codes (hashed).

use chrono::{DateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::schema::{passkeys, recovery_codes, users};
use super::{Db, StoreError, stored};
use crate::domain::ids::UserId;

/// What a user has beside the password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Second {
    pub app: bool,
    pub passkeys: u32,
    /// Unused recovery codes.
    pub codes: u32,
}

impl Second {
    /// The password alone does not sign in.
    pub fn any(self) -> bool {
        self.app || self.passkeys > 0
    }
}

pub fn of(conn: &mut Db, user: UserId) -> Result<Second, StoreError> {
    let number = |found: i64| u32::try_from(found).unwrap_or(u32::MAX);
    let keys: i64 =
        passkeys::table.filter(passkeys::user_id.eq(user.to_string())).select(count_star()).get_result(conn)?;
    let codes: i64 = recovery_codes::table
        .filter(recovery_codes::user_id.eq(user.to_string()))
        .filter(recovery_codes::used_at.is_null())
        .select(count_star())
        .get_result(conn)?;
    Ok(Second { app: secret(conn, user)?.is_some(), passkeys: number(keys), codes: number(codes) })
}

/// The sealed secret, and the last step whose code was used.
pub fn secret(conn: &mut Db, user: UserId) -> Result<Option<(String, Option<i64>)>, StoreError> {
    let row: Option<(Option<String>, Option<i64>)> = users::table
        .filter(users::id.eq(user.to_string()))
        .select((users::totp_secret, users::totp_step))
        .get_result(conn)
        .optional()?;
    Ok(row.and_then(|(secret, step)| secret.map(|secret| (secret, step))))
}

/// Sets the secret, with the step that proved it, or takes it away.
pub fn set_secret(conn: &mut Db, user: UserId, secret: Option<(&str, i64)>) -> Result<(), StoreError> {
    diesel::update(users::table.filter(users::id.eq(user.to_string())))
        .set((
            users::totp_secret.eq(secret.map(|(sealed, _)| sealed)),
            users::totp_step.eq(secret.map(|(_, step)| step)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Uses up the codes up to this step; false when someone was faster.
pub fn use_step(conn: &mut Db, user: UserId, step: i64) -> Result<bool, StoreError> {
    let unused = users::table
        .filter(users::id.eq(user.to_string()))
        .filter(users::totp_step.is_null().or(users::totp_step.lt(step)));
    Ok(diesel::update(unused).set(users::totp_step.eq(Some(step))).execute(conn)? == 1)
}

/// Puts new recovery codes in place of all there were.
pub fn set_codes(conn: &mut Db, user: UserId, hashes: &[String]) -> Result<(), StoreError> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user.to_string()))).execute(conn)?;
    for hash in hashes {
        diesel::insert_into(recovery_codes::table)
            .values((recovery_codes::user_id.eq(user.to_string()), recovery_codes::code_hash.eq(hash)))
            .execute(conn)?;
    }
    Ok(())
}

/// Uses a recovery code up; false when there is none such, or it was used.
pub fn use_code(conn: &mut Db, user: UserId, hash: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let unused = recovery_codes::table
        .filter(recovery_codes::user_id.eq(user.to_string()))
        .filter(recovery_codes::code_hash.eq(hash))
        .filter(recovery_codes::used_at.is_null());
    Ok(diesel::update(unused).set(recovery_codes::used_at.eq(Some(stored(now)))).execute(conn)? == 1)
}
