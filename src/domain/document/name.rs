//! A file's name as it came: shown and offered again, never used as a path.

use super::{FileType, Refusal};

/// The longest name, in characters.
const LONGEST: usize = 200;

/// Endings of programs and of what runs like one. `com` is not among them where it stands
/// before the ending: offices name files after web addresses.
const RUNS: &[&str] = &[
    "app", "bat", "bin", "cmd", "cpl", "dll", "dmg", "docm", "dotm", "exe", "gadget", "hta", "htm", "html", "inf",
    "iso", "jar", "jnlp", "js", "jse", "lnk", "mht", "mhtml", "msc", "msi", "msp", "php", "pif", "ps1", "reg", "scf",
    "scr", "sh", "shtml", "svg", "swf", "url", "vb", "vbe", "vbs", "wsf", "wsh", "xhtml", "xlam", "xlsm", "xltm",
    "zip",
];

/// Names that Windows keeps for devices, whatever their ending.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Reads the type off a name, or says what is wrong with the name.
///
/// # Errors
/// A path, characters that cannot be seen or that turn the writing round, a device's name, a
/// second ending of a program, or an ending that is not taken.
pub fn check(name: &str) -> Result<FileType, Refusal> {
    if name.is_empty() {
        return Err(Refusal::NoFile);
    }
    if name.chars().count() > LONGEST {
        return Err(Refusal::NameTooLong);
    }
    if name.chars().any(is_invisible) {
        return Err(Refusal::NameInvisible);
    }
    if name.contains(['/', '\\', ':']) || name == ".." {
        return Err(Refusal::NamePath);
    }
    if name.starts_with(['.', ' ']) || name.ends_with(['.', ' ']) {
        return Err(Refusal::NameOdd);
    }
    let lower = name.to_lowercase();
    let mut pieces = lower.split('.');
    let stem = pieces.next().unwrap_or_default().trim_end();
    if is_device(stem) {
        return Err(Refusal::NameReserved);
    }
    let mut endings: Vec<&str> = pieces.collect();
    let ending = endings.pop().unwrap_or_default();
    let found = FileType::ALL.iter().copied().find(|kind| kind.endings().contains(&ending));
    let Some(found) = found else { return Err(Refusal::TypeNotTaken(shown(ending))) };
    match endings.iter().find(|one| RUNS.contains(&one.trim())) {
        Some(hidden) => Err(Refusal::NameHidesAnother(shown(hidden))),
        None => Ok(found),
    }
}

/// A name as far as a line of the history or the log shows it: nothing in it can end the line
/// or turn it round.
pub fn tame(name: &str) -> String {
    name.chars().filter(|c| !is_invisible(*c)).take(120).collect()
}

fn shown(ending: &str) -> String {
    tame(ending).chars().take(20).collect()
}

/// Control characters, those that turn the direction of writing, and those without width.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn is_device(stem: &str) -> bool {
    let numbered = |port: &str| {
        stem.strip_prefix(port).is_some_and(|number| {
            matches!(number, "¹" | "²" | "³") || number.len() == 1 && number.chars().all(|c| c.is_ascii_digit())
        })
    };
    DEVICES.contains(&stem) || numbered("com") || numbered("lpt")
}

/// The header that offers a file under its name (RFC 6266): an ASCII name for old programs,
/// and the true one in UTF-8 (RFC 5987). No byte of it can end the header or its quotes.
pub fn disposition(name: &str) -> String {
    let ascii: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || " .-_()".contains(c) { c } else { '_' }).collect();
    let mut utf8 = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            utf8.push(char::from(byte));
        } else {
            utf8.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{utf8}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ordinary_names_are_taken_in_any_language() {
        for (name, expected) in [
            ("Agreement 2026.pdf", FileType::Pdf),
            ("Vertrag für Praxis (unterschrieben).PDF", FileType::Pdf),
            ("northgate.com.pdf", FileType::Pdf),
            ("契約書 v1.2.docx", FileType::Docx),
            ("scan.JPEG", FileType::Jpeg),
            ("contract.docx.pdf", FileType::Pdf),
            ("common.txt", FileType::Txt),
            ("Is this signed?.csv", FileType::Csv),
        ] {
            assert_eq!(check(name), Ok(expected), "{name}");
        }
    }

    #[test]
    fn a_header_offers_the_name_and_nothing_else() {
        assert_eq!(
            disposition("Zürich \"a\".pdf"),
            "attachment; filename=\"Z_rich _a_.pdf\"; filename*=UTF-8''Z%C3%BCrich%20%22a%22.pdf"
        );
    }

    proptest! {
        #[test]
        fn no_name_breaks_out_of_the_header(name in "\\PC*|.*") {
            let header = disposition(&name);
            prop_assert!(header.is_ascii() && !header.contains(['\r', '\n', '\0', '\\']));
            prop_assert_eq!(header.matches('"').count(), 2);
        }

        #[test]
        fn any_name_that_is_taken_stays_in_its_folder(name in ".{0,40}(\\.\\./|\\\\|:|/)?.{0,20}\\.pdf") {
            if check(&name).is_ok() {
                prop_assert!(!name.contains(['/', '\\', ':', '\0']) && !name.chars().any(char::is_control));
            }
        }
    }
}
