//! Users, the practices they serve, and their one-time links.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use super::schema::{memberships, sign_in_links, throttles, users};
use super::{Db, StoreError, count, parsed, per_backend, stored};
use crate::domain::access::Scope;
use crate::domain::ids::{PracticeId, UserId};
use crate::domain::user::{LinkKind, Role, SignInLink, User};

type Row = (String, String, String, Option<String>);

fn value((id, email, name, hash): Row) -> Result<User, StoreError> {
    Ok(User { id: parsed(&id)?, email, name, has_password: hash.is_some() })
}

const COLUMNS: (users::id, users::email, users::name, users::password_hash) =
    (users::id, users::email, users::name, users::password_hash);

/// Adds a user without a password.
pub fn add(conn: &mut Db, user: &User, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(users::table)
        .values((
            users::id.eq(user.id.to_string()),
            users::email.eq(&user.email),
            users::name.eq(&user.name),
            users::created_at.eq(stored(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Lets the user into the practice; whoever is in it already keeps their role, which is given
/// back then.
pub fn join(conn: &mut Db, user: UserId, practice: PracticeId, role: Role) -> Result<Option<Role>, StoreError> {
    let row = (
        memberships::practice_id.eq(practice.to_string()),
        memberships::user_id.eq(user.to_string()),
        memberships::role.eq(role.key()),
    );
    let added = per_backend!(conn, c => {
        diesel::insert_into(memberships::table).values(row).on_conflict_do_nothing().execute(c)
    })?;
    if added == 1 { Ok(None) } else { super::people::role(conn, &Scope::Practice(practice), user) }
}

pub fn by_id(conn: &mut Db, user: UserId) -> Result<Option<User>, StoreError> {
    let row: Option<Row> =
        users::table.filter(users::id.eq(user.to_string())).select(COLUMNS).get_result(conn).optional()?;
    row.map(value).transpose()
}

pub fn by_email(conn: &mut Db, email: &str) -> Result<Option<User>, StoreError> {
    let row: Option<Row> = users::table.filter(users::email.eq(email)).select(COLUMNS).get_result(conn).optional()?;
    row.map(value).transpose()
}

/// The stored hash of the password, where there is one.
pub fn password_hash(conn: &mut Db, user: UserId) -> Result<Option<String>, StoreError> {
    let hash: Option<Option<String>> =
        users::table.filter(users::id.eq(user.to_string())).select(users::password_hash).get_result(conn).optional()?;
    Ok(hash.flatten())
}

pub fn set_password(conn: &mut Db, user: UserId, name: &str, hash: &str) -> Result<(), StoreError> {
    diesel::update(users::table.filter(users::id.eq(user.to_string())))
        .set((users::name.eq(name), users::password_hash.eq(Some(hash))))
        .execute(conn)?;
    Ok(())
}

/// The practices that the user serves, in the order of their names on the command line.
pub fn practices(conn: &mut Db, user: UserId) -> Result<Vec<PracticeId>, StoreError> {
    let rows: Vec<String> = memberships::table
        .filter(memberships::user_id.eq(user.to_string()))
        .select(memberships::practice_id)
        .order(memberships::practice_id)
        .load(conn)?;
    rows.iter().map(|id| parsed(id)).collect()
}

/// Keeps a one-time link by the SHA-256 of its token.
pub fn add_link(
    conn: &mut Db,
    token_hash: &str,
    link: &SignInLink,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(sign_in_links::table)
        .values((
            sign_in_links::token_hash.eq(token_hash),
            sign_in_links::practice_id.eq(link.practice.map(|id| id.to_string())),
            sign_in_links::user_id.eq(link.user.map(|id| id.to_string())),
            sign_in_links::kind.eq(link.kind.key()),
            sign_in_links::role.eq(link.role.map(Role::key)),
            sign_in_links::name.eq(&link.name),
            sign_in_links::created_at.eq(stored(now)),
            sign_in_links::expires_at.eq(stored(until)),
        ))
        .execute(conn)?;
    Ok(())
}

/// A link that is still good at `now`.
pub fn link(conn: &mut Db, token_hash: &str, now: DateTime<Utc>) -> Result<Option<SignInLink>, StoreError> {
    type LinkRow = (Option<String>, Option<String>, String, Option<String>, String);
    let row: Option<LinkRow> = sign_in_links::table
        .filter(sign_in_links::token_hash.eq(token_hash))
        .filter(sign_in_links::used_at.is_null())
        .filter(sign_in_links::expires_at.gt(stored(now)))
        .select((
            sign_in_links::practice_id,
            sign_in_links::user_id,
            sign_in_links::kind,
            sign_in_links::role,
            sign_in_links::name,
        ))
        .get_result(conn)
        .optional()?;
    row.map(|(practice, user, kind, role, name)| {
        Ok(SignInLink {
            practice: practice.as_deref().map(parsed).transpose()?,
            user: user.as_deref().map(parsed).transpose()?,
            kind: parsed(&kind)?,
            role: role.as_deref().map(parsed).transpose()?,
            name,
        })
    })
    .transpose()
}

/// Ends the unused links of this kind that lead a user anywhere, or to one practice.
pub fn end_links(
    conn: &mut Db,
    user: UserId,
    kind: LinkKind,
    practice: Option<PracticeId>,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let mine = sign_in_links::table
        .filter(sign_in_links::user_id.eq(user.to_string()))
        .filter(sign_in_links::kind.eq(kind.key()))
        .filter(sign_in_links::used_at.is_null());
    let used = sign_in_links::used_at.eq(Some(stored(now)));
    Ok(match practice {
        Some(practice) => {
            diesel::update(mine.filter(sign_in_links::practice_id.eq(practice.to_string()))).set(used).execute(conn)?
        }
        None => diesel::update(mine).set(used).execute(conn)?,
    })
}

/// When the newest unused link of this kind was made.
pub fn newest_link(conn: &mut Db, user: UserId, kind: LinkKind) -> Result<Option<DateTime<Utc>>, StoreError> {
    let newest: Option<chrono::NaiveDateTime> = sign_in_links::table
        .filter(sign_in_links::user_id.eq(user.to_string()))
        .filter(sign_in_links::kind.eq(kind.key()))
        .filter(sign_in_links::used_at.is_null())
        .select(diesel::dsl::max(sign_in_links::created_at))
        .get_result(conn)?;
    Ok(newest.map(|at| at.and_utc()))
}

/// Uses the link up; false when someone was faster.
pub fn use_link(conn: &mut Db, token_hash: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let used = diesel::update(
        sign_in_links::table
            .filter(sign_in_links::token_hash.eq(token_hash))
            .filter(sign_in_links::used_at.is_null())
            .filter(sign_in_links::expires_at.gt(stored(now))),
    )
    .set(sign_in_links::used_at.eq(Some(stored(now))))
    .execute(conn)?;
    Ok(used == 1)
}

/// Counts a try; gives how many there were in a row with this one, and when the next was to
/// be free. The row is held until the transaction ends: tries at once are counted one by one.
pub fn count_try(conn: &mut Db, subject: &str, now: DateTime<Utc>) -> Result<(u32, DateTime<Utc>), StoreError> {
    let row = (
        throttles::subject.eq(subject),
        throttles::failures.eq(1),
        throttles::free_at.eq(stored(now)),
        throttles::updated_at.eq(stored(now)),
    );
    per_backend!(conn, c => diesel::insert_into(throttles::table)
        .values(row)
        .on_conflict(throttles::subject)
        .do_update()
        .set((throttles::failures.eq(throttles::failures + 1), throttles::updated_at.eq(stored(now))))
        .execute(c))?;
    let (failures, free_at): (i32, chrono::NaiveDateTime) = throttles::table
        .filter(throttles::subject.eq(subject))
        .select((throttles::failures, throttles::free_at))
        .get_result(conn)?;
    Ok((count(failures), free_at.and_utc()))
}

/// When the next try is free.
pub fn set_free_at(conn: &mut Db, subject: &str, free_at: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(throttles::table.filter(throttles::subject.eq(subject)))
        .set(throttles::free_at.eq(stored(free_at)))
        .execute(conn)?;
    Ok(())
}

/// Forgets tries a day after the last, and links a month after they ended. Nobody waits for
/// as long as a day, and made-up names leave rows too.
pub fn sweep(conn: &mut Db, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (tried, ended) = (stored(now - TimeDelta::days(1)), stored(now - TimeDelta::days(30)));
    diesel::delete(throttles::table.filter(throttles::updated_at.lt(tried))).execute(conn)?;
    diesel::delete(sign_in_links::table.filter(sign_in_links::expires_at.lt(ended))).execute(conn)?;
    Ok(())
}

/// Forgets the failures after a success.
pub fn clear_throttle(conn: &mut Db, subject: &str) -> Result<(), StoreError> {
    diesel::delete(throttles::table.filter(throttles::subject.eq(subject))).execute(conn)?;
    Ok(())
}

/// Takes the password away; a fresh link sets a new one.
pub fn forget_password(conn: &mut Db, user: UserId) -> Result<(), StoreError> {
    diesel::update(users::table.filter(users::id.eq(user.to_string())))
        .set(users::password_hash.eq(None::<String>))
        .execute(conn)?;
    Ok(())
}

/// The people of a practice, by their addresses.
pub fn of_practice(conn: &mut Db, practice: PracticeId) -> Result<Vec<User>, StoreError> {
    let rows: Vec<Row> = users::table
        .inner_join(memberships::table.on(memberships::user_id.eq(users::id)))
        .filter(memberships::practice_id.eq(practice.to_string()))
        .order(users::email)
        .select(COLUMNS)
        .load(conn)?;
    rows.into_iter().map(value).collect()
}
