//! A list cut into rows of cells, whichever kind of file it came in.

use super::sheet::Row;
use super::{Fault, Faults, bytes, sheet, workbook};

/// The rows of a file, with what went wrong while cutting them.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The sheets of a workbook; a text file has none.
    pub sheets: Vec<String>,
    /// Which of them this is.
    pub sheet: usize,
    pub(super) rows: Vec<Row>,
    pub(super) faults: Faults,
}

impl Table {
    /// Cuts a CSV file or an Excel workbook (.xlsx) into rows. Of a workbook, the sheet of
    /// that name is read; without one, the sheet that looks most like a vendor list.
    ///
    /// # Errors
    /// A fault of the file as a whole: too large, damaged, or another kind of file.
    pub fn open(bytes: &[u8], sheet: Option<&str>) -> Result<Self, Vec<Fault>> {
        bytes::refuse_large(bytes).map_err(|fault| vec![fault])?;
        if bytes.starts_with(b"PK\x03\x04") {
            let opened = workbook::open(bytes, sheet).map_err(|fault| vec![fault])?;
            let (sheets, sheet) = (opened.names, opened.chosen);
            return Ok(Self { sheets, sheet, rows: opened.rows, faults: Faults::default() });
        }
        let text = bytes::text(bytes).map_err(|fault| vec![fault])?;
        let mut faults = Faults::default();
        let rows = sheet::rows(&text, &mut faults);
        Ok(Self { rows, faults, ..Self::default() })
    }

    /// The first rows, each with its line and its cells that have something in them: for
    /// choosing the one that names the columns.
    pub fn first_rows(&self, most: usize) -> impl Iterator<Item = (u64, String)> {
        self.rows.iter().take(most).map(|row| {
            let cells = row.cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
            (row.line, cells.collect::<Vec<_>>().join(" · "))
        })
    }

    /// The widest row's number of cells, as far as there may be.
    pub(super) fn width(&self) -> usize {
        self.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0).min(super::MAX_COLUMNS)
    }
}
