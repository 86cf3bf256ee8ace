//! Documents: a vendor's own page with its upload form, one document's details, the download,
//! and the list of those that end. This file has what they share.

pub mod all;
pub mod download;
pub mod edit;
mod form;
pub mod section;
pub mod vendor;

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::civil_date;
use crate::domain::document::{Document, Scan, Term, say_size, term};
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Notice};

/// One document of a list.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    id: String,
    name: String,
    /// Absent while it waits for the virus scanner.
    href: Option<String>,
    /// Its type, size, and what the scanner said.
    details: String,
    held: Option<Badge>,
    kind: &'static str,
    /// Absent without an end date.
    ends: Option<Badge>,
    note: Option<String>,
    /// The questions that it supports, where the vendor sent it for some.
    supports: Option<String>,
    added: String,
    added_by: String,
}

impl Line {
    pub fn of(document: &Document, who: &Days) -> Self {
        let served = document.scan.may_be_served();
        let mut details = format!("{}, {}", document.file_type.says(), say_size(document.size));
        if document.scan == Scan::Clean {
            details.push_str(", scanned for viruses");
        }
        Self {
            id: document.id.to_string(),
            name: document.name.clone(),
            href: served.then(|| format!("/documents/{}", document.id)),
            details,
            held: (!served).then(|| Badge::new("wait", document.scan.says())),
            kind: document.kind.says(),
            ends: ends(document.ends_on, who.today),
            note: Some(document.note.clone()).filter(|note| !note.is_empty()),
            supports: None,
            added: civil_date::say_short(who.day(document.added_at)),
            added_by: document.added_by.clone(),
        }
    }
}

/// The days of a practice, for saying instants as days.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    pub today: NaiveDate,
    timezone: chrono_tz::Tz,
}

impl Days {
    pub fn of(who: &SignedIn, now: chrono::DateTime<chrono::Utc>) -> Self {
        Self { today: who.day(now), timezone: who.timezone }
    }

    pub fn day(&self, at: chrono::DateTime<chrono::Utc>) -> NaiveDate {
        at.with_timezone(&self.timezone).date_naive()
    }
}

/// An end date as a badge, by where it stands.
fn ends(ends_on: Option<NaiveDate>, today: NaiveDate) -> Option<Badge> {
    let day = civil_date::say_short(ends_on?);
    Some(match term(ends_on, today) {
        Term::Ended => Badge::new("bad", format!("Ended {day}")),
        Term::EndsSoon => Badge::new("soon", format!("Ends {day}")),
        Term::InForce | Term::NoEnd => Badge::new("good", format!("Ends {day}")),
    })
}

/// What was just done, by the word in the address.
fn notice(done: &str) -> Option<Notice> {
    Some(match done {
        "added" => Notice::success("Added."),
        "camera" => Notice::success(
            "Added. The picture carries what its camera wrote into it: when it was taken, and perhaps where.",
        ),
        "waiting" => Notice::warning(
            "Added, and held until the virus scanner has looked at it. The scanner does not answer just now; it is tried again every hour.",
        ),
        "changed" => Notice::success("Saved."),
        "removed" => Notice::success("Taken off the page. It is kept below, and can be put back."),
        "restored" => Notice::success("Put back."),
        "held" => Notice::warning(
            "That document is held until the virus scanner has looked at it, so it cannot be downloaded yet. It is tried again every hour.",
        ),
        _ => return None,
    })
}

/// Documents as lists may meet them: ordinary, held, the longest, hostile.
fn sample_documents() -> Vec<Document> {
    use crate::domain::document::{DocumentKind, FileType};
    use crate::domain::ids::{DocumentId, VendorId};
    let document = |name: &str, scan, ends_on| Document {
        id: DocumentId::fresh(),
        vendor: VendorId::fresh(),
        kind: DocumentKind::Certificate,
        name: name.to_owned(),
        file_type: FileType::Pdf,
        size: 812_345,
        sha256: String::new(),
        place: String::new(),
        scan,
        note: name.to_owned(),
        ends_on,
        added_by: name.to_owned(),
        added_at: chrono::DateTime::UNIX_EPOCH,
        removed_at: None,
    };
    let day = NaiveDate::default();
    vec![
        document("ISO 27001.pdf", Scan::Clean, Some(day - chrono::Days::new(3))),
        document("<script>alert(1)</script>.pdf", Scan::NotScanned, Some(day)),
        document(&"long ".repeat(40), Scan::NotSetUp, None),
    ]
}

fn sample_days() -> Days {
    Days { today: NaiveDate::default(), timezone: chrono_tz::America::Chicago }
}
