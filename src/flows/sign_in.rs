//! People come in: by a one-time link the first time, by e-mail and password after that.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::setup;
use crate::domain::access::Scope;
use crate::domain::ids::{PracticeId, UserId};
use crate::domain::practice::{self, Practice, PracticeContact, Settings};
use crate::domain::user::{Role, SignInLink, User, wait_after};
use crate::secrets;
use crate::store::{self, Db, StoreError};

/// A session ends after this long, whatever happens.
pub const SESSION_LASTS: TimeDelta = TimeDelta::hours(12);
/// A one-time link is good for this long.
pub const LINK_LASTS: TimeDelta = TimeDelta::hours(72);

/// Why someone is not let in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Which of the two is wrong is not said.
    #[error("the e-mail address or the password is not right")]
    Wrong,
    #[error("too many tries; try again in {seconds} seconds")]
    TooMany { seconds: i64 },
    #[error("this sign-in link was used, or is too old")]
    LinkGone,
    #[error("there is a user with this e-mail address already")]
    EmailTaken,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A new session: the cookie's value and whose it is.
#[derive(Clone, Debug)]
pub struct NewSession {
    pub cookie: String,
    pub user: UserId,
    pub practice: PracticeId,
}

/// Adds a practice whose slug is made from its name.
///
/// # Errors
/// The database's.
pub fn found_practice(conn: &mut Db, name: &str, timezone: Tz, now: DateTime<Utc>) -> Result<Practice, StoreError> {
    let wanted = practice::slug(name);
    let mut slug = wanted.clone();
    for number in 2.. {
        if store::practices::by_slug(conn, &slug)?.is_none() {
            break;
        }
        slug = format!("{wanted}-{number}");
    }
    let new = Practice {
        id: PracticeId::fresh(),
        slug,
        name: name.to_owned(),
        timezone,
        contact: PracticeContact::default(),
        settings: Settings::default(),
    };
    store::practices::add(conn, &new, now)?;
    Ok(new)
}

/// Makes a one-time link and gives its token.
///
/// # Errors
/// The database's.
pub fn make_link(conn: &mut Db, link: &SignInLink, now: DateTime<Utc>) -> Result<String, StoreError> {
    let token = secrets::token();
    store::users::add_link(conn, &secrets::digest(&token), link, now, now + LINK_LASTS)?;
    Ok(token)
}

/// Adds a user to a practice, or lets an existing one in there too.
///
/// # Errors
/// The database's.
pub fn add_user(
    conn: &mut Db,
    practice: PracticeId,
    email: &str,
    name: &str,
    role: Role,
    now: DateTime<Utc>,
) -> Result<User, StoreError> {
    let email = email.to_lowercase();
    let user = match store::users::by_email(conn, &email)? {
        Some(user) => user,
        None => {
            let user = User { id: UserId::fresh(), email, name: name.to_owned(), has_password: false };
            store::users::add(conn, &user, now)?;
            user
        }
    };
    store::users::join(conn, user.id, practice, role)?;
    Ok(user)
}

/// What a person fills in at a one-time link; which of it is used depends on the link.
#[derive(Clone, Debug, Default)]
pub struct Welcome {
    pub practice: String,
    pub timezone: Option<Tz>,
    pub name: String,
    pub email: String,
    /// Already hashed: hashing is slow, and transactions should be short.
    pub password_hash: Option<String>,
}

/// Uses a one-time link: makes the practice and the user where there is none yet, sets the
/// password, and signs in.
///
/// # Errors
/// [`SignInError::LinkGone`] when it was used before.
pub fn welcome(conn: &mut Db, token: &str, filled: &Welcome, now: DateTime<Utc>) -> Result<NewSession, SignInError> {
    let hash = secrets::digest(token);
    let link = store::users::link(conn, &hash, now)?.ok_or(SignInError::LinkGone)?;
    if !store::users::use_link(conn, &hash, now)? {
        return Err(SignInError::LinkGone);
    }
    let practice = match (link.practice, filled.timezone) {
        (Some(practice), _) => practice,
        // A link of the first run is good for the first practice only, whoever finds it later.
        (None, Some(timezone)) if store::practices::none_yet(conn)? => {
            found_practice(conn, &filled.practice, timezone, now)?.id
        }
        (None, _) => return Err(SignInError::LinkGone),
    };
    let user = match link.user {
        Some(user) => user,
        None if store::users::by_email(conn, &filled.email.to_lowercase())?.is_some() => {
            return Err(SignInError::EmailTaken);
        }
        None => add_user(conn, practice, &filled.email, &filled.name, Role::Administrator, now)?.id,
    };
    if let Some(password) = &filled.password_hash {
        let name = match link.user {
            Some(user) => store::users::by_id(conn, user)?.map(|user| user.name).filter(|name| !name.is_empty()),
            None => None,
        };
        store::users::set_password(conn, user, name.as_deref().unwrap_or(&filled.name), password)?;
        store::sessions::end_all(conn, user)?;
    }
    introduce(conn, practice, user)?;
    if link.user.is_none() {
        setup::begin(conn, &Scope::Practice(practice), now)?;
    }
    new_session(conn, user, practice, now)
}

/// A practice without a contact gets its first user as one: letters name a person.
fn introduce(conn: &mut Db, practice: PracticeId, user: UserId) -> Result<(), StoreError> {
    let scope = Scope::Practice(practice);
    let known = store::practices::one(conn, &scope)?;
    if !known.contact.name.is_empty() || known.contact.reply_to.is_some() {
        return Ok(());
    }
    let Some(user) = store::users::by_id(conn, user)? else { return Ok(()) };
    let contact = PracticeContact { name: user.name, phone: known.contact.phone, reply_to: Some(user.email) };
    store::practices::set_contact(conn, &scope, &known.name, &contact)
}

/// Opens a session.
///
/// # Errors
/// The database's.
pub fn new_session(
    conn: &mut Db,
    user: UserId,
    practice: PracticeId,
    now: DateTime<Utc>,
) -> Result<NewSession, SignInError> {
    let cookie = secrets::token();
    store::sessions::add(conn, &secrets::digest(&cookie), user, practice, now, now + SESSION_LASTS)?;
    Ok(NewSession { cookie, user, practice })
}

/// Whose sign-ins are slowed down: the account and the address it comes from, hashed, so
/// that the table holds neither.
pub fn throttle_subject(email: &str, from: &str) -> String {
    secrets::digest(&format!("{}\n{from}", email.to_lowercase()))
}

/// Counts a try and gives what is needed to check its password, or says how long to wait.
/// Counted before the password is checked, so that a hundred tries at once are a hundred.
///
/// # Errors
/// [`SignInError::TooMany`] while the account is slowed down; the try is not counted then.
pub fn begin(
    conn: &mut Db,
    email: &str,
    subject: &str,
    now: DateTime<Utc>,
) -> Result<Option<(User, Option<String>)>, SignInError> {
    let (failures, free_at) = store::users::count_try(conn, subject, now)?;
    if free_at > now {
        return Err(SignInError::TooMany { seconds: (free_at - now).num_seconds().max(1) });
    }
    store::users::set_free_at(conn, subject, now + TimeDelta::seconds(wait_after(failures)))?;
    let Some(user) = store::users::by_email(conn, &email.trim().to_lowercase())? else { return Ok(None) };
    let hash = store::users::password_hash(conn, user.id)?;
    Ok(Some((user, hash)))
}

/// The password was right: forgets the tries and signs in.
///
/// # Errors
/// [`SignInError::Wrong`] for a user of no practice.
pub fn finish(conn: &mut Db, user: &User, subject: &str, now: DateTime<Utc>) -> Result<NewSession, SignInError> {
    store::users::clear_throttle(conn, subject)?;
    let practice = store::users::practices(conn, user.id)?.first().copied().ok_or(SignInError::Wrong)?;
    new_session(conn, user.id, practice, now)
}
