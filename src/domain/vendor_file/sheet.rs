//! From text to rows of cells.
//!
//! Cut by hand and not by the `csv` crate, which is kinder than a vendor list can bear: it
//! lets a quotation mark that nobody closed swallow the vendors after it without a word,
//! keeps blanks before a quotation mark as text, and counts lines by records.

use super::{Fault, Faults, MAX_COLUMNS, MAX_ROWS, guess};

/// Rows beyond the vendors: titles, headings and totals.
pub(super) const SLACK: usize = 200;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Where it starts, as an editor counts lines.
    pub line: u64,
    pub cells: Vec<String>,
}

impl Row {
    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// The rows with anything in them, the header first; one more than allowed at most.
///
/// A row whose quotation marks are not in order is a fault and left out; reading goes on at
/// the line after. A header like that ends it: without the header no row means anything.
pub(super) fn rows(text: &str, faults: &mut Faults) -> Vec<Row> {
    let (text, line, told) = told_delimiter(text);
    let start = |delimiter| Scanner { text, at: 0, line, delimiter };
    let mut rows = Vec::new();
    for row in start(told.unwrap_or_else(|| likely_delimiter(start))) {
        match row {
            Ok(row) => rows.push(row),
            Err(fault) => {
                faults.push(fault);
                if rows.is_empty() {
                    break;
                }
            }
        }
        if rows.len() > MAX_ROWS + SLACK {
            break;
        }
    }
    rows
}

/// Excel says the delimiter in a line before the header: `sep=;`.
fn told_delimiter(text: &str) -> (&str, u64, Option<char>) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let line = first.trim_matches(['"', '\r', ' ']).to_ascii_lowercase();
    let told = line.strip_prefix("sep=").and_then(|told| told.chars().next());
    // Saved anew, the line is padded with delimiters or blanks.
    let padded = |told: char| line[4..].chars().all(|c| c == told || c == ' ');
    match told.filter(|told| matches!(told, ',' | ';' | '\t') && padded(*told)) {
        Some(told) => (rest, 2, Some(told)),
        None => (text, 1, None),
    }
}

/// The delimiter that makes the best header: the most columns we know, then the most
/// columns. Titles may stand above the header.
fn likely_delimiter<'a>(start: impl Fn(char) -> Scanner<'a>) -> char {
    let worth = |delimiter: &char| {
        let rows: Vec<Row> = start(*delimiter).take(guess::HEADER_WITHIN).filter_map(Result::ok).collect();
        let (header, known) = guess::header(&rows).unwrap_or((0, 0));
        (known, rows.get(header).map_or(0, |row| row.cells.len()))
    };
    // Among equals the last one is taken, so the usual one comes last.
    ['\t', ';', ','].into_iter().max_by_key(worth).unwrap_or(',')
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    line: u64,
    delimiter: char,
}

/// A quotation mark that opens a cell and is not closed where the cell ends.
struct Unclosed {
    at: usize,
    line: u64,
}

impl Iterator for Scanner<'_> {
    type Item = Result<Row, Fault>;

    /// The next row that is not blank.
    fn next(&mut self) -> Option<Self::Item> {
        while self.at < self.text.len() {
            match self.row() {
                Ok(row) if row.is_blank() => {}
                Ok(row) => return Some(Ok(row)),
                Err(unclosed) => {
                    self.resume_after(&unclosed);
                    return Some(Err(unclosed.fault()));
                }
            }
        }
        None
    }
}

impl Unclosed {
    fn fault(&self) -> Fault {
        Fault::of_line(
            self.line,
            "a cell begins with a quotation mark that is not closed at its end",
            "Put a quotation mark at the end of the cell too, and write one inside the cell twice.",
        )
    }
}

impl Scanner<'_> {
    fn row(&mut self) -> Result<Row, Unclosed> {
        let line = self.line;
        let mut cells = Vec::new();
        loop {
            let cell = self.cell()?;
            if cells.len() <= MAX_COLUMNS {
                cells.push(cell);
            } else if !cell.is_empty() {
                // Enough to tell that the row is too long, however long it is.
                cells[MAX_COLUMNS] = cell;
            }
            if !self.takes(self.delimiter) {
                break;
            }
        }
        self.takes('\n');
        Ok(Row { line, cells })
    }

    fn cell(&mut self) -> Result<String, Unclosed> {
        self.skip_blanks();
        if self.peek() == Some('"') {
            return self.quoted();
        }
        let rest = &self.text[self.at..];
        let cell = &rest[..rest.find([self.delimiter, '\n']).unwrap_or(rest.len())];
        self.at += cell.len();
        Ok(cell.trim().to_owned())
    }

    fn quoted(&mut self) -> Result<String, Unclosed> {
        let unclosed = Unclosed { at: self.at, line: self.line };
        self.takes('"');
        let mut cell = String::new();
        loop {
            let rest = &self.text[self.at..];
            let Some(end) = rest.find('"') else {
                return Err(unclosed);
            };
            cell.push_str(&rest[..end]);
            self.at += end;
            self.takes('"');
            if !self.takes('"') {
                break;
            }
            cell.push('"');
        }
        self.line += cell.bytes().filter(|byte| *byte == b'\n').count() as u64;
        self.skip_blanks();
        match self.peek() {
            Some(next) if next != self.delimiter && next != '\n' => Err(unclosed),
            _ => Ok(cell.trim().to_owned()),
        }
    }

    fn resume_after(&mut self, unclosed: &Unclosed) {
        let rest = &self.text[unclosed.at..];
        self.at = rest.find('\n').map_or(self.text.len(), |end| unclosed.at + end + 1);
        self.line = unclosed.line + 1;
    }

    fn skip_blanks(&mut self) {
        while let Some(blank) = self.peek().filter(|c| c.is_whitespace() && *c != '\n' && *c != self.delimiter) {
            self.at += blank.len_utf8();
        }
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn takes(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
            self.line += u64::from(wanted == '\n');
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(text: &str) -> Vec<(u64, Vec<String>)> {
        let mut faults = Faults::default();
        let rows = rows(text, &mut faults);
        assert_eq!(faults.kept, []);
        rows.into_iter().map(|row| (row.line, row.cells)).collect()
    }

    #[test]
    fn lines_are_counted_through_quotes_and_blank_lines() {
        let rows = cut("\nname,notes\n\n\"A\",\"one\n\n\"\"two\"\"\"\n , \nB,x\n");
        let lines: Vec<u64> = rows.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 4, 8]);
        assert_eq!(rows[1].1, ["A", "one\n\n\"two\""]);
    }

    #[test]
    fn the_delimiter_is_the_one_that_makes_sense_of_the_header() {
        for text in [
            "name;notes\nA;b",
            "name,notes\nA,b",
            "name\tnotes\nA\tb",
            "\"name\";\"notes\"\nA;b",
            "SEP=;\nname;notes\nA;b",
        ] {
            assert_eq!(cut(text).last().unwrap().1, ["A", "b"], "{text}");
        }
        assert_eq!(cut("name;notes;\"a,b,c,d\"\nA")[0].1, ["name", "notes", "a,b,c,d"]);
        assert_eq!(cut("name;x, y, z, w\nA;b")[1].1, ["A", "b"]);
    }

    #[test]
    fn an_unclosed_quotation_mark_swallows_no_vendor() {
        let mut faults = Faults::default();
        let found = rows("name,notes\nA,\"one\nB,\"two\"\nC,\"three\" and\nD,four\nE,\"five", &mut faults);
        let names: Vec<&str> = found.iter().map(|row| row.cells[0].as_str()).collect();
        assert_eq!(names, ["name", "B", "D"]);
        assert_eq!(faults.kept.iter().map(|fault| fault.line).collect::<Vec<_>>(), [Some(2), Some(4), Some(6)]);
    }

    proptest! {
        #[test]
        fn what_the_csv_crate_writes_is_cut_as_it_was(
            cells in prop::collection::vec(prop::collection::vec("[a-z\"',;\t\n=é]{0,6}", 3), 1..8)
        ) {
            let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
            writer.write_record(["name", "notes", "owner"]).unwrap();
            cells.iter().for_each(|row| writer.write_record(row).unwrap());
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let found: Vec<Vec<String>> = cut(&text).into_iter().skip(1).map(|(_, cells)| cells).collect();
            let trimmed = cells.iter().map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect::<Vec<_>>());
            let expected: Vec<_> = trimmed.filter(|row| row.iter().any(|cell| !cell.is_empty())).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
