//! Letters to the vendor about corrective actions: one for all that are new, one a week at most
//! for all that are overdue, one for what was sent back. What is asked stays behind the link.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::access::Scope;
use crate::domain::action::{Action, REMIND_DAYS};
use crate::domain::assessment;
use crate::domain::contact::Contact;
use crate::domain::entry::Actor;
use crate::domain::ids::{AssessmentId, LetterId, VendorId};
use crate::domain::letter::{Letter, LetterKind};
use crate::domain::practice::Practice;
use crate::domain::standing::Vendor;
use crate::domain::words::counted;
use crate::flows::{Office, invite, receive};
use crate::letters::About;
use crate::store::{self, Db, StoreError};

/// A letter that is owed to a vendor today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owed {
    /// Some were never written about.
    Asking,
    /// Some are overdue, and the last letter is a week old.
    Reminding,
}

/// The letter that is owed about these actions on `today`, if one is.
pub fn owed(actions: &[Action], today: NaiveDate) -> Option<Owed> {
    let said_today = actions.iter().any(|one| one.asked_on == Some(today) || one.reminded_on == Some(today));
    if said_today {
        return None;
    }
    if actions.iter().any(|one| one.is_to_be_asked(today)) {
        return Some(Owed::Asking);
    }
    let late = || actions.iter().filter(|one| one.is_overdue(today) && one.is_shown_to_vendor());
    let last = late().filter_map(|one| one.reminded_on).max();
    let is_time = last.is_none_or(|last| (today - last).num_days() >= REMIND_DAYS);
    (late().next().is_some() && is_time).then_some(Owed::Reminding)
}

/// Writes the letter that is owed to a vendor; false when none is, or none may be written. The
/// sweep calls this for everyone whom an open action waits for.
///
/// # Errors
/// The database's.
pub fn follow_up(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(now));
    let Some(vendor) = store::vendors::hold(conn, &scope, vendor)? else { return Ok(false) };
    let open = store::actions::open_of(conn, &scope, vendor.id)?;
    match owed(&open, today) {
        None => Ok(false),
        Some(Owed::Asking) => write_asking(conn, office, practice, &vendor, open, &Actor::Program, now),
        Some(Owed::Reminding) => write_reminder(conn, office, practice, &vendor, open, now),
    }
}

/// Writes to the vendor about what is new, unless a letter about actions went out today: then the
/// next sweep but one does. False when nothing is new or nobody may be written to.
///
/// # Errors
/// The database's.
pub fn ask(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(now));
    let Some(vendor) = store::vendors::hold(conn, &scope, vendor)? else { return Ok(false) };
    let open = store::actions::open_of(conn, &scope, vendor.id)?;
    match owed(&open, today) {
        Some(Owed::Asking) => write_asking(conn, office, practice, &vendor, open, by, now),
        _ => Ok(false),
    }
}

/// Sends the whole plan once more, because somebody pressed: one letter a day at most.
///
/// # Errors
/// The database's.
pub fn send_plan(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Option<bool>, StoreError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(now));
    let Some(vendor) = store::vendors::hold(conn, &scope, vendor)? else { return Ok(None) };
    let open = store::actions::open_of(conn, &scope, vendor.id)?;
    if open.iter().any(|one| one.asked_on == Some(today)) {
        return Ok(Some(false));
    }
    write_asking(conn, office, practice, &vendor, open, by, now).map(Some)
}

/// All that waits for the vendor goes into the letter, not only what is new.
fn write_asking(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: &Vendor,
    open: Vec<Action>,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(now));
    let waiting: Vec<Action> = open.into_iter().filter(|one| one.state.waits_for_vendor()).collect();
    let once = format!("actions-asked:{}:{today}", vendor.id);
    let Some(address) = write(conn, office, practice, vendor, LetterKind::ActionsAsked, once, &waiting, now)? else {
        return Ok(false);
    };
    for one in waiting {
        store::actions::save(conn, &scope, &Action { asked_on: Some(today), ..one })?;
    }
    let sentence = format!("wrote to {address} about what is to be put right");
    super::note(conn, &scope, vendor.id, by, sentence, now)?;
    Ok(true)
}

fn write_reminder(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: &Vendor,
    open: Vec<Action>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(now));
    let late: Vec<Action> = open.into_iter().filter(|one| one.is_overdue(today) && one.is_shown_to_vendor()).collect();
    let once = format!("actions-overdue:{}:{today}", vendor.id);
    let Some(address) = write(conn, office, practice, vendor, LetterKind::ActionsOverdue, once, &late, now)? else {
        return Ok(false);
    };
    let count = counted(late.len(), "corrective action");
    for one in late {
        store::actions::save(conn, &scope, &Action { reminded_on: Some(today), ..one })?;
    }
    let sentence = format!("reminded {address} of {count} past the agreed day");
    super::note(conn, &scope, vendor.id, &Actor::Program, sentence, now)?;
    Ok(true)
}

/// Writes that one was sent back. Nothing is written where nobody may be written to.
pub(super) fn write_sent_back(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: &Vendor,
    one: &Action,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let once = format!("action-sent-back:{}:{}", one.id, now.timestamp_micros());
    let about = std::slice::from_ref(one);
    Ok(write(conn, office, practice, vendor, LetterKind::ActionSentBack, once, about, now)?.is_some())
}

/// Writes one letter with a link of its own; the address it goes to, or `None` when there is
/// nothing to write about, nobody to write to, or it was written before.
#[expect(clippy::too_many_arguments, reason = "the facts of one letter")]
fn write(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: &Vendor,
    kind: LetterKind,
    once: String,
    about: &[Action],
    now: DateTime<Utc>,
) -> Result<Option<String>, StoreError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(now));
    if about.is_empty() || vendor.place.quiet().is_some() {
        return Ok(None);
    }
    let contact = store::contacts::preferred(conn, &scope, vendor.id)?.filter(Contact::may_be_written_to);
    let Some(address) = contact.and_then(|contact| contact.details.email) else { return Ok(None) };
    // Another mailbox gets a letter of its own.
    let once = format!("{once}:{address}");
    if store::letters::by_once(conn, &scope, &once)?.is_some() {
        return Ok(None);
    }
    // The link opens the vendor's actions from its newest signed reply.
    let all = store::assessments::of_vendor(conn, &scope, vendor.id)?;
    let Some(assessment) = assessment::last_signed(&all) else { return Ok(None) };
    let last_day = about.iter().map(|one| one.due_on).max().unwrap_or(today);
    let to = (address.as_str(), invite::link_ends(last_day, today));
    let invitation = invite::make_link(conn, office, practice, assessment.id, to, None, now)?;
    let facts = About {
        practice,
        vendor,
        assessment,
        questionnaire: receive::pinned(office, assessment)?,
        measured: None,
        code: &invitation.code,
        today,
    };
    let words = office.letters.actions(&facts, kind, about);
    let to = (vendor.details.contact_name.as_str(), address.as_str());
    let letter = Letter {
        vendor: Some(vendor.id),
        invitation: Some(invitation.id),
        once,
        ..office.letter(practice, LetterId::fresh(), kind, to, words, now)
    };
    store::letters::write(conn, &letter)?;
    Ok(Some(address))
}

/// A fresh link in place of one that ran out, while something waits for the vendor; one a day.
///
/// # Errors
/// The database's.
pub fn renew(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    reply: AssessmentId,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let scope = Scope::Practice(practice.id);
    let Some(assessment) = store::assessments::one(conn, &scope, reply)? else { return Ok(false) };
    let open = store::actions::open_of(conn, &scope, assessment.vendor)?;
    if !open.iter().any(|one| one.state.waits_for_vendor() && one.is_shown_to_vendor()) {
        return Ok(false);
    }
    Ok(send_plan(conn, office, practice, assessment.vendor, by, now)?.unwrap_or(false))
}
