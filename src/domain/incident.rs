//! An incident: a vendor's breach notice, or word that something may have gone wrong, with the
//! days that it sets.

pub mod clock;
