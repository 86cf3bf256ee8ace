//! The letter to our own people that a vendor told of a change, and the receipt to whoever told.
//! Ours names the kinds and nothing else of what was written; the receipt names nothing of it,
//! not even who signed: whoever has the link must not write to others in our name.

use serde::Serialize;

use super::{Letters, Written};
use crate::domain::civil_date;
use crate::domain::notice::{self, ChangeNotice, DRAFT_DAYS, Materiality};
use crate::domain::practice::Practice;
use crate::domain::standing::Vendor;
use crate::domain::words::counted;
use crate::templates::Context;

#[derive(Clone, Debug, Serialize)]
pub struct Word {
    practice: String,
    vendor: String,
    name: Option<String>,
    urgent: bool,
    /// Nothing has changed.
    quiet: bool,
    kinds: Vec<String>,
    reference: String,
    /// How many files came with it; their names are typed by whoever has the link.
    files: Option<String>,
    link: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct NoticeReceipt {
    practice: String,
    vendor: String,
    contact: String,
    reference: String,
    signed_at: String,
    sha256: String,
    files: Option<String>,
    urgent: bool,
    days: String,
    /// Where the browser in which it was signed opens it.
    page: String,
}

/// `2 files`; `None` without any.
fn along(files: usize) -> Option<String> {
    (files > 0).then(|| counted(files, "file"))
}

impl Letters {
    /// The receipt of a notice, for somebody at the vendor.
    pub fn notice_receipt(&self, practice: &Practice, vendor: &Vendor, told: &ChangeNotice, files: usize) -> Written {
        let contact = practice.contact.name.trim();
        self.write(&NoticeReceipt {
            practice: practice.name.clone(),
            vendor: vendor.details.name.clone(),
            contact: if contact.is_empty() { "the office".to_owned() } else { contact.to_owned() },
            reference: told.signed.reference.clone(),
            signed_at: civil_date::say_instant(told.signed.signed_at, practice.timezone),
            sha256: told.signed.sha256.clone(),
            files: along(files),
            urgent: told.materiality() == Some(Materiality::Urgent),
            days: DRAFT_DAYS.to_string(),
            page: format!("{}/tell/receipt", self.base_url),
        })
    }

    /// Tells `name` of the practice that a notice of `vendor` came in.
    pub fn change_notice(
        &self,
        practice: &Practice,
        vendor: &Vendor,
        (told, files): (&ChangeNotice, usize),
        name: &str,
    ) -> Written {
        self.write(&Word {
            practice: practice.name.clone(),
            vendor: vendor.details.name.clone(),
            name: Some(name.trim().to_owned()).filter(|name| !name.is_empty()),
            urgent: told.materiality() == Some(Materiality::Urgent),
            quiet: told.materiality().is_none(),
            kinds: told.kinds().into_iter().map(|kind| kind.says().to_owned()).collect(),
            reference: told.signed.reference.clone(),
            files: along(files),
            link: format!("{}/notices/{}", self.base_url, told.id),
        })
    }
}

impl Context for Word {
    const TEMPLATE: &'static str = "letters/change-notice";
    fn samples() -> Vec<Self> {
        let with = |word: String, urgent: bool, quiet| Self {
            practice: word.clone(),
            vendor: word.clone(),
            name: Some(word.clone()).filter(|word| !word.is_empty()),
            urgent,
            quiet,
            kinds: notice::NoticeKind::ALL.iter().map(|kind| kind.says().to_owned()).collect(),
            reference: "CN-K7QM-2RXA".to_owned(),
            files: urgent.then(|| "2 files".to_owned()),
            link: "https://duecare.example/notices/1".to_owned(),
        };
        super::sample_words()
            .into_iter()
            .flat_map(|word| [with(word.clone(), true, false), with(word, false, true)])
            .collect()
    }
}

impl Context for NoticeReceipt {
    const TEMPLATE: &'static str = "letters/notice-receipt";
    fn samples() -> Vec<Self> {
        let with = |word: String, urgent: bool| Self {
            practice: word.clone(),
            vendor: word.clone(),
            contact: word,
            reference: "CN-K7QM-2RXA".to_owned(),
            signed_at: "December 2, 2026 at 14:05 UTC".to_owned(),
            sha256: "9f86".repeat(16),
            files: urgent.then(|| "1 file".to_owned()),
            urgent,
            days: "30".to_owned(),
            page: "https://duecare.example/tell/receipt".to_owned(),
        };
        super::sample_words().into_iter().flat_map(|word| [with(word.clone(), true), with(word, false)]).collect()
    }
}
