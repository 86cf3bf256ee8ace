//! A vendor's newest documents, as a part of the vendor's own page.

use serde::Serialize;

use super::{Days, Line};
use crate::domain::document::Document;
use crate::web::pages::words;

/// Documents shown there; the rest is a press away.
const MOST: usize = 5;

#[derive(Serialize)]
pub struct Section {
    vendor_id: String,
    lines: Vec<Line>,
    /// What the link to all of them says.
    more: String,
    may_change: bool,
}

impl Section {
    /// Of a vendor's documents, those on the pages; the ones that end first come first.
    pub fn of(vendor_id: String, documents: &[Document], days: &Days, may_change: bool) -> Self {
        let mut there: Vec<&Document> = documents.iter().filter(|document| document.removed_at.is_none()).collect();
        there.sort_by_key(|document| (document.ends_on.is_none(), document.ends_on));
        Self {
            vendor_id,
            more: match there.len() {
                0 => "Documents".to_owned(),
                all => format!("All {}", words::counted(all, "document")),
            },
            lines: there.into_iter().take(MOST).map(|document| Line::of(document, days)).collect(),
            may_change,
        }
    }

    /// As a vendor page may meet it.
    pub fn sample() -> Self {
        Self::of(String::new(), &super::sample_documents(), &super::sample_days(), true)
    }
}
