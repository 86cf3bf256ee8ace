//! Moves a vendor through its life: one step with a reason, the checklist at its end, into
//! the archive and out of it.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Office, actions, correct, invite, judge};
use crate::domain::access::Scope;
use crate::domain::civil_date;
use crate::domain::ending::{Ending, Settled, StepKind};
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{EndingId, VendorId};
use crate::domain::life::Life;
use crate::domain::practice::Practice;
use crate::domain::scoring::Rating;
use crate::domain::standing::Vendor;
use crate::store::{self, Db, StoreError};

/// Why a step is not taken; nothing is written then.
#[derive(Debug, thiserror::Error)]
pub enum LifeError {
    #[error("there is no such vendor")]
    NoVendor,
    #[error("from “{}” there is no way to “{}”", .from.says(), .to.says())]
    NoWay { from: Life, to: Life },
    #[error("a hard stop is not met, and nobody lives with it")]
    DoNotShare,
    #[error("it is in the archive")]
    Archived,
    #[error("it was merged into another vendor")]
    Merged,
    #[error("it has information of ours: its work must end first")]
    InUse,
    #[error("no ending is open")]
    NothingOpen,
    #[error("a document of another vendor")]
    NoDocument,
    #[error("not settled: {}", .0.iter().map(|kind| kind.says()).collect::<Vec<_>>().join(", "))]
    Unsettled(Vec<StepKind>),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is asked for, and by whom.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub vendor: VendorId,
    pub by: &'a Actor,
    pub now: DateTime<Utc>,
}

impl Asked<'_> {
    /// Writes what was done into the history.
    pub(super) fn note(self, conn: &mut Db, scope: &Scope, act: Act, sentence: String) -> Result<(), StoreError> {
        let deed = Deed { by: self.by, act, vendor: Some(self.vendor), sentence };
        store::entries::write(conn, scope, &deed, self.now)
    }
}

fn held(conn: &mut Db, scope: &Scope, id: VendorId) -> Result<Vendor, LifeError> {
    store::vendors::hold(conn, scope, id)?.ok_or(LifeError::NoVendor)
}

fn usable(conn: &mut Db, scope: &Scope, id: VendorId) -> Result<Vendor, LifeError> {
    let vendor = held(conn, scope, id)?;
    if vendor.place.is_archived() { Err(LifeError::Archived) } else { Ok(vendor) }
}

/// Takes one step of a vendor's life. `last_day` counts for [`Life::Ending`] only, and is
/// today where it is absent. Asked for twice, it happens once.
///
/// # Errors
/// Why not.
pub fn step(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    asked: Asked<'_>,
    to: Life,
    last_day: Option<NaiveDate>,
    reason: &str,
) -> Result<(), LifeError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(asked.now));
    let vendor = usable(conn, &scope, asked.vendor)?;
    let (from, name) = (vendor.place.life, &vendor.details.name);
    if from == to {
        return Ok(());
    }
    if !from.may_become(to) {
        return Err(LifeError::NoWay { from, to });
    }
    store::place::set_life(conn, &scope, vendor.id, to, asked.now)?;
    let said = match to {
        Life::Ending => {
            let last_day = last_day.unwrap_or(today);
            begin(conn, &scope, &vendor, asked, last_day, today, reason)?;
            format!("began the end of the work of {name}, last day {}", civil_date::say(last_day))
        }
        Life::Ended => {
            close_open(conn, &scope, vendor.id, asked, today)?;
            format!("ended {name}, a prospect")
        }
        to => format!("moved {name} from {} to {}", from.says().to_lowercase(), to.says().to_lowercase()),
    };
    let judgement = judge::judge(conn, office, practice, vendor.id, asked.now)?;
    // Nothing of this is kept then: the caller's transaction is given up.
    if to == Life::Active && judgement.is_some_and(|one| one.standing.rating == Rating::DoNotShare) {
        return Err(LifeError::DoNotShare);
    }
    Ok(asked.note(conn, &scope, Act::Changed, format!("{said}: {reason}"))?)
}

fn begin(
    conn: &mut Db,
    scope: &Scope,
    vendor: &Vendor,
    asked: Asked<'_>,
    last_day: NaiveDate,
    today: NaiveDate,
    reason: &str,
) -> Result<(), StoreError> {
    let ending = Ending {
        id: EndingId::fresh(),
        vendor: vendor.id,
        reason: reason.to_owned(),
        last_day,
        begun_on: today,
        begun_by: asked.by.name().to_owned(),
        steps: Ending::checklist(),
        finished_on: None,
    };
    store::endings::add(conn, scope, &ending)
}

/// Nothing is asked of a vendor that is gone.
fn close_open(
    conn: &mut Db,
    scope: &Scope,
    vendor: VendorId,
    asked: Asked<'_>,
    today: NaiveDate,
) -> Result<(), StoreError> {
    let assessments = store::assessments::of_vendor(conn, scope, vendor)?;
    correct::end_open(conn, scope, &assessments, asked.now)?;
    let why = ("The vendor does not work for us any more", today);
    actions::cancel_all(conn, scope, vendor, why, asked.by, asked.now)?;
    match assessments.iter().find(|assessment| assessment.is_open()) {
        Some(open) => invite::close(conn, scope, open, asked.by, asked.now),
        None => Ok(()),
    }
}

/// The ending that is under way, behind the vendor's lock.
fn under_way(conn: &mut Db, scope: &Scope, id: VendorId) -> Result<(Vendor, Ending), LifeError> {
    let vendor = usable(conn, scope, id)?;
    let ending = store::endings::newest(conn, scope, id)?
        .filter(|ending| vendor.place.life == Life::Ending && ending.finished_on.is_none());
    Ok((vendor, ending.ok_or(LifeError::NothingOpen)?))
}

/// Settles a step of the checklist, or opens it again with `None`.
///
/// # Errors
/// Why not.
pub fn settle(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    asked: Asked<'_>,
    kind: StepKind,
    settled: Option<Settled>,
) -> Result<(), LifeError> {
    let scope = Scope::Practice(practice.id);
    let (vendor, mut ending) = under_way(conn, &scope, asked.vendor)?;
    if let Some(document) = settled.as_ref().and_then(|settled| settled.document)
        && !store::endings::documents(conn, &scope, vendor.id)?.iter().any(|(id, _)| *id == document)
    {
        return Err(LifeError::NoDocument);
    }
    let Some(step) = ending.steps.iter_mut().find(|step| step.kind == kind) else {
        return Err(LifeError::NothingOpen);
    };
    if step.settled == settled {
        return Ok(());
    }
    let (what, name) = (kind.says(), &vendor.details.name);
    let sentence = match &settled {
        None => format!("opened the step “{what}” of the end of {name} again"),
        Some(settled) => {
            let why = if settled.note.is_empty() { String::new() } else { format!(" ({})", settled.note) };
            format!("settled the step “{what}” of the end of {name}: {}{why}", settled.outcome.says())
        }
    };
    step.settled = settled;
    store::endings::save(conn, &scope, &ending)?;
    judge::judge(conn, office, practice, vendor.id, asked.now)?;
    Ok(asked.note(conn, &scope, Act::Changed, sentence)?)
}

/// Finishes the checklist: from now on the vendor is ended.
///
/// # Errors
/// Why not, the steps that are not settled among it.
pub fn finish(conn: &mut Db, office: &Office, practice: &Practice, asked: Asked<'_>) -> Result<(), LifeError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(asked.now));
    let (vendor, mut ending) = under_way(conn, &scope, asked.vendor)?;
    let open: Vec<StepKind> = ending.open().collect();
    if !open.is_empty() {
        return Err(LifeError::Unsettled(open));
    }
    ending.finished_on = Some(today);
    store::endings::save(conn, &scope, &ending)?;
    store::place::set_life(conn, &scope, vendor.id, Life::Ended, asked.now)?;
    close_open(conn, &scope, vendor.id, asked, today)?;
    judge::judge(conn, office, practice, vendor.id, asked.now)?;
    let sentence = format!("finished the end of the work of {}; every step is settled", vendor.details.name);
    Ok(asked.note(conn, &scope, Act::Changed, sentence)?)
}

/// Puts a vendor into the archive: off every list, count and run, and kept.
///
/// # Errors
/// Why not.
pub fn archive(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    asked: Asked<'_>,
    reason: &str,
) -> Result<(), LifeError> {
    let scope = Scope::Practice(practice.id);
    let vendor = held(conn, &scope, asked.vendor)?;
    if vendor.place.is_archived() {
        return Ok(());
    }
    if !vendor.place.life.may_be_archived(vendor.details.ba_status.counts_as_ba()) {
        return Err(LifeError::InUse);
    }
    store::place::set_archived(conn, &scope, vendor.id, Some(asked.now), asked.now)?;
    judge::judge(conn, office, practice, vendor.id, asked.now)?;
    let sentence = format!("put {} into the archive: {reason}", vendor.details.name);
    Ok(asked.note(conn, &scope, Act::Removed, sentence)?)
}

/// Takes a vendor out of the archive: everything is as it was, judged as of today.
///
/// # Errors
/// Why not.
pub fn restore(conn: &mut Db, office: &Office, practice: &Practice, asked: Asked<'_>) -> Result<(), LifeError> {
    let scope = Scope::Practice(practice.id);
    let vendor = held(conn, &scope, asked.vendor)?;
    if vendor.place.merged_into.is_some() {
        return Err(LifeError::Merged);
    }
    if !vendor.place.is_archived() {
        return Ok(());
    }
    store::place::set_archived(conn, &scope, vendor.id, None, asked.now)?;
    judge::judge(conn, office, practice, vendor.id, asked.now)?;
    let sentence = format!("took {} out of the archive", vendor.details.name);
    Ok(asked.note(conn, &scope, Act::Changed, sentence)?)
}
