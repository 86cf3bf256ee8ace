//! The rules of the model one by one: caps, freshness, response, signals, floors, and what
//! each kind of missing answer does.

use super::fixtures::{Case, day, days_ago, graded, low_exposure, na, question, today, transcription};
use super::record::CapReason;
use super::{FloorReason, Rating, Response, Signal};
use crate::domain::answers::{Answer, Evidence, Grade, NaDecision, Value};
use crate::domain::exposure::Tier;
use crate::domain::questionnaire::Gravity;

const C: Gravity = Gravity::Critical;
const H: Gravity = Gravity::HardStop;
const N: Gravity = Gravity::None;

#[test]
fn a_questionnaire_with_nothing_that_counts_is_not_assessed_either() {
    let card = Case::one(N, Some(na(NaDecision::Accepted))).score();
    assert!(card.not_assessed);
    assert_eq!((card.effective, card.residual, card.rating), (0, 6_700, Rating::NotAssessed));
    assert_eq!((card.band, card.floors), (Rating::Critical, vec![FloorReason::NothingApplies]));
    assert_eq!(card.answers.len(), 1);
}

#[test]
fn an_excluded_vendor_is_not_shared_with_whatever_it_answered() {
    let mut case = Case::one(N, Some(graded(Grade::Yes, Evidence::Checked)));
    case.signals = vec![Signal::Exclusion];
    let card = case.score();
    assert_eq!((card.residual, card.rating, card.rating_without_stops()), (670, Rating::DoNotShare, Rating::Low));
    case.answers = None;
    let card = case.score();
    assert_eq!((card.rating, card.rating_without_stops()), (Rating::DoNotShare, Rating::NotAssessed));
}

#[test]
fn caps_count_failed_critical_questions_and_not_hard_stops() {
    let with = |failed: usize| {
        let answer = |n| graded(if n < failed { Grade::No } else { Grade::Yes }, Evidence::Checked);
        let questions = (0..9).map(|n| (question(&format!("c.{n}"), 1, C), Some(answer(n))));
        let stop = (question("h", 1, H), Some(graded(Grade::No, Evidence::Checked)));
        let card = Case::of(transcription(), questions.chain([stop]).collect()).score();
        (card.controls.cap, card.controls.cap_reason)
    };
    assert_eq!(with(0), (10_000, CapReason::AllMet));
    assert_eq!(with(1), (5_900, CapReason::OneFailed));
    assert_eq!(with(2), (3_900, CapReason::TwoFailed));
    assert_eq!(with(3), (1_900, CapReason::ThreeFailed));
    assert_eq!(with(4), (1_900, CapReason::ThreeFailed));
}

#[test]
fn a_plan_fails_a_critical_question_and_another_measure_meets_it_with_a_document() {
    let cap = |grade, evidence| {
        let answer = Answer { by: Some(today()), ..graded(grade, evidence) };
        Case::one(C, Some(answer)).score().controls.cap
    };
    assert_eq!(cap(Grade::Planned, Evidence::Checked), 5_900);
    assert_eq!(cap(Grade::Partial, Evidence::Checked), 7_400);
    assert_eq!(cap(Grade::Alternative, Evidence::Narrative), 7_400);
    assert_eq!(cap(Grade::Alternative, Evidence::Document), 10_000);
    assert_eq!(cap(Grade::Alternative, Evidence::Checked), 10_000);
}

#[test]
fn the_harder_we_look_the_less_a_bare_answer_counts() {
    let supported =
        |tier, evidence| Case::one(N, Some(graded(Grade::Yes, evidence))).in_tier(tier).score().controls.supported;
    let row = |tier| Evidence::ALL.iter().map(|&evidence| supported(tier, evidence)).collect::<Vec<_>>();
    assert_eq!(row(Tier::One), [6_000, 7_000, 8_500, 10_000]);
    assert_eq!(row(Tier::Two), [7_000, 8_000, 9_000, 10_000]);
    assert_eq!(row(Tier::Three), [8_000, 8_500, 9_500, 10_000]);
    assert_eq!(row(Tier::Four), [9_000, 9_200, 9_700, 10_000]);
}

#[test]
fn freshness_falls_in_a_straight_line_through_the_second_year() {
    let at = |days| {
        let mut case = Case::one(N, Some(graded(Grade::Yes, Evidence::Checked)));
        case.accepted_on = Some(days_ago(days));
        let card = case.score();
        (card.freshness, card.floors.contains(&FloorReason::Lapsed))
    };
    assert_eq!(at(0), (10_000, false));
    assert_eq!(at(365), (10_000, false));
    assert_eq!(at(366), (9_987, true));
    assert_eq!(at(500), (8_151, true));
    assert_eq!(at(729), (5_014, true));
    assert_eq!(at(730), (5_000, true));
    assert_eq!(at(4_000), (5_000, true));
}

#[test]
fn lapsed_answers_of_the_lower_tiers_are_moderate_at_least() {
    let rating = |tier| {
        let mut case = Case::one(N, Some(graded(Grade::Yes, Evidence::Checked))).in_tier(tier);
        case.asked.exposure = low_exposure();
        case.accepted_on = Some(days_ago(366));
        case.score().rating
    };
    assert_eq!(
        Tier::ALL.iter().map(|&tier| rating(tier)).collect::<Vec<_>>(),
        [Rating::High, Rating::High, Rating::Moderate, Rating::Moderate]
    );
}

#[test]
fn response_loses_points_to_a_limit_for_each_fault() {
    let response = |days_late, reminders, overdue_followups| {
        let mut case = Case::one(N, None);
        case.response = Response { days_late, reminders, overdue_followups };
        case.score().response
    };
    assert_eq!(response(0, 1, 0), 10_000);
    assert_eq!(response(1, 2, 1), 8_800);
    assert_eq!(response(30, 0, 0), 4_000);
    assert_eq!(response(31, 0, 0), 4_000);
    assert_eq!(response(0, 9, 9), 6_000);
    assert_eq!(response(u32::MAX, u32::MAX, u32::MAX), 0);
}

#[test]
fn signals_add_up_to_four_thousand_at_most() {
    let residual = |signals: &[Signal]| {
        let mut case = Case::one(N, Some(graded(Grade::Yes, Evidence::Checked)));
        case.signals = signals.to_vec();
        case.score().residual - 670
    };
    let points = [2_000, 1_000, 1_000, 1_500, 500, 2_500, 0];
    assert_eq!(Signal::ALL.iter().map(|&signal| residual(&[signal])).collect::<Vec<_>>(), points);
    assert_eq!(residual(&[Signal::ActionOverdue; 3]), 1_500);
    assert_eq!(residual(&[Signal::ActionOverdue; 4]), 1_500);
    assert_eq!(residual(&[Signal::BreachNoticeLate, Signal::Breach12Months]), 4_000);
}

/// Stated, gap note and whether it is in the denominator, of one plain question.
#[track_caller]
fn non_answer(gravity: Gravity, answer: Option<Answer>, stated: u32, note: Option<&str>, counted: bool) {
    let other = (question("other", 5, N), Some(graded(Grade::Yes, Evidence::Checked)));
    let card = Case::of(transcription(), vec![(question("one", 5, gravity), answer), other]).score();
    let line = &card.answers[0];
    let found = (card.controls.stated, line.note.map(|note| note.key()), line.in_denominator);
    assert_eq!(found, (stated, note, counted));
    assert_eq!(card.gaps.iter().any(|gap| gap.question == "one"), counted);
}

#[test]
fn an_accepted_does_not_apply_leaves_both_sums() {
    for gravity in [N, C, H] {
        non_answer(gravity, Some(na(NaDecision::Accepted)), 10_000, Some("na_accepted"), false);
    }
}

#[test]
fn a_does_not_apply_that_nobody_accepted_is_a_gap() {
    for gravity in [N, C, H] {
        non_answer(gravity, Some(na(NaDecision::Pending)), 5_000, Some("na_not_accepted"), true);
        non_answer(gravity, Some(na(NaDecision::Rejected)), 5_000, Some("na_not_accepted"), true);
    }
}

#[test]
fn not_knowing_and_leaving_blank_earn_nothing() {
    non_answer(N, Some(Answer::of(Value::Unknown)), 5_000, Some("does_not_know"), true);
    non_answer(N, None, 5_000, Some("left_blank"), true);
}

#[test]
fn partly_earns_half_and_caps_at_seventy_four() {
    non_answer(N, Some(graded(Grade::Partial, Evidence::Checked)), 7_500, Some("partly"), true);
    assert_eq!(Case::one(C, Some(graded(Grade::Partial, Evidence::Checked))).score().controls.cap, 7_400);
}

#[test]
fn a_plan_earns_a_quarter_until_its_day_has_passed() {
    let planned = |by| Some(Answer { by, ..graded(Grade::Planned, Evidence::Checked) });
    non_answer(N, planned(Some(today())), 6_250, Some("planned"), true);
    non_answer(N, planned(Some(days_ago(1))), 5_000, Some("planned_past"), true);
    non_answer(N, planned(None), 5_000, Some("planned_undated"), true);
    let due = day("2026-09-01");
    assert_eq!(Case::one(N, planned(Some(due))).score().gaps[0].due, Some(due));
}

#[test]
fn another_measure_earns_eighty_and_is_noted() {
    non_answer(N, Some(graded(Grade::Alternative, Evidence::Checked)), 9_000, Some("alternative"), true);
}

#[test]
fn not_assessed_is_worse_than_moderate_and_better_than_high() {
    assert!(Rating::NotAssessed.is_worse_than(Rating::Moderate));
    assert!(Rating::High.is_worse_than(Rating::NotAssessed));
    assert!(!Rating::Low.is_worse_than(Rating::Low));
}
