//! Takes a question back that has not left yet: nobody outside has heard of it.

use crate::domain::access::Scope;
use crate::domain::assessment::AssessmentState;
use crate::domain::ids::AssessmentId;
use crate::domain::letter::NOT_SENT;
use crate::store::{self, Db, StoreError};

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenBack {
    Done,
    /// The letter has left or is just leaving.
    Left,
    /// It was answered, begun or closed meanwhile, or is not there.
    Past,
}

/// Takes an open question back, when none of its letters has left. The caller holds the
/// vendor, and judges it.
///
/// The assessment goes for good: kept as closed, it would look like silence next time.
///
/// # Errors
/// The database's.
pub fn take_back(conn: &mut Db, scope: &Scope, id: AssessmentId) -> Result<TakenBack, StoreError> {
    let Some(assessment) = store::assessments::one(conn, scope, id)? else { return Ok(TakenBack::Past) };
    if assessment.state != AssessmentState::Invited || assessment.started_at.is_some() {
        return Ok(TakenBack::Past);
    }
    let reason = format!("{NOT_SENT}the question was taken back before it left");
    if !store::letters::hold_back(conn, scope, id, &reason)? {
        return Ok(TakenBack::Left);
    }
    store::assessments::forget(conn, scope, id)?;
    Ok(TakenBack::Done)
}
