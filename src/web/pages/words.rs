//! Words, tones and dates that several staff pages share.

pub use crate::domain::words::counted;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::domain::agreement::AgreementStanding;
use crate::domain::assessment::Assessment;
use crate::domain::civil_date;
use crate::domain::flags::Severity;
use crate::domain::letter::LetterState;
use crate::domain::review::ReviewState;
use crate::domain::scoring::Rating;
use crate::domain::standing::Status;
pub use crate::domain::words::capital;
use crate::web::view::Badge;

/// The tone, colour and shape, of a rating.
pub fn rating_tone(rating: Rating) -> &'static str {
    match rating {
        Rating::Low => "low",
        Rating::Moderate => "moderate",
        Rating::High => "high",
        Rating::Critical => "critical",
        Rating::DoNotShare => "stop",
        Rating::NotAssessed => "none",
    }
}

pub fn rating(rating: Rating) -> Badge {
    Badge::new(rating_tone(rating), rating.says())
}

/// How an assessment is called: by the month it was asked in, because two may share a year.
pub fn assessment(assessment: &Assessment) -> String {
    assessment.asked_on.format("%B %Y").to_string()
}

pub fn status_tone(status: Status) -> &'static str {
    match status {
        Status::NotNeeded | Status::NotAsked => "none",
        Status::Invited | Status::InProgress => "wait",
        Status::OnEvidence => "soon",
        Status::NoReply | Status::OutOfDate => "bad",
        Status::Current => "good",
    }
}

pub fn status(status: Status) -> Badge {
    Badge::new(status_tone(status), status.says())
}

pub fn agreement(standing: AgreementStanding) -> Badge {
    let tone = match standing {
        AgreementStanding::NotNeeded => "none",
        AgreementStanding::Current => "good",
        AgreementStanding::EndsSoon => "soon",
        AgreementStanding::Missing | AgreementStanding::Ended => "bad",
    };
    Badge::new(tone, standing.says())
}

pub fn review(state: ReviewState) -> Badge {
    let tone = match state {
        ReviewState::None => "none",
        ReviewState::Waiting => "wait",
        ReviewState::Returned => "soon",
        ReviewState::Accepted => "good",
    };
    Badge::new(tone, state.says())
}

pub fn severity(severity: Severity) -> Badge {
    let tone = match severity {
        Severity::High => "bad",
        Severity::Medium => "soon",
        Severity::Low => "wait",
    };
    Badge::new(tone, severity.says())
}

pub fn letter_state(state: LetterState) -> Badge {
    let tone = match state {
        LetterState::Waiting | LetterState::Claimed => "wait",
        LetterState::Sent => "good",
        LetterState::Deferred | LetterState::Uncertain => "soon",
        LetterState::Failed => "bad",
    };
    Badge::new(tone, state.says())
}

/// Basis points as a figure out of 100: `67.00`.
pub fn points(basis_points: u32) -> String {
    format!("{}.{:02}", basis_points / 100, basis_points % 100)
}

/// The same to the nearest whole: `67`. What is more than nothing never reads as nothing.
pub fn whole_points(basis_points: u32) -> String {
    match basis_points {
        0 => "0".to_owned(),
        1..100 => "1".to_owned(),
        more => ((more + 50) / 100).to_string(),
    }
}

/// A date in a table; a dash for none.
pub fn date_or_dash(date: Option<NaiveDate>) -> String {
    date.map_or_else(|| "–".to_owned(), civil_date::say_short)
}

/// With a small first letter, to go on in a sentence.
pub fn uncapitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_lowercase().chain(rest).collect()).unwrap_or_default()
}

/// An instant as the practice's clock shows it: `Nov 22, 2026, 9:05 AM`.
pub fn local(at: DateTime<Utc>, timezone: Tz) -> String {
    at.with_timezone(&timezone).format("%b %-d, %Y, %-I:%M %p").to_string()
}
