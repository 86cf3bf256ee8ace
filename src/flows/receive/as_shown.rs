//! A signature under what its page showed: an answer that was changed meanwhile is looked at first.

use chrono::{DateTime, Utc};

use super::{Opened, ReceiveError, Signer, sign};
use crate::domain::answers::seen;
use crate::domain::answers::support::still_there;
use crate::domain::assessment::Attestation;
use crate::flows::Office;
use crate::store::{self, Db, StoreError};

/// Signs where the answers and their files still are as `shown` marks them; a page without a mark
/// signs what is on record.
///
/// # Errors
/// [`ReceiveError::Changed`] when they are not, and those of [`sign`].
pub fn sign_as_shown(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    signer: &Signer,
    shown: &str,
    now: DateTime<Utc>,
) -> Result<Attestation, ReceiveError> {
    // Behind the vendor's row nobody else signs, and a signature reads what it compares here.
    store::vendors::hold(conn, &opened.scope(), opened.assessment.vendor)?;
    if !shown.is_empty() && shown != mark(conn, opened)? {
        return Err(ReceiveError::Changed);
    }
    sign(conn, office, opened, signer, now)
}

/// The mark of what would be signed now.
fn mark(conn: &mut Db, opened: &Opened) -> Result<String, StoreError> {
    let (scope, id) = (opened.scope(), opened.assessment.id);
    let mut answers = store::answers::of(conn, &scope, id)?;
    let mut files = store::evidence::of(conn, &scope, id)?;
    if let Some(open) = store::corrections::open_of(conn, &scope, id)? {
        answers = open.over(&answers);
        files = store::evidence::over(conn, &scope, files, &open)?;
    }
    Ok(seen::mark_of_all(&answers, &still_there(files)))
}
