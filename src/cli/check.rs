//! `duecare check`: what is wrong with this installation, and how to mend it.

use std::time::Duration;

use super::{Failure, say, setup};
use crate::catalogue;
use crate::config::Settings;
use crate::templates::{PlainTemplates, Templates};

/// Looks at one part: a line that says it is fine, or what is wrong and how to mend it.
type Found = Result<String, (String, &'static str)>;

pub fn run(settings: &Settings) -> Result<(), Failure> {
    // Reading the settings was the first check; without it there would be none of the others.
    let parts: [(&str, Found); 6] = [
        ("settings", Ok(format!("answering on {} as {}", settings.listen, settings.base()))),
        ("questionnaires", questionnaires()),
        ("templates", templates()),
        ("database", database(settings)),
        ("mail", mail(settings)),
        ("disk", disk(settings)),
    ];
    let mut wrong = 0;
    for (part, found) in parts {
        match found {
            Ok(fine) => say(&format!("ok     {part}: {fine}")),
            Err((problem, mend)) => {
                wrong += 1;
                say(&format!("WRONG  {part}: {problem}\n       {mend}"));
            }
        }
    }
    match wrong {
        0 => Ok(()),
        1 => Err(Failure::Failed("1 thing is wrong".to_owned())),
        wrong => Err(Failure::Failed(format!("{wrong} things are wrong"))),
    }
}

fn questionnaires() -> Found {
    let faults = catalogue::faults();
    if faults.is_empty() {
        let names = catalogue::Catalogue::built_in().map(|all| all.names().join(", ")).unwrap_or_default();
        return Ok(names);
    }
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    Err((faults.join("\n       "), "Mend the file; a released version is never edited, a change is a new version."))
}

fn templates() -> Found {
    let read = Templates::built_in().and_then(|all| PlainTemplates::built_in().map(|_| all.names().len()));
    read.map(|count| format!("{count} read"))
        .map_err(|error| (error.to_string(), "This build is broken; build it again."))
}

fn database(settings: &Settings) -> Found {
    let mend = "Check DUECARE_DATABASE_URL and that this user may write there.";
    let store = setup::store(settings).map_err(|failure| (failure.to_string(), mend))?;
    let written = store.write(|conn| crate::store::sessions::sweep(conn, crate::clock::Clock::System.now()));
    written.map(|_| "opens, up to date, can be written to".to_owned()).map_err(|error| (error.to_string(), mend))
}

fn mail(settings: &Settings) -> Found {
    if settings.smtp_url.is_none() {
        return Ok(format!(
            "no mail server is set; letters are written to {}",
            settings.data_dir.join("mail").display()
        ));
    }
    let mend = "Check DUECARE_SMTP_URL: host, port, user and password, and whether the server offers STARTTLS.";
    let mailer = setup::mailer(settings).map_err(|failure| (failure.to_string(), mend))?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| (error.to_string(), mend))?;
    let greeted = runtime.block_on(async { tokio::time::timeout(Duration::from_secs(20), mailer.greet()).await });
    match greeted {
        Ok(Ok(())) => Ok("the mail server answers".to_owned()),
        Ok(Err(error)) => Err((error.to_string(), mend)),
        Err(_) => Err(("the mail server does not answer within 20 seconds".to_owned(), mend)),
    }
}

/// Writes and removes a file: says more than any count of free bytes.
fn disk(settings: &Settings) -> Found {
    let probe = settings.data_dir.join(".duecare-check");
    let megabyte = vec![0_u8; 1 << 20];
    let written = std::fs::write(&probe, megabyte).and_then(|()| std::fs::remove_file(&probe));
    written
        .map(|()| format!("{} can be written to", settings.data_dir.display()))
        .map_err(|error| (error.to_string(), "Free some space, or check who owns the data folder."))
}
