//! `duecare audit`: is the history as it was written?

use std::io::IsTerminal;

use clap::Subcommand;
use indicatif::ProgressBar;

use super::{Failure, say, setup, tell};
use crate::config::Settings;
use crate::domain::access::Scope;
use crate::store::entries;
use crate::store::{Store, practices};

#[derive(Subcommand)]
pub enum Audit {
    /// Checks every line of the history against its seal; exit code 6 when one was changed
    Verify {
        /// Only this practice's
        #[arg(long, value_name = "SLUG")]
        practice: Option<String>,
    },
}

pub fn run(settings: &Settings, what: &Audit) -> Result<(), Failure> {
    let Audit::Verify { practice } = what;
    let store = setup::store(settings)?;
    let practices = match practice {
        Some(slug) => vec![setup::practice(&store, slug)?],
        None => store.read(|conn| practices::all(conn, &Scope::Everything("the whole history is checked")))?,
    };
    let mut broken = 0;
    for practice in &practices {
        broken += usize::from(!verify(&store, &Scope::Practice(practice.id), &practice.slug)?);
    }
    match broken {
        0 => Ok(()),
        count => Err(Failure::Integrity(format!("{} of history not as it was written", super::things(count)))),
    }
}

/// Whether a practice's history is whole; says so.
fn verify(store: &Store, scope: &Scope, slug: &str) -> Result<bool, Failure> {
    let bar = std::io::stderr().is_terminal().then(|| ProgressBar::new(0));
    let mut progress = |done: u32, all: u32| match &bar {
        Some(bar) => {
            bar.set_length(all.into());
            bar.set_position(done.into());
        }
        None if done.is_multiple_of(100_000) => tell(&format!("{done} of {all} lines")),
        None => {}
    };
    let checked = store.read(|conn| entries::verify(conn, scope, &mut progress))?;
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    match checked {
        Ok(whole) => {
            say(&format!(
                "{slug}: {} lines, all as they were written; the last is sealed {}",
                whole.number, whole.hash
            ));
            Ok(true)
        }
        Err(broken) => {
            say(&format!("{slug}: {broken}"));
            Ok(false)
        }
    }
}
