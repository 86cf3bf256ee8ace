//! Decisions about a vendor: whether it is a business associate, and a tier set by hand.
//! Rows are added and never changed; the newest counts.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::schema::{ba_decisions, tier_decisions};
use super::{Db, StoreError, count, from_json, parsed, practice, stored_count, to_json, vendors};
use crate::domain::access::Scope;
use crate::domain::ba_decision::BaDecision;
use crate::domain::ids::VendorId;
use crate::domain::tier_decision::TierDecision;

#[derive(Queryable)]
struct BaRow {
    _practice_id: String,
    id: String,
    vendor_id: String,
    status: String,
    path: String,
    reason: String,
    decided_by: String,
    decided_on: NaiveDate,
    look_again_on: Option<NaiveDate>,
}

fn ba_value(row: BaRow) -> Result<BaDecision, StoreError> {
    Ok(BaDecision {
        id: parsed(&row.id)?,
        vendor: parsed(&row.vendor_id)?,
        status: parsed(&row.status)?,
        path: from_json(&row.path)?,
        reason: row.reason,
        decided_by: row.decided_by,
        decided_on: row.decided_on,
        look_again_on: row.look_again_on,
    })
}

/// Whether a vendor is a business associate, as decided, the newest first.
pub fn on_ba(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<BaDecision>, StoreError> {
    let rows: Vec<BaRow> = ba_decisions::table
        .filter(ba_decisions::practice_id.eq(practice(scope)?))
        .filter(ba_decisions::vendor_id.eq(vendor.to_string()))
        // Two of one day are told apart by their ids, which rise with time.
        .order((ba_decisions::decided_on.desc(), ba_decisions::id.desc()))
        .load(conn)?;
    rows.into_iter().map(ba_value).collect()
}

pub fn add_on_ba(conn: &mut Db, scope: &Scope, decision: &BaDecision) -> Result<(), StoreError> {
    diesel::insert_into(ba_decisions::table)
        .values((
            ba_decisions::practice_id.eq(practice(scope)?),
            ba_decisions::id.eq(decision.id.to_string()),
            ba_decisions::vendor_id.eq(decision.vendor.to_string()),
            ba_decisions::status.eq(decision.status.key()),
            ba_decisions::path.eq(to_json(&decision.path)?),
            ba_decisions::reason.eq(&decision.reason),
            ba_decisions::decided_by.eq(&decision.decided_by),
            ba_decisions::decided_on.eq(decision.decided_on),
            ba_decisions::look_again_on.eq(decision.look_again_on),
        ))
        .execute(conn)?;
    Ok(())
}

#[derive(Queryable)]
struct TierRow {
    _practice_id: String,
    id: String,
    vendor_id: String,
    tier: Option<i32>,
    computed: i32,
    inherent: i32,
    reason: String,
    decided_by: String,
    decided_on: NaiveDate,
}

fn tier_value(row: TierRow) -> Result<TierDecision, StoreError> {
    Ok(TierDecision {
        id: parsed(&row.id)?,
        vendor: parsed(&row.vendor_id)?,
        tier: row.tier.map(vendors::tier).transpose()?,
        computed: vendors::tier(row.computed)?,
        inherent: count(row.inherent),
        reason: row.reason,
        decided_by: row.decided_by,
        decided_on: row.decided_on,
    })
}

/// The tiers that were set by hand for a vendor, the newest first.
pub fn on_tier(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<TierDecision>, StoreError> {
    let rows: Vec<TierRow> = tier_decisions::table
        .filter(tier_decisions::practice_id.eq(practice(scope)?))
        .filter(tier_decisions::vendor_id.eq(vendor.to_string()))
        .order((tier_decisions::decided_on.desc(), tier_decisions::id.desc()))
        .load(conn)?;
    rows.into_iter().map(tier_value).collect()
}

pub fn add_on_tier(conn: &mut Db, scope: &Scope, decision: &TierDecision) -> Result<(), StoreError> {
    diesel::insert_into(tier_decisions::table)
        .values((
            tier_decisions::practice_id.eq(practice(scope)?),
            tier_decisions::id.eq(decision.id.to_string()),
            tier_decisions::vendor_id.eq(decision.vendor.to_string()),
            tier_decisions::tier.eq(decision.tier.map(|tier| i32::from(tier.number()))),
            tier_decisions::computed.eq(i32::from(decision.computed.number())),
            tier_decisions::inherent.eq(stored_count(decision.inherent)),
            tier_decisions::reason.eq(&decision.reason),
            tier_decisions::decided_by.eq(&decision.decided_by),
            tier_decisions::decided_on.eq(decision.decided_on),
        ))
        .execute(conn)?;
    Ok(())
}
