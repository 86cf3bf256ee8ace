//! What can be seen of a new practice's first steps.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::schema::{passkeys, users, vendors};
use super::{Db, StoreError, practice};
use crate::domain::access::Scope;
use crate::domain::ids::UserId;
use crate::domain::practice::setup::Seen;

/// Looks at the vendors of the scope and at how `user` signs in.
pub fn seen(conn: &mut Db, scope: &Scope, user: UserId) -> Result<Seen, StoreError> {
    let user = user.to_string();
    let code = users::table.filter(users::id.eq(&user)).filter(users::totp_secret.is_not_null());
    let key = passkeys::table.filter(passkeys::user_id.eq(&user));
    let vendor = vendors::table.filter(vendors::practice_id.eq(practice(scope)?));
    let (code, key, vendors): (bool, bool, bool) =
        diesel::select((exists(code), exists(key), exists(vendor))).get_result(conn)?;
    Ok(Seen { second_factor: code || key, vendors })
}
