//! People come in: by a one-time link the first time, by e-mail and password after that.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::second_step::{STEP_LASTS, sealed_for};
use super::{Office, account, setup};
use crate::domain::access::Scope;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{PracticeId, SessionId, UserId};
use crate::domain::practice::{self, Practice, PracticeContact, Settings};
use crate::domain::user::{ASKS_AT_ONCE, ASKS_EVERY, LinkKind, Role, SignInLink, User, wait_after};
use crate::domain::{session, totp};
use crate::secrets;
use crate::store::challenges::{self, Challenge};
use crate::store::second_factors;
use crate::store::sessions::Session;
use crate::store::{self, Db, StoreError};

/// A session ends after this long, whatever happens.
pub const SESSION_LASTS: TimeDelta = session::LASTS;
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

/// Adds a practice whose slug is made from its name, and begins its history.
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
    let sentence = format!("founded the practice {name}");
    let deed = Deed { by: &Actor::Program, act: Act::Settings, vendor: None, sentence };
    store::entries::write(conn, &Scope::Practice(new.id), &deed, now)?;
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

/// Adds a user to a practice, or lets an existing one in there too; whoever is in it keeps
/// their role.
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
    let user = known_or_new(conn, email, name, now)?;
    store::users::join(conn, user.id, practice, role)?;
    Ok(user)
}

/// The user with this address, made if there is none.
pub(super) fn known_or_new(conn: &mut Db, email: &str, name: &str, now: DateTime<Utc>) -> Result<User, StoreError> {
    let email = email.to_lowercase();
    if let Some(user) = store::users::by_email(conn, &email)? {
        return Ok(user);
    }
    let user = User { id: UserId::fresh(), email, name: name.to_owned(), has_password: false };
    store::users::add(conn, &user, now)?;
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

/// What came of a link, or of a right password.
#[derive(Clone, Debug)]
pub enum Passed {
    /// Signed in.
    In(NewSession),
    /// The token of a sign-in that waits for its second step.
    Second(String),
    /// Joined the practice, and signs in as always.
    Joined,
}

/// Uses a one-time link: makes the practice and the user where there is none yet, lets the
/// user into the practice, sets the password, and signs in.
///
/// # Errors
/// [`SignInError::LinkGone`] when it was used before.
pub fn welcome(
    conn: &mut Db,
    office: &Office,
    token: &str,
    filled: &Welcome,
    entrance: &Entrance<'_>,
    now: DateTime<Utc>,
) -> Result<Passed, SignInError> {
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
    let mut told = Vec::new();
    let mut user = match link.user {
        Some(user) => store::users::by_id(conn, user)?.ok_or(SignInError::LinkGone)?,
        None if store::users::by_email(conn, &filled.email.to_lowercase())?.is_some() => {
            return Err(SignInError::EmailTaken);
        }
        None => {
            told.push(joined(Role::Administrator, None));
            add_user(conn, practice, &filled.email, &filled.name, Role::Administrator, now)?
        }
    };
    // Whoever comes by an invitation for the first time says their name: one that is there
    // may be what somebody else called them.
    let unnamed = user.name.is_empty() || (link.kind == LinkKind::Invitation && !user.has_password);
    if unnamed && !filled.name.is_empty() {
        user.name.clone_from(&filled.name);
    }
    if let (LinkKind::Invitation, Some(role)) = (link.kind, link.role) {
        let kept = store::users::join(conn, user.id, practice, role)?;
        told.push(joined(role, kept));
        // The letter proves the mailbox; the account has a password, and maybe a second step.
        if user.has_password {
            tell_all(conn, practice, &user, told, now)?;
            return Ok(Passed::Joined);
        }
    } else if store::people::role(conn, &Scope::Practice(practice), user.id)?.is_none() {
        // Taken out since the link was made.
        return Err(SignInError::LinkGone);
    }
    if let Some(password) = &filled.password_hash {
        if link.kind == LinkKind::Reset {
            account::set_password(conn, office, &user, password, None, now)?;
        } else {
            store::users::set_password(conn, user.id, &user.name, password)?;
            account::end_links(conn, user.id, now)?;
            store::sessions::end_all(conn, user.id)?;
            told.push("chose a password".to_owned());
        }
    }
    told.extend(introduce(conn, practice, &user)?);
    if link.user.is_none() {
        setup::begin(conn, &Scope::Practice(practice), now)?;
    }
    tell_all(conn, practice, &user, told, now)?;
    // A link must not be a way around the second step.
    if second_factors::of(conn, user.id)?.any() {
        return Ok(Passed::Second(wait_for_second(conn, user.id, "/", now)?));
    }
    Ok(Passed::In(come_in(conn, &user, practice, entrance, "signed in by a link", now)?))
}

/// Someone who was in the practice before keeps the role that they had.
fn joined(role: Role, kept: Option<Role>) -> String {
    match kept {
        None => format!("joined the practice as {}", role.says().to_lowercase()),
        Some(kept) => format!("used an invitation, and stays {}", kept.says().to_lowercase()),
    }
}

/// Writes what a person did, after everything else is written.
fn tell_all(
    conn: &mut Db,
    practice: PracticeId,
    user: &User,
    told: Vec<String>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for sentence in told {
        let deed = Deed { by: &account::actor(user), act: Act::People, vendor: None, sentence };
        store::entries::write(conn, &Scope::Practice(practice), &deed, now)?;
    }
    Ok(())
}

/// A practice without a contact gets its first administrator as one: letters name a person.
/// Gives what the history says of it.
fn introduce(conn: &mut Db, practice: PracticeId, user: &User) -> Result<Option<String>, StoreError> {
    let scope = Scope::Practice(practice);
    let known = store::practices::one(conn, &scope)?;
    let named = !known.contact.name.is_empty() || known.contact.reply_to.is_some();
    if named || store::people::role(conn, &scope, user.id)? != Some(Role::Administrator) {
        return Ok(None);
    }
    let (name, reply_to) = (user.name.clone(), Some(user.email.clone()));
    let contact = PracticeContact { name, phone: known.contact.phone, reply_to };
    store::practices::set_contact(conn, &scope, &known.name, &contact)?;
    Ok(Some(format!("became the person whom letters name, with replies to {}", user.email)))
}

/// How a person comes in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entrance<'a> {
    /// The browser in words.
    pub browser: &'a str,
    /// The cookie that this browser had: its session ends, and if it was the same person's,
    /// forms open in other windows can still be sent.
    pub before: Option<&'a str>,
    /// Showed more than a password.
    pub second: bool,
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
    Ok(open_session(conn, user, practice, &Entrance::default(), now)?)
}

fn open_session(
    conn: &mut Db,
    user: UserId,
    practice: PracticeId,
    entrance: &Entrance<'_>,
    now: DateTime<Utc>,
) -> Result<NewSession, StoreError> {
    let cookie = match entrance.before {
        Some(before) => {
            let hash = secrets::digest(before);
            let mine = store::sessions::owner(conn, &hash)?.is_some_and(|(owner, _)| owner == user);
            store::sessions::end(conn, &hash)?;
            if mine { secrets::renewed(before) } else { secrets::token() }
        }
        None => secrets::token(),
    };
    let new = store::sessions::New {
        token_hash: &secrets::digest(&cookie),
        user,
        practice,
        browser: entrance.browser,
        second: entrance.second,
        seen_at: now,
        until: now + SESSION_LASTS,
    };
    store::sessions::open(conn, &new, now)?;
    Ok(NewSession { cookie, user, practice })
}

/// Signs in to a practice, with a line of its history.
fn come_in(
    conn: &mut Db,
    user: &User,
    practice: PracticeId,
    entrance: &Entrance<'_>,
    how: &str,
    now: DateTime<Utc>,
) -> Result<NewSession, StoreError> {
    let session = open_session(conn, user.id, practice, entrance, now)?;
    let deed = Deed { by: &account::actor(user), act: Act::SignedIn, vendor: None, sentence: how.to_owned() };
    store::entries::write(conn, &Scope::Practice(practice), &deed, now)?;
    Ok(session)
}

/// What a cookie is good for.
#[derive(Clone, Debug)]
pub enum Current {
    In(Box<Session>),
    /// Over: left idle, out of time, or its person serves the practice no more. Whose it was.
    Ended(UserId, PracticeId),
    Unknown,
}

/// Looks at a cookie (its SHA-256) at `now`.
///
/// # Errors
/// The database's.
pub fn current(conn: &mut Db, token_hash: &str, now: DateTime<Utc>) -> Result<Current, StoreError> {
    if let Some(session) = store::sessions::find(conn, token_hash, now)?
        && session.rules.idle_end(session.seen_at) > now
    {
        return Ok(Current::In(Box::new(session)));
    }
    let owner = store::sessions::owner(conn, token_hash)?;
    Ok(owner.map_or(Current::Unknown, |(user, practice)| Current::Ended(user, practice)))
}

/// Signs out, with a line of the history.
///
/// # Errors
/// The database's.
pub fn leave(conn: &mut Db, token_hash: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    if let Current::In(session) = current(conn, token_hash, now)?
        && let Some(user) = store::users::by_id(conn, session.user)?
    {
        let sentence = "signed out".to_owned();
        let deed = Deed { by: &account::actor(&user), act: Act::SignedIn, vendor: None, sentence };
        store::sessions::end(conn, token_hash)?;
        return store::entries::write(conn, &Scope::Practice(session.practice), &deed, now);
    }
    store::sessions::end(conn, token_hash)
}

/// The person of a session has just shown the password (or, `second`, more): it counts for
/// the dangerous things from now on. Gives the new cookie.
///
/// # Errors
/// The database's.
pub fn prove(
    conn: &mut Db,
    session: SessionId,
    cookie: &str,
    second: bool,
    now: DateTime<Utc>,
) -> Result<String, StoreError> {
    let renewed = secrets::renewed(cookie);
    store::sessions::prove(conn, session, &secrets::digest(&renewed), second, now)?;
    Ok(renewed)
}

/// Goes over to another practice that the person serves. Gives the new cookie; `None` when
/// they do not serve it.
///
/// # Errors
/// The database's.
pub fn switch(
    conn: &mut Db,
    user: UserId,
    session: SessionId,
    cookie: &str,
    practice: PracticeId,
    now: DateTime<Utc>,
) -> Result<Option<String>, StoreError> {
    let scope = Scope::Practice(practice);
    if store::people::role(conn, &scope, user)?.is_none() {
        return Ok(None);
    }
    let Some(user) = store::users::by_id(conn, user)? else { return Ok(None) };
    let renewed = secrets::renewed(cookie);
    store::sessions::switch(conn, session, &secrets::digest(&renewed), practice)?;
    let sentence = "came over from another practice".to_owned();
    let deed = Deed { by: &account::actor(&user), act: Act::SignedIn, vendor: None, sentence };
    store::entries::write(conn, &scope, &deed, now)?;
    Ok(Some(renewed))
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
    count(conn, subject, now)?;
    let Some(user) = store::users::by_email(conn, &email.trim().to_lowercase())? else { return Ok(None) };
    let hash = store::users::password_hash(conn, user.id)?;
    Ok(Some((user, hash)))
}

/// A password was wrong: says so in the history of the person's practices.
///
/// # Errors
/// The database's.
pub fn refuse(conn: &mut Db, user: UserId, sentence: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    account::tell(conn, user, &Actor::Program, Act::Refused, sentence, now)
}

/// The password was right: forgets the tries, and signs in or waits for the second step.
///
/// # Errors
/// [`SignInError::Wrong`] for a user of no practice.
pub fn finish(
    conn: &mut Db,
    user: &User,
    subject: &str,
    next: &str,
    entrance: &Entrance<'_>,
    now: DateTime<Utc>,
) -> Result<Passed, SignInError> {
    store::users::clear_throttle(conn, subject)?;
    let practice = store::people::last_used(conn, user.id)?.ok_or(SignInError::Wrong)?;
    if second_factors::of(conn, user.id)?.any() {
        return Ok(Passed::Second(wait_for_second(conn, user.id, next, now)?));
    }
    Ok(Passed::In(come_in(conn, user, practice, entrance, "signed in", now)?))
}

/// A sign-in that waits for its second step.
pub(super) const SECOND: &str = "second";

fn wait_for_second(conn: &mut Db, user: UserId, next: &str, now: DateTime<Utc>) -> Result<String, StoreError> {
    let token = secrets::token();
    let waiting = Challenge { user: Some(user), state: next.to_owned() };
    challenges::add(conn, &secrets::digest(&token), SECOND, &waiting, now + STEP_LASTS)?;
    Ok(token)
}

/// Whose sign-in waits, and where it leads.
///
/// # Errors
/// The database's.
pub fn waiting(conn: &mut Db, token: &str, now: DateTime<Utc>) -> Result<Option<(UserId, String)>, StoreError> {
    let found = challenges::find(conn, &secrets::digest(token), SECOND, now)?;
    Ok(found.and_then(|found| Some((found.user?, found.state))))
}

/// Counts a try at a code. Whoever gets here knows the password, so tries are counted by
/// account alone, wherever they come from.
///
/// # Errors
/// [`SignInError::TooMany`], [`SignInError::LinkGone`] when nothing waits.
pub fn begin_code(conn: &mut Db, token: &str, now: DateTime<Utc>) -> Result<UserId, SignInError> {
    let (user, _) = waiting(conn, token, now)?.ok_or(SignInError::LinkGone)?;
    count(conn, &code_subject(user), now)?;
    Ok(user)
}

fn code_subject(user: UserId) -> String {
    throttle_subject("code", &user.to_string())
}

/// Counts a try of whatever `subject` names.
///
/// # Errors
/// [`SignInError::TooMany`] while it is slowed down; the try is not counted then.
pub fn count(conn: &mut Db, subject: &str, now: DateTime<Utc>) -> Result<(), SignInError> {
    let (failures, free_at) = store::users::count_try(conn, subject, now)?;
    if free_at > now {
        return Err(SignInError::TooMany { seconds: (free_at - now).num_seconds().max(1) });
    }
    Ok(store::users::set_free_at(conn, subject, now + TimeDelta::seconds(wait_after(failures)))?)
}

/// Counts what anyone may ask for without an account, by the address it comes from: each
/// asking leaves a row or a letter behind. Unlike [`count`] it forgives by itself: a whole
/// office may come from one address.
///
/// # Errors
/// [`SignInError::TooMany`] while it is slowed down; nothing is counted then.
pub fn ration(conn: &mut Db, what: &str, from: &str, now: DateTime<Utc>) -> Result<(), SignInError> {
    let subject = throttle_subject(what, from);
    let (_, paid_until) = store::users::count_try(conn, &subject, now)?;
    let paid_until = paid_until.max(now) + ASKS_EVERY;
    let over = paid_until - now - ASKS_EVERY * ASKS_AT_ONCE;
    if over > TimeDelta::zero() {
        return Err(SignInError::TooMany { seconds: over.num_seconds().max(1) });
    }
    Ok(store::users::set_free_at(conn, &subject, paid_until)?)
}

/// Takes a code of the app, or a recovery code, and signs in. Either works once.
///
/// # Errors
/// [`SignInError::Wrong`], [`SignInError::LinkGone`].
pub fn finish_code(
    conn: &mut Db,
    office: &Office,
    token: &str,
    typed: &str,
    entrance: &Entrance<'_>,
    now: DateTime<Utc>,
) -> Result<(NewSession, String), SignInError> {
    let (user, _) = waiting(conn, token, now)?.ok_or(SignInError::LinkGone)?;
    let how = use_code(conn, office, user, typed, now)?.ok_or(SignInError::Wrong)?;
    enter_second(conn, user, token, how, entrance, now)
}

/// The second step was passed, by a code or by a passkey.
///
/// # Errors
/// [`SignInError::LinkGone`].
pub fn enter_second(
    conn: &mut Db,
    user: UserId,
    token: &str,
    how: &str,
    entrance: &Entrance<'_>,
    now: DateTime<Utc>,
) -> Result<(NewSession, String), SignInError> {
    let taken = challenges::take(conn, &secrets::digest(token), SECOND, now)?.ok_or(SignInError::LinkGone)?;
    if taken.user != Some(user) {
        return Err(SignInError::Wrong);
    }
    let session = enter(conn, user, how, entrance, now)?;
    Ok((session, taken.state))
}

/// Signs in someone who showed more than a password.
///
/// # Errors
/// [`SignInError::Wrong`] for a user of no practice.
pub fn enter(
    conn: &mut Db,
    user: UserId,
    how: &str,
    entrance: &Entrance<'_>,
    now: DateTime<Utc>,
) -> Result<NewSession, SignInError> {
    let user = store::users::by_id(conn, user)?.ok_or(SignInError::Wrong)?;
    let practice = store::people::last_used(conn, user.id)?.ok_or(SignInError::Wrong)?;
    store::users::clear_throttle(conn, &code_subject(user.id))?;
    Ok(come_in(conn, &user, practice, &Entrance { second: true, ..*entrance }, how, now)?)
}

/// Uses up a code of either kind; `None` when it is not right, or was used.
fn use_code(
    conn: &mut Db,
    office: &Office,
    user: UserId,
    typed: &str,
    now: DateTime<Utc>,
) -> Result<Option<&'static str>, StoreError> {
    if let Some((sealed, last)) = second_factors::secret(conn, user)? {
        // Sealed with another key, it is of no use; a recovery code may still be right.
        let secret = office.key.open(&sealed_for(user), &sealed);
        let step = secret.and_then(|secret| totp::step_of(&secret, typed, last, now));
        if let Some(step) = step {
            return Ok(second_factors::use_step(conn, user, step)?.then_some("signed in with a code of their app"));
        }
    }
    let hash = office.key.recovery_hash(user, typed);
    Ok(second_factors::use_code(conn, user, &hash, now)?.then_some("signed in with a recovery code"))
}
