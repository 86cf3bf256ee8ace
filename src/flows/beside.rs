//! What bears on a vendor's score beside its answers: what it is late to put right, what has
//! happened there, and what it changed without a word.

use chrono::NaiveDate;

use crate::domain::access::Scope;
use crate::domain::action::{self, Action};
use crate::domain::changes::Change;
use crate::domain::correction::Correction;
use crate::domain::ids::VendorId;
use crate::domain::incident::File;
use crate::domain::scoring::Signal;
use crate::domain::standing;
use crate::store::{self, Db, StoreError};

/// The open corrective actions of a vendor, all its incidents, and what it does differently.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    pub actions: Vec<Action>,
    pub incidents: Vec<File>,
    pub changes: Vec<Change>,
}

impl Beside {
    /// # Errors
    /// The database's.
    pub fn load(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Self, StoreError> {
        Ok(Self {
            actions: store::actions::open_of(conn, scope, vendor)?,
            incidents: store::incidents::of_vendor(conn, scope, vendor)?,
            changes: store::changes::of_vendor(conn, scope, vendor)?,
        })
    }

    /// How much the vendor is late with: actions, and what we asked about its signed reply.
    pub fn overdue(&self, correction: Option<&Correction>, today: NaiveDate) -> u32 {
        let asked = correction.is_some_and(|open| open.is_late(today));
        action::overdue(&self.actions, today) + u32::from(asked)
    }

    /// What a person confirmed of its incidents and its changes.
    pub fn signals(&self, today: NaiveDate) -> Vec<Signal> {
        standing::signals(&self.incidents, &self.changes, today)
    }
}
