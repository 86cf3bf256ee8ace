//! Takes a change to many vendors back, where nobody has changed the vendor since.

use chrono::{DateTime, Utc};

use super::{judge_all, put, vendors, write_down};
use crate::domain::access::Scope;
use crate::domain::bulk::{BulkAct, Current, Kept};
use crate::domain::entry::Actor;
use crate::domain::ids::{AssessmentId, BulkChangeId};
use crate::domain::practice::Practice;
use crate::flows::Office;
use crate::flows::take_back::{TakenBack, take_back};
use crate::store::bulk_changes::BulkChange;
use crate::store::{self, Db, StoreError};

/// Takes a change back, once; false when the practice has none of that id. What came of it
/// stands in the change's words.
///
/// # Errors
/// The database's.
pub fn undo(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: BulkChangeId,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let scope = Scope::Practice(practice.id);
    let Some(made) = store::bulk_changes::one(conn, &scope, id)? else { return Ok(false) };
    let ids: Vec<_> = made.before.iter().map(|kept| kept.vendor).collect();
    let held = store::bulk_changes::hold(conn, &scope, &ids)?;
    if !store::bulk_changes::set_undone(conn, &scope, id, now)? {
        return Ok(true);
    }
    let (back, says) = match made.act {
        BulkAct::Ask => take_questions_back(conn, &scope, &made)?,
        _ => put_back(conn, &scope, &made, &held, now)?,
    };
    let back_of: Vec<Kept> = back.into_iter().cloned().collect();
    judge_all(conn, office, practice, made.act, &back_of, now)?;
    store::bulk_changes::set_says(conn, &scope, id, &says)?;
    let name = |kept: &Kept| {
        held.iter().find(|current| current.id == kept.vendor).map(|current| current.name.as_str()).unwrap_or_default()
    };
    let what = made.act.says().to_lowercase();
    let each: Vec<_> =
        back_of.iter().map(|kept| (kept.vendor, format!("took back “{what}” for {}", name(kept)))).collect();
    let whole = format!("took back “{what}” for {} of {}", back_of.len(), vendors(made.before.len()));
    write_down(conn, &scope, by, made.act, each.into_iter(), Some(whole), now)?;
    Ok(true)
}

/// Puts back what was there, where it is still as the change left it.
fn put_back<'a>(
    conn: &mut Db,
    scope: &Scope,
    made: &'a BulkChange,
    held: &[Current],
    now: DateTime<Utc>,
) -> Result<(Vec<&'a Kept>, String), StoreError> {
    let mut back = Vec::new();
    for kept in &made.before {
        // Both are in the order of their ids, but a vendor may be gone meanwhile.
        let at = held.binary_search_by(|current| current.id.cmp(&kept.vendor));
        if at.is_ok_and(|at| kept.stands(made.act, &held[at])) {
            put(conn, scope, made.act, kept, kept.was.as_deref(), now)?;
            back.push(kept);
        }
    }
    let since = made.before.len() - back.len();
    let mut says = match back.len() {
        0 => "Nothing was undone.".to_owned(),
        1 => "Undone: 1 vendor is as it was before.".to_owned(),
        count => format!("Undone: {count} vendors are as they were before."),
    };
    match since {
        0 => {}
        1 => says.push_str(" 1 was changed by someone since, and stays so."),
        since => says.push_str(&format!(" {since} were changed by someone since, and stay so.")),
    }
    Ok((back, says))
}

/// Takes back the questions whose letters have not left, and counts the others.
fn take_questions_back<'a>(
    conn: &mut Db,
    scope: &Scope,
    made: &'a BulkChange,
) -> Result<(Vec<&'a Kept>, String), StoreError> {
    let (mut back, mut left, mut past) = (Vec::new(), 0_usize, 0_usize);
    for kept in &made.before {
        let Some(id) = kept.now.as_deref().and_then(|id| id.parse::<AssessmentId>().ok()) else { continue };
        match take_back(conn, scope, id)? {
            TakenBack::Done => back.push(kept),
            TakenBack::Left => left += 1,
            TakenBack::Past => past += 1,
        }
    }
    let mut says = match back.len() {
        0 => "No question could be taken back.".to_owned(),
        1 => "1 question was taken back, and its letter will not leave. If that vendor is due, the yearly round asks it again.".to_owned(),
        count => format!("{count} questions were taken back, and their letters will not leave. Vendors that are due are asked again by the yearly round."),
    };
    match left {
        0 => {}
        1 => says.push_str(" 1 letter had left already, and that question stands."),
        left => says.push_str(&format!(" {left} letters had left already, and those questions stand.")),
    }
    match past {
        0 => {}
        1 => says.push_str(" 1 was answered or closed meanwhile."),
        past => says.push_str(&format!(" {past} were answered or closed meanwhile.")),
    }
    Ok((back, says))
}
