//! The gaps of a vendor that somebody accepts, on its page.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::action::Shortfall;
use crate::domain::exception::{Exception, ExceptionState};
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
        let in_force = |found: &&(Exception, ExceptionState)| {
            found.0.shortfall == Shortfall::HardStop && found.1 == ExceptionState::InForce
        };
        let stops: Vec<&Exception> = all.iter().filter(in_force).map(|(one, _)| one).collect();
        let set_aside = (!stops.is_empty()).then(|| {
            let so = if stops.len() == 1 {
                "It does not count as a hard stop now."
            } else {
                "They do not count as hard stops now."
            };
            format!("{} {so}", flow::named(&stops))
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
