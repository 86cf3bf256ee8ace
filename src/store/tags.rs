//! Tags of vendors.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::schema::vendor_tags;
use super::{Db, StoreError, parsed, per_backend, practice};
use crate::domain::access::Scope;
use crate::domain::ids::VendorId;

/// The tags of one vendor.
pub fn of_vendor(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<BTreeSet<String>, StoreError> {
    let tags: Vec<String> = vendor_tags::table
        .filter(vendor_tags::practice_id.eq(practice(scope)?))
        .filter(vendor_tags::vendor_id.eq(vendor.to_string()))
        .select(vendor_tags::tag)
        .load(conn)?;
    Ok(tags.into_iter().collect())
}

/// The tags of several vendors; who has none is not in it.
pub fn of_these(
    conn: &mut Db,
    scope: &Scope,
    vendors: &[VendorId],
) -> Result<BTreeMap<VendorId, BTreeSet<String>>, StoreError> {
    let of = practice(scope)?;
    let mut found: BTreeMap<VendorId, BTreeSet<String>> = BTreeMap::new();
    for some in vendors.chunks(500) {
        let rows: Vec<(String, String)> = vendor_tags::table
            .filter(vendor_tags::practice_id.eq(&of))
            .filter(vendor_tags::vendor_id.eq_any(some.iter().map(VendorId::to_string)))
            .select((vendor_tags::vendor_id, vendor_tags::tag))
            .load(conn)?;
        for (vendor, tag) in rows {
            found.entry(parsed(&vendor)?).or_default().insert(tag);
        }
    }
    Ok(found)
}

/// Tags a vendor; twice is once.
pub fn add(conn: &mut Db, scope: &Scope, vendor: VendorId, tag: &str) -> Result<(), StoreError> {
    let row = (
        vendor_tags::practice_id.eq(practice(scope)?),
        vendor_tags::vendor_id.eq(vendor.to_string()),
        vendor_tags::tag.eq(tag),
    );
    per_backend!(conn, c => diesel::insert_into(vendor_tags::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

pub fn remove(conn: &mut Db, scope: &Scope, vendor: VendorId, tag: &str) -> Result<(), StoreError> {
    diesel::delete(
        vendor_tags::table
            .filter(vendor_tags::practice_id.eq(practice(scope)?))
            .filter(vendor_tags::vendor_id.eq(vendor.to_string()))
            .filter(vendor_tags::tag.eq(tag)),
    )
    .execute(conn)?;
    Ok(())
}
