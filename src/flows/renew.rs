//! Writes to our own people when an agreement ends, or when the last day to stop one from
//! renewing by itself comes: past a threshold and not yet written, however late.

use chrono::{DateTime, NaiveDate, Utc};

use super::Office;
use crate::domain::access::Scope;
use crate::domain::agreement::renewal::{self, Owed};
use crate::domain::civil_date;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{LetterId, VendorId};
use crate::domain::letter::{Letter, LetterKind};
use crate::domain::practice::Practice;
use crate::store::{self, Db, StoreError};

/// The vendors about whom a letter is owed on `today` and somebody is there to get it. Reads
/// only, in three queries however many vendors there are.
///
/// # Errors
/// The database's.
pub fn owed(conn: &mut Db, practice: &Practice, today: NaiveDate) -> Result<Vec<VendorId>, StoreError> {
    let scope = Scope::Practice(practice.id);
    let (from, to) = renewal::ends_between(today);
    let ending = store::agreements::ending(conn, &scope, from, to)?;
    let owed = ending.iter().filter_map(|one| Some((one, renewal::owed(&one.versions, one.ba_status, today)?.once())));
    let (due, once): (Vec<_>, Vec<String>) = owed.unzip();
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let written = store::letters::written(conn, &scope, &once)?;
    let people = store::users::of_practice(conn, practice.id)?;
    let due = due.into_iter().zip(once).filter(|(one, once)| {
        !written.contains(once) && renewal::reader(&one.owner, &people, &practice.contact).is_some()
    });
    Ok(due.map(|(one, _)| one.vendor).collect())
}

/// Writes the letter that is owed about one vendor; false when another sweep was faster or
/// nobody is there to get it.
///
/// # Errors
/// The database's.
pub fn write(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(now));
    let Some(vendor) = store::vendors::hold(conn, &scope, vendor)? else { return Ok(false) };
    let versions = store::agreements::of_vendor(conn, &scope, vendor.id)?;
    let Some(owed) = renewal::owed(&versions, vendor.owes_agreement(), today) else { return Ok(false) };
    let people = store::users::of_practice(conn, practice.id)?;
    let Some((to_name, to_address)) = renewal::reader(&vendor.details.owner, &people, &practice.contact) else {
        return Ok(false);
    };
    let written = office.letters.renewal(practice, &vendor, &owed, &to_name, today);
    let sentence = format!("wrote to {to_address} {}", says(&owed, today));
    let letter = Letter {
        vendor: Some(vendor.id),
        once: owed.once(),
        ..office.letter(practice, LetterId::fresh(), LetterKind::Renewal, (&to_name, &to_address), written, now)
    };
    if !store::letters::write(conn, &letter)? {
        return Ok(false);
    }
    let deed = Deed { by: &Actor::Program, act: Act::Wrote, vendor: Some(vendor.id), sentence };
    store::entries::write(conn, &scope, &deed, now)?;
    Ok(true)
}

fn says(owed: &Owed, today: NaiveDate) -> String {
    let (end, by) = (civil_date::say(owed.ends_on), civil_date::say(owed.act_by));
    match owed.renews_months {
        Some(_) => {
            format!("that the agreement renews by itself after {end} unless someone says no by {by}")
        }
        None if owed.ends_on < today => format!("that the agreement ended on {end}"),
        None => format!("that the agreement ends on {end}"),
    }
}
