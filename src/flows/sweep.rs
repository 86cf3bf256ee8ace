//! The one periodic run: ask, remind, lapse. What is due is data, so running late, twice, or
//! on three machines at once asks each vendor once. Delivery follows on its own. Uploads that
//! nobody confirmed are forgotten.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::invite::InviteError;
use super::{Office, actions, digest, import, invite, judge, recheck, remind, renew};
use crate::domain::access::Scope;
use crate::domain::calendar;
use crate::domain::entry::Actor;
use crate::domain::ids::VendorId;
use crate::domain::practice::Practice;
use crate::domain::standing::{Status, Vendor};
use crate::store::{self, Store, StoreError};

/// What a run came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Swept {
    pub practices: u32,
    /// Vendors asked.
    pub asked: u32,
    pub reminded: u32,
    /// Letters to our own people about agreements that end.
    pub renewals: u32,
    /// Vendors asked again about some of their answers.
    pub rechecked: u32,
    /// Letters to vendors about corrective actions.
    pub actions: u32,
    /// Letters to our own people about what is new.
    pub digests: u32,
    /// Vendors whose standing was looked at again.
    pub looked_at: u32,
    /// Vendors that are due and could not be asked.
    pub not_asked: u32,
    /// Vendors whose record cannot be read, and readers who could not be told; the log names them.
    pub broken: u32,
}

impl std::ops::AddAssign for Swept {
    fn add_assign(&mut self, more: Self) {
        self.practices += more.practices;
        self.asked += more.asked;
        self.reminded += more.reminded;
        self.renewals += more.renewals;
        self.rechecked += more.rechecked;
        self.actions += more.actions;
        self.digests += more.digests;
        self.looked_at += more.looked_at;
        self.not_asked += more.not_asked;
        self.broken += more.broken;
    }
}

/// A vendor that is due, and why it cannot be asked where it cannot.
#[derive(Clone, Debug)]
pub struct DueVendor {
    pub vendor: Vendor,
    pub due_on: NaiveDate,
    pub trouble: Option<Trouble>,
}

/// Why a vendor that is due cannot be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    NoAddress,
    /// Letters to it bounced, or its owner wants none.
    AddressUnusable,
}

/// Who is to be asked on `today`, in order of urgency. Reads only.
///
/// # Errors
/// The database's.
pub fn due(conn: &mut store::Db, practice: &Practice, today: NaiveDate) -> Result<Vec<DueVendor>, StoreError> {
    let scope = Scope::Practice(practice.id);
    let mut due = Vec::new();
    for id in store::vendors::due(conn, &scope, &calendar::horizon(&practice.settings.cadence, today))? {
        let vendor = match store::vendors::one(conn, &scope, id) {
            Ok(Some(vendor)) => vendor,
            Ok(None) => continue,
            // One record that cannot be read must not keep the others from being asked.
            Err(StoreError::Corrupt(problem)) => {
                tracing::error!(practice = practice.slug, vendor.id = %id, "vendor {id} cannot be read: {problem}");
                continue;
            }
            Err(error) => return Err(error),
        };
        let Some(next_due) = vendor.standing.next_due_on else { continue };
        if matches!(vendor.standing.status, Status::Invited | Status::InProgress | Status::NoReply)
            && !calendar::is_given_up(next_due, today)
        {
            continue;
        }
        let trouble = match store::contacts::preferred(conn, &scope, id)? {
            Some(contact) if contact.may_be_written_to() => None,
            Some(contact) if contact.details.email.is_some() => Some(Trouble::AddressUnusable),
            _ => Some(Trouble::NoAddress),
        };
        let cadence = practice.settings.cadence_for(vendor.standing.tier, vendor.cadence);
        let due_on = calendar::due_when_asked(next_due, cadence, vendor.standing.accepted_on, today);
        due.push(DueVendor { due_on, vendor, trouble });
    }
    Ok(due)
}

/// How many vendors [`ask`] would ask on `today`: those of [`due`] that have no trouble, by
/// one query instead of one a vendor.
///
/// # Errors
/// The database's.
pub fn askable(conn: &mut store::Db, practice: &Practice, today: NaiveDate) -> Result<u32, StoreError> {
    let horizon = calendar::horizon(&practice.settings.cadence, today);
    store::vendors::askable(conn, &Scope::Practice(practice.id), &horizon, calendar::gives_up_to(today))
}

/// Sweeps one practice. Each vendor has a transaction of its own, so that one that fails
/// holds up no other.
///
/// # Errors
/// The database's.
pub fn sweep(store: &Store, office: &Office, practice: &Practice, now: DateTime<Utc>) -> Result<Swept, StoreError> {
    let mut swept = ask(store, office, practice, now)?;
    swept.practices = 1;
    let owed = store.read(|conn| remind::owed(conn, practice, practice.day(now)))?;
    for assessment in owed {
        match store.write(|conn| remind::remind(conn, office, practice, &assessment, now)) {
            Ok(reminded) => swept.reminded += u32::from(reminded),
            Err(error) => broken(&mut swept, practice, assessment.vendor, error)?,
        }
    }
    ask_again(store, office, practice, now, &mut swept)?;
    follow_up(store, office, practice, now, &mut swept)?;
    look(store, office, practice, now, &mut swept)?;
    write_renewals(store, office, practice, now, &mut swept)?;
    // Last: it tells of what came of all the others.
    for reader in store.read(|conn| digest::due(conn, practice, practice.day(now)))? {
        match store.write(|conn| digest::write(conn, office, practice, &reader, now)) {
            Ok(written) => swept.digests += u32::from(written),
            Err(error) if is_gone(&error) => return Err(error),
            // One reader must not keep the others from hearing.
            Err(error) => {
                tracing::error!(practice = practice.slug, "what is new could not be told: {error}");
                swept.broken += 1;
            }
        }
    }
    store.write(|conn| import::forget_old(conn, &Scope::Practice(practice.id), now))?;
    Ok(swept)
}

/// Asks every vendor that is due.
///
/// # Errors
/// The database's.
pub fn ask(store: &Store, office: &Office, practice: &Practice, now: DateTime<Utc>) -> Result<Swept, StoreError> {
    let mut swept = Swept::default();
    let today = practice.day(now);
    for due in store.read(|conn| due(conn, practice, today))? {
        if due.trouble.is_some() {
            swept.not_asked += 1;
            continue;
        }
        let vendor = due.vendor.id;
        match store.write(|conn| invite::invite(conn, office, practice, vendor, &Actor::Program, now)) {
            Ok(_) => swept.asked += 1,
            // Another sweep was faster: that is the promise kept, not a fault.
            Err(InviteError::AlreadyAsked { .. } | InviteError::Store(StoreError::Duplicate)) => {}
            Err(InviteError::Store(error)) => broken(&mut swept, practice, vendor, error)?,
            // Meanwhile it lost its address, or is none of those who are asked.
            Err(_) => swept.not_asked += 1,
        }
    }
    Ok(swept)
}

/// Judges again every vendor of a practice for whom a day has come, and nothing else: after
/// a change that concerns them all.
///
/// # Errors
/// The database's.
pub fn look_again(store: &Store, office: &Office, practice: &Practice, now: DateTime<Utc>) -> Result<u32, StoreError> {
    let mut swept = Swept::default();
    look(store, office, practice, now, &mut swept)?;
    Ok(swept.looked_at)
}

/// Judges again every vendor for whom a day has come.
fn look(
    store: &Store,
    office: &Office,
    practice: &Practice,
    now: DateTime<Utc>,
    swept: &mut Swept,
) -> Result<(), StoreError> {
    let scope = Scope::Practice(practice.id);
    let today = practice.day(now);
    for id in store.read(|conn| store::vendors::to_look_at(conn, &scope, today))? {
        match store.write(|conn| judge::judge(conn, office, practice, id, now)) {
            Ok(judged) => swept.looked_at += u32::from(judged.is_some()),
            Err(error) => broken(swept, practice, id, error)?,
        }
    }
    Ok(())
}

/// Writes what is owed about agreements that end. After the looking: it goes by the ends
/// that were judged today.
fn write_renewals(
    store: &Store,
    office: &Office,
    practice: &Practice,
    now: DateTime<Utc>,
    swept: &mut Swept,
) -> Result<(), StoreError> {
    for id in store.read(|conn| renew::owed(conn, practice, practice.day(now)))? {
        match store.write(|conn| renew::write(conn, office, practice, id, now)) {
            Ok(written) => swept.renewals += u32::from(written),
            Err(error) => broken(swept, practice, id, error)?,
        }
    }
    Ok(())
}

/// Asks the vendors again whose answers are to be looked at before the year is over.
fn ask_again(
    store: &Store,
    office: &Office,
    practice: &Practice,
    now: DateTime<Utc>,
    swept: &mut Swept,
) -> Result<(), StoreError> {
    for id in store.read(|conn| recheck::owed(conn, practice, practice.day(now)))? {
        match store.write(|conn| recheck::ask(conn, office, practice, id, now)) {
            Ok(asked) => swept.rechecked += u32::from(asked),
            // Another sweep was faster.
            Err(StoreError::Duplicate) => {}
            Err(error) => broken(swept, practice, id, error)?,
        }
    }
    Ok(())
}

/// Writes to the vendors that have something to put right.
fn follow_up(
    store: &Store,
    office: &Office,
    practice: &Practice,
    now: DateTime<Utc>,
    swept: &mut Swept,
) -> Result<(), StoreError> {
    for id in store.read(|conn| to_follow_up(conn, practice, practice.day(now)))? {
        match store.write(|conn| actions::follow_up(conn, office, practice, id, now)) {
            Ok(written) => swept.actions += u32::from(written),
            Err(error) => broken(swept, practice, id, error)?,
        }
    }
    Ok(())
}

/// The vendors that are owed a letter about corrective actions.
fn to_follow_up(conn: &mut store::Db, practice: &Practice, today: NaiveDate) -> Result<Vec<VendorId>, StoreError> {
    let scope = Scope::Practice(practice.id);
    let mut owed = Vec::new();
    for id in store::actions::waited_for(conn, &scope)? {
        let open = store::actions::open_of(conn, &scope, id)?;
        if actions::owed(&open, today).is_some() {
            owed.push(id);
        }
    }
    Ok(owed)
}

/// Counts a vendor that cannot be worked on and goes on to the next. A database that is not
/// there concerns them all.
fn broken(swept: &mut Swept, practice: &Practice, vendor: VendorId, error: StoreError) -> Result<(), StoreError> {
    if is_gone(&error) {
        return Err(error);
    }
    tracing::error!(practice = practice.slug, vendor.id = %vendor, "vendor {vendor} could not be worked on: {error}");
    swept.broken += 1;
    Ok(())
}

/// Whether the database itself is not there, or cannot be written to.
fn is_gone(error: &StoreError) -> bool {
    matches!(error, StoreError::Unavailable(_) | StoreError::ReadOnly(_))
}

/// What a sweep on `on` would do, for looking ahead.
///
/// # Errors
/// The database's.
pub fn look_ahead(conn: &mut store::Db, practice: &Practice, on: NaiveDate) -> Result<Swept, StoreError> {
    let due = due(conn, practice, on)?;
    let troubled = due.iter().filter(|one| one.trouble.is_some()).count();
    let scope = Scope::Practice(practice.id);
    let to_u32 = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(Swept {
        practices: 1,
        asked: to_u32(due.len() - troubled),
        not_asked: to_u32(troubled),
        reminded: to_u32(remind::owed(conn, practice, on)?.len()),
        renewals: to_u32(renew::owed(conn, practice, on)?.len()),
        actions: to_u32(to_follow_up(conn, practice, on)?.len()),
        looked_at: to_u32(store::vendors::to_look_at(conn, &scope, on)?.len()),
        // Whether anything is new, or to be asked again, is known when the day is there.
        digests: 0,
        rechecked: 0,
        broken: 0,
    })
}
