//! A signed reply that is opened again: by the vendor, to put something right, or by the
//! practice, which sends questions back with a remark on each. Until the correction is signed
//! the reply stands as it was signed (UETA section 10: a way to mend an error).

pub mod files;
pub mod thread;

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::answers::{Answer, Answers};
use super::assessment::Attestation;
use super::civil_date;
use super::flags::{Fact, FlagKind};
use super::ids::{AssessmentId, CorrectionId, DocumentId};
use super::questionnaire::Question;
use super::words::{counted, words};
use files::Filed;

/// Days that a vendor has for questions that were sent back.
pub const DAYS: u64 = 14;
/// Longest remark or reply, in characters.
pub const LONGEST: usize = 2_000;

words! {
    /// How a correction ended.
    pub enum Outcome {
        Signed = "signed" => "Signed anew",
        Withdrawn = "withdrawn" => "Withdrawn",
    }
}

words! {
    /// Why a signed reply was opened again.
    pub enum Occasion {
        /// The vendor has something to put right.
        Own = "own" => "Opened by the vendor",
        /// A reviewer asks about answers.
        Returned = "returned" => "Questions sent back",
        HalfYear = "half-year" => "Half-year check",
        /// The vendor told of a change, which touches these questions.
        Change = "change" => "Asked again after a change",
    }
}

impl Occasion {
    /// Asked by rule, and answered by "still true" or by another answer (`super::recheck`).
    pub const fn is_recheck(self) -> bool {
        matches!(self, Self::HalfYear | Self::Change)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    pub id: CorrectionId,
    pub assessment: AssessmentId,
    pub occasion: Occasion,
    /// Why, in the vendor's words; empty where the practice sent questions back.
    pub reason: String,
    /// The practice's remark by question; empty where the vendor opened it.
    pub returned: BTreeMap<String, String>,
    /// What the vendor says to a remark, by question.
    pub replies: BTreeMap<String, String>,
    /// Answers that differ from the signed ones; `None` takes one back.
    pub changes: BTreeMap<String, Option<Answer>>,
    /// Files put under answers or taken off, by question.
    pub files: BTreeMap<String, BTreeMap<DocumentId, Filed>>,
    pub opened_by: String,
    pub opened_at: DateTime<Utc>,
    /// The practice's day.
    pub opened_on: NaiveDate,
    /// By when questions that were sent back should be answered.
    pub due_on: Option<NaiveDate>,
    pub ended: Option<(Outcome, DateTime<Utc>)>,
}

impl Correction {
    pub fn by_practice(&self) -> bool {
        !self.returned.is_empty()
    }

    /// Whether a question that was sent back has neither another answer, nor other files, nor a
    /// reply: an answer may stay as it is, with a word of why.
    pub fn waits(&self, slug: &str) -> bool {
        let touched = |files: &BTreeMap<DocumentId, Filed>| !files.is_empty();
        self.returned.contains_key(slug)
            && !self.changes.contains_key(slug)
            && !self.replies.contains_key(slug)
            && !self.files.get(slug).is_some_and(touched)
    }

    /// Whether the vendor signed this question after `at`, having looked at it.
    pub fn answered_after(&self, slug: &str, at: DateTime<Utc>) -> bool {
        let signed = matches!(self.ended, Some((Outcome::Signed, ended)) if ended > at);
        signed && (self.changes.contains_key(slug) || self.returned.contains_key(slug))
    }

    /// Whether this question is put: of those sent back, these alone.
    pub fn asks(&self, question: &Question) -> bool {
        self.returned.is_empty() || self.returned.contains_key(&question.slug)
    }

    /// The signed answers with what was changed.
    pub fn over(&self, signed: &Answers) -> Answers {
        let mut answers = signed.clone();
        for (slug, answer) in &self.changes {
            match answer {
                Some(answer) => drop(answers.insert(slug.clone(), answer.clone())),
                None => drop(answers.remove(slug)),
            }
        }
        answers
    }

    /// Takes an answer in; one that is the signed one again is no change.
    pub fn take(&mut self, slug: &str, answer: Option<Answer>, signed: &Answers) {
        // Whose hand it came from is no difference.
        if signed.get(slug).map(Answer::bare) == answer.as_ref().map(Answer::bare) {
            self.changes.remove(slug);
        } else {
            self.changes.insert(slug.to_owned(), answer);
        }
    }

    /// The day by which the practice wants it answered, while it waits.
    fn waited_for(&self) -> Option<NaiveDate> {
        self.due_on.filter(|_| self.ended.is_none() && self.by_practice())
    }

    /// Whether the vendor is late with what the practice asked about.
    pub fn is_late(&self, today: NaiveDate) -> bool {
        self.waited_for().is_some_and(|due| due < today)
    }

    /// The next day on which it is late, if that is still to come.
    pub fn next_turn(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.waited_for().map(|due| due + Days::new(1)).filter(|turn| *turn > today)
    }

    /// What a person should know while questions are out: of a recheck, that it is late.
    pub fn fact(&self, today: NaiveDate) -> Option<Fact> {
        let due = self.waited_for()?;
        let (questions, sent, due) =
            (counted(self.returned.len(), "question"), civil_date::say(self.opened_on), civil_date::say(due));
        let (kind, sentence) = match self.occasion {
            Occasion::HalfYear | Occasion::Change if !self.is_late(today) => return None,
            Occasion::HalfYear => (
                FlagKind::RecheckLate,
                format!("The half-year check of {questions} was sent on {sent} and wanted by {due}; it is not signed"),
            ),
            Occasion::Change => (
                FlagKind::RecheckLate,
                format!(
                    "{questions} that a change touches were asked again on {sent}, to be answered by {due}; they are not signed"
                ),
            ),
            Occasion::Own | Occasion::Returned => {
                (FlagKind::SentBack, format!("{questions} sent back on {sent}, to be answered by {due}"))
            }
        };
        Some(Fact { kind, subject: self.assessment.to_string(), sentence })
    }
}

/// A version of a reply that a correction has replaced.
#[derive(Clone, Debug, PartialEq)]
pub struct EarlierReply {
    /// 1 for the first that was signed.
    pub version: u32,
    pub signed: Attestation,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::answers::{Grade, Value};

    fn said(grade: Grade) -> Answer {
        Answer::of(Value::Grade(grade))
    }

    pub fn correction() -> Correction {
        Correction {
            id: CorrectionId::fresh(),
            assessment: AssessmentId::fresh(),
            occasion: Occasion::Returned,
            reason: String::new(),
            returned: [("a.one".to_owned(), "Which report?".to_owned())].into(),
            replies: BTreeMap::new(),
            changes: BTreeMap::new(),
            files: BTreeMap::new(),
            opened_by: "Dana".to_owned(),
            opened_at: DateTime::default(),
            opened_on: "2026-11-22".parse().unwrap(),
            due_on: "2026-12-06".parse().ok(),
            ended: None,
        }
    }

    #[test]
    fn an_answer_changed_back_to_what_was_signed_is_no_change() {
        let signed = Answers::from([("a.one".to_owned(), said(Grade::Yes))]);
        let mut correction = correction();
        correction.take("a.one", Some(said(Grade::No)), &signed);
        correction.take("a.two", Some(said(Grade::Partial)), &signed);
        assert_eq!(correction.over(&signed).get("a.one"), Some(&said(Grade::No)));
        correction.take("a.one", Some(said(Grade::Yes)), &signed);
        correction.take("a.two", None, &signed);
        assert!(correction.changes.is_empty());
        correction.take("a.one", None, &signed);
        assert_eq!(correction.over(&signed), Answers::new());
    }

    #[test]
    fn a_question_sent_back_waits_until_the_answer_changes_or_a_reply_says_why_not() {
        let signed = Answers::from([("a.one".to_owned(), said(Grade::Yes))]);
        let mut correction = correction();
        assert!(correction.waits("a.one") && !correction.waits("a.two"));
        correction.take("a.one", Some(said(Grade::Yes)), &signed);
        assert!(correction.waits("a.one"), "saved as it was signed is no change");
        correction.take("a.one", Some(said(Grade::No)), &signed);
        assert!(!correction.waits("a.one"));
        correction.take("a.one", Some(said(Grade::Yes)), &signed);
        correction.replies.insert("a.one".to_owned(), "It was renewed.".to_owned());
        assert!(!correction.waits("a.one"));
    }

    #[test]
    fn questions_that_are_out_are_a_fact_until_the_correction_ends() {
        let out = correction();
        let fact = out.fact(out.opened_on).unwrap();
        assert_eq!(fact.sentence, "1 question sent back on November 22, 2026, to be answered by December 6, 2026");
        let ended = Correction { ended: Some((Outcome::Signed, DateTime::default())), ..out.clone() };
        assert_eq!(ended.fact(ended.opened_on), None);
        let own = Correction { returned: BTreeMap::new(), ..out };
        assert_eq!(own.fact(own.opened_on), None);
    }

    #[test]
    fn a_half_year_check_is_a_fact_once_it_is_late() {
        let out = Correction { occasion: Occasion::HalfYear, ..correction() };
        let due = out.due_on.unwrap();
        assert_eq!((out.fact(due), out.is_late(due)), (None, false));
        let late = out.next_turn(due).unwrap();
        assert_eq!(late, due + Days::new(1));
        assert!(out.is_late(late) && out.next_turn(late).is_none());
        assert_eq!(
            out.fact(late).unwrap().sentence,
            "The half-year check of 1 question was sent on November 22, 2026 and wanted by December 6, 2026; it is not signed"
        );
    }
}
