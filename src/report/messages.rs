//! What a chart says, as a sentence made of its numbers, and the numbers in words.

use chrono::NaiveDate;

use super::charts::grouped;
use crate::domain::calendar;
use crate::domain::questionnaire::Cause;
use crate::domain::scoring::Rating;
use crate::domain::standing::Status;

/// The message of a chart, and the numbers behind it as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub title: String,
    pub summary: String,
}

/// The order in which ratings are read: better first, the unknown last.
pub const RATINGS: [Rating; 6] =
    [Rating::Low, Rating::Moderate, Rating::High, Rating::Critical, Rating::DoNotShare, Rating::NotAssessed];

/// The order in which replies are read: done first. Vendors that need not be asked are not
/// among them.
pub const REPLIES: [Status; 7] = [
    Status::Current,
    Status::OnEvidence,
    Status::InProgress,
    Status::Invited,
    Status::NoReply,
    Status::OutOfDate,
    Status::NotAsked,
];

/// How many of each, in the order asked for; what was not counted is none.
pub fn in_order<T: PartialEq + Copy>(order: &[T], counts: &[(T, u32)]) -> Vec<(T, u32)> {
    order.iter().map(|one| (*one, count(counts, *one))).collect()
}

fn count<T: PartialEq + Copy>(counts: &[(T, u32)], wanted: T) -> u32 {
    counts.iter().filter(|(one, _)| *one == wanted).map(|(_, count)| count).sum()
}

/// How many vendors have each rating.
pub fn ratings(counts: &[(Rating, u32)]) -> Message {
    let counts = in_order(&RATINGS, counts);
    let all: u32 = counts.iter().map(|(_, count)| count).sum();
    let risky = [Rating::High, Rating::Critical, Rating::DoNotShare].map(|rating| count(&counts, rating)).iter().sum();
    let unknown = count(&counts, Rating::NotAssessed);
    let title = match (risky, all) {
        (0, _) if unknown == all => "No vendor has been assessed yet".to_owned(),
        (0, _) if unknown > 0 => "No vendor that was assessed is rated High or worse".to_owned(),
        (0, _) => "No vendor is rated High or worse".to_owned(),
        (risky, all) => format!("{} rated High or worse", of(risky, all)),
    };
    Message { title, summary: format!("{}. A higher rating is worse.", list(&counts, Rating::says)) }
}

/// How many vendors stand where, in the order in which replies are read. Few practices accept
/// anybody on evidence: where none does, nothing is said of it.
pub fn by_reply(counts: &[(Status, u32)]) -> Vec<(Status, u32)> {
    let mut counts = in_order(&REPLIES, counts);
    counts.retain(|(status, count)| *status != Status::OnEvidence || *count > 0);
    counts
}

/// How many vendors stand where with their yearly reply.
pub fn replies(counts: &[(Status, u32)]) -> Message {
    let unasked = count(counts, Status::NotNeeded);
    let counts = by_reply(counts);
    let all: u32 = counts.iter().map(|(_, count)| count).sum();
    let title = match (count(&counts, Status::Current), all) {
        (_, 0) => "No vendor has to be asked".to_owned(),
        (0, all) => format!("None of {} is up to date yet", vendors(all)),
        (current, all) if current == all => format!("All {} are up to date", vendors(all)),
        (current, all) => format!("{} up to date", of(current, all)),
    };
    let mut summary = format!("{}.", list(&counts, Status::says));
    // Otherwise "up to date" would seem to sink by itself toward the end of each year.
    if count(&counts, Status::Invited) + count(&counts, Status::InProgress) > 0 {
        summary.push_str(&format!(" Vendors are asked again up to {} days ahead.", calendar::ASK_DAYS_BEFORE));
    }
    match unasked {
        0 => {}
        1 => summary.push_str(" 1 more need not be asked."),
        more => summary.push_str(&format!(" {} more need not be asked.", number(more))),
    }
    Message { title, summary }
}

/// How many flags were open at the end of each of these days, the last being today.
pub fn open_flags(days: &[(NaiveDate, u32)]) -> Message {
    let (Some((first_day, first)), Some((_, last))) = (days.first(), days.last()) else {
        return Message { title: "No open flags".to_owned(), summary: String::new() };
    };
    let since = first_day.format("%B");
    let title = match (*first, *last) {
        (0, 0) => "No open flags".to_owned(),
        (first, last) if first < last => {
            format!("Open flags rose from {} to {} since {since}", number(first), number(last))
        }
        (first, last) if first > last => {
            format!("Open flags fell from {} to {} since {since}", number(first), number(last))
        }
        (_, 1) => format!("1 flag is open, as at the end of {since}"),
        (_, last) => format!("{} flags are open, as many as at the end of {since}", number(last)),
    };
    let most = days.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let peak = days.iter().rev().find(|(_, count)| *count == most);
    let summary = match peak {
        Some((_, 0)) | None => "None was open at the end of any of the last twelve months.".to_owned(),
        Some((day, _)) if Some(day) == days.last().map(|(day, _)| day) => {
            "Counted at the end of each month, and today. Today’s number is the highest.".to_owned()
        }
        Some((day, most)) => {
            let verb = if *most == 1 { "was" } else { "were" };
            format!(
                "Counted at the end of each month, and today. The most {verb} {}, in {}.",
                number(*most),
                day.format("%B")
            )
        }
    };
    Message { title, summary }
}

/// How much of the wanted safeguards is missing against each cause, in basis points.
pub fn causes(gaps: &[(Cause, u32)]) -> Message {
    let mut worst: Option<(Cause, u32)> = None;
    for (cause, gap) in gaps {
        if *gap > worst.map_or(0, |(_, gap)| gap) {
            worst = Some((*cause, *gap));
        }
    }
    let title = match worst {
        None => "Nothing is missing against any cause of a breach".to_owned(),
        Some((cause, _)) => format!("Most is missing against {}", cause.says().to_lowercase()),
    };
    let summary = "How much of all the safeguards we want is missing or not shown, of 100, by what it would help \
                   against. Higher is worse. One safeguard may help against several."
        .to_owned();
    Message { title, summary }
}

fn number(count: u32) -> String {
    grouped(count.into())
}

fn vendors(count: u32) -> String {
    if count == 1 { "1 vendor".to_owned() } else { format!("{} vendors", number(count)) }
}

/// `8 of 41 vendors are`
fn of(some: u32, all: u32) -> String {
    format!("{} of {} {}", number(some), vendors(all), if some == 1 { "is" } else { "are" })
}

/// `Low 11, Moderate 14`
fn list<T: Copy>(counts: &[(T, u32)], says: fn(T) -> &'static str) -> String {
    counts.iter().map(|(one, count)| format!("{} {}", says(*one), number(*count))).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
