//! What it would take to reach a better rating: the fewest gaps that, once closed, do it. A gap
//! is closed when the measure is in place and a reviewer has checked the proof: it loses nothing
//! then, and meets its critical question or hard stop.
//!
//! The set is the smallest there is, not a guess. What closing does rests on three things only:
//! how many failed critical questions are left (the cap and the floor), whether partly met ones
//! are left, and how many points are lost in all. For each number of failed critical questions
//! to close, and with the partly met ones all closed or not, whoever has to close so many closes
//! those that lose most, and then whatever loses most: no other set of that size does better in
//! any of the three. The smallest over all these cases is the answer; a test compares it with
//! trying every set.

use std::cmp::Reverse;

use super::controls::cap_for;
use super::credit::{Note, Standing};
use super::model::Model;
use super::record::{AnswerLine, Gap, Scorecard, StepName};
use super::residual::{Around, course, lifted};
use super::{FloorReason, Rating};
use crate::domain::answers::Evidence;
use crate::domain::exposure::Tier;
use crate::domain::questionnaire::Gravity;

/// How a rating comes within reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It is that good already.
    There,
    /// Closing these reaches it, and no fewer do; the gravest first.
    Closing(Closing),
    /// Not by closing gaps: with all of them closed these reasons are left, or none but what
    /// the vendor holds and how it responded.
    Beyond(Vec<FloorReason>),
}

/// The gaps to close, and what that comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    pub gaps: Vec<Gap>,
    /// Basis points.
    pub residual: u32,
    pub rating: Rating,
}

/// One gap, as far as the rating hangs on it.
#[derive(Clone, Copy)]
struct Item<'a> {
    line: &'a AnswerLine,
    standing: Standing,
}

impl Item<'_> {
    fn is(&self, gravity: Gravity, standing: Standing) -> bool {
        self.line.gravity == gravity && self.standing == standing
    }
}

/// The smallest set of gaps whose closing brings the rating down to `target` or better.
pub fn reach(card: &Scorecard, target: Rating) -> Reach {
    if card.rating <= target && !card.not_assessed {
        return Reach::There;
    }
    let weighing = Weighing::of(card);
    let beyond = || Reach::Beyond(weighing.fixed.iter().copied().filter(|one| weighing.floor(*one) > target).collect());
    if card.not_assessed || weighing.fixed.iter().any(|reason| weighing.floor(*reason) > target) {
        return beyond();
    }
    let failed = weighing.count(Gravity::Critical, Standing::Failed);
    let least = if weighing.floor(FloorReason::CriticalFailed) > target { failed } else { 0 };
    let all_partly = weighing.floor(FloorReason::CriticalPartlyMet) > target;
    let cases = (least..=failed).flat_map(|close| [(close, true), (close, false)]);
    let found = cases.filter(|(_, partly)| *partly || !all_partly).filter_map(|case| weighing.fewest(case, target));
    match found.min_by_key(|closed| (closed.len(), weighing.after(closed).0)) {
        Some(closed) => Reach::Closing(weighing.told(card, &closed)),
        None => beyond(),
    }
}

/// A scorecard as closing gaps changes it.
struct Weighing<'a> {
    model: &'static Model,
    tier: Tier,
    inherent: u32,
    around: Around,
    weight: u64,
    /// The gaps, what loses most first.
    items: Vec<Item<'a>>,
    /// Reasons that no answer changes.
    fixed: Vec<FloorReason>,
}

impl<'a> Weighing<'a> {
    fn of(card: &'a Scorecard) -> Self {
        let (model, tier) = (card.model(), card.inherent.tier);
        let step = |name| card.steps.iter().find(|step| step.step == name).map_or(0, |step| step.factor);
        let around = Around {
            moved: step(StepName::Response),
            freshness: step(StepName::Freshness),
            added: step(StepName::Signals),
        };
        let lost = card.answers.iter().filter(|line| line.in_denominator && line.loss > 0);
        let mut items: Vec<_> = lost.map(|line| Item { line, standing: standing(model, tier, line) }).collect();
        items.sort_by(|one, other| {
            (Reverse(one.line.loss), &one.line.question).cmp(&(Reverse(other.line.loss), &other.line.question))
        });
        let answered = |reason: &FloorReason| {
            matches!(reason, FloorReason::HardStopFailed | FloorReason::CriticalFailed | FloorReason::CriticalPartlyMet)
        };
        let fixed = card.floors.iter().copied().filter(|reason| !answered(reason)).collect();
        Self { model, tier, inherent: card.inherent.total, around, weight: card.controls.weight, items, fixed }
    }

    fn floor(&self, reason: FloorReason) -> Rating {
        self.model.floor(reason, self.tier)
    }

    fn count(&self, gravity: Gravity, standing: Standing) -> usize {
        self.items.iter().filter(|item| item.is(gravity, standing)).count()
    }

    /// The fewest gaps, when so many failed critical questions are closed at least, and all
    /// that are partly met if it says so. Hard stops always are: nothing is shared before.
    fn fewest(&self, (critical, all_partly): (usize, bool), target: Rating) -> Option<Vec<Item<'a>>> {
        let mut left = critical;
        let (must, rest): (Vec<_>, Vec<_>) = self.items.iter().copied().partition(|item| {
            if item.is(Gravity::Critical, Standing::Failed) && left > 0 {
                left -= 1;
                return true;
            }
            item.is(Gravity::HardStop, Standing::Failed) || all_partly && item.is(Gravity::Critical, Standing::Partly)
        });
        let mut closed = must;
        let mut more = rest.into_iter();
        while self.after(&closed).1 > target {
            closed.push(more.next()?);
        }
        Some(closed)
    }

    /// Residual risk and rating once these are closed.
    fn after(&self, closed: &[Item<'_>]) -> (u32, Rating) {
        let is_open = |item: &&Item<'_>| !closed.iter().any(|one| one.line.question == item.line.question);
        let open: Vec<&Item<'_>> = self.items.iter().filter(is_open).collect();
        let count = |gravity, standing| open.iter().filter(|item| item.is(gravity, standing)).count();
        let (failed, partly) = (count(Gravity::Critical, Standing::Failed), count(Gravity::Critical, Standing::Partly));
        let lost: u64 = open.iter().map(|item| item.line.loss).sum();
        let raw = (self.weight * 10_000).saturating_sub(lost).checked_div(self.weight).unwrap_or(0);
        let supported = u32::try_from(raw).unwrap_or(0).min(cap_for(self.model, failed, partly).0);
        let residual = course(self.model, self.inherent, supported, self.around).residual;
        let mut floors = self.fixed.clone();
        floors.extend((failed > 0).then_some(FloorReason::CriticalFailed));
        floors.extend((failed == 0 && partly > 0).then_some(FloorReason::CriticalPartlyMet));
        floors.extend((count(Gravity::HardStop, Standing::Failed) > 0).then_some(FloorReason::HardStopFailed));
        (residual, lifted(self.model, self.tier, self.model.band(residual), floors.into_iter()))
    }

    fn told(&self, card: &Scorecard, closed: &[Item<'_>]) -> Closing {
        let (residual, rating) = self.after(closed);
        let is_closed = |gap: &&Gap| closed.iter().any(|item| item.line.question == gap.question);
        // The record has them in their order.
        Closing { gaps: card.gaps.iter().filter(is_closed).cloned().collect(), residual, rating }
    }
}

/// How a question of the record stands, as scoring found it.
fn standing(model: &Model, tier: Tier, line: &AnswerLine) -> Standing {
    let shown = line.evidence >= model.evidence_factor(tier, Evidence::Document);
    let halved = matches!(line.note, Some(Note::DetailMissing | Note::DetailLow));
    match line.note {
        _ if line.credit == 0 => Standing::Failed,
        Some(Note::Planned) => Standing::Failed,
        _ if halved && line.answer == "planned" => Standing::Failed,
        _ if line.credit >= 100 => Standing::Met,
        Some(Note::Alternative) if shown && line.credit >= model.grades.alternative => Standing::Met,
        _ => Standing::Partly,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::domain::answers::{Answer, Grade, Value};
    use crate::domain::scoring::Response;
    use crate::domain::scoring::fixtures::{Case, days_ago, graded, low_exposure, question, today, transcription};

    const TARGETS: [Rating; 3] = [Rating::Low, Rating::Moderate, Rating::High];

    fn slugs(reach: &Reach) -> Vec<&str> {
        let Reach::Closing(closing) = reach else { panic!("{reach:?}") };
        closing.gaps.iter().map(|gap| gap.question.as_str()).collect()
    }

    fn close(case: &Case, gaps: impl IntoIterator<Item = String>) -> Scorecard {
        let mut case = case.clone();
        for gap in gaps {
            case.set(&gap, graded(Grade::Yes, Evidence::Checked));
        }
        case.score()
    }

    #[test]
    fn a_failed_critical_question_comes_before_a_larger_loss() {
        let case = Case::of(
            transcription(),
            vec![
                (question("a.critical", 1, Gravity::Critical), Some(graded(Grade::No, Evidence::Checked))),
                (question("a.heavy", 5, Gravity::None), Some(graded(Grade::Partial, Evidence::Checked))),
                (question("a.fine", 20, Gravity::None), Some(graded(Grade::Yes, Evidence::Checked))),
            ],
        );
        let card = case.score();
        assert_eq!(card.rating, Rating::High);
        assert_eq!(slugs(&reach(&card, Rating::Moderate)), ["a.critical"]);
        assert_eq!(reach(&card, Rating::High), Reach::There);
    }

    #[test]
    fn what_no_answer_changes_is_said() {
        let mut case = Case::one(Gravity::None, Some(graded(Grade::No, Evidence::Assertion)));
        case.accepted_on = Some(days_ago(500));
        assert_eq!(reach(&case.score(), Rating::Moderate), Reach::Beyond(vec![FloorReason::Lapsed]));
        case.answers = None;
        assert!(matches!(reach(&case.score(), Rating::Moderate), Reach::Beyond(_)));
    }

    fn answers() -> impl Strategy<Value = Option<Answer>> {
        let grade = (select(Grade::ALL), select(Evidence::ALL))
            .prop_map(|(grade, evidence)| Some(Answer { by: Some(today()), ..graded(grade, evidence) }));
        let unknown =
            select(Evidence::ALL).prop_map(|evidence| Some(Answer { evidence, ..Answer::of(Value::Unknown) }));
        prop_oneof![8 => grade, 1 => unknown, 1 => Just(None)]
    }

    prop_compose! {
        fn cases()(
            low in any::<bool>(),
            asked in proptest::collection::vec(
                (1..=5u32, prop_oneof![3 => Just(Gravity::None), 3 => Just(Gravity::Critical), 1 => Just(Gravity::HardStop)], answers()),
                1..9,
            ),
            days_late in 0..40u32,
            age in 0..500u64,
        ) -> Case {
            let questions = asked.into_iter().enumerate().map(|(at, (weight, gravity, answer))| {
                (question(&format!("f.q{at}"), weight, gravity), answer)
            });
            let exposure = if low { low_exposure() } else { transcription() };
            let mut case = Case::of(exposure, questions.collect());
            case.response = Response { days_late, ..Response::default() };
            case.accepted_on = Some(days_ago(age));
            case
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 96, ..ProptestConfig::default() })]

        #[test]
        fn the_set_reaches_the_rating_and_no_smaller_one_does(case in cases(), target in select(TARGETS.to_vec())) {
            let card = case.score();
            let all: Vec<String> = card.gaps.iter().map(|gap| gap.question.clone()).collect();
            let reaches = |set: usize| {
                let chosen = all.iter().enumerate().filter(|(at, _)| set & (1 << at) != 0);
                close(&case, chosen.map(|(_, slug)| slug.clone())).rating <= target
            };
            let smallest = (0..1usize << all.len()).filter(|set| reaches(*set)).map(usize::count_ones).min();
            match (reach(&card, target), smallest) {
                (Reach::There, smallest) => prop_assert_eq!(smallest, Some(0)),
                (Reach::Beyond(_), smallest) => prop_assert_eq!(smallest, None),
                (Reach::Closing(closing), smallest) => {
                    prop_assert_eq!(Some(closing.gaps.len() as u32), smallest);
                    let after = close(&case, closing.gaps.iter().map(|gap| gap.question.clone()));
                    prop_assert!(after.rating <= target);
                    prop_assert_eq!((after.residual, after.rating), (closing.residual, closing.rating));
                    prop_assert!(closing.gaps.windows(2).all(|pair| pair[0].order(&pair[1]).is_lt()));
                }
            }
        }
    }
}
