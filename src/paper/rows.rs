//! Rows of cells: tables, whose head is repeated on every page, and facts, which have none.

use super::atoms::{Atom, DEPTH, Flow, Mark, Node, Role, Tone};
use super::blocks::{Frame, metrics, tone};
use super::lines::{self, Line};
use super::{Look, Size, Table, Text, words};

/// Between two columns.
const GUTTER: f32 = 12.0;
/// A row of more lines may be torn apart at the foot of a page.
const KEPT_LINES: usize = 14;
/// A head that would fill more of each page than this is not repeated.
const HIGHEST_HEAD: f32 = DEPTH / 3.0;

/// A line of a cell: all lines of a row are of one height.
struct Set {
    line: Line,
    base: f32,
    tone: Tone,
    node: Node,
}

/// A column: where its words stand, and how wide they may be.
#[derive(Clone, Copy)]
struct Column {
    x: f32,
    width: f32,
}

/// Space above and below a row's words, and the line under them.
struct Measure {
    leading: f32,
    above: f32,
    below: f32,
    rule: f32,
}

const ROW: Measure = Measure { leading: 13.0, above: 4.0, below: 4.5, rule: 0.5 };
const HEAD: Measure = Measure { leading: 11.5, above: 4.5, below: 4.5, rule: 0.8 };
const FACT: Measure = Measure { leading: 13.5, above: 2.0, below: 2.0, rule: 0.0 };

pub fn facts(flow: &mut Flow, all: &[(String, Vec<Text>)], frame: Frame, parent: Node) {
    let list = flow.node(parent, Role::List { numbered: false });
    // Flush with the text around them: there is no box to stand off from.
    let columns = shared(&[30, 70], Frame { x: frame.x - GUTTER / 2.0, width: frame.width + GUTTER });
    for (name, says) in all {
        let item = flow.node(list, Role::ListItem);
        let (label, body) = (flow.node(item, Role::Label), flow.node(item, Role::Body));
        let name = Text { size: Size::Small, spans: vec![(Look::Plain, name.clone())] };
        let mut names = cell(&[name], columns[0], |_| label);
        // On one line with what is said beside them.
        names.iter_mut().for_each(|set| set.base = metrics(Size::Body).1.1);
        let nodes: Vec<Node> = says.iter().map(|_| flow.node(body, Role::Paragraph)).collect();
        let said = cell(says, columns[1], |at| nodes.get(at).copied().unwrap_or(body));
        row(flow, &[names, said], &columns, frame, &FACT, None);
    }
    flow.gap(8.0);
}

pub fn table(flow: &mut Flow, table: &Table, frame: Frame, parent: Node) {
    let columns = shared(&table.shares, frame);
    let node = flow.node(parent, Role::Table);
    let head = head(flow, table, &columns, frame, node);
    let body = flow.node(node, Role::TableBody);
    for cells in &table.rows {
        let line = flow.node(body, Role::Row);
        let set: Vec<Vec<Set>> = columns
            .iter()
            .enumerate()
            .map(|(at, column)| {
                let role = if at == 0 { Role::RowHead } else { Role::Cell };
                let within = flow.node(line, role);
                cell(cells.get(at).map_or(&[], Vec::as_slice), *column, |_| within)
            })
            .collect();
        row(flow, &set, &columns, frame, &ROW, head);
    }
    flow.gap(12.0);
}

/// Draws the head, and keeps a copy of it for the pages that follow.
fn head(flow: &mut Flow, table: &Table, columns: &[Column], frame: Frame, node: Node) -> Option<usize> {
    let (group, first) = (flow.node(node, Role::TableHead), flow.atoms.len());
    let line = flow.node(group, Role::Row);
    flow.gap(4.0);
    let cells: Vec<Vec<Set>> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let within = flow.node(line, Role::ColumnHead);
            let words = table.head.get(at).map(|text| words::one_line(text)).unwrap_or_default();
            let text = Text { size: Size::Small, spans: vec![(Look::Bold, words)] };
            cell(&[text], *column, |_| within)
        })
        .collect();
    row(flow, &cells, columns, frame, &HEAD, None);
    let pieces = &mut flow.atoms[first..];
    for piece in pieces.iter_mut() {
        piece.keep = true;
        let shade = Mark::Area { x: frame.x, y: 0.0, width: frame.width, height: piece.height, tone: Tone::Shade };
        piece.marks.insert(0, shade);
    }
    let again: Vec<Atom> = pieces.iter().map(|piece| Atom { before: 0.0, ..piece.clone() }).collect();
    let height: f32 = again.iter().map(|piece| piece.height).sum();
    if height > HIGHEST_HEAD {
        return None;
    }
    flow.heads.push(again);
    Some(flow.heads.len() - 1)
}

/// Shares the width among columns; their cells have room at both sides.
fn shared(shares: &[u16], frame: Frame) -> Vec<Column> {
    let whole: f32 = shares.iter().map(|share| f32::from(*share)).sum::<f32>().max(1.0);
    let mut x = frame.x;
    let column = |share: &u16| {
        let width = frame.width * f32::from(*share) / whole;
        let here = Column { x: x + GUTTER / 2.0, width: (width - GUTTER).max(10.0) };
        x += width;
        here
    };
    shares.iter().map(column).collect()
}

/// The lines of a cell; one at the least, so that its place in the tree is there.
fn cell(texts: &[Text], column: Column, node: impl Fn(usize) -> Node) -> Vec<Set> {
    let mut all = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let (size, (_, base)) = metrics(text.size);
        let lines = lines::set(&text.spans, size, column.width);
        all.extend(lines.into_iter().map(|line| Set { line, base, tone: tone(text.size), node: node(at) }));
    }
    if all.is_empty() {
        all.push(Set { line: Line::default(), base: 0.0, tone: Tone::Ink, node: node(0) });
    }
    all
}

/// A row, line by line: short ones stay together, long ones are torn between two lines.
fn row(flow: &mut Flow, cells: &[Vec<Set>], columns: &[Column], frame: Frame, look: &Measure, head: Option<usize>) {
    let count = cells.iter().map(Vec::len).max().unwrap_or(0);
    for at in 0..count {
        let (first, last) = (at == 0, at + 1 == count);
        let above = if first { look.above } else { 0.0 };
        let height = above + look.leading + if last { look.below } else { 0.0 };
        let mut marks = Vec::new();
        for (cell, column) in cells.iter().zip(columns) {
            let Some(set) = cell.get(at) else { continue };
            let (line, node) = (set.line.clone(), set.node);
            marks.push(Mark::Words { line, x: column.x, base: above + set.base, tone: set.tone, node });
        }
        if last && look.rule > 0.0 {
            let y = height - look.rule / 2.0;
            marks.push(Mark::Rule { x: frame.x, y, width: frame.width, thick: look.rule, tone: Tone::Rule });
        }
        let keep = !last && (count <= KEPT_LINES || first || at + 2 == count);
        flow.push(Atom { height, keep, head, marks, ..Atom::default() });
    }
}
