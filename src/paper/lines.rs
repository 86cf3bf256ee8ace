//! Paragraphs as lines: broken where Unicode allows it (UAX #14), inside a word where it is
//! wider than the line, and put in the order in which they are seen (UAX #9).

use std::ops::Range;

use unicode_bidi::{Level, ParagraphBidiInfo};
use unicode_linebreak::linebreaks;

use super::faces::{self, Face, Glyph};
use super::{Look, words};

/// A line as it is drawn.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pub text: String,
    pub runs: Vec<Run>,
    /// Points, without the space at its end.
    pub width: f32,
    /// Points.
    pub size: f32,
}

/// Glyphs of one face.
#[derive(Clone, Debug)]
pub struct Run {
    pub face: Face,
    pub glyphs: Vec<Glyph>,
    /// Points from the line's left.
    pub x: f32,
}

/// Lets a line that comes out a hair wider than it was measured be as it is.
const HAIR: f32 = 0.01;

/// Sets a paragraph in lines of `width` points. There is always one, if an empty one.
pub fn set(spans: &[(Look, String)], size: f32, width: f32) -> Vec<Line> {
    let mut lines = Vec::new();
    for hard in hard_lines(spans) {
        hard.set(size, width, &mut lines);
    }
    lines
}

/// One line of at most `width` points: what is too long ends with an ellipsis.
pub fn fit(look: Look, text: &str, size: f32, width: f32) -> Line {
    let text = words::one_line(text);
    let set_one = |text: String| Hard { looks: vec![(text.len(), look)], text }.one(size);
    let whole = set_one(text.chars().take(400).collect());
    if whole.width <= width && whole.text.len() == text.len() {
        return whole;
    }
    let mut kept: Vec<char> = whole.text.chars().collect();
    while kept.pop().is_some() {
        let line = set_one(format!("{}…", kept.iter().collect::<String>().trim_end()));
        if line.width <= width {
            return line;
        }
    }
    Line { size, ..Line::default() }
}

/// A text without a line break, and up to which byte it looks how.
struct Hard {
    text: String,
    looks: Vec<(usize, Look)>,
}

fn hard_lines(spans: &[(Look, String)]) -> Vec<Hard> {
    let mut lines = vec![Hard { text: String::new(), looks: Vec::new() }];
    for (look, text) in spans {
        for (at, part) in words::clean(text).split('\n').enumerate() {
            if at > 0 {
                lines.push(Hard { text: String::new(), looks: Vec::new() });
            }
            let Some(line) = lines.last_mut() else { continue };
            line.text.push_str(part);
            line.looks.push((line.text.len(), *look));
        }
    }
    lines
}

impl Hard {
    fn set(&self, size: f32, width: f32, lines: &mut Vec<Line>) {
        let bidi = ParagraphBidiInfo::new(&self.text, Some(Level::ltr()));
        let wide = self.widths(&bidi, size);
        let mut ends: Vec<usize> = linebreaks(&self.text).map(|(at, _)| at).collect();
        if ends.last() != Some(&self.text.len()) {
            ends.push(self.text.len());
        }
        let mut start = 0;
        let mut from = 0;
        for end in ends {
            let seen = start..start + self.text[start..end].trim_end_matches(' ').len();
            if sum(&wide, seen) > width && from > start {
                lines.push(self.line(&bidi, start..from, size, width));
                start = from;
            }
            // A word of its own that is too wide is broken where it must be.
            while sum(&wide, start..end) > width {
                let cut = self.cut(&wide, start..end, width);
                if cut >= end || self.text[cut..end].trim().is_empty() {
                    break;
                }
                lines.push(self.line(&bidi, start..cut, size, width));
                start = cut;
            }
            from = end;
        }
        lines.push(self.line(&bidi, start..self.text.len(), size, width));
    }

    /// The text in one line, however wide.
    fn one(&self, size: f32) -> Line {
        let bidi = ParagraphBidiInfo::new(&self.text, Some(Level::ltr()));
        self.line(&bidi, 0..self.text.len(), size, f32::INFINITY)
    }

    /// How far a part of a word fits; one cluster at the least.
    fn cut(&self, wide: &[f32], part: Range<usize>, width: f32) -> usize {
        let mut x = 0.0;
        for at in part.clone() {
            x += wide[at];
            if x > width && at > part.start && wide[at] > 0.0 {
                return at;
            }
        }
        part.end
    }

    /// How wide each byte's cluster is, at its first byte, in points.
    fn widths(&self, bidi: &ParagraphBidiInfo<'_>, size: f32) -> Vec<f32> {
        let mut wide = vec![0.0; self.text.len()];
        let whole = 0..self.text.len();
        for (part, face, from_right) in self.parts(bidi, whole) {
            for glyph in faces::shape(&self.text, part, face, from_right) {
                wide[glyph.of.start] += glyph.advance * size;
            }
        }
        wide
    }

    /// Parts of one face and direction, from left to right as they are seen.
    fn parts(&self, bidi: &ParagraphBidiInfo<'_>, range: Range<usize>) -> Vec<(Range<usize>, Face, bool)> {
        if range.is_empty() {
            return Vec::new();
        }
        let (levels, runs) = bidi.visual_runs(range);
        let mut parts = Vec::new();
        for run in runs {
            let from_right = levels.get(run.start).is_some_and(Level::is_rtl);
            let mut of_run =
                self.of_one_face(run).into_iter().map(|(part, face)| (part, face, from_right)).collect::<Vec<_>>();
            if from_right {
                of_run.reverse();
            }
            parts.extend(of_run);
        }
        parts
    }

    fn of_one_face(&self, range: Range<usize>) -> Vec<(Range<usize>, Face)> {
        let mut parts: Vec<(Range<usize>, Face)> = Vec::new();
        for (at, letter) in self.text[range.clone()].char_indices() {
            let at = range.start + at;
            let before = parts.last().map(|(_, face)| *face);
            let face = faces::choose(self.look(at), letter, before);
            match parts.last_mut() {
                Some((part, same)) if *same == face => part.end = at + letter.len_utf8(),
                _ => parts.push((at..at + letter.len_utf8(), face)),
            }
        }
        parts
    }

    fn look(&self, at: usize) -> Look {
        let past = self.looks.partition_point(|(end, _)| *end <= at);
        self.looks.get(past).map_or(Look::Plain, |(_, look)| *look)
    }

    fn line(&self, bidi: &ParagraphBidiInfo<'_>, range: Range<usize>, size: f32, width: f32) -> Line {
        let text = self.text[range.clone()].to_owned();
        let seen = range.start + text.trim_end_matches(' ').len();
        let (mut x, mut blank, mut runs) = (0.0, 0.0, Vec::new());
        for (part, face, from_right) in self.parts(bidi, range.clone()) {
            let mut glyphs = faces::shape(&self.text, part, face, from_right);
            let mut wide = 0.0;
            for glyph in &mut glyphs {
                wide += glyph.advance;
                if glyph.of.start >= seen {
                    blank += glyph.advance;
                }
                glyph.of = glyph.of.start - range.start..glyph.of.end - range.start;
            }
            runs.push(Run { face, glyphs, x });
            x += wide;
        }
        // Letters change with their neighbours: should a line come out too wide, it is set smaller.
        let wide = (x - blank) * size;
        let size = if wide > width + HAIR { size * width / wide } else { size };
        runs.iter_mut().for_each(|run| run.x *= size);
        Line { text, runs, width: (x - blank) * size, size }
    }
}

fn sum(wide: &[f32], range: Range<usize>) -> f32 {
    wide[range].iter().sum()
}
