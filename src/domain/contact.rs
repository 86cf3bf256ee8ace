//! The people at a vendor: what each of them is there for, which one gets the questionnaire,
//! and whether letters still reach them.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::civil_date;
use super::flags::{Fact, FlagKind};
use super::ids::{ContactId, VendorId};
use super::vendor::{self, FieldFault};
use super::words::words;

words! {
    /// What a person is there for. One person may be there for several things.
    pub enum ContactRole {
        Privacy = "privacy" => "Privacy officer",
        Security = "security" => "Security official",
        Daily = "daily" => "Day to day",
        Signs = "signs" => "Signs for them",
    }
}
words! {
    /// Whether letters may be sent to an address.
    pub enum AddressState {
        Fine = "fine" => "Fine",
        Bounced = "bounced" => "Bounced",
        OptedOut = "opted-out" => "Wants no letters",
    }
}

/// The state of an address, and since when and why it is so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub state: AddressState,
    pub since: Option<NaiveDate>,
    pub reason: String,
}

impl Address {
    pub const FINE: Address = Address { state: AddressState::Fine, since: None, reason: String::new() };
}

/// What is written down about a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactDetails {
    pub name: String,
    pub email: Option<String>,
    pub phone: String,
    /// Their job.
    pub title: String,
    pub roles: BTreeSet<ContactRole>,
}

impl ContactDetails {
    /// Neither a name nor an address: a place kept for someone.
    pub fn is_blank(&self) -> bool {
        self.name.is_empty() && self.email.is_none()
    }

    /// The name, or else the address.
    pub fn called(&self) -> &str {
        match self.name.as_str() {
            "" => self.email.as_deref().unwrap_or("nobody yet"),
            name => name,
        }
    }
}

/// A person at a vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub id: ContactId,
    pub vendor: VendorId,
    pub details: ContactDetails,
    /// Gets the questionnaire. Every vendor has exactly one.
    pub preferred: bool,
    pub address: Address,
    pub added_at: DateTime<Utc>,
}

impl Contact {
    /// A letter may be sent to this person.
    pub fn may_be_written_to(&self) -> bool {
        self.details.email.is_some() && self.address.state == AddressState::Fine
    }
}

/// # Errors
/// When it is longer than 200 characters or more than one line.
pub fn check_phone(text: &str) -> Result<String, FieldFault> {
    vendor::check_owner(text)
}

/// # Errors
/// When it is longer than 200 characters or more than one line.
pub fn check_title(text: &str) -> Result<String, FieldFault> {
    vendor::check_owner(text)
}

/// Roles as they are kept: keys with `;` between.
pub fn roles_text(roles: &BTreeSet<ContactRole>) -> String {
    roles.iter().map(|role| role.key()).collect::<Vec<_>>().join(";")
}

/// The fact that the person who gets the questionnaire cannot be written to.
pub fn unreachable(preferred: Option<&Contact>) -> Option<Fact> {
    let contact = preferred?;
    let email = contact.details.email.as_deref()?;
    let since = contact.address.since.map(|on| format!(" on {}", civil_date::say(on))).unwrap_or_default();
    let why = match contact.address.reason.as_str() {
        "" => String::new(),
        reason => format!(" ({})", reason.trim_end_matches('.')),
    };
    let sentence = match contact.address.state {
        AddressState::Fine => return None,
        AddressState::Bounced => format!("Letters to {email} bounced{since}{why}; write to someone else there"),
        AddressState::OptedOut => {
            format!("{email} asked{since} for no more letters{why}; write to someone else there")
        }
    };
    Some(Fact { kind: FlagKind::AddressUnusable, subject: String::new(), sentence })
}

/// An address of which only its owner knows the whole: `p•••@northwind.example`.
pub fn masked(address: &str) -> String {
    match (address.chars().next(), address.rsplit_once('@')) {
        (Some(first), Some((mailbox, domain))) if !mailbox.is_empty() => format!("{first}•••@{domain}"),
        _ => "•••".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(state: AddressState) -> Contact {
        Contact {
            id: ContactId::fresh(),
            vendor: VendorId::fresh(),
            details: ContactDetails { email: Some("pat@vendor.test".to_owned()), ..ContactDetails::default() },
            preferred: true,
            address: Address {
                state,
                since: Some("2026-11-22".parse().unwrap()),
                reason: "550 no such mailbox.".to_owned(),
            },
            added_at: DateTime::default(),
        }
    }

    #[test]
    fn an_address_that_bounced_is_said_with_its_day_and_its_reason() {
        let said = |state| unreachable(Some(&contact(state))).map(|fact| fact.sentence);
        assert_eq!(
            said(AddressState::Bounced).as_deref(),
            Some(
                "Letters to pat@vendor.test bounced on November 22, 2026 (550 no such mailbox); write to someone else there"
            )
        );
        assert!(said(AddressState::OptedOut).unwrap().contains("asked on November 22, 2026 for no more letters"));
        assert_eq!(said(AddressState::Fine), None);
        assert_eq!(unreachable(None), None);
    }

    #[test]
    fn only_a_fine_address_is_written_to() {
        assert!(contact(AddressState::Fine).may_be_written_to());
        assert!(!contact(AddressState::Bounced).may_be_written_to());
        let mut nobody = contact(AddressState::Fine);
        nobody.details.email = None;
        assert!(!nobody.may_be_written_to());
    }

    #[test]
    fn a_person_is_called_by_name_or_else_by_address() {
        let mut pat = contact(AddressState::Fine).details;
        assert_eq!(pat.called(), "pat@vendor.test");
        pat.name = "Pat".to_owned();
        assert_eq!((pat.called(), ContactDetails::default().called()), ("Pat", "nobody yet"));
        assert!(ContactDetails::default().is_blank() && !pat.is_blank());
    }
}
