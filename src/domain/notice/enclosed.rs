//! A file that goes along with a change notice: a new certificate, a new agreement, a list.

use chrono::NaiveDate;

use crate::domain::civil_date;
use crate::domain::document::{DocumentKind, FileType, Scan};
use crate::domain::ids::DocumentId;

/// Files that one notice may have.
pub const MOST_FILES: usize = 10;
/// Files of all notices of one vendor that are not signed: whoever has the standing link must
/// not fill our disk.
pub const MOST_WAITING: usize = 50;
/// What a file may be said to be.
pub const KINDS: [DocumentKind; 3] = [DocumentKind::Certificate, DocumentKind::Agreement, DocumentKind::Other];

/// Whose bytes are stored. The same bytes are one file of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosed {
    pub kind: DocumentKind,
    pub ends_on: Option<NaiveDate>,
    /// As it came.
    pub name: String,
    pub file_type: FileType,
    /// Bytes.
    pub size: u32,
    /// In hex.
    pub sha256: String,
    pub place: String,
    pub scan: Scan,
    /// The document of the vendor that it is since the notice was signed.
    pub document: Option<DocumentId>,
}

impl Enclosed {
    /// `SOC 2.pdf, certificate, until March 1, 2027`
    pub fn says(&self) -> String {
        let until = self.ends_on.map(|day| format!(", until {}", civil_date::say(day))).unwrap_or_default();
        match self.kind {
            DocumentKind::Other => format!("{}{until}", self.name),
            kind => format!("{}, {}{until}", self.name, kind.called()),
        }
    }
}
