//! Who may come in, and as what: invitations, roles, and taking people out.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Office, account, sign_in};
use crate::domain::access::Scope;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{LetterId, PracticeId, UserId};
use crate::domain::letter::LetterKind;
use crate::domain::practice::Practice;
use crate::domain::user::{LinkKind, Role, SignInLink, User};
use crate::secrets;
use crate::store::{self, Db, StoreError};

/// An invitation is good for this long.
pub const INVITATION_LASTS: TimeDelta = TimeDelta::hours(72);

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    #[error("this person is in the practice already")]
    AlreadyIn,
    #[error("a practice keeps at least one administrator")]
    LastAdministrator,
    /// Absent, or of another practice.
    #[error("there is no such person")]
    Nobody,
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn note(conn: &mut Db, scope: &Scope, by: &Actor, sentence: String, now: DateTime<Utc>) -> Result<(), StoreError> {
    store::entries::write(conn, scope, &Deed { by, act: Act::People, vendor: None, sentence }, now)
}

/// Lets a person in by their address, on the command line. Gives the role that they had
/// before, and keep.
///
/// # Errors
/// The database's.
pub fn let_in(
    conn: &mut Db,
    practice: PracticeId,
    email: &str,
    role: Role,
    now: DateTime<Utc>,
) -> Result<(UserId, Option<Role>), StoreError> {
    let user = sign_in::known_or_new(conn, email, "", now)?;
    let kept = store::users::join(conn, user.id, practice, role)?;
    let sentence = match kept {
        None => format!("let {email} in as {}, on the command line", role.says().to_lowercase()),
        Some(kept) => format!("made a sign-in link for {email}, who stays {}", kept.says().to_lowercase()),
    };
    note(conn, &Scope::Practice(practice), &Actor::Program, sentence, now)?;
    Ok((user.id, kept))
}

/// Whom to invite.
#[derive(Clone, Debug)]
pub struct Invitee {
    /// Lower case.
    pub email: String,
    /// For the greeting; may be empty. The person says their own when they come.
    pub name: String,
    pub role: Role,
}

/// Invites a person by letter. An earlier invitation of the same person ends.
///
/// # Errors
/// [`PeopleError::AlreadyIn`].
pub fn invite(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    by: &Actor,
    invitee: &Invitee,
    now: DateTime<Utc>,
) -> Result<(), PeopleError> {
    let scope = Scope::Practice(practice.id);
    let user = match store::users::by_email(conn, &invitee.email)? {
        Some(user) if store::people::role(conn, &scope, user.id)?.is_some() => return Err(PeopleError::AlreadyIn),
        Some(user) => user,
        None => {
            // Without the name: another practice may invite them too, and must not learn it.
            let (email, name) = (invitee.email.clone(), String::new());
            let user = User { id: UserId::fresh(), email, name, has_password: false };
            store::users::add(conn, &user, now)?;
            user
        }
    };
    send(conn, office, practice, by, &user, (invitee.role, &invitee.name), now)?;
    let sentence = format!("invited {} as {}", invitee.email, invitee.role.says().to_lowercase());
    Ok(note(conn, &scope, by, sentence, now)?)
}

fn send(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    by: &Actor,
    user: &User,
    (role, name): (Role, &str),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    store::users::end_links(conn, user.id, LinkKind::Invitation, Some(practice.id), now)?;
    let (id, until) = (LetterId::fresh(), now + INVITATION_LASTS);
    let link = SignInLink::invitation(practice.id, user.id, role, name);
    let hash = secrets::digest(&office.key.sign_in_token(id));
    store::users::add_link(conn, &hash, &link, now, until)?;
    // Greeted as this practice calls them: what others call them is not for it to know.
    let words = office.letters.welcome(practice, by.name(), name, role, until);
    let to = User { name: name.to_owned(), ..user.clone() };
    account::write_to(conn, office, practice, id, LetterKind::Welcome, &to, words, now)
}

fn pending(conn: &mut Db, scope: &Scope, id: UserId) -> Result<store::people::Invited, PeopleError> {
    store::people::invited(conn, scope)?.into_iter().find(|one| one.user == id).ok_or(PeopleError::Nobody)
}

/// Sends an invitation once more, with a link of its own; the one before ends.
///
/// # Errors
/// [`PeopleError::Nobody`].
pub fn resend(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    by: &Actor,
    id: UserId,
    now: DateTime<Utc>,
) -> Result<(), PeopleError> {
    let scope = Scope::Practice(practice.id);
    let invited = pending(conn, &scope, id)?;
    let user = store::users::by_id(conn, id)?.ok_or(PeopleError::Nobody)?;
    send(conn, office, practice, by, &user, (invited.role, &invited.name), now)?;
    Ok(note(conn, &scope, by, format!("sent the invitation of {} once more", user.email), now)?)
}

/// Withdraws an invitation: its link ends, and its letter does not leave any more.
///
/// # Errors
/// [`PeopleError::Nobody`].
pub fn withdraw(
    conn: &mut Db,
    practice: &Practice,
    by: &Actor,
    id: UserId,
    now: DateTime<Utc>,
) -> Result<(), PeopleError> {
    let scope = Scope::Practice(practice.id);
    let invited = pending(conn, &scope, id)?;
    store::users::end_links(conn, id, LinkKind::Invitation, Some(practice.id), now)?;
    Ok(note(conn, &scope, by, format!("withdrew the invitation of {}", invited.email), now)?)
}

/// Gives a person another role, which counts from their next request.
///
/// # Errors
/// [`PeopleError::LastAdministrator`], [`PeopleError::Nobody`].
pub fn change_role(
    conn: &mut Db,
    scope: &Scope,
    by: &Actor,
    id: UserId,
    role: Role,
    now: DateTime<Utc>,
) -> Result<(), PeopleError> {
    let administrators = store::people::hold_administrators(conn, scope)?;
    let person = store::people::one(conn, scope, id)?.ok_or(PeopleError::Nobody)?;
    if person.role == role {
        return Ok(());
    }
    if person.role == Role::Administrator && administrators < 2 {
        return Err(PeopleError::LastAdministrator);
    }
    store::people::set_role(conn, scope, id, role)?;
    let (was, is) = (person.role.says().to_lowercase(), role.says().to_lowercase());
    Ok(note(conn, scope, by, format!("changed the role of {} from {was} to {is}", person.called()), now)?)
}

/// Takes a person out of the practice: their next request there is refused.
///
/// # Errors
/// [`PeopleError::LastAdministrator`], [`PeopleError::Nobody`].
pub fn remove(conn: &mut Db, scope: &Scope, by: &Actor, id: UserId, now: DateTime<Utc>) -> Result<String, PeopleError> {
    let administrators = store::people::hold_administrators(conn, scope)?;
    let person = store::people::one(conn, scope, id)?.ok_or(PeopleError::Nobody)?;
    if person.role == Role::Administrator && administrators < 2 {
        return Err(PeopleError::LastAdministrator);
    }
    store::people::remove(conn, scope, id)?;
    if let Some(practice) = scope.practice() {
        store::sessions::end_in(conn, id, practice)?;
    }
    note(conn, scope, by, format!("took {} out of the practice", person.called()), now)?;
    Ok(person.called().to_owned())
}
