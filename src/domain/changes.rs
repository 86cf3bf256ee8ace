//! A change: what a vendor does differently from before with our information, as a fact of its
//! own. It is learnt from a signed reply that differs from the last one, from a change notice,
//! from a new version of the agreement, or from our own record, and stays: a person says what is
//! made of it, and whether the vendor told us in time (`domain/hipaa.md` 2.13).

mod compare;
mod learn;
#[cfg(test)]
mod tests;

pub use compare::{Difference, Year, between};
pub use learn::{Learnt, learn, of_agreements, of_notices, of_years, since_signed};

use chrono::{Months, NaiveDate};

use super::civil_date;
use super::flags::{Fact, FlagKind};
use super::ids::{ChangeId, VendorId};
use super::notice::{Materiality, NoticeKind};
use super::scoring::Signal;
use super::words::words;

/// Months for which a change that we were not told of counts in the score, from the day on which
/// we learnt it.
const COUNTS: u32 = 12;

words! {
    /// What changed, as chapters of the view over time.
    pub enum ChangeKind {
        Holds = "holds" => "What it holds of ours",
        Entry = "entry" => "How it reaches our information",
        Place = "place" => "Where information is kept and seen",
        Companies = "companies" => "Other companies it uses",
        Use = "use" => "What it uses information for",
        Ai = "ai" => "Artificial intelligence",
        Protection = "protection" => "How it protects information",
        Certificates = "certificates" => "Certificates and reports",
        Promises = "promises" => "What it promises us",
        People = "people" => "Who works there, and who is in charge",
        Company = "company" => "The company itself",
    }
}
words! {
    /// Where we learnt it.
    pub enum ChangeSource {
        Answer = "answer" => "A signed reply",
        Notice = "notice" => "A change notice",
        Agreement = "agreement" => "The agreement",
        Record = "record" => "Our own record",
    }
}
words! {
    /// Whether the vendor told us by itself, as we ask it to.
    pub enum Telling {
        Told = "told" => "Told us by a change notice",
        Untold = "untold" => "No notice told us",
        Otherwise = "otherwise" => "Told us another way",
        Confirmed = "confirmed" => "Did not tell us",
        NotOwed = "not-owed" => "We wrote it down ourselves",
    }
}
words! {
    /// What a person makes of it.
    pub enum Verdict {
        Seen = "seen" => "Seen, nothing to do",
        Asked = "asked" => "Asked about",
        Acceptable = "acceptable" => "Acceptable",
        ActOn = "act-on" => "We act on it",
    }
}

impl Verdict {
    /// Whether something is still to come of it.
    pub const fn is_in_hand(self) -> bool {
        matches!(self, Self::Asked | Self::ActOn)
    }
}

impl Telling {
    /// Whether a person is to say if the vendor told us: no notice did.
    pub const fn is_open_to_say(self) -> bool {
        matches!(self, Self::Untold | Self::Otherwise | Self::Confirmed)
    }
}

impl ChangeKind {
    /// What a question of the self-assessment is about, or a part of the profile.
    pub fn of_subject(subject: &str) -> Self {
        match subject {
            "profile.elements" | "profile.volume" | "profile.criticality" => Self::Holds,
            "profile.access" | "tec.remote-entry" | "tec.second-factor" => Self::Entry,
            "profile.offshore" | "terms.offshore" => Self::Place,
            "profile.subs" | "terms.subcontractors" => Self::Companies,
            "prv.ai" => Self::Ai,
            "org.certificates" => Self::Certificates,
            "org.officer" => Self::People,
            "inc.tell-us.hours" | "prv.end" | "terms.hours" => Self::Promises,
            _ if subject.starts_with("off.") => Self::Place,
            _ if subject.starts_with("sub.") => Self::Companies,
            _ if subject.starts_with("prv.") => Self::Use,
            _ => Self::Protection,
        }
    }

    /// What a kind of notice is about; none where nothing is handled differently: an incident is
    /// a record of its own.
    pub const fn of_notice(kind: NoticeKind) -> Option<Self> {
        use NoticeKind as K;
        Some(match kind {
            K::SubcontractorAdded | K::SubcontractorReplaced | K::SubcontractorRemoved => Self::Companies,
            K::HostingMoved | K::OffshoreStarted | K::OffshoreStopped => Self::Place,
            K::UseNew => Self::Use,
            K::ElementsAdded => Self::Holds,
            K::AiStarted => Self::Ai,
            K::OwnershipChanged | K::ServiceEnding | K::ExclusionFound => Self::Company,
            K::CertificateLost | K::CertificateLapsed | K::CertificateNarrowed => Self::Certificates,
            K::RemoteAccessNew | K::RemoteAccessChanged => Self::Entry,
            K::OfficerChanged | K::WorkforceModel => Self::People,
            K::SelfCheckFailed => Self::Protection,
            K::IncidentSuspected | K::ContingencyActivated | K::Nothing => return None,
        })
    }

    /// How much such a change matters before anybody has looked, as a notice of it would.
    pub const fn materiality(self) -> Materiality {
        match self {
            Self::Holds | Self::Entry | Self::Place | Self::Companies | Self::Use | Self::Ai => Materiality::High,
            Self::Protection | Self::Certificates | Self::Promises | Self::Company => Materiality::Medium,
            Self::People => Materiality::Low,
        }
    }
}

/// What a person said of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    pub verdict: Verdict,
    pub why: String,
    pub by: String,
    pub on: NaiveDate,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub id: ChangeId,
    pub vendor: VendorId,
    pub kind: ChangeKind,
    pub source: ChangeSource,
    /// The reply, notice or version of the agreement in which it shows.
    pub source_id: String,
    /// What it is about within its source: a question, a kind of notice, a term.
    pub subject: String,
    /// The same in words.
    pub about: String,
    /// Empty where the source says only what is new.
    pub was: String,
    pub became: String,
    /// The day of the earlier source.
    pub was_on: Option<NaiveDate>,
    /// Since when it is so, as far as somebody said.
    pub since: Option<NaiveDate>,
    pub learnt_on: NaiveDate,
    pub materiality: Materiality,
    pub telling: Telling,
    /// The reference of the notice that told us.
    pub told_by: String,
    pub look: Option<Look>,
    /// The newer version of its source says otherwise.
    pub withdrawn_on: Option<NaiveDate>,
}

impl Change {
    /// `Stores records outside the US: yes in 2026, no in 2025`.
    pub fn says(&self) -> String {
        match (self.source, self.was_on) {
            (ChangeSource::Notice, _) => {
                let from = self.since.map(|on| format!(", from {}", civil_date::say(on))).unwrap_or_default();
                format!("{}{from}", self.became)
            }
            (_, Some(before)) => {
                let (then, now) = compare::names(before, self.learnt_on);
                format!("{}: {} in {now}, {} in {then}", self.about, self.became, self.was)
            }
            (_, None) => format!("{}: {}, before that {}", self.about, self.became, self.was),
        }
    }

    /// The same, and that no notice told us where none did.
    pub fn sentence(&self) -> String {
        let told = match self.telling {
            Telling::Untold => "; no notice told us",
            Telling::Confirmed => "; it did not tell us",
            Telling::Told | Telling::Otherwise | Telling::NotOwed => "",
        };
        self.says() + told
    }

    /// The reply that said so, where one did; a version of it stands behind a colon.
    pub fn reply(&self) -> &str {
        self.source_id.split(':').next().unwrap_or_default()
    }

    /// Whether a person has still to look. A notice is looked at on its own page.
    pub fn is_to_look_at(&self) -> bool {
        self.look.is_none() && self.withdrawn_on.is_none()
    }

    /// The flag that it deserves; that of a notice is raised for the notice.
    pub fn fact(&self) -> Option<Fact> {
        (self.is_to_look_at() && self.source != ChangeSource::Notice).then(|| Fact {
            kind: FlagKind::Changed,
            subject: self.id.to_string(),
            sentence: self.sentence(),
        })
    }

    /// The first day on which it counts in the score no more; none where it never does.
    fn counts_until(&self) -> Option<NaiveDate> {
        let counts = self.telling == Telling::Confirmed && self.withdrawn_on.is_none();
        counts.then(|| self.learnt_on.checked_add_months(Months::new(COUNTS)).unwrap_or(NaiveDate::MAX))
    }
}

/// What changes mean for the score: each of which a person has said that the vendor kept it to
/// itself counts for a year. A difference alone is a candidate and never counts.
pub fn signals(changes: &[Change], today: NaiveDate) -> Vec<Signal> {
    let counting = changes.iter().filter(|one| one.counts_until().is_some_and(|until| today < until));
    counting.map(|_| Signal::UnreportedChange).collect()
}

/// The next day after `today` on which one of them stops counting.
pub fn next_turn(changes: &[Change], today: NaiveDate) -> Option<NaiveDate> {
    changes.iter().filter_map(Change::counts_until).filter(|until| *until > today).min()
}
