//! `duecare practice add`

use chrono_tz::Tz;
use clap::Subcommand;

use super::{Failure, say, setup, tell};
use crate::clock::Clock;
use crate::config::Settings;
use crate::domain::user::{Role, SignInLink};
use crate::domain::vendor::{check_email, check_name};
use crate::flows::{people, sign_in};
use crate::store::StoreError;

#[derive(Subcommand)]
pub enum Practice {
    /// Add a practice; prints its slug, and a one-time sign-in link for its first user
    Add {
        /// Its name, as vendors see it
        #[arg(long)]
        name: String,
        /// Its time zone, such as America/Chicago
        #[arg(long)]
        timezone: String,
        /// E-mail address of its administrator
        #[arg(long, value_name = "EMAIL")]
        admin: Option<String>,
        /// Print slug, id and link as JSON
        #[arg(long)]
        json: bool,
    },
}

pub fn run(settings: &Settings, what: &Practice) -> Result<(), Failure> {
    let Practice::Add { name, timezone, admin, json } = what;
    if name.trim().is_empty() {
        return Err(Failure::Usage("--name: write the name of the practice".to_owned()));
    }
    let name =
        check_name(name).map_err(|fault| Failure::Usage(format!("--name: {}. {}", fault.problem, fault.mend)))?;
    let zone: Tz = timezone
        .parse()
        .map_err(|_| Failure::Usage(format!("--timezone: “{timezone}” is not a time zone; write one such as America/New_York, America/Chicago, America/Denver or America/Los_Angeles")))?;
    let admin = match admin {
        Some(email) => {
            check_email(email).map_err(|fault| Failure::Usage(format!("--admin: {}. {}", fault.problem, fault.mend)))?
        }
        None => None,
    };
    let store = setup::store(settings)?;
    let now = Clock::System.now();
    let (practice, token) = store.write(|conn| {
        let practice = sign_in::found_practice(conn, &name, zone, now)?;
        let user = match &admin {
            Some(email) => Some(people::let_in(conn, practice.id, email, Role::Administrator, now)?.0),
            None => None,
        };
        let token = sign_in::make_link(conn, &SignInLink::welcome(practice.id, user), now)?;
        Ok::<_, StoreError>((practice, token))
    })?;
    let link = format!("{}/welcome/{token}", settings.base());
    if *json {
        let all = serde_json::json!({
            "slug": practice.slug,
            "id": practice.id.to_string(),
            "name": practice.name,
            "timezone": practice.timezone.name(),
            "admin": admin,
            "link": link,
        });
        say(&all.to_string());
    } else {
        say(&practice.slug);
        tell(&format!("Added {}. Its first user signs in with this link, once, within three days:", practice.name));
        say(&link);
    }
    Ok(())
}
