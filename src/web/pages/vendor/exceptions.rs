//! The gaps of a vendor that somebody accepts, on its page.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::action::Shortfall;
use crate::domain::civil_date;
use crate::domain::exception::ExceptionState;
use crate::domain::practice::Practice;
use crate::domain::standing::Vendor;
use crate::flows::{Office, exceptions as flow};
use crate::store::{Db, StoreError};
use crate::web::pages::exceptions::{self, Row};

#[derive(Clone, Debug, Default, Serialize)]
pub struct ExceptionSection {
    rows: Vec<Row>,
    #[serde(skip)]
    set_aside: Option<String>,
}

impl ExceptionSection {
    /// # Errors
    /// The database's.
    pub fn load(
        conn: &mut Db,
        office: &Office,
        practice: &Practice,
        vendor: &Vendor,
        today: NaiveDate,
    ) -> Result<Self, StoreError> {
        let all = flow::newest(conn, office, practice, vendor, today)?;
        let rows = all.iter().map(|(one, state)| Row::of(one, *state, &vendor.details.name)).collect();
        let stop =
            all.iter().find(|(one, state)| one.shortfall == Shortfall::HardStop && *state == ExceptionState::InForce);
        let set_aside = stop.map(|(one, _)| {
            format!(
                "{} accepted “{}” until {}, so it does not count as a hard stop now.",
                one.by,
                one.short,
                civil_date::say(one.until)
            )
        });
        Ok(Self { rows, set_aside })
    }

    /// That a hard stop is accepted for now, in words.
    pub fn set_aside(&self) -> Option<&str> {
        self.set_aside.as_deref()
    }

    /// With text of all kinds in it.
    pub fn sample(text: &str) -> Self {
        Self { rows: vec![Row::of(&exceptions::sample(text), ExceptionState::RanOut, text)], set_aside: None }
    }
}
