//! Vendors with their contact, agreement and standing.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::schema::{agreements, assessments, contacts, corrections, notices, vendor_stops, vendors};
use super::{Db, StoreError, count, from_json, parsed, practice, stored, stored_count, to_json};
use crate::domain::access::Scope;
use crate::domain::cadence::Cadence;
use crate::domain::calendar::Horizon;
use crate::domain::correction::Occasion;
use crate::domain::exposure::Tier;
use crate::domain::ids::{ContactId, VendorId};
use crate::domain::life::Place;
use crate::domain::standing::{Standing, Status, Vendor};
use crate::domain::vendor::{VendorDetails, name_key};

#[derive(Queryable)]
struct Row {
    id: String,
    name: String,
    external_id: Option<String>,
    website: Option<String>,
    services: String,
    ba_status: String,
    owner: String,
    exposure: String,
    notes: String,
    created_at: NaiveDateTime,
    cadence: Option<i32>,
    standing: StandingRow,
    place: PlaceRow,
}

#[derive(Queryable)]
struct PlaceRow {
    life: String,
    archived_at: Option<NaiveDateTime>,
    merged_into: Option<String>,
    parent_id: Option<String>,
    country: String,
}

#[derive(Queryable)]
struct StandingRow {
    tier: i32,
    inherent: i32,
    status: String,
    rating: String,
    residual: i32,
    assured: bool,
    agreement: String,
    agreement_ends_on: Option<NaiveDate>,
    accepted_on: Option<NaiveDate>,
    next_due_on: Option<NaiveDate>,
    open_flags: i32,
    look_on: Option<NaiveDate>,
    review: String,
}

macro_rules! columns {
    () => {
        (
            vendors::id,
            vendors::name,
            vendors::external_id,
            vendors::website,
            vendors::services,
            vendors::ba_status,
            vendors::owner,
            vendors::exposure,
            vendors::notes,
            vendors::created_at,
            vendors::cadence,
            (
                vendors::tier,
                vendors::inherent,
                vendors::status,
                vendors::rating,
                vendors::residual,
                vendors::assured,
                vendors::agreement,
                vendors::agreement_ends_on,
                vendors::accepted_on,
                vendors::next_due_on,
                vendors::open_flags,
                vendors::look_on,
                vendors::review,
            ),
            (vendors::life, vendors::archived_at, vendors::merged_into, vendors::parent_id, vendors::country),
        )
    };
}

pub(super) fn tier(number: i32) -> Result<Tier, StoreError> {
    parsed(&number.to_string())
}

/// A vendor's own cadence, as it is kept: in months.
pub(super) fn cadence(months: Option<i32>) -> Result<Option<Cadence>, StoreError> {
    let cadence = months.map(|months| Cadence::try_from(i64::from(months))).transpose();
    cadence.map_err(|error| StoreError::Corrupt(error.to_string()))
}

impl StandingRow {
    fn value(self) -> Result<Standing, StoreError> {
        Ok(Standing {
            tier: tier(self.tier)?,
            inherent: count(self.inherent),
            status: parsed(&self.status)?,
            rating: parsed(&self.rating)?,
            residual: count(self.residual),
            assured: self.assured,
            agreement: parsed(&self.agreement)?,
            agreement_ends_on: self.agreement_ends_on,
            accepted_on: self.accepted_on,
            next_due_on: self.next_due_on,
            open_flags: count(self.open_flags),
            look_on: self.look_on,
            review: parsed(&self.review)?,
        })
    }
}

impl PlaceRow {
    fn value(self) -> Result<Place, StoreError> {
        Ok(Place {
            life: parsed(&self.life)?,
            archived_at: self.archived_at.map(|at| at.and_utc()),
            merged_into: self.merged_into.as_deref().map(parsed).transpose()?,
            parent: self.parent_id.as_deref().map(parsed).transpose()?,
            country: self.country,
        })
    }
}

type ContactRow = (String, String, Option<String>);
type AgreementRow = (String, Option<NaiveDate>, Option<NaiveDate>);

fn value(row: Row, contact: Option<ContactRow>, agreement: Option<AgreementRow>) -> Result<Vendor, StoreError> {
    let (_, contact_name, contact_email) = contact.unwrap_or_default();
    let (_, signed_on, ends_on) = agreement.unwrap_or_default();
    Ok(Vendor {
        id: parsed(&row.id)?,
        added_at: row.created_at.and_utc(),
        details: VendorDetails {
            name: row.name,
            external_id: row.external_id,
            website: row.website,
            services: row.services,
            ba_status: parsed(&row.ba_status)?,
            owner: row.owner,
            contact_name,
            contact_email,
            exposure: from_json(&row.exposure)?,
            agreement_signed_on: signed_on,
            agreement_ends_on: ends_on,
            notes: row.notes,
        },
        place: row.place.value()?,
        cadence: cadence(row.cadence)?,
        standing: row.standing.value()?,
    })
}

/// Adds a vendor with its contact and agreement.
///
/// # Errors
/// [`StoreError::Duplicate`] when the practice has one of that name or external id.
pub fn add(conn: &mut Db, scope: &Scope, vendor: &Vendor, now: DateTime<Utc>) -> Result<(), StoreError> {
    let of = practice(scope)?;
    let details = &vendor.details;
    let standing = &vendor.standing;
    diesel::insert_into(vendors::table)
        .values((
            (
                vendors::practice_id.eq(&of),
                vendors::id.eq(vendor.id.to_string()),
                vendors::name.eq(&details.name),
                vendors::name_key.eq(name_key(&details.name)),
                vendors::external_id.eq(&details.external_id),
                vendors::website.eq(&details.website),
                vendors::services.eq(&details.services),
                vendors::ba_status.eq(details.ba_status.key()),
                vendors::owner.eq(&details.owner),
                vendors::exposure.eq(to_json(&details.exposure)?),
                vendors::notes.eq(&details.notes),
                vendors::created_at.eq(stored(vendor.added_at)),
                vendors::cadence.eq(vendor.cadence.map(|cadence| i32::from(cadence.months()))),
                vendors::updated_at.eq(stored(now)),
            ),
            (
                vendors::tier.eq(i32::from(standing.tier.number())),
                vendors::inherent.eq(stored_count(standing.inherent)),
                vendors::status.eq(standing.status.key()),
                vendors::rating.eq(standing.rating.key()),
                vendors::residual.eq(stored_count(standing.residual)),
                vendors::assured.eq(standing.assured),
                vendors::agreement.eq(standing.agreement.key()),
                vendors::agreement_ends_on.eq(standing.agreement_ends_on),
                vendors::accepted_on.eq(standing.accepted_on),
                vendors::next_due_on.eq(standing.next_due_on),
                vendors::open_flags.eq(stored_count(standing.open_flags)),
                vendors::look_on.eq(standing.look_on),
                vendors::review.eq(standing.review.key()),
            ),
        ))
        .execute(conn)?;
    add_contact(conn, &of, vendor)?;
    super::agreements::note(conn, scope, vendor.id, &vendor.details, now)
}

fn add_contact(conn: &mut Db, of: &str, vendor: &Vendor) -> Result<(), StoreError> {
    diesel::insert_into(contacts::table)
        .values((
            contacts::practice_id.eq(of),
            contacts::id.eq(ContactId::fresh().to_string()),
            contacts::vendor_id.eq(vendor.id.to_string()),
            contacts::name.eq(&vendor.details.contact_name),
            contacts::email.eq(&vendor.details.contact_email),
            contacts::phone.eq(""),
            contacts::title.eq(""),
            contacts::roles.eq(""),
            contacts::preferred.eq(true),
            contacts::address_state.eq("fine"),
            contacts::state_reason.eq(""),
            contacts::added_at.eq(stored(vendor.added_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes the details of a vendor anew; its standing is written by [`set_standing`].
///
/// # Errors
/// [`StoreError::Duplicate`] when another vendor has that name or external id.
pub fn update(
    conn: &mut Db,
    scope: &Scope,
    vendor: VendorId,
    details: &VendorDetails,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let of = practice(scope)?;
    let id = vendor.to_string();
    diesel::update(vendors::table.filter(vendors::practice_id.eq(&of)).filter(vendors::id.eq(&id)))
        .set((
            vendors::name.eq(&details.name),
            vendors::name_key.eq(name_key(&details.name)),
            vendors::external_id.eq(&details.external_id),
            vendors::website.eq(&details.website),
            vendors::services.eq(&details.services),
            vendors::ba_status.eq(details.ba_status.key()),
            vendors::owner.eq(&details.owner),
            vendors::exposure.eq(to_json(&details.exposure)?),
            vendors::notes.eq(&details.notes),
            vendors::updated_at.eq(stored(now)),
        ))
        .execute(conn)?;
    diesel::update(
        contacts::table
            .filter(contacts::practice_id.eq(&of))
            .filter(contacts::vendor_id.eq(&id))
            .filter(contacts::preferred.eq(true)),
    )
    .set((contacts::name.eq(&details.contact_name), contacts::email.eq(&details.contact_email)))
    .execute(conn)?;
    super::agreements::note(conn, scope, vendor, details, now)
}

/// Writes what lists and dashboards read.
pub fn set_standing(conn: &mut Db, scope: &Scope, id: VendorId, standing: &Standing) -> Result<(), StoreError> {
    diesel::update(
        vendors::table.filter(vendors::practice_id.eq(practice(scope)?)).filter(vendors::id.eq(id.to_string())),
    )
    .set((
        vendors::tier.eq(i32::from(standing.tier.number())),
        vendors::inherent.eq(stored_count(standing.inherent)),
        vendors::status.eq(standing.status.key()),
        vendors::rating.eq(standing.rating.key()),
        vendors::residual.eq(stored_count(standing.residual)),
        vendors::assured.eq(standing.assured),
        vendors::agreement.eq(standing.agreement.key()),
        vendors::agreement_ends_on.eq(standing.agreement_ends_on),
        vendors::accepted_on.eq(standing.accepted_on),
        vendors::next_due_on.eq(standing.next_due_on),
        vendors::open_flags.eq(stored_count(standing.open_flags)),
        vendors::look_on.eq(standing.look_on),
        vendors::review.eq(standing.review.key()),
    ))
    .execute(conn)?;
    Ok(())
}

/// Writes until when the hard stops of a vendor are accepted.
///
/// # Errors
/// The database's.
pub fn set_stop_accepted(
    conn: &mut Db,
    scope: &Scope,
    id: VendorId,
    until: Option<NaiveDate>,
) -> Result<(), StoreError> {
    let own = vendor_stops::table
        .filter(vendor_stops::practice_id.eq(practice(scope)?))
        .filter(vendor_stops::id.eq(id.to_string()));
    diesel::update(own).set(vendor_stops::stop_accepted_until.eq(until)).execute(conn)?;
    Ok(())
}

/// Until when hard stops are accepted, of those of these vendors where they are.
///
/// # Errors
/// The database's.
pub fn stops_accepted(
    conn: &mut Db,
    scope: &Scope,
    ids: &[VendorId],
) -> Result<BTreeMap<VendorId, NaiveDate>, StoreError> {
    let rows: Vec<(String, Option<NaiveDate>)> = vendor_stops::table
        .filter(vendor_stops::practice_id.eq(practice(scope)?))
        .filter(vendor_stops::id.eq_any(ids.iter().map(VendorId::to_string)))
        .filter(vendor_stops::stop_accepted_until.is_not_null())
        .select((vendor_stops::id, vendor_stops::stop_accepted_until))
        .load(conn)?;
    rows.into_iter().filter_map(|(id, until)| Some((id, until?))).map(|(id, until)| Ok((parsed(&id)?, until))).collect()
}

/// One vendor; `None` when the scope has none of that id.
pub fn one(conn: &mut Db, scope: &Scope, id: VendorId) -> Result<Option<Vendor>, StoreError> {
    let of = practice(scope)?;
    let id = id.to_string();
    let row: Option<Row> = vendors::table
        .filter(vendors::practice_id.eq(&of))
        .filter(vendors::id.eq(&id))
        .select(columns!())
        .get_result(conn)
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let contact = contacts::table
        .filter(contacts::practice_id.eq(&of))
        .filter(contacts::vendor_id.eq(&id))
        .filter(contacts::preferred.eq(true))
        .select((contacts::vendor_id, contacts::name, contacts::email))
        .get_result(conn)
        .optional()?;
    let agreement = agreements::table
        .filter(agreements::practice_id.eq(&of))
        .filter(agreements::vendor_id.eq(&id))
        .order(agreements::version.desc())
        .select((agreements::vendor_id, agreements::signed_on, agreements::ends_on))
        .first(conn)
        .optional()?;
    value(row, contact, agreement).map(Some)
}

/// One vendor, held until the transaction ends: whoever wants to change what hangs on it
/// waits. Those that it works for are held with it, because their standing rests on it. On
/// SQLite there is one writer at a time anyway.
pub fn hold(conn: &mut Db, scope: &Scope, id: VendorId) -> Result<Option<Vendor>, StoreError> {
    super::tree::hold(conn, scope, &[id])?;
    one(conn, scope, id)
}

/// Whether there is a vendor of this name, spelled one way or another.
pub fn is_named(conn: &mut Db, scope: &Scope, name: &str) -> Result<bool, StoreError> {
    let same =
        vendors::table.filter(vendors::practice_id.eq(practice(scope)?)).filter(vendors::name_key.eq(name_key(name)));
    Ok(diesel::select(exists(same)).get_result(conn)?)
}

/// Every vendor of the practice, held as by [`hold`].
pub fn hold_all(conn: &mut Db, scope: &Scope) -> Result<Vec<Vendor>, StoreError> {
    if let Db::Postgres(c) = conn {
        vendors::table
            .filter(vendors::practice_id.eq(practice(scope)?))
            .select(vendors::id)
            .order(vendors::id)
            .for_update()
            .load::<String>(c)?;
    }
    all(conn, scope)
}

/// Every vendor of the practice, by name, the archived ones too: for comparing with an
/// imported file. One that was merged into another is that other.
pub fn all(conn: &mut Db, scope: &Scope) -> Result<Vec<Vendor>, StoreError> {
    let of = practice(scope)?;
    let rows: Vec<Row> = vendors::table
        .filter(vendors::practice_id.eq(&of))
        .filter(vendors::merged_into.is_null())
        .order((vendors::name_key, vendors::id))
        .select(columns!())
        .load(conn)?;
    let contacts: Vec<ContactRow> = contacts::table
        .filter(contacts::practice_id.eq(&of))
        .filter(contacts::preferred.eq(true))
        .select((contacts::vendor_id, contacts::name, contacts::email))
        .load(conn)?;
    let agreements: Vec<AgreementRow> = agreements::table
        .filter(agreements::practice_id.eq(&of))
        // The newest comes last, and stays in the map.
        .order(agreements::version)
        .select((agreements::vendor_id, agreements::signed_on, agreements::ends_on))
        .load(conn)?;
    let mut contacts: std::collections::HashMap<_, _> = contacts.into_iter().map(|row| (row.0.clone(), row)).collect();
    let mut agreements: std::collections::HashMap<_, _> =
        agreements.into_iter().map(|row| (row.0.clone(), row)).collect();
    rows.into_iter()
        .map(|row| {
            let (contact, agreement) = (contacts.remove(&row.id), agreements.remove(&row.id));
            value(row, contact, agreement)
        })
        .collect()
}

/// The vendors that are asked, and whose next date is near enough; a macro, because its
/// diesel type has no name worth writing.
macro_rules! near {
    ($of:expr, $horizon:expr, $query:expr) => {{
        let horizon: &Horizon = $horizon;
        let mut query = $query
            .into_boxed()
            .filter(vendors::practice_id.eq($of))
            .filter(vendors::next_due_on.le(horizon.usual))
            .filter(vendors::status.ne(Status::NotNeeded.key()))
            .filter(vendors::archived_at.is_null());
        for (cadence, tiers, up_to) in &horizon.short {
            let tiers: Vec<i32> = tiers.iter().map(|tier| i32::from(tier.number())).collect();
            let another = vendors::cadence.is_not_null().and(vendors::cadence.ne(i32::from(cadence.months())));
            let tier = vendors::cadence.is_null().and(vendors::tier.ne_all(tiers));
            query =
                query.filter(vendors::next_due_on.le(*up_to).or(vendors::accepted_on.is_null()).or(another).or(tier));
        }
        query
    }};
}

/// Vendors whose next date is within the horizon, the soonest first: those to be asked.
pub fn due(conn: &mut Db, scope: &Scope, horizon: &Horizon) -> Result<Vec<VendorId>, StoreError> {
    let rows: Vec<String> = near!(practice(scope)?, horizon, vendors::table)
        .order((vendors::next_due_on, vendors::name_key))
        .select(vendors::id)
        .load(conn)?;
    rows.iter().map(|id| parsed(id)).collect()
}

/// How many of [`due`] can be asked: they have an address that works, and no question is open to them
/// but one that was due by `given_up` and was never answered.
pub fn askable(conn: &mut Db, scope: &Scope, horizon: &Horizon, given_up: NaiveDate) -> Result<u32, StoreError> {
    let of = practice(scope)?;
    let open = [Status::Invited.key(), Status::InProgress.key(), Status::NoReply.key()];
    let with_address = contacts::table
        .filter(contacts::practice_id.eq(&of))
        .filter(contacts::vendor_id.eq(vendors::id))
        .filter(contacts::preferred.eq(true))
        .filter(contacts::email.is_not_null())
        .filter(contacts::address_state.eq("fine"));
    let found: i64 = near!(of.clone(), horizon, vendors::table.count())
        .filter(vendors::status.ne_all(open).or(vendors::next_due_on.le(given_up)))
        .filter(exists(with_address))
        .get_result(conn)?;
    Ok(u32::try_from(found).unwrap_or(u32::MAX))
}

/// Vendors with a signed reply from `fresh_from` on that may have to be asked again before their
/// year is over: of tier 1 that signed by `half_year` and had no such check after it, where that is
/// wanted, and whoever told of a change since it signed and since it was asked about one.
pub fn to_recheck(
    conn: &mut Db,
    scope: &Scope,
    fresh_from: NaiveDate,
    half_year: Option<NaiveDate>,
) -> Result<Vec<VendorId>, StoreError> {
    let of = practice(scope)?;
    let asked = |occasion: Occasion| {
        corrections::table
            .inner_join(
                assessments::table.on(assessments::practice_id
                    .eq(corrections::practice_id)
                    .and(assessments::id.eq(corrections::assessment_id))),
            )
            .filter(corrections::practice_id.eq(of.clone()))
            .filter(corrections::occasion.eq(occasion.key()))
            .filter(assessments::vendor_id.eq(vendors::id))
    };
    let told = notices::table
        .filter(notices::practice_id.eq(&of))
        .filter(notices::vendor_id.eq(vendors::id))
        .filter(notices::signed_on.nullable().ge(vendors::accepted_on))
        .filter(not(exists(asked(Occasion::Change).filter(corrections::opened_on.nullable().gt(notices::signed_on)))));
    // Nobody among these signed before the first of their days.
    let half_year = half_year.unwrap_or(fresh_from - Days::new(1));
    let rows: Vec<String> = vendors::table
        .filter(vendors::practice_id.eq(&of))
        .filter(vendors::archived_at.is_null())
        .filter(vendors::accepted_on.ge(fresh_from))
        .filter(
            vendors::tier
                .eq(i32::from(Tier::One.number()))
                .and(vendors::accepted_on.le(half_year))
                .and(not(exists(asked(Occasion::HalfYear).filter(corrections::opened_on.gt(half_year)))))
                .or(exists(told)),
        )
        .order(vendors::id)
        .select(vendors::id)
        .load(conn)?;
    rows.iter().map(|id| parsed(id)).collect()
}

/// How many vendors the practice has.
pub fn total(conn: &mut Db, scope: &Scope) -> Result<u32, StoreError> {
    let found: i64 = vendors::table.filter(vendors::practice_id.eq(practice(scope)?)).count().get_result(conn)?;
    Ok(u32::try_from(found).unwrap_or(u32::MAX))
}

/// Has every vendor looked at again on `day` at the latest.
pub fn look_at_all(conn: &mut Db, scope: &Scope, day: NaiveDate) -> Result<(), StoreError> {
    diesel::update(vendors::table.filter(vendors::practice_id.eq(practice(scope)?)))
        .set(vendors::look_on.eq(day))
        .execute(conn)?;
    Ok(())
}

/// Vendors whose standing changes by `day` through time alone.
pub fn to_look_at(conn: &mut Db, scope: &Scope, day: NaiveDate) -> Result<Vec<VendorId>, StoreError> {
    let rows: Vec<String> = vendors::table
        .filter(vendors::practice_id.eq(practice(scope)?))
        .filter(vendors::look_on.le(day))
        .filter(vendors::archived_at.is_null())
        .order(vendors::look_on)
        .select(vendors::id)
        .load(conn)?;
    rows.iter().map(|id| parsed(id)).collect()
}
