//! Decides about a vendor by hand: whether it is a business associate, and how hard we look.
//! Each decision is kept with who made it and why.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::register::{self, Consequence};
use super::{Office, judge};
use crate::domain::access::Scope;
use crate::domain::ba_decision::{self, Answered, BaDecision};
use crate::domain::civil_date;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::exposure::Tier;
use crate::domain::ids::{DecisionId, VendorId};
use crate::domain::practice::Practice;
use crate::domain::tier_decision::{self, TierDecision};
use crate::domain::vendor::{BaStatus, FieldFault, VendorDetails};
use crate::store::{self, Db, StoreError};

/// What somebody decided about whether a vendor is a business associate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    pub status: BaStatus,
    pub path: Vec<Answered>,
    pub reason: String,
    pub look_again_on: Option<NaiveDate>,
}

/// Writes down whether a vendor is a business associate, and lets everything follow that
/// hangs on it. `None` when there is no such vendor. The same decision twice on one day is
/// one.
///
/// # Errors
/// The database's.
pub fn business_associate(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    decided: &Decided,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Option<Consequence>, StoreError> {
    let scope = Scope::Practice(practice.id);
    let today = practice.day(now);
    let Some(before) = store::vendors::hold(conn, &scope, vendor)? else { return Ok(None) };
    let decision = BaDecision {
        id: DecisionId::fresh(),
        vendor,
        status: decided.status,
        path: decided.path.clone(),
        reason: decided.reason.clone(),
        decided_by: by.name().to_owned(),
        decided_on: today,
        look_again_on: decided.look_again_on,
    };
    let earlier = store::decisions::on_ba(conn, &scope, vendor)?;
    let same = |last: &BaDecision| BaDecision { id: decision.id, ..last.clone() } == decision;
    if before.details.ba_status == decided.status && earlier.first().is_some_and(same) {
        return Ok(Some(Consequence::None));
    }
    let details = VendorDetails { ba_status: decided.status, ..before.details.clone() };
    if before.details != details {
        store::vendors::update(conn, &scope, vendor, &details, now)?;
    }
    store::decisions::add_on_ba(conn, &scope, &decision)?;
    let again = decided.look_again_on.map(|on| format!("; to be looked at again by {}", civil_date::say_short(on)));
    let sentence = format!(
        "decided whether {} is a business associate: “{}”, because “{}” ({}){}",
        details.name,
        decided.status.says(),
        decided.reason,
        ba_decision::cites(decided.status),
        again.unwrap_or_default(),
    );
    store::entries::write(conn, &scope, &Deed { by, act: Act::Decided, vendor: Some(vendor), sentence }, now)?;
    let consequence = register::follow(conn, office, practice, &before, &details, by, now)?;
    judge::judge(conn, office, practice, vendor, now)?;
    Ok(Some(consequence))
}

/// Notes a status that was chosen from a list, without the questions. The caller has held the
/// vendor and judges it.
///
/// # Errors
/// The database's.
pub(super) fn note_chosen(
    conn: &mut Db,
    scope: &Scope,
    vendor: VendorId,
    status: BaStatus,
    reason: &str,
    by: &Actor,
    today: NaiveDate,
) -> Result<(), StoreError> {
    let decision = BaDecision {
        id: DecisionId::fresh(),
        vendor,
        status,
        path: Vec::new(),
        reason: reason.to_owned(),
        decided_by: by.name().to_owned(),
        decided_on: today,
        look_again_on: ba_decision::look_again_days(status).map(|days| today + Days::new(days)),
    };
    store::decisions::add_on_ba(conn, scope, &decision)
}

/// Why a tier is not set.
#[derive(Debug, thiserror::Error)]
pub enum TierError {
    #[error("there is no such vendor")]
    NoVendor,
    #[error(transparent)]
    Fault(#[from] FieldFault),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sets the tier of a vendor by hand, or gives it back to the rules (`None`, or what they say
/// anyway).
///
/// # Errors
/// [`TierError::Fault`] when it lowers the tier without a reason, or nobody would answer for it.
#[expect(clippy::too_many_arguments, reason = "who, where and what of one decision")]
pub fn tier(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    wanted: Option<Tier>,
    reason: &str,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), TierError> {
    let scope = Scope::Practice(practice.id);
    let today = practice.day(now);
    let held = store::vendors::hold(conn, &scope, vendor)?.ok_or(TierError::NoVendor)?;
    let inherent = judge::consider(conn, office, practice, &held, today)?.inherent;
    let wanted = wanted.filter(|wanted| *wanted != inherent.tier);
    tier_decision::check(wanted, inherent.tier, reason)?;
    if wanted.is_some_and(|wanted| wanted > inherent.tier) && !matches!(by, Actor::Person { .. }) {
        return Err(FieldFault::new("nobody would answer for a lower tier", "Sign in to set it.").into());
    }
    let earlier = store::decisions::on_tier(conn, &scope, vendor)?;
    let decision = TierDecision {
        id: DecisionId::fresh(),
        vendor,
        tier: wanted,
        computed: inherent.tier,
        inherent: inherent.total,
        reason: reason.to_owned(),
        decided_by: by.name().to_owned(),
        decided_on: today,
    };
    let stands = match earlier.first() {
        // The rules have the tier already.
        Some(TierDecision { tier: None, .. }) | None if wanted.is_none() => true,
        Some(last) => TierDecision { id: decision.id, ..last.clone() } == decision,
        None => false,
    };
    if stands {
        return Ok(());
    }
    store::decisions::add_on_tier(conn, &scope, &decision)?;
    let sentence = said(&decision, &held.details.name);
    store::entries::write(conn, &scope, &Deed { by, act: Act::Decided, vendor: Some(vendor), sentence }, now)?;
    judge::judge(conn, office, practice, vendor, now)?;
    Ok(())
}

fn said(decision: &TierDecision, name: &str) -> String {
    let rules = format!("the rules say {}", decision.computed.says().to_lowercase());
    let because = match decision.reason.as_str() {
        "" => String::new(),
        reason => format!(", because “{reason}”"),
    };
    match decision.tier {
        Some(tier) if decision.lowers() => {
            format!("lowered {name} to {} by hand ({rules}){because}", tier.says().to_lowercase())
        }
        Some(tier) => format!("raised {name} to {} by hand ({rules}){because}", tier.says().to_lowercase()),
        None => format!(
            "gave the tier of {name} back to the rules, which say {}{because}",
            decision.computed.says().to_lowercase()
        ),
    }
}
