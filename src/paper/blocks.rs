//! Blocks as pieces: where they stand, how much room they take, and what stays together.

use super::atoms::{Atom, DEPTH, Flow, MEASURE, Mark, Node, Role, Tone};
use super::lines::{self, Line};
use super::rows;
use super::{Block, Item, Level, Look, Paper, Size, Text, words};

/// Where blocks stand: from the left margin, and how wide.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub x: f32,
    pub width: f32,
}

impl Frame {
    fn inset(self, by: f32) -> Self {
        Self { x: self.x + by, width: self.width - by }
    }
}

/// Longest title of a heading in the file's own tables.
const LONGEST_TITLE: usize = 300;
/// What is higher is torn apart at the foot of a page: a hole there looks worse.
const KEPT: f32 = DEPTH * 0.5;

/// Lays out a document.
pub fn whole(flow: &mut Flow, paper: &Paper) {
    let frame = Frame { x: 0.0, width: MEASURE };
    let caption = words::one_line(&paper.caption);
    if !caption.is_empty() {
        let node = flow.node(Flow::DOCUMENT, Role::Paragraph);
        let spans = [(Look::Bold, caption)];
        paragraph(flow, &lines::set(&spans, 8.5, frame.width), (12.0, 9.5), frame.x, Tone::Brand, node);
        keep_last(flow);
        flow.gap(2.0);
    }
    heading(flow, 1, &paper.title, frame);
    let rule = Mark::Rule { x: 0.0, y: 0.0, width: MEASURE, thick: 1.5, tone: Tone::Brand };
    flow.push(Atom { height: 2.0, before: 7.0, keep: true, marks: vec![rule], ..Atom::default() });
    flow.gap(12.0);
    blocks(flow, &paper.blocks, frame, Flow::DOCUMENT);
}

pub fn blocks(flow: &mut Flow, all: &[Block], frame: Frame, parent: Node) {
    all.iter().for_each(|one| block(flow, one, frame, parent));
}

fn block(flow: &mut Flow, block: &Block, frame: Frame, parent: Node) {
    match block {
        Block::Heading(Level::Section, text) => heading(flow, 2, text, frame),
        Block::Heading(Level::Topic, text) => heading(flow, 3, text, frame),
        Block::Text(one) => text(flow, one, frame, parent),
        Block::Bullets(all) => bullets(flow, all, frame, parent),
        Block::Boxes(all) => boxes(flow, all, frame, parent),
        Block::Blanks(all) => blanks(flow, all, frame, parent),
        Block::Facts(all) => rows::facts(flow, all, frame, parent),
        Block::Panel(inner) => panel(flow, inner, frame, parent),
        Block::Items(all) => items(flow, all, frame, parent),
        Block::Table(table) => rows::table(flow, table, frame, parent),
    }
}

/// Size, leading and where the letters stand in it, in points.
pub fn metrics(size: Size) -> (f32, (f32, f32)) {
    match size {
        Size::Body => (9.5, (13.5, 10.2)),
        Size::Small => (8.2, (11.5, 8.8)),
        Size::Lead => (11.0, (16.0, 12.0)),
    }
}

pub fn tone(size: Size) -> Tone {
    if size == Size::Small { Tone::Muted } else { Tone::Ink }
}

fn heading(flow: &mut Flow, level: u16, text: &str, frame: Frame) {
    let text = words::one_line(text);
    if text.is_empty() {
        return;
    }
    let (size, leading, before, after, tone) = match level {
        1 => (20.0, (25.0, 19.0), 0.0, 4.0, Tone::Ink),
        2 => (13.0, (17.0, 13.0), 20.0, 5.0, Tone::Brand),
        _ => (10.5, (14.0, 10.8), 12.0, 3.0, Tone::Ink),
    };
    let title = text.chars().take(LONGEST_TITLE).collect();
    let node = flow.node(Flow::DOCUMENT, Role::Heading(level, title));
    flow.gap(before);
    let first = flow.atoms.len();
    paragraph(flow, &lines::set(&[(Look::Bold, text)], size, frame.width), leading, frame.x, tone, node);
    // With what follows, unless somebody wrote a page of heading.
    if flow.atoms.len() - first <= 12 {
        flow.atoms[first..].iter_mut().for_each(|piece| piece.keep = true);
    }
    flow.gap(after);
}

fn keep_last(flow: &mut Flow) {
    if let Some(last) = flow.atoms.last_mut() {
        last.keep = true;
    }
}

/// A paragraph's lines, its first two and its last two never parted.
fn paragraph(flow: &mut Flow, lines: &[Line], (leading, base): (f32, f32), x: f32, tone: Tone, node: Node) {
    let count = lines.len();
    for (at, line) in lines.iter().enumerate() {
        let keep = at + 1 < count && (at == 0 || at + 2 == count);
        let marks = vec![Mark::Words { line: line.clone(), x, base, tone, node }];
        flow.push(Atom { height: leading, keep, marks, ..Atom::default() });
    }
}

fn text(flow: &mut Flow, text: &Text, frame: Frame, parent: Node) {
    let node = flow.node(parent, Role::Paragraph);
    plain(flow, text, frame, node);
    flow.gap(if text.size == Size::Small { 3.0 } else { 6.0 });
}

fn plain(flow: &mut Flow, text: &Text, frame: Frame, node: Node) {
    let (size, leading) = metrics(text.size);
    paragraph(flow, &lines::set(&text.spans, size, frame.width), leading, frame.x, tone(text.size), node);
}

fn bullets(flow: &mut Flow, all: &[Text], frame: Frame, parent: Node) {
    let list = flow.node(parent, Role::List { numbered: false });
    for one in all {
        let item = flow.node(list, Role::ListItem);
        let (label, body) = (flow.node(item, Role::Label), flow.node(item, Role::Body));
        let first = flow.atoms.len();
        plain(flow, one, frame.inset(13.0), body);
        let (size, (_, base)) = metrics(one.size);
        let line = lines::fit(Look::Plain, "•", size, 12.0);
        flow.atoms[first].marks.insert(0, Mark::Words { line, x: frame.x + 3.0, base, tone: Tone::Brand, node: label });
        flow.gap(2.0);
    }
    flow.gap(6.0);
}

fn boxes(flow: &mut Flow, all: &[String], frame: Frame, parent: Node) {
    let list = flow.node(parent, Role::List { numbered: false });
    for one in all {
        let item = flow.node(list, Role::ListItem);
        let body = flow.node(item, Role::Body);
        let first = flow.atoms.len();
        plain(flow, &Text::plain(one), frame.inset(18.0), body);
        flow.atoms[first].marks.push(Mark::Box { x: frame.x + 1.0, y: 2.6, side: 8.5 });
        flow.gap(2.5);
    }
    flow.gap(5.0);
}

/// A label and a line to write on; what is wanted stands before the line, or above it.
fn blanks(flow: &mut Flow, all: &[String], frame: Frame, parent: Node) {
    for one in all {
        let node = flow.node(parent, Role::Paragraph);
        let (size, leading) = metrics(Size::Small);
        let lines = lines::set(&[(Look::Plain, one.clone())], size, frame.width);
        let first = flow.atoms.len();
        paragraph(flow, &lines, leading, frame.x, Tone::Muted, node);
        let beside = match lines.as_slice() {
            [line] if line.width < frame.width * 0.4 => line.width + 6.0,
            _ => 0.0,
        };
        let rule =
            |y| Mark::Rule { x: frame.x + beside, y, width: frame.width - beside, thick: 0.6, tone: Tone::Muted };
        if beside > 0.0 {
            let piece = &mut flow.atoms[first];
            piece.before += 8.0;
            piece.marks.push(rule(leading.1 + 2.0));
        } else {
            keep_last(flow);
            flow.push(Atom { height: 20.0, marks: vec![rule(17.0)], ..Atom::default() });
        }
        flow.gap(3.0);
    }
    flow.gap(7.0);
}

fn panel(flow: &mut Flow, inner: &[Block], frame: Frame, parent: Node) {
    let node = flow.node(parent, Role::Panel);
    flow.gap(8.0);
    let first = flow.atoms.len();
    flow.bars.push(frame.x);
    blocks(flow, inner, frame.inset(13.0), node);
    flow.bars.pop();
    // The bar begins with the panel, not in the space above it.
    if let Some(piece) = flow.atoms.get_mut(first) {
        piece.opens_bar = true;
    }
    flow.keep_from(first, KEPT);
    flow.gap(10.0);
}

/// Room for a number in the margin.
const LABEL: f32 = 24.0;

fn items(flow: &mut Flow, all: &[Item], frame: Frame, parent: Node) {
    let list = flow.node(parent, Role::List { numbered: true });
    for one in all {
        let item = flow.node(list, Role::ListItem);
        let (label, body) = (flow.node(item, Role::Label), flow.node(item, Role::Body));
        let first = flow.atoms.len();
        blocks(flow, &one.blocks, frame.inset(LABEL), body);
        let line = lines::fit(Look::Bold, &one.label, 9.5, LABEL - 4.0);
        let mark = Mark::Words { line, x: frame.x, base: 10.2, tone: Tone::Brand, node: label };
        if let Some(piece) = flow.atoms.get_mut(first) {
            piece.marks.insert(0, mark);
        }
        flow.keep_from(first, KEPT);
        flow.gap(11.0);
    }
}
