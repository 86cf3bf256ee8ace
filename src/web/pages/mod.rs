//! Pages for staff, one file each: the context of its template, and the handlers.

pub mod account;
pub mod code;
pub mod dashboard;
pub mod design;
pub mod flags;
pub mod forgot;
pub mod import;
pub mod kept;
pub mod outbox;
pub mod passkey;
pub mod passkeys;
pub mod password;
pub mod people;
pub mod practice;
pub mod practices;
pub mod prove;
pub mod round;
pub mod scorecard;
pub mod second_step;
pub mod sign_in;
pub mod vendor;
pub mod vendor_form;
pub mod vendors;
pub mod welcome;
pub mod words;
