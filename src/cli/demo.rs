//! `duecare demo`: a fictional practice, made anew at every start.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Failure, serve, setup, tell};
use crate::clock::Clock;
use crate::config::Settings;
use crate::demo;
use crate::files::FilesAddress;
use crate::mail::Mailer;
use crate::scan::Scanner;
use crate::store::Address;

#[derive(Args)]
pub struct Options {
    /// Folder of the demonstration; it is emptied at every start
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    folder: PathBuf,
    /// Port on this machine
    #[arg(long, default_value_t = 8080)]
    port: u16,
}

/// Marks a folder as ours to empty.
const MARK: &str = "made-by-duecare-demo.txt";

pub fn run(settings: &Settings, options: &Options) -> Result<(), Failure> {
    let mut settings = settings.clone();
    // Told where it is found: behind a proxy, or under a name that passkeys need.
    let told = settings.base_url.as_str().trim_end_matches('/') != format!("http://{}", settings.listen);
    let port = settings.listen.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).filter(|port| *port != 8080);
    settings.listen = format!("127.0.0.1:{}", port.unwrap_or(options.port));
    if !told {
        settings.base_url = url::Url::parse(&format!("http://{}", settings.listen))
            .map_err(|error| Failure::Usage(error.to_string()))?;
    }
    settings.data_dir.clone_from(&options.folder);
    settings.database = Address::Sqlite(options.folder.join("duecare.db").display().to_string());
    settings.secret_key = None;
    settings.files = FilesAddress::Folder(options.folder.join("documents"));
    settings.scanner = Scanner::Off;
    settings.smtp_url = None;
    settings.mail_from = "duecare@maplefamily.example".to_owned();
    setup::log(&settings);
    empty(&options.folder)?;
    let store = setup::store(&settings)?;
    let office = setup::office(&settings)?;
    store.forget_safety()?;
    let seeded = demo::seed(&store, &office, Clock::System.now())
        .map_err(|error| Failure::Failed(format!("the demonstration could not be set up: {error}")))?;
    let files = setup::files(&settings)?;
    let runtime = tokio::runtime::Runtime::new()?;
    for (place, bytes) in &seeded.papers {
        runtime
            .block_on(files.put_at(place, bytes.clone()))
            .map_err(|error| Failure::Failed(format!("the demonstration’s documents could not be stored: {error}")))?;
    }
    drop(runtime);
    let mailer = Mailer::Folder(settings.data_dir.join("mail"));
    let app = setup::app(&settings, store, office, mailer, true)?;
    serve::serve(&settings, app, |app| {
        let base = &app.base_url;
        tell(&format!(
            "\n  {} is open at {base}\n\n  Sign in with this link:  {base}/welcome/{}\n  or as {} with the password: {}\n\n  Letters to vendors land in {base}/outbox; nothing leaves this machine.\n  Press Ctrl+C to stop. It starts afresh next time; remove {} to be rid of it.\n",
            seeded.practice.name,
            seeded.link_token,
            seeded.user.email,
            seeded.password,
            options.folder.display(),
        ));
    })
}

/// Empties the demonstration's folder; refuses one that holds anything else.
fn empty(folder: &Path) -> Result<(), Failure> {
    let stranger = folder.exists() && !folder.join(MARK).exists() && folder.read_dir()?.next().is_some();
    if stranger {
        return Err(Failure::Usage(format!(
            "the folder {} was not made by the demonstration and will not be emptied; choose another with --folder",
            folder.display()
        )));
    }
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    std::fs::write(
        folder.join(MARK),
        "A demonstration of duecare. Everything in this folder is made up and may be removed.\n",
    )?;
    Ok(())
}
