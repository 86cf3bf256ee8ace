//! The first steps of a new installation: what there is to do, and how far it is.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::words::words;

words! {
    /// A step of the first run, in the order they are shown.
    pub enum Step {
        Practice = "practice" => "Your practice and its time zone",
        SecondFactor = "second-factor" => "A second factor for your sign-in",
        Mail = "mail" => "A test letter",
        Vendors = "vendors" => "Your first vendors",
        Settings = "settings" => "How duecare works for you",
    }
}

/// What is kept of the first run. What can be seen elsewhere (is there a vendor?) is not
/// kept but looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Setup {
    /// When the first administrator came in; absent for a practice that never had a first run.
    pub begun_at: Option<DateTime<Utc>>,
    /// Steps left out on purpose; they can be taken up again.
    pub skipped: BTreeSet<Step>,
    /// The newest test letter.
    pub mail: Option<MailTest>,
    /// Whether the settings were looked through and saved.
    pub settings_seen: bool,
    /// Whether the line on the overview was put away.
    pub dismissed: bool,
}

/// What came of a test letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailTest {
    pub at: DateTime<Utc>,
    /// Where it went to.
    pub to: String,
    pub came: Came,
    /// The other side's own words, or what went wrong.
    pub says: String,
}

words! {
    /// What became of a test letter.
    pub enum Came {
        Sent = "sent" => "The mail server took the letter",
        /// No mail server is set.
        Folder = "folder" => "The letter was written to a folder",
        Refused = "refused" => "The mail server refused the letter",
        Down = "down" => "The mail server could not be reached, or does not let us in",
        Unsure = "unsure" => "The mail server got the letter and did not answer",
    }
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    ToDo,
    Skipped,
    Done,
}

/// What can be seen of the practice, beside what is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The signed-in administrator has a second factor.
    pub second_factor: bool,
    /// There is a vendor.
    pub vendors: bool,
}

impl Setup {
    /// Where each step stands.
    pub fn steps(&self, seen: Seen) -> Vec<(Step, Progress)> {
        let state = |step: Step| {
            let done = match step {
                Step::Practice => true,
                Step::SecondFactor => seen.second_factor,
                Step::Mail => self.mail.as_ref().is_some_and(|test| test.came == Came::Sent),
                Step::Vendors => seen.vendors,
                Step::Settings => self.settings_seen,
            };
            match done {
                true => Progress::Done,
                false if self.skipped.contains(&step) => Progress::Skipped,
                false => Progress::ToDo,
            }
        };
        Step::ALL.iter().map(|step| (*step, state(*step))).collect()
    }

    /// Whether the overview still speaks of the first run: it began, was not put away, and
    /// a step is neither done nor left out.
    pub fn speaks(&self, seen: Seen) -> bool {
        self.is_shown() && self.steps(seen).iter().any(|(_, state)| *state == Progress::ToDo)
    }

    /// Whether the first run began and was not put away.
    pub const fn is_shown(&self) -> bool {
        self.begun_at.is_some() && !self.dismissed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun() -> Setup {
        Setup { begun_at: Some(DateTime::UNIX_EPOCH), ..Setup::default() }
    }

    #[test]
    fn the_line_goes_when_every_step_is_done_or_left_out() {
        let seen = Seen { second_factor: true, vendors: true };
        let mut setup = begun();
        assert!(setup.speaks(seen));
        setup.settings_seen = true;
        setup.skipped.insert(Step::Mail);
        assert!(!setup.speaks(seen));
        assert!(setup.speaks(Seen { vendors: false, ..seen }));
    }

    #[test]
    fn a_practice_without_a_first_run_is_not_spoken_to() {
        assert!(!Setup::default().speaks(Seen::default()));
        assert!(!Setup { dismissed: true, ..begun() }.speaks(Seen::default()));
    }

    #[test]
    fn a_letter_in_a_folder_is_no_proof_that_mail_leaves() {
        let test = MailTest { at: DateTime::UNIX_EPOCH, to: String::new(), came: Came::Folder, says: String::new() };
        let setup = Setup { mail: Some(test), ..begun() };
        assert!(setup.steps(Seen::default()).contains(&(Step::Mail, Progress::ToDo)));
    }
}
