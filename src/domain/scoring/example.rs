//! The worked example of the model with its seven variations, and what its record shows.

use super::fixtures::{Case, days_ago, graded, low_exposure, na, question, transcription};
use super::record::CapReason;
use super::{FloorReason, NprmMode, Rating, Response, Signal};
use crate::domain::answers::{Answer, Evidence, Grade, NaDecision, Value};
use crate::domain::exposure::Tier;
use crate::domain::questionnaire::{Authority, Gravity, Set};

const C: Gravity = Gravity::Critical;
const H: Gravity = Gravity::HardStop;
const N: Gravity = Gravity::None;

fn base() -> Case {
    let yes = |evidence| Some(graded(Grade::Yes, evidence));
    Case::of(
        transcription(),
        vec![
            (question("a.1", 5, C), yes(Evidence::Document)),
            (question("a.2", 5, H), yes(Evidence::Document)),
            (question("a.3", 5, C), yes(Evidence::Narrative)),
            (question("a.4", 5, C), Some(graded(Grade::Partial, Evidence::Assertion))),
            (question("b.5", 4, N), yes(Evidence::Assertion)),
            (question("b.6", 4, N), yes(Evidence::Document)),
            (question("b.7", 3, N), Some(graded(Grade::No, Evidence::Assertion))),
            (question("b.8", 2, N), Some(Answer::of(Value::Unknown))),
            (question("b.9", 4, N), Some(na(NaDecision::Accepted))),
            (question("b.10", 5, H), yes(Evidence::Document)),
        ],
    )
}

/// The partly met question mended, and checked by a reviewer.
fn mended() -> Case {
    let mut case = base();
    case.set("a.4", graded(Grade::Yes, Evidence::Checked));
    case
}

#[track_caller]
fn check(case: &Case, supported: u32, response: u32, freshness: u32, residual: u32, rating: Rating) {
    let card = case.score();
    assert_eq!(
        (card.controls.supported, card.response, card.freshness, card.residual, card.rating),
        (supported, response, freshness, residual, rating)
    );
}

#[test]
fn the_worked_example_comes_out_as_written() {
    let card = base().score();
    assert_eq!((card.inherent.total, card.inherent.tier), (6_700, Tier::Two));
    assert_eq!((card.controls.stated, card.controls.raw, card.controls.weight), (8_026, 6_750, 38));
    assert_eq!((card.controls.cap, card.controls.cap_reason), (7_400, CapReason::PartlyMet));
    assert_eq!(card.controls.cap_by, ["a.4"]);
    check(&base(), 6_750, 10_000, 10_000, 2_629, Rating::Moderate);
}

#[test]
fn mending_and_checking_a_partly_met_question_lowers_the_risk() {
    check(&mended(), 7_605, 10_000, 10_000, 2_114, Rating::Moderate);
    assert_eq!(mended().score().floors, []);
}

#[test]
fn a_failed_critical_question_caps_the_controls_and_is_high_at_least() {
    let mut case = base();
    case.set("a.4", graded(Grade::No, Evidence::Assertion));
    check(&case, 5_900, 10_000, 10_000, 3_142, Rating::High);
    let card = case.score();
    assert_eq!((card.band, card.floors), (Rating::Moderate, vec![FloorReason::CriticalFailed]));
}

#[test]
fn a_late_reply_after_reminders_costs_a_little() {
    let mut case = mended();
    case.response = Response { days_late: 20, reminders: 3, overdue_followups: 1 };
    check(&case, 7_605, 4_500, 10_000, 2_493, Rating::Moderate);
}

#[test]
fn answers_of_five_hundred_days_ago_are_lapsed() {
    let mut case = mended();
    case.accepted_on = Some(days_ago(500));
    check(&case, 7_605, 10_000, 8_151, 2_962, Rating::High);
    assert_eq!(case.score().floors, [FloorReason::Lapsed]);
}

#[test]
fn a_reported_breach_adds_to_the_risk() {
    let mut case = mended();
    case.signals = vec![Signal::Breach12Months];
    check(&case, 7_605, 10_000, 10_000, 4_114, Rating::High);
}

#[test]
fn a_form_sent_in_blank_fails_its_hard_stops() {
    let mut case = base();
    case.answers = Some([].into());
    case.response = Response { days_late: 60, reminders: 5, overdue_followups: 0 };
    check(&case, 0, 2_000, 10_000, 6_700, Rating::DoNotShare);
    assert_eq!(case.score().floors, [FloorReason::CriticalFailed, FloorReason::HardStopFailed]);
}

#[test]
fn the_same_answers_from_a_vendor_with_little_of_ours_are_low_risk() {
    let mut case = mended();
    case.expose(low_exposure());
    assert_eq!((case.asked.exposure.inherent().total, case.asked.tier), (2_000, Tier::Four));
    check(&case, 8_323, 10_000, 10_000, 502, Rating::Low);
}

#[test]
fn nothing_returned_is_not_assessed_and_never_looks_low() {
    let mut case = base();
    case.expose(low_exposure());
    case.answers = None;
    let card = case.score();
    assert!(card.not_assessed && card.gaps.is_empty());
    assert_eq!((card.residual, card.effective), (2_000, 0));
    assert_eq!(
        (card.rating, card.band, card.floors),
        (Rating::NotAssessed, Rating::Moderate, vec![FloorReason::NeverAssessed])
    );

    let mut less = case.asked.exposure.clone();
    less.subs = crate::domain::exposure::Subs::None;
    case.expose(less);
    let card = case.score();
    assert_eq!((card.residual, card.band), (1_700, Rating::Moderate));

    case.signals = vec![Signal::BreachNoticeLate];
    let card = case.score();
    assert_eq!((card.residual, card.band), (4_200, Rating::High));
}

#[test]
fn an_accepted_hard_stop_leaves_the_other_floors() {
    let mut case = base();
    case.set("a.2", graded(Grade::Planned, Evidence::Checked));
    let card = case.score();
    assert_eq!((card.rating, card.rating_without_stops()), (Rating::DoNotShare, Rating::Moderate));
}

#[test]
fn answers_not_yet_accepted_are_provisional_and_fresh() {
    let mut case = base();
    case.accepted_on = None;
    let card = case.score();
    assert!(card.provisional);
    assert_eq!((card.freshness, card.residual), (10_000, 2_629));
}

#[test]
fn a_question_that_is_not_put_to_the_vendor_is_not_shown() {
    let mut case = base();
    let topic = &mut case.questionnaire.sections[0].topics[0];
    topic.questions[6].weight = 0;
    topic.questions[7].lite = false;
    case.asked.set = Set::Lite;
    let card = case.score();
    assert_eq!((card.coverage.asked, card.coverage.answered, card.coverage.not_applicable), (8, 8, 1));
    assert!(card.answers.iter().all(|line| line.question != "b.7" && line.question != "b.8"));
}

#[test]
fn questions_of_a_proposed_rule_are_listed_apart_unless_asked_for() {
    let mut case = base();
    let proposed = &mut case.questionnaire.sections[0].topics[0].questions[6];
    proposed.authority = Authority::Proposed;
    let card = case.score();
    assert_eq!((card.controls.weight, card.informational.len(), card.coverage.asked), (35, 1, 9));
    case.asked.nprm = NprmMode::Off;
    let card = case.score();
    assert_eq!((card.controls.weight, card.informational.len()), (35, 0));
    case.asked.nprm = NprmMode::Scored;
    let card = case.score();
    assert_eq!((card.controls.weight, card.informational.len()), (38, 0));
}

#[test]
fn the_five_causes_and_the_families_share_the_loss() {
    let card = base().score();
    assert_eq!(card.controls.loss, 38 * 10_000 - 256_500);
    assert_eq!(card.controls.by_cause.values().copied().collect::<Vec<_>>(), [0, 3_250, 0, 0, 0]);
    assert_eq!(card.controls.by_family, [("a".to_owned(), 1_381), ("b".to_owned(), 1_868)].into());
}

#[test]
fn gaps_are_listed_with_the_gravest_and_largest_first() {
    let card = base().score();
    let gaps: Vec<(&str, u64)> = card.gaps.iter().map(|gap| (gap.question.as_str(), gap.loss)).collect();
    let expected = [
        ("a.2", 5_000),
        ("b.10", 5_000),
        ("a.4", 32_500),
        ("a.3", 10_000),
        ("a.1", 5_000),
        ("b.7", 30_000),
        ("b.8", 20_000),
        ("b.5", 12_000),
        ("b.6", 4_000),
    ];
    assert_eq!(gaps, expected);
}

#[test]
fn a_record_reads_back_and_shows_tampering() {
    let card = base().score();
    let json = serde_json::to_string(&card).unwrap();
    let mut read: super::Scorecard = serde_json::from_str(&json).unwrap();
    assert_eq!((&read, serde_json::to_string(&read).unwrap()), (&card, json));
    assert_eq!(read.digest(), read.sha256);
    read.rating = Rating::Low;
    assert_ne!(read.digest(), read.sha256);
}
