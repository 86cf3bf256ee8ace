//! One change to many vendors at once: to whom it applies, and what can be taken back.
//! Only what nobody has changed since is taken back.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::ids::VendorId;
use super::life::Life;
use super::tags;
use super::vendor::{FieldFault, check_owner};
use super::words::words;

words! {
    /// What is done to the chosen vendors.
    pub enum BulkAct {
        Owner = "owner" => "Set the owner",
        Tag = "tag" => "Add a tag",
        Untag = "untag" => "Remove a tag",
        Cadence = "cadence" => "Set how often they are asked",
        Suspend = "suspend" => "Suspend",
        Resume = "resume" => "Make active again",
        Ask = "ask" => "Ask now",
    }
}

/// Fewest and most months between questionnaires: never longer than a year.
pub const MONTHS: std::ops::RangeInclusive<i32> = 1..=12;

/// A change of what is written about a vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Who looks after it here; empty for nobody.
    Owner(String),
    Tag(String),
    Untag(String),
    /// Months between questionnaires; `None` as its tier says.
    Cadence(Option<i32>),
    Suspend,
    Resume,
}

/// What such a change looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Current {
    pub id: VendorId,
    pub name: String,
    pub owner: String,
    pub cadence: Option<i32>,
    pub life: Life,
    pub archived: bool,
    pub tags: BTreeSet<String>,
}

/// What was there before and is there now, as text; `None` is nothing. For asking, `now` is
/// the assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub vendor: VendorId,
    pub was: Option<String>,
    pub now: Option<String>,
}

impl Change {
    /// The change that a form asks for; asking is none.
    ///
    /// # Errors
    /// What is wrong with the value.
    pub fn read(act: BulkAct, text: &str) -> Result<Option<Self>, FieldFault> {
        Ok(Some(match act {
            BulkAct::Owner => Change::Owner(check_owner(text)?),
            BulkAct::Tag => Change::Tag(tags::check(text)?),
            BulkAct::Untag => Change::Untag(tags::check(text)?),
            BulkAct::Cadence => Change::Cadence(months(text)?),
            BulkAct::Suspend => Change::Suspend,
            BulkAct::Resume => Change::Resume,
            BulkAct::Ask => return Ok(None),
        }))
    }

    pub const fn act(&self) -> BulkAct {
        match self {
            Change::Owner(_) => BulkAct::Owner,
            Change::Tag(_) => BulkAct::Tag,
            Change::Untag(_) => BulkAct::Untag,
            Change::Cadence(_) => BulkAct::Cadence,
            Change::Suspend => BulkAct::Suspend,
            Change::Resume => BulkAct::Resume,
        }
    }

    /// What it does to one vendor; `None` when it changes nothing there.
    pub fn of(&self, current: &Current) -> Option<Kept> {
        let kept = |was: Option<String>, now: Option<String>| Kept { vendor: current.id, was, now };
        let kept = match self {
            Change::Owner(owner) => kept(Some(current.owner.clone()), Some(owner.clone())),
            Change::Tag(tag) if current.tags.contains(tag) || current.tags.len() >= tags::MOST => return None,
            Change::Tag(tag) => kept(None, Some(tag.clone())),
            Change::Untag(tag) => kept(current.tags.get(tag).cloned(), None),
            Change::Cadence(months) => kept(current.cadence.map(|is| is.to_string()), months.map(|is| is.to_string())),
            // What has ended is not suspended, and what ends is not begun anew in passing.
            Change::Suspend if matches!(current.life, Life::Prospect | Life::Active) => {
                kept(Some(current.life.to_string()), Some(Life::Suspended.to_string()))
            }
            Change::Resume if current.life == Life::Suspended => {
                kept(Some(current.life.to_string()), Some(Life::Active.to_string()))
            }
            Change::Suspend | Change::Resume => return None,
        };
        (kept.was != kept.now).then_some(kept)
    }

    /// For the history: what was done to `whom`, a vendor's name or several vendors.
    pub fn says(&self, whom: &str) -> String {
        match self {
            Change::Owner(owner) if owner.is_empty() => format!("took away the owner of {whom}"),
            Change::Owner(owner) => format!("made {owner} the owner of {whom}"),
            Change::Tag(tag) => format!("added the tag “{tag}” to {whom}"),
            Change::Untag(tag) => format!("took the tag “{tag}” off {whom}"),
            Change::Cadence(months) => format!("set {whom} to be asked {}", every(*months)),
            Change::Suspend => format!("suspended {whom}"),
            Change::Resume => format!("made {whom} active again"),
        }
    }

    /// What came of it, for whoever did it.
    pub fn done(&self, count: usize) -> String {
        let (are, have) = if count == 1 { ("1 vendor is", "1 vendor") } else { ("vendors are", "vendors") };
        let number = |words: &str| if count == 1 { words.to_owned() } else { format!("{count} {words}") };
        let (are, vendors) = (number(are), number(have));
        let (now_have, no_longer) =
            if count == 1 { ("now has", "no longer has") } else { ("now have", "no longer have") };
        match self {
            Change::Owner(owner) if owner.is_empty() => format!("{vendors} {no_longer} an owner."),
            Change::Owner(owner) => format!("{vendors} {now_have} {owner} as owner."),
            Change::Tag(tag) => format!("{vendors} {now_have} the tag “{tag}”."),
            Change::Untag(tag) => format!("{vendors} {no_longer} the tag “{tag}”."),
            Change::Cadence(months) => format!("{are} now asked {}.", every(*months)),
            Change::Suspend => format!("{are} now suspended."),
            Change::Resume => format!("{are} active again."),
        }
    }
}

/// How often, in words.
pub fn every(months: Option<i32>) -> String {
    match months {
        None => "as often as the tier says".to_owned(),
        Some(1) => "every month".to_owned(),
        Some(months) => format!("every {months} months"),
    }
}

fn months(text: &str) -> Result<Option<i32>, FieldFault> {
    let fault = || FieldFault::new("that is no number of months from 1 to 12", "Choose from the list.");
    match text {
        "tier" => Ok(None),
        text => text.parse().ok().filter(|months| MONTHS.contains(months)).map(Some).ok_or_else(fault),
    }
}

impl Kept {
    /// Whether the vendor is still as the change left it, so that it can be taken back.
    pub fn stands(&self, act: BulkAct, current: &Current) -> bool {
        match act {
            BulkAct::Owner => self.now.as_ref() == Some(&current.owner),
            BulkAct::Cadence => self.now == current.cadence.map(|months| months.to_string()),
            BulkAct::Suspend | BulkAct::Resume => self.now.as_deref() == Some(current.life.key()),
            BulkAct::Tag => self.now.as_ref().is_some_and(|tag| current.tags.contains(tag)),
            BulkAct::Untag => self.was.as_ref().is_some_and(|tag| !current.tags.contains(tag)),
            BulkAct::Ask => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn current(owner: &str, life: Life, tags: &[&str]) -> Current {
        Current {
            id: VendorId::fresh(),
            name: "LabCorp".to_owned(),
            owner: owner.to_owned(),
            cadence: None,
            life,
            archived: false,
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        }
    }

    #[test]
    fn a_vendor_that_already_is_so_is_not_changed() {
        let vendor = current("Dana", Life::Active, &["it"]);
        for (act, text) in
            [(BulkAct::Owner, "Dana"), (BulkAct::Tag, "IT"), (BulkAct::Untag, "west"), (BulkAct::Cadence, "tier")]
        {
            let change = Change::read(act, text).unwrap().unwrap();
            assert_eq!(change.of(&vendor), None, "{act}");
        }
        assert_eq!(Change::Resume.of(&vendor), None);
        assert!(Change::Suspend.of(&vendor).is_some());
        assert_eq!(Change::Suspend.of(&current("", Life::Ended, &[])), None);
    }

    #[test]
    fn only_what_nobody_changed_since_is_taken_back() {
        let kept = Change::Owner("Sam".to_owned()).of(&current("Dana", Life::Active, &[])).unwrap();
        assert_eq!(kept.was.as_deref(), Some("Dana"));
        assert!(kept.stands(BulkAct::Owner, &current("Sam", Life::Active, &[])));
        assert!(!kept.stands(BulkAct::Owner, &current("Kim", Life::Active, &[])));
    }

    #[test]
    fn nobody_is_asked_less_than_once_a_year() {
        for months in ["1", "12"] {
            assert!(Change::read(BulkAct::Cadence, months).is_ok());
        }
        for months in ["0", "13", "-1", "", "six", "99999999999"] {
            assert!(Change::read(BulkAct::Cadence, months).is_err(), "{months}");
        }
    }
}
