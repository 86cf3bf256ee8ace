//! One vendor asked in one cycle.

use chrono::{DateTime, NaiveDate, Utc};

use super::ids::{AssessmentId, VendorId};
use super::questionnaire::Asked;
use super::words::words;

words! {
    /// How far an assessment has come.
    pub enum AssessmentState {
        Invited = "invited" => "Asked",
        InProgress = "in-progress" => "Answering",
        /// Signed, and in force from its day.
        Accepted = "accepted" => "Signed",
        /// Given up unanswered when the next cycle began.
        Closed = "closed" => "Never answered",
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    pub id: AssessmentId,
    pub vendor: VendorId,
    /// The vendor's first, second, third…
    pub cycle: i32,
    /// The questionnaire's file name without ending, and its digest.
    pub questionnaire: String,
    pub digest: String,
    pub asked: Asked,
    pub state: AssessmentState,
    pub asked_on: NaiveDate,
    pub due_on: NaiveDate,
    pub reminders: u32,
    pub reminded_on: Option<NaiveDate>,
    pub started_at: Option<DateTime<Utc>>,
    pub accepted_on: Option<NaiveDate>,
}

impl Assessment {
    pub fn is_open(&self) -> bool {
        matches!(self.state, AssessmentState::Invited | AssessmentState::InProgress)
    }

    /// Whole days between the due date and `on`; 0 when in time.
    pub fn days_late(&self, on: NaiveDate) -> u32 {
        u32::try_from((on - self.due_on).num_days()).unwrap_or(0)
    }
}

/// The newest reply that is signed, of a vendor's assessments, the newest first.
pub fn last_signed(all: &[Assessment]) -> Option<&Assessment> {
    all.iter().find(|one| one.accepted_on.is_some())
}

/// The signature under the answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    pub reference: String,
    pub name: String,
    pub title: String,
    pub email: String,
    /// The statement as it stood above the signature.
    pub statement: String,
    pub signed_at: DateTime<Utc>,
    /// What was signed, as JSON.
    pub snapshot: String,
    /// SHA-256 of the snapshot, hexadecimal.
    pub sha256: String,
    pub assurance: Assurance,
}

words! {
    /// How we knew who signed (UETA section 9: attribution).
    pub enum Assurance {
        Link = "link" => "Opened the link that was mailed",
        Code = "code" => "Opened the link that was mailed, and typed a code mailed to the same address",
    }
}
