//! The newest lines of the history about one vendor.

use chrono_tz::Tz;
use serde::Serialize;

use crate::domain::access::Scope;
use crate::domain::ids::VendorId;
use crate::store::entries::{self, About, Named};
use crate::store::{Db, StoreError};
use crate::web::pages::history::Row;

/// Lines shown on the vendor's page; the history page has them all.
const SHOWN: i64 = 12;

#[derive(Serialize)]
pub struct Timeline {
    lines: Vec<Row>,
    all: Option<String>,
    href: String,
}

/// What the section is made of.
#[derive(Default)]
pub struct Lines {
    pub newest: Vec<Named>,
    pub total: u32,
}

impl Lines {
    /// # Errors
    /// The database's.
    pub fn load(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Self, StoreError> {
        let about = About { vendor: Some(vendor), ..About::default() };
        Ok(Self { newest: entries::list(conn, scope, &about, SHOWN, 0)?, total: entries::total(conn, scope, &about)? })
    }
}

impl Timeline {
    pub fn of(lines: Lines, vendor: VendorId, timezone: Tz) -> Self {
        let more = lines.total > u32::try_from(lines.newest.len()).unwrap_or(u32::MAX);
        Self {
            all: more.then(|| format!("All {} lines", lines.total)),
            href: format!("/history?vendor={vendor}"),
            lines: lines.newest.into_iter().map(|(entry, name)| Row::of(entry, name, timezone)).collect(),
        }
    }
}
