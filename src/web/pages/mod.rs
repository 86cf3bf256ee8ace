//! Pages for staff, one file each: the context of its template, and the handlers.

pub mod agreement;
pub mod agreements;
pub mod dashboard;
pub mod design;
pub mod duplicates;
pub mod ending;
pub mod flags;
pub mod history;
pub mod import;
pub mod life;
pub mod merge;
pub mod outbox;
pub mod practice;
pub mod round;
pub mod scorecard;
pub mod sign_in;
pub mod subcontractors;
pub mod vendor;
pub mod vendor_form;
pub mod vendors;
pub mod welcome;
pub mod words;
