//! The only user of diesel: connections, transactions, migrations, and one file a table
//! family. Functions take a connection and a [`Scope`](crate::domain::access::Scope) and
//! return domain values, never rows. Knows no rules and no HTTP.

pub mod acceptances;
pub mod actions;
pub mod agreements;
pub mod answers;
pub mod assessments;
pub mod bulk_changes;
pub mod challenges;
pub mod changes;
pub mod codes;
pub mod contacts;
pub mod corrections;
pub mod decisions;
pub mod documents;
pub mod endings;
pub mod entries;
pub mod evidence;
pub mod exceptions;
pub mod first_steps;
pub mod flags;
pub mod handovers;
pub mod imports;
pub mod incidents;
pub mod invitations;
pub mod letters;
pub mod merge;
pub mod migrations;
pub mod notice_files;
pub mod notice_links;
pub mod notices;
pub mod paces;
pub mod passkeys;
pub mod people;
pub mod place;
pub mod practices;
pub mod reviews;
pub mod row_security;
pub mod saved_views;
mod schema;
pub mod scores;
pub mod second_factors;
pub mod sessions;
pub mod tags;
pub mod tree;
pub mod users;
pub mod vendor_list;
pub mod vendors;

use std::cell::Cell;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::r2d2::{ManageConnection, Pool, PooledConnection, R2D2Connection};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use tokio::sync::Semaphore;

use crate::domain::access::Scope;
use crate::domain::entry::ChainKey;
use crate::domain::ids::PracticeId;

/// Either database, behind one type and one set of queries.
#[derive(diesel::MultiConnection)]
pub enum Db {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Runs the same expression on the concrete connection, for the few queries that the
/// derived connection cannot express.
macro_rules! per_backend {
    ($conn:expr, $inner:ident => $body:expr) => {
        match $conn {
            $crate::store::Db::Sqlite($inner) => $body,
            $crate::store::Db::Postgres($inner) => $body,
        }
    };
}
pub(crate) use per_backend;

/// What can go wrong below the rules.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The same thing was already written: a unique index said so.
    #[error("already there")]
    Duplicate,
    #[error("the database cannot be written to: {0}")]
    ReadOnly(String),
    #[error("the database is not available: {0}")]
    Unavailable(String),
    #[error("a stored value cannot be read: {0}")]
    Corrupt(String),
    /// Holds a migration that this program does not know.
    #[error(
        "the database was changed by a newer version of duecare (migration {0}); run that version, or restore a backup"
    )]
    Newer(String),
    #[error("this needs the scope of one practice")]
    Scope,
    #[error("the history is sealed with the installation's key, and the database was opened without it")]
    Keyless,
    #[error("the database refused: {0}")]
    Query(DieselError),
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match &error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => StoreError::Duplicate,
            DieselError::DatabaseError(DatabaseErrorKind::ReadOnlyTransaction, info) => {
                StoreError::ReadOnly(info.message().to_owned())
            }
            DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, info) => {
                StoreError::Unavailable(info.message().to_owned())
            }
            DieselError::DatabaseError(_, info) => match info.message() {
                // SQLite has no kinds for these; its words are all there is.
                text if text.contains("readonly") || text.contains("disk is full") || text.contains("disk I/O") => {
                    StoreError::ReadOnly(text.to_owned())
                }
                // Somebody else is at work on the same rows; a moment later it goes.
                text if ["database is locked", "lock timeout", "deadlock detected"]
                    .iter()
                    .any(|busy| text.contains(busy)) =>
                {
                    StoreError::Unavailable(text.to_owned())
                }
                _ => StoreError::Query(error),
            },
            _ => StoreError::Query(error),
        }
    }
}

/// The scope of whoever looks before it is known which practice is meant.
const EVERYTHING: Scope = Scope::Everything("not of one practice");

/// Opens connections of one database, by its URL.
#[derive(Clone, Debug)]
pub struct Opener {
    address: Address,
    /// A reader refuses to write, so that a stray write is a fault and not a lock.
    read_only: bool,
    /// When a server last said that it lives.
    alive: Arc<Mutex<Option<Instant>>>,
}

/// How long a server is believed to live on. Without that every page asks it twice over; with
/// it, what a restart cut off is found by those who come within that time.
const BELIEVED: Duration = Duration::from_secs(1);

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A file's path.
    Sqlite(String),
    /// A libpq URL.
    Postgres(String),
}

impl Address {
    /// `postgres://…` or `postgresql://…` is PostgreSQL; `sqlite://PATH`, `sqlite:PATH` or a
    /// bare path is a file. Any other scheme is `None`.
    pub fn parse(url: &str) -> Option<Self> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Some(Address::Postgres(url.to_owned()));
        }
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")).unwrap_or(url);
        (!path.contains("://") && !path.is_empty()).then(|| Address::Sqlite(path.to_owned()))
    }
}

impl ManageConnection for Opener {
    type Connection = Db;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Db, Self::Error> {
        match &self.address {
            Address::Postgres(url) => PgConnection::establish(url).map(Db::Postgres),
            Address::Sqlite(path) => SqliteConnection::establish(path).map(Db::Sqlite),
        }
        .map_err(diesel::r2d2::Error::ConnectionError)
        .and_then(|mut conn| {
            self.prepare(&mut conn).map_err(diesel::r2d2::Error::QueryError)?;
            Ok(conn)
        })
    }

    fn is_valid(&self, conn: &mut Db) -> Result<(), Self::Error> {
        let mut alive = self.alive.lock().unwrap_or_else(PoisonError::into_inner);
        if !alive.is_some_and(|at| at.elapsed() < BELIEVED) {
            per_backend!(conn, c => c.ping()).map_err(diesel::r2d2::Error::QueryError)?;
            *alive = Some(Instant::now());
        }
        Ok(())
    }

    fn has_broken(&self, conn: &mut Db) -> bool {
        per_backend!(conn, c => c.is_broken())
    }
}

impl Opener {
    fn prepare(&self, conn: &mut Db) -> QueryResult<()> {
        match conn {
            // The wait comes first: switching to WAL may itself meet a lock. FULL, because an
            // answer that was acknowledged must outlive a power cut.
            Db::Sqlite(c) => vendor_list::teach(c).and_then(|()| {
                c.batch_execute(&format!(
                    "PRAGMA busy_timeout = 20000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 PRAGMA foreign_keys = ON; PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY;
                 PRAGMA query_only = {};",
                    if self.read_only { "ON" } else { "OFF" }
                ))
            }),
            Db::Postgres(c) => c.batch_execute("SET TIME ZONE 'UTC'; SET lock_timeout = '10s';"),
        }
    }
}

/// Readers and one writer of an SQLite file; one pool for both on PostgreSQL.
#[derive(Clone)]
pub struct Store {
    writer: Pool<Opener>,
    readers: Pool<Opener>,
    /// Who comes first is served first: the pools themselves give a free connection to whoever
    /// wakes up soonest, and of two hundred some would wait for ever.
    writing: Arc<Semaphore>,
    reading: Arc<Semaphore>,
    key: Option<ChainKey>,
}

thread_local! {
    /// What seals the histories, for as long as a transaction runs on this thread: the derived
    /// connection has no place for it, and every line is written by whoever has a connection.
    static SEALS: Cell<Option<ChainKey>> = const { Cell::new(None) };
}

/// The key of the transaction that runs on this thread.
fn chain_key() -> Result<ChainKey, StoreError> {
    SEALS.get().ok_or(StoreError::Keyless)
}

/// Takes the key away again, whichever way a transaction ends.
struct Sealing(Option<ChainKey>);

impl Sealing {
    fn with(key: Option<ChainKey>) -> Self {
        Self(SEALS.replace(key))
    }
}

impl Drop for Sealing {
    fn drop(&mut self) {
        SEALS.set(self.0);
    }
}

impl Store {
    /// Opens the database and brings its tables up to date.
    ///
    /// # Errors
    /// When it cannot be reached, or holds a schema that this version does not know.
    pub fn open(address: &Address) -> Result<Self, StoreError> {
        let opener = Opener { address: address.clone(), read_only: false, alive: Arc::default() };
        // One connection sets WAL and migrates before the pools open theirs side by side.
        let mut first = opener.connect().map_err(|error| StoreError::Unavailable(error.to_string()))?;
        migrations::run(&mut first)?;
        drop(first);
        let pool = |opener: Opener, size: u32| {
            Pool::builder()
                .max_size(size)
                .min_idle(Some(1))
                .connection_timeout(Duration::from_secs(20))
                .test_on_check_out(matches!(opener.address, Address::Postgres(_)))
                .build(opener)
                .map_err(|error| StoreError::Unavailable(error.to_string()))
        };
        match address {
            Address::Sqlite(_) => {
                let (writer, readers) = (pool(opener.clone(), 1)?, pool(Opener { read_only: true, ..opener }, 4)?);
                // The next writer stands ready where the one before commits.
                let (writing, reading) = (Arc::new(Semaphore::new(2)), Arc::new(Semaphore::new(4)));
                Ok(Self { writer, readers, writing, reading, key: None })
            }
            Address::Postgres(_) => {
                let (both, turns) = (pool(opener, 8)?, Arc::new(Semaphore::new(8)));
                Ok(Self { writer: both.clone(), readers: both, writing: turns.clone(), reading: turns, key: None })
            }
        }
    }

    /// With the key that histories are sealed with. Without one none is written or checked.
    #[must_use]
    pub fn sealing(self, key: ChainKey) -> Self {
        Self { key: Some(key), ..self }
    }

    /// Runs [`Store::read_in`] away from the threads that serve requests, first come, first
    /// served.
    ///
    /// # Errors
    /// The closure's, or that no connection came free.
    pub async fn reads<T, E>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let store = self.clone();
        in_turn(self.reading.clone(), move || store.read_in(&scope, work)).await
    }

    /// Runs [`Store::write_in`] in the same way.
    ///
    /// # Errors
    /// The closure's, after a rollback, or that no connection came free.
    pub async fn writes<T, E>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let store = self.clone();
        in_turn(self.writing.clone(), move || store.write_in(&scope, work)).await
    }

    /// Whether the tables lack something that this version needs. Changes none of them.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub fn is_behind(address: &Address) -> Result<bool, StoreError> {
        let opener = Opener { address: address.clone(), read_only: false, alive: Arc::default() };
        let mut conn = opener.connect().map_err(|error| StoreError::Unavailable(error.to_string()))?;
        migrations::are_pending(&mut conn)
    }

    /// [`Store::read_in`] for what no single practice asks for.
    ///
    /// # Errors
    /// The closure's, or that no connection came free.
    pub fn read<T, E: From<StoreError>>(&self, work: impl FnOnce(&mut Db) -> Result<T, E>) -> Result<T, E> {
        self.read_in(&EVERYTHING, work)
    }

    /// Runs reads, all of them as of one moment: a number and the rows behind it agree. A
    /// write in here fails. On PostgreSQL nothing outside the scope can be seen.
    ///
    /// # Errors
    /// The closure's, or that no connection came free.
    pub fn read_in<T, E: From<StoreError>>(
        &self,
        scope: &Scope,
        work: impl FnOnce(&mut Db) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut conn = checked_out(&self.readers)?;
        let _sealing = Sealing::with(self.key);
        in_transaction(&mut conn, "BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", scope, work)
    }

    /// [`Store::write_in`] for what no single practice asks for.
    ///
    /// # Errors
    /// The closure's, after a rollback, or that no connection came free.
    pub fn write<T, E: From<StoreError>>(&self, work: impl FnOnce(&mut Db) -> Result<T, E>) -> Result<T, E> {
        self.write_in(&EVERYTHING, work)
    }

    /// Runs one transaction that may write: all of it happens, or none.
    ///
    /// `BEGIN IMMEDIATE` on SQLite: a read that later writes would otherwise be refused at
    /// random when another writer is ahead of it.
    ///
    /// # Errors
    /// The closure's, after a rollback, or that no connection came free.
    pub fn write_in<T, E: From<StoreError>>(
        &self,
        scope: &Scope,
        work: impl FnOnce(&mut Db) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut conn = checked_out(&self.writer)?;
        let _sealing = Sealing::with(self.key);
        in_transaction(&mut conn, "BEGIN IMMEDIATE", "BEGIN", scope, work)
    }

    /// Whether row-level security cannot hold us back: the role of a PostgreSQL database is
    /// above all policies. `None` on SQLite, which has none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn is_above_policies(&self) -> Result<Option<bool>, StoreError> {
        match &mut *checked_out(&self.readers)? {
            Db::Sqlite(_) => Ok(None),
            Db::Postgres(c) => Ok(Some(row_security::is_above(c)?)),
        }
    }

    /// Trades safety against a power cut for speed. Only for the demo, which is made anew
    /// at every start.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn forget_safety(&self) -> Result<(), StoreError> {
        let mut conn = checked_out(&self.writer)?;
        match &mut *conn {
            Db::Sqlite(c) => Ok(c.batch_execute("PRAGMA synchronous = OFF")?),
            Db::Postgres(_) => Ok(()),
        }
    }
}

/// Runs `work` on a thread that may wait, when its turn comes. The turn ends with the work,
/// also where nobody waits for it any more.
async fn in_turn<T, E>(turns: Arc<Semaphore>, work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let stopped = |why: &dyn std::fmt::Display| StoreError::Unavailable(format!("a worker stopped: {why}"));
    let turn = turns.acquire_owned().await.map_err(|error| stopped(&error))?;
    let done = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    done.await.unwrap_or_else(|error| Err(stopped(&error).into()))
}

/// Runs `work` in a transaction that each database begins in its own words.
fn in_transaction<T, E: From<StoreError>>(
    conn: &mut Db,
    on_sqlite: &str,
    on_postgres: &str,
    scope: &Scope,
    work: impl FnOnce(&mut Db) -> Result<T, E>,
) -> Result<T, E> {
    type Manager = <Db as Connection>::TransactionManager;
    match conn {
        Db::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, on_sqlite),
        Db::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(c, &row_security::begin(on_postgres, scope)),
    }
    .map_err(StoreError::from)?;
    match work(conn) {
        Ok(value) => {
            <Manager as TransactionManager<Db>>::commit_transaction(conn).map_err(StoreError::from)?;
            Ok(value)
        }
        Err(error) => match <Manager as TransactionManager<Db>>::rollback_transaction(conn) {
            Ok(()) | Err(DieselError::BrokenTransactionManager) => Err(error),
            Err(worse) => Err(StoreError::from(worse).into()),
        },
    }
}

fn checked_out(pool: &Pool<Opener>) -> Result<PooledConnection<Opener>, StoreError> {
    pool.get().map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// The one practice of a scope, as stored.
fn practice(scope: &Scope) -> Result<String, StoreError> {
    scope.practice().as_ref().map(PracticeId::to_string).ok_or(StoreError::Scope)
}

/// Instants are stored in UTC with microseconds: PostgreSQL keeps no more, and a value read
/// back must equal the value written.
fn stored(at: DateTime<Utc>) -> NaiveDateTime {
    at.naive_utc().trunc_subsecs(6)
}

fn parsed<T: std::str::FromStr>(text: &str) -> Result<T, StoreError>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error| StoreError::Corrupt(format!("{text}: {error}")))
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// Counts are stored as INTEGER, which has no unsigned form.
fn stored_count(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn count(stored: i32) -> u32 {
    u32::try_from(stored).unwrap_or(0)
}
