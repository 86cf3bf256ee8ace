//! What has to stand in an agreement, what may, and what is worth asking for: our wording,
//! with the paragraph each comes from (45 CFR 164.504(e), 164.314(a)).

use super::AgreementKind;

/// How much a provision is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// The law wants it in the agreement.
    Required,
    /// The law allows it.
    Allowed,
    /// No law asks for it; many practices do.
    Choice,
}

/// One thing to look for in the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provision {
    /// Stable: `BAA-01`.
    pub key: &'static str,
    pub duty: Duty,
    pub title: &'static str,
    /// What to look for, in plain words.
    pub help: &'static str,
    /// Sections of 45 CFR.
    pub cites: &'static [&'static str],
}

const fn required(
    key: &'static str,
    title: &'static str,
    help: &'static str,
    cites: &'static [&'static str],
) -> Provision {
    Provision { key, duty: Duty::Required, title, help, cites }
}

const fn allowed(
    key: &'static str,
    title: &'static str,
    help: &'static str,
    cites: &'static [&'static str],
) -> Provision {
    Provision { key, duty: Duty::Allowed, title, help, cites }
}

const fn choice(key: &'static str, title: &'static str, help: &'static str) -> Provision {
    Provision { key, duty: Duty::Choice, title, help, cites: &[] }
}

/// All of them, in the order in which a paper is gone through.
pub const PROVISIONS: &[Provision] = &[
    required(
        "BAA-01",
        "Says which uses are allowed",
        "It lists what the vendor may and must do with patient information, and allows nothing that we could not do ourselves.",
        &["164.504(e)(2)(i)"],
    ),
    required(
        "BAA-02",
        "Forbids every other use",
        "The vendor uses and shares the information in no other way, unless a law makes it.",
        &["164.504(e)(2)(ii)(A)"],
    ),
    required(
        "BAA-03",
        "Asks for safeguards",
        "The vendor protects the information, and follows the HIPAA Security Rule for what is electronic.",
        &["164.504(e)(2)(ii)(B)", "164.314(a)(2)(i)(A)"],
    ),
    required(
        "BAA-04",
        "Wrong uses and breaches are reported",
        "The vendor tells us of any use or sharing that the agreement does not allow, breaches included.",
        &["164.504(e)(2)(ii)(C)"],
    ),
    required(
        "BAA-05",
        "Security incidents are reported",
        "The vendor tells us of every security incident that it learns of, also when nothing was lost.",
        &["164.314(a)(2)(i)(C)"],
    ),
    required(
        "BAA-06",
        "Binds the vendor’s own helpers",
        "Other companies that handle the information for the vendor sign the same limits and duties.",
        &["164.504(e)(2)(ii)(D)", "164.314(a)(2)(i)(B)", "164.502(e)(1)(ii)"],
    ),
    required(
        "BAA-07",
        "Patients can see their records",
        "The vendor hands over what it holds when a patient asks to see or copy it (45 CFR 164.524).",
        &["164.504(e)(2)(ii)(E)"],
    ),
    required(
        "BAA-08",
        "Patients can have records corrected",
        "The vendor makes records available for correction, and takes corrections in (45 CFR 164.526).",
        &["164.504(e)(2)(ii)(F)"],
    ),
    required(
        "BAA-09",
        "Keeps a list of disclosures",
        "The vendor supplies what we need to tell a patient with whom the information was shared (45 CFR 164.528).",
        &["164.504(e)(2)(ii)(G)"],
    ),
    required(
        "BAA-10",
        "Follows our rules when it does our duties",
        "Where the vendor carries out one of our own privacy duties, it does so by the rules that bind us.",
        &["164.504(e)(2)(ii)(H)"],
    ),
    required(
        "BAA-11",
        "Opens its books to the government",
        "The vendor shows its practices, books and records to the Department of Health and Human Services.",
        &["164.504(e)(2)(ii)(I)"],
    ),
    required(
        "BAA-12",
        "Returns or destroys everything at the end",
        "When it ends, the vendor gives back or destroys all patient information and keeps no copy. Where that cannot be done, it goes on protecting what it keeps and uses it for nothing else.",
        &["164.504(e)(2)(ii)(J)"],
    ),
    required(
        "BAA-13",
        "We may end it for a serious violation",
        "We may end the contract when the vendor breaks an important promise in it.",
        &["164.504(e)(2)(iii)"],
    ),
    allowed(
        "BAA-O1",
        "The vendor’s own management and legal duties",
        "The law allows the vendor to use the information to run its business or meet its own legal duties, if the agreement says so and whoever receives it gives a promise.",
        &["164.504(e)(2)(i)(A)", "164.504(e)(4)"],
    ),
    allowed(
        "BAA-O2",
        "Combining data for us",
        "The law allows the vendor to combine our data with that of others to study our operations, if the agreement says so.",
        &["164.504(e)(2)(i)(B)"],
    ),
    choice(
        "BAA-P1",
        "Breach notice sooner than 60 days",
        "The law gives the vendor 60 days at most. A few days leave us time to act.",
    ),
    choice(
        "BAA-P2",
        "Warning before changes",
        "The vendor tells us before it changes where the information is kept, who handles it or what it is used for.",
    ),
    choice(
        "BAA-P3",
        "Limits on other countries",
        "The information is not kept or seen outside the United States, or only with our consent.",
    ),
    choice(
        "BAA-P4",
        "A list of its helpers",
        "The vendor names the other companies that handle the information for it.",
    ),
    choice(
        "BAA-P5",
        "A yearly self-check",
        "The vendor checks its own safeguards every year and tells us what it found.",
    ),
    choice(
        "BAA-P6",
        "Word of an outage within 24 hours",
        "The vendor tells us within a day when it falls back on its emergency plan.",
    ),
];

/// How a term of the practice's own begins in the findings; its text follows.
pub const OWN: &str = "own:";

/// Keys of the practice's own terms, as findings use them.
pub fn own_keys(terms: &[String]) -> Vec<String> {
    terms.iter().map(|term| format!("{OWN}{term}")).collect()
}

/// Something that was looked for: of the catalogue, or a term of the practice's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought<'a> {
    Provision(&'static Provision),
    /// The key, with [`OWN`] before the text.
    Own(&'a str),
}

impl<'a> Sought<'a> {
    /// What this key of the findings means; `None` for one that no version knows.
    pub fn of(key: &'a str) -> Option<Self> {
        if key.starts_with(OWN) {
            return Some(Sought::Own(key));
        }
        PROVISIONS.iter().find(|one| one.key == key).map(Sought::Provision)
    }

    pub fn key(&self) -> &'a str {
        match self {
            Sought::Provision(one) => one.key,
            Sought::Own(key) => key,
        }
    }

    pub fn title(&self) -> &'a str {
        match self {
            Sought::Provision(one) => one.title,
            Sought::Own(key) => key.trim_start_matches(OWN),
        }
    }

    /// Where it comes from: `45 CFR 164.504(e)(2)(ii)(J)`, or who wants it.
    pub fn cites(&self) -> String {
        match self {
            Sought::Provision(one) if one.cites.is_empty() => "your choice".to_owned(),
            Sought::Provision(one) => format!("45 CFR {}", one.cites.join(", ")),
            Sought::Own(_) => "your own term".to_owned(),
        }
    }

    /// Whether its absence deserves a flag: what the law wants in such a paper, and what the
    /// practice itself said that it wants.
    pub fn is_flagged(&self, kind: AgreementKind) -> bool {
        match self {
            Sought::Provision(one) => one.duty == Duty::Required && kind.has_required_provisions(),
            Sought::Own(_) => true,
        }
    }
}

/// All that is to be looked for in a paper of this kind, by a practice with these terms.
pub fn sought<'a>(kind: AgreementKind, own_keys: &'a [String]) -> impl Iterator<Item = Sought<'a>> {
    let applies = move |one: &&'static Provision| kind.has_required_provisions() || one.duty == Duty::Choice;
    let ours = own_keys.iter().map(|key| Sought::Own(key));
    PROVISIONS.iter().filter(applies).map(Sought::Provision).chain(ours)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::citation;

    fn cites(key: &str) -> &'static [&'static str] {
        PROVISIONS.iter().find(|one| one.key == key).unwrap().cites
    }

    #[test]
    fn every_citation_is_written_as_one_and_every_required_provision_has_one() {
        for one in PROVISIONS {
            for cite in one.cites {
                assert_eq!(citation::check(cite), Ok(()), "{}", one.key);
            }
            assert_eq!(one.duty == Duty::Choice, one.cites.is_empty(), "{}", one.key);
        }
    }

    #[test]
    fn the_thirteen_required_provisions_follow_the_paragraphs_of_the_law() {
        let required: Vec<&Provision> = PROVISIONS.iter().filter(|one| one.duty == Duty::Required).collect();
        assert_eq!(required.len(), 13);
        // (2)(ii) runs from (A) to (J), one provision each but for security incidents.
        let letters: String = required
            .iter()
            .filter_map(|one| one.cites[0].strip_prefix("164.504(e)(2)(ii)("))
            .map(|rest| &rest[..1])
            .collect();
        assert_eq!(letters, "ABCDEFGHIJ");
        assert_eq!(cites("BAA-01"), ["164.504(e)(2)(i)"]);
        assert_eq!(cites("BAA-05"), ["164.314(a)(2)(i)(C)"]);
        assert_eq!(cites("BAA-13"), ["164.504(e)(2)(iii)"]);
    }

    #[test]
    fn the_mistakes_of_public_templates_are_not_ours() {
        // Return or destroy is (J); (I) is the books, and 164.314 ends with (C).
        assert_eq!(cites("BAA-12"), ["164.504(e)(2)(ii)(J)"]);
        assert_eq!(cites("BAA-11"), ["164.504(e)(2)(ii)(I)"]);
        let all: Vec<&str> = PROVISIONS.iter().flat_map(|one| one.cites).copied().collect();
        for wrong in ["164.314(a)(2)(i)(D)", "164.314(a)(2)(i)(H)", "164.308(b)(1)(ii)", "164.504(e)(2)(ii)(K)"] {
            assert!(!all.contains(&wrong), "{wrong}");
        }
    }

    #[test]
    fn keys_are_unique_and_found_again() {
        for one in PROVISIONS {
            assert_eq!(Sought::of(one.key), Some(Sought::Provision(one)));
        }
        assert_eq!(Sought::of("own:Encrypts e-mail").map(|one| one.title()), Some("Encrypts e-mail"));
        assert_eq!(Sought::of("BAA-99"), None);
    }
}
