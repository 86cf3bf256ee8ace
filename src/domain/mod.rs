//! The rules, pure: values in, values out. No database, no HTTP, no time of day; `today` is
//! an argument.

pub mod access;
pub mod agreement;
pub mod answers;
pub mod assessment;
pub mod calendar;
pub mod changes;
pub mod citation;
pub mod civil_date;
pub mod condition;
pub mod contradictions;
pub mod entry;
pub mod exposure;
pub mod flags;
pub mod ids;
pub mod import_plan;
pub mod letter;
pub mod practice;
pub mod questionnaire;
pub mod scoring;
pub mod standing;
pub mod user;
pub mod vendor;
pub mod vendor_changes;
pub mod vendor_file;
pub(crate) mod words;
