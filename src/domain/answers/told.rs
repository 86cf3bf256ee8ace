//! An answer that somebody at the vendor told, and that a person at the practice typed in.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Answer, Answers};
use crate::domain::civil_date;
use crate::domain::words::words;

words! {
    /// How it reached the practice.
    pub enum Way {
        Telephone = "telephone" => "by telephone",
        Paper = "paper" => "on paper",
        Meeting = "meeting" => "in person",
    }
}

/// Where such an answer comes from. It stays with the answer for good: what the vendor then
/// signs says how it came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Who at the vendor.
    pub by: String,
    pub on: NaiveDate,
    pub way: Way,
    /// Who at the practice.
    pub entered_by: String,
}

impl Told {
    /// `Told by Pat Morgan by telephone on May 3, 2026, and typed in by Dana Whitfield`
    pub fn says(&self) -> String {
        let (way, on) = (self.way.says(), civil_date::say(self.on));
        format!("Told by {} {way} on {on}, and typed in by {}", self.by, self.entered_by)
    }
}

/// How many of the answers somebody else typed in.
pub fn count(answers: &Answers) -> usize {
    answers.values().filter(|answer| answer.told.is_some()).count()
}

/// What a page of told answers changes. A blank takes back only what was told: an answer that
/// the vendor gave itself is not the practice's to take back.
pub fn may_take_back(before: Option<&Answer>, after: Option<&Answer>) -> bool {
    after.is_some() || before.is_none_or(|before| before.told.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answers::{Grade, Value};
    use crate::domain::scoring::fixtures::day;

    fn told() -> Answer {
        let told = Told {
            by: "Pat Morgan".into(),
            on: day("2026-05-03"),
            way: Way::Telephone,
            entered_by: "Dana Whitfield".into(),
        };
        Answer { told: Some(told), ..Answer::of(Value::Grade(Grade::Yes)) }
    }

    #[test]
    fn a_told_answer_says_who_told_it_when_and_who_typed_it_in() {
        let says = told().told.unwrap().says();
        assert_eq!(says, "Told by Pat Morgan by telephone on May 3, 2026, and typed in by Dana Whitfield");
    }

    #[test]
    fn it_is_kept_with_the_answer_and_an_ordinary_answer_is_kept_as_ever() {
        let kept = serde_json::to_string(&told()).unwrap();
        assert_eq!(serde_json::from_str::<Answer>(&kept).unwrap(), told());
        assert_eq!(serde_json::to_string(&told().bare()).unwrap(), r#"{"value":{"grade":"yes"}}"#);
    }

    #[test]
    fn the_practice_takes_back_only_what_it_typed_in() {
        let own = told().bare();
        assert!(may_take_back(Some(&told()), None) && may_take_back(None, None));
        assert!(!may_take_back(Some(&own), None));
        assert!(may_take_back(Some(&own), Some(&told())));
    }
}
