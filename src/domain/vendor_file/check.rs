//! One cell of a busy office's list: tidied, and checked by itself.

use chrono::{Days, NaiveDate};

use super::spellings::fold;
use super::{Field, values, write};
use crate::domain::civil_date;
use crate::domain::vendor::{self, FieldFault, tidy};

/// Why a cell cannot be taken as it is.
pub(super) enum Trouble {
    /// Words that are none of ours; of a list, each piece.
    Words(Vec<String>),
    /// Several e-mail addresses in one cell.
    Addresses(Vec<String>),
    Fault(FieldFault),
}

/// The cell without what nobody sees: blanks around it and doubled ones within, those that do
/// not break and those of no width; line breaks too, where a cell has one line.
pub(super) fn tidied(field: Option<Field>, cell: &str) -> String {
    let cell = write::undefuse(tidy(cell));
    let lines = matches!(field, None | Some(Field::Notes | Field::PhiElements | Field::Access));
    let seen =
        |c: &char| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}');
    let line = |line: &str| {
        let visible: String = line.chars().filter(seen).collect();
        visible.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    if lines {
        let kept: Vec<String> = cell.lines().map(line).filter(|line| !line.is_empty()).collect();
        return kept.join("\n");
    }
    line(cell)
}

/// What offices write instead of leaving a cell blank, and what spreadsheets show for a
/// formula that failed.
pub(super) fn is_blank(text: &str) -> bool {
    let failed = text.starts_with('#') && text.ends_with(['!', '?', 'A']) && !text.contains(' ');
    text.is_empty()
        || failed
        || values::is_unknown(text)
        || matches!(fold(text).as_str(), "none" | "nil" | "nothing" | "null" | "blank" | "empty" | "tbc" | "tba")
}

/// Whether a cell says that there is nothing to say, in a column of that kind.
pub(super) fn is_blank_in(field: Field, text: &str) -> bool {
    match field {
        // "None" is an answer here, and a company may be called so.
        Field::Name
        | Field::BaStatus
        | Field::PhiElements
        | Field::Access
        | Field::Volume
        | Field::Criticality
        | Field::Subcontractors
        | Field::Offshore => text.is_empty() || text.starts_with('#') && is_blank(text) || values::is_unknown(text),
        _ => is_blank(text),
    }
}

/// Words for an agreement without an end, in the column of the end.
pub(super) fn is_no_end(text: &str) -> bool {
    let word = fold(text);
    let words = ["ongoing", "evergreen", "perpetual", "indefinite", "noend", "noexpiration", "autorenew", "openended"];
    words.iter().any(|known| word.starts_with(known)) || matches!(word.as_str(), "open" | "never" | "continuous")
}

/// Whether a cell is what its column holds; of a list, at least one piece.
pub(super) fn is_readable(field: Field, text: &str) -> bool {
    let text = tidied(Some(field), text);
    if is_blank_in(field, &text) || field == Field::BaaEndsOn && is_no_end(&text) {
        return true;
    }
    match trouble(field, &straight(field, &text)) {
        None => true,
        Some(Trouble::Words(_)) if matches!(field, Field::PhiElements | Field::Access) => {
            !values::keys_and_rest(field, &text).0.is_empty()
        }
        Some(_) => false,
    }
}

/// The cell as our own words would say it, where that is beyond doubt: dates with a time of
/// day, ordinals or a day's number, and addresses with a name beside them.
pub(super) fn straight(field: Field, text: &str) -> String {
    match field {
        Field::BaaSignedOn | Field::BaaEndsOn => day(text).map_or_else(|| text.to_owned(), |day| day.to_string()),
        Field::Website => text.trim_end_matches(['/', ' ']).to_owned(),
        _ => text.to_owned(),
    }
}

/// The day that a text means; `None` when it is none of those known.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    if let Ok(day) = civil_date::read(text) {
        return Some(day);
    }
    if let Some(day) = serial_day(text) {
        return Some(day);
    }
    // "1/5/2025 2:30 PM", "2025-01-05T14:30:00"
    let at = text.find(['T', ' ']).filter(|at| text[*at..].contains(':'));
    if let Some(day) = at.and_then(|at| civil_date::read(text[..at].trim_end_matches(',')).ok()) {
        return Some(day);
    }
    let words: Vec<&str> = text.split(' ').map(without_ordinal).collect();
    civil_date::read(&words.join(" ")).ok()
}

/// A day as spreadsheets count them, from the end of 1899: 45662 is January 5, 2025.
pub(super) fn serial_day(text: &str) -> Option<NaiveDate> {
    let whole = text.strip_suffix(".0").unwrap_or(text);
    if whole.len() != 5 || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let day = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(whole.parse().ok()?))?;
    // From 2000 to 2100, as everywhere.
    civil_date::read(&day.to_string()).ok()
}

fn without_ordinal(word: &str) -> &str {
    let bare = word.trim_end_matches(',');
    let stem = ["st", "nd", "rd", "th"].iter().find_map(|end| bare.strip_suffix(end));
    stem.filter(|stem| !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or(word)
}

/// What keeps a cell from being taken, if anything does. Blank cells are fine.
pub(super) fn trouble(field: Field, text: &str) -> Option<Trouble> {
    let fault = |found: Result<(), FieldFault>| found.err().map(Trouble::Fault);
    match field {
        Field::Name => fault(vendor::check_name(text).map(drop)),
        Field::ContactName => fault(vendor::check_contact_name(text).map(drop)),
        Field::Services => fault(vendor::check_services(text).map(drop)),
        Field::Owner => fault(vendor::check_owner(text).map(drop)),
        Field::ExternalId => fault(vendor::check_external_id(text).map(drop)),
        Field::Notes => fault(vendor::check_notes(text).map(drop)),
        Field::Website => fault(vendor::check_website(text).map(drop)),
        Field::ContactEmail => match addresses(text).0 {
            several if several.len() > 1 => Some(Trouble::Addresses(several)),
            _ => fault(vendor::check_email(text).map(drop)),
        },
        Field::BaaSignedOn | Field::BaaEndsOn => {
            if text.is_empty() {
                return None;
            }
            fault(civil_date::read(text).map(drop).map_err(FieldFault::from))
        }
        Field::PhiElements | Field::Access if values::is_none(text) => None,
        Field::PhiElements => values::elements(text).err().map(Trouble::Words),
        Field::Access => values::access(text).err().map(Trouble::Words),
        Field::BaStatus => word(text, values::ba_status(text)),
        Field::Volume => word(text, values::volume(text)),
        Field::Criticality => word(text, values::criticality(text)),
        Field::Subcontractors => word(text, values::subs(text)),
        Field::Offshore => word(text, values::offshore(text)),
    }
}

fn word<T>(text: &str, found: Option<T>) -> Option<Trouble> {
    found.is_none().then(|| Trouble::Words(vec![text.to_owned()]))
}

/// The addresses in a cell, each once, and what stands beside them.
pub(super) fn addresses(text: &str) -> (Vec<String>, String) {
    let mut found: Vec<String> = Vec::new();
    let mut rest: Vec<&str> = Vec::new();
    let ends =
        |c: char| c.is_whitespace() || matches!(c, ';' | ',' | '<' | '>' | '(' | ')' | '[' | ']' | '|' | '/' | '"');
    for piece in text.split(ends) {
        let bare = piece.trim_matches(['.', ':', '\'']);
        let bare = bare.strip_prefix("mailto:").unwrap_or(bare);
        match vendor::check_email(bare) {
            Ok(Some(address)) => {
                if !found.iter().any(|known| known.eq_ignore_ascii_case(&address)) {
                    found.push(address);
                }
            }
            _ if bare.is_empty() || matches!(fold(bare).as_str(), "" | "or" | "and" | "email" | "mail") => {}
            _ => rest.push(piece),
        }
    }
    (found, rest.join(" "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_found_among_names_and_marks() {
        let table: &[(&str, &[&str], &str)] = &[
            ("jo@a.test; al@b.test", &["jo@a.test", "al@b.test"], ""),
            ("Jo Smith <jo@a.test>", &["jo@a.test"], "Jo Smith"),
            ("jo@a.test/al@b.test or JO@a.test", &["jo@a.test", "al@b.test"], ""),
            ("mailto:jo@a.test", &["jo@a.test"], ""),
            ("jo at a.test", &[], "jo at a.test"),
        ];
        for (text, expected, rest) in table {
            let (found, beside) = addresses(text);
            assert_eq!(
                (found.as_slice(), beside.as_str()),
                (&expected.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>()[..], *rest),
                "{text}"
            );
        }
    }

    #[test]
    fn days_are_read_in_every_way_an_office_and_its_spreadsheet_write_them() {
        let day5 = NaiveDate::from_ymd_opt(2025, 1, 5);
        for text in [
            "Jan 5, 2025",
            "1/5/25",
            "45662",
            "45662.0",
            "January 5th, 2025",
            "1/5/2025 2:30 PM",
            "2025-01-05T14:30:00",
            "5-Jan-25",
        ] {
            assert_eq!(day(text), day5, "{text}");
        }
        for text in ["2025", "soon", "99999", "12345", "Jan 2025", "13/1/2025"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn what_stands_for_nothing_is_blank() {
        for text in ["", "N/A", "n/a", "none", "-", "--", "TBD", "#N/A", "#REF!", "Unknown", "?"] {
            assert!(is_blank(text), "{text}");
        }
        assert!(!is_blank_in(Field::Offshore, "none") && !is_blank("Nonesuch Inc"));
    }

    proptest! {
        #[test]
        fn a_tidied_cell_is_tidy_and_no_text_makes_it_stumble(text in "\\PC{0,40}|[ \u{a0}\u{200b}\ta-z@./;:#0-9-]{0,40}") {
            let once = tidied(Some(Field::Name), &text);
            let unseen = once.contains(['\u{a0}', '\u{200b}']);
            prop_assert!(!unseen && once.trim() == once);
            for field in Field::ALL {
                let cell = straight(*field, &tidied(Some(*field), &text));
                let _ = (trouble(*field, &cell), is_blank_in(*field, &cell), is_no_end(&cell), addresses(&cell));
            }
        }
    }
}
