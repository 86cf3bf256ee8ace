//! What happens with incidents in the story: opened by hand or from a notice, mended, assessed,
//! marked, closed.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::DemoError;
use crate::domain::access::Scope;
use crate::domain::entry::Actor;
use crate::domain::ids::VendorId;
use crate::domain::incident::assessment::Found;
use crate::domain::incident::{Agency, Conclusion, Known, Learned, Outcome, Secured, StepKind, residents};
use crate::domain::practice::Practice;
use crate::flows::Office;
use crate::flows::incidents::{self, Doing, IncidentError, Marked};
use crate::store::{self, Db};

/// Days ago, as everywhere in the story.
#[derive(Deserialize)]
pub struct Happens {
    pub on: i64,
    #[serde(flatten)]
    what: What,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum What {
    /// From its newest change notice.
    Opens {},
    /// By hand.
    Hears {
        learned: Learned,
        what: String,
        told: NaiveDate,
        knew: Option<NaiveDate>,
    },
    /// What is known by then, of the newest.
    Learns {
        agency: Agency,
        secured: Secured,
        residents: String,
    },
    Assesses {
        conclusion: Conclusion,
        nature: String,
        recipient: String,
        acquired: String,
        mitigated: String,
        reason: String,
    },
    Marks {
        step: StepKind,
        day: NaiveDate,
        note: String,
    },
    Closes {
        outcome: Outcome,
        reason: String,
    },
}

impl Happens {
    fn odd(&self, why: &dyn std::fmt::Display) -> DemoError {
        DemoError::Story(format!("an incident of {} days ago: {why}", self.on))
    }

    pub fn happen(
        &self,
        conn: &mut Db,
        office: &Office,
        practice: &Practice,
        vendor: VendorId,
        by: &Actor,
        now: DateTime<Utc>,
    ) -> Result<(), DemoError> {
        let (scope, doing) = (Scope::Practice(practice.id), Doing { office, practice, by, now });
        let done = match &self.what {
            What::Opens {} => {
                let told = store::notices::of_vendor(conn, &scope, vendor)?;
                let newest = told.first().ok_or_else(|| self.odd(&"nothing was told"))?;
                incidents::from_notice(conn, doing, newest.id).map(drop)
            }
            What::Hears { learned, what, told, knew } => {
                let known = Known { vendor_knew_on: *knew, ..Known::told(*told) };
                incidents::by_hand(conn, doing, vendor, *learned, what, known).map(drop)
            }
            later => self.later(conn, doing, vendor, later)?,
        };
        done.map_err(|error| self.odd(&error))
    }

    /// What concerns the newest of them.
    fn later(
        &self,
        conn: &mut Db,
        doing: Doing<'_>,
        vendor: VendorId,
        what: &What,
    ) -> Result<Result<(), IncidentError>, DemoError> {
        let all = store::incidents::of_vendor(conn, &Scope::Practice(doing.practice.id), vendor)?;
        let newest = all.into_iter().next().ok_or_else(|| self.odd(&"none is there"))?.incident;
        Ok(match what {
            What::Opens {} | What::Hears { .. } => Ok(()),
            What::Learns { agency, secured, residents: counts } => {
                let residents = residents::read(counts).map_err(|fault| self.odd(&fault))?;
                let known = Known { agency: *agency, secured: *secured, residents, ..newest.known };
                incidents::mend(conn, doing, newest.id, &newest.what, &known)
            }
            What::Assesses { conclusion, nature, recipient, acquired, mitigated, reason } => {
                let found = Found {
                    nature: nature.clone(),
                    recipient: recipient.clone(),
                    acquired: acquired.clone(),
                    mitigated: mitigated.clone(),
                    exclusion: None,
                    reason: reason.clone(),
                };
                incidents::assess(conn, doing, newest.id, found, *conclusion)
            }
            What::Marks { step, day, note } => {
                let marked = Marked { step: *step, on: Some(*day), note: note.clone(), document: None };
                incidents::mark(conn, doing, newest.id, marked)
            }
            What::Closes { outcome, reason } => incidents::close(conn, doing, newest.id, *outcome, reason),
        })
    }
}
