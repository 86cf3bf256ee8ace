//! Turns plain values into what a reader looks at: charts, and the sentences that say what
//! they show. Knows the words of the domain; knows no database and no page.

pub mod charts;
pub mod messages;
pub mod offline;
pub mod qr;
pub mod signed_copy;
pub mod spreadsheet;
mod text_width;
