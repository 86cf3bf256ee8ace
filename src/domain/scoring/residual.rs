//! From the controls to the risk that is left: response, age, signals, band and floors.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::controls::{Verdict, Weighed};
use super::credit::Standing;
use super::model::{FreshnessRule, Model, ResponseRule};
use super::record::{SignalLine, Step, StepName};
use super::{FloorReason, Rating, Reckoning, Response, Signal};
use crate::domain::exposure::Tier;

/// The whole in basis points.
const WHOLE: u32 = 10_000;

/// The risk that is left, and how it came about.
pub(super) struct Residual {
    pub response: u32,
    pub freshness: u32,
    pub effective: u32,
    pub steps: Vec<Step>,
    pub signals: Vec<SignalLine>,
    pub residual: u32,
    pub band: Rating,
    pub floors: Vec<FloorReason>,
    pub rating: Rating,
}

pub(super) fn weigh(model: &Model, input: &Reckoning<'_>, weighed: &Weighed) -> Residual {
    let response = response(&model.response, input.response);
    let freshness = freshness(&model.freshness, age(input));
    let signals = signals(model, input.signals);
    let added = signals.iter().map(|line| line.amount).sum::<u32>().min(model.signals_most);

    let supported = weighed.controls.supported;
    let moved = model.response.untouched + (WHOLE - model.response.untouched) * response / WHOLE;
    let inherent = input.exposure.inherent_under(&model.inherent).total;
    let Course { answered, effective, left, kept, residual } =
        course(model, inherent, supported, Around { moved, freshness, added });

    let floors = floors(model, input, weighed.verdict);
    let (band, rating) = rate(model, input.tier, weighed.verdict, residual, &floors);
    let steps = vec![
        Step { step: StepName::Cap, factor: weighed.controls.cap, result: supported },
        Step { step: StepName::Response, factor: moved, result: answered },
        Step { step: StepName::Freshness, factor: freshness, result: effective },
        Step { step: StepName::Controls, factor: left, result: kept },
        Step { step: StepName::Signals, factor: added, result: residual },
    ];
    Residual { response, freshness, effective, steps, signals, residual, band, floors, rating }
}

/// What bears on a control score beside the answers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    /// The share that the response leaves.
    pub moved: u32,
    pub freshness: u32,
    /// For signals.
    pub added: u32,
}

/// The way from a supported control score to the risk that is left.
pub(super) struct Course {
    pub answered: u32,
    pub effective: u32,
    pub left: u32,
    pub kept: u32,
    pub residual: u32,
}

pub(super) fn course(model: &Model, inherent: u32, supported: u32, around: Around) -> Course {
    let answered = of(supported, around.moved);
    let effective = of(answered, around.freshness);
    let left = WHOLE - of(model.relief, effective);
    let kept = of(inherent, left);
    Course { answered, effective, left, kept, residual: (kept + around.added).min(WHOLE) }
}

/// A part of an amount, rounded down.
fn of(amount: u32, part: u32) -> u32 {
    amount * part / WHOLE
}

fn response(rule: &ResponseRule, response: Response) -> u32 {
    let lost = |each: u32, times: u32, most: u32| each.saturating_mul(times).min(most);
    let reminders = response.reminders.saturating_sub(rule.free_reminders);
    let late = lost(rule.day_late, response.days_late, rule.days_late_most);
    let reminded = lost(rule.reminder, reminders, rule.reminders_most);
    let overdue = lost(rule.followup, response.overdue_followups, rule.followups_most);
    WHOLE.saturating_sub(late + reminded + overdue)
}

/// Days since the answers were accepted. Answers not yet accepted are as fresh as can be;
/// where nothing was returned there is nothing to age.
fn age(input: &Reckoning<'_>) -> i64 {
    let accepted_on = input.answers.and(input.accepted_on);
    accepted_on.map_or(0, |day: NaiveDate| (input.as_of - day).num_days())
}

fn freshness(rule: &FreshnessRule, days: i64) -> u32 {
    if days >= rule.stale_days {
        return rule.least;
    }
    let past = days.saturating_sub(rule.full_days).max(0);
    // The loss is rounded down, not the rest: 500 days leave 8151 basis points.
    let lost = i64::from(WHOLE - rule.least) * past / (rule.stale_days - rule.full_days);
    WHOLE.saturating_sub(u32::try_from(lost).unwrap_or(WHOLE))
}

fn signals(model: &Model, signals: &[Signal]) -> Vec<SignalLine> {
    let mut times = BTreeMap::<Signal, u32>::new();
    for &signal in signals {
        *times.entry(signal).or_default() += 1;
    }
    times.into_iter().map(|(signal, times)| SignalLine { signal, times, amount: model.signal(signal, times) }).collect()
}

fn floors(model: &Model, input: &Reckoning<'_>, verdict: Verdict) -> Vec<FloorReason> {
    let holds = |reason: &FloorReason| match reason {
        FloorReason::NeverAssessed => verdict == Verdict::NothingReturned,
        FloorReason::NothingApplies => verdict == Verdict::NothingApplies,
        FloorReason::CriticalPartlyMet => matches!(verdict, Verdict::Assessed { critical: Standing::Partly, .. }),
        FloorReason::CriticalFailed => matches!(verdict, Verdict::Assessed { critical: Standing::Failed, .. }),
        FloorReason::Lapsed => age(input) > model.freshness.full_days,
        FloorReason::HardStopFailed => matches!(verdict, Verdict::Assessed { hard_stop_failed: true, .. }),
        FloorReason::ExclusionReview => input.signals.contains(&Signal::Exclusion),
    };
    FloorReason::ALL.iter().copied().filter(holds).collect()
}

/// The band by points, and the rating that the floors leave.
///
/// A vendor that was not assessed has no rating to lift, so its band carries the floors:
/// nothing unknown looks like low risk.
fn rate(model: &Model, tier: Tier, verdict: Verdict, residual: u32, floors: &[FloorReason]) -> (Rating, Rating) {
    let band = model.band(residual);
    let rating = lifted(model, tier, band, floors.iter().copied());
    if verdict.is_assessed() {
        return (band, rating);
    }
    let band = lifted(model, tier, band, floors.iter().copied().filter(|reason| !is_stop(*reason)));
    let rating = if rating == Rating::DoNotShare { rating } else { Rating::NotAssessed };
    (band, rating)
}

pub(super) fn lifted(model: &Model, tier: Tier, band: Rating, floors: impl Iterator<Item = FloorReason>) -> Rating {
    floors.map(|reason| model.floor(reason, tier)).fold(band, Rating::max)
}

/// Reasons that a named person may set aside until a day.
pub(super) fn is_stop(reason: FloorReason) -> bool {
    matches!(reason, FloorReason::HardStopFailed | FloorReason::ExclusionReview)
}
