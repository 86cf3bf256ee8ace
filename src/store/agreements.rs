//! Agreements by version, and what else is kept for them. The newest version is the one with
//! the highest number.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::schema::{agreements, documents, vendors};
use super::{Db, StoreError, count, from_json, parsed, practice, stored, stored_count, to_json};
use crate::domain::access::Scope;
use crate::domain::agreement::{self, Agreement, AgreementStanding, Checklist, Terms};
use crate::domain::ids::{AgreementId, DocumentId, VendorId};
use crate::domain::vendor::{BaStatus, VendorDetails};

#[derive(Queryable, Selectable)]
#[diesel(table_name = agreements)]
struct Row {
    id: String,
    vendor_id: String,
    version: i32,
    kind: String,
    signed_on: Option<NaiveDate>,
    effective_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    open_ended: bool,
    renews_months: Option<i32>,
    notice_days: Option<i32>,
    parties: String,
    breach_notice_hours: Option<i32>,
    offshore: String,
    subcontractors: String,
    checklist: String,
    checked_on: Option<NaiveDate>,
    checked_by: String,
    document_id: Option<String>,
    ended_on: Option<NaiveDate>,
    note: String,
    recorded_by: String,
    recorded_at: NaiveDateTime,
}

fn value(row: Row) -> Result<Agreement, StoreError> {
    Ok(Agreement {
        id: parsed(&row.id)?,
        vendor: parsed(&row.vendor_id)?,
        version: count(row.version),
        terms: Terms {
            kind: parsed(&row.kind)?,
            signed_on: row.signed_on,
            effective_on: row.effective_on,
            ends_on: row.ends_on,
            open_ended: row.open_ended,
            renews_months: row.renews_months.map(count),
            notice_days: row.notice_days.map(count),
            parties: row.parties,
            breach_notice_hours: row.breach_notice_hours.map(count),
            offshore: row.offshore,
            subcontractors: row.subcontractors,
            document: row.document_id.as_deref().map(parsed).transpose()?,
            ended_on: row.ended_on,
            note: row.note,
        },
        checklist: Checklist {
            findings: from_json(&row.checklist)?,
            checked_on: row.checked_on,
            checked_by: row.checked_by,
        },
        recorded_by: row.recorded_by,
        recorded_at: row.recorded_at.and_utc(),
    })
}

/// The columns that hold a version's terms, as values.
macro_rules! terms {
    ($terms:expr) => {
        (
            agreements::kind.eq($terms.kind.key()),
            agreements::signed_on.eq($terms.signed_on),
            agreements::effective_on.eq($terms.effective_on),
            agreements::ends_on.eq($terms.ends_on),
            agreements::open_ended.eq($terms.open_ended),
            agreements::renews_months.eq($terms.renews_months.map(stored_count)),
            agreements::notice_days.eq($terms.notice_days.map(stored_count)),
            agreements::parties.eq(&$terms.parties),
            agreements::breach_notice_hours.eq($terms.breach_notice_hours.map(stored_count)),
            agreements::offshore.eq(&$terms.offshore),
            agreements::subcontractors.eq(&$terms.subcontractors),
            agreements::document_id.eq($terms.document.map(|id| id.to_string())),
            agreements::ended_on.eq($terms.ended_on),
            agreements::note.eq(&$terms.note),
        )
    };
}

/// Adds a version.
///
/// # Errors
/// [`StoreError::Duplicate`] when the vendor has one of that number.
pub fn add(conn: &mut Db, scope: &Scope, new: &Agreement) -> Result<(), StoreError> {
    diesel::insert_into(agreements::table)
        .values((
            agreements::practice_id.eq(practice(scope)?),
            agreements::id.eq(new.id.to_string()),
            agreements::vendor_id.eq(new.vendor.to_string()),
            agreements::version.eq(stored_count(new.version)),
            terms!(new.terms),
            agreements::checklist.eq(to_json(&new.checklist.findings)?),
            agreements::checked_on.eq(new.checklist.checked_on),
            agreements::checked_by.eq(&new.checklist.checked_by),
            agreements::recorded_by.eq(&new.recorded_by),
            agreements::recorded_at.eq(stored(new.recorded_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Corrects what a version says.
pub fn set_terms(conn: &mut Db, scope: &Scope, id: AgreementId, terms: &Terms) -> Result<(), StoreError> {
    let of = practice(scope)?;
    diesel::update(agreements::table.filter(agreements::practice_id.eq(of)).filter(agreements::id.eq(id.to_string())))
        .set(terms!(terms))
        .execute(conn)?;
    Ok(())
}

/// Writes what was found in a version.
pub fn set_checklist(conn: &mut Db, scope: &Scope, id: AgreementId, found: &Checklist) -> Result<(), StoreError> {
    let of = practice(scope)?;
    diesel::update(agreements::table.filter(agreements::practice_id.eq(of)).filter(agreements::id.eq(id.to_string())))
        .set((
            agreements::checklist.eq(to_json(&found.findings)?),
            agreements::checked_on.eq(found.checked_on),
            agreements::checked_by.eq(&found.checked_by),
        ))
        .execute(conn)?;
    Ok(())
}

/// Every version of a vendor's agreement, the newest first.
pub fn of_vendor(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<Agreement>, StoreError> {
    let rows: Vec<Row> = agreements::table
        .filter(agreements::practice_id.eq(practice(scope)?))
        .filter(agreements::vendor_id.eq(vendor.to_string()))
        .order(agreements::version.desc())
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(value).collect()
}

/// One version; `None` when the scope has none of that id.
pub fn one(conn: &mut Db, scope: &Scope, id: AgreementId) -> Result<Option<Agreement>, StoreError> {
    let row: Option<Row> = agreements::table
        .filter(agreements::practice_id.eq(practice(scope)?))
        .filter(agreements::id.eq(id.to_string()))
        .select(Row::as_select())
        .get_result(conn)
        .optional()?;
    row.map(value).transpose()
}

/// Notes the dates that came with a vendor's details or a file. A later day of signing is a
/// renewal and becomes a version of its own; anything else corrects the newest.
pub(super) fn note(
    conn: &mut Db,
    scope: &Scope,
    vendor: VendorId,
    details: &VendorDetails,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (signed_on, ends_on) = (details.agreement_signed_on, details.agreement_ends_on);
    let Some(newest) = of_vendor(conn, scope, vendor)?.into_iter().next() else {
        return match Agreement::noted(vendor, signed_on, ends_on, now) {
            Some(first) => add(conn, scope, &first),
            None => Ok(()),
        };
    };
    if (newest.terms.signed_on, newest.terms.ends_on) == (signed_on, ends_on) {
        return Ok(());
    }
    let renewed = newest.terms.signed_on.is_some_and(|before| signed_on.is_some_and(|signed| signed > before));
    match Agreement::noted(vendor, signed_on, ends_on, now).filter(|_| renewed) {
        Some(renewal) => add(conn, scope, &Agreement { version: newest.version + 1, ..renewal }),
        None => {
            let open_ended = newest.terms.open_ended && ends_on.is_none();
            set_terms(conn, scope, newest.id, &Terms { signed_on, ends_on, open_ended, ..newest.terms })
        }
    }
}

/// A vendor whose agreement ends or renews between two days, with what a letter about it
/// needs, the soonest first.
#[derive(Clone, Debug)]
pub struct Ending {
    pub vendor: VendorId,
    pub ba_status: BaStatus,
    pub owner: String,
    /// The newest first.
    pub versions: Vec<Agreement>,
}

/// Those of the practice, as judged last.
pub fn ending(conn: &mut Db, scope: &Scope, from: NaiveDate, to: NaiveDate) -> Result<Vec<Ending>, StoreError> {
    let of = practice(scope)?;
    let ends = vendors::table
        .filter(vendors::practice_id.eq(&of))
        .filter(vendors::agreement_ends_on.between(from, to))
        .filter(vendors::agreement.ne(AgreementStanding::NotNeeded.key()))
        .filter(vendors::archived_at.is_null());
    let found: Vec<(String, String, String)> = ends
        .order((vendors::agreement_ends_on, vendors::id))
        .select((vendors::id, vendors::ba_status, vendors::owner))
        .load(conn)?;
    let ids = ends.select(vendors::id);
    let rows: Vec<Row> = agreements::table
        .filter(agreements::practice_id.eq(&of))
        .filter(agreements::vendor_id.eq_any(ids))
        .order((agreements::vendor_id, agreements::version.desc()))
        .select(Row::as_select())
        .load(conn)?;
    let mut versions: BTreeMap<String, Vec<Agreement>> = BTreeMap::new();
    for row in rows {
        versions.entry(row.vendor_id.clone()).or_default().push(value(row)?);
    }
    let ending = found.into_iter().map(|(id, status, owner)| {
        let versions = versions.remove(&id).unwrap_or_default();
        Ok(Ending { vendor: parsed(&id)?, ba_status: parsed(&status)?, owner, versions })
    });
    ending.collect()
}

/// A row of the list of vendors without an agreement in date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncovered {
    pub vendor: VendorId,
    pub name: String,
    pub services: String,
    pub owner: String,
    pub tier: u8,
    pub standing: AgreementStanding,
    pub ends_on: Option<NaiveDate>,
    /// The newest version waits for a signature.
    pub waits: bool,
}

/// Vendors whose agreement stands in one of these ways and that are on the list today: the
/// riskiest first.
pub fn standing_in(
    conn: &mut Db,
    scope: &Scope,
    standings: &[AgreementStanding],
) -> Result<Vec<Uncovered>, StoreError> {
    type Found = (String, String, String, String, i32, String, Option<NaiveDate>);
    let rows: Vec<Found> = vendors::table
        .filter(vendors::practice_id.eq(practice(scope)?))
        .filter(vendors::agreement.eq_any(standings.iter().map(|one| one.key())))
        .filter(vendors::archived_at.is_null())
        .order((vendors::tier, vendors::inherent.desc(), vendors::name_key, vendors::id))
        .select((
            vendors::id,
            vendors::name,
            vendors::services,
            vendors::owner,
            vendors::tier,
            vendors::agreement,
            vendors::agreement_ends_on,
        ))
        .load(conn)?;
    let waiting = waiting(conn, scope)?;
    rows.into_iter()
        .map(|(id, name, services, owner, tier, standing, ends_on)| {
            let (vendor, tier) = (parsed(&id)?, super::vendors::tier(tier)?.number());
            let waits = waiting.contains(&vendor);
            Ok(Uncovered { vendor, name, services, owner, tier, standing: parsed(&standing)?, ends_on, waits })
        })
        .collect()
}

/// The vendors whose newest version waits for a signature.
fn waiting(conn: &mut Db, scope: &Scope) -> Result<BTreeSet<VendorId>, StoreError> {
    let of = practice(scope)?;
    let drafts = diesel::alias!(agreements as drafts);
    let unsigned = drafts
        .filter(drafts.field(agreements::practice_id).eq(&of))
        .filter(drafts.field(agreements::signed_on).is_null())
        .filter(drafts.field(agreements::effective_on).is_not_null())
        .select(drafts.field(agreements::vendor_id));
    let rows: Vec<Row> = agreements::table
        .filter(agreements::practice_id.eq(&of))
        .filter(agreements::vendor_id.eq_any(unsigned))
        .order(agreements::vendor_id)
        .select(Row::as_select())
        .load(conn)?;
    let versions = rows.into_iter().map(value).collect::<Result<Vec<Agreement>, _>>()?;
    let of_each = versions.chunk_by(|one, next| one.vendor == next.vendor);
    Ok(of_each.filter_map(agreement::waiting).map(|one| one.vendor).collect())
}

/// The vendor's stored agreements that a version may point to, by id and name.
pub fn documents(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<(DocumentId, String)>, StoreError> {
    let rows: Vec<(String, String)> = documents::table
        .filter(documents::practice_id.eq(practice(scope)?))
        .filter(documents::vendor_id.eq(vendor.to_string()))
        .filter(documents::kind.eq("agreement"))
        .filter(documents::removed_at.is_null())
        .order((documents::added_at.desc(), documents::id))
        .select((documents::id, documents::name))
        .load(conn)?;
    rows.into_iter().map(|(id, name)| Ok((parsed(&id)?, name))).collect()
}
