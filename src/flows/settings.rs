//! Changes what a practice decided, and what follows from it.

use chrono::{DateTime, Utc};

use super::{Office, judge};
use crate::domain::access::Scope;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::practice::{Practice, compared};
use crate::secrets;
use crate::store::{self, Db, StoreError};

/// Up to so many vendors are judged anew in the transaction of the change itself. More would
/// hold up everybody else who writes.
pub const AT_ONCE: u32 = 200;

/// What a change came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All was as it is.
    Nothing,
    /// Changed; no vendor's standing rests on it.
    Changed,
    /// Changed, and so many vendors were looked at again.
    LookedAt(u32),
    /// Changed, and so many vendors are to be looked at: the next [`super::sweep::look_again`]
    /// or sweep does it.
    ToLookAt(u32),
}

/// Why settings are not changed.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("someone else changed the settings since this page was opened")]
    ChangedMeanwhile,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What names the state of a practice's settings: differs when any of them differs. The
/// first steps are none of them.
pub fn state(practice: &Practice) -> String {
    let differs_from_nothing = compared::differences(&blank(practice), practice);
    secrets::digest(&differs_from_nothing.join("\n"))
}

fn blank(practice: &Practice) -> Practice {
    Practice {
        name: String::new(),
        timezone: chrono_tz::UTC,
        contact: Default::default(),
        settings: Default::default(),
        ..practice.clone()
    }
}

/// Writes a practice's settings anew. `seen` is the [`state`] that whoever changes them saw.
///
/// # Errors
/// [`SettingsError::ChangedMeanwhile`] when they are no longer those; nothing is written then.
pub fn change(
    conn: &mut Db,
    office: &Office,
    wanted: &Practice,
    seen: &str,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Outcome, SettingsError> {
    let scope = Scope::Practice(wanted.id);
    let before = store::practices::hold(conn, &scope)?;
    let mut after = wanted.clone();
    after.settings.setup = before.settings.setup.clone();
    after.settings.setup.settings_seen = true;
    let differences = compared::differences(&before, &after);
    if differences.is_empty() {
        store::practices::set_settings(conn, &scope, &after.settings)?;
        return Ok(Outcome::Nothing);
    }
    if state(&before) != seen {
        return Err(SettingsError::ChangedMeanwhile);
    }
    store::practices::save(conn, &scope, &after)?;
    let moved = before.timezone != after.timezone || before.settings.moves_standings(&after.settings);
    let outcome = if moved { look(conn, office, &after, now)? } else { Outcome::Changed };
    let deed = Deed { by, act: Act::Settings, vendor: None, sentence: format!("changed {}", differences.join("; ")) };
    store::entries::write(conn, &scope, &deed, now)?;
    Ok(outcome)
}

/// Judges every vendor anew, or notes that it is to be done.
fn look(conn: &mut Db, office: &Office, practice: &Practice, now: DateTime<Utc>) -> Result<Outcome, StoreError> {
    let scope = Scope::Practice(practice.id);
    let today = practice.day(now);
    let vendors = store::vendors::total(conn, &scope)?;
    if vendors > AT_ONCE {
        store::vendors::look_at_all(conn, &scope, today)?;
        return Ok(Outcome::ToLookAt(vendors));
    }
    let mut looked_at = 0;
    let mut held = store::vendors::hold_all(conn, &scope)?;
    held.sort_by_key(|vendor| vendor.id);
    for vendor in held {
        looked_at += u32::from(judge::judge(conn, office, practice, vendor.id, now)?.is_some());
    }
    Ok(Outcome::LookedAt(looked_at))
}
