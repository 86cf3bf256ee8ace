//! Counts of patients by State, as they are typed and read back: `OH 120`, one a line. Nothing but
//! a State and a number fits, so that no name ever does.

use std::collections::BTreeMap;

/// States and jurisdictions, by the letters of the post (45 CFR 160.103 names what a State is).
pub const STATES: [&str; 56] = [
    "AL", "AK", "AS", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "GU", "HI", "ID", "IL", "IN", "IA", "KS",
    "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "MP",
    "OH", "OK", "OR", "PA", "PR", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "VI", "WA", "WV", "WI", "WY",
];

/// More patients than there are people is a slip of the pen.
const MOST: u32 = 400_000_000;

/// Reads the counts; blank is none known.
///
/// # Errors
/// What is wrong with which line.
pub fn read(text: &str) -> Result<BTreeMap<String, u32>, String> {
    let mut all = BTreeMap::new();
    for line in text.split(['\n', ';']).map(str::trim).filter(|line| !line.is_empty()) {
        let shown: String = line.chars().filter(|c| !c.is_control()).take(30).collect();
        let parts: Vec<&str> = line.split([' ', ':', '=', '\t']).filter(|part| !part.is_empty()).collect();
        let &[state, count] = parts.as_slice() else {
            return Err(format!("“{shown}”: write the two letters of the State and the number, like OH 120"));
        };
        let state = state.to_uppercase();
        if !STATES.contains(&state.as_str()) {
            return Err(format!("“{shown}” does not begin with the two letters of a State, like OH"));
        }
        let count = count.replace(',', "").parse::<u32>().ok().filter(|count| *count <= MOST);
        let count = count.ok_or_else(|| format!("“{shown}”: the number of patients is a whole number"))?;
        if all.insert(state.clone(), count).is_some() {
            return Err(format!("{state} is there twice; write one line for each State"));
        }
    }
    Ok(all)
}

/// As a form shows it.
pub fn say(residents: &BTreeMap<String, u32>) -> String {
    residents.iter().map(|(state, count)| format!("{state} {count}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn counts_are_read_as_people_type_them() {
        let counts = read("oh 1,200\r\n KY: 3\n\nIN=0").unwrap();
        assert_eq!(counts, [("IN", 0), ("KY", 3), ("OH", 1_200)].map(|(at, n)| (at.to_owned(), n)).into());
        assert_eq!(read(" \n"), Ok(BTreeMap::new()));
    }

    #[test]
    fn a_name_or_a_slip_is_no_count() {
        for wrong in ["Jane Doe", "Jane Doe OH", "OH", "OH -1", "XX 5", "OH 5\nOH 6", "OH 1.5", "OH 999999999999"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_as_what_it_was(
            counts in proptest::collection::btree_map(prop::sample::select(STATES.to_vec()), 0u32..1_000_000, 0..20)
        ) {
            let counts: BTreeMap<String, u32> = counts.into_iter().map(|(at, n)| (at.to_owned(), n)).collect();
            prop_assert_eq!(read(&say(&counts)), Ok(counts));
        }

        #[test]
        fn whatever_is_typed_is_read_or_refused(text in "\\PC{0,60}") {
            if let Ok(counts) = read(&text) {
                prop_assert!(counts.keys().all(|state| STATES.contains(&state.as_str())));
            }
        }
    }
}
