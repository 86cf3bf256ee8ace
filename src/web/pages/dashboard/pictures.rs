//! The charts of the overview: values from the database, tones and links of these pages.

use chrono::{Datelike, Months, NaiveDate};

use crate::domain::scoring::Rating;
use crate::domain::standing::Status;
use crate::report::charts::{self, Amount, Bars, Frame, Line, Moment, Scale};
use crate::report::messages::{self, Message};
use crate::store::flags::Span;
use crate::web::pages::words;

/// How many months the trend shows.
const MONTHS: u32 = 12;

pub fn ratings(counts: &[(Rating, u32)]) -> Bars {
    let amounts: Vec<Amount> = messages::in_order(&messages::RATINGS, counts)
        .into_iter()
        .map(|(rating, count)| Amount {
            label: rating.says().to_owned(),
            amount: count,
            says: charts::grouped(count.into()),
            tone: words::rating_tone(rating),
            href: Some(format!("/vendors?rating={rating}")),
        })
        .collect();
    let frame = frame("ratings", messages::ratings(counts), "Vendors by rating today", ["Rating", "Vendors"]);
    charts::bars(frame, Scale::Largest, &amounts)
}

pub fn replies(counts: &[(Status, u32)]) -> Bars {
    let amounts: Vec<Amount> = messages::by_reply(counts)
        .into_iter()
        .map(|(status, count)| Amount {
            label: status.says().to_owned(),
            amount: count,
            says: charts::grouped(count.into()),
            tone: words::status_tone(status),
            href: Some(format!("/vendors?status={status}")),
        })
        .collect();
    let frame = frame("replies", messages::replies(counts), "Vendors by reply today", ["Reply", "Vendors"]);
    charts::bars(frame, Scale::Largest, &amounts)
}

pub fn trend(days: &[(NaiveDate, u32)]) -> Line {
    let today = days.last().map(|(day, _)| *day);
    let moments: Vec<Moment> = days
        .iter()
        .map(|(day, count)| Moment {
            short: day.format("%b").to_string(),
            label: if Some(*day) == today { "Today".to_owned() } else { day.format("%b %Y").to_string() },
            amount: *count,
            href: Some(format!("/flags?open_on={day}")),
        })
        .collect();
    let caption = "Open flags at the end of each month, and today";
    charts::line(frame("trend", messages::open_flags(days), caption, ["Month", "Open flags"]), "bad", &moments)
}

fn frame(id: &'static str, message: Message, caption: &str, columns: [&'static str; 2]) -> Frame {
    Frame { id, title: message.title, summary: message.summary, caption: caption.to_owned(), columns }
}

/// The last days of the months before this one, and today for this one.
pub fn month_ends(today: NaiveDate) -> Vec<NaiveDate> {
    let first = today.with_day(1).unwrap_or(today);
    let before = (0..MONTHS - 1).rev().filter_map(|back| first.checked_sub_months(Months::new(back))?.pred_opt());
    before.chain([today]).collect()
}

/// How many flags stood open at the end of each day: raised by then, and closed later or not
/// at all. The page that each number links to counts the same way.
pub fn open_on(days: &[NaiveDate], spans: &[Span]) -> Vec<(NaiveDate, u32)> {
    let open = |day: NaiveDate| {
        let stood = |(raised, closed, _): &&Span| *raised <= day && closed.is_none_or(|closed| closed > day);
        spans.iter().filter(stood).map(|(_, _, flags)| flags).sum()
    };
    days.iter().map(|day| (*day, open(*day))).collect()
}
