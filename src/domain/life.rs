//! The life of a vendor: from a company we look at to one that is gone, which steps are
//! allowed, and what each means for asking, for flags and for the overview.

use chrono::{DateTime, Utc};

use super::ids::VendorId;
use super::words::words;

words! {
    /// Where a vendor is in its life with us.
    pub enum Life {
        Prospect = "prospect" => "Prospect",
        Active = "active" => "Active",
        Suspended = "suspended" => "Suspended",
        Ending = "ending" => "Ending",
        Ended = "ended" => "Ended",
    }
}

impl Default for Life {
    /// Whoever is put on the list works for us, unless somebody says otherwise.
    fn default() -> Self {
        Self::Active
    }
}

impl Life {
    /// One sentence for someone who has to choose.
    pub const fn explains(self) -> &'static str {
        match self {
            Self::Prospect => "We look at it and share nothing yet. It is asked only when you press Ask now.",
            Self::Active => "It works for us. It is asked every year and reminded.",
            Self::Suspended => {
                "We share nothing for now. It gets no letters; what it was asked stays open, and what it holds stays on record."
            }
            Self::Ending => {
                "The work ends on a day. Until then it is a vendor like any other; a checklist says what to settle."
            }
            Self::Ended => "It does nothing for us any more. It is not asked; its papers are kept six years.",
        }
    }

    /// Where it may go from here by a word and a reason. A vendor that worked for us becomes
    /// ended by its checklist only; a prospect has nothing to give back.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Prospect => &[Self::Active, Self::Ended],
            Self::Active => &[Self::Prospect, Self::Suspended, Self::Ending],
            Self::Suspended => &[Self::Active, Self::Ending],
            Self::Ending | Self::Ended => &[Self::Active],
        }
    }

    pub fn may_become(self, to: Self) -> bool {
        self.next().contains(&to)
    }

    /// Whether it is asked every year without anybody pressing a button.
    pub const fn is_asked_yearly(self) -> bool {
        matches!(self, Self::Active | Self::Ending)
    }

    /// Whether it gets letters at all: asked by hand, reminded, sent a fresh link.
    pub const fn gets_letters(self) -> bool {
        !matches!(self, Self::Suspended | Self::Ended)
    }

    /// Whether an agreement has to be in force: it has, or may have, information of ours.
    pub const fn holds_information(self) -> bool {
        matches!(self, Self::Active | Self::Suspended | Self::Ending)
    }

    /// Whether it may be put out of sight. One that has information of ours must end first.
    pub const fn may_be_archived(self, counts_as_ba: bool) -> bool {
        !(counts_as_ba && self.holds_information())
    }

    /// Whether what it answered still raises flags.
    pub const fn counts(self) -> bool {
        !matches!(self, Self::Ended)
    }
}

/// Where a vendor is: in its life, in the archive, under another vendor, in a country.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub life: Life,
    /// Off every list since then, and kept.
    pub archived_at: Option<DateTime<Utc>>,
    /// The vendor that it turned out to be; archived then, and for good.
    pub merged_into: Option<VendorId>,
    /// The vendor that it works for as a subcontractor.
    pub parent: Option<VendorId>,
    /// Where it works; empty is not known.
    pub country: String,
}

impl Place {
    pub const fn is_archived(&self) -> bool {
        self.archived_at.is_some()
    }

    /// Why it gets no letters, where it gets none: goes on from "it".
    pub const fn quiet(&self) -> Option<&'static str> {
        if self.merged_into.is_some() {
            return Some("was merged into another vendor");
        }
        if self.is_archived() {
            return Some("is in the archive");
        }
        match self.life {
            Life::Suspended => Some("is suspended"),
            Life::Ended => Some("does not work for us any more"),
            Life::Prospect | Life::Active | Life::Ending => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendor_that_had_information_ends_by_its_checklist_only() {
        for life in Life::ALL {
            assert_eq!(life.may_become(Life::Ended), *life == Life::Prospect, "{life}");
        }
        assert!(Life::Suspended.may_become(Life::Ending) && Life::Ended.may_become(Life::Active));
    }

    #[test]
    fn every_step_can_be_taken_back_one_way_or_another() {
        for life in Life::ALL {
            assert!(!life.may_become(*life));
            assert!(*life == Life::Active || life.may_become(Life::Active), "{life}");
        }
    }

    #[test]
    fn a_prospect_is_asked_by_hand_and_a_suspended_vendor_is_not() {
        assert!(Life::Prospect.gets_letters() && !Life::Prospect.is_asked_yearly());
        assert!(!Life::Suspended.gets_letters() && Life::Suspended.holds_information());
        assert!(Life::Ending.is_asked_yearly() && Life::Ending.gets_letters());
    }
}
