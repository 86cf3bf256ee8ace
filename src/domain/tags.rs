//! Tags: the practice's own words for its vendors. Written in small letters, so that "West"
//! and "west" are one.

use std::collections::BTreeSet;

use super::vendor::{FieldFault, check_owner};

/// Most tags of one vendor.
pub const MOST: usize = 20;
/// Most characters of one tag.
pub const LONGEST: usize = 40;

/// One tag, as it is kept.
///
/// # Errors
/// When it is empty, longer than [`LONGEST`], has a comma or what nobody can see.
pub fn check(text: &str) -> Result<String, FieldFault> {
    let tag = check_owner(text)?.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    // "-" asks the list for vendors without a tag.
    if tag.is_empty() || tag == "-" {
        return Err(FieldFault::new("no tag was written", "Write a word or two, such as west clinic."));
    }
    if tag.contains(',') {
        return Err(FieldFault::new("a tag has a comma in it", "Leave the comma out."));
    }
    if tag.chars().count() > LONGEST {
        let problem = format!("a tag is longer than {LONGEST} characters");
        return Err(FieldFault::new(problem, "Make it shorter: a word or two."));
    }
    Ok(tag)
}

/// Several tags with commas between them; empty places are left out.
///
/// # Errors
/// The first tag's that cannot be kept, or that there are more than [`MOST`].
pub fn read(text: &str) -> Result<BTreeSet<String>, FieldFault> {
    let tags: BTreeSet<String> =
        text.split(',').filter(|tag| !tag.trim().is_empty()).map(check).collect::<Result<_, _>>()?;
    if tags.len() > MOST {
        return Err(FieldFault::new(format!("there are more than {MOST} tags"), "Keep those that you look for."));
    }
    Ok(tags)
}

/// As [`read`] reads them again.
pub fn say<'a>(tags: impl IntoIterator<Item = &'a String>) -> String {
    tags.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tags_are_words_with_commas_between_them_and_case_does_not_matter() {
        let read = |text: &str| read(text).map(|tags| say(&tags));
        assert_eq!(read(" West  Clinic, it ,,IT, "), Ok("it, west clinic".to_owned()));
        assert_eq!(read(""), Ok(String::new()));
        assert!(read(&"x".repeat(41)).is_err());
        assert!(read("a\u{7}b").is_err());
        assert!(read("-").is_err());
        assert!(read(&(0..21).map(|n| n.to_string()).collect::<Vec<_>>().join(",")).is_err());
    }

    proptest! {
        #[test]
        fn tags_that_were_read_are_read_again_as_they_are(text in "[a-zA-Z ,ßİ-]{0,60}") {
            if let Ok(tags) = read(&text) {
                prop_assert_eq!(read(&say(&tags)), Ok(tags));
            }
        }
    }
}
