//! The people at a vendor. Exactly one of them is preferred: a unique index and the order of
//! the two updates keep it so.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::schema::contacts;
use super::{Db, StoreError, parsed, practice, stored};
use crate::domain::access::Scope;
use crate::domain::contact::{Address, Contact, ContactDetails, roles_text};
use crate::domain::ids::{ContactId, VendorId};

#[derive(Queryable)]
struct Row {
    _practice_id: String,
    id: String,
    vendor_id: String,
    name: String,
    email: Option<String>,
    phone: String,
    title: String,
    roles: String,
    preferred: bool,
    address_state: String,
    state_since: Option<NaiveDate>,
    state_reason: String,
    added_at: NaiveDateTime,
}

fn value(row: Row) -> Result<Contact, StoreError> {
    Ok(Contact {
        id: parsed(&row.id)?,
        vendor: parsed(&row.vendor_id)?,
        details: ContactDetails {
            name: row.name,
            email: row.email,
            phone: row.phone,
            title: row.title,
            roles: row.roles.split(';').filter(|key| !key.is_empty()).map(parsed).collect::<Result<_, _>>()?,
        },
        preferred: row.preferred,
        address: Address { state: parsed(&row.address_state)?, since: row.state_since, reason: row.state_reason },
        added_at: row.added_at.and_utc(),
    })
}

/// The people of a vendor, the preferred one first, then by name.
pub fn of_vendor(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<Contact>, StoreError> {
    let rows: Vec<Row> = contacts::table
        .filter(contacts::practice_id.eq(practice(scope)?))
        .filter(contacts::vendor_id.eq(vendor.to_string()))
        .order((contacts::preferred.desc(), contacts::name, contacts::id))
        .load(conn)?;
    rows.into_iter().map(value).collect()
}

/// Who gets the questionnaire.
pub fn preferred(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Option<Contact>, StoreError> {
    let row: Option<Row> = contacts::table
        .filter(contacts::practice_id.eq(practice(scope)?))
        .filter(contacts::vendor_id.eq(vendor.to_string()))
        .filter(contacts::preferred.eq(true))
        .get_result(conn)
        .optional()?;
    row.map(value).transpose()
}

pub fn add(conn: &mut Db, scope: &Scope, contact: &Contact) -> Result<(), StoreError> {
    let details = &contact.details;
    diesel::insert_into(contacts::table)
        .values((
            contacts::practice_id.eq(practice(scope)?),
            contacts::id.eq(contact.id.to_string()),
            contacts::vendor_id.eq(contact.vendor.to_string()),
            contacts::name.eq(&details.name),
            contacts::email.eq(&details.email),
            contacts::phone.eq(&details.phone),
            contacts::title.eq(&details.title),
            contacts::roles.eq(roles_text(&details.roles)),
            contacts::preferred.eq(contact.preferred),
            contacts::address_state.eq(contact.address.state.key()),
            contacts::state_since.eq(contact.address.since),
            contacts::state_reason.eq(&contact.address.reason),
            contacts::added_at.eq(stored(contact.added_at)),
        ))
        .execute(conn)?;
    Ok(())
}

macro_rules! one {
    ($scope:expr, $contact:expr) => {
        contacts::table
            .filter(contacts::practice_id.eq(practice($scope)?))
            .filter(contacts::vendor_id.eq($contact.vendor.to_string()))
            .filter(contacts::id.eq($contact.id.to_string()))
    };
}

/// Writes a person's details and the state of the address anew.
pub fn update(conn: &mut Db, scope: &Scope, contact: &Contact) -> Result<(), StoreError> {
    let details = &contact.details;
    diesel::update(one!(scope, contact))
        .set((
            contacts::name.eq(&details.name),
            contacts::email.eq(&details.email),
            contacts::phone.eq(&details.phone),
            contacts::title.eq(&details.title),
            contacts::roles.eq(roles_text(&details.roles)),
            contacts::address_state.eq(contact.address.state.key()),
            contacts::state_since.eq(contact.address.since),
            contacts::state_reason.eq(&contact.address.reason),
        ))
        .execute(conn)?;
    Ok(())
}

/// Makes one person of a vendor the preferred one, and whoever was it no longer.
pub fn prefer(conn: &mut Db, scope: &Scope, contact: &Contact) -> Result<(), StoreError> {
    diesel::update(
        contacts::table
            .filter(contacts::practice_id.eq(practice(scope)?))
            .filter(contacts::vendor_id.eq(contact.vendor.to_string()))
            .filter(contacts::preferred.eq(true)),
    )
    .set(contacts::preferred.eq(false))
    .execute(conn)?;
    diesel::update(one!(scope, contact)).set(contacts::preferred.eq(true)).execute(conn)?;
    Ok(())
}

/// Writes the state of every address of a vendor that reads so, whoever has it.
pub fn mark(
    conn: &mut Db,
    scope: &Scope,
    vendor: VendorId,
    email: &str,
    address: &Address,
) -> Result<usize, StoreError> {
    Ok(diesel::update(
        contacts::table
            .filter(contacts::practice_id.eq(practice(scope)?))
            .filter(contacts::vendor_id.eq(vendor.to_string()))
            .filter(contacts::email.eq(email)),
    )
    .set((
        contacts::address_state.eq(address.state.key()),
        contacts::state_since.eq(address.since),
        contacts::state_reason.eq(&address.reason),
    ))
    .execute(conn)?)
}

/// Takes a person off the vendor; the preferred one stays.
pub fn remove(conn: &mut Db, scope: &Scope, vendor: VendorId, id: ContactId) -> Result<bool, StoreError> {
    let removed = diesel::delete(
        contacts::table
            .filter(contacts::practice_id.eq(practice(scope)?))
            .filter(contacts::vendor_id.eq(vendor.to_string()))
            .filter(contacts::id.eq(id.to_string()))
            .filter(contacts::preferred.eq(false)),
    )
    .execute(conn)?;
    Ok(removed == 1)
}
