//! Pieces on pages: what belongs together stays together, no heading and no head of a table
//! is left alone at a page's foot, and a table that goes on begins with its head again.

use super::atoms::{Atom, DEPTH, Flow};

/// A piece on its page.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'a> {
    pub atom: &'a Atom,
    /// Points from the top margin to the piece's own top.
    pub y: f32,
    /// The space above it, where there is some.
    pub above: f32,
    /// A head that was drawn before: no news to a screen reader.
    pub again: bool,
}

pub type Page<'a> = Vec<Placed<'a>>;

/// Rounding adds up.
const HAIR: f32 = 0.01;

struct Desk<'a> {
    flow: &'a Flow,
    pages: Vec<Page<'a>>,
    y: f32,
}

/// Puts all pieces on pages; there is always one page.
pub fn paginate(flow: &Flow) -> Vec<Page<'_>> {
    let mut desk = Desk { flow, pages: vec![Vec::new()], y: 0.0 };
    let mut rest = flow.atoms.as_slice();
    while !rest.is_empty() {
        let length = rest.iter().position(|piece| !piece.keep).map_or(rest.len(), |last| last + 1);
        let (chunk, after) = rest.split_at(length);
        desk.put(chunk);
        rest = after;
    }
    desk.pages
}

impl<'a> Desk<'a> {
    fn put(&mut self, chunk: &'a [Atom]) {
        if !self.fits(chunk, self.y) {
            let alone = self.head_height(chunk);
            if self.y > 0.0 && self.fits(chunk, alone) {
                self.turn(chunk);
            }
        }
        for (at, piece) in chunk.iter().enumerate() {
            if self.y > 0.0 && !self.fits(std::slice::from_ref(piece), self.y) {
                self.turn(&chunk[at..]);
            }
            self.place(piece, false);
        }
    }

    fn fits(&self, chunk: &[Atom], from: f32) -> bool {
        let mut y = from;
        for piece in chunk {
            y += if y > 0.0 { piece.before } else { 0.0 } + piece.height;
        }
        y <= DEPTH + HAIR
    }

    fn head_of(&self, chunk: &[Atom]) -> &'a [Atom] {
        let head = chunk.first().and_then(|piece| piece.head).and_then(|at| self.flow.heads.get(at));
        head.map_or(&[], Vec::as_slice)
    }

    fn head_height(&self, chunk: &[Atom]) -> f32 {
        self.head_of(chunk).iter().map(|piece| piece.height).sum()
    }

    /// A new page; in a table it begins with the head.
    fn turn(&mut self, chunk: &[Atom]) {
        let head = self.head_of(chunk);
        self.pages.push(Vec::new());
        self.y = 0.0;
        head.iter().for_each(|piece| self.place(piece, true));
    }

    fn place(&mut self, atom: &'a Atom, again: bool) {
        let above = if self.y > 0.0 { atom.before } else { 0.0 };
        let placed = Placed { atom, y: self.y + above, above, again };
        self.y = placed.y + atom.height;
        if let Some(page) = self.pages.last_mut() {
            page.push(placed);
        }
    }
}
