//! The turns of a vendor's life in the story: suspended, ended, archived, under another.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::DemoError;
use crate::domain::ending::{Outcome, Settled, StepKind};
use crate::domain::entry::Actor;
use crate::domain::ids::VendorId;
use crate::domain::life::Life;
use crate::domain::practice::Practice;
use crate::flows::life::{self, Asked};
use crate::flows::{Office, subcontract};
use crate::store::Db;

/// One thing that somebody decides about a vendor.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    pub on: i64,
    #[serde(default)]
    reason: String,
    to: Option<Life>,
    last_day: Option<NaiveDate>,
    settle: Option<StepKind>,
    outcome: Option<Outcome>,
    #[serde(default)]
    finish: bool,
    #[serde(default)]
    archive: bool,
    country: Option<String>,
    /// The vendor that it works for.
    pub under: Option<String>,
}

/// Lets a turn happen; `under` is the vendor that it names.
pub fn take(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    turn: &Turn,
    (vendor, under): (VendorId, Option<VendorId>),
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), DemoError> {
    let asked = Asked { vendor, by, now };
    let odd = |error: &dyn std::error::Error| DemoError::Story(format!("a turn of {vendor}: {error}"));
    if let Some(to) = turn.to {
        life::step(conn, office, practice, asked, to, turn.last_day, &turn.reason).map_err(|error| odd(&error))?;
    }
    if let (Some(kind), Some(outcome)) = (turn.settle, turn.outcome) {
        let (by, on) = (by.name().to_owned(), practice.day(now));
        let settled = Settled { outcome, by, on, note: turn.reason.clone(), document: None };
        life::settle(conn, office, practice, asked, kind, Some(settled)).map_err(|error| odd(&error))?;
    }
    if turn.finish {
        life::finish(conn, office, practice, asked).map_err(|error| odd(&error))?;
    }
    if turn.archive {
        life::archive(conn, office, practice, asked, &turn.reason).map_err(|error| odd(&error))?;
    }
    if let Some(country) = &turn.country {
        subcontract::set_country(conn, office, practice, asked, country).map_err(|error| odd(&error))?;
    }
    if let Some(under) = under {
        subcontract::put_under(conn, office, practice, asked, under).map_err(|error| odd(&error))?;
    }
    Ok(())
}
