#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that breaks says so by breaking")]
//! Every test of the service, on SQLite and on PostgreSQL, through the true program: true
//! routes, true database, a fixed clock, and mail kept in memory.
//!
//! PostgreSQL is named by `TEST_POSTGRES_URL`; `tests/run.sh` starts one. Without it, run
//! `cargo test sqlite` for the other half.

mod world;

mod actions;
mod agreements;
mod assessments;
mod autosave;
mod bulk;
mod changes;
mod checking;
mod contacts;
mod corrections;
mod dashboard;
mod decisions;
mod delivery;
mod digests;
mod documents;
mod enclosed;
mod evidence;
mod exceptions;
mod flags;
mod history;
mod hostile_answers;
mod import;
mod incidents;
mod life;
mod notices;
mod offline;
mod pages;
mod paper;
mod passage;
mod people;
mod postoffice;
mod promises;
mod rechecks;
mod requests;
mod respondents;
mod reviews;
mod schema;
mod scores;
mod security;
mod settings;
mod setup;
mod sign_in;
mod supporting;
mod together;
mod told;
mod two_years;
mod vendor_list;
mod vendors;
mod verification;
mod walls;
