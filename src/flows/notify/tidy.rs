//! What the sweep does for notices: one that was begun and never signed is forgotten when its
//! time is over, with its files.

use chrono::{DateTime, Utc};

use super::DRAFT_LASTS;
use crate::domain::access::Scope;
use crate::files::Files;
use crate::flows::blocking;
use crate::store::{self, Store, StoreError};

const EVERYTHING: Scope = Scope::Everything("notices wait for their browsers in all practices");

/// Forgets what was abandoned; says how many.
///
/// # Errors
/// The database's. Bytes that cannot be removed now are swept up as leftovers.
pub async fn tidy(store: &Store, files: &Files, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let before = now - DRAFT_LASTS;
    let abandoned =
        blocking(store, move |store| store.read(|conn| store::notice_files::abandoned(conn, &EVERYTHING, before)))
            .await?;
    let mut forgotten = 0;
    for (practice, vendor, notice) in abandoned {
        let scope = Scope::Practice(practice);
        let places = blocking(store, move |store| {
            store.write_in(&scope, |conn| {
                store::vendors::hold(conn, &scope, vendor)?;
                let places = store::notice_files::places(conn, &scope, notice)?;
                let gone = store::notices::forget(conn, &scope, notice, before)?;
                Ok::<_, StoreError>(gone.then_some(places))
            })
        })
        .await?;
        let Some(places) = places else { continue };
        forgotten += 1;
        for place in places {
            if let Err(error) = files.remove(&place).await {
                tracing::warn!("a file of a notice that was never signed cannot be removed now: {error}");
            }
        }
    }
    Ok(forgotten)
}
