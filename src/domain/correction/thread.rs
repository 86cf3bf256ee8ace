//! What was said about one answer by both sides: remarks of the practice, replies of the vendor.

use super::{Correction, Outcome};
use crate::domain::civil_date;

/// One remark or reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// `Dana Whitfield, Nov 22, 2026`
    pub who: String,
    pub says: String,
}

/// All that was said about a question, the oldest first. What the vendor typed and has not
/// signed is its own until then.
pub fn thread(corrections: &[Correction], slug: &str) -> Vec<Said> {
    corrections.iter().flat_map(|one| said(one, slug)).collect()
}

fn said(one: &Correction, slug: &str) -> Vec<Said> {
    let Some(remark) = one.returned.get(slug) else { return Vec::new() };
    let on = civil_date::say_short(one.opened_on);
    let mut said = vec![Said { who: format!("{}, {on}", one.opened_by), says: remark.clone() }];
    if matches!(one.ended, Some((Outcome::Signed, _))) {
        let says = match one.replies.get(slug) {
            Some(reply) => reply.clone(),
            None if one.changes.contains_key(slug) => "Changed the answer.".to_owned(),
            None if one.files.contains_key(slug) => "Changed the files under the answer.".to_owned(),
            None => "Left the answer as it was.".to_owned(),
        };
        said.push(Said { who: "The vendor, signed".to_owned(), says });
    }
    said
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::correction::tests::correction;

    #[test]
    fn a_thread_has_both_sides_and_nothing_that_was_not_signed() {
        let first = Correction { ended: Some((Outcome::Signed, DateTime::default())), ..correction() };
        let mut second =
            Correction { returned: [("a.one".to_owned(), "And of which year?".to_owned())].into(), ..correction() };
        second.replies.insert("a.one".to_owned(), "Of 2026.".to_owned());
        let says = |corrections: &[Correction]| -> Vec<String> {
            thread(corrections, "a.one").into_iter().map(|said| said.says).collect()
        };
        let asked = ["Which report?", "Left the answer as it was.", "And of which year?"];
        assert_eq!(says(&[first.clone(), second.clone()]), asked);
        second.ended = first.ended;
        assert_eq!(says(&[first, second])[3], "Of 2026.");
        assert_eq!(thread(&[correction()], "a.two"), []);
    }
}
