//! `duecare user add` and `duecare user reset`

use clap::Subcommand;

use super::{Failure, say, setup, tell};
use crate::clock::Clock;
use crate::config::Settings;
use crate::domain::user::{Role, SignInLink};
use crate::domain::vendor::check_email;
use crate::flows::account::{self, Rescue};
use crate::flows::people::{self, PeopleError};
use crate::flows::sign_in;
use crate::store::StoreError;

#[derive(Subcommand)]
pub enum User {
    /// Let a person in; prints a one-time sign-in link
    Add {
        #[arg(long)]
        email: String,
        /// The practice's slug
        #[arg(long, value_name = "SLUG")]
        practice: String,
        /// What the person may do: administrator, compliance-lead or auditor
        #[arg(long, default_value = "administrator")]
        role: Role,
    },
    /// A fresh sign-in link for a person who forgot the password; ends the old one
    Reset {
        #[arg(long)]
        email: String,
        /// Take the second step away too: for someone who lost the device and the codes
        #[arg(long)]
        second_step: bool,
        /// Change what the person may do, in every practice that they serve
        #[arg(long)]
        role: Option<Role>,
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
        User::Add { email, practice, role } => {
            let email = checked(email)?;
            let practice = setup::practice(&store, practice)?;
            let (token, kept) = store.write(|conn| {
                let (user, kept) = people::let_in(conn, practice.id, &email, *role, now)?;
                let token = sign_in::make_link(conn, &SignInLink::welcome(practice.id, Some(user)), now)?;
                Ok::<_, StoreError>((token, kept))
            })?;
            if let Some(kept) = kept.filter(|kept| kept != role) {
                tell(&format!(
                    "{email} is in the practice already and stays {}; an administrator can change that under People",
                    kept.says().to_lowercase()
                ));
            }
            token
        }
        User::Reset { email, second_step, role } => {
            let email = checked(email)?;
            let office = setup::office(settings)?;
            let rescue = Rescue { second_step: *second_step, role: *role };
            let token = store.write(|conn| account::rescue(conn, &office, &email, rescue, now)).map_err(refused)?;
            token.ok_or_else(|| Failure::Usage(format!("nobody signs in as {email}")))?
        }
    };
    tell("This link works once, within three days:");
    say(&format!("{}/welcome/{token}", settings.base()));
    Ok(())
}

fn refused(error: PeopleError) -> Failure {
    match error {
        PeopleError::Store(error) => Failure::from(error),
        other => Failure::Usage(format!("the role was not changed: {other}")),
    }
}
