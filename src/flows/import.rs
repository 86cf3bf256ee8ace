//! Brings a vendor file in: all of it, or nothing.

use chrono::{DateTime, Utc};

use super::{Office, register};
use crate::domain::access::Scope;
use crate::domain::entry::Actor;
use crate::domain::import_plan::{self, Plan, Step};
use crate::domain::practice::Practice;
use crate::domain::vendor_file::{self, Fault};
use crate::store::{self, Db, StoreError};

/// Why a file is not brought in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{} to mend in the file", .0.len())]
    Faults(Vec<Fault>),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What importing these bytes would do. Reads only.
///
/// # Errors
/// Every fault of the file, by line and column.
pub fn preview(conn: &mut Db, scope: &Scope, bytes: &[u8]) -> Result<Plan, ImportError> {
    let file = vendor_file::read(bytes).map_err(ImportError::Faults)?;
    let vendors = store::vendors::all(conn, scope)?;
    import_plan::plan(&vendors, file).map_err(ImportError::Faults)
}

/// Imports these bytes, in one transaction of the caller's. The plan is made anew inside it,
/// so that what changed since the preview is not overwritten unseen.
///
/// # Errors
/// Every fault of the file; the caller's transaction is to be taken back.
pub fn import(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    bytes: &[u8],
    by: &Actor,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Plan, ImportError> {
    let scope = Scope::Practice(practice.id);
    let file = vendor_file::read(bytes).map_err(ImportError::Faults)?;
    let vendors = store::vendors::hold_all(conn, &scope)?;
    let plan = import_plan::plan(&vendors, file).map_err(ImportError::Faults)?;
    let all = plan.rows.len();
    for (done, row) in plan.rows.iter().enumerate() {
        match &row.step {
            Step::New(details) => {
                register::add(conn, office, practice, details, by, now)?;
            }
            Step::Changed { vendor, details, .. } => {
                register::change(conn, office, practice, vendor.id, details, by, now)?;
            }
            Step::Unchanged => {}
        }
        progress(done + 1, all);
    }
    Ok(plan)
}
