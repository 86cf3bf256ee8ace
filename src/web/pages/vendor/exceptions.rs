//! The gaps of a vendor that somebody accepts, on its page.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::exception::ExceptionState;
use crate::domain::practice::Practice;
use crate::domain::standing::Vendor;
use crate::flows::{Office, exceptions as flow};
use crate::store::{Db, StoreError};
use crate::web::pages::exceptions::{self, Row};

#[derive(Clone, Debug, Default, Serialize)]
pub struct ExceptionSection {
    rows: Vec<Row>,
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
        Ok(Self { rows })
    }

    /// With text of all kinds in it.
    pub fn sample(text: &str) -> Self {
        Self { rows: vec![Row::of(&exceptions::sample(text), ExceptionState::RanOut, text)] }
    }
}
