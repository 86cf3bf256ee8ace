//! `duecare audit`: is the history as it was written?

use std::io::IsTerminal;

use clap::Subcommand;
use indicatif::ProgressBar;

use super::{Failure, say, setup, tell};
use crate::clock::Clock;
use crate::config::Settings;
use crate::domain::access::Scope;
use crate::domain::entry::Mark;
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

fn verify_all(store: &Store, practice: Option<&str>, expect: Option<&Mark>) -> Result<(), Failure> {
    let practices = match practice {
        Some(slug) => vec![setup::practice(store, slug)?],
        None => store.read(|conn| practices::all(conn, &Scope::Everything("the whole history is checked")))?,
    };
    let mut broken = 0;
    for practice in &practices {
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
