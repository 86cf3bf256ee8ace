//! How wide a text is at most, so that no label is cut where nothing can be measured.

/// The size of a chart's text in its own units.
const SIZE: u32 = 13;

/// The most units that a text takes. The widths are those of the widest font that the
/// stylesheet may fall back to; on most screens the text is narrower.
pub fn at_most(text: &str) -> u32 {
    let thousandths: u32 = text.chars().map(character).sum();
    (thousandths * SIZE).div_ceil(1000)
}

/// As [`at_most`], in bold.
pub fn bold_at_most(text: &str) -> u32 {
    (at_most(text) * 112).div_ceil(100)
}

/// In thousandths of the text's size.
fn character(c: char) -> u32 {
    match c {
        'i' | 'j' | 'l' | '\'' => 280,
        'I' | ' ' | '.' | ',' => 320,
        'f' | 't' | '(' | ')' | ':' | ';' | '-' | '/' | '!' => 400,
        'r' => 420,
        'm' | 'M' | 'W' | '%' | '@' | '…' => 1000,
        'w' => 820,
        'A'..='Z' | '&' => 790,
        _ if c.is_ascii() => 640,
        // A letter of any other script, or a sign: some are as wide as two.
        _ => 1400,
    }
}

/// The text, or as much of its beginning as fits, with a mark where it was shortened.
pub fn fitted(text: &str, room: u32) -> String {
    if at_most(text) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if at_most(&kept) + at_most("…") > room {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end())
}
