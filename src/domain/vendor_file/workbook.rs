//! An Excel workbook (.xlsx) as rows of text: what a person sees in each cell.
//!
//! A workbook is a packed folder, so it is weighed before it is opened: a small file can
//! hold more than the memory does. Formulas are never computed; the value that the
//! spreadsheet program saved beside each is read.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};

use super::sheet::{Row, SLACK};
use super::{Fault, MAX_COLUMNS, MAX_ROWS, guess};

/// The most that a workbook may hold, unpacked, in bytes.
const MOST_UNPACKED: u64 = 200 * 1024 * 1024;
/// The most parts that a workbook may have.
const MOST_PARTS: usize = 2_000;
/// How many times its size a workbook may hold.
const MOST_RATIO: u64 = 100;
/// The most text of one sheet, in bytes: one long text may stand in many cells.
const MOST_TEXT: usize = 40 * 1024 * 1024;
/// Cells looked at in a sheet, empty ones included.
const MOST_CELLS: usize = 5_000_000;
/// Sheets among which the one with the vendors is looked for.
const MOST_SHEETS: usize = 12;
/// Rows of each that are looked at for it.
const GLANCE: usize = 30;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// The sheets that can be seen, and the rows of one of them.
pub(super) struct Opened {
    pub names: Vec<String>,
    pub chosen: usize,
    pub rows: Vec<Row>,
}

/// Reads the sheet of that name; without one, the sheet that looks most like a vendor list.
///
/// # Errors
/// Why the file cannot be read, as a fault of the whole file.
pub(super) fn open(bytes: &[u8], wanted: Option<&str>) -> Result<Opened, Fault> {
    weigh(bytes)?;
    // The reader is another's work and the bytes are anybody's: a slip of it is a damaged file.
    catch_unwind(AssertUnwindSafe(|| opened(bytes, wanted))).unwrap_or_else(|_| Err(damaged()))
}

/// A row with its number: its cells as text.
pub type Numbered = (u64, Vec<String>);

/// The rows of the first sheet that has a cell in its first column beginning with `mark`, each
/// with its number: for a workbook of ours that comes back. `None` when there is no such sheet.
///
/// # Errors
/// Why the file cannot be read.
pub fn marked(bytes: &[u8], mark: &str, most: usize) -> Result<Option<Vec<Numbered>>, Fault> {
    weigh(bytes)?;
    let found = || {
        let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged())?;
        let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        let names: Vec<String> = sheets.map(|sheet| sheet.name.clone()).take(MOST_SHEETS).collect();
        for name in names {
            let rows = rows(&mut book, &name, most)?;
            if rows.iter().any(|row| row.cells.first().is_some_and(|cell| cell.starts_with(mark))) {
                return Ok(Some(rows.into_iter().map(|row| (row.line, row.cells)).collect()));
            }
        }
        Ok(None)
    };
    catch_unwind(AssertUnwindSafe(found)).unwrap_or_else(|_| Err(damaged()))
}

/// Unpacks everything once without keeping it: what a part says of its own size may be a lie.
fn weigh(bytes: &[u8]) -> Result<(), Fault> {
    let mut packed = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if packed.len() > MOST_PARTS {
        return Err(heavy());
    }
    if !packed.file_names().flatten().any(|name| name.trim_start_matches('/').starts_with("xl/")) {
        return Err(Fault::of_file(
            "this is a packed file (ZIP) or another program's document, and no Excel workbook",
            "Save the list as an Excel workbook (.xlsx) or as CSV.",
        ));
    }
    let most = MOST_UNPACKED.min(MOST_RATIO.saturating_mul(bytes.len() as u64));
    let mut held = 0;
    for part in 0..packed.len() {
        let part = packed.by_index(part).map_err(|_| damaged())?;
        held += std::io::copy(&mut part.take(most - held + 1), &mut std::io::sink()).map_err(|_| damaged())?;
        if held > most {
            return Err(heavy());
        }
    }
    Ok(())
}

fn opened(bytes: &[u8], wanted: Option<&str>) -> Result<Opened, Fault> {
    let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let seen = book.sheets_metadata().iter();
    let seen = seen.filter(|sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet);
    let names: Vec<String> = seen.map(|sheet| sheet.name.clone()).take(MOST_SHEETS).collect();
    if names.is_empty() {
        return Err(Fault::of_file("the workbook has no sheet that can be seen", "Unhide the sheet with the vendors."));
    }
    let chosen = match wanted {
        Some(wanted) => names.iter().position(|name| name == wanted).ok_or_else(|| no_such_sheet(wanted, &names))?,
        None => likely_sheet(&mut book, &names)?,
    };
    let rows = rows(&mut book, &names[chosen], MAX_ROWS + SLACK)?;
    Ok(Opened { names, chosen, rows })
}

fn likely_sheet(book: &mut Book<'_>, names: &[String]) -> Result<usize, Fault> {
    if names.len() == 1 {
        return Ok(0);
    }
    let mut best = (0, 0);
    for (at, name) in names.iter().enumerate() {
        let rows = rows(book, name, GLANCE)?;
        let worth = (guess::header(&rows).map_or(0, |(_, worth)| worth + 1)) * 2 + usize::from(!rows.is_empty());
        if worth > best.0 {
            best = (worth, at);
        }
    }
    Ok(best.1)
}

/// The rows with anything in them, that many at most.
fn rows(book: &mut Book<'_>, sheet: &str, most: usize) -> Result<Vec<Row>, Fault> {
    let mut cells = book.worksheet_cells_reader(sheet).map_err(|_| damaged())?;
    let formats: Vec<Option<String>> = cells
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref().map(|format| format.format_code.clone()))
        .collect();
    let mut rows: Vec<Row> = Vec::new();
    let mut size = 0;
    for _ in 0..MOST_CELLS {
        let Some((cell, style)) = cells.next_cell_with_style_id().map_err(|_| damaged())? else { return Ok(rows) };
        let (row, column) = cell.get_position();
        let text = text(cell.get_value(), formats.get(style).and_then(Option::as_deref));
        if text.trim().is_empty() {
            continue;
        }
        size += text.len();
        if size > MOST_TEXT {
            return Err(heavy());
        }
        let line = u64::from(row) + 1;
        // Cells come in the order of their rows, or the file was made to confuse.
        match rows.last() {
            Some(last) if last.line == line => {}
            Some(last) if last.line > line => return Err(damaged()),
            _ if rows.len() == most => return Ok(rows),
            _ => rows.push(Row { line, cells: Vec::new() }),
        }
        let Some(last) = rows.last_mut() else { continue };
        // One cell beyond is enough to tell that there are too many.
        let column = usize::try_from(column).unwrap_or(usize::MAX).min(MAX_COLUMNS);
        if last.cells.len() <= column {
            last.cells.resize(column + 1, String::new());
        }
        last.cells[column] = text;
    }
    Err(heavy())
}

/// A cell as a person sees it.
fn text(value: &DataRef<'_>, format: Option<&str>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => super::number::say(*number, format),
        DataRef::DateTime(at) if at.is_duration() => super::number::say(at.as_f64(), None),
        DataRef::DateTime(at) => {
            // A day; the time of it says nothing about an agreement.
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTimeIso(text) => text.split('T').next().unwrap_or_default().to_owned(),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

fn damaged() -> Fault {
    Fault::of_file(
        "the workbook is damaged, or has a password",
        "Open it in your spreadsheet program, take the password away, and save it anew as .xlsx or as CSV.",
    )
}

fn heavy() -> Fault {
    Fault::of_file(
        "the workbook holds far more than a vendor list",
        "Copy the rows with the vendors into a new workbook, or save that sheet as CSV.",
    )
}

fn no_such_sheet(wanted: &str, names: &[String]) -> Fault {
    let names: Vec<String> = names.iter().map(|name| crate::domain::vendor::quoted(name)).collect();
    let wanted = crate::domain::vendor::quoted(wanted);
    Fault::of_file(format!("there is no sheet {wanted} to be seen"), format!("Choose one of: {}.", names.join(", ")))
}
