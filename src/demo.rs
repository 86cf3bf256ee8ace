//! The fictional practice of `duecare demo`: some fifty vendors and two years of history,
//! told by the same flows that a real practice runs, on days counted back from now. Knows
//! the story's files beside it, and nothing of how the demo is served.

mod days;
mod deeds;
mod exceptions;
mod fixes;
mod incidents;
mod looks;
mod notices;
mod papers;
mod post;
mod rechecks;
mod remarks;
mod replies;
mod reviews;
mod staff;
mod story;
#[cfg(test)]
mod tests;
mod together;
mod turns;
mod walk;

use chrono::{DateTime, Utc};

use self::days::Days;
use self::story::Story;
use self::walk::Walk;
use crate::domain::access::Scope;
use crate::domain::entry::Actor;
use crate::domain::practice::{Practice, PracticeContact};
use crate::domain::user::{SignInLink, User};
use crate::flows::receive::ReceiveError;
use crate::flows::{Office, sign_in};
use crate::secrets;
use crate::store::{self, Db, Store, StoreError};

const PRACTICE: &str = "Maple Family Practice";
const CONTACT: &str = "Dana Whitfield";
const PHONE: &str = "(555) 010-0142";
const EMAIL: &str = "dana@maplefamily.example";
const PASSWORD: &str = "pancakes-and-maple-syrup";

/// What the demo starts with, and how to come in.
#[derive(Clone, Debug)]
pub struct Seeded {
    pub practice: Practice,
    pub user: User,
    pub password: &'static str,
    /// The token of a one-time sign-in link.
    pub link_token: String,
    /// Documents as they are to be stored: place and bytes.
    pub papers: Vec<(String, Vec<u8>)>,
}

/// Why the demo cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A fault of the story's files, which a test would have found.
    #[error("the story of the demonstration does not hold together: {0}")]
    Story(String),
    #[error(transparent)]
    Receive(#[from] ReceiveError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Fills an empty database with the practice, its vendors and their history up to `now`.
///
/// # Errors
/// The database's.
pub fn seed(store: &Store, office: &Office, now: DateTime<Utc>) -> Result<Seeded, DemoError> {
    let timezone = chrono_tz::America::Chicago;
    let days = Days::new(now, timezone);
    let story = Story::built_in(&days)?;
    let founded_at = days.at(story.begins() + 1, 9 * 60);
    // Slow on purpose, so not inside a transaction.
    let hash = secrets::hash_password(PASSWORD);
    let (practice, user) = store.write(|conn| {
        let practice = found(conn, timezone, founded_at)?;
        let user =
            sign_in::add_user(conn, practice.id, EMAIL, CONTACT, crate::domain::user::Role::Administrator, founded_at)?;
        store::users::set_password(conn, user.id, CONTACT, &hash)?;
        Ok::<_, StoreError>((practice, User { has_password: true, ..user }))
    })?;
    store.write(|conn| staff::found(conn, office, &practice, &user, &hash, founded_at))?;
    let by = Actor::Person { id: user.id, name: CONTACT.to_owned() };
    let mut walk = Walk::new(store, office, &practice, &days, &story, by);
    walk.walk()?;
    let papers = walk.papers;
    let link = SignInLink::welcome(practice.id, Some(user.id));
    store.write(|conn| staff::invite(conn, office, &practice, &user, now))?;
    let link_token = store.write(|conn| sign_in::make_link(conn, &link, now))?;
    Ok(Seeded { practice, user, password: PASSWORD, link_token, papers })
}

fn found(conn: &mut Db, timezone: chrono_tz::Tz, at: DateTime<Utc>) -> Result<Practice, StoreError> {
    let founded = sign_in::found_practice(conn, PRACTICE, timezone, at)?;
    let scope = Scope::Practice(founded.id);
    let contact =
        PracticeContact { name: CONTACT.to_owned(), phone: PHONE.to_owned(), reply_to: Some(EMAIL.to_owned()) };
    store::practices::set_contact(conn, &scope, PRACTICE, &contact)?;
    store::practices::one(conn, &scope)
}
