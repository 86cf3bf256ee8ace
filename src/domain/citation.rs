//! Whether a citation is written as one: 45 CFR 160 and 164 by section and paragraph,
//! other titles in full. Says nothing about whether the paragraph exists.

/// Checks one citation: `164.308(a)(1)(ii)(A)`, `164.312(b),(d)`, `164.308(a)(3)-(4)`,
/// `42 CFR 2.12(c)(4)`, `42 USC 1320a-7`, `90 FR 898`.
///
/// # Errors
/// What is wrong, in a few words.
pub fn check(text: &str) -> Result<(), &'static str> {
    let rest = match text.split_once(' ') {
        None => text,
        Some((title, rest)) => {
            let (code, rest) = rest.split_once(' ').ok_or("give the title, the code and the section")?;
            if !title.bytes().all(|byte| byte.is_ascii_digit()) || !matches!(code, "CFR" | "USC" | "FR") {
                return Err("begins with neither a section nor a title such as “42 CFR”");
            }
            rest
        }
    };
    let at = rest.find('(').unwrap_or(rest.len());
    let (section, paragraphs) = rest.split_at(at);
    let known = section.starts_with("160.") || section.starts_with("164.");
    if text == rest && !known {
        return Err("a bare section is of 45 CFR part 160 or 164");
    }
    let plain = |c: char| c.is_ascii_digit() || c.is_ascii_lowercase() || matches!(c, '.' | '-');
    if section.is_empty() || !section.starts_with(|c: char| c.is_ascii_digit()) || !section.chars().all(plain) {
        return Err("the section is not a number");
    }
    paragraphs_are_closed(paragraphs)
}

fn paragraphs_are_closed(mut text: &str) -> Result<(), &'static str> {
    while !text.is_empty() {
        text = text.strip_prefix([',', '-']).unwrap_or(text);
        let inner = text.strip_prefix('(').ok_or("a paragraph stands in brackets")?;
        let (label, rest) = inner.split_once(')').ok_or("a bracket is not closed")?;
        if label.is_empty() || !label.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err("a paragraph is a letter, a number or a roman numeral");
        }
        text = rest;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn the_forms_in_use_are_accepted() {
        for text in [
            "164.308(a)(8)",
            "164.312(b),(d)",
            "164.308(a)(3)-(4)",
            "164.402",
            "42 CFR 2.12(c)(4)",
            "42 USC 1320a-7",
            "15 USC 7001",
            "90 FR 898",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn broken_forms_are_refused() {
        for text in ["164.308(a)(", "HIPAA", "308(a)", "164.308(a))", "164.308()", "42 XYZ 2", "164.308 a"] {
            assert!(check(text).is_err(), "{text}");
        }
    }
}
