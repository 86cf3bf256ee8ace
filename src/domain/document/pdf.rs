//! A PDF from its header to its trailer (ISO 32000-1, 7.5).

use super::{FileType, Refusal};

/// Looks at header and trailer; nothing but blanks may follow the end mark.
pub fn check(bytes: &[u8]) -> Result<(), Refusal> {
    let broken = |how| Err(Refusal::Broken(FileType::Pdf, how));
    let version = bytes.get(5..8).unwrap_or_default();
    if !bytes.starts_with(b"%PDF-") || !(version.starts_with(b"1.") || version == b"2.0") {
        return broken("it does not begin as one");
    }
    let Some(end) = last(bytes, b"%%EOF") else { return broken("its end is missing") };
    let behind = &bytes[end + 5..];
    if !behind.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x0c | 0)) {
        return Err(Refusal::Trailing(FileType::Pdf));
    }
    let Some(start) = last(&bytes[..end], b"startxref") else { return broken("its table of contents is missing") };
    let number: Option<usize> =
        std::str::from_utf8(&bytes[start + 9..end]).ok().and_then(|text| text.trim().parse().ok());
    match number {
        Some(at) if at > 0 && at < start => Ok(()),
        _ => broken("its table of contents is not where it says"),
    }
}

fn last(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).rposition(|window| window == mark)
}
