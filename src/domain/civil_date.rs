//! Days as people write and read them. Knows no clock: "today" always comes from outside.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

/// Why a day could not be read. Each case holds the text as far as a message shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateFault {
    Unreadable(String),
    NoSuchDay(String),
    OutOfRange(String),
}

impl DateFault {
    /// What is wrong, without a full stop.
    pub fn problem(&self) -> String {
        match self {
            Self::Unreadable(found) => format!("“{found}” is not a date we can read"),
            Self::NoSuchDay(found) => format!("“{found}” is a day that does not exist"),
            Self::OutOfRange(found) => format!("“{found}” is too early or too late"),
        }
    }

    /// What to do about it, without capital and full stop.
    pub const fn mend(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "write 2026-01-31 or 1/31/2026",
            Self::NoSuchDay(_) => "check the day and the month",
            Self::OutOfRange(_) => "write a date from January 1, 2000 to December 31, 2100",
        }
    }
}

impl fmt::Display for DateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.problem(), self.mend())
    }
}

impl std::error::Error for DateFault {}

/// Reads a day: ISO (`2026-01-31`), American (`1/31/2026`, `01-31-2026`, `1/31/26`), or
/// with the month in letters, which is what spreadsheets make of a typed date
/// (`31-Jan-26`, `Jan 31, 2026`).
///
/// Two numbers before the year are always month and day: this is for American practices,
/// and guessing by size would read two lines of one file by two rules.
///
/// # Errors
/// Says whether the text is no date, no day of the calendar, or outside 2000 to 2100 (a
/// slip such as 20226 must not become an agreement that never ends).
pub fn read(text: &str) -> Result<NaiveDate, DateFault> {
    let found = || shown(text);
    let (year, month, day) = parts(text).ok_or_else(|| DateFault::Unreadable(found()))?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return Err(DateFault::Unreadable(found()));
    }
    if !(2000..=2100).contains(&year) {
        return Err(DateFault::OutOfRange(found()));
    }
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| DateFault::NoSuchDay(found()))
}

/// `1/31/2026`, as somebody types it: for a field that comes back filled in.
pub fn typed(date: NaiveDate) -> String {
    date.format("%-m/%-d/%Y").to_string()
}

/// `January 31, 2026`
pub fn say(date: NaiveDate) -> String {
    date.format("%B %-d, %Y").to_string()
}

/// `Jan 31, 2026`
pub fn say_short(date: NaiveDate) -> String {
    date.format("%b %-d, %Y").to_string()
}

/// `Friday, January 31, 2026`
pub fn say_with_day(date: NaiveDate) -> String {
    date.format("%A, %B %-d, %Y").to_string()
}

/// `January 31, 2026 at 14:05 UTC (9:05 AM EST)`
pub fn say_instant(at: DateTime<Utc>, timezone: Tz) -> String {
    let local = at.with_timezone(&timezone);
    format!("{} ({})", at.format("%B %-d, %Y at %H:%M UTC"), local.format("%-I:%M %p %Z"))
}

fn shown(text: &str) -> String {
    text.trim().chars().filter(|c| c.is_alphanumeric() || c.is_ascii_graphic() || *c == ' ').take(40).collect()
}

fn parts(text: &str) -> Option<(i32, u32, u32)> {
    let text = text.replace(['‐', '‑', '–', '−'], "-");
    let text = without_midnight(text.trim());
    let pieces: Vec<&str> = text.split(['-', '/', ' ', ',']).filter(|piece| !piece.is_empty()).collect();
    let &[first, second, third] = pieces.as_slice() else {
        return None;
    };
    if let Some(month) = month_named(first) {
        return Some((year(third)?, month, number(second)?));
    }
    if let Some(month) = month_named(second) {
        return Some((year(third)?, month, number(first)?));
    }
    if !["-", "/"].iter().any(|mark| pieces.join(mark) == text) {
        return None;
    }
    if first.len() >= 4 {
        return Some((year(first)?, number(second)?, number(third)?));
    }
    Some((year(third)?, number(first)?, number(second)?))
}

/// Spreadsheets and databases add the time of day to a date they export.
fn without_midnight(text: &str) -> &str {
    let midnights = ["T00:00:00Z", "T00:00:00", " 00:00:00", " 00:00", " 0:00:00", " 0:00", " 12:00:00 AM"];
    midnights.iter().find_map(|midnight| text.strip_suffix(midnight)).unwrap_or(text)
}

fn month_named(text: &str) -> Option<u32> {
    const MONTHS: &str = "january february march april may june july august september october november december";
    let text = text.trim_end_matches('.').to_ascii_lowercase();
    let is = |month: &str| month == text || month[..3] == text || (text == "sept" && month == "september");
    (1..).zip(MONTHS.split(' ')).find(|(_, month)| is(month)).map(|(number, _)| number)
}

/// Two digits mean this century, and the last one from 80: "98" is no year to come. Five are
/// read too, so that the fault says "too late".
fn year(text: &str) -> Option<i32> {
    match text.len() {
        2 => digits::<i32>(text).map(|year| if year < 80 { 2000 + year } else { 1900 + year }),
        4..=6 => digits(text),
        _ => None,
    }
}

fn number(text: &str) -> Option<u32> {
    if text.len() > 2 { None } else { digits(text) }
}

fn digits<N: std::str::FromStr>(text: &str) -> Option<N> {
    // `parse` alone would take "+1".
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_offices_and_spreadsheets_write_it() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 31).unwrap();
        let spellings = "2026-01-31| 2026-01-31 |2026-1-31|2026/01/31|2026–01–31|1/31/2026|01/31/2026|1-31-2026|1/31/26\
            |31-Jan-26|Jan 31, 2026|january 31 2026|1/31/2026 0:00|2026-01-31 00:00:00|2026-01-31T00:00:00";
        for text in spellings.split('|') {
            assert_eq!(read(text), Ok(day), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_said_so_in_plain_words() {
        let said = |text: &str| read(text).unwrap_err().to_string();
        assert_eq!(said("31/01/2026"), "“31/01/2026” is not a date we can read; write 2026-01-31 or 1/31/2026");
        assert_eq!(said("2/30/2026"), "“2/30/2026” is a day that does not exist; check the day and the month");
        assert_eq!(
            said("1999-12-31"),
            "“1999-12-31” is too early or too late; write a date from January 1, 2000 to December 31, 2100"
        );
        for text in "|soon|2026|2026-13-01|1/0/2026|1-31/2026|1//31/2026|31.01.2026|+1/+2/2026".split('|') {
            assert!(matches!(read(text), Err(DateFault::Unreadable(_))), "{text}");
        }
        for text in ["20226-01-01", "1/1/2101", "0001-01-01"] {
            assert!(matches!(read(text), Err(DateFault::OutOfRange(_))), "{text}");
        }
    }

    #[test]
    fn the_first_and_last_day_of_the_range_and_a_leap_day_are_dates() {
        for text in ["2000-01-01", "2100-12-31", "2028-02-29"] {
            assert_eq!(read(text).unwrap().to_string(), text);
        }
        assert!(read("2100-02-29").is_err(), "2100 is no leap year");
    }

    #[test]
    fn a_day_is_said_as_americans_say_it_and_read_again() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
        assert_eq!((say(day), say_short(day)), ("January 5, 2026".to_owned(), "Jan 5, 2026".to_owned()));
        assert_eq!((read(&say(day)), read(&say_short(day))), (Ok(day), Ok(day)));
    }
}
