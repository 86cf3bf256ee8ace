#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that breaks says so by breaking")]
//! Every test of the service, on SQLite and on PostgreSQL, through the true program: true
//! routes, true database, a fixed clock, and mail kept in memory.
//!
//! PostgreSQL is named by `TEST_POSTGRES_URL`; `tests/run.sh` starts one. Without it, run
//! `cargo test sqlite` for the other half.

mod world;

mod agreements;
mod assessments;
mod dashboard;
mod delivery;
mod flags;
mod history;
mod import;
mod passage;
mod people;
mod postoffice;
mod promises;
mod schema;
mod security;

mod sign_in;
mod vendors;
mod walls;
