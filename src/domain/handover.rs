//! "I am not the right person": whoever was asked names somebody else, or only says why.
//!
//! A link proves little: it is forwarded, and robots open it. So by the link alone, a
//! questionnaire goes at once only to somebody at the same company, by the mail domain;
//! anybody else is a proposal that a person at the practice takes up.

use chrono::{DateTime, TimeDelta, Utc};

use super::flags::{Fact, FlagKind};
use super::ids::{AssessmentId, HandoverId, VendorId};

/// So often may somebody say for one questionnaire that it is for someone else…
pub const MOST: usize = 5;
/// …in this time.
pub const WITHIN: TimeDelta = TimeDelta::hours(24);

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    pub id: HandoverId,
    pub vendor: VendorId,
    pub assessment: AssessmentId,
    /// The address that was asked.
    pub said_by: String,
    pub said_at: DateTime<Utc>,
    /// Who should answer, as far as it was said.
    pub name: String,
    pub email: Option<String>,
    pub why: String,
    /// The questionnaire went there at once.
    pub passed_on: bool,
}

impl Handover {
    /// `Kim Lee (kim@northwind.example)`; `None` when nobody was named.
    pub fn who(&self) -> Option<String> {
        match (self.name.as_str(), self.email.as_deref()) {
            ("", None) => None,
            ("", Some(email)) => Some(email.to_owned()),
            (name, None) => Some(name.to_owned()),
            (name, Some(email)) => Some(format!("{name} ({email})")),
        }
    }

    /// What a person at the practice should look at; `preferred` is the address that gets the
    /// questionnaire now.
    pub fn fact(&self, preferred: Option<&str>) -> Option<Fact> {
        let by = &self.said_by;
        let taken = self.email.is_some() && self.email.as_deref() == preferred;
        let sentence = match (self.passed_on, self.who()) {
            (true, who) => {
                let who = who.unwrap_or_default();
                format!("{by} passed the questionnaire on to {who}; look whether that is right")
            }
            // Somebody made it so by hand.
            (false, Some(_)) if taken => return None,
            (false, Some(who)) => format!("{by} says that {who} should answer; nothing was sent there yet"),
            (false, None) => format!("{by} says that it is not for them, and does not say for whom it is"),
        };
        Some(Fact { kind: FlagKind::SomeoneElse, subject: self.id.to_string(), sentence })
    }
}

/// Where anybody has a mailbox: one there shows nothing about a company.
const OPEN_TO_ALL: &[&str] = &[
    "aim.com",
    "aol.com",
    "att.net",
    "bellsouth.net",
    "btinternet.com",
    "centurylink.net",
    "charter.net",
    "comcast.net",
    "cox.net",
    "duck.com",
    "earthlink.net",
    "email.com",
    "fastmail.com",
    "frontier.com",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.com",
    "hushmail.com",
    "icloud.com",
    "inbox.com",
    "juno.com",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "mindspring.com",
    "msn.com",
    "netscape.net",
    "netzero.net",
    "optimum.net",
    "optonline.net",
    "outlook.com",
    "pm.me",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "roadrunner.com",
    "rocketmail.com",
    "rr.com",
    "sbcglobal.net",
    "spectrum.net",
    "suddenlink.net",
    "tutanota.com",
    "verizon.net",
    "windstream.net",
    "yahoo.ca",
    "yahoo.co.uk",
    "yahoo.com",
    "yandex.com",
    "ymail.com",
    "zoho.com",
    "zohomail.com",
];

fn domain(address: &str) -> Option<String> {
    address.rsplit_once('@').map(|(_, domain)| domain.to_lowercase()).filter(|domain| !domain.is_empty())
}

/// Whether an address belongs to the same company as one that is known, or as its website, by
/// the whole mail domain. A domain where anybody gets a mailbox is no company.
pub fn same_company<'a>(address: &str, known: impl IntoIterator<Item = &'a str>, website: Option<&str>) -> bool {
    let Some(theirs) = domain(address).filter(|domain| !OPEN_TO_ALL.contains(&domain.as_str())) else { return false };
    let host = website.map(|host| host.trim_start_matches("www.").to_lowercase());
    known.into_iter().filter_map(domain).chain(host).any(|known| known == theirs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colleague_is_known_by_the_whole_mail_domain() {
        let known = ["pat@northwind.example"];
        assert!(same_company("Kim@NORTHWIND.example", known, None));
        assert!(same_company("kim@northwind-health.example", known, Some("www.northwind-health.example")));
        for foreign in [
            "kim@evil.example",
            "kim@sub.northwind.example",
            "kim@evilnorthwind.example",
            "kim@northwind.example.evil",
            "kim",
            "@",
        ] {
            assert!(!same_company(foreign, known, None), "{foreign}");
        }
    }

    #[test]
    fn a_mailbox_that_anybody_gets_is_no_company() {
        assert!(!same_company("kim@gmail.com", ["pat@gmail.com"], None));
        assert!(!same_company("kim@Yahoo.com", ["pat@yahoo.com"], Some("yahoo.com")));
        let sorted = OPEN_TO_ALL.is_sorted();
        assert!(sorted && OPEN_TO_ALL.iter().all(|one| *one == one.to_lowercase()));
    }

    fn said(name: &str, email: Option<&str>, passed_on: bool) -> Handover {
        Handover {
            id: HandoverId::fresh(),
            vendor: VendorId::fresh(),
            assessment: AssessmentId::fresh(),
            said_by: "pat@northwind.example".into(),
            said_at: DateTime::default(),
            name: name.into(),
            email: email.map(str::to_owned),
            why: String::new(),
            passed_on,
        }
    }

    #[test]
    fn a_proposal_is_looked_at_until_somebody_made_it_so() {
        let kim = said("Kim Lee", Some("kim@other.example"), false);
        let says = |said: &Handover, preferred| said.fact(preferred).map(|fact| fact.sentence);
        let expected =
            "pat@northwind.example says that Kim Lee (kim@other.example) should answer; nothing was sent there yet";
        assert_eq!(says(&kim, Some("pat@northwind.example")).as_deref(), Some(expected));
        assert_eq!(says(&kim, Some("kim@other.example")), None);
        let passed = said("", Some("kim@northwind.example"), true);
        assert!(says(&passed, Some("kim@northwind.example")).unwrap().contains("on to kim@northwind.example; look"));
        assert!(says(&said("", None, false), None).unwrap().contains("does not say for whom"));
    }
}
