//! `duecare user add` and `duecare user reset`

use clap::Subcommand;

use super::{Failure, say, setup, tell};
use crate::clock::Clock;
use crate::config::Settings;
use crate::domain::user::SignInLink;
use crate::domain::vendor::check_email;
use crate::flows::sign_in;
use crate::store::{self, StoreError};

#[derive(Subcommand)]
pub enum User {
    /// Let a person in; prints a one-time sign-in link
    Add {
        #[arg(long)]
        email: String,
        /// The practice's slug
        #[arg(long, value_name = "SLUG")]
        practice: String,
    },
    /// A fresh sign-in link for a person who forgot the password; ends the old one
    Reset {
        #[arg(long)]
        email: String,
    },
}

pub fn run(settings: &Settings, what: &User) -> Result<(), Failure> {
    let store = setup::store(settings)?;
    let now = Clock::System.now();
    let checked = |email: &str| match check_email(email) {
        Ok(Some(email)) => Ok(email.to_lowercase()),
        _ => Err(Failure::Usage(format!("--email: “{email}” is not an e-mail address"))),
    };
    let token = match what {
        User::Add { email, practice } => {
            let email = checked(email)?;
            let practice = setup::practice(&store, practice)?;
            store.write(|conn| {
                let user =
                    sign_in::add_user(conn, practice.id, &email, "", crate::domain::user::Role::Administrator, now)?;
                let link = SignInLink { practice: Some(practice.id), user: Some(user.id) };
                sign_in::make_link(conn, &link, now)
            })?
        }
        User::Reset { email } => {
            let email = checked(email)?;
            let token = store.write(|conn| {
                let Some(user) = store::users::by_email(conn, &email)? else { return Ok(None) };
                let Some(practice) = store::users::practices(conn, user.id)?.first().copied() else { return Ok(None) };
                store::users::forget_password(conn, user.id)?;
                store::sessions::end_all(conn, user.id)?;
                let link = SignInLink { practice: Some(practice), user: Some(user.id) };
                sign_in::make_link(conn, &link, now).map(Some)
            });
            token
                .map_err(|error: StoreError| Failure::from(error))?
                .ok_or_else(|| Failure::Usage(format!("nobody signs in as {email}")))?
        }
    };
    tell("This link works once, within three days:");
    say(&format!("{}/welcome/{token}", settings.base()));
    Ok(())
}
