//! A form that comes after its session has ended: kept, sealed, for half an hour, until the
//! same person signs in again in the same browser and sends it, or lets it go.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::ids::{PracticeId, UserId};
use crate::domain::session::KEPT_LASTS;
use crate::secrets::{self, Key};
use crate::store::challenges::{self, Challenge};
use crate::store::{Db, StoreError};

const KIND: &str = "kept";

/// A form as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub practice: PracticeId,
    /// Where it was sent to, with its query.
    pub to: String,
    pub fields: Vec<(String, String)>,
}

fn about(hash: &str, user: UserId) -> String {
    format!("kept:{hash}:{user}")
}

/// Keeps a form, and gives the token that the browser holds.
///
/// # Errors
/// The database's.
pub fn keep(conn: &mut Db, key: &Key, user: UserId, kept: &Kept, now: DateTime<Utc>) -> Result<String, StoreError> {
    let token = secrets::token();
    let hash = secrets::digest(&token);
    let plain = serde_json::to_vec(kept).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let state = key.seal(&about(&hash, user), &plain);
    challenges::add(conn, &hash, KIND, &Challenge { user: Some(user), state }, now + KEPT_LASTS)?;
    Ok(token)
}

/// What a browser's token holds, for the person who typed it and nobody else.
///
/// # Errors
/// The database's.
pub fn find(
    conn: &mut Db,
    key: &Key,
    user: UserId,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<Kept>, StoreError> {
    let hash = secrets::digest(token);
    let Some(found) = challenges::find(conn, &hash, KIND, now)?.filter(|found| found.user == Some(user)) else {
        return Ok(None);
    };
    let plain = key.open(&about(&hash, user), &found.state);
    Ok(plain.and_then(|plain| serde_json::from_slice(&plain).ok()))
}

/// Lets it go.
///
/// # Errors
/// The database's.
pub fn let_go(conn: &mut Db, user: UserId, token: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let hash = secrets::digest(token);
    if challenges::find(conn, &hash, KIND, now)?.is_some_and(|found| found.user == Some(user)) {
        challenges::take(conn, &hash, KIND, now)?;
    }
    Ok(())
}
