//! Pages as a PDF: words with their place in the tree, everything else marked as decoration.

use std::num::NonZeroU16;

use chrono::{DateTime, Datelike, Timelike, Utc};
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, Configuration, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind,
    TagTree,
};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};

use super::atoms::{Flow, MARGINS, MEASURE, Mark, Node, PAGE, Role, Tone};
use super::lines::{self, Line};
use super::pages::{Page, Placed};
use super::{Look, Paper, PaperError, faces, words};

/// The language of all that is ours in a document.
const LANGUAGE: &str = "en-US";

/// Writes the file. Where a text is such that the standards for archives and for screen readers
/// refuse it, the file is the same without their mark.
pub fn draw(paper: &Paper, flow: &Flow, pages: &[Page<'_>]) -> Result<Vec<u8>, PaperError> {
    let strict = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| PaperError(format!("{error:?}")))?;
    Desk::new(paper, flow)?
        .file(pages, strict)
        .or_else(|_| Desk::new(paper, flow)?.file(pages, Configuration::default()))
}

struct Desk<'a> {
    paper: &'a Paper,
    flow: &'a Flow,
    fonts: Vec<Font>,
    /// The content of each place in the tree.
    leaves: Vec<Vec<Identifier>>,
    /// Level, words, page and height of each heading.
    headings: Vec<(u16, String, usize, f32)>,
}

impl<'a> Desk<'a> {
    fn new(paper: &'a Paper, flow: &'a Flow) -> Result<Self, PaperError> {
        let font = |file: &&'static [u8]| Font::new((*file).into(), 0);
        let fonts: Option<Vec<Font>> = faces::FILES.iter().map(font).collect();
        let fonts = fonts.ok_or_else(|| PaperError("a built-in font cannot be read".to_owned()))?;
        Ok(Self { paper, flow, fonts, leaves: vec![Vec::new(); flow.roles.len()], headings: Vec::new() })
    }

    fn file(mut self, pages: &[Page<'_>], configuration: Configuration) -> Result<Vec<u8>, PaperError> {
        let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
        let mut document = Document::new_with(settings);
        for (at, placed) in pages.iter().enumerate() {
            let size = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| PaperError("no such page".to_owned()))?;
            let mut page = document.start_page_with(size);
            let mut surface = page.surface();
            self.head_and_foot(&mut surface, at, pages.len());
            placed.iter().for_each(|one| self.piece(&mut surface, one, at));
            surface.finish();
            page.finish();
        }
        document.set_metadata(self.metadata());
        document.set_outline(self.outline());
        document.set_tag_tree(self.tree());
        document.finish().map_err(|error| PaperError(format!("{error:?}")))
    }

    fn head_and_foot(&self, surface: &mut Surface<'_>, at: usize, of: usize) {
        let small = |text: &str, width| lines::fit(Look::Plain, text, 7.5, width);
        if at > 0 {
            surface.start_tagged(artifact(ArtifactType::Header));
            let (title, running) = (small(&self.paper.title, 290.0), small(&self.paper.running, 180.0));
            let base = MARGINS[1] - 26.0;
            self.line(surface, &title, MARGINS[0], base, Tone::Muted);
            self.line(surface, &running, MARGINS[0] + MEASURE - running.width, base, Tone::Muted);
            area(surface, [MARGINS[0], base + 6.0, MEASURE, 0.5], Tone::Rule);
            surface.end_tagged();
        }
        surface.start_tagged(artifact(ArtifactType::Footer));
        let (page, mark) = (small(&format!("Page {} of {of}", at + 1), 80.0), small(&self.paper.mark, MEASURE - 80.0));
        let base = PAGE.1 - MARGINS[3] + 32.0;
        area(surface, [MARGINS[0], base - 13.0, MEASURE, 0.5], Tone::Rule);
        self.line(surface, &mark, MARGINS[0], base, Tone::Muted);
        self.line(surface, &page, MARGINS[0] + MEASURE - page.width, base, Tone::Muted);
        surface.end_tagged();
    }

    fn piece(&mut self, surface: &mut Surface<'_>, placed: &Placed<'_>, page: usize) {
        let (piece, top) = (placed.atom, MARGINS[1] + placed.y);
        for (at, x) in piece.bars.iter().enumerate() {
            let above = if piece.opens_bar && at + 1 == piece.bars.len() { 0.0 } else { placed.above };
            surface.start_tagged(artifact(ArtifactType::Layout));
            area(surface, [MARGINS[0] + x, top - above, 2.5, piece.height + above], Tone::Brand);
            surface.end_tagged();
        }
        for mark in &piece.marks {
            if let Mark::Words { line, x, base, tone, node } = mark {
                let (x, base) = (MARGINS[0] + x, top + base);
                if placed.again {
                    surface.start_tagged(artifact(ArtifactType::PaginationOther));
                } else {
                    self.enter(surface, *node, page, top);
                }
                self.line(surface, line, x, base, *tone);
            } else {
                surface.start_tagged(artifact(ArtifactType::Layout));
                decorate(surface, mark, top);
            }
            surface.end_tagged();
        }
    }

    /// Notes that what follows belongs to this place of the tree.
    fn enter(&mut self, surface: &mut Surface<'_>, node: Node, page: usize, top: f32) {
        let leaf = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
        let leaves = &mut self.leaves[node.0];
        if let (true, Some((Role::Heading(level, words), _))) = (leaves.is_empty(), self.flow.roles.get(node.0)) {
            self.headings.push((*level, words.clone(), page, top));
        }
        leaves.push(leaf);
    }

    fn line(&self, surface: &mut Surface<'_>, line: &Line, x: f32, base: f32, tone: Tone) {
        surface.set_fill(Some(fill(tone)));
        for run in &line.runs {
            let glyph = |one: &faces::Glyph| {
                let (id, of) = (GlyphId::new(one.id), one.of.clone());
                KrillaGlyph::new(id, one.advance, one.right, one.up, 0.0, of, None)
            };
            let glyphs: Vec<KrillaGlyph> = run.glyphs.iter().map(glyph).collect();
            let font = self.fonts[run.face.at()].clone();
            surface.draw_glyphs(Point::from_xy(x + run.x, base), &glyphs, font, &line.text, line.size, false);
        }
    }

    fn metadata(&self) -> Metadata {
        let title: String = words::one_line(&self.paper.title).chars().take(300).collect();
        Metadata::new()
            .title(title)
            .description(words::one_line(&self.paper.mark).chars().take(300).collect())
            .language(LANGUAGE.to_owned())
            .creator("duecare".to_owned())
            .creation_date(moment(self.paper.dated))
    }

    fn outline(&self) -> Outline {
        let mut outline = Outline::new();
        entries(&self.headings).into_iter().for_each(|entry| outline.push_child(entry));
        outline
    }

    fn tree(&self) -> TagTree {
        let mut within: Vec<Vec<usize>> = vec![Vec::new(); self.flow.roles.len()];
        for (at, (_, parent)) in self.flow.roles.iter().enumerate().skip(1) {
            within[parent.0].push(at);
        }
        let mut tree = TagTree::new().with_lang(Some(LANGUAGE.to_owned()));
        within[0].iter().for_each(|at| tree.push(self.group(&within, *at)));
        tree
    }

    fn group(&self, within: &[Vec<usize>], at: usize) -> TagGroup {
        let mut group = TagGroup::new(kind(&self.flow.roles[at].0));
        within[at].iter().for_each(|child| group.push(self.group(within, *child)));
        self.leaves[at].iter().for_each(|leaf| group.push(*leaf));
        group
    }
}

fn kind(role: &Role) -> TagKind {
    let list = |numbered: &bool| if *numbered { ListNumbering::Decimal } else { ListNumbering::None };
    match role {
        Role::Document | Role::Panel => Tag::Div.into(),
        Role::Heading(level, words) => {
            Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(words.clone())).into()
        }
        Role::Paragraph => Tag::P.into(),
        Role::List { numbered } => Tag::L(list(numbered)).into(),
        Role::ListItem => Tag::LI.into(),
        Role::Label => Tag::Lbl.into(),
        Role::Body => Tag::LBody.into(),
        Role::Table => Tag::Table.into(),
        Role::TableHead => Tag::THead.into(),
        Role::TableBody => Tag::TBody.into(),
        Role::Row => Tag::TR.into(),
        Role::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
        Role::RowHead => Tag::TH(TableHeaderScope::Row).into(),
        Role::Cell => Tag::TD.into(),
    }
}

/// Headings as entries, each with those below it.
fn entries(headings: &[(u16, String, usize, f32)]) -> Vec<OutlineNode> {
    let (mut all, mut rest) = (Vec::new(), headings);
    while let Some(((level, words, page, top), more)) = rest.split_first() {
        let end = more.iter().position(|next| next.0 <= *level).unwrap_or(more.len());
        let place = XyzDestination::new(*page, Point::from_xy(MARGINS[0], *top));
        let mut entry = OutlineNode::new(words.clone(), place);
        entries(&more[..end]).into_iter().for_each(|below| entry.push_child(below));
        all.push(entry);
        rest = &more[end..];
    }
    all
}

fn artifact(kind: ArtifactType) -> ContentTag<'static> {
    ContentTag::Artifact(Artifact::with_kind(kind))
}

fn decorate(surface: &mut Surface<'_>, mark: &Mark, top: f32) {
    match mark {
        Mark::Words { .. } => {}
        Mark::Rule { x, y, width, thick, tone } => {
            area(surface, [MARGINS[0] + x, top + y - thick / 2.0, *width, *thick], *tone);
        }
        Mark::Area { x, y, width, height, tone } => {
            area(surface, [MARGINS[0] + x, top + y, *width, *height], *tone);
        }
        Mark::Box { x, y, side } => {
            let Some(path) = rectangle([MARGINS[0] + x, top + y, *side, *side]) else { return };
            let (paint, width) = (colour(Tone::Ink).into(), 0.8);
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke { paint, width, ..Stroke::default() }));
            surface.draw_path(&path);
            surface.set_stroke(None);
        }
    }
}

fn rectangle([x, y, width, height]: [f32; 4]) -> Option<krilla::geom::Path> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(x, y, width, height)?);
    path.finish()
}

fn area(surface: &mut Surface<'_>, place: [f32; 4], tone: Tone) {
    if let Some(path) = rectangle(place) {
        surface.set_fill(Some(fill(tone)));
        surface.draw_path(&path);
    }
}

fn fill(tone: Tone) -> Fill {
    Fill { paint: colour(tone).into(), opacity: NormalizedF32::ONE, ..Fill::default() }
}

/// As on the pages of the program, by day.
fn colour(tone: Tone) -> rgb::Color {
    match tone {
        Tone::Ink => rgb::Color::new(0x17, 0x21, 0x24),
        Tone::Muted => rgb::Color::new(0x4f, 0x5d, 0x62),
        Tone::Brand => rgb::Color::new(0x0b, 0x5b, 0x63),
        Tone::Rule => rgb::Color::new(0xbf, 0xc9, 0xcc),
        Tone::Shade => rgb::Color::new(0xee, 0xf4, 0xf4),
    }
}

fn moment(at: DateTime<Utc>) -> krilla::metadata::DateTime {
    let small = |number: u32| u8::try_from(number).unwrap_or(0);
    krilla::metadata::DateTime::new(u16::try_from(at.year()).unwrap_or(1970))
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}
