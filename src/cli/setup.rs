//! Puts the parts together from the settings.

use std::io::IsTerminal;
use std::sync::Arc;

use secrecy::ExposeSecret;
use tokio::sync::Notify;

use super::Failure;
use crate::app::App;
use crate::catalogue::Catalogue;
use crate::clock::Clock;
use crate::config::Settings;
use crate::domain::practice::Practice;
use crate::files::Files;
use crate::flows::Office;
use crate::guesses::Guesses;
use crate::letters::Letters;
use crate::mail::Mailer;
use crate::secrets::Key;
use crate::store::{self, Address, Store, StoreError};
use crate::templates::Templates;

/// Makes the data folder, opens the database, brings its tables up to date, and has the key
/// that histories are sealed with.
pub fn store(settings: &Settings) -> Result<Store, Failure> {
    let store = open(settings)?;
    Ok(store.sealing(Key::of(&settings.secret()?).chain_key()))
}

/// The same without the key, which is made where there is none: for who only looks.
pub fn open(settings: &Settings) -> Result<Store, Failure> {
    std::fs::create_dir_all(&settings.data_dir).map_err(|error| {
        Failure::Configuration(format!("the data folder {} cannot be made: {error}", settings.data_dir.display()))
    })?;
    Store::open(&settings.database).map_err(|error| {
        if let StoreError::Newer(_) = error {
            return Failure::Configuration(error.to_string());
        }
        let place = match &settings.database {
            Address::Sqlite(path) => format!("the database file {path}"),
            // The URL may hold a password.
            Address::Postgres(_) => "the PostgreSQL database".to_owned(),
        };
        Failure::Unavailable(format!("{place} cannot be opened: {error}"))
    })
}

/// The questionnaires, the letters, the key.
pub fn office(settings: &Settings) -> Result<Office, Failure> {
    let broken = |error: String| Failure::Failed(format!("this build is broken: {error}"));
    let templates = Templates::built_in().map_err(|error| broken(error.to_string()))?;
    Ok(Office {
        catalogue: Arc::new(Catalogue::built_in().map_err(|error| broken(error.to_string()))?),
        letters: Arc::new(Letters::new(Arc::new(templates), &settings.base(), &settings.mail_from)),
        key: Key::of(&settings.secret()?),
    })
}

/// SMTP where it is set, else a folder.
pub fn mailer(settings: &Settings) -> Result<Mailer, Failure> {
    match &settings.smtp_url {
        Some(url) => Mailer::smtp(url.expose_secret())
            .map_err(|error| Failure::Configuration(format!("DUECARE_SMTP_URL: {error}"))),
        None => Ok(Mailer::Folder(settings.data_dir.join("mail"))),
    }
}

/// The place for documents: a folder, or a bucket.
pub fn files(settings: &Settings) -> Result<Files, Failure> {
    Files::open(&settings.files)
        .map_err(|error| Failure::Configuration(format!("DUECARE_FILES_URL, {}: {error}", settings.files.says())))
}

/// All of it.
pub fn app(settings: &Settings, store: Store, office: Office, mailer: Mailer, demo: bool) -> Result<App, Failure> {
    let files = files(settings)?;
    Ok(App {
        files,
        scanner: settings.scanner.clone(),
        proxies: settings.proxies.clone(),
        guesses: Guesses::default(),
        templates: office.letters.templates(),
        store,
        clock: Clock::System,
        office,
        mailer,
        base_url: settings.base(),
        demo,
        post: Notify::new(),
    })
}

/// The practice of a slug, or a failure that names those there are.
pub fn practice(store: &Store, slug: &str) -> Result<Practice, Failure> {
    if let Some(practice) = store.read(|conn| store::practices::by_slug(conn, slug))? {
        return Ok(practice);
    }
    let scope = crate::domain::access::Scope::Everything("naming the practices there are");
    let known: Vec<String> =
        store.read(|conn| store::practices::all(conn, &scope))?.into_iter().map(|practice| practice.slug).collect();
    let known = match known.is_empty() {
        true => "there is none yet; add one with: duecare practice add --name NAME --timezone ZONE".to_owned(),
        false => format!("known: {}", known.join(", ")),
    };
    Err(Failure::Usage(format!("there is no practice “{slug}”; {known}")))
}

/// The log: to standard error, so that standard output stays a command's own.
pub fn log(settings: &Settings) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // A second call, in a test, finds the first one's log; that is fine.
    let _ = if settings.json_log { log.json().try_init() } else { log.with_target(false).compact().try_init() };
}
