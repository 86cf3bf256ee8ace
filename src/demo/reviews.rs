//! Replies that the practice reviews in the story: all but the youngest.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::DemoError;
use crate::domain::access::Scope;
use crate::domain::assessment;
use crate::domain::entry::Actor;
use crate::domain::ids::VendorId;
use crate::domain::practice::Practice;
use crate::domain::review::form::{Choice, Shown};
use crate::flows::Office;
use crate::flows::review::{self, Desk, Given, Outcome};
use crate::store::{self, Db};

/// Days after the signature on which somebody finds the time.
pub const AFTER: i64 = 4;
/// Replies signed since so many days wait for it.
pub const WAITING: i64 = 85;

/// What the reviewer makes of a vendor's answers.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reviews {
    /// Questions where "does not apply" is accepted; anywhere else it is not.
    #[serde(default)]
    accepts: String,
    /// Questions whose files are opened and found good.
    #[serde(default)]
    checks: String,
}

impl Reviews {
    /// The newest reply is accepted, unless its questions are with the vendor.
    pub fn happen(
        &self,
        conn: &mut Db,
        office: &Office,
        practice: &Practice,
        vendor: VendorId,
        by: &Actor,
        now: DateTime<Utc>,
    ) -> Result<(), DemoError> {
        let (scope, today) = (Scope::Practice(practice.id), practice.day(now));
        let odd = |why: &dyn std::fmt::Debug| DemoError::Story(format!("a review of {vendor}: {why:?}"));
        let all = store::assessments::of_vendor(conn, &scope, vendor)?;
        let newest = assessment::last_signed(&all).ok_or_else(|| odd(&"nothing is signed"))?;
        let desk = Desk::load(conn, office, &scope, newest.id)?.ok_or_else(|| odd(&"nothing is signed"))?;
        let points = desk.points(today);
        let named = |list: &str, slug: &str| list.split_whitespace().any(|one| one == slug);
        let choices: BTreeMap<String, Choice> = points
            .iter()
            .map(|(slug, point)| {
                let na = point.asks_na.then(|| named(&self.accepts, slug));
                (slug.clone(), point.allowed(Choice { na, checked: named(&self.checks, slug) }))
            })
            .collect();
        let given = Given { signed: desk.signed.sha256.clone(), shown: Shown::of(&points), choices, accept: true };
        match review::decide(conn, office, practice, newest.id, &given, by, now)? {
            Some(Outcome::Saved { .. } | Outcome::Returned) => Ok(()),
            other => Err(odd(&other)),
        }
    }
}
