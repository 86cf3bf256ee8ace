//! `duecare audit`: is the history as it was written, and do the scores come out as they were kept?

use std::io::IsTerminal;

use clap::Subcommand;
use indicatif::ProgressBar;

use super::{Failure, say, setup, tell};
use crate::catalogue::Catalogue;
use crate::clock::Clock;
use crate::config::Settings;
use crate::domain::access::Scope;
use crate::domain::entry::Mark;
use crate::domain::practice::Practice;
use crate::flows::replay;
use crate::store::entries;
use crate::store::{Store, practices};

#[derive(Subcommand)]
pub enum Audit {
    /// Checks every line of the history against its seal, and the end against the secret key;
    /// exit code 6 when something was changed. Prints NUMBER:SEAL of the last line: kept
    /// elsewhere, it shows later that no older copy was put in its place
    Verify {
        /// Only this practice's
        #[arg(long, value_name = "SLUG")]
        practice: Option<String>,
        /// A line that must still be there, as it was printed before
        #[arg(long, value_name = "NUMBER:SEAL", requires = "practice")]
        expect: Option<Mark>,
    },
    /// Makes every score again that was kept, from what it was reckoned from, and compares every
    /// byte
    Scores {
        /// Only this practice's
        #[arg(long, value_name = "SLUG")]
        practice: Option<String>,
    },
    /// Seals a history whose lines are whole with the secret key as it is now: after the key
    /// was changed, or where the history is older than such seals. The history says so
    Seal {
        /// The practice's slug
        #[arg(long, value_name = "SLUG")]
        practice: String,
    },
}

pub fn run(settings: &Settings, what: &Audit) -> Result<(), Failure> {
    let store = setup::store(settings)?;
    match what {
        Audit::Scores { practice } => scores(&store, practice.as_deref()),
        Audit::Verify { practice, expect } => verify_all(&store, practice.as_deref(), expect.as_ref()),
        Audit::Seal { practice } => seal(&store, practice),
    }
}

fn seal(store: &Store, slug: &str) -> Result<(), Failure> {
    let (practice, now) = (setup::practice(store, slug)?, Clock::System.now());
    match store.write(|conn| entries::seal(conn, &Scope::Practice(practice.id), now))? {
        Ok(end) => {
            say(&format!("{slug}: sealed as it stood at line {}", end.number));
            Ok(())
        }
        Err(broken) => Err(Failure::Integrity(format!("{slug}: not sealed, because {broken}"))),
    }
}

/// One practice, or all there are.
fn chosen(store: &Store, practice: Option<&str>) -> Result<Vec<Practice>, Failure> {
    Ok(match practice {
        Some(slug) => vec![setup::practice(store, slug)?],
        None => store.read(|conn| practices::all(conn, &Scope::Everything("everything is checked")))?,
    })
}

fn scores(store: &Store, practice: Option<&str>) -> Result<(), Failure> {
    let catalogue = Catalogue::built_in().map_err(|error| Failure::Failed(format!("this build is broken: {error}")))?;
    let mut others = 0;
    for practice in &chosen(store, practice)? {
        let bar = std::io::stderr().is_terminal().then(ProgressBar::new_spinner);
        let told = |made: u64| match &bar {
            Some(bar) => bar.set_message(format!("{made} scores")),
            None if made.is_multiple_of(100_000) => tell(&format!("{made} scores")),
            None => {}
        };
        let found = replay::all(store, &catalogue, &Scope::Practice(practice.id), told)?;
        if let Some(bar) = &bar {
            bar.finish_and_clear();
        }
        for (shelf, id, why) in &found.others {
            tell(&format!("{}: the score {} of {id}: {why}", practice.slug, shelf.says()));
        }
        let blind = match found.without_input {
            0 => String::new(),
            count => format!(", {count} from before it was kept what they were reckoned from"),
        };
        say(&format!("{}: {} scores come out as they were kept{blind}", practice.slug, found.same));
        others += found.others.len();
    }
    match others {
        0 => Ok(()),
        count => {
            Err(Failure::Integrity(format!("{} that come out otherwise than they were kept", super::things(count))))
        }
    }
}

fn verify_all(store: &Store, practice: Option<&str>, expect: Option<&Mark>) -> Result<(), Failure> {
    let mut broken = 0;
    for practice in &chosen(store, practice)? {
        broken += usize::from(!verify(store, &Scope::Practice(practice.id), &practice.slug, expect)?);
    }
    match broken {
        0 => Ok(()),
        count => Err(Failure::Integrity(format!("{} of history not as it was written", super::things(count)))),
    }
}

/// Whether a practice's history is whole; says so.
fn verify(store: &Store, scope: &Scope, slug: &str, expect: Option<&Mark>) -> Result<bool, Failure> {
    let bar = std::io::stderr().is_terminal().then(|| ProgressBar::new(0));
    let mut progress = |done: u32, all: u32| match &bar {
        Some(bar) => {
            bar.set_length(all.into());
            bar.set_position(done.into());
        }
        None if done.is_multiple_of(100_000) => tell(&format!("{done} of {all} lines")),
        None => {}
    };
    let checked = store.read(|conn| entries::verify(conn, scope, expect.cloned(), &mut progress))?;
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    match checked {
        Ok(whole) => {
            say(&format!("{slug}: {} lines, all as they were written; the last is {}", whole.number, whole.end()));
            Ok(true)
        }
        Err(broken) => {
            say(&format!("{slug}: {broken}"));
            Ok(false)
        }
    }
}
