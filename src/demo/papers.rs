//! The documents of the story: real PDFs of one page that say what they are.

use crate::domain::document::{FileType, Scan};
use crate::files;
use crate::flows::documents::Kept;

/// A PDF with a title and who it is of (ISO 32000-1, 7.5).
pub fn pdf(title: &str, of: &str) -> Vec<u8> {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| c.is_ascii() && !c.is_control() && !matches!(c, '(' | ')' | '\\')).collect()
    };
    let title = plain(title.trim_end_matches(".pdf"));
    let page = format!(
        "BT /F 24 Tf 72 700 Td ({title}) Tj /F 14 Tf 0 -36 Td ({}) Tj 0 -24 Td (Made up for a demonstration.) Tj ET",
        plain(of)
    );
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut text = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (at, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", text.len()));
        text.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let start = text.len();
    text.push_str(&table);
    text.push_str(&format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1));
    text.into_bytes()
}

/// The bytes as if they had been stored.
pub fn kept(name: &str, bytes: &[u8]) -> Kept {
    Kept {
        name: name.to_owned(),
        file_type: FileType::Pdf,
        size: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        sha256: files::digest(bytes),
        place: files::new_place(),
        scan: Scan::NotSetUp,
        camera_details: false,
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::document::inspect::inspect;

    #[test]
    fn a_paper_of_the_story_would_be_taken_as_an_upload() {
        let bytes = super::pdf("ISO (27001) \\ é.pdf", "Quill & Ear");
        assert!(inspect("ISO.pdf", Some("application/pdf"), &bytes).is_ok());
    }
}
