//! Reminds vendors that were asked and have not answered: past a date of the plan and not
//! yet reminded since, however many dates were missed.

use chrono::{DateTime, NaiveDate, Utc};

use super::Office;
use super::invite::send_link;
use crate::domain::access::Scope;
use crate::domain::assessment::Assessment;
use crate::domain::calendar;
use crate::domain::contact::Contact;
use crate::domain::letter::LetterKind;
use crate::domain::practice::Practice;
use crate::store::{self, Db, StoreError};

/// The open assessments that are owed a reminder on `today`.
///
/// # Errors
/// The database's.
pub fn owed(conn: &mut Db, practice: &Practice, today: NaiveDate) -> Result<Vec<Assessment>, StoreError> {
    let mut open = store::assessments::all_open(conn, &Scope::Practice(practice.id))?;
    open.retain(|one| {
        calendar::reminder_is_owed(&practice.settings.reminders, one.due_on, one.asked_on, one.reminded_on, today)
    });
    Ok(open)
}

/// Writes one reminder; false when another sweep was faster, there is no address that works, or the
/// vendor gets no letters now.
///
/// # Errors
/// The database's.
pub fn remind(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    owed: &Assessment,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let scope = Scope::Practice(practice.id);
    let Some(vendor) = store::vendors::hold(conn, &scope, owed.vendor)? else { return Ok(false) };
    if vendor.place.quiet().is_some() {
        return Ok(false);
    }
    let contact = store::contacts::preferred(conn, &scope, vendor.id)?.filter(Contact::may_be_written_to);
    let Some(address) = contact.and_then(|contact| contact.details.email) else { return Ok(false) };
    if !store::assessments::count_reminder(conn, &scope, owed.id, owed.reminders, practice.day(now))? {
        return Ok(false);
    }
    let mut counted = owed.clone();
    counted.reminders += 1;
    // The letter's own line says when it left, or why it did not: one reminder, one line.
    send_link(conn, office, practice, &vendor, &counted, LetterKind::Reminder, &address, now)?;
    Ok(true)
}
