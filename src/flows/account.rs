//! What a person does with their own account: a new password, a link to one, and the letter
//! that tells them that something changed.

use chrono::{DateTime, TimeDelta, Utc};

use super::people::{self, PeopleError};
use super::{Office, second_step, sign_in};
use crate::domain::access::Scope;
use crate::domain::civil_date;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{LetterId, SessionId, UserId};
use crate::domain::letter::{Letter, LetterKind};
use crate::domain::practice::Practice;
use crate::domain::user::{LinkKind, Role, SignInLink, User};
use crate::letters::Written;
use crate::secrets;
use crate::store::{self, Db, StoreError};

/// A link to a new password is good for this long.
pub const RESET_LASTS: TimeDelta = TimeDelta::minutes(30);
/// A second request within this time means the first.
const JUST_NOW: TimeDelta = TimeDelta::minutes(2);

/// Who a person is in the history.
pub fn actor(user: &User) -> Actor {
    let name = if user.name.is_empty() { &user.email } else { &user.name };
    Actor::Person { id: user.id, name: name.clone() }
}

/// Writes a line into the history of every practice that a user serves.
///
/// # Errors
/// The database's.
pub fn tell(
    conn: &mut Db,
    user: UserId,
    by: &Actor,
    act: Act,
    sentence: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for practice in store::users::practices(conn, user)? {
        let deed = Deed { by, act, vendor: None, sentence: sentence.to_owned() };
        store::entries::write(conn, &Scope::Practice(practice), &deed, now)?;
    }
    Ok(())
}

/// Writes a letter to someone of the practice.
#[expect(clippy::too_many_arguments, reason = "the facts of one letter; a struct would be named after this function")]
pub(super) fn write_to(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: LetterId,
    kind: LetterKind,
    user: &User,
    words: Written,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    // In the practice's full name: the name on letters is for vendors.
    let letter = Letter {
        from_name: practice.name.clone(),
        ..office.letter(practice, id, kind, (&user.name, &user.email), words, now)
    };
    store::letters::write(conn, &letter).map(drop)
}

/// Tells a person that their account changed: `Your password was changed`.
///
/// # Errors
/// The database's.
pub fn notice(conn: &mut Db, office: &Office, user: &User, what: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some(practice) = store::people::last_used(conn, user.id)? else { return Ok(()) };
    let practice = store::practices::one(conn, &Scope::Practice(practice))?;
    let words = office.letters.notice(&user.name, what, &civil_date::say_instant(now, practice.timezone));
    write_to(conn, office, &practice, LetterId::fresh(), LetterKind::Notice, user, words, now)
}

/// Writes a letter with a link to a new password, if there is such a person. What comes of
/// it is told to nobody but the one who reads that mail.
///
/// # Errors
/// The database's.
pub fn ask_reset(conn: &mut Db, office: &Office, email: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some(user) = store::users::by_email(conn, &email.trim().to_lowercase())? else { return Ok(()) };
    let Some(practice) = store::people::last_used(conn, user.id)? else { return Ok(()) };
    if store::users::newest_link(conn, user.id, LinkKind::Reset)?.is_some_and(|made| now - made < JUST_NOW) {
        return Ok(());
    }
    let practice = store::practices::one(conn, &Scope::Practice(practice))?;
    store::users::end_links(conn, user.id, LinkKind::Reset, None, now)?;
    let (id, until) = (LetterId::fresh(), now + RESET_LASTS);
    let link = SignInLink::reset(practice.id, user.id);
    let hash = secrets::digest(&office.key.sign_in_token(id));
    store::users::add_link(conn, &hash, &link, now, until)?;
    let words = office.letters.reset(&user.name, &civil_date::say_instant(until, practice.timezone));
    write_to(conn, office, &practice, id, LetterKind::Reset, &user, words, now)?;
    tell(
        conn,
        user.id,
        &Actor::Program,
        Act::People,
        &format!("wrote a link to a new password for {}", user.email),
        now,
    )
}

/// Ends every one-time link that lets a person in: whoever has an old one in hand must not
/// come in past a new password. Invitations stay open, which are other practices' to withdraw.
///
/// # Errors
/// The database's.
pub fn end_links(conn: &mut Db, user: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    for kind in [LinkKind::Welcome, LinkKind::Reset] {
        store::users::end_links(conn, user, kind, None, now)?;
    }
    Ok(())
}

/// Sets a new password: links that let the person in end, and so do all other sessions.
///
/// # Errors
/// The database's.
pub fn set_password(
    conn: &mut Db,
    office: &Office,
    user: &User,
    hash: &str,
    keep: Option<SessionId>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    store::users::set_password(conn, user.id, &user.name, hash)?;
    end_links(conn, user.id, now)?;
    store::challenges::end(conn, user.id, sign_in::SECOND)?;
    match keep {
        Some(session) => drop(store::sessions::end_others(conn, user.id, session)?),
        None => store::sessions::end_all(conn, user.id)?,
    }
    notice(conn, office, user, "Your password was changed", now)?;
    tell(conn, user.id, &actor(user), Act::People, "chose a new password, which ended their other sessions", now)
}

/// What is changed for someone who cannot get in, by whoever runs the program.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rescue {
    /// Takes the second step away too.
    pub second_step: bool,
    /// What the person may do from now on, in every practice that they serve.
    pub role: Option<Role>,
}

/// Takes a person's password away, ends their sessions and links, and gives the token of a
/// new link. `None` when nobody signs in with that address.
///
/// # Errors
/// [`PeopleError::LastAdministrator`], or the database's.
pub fn rescue(
    conn: &mut Db,
    office: &Office,
    email: &str,
    rescue: Rescue,
    now: DateTime<Utc>,
) -> Result<Option<String>, PeopleError> {
    let Some(user) = store::users::by_email(conn, email)? else { return Ok(None) };
    let practices = store::users::practices(conn, user.id)?;
    let Some(practice) = practices.first().copied() else { return Ok(None) };
    store::users::forget_password(conn, user.id)?;
    store::sessions::end_all(conn, user.id)?;
    end_links(conn, user.id, now)?;
    let token = sign_in::make_link(conn, &SignInLink::welcome(practice, Some(user.id)), now)?;
    if rescue.second_step {
        second_step::remove_all(conn, office, &user, now)?;
    }
    for practice in practices {
        if let Some(role) = rescue.role {
            people::change_role(conn, &Scope::Practice(practice), &Actor::Program, user.id, role, now)?;
        }
    }
    let sentence = format!("took the password of {email} away and made a sign-in link, on the command line");
    tell(conn, user.id, &Actor::Program, Act::People, &sentence, now)?;
    Ok(Some(token))
}
