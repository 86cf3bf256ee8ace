//! What a vendor was asked again, or will be at half the year: a sentence under the next date.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::assessment::Assessment;
use crate::domain::civil_date;
use crate::domain::practice::Practice;
use crate::domain::standing::Vendor;
use crate::domain::words::counted;
use crate::flows::recheck::{self, Outlook};
use crate::store::{Db, StoreError};

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecheckLine {
    says: String,
    /// The answers were wanted before today.
    late: bool,
    /// The reply that is asked about.
    href: Option<String>,
}

impl RecheckLine {
    pub fn load(
        conn: &mut Db,
        practice: &Practice,
        vendor: &Vendor,
        all: &[Assessment],
        today: NaiveDate,
    ) -> Result<Option<Self>, StoreError> {
        Ok(recheck::outlook(conn, practice, vendor, all, today)?.map(|outlook| Self::of(&outlook, today)))
    }

    fn of(outlook: &Outlook, today: NaiveDate) -> Self {
        match outlook {
            Outlook::Open(open) => Self {
                late: open.due_on.is_some_and(|due| due < today),
                says: format!(
                    "{}: {} sent on {}{}.",
                    open.occasion.says(),
                    counted(open.returned.len(), "question"),
                    civil_date::say(open.opened_on),
                    open.due_on.map(|due| wanted(due, today)).unwrap_or_default(),
                ),
                href: Some(format!("/assessments/{}", open.assessment)),
            },
            Outlook::HalfYear(on) => Self {
                late: false,
                says: format!(
                    "Half-year check on {}: a letter asks whether its main answers still hold. It goes out by itself.",
                    civil_date::say(*on)
                ),
                href: None,
            },
        }
    }

    pub fn sample(text: &str) -> Self {
        Self { says: text.to_owned(), late: true, href: Some("/assessments/1".to_owned()) }
    }
}

/// The day on which answers are wanted, and how long ago that was.
fn wanted(due: NaiveDate, today: NaiveDate) -> String {
    let late = usize::try_from((today - due).num_days()).unwrap_or_default();
    match late {
        0 => format!(", wanted by {}", civil_date::say(due)),
        late => format!(", wanted by {}, {} ago. Telephone them", civil_date::say(due), counted(late, "day")),
    }
}
