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
use crate::domain::vendor_file::{Replies, Target, Told, read_guessing};
use crate::flows::import::{self, ImportError, List};

#[derive(Subcommand)]
pub enum Import {
    /// A vendor list in CSV or as an Excel workbook (.xlsx): all of it, or nothing
    Vendors {
        /// The file; - reads standard input
        file: PathBuf,
        /// The practice's slug
        #[arg(long, value_name = "SLUG")]
        practice: String,
        /// Say what would happen, and change nothing
        #[arg(long)]
        dry_run: bool,
        /// What a column is: one of our columns, or keep (as notes), or out. May be repeated
        #[arg(long = "map", value_name = "COLUMN=FIELD", value_parser = mapping)]
        map: Vec<(String, Target)>,
        /// The sheet of a workbook [default: the one that looks most like a vendor list]
        #[arg(long, value_name = "NAME")]
        sheet: Option<String>,
    },
}

/// `Vendor name=name`
fn mapping(text: &str) -> Result<(String, Target), String> {
    let (heading, target) = text.rsplit_once('=').ok_or("write it like: --map \"Vendor name=name\"")?;
    Ok((heading.trim().to_owned(), target.trim().parse()?))
}

pub fn run(settings: &Settings, what: &Import) -> Result<(), Failure> {
    let Import::Vendors { file, practice, dry_run, map, sheet } = what;
    let bytes = read(file)?;
    let store = setup::store(settings)?;
    let office = setup::office(settings)?;
    let practice = setup::practice(&store, practice)?;
    let now = Clock::System.now();
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).filter(|name| name != "-");
    let told = Told { sheet: sheet.clone(), map: map.clone() };
    let list =
        read_guessing(&bytes, &told).map(|file| List { name: name.unwrap_or_default(), file, replies: Replies::new() });
    drop(bytes);
    let plan = match list {
        Err(faults) => Err(ImportError::Faults(faults)),
        Ok(list) if *dry_run => store.read(|conn| import::preview(conn, &Scope::Practice(practice.id), list)),
        Ok(list) => {
            let mut progress = Progress::new();
            let done = store.write(|conn| {
                let at = &mut |done, all| progress.at(done, all);
                import::import(conn, &office, &practice, list, &Actor::Program, now, at)
            });
            progress.end();
            done
        }
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
