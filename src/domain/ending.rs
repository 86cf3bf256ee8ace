//! The end of a vendor's work for us: a checklist of what is to be settled, who settled it
//! and when. At the end all patient information comes back or is destroyed, if that can be
//! done (45 CFR 164.504(e)(2)(ii)(J)), and the papers are kept (45 CFR 164.316(b)(2)(i)).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::civil_date;
use super::flags::{Fact, FlagKind};
use super::ids::{DocumentId, EndingId, VendorId};
use super::words::words;

words! {
    /// What is to be settled, in the order of the page.
    pub enum StepKind {
        Access = "access" => "Access removed",
        Information = "information" => "Information returned or destroyed",
        Certificate = "certificate" => "Certificate received",
        Agreement = "agreement" => "Agreement kept",
    }
}

impl StepKind {
    /// What to do, for the person who does it.
    pub const fn explains(self) -> &'static str {
        match self {
            Self::Access => "Sign-ins, keys, badges, remote access and shared mailboxes of its people are closed.",
            Self::Information => {
                "All patient information is returned or destroyed, copies and its subcontractors’ included, if that can be done (45 CFR 164.504(e)(2)(ii)(J))."
            }
            Self::Certificate => "It confirmed in writing what was returned or destroyed, how and when.",
            Self::Agreement => "The agreement is on file and stays there (45 CFR 164.316(b)(2)(i)).",
        }
    }

    /// How it can be settled.
    pub const fn outcomes(self) -> &'static [Outcome] {
        match self {
            Self::Information => &[Outcome::Returned, Outcome::Destroyed, Outcome::NotFeasible, Outcome::SetAside],
            Self::Access | Self::Certificate | Self::Agreement => &[Outcome::Done, Outcome::SetAside],
        }
    }
}

words! {
    /// How a step was settled.
    pub enum Outcome {
        Done = "done" => "Done",
        Returned = "returned" => "Returned to us",
        Destroyed = "destroyed" => "Destroyed",
        NotFeasible = "not-feasible" => "Not feasible: it stays protected and is used for nothing else",
        SetAside = "set-aside" => "Does not apply, or cannot be done",
    }
}

impl Outcome {
    /// Whether it has to be said why.
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::NotFeasible | Self::SetAside)
    }
}

/// One line of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub kind: StepKind,
    pub settled: Option<Settled>,
}

/// Who settled a step, when and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    pub outcome: Outcome,
    pub by: String,
    pub on: NaiveDate,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub document: Option<DocumentId>,
}

/// The end of one vendor's work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    pub id: EndingId,
    pub vendor: VendorId,
    pub reason: String,
    /// The last day of the work.
    pub last_day: NaiveDate,
    pub begun_on: NaiveDate,
    pub begun_by: String,
    pub steps: Vec<Step>,
    pub finished_on: Option<NaiveDate>,
}

impl Ending {
    /// Every step, none of them settled.
    pub fn checklist() -> Vec<Step> {
        StepKind::ALL.iter().map(|kind| Step { kind: *kind, settled: None }).collect()
    }

    /// What is still to be settled.
    pub fn open(&self) -> impl Iterator<Item = StepKind> {
        self.steps.iter().filter(|step| step.settled.is_none()).map(|step| step.kind)
    }

    pub fn step(&self, kind: StepKind) -> Option<&Step> {
        self.steps.iter().find(|step| step.kind == kind)
    }

    /// Said while the last day is past and the checklist is not finished.
    pub fn fact(&self, today: NaiveDate) -> Option<Fact> {
        if self.finished_on.is_some() || today <= self.last_day {
            return None;
        }
        let open: Vec<String> = self.open().map(|kind| lower_first(kind.says())).collect();
        let rest = match open.as_slice() {
            [] => "every step is settled, and nobody has finished the checklist".to_owned(),
            open => format!("not settled: {} (45 CFR 164.504(e)(2)(ii)(J))", open.join(", ")),
        };
        Some(Fact {
            kind: FlagKind::EndingOpen,
            subject: String::new(),
            sentence: format!("Its last day was {}; {rest}", civil_date::say(self.last_day)),
        })
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ending() -> Ending {
        Ending {
            id: EndingId::fresh(),
            vendor: VendorId::fresh(),
            reason: "Too dear".to_owned(),
            last_day: "2026-11-22".parse().unwrap(),
            begun_on: "2026-11-01".parse().unwrap(),
            begun_by: "Dana".to_owned(),
            steps: Ending::checklist(),
            finished_on: None,
        }
    }

    #[test]
    fn an_ending_is_flagged_from_the_day_after_its_last() {
        let ending = ending();
        assert_eq!(ending.fact(ending.last_day), None);
        let fact = ending.fact(ending.last_day.succ_opt().unwrap()).unwrap();
        assert!(fact.sentence.starts_with("Its last day was November 22, 2026; not settled: access removed, "));
        assert_eq!(Ending { finished_on: Some(ending.last_day), ..ending.clone() }.fact(NaiveDate::MAX), None);
    }

    #[test]
    fn information_has_ways_of_its_own() {
        assert!(!StepKind::Information.outcomes().contains(&Outcome::Done));
        assert!(StepKind::ALL.iter().all(|kind| kind.outcomes().contains(&Outcome::SetAside)));
        assert!(Outcome::NotFeasible.needs_reason() && !Outcome::Destroyed.needs_reason());
    }
}
