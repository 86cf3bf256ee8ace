//! The command line: what each command takes, and what its exit code means.
//!
//! 0 ok, 1 failure, 2 usage, 3 configuration, 4 a dependency is unavailable, 5 partly done,
//! 6 integrity. What scripts read goes to standard output, what people read to standard
//! error.

mod audit;
mod check;
mod demo;
mod import;
mod practice;
mod score;
mod serve;
mod setup;
mod sweep;
mod user;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{self, ConfigError, Settings};
use crate::store::StoreError;

/// Vendor risk for medical practices: ask each vendor once a year how it protects patient
/// information, score the answers, and see who lapsed or changed.
#[derive(Parser)]
#[command(name = "duecare", version, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    settings: SettingsFlags,
    #[command(subcommand)]
    command: Command,
}

/// Settings may also come from `DUECARE_*` variables or from duecare.toml.
#[derive(Args)]
struct SettingsFlags {
    /// Settings file [default: duecare.toml, where there is one]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder for the database and mail [default: data]
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<String>,
    /// sqlite:PATH or postgres://… [default: an SQLite file in the data folder]
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Address and port to answer on [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDRESS")]
    listen: Option<String>,
    /// The address that people type [default: http:// and the listen address]
    #[arg(long, global = true, value_name = "URL")]
    base_url: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Web pages and timetable in one process
    Serve,
    /// A fictional practice with two years of history; nothing leaves this machine
    Demo(demo::Options),
    /// Practices on this installation
    #[command(subcommand)]
    Practice(practice::Practice),
    /// Bring in a list
    #[command(subcommand)]
    Import(import::Import),
    /// One run now: ask, remind, lapse, deliver
    Sweep(sweep::Options),
    /// Score a reply file without a database; prints the explanation record as JSON
    Score(score::Options),
    /// What is wrong with this installation, and how to mend it
    Check,
    /// The history
    #[command(subcommand)]
    Audit(audit::Audit),
    /// People who sign in
    #[command(subcommand)]
    User(user::User),
}

/// Why a command failed, sorted by exit code.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Failed(String),
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    Configuration(String),
    #[error("{0}")]
    Unavailable(String),
    #[error("{0}")]
    Partly(String),
    #[error("{0}")]
    Integrity(String),
}

impl Failure {
    fn code(&self) -> u8 {
        match self {
            Failure::Failed(_) => 1,
            Failure::Usage(_) => 2,
            Failure::Configuration(_) => 3,
            Failure::Unavailable(_) => 4,
            Failure::Partly(_) => 5,
            Failure::Integrity(_) => 6,
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Failure::Configuration(error.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::ReadOnly(_) => Failure::Unavailable(error.to_string()),
            _ => Failure::Failed(error.to_string()),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure::Failed(error.to_string())
    }
}

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // clap prints help and version to standard output and faults to standard error.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            tell(&format!("duecare: {failure}"));
            ExitCode::from(failure.code())
        }
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    // Scoring needs no settings: it must work wherever the program does.
    if let Command::Score(options) = &cli.command {
        return score::run(options);
    }
    let settings = settings(&cli.settings)?;
    match cli.command {
        Command::Serve => serve::run(&settings),
        Command::Demo(options) => demo::run(&settings, &options),
        Command::Practice(what) => practice::run(&settings, &what),
        Command::Import(what) => import::run(&settings, &what),
        Command::Sweep(options) => sweep::run(&settings, &options),
        Command::Score(options) => score::run(&options),
        Command::Check => check::run(&settings),
        Command::Audit(what) => audit::run(&settings, &what),
        Command::User(what) => user::run(&settings, &what),
    }
}

fn settings(flags: &SettingsFlags) -> Result<Settings, ConfigError> {
    let given = [
        ("data_dir", flags.data_dir.clone()),
        ("database_url", flags.database_url.clone()),
        ("listen", flags.listen.clone()),
        ("base_url", flags.base_url.clone()),
    ];
    // Another program's variable may be no text at all; it is none of ours.
    let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.to_string_lossy().into_owned()))
    };
    config::read(&given, std::env::vars_os().filter_map(text), flags.config.as_deref())
}

/// `1 thing`, `3 things`
fn things(count: usize) -> String {
    if count == 1 { "1 thing".to_owned() } else { format!("{count} things") }
}

/// A day in the years that this program reckons with.
fn day(text: &str) -> Result<chrono::NaiveDate, String> {
    crate::domain::civil_date::read(text).map_err(|fault| fault.to_string())
}

/// Prints what a script reads.
fn say(text: &str) {
    // A reader that went away, as `head` does, is no failure of ours.
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Prints what a person reads.
fn tell(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
