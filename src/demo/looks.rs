//! What the practice makes of changes in the story.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::DemoError;
use crate::domain::access::Scope;
use crate::domain::changes::{Telling, Verdict};
use crate::domain::entry::Actor;
use crate::domain::ids::VendorId;
use crate::domain::practice::Practice;
use crate::flows::Office;
use crate::flows::changes::{self, Said};
use crate::store::{self, Db};

/// Somebody looks at a change.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Looks {
    /// Days ago, as everywhere here.
    pub on: i64,
    /// The question, or the term of the agreement.
    at: String,
    verdict: Verdict,
    #[serde(default)]
    why: String,
    told: Option<Telling>,
}

impl Looks {
    /// The newest change of it that nobody has looked at.
    pub fn happen(
        &self,
        conn: &mut Db,
        office: &Office,
        practice: &Practice,
        vendor: VendorId,
        by: &Actor,
        now: DateTime<Utc>,
    ) -> Result<(), DemoError> {
        let odd = |why: &dyn std::fmt::Display| DemoError::Story(format!("a look at {} of {vendor}: {why}", self.at));
        let all = store::changes::of_vendor(conn, &Scope::Practice(practice.id), vendor)?;
        let change = all.iter().find(|one| one.subject == self.at && one.is_to_look_at());
        let change = change.ok_or_else(|| odd(&"nothing has changed there"))?;
        let said = Said { verdict: self.verdict, why: self.why.clone(), telling: self.told };
        changes::look(conn, office, practice, change.id, &said, by, now).map_err(|error| odd(&error))
    }
}
