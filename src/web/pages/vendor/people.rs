//! The people at a vendor, on its page and on their own.

use serde::Serialize;

use crate::domain::civil_date;
use crate::domain::contact::{AddressState, Contact};
use crate::domain::ids::VendorId;
use crate::web::view::Badge;

#[derive(Serialize)]
pub struct People {
    id: String,
    may_change: bool,
    people: Vec<Person>,
}

#[derive(Serialize)]
pub struct Person {
    /// Where this person is changed, for those who may.
    href: Option<String>,
    name: String,
    title: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    roles: Option<String>,
    /// Gets the questionnaire, or should.
    gets: Option<Badge>,
    /// What the buttons of the list do; `None` for whoever may not press them.
    prefer: Option<String>,
    correct: bool,
    /// Said of an address that does not work.
    state: Option<Badge>,
    state_says: Option<String>,
}

pub fn people(vendor: VendorId, contacts: &[Contact], may_change: bool) -> People {
    People {
        id: vendor.to_string(),
        may_change,
        // The place that is kept for someone is nobody yet.
        people: contacts.iter().filter(|one| !one.details.is_blank()).map(|one| person(one, may_change)).collect(),
    }
}

fn person(contact: &Contact, may_change: bool) -> Person {
    let (details, address) = (&contact.details, &contact.address);
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let roles: Vec<&str> = details.roles.iter().map(|role| role.says()).collect();
    let (state, state_says) = match address.state {
        AddressState::Fine => (None, None),
        state => {
            let since = address.since.map(|on| format!("Since {}", civil_date::say_short(on)));
            let says = [since, given(&address.reason)].into_iter().flatten().collect::<Vec<_>>().join(": ");
            (Some(Badge::new("bad", state.says())), given(&says))
        }
    };
    Person {
        href: may_change.then(|| format!("/vendors/{}/contacts/{}", contact.vendor, contact.id)),
        name: details.called().to_owned(),
        title: given(&details.title),
        email: details.email.clone(),
        phone: given(&details.phone),
        roles: given(&roles.join(", ")),
        gets: gets(contact),
        prefer: (may_change && !contact.preferred && contact.may_be_written_to())
            .then(|| format!("/vendors/{}/contacts/{}/prefer", contact.vendor, contact.id)),
        correct: may_change && details.email.is_some() && address.state != AddressState::Fine,
        state,
        state_says,
    }
}

/// Whether this person gets the questionnaire; amber where no letter would arrive.
pub fn gets(contact: &Contact) -> Option<Badge> {
    let says = match contact.address.state {
        _ if !contact.preferred => return None,
        _ if contact.details.email.is_none() => "Should get it: no e-mail",
        AddressState::Fine => return Some(Badge::new("good", "Gets the questionnaire")),
        AddressState::Bounced => "Should get it: address does not work",
        AddressState::OptedOut => "Should get it: wants no letters",
    };
    Some(Badge::new("soon", says))
}

/// An ordinary person, one with long words, and a hostile one whose address bounced.
pub fn sample_contacts(vendor: VendorId) -> Vec<Contact> {
    use crate::domain::contact::{Address, ContactDetails, ContactRole};
    use crate::domain::ids::ContactId;
    let contact = |text: &str, preferred, state| Contact {
        id: ContactId::fresh(),
        vendor,
        details: ContactDetails {
            name: text.to_owned(),
            email: Some("pat@vendor.test".to_owned()),
            phone: text.to_owned(),
            title: text.to_owned(),
            roles: ContactRole::ALL.iter().copied().collect(),
        },
        preferred,
        address: Address { state, since: Some(chrono::NaiveDate::default()), reason: text.to_owned() },
        added_at: chrono::DateTime::default(),
    };
    vec![
        contact("Pat Morgan", true, AddressState::Fine),
        contact(&"Longest name ".repeat(15), false, AddressState::OptedOut),
        contact("\"><script>alert(1)</script>", false, AddressState::Bounced),
    ]
}
