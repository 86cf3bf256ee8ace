//! `duecare import vendors FILE --practice SLUG [--dry-run]`

use std::io::{IsTerminal, Read};
use std::path::PathBuf;

use clap::Subcommand;
use indicatif::ProgressBar;

use super::{Failure, say, setup, tell};
use crate::clock::Clock;
use crate::config::Settings;
use crate::domain::access::Scope;
use crate::domain::entry::Actor;
use crate::domain::import_plan::{Plan, Step};
use crate::flows::import::{self, ImportError};

#[derive(Subcommand)]
pub enum Import {
    /// A vendor list in CSV: all of it, or nothing
    Vendors {
        /// The file; - reads standard input
        file: PathBuf,
        /// The practice's slug
        #[arg(long, value_name = "SLUG")]
        practice: String,
        /// Say what would happen, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
}

pub fn run(settings: &Settings, what: &Import) -> Result<(), Failure> {
    let Import::Vendors { file, practice, dry_run } = what;
    let bytes = read(file)?;
    let store = setup::store(settings)?;
    let office = setup::office(settings)?;
    let practice = setup::practice(&store, practice)?;
    let now = Clock::System.now();
    let plan = if *dry_run {
        store.read(|conn| import::preview(conn, &Scope::Practice(practice.id), &bytes))
    } else {
        let mut progress = Progress::new();
        let done = store.write(|conn| {
            import::import(conn, &office, &practice, &bytes, &Actor::Program, now, &mut |done, all| {
                progress.at(done, all)
            })
        });
        progress.end();
        done
    };
    match plan {
        Ok(plan) => {
            report(&plan, *dry_run);
            Ok(())
        }
        Err(ImportError::Faults(faults)) => {
            for fault in &faults {
                tell(&fault.to_string());
            }
            Err(Failure::Failed(format!(
                "{} was not brought in: {} to mend",
                file.display(),
                super::things(faults.len())
            )))
        }
        Err(ImportError::Store(error)) => Err(error.into()),
    }
}

fn read(file: &PathBuf) -> Result<Vec<u8>, Failure> {
    if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(file).map_err(|error| Failure::Failed(format!("{} cannot be read: {error}", file.display())))
}

fn report(plan: &Plan, dry_run: bool) {
    for warning in &plan.warnings {
        tell(&format!("note: {warning}"));
    }
    for row in plan.rows.iter().filter(|_| dry_run) {
        match &row.step {
            Step::New(_) => say(&format!("line {}: {} is new", row.line, row.name)),
            Step::Changed { fields, .. } => {
                let fields: Vec<&str> = fields.iter().map(|field| field.key()).collect();
                say(&format!("line {}: {} changes: {}", row.line, row.name, fields.join(", ")));
            }
            Step::Unchanged => {}
        }
    }
    let would = if dry_run { "would be " } else { "" };
    say(&format!(
        "{} {would}new, {} {would}changed, {} unchanged",
        plan.new_count(),
        plan.changed_count(),
        plan.unchanged_count()
    ));
}

/// A bar on a terminal, plain lines otherwise.
struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    fn new() -> Self {
        Self { bar: std::io::stderr().is_terminal().then(|| ProgressBar::new(0)) }
    }

    fn at(&mut self, done: usize, all: usize) {
        match &self.bar {
            Some(bar) => {
                bar.set_length(u64::try_from(all).unwrap_or(0));
                bar.set_position(u64::try_from(done).unwrap_or(0));
            }
            None if done.is_multiple_of(1000) => tell(&format!("{done} of {all} vendors")),
            None => {}
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
