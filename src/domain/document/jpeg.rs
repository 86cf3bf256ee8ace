//! A JPEG, segment by segment (ITU-T T.81, annex B).

use super::png::fits;
use super::{FileType, Refusal};

/// Walks the picture from its start to its end. Telephones put further pictures behind the
/// first (CIPA DC-007); each must be whole, and nothing may stand behind the last. Gives
/// whether the camera's details are in it.
pub fn check(bytes: &[u8]) -> Result<bool, Refusal> {
    let (mut rest, mut camera, mut pictures) = (bytes, false, 0);
    loop {
        let (with_details, behind) = picture(rest)?;
        camera |= with_details;
        pictures += 1;
        match behind {
            [] => return Ok(camera),
            [0xff, 0xd8, 0xff, ..] if pictures < 16 => rest = behind,
            _ => return Err(Refusal::Trailing(FileType::Jpeg)),
        }
    }
}

/// One picture: whether it has camera details, and what is behind it.
fn picture(bytes: &[u8]) -> Result<(bool, &[u8]), Refusal> {
    let broken = |how| Refusal::Broken(FileType::Jpeg, how);
    let cut = broken("it stops in the middle");
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8]).ok_or(broken("it does not begin as one"))?;
    let (mut camera, mut sized, mut scanned) = (false, false, false);
    loop {
        // Fill bytes may stand before a marker.
        while rest.starts_with(&[0xff, 0xff]) {
            rest = &rest[1..];
        }
        let &[0xff, marker, ref behind @ ..] = rest else {
            return Err(if rest.is_empty() { cut } else { broken("a part of it is damaged") });
        };
        match marker {
            0xd9 if sized && scanned => return Ok((camera, behind)),
            0xd9 => return Err(broken("there is no picture in it")),
            0x01 | 0xd0..=0xd7 => {
                rest = behind;
                continue;
            }
            0x00 | 0xd8 => return Err(broken("a part of it is damaged")),
            _ => {}
        }
        let length = behind.get(..2).map(|two| usize::from(u16::from_be_bytes([two[0], two[1]])));
        let length = length.filter(|length| *length >= 2).ok_or(cut.clone())?;
        let body = behind.get(2..length).ok_or(cut.clone())?;
        rest = &behind[length..];
        match marker {
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                size(body)?;
                sized = true;
            }
            0xe1 if body.starts_with(b"Exif\0") => camera = true,
            0xda => {
                scanned = true;
                rest = behind_scan(rest);
            }
            _ => {}
        }
    }
}

fn size(frame: &[u8]) -> Result<(), Refusal> {
    let &[_, a, b, c, d, ..] = frame else {
        return Err(Refusal::Broken(FileType::Jpeg, "its header makes no sense"));
    };
    fits(FileType::Jpeg, u16::from_be_bytes([c, d]).into(), u16::from_be_bytes([a, b]).into())
}

/// Skips the coded picture, up to the next marker that is one.
fn behind_scan(bytes: &[u8]) -> &[u8] {
    let marks = bytes.windows(2).position(|two| two[0] == 0xff && !matches!(two[1], 0x00 | 0xff | 0xd0..=0xd7));
    marks.map_or(&[], |at| &bytes[at..])
}
