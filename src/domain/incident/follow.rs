//! What follows from incidents: flags, the day on which those change, and signals for the score.

use chrono::{Days, Months, NaiveDate};

use super::steps::{self, Due, StepKind};
use super::{Conclusion, File};
use crate::domain::civil_date;
use crate::domain::flags::{Fact, FlagKind};
use crate::domain::scoring::Signal;

/// Steps that we have to see to, and that are neither done nor in doubt.
fn open_steps(file: &File) -> Vec<Due> {
    let told = |due: &Due| due.step.is_ours() && due.certain && file.done(due.step).is_none();
    steps::due(file).into_iter().filter(told).collect()
}

/// One fact for each incident that is open, and one for each of its steps that is overdue.
pub fn facts(files: &[File], today: NaiveDate) -> Vec<Fact> {
    files.iter().filter(|file| file.incident.closed.is_none()).flat_map(|file| of_one(file, today)).collect()
}

fn of_one(file: &File, today: NaiveDate) -> Vec<Fact> {
    let incident = &file.incident;
    let (late, coming): (Vec<Due>, Vec<Due>) = open_steps(file).into_iter().partition(|due| due.by < today);
    let next = match coming.first() {
        Some(due) => format!("{} by {}", within(due.step), civil_date::say(due.by)),
        None if file.assessments.is_empty() => "assess whether it is a breach".to_owned(),
        None if late.is_empty() => "nothing is left to do; close it".to_owned(),
        None => "what is overdue".to_owned(),
    };
    let open = Fact {
        kind: FlagKind::IncidentOpen,
        subject: incident.id.to_string(),
        sentence: format!("An incident told on {} is open. Next: {next}", civil_date::say(incident.known.told_on)),
    };
    let late = late.iter().map(|due| Fact {
        kind: FlagKind::IncidentOverdue,
        subject: format!("{}:{}", incident.id, due.step),
        sentence: format!(
            "Of the incident told on {}, this was due on {}: {} ({})",
            civil_date::say(incident.known.told_on),
            civil_date::say(due.by),
            within(due.step),
            due.step.cites(),
        ),
    });
    std::iter::once(open).chain(late).collect()
}

/// As it goes on in a sentence.
fn within(step: StepKind) -> &'static str {
    match step {
        StepKind::VendorTellsByAgreement | StepKind::VendorTells => "the vendor tells us",
        StepKind::Individuals => "write to the patients",
        StepKind::Media => "tell the media of the State",
        StepKind::HhsLarge | StepKind::HhsSmall => "tell the health department (HHS)",
    }
}

/// Months for which a breach counts in full, and at all.
const FRESH: u32 = 12;
const COUNTS: u32 = 36;

fn months_after(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

/// What incidents mean for the score, once a person has confirmed it: that it is a breach, by an
/// assessment; that word of it came too late, by what is known. Both count from the day we were
/// told, for three years.
pub fn signals(files: &[File], today: NaiveDate) -> Vec<Signal> {
    let mut all = Vec::new();
    for file in files {
        let told = file.incident.known.told_on;
        if today < told || today >= months_after(told, COUNTS) {
            continue;
        }
        if file.conclusion() == Some(Conclusion::Breach) {
            let fresh = today < months_after(told, FRESH);
            all.push(if fresh { Signal::Breach12Months } else { Signal::Breach36Months });
        }
        if file.incident.known.told_late {
            all.push(Signal::BreachNoticeLate);
        }
    }
    all
}

/// The next day after `today` on which a fact or a signal of theirs changes.
pub fn next_turn(files: &[File], today: NaiveDate) -> Option<NaiveDate> {
    let mut turns = Vec::new();
    for file in files {
        let known = &file.incident.known;
        if file.incident.closed.is_none() {
            turns.extend(open_steps(file).iter().filter_map(|due| due.by.checked_add_days(Days::new(1))));
        }
        if file.conclusion() == Some(Conclusion::Breach) || known.told_late {
            turns.extend([FRESH, COUNTS].map(|months| months_after(known.told_on, months)));
        }
    }
    turns.into_iter().filter(|turn| *turn > today).min()
}
