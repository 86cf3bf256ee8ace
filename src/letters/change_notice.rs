//! The letter to our own people that a vendor told of a change. Names the kinds and nothing
//! else of what was written: answers stay behind the sign-in.

use serde::Serialize;

use super::{Letters, Written};
use crate::domain::notice::{self, ChangeNotice, Materiality};
use crate::domain::practice::Practice;
use crate::domain::standing::Vendor;
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
    link: String,
}

impl Letters {
    /// Tells `name` of the practice that a notice of `vendor` came in.
    pub fn change_notice(&self, practice: &Practice, vendor: &Vendor, told: &ChangeNotice, name: &str) -> Written {
        self.write(&Word {
            practice: practice.name.clone(),
            vendor: vendor.details.name.clone(),
            name: Some(name.trim().to_owned()).filter(|name| !name.is_empty()),
            urgent: told.materiality() == Some(Materiality::Urgent),
            quiet: told.materiality().is_none(),
            kinds: told.kinds().into_iter().map(|kind| kind.says().to_owned()).collect(),
            reference: told.signed.reference.clone(),
            link: format!("{}/notices/{}", self.base_url, told.id),
        })
    }
}

impl Context for Word {
    const TEMPLATE: &'static str = "letters/change-notice";
    fn samples() -> Vec<Self> {
        let with = |word: String, urgent, quiet| Self {
            practice: word.clone(),
            vendor: word.clone(),
            name: Some(word.clone()).filter(|word| !word.is_empty()),
            urgent,
            quiet,
            kinds: notice::NoticeKind::ALL.iter().map(|kind| kind.says().to_owned()).collect(),
            reference: "CN-K7QM-2RXA".to_owned(),
            link: "https://duecare.example/notices/1".to_owned(),
        };
        super::sample_words()
            .into_iter()
            .flat_map(|word| [with(word.clone(), true, false), with(word, false, true)])
            .collect()
    }
}
