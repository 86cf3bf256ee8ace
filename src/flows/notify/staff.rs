//! What the practice does with notices: reads them, and looks after the standing links.

use chrono::{DateTime, Utc};

use crate::domain::access::Scope;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{NoticeId, NoticeLinkId, VendorId};
use crate::domain::notice::Acknowledged;
use crate::domain::practice::Practice;
use crate::flows::{Office, judge};
use crate::secrets;
use crate::store::notice_links::NoticeLink;
use crate::store::{self, Db, StoreError};

/// Notes that a person has read a notice and what was done; its flags close. `None` when there
/// is no such notice; nothing changes when somebody was faster.
///
/// # Errors
/// The database's.
pub fn acknowledge(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: NoticeId,
    note: &str,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Option<()>, StoreError> {
    let scope = Scope::Practice(practice.id);
    let Some(notice) = store::notices::one(conn, &scope, id)? else { return Ok(None) };
    store::vendors::hold(conn, &scope, notice.vendor)?;
    let read = Acknowledged { on: practice.day(now), by: by.name().to_owned(), note: note.to_owned() };
    if store::notices::acknowledge(conn, &scope, id, &read)? {
        let sentence = format!("acknowledged the change notice {}, with the note “{note}”", notice.signed.reference);
        let deed = Deed { by, act: Act::Told, vendor: Some(notice.vendor), sentence };
        store::entries::write(conn, &scope, &deed, now)?;
        judge::judge(conn, office, practice, notice.vendor, now)?;
    }
    Ok(Some(()))
}

/// What is done with a vendor's standing link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkStep {
    /// Makes one where there is none.
    Make,
    /// Ends the one there is, and makes another.
    Renew,
    Revoke,
}

/// Makes, renews or ends the standing link of a vendor. `None` when there is no such vendor.
///
/// # Errors
/// The database's.
pub fn link(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    step: LinkStep,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Option<()>, StoreError> {
    let scope = Scope::Practice(practice.id);
    let Some(vendor) = store::vendors::hold(conn, &scope, vendor)? else { return Ok(None) };
    let live = store::notice_links::live(conn, &scope, vendor.id)?;
    let did = match (step, live.is_some()) {
        (LinkStep::Make, true) | (LinkStep::Revoke, false) => return Ok(Some(())),
        (LinkStep::Make, false) | (LinkStep::Renew, false) => "made the standing link",
        (LinkStep::Renew, true) => "renewed the standing link, so that the old one no longer works,",
        (LinkStep::Revoke, true) => "turned off the standing link",
    };
    if live.is_some() {
        store::notice_links::revoke(conn, &scope, vendor.id, now)?;
    }
    if step != LinkStep::Revoke {
        let new = NoticeLink {
            id: NoticeLinkId::fresh(),
            vendor: vendor.id,
            made_at: now,
            made_by: by.name().to_owned(),
            revoked_at: None,
        };
        store::notice_links::add(conn, &scope, &new, &secrets::digest(&office.key.notice_token(new.id)))?;
    }
    let sentence = format!("{did} for change notices of {}", vendor.details.name);
    store::entries::write(conn, &scope, &Deed { by, act: Act::Told, vendor: Some(vendor.id), sentence }, now)?;
    Ok(Some(()))
}
