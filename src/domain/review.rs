//! The review of a signed reply by a person of the practice: what was decided about single
//! answers, and whether the reply was accepted. Decisions stand beside the signed answers,
//! never in them, and hold as long as the answer is the one that was looked at: so they carry
//! over to a version that was signed later, answer by answer.

pub mod form;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::answers::support::{Files, Supporting};
use super::answers::{Answer, Answers, Evidence, NaDecision, Value};
use super::correction::{Correction, Occasion};
use super::ids::DocumentId;
use super::words::words;

words! {
    /// Whether a person has looked at a vendor's newest reply.
    pub enum ReviewState {
        None = "none" => "Nothing to review",
        Waiting = "waiting" => "To review",
        /// Questions of it went back to the vendor.
        Returned = "returned" => "Sent back",
        Accepted = "accepted" => "Accepted",
    }
}

impl ReviewState {
    /// The rating may still change by what a person finds.
    pub const fn is_provisional(self) -> bool {
        matches!(self, ReviewState::Waiting | ReviewState::Returned)
    }
}

/// Who ruled, when, and which signed version lay before them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruled {
    pub by: String,
    /// The practice's day.
    pub on: NaiveDate,
    /// SHA-256 of what was signed.
    pub signed: String,
}

/// What was decided on "does not apply".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NaRuling {
    pub accepted: bool,
    #[serde(flatten)]
    pub ruled: Ruled,
}

/// The files under an answer that were read, and found to show what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub documents: BTreeSet<DocumentId>,
    #[serde(flatten)]
    pub ruled: Ruled,
}

/// What was decided about one answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// [`mark`] of the answer that it is about.
    pub mark: String,
    pub na: Option<NaRuling>,
    pub check: Option<Check>,
}

impl Decision {
    /// Whether this is still the answer that was decided on.
    pub fn holds(&self, answer: &Answer) -> bool {
        self.mark == mark(answer)
    }

    /// Whether a file that was checked still stands under the answer, in date.
    pub fn is_checked(&self, files: &[Supporting], today: NaiveDate) -> bool {
        let Some(check) = &self.check else { return false };
        files.iter().any(|file| !file.removed && file.in_date(today) && check.documents.contains(&file.document))
    }
}

/// The decisions by question.
pub type Decisions = BTreeMap<String, Decision>;

/// An acceptance of a signed version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// SHA-256 of what was signed.
    pub signed: String,
    pub by: String,
    pub at: DateTime<Utc>,
    /// The practice's day.
    pub on: NaiveDate,
}

/// SHA-256, in hex, of what an answer says: whose hand it came from and what stands behind it
/// are no part of that.
pub fn mark(answer: &Answer) -> String {
    let plain = Answer { na: NaDecision::Pending, evidence: Evidence::Assertion, taken_over: None, ..answer.clone() };
    let json = serde_json::to_vec(&plain).unwrap_or_default();
    Sha256::digest(json).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The answers with what was decided about them, as of `today`: an accepted "does not apply"
/// leaves the score, and a checked file in date counts in full. What the vendor itself wrote
/// there counts for nothing.
pub fn over(answers: &Answers, files: &Files, decisions: &Decisions, today: NaiveDate) -> Answers {
    let mut decided = answers.clone();
    for (slug, decision) in decisions {
        let Some(answer) = decided.get_mut(slug).filter(|answer| decision.holds(answer)) else { continue };
        if let Some(ruling) = decision.na.as_ref().filter(|_| answer.value == Value::NotApplicable) {
            answer.na = if ruling.accepted { NaDecision::Accepted } else { NaDecision::Rejected };
        }
        if decision.is_checked(files.get(slug).map_or(&[], Vec::as_slice), today) {
            answer.evidence = Evidence::Checked;
        }
    }
    decided
}

/// The files under an answer that a person could check today: in date, on our pages, and open
/// to be read.
pub fn checkable(files: &[Supporting], today: NaiveDate) -> BTreeSet<DocumentId> {
    let there = |file: &&Supporting| !file.removed && file.in_date(today) && file.scan.may_be_served();
    files.iter().filter(there).map(|file| file.document).collect()
}

/// Where the review of a reply stands. `signed` is the SHA-256 of the version in force.
pub fn state(signed: Option<&str>, newest: Option<&Reviewed>, correction: Option<&Correction>) -> ReviewState {
    match signed {
        None => ReviewState::None,
        Some(signed) if newest.is_some_and(|one| one.signed == signed) => ReviewState::Accepted,
        Some(_) if correction.is_some_and(|open| open.ended.is_none() && open.occasion == Occasion::Returned) => {
            ReviewState::Returned
        }
        Some(_) => ReviewState::Waiting,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::answers::{Grade, support};
    use crate::domain::document::Scan;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn ruled() -> Ruled {
        Ruled { by: "Dana".to_owned(), on: day("2026-11-22"), signed: "v1".to_owned() }
    }

    fn file(ends_on: Option<NaiveDate>, scan: Scan) -> Supporting {
        Supporting {
            document: DocumentId::fresh(),
            name: "SOC 2.pdf".to_owned(),
            size: 1,
            sha256: String::new(),
            scan,
            ends_on,
            removed: false,
        }
    }

    fn na(reason: &str) -> Answer {
        Answer { reason: Some(reason.to_owned()), ..Answer::of(Value::NotApplicable) }
    }

    #[test]
    fn a_decision_holds_until_the_vendor_says_something_else() {
        let ruling = NaRuling { accepted: true, ruled: ruled() };
        let decision = Decision { mark: mark(&na("No paper")), na: Some(ruling), check: None };
        let decisions = Decisions::from([("a".to_owned(), decision)]);
        let decided = |answer: Answer| {
            let answers = Answers::from([("a".to_owned(), answer)]);
            over(&answers, &Files::new(), &decisions, day("2026-11-22"))["a"].na
        };
        assert_eq!(decided(na("No paper")), NaDecision::Accepted);
        assert_eq!(decided(Answer { taken_over: Some(day("2026-01-01")), ..na("No paper") }), NaDecision::Accepted);
        assert_eq!(decided(na("Hardly any paper")), NaDecision::Pending);
        assert_eq!(decided(Answer::of(Value::Grade(Grade::No))), NaDecision::Pending);
    }

    #[test]
    fn a_checked_file_counts_in_full_until_it_ends_and_then_as_files_do() {
        let paper = file(Some(day("2026-12-31")), Scan::Clean);
        let answer = Answer::of(Value::Grade(Grade::Yes));
        let check = Check { documents: [paper.document].into(), ruled: ruled() };
        let decisions =
            Decisions::from([("a".to_owned(), Decision { mark: mark(&answer), na: None, check: Some(check) })]);
        let answers = Answers::from([("a".to_owned(), answer)]);
        let level = |files: &[Supporting], today: &str| {
            let (files, today) = (Files::from([("a".to_owned(), files.to_vec())]), day(today));
            over(&support::supported(&answers, &files, today), &files, &decisions, today)["a"].evidence
        };
        let other = file(None, Scan::Clean);
        assert_eq!(level(std::slice::from_ref(&paper), "2026-12-31"), Evidence::Checked);
        assert_eq!(level(std::slice::from_ref(&paper), "2027-01-01"), Evidence::Narrative);
        assert_eq!(level(&[paper.clone(), other.clone()], "2027-01-01"), Evidence::Document);
        assert_eq!(level(&[other], "2026-12-31"), Evidence::Document, "another file was never checked");
        assert_eq!(level(&[Supporting { removed: true, ..paper }], "2026-12-31"), Evidence::Assertion);
    }

    #[test]
    fn a_file_that_waits_for_the_scanner_cannot_be_checked() {
        let (read, held) = (file(None, Scan::Clean), file(None, Scan::NotScanned));
        let past = file(Some(day("2026-01-01")), Scan::Clean);
        assert_eq!(checkable(&[read.clone(), held, past], day("2026-11-22")), [read.document].into());
    }

    #[test]
    fn a_version_signed_later_is_to_be_reviewed_again() {
        let accepted =
            Reviewed { signed: "v1".to_owned(), by: "Dana".to_owned(), at: DateTime::default(), on: day("2026-11-22") };
        assert_eq!(state(None, None, None), ReviewState::None);
        assert_eq!(state(Some("v1"), None, None), ReviewState::Waiting);
        assert_eq!(state(Some("v1"), Some(&accepted), None), ReviewState::Accepted);
        assert_eq!(state(Some("v2"), Some(&accepted), None), ReviewState::Waiting);
    }

    proptest! {
        #[test]
        fn decisions_never_take_evidence_away(
            before in proptest::sample::select(Evidence::ALL),
            checked in any::<bool>(),
            ended in any::<bool>(),
        ) {
            let today = day("2026-11-22");
            let paper = file(Some(if ended { day("2026-11-21") } else { today }), Scan::Clean);
            let answer = Answer { evidence: before, ..Answer::of(Value::Grade(Grade::Yes)) };
            let documents = if checked { [paper.document].into() } else { BTreeSet::new() };
            let decision = Decision { mark: mark(&answer), na: None, check: Some(Check { documents, ruled: ruled() }) };
            let answers = Answers::from([("a".to_owned(), answer)]);
            let files = Files::from([("a".to_owned(), vec![paper])]);
            let after = over(&answers, &files, &Decisions::from([("a".to_owned(), decision)]), today);
            prop_assert!(after["a"].evidence >= before);
            prop_assert_eq!(after["a"].evidence == Evidence::Checked, before == Evidence::Checked || checked && !ended);
        }
    }
}
