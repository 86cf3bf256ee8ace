//! From bytes to text: what kind of file this is, and in which letters it is written.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::{Fault, MAX_BYTES};

const SAVE_AS: &str =
    "Open it in your spreadsheet program, choose “Save as”, and pick “Excel workbook (.xlsx)” or “CSV UTF-8”.";

/// What some files begin with, and what such a file is.
const KINDS: &[(&[u8], &str)] = &[
    (b"PK\x05\x06", "an empty packed file (ZIP)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook, or one with a password"),
    (b"\x09\x08", "a very old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a Word or WordPad text"),
    (b"\x1f\x8b", "a packed file (gzip)"),
    (b"7z\xbc\xaf\x27\x1c", "a packed file (7z)"),
    (b"Rar!\x1a", "a packed file (RAR)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3\0", "a database"),
];

pub(super) fn refuse_large(bytes: &[u8]) -> Result<(), Fault> {
    if bytes.len() <= MAX_BYTES {
        return Ok(());
    }
    let size = bytes.len().div_ceil(1024 * 1024);
    Err(Fault::of_file(
        format!("the file is {size} MB large, and we read at most {} MB", MAX_BYTES / 1024 / 1024),
        "Split it into several files.",
    ))
}

/// The text of a vendor file, with every line break as `\n` so that lines are counted as
/// an editor counts them.
pub(super) fn text(bytes: &[u8]) -> Result<String, Fault> {
    if let Some((_, kind)) = KINDS.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Err(not_a_list(kind));
    }
    let text = decoded(bytes)?;
    if text.trim_start().starts_with('<') {
        return Err(not_a_list("a web page or another file in angle brackets (HTML, XML)"));
    }
    if is_binary(&text) {
        return Err(not_a_list("not a text file"));
    }
    // A byte order mark too many comes of joining files.
    Ok(text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n"))
}

fn not_a_list(kind: &str) -> Fault {
    Fault::of_file(format!("this is {kind}, and we read Excel workbooks (.xlsx) and CSV here"), SAVE_AS)
}

/// Windows-1252 is what American spreadsheets write when they do not write UTF-8, and text
/// in it with a letter beyond ASCII is hardly ever valid UTF-8.
fn decoded(bytes: &[u8]) -> Result<String, Fault> {
    let (marked, body) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, &bytes[length..]),
        None => (UTF_8, bytes),
    };
    let (text, damaged) = marked.decode_without_bom_handling(body);
    if !damaged {
        return Ok(text.into_owned());
    }
    if marked == UTF_8 {
        return Ok(WINDOWS_1252.decode_without_bom_handling(body).0.into_owned());
    }
    Err(Fault::of_file("the file is damaged: part of its text cannot be read", "Export it again."))
}

/// One stray control character is a fault of its cell; many are another kind of file.
fn is_binary(text: &str) -> bool {
    let odd = |text: &str| text.chars().filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')).count();
    let first = text.trim_start().lines().next().unwrap_or_default();
    odd(first) > 0 || odd(text) > (text.len() / 100).max(3)
}
