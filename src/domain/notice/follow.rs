//! What follows from a notice: flags that say what to do, and questions to answer afresh.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{ChangeNotice, Materiality, NoticeKind, within};
use crate::domain::civil_date;
use crate::domain::flags::{Fact, FlagKind};
use crate::domain::incident::clock;
use crate::domain::words::capital;

/// The facts of a notice that nobody has acknowledged: one for each kind of change.
pub fn facts(notice: &ChangeNotice, contract_hours: Option<u32>) -> Vec<Fact> {
    if notice.acknowledged.is_some() {
        return Vec::new();
    }
    let fact = |kind: NoticeKind| {
        let flag = match kind.materiality()? {
            Materiality::Urgent => FlagKind::NoticeUrgent,
            Materiality::High => FlagKind::NoticeHigh,
            Materiality::Medium => FlagKind::NoticeMedium,
            Materiality::Low => FlagKind::NoticeLow,
        };
        let sentence = format!(
            "Told us on {}: {}{}. {}",
            civil_date::say(notice.told_on),
            within(kind.says()),
            notice.effective_on().map(|on| format!(", from {}", civil_date::say(on))).unwrap_or_default(),
            capital(&task(notice, kind, contract_hours)),
        );
        // Two notices of one kind are two facts.
        Some(Fact { kind: flag, subject: format!("{}:{}", notice.id, kind.key()), sentence })
    };
    notice.kinds().into_iter().filter_map(fact).collect()
}

/// What the practice does about it.
fn task(notice: &ChangeNotice, kind: NoticeKind, contract_hours: Option<u32>) -> String {
    use NoticeKind as K;
    let fixed = match kind {
        K::SubcontractorAdded | K::SubcontractorReplaced => {
            "put the companies into its record, and ask whether each has signed its promises (45 CFR 164.502(e)(1)(ii))"
        }
        K::SubcontractorRemoved => "take the company out of its record, and ask what became of the copies there",
        K::HostingMoved => "check that the new place is allowed, and by when the old copy is destroyed",
        K::OffshoreStarted => "check what your contracts and your state allow, and bring its record up to date",
        K::OffshoreStopped => "bring its record up to date, and ask whether a copy stays there",
        K::UseNew => {
            "decide whether your agreement permits it before it starts, and share nothing for it until then (45 CFR 164.504(e)(2)(i))"
        }
        K::ElementsAdded => "bring its record up to date, so that its tier follows",
        K::AiStarted => {
            "ask who provides it, whether the provider has signed, and whether it learns from your information"
        }
        K::OwnershipChanged => "check with whom the agreement is, and have it signed anew where it names another",
        K::CertificateLost | K::CertificateLapsed | K::CertificateNarrowed => {
            "bring its documents up to date, and ask what stands in for it"
        }
        K::RemoteAccessNew | K::RemoteAccessChanged => "check the way in with whoever looks after your systems",
        K::OfficerChanged => "bring its contacts up to date",
        K::SelfCheckFailed => "agree on a day by which the gap is closed",
        K::WorkforceModel => "ask which rules and training cover it",
        K::ServiceEnding => {
            "begin its ending, with the return or destruction of every copy (45 CFR 164.504(e)(2)(ii)(J))"
        }
        K::ExclusionFound => "look the listing up, and decide whether it may go on working for you",
        K::IncidentSuspected | K::ContingencyActivated | K::Nothing => return timed(notice, kind, contract_hours),
    };
    fixed.to_owned()
}

/// What is done by a day.
fn timed(notice: &ChangeNotice, kind: NoticeKind, contract_hours: Option<u32>) -> String {
    let first = |cites: &str| {
        let clocks = clock::of(notice, contract_hours);
        clocks.into_iter().find(|one| one.cites.contains(cites)).map(|one| civil_date::say(one.by))
    };
    match kind {
        NoticeKind::IncidentSuspected => format!(
            "call them today; if it is a breach, patients hear of it by {} at the latest (45 CFR 164.404(b))",
            first("164.404").unwrap_or_default(),
        ),
        _ => "ask what you cannot do meanwhile, and when it is back".to_owned(),
    }
}

/// Why a question is to be answered afresh: by question, the newest reason. `since` is the day
/// of the last signed reply; older notices were answered with it.
pub fn ask_afresh(notices: &[ChangeNotice], since: Option<NaiveDate>) -> BTreeMap<&'static str, String> {
    let mut newest: Vec<&ChangeNotice> =
        notices.iter().filter(|notice| since.is_none_or(|since| notice.told_on >= since)).collect();
    newest.sort_by_key(|notice| (notice.signed.signed_at, notice.id));
    let mut reasons = BTreeMap::new();
    for notice in newest {
        for kind in notice.kinds() {
            for slug in kind.asks_afresh() {
                let says = format!("on {} of a change: {}", civil_date::say(notice.told_on), within(kind.says()));
                reasons.insert(*slug, says);
            }
        }
    }
    reasons
}
