//! A line of the history: who did what, when, as a sentence. Lines are appended and never
//! changed; each is sealed with the one before, so that a line that was edited, removed or
//! moved shows (45 CFR 164.312(b), 164.316(b)(2)(i)).

use chrono::{DateTime, NaiveDateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

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
        Told = "told" => "Changes and notices",
        Acted = "acted" => "Corrective actions",
        Incident = "incident" => "Incidents",
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
        hex(&Sha256::digest(format!("{before}\n{fields}")))
    }
}

/// Seals the end of a history. The seals of the lines can be made by whoever can write to the
/// database; this key is not in it, so nobody else can give a history another end.
#[derive(Clone, Copy)]
pub struct ChainKey([u8; 32]);

impl std::fmt::Debug for ChainKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChainKey(hidden)")
    }
}

impl ChainKey {
    pub const fn of(key: [u8; 32]) -> Self {
        Self(key)
    }

    fn mac(self, practice: &str, end: &Mark) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(format!("{practice}\n{end}").as_bytes());
        mac
    }

    /// The seal of a practice's history that ends here, in hex.
    pub fn seal(self, practice: &str, end: &Mark) -> String {
        hex(&self.mac(practice, end).finalize().into_bytes())
    }

    /// Whether this is that seal.
    pub fn is_seal(self, practice: &str, end: &Mark, seal: &str) -> bool {
        self.seal(practice, end).as_bytes().ct_eq(seal.as_bytes()).into()
    }
}

/// A line by its number and its seal, as `12:9f86…`: kept elsewhere, it shows later whether
/// the history still goes through it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub number: u32,
    pub hash: String,
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.number, self.hash)
    }
}

impl std::str::FromStr for Mark {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "write it as NUMBER:SEAL, as `duecare audit verify` prints it";
        let (number, hash) = text.trim().split_once(':').ok_or(wrong)?;
        let number = number.parse().ok().filter(|number| *number > 0).ok_or(wrong)?;
        let is_seal = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_seal { Ok(Self { number, hash: hash.to_ascii_lowercase() }) } else { Err(wrong) }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
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
    #[error("it has no end: everything was removed, or it was never begun")]
    NoEnd,
    #[error(
        "its end is not sealed with this installation's key: lines at the end were removed or added past the program, or DUECARE_SECRET_KEY is another one than before"
    )]
    Unsealed,
}

/// Checks lines one after another as they are read.
#[derive(Clone, Debug)]
pub struct Verifier {
    /// The last line that was checked.
    pub number: u32,
    pub hash: String,
    /// A line that was noted elsewhere and must be there.
    expected: Option<Mark>,
}

impl Default for Verifier {
    fn default() -> Self {
        Self { number: 0, hash: NOTHING_BEFORE.to_owned(), expected: None }
    }
}

impl Verifier {
    /// Also expects this line.
    pub fn expecting(expected: Option<Mark>) -> Self {
        Self { expected, ..Self::default() }
    }

    /// The last line that was checked.
    pub fn end(&self) -> Mark {
        Mark { number: self.number, hash: self.hash.clone() }
    }

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
        let noted = self.expected.as_ref().filter(|noted| noted.number == line.number);
        if line.number != expected || seal != hash || noted.is_some_and(|noted| noted.hash != seal) {
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
        let number = self.expected.as_ref().map_or(number, |noted| number.max(noted.number));
        if self.number != number {
            return Err(Broken::Cut { found: self.number, expected: number });
        }
        if self.hash != hash { Err(Broken::Altered(number)) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Kept {
        number: u32,
        at: NaiveDateTime,
        fields: [String; 5],
        vendor: Option<String>,
        hash: String,
    }

    impl Kept {
        fn line(&self) -> Line<'_> {
            let [by_kind, by_id, by_name, act, sentence] = &self.fields;
            let (number, at, vendor) = (self.number, self.at, self.vendor.as_deref());
            Line { practice: "p", number, at, by_kind, by_id, by_name, act, vendor, sentence }
        }
    }

    /// A small generator of numbers, so that a failure can be seen again.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % sides
        }
    }

    fn history(lines: u32) -> (Vec<Kept>, u32, String) {
        let mut before = NOTHING_BEFORE.to_owned();
        let mut all = Vec::new();
        for number in 1..=lines {
            let mut kept = Kept {
                number,
                at: DateTime::from_timestamp(1_700_000_000 + i64::from(number), 0).unwrap().naive_utc(),
                fields: ["person", "7", "Dana", "changed", &format!("changed the owner to {number}")]
                    .map(str::to_owned),
                vendor: (number % 3 != 0).then(|| format!("v{number}")),
                hash: String::new(),
            };
            kept.hash = kept.line().seal(&before);
            before = kept.hash.clone();
            all.push(kept);
        }
        (all, lines, before)
    }

    fn checked(lines: &[Kept], number: u32, hash: &str) -> Result<(), Broken> {
        let mut verifier = Verifier::default();
        for kept in lines {
            verifier.check(&kept.line(), &kept.hash)?;
        }
        verifier.finish(number, hash)
    }

    /// Changes one thing about the lines; some of the changes seal the line anew, as someone
    /// would who knows how.
    fn mutate(lines: &mut Vec<Kept>, dice: &mut Dice) {
        let at = dice.roll(lines.len());
        match dice.roll(10) {
            0..=3 => {
                let which = dice.roll(5);
                let field = &mut lines[at].fields[which];
                match dice.roll(3) {
                    0 => field.push(' '),
                    1 => field.make_ascii_uppercase(),
                    _ => drop(field.pop()),
                }
            }
            4 => lines[at].at += chrono::TimeDelta::nanoseconds(1),
            5 => lines[at].vendor = Some("another".to_owned()),
            6 => drop(lines.remove(at)),
            7 => {
                let other = dice.roll(lines.len());
                lines.swap(at, other);
            }
            8 => {
                let copy = lines[at].clone();
                lines.insert(at, copy);
            }
            _ => lines[at].hash.replace_range(0..1, "g"),
        }
        if dice.roll(3) == 0 && at < lines.len() {
            let before = at.checked_sub(1).map_or(NOTHING_BEFORE.to_owned(), |at| lines[at].hash.clone());
            lines[at].hash = lines[at].line().seal(&before);
        }
    }

    #[test]
    fn ten_thousand_edits_removals_and_moves_of_lines_are_all_found() {
        let (whole, number, hash) = history(60);
        assert_eq!(checked(&whole, number, &hash), Ok(()));
        let mut dice = Dice(2026);
        let mut tried = 0;
        while tried < 10_000 {
            let mut lines = whole.clone();
            mutate(&mut lines, &mut dice);
            // Capital digits, or a line moved to its own place: nothing was changed.
            if lines == whole {
                continue;
            }
            tried += 1;
            assert!(checked(&lines, number, &hash).is_err(), "mutation {tried} was not seen");
        }
    }

    #[test]
    fn an_end_that_was_cut_off_with_its_note_is_found_by_the_key_or_by_a_mark_kept_elsewhere() {
        let (mut lines, number, hash) = history(9);
        let (key, end) = (ChainKey::of([7; 32]), Mark { number, hash });
        let seal = key.seal("p", &end);
        assert!(key.is_seal("p", &end, &seal) && !key.is_seal("q", &end, &seal));
        assert!(!ChainKey::of([8; 32]).is_seal("p", &end, &seal));
        lines.pop();
        let cut = Mark { number: 8, hash: lines[7].hash.clone() };
        // The chain itself says nothing.
        assert_eq!(checked(&lines, cut.number, &cut.hash), Ok(()));
        assert!(!key.is_seal("p", &cut, &seal));
        let against = |noted: &Mark| {
            let mut verifier = Verifier::expecting(Some(noted.clone()));
            lines.iter().try_for_each(|kept| verifier.check(&kept.line(), &kept.hash))?;
            verifier.finish(cut.number, &cut.hash)
        };
        assert_eq!(against(&end), Err(Broken::Cut { found: 8, expected: 9 }));
        assert_eq!(against(&cut), Ok(()));
        assert_eq!(against(&Mark { hash: end.hash.clone(), ..cut.clone() }), Err(Broken::Altered(8)));
    }

    #[test]
    fn a_mark_reads_as_it_is_printed() {
        let mark = Mark { number: 12, hash: "9f".repeat(32) };
        assert_eq!(mark.to_string().parse(), Ok(mark));
        for wrong in ["", "12", "0:9f", "12:9f", "x:9f", ":"] {
            assert!(wrong.parse::<Mark>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_history_whose_end_was_cut_off_is_noticed() {
        let (mut lines, number, hash) = history(9);
        lines.pop();
        assert_eq!(checked(&lines, number, &hash), Err(Broken::Cut { found: 8, expected: 9 }));
        assert_eq!(checked(&[], 0, NOTHING_BEFORE), Ok(()));
    }
}
