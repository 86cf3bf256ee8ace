//! The yearly verification letter: a written analysis and a written certification that the
//! technical safeguards are in place. A rule that is proposed and not in force would have each
//! practice get one (90 FR 898, proposed 45 CFR 164.308(b)), so the letter is optional, says so
//! wherever it shows, and no flag or score rests on it.

use chrono::{Months, NaiveDate};

/// What the letter speaks of, with its paragraph of the rule in force (45 CFR 164.312).
pub const SAFEGUARDS: [(&str, &str); 5] = [
    ("164.312(a)", "Access control: each person signs in under their own name and reaches only what their work needs"),
    ("164.312(b)", "Audit controls: systems record who looked at, changed or sent patient information"),
    ("164.312(c)", "Integrity: a record that is altered or destroyed improperly is noticed"),
    ("164.312(d)", "Authentication: a person or a program proves who it is before it is let in"),
    ("164.312(e)", "Transmission security: patient information is protected while it travels"),
];

/// Letters of one vendor that are kept; more is no yearly matter.
pub const MOST: usize = 20;

/// The day until which a letter that was signed then serves: a year.
pub fn holds_until(signed_on: NaiveDate) -> NaiveDate {
    signed_on.checked_add_months(Months::new(12)).unwrap_or(signed_on)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_serves_a_year() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(holds_until(day("2026-11-23")), day("2027-11-23"));
        assert_eq!(holds_until(day("2028-02-29")), day("2029-02-28"));
    }
}
