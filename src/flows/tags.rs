//! Sets the tags of one vendor.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::domain::access::Scope;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::VendorId;
use crate::domain::tags;
use crate::store::{self, Db, StoreError};

/// Gives a vendor these tags and no others.
///
/// # Errors
/// The database's.
pub fn set(
    conn: &mut Db,
    scope: &Scope,
    vendor: VendorId,
    wanted: &BTreeSet<String>,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(held) = store::vendors::hold(conn, scope, vendor)? else { return Ok(()) };
    let present = store::tags::of_vendor(conn, scope, vendor)?;
    if present == *wanted {
        return Ok(());
    }
    for tag in present.difference(wanted) {
        store::tags::remove(conn, scope, vendor, tag)?;
    }
    for tag in wanted.difference(&present) {
        store::tags::add(conn, scope, vendor, tag)?;
    }
    let name = held.details.name;
    let sentence = match wanted.is_empty() {
        true => format!("took all tags off {name}"),
        false => format!("set the tags of {name} to “{}”", tags::say(wanted)),
    };
    store::entries::write(conn, scope, &Deed { by, act: Act::Changed, vendor: Some(vendor), sentence }, now)
}
