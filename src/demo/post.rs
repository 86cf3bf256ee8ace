//! Sends the demo's letters on its simulated days, as delivery would have, but to nobody.

use chrono::{DateTime, TimeDelta, Utc};

use super::days::Days;
use super::story::{Fate, Mishap, Story};
use crate::domain::access::Scope;
use crate::domain::letter::Letter;
use crate::flows::{Office, deliver};
use crate::store::letters::Outcome;
use crate::store::{self, Db, StoreError};

/// More than any day writes.
const BATCH: i64 = 1_000;
/// A letter that could not be sent is tried again after so long.
const LATER: TimeDelta = TimeDelta::minutes(40);

/// Sends every letter that may be sent at `at`.
pub fn send(conn: &mut Db, office: &Office, story: &Story, days: &Days, at: DateTime<Utc>) -> Result<(), StoreError> {
    for (practice, id) in store::letters::to_send(conn, at, BATCH)? {
        let scope = Scope::Practice(practice);
        let Some(letter) = store::letters::one(conn, &scope, id)? else { continue };
        // Those to colleagues are sent where they are written.
        if letter.kind.to_staff() {
            continue;
        }
        let vendor = letter.vendor.map(|id| store::vendors::one(conn, &scope, id)).transpose()?.flatten();
        let name = vendor.map(|vendor| vendor.details.name).unwrap_or_default();
        let mishap = story.letters.iter().find(|mishap| befalls(mishap, &letter, &name, days));
        if mishap.is_some_and(|mishap| mishap.outcome == Fate::Waiting) {
            continue;
        }
        if let Some(claimed) = store::letters::claim(conn, practice, id, at)? {
            deliver::finish(conn, office, &claimed, &outcome(mishap, at), at)?;
        }
    }
    Ok(())
}

fn befalls(mishap: &Mishap, letter: &Letter, vendor: &str, days: &Days) -> bool {
    mishap.to == vendor && mishap.kind == letter.kind && letter.written_at >= days.at(mishap.since, 0)
}

fn outcome(mishap: Option<&Mishap>, at: DateTime<Utc>) -> Outcome {
    let Some(mishap) = mishap else { return Outcome::Sent };
    let reason = mishap.reason.clone();
    match mishap.outcome {
        Fate::Failed => Outcome::Failed { reason },
        Fate::Uncertain => Outcome::Uncertain { reason },
        Fate::Deferred | Fate::Waiting => Outcome::Deferred { until: at + LATER, reason },
    }
}
