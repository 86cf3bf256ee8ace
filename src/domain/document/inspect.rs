//! Looks into a file before it is taken: its name, the type its sender declares and its bytes
//! must say the same, and the bytes must be that from the first to the last. Pure: no I/O.

use super::{FileType, MOST_BYTES, Refusal, jpeg, name, office, pdf, png, text};

/// What looking found besides that the file may be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inspected {
    pub file_type: FileType,
    /// The picture carries what its camera wrote: the time, perhaps the place.
    pub camera_details: bool,
}

/// Checks a file whole.
///
/// # Errors
/// The first reason not to take it.
pub fn inspect(file_name: &str, declared: Option<&str>, bytes: &[u8]) -> Result<Inspected, Refusal> {
    let file_type = name::check(file_name)?;
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.len() > MOST_BYTES {
        return Err(Refusal::TooLarge);
    }
    if !file_type.fits(declared) {
        return Err(Refusal::Declared(file_type, name::tame(declared.unwrap_or_default())));
    }
    agrees(file_type, bytes)?;
    let camera_details = match file_type {
        FileType::Pdf => pdf::check(bytes).map(|()| false),
        FileType::Png => png::check(bytes),
        FileType::Jpeg => jpeg::check(bytes),
        FileType::Docx | FileType::Xlsx => office::check(file_type, bytes).map(|()| false),
        FileType::Txt | FileType::Csv => text::check(bytes).map(|()| false),
    }?;
    if !matches!(file_type, FileType::Docx | FileType::Xlsx) && office::is_archive_at_the_end(bytes) {
        return Err(Refusal::HidesArchive(file_type));
    }
    Ok(Inspected { file_type, camera_details })
}

/// Compares the first bytes with the name.
fn agrees(file_type: FileType, bytes: &[u8]) -> Result<(), Refusal> {
    let found = infer::get(bytes).map(|found| found.mime_type());
    let fits = match file_type {
        FileType::Pdf | FileType::Png | FileType::Jpeg => found == Some(file_type.media_type()),
        // Only the parts inside tell Word from Excel for certain; `office` looks at them.
        FileType::Docx | FileType::Xlsx => bytes.starts_with(b"PK\x03\x04"),
        // Two letters at the start of a text may be those of a program: `text` reads on.
        FileType::Txt | FileType::Csv => !matches!(
            found,
            Some(
                "text/html"
                    | "text/xml"
                    | "text/x-shellscript"
                    | "application/pdf"
                    | "application/rtf"
                    | "application/postscript"
            )
        ),
    };
    if fits { Ok(()) } else { Err(Refusal::LooksLike(file_type, found.map_or("not", said))) }
}

/// A media type as a person calls it.
fn said(media_type: &str) -> &'static str {
    match media_type {
        "application/pdf" => "a PDF",
        "image/png" => "a PNG picture",
        "image/jpeg" => "a JPEG picture",
        "text/html" => "a web page",
        "text/xml" => "an XML file",
        "text/x-shellscript" => "a script",
        "application/rtf" | "text/rtf" => "a rich text file",
        "application/postscript" => "a PostScript program",
        "application/zip" => "a ZIP archive",
        other if other.starts_with("application/vnd.openxml") => "an Office file",
        other if other.contains("executable") || other.contains("msdownload") || other.contains("mach") => "a program",
        other if other.starts_with("image/") => "a picture of another type",
        other if other.starts_with("video/") => "a film",
        other if other.starts_with("audio/") => "a recording",
        _ => "something else",
    }
}
