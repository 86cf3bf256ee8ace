//! Flags: something a person should look at. One for one fact; raised once, closed by
//! itself when the fact no longer holds, and kept with its dates.

use chrono::NaiveDate;

use super::ids::{FlagId, VendorId};
use super::words::words;

words! {
    /// What a flag is about.
    pub enum FlagKind {
        HardStop = "hard-stop" => "Do not share",
        CriticalFailed = "critical-failed" => "Critical answer",
        LegalLimit = "legal-limit" => "Later than the law allows",
        Changed = "changed" => "Changed how it handles data",
        Outgrown = "outgrown" => "Holds more than it was asked about",
        AgreementMissing = "agreement-missing" => "Agreement missing",
        AgreementEnded = "agreement-ended" => "Agreement ended",
        AgreementEndsSoon = "agreement-ends-soon" => "Agreement ends soon",
        AgreementLacksTerm = "agreement-lacks-term" => "Agreement lacks a term",
        DocumentEnded = "document-ended" => "Document ended",
        DocumentEndsSoon = "document-ends-soon" => "Document ends soon",
        NoReply = "no-reply" => "No reply",
        OutOfDate = "out-of-date" => "Assessment out of date",
        Undelivered = "undelivered" => "Letter not delivered",
        NoAddress = "no-address" => "No address to ask",
        EndingOpen = "ending-open" => "Ending not finished",
        SubcontractorHoldsMore = "subcontractor-holds-more" => "Subcontractor holds more",
        AddressUnusable = "address-unusable" => "Address does not work",
        DecideAgain = "decide-again" => "Decide again: business associate?",
        TierAgain = "tier-again" => "Look at the tier again",
        SignedElsewhere = "signed-elsewhere" => "Signed from another domain",
        SentBack = "sent-back" => "Questions sent back",
        NoticeUrgent = "notice-urgent" => "Urgent change notice",
        NoticeHigh = "notice-high" => "Grave change notice",
        NoticeMedium = "notice-medium" => "Change notice",
        NoticeLow = "notice-low" => "Small change notice",
        SomeoneElse = "someone-else" => "Someone else should answer",
        IncidentOverdue = "incident-overdue" => "Incident: a step is overdue",
        IncidentOpen = "incident-open" => "Incident open",
        ActionOverdue = "action-overdue" => "Corrective action overdue",
        ActionAnswered = "action-answered" => "Corrective action to verify",
    }
}
words! {
    /// How much it matters.
    pub enum Severity {
        High = "high" => "Act now",
        Medium = "medium" => "Act soon",
        Low = "low" => "Keep in mind",
    }
}

impl Severity {
    /// 1 for the worst: how lists sort.
    pub const fn rank(self) -> i32 {
        match self {
            Severity::High => 1,
            Severity::Medium => 2,
            Severity::Low => 3,
        }
    }
}

impl FlagKind {
    pub fn severity(self) -> Severity {
        match self {
            FlagKind::HardStop
            | FlagKind::CriticalFailed
            | FlagKind::LegalLimit
            | FlagKind::AgreementMissing
            | FlagKind::AgreementEnded
            | FlagKind::NoticeUrgent
            | FlagKind::NoticeHigh
            | FlagKind::IncidentOverdue
            | FlagKind::EndingOpen => Severity::High,
            FlagKind::Changed
            | FlagKind::Outgrown
            | FlagKind::DocumentEnded
            | FlagKind::AgreementLacksTerm
            | FlagKind::NoReply
            | FlagKind::OutOfDate
            | FlagKind::SubcontractorHoldsMore
            | FlagKind::Undelivered
            | FlagKind::AddressUnusable
            | FlagKind::NoticeMedium
            | FlagKind::SomeoneElse
            | FlagKind::IncidentOpen
            | FlagKind::ActionOverdue
            | FlagKind::ActionAnswered
            | FlagKind::SentBack
            | FlagKind::SignedElsewhere
            | FlagKind::DecideAgain
            | FlagKind::TierAgain => Severity::Medium,
            FlagKind::AgreementEndsSoon | FlagKind::DocumentEndsSoon | FlagKind::NoticeLow | FlagKind::NoAddress => {
                Severity::Low
            }
        }
    }
}

/// A fact that holds today and deserves a flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub kind: FlagKind,
    /// What it is about within its kind: a question's slug; empty where the kind says all.
    pub subject: String,
    /// The whole of it as a sentence without a full stop.
    pub sentence: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    pub id: FlagId,
    pub vendor: VendorId,
    pub kind: FlagKind,
    pub subject: String,
    pub sentence: String,
    pub raised_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
}

/// What to do so that the open flags are exactly today's facts.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    pub raise: Vec<Fact>,
    pub close: Vec<FlagId>,
    /// Flags whose fact still holds and now reads differently.
    pub reword: Vec<(FlagId, String)>,
}

/// Compares the open flags of one vendor with the facts that hold.
pub fn reconcile(open: &[Flag], facts: &[Fact]) -> Reconciled {
    let same = |flag: &Flag, fact: &Fact| flag.kind == fact.kind && flag.subject == fact.subject;
    let mut todo = Reconciled::default();
    for flag in open {
        match facts.iter().find(|fact| same(flag, fact)) {
            None => todo.close.push(flag.id),
            Some(fact) if fact.sentence != flag.sentence => todo.reword.push((flag.id, fact.sentence.clone())),
            Some(_) => {}
        }
    }
    todo.raise = facts.iter().filter(|fact| !open.iter().any(|flag| same(flag, fact))).cloned().collect();
    todo
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(kind: FlagKind, subject: &str) -> Fact {
        Fact { kind, subject: subject.to_owned(), sentence: format!("{kind} {subject}") }
    }

    fn flag(fact: &Fact) -> Flag {
        Flag {
            id: FlagId::fresh(),
            vendor: VendorId::fresh(),
            kind: fact.kind,
            subject: fact.subject.clone(),
            sentence: fact.sentence.clone(),
            raised_on: NaiveDate::MIN,
            closed_on: None,
        }
    }

    #[test]
    fn a_fact_that_holds_on_is_flagged_once() {
        let silent = fact(FlagKind::NoReply, "");
        assert_eq!(reconcile(&[flag(&silent)], std::slice::from_ref(&silent)), Reconciled::default());
    }

    #[test]
    fn a_flag_closes_when_its_fact_is_gone_and_another_is_raised() {
        let (gone, new) = (flag(&fact(FlagKind::Changed, "off.kept")), fact(FlagKind::Changed, "prv.ai"));
        let todo = reconcile(std::slice::from_ref(&gone), std::slice::from_ref(&new));
        assert_eq!((todo.close, todo.raise), (vec![gone.id], vec![new]));
    }
}
