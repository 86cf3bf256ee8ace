//! duecare keeps a medical practice's vendors: asks each once a year how it protects patient
//! information, scores the answers, and says when one has lapsed or handles data differently.
//!
//! Four layers, imports one way only: `web` → `flows` → `domain` and `store`; see
//! ARCHITECTURE.md.

pub mod app;
pub mod catalogue;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod domain;
pub mod files;
pub mod flows;
pub mod guesses;
pub mod letters;
pub mod mail;
pub mod paper;
pub mod passkeys;
pub mod proxies;
pub mod report;
pub mod scan;
pub mod secrets;
pub mod store;
pub mod templates;
pub mod web;
