//! A line of the history: who did what, when, as a sentence. Lines are appended and never
//! changed; each is sealed with the one before, so that a line that was edited, removed or
//! moved shows (45 CFR 164.312(b), 164.316(b)(2)(i)).

use chrono::{DateTime, NaiveDateTime, Utc};
use sha2::{Digest, Sha256};

use super::ids::{UserId, VendorId};
use super::words::words;

words! {
    /// What kind of thing was done, for filters.
    pub enum Act {
        Added = "added" => "Added",
        Changed = "changed" => "Changed",
        Decided = "decided" => "Decided",
        Removed = "removed" => "Removed or archived",
        Asked = "asked" => "Asked a vendor",
        Answered = "answered" => "A vendor answered",
        Wrote = "wrote" => "Letters",
        Flagged = "flagged" => "Flags",
        Agreed = "agreed" => "Agreements",
        Filed = "filed" => "Documents",
        Imported = "imported" => "Imported",
        Exported = "exported" => "Exported",
        SignedIn = "signed-in" => "Signed in or out",
        People = "people" => "People and access",
        Settings = "settings" => "Settings",
        Refused = "refused" => "Refused",
    }
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    Person {
        id: UserId,
        name: String,
    },
    /// Someone at a vendor, by the name they gave or the address the link went to.
    Respondent(String),
    /// Nobody: the program, on its timetable or the command line.
    Program,
}

impl Actor {
    /// Kind, id and name as they are kept.
    pub fn parts(&self) -> (&'static str, String, &str) {
        match self {
            Actor::Person { id, name } => ("person", id.to_string(), name),
            Actor::Respondent(name) => ("respondent", String::new(), name),
            Actor::Program => ("program", String::new(), "duecare"),
        }
    }

    /// The name that a sentence begins with.
    pub fn name(&self) -> &str {
        self.parts().2
    }

    /// The actor that was kept as these parts.
    pub fn of(kind: &str, id: &str, name: &str) -> Option<Self> {
        match kind {
            "person" => Some(Actor::Person { id: id.parse().ok()?, name: name.to_owned() }),
            "respondent" => Some(Actor::Respondent(name.to_owned())),
            "program" => Some(Actor::Program),
            _ => None,
        }
    }
}

/// Something done that is to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed<'a> {
    pub by: &'a Actor,
    pub act: Act,
    pub vendor: Option<VendorId>,
    /// Goes on from the actor's name, in the past tense and without a full stop: `added the
    /// vendor Northgate Transcription`.
    pub sentence: String,
}

/// A line as it stands in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// 1, 2, 3… within the practice.
    pub number: u32,
    pub at: DateTime<Utc>,
    pub by: Actor,
    pub act: Act,
    pub vendor: Option<VendorId>,
    pub sentence: String,
    pub hash: String,
}

/// What the first line is sealed with.
pub const NOTHING_BEFORE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A line's fields exactly as they are kept: the seal is over these and not over what they
/// mean, so that no two spellings of one value have the same seal.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    pub practice: &'a str,
    pub number: u32,
    /// UTC.
    pub at: NaiveDateTime,
    pub by_kind: &'a str,
    pub by_id: &'a str,
    pub by_name: &'a str,
    pub act: &'a str,
    pub vendor: Option<&'a str>,
    pub sentence: &'a str,
}

impl Line<'_> {
    /// The seal: SHA-256, in hex, over the seal of the line before and this line's fields as
    /// a JSON array, with a line break between.
    pub fn seal(&self, before: &str) -> String {
        let fields = serde_json::json!([
            self.practice,
            self.number,
            self.at.format("%Y-%m-%dT%H:%M:%S%.9fZ").to_string(),
            self.by_kind,
            self.by_id,
            self.by_name,
            self.act,
            self.vendor,
            self.sentence,
        ]);
        let sum = Sha256::digest(format!("{before}\n{fields}"));
        sum.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Where a history stops being what was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("line {0} is missing")]
    Missing(u32),
    #[error("line {0} is not as it was written, or not in its place")]
    Altered(u32),
    #[error("the history ends at line {found}, and {expected} lines were written")]
    Cut { found: u32, expected: u32 },
}

/// Checks lines one after another as they are read.
#[derive(Clone, Debug)]
pub struct Verifier {
    /// The last line that was checked.
    pub number: u32,
    pub hash: String,
}

impl Default for Verifier {
    fn default() -> Self {
        Self { number: 0, hash: NOTHING_BEFORE.to_owned() }
    }
}

impl Verifier {
    /// Checks the next line against its seal.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&mut self, line: &Line<'_>, hash: &str) -> Result<(), Broken> {
        let expected = self.number + 1;
        if line.number > expected {
            return Err(Broken::Missing(expected));
        }
        let seal = line.seal(&self.hash);
        if line.number != expected || seal != hash {
            return Err(Broken::Altered(line.number));
        }
        self.number = expected;
        self.hash = seal;
        Ok(())
    }

    /// Compares the end with what was noted when the last line was written.
    ///
    /// # Errors
    /// When lines were cut off, or the last one differs.
    pub fn finish(&self, number: u32, hash: &str) -> Result<(), Broken> {
        if self.number != number {
            return Err(Broken::Cut { found: self.number, expected: number });
        }
        if self.hash != hash { Err(Broken::Altered(number)) } else { Ok(()) }
    }
}
