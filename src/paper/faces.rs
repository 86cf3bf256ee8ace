//! The faces that documents are set in, and the letters of a text as their glyphs. Noto Sans
//! for Latin, Greek and Cyrillic; DejaVu Sans for signs and for other scripts. A letter that
//! neither has becomes a sign that says so, and stays in the text that can be copied.

use std::ops::Range;
use std::sync::LazyLock;

use harfrust::{Direction, GlyphInfo, GlyphPosition, ShapeOptions, ShaperData, UnicodeBuffer};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

use super::Look;
use super::words::UNKNOWN;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    Regular,
    Bold,
    Italic,
    Signs,
    /// Glyphs of [`Face::Signs`] in place of letters that no face has.
    Missing,
}

/// The fonts, by [`Face::at`].
pub static FILES: LazyLock<[&'static [u8]; 4]> =
    LazyLock::new(|| [notosans::REGULAR_TTF, notosans::BOLD_TTF, notosans::ITALIC_TTF, dejavu::sans::regular()]);

/// A font with what shaping looks up in it, read once.
struct Loaded {
    font: FontRef<'static>,
    shaping: ShaperData,
    /// Parts of the letter size that its measures are given in.
    em: f32,
}

static FACES: LazyLock<[Loaded; 4]> = LazyLock::new(|| {
    FILES.map(|file| {
        let font = FontRef::new(file).expect("the built-in fonts are fonts, as a test sees");
        let em = f32::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em);
        Loaded { shaping: ShaperData::new(&font), font, em }
    })
});

impl Face {
    /// Its place among the fonts.
    pub fn at(self) -> usize {
        match self {
            Face::Regular => 0,
            Face::Bold => 1,
            Face::Italic => 2,
            Face::Signs | Face::Missing => 3,
        }
    }

    fn of(look: Look) -> Self {
        match look {
            Look::Plain => Face::Regular,
            Look::Bold => Face::Bold,
            Look::Italic => Face::Italic,
        }
    }

    fn has(self, letter: char) -> bool {
        glyph_of(self, letter) != 0
    }
}

/// A glyph, in parts of the letter size.
#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    pub id: u32,
    /// The bytes of the line that it stands for.
    pub of: Range<usize>,
    pub advance: f32,
    pub right: f32,
    pub up: f32,
}

/// Which face shows a letter; an accent goes with the letter before it.
pub fn choose(look: Look, letter: char, before: Option<Face>) -> Face {
    let own = Face::of(look);
    let is_mark = matches!(letter, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}');
    match before {
        Some(face) if is_mark && face != Face::Missing && face.has(letter) => face,
        _ if own.has(letter) => own,
        _ if Face::Signs.has(letter) => Face::Signs,
        _ => Face::Missing,
    }
}

/// The glyphs of a part of a text, from left to right as they are seen.
pub fn shape(text: &str, part: Range<usize>, face: Face, from_right: bool) -> Vec<Glyph> {
    if face == Face::Missing {
        return missing(text, part, from_right);
    }
    let Loaded { font, shaping, em } = &FACES[face.at()];
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(&text[part.clone()]);
    buffer.guess_segment_properties();
    buffer.set_direction(if from_right { Direction::RightToLeft } else { Direction::LeftToRight });
    let shaped = shaping.shaper(font).build().shape(buffer, ShapeOptions::new());
    let infos = shaped.glyph_infos();
    // A cluster ends where the next one in the text begins.
    let mut starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
    starts.sort_unstable();
    starts.dedup();
    let glyph = |(info, place): (&GlyphInfo, &GlyphPosition)| {
        let start = info.cluster as usize;
        let next = starts.partition_point(|one| *one <= start);
        let end = starts.get(next).copied().unwrap_or(part.len());
        let known = info.glyph_id != 0;
        Glyph {
            id: if known { info.glyph_id } else { glyph_of(face, '?') },
            of: part.start + start..part.start + end,
            advance: place.x_advance as f32 / em,
            right: place.x_offset as f32 / em,
            up: place.y_offset as f32 / em,
        }
    };
    infos.iter().zip(shaped.glyph_positions()).map(glyph).collect()
}

fn missing(text: &str, part: Range<usize>, from_right: bool) -> Vec<Glyph> {
    let Loaded { font, em, .. } = &FACES[Face::Missing.at()];
    let id = glyph_of(Face::Missing, UNKNOWN);
    let wide = font.glyph_metrics(Size::unscaled(), LocationRef::default()).advance_width(id.into());
    let advance = wide.unwrap_or(0.0) / em;
    let glyph = |(at, letter): (usize, char)| {
        let start = part.start + at;
        Glyph { id, of: start..start + letter.len_utf8(), advance, right: 0.0, up: 0.0 }
    };
    let mut glyphs: Vec<Glyph> = text[part.clone()].char_indices().map(glyph).collect();
    if from_right {
        glyphs.reverse();
    }
    glyphs
}

fn glyph_of(face: Face, letter: char) -> u32 {
    FACES[face.at()].font.charmap().map(letter).map_or(0, |glyph| glyph.to_u32())
}
