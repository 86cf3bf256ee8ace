//! Gaps that somebody of the practice lives with in the story.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::DemoError;
use crate::domain::entry::Actor;
use crate::domain::ids::VendorId;
use crate::domain::practice::Practice;
use crate::flows::Office;
use crate::flows::exceptions;
use crate::store::Db;

/// Somebody lives with a gap.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lives {
    /// Days ago, as everywhere here.
    pub on: i64,
    /// The question.
    with: String,
    because: String,
    until: NaiveDate,
}

impl Lives {
    pub fn happen(
        &self,
        conn: &mut Db,
        office: &Office,
        practice: &Practice,
        vendor: VendorId,
        by: &Actor,
        now: DateTime<Utc>,
    ) -> Result<(), DemoError> {
        let asked = (self.because.as_str(), self.until);
        exceptions::accept(conn, office, practice, vendor, &self.with, asked, by, now)
            .map_err(|error| DemoError::Story(format!("living with {} of {vendor}: {error}", self.with)))
    }
}
