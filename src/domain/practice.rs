//! The practice: the tenant, whose days are counted in its own time zone.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::ids::PracticeId;

pub mod compared;
pub mod settings;
pub mod setup;

pub use settings::Settings;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Practice {
    pub id: PracticeId,
    /// Names the practice on the command line: `maple-family-practice`.
    pub slug: String,
    pub name: String,
    pub timezone: Tz,
    /// Who a vendor may ask for, by telephone or by answering the letter.
    pub contact: PracticeContact,
    /// What it decided about how duecare works for it.
    pub settings: Settings,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PracticeContact {
    pub name: String,
    pub phone: String,
    pub reply_to: Option<String>,
}

impl Practice {
    /// The civil date in the practice's time zone.
    pub fn day(&self, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&self.timezone).date_naive()
    }

    /// Who letters are from.
    pub fn sender(&self) -> &str {
        if self.settings.sender_name.is_empty() { &self.name } else { &self.settings.sender_name }
    }
}

/// A name as part of an address: `Maple Family Practice` → `maple-family-practice`.
pub fn slug(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    let slug = plain.split_whitespace().collect::<Vec<_>>().join("-");
    if slug.is_empty() { "practice".to_owned() } else { slug.chars().take(60).collect() }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_slug_is_made_of_letters_digits_and_hyphens() {
        assert_eq!(slug("Maple Family Practice, P.C."), "maple-family-practice-p-c");
        assert_eq!(slug("  ¡  "), "practice");
    }
}
