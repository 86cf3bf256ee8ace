//! A drawn chart: what its template writes down, in units of the chart's box.

use serde::Serialize;

/// Horizontal bars, each in its track.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bars {
    pub id: &'static str,
    pub title: String,
    pub summary: String,
    pub width: u32,
    pub height: u32,
    pub bars: Vec<Bar>,
    pub table: Table,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bar {
    pub label: String,
    pub value: String,
    pub tone: &'static str,
    /// Where the label ends.
    pub label_x: u32,
    pub x: u32,
    pub y: u32,
    pub text_y: u32,
    pub track: u32,
    pub thick: u32,
    pub long: u32,
    /// Where the value begins.
    pub value_x: u32,
}

/// A line over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    pub id: &'static str,
    pub title: String,
    pub summary: String,
    pub width: u32,
    pub height: u32,
    pub y_ticks: Vec<YTick>,
    pub x_ticks: Vec<XTick>,
    pub series: Vec<Series>,
    pub table: Table,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct YTick {
    pub x1: u32,
    pub x2: u32,
    pub y: u32,
    pub label_x: u32,
    pub text_y: u32,
    pub label: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct XTick {
    pub x: u32,
    pub y: u32,
    pub label: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Series {
    pub label: String,
    pub tone: &'static str,
    pub points: String,
    pub dots: Vec<Dot>,
    pub label_x: u32,
    pub label_y: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dot {
    pub x: u32,
    pub y: u32,
}

/// The same values as rows, with links to what was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    pub caption: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    pub says: &'static str,
    pub number: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    pub label: String,
    pub cells: Vec<Cell>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    pub value: String,
    pub href: Option<String>,
}
