//! The parts of a form: a line to type in, a choice to press, a list to add to.

use std::borrow::Cow;

use serde::Serialize;

/// A field to type in, with what was typed and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Line {
    pub id: String,
    pub name: String,
    pub value: String,
    pub error: Option<String>,
}

impl Line {
    /// A field whose id is its name.
    pub fn named(name: impl Into<String>, value: impl Into<String>, error: Option<String>) -> Self {
        let name = name.into();
        Self { id: name.clone(), name, value: value.into(), error }
    }
}

/// One of several to press.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pressable<'a> {
    pub value: &'a str,
    pub says: &'a str,
    pub on: bool,
}

/// What the answer is given with; the template looks which one it is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Control<'a> {
    Graded(Box<Graded>),
    Radios(Vec<Pressable<'a>>),
    Ticks(Vec<Pressable<'a>>),
    Tick(Tick),
    Date(Line),
    Number(Labelled),
    List(List<'a>),
    Contact(Box<Contact>),
    Words(Line),
}

#[derive(Clone, Debug, Serialize)]
pub struct Graded {
    pub yes: bool,
    pub alternative: bool,
    pub partial: bool,
    pub planned: bool,
    pub no: bool,
    pub unknown: bool,
    pub na: bool,
    /// Another measure may be used instead.
    pub instead: bool,
    pub by: Line,
}

#[derive(Clone, Debug, Serialize)]
pub struct Tick {
    pub says: &'static str,
    pub on: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Labelled {
    #[serde(flatten)]
    pub line: Line,
    pub label: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct List<'a> {
    pub slug: &'a str,
    /// Carries how many rows there are.
    pub offers: Line,
    pub columns: Vec<Cow<'a, str>>,
    pub rows: Vec<ListRow<'a>>,
    pub none: Option<NoneTick<'a>>,
}

#[derive(Clone, Debug, Serialize)]
pub struct ListRow<'a> {
    pub n: usize,
    pub cells: Vec<Cell<'a>>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Cell<'a> {
    pub name: String,
    pub value: String,
    pub error: Option<String>,
    pub label: Cow<'a, str>,
    pub choices: Option<Vec<Pressable<'a>>>,
}

#[derive(Clone, Debug, Serialize)]
pub struct NoneTick<'a> {
    pub name: String,
    pub says: &'a str,
    pub on: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Contact {
    pub name: Line,
    pub email: Line,
    pub phone: Line,
}

/// "Not sure" and "does not apply", where the answer is written and not chosen.
#[derive(Clone, Debug, Serialize)]
pub struct State {
    pub unknown: bool,
    pub na: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Reason {
    #[serde(flatten)]
    pub line: Line,
    pub instead: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct DetailLine<'a> {
    #[serde(flatten)]
    pub line: Line,
    pub label: &'a str,
    pub hint: Option<String>,
    pub mode: &'static str,
}
