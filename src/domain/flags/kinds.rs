//! Every kind of flag in one table: what is looked for, the sentence it makes, where that
//! comes from, and what closes it. The page “What we look for” shows the whole of it.

use super::Severity;
use crate::domain::words::words;

words! {
    /// What a flag is about.
    pub enum FlagKind {
        HardStop = "hard-stop" => "Do not share",
        CriticalFailed = "critical-failed" => "Critical answer",
        LegalLimit = "legal-limit" => "Later than the law allows",
        ExceptionStale = "exception-stale" => "Acceptance of a gap no longer holds",
        Changed = "changed" => "Changed how it handles data",
        Outgrown = "outgrown" => "Holds more than it was asked about",
        Contradicts = "contradicts" => "Answers differ from our record",
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
        RecheckLate = "recheck-late" => "Asked again, no answer",
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
            FlagKind::ExceptionStale
            | FlagKind::Changed
            | FlagKind::Contradicts
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
            | FlagKind::RecheckLate
            | FlagKind::SignedElsewhere
            | FlagKind::DecideAgain
            | FlagKind::TierAgain => Severity::Medium,
            FlagKind::AgreementEndsSoon | FlagKind::DocumentEndsSoon | FlagKind::NoticeLow | FlagKind::NoAddress => {
                Severity::Low
            }
        }
    }

    /// What is looked for, and what closes the flag.
    pub const fn rule(self) -> Rule {
        match self {
            FlagKind::HardStop => Rule {
                looks_for: "An answer without which we should not share anything",
                says: "Signed our agreement: No",
                source: "45 CFR 164.502(e), 164.504(e)",
                ends: "the answer is corrected, the next signed reply differs, or somebody accepts it until a day",
            },
            FlagKind::CriticalFailed => Rule {
                looks_for: "An answer that decides much and is No, blank, not known or only planned",
                says: "Encrypts stored copies: No",
                source: "the question names its paragraph",
                ends: "the answer is corrected, the next signed reply differs, or somebody accepts it until a day",
            },
            FlagKind::LegalLimit => Rule {
                looks_for: "A promise that is later than the law allows",
                says: "Tells us of incidents within: 75 days, and the law allows 60 at most",
                source: "45 CFR 164.410(b)",
                ends: "the answer or the agreement is put right",
            },
            FlagKind::ExceptionStale => Rule {
                looks_for: "A gap that was accepted until a day that has passed, or while the rating was another",
                says: "Dana Whitfield accepted “Trains every worker yearly: No”; that held until May 2, 2026",
                source: "good practice",
                ends: "somebody accepts it anew or ends the acceptance, or the gap is closed",
            },
            FlagKind::Changed => Rule {
                looks_for: "A reply, a version of the agreement or our own record that says otherwise than before how information is handled",
                says: "Stores records outside the US: yes in 2026, no in 2025; no notice told us",
                source: "good practice; 45 CFR 164.308(a)(8) asks to look again when things change",
                ends: "somebody says what is made of it, or the reply is put right",
            },
            FlagKind::Contradicts => Rule {
                looks_for: "Answers that do not fit what we have on record",
                says: "Lets people abroad view records: yes; our record says nothing leaves the US",
                source: "good practice",
                ends: "our record is brought up to date, or the answer is",
            },
            FlagKind::Outgrown => Rule {
                looks_for: "A vendor that holds more than when it was asked, so that questions were never put to it",
                says: "Holds more of our information than when it was asked; 6 questions were never put to it",
                source: "45 CFR 164.308(a)(8)",
                ends: "it has answered them",
            },
            FlagKind::AgreementMissing => Rule {
                looks_for: "A business associate without an agreement",
                says: "No business associate agreement on record",
                source: "45 CFR 164.308(b)(3), 164.502(e)(2)",
                ends: "a signed agreement is recorded",
            },
            FlagKind::AgreementEnded => Rule {
                looks_for: "An agreement past its end",
                says: "The agreement ended on March 1, 2026",
                source: "45 CFR 164.308(b)(3)",
                ends: "a signed renewal is recorded",
            },
            FlagKind::AgreementEndsSoon => Rule {
                looks_for: "An agreement within 60 days of its end",
                says: "The agreement ends on March 1, 2026",
                source: "good practice",
                ends: "a renewal is recorded, or it ends",
            },
            FlagKind::AgreementLacksTerm => Rule {
                looks_for: "A term that the law or your practice asks for, marked as missing in the agreement",
                says: "The agreement does not say that breaches are reported",
                source: "45 CFR 164.504(e)(2)",
                ends: "the checklist of the version in force says that it is there",
            },
            FlagKind::DocumentEnded => Rule {
                looks_for: "A certificate or another paper past its end",
                says: "SOC 2 report ended on June 30, 2026",
                source: "good practice; 45 CFR 164.308(a)(8)",
                ends: "a newer one is filed, or it is taken off the pages",
            },
            FlagKind::DocumentEndsSoon => Rule {
                looks_for: "A certificate or another paper within 60 days of its end",
                says: "SOC 2 report ends on June 30, 2026",
                source: "good practice",
                ends: "a newer one is filed, or it ends",
            },
            FlagKind::NoReply => Rule {
                looks_for: "A questionnaire past its due day and the days of grace",
                says: "Has not answered the questionnaire that was due on December 22, 2026",
                source: "good practice: no rule in force asks for a yearly questionnaire",
                ends: "it answers",
            },
            FlagKind::OutOfDate => Rule {
                looks_for: "A last assessment older than a year",
                says: "The last assessment, of November 1, 2025, is more than a year old",
                source: "good practice; 45 CFR 164.308(a)(8)",
                ends: "it answers anew",
            },
            FlagKind::Undelivered => Rule {
                looks_for: "A letter that the mail server refused",
                says: "The last letter to pat@vendor.example was not delivered: mailbox unknown",
                source: "good practice",
                ends: "a later letter arrives, or somebody else is asked",
            },
            FlagKind::NoAddress => Rule {
                looks_for: "A vendor to be asked without an e-mail address",
                says: "No e-mail address to send the questionnaire to",
                source: "good practice",
                ends: "an address is added",
            },
            FlagKind::EndingOpen => Rule {
                looks_for: "A vendor whose last day has passed while its ending is not finished",
                says: "The last day was March 1, 2026; return or destruction is not confirmed",
                source: "45 CFR 164.504(e)(2)(ii)(J)",
                ends: "the checklist is finished",
            },
            FlagKind::SubcontractorHoldsMore => Rule {
                looks_for: "A company below a vendor that holds more, or elsewhere, than the vendor’s record says",
                says: "Cobalt Ledger Cloud keeps records abroad; the record of the vendor says nothing leaves the US",
                source: "45 CFR 164.502(e)(1)(ii)",
                ends: "the records agree",
            },
            FlagKind::AddressUnusable => Rule {
                looks_for: "A preferred contact whose address bounced or does not want letters",
                says: "Letters to pat@vendor.example bounce",
                source: "good practice",
                ends: "another person is preferred, or the address works again",
            },
            FlagKind::DecideAgain => Rule {
                looks_for: "The question whether a company is a business associate, when its day has come",
                says: "Decided on May 2, 2025 that it is none; look again",
                source: "45 CFR 160.103",
                ends: "somebody decides",
            },
            FlagKind::TierAgain => Rule {
                looks_for: "A tier that was lowered by hand and that the vendor has outgrown",
                says: "Was set to tier 3 by hand, and now holds enough for tier 1",
                source: "good practice",
                ends: "somebody sets the tier, or takes the reason back",
            },
            FlagKind::SignedElsewhere => Rule {
                looks_for: "A signature with an address at a domain that is none of the vendor’s",
                says: "Signed by someone at gmail.com, which is none of its domains",
                source: "good practice; 45 CFR 164.514(h)(1) for who may ask",
                ends: "somebody settles it, or the next reply is signed from its own domain",
            },
            FlagKind::RecheckLate => Rule {
                looks_for: "A half-year check, or questions that a change touches, without an answer when it was wanted",
                says: "The half-year check of 20 questions was sent on May 2, 2026 and wanted by June 1, 2026; it is not signed",
                source: "good practice; 45 CFR 164.308(a)(8) asks to look again when things change",
                ends: "the vendor signs, somebody ends it, or the yearly questionnaire goes out",
            },
            FlagKind::SentBack => Rule {
                looks_for: "A signed reply with questions sent back that were not signed again",
                says: "2 questions were sent back on May 2, 2026",
                source: "good practice",
                ends: "it signs again, or the questions are withdrawn",
            },
            FlagKind::NoticeUrgent => Rule {
                looks_for: "A change notice about an incident, a started emergency plan or an exclusion, that nobody has acknowledged",
                says: "Told us on May 2, 2026: information may have been lost, stolen, exposed or misused",
                source: "45 CFR 164.410, 164.404",
                ends: "somebody acknowledges the notice",
            },
            FlagKind::NoticeHigh => Rule {
                looks_for: "A change notice that bears on where information is or what it is used for",
                says: "Told us on May 2, 2026: the place where the information is kept moves",
                source: "good practice; 45 CFR 164.308(a)(8)",
                ends: "somebody acknowledges the notice",
            },
            FlagKind::NoticeMedium => Rule {
                looks_for: "A change notice about an owner, a certificate, a self-check or how people work",
                says: "Told us on May 2, 2026: the company gets a new owner",
                source: "good practice",
                ends: "somebody acknowledges the notice",
            },
            FlagKind::NoticeLow => Rule {
                looks_for: "A change notice about who is in charge",
                says: "Told us on May 2, 2026: another person is in charge of protecting the information",
                source: "good practice",
                ends: "somebody acknowledges the notice",
            },
            FlagKind::SomeoneElse => Rule {
                looks_for: "Word that another person should answer",
                says: "Kim Lee says that another person should answer",
                source: "good practice",
                ends: "somebody takes the proposal up, or notes it",
            },
            FlagKind::IncidentOverdue => Rule {
                looks_for: "A notice after an incident that is not marked as made by its last day",
                says: "Of the incident told on May 2, 2026, this was due on July 1, 2026: write to the patients",
                source: "45 CFR 164.404, 164.406, 164.408, 164.412",
                ends: "the step is marked as done, an assessment finds no breach, or the incident is closed",
            },
            FlagKind::IncidentOpen => Rule {
                looks_for: "An incident of a vendor that is not closed",
                says: "An incident told on May 2, 2026 is open. Next: write to the patients by July 1, 2026",
                source: "45 CFR 164.402, 164.414(b)",
                ends: "somebody closes it with a reason",
            },
            FlagKind::ActionOverdue => Rule {
                looks_for: "Something that a vendor was to put right, past its day and without a word of it",
                says: "“Trains every worker yearly” was to be put right by May 2, 2026",
                source: "45 CFR 164.504(e)(1)(ii) where we know of a breach of its promises; else good practice",
                ends: "the vendor replies, somebody verifies or cancels it, or the day is moved",
            },
            FlagKind::ActionAnswered => Rule {
                looks_for: "Something that a vendor says it has put right, and nobody has looked at",
                says: "Says that 2 things are put right; verify it",
                source: "good practice",
                ends: "somebody verifies it, sends it back or cancels it",
            },
        }
    }

    /// Whether the fact is a thing that happened, which a person settles once and for all on the
    /// flag itself. Of what still is so, a person may only take note, until a day.
    pub const fn happened(self) -> bool {
        matches!(self, FlagKind::SignedElsewhere)
    }

    /// Where it is answered, for kinds that have a page of their own for that.
    pub const fn answered_at(self) -> Option<AnsweredAt> {
        Some(match self {
            FlagKind::NoticeUrgent | FlagKind::NoticeHigh | FlagKind::NoticeMedium | FlagKind::NoticeLow => {
                AnsweredAt::Notice
            }
            FlagKind::Changed => AnsweredAt::Change,
            FlagKind::ExceptionStale => AnsweredAt::Gap,
            FlagKind::SomeoneElse => AnsweredAt::Vendor,
            FlagKind::IncidentOverdue | FlagKind::IncidentOpen => AnsweredAt::Incident,
            FlagKind::ActionOverdue => AnsweredAt::Action,
            FlagKind::ActionAnswered => AnsweredAt::ActionsToVerify,
            _ => return None,
        })
    }
}

/// The page on which a flag is answered that has no forms of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnsweredAt {
    Notice,
    Change,
    Gap,
    Vendor,
    Incident,
    Action,
    ActionsToVerify,
}

/// What a kind of flag looks for. Parts of sentences, without a full stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    pub looks_for: &'static str,
    /// A sentence that it makes.
    pub says: &'static str,
    /// The paragraph behind it, or that it is good practice.
    pub source: &'static str,
    /// Goes on from "Closes when".
    pub ends: &'static str,
}
