//! Plain text: UTF-8, or what Excel on Windows writes.

use super::Refusal;

/// Whether every byte is text. No NUL, no control characters, so that nothing that runs can
/// pass for it.
pub fn check(bytes: &[u8]) -> Result<(), Refusal> {
    let is_text = match std::str::from_utf8(bytes) {
        Ok(text) => text.chars().all(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{85}')),
        // Windows-1252 leaves five bytes without a meaning.
        Err(_) => bytes.iter().all(|byte| {
            (*byte >= 0x20 && !matches!(byte, 0x7f | 0x81 | 0x8d | 0x8f | 0x90 | 0x9d))
                || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c)
        }),
    };
    if is_text { Ok(()) } else { Err(Refusal::NotText) }
}
