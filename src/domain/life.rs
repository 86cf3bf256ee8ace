//! Where a vendor is in its time with the practice.

use super::words::words;

words! {
    /// From before the first day to after the last.
    pub enum Life {
        Prospect = "prospect" => "Prospect",
        Active = "active" => "Active",
        Suspended = "suspended" => "Suspended",
        Ending = "ending" => "Ending",
        Ended = "ended" => "Ended",
    }
}
