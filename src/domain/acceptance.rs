//! Accepted on evidence: a vendor so large that it will never answer is taken on what is on
//! record, its public agreement and its certificates, for a year at most. Only what a paper
//! supports counts as answered; it is never a reply, and never low risk by itself.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::answers::{Answer, Answers, Evidence, Grade, Value};
use super::ids::{AcceptanceId, AgreementId, DocumentId, VendorId};
use super::questionnaire::{AnswerKind, ColumnKind, ListCredit, Question, Questionnaire};
use super::scoring::Rating;

/// The longest that one holds.
pub const MOST_DAYS: u64 = 365;

/// A paper on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Paper {
    Document(DocumentId),
    Agreement(AgreementId),
}

/// Which paper answers a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Support {
    pub question: String,
    pub paper: Paper,
}

/// That it was ended before its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub on: NaiveDate,
    pub by: String,
    pub why: String,
}

/// One acceptance. Rows are added and ended, never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    pub id: AcceptanceId,
    pub vendor: VendorId,
    /// The questionnaire's full name and digest: what the papers are held against.
    pub questionnaire: String,
    pub digest: String,
    pub asked: super::questionnaire::Asked,
    pub supports: Vec<Support>,
    pub reason: String,
    pub by: String,
    pub on: NaiveDate,
    /// The last day on which it holds.
    pub until: NaiveDate,
    pub ended: Option<Ended>,
}

impl Acceptance {
    /// Whether it holds on `today`.
    pub fn is_in_force(&self, today: NaiveDate) -> bool {
        self.ended.is_none() && self.on <= today && today <= self.until
    }

    /// The day on which it no longer holds, if nobody ends it before.
    pub fn lapses_on(&self) -> NaiveDate {
        self.until.succ_opt().unwrap_or(self.until)
    }
}

/// A paper as it stands today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backing {
    pub name: String,
    pub ends_on: Option<NaiveDate>,
}

/// The papers that are on record and in date, by which they are meant.
pub type Papers = BTreeMap<Paper, Backing>;

/// What is wrong with an acceptance: the field, and what to do.
pub fn check(
    supports: usize,
    reason: &str,
    until: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<(), (&'static str, String)> {
    if supports == 0 {
        return Err(("supports", "Choose a paper for at least one question".to_owned()));
    }
    if reason.trim().is_empty() {
        return Err(("reason", "Say why it is accepted without a reply".to_owned()));
    }
    match until {
        Some(until) if until <= today => Err(("until", "Give a day to come".to_owned())),
        Some(until) if until > today + Days::new(MOST_DAYS) => {
            Err(("until", "Give a day within a year: by then the papers are looked at anew".to_owned()))
        }
        Some(_) => Ok(()),
        None => Err(("until", "Say until when it holds".to_owned())),
    }
}

/// Whether a paper can answer the question: what only the vendor can know, such as dates,
/// numbers and names, it cannot.
pub fn can_support(question: &Question) -> bool {
    matches!(question.answer, AnswerKind::Graded | AnswerKind::Choice { .. } | AnswerKind::List { .. })
}

/// The answers that papers in date support, each with a document behind it. Nothing else is
/// answered.
pub fn answers(acceptance: &Acceptance, form: &Questionnaire, papers: &Papers) -> Answers {
    let answer = |support: &Support| {
        let (question, backing) = (form.question(&support.question)?, papers.get(&support.paper)?);
        let value = supported(question, backing)?;
        Some((question.slug.clone(), Answer { evidence: Evidence::Document, ..Answer::of(value) }))
    };
    acceptance.supports.iter().filter_map(answer).collect()
}

/// What a paper says to a question.
fn supported(question: &Question, backing: &Backing) -> Option<Value> {
    match &question.answer {
        AnswerKind::Graded => Some(Value::Grade(Grade::Yes)),
        AnswerKind::Choice { choices } => {
            let best = choices.iter().max_by_key(|choice| choice.credit)?;
            Some(Value::Choice(best.key.clone()))
        }
        AnswerKind::List { columns, credit, .. } => {
            let cell = |key: &str, kind: ColumnKind| match (kind, credit) {
                (ColumnKind::Text, _) => Some(backing.name.clone()),
                (ColumnKind::Date, ListCredit::Current { ends } | ListCredit::InScope { ends, .. }) if ends == key => {
                    backing.ends_on.map(|on| on.to_string())
                }
                (ColumnKind::Choice, ListCredit::InScope { scope, within, .. }) if scope == key => Some(within.clone()),
                _ => None,
            };
            let row = columns.iter().filter_map(|column| Some((column.key.clone(), cell(&column.key, column.kind)?)));
            Some(Value::Rows(vec![row.collect()]))
        }
        _ => None,
    }
}

/// The rating that papers alone can give: moderate at best, for they are no reply; critical
/// at worst, for "do not share" is said of what is known to be wrong, and a paper that is
/// silent on a question tells nothing of it.
pub fn on_papers_alone(rating: Rating) -> Rating {
    rating.clamp(Rating::Moderate, Rating::Critical)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::catalogue::Catalogue;
    use crate::domain::exposure::{Exposure, Tier};
    use crate::domain::questionnaire::{Asked, NprmMode, Set};

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn acceptance(questions: &[&str], paper: Paper) -> Acceptance {
        Acceptance {
            id: AcceptanceId::fresh(),
            vendor: VendorId::fresh(),
            questionnaire: "hipaa-v1".into(),
            digest: String::new(),
            asked: Asked { exposure: Exposure::default(), tier: Tier::One, set: Set::Full, nprm: NprmMode::default() },
            supports: questions.iter().map(|one| Support { question: (*one).to_owned(), paper }).collect(),
            reason: "It answers nobody.".into(),
            by: "Dana".into(),
            on: d("2026-11-22"),
            until: d("2027-11-22"),
            ended: None,
        }
    }

    #[test]
    fn only_a_paper_in_date_answers_and_only_what_it_can() {
        let catalogue = Catalogue::built_in().unwrap();
        let paper = Paper::Document(DocumentId::fresh());
        let one = acceptance(&["tec.encrypt.stored", "org.certificates", "org.officer", "no.such"], paper);
        let backing = Backing { name: "SOC 2".into(), ends_on: Some(d("2027-03-01")) };
        let given = answers(&one, catalogue.current(), &Papers::from([(paper, backing)]));
        assert_eq!(given.keys().collect::<Vec<_>>(), ["org.certificates", "tec.encrypt.stored"]);
        assert!(given.values().all(|answer| answer.evidence == Evidence::Document));
        let Value::Rows(rows) = &given["org.certificates"].value else { panic!("rows") };
        let cells = [("expires", "2027-03-01"), ("kind", "SOC 2"), ("scope", "covers")];
        assert_eq!(rows[0], cells.into_iter().map(|(key, cell)| (key.to_owned(), cell.to_owned())).collect());
        assert_eq!(answers(&one, catalogue.current(), &Papers::new()), Answers::new());
    }

    #[test]
    fn it_needs_a_paper_a_reason_and_an_end_within_a_year() {
        let today = d("2026-11-22");
        assert_eq!(check(0, "x", Some(d("2027-01-01")), today).unwrap_err().0, "supports");
        assert_eq!(check(1, " ", Some(d("2027-01-01")), today).unwrap_err().0, "reason");
        for until in [None, Some(today), Some(d("2027-11-23"))] {
            assert_eq!(check(1, "x", until, today).unwrap_err().0, "until");
        }
        assert_eq!(check(1, "x", Some(d("2027-11-22")), today), Ok(()));
    }

    proptest! {
        #[test]
        fn it_holds_from_its_day_to_its_last_and_never_once_ended(day in 0u64..800, ended in any::<bool>()) {
            let mut one = acceptance(&[], Paper::Document(DocumentId::fresh()));
            let today = d("2026-01-01") + Days::new(day);
            if ended {
                one.ended = Some(Ended { on: today, by: String::new(), why: String::new() });
            }
            prop_assert_eq!(one.is_in_force(today), !ended && today >= one.on && today <= one.until);
            prop_assert!(!one.is_in_force(one.lapses_on()));
        }

        #[test]
        fn papers_alone_are_never_low_risk_and_never_a_reason_to_stop(rating in proptest::sample::select(Rating::ALL)) {
            let alone = on_papers_alone(rating);
            prop_assert!(alone != Rating::Low && alone != Rating::DoNotShare);
            prop_assert!(alone >= rating || rating == Rating::DoNotShare);
        }
    }
}
