use proptest::prelude::*;

use super::*;
use crate::domain::answers::{Evidence, Grade};
use crate::domain::flags::FlagKind;
use crate::domain::questionnaire::Gravity;
use crate::domain::scoring::Note;
use crate::domain::scoring::fixtures::{graded, question};
use crate::domain::scoring::record::AnswerLine;

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn action(state: ActionState, due_on: &str) -> Action {
    let question = question("a.one", 3, Gravity::Critical);
    let new = Action::of(VendorId::fresh(), AssessmentId::fresh(), &question, Shortfall::Critical);
    Action { state, due_on: d(due_on), raised_on: d("2026-11-01"), ..new }
}

fn line(credit: u32, loss: u64, note: Option<Note>) -> AnswerLine {
    AnswerLine {
        question: "a.one".to_owned(),
        weight: 3,
        gravity: Gravity::Critical,
        answer: String::new(),
        credit,
        evidence: 100,
        loss,
        note,
        in_denominator: true,
    }
}

#[test]
fn the_graver_a_gap_the_sooner_it_is_due() {
    assert_eq!(Shortfall::ALL.iter().map(|one| one.days()).collect::<Vec<_>>(), [14, 30, 60, 90]);
    assert_eq!(due(Shortfall::HardStop, d("2028-02-20")), d("2028-03-05"));
}

#[test]
fn a_critical_question_fails_on_nothing_and_on_a_plan_and_is_partly_met_between() {
    let of = |gravity, credit, grade| {
        let question = question("a.one", 3, gravity);
        Shortfall::of(&question, &line(credit, 1, None), Some(&graded(grade, Evidence::Assertion)))
    };
    assert_eq!(of(Gravity::HardStop, 0, Grade::No), Some(Shortfall::HardStop));
    assert_eq!(of(Gravity::Critical, 25, Grade::Planned), Some(Shortfall::Critical));
    assert_eq!(of(Gravity::Critical, 50, Grade::Partial), Some(Shortfall::CriticalPart));
    assert_eq!(of(Gravity::Critical, 100, Grade::Yes), Some(Shortfall::Other));
    assert_eq!(of(Gravity::None, 0, Grade::No), Some(Shortfall::Other));
    let nothing_lost = Shortfall::of(&question("a.one", 3, Gravity::Critical), &line(100, 0, None), None);
    assert_eq!(nothing_lost, None);
    let apart = AnswerLine { in_denominator: false, ..line(0, 0, Some(Note::NaAccepted)) };
    assert_eq!(Shortfall::of(&question("a.one", 3, Gravity::HardStop), &apart, None), None);
}

#[test]
fn a_vendor_is_late_after_the_last_day_and_only_while_it_is_the_one_to_act() {
    for (state, late) in [
        (ActionState::Open, true),
        (ActionState::SentBack, true),
        (ActionState::Answered, false),
        (ActionState::Done, false),
        (ActionState::Cancelled, false),
    ] {
        let one = action(state, "2026-11-22");
        assert!(!one.is_overdue(d("2026-11-22")));
        assert_eq!(one.is_overdue(d("2026-11-23")), late, "{state}");
    }
}

#[test]
fn what_the_rule_raised_waits_a_day_before_the_vendor_hears_of_it() {
    let by_rule = Action { by_rule: true, ..action(ActionState::Open, "2026-12-01") };
    assert!(!by_rule.is_to_be_asked(by_rule.raised_on) && by_rule.is_to_be_asked(by_rule.raised_on + Days::new(1)));
    let chosen = action(ActionState::Open, "2026-12-01");
    assert!(chosen.is_to_be_asked(chosen.raised_on));
    let asked = Action { asked_on: Some(chosen.raised_on), ..chosen };
    assert!(!asked.is_to_be_asked(d("2026-12-01")) && asked.is_shown_to_vendor());
}

#[test]
fn the_facts_name_each_that_is_late_and_count_what_is_to_be_verified() {
    let all = [
        action(ActionState::Open, "2026-11-20"),
        action(ActionState::Answered, "2026-11-20"),
        action(ActionState::Answered, "2026-11-20"),
        action(ActionState::Open, "2026-12-20"),
    ];
    let facts = facts(&all, d("2026-11-22"));
    let said: Vec<_> = facts.iter().map(|fact| (fact.kind, fact.sentence.as_str())).collect();
    let late = format!("“{}” was to be put right by November 20, 2026", all[0].short);
    assert_eq!(
        said,
        [
            (FlagKind::ActionOverdue, late.as_str()),
            (FlagKind::ActionAnswered, "Says that 2 things are put right; verify it"),
        ]
    );
    assert_eq!(next_turn(&all, d("2026-11-22")), Some(d("2026-12-21")));
}

#[test]
fn the_wanted_sentence_says_what_would_show_it() {
    let mut one = question("a.one", 3, Gravity::Critical);
    one.evidence = "The report.".to_owned();
    assert_eq!(wanted(&one, Some(Note::MoreProof)), "Send a document that shows it. What would show it: The report.");
    one.evidence.clear();
    assert_eq!(wanted(&one, Some(Note::Partly)), "Put the rest of it in place, and tell us when that was.");
}

proptest! {
    #[test]
    fn each_late_action_is_one_fact_and_one_step_of_the_response(
        days in proptest::collection::vec((-40i64..40, 0usize..5), 0..20)
    ) {
        let today = d("2028-02-29");
        let all: Vec<Action> = days
            .iter()
            .map(|(days, state)| Action {
                due_on: today + chrono::TimeDelta::days(*days),
                ..action(ActionState::ALL[*state], "2026-01-01")
            })
            .collect();
        let late = facts(&all, today).iter().filter(|fact| fact.kind == FlagKind::ActionOverdue).count();
        prop_assert_eq!(late, overdue(&all, today) as usize);
        if let Some(turn) = next_turn(&all, today) {
            prop_assert!(turn > today && overdue(&all, turn) > overdue(&all, turn - Days::new(1)));
        }
    }
}
