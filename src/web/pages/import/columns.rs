//! What each column of the uploaded file is: guessed, and corrected by whoever sent it.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;

use super::{faults, reached, trail};
use crate::app::App;
use crate::domain::ids::ImportId;
use crate::domain::vendor_file::choices::{Header, Layout};
use crate::domain::vendor_file::{Choices, Column, Field, Target, label};
use crate::flows::import::{self, ImportError, Stage};
use crate::store;
use crate::templates::Context;
use crate::web::form::{Posted, id};
use crate::web::session::SignedIn;
use crate::web::view::{Choosable, Crumb, ErrorLine, Here, Staff};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct ImportColumns {
    crumbs: Vec<Crumb>,
    errors: Vec<ErrorLine>,
    id: String,
    file: String,
    /// Empty when there is but one sheet.
    sheets: Vec<Choosable>,
    rows: Vec<Choosable>,
    shown_sheet: String,
    shown_row: String,
    columns: Vec<ColumnLine>,
}

#[derive(Serialize)]
struct ColumnLine {
    id: String,
    heading: String,
    samples: Vec<String>,
    error: Option<String>,
    options: Vec<Choosable>,
}

/// Values shown of each column.
const SAMPLES: usize = 3;
/// The longest of a value that is shown.
const LONGEST: usize = 60;

struct Shown<'a> {
    sheets: &'a [String],
    sheet: usize,
    layout: &'a Layout,
    first_rows: &'a [(u64, String)],
}

fn page(import: ImportId, file: &str, shown: &Shown<'_>, errors: &[(usize, String)]) -> ImportColumns {
    let columns = shown.layout.columns.iter().enumerate().map(|(at, column)| {
        let error = errors.iter().find(|(place, _)| *place == at).map(|(_, says)| says.clone());
        column_line(at, column, error)
    });
    ImportColumns {
        crumbs: trail(),
        errors: errors.iter().map(|(at, says)| ErrorLine { at: format!("c{at}"), says: says.clone() }).collect(),
        id: import.to_string(),
        file: file.to_owned(),
        sheets: if shown.sheets.len() > 1 { sheets(shown) } else { Vec::new() },
        rows: rows(shown),
        shown_sheet: shown.sheets.get(shown.sheet).cloned().unwrap_or_default(),
        shown_row: row_value(shown.layout.line),
        columns: columns.collect(),
    }
}

fn option(value: impl Into<String>, says: impl Into<String>, checked: bool) -> Choosable {
    Choosable { id: String::new(), value: value.into(), label: says.into(), hint: None, checked }
}

fn sheets(shown: &Shown<'_>) -> Vec<Choosable> {
    shown.sheets.iter().enumerate().map(|(at, name)| option(name, name, at == shown.sheet)).collect()
}

fn rows(shown: &Shown<'_>) -> Vec<Choosable> {
    let line = shown.layout.line;
    let row = |(number, says): &(u64, String)| {
        option(number.to_string(), format!("Line {number}: {}", short(says, 70)), line == Some(*number))
    };
    let none = option("none", "No line: the first one is a vendor already", line.is_none());
    shown.first_rows.iter().map(row).chain([none]).collect()
}

fn row_value(line: Option<u64>) -> String {
    line.map_or_else(|| "none".to_owned(), |line| line.to_string())
}

fn column_line(at: usize, column: &Column, error: Option<String>) -> ColumnLine {
    let targets = [(Target::Keep, "Keep with the notes"), (Target::Out, "Leave out")];
    let fields = Field::ALL.iter().map(|field| (Target::Field(*field), label(*field)));
    let options = fields.chain(targets).map(|(target, says)| option(target.to_string(), says, column.target == target));
    ColumnLine {
        id: format!("c{at}"),
        heading: column.heading.clone(),
        samples: column.samples.iter().take(SAMPLES).map(|text| short(text, LONGEST)).collect(),
        error,
        options: options.collect(),
    }
}

fn short(text: &str, longest: usize) -> String {
    let mut short: String = text.chars().take(longest).collect();
    if text.chars().nth(longest).is_some() {
        short.push('…');
    }
    short
}

impl Context for ImportColumns {
    const TEMPLATE: &'static str = "pages/import_columns";
    fn samples() -> Vec<Self> {
        let column = |text: &str, target| Column {
            heading: text.to_owned(),
            samples: vec![text.to_owned(), "long ".repeat(80)],
            target,
        };
        let layout = Layout {
            header: Some(0),
            line: Some(1),
            columns: vec![column("Vendor name", Target::Field(Field::Name)), column("<script>", Target::Keep)],
        };
        let bare = Layout { header: None, line: None, columns: Vec::new() };
        let names = ["Vendors".to_owned(), "<script>".to_owned()];
        let first_rows = [(1, "<script>".to_owned()), (2, "long ".repeat(80))];
        let full = Shown { sheets: &names, sheet: 0, layout: &layout, first_rows: &first_rows };
        let empty = Shown { sheets: &[], sheet: 0, layout: &bare, first_rows: &[] };
        let errors = [(1, "Choose <another>".to_owned())];
        vec![
            page(ImportId::fresh(), "vendors.xlsx", &full, &[]),
            page(ImportId::fresh(), "<script>", &full, &errors),
            page(ImportId::fresh(), "", &empty, &[]),
        ]
    }
}

const TITLE: &str = "What are these columns?";

/// GET `/vendors/import/{id}/columns`
pub async fn form(app: Data<App>, who: SignedIn, path: Path<String>) -> Answered {
    let import: ImportId = id(&path)?;
    let (kept, _) = reached(&app, &who, import).await?;
    match import::columns(&kept.content, &kept.choices) {
        Ok(Stage::Columns { sheets, sheet, layout, first_rows }) => {
            let shown = Shown { sheets: &sheets, sheet, layout: &layout, first_rows: &first_rows };
            Staff { who: &who, here: Here::VENDORS, title: TITLE, notice: None }
                .ok(&app, &page(import, &kept.name, &shown, &[]))
        }
        Ok(_) => Err(WebError::NotFound),
        Err(ImportError::Faults(found)) => faults::show(&app, &who, &kept.name, &found),
        Err(ImportError::Store(error)) => Err(error.into()),
    }
}

/// POST `/vendors/import/{id}/columns`
pub async fn choose(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let import: ImportId = id(&path)?;
    let (kept, _) = reached(&app, &who, import).await?;
    let mut chosen = rows_chosen(&posted, &kept.choices);
    let looks = posted.text("act") == "look"
        || posted.text("sheet") != posted.text("shown_sheet")
        || posted.text("row") != posted.text("shown_row");
    if looks {
        chosen.columns = None;
        return save(&app, &who, import, chosen, "columns").await;
    }
    match import::columns(&kept.content, &chosen) {
        Ok(Stage::Columns { sheets, sheet, mut layout, first_rows }) => {
            let errors = targets(&posted, &mut layout);
            if errors.is_empty() {
                chosen.columns = Some(layout.columns.iter().map(|column| column.target).collect());
                return save(&app, &who, import, chosen, "questions").await;
            }
            let shown = Shown { sheets: &sheets, sheet, layout: &layout, first_rows: &first_rows };
            Staff { who: &who, here: Here::VENDORS, title: "Error: What are these columns?", notice: None }.show(
                &app,
                StatusCode::UNPROCESSABLE_ENTITY,
                &page(import, &kept.name, &shown, &errors),
            )
        }
        Ok(_) => Err(WebError::NotFound),
        Err(ImportError::Faults(found)) => faults::show(&app, &who, &kept.name, &found),
        Err(ImportError::Store(error)) => Err(error.into()),
    }
}

/// The sheet and the row of headings; a form without them leaves both as they are.
fn rows_chosen(posted: &Posted, before: &Choices) -> Choices {
    let sheet = Some(posted.text("sheet")).filter(|sheet| !sheet.is_empty()).map(str::to_owned);
    let header = match posted.text("row") {
        "none" => Some(Header::None),
        line => line.parse().ok().map(Header::Line).or(before.header),
    };
    Choices { sheet: sheet.or_else(|| before.sheet.clone()), header, columns: None, replies: before.replies.clone() }
}

/// Puts what was chosen into the columns; errors by the column's place.
fn targets(posted: &Posted, layout: &mut Layout) -> Vec<(usize, String)> {
    let mut errors = Vec::new();
    for (at, column) in layout.columns.iter_mut().enumerate() {
        match posted.text(&format!("c{at}")).parse() {
            Ok(target) => column.target = target,
            Err(_) => errors.push((at, "Choose one of the list".to_owned())),
        }
    }
    for (at, column) in layout.columns.iter().enumerate() {
        let Target::Field(field) = column.target else { continue };
        if let Some(first) = layout.columns[..at].iter().find(|first| first.target == column.target) {
            let says = format!("“{}” is {} already: keep one of them with the notes", first.heading, label(field));
            errors.push((at, says));
        }
    }
    if layout.columns.iter().all(|column| column.target != Target::Field(Field::Name)) {
        errors.insert(0, (0, "Choose Name for the column with the names of the vendors".to_owned()));
    }
    errors
}

/// Keeps the choices and goes to the next page.
pub(super) async fn save(app: &App, who: &SignedIn, import: ImportId, chosen: Choices, next: &str) -> Answered {
    let scope = who.scope;
    let kept = app.write_in(who.scope, move |conn| store::imports::choose(conn, &scope, import, &chosen)).await?;
    // Confirmed in another window meanwhile.
    Ok(see_other(&if kept { format!("/vendors/import/{import}/{next}") } else { "/vendors".to_owned() }))
}
