//! A cell that lists several values.

use std::collections::BTreeSet;
use std::ops::Range;

/// A list with semicolons, bars or line breaks between its pieces; or with commas,
/// slashes and "and", which are also inside pieces ("Names, contact details and
/// appointments"), so that the longest known run of them is one piece.
pub(super) fn list<T: Ord>(text: &str, known: impl Fn(&str) -> Option<T>) -> Result<BTreeSet<T>, Vec<String>> {
    let (found, unknown) = pieces(text, known);
    if unknown.is_empty() { Ok(found) } else { Err(unknown) }
}

/// The values of such a list, and the pieces that are none.
pub(super) fn pieces<T: Ord>(text: &str, known: impl Fn(&str) -> Option<T>) -> (BTreeSet<T>, Vec<String>) {
    const LONGEST_RUN: usize = 8;
    let mut found = BTreeSet::new();
    let mut unknown = Vec::new();
    for piece in text.split([';', '|', '\n']).filter(|piece| !piece.trim().is_empty()) {
        if let Some(value) = known(piece) {
            found.insert(value);
            continue;
        }
        let parts = soft_parts(piece);
        let mut at = 0;
        while at < parts.len() {
            let ends = (at..parts.len().min(at + LONGEST_RUN)).rev();
            let run = ends.into_iter().find_map(|end| Some((end, known(&piece[parts[at].start..parts[end].end])?)));
            match run {
                Some((end, value)) => {
                    found.insert(value);
                    at = end + 1;
                }
                None => {
                    unknown.push(piece[parts[at].clone()].trim().to_owned());
                    at += 1;
                }
            }
        }
    }
    (found, unknown)
}

fn soft_parts(piece: &str) -> Vec<Range<usize>> {
    // Marks of the same length keep the places right.
    let marked = piece.to_ascii_lowercase().replace(" and ", ",,,,,").replace(" or ", ",,,,");
    let mut parts = Vec::new();
    let mut start = 0;
    for part in marked.split([',', '/', '&', '+']) {
        if !part.trim().is_empty() {
            parts.push(start..start + part.len());
        }
        start += part.len() + 1;
    }
    parts
}
