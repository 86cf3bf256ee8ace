//! Vendors under vendors (45 CFR 160.103, "business associate" (3)(iii)): a tree that cannot
//! loop, and what the companies below do to the exposure of the one above.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::exposure::{Access, Element, Exposure, Offshore, Subs};
use super::flags::{Fact, FlagKind};
use super::ids::VendorId;
use super::vendor::{FieldFault, one_line};

/// How many levels a tree may have, the topmost vendor's included.
pub const DEEPEST: usize = 8;

/// Who works for whom.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    parents: HashMap<VendorId, VendorId>,
    children: HashMap<VendorId, Vec<VendorId>>,
}

/// Why a vendor cannot be put under another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoveFault {
    #[error("a vendor cannot work for itself")]
    Itself,
    #[error("it works, directly or not, for the vendor that you want to put under it")]
    Loop,
    #[error("that would make more than 8 levels")]
    TooDeep,
}

impl Tree {
    /// The tree of these links, from a vendor to the one that it works for.
    pub fn of(links: impl IntoIterator<Item = (VendorId, VendorId)>) -> Self {
        let mut tree = Self::default();
        for (child, parent) in links {
            tree.put(child, Some(parent));
        }
        tree
    }

    /// Puts a vendor under another, or under none, without asking whether it may.
    pub fn put(&mut self, child: VendorId, under: Option<VendorId>) {
        if let Some(before) = self.parents.remove(&child)
            && let Some(children) = self.children.get_mut(&before)
        {
            children.retain(|one| *one != child);
        }
        if let Some(parent) = under {
            self.parents.insert(child, parent);
            self.children.entry(parent).or_default().push(child);
        }
    }

    /// Those above, the nearest first. Ends, whatever the links are.
    pub fn above(&self, vendor: VendorId) -> Vec<VendorId> {
        let mut path: Vec<VendorId> = Vec::new();
        let mut at = vendor;
        while let Some(parent) = self.parents.get(&at) {
            if *parent == vendor || path.contains(parent) {
                break;
            }
            path.push(*parent);
            at = *parent;
        }
        path
    }

    /// Those below with their depth under `vendor`, from 1, each after its own parent.
    pub fn below(&self, vendor: VendorId) -> Vec<(VendorId, usize)> {
        let (mut found, mut seen) = (Vec::new(), HashSet::from([vendor]));
        self.walk(vendor, 1, &mut found, &mut seen);
        found
    }

    fn walk(&self, vendor: VendorId, depth: usize, found: &mut Vec<(VendorId, usize)>, seen: &mut HashSet<VendorId>) {
        for child in self.children.get(&vendor).into_iter().flatten() {
            if seen.insert(*child) {
                found.push((*child, depth));
                self.walk(*child, depth + 1, found, seen);
            }
        }
    }

    /// The level of a vendor: 1 for one that works for nobody but us.
    pub fn level(&self, vendor: VendorId) -> usize {
        self.above(vendor).len() + 1
    }

    /// Whether `child` may work for `under`.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, child: VendorId, under: VendorId) -> Result<(), MoveFault> {
        if child == under {
            return Err(MoveFault::Itself);
        }
        if self.above(under).contains(&child) {
            return Err(MoveFault::Loop);
        }
        let height = self.below(child).iter().map(|(_, depth)| *depth).max().unwrap_or(0);
        if self.level(under) + 1 + height > DEEPEST { Err(MoveFault::TooDeep) } else { Ok(()) }
    }
}

/// A company below, at any depth, as far as it bears on the vendor above.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sub {
    pub id: VendorId,
    pub name: String,
    /// Where it works; empty is not known.
    pub country: String,
    pub exposure: Exposure,
}

/// What a company below does with the information from where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Abroad {
    No,
    Sees,
    Stores,
}

impl Sub {
    fn abroad(&self) -> Abroad {
        let said = match self.exposure.offshore {
            Offshore::Stored => Abroad::Stores,
            Offshore::View => Abroad::Sees,
            Offshore::None | Offshore::Unknown => Abroad::No,
        };
        if !is_abroad(&self.country) {
            return said;
        }
        // What reaches it by these ways stays with it; by the others, or by ways that
        // nobody knows, its people at least see it.
        let keeps = |way: &Access| {
            matches!(way, Access::Storage | Access::Paper | Access::Feed | Access::Hosts | Access::HostsAdmin)
        };
        said.max(if self.exposure.access.iter().any(keeps) { Abroad::Stores } else { Abroad::Sees })
    }
}

/// The exposure that counts for a vendor with companies below it, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    pub exposure: Exposure,
    /// What raised it, as sentences.
    pub because: Vec<String>,
    /// Where a company below holds what the vendor is not said to hold.
    pub facts: Vec<Fact>,
}

/// Puts what is known of the companies below on top of what is written down of the vendor.
/// Nothing is ever lowered: what we do not know of others is no comfort.
pub fn effective(own: &Exposure, below: &[Sub]) -> Effective {
    let mut exposure = own.clone();
    let mut because = Vec::new();
    let known = match below.len() {
        0 => Subs::None,
        1 | 2 => Subs::Few,
        _ => Subs::Many,
    };
    if known > exposure.subs && exposure.subs != Subs::Unknown {
        exposure.subs = known;
        let companies = if below.len() == 1 { "1 company".to_owned() } else { format!("{} companies", below.len()) };
        because.push(format!("Other companies: {} because we know of {companies} below it", lower(known.says())));
    }
    for (offshore, abroad, does) in
        [(Offshore::Stored, Abroad::Stores, "stores"), (Offshore::View, Abroad::Sees, "can see")]
    {
        let Some(sub) = below.iter().find(|sub| sub.abroad() >= abroad) else { continue };
        if weight(exposure.offshore) < weight(offshore) {
            exposure.offshore = offshore;
            let place = if is_abroad(&sub.country) { format!(" ({})", sub.country) } else { String::new() };
            because.push(format!(
                "Outside the United States: {} because {}{place} {does} it abroad",
                lower(offshore.says()),
                sub.name
            ));
        }
    }
    let facts = below.iter().filter_map(|sub| beyond(own, sub)).collect();
    Effective { exposure, because, facts }
}

/// How much a place weighs; a known view counts more than not knowing.
fn weight(offshore: Offshore) -> u8 {
    match offshore {
        Offshore::None => 0,
        Offshore::Unknown => 1,
        Offshore::View => 2,
        Offshore::Stored => 3,
    }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

/// A vendor of which no kind is written down is asked for all of them anyway.
fn beyond(own: &Exposure, sub: &Sub) -> Option<Fact> {
    if own.elements.is_empty() {
        return None;
    }
    let more: BTreeSet<Element> = sub.exposure.elements.difference(&own.elements).copied().collect();
    if more.is_empty() {
        return None;
    }
    let kinds: Vec<&str> = more.iter().map(|element| element.says()).collect();
    Some(Fact {
        kind: FlagKind::SubcontractorHoldsMore,
        subject: sub.id.to_string(),
        sentence: format!(
            "Its subcontractor {} holds what our record of this vendor leaves out: {}",
            sub.name,
            kinds.join("; ")
        ),
    })
}

/// What people write for the United States.
const HOME: [&str; 8] =
    ["us", "usa", "united states", "united states of america", "the united states", "u s", "u s a", "america"];
/// As it is kept.
pub const UNITED_STATES: &str = "United States";

/// Whether a country, as kept, is known to be another than the United States.
pub fn is_abroad(country: &str) -> bool {
    !country.is_empty() && country != UNITED_STATES
}

/// # Errors
/// When it is longer than 60 characters or more than one line.
pub fn check_country(text: &str) -> Result<String, FieldFault> {
    let country = one_line(text, 60)?;
    let folded = country.to_lowercase().replace('.', " ");
    let folded = folded.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(if HOME.contains(&folded.as_str()) { UNITED_STATES.to_owned() } else { country })
}

#[cfg(test)]
mod tests;
