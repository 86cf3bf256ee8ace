//! A change notice: the vendor says that its handling of our information changes, or that
//! something may have gone wrong (`domain/hipaa.md` 2.13). May come at any time; becomes
//! flags by how much it matters, questions to answer afresh, and clocks.

pub mod enclosed;
mod follow;
pub mod form;

pub use follow::{ask_afresh, facts};

use chrono::NaiveDate;

use super::answers::{Answers, Value};
use super::assessment::Attestation;
use super::civil_date;
use super::ids::{NoticeId, VendorId};
use super::words::words;

/// The form's name in the catalogue; its newest version is the one that is filled in.
pub const QUESTIONNAIRE: &str = "change-notice";
/// How many days a notice that was begun and never sent waits for its browser.
pub const DRAFT_DAYS: i64 = 30;

words! {
    /// What changes. The words are the form's.
    pub enum NoticeKind {
        SubcontractorAdded = "subcontractor.added" => "Another company starts to handle the information",
        SubcontractorReplaced = "subcontractor.replaced" => "A company that handles it is replaced",
        SubcontractorRemoved = "subcontractor.removed" => "A company that handles it stops",
        HostingMoved = "hosting.moved" => "The place where the information is kept moves",
        OffshoreStarted = "offshore.started" => "Storage or viewing outside the United States starts",
        OffshoreStopped = "offshore.stopped" => "Storage or viewing outside the United States stops",
        UseNew = "use.new" => "The information gets a new use",
        ElementsAdded = "elements.added" => "New kinds of information, or many more patients",
        AiStarted = "ai.started" => "An artificial-intelligence tool starts to handle the information",
        OwnershipChanged = "ownership.changed" => "The company gets a new owner",
        CertificateLost = "certificate.lost" => "A certificate or report is withdrawn",
        CertificateLapsed = "certificate.lapsed" => "A certificate or report has run out, or will not be renewed",
        CertificateNarrowed = "certificate.narrowed" => "A certificate or report covers less than before",
        RemoteAccessNew = "remote-access.new" => "A new way of entering the practice’s systems",
        RemoteAccessChanged = "remote-access.changed" => "A different way of entering the practice’s systems",
        OfficerChanged = "officer.changed" => "Another person is in charge of protecting the information",
        SelfCheckFailed = "self-check.failed" => "A self-check found a serious gap",
        IncidentSuspected = "incident.suspected" => "Information may have been lost, stolen, exposed or misused",
        ContingencyActivated = "contingency.activated" => "The emergency plan has been started",
        WorkforceModel = "workforce.model" => "People start to work from home, or work is given to outside people",
        ServiceEnding = "service.ending" => "The service ends",
        ExclusionFound = "exclusion.found" => "The company or one of its people is on a federal exclusion list",
        Nothing = "none" => "Nothing has changed",
    }
}
words! {
    /// The headings under which the kinds are offered.
    pub enum NoticeGroup {
        Wrong = "wrong" => "Something went wrong, or may have",
        People = "people" => "Who handles the information",
        Places = "places" => "Where it is kept, and how you reach it",
        Use = "use" => "What you have, and what is done with it",
        Company = "company" => "Your company and its certificates",
        Nothing = "nothing" => "Nothing",
    }
}

impl NoticeGroup {
    /// What belongs there, where the heading does not say it all; may be empty.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Wrong => "A suspicion is enough. Call the practice first.",
            Self::People => "Companies that help you, your own people, and who is in charge.",
            Self::Nothing => "Tick this on its own.",
            Self::Places | Self::Use | Self::Company => "",
        }
    }
}

words! {
    /// How much a change matters, worst first.
    pub enum Materiality {
        Urgent = "urgent" => "Urgent",
        High = "high" => "High",
        Medium = "medium" => "Medium",
        Low = "low" => "Low",
    }
}

impl NoticeKind {
    /// How much it matters before anybody has looked; none for "nothing has changed".
    pub const fn materiality(self) -> Option<Materiality> {
        use NoticeKind as K;
        Some(match self {
            K::IncidentSuspected | K::ContingencyActivated | K::ExclusionFound => Materiality::Urgent,
            K::SubcontractorAdded
            | K::SubcontractorReplaced
            | K::SubcontractorRemoved
            | K::HostingMoved
            | K::OffshoreStarted
            | K::OffshoreStopped
            | K::UseNew
            | K::ElementsAdded
            | K::AiStarted
            | K::RemoteAccessNew
            | K::RemoteAccessChanged
            | K::ServiceEnding => Materiality::High,
            K::OwnershipChanged
            | K::CertificateLost
            | K::CertificateLapsed
            | K::CertificateNarrowed
            | K::SelfCheckFailed
            | K::WorkforceModel => Materiality::Medium,
            K::OfficerChanged => Materiality::Low,
            K::Nothing => return None,
        })
    }

    /// The heading under which it is offered.
    pub const fn group(self) -> NoticeGroup {
        use NoticeKind as K;
        match self {
            K::IncidentSuspected | K::ContingencyActivated | K::SelfCheckFailed => NoticeGroup::Wrong,
            K::SubcontractorAdded
            | K::SubcontractorReplaced
            | K::SubcontractorRemoved
            | K::OfficerChanged
            | K::WorkforceModel => NoticeGroup::People,
            K::HostingMoved | K::OffshoreStarted | K::OffshoreStopped | K::RemoteAccessNew | K::RemoteAccessChanged => {
                NoticeGroup::Places
            }
            K::UseNew | K::ElementsAdded | K::AiStarted => NoticeGroup::Use,
            K::OwnershipChanged
            | K::CertificateLost
            | K::CertificateLapsed
            | K::CertificateNarrowed
            | K::ServiceEnding
            | K::ExclusionFound => NoticeGroup::Company,
            K::Nothing => NoticeGroup::Nothing,
        }
    }

    /// The questions of the self-assessment to answer afresh.
    pub const fn asks_afresh(self) -> &'static [&'static str] {
        use NoticeKind as K;
        match self {
            K::SubcontractorAdded | K::SubcontractorReplaced | K::SubcontractorRemoved => {
                &["sub.list", "sub.same-promises", "off.kept", "off.seen", "off.limits"]
            }
            K::HostingMoved => &["off.kept", "tec.encrypt.stored", "tec.separation", "adm.backup", "phy.disposal"],
            K::OffshoreStarted | K::OffshoreStopped => &["off.kept", "off.seen", "off.limits"],
            K::UseNew => &["prv.only-our-work", "prv.stripped", "prv.no-sale"],
            K::AiStarted => &["prv.ai", "sub.same-promises"],
            K::CertificateLost | K::CertificateLapsed | K::CertificateNarrowed => &["org.certificates"],
            K::RemoteAccessNew | K::RemoteAccessChanged => &["tec.remote-entry", "tec.second-factor"],
            K::OfficerChanged => &["org.officer"],
            K::WorkforceModel => &["phy.home-working", "off.seen"],
            K::ElementsAdded
            | K::OwnershipChanged
            | K::SelfCheckFailed
            | K::IncidentSuspected
            | K::ContingencyActivated
            | K::ServiceEnding
            | K::ExclusionFound
            | K::Nothing => &[],
        }
    }
}

/// The kinds that a form ticks, in the order of the list.
pub fn kinds(answers: &Answers) -> Vec<NoticeKind> {
    let Some(Value::Several(keys)) = answers.get(form::KIND).map(|answer| &answer.value) else { return Vec::new() };
    NoticeKind::ALL.iter().copied().filter(|kind| keys.contains(kind.key())).collect()
}

/// That a person of the practice has read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    pub on: NaiveDate,
    pub by: String,
    /// What was done about it.
    pub note: String,
}

/// A notice as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeNotice {
    pub id: NoticeId,
    pub vendor: VendorId,
    /// The form's full name, and its digest.
    pub questionnaire: String,
    pub digest: String,
    pub answers: Answers,
    pub signed: Attestation,
    /// The practice's day of the signature: the day we were told.
    pub told_on: NaiveDate,
    pub acknowledged: Option<Acknowledged>,
}

impl ChangeNotice {
    pub fn kinds(&self) -> Vec<NoticeKind> {
        kinds(&self.answers)
    }

    /// The worst of its kinds; none when nothing has changed.
    pub fn materiality(&self) -> Option<Materiality> {
        self.kinds().into_iter().filter_map(NoticeKind::materiality).min()
    }

    /// Since when nothing has changed, where it says so.
    pub fn unchanged_since(&self) -> Option<NaiveDate> {
        self.kinds().contains(&NoticeKind::Nothing).then(|| day(&self.answers, "none.since")).flatten()
    }

    /// When the change takes effect, as far as it says.
    pub fn effective_on(&self) -> Option<NaiveDate> {
        day(&self.answers, "effective.on")
    }

    /// The kinds in a row: `the company gets a new owner; the service ends`.
    pub fn says(&self) -> String {
        said(&self.kinds())
    }
}

/// The kinds in a row, each as it goes on in a sentence.
pub fn said(kinds: &[NoticeKind]) -> String {
    kinds.iter().map(|kind| within(kind.says())).collect::<Vec<_>>().join("; ")
}

/// Without the great letter of a beginning.
fn within(says: &str) -> String {
    let mut letters = says.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

/// The day that answers a question.
pub fn day(answers: &Answers, slug: &str) -> Option<NaiveDate> {
    match answers.get(slug)?.value {
        Value::Date(day) => Some(day),
        _ => None,
    }
}

/// The words that answer a question.
pub fn text<'a>(answers: &'a Answers, slug: &str) -> Option<&'a str> {
    match &answers.get(slug)?.value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// When they last said that nothing has changed, and since when: the in-between check begins
/// anew on that day. Of several notices the newest counts; a change told later ends it.
pub fn last_unchanged(notices: &[ChangeNotice]) -> Option<(NaiveDate, NaiveDate)> {
    let newest = notices.iter().max_by_key(|notice| (notice.signed.signed_at, notice.id))?;
    Some((newest.told_on, newest.unchanged_since()?))
}

/// How a notice is called in a sentence: `CN-K7QM-2RXA of November 22, 2026`.
pub fn name(notice: &ChangeNotice) -> String {
    format!("{} of {}", notice.signed.reference, civil_date::say(notice.told_on))
}

#[cfg(test)]
mod tests;
