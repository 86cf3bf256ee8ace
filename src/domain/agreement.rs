//! Agreements that bind a vendor to protect patient information (45 CFR 164.308(b)(3),
//! 164.502(e)(2), 164.504(e)): dated versions, none of which is written over. What is in
//! force, what is missing in it and who is written to are in the files beside this one.

pub mod differences;
mod facts;
mod force;
pub mod provisions;
pub mod renewal;
pub mod says;
#[cfg(test)]
mod tests;

pub use facts::facts;
pub use force::{ENDS_SOON_DAYS, Stands, in_force, next_turn, stands, waiting};

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::civil_date::say_short;
use super::ids::{AgreementId, DocumentId, VendorId};
use super::vendor::FieldFault;
use super::words::words;

/// The longest that a business associate may take to tell of a breach: 60 days, in hours
/// (45 CFR 164.410(b)).
pub const LAWFUL_NOTICE_HOURS: u32 = 60 * 24;
/// The longest notice period, in days, and the longest renewal term, in months, that we take
/// for meant.
pub const LONGEST_NOTICE_DAYS: u32 = 365;
pub const LONGEST_TERM_MONTHS: u32 = 120;
/// The longest time to tell of a breach, in hours, that we take for meant: a year.
pub const LONGEST_NOTICE_HOURS: u32 = 8_760;

words! {
    /// Where the agreement stands, in one word for lists and filters.
    pub enum AgreementStanding {
        NotNeeded = "not-needed" => "Not needed",
        Missing = "missing" => "Missing",
        Current = "current" => "Current",
        EndsSoon = "ends-soon" => "Ends soon",
        Ended = "ended" => "Ended",
    }
}
words! {
    /// What kind of paper it is (45 CFR 164.504(e)(2) and (3)).
    pub enum AgreementKind {
        Baa = "baa" => "Business associate agreement",
        Memorandum = "memorandum" => "Memorandum between governments",
        DutyByLaw = "duty-by-law" => "Duty set by law",
        DataUse = "data-use" => "Data use agreement",
    }
}
words! {
    /// What somebody found when looking for a provision in the paper.
    pub enum Found {
        Met = "met" => "Met",
        Missing = "missing" => "Missing",
        NotLookedAt = "not-looked-at" => "Not looked at",
    }
}

impl AgreementKind {
    /// One sentence for someone who has to choose.
    pub const fn explains(self) -> &'static str {
        match self {
            Self::Baa => "The usual one: a contract that both of you signed (45 CFR 164.504(e)(2)).",
            Self::Memorandum => {
                "Both of you are government bodies and agreed in a memorandum (45 CFR 164.504(e)(3)(i))."
            }
            Self::DutyByLaw => {
                "A law makes the vendor do this work. Keep proof that you tried to get an agreement (45 CFR 164.504(e)(3)(ii))."
            }
            Self::DataUse => {
                "It gets only a limited data set, without names and the like (45 CFR 164.504(e)(3)(iv), 164.514(e)(4))."
            }
        }
    }

    /// As a sentence calls it.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Baa => "business associate agreement",
            Self::Memorandum => "memorandum between governments",
            Self::DutyByLaw => "duty set by law",
            Self::DataUse => "data use agreement",
        }
    }

    /// Whether the provisions of 45 CFR 164.504(e)(2) must be in it. A memorandum has to
    /// come to the same (164.504(e)(3)(i)(A)); the other two have contents of their own.
    pub const fn has_required_provisions(self) -> bool {
        matches!(self, Self::Baa | Self::Memorandum)
    }
}

/// What a version says, as far as we wrote it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub kind: AgreementKind,
    pub signed_on: Option<NaiveDate>,
    pub effective_on: Option<NaiveDate>,
    /// The last day of it, or of its first term where it renews by itself.
    pub ends_on: Option<NaiveDate>,
    /// "No end date", said on purpose; without it an absent end is simply not known.
    pub open_ended: bool,
    /// Months by which it goes on by itself at its end; `None`: it does not.
    pub renews_months: Option<u32>,
    /// Days before the end by which one must say so, to renew or to leave.
    pub notice_days: Option<u32>,
    pub parties: String,
    /// Hours within which the vendor must tell of a breach.
    pub breach_notice_hours: Option<u32>,
    pub offshore: String,
    pub subcontractors: String,
    pub document: Option<DocumentId>,
    /// The last day of one that somebody ended early, or gave notice for.
    pub ended_on: Option<NaiveDate>,
    pub note: String,
}

/// What somebody found in the paper: provision to finding. What is absent was not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Findings(pub BTreeMap<String, Found>);

impl Findings {
    pub fn of(&self, provision: &str) -> Found {
        self.0.get(provision).copied().unwrap_or(Found::NotLookedAt)
    }
}

/// The findings, and who made them when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checklist {
    pub findings: Findings,
    pub checked_on: Option<NaiveDate>,
    pub checked_by: String,
}

/// One version of the agreement with a vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    pub id: AgreementId,
    pub vendor: VendorId,
    /// 1, 2, 3… in the order of recording.
    pub version: u32,
    pub terms: Terms,
    pub checklist: Checklist,
    /// Empty for one that came with a file or with the vendor.
    pub recorded_by: String,
    pub recorded_at: DateTime<Utc>,
}

impl Terms {
    /// What is known of an agreement of which only the dates are.
    pub fn of_dates(signed_on: Option<NaiveDate>, ends_on: Option<NaiveDate>) -> Self {
        Self {
            kind: AgreementKind::Baa,
            signed_on,
            effective_on: None,
            ends_on,
            open_ended: false,
            renews_months: None,
            notice_days: None,
            parties: String::new(),
            breach_notice_hours: None,
            offshore: String::new(),
            subcontractors: String::new(),
            document: None,
            ended_on: None,
            note: String::new(),
        }
    }

    /// What is wrong with the dates together, by the field that has to change.
    pub fn faults(&self) -> Vec<(&'static str, FieldFault)> {
        let mut faults = Vec::new();
        let begins = self.first_day();
        if begins.is_none() && self.ends_on.is_none() {
            faults.push((
                "signed_on",
                FieldFault::new(
                    "there is no date yet",
                    "Write the day of signing, or at least the day it starts or ends.",
                ),
            ));
        }
        for (field, what, day) in [("ends_on", "it ends", self.ends_on), ("ended_on", "it was ended", self.ended_on)] {
            if let (Some(begins), Some(day)) = (begins, day)
                && day < begins
            {
                let problem = format!("{what} on {}, before it begins on {}", say_short(day), say_short(begins));
                faults.push((field, FieldFault::new(problem, "Check the dates.")));
            }
        }
        if self.renews_months.is_some() && self.ends_on.is_none() {
            faults.push((
                "ends_on",
                FieldFault::new(
                    "an agreement that renews by itself has an end to renew at",
                    "Write the last day of the present term.",
                ),
            ));
        }
        faults
    }

    /// From when it binds: signed, and in effect. `None` when it is not signed, and when
    /// neither day is known.
    pub fn begins_on(&self) -> Option<NaiveDate> {
        self.first_day().filter(|_| !self.is_unsigned())
    }

    /// Its first day is named, and nobody has signed it: it binds nobody. One that came from
    /// a list with nothing but its end is taken for signed, and a law needs no signature.
    pub fn is_unsigned(&self) -> bool {
        self.signed_on.is_none() && self.effective_on.is_some() && self.kind != AgreementKind::DutyByLaw
    }

    pub(super) fn first_day(&self) -> Option<NaiveDate> {
        self.signed_on.max(self.effective_on)
    }
}

impl Agreement {
    /// A first version of which only the dates are known; `None` without any.
    pub fn noted(
        vendor: VendorId,
        signed_on: Option<NaiveDate>,
        ends_on: Option<NaiveDate>,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        (signed_on.is_some() || ends_on.is_some()).then(|| Self {
            id: AgreementId::fresh(),
            vendor,
            version: 1,
            terms: Terms::of_dates(signed_on, ends_on),
            checklist: Checklist::default(),
            recorded_by: String::new(),
            recorded_at: now,
        })
    }

    /// Nothing but the dates of a first agreement: what the vendor's own form can show whole.
    pub fn is_simple(&self) -> bool {
        self.version == 1
            && self.checklist == Checklist::default()
            && self.terms == Terms::of_dates(self.terms.signed_on, self.terms.ends_on)
    }

    /// The provisions that were looked for and are not there, as far as they have to be. Of
    /// the practice's own only those that it still wants: `own_keys`.
    pub fn missing<'a>(&'a self, own_keys: &'a [String]) -> impl Iterator<Item = provisions::Sought<'a>> {
        let all = self.checklist.findings.0.iter().filter(|(_, found)| **found == Found::Missing);
        let wanted = |sought: &provisions::Sought<'_>| match sought {
            provisions::Sought::Own(key) => own_keys.iter().any(|own| own == key),
            provisions::Sought::Provision(_) => true,
        };
        let known = all.filter_map(|(key, _)| provisions::Sought::of(key));
        known.filter(move |sought| wanted(sought) && sought.is_flagged(self.terms.kind))
    }
}
