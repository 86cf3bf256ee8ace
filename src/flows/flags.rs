//! What the practice does with a flag: notes that it is known, until a day; settles it; takes
//! either back by letting the program judge again.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Office, judge};
use crate::domain::access::Scope;
use crate::domain::civil_date;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::flags::{Acknowledged, Flag, Resolved};
use crate::domain::ids::FlagId;
use crate::domain::practice::Practice;
use crate::store::{self, Db, StoreError};

/// What is said of a flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Somebody knows; no look is asked for up to and with that day.
    Known { why: String, until: NaiveDate },
    /// It asks for a look again.
    LookAgain,
    /// It is settled.
    Settled { why: String },
}

/// Notes it. `None` when there is no such flag; nothing changes where it was closed meanwhile.
///
/// # Errors
/// The database's.
pub fn say(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: FlagId,
    said: &Said,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Option<()>, StoreError> {
    let scope = Scope::Practice(practice.id);
    let Some(flag) = store::flags::one(conn, &scope, id)? else { return Ok(None) };
    store::vendors::hold(conn, &scope, flag.vendor)?;
    let today = practice.day(now);
    let name = || by.name().to_owned();
    let done = match said {
        Said::Known { why, until } => {
            let known = Acknowledged { on: today, by: name(), why: why.clone(), until: *until };
            store::flags::acknowledge(conn, &scope, id, Some(&known))?
        }
        Said::LookAgain => store::flags::acknowledge(conn, &scope, id, None)?,
        Said::Settled { why } => {
            store::flags::resolve(conn, &scope, id, &Resolved { by: name(), why: why.clone() }, today)?
        }
    };
    if done {
        let deed = Deed { by, act: Act::Flagged, vendor: Some(flag.vendor), sentence: sentence(&flag, said) };
        store::entries::write(conn, &scope, &deed, now)?;
        judge::judge(conn, office, practice, flag.vendor, now)?;
    }
    Ok(Some(()))
}

fn sentence(flag: &Flag, said: &Said) -> String {
    let flag = format!("the flag “{}: {}”", flag.kind.says(), flag.sentence);
    match said {
        Said::Known { why, until } => {
            format!("acknowledged {flag} until {}, with the reason “{why}”", civil_date::say(*until))
        }
        Said::LookAgain => format!("asked for another look at {flag}"),
        Said::Settled { why } => format!("settled {flag}, with the reason “{why}”"),
    }
}
