//! DOCX and XLSX: archives of XML (ECMA-376, part 2), opened and unpacked to the end.

use std::io::{Cursor, Read};

use zip::{CompressionMethod, ZipArchive};

use super::{FileType, Refusal};

/// Everything unpacked, in bytes.
const MOST_UNPACKED: u64 = 200 * 1024 * 1024;
/// How many times larger a part may become.
const MOST_RATIO: u64 = 100;
/// Parts up to this size may be packed as tightly as they like: blank tables are.
const SMALL: u64 = 1024 * 1024;
const MOST_PARTS: usize = 2_000;
/// The list of types and the lists of links are small in any honest file.
const MOST_LIST: u64 = 4 * 1024 * 1024;

const CONTENT_TYPES: &str = "[Content_Types].xml";

/// Unpacks everything, counting as it goes and trusting no header.
pub fn check(file_type: FileType, bytes: &[u8]) -> Result<(), Refusal> {
    check_within(MOST_UNPACKED, file_type, bytes)
}

fn check_within(most: u64, file_type: FileType, bytes: &[u8]) -> Result<(), Refusal> {
    let broken = |how| Refusal::Broken(file_type, how);
    // Before the archive is read at all: the number of parts, and that its end is the file's.
    let parts = parts_by_the_end(bytes).ok_or(broken("its end is missing, or something stands behind it"))?;
    if parts > MOST_PARTS {
        return Err(Refusal::TooManyParts);
    }
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken("its table of contents cannot be read"))?;
    if archive.offset() != 0 || !bytes.starts_with(b"PK\x03\x04") {
        return Err(Refusal::Trailing(file_type));
    }
    archive.validate_header_consistency().map_err(|_| broken("its parts contradict its table of contents"))?;
    let (mut unpacked, mut types, mut names) = (0, String::new(), std::collections::BTreeSet::new());
    for at in 0..archive.len() {
        // By its header alone: opening it would ask for the password.
        let header = archive.by_index_raw(at).map_err(|_| broken("a part of it cannot be read"))?;
        if header.encrypted() {
            return Err(Refusal::Locked);
        }
        if !matches!(header.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
            return Err(broken("a part of it is packed in an unusual way"));
        }
        drop(header);
        let mut part = archive.by_index(at).map_err(|_| broken("a part of it cannot be read"))?;
        let name = part.name().map_err(|_| Refusal::ArchivePath)?.into_owned();
        if part.is_symlink() || !is_inside(&name) || !names.insert(name.to_lowercase()) {
            return Err(Refusal::ArchivePath);
        }
        let lower = name.to_lowercase();
        if lower.ends_with("vbaproject.bin") || lower.contains("/activex/") || lower.contains("/macrosheets/") {
            return Err(Refusal::Macros);
        }
        let (declared, packed) = (part.size(), part.compressed_size());
        let is_list = name == CONTENT_TYPES || lower.ends_with(".rels");
        let mut list = Vec::new();
        let size = unpack(&mut part, packed, most - unpacked, is_list.then_some(&mut list), file_type)?;
        if size != declared {
            return Err(broken("a part of it is not as large as it says"));
        }
        unpacked += size;
        if is_list {
            let text = plain_xml(list).ok_or(broken("its list of parts is written in an unusual way"))?;
            links(&text)?;
            if name == CONTENT_TYPES {
                types = text;
            }
        }
    }
    main_part(file_type, &types)
}

/// Reads one part to its end, and gives its size.
fn unpack(
    part: &mut impl Read,
    packed: u64,
    left: u64,
    mut keep: Option<&mut Vec<u8>>,
    file_type: FileType,
) -> Result<u64, Refusal> {
    let (mut size, mut buffer) = (0_u64, vec![0_u8; 64 * 1024]);
    loop {
        let read = part.read(&mut buffer).map_err(|_| Refusal::Broken(file_type, "a part of it is damaged"))?;
        if read == 0 {
            return Ok(size);
        }
        size += read as u64;
        let too_tight = size > SMALL && size > packed.saturating_mul(MOST_RATIO);
        if size > left || too_tight || (keep.is_some() && size > MOST_LIST) {
            return Err(Refusal::Bomb);
        }
        if let Some(keep) = keep.as_deref_mut() {
            keep.extend_from_slice(&buffer[..read]);
        }
    }
}

/// The number of parts, from the end record, which must be the very end of the file. 65,535
/// would stand for "see the larger record", which no honest Office file needs.
fn parts_by_the_end(bytes: &[u8]) -> Option<usize> {
    let end = bytes.get(bytes.len().checked_sub(22)?..)?;
    let is_end = end.starts_with(b"PK\x05\x06") && end[20..] == [0, 0];
    is_end.then(|| usize::from(u16::from_le_bytes([end[10], end[11]])))
}

fn is_inside(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('/')
        && !name.contains(['\\', ':', '\0'])
        && !name.split('/').any(|piece| piece == ".." || piece == ".")
}

/// The text of a list: UTF-8, with nothing defined in it that could spell another word than
/// is read.
fn plain_xml(bytes: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(bytes).ok()?;
    (!text.contains('\0') && !text.contains("<!")).then_some(text)
}

/// Refuses links that are followed on opening: a template or an object kept elsewhere. An
/// ordinary link in the text is followed when somebody presses it, and stays.
fn links(text: &str) -> Result<(), Refusal> {
    for link in text.split("Relationship").skip(1) {
        let link = link.split('>').next().unwrap_or_default().to_lowercase();
        let (kind, mode) = (attribute(&link, "type"), attribute(&link, "targetmode"));
        let fetched = ["/attachedtemplate", "/oleobject", "/frame", "/subdocument"];
        let hidden = kind.contains('&') || mode.contains('&');
        if hidden || mode == "external" && fetched.iter().any(|one| kind.ends_with(one)) {
            return Err(Refusal::Reaches);
        }
    }
    Ok(())
}

/// An attribute's value as it is written; empty when there is none.
fn attribute<'a>(element: &'a str, name: &str) -> &'a str {
    let values = element.match_indices(name).filter_map(|(at, _)| {
        let before = element[..at].chars().next_back();
        let value = element[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        before.is_none_or(char::is_whitespace).then(|| value[1..].split(quote).next().unwrap_or_default())
    });
    values.last().unwrap_or_default()
}

/// What the list of types says the file is.
fn main_part(file_type: FileType, types: &str) -> Result<(), Refusal> {
    let lower = types.to_lowercase();
    if lower.contains("&#") {
        return Err(Refusal::Broken(file_type, "its list of parts is written in an unusual way"));
    }
    if lower.contains("macroenabled") || lower.contains("vbaproject") || lower.contains("activex") {
        return Err(Refusal::Macros);
    }
    let word = lower.contains("wordprocessingml.document.main+xml");
    let excel = lower.contains("spreadsheetml.sheet.main+xml");
    match (file_type, word, excel) {
        (FileType::Docx, true, false) | (FileType::Xlsx, false, true) => Ok(()),
        (_, true, _) => Err(Refusal::LooksLike(file_type, "a Word document")),
        (_, _, true) => Err(Refusal::LooksLike(file_type, "an Excel workbook")),
        _ if types.is_empty() => Err(Refusal::LooksLike(file_type, "a ZIP archive")),
        _ => Err(Refusal::LooksLike(file_type, "another kind of Office file")),
    }
}

/// Whether an unpacking program would find an archive in a file of another type. Such
/// programs look for the end record in the last 64 KB and do not mind what is before.
pub fn is_archive_at_the_end(bytes: &[u8]) -> bool {
    let from = bytes.len().saturating_sub(22 + usize::from(u16::MAX));
    let tail = &bytes[from..];
    tail.windows(22).enumerate().any(|(at, record)| {
        if !record.starts_with(b"PK\x05\x06") {
            return false;
        }
        let number = |at: usize| u32::from_le_bytes([record[at], record[at + 1], record[at + 2], record[at + 3]]);
        let size = usize::try_from(number(12)).unwrap_or(usize::MAX);
        (from + at).checked_sub(size).is_some_and(|directory| bytes[directory..].starts_with(b"PK"))
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn what_all_parts_unpack_to_together_is_counted_on_the_way() {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        let types = "<Types><Override ContentType=\"a.wordprocessingml.document.main+xml\"/></Types>";
        for (name, data) in [(CONTENT_TYPES, types), ("a", &"a".repeat(600)), ("b", &"b".repeat(600))] {
            zip.start_file(name, options).unwrap();
            zip.write_all(data.as_bytes()).unwrap();
        }
        let bytes = zip.finish().unwrap().into_inner();
        assert_eq!(check(FileType::Docx, &bytes), Ok(()));
        assert_eq!(check_within(1_000, FileType::Docx, &bytes), Err(Refusal::Bomb));
    }
}
