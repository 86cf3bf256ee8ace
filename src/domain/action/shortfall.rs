//! How far an answer falls short, how long that may last, and what would mend it.

use crate::domain::answers::{Answer, Grade, Value};
use crate::domain::questionnaire::{Authority, Gravity, Question};
use crate::domain::scoring::Note;
use crate::domain::scoring::record::AnswerLine;
use crate::domain::words::words;

words! {
    /// How far an answer falls short, worst first.
    pub enum Shortfall {
        HardStop = "hard-stop" => "Hard stop not met",
        Critical = "critical" => "Critical question not met",
        CriticalPart = "critical-part" => "Critical question partly met",
        Other = "other" => "Other gap",
    }
}

impl Shortfall {
    /// Days that a vendor gets to put it right, unless somebody says otherwise.
    pub const fn days(self) -> u64 {
        match self {
            Self::HardStop => 14,
            Self::Critical => 30,
            Self::CriticalPart => 60,
            Self::Other => 90,
        }
    }

    /// Whether the rule raises an action for it by itself.
    pub const fn is_failed_critical(self) -> bool {
        matches!(self, Self::HardStop | Self::Critical)
    }

    /// How far an answer falls short by its line of the scorecard; `None` where nothing is lost.
    /// A critical question fails on no credit, and on a plan, as in the score.
    pub fn of(question: &Question, line: &AnswerLine, answer: Option<&Answer>) -> Option<Self> {
        if !line.in_denominator || line.loss == 0 {
            return None;
        }
        let planned = answer.is_some_and(|answer| answer.value == Value::Grade(Grade::Planned));
        let failed = line.credit == 0 || planned;
        Some(match question.gravity {
            Gravity::HardStop if failed => Self::HardStop,
            Gravity::Critical if failed => Self::Critical,
            Gravity::HardStop | Gravity::Critical if !is_met(line) => Self::CriticalPart,
            _ => Self::Other,
        })
    }
}

/// Whether what the question asks for is there; more proof may still be wanted.
pub fn is_met(line: &AnswerLine) -> bool {
    !line.in_denominator || line.credit == 100 || line.note == Some(Note::Alternative)
}

/// The paragraphs of law that ask for it; empty where no law in force does.
pub fn cites(question: &Question) -> String {
    if question.authority != Authority::Law {
        return String::new();
    }
    let one = |cite: &String| if cite.contains(' ') { cite.clone() } else { format!("45 CFR {cite}") };
    question.citations.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What would put it right, as a sentence.
pub fn wanted(question: &Question, note: Option<Note>) -> String {
    let first = match note {
        Some(Note::MoreProof | Note::Alternative) => "Send a document that shows it.",
        Some(Note::LeftBlank | Note::DoesNotKnow | Note::NotReadable | Note::FutureDay) => {
            "Find out how it stands, put it in place where it is not, and tell us."
        }
        Some(Note::DetailMissing | Note::DetailLow) => "Tell us the second part of the answer, or bring it up to date.",
        Some(Note::Partly) => "Put the rest of it in place, and tell us when that was.",
        Some(Note::Planned | Note::PlannedUndated | Note::PlannedPast) => {
            "Carry the plan out, and tell us when that was."
        }
        _ => "Put it in place, and tell us when that was.",
    };
    match question.evidence.as_str() {
        "" => first.to_owned(),
        evidence => format!("{first} What would show it: {evidence}"),
    }
}
