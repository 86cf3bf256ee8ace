//! Vendors that may be one and the same: written down twice under two names. A guess to look
//! at, never a decision.

use std::collections::{BTreeMap, HashMap};

use super::ids::VendorId;
use super::vendor::name_key;

/// How alike two names are, of 1, to be worth a look.
const ALIKE: f64 = 0.9;
/// How far apart two names may stand in the alphabet, from the front or from the back, to
/// be compared: comparing all with all would take minutes for ten thousand.
const WINDOW: usize = 12;

/// What vendors are told apart by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    pub id: VendorId,
    pub name: String,
    pub website: Option<String>,
    /// Small letters.
    pub email: Option<String>,
}

/// Two vendors and why they may be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub first: Face,
    pub second: Face,
    /// The best reason first.
    pub why: Vec<&'static str>,
}

fn host(website: &str) -> Option<String> {
    let url = url::Url::parse(website).ok()?;
    Some(url.host_str()?.trim_start_matches("www.").to_lowercase())
}

/// The domain of an address is shared by many; the whole address is not.
fn why(first: &Face, second: &Face) -> Vec<&'static str> {
    let (one, other) = (name_key(&first.name), name_key(&second.name));
    let mut why = Vec::new();
    if one == other {
        why.push("the same name");
    }
    if first.email.is_some() && first.email == second.email {
        why.push("the same e-mail address");
    }
    let site = |face: &Face| face.website.as_deref().and_then(host);
    if site(first).is_some() && site(first) == site(second) {
        why.push("the same website");
    }
    let contained = one.len().min(other.len()) >= 6 && (one.starts_with(&other) || other.starts_with(&one));
    if one != other && (contained || strsim::normalized_damerau_levenshtein(&one, &other) >= ALIKE) {
        why.push("a similar name");
    }
    why
}

/// Those of `all` that may be the same as `vendor`, the likeliest first.
pub fn like(vendor: &Face, all: &[Face]) -> Vec<(Face, Vec<&'static str>)> {
    let others = all.iter().filter(|other| other.id != vendor.id);
    let mut found: Vec<_> =
        others.map(|other| (other.clone(), why(vendor, other))).filter(|(_, why)| !why.is_empty()).collect();
    found.sort_by_key(|(_, why)| std::cmp::Reverse(why.len()));
    found
}

/// Every likely pair, the likeliest first.
pub fn pairs(all: &[Face]) -> Vec<Pair> {
    let mut candidates: BTreeMap<(usize, usize), ()> = BTreeMap::new();
    let mut note = |a: usize, b: usize| {
        if a != b {
            candidates.insert((a.min(b), a.max(b)), ());
        }
    };
    for marks in [
        all.iter().map(|face| face.email.clone()).collect::<Vec<_>>(),
        all.iter().map(|face| face.website.as_deref().and_then(host)).collect(),
    ] {
        let mut first: HashMap<String, usize> = HashMap::new();
        for (at, mark) in marks.into_iter().enumerate() {
            if let Some(mark) = mark {
                note(*first.entry(mark).or_insert(at), at);
            }
        }
    }
    let keys: Vec<String> = all.iter().map(|face| name_key(&face.name)).collect();
    for backwards in [false, true] {
        let sorted_by = |at: usize| if backwards { keys[at].chars().rev().collect() } else { keys[at].clone() };
        let mut order: Vec<(String, usize)> = (0..all.len()).map(|at| (sorted_by(at), at)).collect();
        order.sort();
        for (place, (_, at)) in order.iter().enumerate() {
            order.iter().skip(place + 1).take(WINDOW).for_each(|(_, other)| note(*at, *other));
        }
    }
    let mut pairs: Vec<Pair> = candidates
        .into_keys()
        .filter_map(|(a, b)| {
            let why = why(&all[a], &all[b]);
            (!why.is_empty()).then(|| Pair { first: all[a].clone(), second: all[b].clone(), why })
        })
        .collect();
    pairs.sort_by_key(|pair| std::cmp::Reverse(pair.why.len()));
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(name: &str, website: Option<&str>, email: Option<&str>) -> Face {
        Face {
            id: VendorId::fresh(),
            name: name.to_owned(),
            website: website.map(str::to_owned),
            email: email.map(str::to_owned),
        }
    }

    #[test]
    fn one_company_under_two_names_is_found_and_others_are_left_alone() {
        let all = [
            face("Acme Billing, Inc.", Some("https://www.acme.test/"), None),
            face("Basalt Data Centers", None, Some("ops@basalt.test")),
            face("ACME billing", Some("https://acme.test/contact"), None),
            face("Bazalt Data Centers", None, None),
            face("Northgate", None, Some("ops@basalt.test")),
            face("Sealwax", None, None),
        ];
        let told: Vec<String> = pairs(&all)
            .iter()
            .map(|pair| format!("{} = {}: {}", pair.first.name, pair.second.name, pair.why.join(", ")))
            .collect();
        assert_eq!(
            told,
            [
                "Acme Billing, Inc. = ACME billing: the same name, the same website",
                "Basalt Data Centers = Bazalt Data Centers: a similar name",
                "Basalt Data Centers = Northgate: the same e-mail address",
            ]
        );
        assert_eq!(like(&all[0], &all).len(), 1);
        assert!(like(&all[5], &all).is_empty());
    }
}
