//! Documents: files kept as evidence of what a vendor promised. Which kinds and types there
//! are, when one ends, and how long it is kept. What a file may contain is in
//! [`inspect`](self::inspect); its name in [`name`](self::name).

pub mod inspect;
mod jpeg;
pub mod name;
mod office;
mod pdf;
mod png;
pub mod refusal;
mod text;

use chrono::{DateTime, Days, NaiveDate, Utc};

pub use self::refusal::Refusal;
use super::civil_date;
use super::flags::{Fact, FlagKind};
use super::ids::{DocumentId, VendorId};
use super::words::words;

/// The largest file, in bytes: 20 MB.
pub const MOST_BYTES: usize = 20 * 1024 * 1024;
/// A document ends soon from so many days before its end.
pub const ENDS_SOON_DAYS: u64 = 60;
/// The longest note, in characters.
pub const LONGEST_NOTE: usize = 500;

words! {
    /// What a document is to the practice.
    pub enum DocumentKind {
        Agreement = "agreement" => "Agreement",
        Evidence = "evidence" => "Evidence",
        Certificate = "certificate" => "Certificate or report",
        /// Of a rule that is proposed and not in force.
        Verification = "verification" => "Yearly verification (proposed rule)",
        Other = "other" => "Something else",
    }
}

impl DocumentKind {
    /// As it stands in a sentence.
    pub const fn called(self) -> &'static str {
        match self {
            DocumentKind::Agreement => "agreement",
            DocumentKind::Evidence => "evidence",
            DocumentKind::Certificate => "certificate",
            DocumentKind::Verification => "yearly verification letter (proposed rule)",
            DocumentKind::Other => "document",
        }
    }

    /// One line for someone who has to choose.
    pub const fn explains(self) -> &'static str {
        match self {
            DocumentKind::Agreement => "A signed business associate agreement, or a change to one",
            DocumentKind::Evidence => "A policy, a test result, a picture: what stands behind an answer",
            DocumentKind::Certificate => "Holds until a day, such as ISO 27001, HITRUST or an insurance policy",
            DocumentKind::Verification => "A yearly analysis and certification of safeguards; the rule is not in force",
            DocumentKind::Other => "A letter, a return or destruction note, minutes",
        }
    }
}

words! {
    /// The types of file that are taken.
    pub enum FileType {
        Pdf = "pdf" => "PDF",
        Png = "png" => "PNG picture",
        Jpeg = "jpeg" => "JPEG picture",
        Docx = "docx" => "Word document",
        Xlsx = "xlsx" => "Excel workbook",
        Txt = "txt" => "Text",
        Csv = "csv" => "CSV list",
    }
}

impl FileType {
    /// The endings that say so, in lower case.
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            FileType::Pdf => &["pdf"],
            FileType::Png => &["png"],
            FileType::Jpeg => &["jpg", "jpeg"],
            FileType::Docx => &["docx"],
            FileType::Xlsx => &["xlsx"],
            FileType::Txt => &["txt"],
            FileType::Csv => &["csv"],
        }
    }

    /// What a download says it is.
    pub const fn media_type(self) -> &'static str {
        match self {
            FileType::Pdf => "application/pdf",
            FileType::Png => "image/png",
            FileType::Jpeg => "image/jpeg",
            FileType::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            FileType::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            FileType::Txt => "text/plain",
            FileType::Csv => "text/csv",
        }
    }

    /// Other names under which browsers declare it: Windows takes a CSV for an Excel file.
    const fn also_declared(self) -> &'static [&'static str] {
        match self {
            FileType::Pdf => &["application/x-pdf"],
            FileType::Jpeg => &["image/jpg", "image/pjpeg"],
            FileType::Csv => {
                &["application/csv", "text/plain", "application/vnd.ms-excel", "text/comma-separated-values"]
            }
            FileType::Png | FileType::Docx | FileType::Xlsx | FileType::Txt => &[],
        }
    }

    /// Whether a declared type fits. A browser that does not know the type declares none, or
    /// `application/octet-stream`, which says nothing.
    pub fn fits(self, declared: Option<&str>) -> bool {
        let declared = declared.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        matches!(declared.as_str(), "" | "application/octet-stream")
            || declared == self.media_type()
            || self.also_declared().contains(&declared.as_str())
    }

    /// The type of a stored media type.
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.media_type() == media_type)
    }
}

words! {
    /// What the virus scanner said.
    pub enum Scan {
        Clean = "clean" => "Scanned",
        NotScanned = "not-scanned" => "Not scanned yet",
        /// No scanner is set up here.
        NotSetUp = "not-set-up" => "No scanner set up",
    }
}

impl Scan {
    /// Whether the file may be given out. One that waits for the scanner may not.
    pub const fn may_be_served(self) -> bool {
        !matches!(self, Scan::NotScanned)
    }
}

/// A stored file and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub id: DocumentId,
    pub vendor: VendorId,
    pub kind: DocumentKind,
    /// The name it came with: shown and offered, never used as a path.
    pub name: String,
    pub file_type: FileType,
    /// Bytes.
    pub size: u32,
    /// In hex.
    pub sha256: String,
    /// Where the bytes are in the file store.
    pub place: String,
    pub scan: Scan,
    pub note: String,
    pub ends_on: Option<NaiveDate>,
    pub added_by: String,
    pub added_at: DateTime<Utc>,
    /// Taken off the pages; kept as [`retain_until`](super::retention::retain_until) says.
    pub removed_at: Option<DateTime<Utc>>,
}

/// What a person says about a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    pub kind: DocumentKind,
    pub note: String,
    pub ends_on: Option<NaiveDate>,
}

/// What is wrong with what a person says about a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AboutFault {
    NoteTooLong,
    /// A certificate holds until a day.
    EndMissing,
    /// An agreement's dates are kept with the agreement.
    EndElsewhere,
}

impl About {
    /// Checks what was said.
    ///
    /// # Errors
    /// The first thing wrong.
    pub fn check(&self) -> Result<(), AboutFault> {
        if self.note.chars().count() > LONGEST_NOTE {
            return Err(AboutFault::NoteTooLong);
        }
        match (self.kind, self.ends_on) {
            (DocumentKind::Certificate, None) => Err(AboutFault::EndMissing),
            (DocumentKind::Agreement, Some(_)) => Err(AboutFault::EndElsewhere),
            _ => Ok(()),
        }
    }
}

words! {
    /// Where a document's end date stands.
    pub enum Term {
        NoEnd = "no-end" => "No end date",
        InForce = "in-force" => "In force",
        EndsSoon = "ends-soon" => "Ends soon",
        Ended = "ended" => "Ended",
    }
}

/// Where the end date stands on `today`. The last day is still in force.
pub fn term(ends_on: Option<NaiveDate>, today: NaiveDate) -> Term {
    match ends_on {
        None => Term::NoEnd,
        Some(ends_on) if ends_on < today => Term::Ended,
        Some(ends_on) if ends_on <= today + Days::new(ENDS_SOON_DAYS) => Term::EndsSoon,
        Some(_) => Term::InForce,
    }
}

/// A document with an end date, as far as a vendor's standing rests on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    pub id: DocumentId,
    pub name: String,
    pub ends_on: NaiveDate,
}

/// Documents that end soon or have ended, a fact each.
pub fn facts(documents: &[Dated], today: NaiveDate) -> Vec<Fact> {
    let fact = |one: &Dated| {
        let (kind, verb) = match term(Some(one.ends_on), today) {
            Term::Ended => (FlagKind::DocumentEnded, "ended"),
            Term::EndsSoon => (FlagKind::DocumentEndsSoon, "ends"),
            Term::NoEnd | Term::InForce => return None,
        };
        let sentence = format!("The document “{}” {verb} on {}", one.name, civil_date::say(one.ends_on));
        Some(Fact { kind, subject: one.id.to_string(), sentence })
    };
    documents.iter().filter_map(fact).collect()
}

/// The next day, after `today`, on which a document's standing changes by itself.
pub fn next_turn(documents: &[Dated], today: NaiveDate) -> Option<NaiveDate> {
    let turns = |one: &Dated| [one.ends_on - Days::new(ENDS_SOON_DAYS), one.ends_on + Days::new(1)];
    documents.iter().flat_map(turns).filter(|turn| *turn > today).min()
}

/// `3.4 MB`, `812 KB`, `40 bytes`.
pub fn say_size(bytes: u32) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{:.1} MB", f64::from(bytes) / 1_048_576.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_certificate_ends_soon_from_sixty_days_before_and_has_ended_the_day_after() {
        let ends_on = Some(day("2026-12-31"));
        for (today, expected) in [
            ("2026-10-31", Term::InForce),
            ("2026-11-01", Term::EndsSoon),
            ("2026-12-31", Term::EndsSoon),
            ("2027-01-01", Term::Ended),
        ] {
            assert_eq!(term(ends_on, day(today)), expected, "{today}");
        }
    }

    #[test]
    fn the_sweep_is_told_of_both_days_and_of_none_after() {
        let one = [Dated { id: DocumentId::fresh(), name: "iso.pdf".to_owned(), ends_on: day("2026-12-31") }];
        assert_eq!(next_turn(&one, day("2026-01-01")), Some(day("2026-11-01")));
        assert_eq!(next_turn(&one, day("2026-11-01")), Some(day("2027-01-01")));
        assert_eq!(next_turn(&one, day("2027-01-01")), None);
        assert_eq!(facts(&one, day("2026-10-31")), []);
        let facts = facts(&one, day("2027-01-01"));
        assert_eq!(facts[0].sentence, "The document “iso.pdf” ended on December 31, 2026");
        assert_eq!((facts[0].kind, &facts[0].subject), (FlagKind::DocumentEnded, &one[0].id.to_string()));
    }

    #[test]
    fn a_type_that_a_browser_does_not_know_is_no_contradiction_and_another_is() {
        assert!(FileType::Pdf.fits(None) && FileType::Pdf.fits(Some("application/octet-stream")));
        assert!(
            FileType::Csv.fits(Some("application/vnd.ms-excel"))
                && FileType::Txt.fits(Some("Text/Plain; charset=utf-8"))
        );
        assert!(!FileType::Pdf.fits(Some("text/html")) && !FileType::Png.fits(Some("image/svg+xml")));
    }
}
