//! The people at a vendor change: added, changed, preferred, marked, removed. Whoever gets the
//! questionnaire changes, the open questionnaire follows.

use chrono::{DateTime, Utc};

use super::register::{self, Consequence};
use super::{Office, judge};
use crate::domain::access::Scope;
use crate::domain::contact::{Address, AddressState, Contact, ContactDetails};
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{ContactId, VendorId};
use crate::domain::letter::Letter;
use crate::domain::practice::Practice;
use crate::domain::standing::Vendor;
use crate::domain::vendor::VendorDetails;
use crate::store::{self, Db, StoreError};

/// Why a change is not made.
#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    #[error("there is no such vendor or person")]
    Nobody,
    #[error("the person who gets the questionnaire stays until another one gets it")]
    GetsQuestionnaire,
    #[error("the person has no e-mail address that works")]
    NotReachable,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One vendor with its people, held until the transaction ends.
struct Held<'a> {
    conn: &'a mut Db,
    office: &'a Office,
    practice: &'a Practice,
    scope: Scope,
    vendor: Vendor,
    people: Vec<Contact>,
    by: &'a Actor,
    now: DateTime<Utc>,
}

impl<'a> Held<'a> {
    fn of(
        conn: &'a mut Db,
        office: &'a Office,
        practice: &'a Practice,
        vendor: VendorId,
        by: &'a Actor,
        now: DateTime<Utc>,
    ) -> Result<Self, ContactError> {
        let scope = Scope::Practice(practice.id);
        let vendor = store::vendors::hold(conn, &scope, vendor)?.ok_or(ContactError::Nobody)?;
        let people = store::contacts::of_vendor(conn, &scope, vendor.id)?;
        Ok(Self { conn, office, practice, scope, vendor, people, by, now })
    }

    fn person(&self, id: ContactId) -> Result<Contact, ContactError> {
        self.people.iter().find(|one| one.id == id).cloned().ok_or(ContactError::Nobody)
    }

    fn note(&mut self, act: Act, sentence: String) -> Result<(), StoreError> {
        let deed = Deed { by: self.by, act, vendor: Some(self.vendor.id), sentence };
        store::entries::write(self.conn, &self.scope, &deed, self.now)
    }

    /// The open questionnaire goes to whoever gets it now; then the vendor is judged.
    fn settle(&mut self, preferred: &ContactDetails) -> Result<Consequence, StoreError> {
        let details = VendorDetails {
            contact_name: preferred.name.clone(),
            contact_email: preferred.email.clone(),
            ..self.vendor.details.clone()
        };
        let (office, practice) = (self.office, self.practice);
        let consequence = register::follow(self.conn, office, practice, &self.vendor, &details, self.by, self.now)?;
        self.judge()?;
        Ok(consequence)
    }

    fn judge(&mut self) -> Result<(), StoreError> {
        judge::judge(self.conn, self.office, self.practice, self.vendor.id, self.now).map(drop)
    }
}

/// Adds a person. The first one takes the place that is kept for whoever gets the
/// questionnaire; a second press finds the person there already.
///
/// # Errors
/// Why not; nothing is written then.
#[expect(clippy::too_many_arguments, reason = "who, where and what of one change")]
pub fn add(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    details: &ContactDetails,
    preferred: bool,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Consequence, ContactError> {
    let mut held = Held::of(conn, office, practice, vendor, by, now)?;
    if preferred && details.email.is_none() {
        return Err(ContactError::NotReachable);
    }
    if let Some(known) = held.people.iter().find(|one| one.details == *details).cloned() {
        let prefer = preferred && !known.preferred;
        return if prefer { prefer_now(&mut held, &known) } else { Ok(Consequence::None) };
    }
    let kept_place = held.people.iter().find(|one| one.preferred && one.details.is_blank()).cloned();
    let takes_over = preferred || kept_place.is_some();
    let id = kept_place.as_ref().map_or_else(ContactId::fresh, |place| place.id);
    let contact = Contact {
        id,
        vendor,
        details: details.clone(),
        preferred: kept_place.is_some(),
        address: Address::FINE,
        added_at: now,
    };
    match kept_place {
        Some(_) => store::contacts::update(held.conn, &held.scope, &contact)?,
        None => store::contacts::add(held.conn, &held.scope, &contact)?,
    }
    let mut sentence = format!("added {} to the people of {}", said(details), held.vendor.details.name);
    if takes_over && !contact.preferred {
        store::contacts::prefer(held.conn, &held.scope, &contact)?;
    }
    if takes_over {
        sentence.push_str(", to get the questionnaire");
    }
    held.note(Act::Added, sentence)?;
    if takes_over {
        return Ok(held.settle(details)?);
    }
    Ok(Consequence::None)
}

/// Writes a person's details anew. A new address counts as one that works.
///
/// # Errors
/// Why not; nothing is written then.
#[expect(clippy::too_many_arguments, reason = "who, where and what of one change")]
pub fn change(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    id: ContactId,
    details: &ContactDetails,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Consequence, ContactError> {
    let mut held = Held::of(conn, office, practice, vendor, by, now)?;
    let mut contact = held.person(id)?;
    if contact.details == *details {
        return Ok(Consequence::None);
    }
    if contact.details.email != details.email {
        contact.address = Address::FINE;
    }
    let sentence = format!(
        "changed what is known of {} at {} to {}",
        contact.details.called(),
        held.vendor.details.name,
        said(details)
    );
    contact.details = details.clone();
    store::contacts::update(held.conn, &held.scope, &contact)?;
    held.note(Act::Changed, sentence)?;
    if contact.preferred {
        return Ok(held.settle(details)?);
    }
    Ok(Consequence::None)
}

/// Sends the questionnaire to this person from now on.
///
/// # Errors
/// [`ContactError::NotReachable`] when no letter would arrive.
pub fn prefer(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    id: ContactId,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Consequence, ContactError> {
    let mut held = Held::of(conn, office, practice, vendor, by, now)?;
    let contact = held.person(id)?;
    if contact.preferred {
        return Ok(Consequence::None);
    }
    prefer_now(&mut held, &contact)
}

fn prefer_now(held: &mut Held<'_>, contact: &Contact) -> Result<Consequence, ContactError> {
    if !contact.may_be_written_to() {
        return Err(ContactError::NotReachable);
    }
    store::contacts::prefer(held.conn, &held.scope, contact)?;
    let sentence = format!("chose {} to get the questionnaire of {}", said(&contact.details), held.vendor.details.name);
    held.note(Act::Changed, sentence)?;
    Ok(held.settle(&contact.details)?)
}

/// Says whether letters may go to this person's address.
///
/// # Errors
/// [`ContactError::NotReachable`] when the person has no address.
#[expect(clippy::too_many_arguments, reason = "who, where and what of one change")]
pub fn mark(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    id: ContactId,
    state: AddressState,
    reason: &str,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), ContactError> {
    let mut held = Held::of(conn, office, practice, vendor, by, now)?;
    let contact = held.person(id)?;
    let email = contact.details.email.clone().ok_or(ContactError::NotReachable)?;
    if contact.address.state == state && contact.address.reason == reason {
        return Ok(());
    }
    let address = match state {
        AddressState::Fine => Address::FINE,
        _ => Address { state, since: Some(practice.day(now)), reason: reason.to_owned() },
    };
    store::contacts::mark(held.conn, &held.scope, vendor, &email, &address)?;
    held.note(Act::Changed, marked(&email, state, reason))?;
    Ok(held.judge()?)
}

/// Marks the address of a letter that was refused for good, if somebody there still has it.
/// True when one was marked; the caller judges the vendor.
///
/// # Errors
/// The database's.
pub(super) fn note_bounce(
    conn: &mut Db,
    practice: &Practice,
    vendor: VendorId,
    letter: &Letter,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let scope = Scope::Practice(practice.id);
    let people = store::contacts::of_vendor(conn, &scope, vendor)?;
    let has_it = |one: &Contact| one.details.email.as_ref() == Some(&letter.to_address);
    // Whoever wants no letters goes on wanting none.
    if !people.iter().any(|one| has_it(one) && one.address.state == AddressState::Fine) {
        return Ok(false);
    }
    let reason = letter.reason.clone().unwrap_or_default();
    let sentence = marked(&letter.to_address, AddressState::Bounced, &reason);
    let address = Address { state: AddressState::Bounced, since: Some(practice.day(now)), reason };
    store::contacts::mark(conn, &scope, vendor, &letter.to_address, &address)?;
    let deed = Deed { by: &Actor::Program, act: Act::Changed, vendor: Some(vendor), sentence };
    store::entries::write(conn, &scope, &deed, now)?;
    Ok(true)
}

/// Takes a person off the vendor.
///
/// # Errors
/// [`ContactError::GetsQuestionnaire`] for the one who must stay.
pub fn remove(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    id: ContactId,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), ContactError> {
    let mut held = Held::of(conn, office, practice, vendor, by, now)?;
    let contact = held.person(id)?;
    if !store::contacts::remove(held.conn, &held.scope, vendor, id)? {
        return Err(ContactError::GetsQuestionnaire);
    }
    let sentence = format!("removed {} from the people of {}", said(&contact.details), held.vendor.details.name);
    Ok(held.note(Act::Removed, sentence)?)
}

/// A person in a sentence: name, address, roles.
fn said(details: &ContactDetails) -> String {
    let mut known: Vec<String> = Vec::new();
    if !details.name.is_empty() {
        known.extend(details.email.clone());
    }
    known.extend([&details.title, &details.phone].into_iter().filter(|text| !text.is_empty()).cloned());
    known.extend(details.roles.iter().map(|role| role.says().to_lowercase()));
    match known.is_empty() {
        true => details.called().to_owned(),
        false => format!("{} ({})", details.called(), known.join(", ")),
    }
}

fn marked(email: &str, state: AddressState, reason: &str) -> String {
    let why = if reason.is_empty() { String::new() } else { format!(": {}", reason.trim_end_matches('.')) };
    match state {
        AddressState::Fine => format!("noted that letters to {email} arrive again"),
        AddressState::Bounced => format!("noted that letters to {email} bounce{why}"),
        AddressState::OptedOut => format!("noted that {email} wants no more letters{why}"),
    }
}
