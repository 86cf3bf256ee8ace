//! The signed notice as a document of its own, from the frozen snapshot.

use chrono::{DateTime, Utc};

use super::pinned;
use crate::domain::access::Scope;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::notice::ChangeNotice;
use crate::domain::practice::Practice;
use crate::flows::Office;
use crate::report::signed_copy::{self, Part, SignedCopy};
use crate::store::{self, Db, StoreError};

/// The PDF: the same bytes each time.
///
/// # Errors
/// A snapshot that cannot be read.
pub fn pdf(office: &Office, practice: &Practice, notice: &ChangeNotice) -> Result<Vec<u8>, StoreError> {
    let copy = SignedCopy {
        signed: &notice.signed,
        questionnaire: pinned(office, &notice.questionnaire, &notice.digest)?,
        timezone: practice.timezone,
        version: 1,
        address: None,
        earlier: &[],
    };
    signed_copy::pdf(&copy, Part::Whole).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// A line of the history: it was taken away.
///
/// # Errors
/// The database's.
pub fn taken(conn: &mut Db, practice: &Practice, notice: &ChangeNotice, now: DateTime<Utc>) -> Result<(), StoreError> {
    let sentence = format!("took the change notice {} away as a PDF", notice.signed.reference);
    let by = &Actor::Respondent(notice.signed.name.clone());
    let deed = Deed { by, act: Act::Exported, vendor: Some(notice.vendor), sentence };
    store::entries::write(conn, &Scope::Practice(practice.id), &deed, now)
}
