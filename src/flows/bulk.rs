//! Changes many vendors at once, and takes such a change back. Settings change in one
//! transaction; asking has one a vendor, because a letter is owed for each.

mod undo;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

pub use undo::undo;

use super::invite::InviteError;
use super::{Office, invite, judge};
use crate::domain::access::Scope;
use crate::domain::bulk::{BulkAct, Change, Kept};
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{BulkChangeId, UserId, VendorId};
use crate::domain::practice::Practice;
use crate::store::{self, Db, Store, StoreError};

/// Who presses the button, and which press it is: the id comes from the form, so that a
/// second press of the same button is the first one again.
#[derive(Clone, Copy, Debug)]
pub struct Press<'a> {
    pub id: BulkChangeId,
    pub user: UserId,
    pub by: &'a Actor,
    pub now: DateTime<Utc>,
}

pub(super) fn vendors(count: usize) -> String {
    if count == 1 { "1 vendor".to_owned() } else { format!("{count} vendors") }
}

/// Changes these vendors, in the caller's transaction. Ids that the practice does not have
/// are passed over.
///
/// # Errors
/// [`StoreError::Duplicate`] when this press was taken before.
pub fn change(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    press: &Press<'_>,
    change: &Change,
    chosen: &[VendorId],
) -> Result<(), StoreError> {
    let scope = Scope::Practice(practice.id);
    let held = store::bulk_changes::hold(conn, &scope, chosen)?;
    let act = change.act();
    store::bulk_changes::begin(conn, &scope, press.user, press.id, act, "", press.now)?;
    let mut kept = Vec::new();
    let mut names = Vec::new();
    for current in &held {
        if let Some(one) = change.of(current) {
            put(conn, &scope, act, &one, one.now.as_deref(), press.now)?;
            kept.push(one);
            names.push(current.name.as_str());
        }
    }
    judge_all(conn, office, practice, act, &kept, press.now)?;
    let mut says = match kept.len() {
        0 => "Nothing was changed: it was so already, or it cannot be done for these vendors.".to_owned(),
        count => change.done(count),
    };
    match held.len() - kept.len() {
        0 => {}
        _ if kept.is_empty() => {}
        1 => says.push_str(" 1 other was left as it was."),
        others => says.push_str(&format!(" {others} others were left as they were.")),
    }
    store::bulk_changes::finish(conn, &scope, press.id, &says, &kept)?;
    let sentences = kept.iter().zip(names).map(|(one, name)| (one.vendor, change.says(name)));
    let whole = format!("{}, all at once", change.says(&vendors(kept.len())));
    write_down(conn, &scope, press.by, act, sentences, (!kept.is_empty()).then_some(whole), press.now)
}

/// Writes a value of one vendor.
fn put(
    conn: &mut Db,
    scope: &Scope,
    act: BulkAct,
    kept: &Kept,
    value: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let corrupt = |text: &str| StoreError::Corrupt(format!("{act}: {text}"));
    match act {
        BulkAct::Owner => store::bulk_changes::set_owner(conn, scope, kept.vendor, value.unwrap_or_default()),
        BulkAct::Cadence => {
            let months = value.map(|text| text.parse().map_err(|_| corrupt(text))).transpose()?;
            store::bulk_changes::set_cadence(conn, scope, kept.vendor, months)
        }
        BulkAct::Suspend | BulkAct::Resume => {
            let text = value.unwrap_or_default();
            let life = text.parse().map_err(|_| corrupt(text))?;
            store::place::set_life(conn, scope, kept.vendor, life, now)
        }
        BulkAct::Tag | BulkAct::Untag => match (value, &kept.was, &kept.now) {
            (Some(tag), ..) => store::tags::add(conn, scope, kept.vendor, tag),
            (None, Some(tag), _) | (None, None, Some(tag)) => store::tags::remove(conn, scope, kept.vendor, tag),
            (None, None, None) => Ok(()),
        },
        BulkAct::Ask => Ok(()),
    }
}

/// Judges again where a standing hangs on what was changed.
fn judge_all(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    act: BulkAct,
    kept: &[Kept],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if matches!(act, BulkAct::Owner | BulkAct::Tag | BulkAct::Untag) {
        return Ok(());
    }
    for one in kept {
        judge::judge(conn, office, practice, one.vendor, now)?;
    }
    Ok(())
}

/// A line of the history for each vendor, and one for the whole.
fn write_down(
    conn: &mut Db,
    scope: &Scope,
    by: &Actor,
    act: BulkAct,
    each: impl Iterator<Item = (VendorId, String)>,
    whole: Option<String>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let act = if act == BulkAct::Ask { Act::Asked } else { Act::Changed };
    for (vendor, sentence) in each {
        store::entries::write(conn, scope, &Deed { by, act, vendor: Some(vendor), sentence }, now)?;
    }
    match whole {
        Some(sentence) => store::entries::write(conn, scope, &Deed { by, act, vendor: None, sentence }, now),
        None => Ok(()),
    }
}

/// How many of these vendors would get a letter today, and how many would not, by the reason.
/// Reads only.
///
/// # Errors
/// The database's.
pub fn foresee(
    conn: &mut Db,
    scope: &Scope,
    chosen: &[VendorId],
    today: NaiveDate,
) -> Result<(usize, BTreeMap<String, usize>), StoreError> {
    let (mut letters, mut not) = (0, BTreeMap::<String, usize>::new());
    for id in chosen {
        let asked = match store::vendors::one(conn, scope, *id) {
            Ok(Some(vendor)) => invite::may_be_asked(conn, scope, &vendor, today),
            Ok(None) => continue,
            Err(error) => Err(error.into()),
        };
        match asked {
            Ok(_) => letters += 1,
            Err(InviteError::Store(error @ (StoreError::Unavailable(_) | StoreError::ReadOnly(_)))) => {
                return Err(error);
            }
            Err(error) => *not.entry(why_not(&error)).or_default() += 1,
        }
    }
    Ok((letters, not))
}

/// Asks these vendors, each in a transaction of its own, and counts why others were not.
///
/// # Errors
/// The database's. What was done before it is kept.
pub fn ask(
    store: &Store,
    office: &Office,
    practice: &Practice,
    press: &Press<'_>,
    chosen: &[VendorId],
) -> Result<(), StoreError> {
    let scope = Scope::Practice(practice.id);
    let waiting =
        format!("Asking {} is under way. Load this page again to see what came of it.", vendors(chosen.len()));
    let begun = store.write_in(&scope, |conn| {
        store::bulk_changes::begin(conn, &scope, press.user, press.id, BulkAct::Ask, &waiting, press.now)
    });
    match begun {
        // The same button, pressed again.
        Err(StoreError::Duplicate) => return Ok(()),
        begun => begun?,
    }
    let mut kept = Vec::new();
    let mut not: BTreeMap<String, usize> = BTreeMap::new();
    let mut failed = None;
    for vendor in chosen {
        match store.write_in(&scope, |conn| invite::invite(conn, office, practice, *vendor, press.by, press.now)) {
            Ok(asked) => kept.push(Kept { vendor: *vendor, was: None, now: Some(asked.id.to_string()) }),
            Err(InviteError::NoVendor) => {}
            Err(InviteError::Store(error @ (StoreError::Unavailable(_) | StoreError::ReadOnly(_)))) => {
                failed = Some(error);
                break;
            }
            Err(error) => *not.entry(why_not(&error)).or_default() += 1,
        }
    }
    let says = asked(kept.len(), &not, failed.is_some());
    store.write_in(&scope, |conn| {
        store::bulk_changes::finish(conn, &scope, press.id, &says, &kept)?;
        let whole = (!kept.is_empty()).then(|| format!("asked {} at once", vendors(kept.len())));
        write_down(conn, &scope, press.by, BulkAct::Ask, std::iter::empty(), whole, press.now)
    })?;
    failed.map_or(Ok(()), Err)
}

/// One reason for many vendors: without their dates.
fn why_not(error: &InviteError) -> String {
    match error {
        InviteError::NoAddress => "no e-mail address to write to",
        InviteError::AddressUnusable => "letters to the address bounced, or are not wanted",
        InviteError::NotNeeded => "no business associate",
        InviteError::OnEvidence => "accepted on evidence",
        InviteError::AlreadyAsked { .. } | InviteError::Store(StoreError::Duplicate) => "asked already",
        InviteError::Quiet(_) => "suspended, ended or archived",
        _ => "a record that we could not read",
    }
    .to_owned()
}

fn asked(count: usize, not: &BTreeMap<String, usize>, broken_off: bool) -> String {
    let mut says = match count {
        0 => "Nobody was asked.".to_owned(),
        1 => "1 vendor was asked. The letter is on its way.".to_owned(),
        count => format!("{count} vendors were asked. The letters are on their way."),
    };
    if !not.is_empty() {
        let reasons: Vec<String> = not.iter().map(|(why, count)| format!("{count} ({why})")).collect();
        says.push_str(&format!(" Not asked: {}.", reasons.join(", ")));
    }
    if broken_off {
        says.push_str(" Then the database could not be reached, so the rest was not asked.");
    }
    says
}
