//! `duecare check`: what is wrong with this installation, and how to mend it.

use std::path::Path;
use std::time::Duration;

use super::{Failure, say, setup};
use crate::catalogue;
use crate::clock::Clock;
use crate::config::Settings;
use crate::files::{Files, FilesAddress};
use crate::store::{self, Address, Store, StoreError};
use crate::templates::Templates;

/// What looking at one part found, with what to do about it.
enum Found {
    Fine(String),
    /// It works; a person may want something else.
    Note(String, &'static str),
    Wrong(String, &'static str),
}
use Found::{Fine, Note, Wrong};

pub fn run(settings: &Settings) -> Result<(), Failure> {
    // Reading the settings was the first check; without it there would be none of the others.
    let parts: [(&str, Found); 9] = [
        ("settings", Fine(format!("answering on {} as {}", settings.listen, settings.base()))),
        ("secret key", secret(settings)),
        ("questionnaires", questionnaires()),
        ("templates", templates()),
        ("database", database(settings)),
        ("mail", mail(settings)),
        ("disk", disk(settings)),
        ("documents", documents(settings)),
        ("virus scanner", scanner(settings)),
    ];
    let (mut wrong, mut elsewhere) = (0, 0);
    for (part, found) in parts {
        match found {
            Fine(fine) => say(&format!("ok     {part}: {fine}")),
            Note(note, mend) => say(&format!("note   {part}: {note}\n       {mend}")),
            Wrong(problem, mend) => {
                wrong += 1;
                elsewhere += usize::from(matches!(part, "database" | "mail" | "documents" | "virus scanner"));
                say(&format!("WRONG  {part}: {problem}\n       {mend}"));
            }
        }
    }
    let things = format!("{} {} wrong", super::things(wrong), if wrong == 1 { "is" } else { "are" });
    match wrong {
        0 => Ok(()),
        wrong if wrong == elsewhere => Err(Failure::Unavailable(things)),
        _ => Err(Failure::Failed(things)),
    }
}

fn secret(settings: &Settings) -> Found {
    match settings.known_secret() {
        Ok(Some(_)) => Fine("known".to_owned()),
        Ok(None) => Note("there is none yet".to_owned(), "The first start makes one and keeps it in the data folder."),
        Err(error) => Wrong(error.to_string(), "Set DUECARE_SECRET_KEY, or mend the file."),
    }
}

fn questionnaires() -> Found {
    let faults = catalogue::faults();
    if faults.is_empty() {
        return Fine(catalogue::Catalogue::built_in().map(|all| all.names().join(", ")).unwrap_or_default());
    }
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    Wrong(faults.join("\n       "), "Mend the file; a released version is never edited, a change is a new version.")
}

fn templates() -> Found {
    let read = Templates::built_in().map(|all| all.names().len());
    match read {
        Ok(count) => Fine(format!("{count} read")),
        Err(error) => Wrong(error.to_string(), "This build is broken; build it again."),
    }
}

/// Looks without making or changing anything: a check before an upgrade must not be one.
fn database(settings: &Settings) -> Found {
    let mend = "Check DUECARE_DATABASE_URL and that this user may write there.";
    if let Address::Sqlite(path) = &settings.database
        && !Path::new(path).exists()
    {
        return Note(
            format!("there is none yet at {path}"),
            "`duecare serve` makes it and prints a link to begin with.",
        );
    }
    match Store::is_behind(&settings.database) {
        Ok(false) => {}
        Ok(true) => {
            return Note(
                "opens; its tables are of an older version".to_owned(),
                "The next start brings them up to date. Back it up first.",
            );
        }
        Err(error) => return Wrong(error.to_string(), mend),
    }
    let tried = setup::open(settings).map_err(|failure| failure.to_string()).and_then(|store| {
        let written = store.write(|conn| {
            store::sessions::sweep(conn, Clock::System.now())?;
            store::practices::none_yet(conn)
        });
        let above = store.is_above_policies();
        written.and_then(|none| Ok((none, above?))).map_err(|error: StoreError| error.to_string())
    });
    match tried {
        Ok((_, Some(true))) => Note(
            "works, but its role is a superuser's: row-level security holds it back from nothing".to_owned(),
            "Connect as an ordinary role that owns the database; then PostgreSQL keeps practices apart, too.",
        ),
        Ok((false, _)) => Fine("opens, up to date, can be written to".to_owned()),
        Ok((true, _)) => Note(
            "works, and holds no practice yet".to_owned(),
            "Start `duecare serve` and open the link it prints, or use `duecare practice add`.",
        ),
        Err(problem) => Wrong(problem, mend),
    }
}

fn mail(settings: &Settings) -> Found {
    if settings.smtp_url.is_none() {
        return Note(
            format!("no mail server is set; letters are written to {}", settings.data_dir.join("mail").display()),
            "No vendor gets a letter like this. Set DUECARE_SMTP_URL to send them.",
        );
    }
    let mend = "Check DUECARE_SMTP_URL: host, port, user and password, and whether the server offers STARTTLS.";
    let greet = || {
        let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
        let mailer = setup::mailer(settings).map_err(|failure| failure.to_string())?;
        match runtime.block_on(async { tokio::time::timeout(Duration::from_secs(20), mailer.greet()).await }) {
            Ok(greeted) => greeted.map_err(|error| error.to_string()),
            Err(_) => Err("the mail server does not answer within 20 seconds".to_owned()),
        }
    };
    match (greet(), settings.unreachable_links()) {
        (Ok(()), Some(problem)) => Wrong(problem, "Set DUECARE_BASE_URL to the address that vendors can open."),
        (Ok(()), None) => Fine("the mail server answers".to_owned()),
        (Err(problem), _) => Wrong(problem, mend),
    }
}

/// Writes and removes a file: says more than any count of free bytes.
fn disk(settings: &Settings) -> Found {
    let folder = settings.data_dir.display();
    // Where there is no folder yet, the one that it will be made in is tried.
    let Some(there) = settings.data_dir.ancestors().map(here).find(|folder| folder.is_dir()) else {
        return Wrong(format!("there is no place for a folder {folder}"), "Set DUECARE_DATA_DIR.");
    };
    let probe = there.join(".duecare-check");
    let megabyte = vec![0_u8; 1 << 20];
    match std::fs::write(&probe, megabyte).and_then(|()| std::fs::remove_file(&probe)) {
        Ok(()) if settings.data_dir.exists() => Fine(format!("{folder} can be written to")),
        Ok(()) => Note(format!("there is no folder {folder} yet"), "`duecare serve` makes it."),
        Err(error) => Wrong(error.to_string(), "Free some space, or check who owns the data folder."),
    }
}

/// Writes, reads and removes a small file where documents are kept.
fn documents(settings: &Settings) -> Found {
    let place = settings.files.says();
    if let FilesAddress::Folder(path) = &settings.files
        && !path.exists()
    {
        return Note(format!("there is no folder {} yet", path.display()), "`duecare serve` makes it.");
    }
    let probe = || {
        let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
        let files = Files::open(&settings.files).map_err(|error| error.to_string())?;
        runtime.block_on(files.probe()).map_err(|error| error.to_string())
    };
    match probe() {
        Ok(()) => Fine(format!("{place} can be written to, read and cleared")),
        Err(problem) => Wrong(
            format!("{place}: {problem}"),
            "Check DUECARE_FILES_URL, its keys (DUECARE_FILES_ACCESS_KEY, DUECARE_FILES_SECRET_KEY or AWS_*), and that there is room.",
        ),
    }
}

fn scanner(settings: &Settings) -> Found {
    if !settings.scanner.is_on() {
        return Note(
            "none is set up; documents are not scanned for viruses".to_owned(),
            "Install clamd and set DUECARE_CLAMD to its address or socket.",
        );
    }
    let ping = || {
        let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
        runtime.block_on(settings.scanner.ping())
    };
    match ping() {
        Ok(()) => Fine("clamd answers".to_owned()),
        Err(problem) => Wrong(
            format!("clamd does not answer: {problem}"),
            "Start it, or check DUECARE_CLAMD. Until then new documents are held and not given out.",
        ),
    }
}

/// The folder itself; nothing stands for the one that the command runs in.
fn here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}
