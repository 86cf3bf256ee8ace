//! A letter: an e-mail that we owe. Knows nothing of how it travels.

use chrono::{DateTime, TimeDelta, Utc};

use super::ids::{InvitationId, LetterId, PracticeId, VendorId};
use super::words::words;

words! {
    /// What the letter is.
    pub enum LetterKind {
        Invitation = "invitation" => "Invitation",
        Reminder = "reminder" => "Reminder",
        Receipt = "receipt" => "Receipt",
        Code = "code" => "Code for a browser",
        Welcome = "welcome" => "Invitation of a colleague",
        Reset = "reset" => "Link to a new password",
        Notice = "notice" => "Notice about an account",
        Renewal = "renewal" => "Agreement notice",
        ChangeNotice = "change-notice" => "Word of a change notice",
        NoticeReceipt = "notice-receipt" => "Receipt of a change notice",
        Colleague = "colleague" => "Request to a vendor’s colleague",
        PartDone = "part-done" => "Word that a colleague has answered",
        PassedOn = "passed-on" => "Word that it was passed on",
        Returned = "returned" => "Questions sent back",
        Rechecked = "rechecked" => "Questions asked again",
        Corrected = "corrected" => "Word of corrected answers",
        ActionsAsked = "actions-asked" => "Corrective actions",
        ActionsOverdue = "actions-overdue" => "Reminder of corrective actions",
        ActionSentBack = "action-sent-back" => "Corrective action sent back",
        Digest = "digest" => "What is new",
    }
}
impl LetterKind {
    /// Goes to a person of the practice, not to a vendor.
    pub const fn to_staff(self) -> bool {
        matches!(self, LetterKind::Welcome | LetterKind::Reset | LetterKind::Notice)
    }

    /// Asks about answers that are signed, through a link to them.
    pub const fn asks_about_signed(self) -> bool {
        matches!(self, LetterKind::Returned | LetterKind::Rechecked)
    }
}

words! {
    /// Where it stands.
    pub enum LetterState {
        Waiting = "waiting" => "Waiting",
        Claimed = "claimed" => "Being sent",
        Sent = "sent" => "Sent",
        Deferred = "deferred" => "Will be tried again",
        Failed = "failed" => "Not delivered",
        Uncertain = "uncertain" => "May have been sent",
    }
}

/// Why a letter is uncertain from the moment it is handed over until the answer is there.
pub const HANDED_OVER: &str = "It was handed to the mail server, and no answer is on record";

/// Stands in a stored body where the link's token goes when the letter leaves, so that a
/// copy of the database opens no link.
pub const TOKEN_PLACE: &str = "~token~";

/// Stands where the digits of a mailed code go when the letter leaves.
pub const CODE_PLACE: &str = "~code~";

/// A worker that takes a letter has so long before another may take it: longer than all that
/// a mail server may take before the letter itself is handed over.
pub const LEASE: TimeDelta = TimeDelta::seconds(240);
/// A letter that could not be delivered for this long has failed…
const GIVE_UP_AFTER: TimeDelta = TimeDelta::days(5);
/// …when it was also tried so often, half a day's worth: a machine that was off for a week
/// has tried nothing.
const FEWEST_TRIES: u32 = 12;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub practice: PracticeId,
    pub id: LetterId,
    /// What must happen once: a second letter with the same words here is refused.
    pub once: String,
    pub kind: LetterKind,
    pub vendor: Option<VendorId>,
    pub invitation: Option<InvitationId>,
    pub to_name: String,
    pub to_address: String,
    pub from_name: String,
    pub reply_to: Option<String>,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Kept for every copy of this letter, so that two copies can be known as one.
    pub message_id: String,
    pub state: LetterState,
    pub attempts: u32,
    pub written_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
    /// Why it is where it is, in words.
    pub reason: Option<String>,
}

/// How the reason begins of a letter that we held back ourselves.
pub const NOT_SENT: &str = "Not sent: ";
/// How the reason begins of a letter that was tried in vain for days: as likely our own mail
/// server's fault as the address's.
pub const GAVE_UP: &str = "gave up after five days: ";

impl Letter {
    /// It was tried, and did not arrive.
    pub fn was_refused(&self) -> bool {
        self.state == LetterState::Failed && !self.reason.as_deref().is_some_and(|reason| reason.starts_with(NOT_SENT))
    }

    /// It was refused for good by whoever takes letters for that address.
    pub fn bounced(&self) -> bool {
        self.was_refused() && !self.reason.as_deref().is_some_and(|reason| reason.starts_with(GAVE_UP))
    }
}

/// When a letter written at `written_at` is tried again after `attempts` tries; `None` when
/// it has been tried long enough. From 5 minutes, doubling, to about 70.
pub fn next_try(attempts: u32, written_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if now - written_at > GIVE_UP_AFTER && attempts >= FEWEST_TRIES {
        return None;
    }
    let minutes = (5_i64 << attempts.saturating_sub(1).min(4)).min(70);
    Some(now + TimeDelta::minutes(minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_tried_for_five_days_and_then_fails() {
        let written: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
        let wait = |attempts| (next_try(attempts, written, written).unwrap() - written).num_minutes();
        assert_eq!([1, 2, 3, 4, 5, 50].map(wait), [5, 10, 20, 40, 70, 70]);
        assert_eq!(next_try(80, written, written + TimeDelta::days(6)), None);
    }

    #[test]
    fn a_letter_that_waited_while_the_machine_was_off_is_still_tried() {
        let written: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
        assert!(next_try(1, written, written + TimeDelta::days(6)).is_some());
    }
}
