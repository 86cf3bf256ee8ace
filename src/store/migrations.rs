//! Brings the tables up to date. Both databases have the same migrations by name; a test
//! holds them equal.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Db, StoreError, per_backend, row_security};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number, the same in every replica: whoever holds it migrates.
const LOCK: i64 = 7_218_390_114;

/// Applies what is missing. Replicas that start at once wait for one another.
pub(super) fn run(conn: &mut Db) -> Result<(), StoreError> {
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
        let text = error.to_string();
        if text.contains("readonly") {
            StoreError::ReadOnly(text)
        } else {
            StoreError::Unavailable(format!("migrations: {text}"))
        }
    };
    match conn {
        Db::Sqlite(c) => {
            if c.has_pending_migration(SQLITE).map_err(failed)? {
                // Two that start at once: the second waits, and finds nothing left to do.
                c.immediate_transaction(|c| c.run_pending_migrations(SQLITE).map(drop).map_err(failed))?;
            }
        }
        Db::Postgres(c) => {
            // However long another replica migrates, this one waits. Rows of every practice are moved.
            c.batch_execute(&format!(
                "SET lock_timeout = 0; SET duecare.practice = 'everything'; SELECT pg_advisory_lock({LOCK})"
            ))?;
            let done = c.run_pending_migrations(POSTGRES).map(drop).map_err(failed);
            let done = done.and_then(|()| Ok(row_security::put_up(c)?));
            c.batch_execute(&format!(
                "SELECT pg_advisory_unlock({LOCK}); SET lock_timeout = '10s'; RESET duecare.practice"
            ))?;
            done?;
        }
    }
    refuse_newer(conn)
}

/// A database that a newer program has changed is not written to by an older one.
fn refuse_newer(conn: &mut Db) -> Result<(), StoreError> {
    let failed =
        |error: Box<dyn std::error::Error + Send + Sync>| StoreError::Unavailable(format!("migrations: {error}"));
    let known: BTreeSet<String> = match conn {
        Db::Sqlite(_) => versions::<diesel::sqlite::Sqlite>(SQLITE),
        Db::Postgres(_) => versions::<diesel::pg::Pg>(POSTGRES),
    }
    .map_err(failed)?;
    let applied = per_backend!(conn, c => c.applied_migrations()).map_err(failed)?;
    match applied.iter().map(ToString::to_string).find(|version| !known.contains(version)) {
        Some(version) => Err(StoreError::Newer(version)),
        None => Ok(()),
    }
}

fn versions<B: diesel::backend::Backend>(
    all: EmbeddedMigrations,
) -> Result<BTreeSet<String>, Box<dyn std::error::Error + Send + Sync>> {
    let all = MigrationSource::<B>::migrations(&all)?;
    Ok(all.iter().map(|migration| migration.name().version().to_string()).collect())
}

/// Whether any migration is missing. Changes nothing.
pub(super) fn are_pending(conn: &mut Db) -> Result<bool, StoreError> {
    let pending = match conn {
        Db::Sqlite(c) => c.pending_migrations(SQLITE).map(|all| !all.is_empty()),
        Db::Postgres(c) => c.pending_migrations(POSTGRES).map(|all| !all.is_empty()),
    };
    pending.map_err(|error| StoreError::Unavailable(format!("migrations: {error}")))
}

/// Takes every migration back, newest first. For the test that each has a way down.
///
/// # Errors
/// Which step failed.
pub fn revert_all(conn: &mut Db) -> Result<(), StoreError> {
    let reverted = match conn {
        Db::Sqlite(c) => c.revert_all_migrations(SQLITE).map(drop),
        Db::Postgres(c) => c.revert_all_migrations(POSTGRES).map(drop),
    };
    reverted.map_err(|error| StoreError::Unavailable(format!("migrations: {error}")))
}
