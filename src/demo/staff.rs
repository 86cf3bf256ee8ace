//! The people of the demo's practice: a lead and an auditor who came on the first day, and
//! someone who was invited just now.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::access::Scope;
use crate::domain::practice::Practice;
use crate::domain::user::{Role, User};
use crate::flows::people::{Invitee, PeopleError};
use crate::flows::{Office, account, people, sign_in};
use crate::store::letters::Outcome;
use crate::store::{self, Db, StoreError};

const COLLEAGUES: [(&str, &str, Role); 2] = [
    ("Robin Castillo", "robin@maplefamily.example", Role::ComplianceLead),
    ("Lee Park", "lee@maplefamily.example", Role::Auditor),
];

/// The first day: Dana's colleagues come in, all with the demo's one password, and one of
/// them forgets it at once.
pub fn found(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    dana: &User,
    hash: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    for (name, email, role) in COLLEAGUES {
        let invitee = Invitee { email: email.to_owned(), name: name.to_owned(), role };
        people::invite(conn, office, practice, &account::actor(dana), &invitee, at).map_err(plain)?;
        send(conn, practice, at)?;
        let user = sign_in::add_user(conn, practice.id, email, "", role, at)?;
        let user = User { name: name.to_owned(), ..user };
        store::users::set_password(conn, user.id, name, hash)?;
        people_links_end(conn, practice, &user, at)?;
        if role == Role::Auditor {
            account::ask_reset(conn, office, email, at)?;
            send(conn, practice, at)?;
            account::set_password(conn, office, &user, hash, None, at + TimeDelta::minutes(4))?;
            send(conn, practice, at + TimeDelta::minutes(4))?;
        }
    }
    Ok(())
}

/// Today: someone who has not come yet.
pub fn invite(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    dana: &User,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (email, name) = ("sam@maplefamily.example".to_owned(), "Sam Okafor".to_owned());
    let invitee = Invitee { email, name, role: Role::ComplianceLead };
    people::invite(conn, office, practice, &account::actor(dana), &invitee, at).map_err(plain)?;
    send(conn, practice, at)
}

fn people_links_end(conn: &mut Db, practice: &Practice, user: &User, at: DateTime<Utc>) -> Result<(), StoreError> {
    use crate::domain::user::LinkKind;
    store::users::end_links(conn, user.id, LinkKind::Invitation, Some(practice.id), at).map(drop)
}

/// Letters to colleagues all arrive.
fn send(conn: &mut Db, practice: &Practice, at: DateTime<Utc>) -> Result<(), StoreError> {
    for (of, id) in store::letters::to_send(conn, at, 100)? {
        let Some(letter) = store::letters::one(conn, &Scope::Practice(practice.id), id)? else { continue };
        if letter.kind.to_staff()
            && let Some(claimed) = store::letters::claim(conn, of, id, at)?
        {
            store::letters::finish(conn, &claimed, &Outcome::Sent, at)?;
        }
    }
    Ok(())
}

fn plain(error: PeopleError) -> StoreError {
    match error {
        PeopleError::Store(error) => error,
        other => StoreError::Corrupt(other.to_string()),
    }
}
