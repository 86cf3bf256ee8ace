//! A corrective action: what a vendor is asked to put right, by when, who of us sees to it, and
//! what became of it. It closes when a person has verified it. The signed answer never changes
//! by it: that takes a correction, or the next reply.

mod facts;
mod shortfall;

pub use facts::{facts, next_turn, overdue};
pub use shortfall::{Shortfall, cites, is_met, wanted};

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::document::Scan;
use super::ids::{ActionId, AssessmentId, DocumentId, VendorId};
use super::questionnaire::Question;
use super::vendor::{FieldFault, check_notes};
use super::words::words;

/// Days that a vendor gets when its reply is sent back, unless somebody says otherwise.
pub const SENT_BACK_DAYS: u64 = 14;
/// Days between two reminders of what is overdue, at least.
pub const REMIND_DAYS: i64 = 7;
/// Longest sentence, remark or reply, in characters.
pub const LONGEST: usize = 2_000;
/// Files that a vendor may send for one action.
pub const MOST_FILES: usize = 20;

words! {
    /// Where an action stands. Overdue is no state: it is a fact of the day.
    pub enum ActionState {
        Open = "open" => "Open",
        Answered = "answered" => "Answered by the vendor",
        SentBack = "sent-back" => "Sent back",
        Done = "done" => "Done",
        Cancelled = "cancelled" => "Cancelled",
    }
}

impl ActionState {
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled)
    }

    /// Whether the vendor may still say something: until a person has decided, also where it
    /// answered already and finds that a word was wrong or a file was missing.
    pub const fn hears_vendor(self) -> bool {
        !self.is_closed()
    }

    /// Whether the vendor is the one to do something.
    pub const fn waits_for_vendor(self) -> bool {
        matches!(self, Self::Open | Self::SentBack)
    }
}

words! {
    /// What was said or done about an action.
    pub enum Said {
        Replied = "replied" => "The vendor replied",
        Corrected = "corrected" => "The vendor signed another answer",
        SentBack = "sent-back" => "Sent back",
        Verified = "verified" => "Verified",
        Cancelled = "cancelled" => "Cancelled",
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    pub id: ActionId,
    pub vendor: VendorId,
    /// The reply in which it showed.
    pub assessment: AssessmentId,
    /// The question, as it was asked then.
    pub slug: String,
    pub short: String,
    pub question: String,
    /// The paragraphs of law that ask for it; empty where there is none.
    pub cites: String,
    pub shortfall: Shortfall,
    /// What is to be done, as a sentence.
    pub wanted: String,
    /// Who of the practice sees to it; may be empty.
    pub owner: String,
    pub due_on: NaiveDate,
    pub state: ActionState,
    pub raised_on: NaiveDate,
    pub raised_by: String,
    /// Nobody chose it: the answer is a failed critical one.
    pub by_rule: bool,
    /// When the vendor was written to; it sees the action from then on.
    pub asked_on: Option<NaiveDate>,
    pub reminded_on: Option<NaiveDate>,
    pub closed_on: Option<NaiveDate>,
}

impl Action {
    /// A new one for a question of a reply, due as its shortfall says.
    pub fn of(vendor: VendorId, assessment: AssessmentId, question: &Question, shortfall: Shortfall) -> Self {
        Self {
            id: ActionId::fresh(),
            vendor,
            assessment,
            slug: question.slug.clone(),
            short: question.short.clone(),
            question: question.text.clone(),
            cites: cites(question),
            shortfall,
            wanted: String::new(),
            owner: String::new(),
            due_on: NaiveDate::MIN,
            state: ActionState::Open,
            raised_on: NaiveDate::MIN,
            raised_by: String::new(),
            by_rule: false,
            asked_on: None,
            reminded_on: None,
            closed_on: None,
        }
    }

    /// Whether the vendor is late with it on `today`. The last day still counts, and what waits
    /// for us is not the vendor's fault.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.state.waits_for_vendor() && self.due_on < today
    }

    /// Whether the vendor has to be written to about it: it was raised before `today`, so that
    /// there was time to look, or somebody chose it.
    pub fn is_to_be_asked(&self, today: NaiveDate) -> bool {
        self.state.waits_for_vendor() && self.asked_on.is_none() && (!self.by_rule || self.raised_on < today)
    }

    /// Whether the vendor sees it.
    pub const fn is_shown_to_vendor(&self) -> bool {
        self.asked_on.is_some()
    }
}

/// The day until which `shortfall` may take from `today`.
pub fn due(shortfall: Shortfall, today: NaiveDate) -> NaiveDate {
    today + Days::new(shortfall.days())
}

/// One thing that was said or done about an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub at: DateTime<Utc>,
    pub what: Said,
    /// Who: of the practice, or at the vendor.
    pub name: String,
    pub text: String,
}

/// A file that the vendor sent for an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentFile {
    pub document: DocumentId,
    pub name: String,
    pub scan: Scan,
    /// The practice took it off its pages.
    pub removed: bool,
    pub added_at: DateTime<Utc>,
}

impl SentFile {
    /// Whether the vendor may take it off: it goes with a reply that was not sent yet. What went
    /// with one that was sent stays, as its words do.
    pub fn may_be_taken_off(&self, state: ActionState, words: &[Word]) -> bool {
        state.hears_vendor() && !self.removed && words.iter().all(|word| word.at < self.added_at)
    }
}

/// Words as they are kept, of [`LONGEST`] characters at most.
///
/// # Errors
/// When they are too long or have characters nobody can see.
pub fn check_words(text: &str) -> Result<String, FieldFault> {
    let words = check_notes(text)?;
    if words.chars().count() > LONGEST {
        return Err(FieldFault::new(
            format!("the text is longer than {LONGEST} characters"),
            format!("Shorten it to {LONGEST} characters or fewer."),
        ));
    }
    Ok(words)
}

#[cfg(test)]
pub(crate) mod tests;
