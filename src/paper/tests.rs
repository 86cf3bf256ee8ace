//! What every document promises, whatever is written in it.

use chrono::DateTime;
use proptest::prelude::*;

use super::atoms::{DEPTH, MEASURE, Mark};
use super::faces::Face;
use super::*;

/// Greetings in many scripts, and what else people and attackers type.
const SCRIPTS: &[&str] = &[
    "Łukasz Żółć",
    "Ďábelské ódy",
    "Árvíztűrő tükörfúrógép",
    "Þórður Ægisson",
    "Đặng Thị Ngọc",
    "Strauß & Söhne",
    "Ñandú",
    "Çelik İğdır",
    "Ștefan Țepeș",
    "ĀāĒēĪīŌōŪū",
    "Ελληνικά",
    "Русский",
    "Українська",
    "Հայերեն",
    "ქართული",
    "עברית שלום",
    "العربية مرحبا",
    "فارسی سلام",
    "اردو",
    "हिन्दी",
    "বাংলা",
    "ਪੰਜਾਬੀ",
    "ગુજરાતી",
    "தமிழ்",
    "తెలుగు",
    "ಕನ್ನಡ",
    "മലയാളം",
    "සිංහල",
    "ไทย",
    "ລາວ",
    "བོད་སྐད",
    "မြန်မာ",
    "ភាសាខ្មែរ",
    "한국어",
    "日本語 かな カナ",
    "漢字",
    "አማርኛ",
    "ᏣᎳᎩ",
    "ᐃᓄᒃᑎᑐᑦ",
    "ᚠᚢᚦᚨᚱᚲ",
    "ᚁᚂᚃ",
    "ⵜⴰⵎⴰⵣⵉⵖⵜ",
    "ߒߞߏ",
    "ⲘⲉⲧⲢⲉⲙ",
    "𐌲𐌿𐍄",
    "𐤀𐤁𐤂",
    "𓀀𓀁",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
    "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽",
    "e\u{301}\u{323}\u{300}",
    "Z\u{351}\u{36b}a\u{343}l\u{35d}g\u{321}o\u{322}",
    "\u{202E}drowssap\u{202C}",
    "\u{0}\u{1}\u{7}\u{1b}[31m",
    "\u{FFFE}\u{FFFF}\u{FEFF}",
    "\u{E000}\u{F8FF}\u{10FFFD}",
    "a\u{200B}b\u{AD}c\u{2060}d",
    "\u{2028}\u{2029}\u{85}",
    "\r\n\r\n",
    "<script>alert(1)</script>",
    ") Tj ET Q endstream endobj %%EOF",
    "=cmd|' /C calc'!A0",
    "✓ → ☐ § € “curly” ‘quotes’ … —",
    "",
];

fn table(rows: Vec<Vec<Vec<Text>>>) -> Block {
    Block::Table(Table { head: vec!["Question".to_owned(), "Answer".to_owned()], shares: vec![46, 54], rows })
}

/// A document in which each of the texts stands wherever a text may.
fn document(texts: &[&str]) -> Paper {
    let text = |at: usize| texts.get(at % texts.len().max(1)).copied().unwrap_or_default();
    let all = |make: fn(String) -> Text| texts.iter().map(|one| make((*one).to_owned())).collect::<Vec<_>>();
    let strings: Vec<String> = texts.iter().map(|one| (*one).to_owned()).collect();
    let item = |(at, one): (usize, &&str)| Item {
        label: (at + 1).to_string(),
        blocks: vec![
            Block::Text(Text::bold(*one)),
            Block::Boxes(vec![(*one).to_owned()]),
            Block::Blanks(vec![(*one).to_owned()]),
        ],
    };
    let row = |one: &&str| vec![vec![Text::plain(*one)], vec![Text::bold(*one), Text::small(*one)]];
    Paper {
        caption: text(0).to_owned(),
        title: text(1).to_owned(),
        running: text(2).to_owned(),
        mark: text(3).to_owned(),
        dated: DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
        blocks: vec![
            Block::Heading(Level::Section, text(4).to_owned()),
            Block::Text(Text::lead(text(5)).and(Look::Italic, text(6)).and(Look::Bold, text(7))),
            Block::Bullets(all(Text::plain)),
            Block::Facts(strings.iter().map(|one| (one.clone(), vec![Text::plain(one.clone())])).collect()),
            Block::Panel(vec![Block::Boxes(strings.clone()), Block::Panel(vec![Block::Text(Text::plain(text(8)))])]),
            Block::Heading(Level::Topic, text(9).to_owned()),
            Block::Items(texts.iter().enumerate().map(item).collect()),
            table(texts.iter().map(row).collect()),
        ],
    }
}

fn flow(paper: &Paper) -> Flow {
    let mut flow = Flow::default();
    blocks::whole(&mut flow, paper);
    flow
}

/// Where anything stands off the page.
fn off_the_page(flow: &Flow) -> Vec<String> {
    let mut off = Vec::new();
    for page in pages::paginate(flow) {
        for placed in page {
            if placed.y < 0.0 || placed.y + placed.atom.height > DEPTH + 0.1 {
                off.push(format!("a piece from {} to {}", placed.y, placed.y + placed.atom.height));
            }
            for mark in &placed.atom.marks {
                let (x, width) = match mark {
                    Mark::Words { line, x, .. } => (*x, line.width),
                    Mark::Rule { x, width, .. } | Mark::Area { x, width, .. } => (*x, *width),
                    Mark::Box { x, side, .. } => (*x, *side),
                };
                if x < -0.1 || x + width > MEASURE + 0.1 {
                    off.push(format!("{mark:?}"));
                }
            }
        }
    }
    off
}

fn contains(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|part| part == words.as_bytes())
}

#[test]
fn any_script_and_any_control_character_can_be_printed() {
    let bytes = pdf(&document(SCRIPTS)).unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7"));
    // Readers for the blind and archives may rely on it, even then.
    assert!(contains(&bytes, "pdfuaid:part") && contains(&bytes, "pdfaid:part"));
    for script in SCRIPTS {
        assert!(pdf(&document(&[script])).is_ok(), "{script}");
        assert_eq!(off_the_page(&flow(&document(&[script]))), Vec::<String>::new(), "{script}");
    }
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let paper = document(SCRIPTS);
    assert_eq!(pdf(&paper).unwrap(), pdf(&paper).unwrap());
}

#[test]
fn latin_names_and_our_own_signs_are_shown_and_other_letters_leave_a_sign() {
    let shown = |text: &str| {
        let lines = lines::set(&[(Look::Bold, text.to_owned())], 10.0, 400.0);
        lines.iter().flat_map(|line| &line.runs).all(|run| run.face != Face::Missing)
    };
    for known in [
        "Łukasz Żółć",
        "Đặng Thị Ngọc",
        "Ștefan İğdır",
        "“§ 164.308(b)” ✓ → ☐ • … — €",
        "Ελληνικά Русский",
        "שלום مرحبا",
    ] {
        assert!(shown(known), "{known}");
    }
    assert!(!shown("漢字"));
}

#[test]
fn the_head_of_a_table_is_on_every_page_and_never_alone() {
    let rows = (0..120).map(|n| vec![vec![Text::plain(format!("Question {n}"))], vec![Text::plain("Yes")]]).collect();
    let before = Block::Text(Text::plain("Words. ".repeat(700)));
    let paper = Paper {
        blocks: vec![before, Block::Heading(Level::Section, "Answers".to_owned()), table(rows)],
        ..Paper::default()
    };
    let flow = flow(&paper);
    let pages = pages::paginate(&flow);
    assert!(pages.len() > 3);
    let mut in_table = false;
    for page in &pages {
        assert_eq!(page[0].again, in_table, "a page that goes on with a table begins with its head");
        assert!(!page.last().unwrap().atom.keep, "nothing that belongs to the next page is left at a foot");
        in_table |= page.iter().any(|placed| placed.atom.head.is_some());
    }
}

#[test]
fn a_cell_longer_than_a_page_goes_on_on_the_next() {
    let paper = Paper {
        blocks: vec![table(vec![vec![vec![Text::plain("Why?")], vec![Text::plain("Because. ".repeat(2_000))]]])],
        ..Paper::default()
    };
    let flow = flow(&paper);
    assert!(pages::paginate(&flow).len() > 2);
    assert_eq!(off_the_page(&flow), Vec::<String>::new());
}

#[test]
fn a_head_as_long_as_a_book_does_not_fill_every_page() {
    let long = "Heading ".repeat(900);
    let rows = vec![vec![vec![Text::plain("a")], vec![Text::plain("b")]]; 100];
    let blocks = vec![
        Block::Heading(Level::Section, long.clone()),
        Block::Table(Table { head: vec![long.clone(), long], shares: vec![1, 1], rows }),
    ];
    let paper = Paper { blocks, ..Paper::default() };
    assert!(pages::paginate(&flow(&paper)).len() < 12);
    assert!(pdf(&paper).is_ok());
}

#[test]
fn an_empty_document_is_a_page() {
    assert!(pdf(&Paper::default()).unwrap().starts_with(b"%PDF-"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn nothing_runs_off_the_page(texts in prop::collection::vec("\\PC{0,60}|[a-zA-Z0-9]{0,400}|[ a-z\u{5d0}-\u{5ea}\u{627}-\u{64a}]{0,200}", 1..6)) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        prop_assert_eq!(off_the_page(&flow(&document(&texts))), Vec::<String>::new());
    }

    #[test]
    fn a_line_holds_all_of_its_text_and_no_more_than_its_width(text in "\\PC{0,300}", width in 20.0_f32..500.0) {
        let lines = lines::set(&[(Look::Plain, text.clone())], 9.5, width);
        let whole: String = lines.iter().map(|line| line.text.as_str()).collect();
        prop_assert_eq!(whole, words::clean(&text).replace('\n', ""));
        for line in &lines {
            prop_assert!(line.width <= width + 0.1, "{} of {width}: {:?}", line.width, line.text);
        }
    }

    #[test]
    fn any_text_makes_a_document(text in any::<String>()) {
        prop_assert!(pdf(&document(&[&text])).is_ok());
    }
}
