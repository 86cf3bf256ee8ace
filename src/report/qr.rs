//! A QR code as one path: drawn as SVG in the page, without an image or a style.

use fast_qr::ECL;
use fast_qr::qr::QRBuilder;
use serde::Serialize;

/// A drawn code: a square of `side` units, with a quiet margin of 4 on each side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Qr {
    pub side: usize,
    /// The dark squares, as the `d` of an SVG path.
    pub path: String,
}

const MARGIN: usize = 4;

/// Draws a text; `None` when it is longer than a code can hold.
pub fn draw(text: &str) -> Option<Qr> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let mut path = String::new();
    for row in 0..code.size {
        let cells = &code[row];
        let mut column = 0;
        while column < code.size {
            let run = cells[column..].iter().take_while(|cell| cell.value()).count();
            if run > 0 {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", column + MARGIN, row + MARGIN));
            }
            column += run.max(1);
        }
    }
    Some(Qr { side: code.size + 2 * MARGIN, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_path_of_squares_within_its_margin() {
        let qr =
            draw("otpauth://totp/duecare:dana%40maple.test?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=duecare")
                .unwrap();
        // The finder pattern in the corner: seven dark squares in a row.
        assert!(qr.path.starts_with("M4 4h7v1h-7z"), "{}", &qr.path[..40]);
        assert!(qr.side >= 33 && qr.side % 2 == 1);
        assert!(qr.path.chars().all(|c| c.is_ascii_digit() || "Mhvz -".contains(c)));
        assert_eq!(draw(&"x".repeat(5000)), None);
    }
}
