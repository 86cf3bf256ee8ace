//! Text as it can be set: without what is no letter, and with a sign where a letter is unknown.

/// Stands for a character that may be in no document.
pub const UNKNOWN: char = '\u{FFFD}';

/// The text without control characters, invisible ones and private ones. Line breaks stay.
/// What turns the writing around is dropped too: it could make one text read as another.
pub fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\r' if letters.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            '\t' | '\u{1C}'..='\u{1F}' => clean.push(' '),
            _ if letter.is_control() || is_invisible(letter) => {}
            _ if is_private(letter) => clean.push(UNKNOWN),
            _ => clean.push(letter),
        }
    }
    clean
}

/// The text in one line.
pub fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Of no meaning that others know, or never to be a character.
fn is_private(letter: char) -> bool {
    let code = u32::from(letter);
    matches!(letter, '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{F0000}'..='\u{10FFFF}')
        || code & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_letter_goes_and_what_is_private_is_marked() {
        assert_eq!(clean("a\u{0}b\r\nc\u{202E}d\te\u{E000}\u{FFFF}\u{FEFF}"), "ab\ncd e\u{FFFD}\u{FFFD}");
        assert_eq!(clean("Łukasz Żółć § ✓ → “x”"), "Łukasz Żółć § ✓ → “x”");
        assert_eq!(one_line(" a\n\n b\u{2028}c "), "a b c");
    }
}
