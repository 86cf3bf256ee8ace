//! The control scores: what was said, what stands behind it, and the cap that failed
//! critical questions set.

use std::collections::BTreeMap;

use super::credit::{self, Note, Standing, Worth};
use super::explain::short;
use super::model::Model;
use super::record::{AnswerLine, Apart, CapReason, Controls, Coverage, Gap};
use super::{NprmMode, Reckoning};
use crate::domain::answers::{Answer, Answers, Evidence, Grade, Value, lookup};
use crate::domain::questionnaire::{Cause, Gravity, Question};

/// One asked question with what its answer is worth.
struct Scored<'a> {
    question: &'a Question,
    answer: Option<&'a Answer>,
    worth: Worth,
    /// Percent of the credit that counts with what stands behind the answer.
    factor: u32,
}

/// What the answers come to, before exposure, response and age.
pub(super) struct Weighed {
    pub controls: Controls,
    pub gaps: Vec<Gap>,
    pub lines: Vec<AnswerLine>,
    pub apart: Vec<Apart>,
    pub coverage: Coverage,
    pub verdict: Verdict,
}

/// How the critical questions and hard stops stand, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    NothingReturned,
    NothingApplies,
    Assessed { hard_stop_failed: bool, critical: Standing },
}

impl Verdict {
    pub(super) fn is_assessed(self) -> bool {
        matches!(self, Verdict::Assessed { .. })
    }
}

pub(super) fn weigh(model: &Model, input: &Reckoning<'_>) -> Weighed {
    let nothing = Answers::new();
    let answers = input.answers.unwrap_or(&nothing);
    let answered = lookup(answers);
    // Weight 0 is asked for the record and never scored.
    let asked: Vec<Scored<'_>> = input
        .questionnaire
        .questions()
        .filter(|question| question.weight > 0 && input.asked.includes(question, &answered))
        .map(|question| scored(model, input, question, answers.get(&question.slug)))
        .collect();
    let (apart, asked): (Vec<_>, Vec<_>) =
        asked.into_iter().partition(|scored| scored.question.is_proposed() && input.asked.nprm != NprmMode::Scored);
    let coverage = coverage(&asked);
    if input.answers.is_none() {
        return unreturned(coverage);
    }
    let counted: Vec<&Scored<'_>> = asked.iter().filter(|scored| scored.worth.counted).collect();
    Weighed {
        controls: controls(model, &counted),
        gaps: gaps(&counted),
        lines: asked.iter().map(Scored::line).collect(),
        apart: apart.iter().map(Scored::apart).collect(),
        coverage,
        verdict: verdict(&counted),
    }
}

/// A form that never came back has no lines to explain.
fn unreturned(coverage: Coverage) -> Weighed {
    Weighed {
        controls: Controls::none(),
        gaps: Vec::new(),
        lines: Vec::new(),
        apart: Vec::new(),
        coverage,
        verdict: Verdict::NothingReturned,
    }
}

fn scored<'a>(model: &Model, input: &Reckoning<'_>, question: &'a Question, answer: Option<&'a Answer>) -> Scored<'a> {
    let mut worth = credit::worth(model, question, answer, input.as_of);
    let evidence = answer.map_or(Evidence::Assertion, |answer| answer.evidence);
    let factor = model.evidence_factor(input.tier, evidence);
    if worth.note.is_none() && factor < 100 {
        worth.note = Some(Note::MoreProof);
    }
    Scored { question, answer, worth, factor }
}

impl Scored<'_> {
    fn weight(&self) -> u64 {
        u64::from(self.question.weight)
    }

    /// Weight times credit in basis points, as said.
    fn stated(&self) -> u64 {
        self.weight() * u64::from(self.worth.credit) * 100
    }

    /// The same with what stands behind it.
    fn supported(&self) -> u64 {
        self.weight() * u64::from(self.worth.credit) * u64::from(self.factor)
    }

    fn loss(&self) -> u64 {
        self.weight() * 10_000 - self.supported()
    }

    fn line(&self) -> AnswerLine {
        AnswerLine {
            question: self.question.slug.clone(),
            weight: self.question.weight,
            gravity: self.question.gravity,
            answer: short(self.answer),
            credit: self.worth.credit,
            evidence: self.factor,
            loss: if self.worth.counted { self.loss() } else { 0 },
            note: self.worth.note,
            in_denominator: self.worth.counted,
        }
    }

    fn apart(&self) -> Apart {
        Apart {
            question: self.question.slug.clone(),
            answer: short(self.answer),
            credit: self.worth.credit,
            note: self.worth.note,
        }
    }

    fn gap(&self) -> Gap {
        let planned = self.answer.filter(|answer| answer.value == Value::Grade(Grade::Planned));
        Gap {
            question: self.question.slug.clone(),
            answer: short(self.answer),
            loss: self.loss(),
            gravity: self.question.gravity,
            note: self.worth.note,
            owner: None,
            due: planned.and_then(|answer| answer.by),
        }
    }
}

fn coverage(asked: &[Scored<'_>]) -> Coverage {
    let count = |wanted: fn(&Scored<'_>) -> bool| asked.iter().filter(|scored| wanted(scored)).count() as u32;
    Coverage {
        asked: count(|_| true),
        answered: count(|scored| scored.answer.is_some()),
        not_applicable: count(|scored| !scored.worth.counted),
    }
}

fn controls(model: &Model, counted: &[&Scored<'_>]) -> Controls {
    let weight: u64 = counted.iter().map(|scored| scored.weight()).sum();
    if weight == 0 {
        return Controls::none();
    }
    let share = |sum: u64| (sum / weight) as u32;
    let stated = share(counted.iter().map(|scored| scored.stated()).sum());
    let raw = share(counted.iter().map(|scored| scored.supported()).sum());
    let (cap, cap_reason, cap_by) = cap(model, counted);
    Controls {
        stated,
        raw,
        cap,
        cap_reason,
        cap_by,
        supported: raw.min(cap),
        confidence: (raw * 10_000).checked_div(stated).unwrap_or(0),
        weight,
        loss: counted.iter().map(|scored| scored.loss()).sum(),
        by_family: by_family(counted).into_iter().map(|(family, loss)| (family.to_owned(), share(loss))).collect(),
        by_cause: by_cause(counted).into_iter().map(|(cause, loss)| (cause, share(loss))).collect(),
    }
}

/// Critical questions only: a hard stop forbids sharing and needs no cap.
fn cap(model: &Model, counted: &[&Scored<'_>]) -> (u32, CapReason, Vec<String>) {
    let standing = |wanted| {
        let critical = counted.iter().filter(|scored| scored.question.gravity == Gravity::Critical);
        let mut slugs: Vec<String> = critical
            .filter(|scored| scored.worth.standing == wanted)
            .map(|scored| scored.question.slug.clone())
            .collect();
        slugs.sort();
        slugs
    };
    let (failed, partly) = (standing(Standing::Failed), standing(Standing::Partly));
    let (cap, reason) = cap_for(model, failed.len(), partly.len());
    (cap, reason, if failed.is_empty() { partly } else { failed })
}

/// The cap that so many failed and partly met critical questions set.
pub(super) fn cap_for(model: &Model, failed: usize, partly: usize) -> (u32, CapReason) {
    match failed {
        0 if partly == 0 => (model.caps.all_met, CapReason::AllMet),
        0 => (model.caps.partly_met, CapReason::PartlyMet),
        1 => (model.caps.one_failed, CapReason::OneFailed),
        2 => (model.caps.two_failed, CapReason::TwoFailed),
        _ => (model.caps.three_failed, CapReason::ThreeFailed),
    }
}

fn by_family<'a>(counted: &[&Scored<'a>]) -> BTreeMap<&'a str, u64> {
    let mut losses = BTreeMap::new();
    for scored in counted {
        *losses.entry(scored.question.family()).or_default() += scored.loss();
    }
    losses
}

/// All five causes, so that the picture always has its five bars. A question that bears
/// on several counts in each, so the bars do not add up to the whole.
fn by_cause(counted: &[&Scored<'_>]) -> BTreeMap<Cause, u64> {
    let bears = |cause: Cause| counted.iter().filter(move |scored| scored.question.causes.contains(&cause));
    Cause::ALL.iter().map(|&cause| (cause, bears(cause).map(|scored| scored.loss()).sum())).collect()
}

/// Hard stops before critical questions, then the larger loss, then the name: no two
/// gaps tie, so lists of years can be laid side by side.
fn gaps(counted: &[&Scored<'_>]) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = counted.iter().filter(|scored| scored.loss() > 0).map(|scored| scored.gap()).collect();
    gaps.sort_by(Gap::order);
    gaps
}

fn verdict(counted: &[&Scored<'_>]) -> Verdict {
    if counted.is_empty() {
        return Verdict::NothingApplies;
    }
    let worst = |gravity| {
        let grave = counted.iter().filter(|scored| scored.question.gravity == gravity);
        grave.map(|scored| scored.worth.standing).min().unwrap_or(Standing::Met)
    };
    Verdict::Assessed {
        hard_stop_failed: worst(Gravity::HardStop) == Standing::Failed,
        critical: worst(Gravity::Critical),
    }
}
