//! The people of a practice, and those who were invited and have not come yet.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::dsl::{count_star, max};
use diesel::prelude::*;

use super::schema::{entries, memberships, passkeys, practices, sessions, sign_in_links, users};
use super::{Db, StoreError, parsed, practice};
use crate::domain::access::Scope;
use crate::domain::digest::Often;
use crate::domain::ids::{PracticeId, UserId};
use crate::domain::user::{LinkKind, Role};

/// Someone who serves the practice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub has_password: bool,
    /// An app, or a passkey.
    pub second: bool,
    pub seen_at: Option<DateTime<Utc>>,
}

impl Person {
    /// The name, or the address of someone who has not said it yet.
    pub fn called(&self) -> &str {
        if self.name.is_empty() { &self.email } else { &self.name }
    }
}

type Row = (String, String, String, String, Option<String>, Option<String>);

/// All of them, by name.
pub fn list(conn: &mut Db, scope: &Scope) -> Result<Vec<Person>, StoreError> {
    let of = practice(scope)?;
    let rows: Vec<Row> = memberships::table
        .inner_join(users::table)
        .filter(memberships::practice_id.eq(&of))
        .select((users::id, users::name, users::email, memberships::role, users::password_hash, users::totp_secret))
        .order((users::name, users::email))
        .load(conn)?;
    let ids: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
    let keys: Vec<String> = passkeys::table
        .filter(passkeys::user_id.eq_any(ids.iter().copied()))
        .select(passkeys::user_id)
        .distinct()
        .load(conn)?;
    let mut seen: BTreeMap<String, NaiveDateTime> = BTreeMap::new();
    let open: Vec<(String, NaiveDateTime)> = sessions::table
        .filter(sessions::practice_id.eq(&of))
        .select((sessions::user_id, sessions::seen_at))
        .load(conn)?;
    // Those who signed out: their last line of the history.
    let told: Vec<(String, Option<NaiveDateTime>)> = entries::table
        .filter(entries::practice_id.eq(&of))
        .filter(entries::by_id.eq_any(ids.iter().copied()))
        .group_by(entries::by_id)
        .select((entries::by_id, max(entries::at)))
        .load(conn)?;
    for (user, at) in open.into_iter().chain(told.into_iter().filter_map(|(user, at)| Some((user, at?)))) {
        let last = seen.entry(user).or_insert(at);
        *last = at.max(*last);
    }
    rows.into_iter()
        .map(|(id, name, email, role, password, secret)| {
            Ok(Person {
                second: secret.is_some() || keys.contains(&id),
                seen_at: seen.get(&id).map(NaiveDateTime::and_utc),
                id: parsed(&id)?,
                name,
                email,
                role: parsed(&role)?,
                has_password: password.is_some(),
            })
        })
        .collect()
}

/// One of them; another practice's person is none.
pub fn one(conn: &mut Db, scope: &Scope, id: UserId) -> Result<Option<Person>, StoreError> {
    Ok(list(conn, scope)?.into_iter().find(|person| person.id == id))
}

/// Someone's role in the practice; `None` for whoever does not serve it.
pub fn role(conn: &mut Db, scope: &Scope, id: UserId) -> Result<Option<Role>, StoreError> {
    let role: Option<String> = memberships::table
        .filter(memberships::practice_id.eq(practice(scope)?))
        .filter(memberships::user_id.eq(id.to_string()))
        .select(memberships::role)
        .get_result(conn)
        .optional()?;
    role.as_deref().map(parsed).transpose()
}

/// How many administrators there are. Their rows are held until the transaction ends, so
/// that two who take each other out at once do not both succeed.
pub fn hold_administrators(conn: &mut Db, scope: &Scope) -> Result<usize, StoreError> {
    let theirs = memberships::table
        .filter(memberships::practice_id.eq(practice(scope)?))
        .filter(memberships::role.eq(Role::Administrator.key()))
        .order(memberships::user_id)
        .select(memberships::user_id);
    let held: Vec<String> = match conn {
        Db::Sqlite(c) => theirs.load(c)?,
        Db::Postgres(c) => theirs.for_update().load(c)?,
    };
    Ok(held.len())
}

pub fn set_role(conn: &mut Db, scope: &Scope, id: UserId, role: Role) -> Result<bool, StoreError> {
    let one = memberships::table
        .filter(memberships::practice_id.eq(practice(scope)?))
        .filter(memberships::user_id.eq(id.to_string()));
    Ok(diesel::update(one).set(memberships::role.eq(role.key())).execute(conn)? == 1)
}

/// Takes someone out of the practice.
pub fn remove(conn: &mut Db, scope: &Scope, id: UserId) -> Result<bool, StoreError> {
    let one = memberships::table
        .filter(memberships::practice_id.eq(practice(scope)?))
        .filter(memberships::user_id.eq(id.to_string()));
    Ok(diesel::delete(one).execute(conn)? == 1)
}

/// Someone who was invited and has not come yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    pub user: UserId,
    pub email: String,
    /// As this practice calls them; may be empty.
    pub name: String,
    pub role: Role,
    pub invited_at: DateTime<Utc>,
    pub until: DateTime<Utc>,
}

/// Invitations that were neither used nor withdrawn, the newest first; those that ran out too.
pub fn invited(conn: &mut Db, scope: &Scope) -> Result<Vec<Invited>, StoreError> {
    type LinkRow = (String, String, String, Option<String>, NaiveDateTime, NaiveDateTime);
    let rows: Vec<LinkRow> = sign_in_links::table
        .inner_join(users::table)
        .filter(sign_in_links::practice_id.eq(practice(scope)?))
        .filter(sign_in_links::kind.eq(LinkKind::Invitation.key()))
        .filter(sign_in_links::used_at.is_null())
        .order(sign_in_links::created_at.desc())
        .select((
            users::id,
            users::email,
            sign_in_links::name,
            sign_in_links::role,
            sign_in_links::created_at,
            sign_in_links::expires_at,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(user, email, name, role, invited_at, until)| {
            Ok(Invited {
                user: parsed(&user)?,
                email,
                name,
                role: role.as_deref().map(parsed).transpose()?.unwrap_or(Role::Auditor),
                invited_at: invited_at.and_utc(),
                until: until.and_utc(),
            })
        })
        .collect()
}

/// A practice that a user serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    pub practice: PracticeId,
    pub name: String,
    pub timezone: chrono_tz::Tz,
    pub role: Role,
}

/// The practices that a user serves, by name.
pub fn served(conn: &mut Db, user: UserId) -> Result<Vec<Served>, StoreError> {
    let rows: Vec<(String, String, String, String)> = memberships::table
        .inner_join(practices::table)
        .filter(memberships::user_id.eq(user.to_string()))
        .select((practices::id, practices::name, practices::timezone, memberships::role))
        .order((practices::name, practices::id))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, name, timezone, role)| {
            Ok(Served { practice: parsed(&id)?, name, timezone: parsed(&timezone)?, role: parsed(&role)? })
        })
        .collect()
}

/// How many practices a user serves.
pub fn serves(conn: &mut Db, user: UserId) -> Result<u32, StoreError> {
    let found: i64 =
        memberships::table.filter(memberships::user_id.eq(user.to_string())).select(count_star()).get_result(conn)?;
    Ok(u32::try_from(found).unwrap_or(u32::MAX))
}

/// The practice in which a user did something last, of those they still serve: where they
/// come in. The first one by id for someone who has done nothing yet.
pub fn last_used(conn: &mut Db, user: UserId) -> Result<Option<PracticeId>, StoreError> {
    let all: Vec<String> = memberships::table
        .filter(memberships::user_id.eq(user.to_string()))
        .select(memberships::practice_id)
        .order(memberships::practice_id)
        .load(conn)?;
    let mut last: Option<(Option<NaiveDateTime>, &String)> = None;
    for of in &all {
        let at: Option<NaiveDateTime> = entries::table
            .filter(entries::practice_id.eq(of))
            .filter(entries::by_id.eq(user.to_string()))
            .select(max(entries::at))
            .get_result(conn)?;
        if last.as_ref().is_none_or(|(before, _)| at > *before) {
            last = Some((at, of));
        }
    }
    last.map(|(_, of)| parsed(of)).transpose()
}

/// Someone who wants to hear what is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub often: Often,
    /// The last day that they were told of.
    pub told_to: NaiveDate,
}

/// How often a person of the practice wants it.
///
/// # Errors
/// The database's.
pub fn digest(conn: &mut Db, scope: &Scope, user: UserId) -> Result<Often, StoreError> {
    let often: Option<String> = memberships::table
        .filter(memberships::practice_id.eq(practice(scope)?))
        .filter(memberships::user_id.eq(user.to_string()))
        .select(memberships::digest)
        .get_result(conn)
        .optional()?;
    often.map_or(Ok(Often::None), |often| parsed(&often))
}

/// Notes how often; false when it is so already. What came up to and with `told_to` is not told.
///
/// # Errors
/// The database's.
pub fn set_digest(
    conn: &mut Db,
    scope: &Scope,
    user: UserId,
    often: Often,
    told_to: NaiveDate,
) -> Result<bool, StoreError> {
    let changed = diesel::update(
        memberships::table
            .filter(memberships::practice_id.eq(practice(scope)?))
            .filter(memberships::user_id.eq(user.to_string()))
            .filter(memberships::digest.ne(often.key())),
    )
    .set((memberships::digest.eq(often.key()), memberships::digest_to.eq(Some(told_to))))
    .execute(conn)?;
    Ok(changed == 1)
}

/// Everybody who wants it.
///
/// # Errors
/// The database's.
pub fn readers(conn: &mut Db, scope: &Scope) -> Result<Vec<Reader>, StoreError> {
    type Row = (String, String, String, String, Option<NaiveDate>);
    let rows: Vec<Row> = memberships::table
        .inner_join(users::table)
        .filter(memberships::practice_id.eq(practice(scope)?))
        .filter(memberships::digest.ne(Often::None.key()))
        .select((users::id, users::name, users::email, memberships::digest, memberships::digest_to))
        .order(users::id)
        .load(conn)?;
    let reader = |(id, name, email, often, told_to): Row| {
        let told_to = told_to.ok_or_else(|| StoreError::Corrupt(format!("a digest of {id} without its day")))?;
        Ok(Reader { id: parsed(&id)?, name, email, often: parsed(&often)?, told_to })
    };
    rows.into_iter().map(reader).collect()
}

/// Moves the mark of what a reader was told; false when another sweep moved it.
///
/// # Errors
/// The database's.
pub fn told(conn: &mut Db, scope: &Scope, user: UserId, was: NaiveDate, to: NaiveDate) -> Result<bool, StoreError> {
    let moved = diesel::update(
        memberships::table
            .filter(memberships::practice_id.eq(practice(scope)?))
            .filter(memberships::user_id.eq(user.to_string()))
            .filter(memberships::digest_to.eq(Some(was))),
    )
    .set(memberships::digest_to.eq(Some(to)))
    .execute(conn)?;
    Ok(moved == 1)
}
