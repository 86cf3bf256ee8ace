//! Files as they come: small true ones of every type, and the parts that hostile ones are
//! made of.

use std::io::Write;

use flate2::write::{DeflateEncoder, ZlibEncoder};
use flate2::{Compression, Crc};

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// A PDF of one page.
pub fn pdf() -> Vec<u8> {
    let mut text = "%PDF-1.7\n%\u{e2}\u{e3}\n".to_owned();
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>",
    ];
    let mut table = "xref\n0 4\n0000000000 65535 f \n".to_owned();
    for (at, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", text.len()));
        text.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let start = text.len();
    format!("{text}{table}trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\r\n").into_bytes()
}

pub fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let named = [kind.as_slice(), body].concat();
    [&u32::try_from(body.len()).unwrap().to_be_bytes(), named.as_slice(), &crc(&named).to_be_bytes()].concat()
}

pub fn png_header(width: u32, height: u32) -> Vec<u8> {
    chunk(b"IHDR", &[&width.to_be_bytes(), &height.to_be_bytes(), [8, 0, 0, 0, 0].as_slice()].concat())
}

pub fn png_of(chunks: &[Vec<u8>]) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunks.concat()].concat()
}

fn pixels() -> Vec<u8> {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(&[0, 0x80]).unwrap();
    chunk(b"IDAT", &zlib.finish().unwrap())
}

/// A PNG of one grey dot.
pub fn png() -> Vec<u8> {
    png_of(&[png_header(1, 1), pixels(), chunk(b"IEND", b"")])
}

/// The parts of a JPEG of one grey dot: start and tables, frame, scan, end.
fn jpeg_parts(width: u16, height: u16) -> [Vec<u8>; 4] {
    let mut tables = vec![0xff, 0xd8, 0xff, 0xe0, 0, 16];
    tables.extend_from_slice(b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    tables.extend_from_slice(&[0xff, 0xdb, 0, 67, 0]);
    tables.extend_from_slice(&[1; 64]);
    let mut frame = vec![0xff, 0xc0, 0, 11, 8];
    frame.extend_from_slice(&height.to_be_bytes());
    frame.extend_from_slice(&width.to_be_bytes());
    frame.extend_from_slice(&[1, 1, 0x11, 0]);
    for class in [0x00, 0x10] {
        frame.extend_from_slice(&[0xff, 0xc4, 0, 20, class, 1]);
        frame.extend_from_slice(&[0; 15]);
        frame.push(0);
    }
    [tables, frame, vec![0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x3f], vec![0xff, 0xd9]]
}

pub fn jpeg_sized(width: u16, height: u16) -> Vec<u8> {
    jpeg_parts(width, height).concat()
}

pub fn jpeg() -> Vec<u8> {
    jpeg_sized(1, 1)
}

pub fn jpeg_without_scan() -> Vec<u8> {
    let [tables, frame, _, end] = jpeg_parts(1, 1);
    [tables, frame, end].concat()
}

/// A JPEG as a telephone writes it: the camera's details, and a second picture behind.
pub fn jpeg_of_a_telephone() -> Vec<u8> {
    let plain = jpeg();
    let exif = [&[0xff, 0xe1, 0, 14][..], b"Exif\0\0MM\0*\0\0"].concat();
    [&plain[..2], &exif, &plain[2..], &plain].concat()
}

/// A part of an archive, with whatever its header claims.
#[derive(Clone)]
pub struct Part {
    pub name: Vec<u8>,
    pub data: Vec<u8>,
    pub packed: bool,
    pub method: Option<u16>,
    pub flags: u16,
    pub attributes: u32,
    /// What the headers say of its size.
    pub claims: Option<u32>,
    pub listed: bool,
}

pub fn part(name: &str, data: impl AsRef<[u8]>) -> Part {
    Part {
        name: name.as_bytes().to_vec(),
        data: data.as_ref().to_vec(),
        packed: true,
        method: None,
        flags: 0,
        attributes: 0,
        claims: None,
        listed: true,
    }
}

/// Writes an archive by hand, so that it may lie (APPNOTE.TXT 6.3, sections 4.3.7 to 4.3.16).
pub fn archive(parts: &[Part]) -> Vec<u8> {
    let (mut file, mut directory, mut listed) = (Vec::new(), Vec::new(), 0_u16);
    for part in parts {
        let body = match part.packed {
            true => {
                let mut deflate = DeflateEncoder::new(Vec::new(), Compression::default());
                deflate.write_all(&part.data).unwrap();
                deflate.finish().unwrap()
            }
            false => part.data.clone(),
        };
        let method = part.method.unwrap_or(if part.packed { 8 } else { 0 });
        let offset = u32::try_from(file.len()).unwrap();
        let size = part.claims.unwrap_or(u32::try_from(part.data.len()).unwrap());
        let mut common = Vec::new();
        for number in [20_u16, part.flags, method, 0, 0x21] {
            common.extend_from_slice(&number.to_le_bytes());
        }
        for number in [crc(&part.data), u32::try_from(body.len()).unwrap(), size] {
            common.extend_from_slice(&number.to_le_bytes());
        }
        common.extend_from_slice(&u16::try_from(part.name.len()).unwrap().to_le_bytes());
        common.extend_from_slice(&[0, 0]);
        file.extend_from_slice(b"PK\x03\x04");
        file.extend_from_slice(&common);
        file.extend_from_slice(&part.name);
        file.extend_from_slice(&body);
        if part.listed {
            listed += 1;
            directory.extend_from_slice(b"PK\x01\x02\x14\x03");
            directory.extend_from_slice(&common);
            directory.extend_from_slice(&[0; 6]);
            directory.extend_from_slice(&part.attributes.to_le_bytes());
            directory.extend_from_slice(&offset.to_le_bytes());
            directory.extend_from_slice(&part.name);
        }
    }
    let start = u32::try_from(file.len()).unwrap();
    file.extend_from_slice(&directory);
    file.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    file.extend_from_slice(&[listed.to_le_bytes(), listed.to_le_bytes()].concat());
    file.extend_from_slice(&u32::try_from(directory.len()).unwrap().to_le_bytes());
    file.extend_from_slice(&start.to_le_bytes());
    file.extend_from_slice(&[0, 0]);
    file
}

pub const WORD: &str = "wordprocessingml.document.main+xml";
pub const EXCEL: &str = "spreadsheetml.sheet.main+xml";
pub const POWERPOINT: &str = "presentationml.presentation.main+xml";

pub fn types(main: &str) -> Part {
    part(
        "[Content_Types].xml",
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
             <Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.{main}\"/></Types>"
        ),
    )
}

pub fn link(kind: &str, target: &str, mode: &str) -> Part {
    part(
        "word/_rels/settings.xml.rels",
        format!(
            "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
             <Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\" TargetMode=\"{mode}\"/></Relationships>"
        ),
    )
}

/// The parts of a Word document with these besides.
pub fn docx_with(more: &[Part]) -> Vec<u8> {
    let body = "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>Agreed.</w:t></w:r></w:p></w:body></w:document>";
    let mut parts = vec![types(WORD), part("word/document.xml", body)];
    parts.extend_from_slice(more);
    archive(&parts)
}

/// A Word document as a program writes it.
pub fn docx() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for part in [
        types(WORD),
        part("word/document.xml", "<w:document/>"),
        link("hyperlink", "https://a.test/?b=1&amp;c=2", "External"),
    ] {
        zip.start_file(String::from_utf8(part.name).unwrap(), options).unwrap();
        zip.write_all(&part.data).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// An Excel workbook as a program writes it.
pub fn xlsx() -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for row in 0..200 {
        sheet.write_string(row, 0, "Locked").unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

/// One of every type, with what a browser declares.
pub fn good() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    vec![
        ("Agreement 2026.pdf", "application/pdf", pdf()),
        ("screen.png", "image/png", png()),
        ("bin.jpg", "image/jpeg", jpeg()),
        ("telephone.jpeg", "image/jpeg", jpeg_of_a_telephone()),
        ("Vertrag für Maple.docx", DOCX, docx()),
        ("by hand.docx", "application/octet-stream", docx_with(&[])),
        ("Inventory.xlsx", XLSX, xlsx()),
        ("notes.txt", "text/plain", "Täglich abgeholt.\r\nSigned.".into()),
        ("windows.txt", "text/plain", b"Caf\xe9 \x93agreed\x94".to_vec()),
        ("list.csv", "application/vnd.ms-excel", "\u{feff}name;state\r\nAcme;IL\r\n".into()),
        // Two letters that begin a program, in a plain text.
        ("mz.txt", "text/plain", b"MZ Medical, second visit".to_vec()),
    ]
}
