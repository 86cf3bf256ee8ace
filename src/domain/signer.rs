//! Who signed: an address at a domain that is none of the vendor's is worth a look. Somebody
//! signing who may not is one of the five ways in which breaches begin (`domain/hipaa.md` 2).

use super::flags::{Fact, FlagKind};
use super::ids::AssessmentId;

/// The signature of a reply in force, as far as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    pub assessment: AssessmentId,
    pub name: String,
    pub email: String,
}

impl Signer {
    /// A fact where the signer's address is at none of the domains that we know of the vendor:
    /// those of its people's addresses and of its website. Nothing known is nothing to compare.
    pub fn fact<'a>(&self, addresses: impl Iterator<Item = &'a str>, website: Option<&str>) -> Option<Fact> {
        let signed = domain(&self.email)?;
        let mut known = addresses.filter_map(domain).chain(website.and_then(host)).peekable();
        known.peek()?;
        if known.any(|one| related(&one, &signed)) {
            return None;
        }
        let sentence = format!(
            "{} signed the answers with an address at {signed}, which we do not know as the vendor’s: ask whether they may \
             sign for it",
            self.name
        );
        Some(Fact { kind: FlagKind::SignedElsewhere, subject: self.assessment.to_string(), sentence })
    }
}

/// The domain of an address, in small letters.
fn domain(address: &str) -> Option<String> {
    let (_, domain) = address.trim().rsplit_once('@')?;
    (!domain.is_empty()).then(|| domain.to_lowercase())
}

/// The name of the machine in a web address, with or without what stands around it.
fn host(website: &str) -> Option<String> {
    let rest = website.trim().split_once("://").map_or(website.trim(), |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next()?.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    host.contains('.').then(|| host.to_owned())
}

/// The same domain, or one below the other.
fn related(one: &str, other: &str) -> bool {
    let below = |inner: &str, outer: &str| inner.strip_suffix(outer).is_some_and(|rest| rest.ends_with('.'));
    one == other || below(one, other) || below(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain_of(email: &str, addresses: &[&str], website: Option<&str>) -> bool {
        let signer = Signer { assessment: AssessmentId::fresh(), name: "Pat".to_owned(), email: email.to_owned() };
        signer.fact(addresses.iter().copied(), website).is_none()
    }

    #[test]
    fn an_address_at_a_domain_of_the_vendor_is_no_surprise() {
        assert!(domain_of("pat@Northwind.example", &["lee@northwind.example"], None));
        assert!(domain_of("pat@mail.northwind.example", &["lee@northwind.example"], None));
        assert!(domain_of("pat@northwind.example", &["lee@gmail.test"], Some("https://www.northwind.example/about")));
        assert!(domain_of("pat@northwind.example", &[], Some("Northwind.example:8443")));
    }

    #[test]
    fn an_address_elsewhere_is_a_fact_that_names_the_domain_and_not_the_address() {
        let signer = Signer {
            assessment: AssessmentId::fresh(),
            name: "Pat Morgan".to_owned(),
            email: "pat.private@mailbox.test".to_owned(),
        };
        let fact = signer.fact(["lee@northwind.example"].into_iter(), None).unwrap();
        assert_eq!(
            fact.sentence,
            "Pat Morgan signed the answers with an address at mailbox.test, which we do not know as the vendor’s: ask \
             whether they may sign for it"
        );
        assert!(
            !domain_of("pat@notnorthwind.example", &["lee@northwind.example"], None),
            "an ending alone is no relation"
        );
        assert!(!domain_of("pat@example", &["lee@northwind.test"], None));
    }

    #[test]
    fn where_nothing_is_known_nothing_is_compared() {
        assert!(domain_of("pat@northwind.example", &[], None));
        assert!(domain_of("pat@northwind.example", &["no address"], Some("our site")));
    }
}
