//! What our own people decide about an action: verified, sent back, cancelled, changed.

use chrono::{DateTime, NaiveDate, Utc};

use super::letters;
use crate::domain::access::Scope;
use crate::domain::action::{Action, ActionState, Said, Word};
use crate::domain::civil_date;
use crate::domain::entry::Actor;
use crate::domain::ids::{ActionId, VendorId};
use crate::domain::practice::Practice;
use crate::domain::standing::Vendor;
use crate::domain::words::counted;
use crate::flows::{Office, judge};
use crate::store::{self, Db, StoreError};

/// Why nothing is decided.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    #[error("there is no such action")]
    NoSuch,
    #[error("it is closed")]
    Closed,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a person may write anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub wanted: String,
    pub owner: String,
    pub due_on: NaiveDate,
}

fn held(conn: &mut Db, scope: &Scope, id: ActionId) -> Result<(Action, Vendor), ActionError> {
    let known = store::actions::one(conn, scope, id)?.ok_or(ActionError::NoSuch)?;
    let vendor = store::vendors::hold(conn, scope, known.vendor)?.ok_or(ActionError::NoSuch)?;
    // As it is now that nobody else can change it.
    let one = store::actions::one(conn, scope, id)?.ok_or(ActionError::NoSuch)?;
    Ok((one, vendor))
}

fn word(what: Said, by: &Actor, text: &str, now: DateTime<Utc>) -> Word {
    Word { at: now, what, name: by.name().to_owned(), text: text.to_owned() }
}

/// Closes an action as done, with what was looked at. The signed answer stays as it is. Pressing
/// twice does one thing.
///
/// # Errors
/// Why not.
pub fn verify(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: ActionId,
    text: &str,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    close(conn, office, practice, id, (ActionState::Done, Said::Verified, text), by, now)
}

/// Closes an action that is not wanted any more, with the reason.
///
/// # Errors
/// Why not.
pub fn cancel(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: ActionId,
    reason: &str,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    close(conn, office, practice, id, (ActionState::Cancelled, Said::Cancelled, reason), by, now)
}

fn close(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: ActionId,
    (state, what, text): (ActionState, Said, &str),
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(now));
    let (mut one, vendor) = held(conn, &scope, id)?;
    if one.state == state {
        return Ok(());
    }
    if one.state.is_closed() {
        return Err(ActionError::Closed);
    }
    (one.state, one.closed_on) = (state, Some(today));
    store::actions::save(conn, &scope, &one)?;
    store::actions::say(conn, &scope, id, &word(what, by, text, now))?;
    let did = if state == ActionState::Done { "verified" } else { "cancelled" };
    let sentence = format!("{did} the corrective action “{}” of {}: “{text}”", one.short, vendor.details.name);
    super::note(conn, &scope, vendor.id, by, sentence, now)?;
    judge::judge(conn, office, practice, vendor.id, now)?;
    Ok(())
}

/// Sends the vendor's reply back with a remark and a new day, and writes to it.
///
/// # Errors
/// Why not.
pub fn send_back(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: ActionId,
    (remark, due_on): (&str, NaiveDate),
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(now));
    let (mut one, vendor) = held(conn, &scope, id)?;
    match one.state {
        ActionState::Answered => {}
        ActionState::SentBack => return Ok(()),
        _ => return Err(ActionError::Closed),
    }
    (one.state, one.due_on) = (ActionState::SentBack, due_on);
    one.reminded_on = None;
    if letters::write_sent_back(conn, office, practice, &vendor, &one, now)? {
        one.asked_on = Some(today);
    }
    store::actions::save(conn, &scope, &one)?;
    store::actions::say(conn, &scope, id, &word(Said::SentBack, by, remark, now))?;
    let name = &vendor.details.name;
    let sentence = format!("sent “{}” back to {name} with a remark, for {}", one.short, civil_date::say_short(due_on));
    super::note(conn, &scope, vendor.id, by, sentence, now)?;
    judge::judge(conn, office, practice, vendor.id, now)?;
    Ok(())
}

/// Writes the sentence, the owner and the day of an open action anew.
///
/// # Errors
/// Why not.
pub fn change(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: ActionId,
    change: &Change,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    let scope = Scope::Practice(practice.id);
    let (mut one, vendor) = held(conn, &scope, id)?;
    if one.state.is_closed() {
        return Err(ActionError::Closed);
    }
    let said = differences(&one, change);
    if said.is_empty() {
        return Ok(());
    }
    (one.wanted, one.owner, one.due_on) = (change.wanted.clone(), change.owner.clone(), change.due_on);
    store::actions::save(conn, &scope, &one)?;
    let name = &vendor.details.name;
    let sentence = format!("changed the corrective action “{}” of {name}: {}", one.short, said.join("; "));
    super::note(conn, &scope, vendor.id, by, sentence, now)?;
    judge::judge(conn, office, practice, vendor.id, now)?;
    Ok(())
}

fn differences(one: &Action, change: &Change) -> Vec<String> {
    let mut said = Vec::new();
    let nobody = |name: &str| if name.is_empty() { "nobody".to_owned() } else { name.to_owned() };
    if one.due_on != change.due_on {
        let (was, is) = (civil_date::say_short(one.due_on), civil_date::say_short(change.due_on));
        said.push(format!("the day from {was} to {is}"));
    }
    if one.owner != change.owner {
        said.push(format!("the owner from {} to {}", nobody(&one.owner), nobody(&change.owner)));
    }
    if one.wanted != change.wanted {
        said.push("what is wanted".to_owned());
    }
    said
}

/// Cancels all that is open of a vendor that is gone, with one reason. The caller holds and
/// judges it.
///
/// # Errors
/// The database's.
pub(in crate::flows) fn cancel_all(
    conn: &mut Db,
    scope: &Scope,
    vendor: VendorId,
    (reason, today): (&str, NaiveDate),
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let open = store::actions::open_of(conn, scope, vendor)?;
    let count = open.len();
    for mut one in open {
        (one.state, one.closed_on) = (ActionState::Cancelled, Some(today));
        store::actions::save(conn, scope, &one)?;
        store::actions::say(conn, scope, one.id, &word(Said::Cancelled, by, reason, now))?;
    }
    if count == 0 {
        return Ok(());
    }
    let sentence = format!("cancelled {}: {reason}", counted(count, "open corrective action"));
    super::note(conn, scope, vendor, by, sentence, now)
}
