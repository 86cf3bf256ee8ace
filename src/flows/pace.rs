//! How long it takes to answer: what real respondents took, and what the next are told.

use chrono::{DateTime, Utc};

use crate::domain::access::Scope;
use crate::domain::answers::{Answers, told};
use crate::domain::assessment::Assessment;
use crate::domain::pace::{self, Kind};
use crate::secrets;
use crate::store::{self, Db, StoreError};

/// The measured median for an assessment; `None` until ten like it were signed.
///
/// # Errors
/// The database's.
pub fn measured(conn: &mut Db, scope: &Scope, assessment: &Assessment) -> Result<Option<u32>, StoreError> {
    let kind = kind(conn, scope, assessment)?;
    Ok(pace::median(store::paces::sample(conn, &kind)?))
}

/// Notes how long the signer of these answers was at it, where that can be told.
///
/// # Errors
/// The database's.
pub fn note(
    conn: &mut Db,
    scope: &Scope,
    assessment: &Assessment,
    answers: &Answers,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(started) = assessment.started_at.filter(|_| told::count(answers) == 0) else { return Ok(()) };
    let saves = store::answers::saved_at(conn, scope, assessment.id)?;
    let Some(minutes) = pace::minutes_at_it(started, &saves, now) else { return Ok(()) };
    let kind = kind(conn, scope, assessment)?;
    store::paces::note(conn, &secrets::token(), &kind, minutes)
}

fn kind(conn: &mut Db, scope: &Scope, assessment: &Assessment) -> Result<Kind, StoreError> {
    let again = assessment.cycle > 1
        && store::assessments::of_vendor(conn, scope, assessment.vendor)?
            .iter()
            .any(|one| one.cycle < assessment.cycle && one.accepted_on.is_some());
    Ok(Kind { questionnaire: assessment.questionnaire.clone(), set: assessment.asked.set, again })
}
