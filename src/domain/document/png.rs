//! A PNG, chunk by chunk (W3C PNG, third edition, section 5).

use super::{FileType, Refusal};

/// The most dots of a picture: a decoder needs four bytes or more for each.
pub const MOST_PIXELS: u64 = 100_000_000;

/// Walks every chunk with its checksum, from the header to the end, behind which nothing may
/// stand. Gives whether the camera's details are in it.
pub fn check(bytes: &[u8]) -> Result<bool, Refusal> {
    let broken = |how| Refusal::Broken(FileType::Png, how);
    let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n").ok_or(broken("it does not begin as one"))?;
    let (mut first, mut data, mut camera) = (true, false, false);
    loop {
        let (kind, body, behind) = chunk(rest).ok_or(broken("it stops in the middle, or a part of it is damaged"))?;
        rest = behind;
        match kind {
            b"IHDR" if first => header(body)?,
            _ if first => return Err(broken("its header is missing")),
            b"IHDR" => return Err(broken("it has two headers")),
            b"IDAT" => data = true,
            b"eXIf" => camera = true,
            b"IEND" if !data => return Err(broken("there is no picture in it")),
            b"IEND" if !rest.is_empty() => return Err(Refusal::Trailing(FileType::Png)),
            b"IEND" => return Ok(camera),
            _ => {}
        }
        first = false;
    }
}

/// The next chunk's kind and body, and what is behind it; `None` when it is cut or damaged.
fn chunk(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let length = usize::try_from(u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?)).ok()?;
    let end = length.checked_add(8)?;
    let (kind, body) = (bytes.get(4..8)?, bytes.get(8..end)?);
    let sum = u32::from_be_bytes(bytes.get(end..end + 4)?.try_into().ok()?);
    let sound = kind.iter().all(u8::is_ascii_alphabetic) && crc32(&bytes[4..end]) == sum;
    sound.then(|| (kind, body, &bytes[end + 4..]))
}

fn header(body: &[u8]) -> Result<(), Refusal> {
    let broken = Refusal::Broken(FileType::Png, "its header makes no sense");
    let &[a, b, c, d, e, f, g, h, depth, colour, compression, filter, interlace] = body else { return Err(broken) };
    let (width, height) = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
    let known = matches!(depth, 1 | 2 | 4 | 8 | 16)
        && matches!(colour, 0 | 2 | 3 | 4 | 6)
        && (compression, filter) == (0, 0)
        && interlace <= 1;
    if !known {
        return Err(broken);
    }
    fits(FileType::Png, width, height)
}

/// Whether a picture of this size is one, and not too large to show.
pub fn fits(file_type: FileType, width: u32, height: u32) -> Result<(), Refusal> {
    if width == 0 || height == 0 {
        return Err(Refusal::Broken(file_type, "it has no size"));
    }
    if u64::from(width) * u64::from(height) > MOST_PIXELS { Err(Refusal::TooManyPixels) } else { Ok(()) }
}

/// CRC-32 as PNG and ZIP have it, from a table made once while compiling.
fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0_u32; 256];
        let mut at = 0;
        while at < 256 {
            let (mut sum, mut bit) = (at as u32, 0);
            while bit < 8 {
                sum = if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 };
                bit += 1;
            }
            table[at] = sum;
            at += 1;
        }
        table
    };
    !bytes.iter().fold(u32::MAX, |sum, byte| TABLE[usize::from((sum as u8) ^ byte)] ^ (sum >> 8))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_checksum_is_the_known_one() {
        assert_eq!(super::crc32(b"123456789"), 0xcbf4_3926);
    }
}
