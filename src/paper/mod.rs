//! Documents on paper: typed blocks go in, the bytes of a PDF come out. Pure: no clock, no
//! database, no fonts of the machine; the same document gives the same bytes. What comes out
//! is PDF/A-2a and PDF/UA-1 (ISO 19005-2, ISO 14289-1), on US Letter.

mod atoms;
mod blocks;
mod draw;
mod faces;
mod lines;
mod pages;
mod rows;
mod words;

use chrono::{DateTime, Utc};

use self::atoms::Flow;

/// A document. All of its words may be hostile: of any script, any length, with anything in them.
#[derive(Clone, Debug, Default)]
pub struct Paper {
    /// A word or two above the title.
    pub caption: String,
    pub title: String,
    /// At the head of every page but the first, beside the title.
    pub running: String,
    /// At the foot of every page: a reference, a digest.
    pub mark: String,
    /// The moment the document is of. It is kept in the file.
    pub dated: DateTime<Utc>,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Debug)]
pub enum Block {
    /// Stays with what follows it.
    Heading(Level, String),
    Text(Text),
    Bullets(Vec<Text>),
    /// To tick by hand.
    Boxes(Vec<String>),
    /// Lines to write on, each with what is wanted there.
    Blanks(Vec<String>),
    /// Names and what belongs to them.
    Facts(Vec<(String, Vec<Text>)>),
    /// Set apart by a bar at its side.
    Panel(Vec<Block>),
    Items(Vec<Item>),
    Table(Table),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Section,
    Topic,
}

/// One of several, with its number in the margin. Kept on one page where it fits.
#[derive(Clone, Debug)]
pub struct Item {
    pub label: String,
    pub blocks: Vec<Block>,
}

/// The head is repeated on every page.
#[derive(Clone, Debug)]
pub struct Table {
    pub head: Vec<String>,
    /// How the width is shared, a part a column.
    pub shares: Vec<u16>,
    /// Rows of cells; the first cell is the head of its row.
    pub rows: Vec<Vec<Vec<Text>>>,
}

/// A paragraph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pub size: Size,
    pub spans: Vec<(Look, String)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    #[default]
    Body,
    /// Smaller and paler.
    Small,
    Lead,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Plain,
    Bold,
    Italic,
}

impl Text {
    pub fn plain(text: impl Into<String>) -> Self {
        Self { size: Size::Body, spans: vec![(Look::Plain, text.into())] }
    }

    pub fn bold(text: impl Into<String>) -> Self {
        Self { size: Size::Body, spans: vec![(Look::Bold, text.into())] }
    }

    pub fn small(text: impl Into<String>) -> Self {
        Self { size: Size::Small, spans: vec![(Look::Plain, text.into())] }
    }

    pub fn lead(text: impl Into<String>) -> Self {
        Self { size: Size::Lead, spans: vec![(Look::Plain, text.into())] }
    }

    /// The paragraph with more words at its end.
    #[must_use]
    pub fn and(mut self, look: Look, text: impl Into<String>) -> Self {
        self.spans.push((look, text.into()));
        self
    }
}

/// Why there is no PDF. No text makes it fail: this is a fault of the program.
#[derive(Debug, thiserror::Error)]
#[error("no PDF: {0}")]
pub struct PaperError(String);

/// Makes the PDF.
///
/// # Errors
/// A fault of the program.
pub fn pdf(paper: &Paper) -> Result<Vec<u8>, PaperError> {
    let mut flow = Flow::default();
    blocks::whole(&mut flow, paper);
    let pages = pages::paginate(&flow);
    draw::draw(paper, &flow, &pages)
}

#[cfg(test)]
mod tests;
