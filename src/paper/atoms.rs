//! What a document is laid out as before it has pages: pieces that are never torn apart, from
//! top to bottom, and beside them the tree that says what each is for a screen reader.

use super::lines::Line;

/// Points; US Letter.
pub const PAGE: (f32, f32) = (612.0, 792.0);
/// Left, top, right, bottom.
pub const MARGINS: [f32; 4] = [66.0, 62.0, 66.0, 66.0];
/// How wide the lines are.
pub const MEASURE: f32 = PAGE.0 - MARGINS[0] - MARGINS[2];
/// How high what stands on one page may be.
pub const DEPTH: f32 = PAGE.1 - MARGINS[1] - MARGINS[3];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Ink,
    Muted,
    Brand,
    /// Lines between things.
    Rule,
    /// Behind a table's head.
    Shade,
}

/// What is drawn; `y` counts down from the piece's top, `x` from the left margin, in points.
#[derive(Clone, Debug)]
pub enum Mark {
    Words {
        line: Line,
        x: f32,
        base: f32,
        tone: Tone,
        node: Node,
    },
    Rule {
        x: f32,
        y: f32,
        width: f32,
        thick: f32,
        tone: Tone,
    },
    /// An empty box to tick.
    Box {
        x: f32,
        y: f32,
        side: f32,
    },
    /// A filled area.
    Area {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        tone: Tone,
    },
}

/// A piece.
#[derive(Clone, Debug, Default)]
pub struct Atom {
    pub height: f32,
    /// Space above, left out at the top of a page.
    pub before: f32,
    /// Stays with the next piece.
    pub keep: bool,
    /// The head that is repeated when a page begins here.
    pub head: Option<usize>,
    /// Beside all of it, and beside the space above where that is drawn: x of the bar.
    pub bars: Vec<f32>,
    /// The last of the bars begins here.
    pub opens_bar: bool,
    pub marks: Vec<Mark>,
}

/// A place in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node(pub usize);

/// What a place in the tree is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    Document,
    /// From 1.
    Heading(u16, String),
    Paragraph,
    List {
        numbered: bool,
    },
    ListItem,
    Label,
    Body,
    Table,
    TableHead,
    TableBody,
    Row,
    ColumnHead,
    RowHead,
    Cell,
    Panel,
}

/// The pieces and the tree. The first place of the tree is the document.
#[derive(Debug)]
pub struct Flow {
    pub atoms: Vec<Atom>,
    pub roles: Vec<(Role, Node)>,
    /// Heads of tables, to be drawn again.
    pub heads: Vec<Vec<Atom>>,
    /// Space owed to the next piece.
    gap: f32,
    pub bars: Vec<f32>,
}

impl Default for Flow {
    fn default() -> Self {
        let roles = vec![(Role::Document, Node(0))];
        Self { atoms: Vec::new(), roles, heads: Vec::new(), gap: 0.0, bars: Vec::new() }
    }
}

impl Flow {
    pub const DOCUMENT: Node = Node(0);

    pub fn node(&mut self, parent: Node, role: Role) -> Node {
        self.roles.push((role, parent));
        Node(self.roles.len() - 1)
    }

    /// Owes at least this much space to the next piece.
    pub fn gap(&mut self, space: f32) {
        self.gap = self.gap.max(space);
    }

    pub fn push(&mut self, mut atom: Atom) {
        atom.before = atom.before.max(std::mem::take(&mut self.gap));
        atom.bars.clone_from(&self.bars);
        self.atoms.push(atom);
    }

    /// Keeps the pieces from `first` on together, but not with what follows them, if they are
    /// no higher than `most`.
    pub fn keep_from(&mut self, first: usize, most: f32) {
        let pieces = &mut self.atoms[first..];
        let height: f32 = pieces.iter().map(|piece| piece.before + piece.height).sum();
        if height <= most
            && let Some((_, others)) = pieces.split_last_mut()
        {
            others.iter_mut().for_each(|piece| piece.keep = true);
        }
    }
}
