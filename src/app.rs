//! The one bag of parts that the pages and the timetable share.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::clock::Clock;
use crate::domain::access::Scope;
use crate::files::Files;
use crate::flows::Office;
use crate::guesses::Guesses;
use crate::mail::Mailer;
use crate::proxies::Proxies;
use crate::scan::Scanner;
use crate::store::{Db, Store, StoreError};
use crate::templates::Templates;

/// A link or a sign-in is looked up before it is known whose it is.
const NOBODY_YET: Scope = Scope::Everything("who asks is not known yet");

pub struct App {
    pub store: Store,
    pub clock: Clock,
    pub office: Office,
    pub mailer: Mailer,
    /// Where the bytes of documents are kept.
    pub files: Files,
    /// What looks for viruses in them.
    pub scanner: Scanner,
    /// Who may say whom a request comes from.
    pub proxies: Proxies,
    pub templates: Arc<Templates>,
    /// The address that people type, without a slash at its end.
    pub base_url: String,
    /// Links that were none of ours, by who tried them.
    pub guesses: Guesses,
    /// A fictional practice: pages say so, and the outbox may be read.
    pub demo: bool,
    /// Rung when a letter was written, so that it leaves at once.
    pub post: Notify,
}

impl App {
    /// Runs reads away from the threads that serve requests.
    ///
    /// # Errors
    /// The closure's, or that the database is not available.
    pub async fn read<T, E>(&self, work: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.read_in(NOBODY_YET, work).await
    }

    /// The same, where nothing outside the scope can be seen.
    ///
    /// # Errors
    /// The closure's, or that the database is not available.
    pub async fn read_in<T, E>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.store.reads(scope, work).await
    }

    /// Runs one transaction that may write, away from the threads that serve requests.
    ///
    /// # Errors
    /// The closure's, after a rollback, or that the database is not available.
    pub async fn write<T, E>(&self, work: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.write_in(NOBODY_YET, work).await
    }

    /// The same, where nothing outside the scope can be seen or changed.
    ///
    /// # Errors
    /// The closure's, after a rollback, or that the database is not available.
    pub async fn write_in<T, E>(
        &self,
        scope: Scope,
        work: impl FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.store.writes(scope, work).await
    }
}
