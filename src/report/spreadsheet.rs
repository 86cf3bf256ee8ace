//! A table as a file: CSV for any program, XLSX for a spreadsheet. Neither runs anything.

use chrono::{DateTime, NaiveDate, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use crate::domain::vendor_file::defuse;

/// A column: what it is called, and how wide it is in letters.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub says: &'static str,
    pub width: u8,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Blank,
    Text(String),
    Number(u32),
    Date(NaiveDate),
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Cell::Text(text.into())
    }
}

/// CSV as RFC 4180 has it, with a byte order mark: without one, spreadsheets take it for
/// Windows-1252. A cell that would run as a formula has `'` before it.
///
/// # Errors
/// When a row has other columns than the header.
pub fn csv(columns: &[Column], rows: impl IntoIterator<Item = Vec<Cell>>) -> Result<Vec<u8>, csv::Error> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(columns.iter().map(|column| column.says))?;
    for row in rows {
        writer.write_record(row.into_iter().map(|cell| match cell {
            Cell::Blank => String::new(),
            Cell::Text(text) => defuse(&text),
            Cell::Number(number) => number.to_string(),
            Cell::Date(date) => date.to_string(),
        }))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// XLSX with the header frozen and dates as dates. Text is written as text, whatever it
/// begins with.
///
/// # Errors
/// When a text is longer than a cell takes, or there are more rows than a sheet.
pub fn xlsx(
    title: &str,
    columns: &[Column],
    rows: impl IntoIterator<Item = Vec<Cell>>,
    made_at: DateTime<Utc>,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The program's own clock, so that the same list is the same file.
    let made = ExcelDateTime::from_timestamp(made_at.timestamp())?;
    book.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&made));
    let (head, day) = (Format::new().set_bold(), Format::new().set_num_format("yyyy-mm-dd"));
    let sheet = book.add_worksheet();
    sheet.set_name(title)?.set_freeze_panes(1, 0)?;
    for (at, column) in (0_u16..).zip(columns) {
        sheet.set_column_width(at, f64::from(column.width))?;
        sheet.write_string_with_format(0, at, column.says, &head)?;
    }
    let mut last = 0;
    for (line, row) in (1_u32..).zip(rows) {
        for (at, cell) in (0_u16..).zip(row) {
            match cell {
                Cell::Blank => {}
                Cell::Text(text) => drop(sheet.write_string(line, at, text)?),
                Cell::Number(number) => drop(sheet.write_number(line, at, number)?),
                Cell::Date(date) => drop(sheet.write_datetime_with_format(line, at, excel_day(date)?, &day)?),
            }
        }
        last = line;
    }
    if let Some(right) = u16::try_from(columns.len()).ok().and_then(|count| count.checked_sub(1)) {
        sheet.autofilter(0, 0, last, right)?;
    }
    book.save_to_buffer()
}

pub(super) fn excel_day(date: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    use chrono::Datelike;
    let year = u16::try_from(date.year()).unwrap_or_default();
    ExcelDateTime::from_ymd(
        year,
        u8::try_from(date.month()).unwrap_or_default(),
        u8::try_from(date.day()).unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use calamine::{Data, Reader, Xlsx};

    use super::*;

    const COLUMNS: [Column; 3] = [
        Column { says: "Vendor", width: 30 },
        Column { says: "Next date", width: 12 },
        Column { says: "Flags", width: 8 },
    ];

    fn rows() -> Vec<Vec<Cell>> {
        let names = ["Acme, \"Inc\"", "=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "line\nbreak", "Élan"];
        names
            .into_iter()
            .map(|name| {
                vec![Cell::text(name), Cell::Date(NaiveDate::from_ymd_opt(2026, 12, 22).unwrap()), Cell::Number(3)]
            })
            .collect()
    }

    #[test]
    fn a_csv_file_is_read_again_and_runs_nothing() {
        let bytes = csv(&COLUMNS, rows()).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with("\u{feff}Vendor,Next date,Flags\r\n\"Acme, \"\"Inc\"\"\",2026-12-22,3\r\n"));
        let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(text.as_bytes());
        for record in reader.records() {
            let cell = record.unwrap()[0].to_owned();
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
        }
    }

    #[test]
    fn a_workbook_has_text_as_text_and_dates_as_dates() {
        let bytes = xlsx("Vendors", &COLUMNS, rows(), DateTime::default()).unwrap();
        assert_eq!(bytes, xlsx("Vendors", &COLUMNS, rows(), DateTime::default()).unwrap());
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        let sheet = book.worksheet_range("Vendors").unwrap();
        assert_eq!(sheet.get_value((2, 0)), Some(&Data::String("=HYPERLINK(1)".to_owned())));
        assert!(matches!(sheet.get_value((1, 1)), Some(Data::DateTime(_))));
        assert_eq!(sheet.get_value((1, 2)), Some(&Data::Float(3.0)));
        assert!(book.worksheet_formula("Vendors").unwrap().is_empty());
    }
}
