//! The whole tree: every path ends, and doubt never ends in an excuse.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

/// Every way through the questions.
fn paths() -> Vec<(Vec<Answered>, BaStatus)> {
    fn on(question: Question, so_far: &[Answered], all: &mut Vec<(Vec<Answered>, BaStatus)>) {
        assert!(so_far.len() < Question::ALL.len(), "the questions go round in a circle: {so_far:?}");
        for reply in Reply::ALL {
            let mut path = so_far.to_vec();
            path.push(Answered { question, reply: *reply });
            match question.leads_to(*reply) {
                Step::Ends(status) => all.push((path, status)),
                Step::Asks(next) => on(next, &path, all),
            }
        }
    }
    let mut all = Vec::new();
    on(Question::Phi, &[], &mut all);
    all
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn every_way_through_the_questions_ends_and_every_status_can_be_reached() {
    let paths = paths();
    assert_eq!(paths.len(), 17);
    let reached: BTreeSet<BaStatus> = paths.iter().map(|(_, status)| *status).collect();
    assert_eq!(reached, BaStatus::ALL.iter().copied().collect());
    let asked: BTreeSet<Question> = paths.iter().flat_map(|(path, _)| path.iter().map(|one| one.question)).collect();
    assert_eq!(asked.len(), Question::ALL.len(), "no question is out of reach");
}

#[test]
fn whoever_is_not_sure_never_ends_in_a_reason_why_it_is_none() {
    for (path, status) in paths() {
        let unsure = path.iter().any(|one| one.reply == Reply::NotSure);
        assert_eq!(unsure, status == BaStatus::Undetermined, "{path:?}");
        assert!(!unsure || status.counts_as_ba(), "{path:?}");
    }
}

#[test]
fn a_storage_company_that_holds_only_encrypted_copies_is_a_business_associate() {
    let given = BTreeMap::from([
        (Question::Phi, Reply::Yes),
        (Question::Deidentified, Reply::No),
        (Question::Workforce, Reply::No),
        (Question::Treatment, Reply::No),
        (Question::Payments, Reply::No),
        (Question::Conduit, Reply::No),
        (Question::Subcontractor, Reply::No),
        (Question::OurWork, Reply::Yes),
    ]);
    let (path, step) = walk(|question| given.get(&question).copied());
    assert_eq!((path.len(), step), (8, Step::Ends(BaStatus::BusinessAssociate)));
}

#[test]
fn answers_from_before_somebody_went_back_are_left_out() {
    let (path, step) = walk(|question| match question {
        Question::Phi => Some(Reply::No),
        _ => Some(Reply::Yes),
    });
    assert_eq!((path.len(), step), (1, Step::Ends(BaStatus::NoPhi)));
    assert_eq!(walk(|_| None), (vec![], Step::Asks(Question::Phi)));
}

#[test]
fn every_status_has_its_paragraph_and_all_but_the_open_one_their_reason() {
    for status in BaStatus::ALL {
        assert!(cites(*status).contains("CFR") || cites(*status).contains("USC"), "{status}");
        assert_eq!(reason(*status).is_empty(), *status == BaStatus::Other, "{status}");
        assert_eq!(look_again_days(*status).is_none(), status.counts_as_ba() && *status != BaStatus::Undetermined);
    }
}

#[test]
fn a_vendor_that_is_none_is_looked_at_again_within_a_year() {
    let today = day("2026-11-22");
    let check =
        |status, reason, on: Option<&str>| super::check(status, reason, on.map(day), today).map_err(|(field, _)| field);
    assert_eq!(check(BaStatus::NoPhi, "It mows the lawn.", Some("2027-11-22")), Ok(()));
    assert_eq!(check(BaStatus::NoPhi, "It mows the lawn.", Some("2027-11-23")), Err("look_again_on"));
    assert_eq!(check(BaStatus::NoPhi, "It mows the lawn.", None), Err("look_again_on"));
    assert_eq!(check(BaStatus::NoPhi, " ", Some("2027-01-01")), Err("reason"));
    assert_eq!(check(BaStatus::Undetermined, "Asked.", Some("2026-11-22")), Err("look_again_on"));
    assert_eq!(check(BaStatus::Undetermined, "Asked.", Some("2027-03-01")), Err("look_again_on"));
    assert_eq!(check(BaStatus::BusinessAssociate, "It bills.", None), Ok(()));
}

#[test]
fn a_status_that_nobody_gave_a_reason_for_counts_from_the_day_it_was_added() {
    let added = day("2026-11-22");
    assert_eq!(look_again_on(BaStatus::Undetermined, None, added), Some(day("2026-12-22")));
    assert_eq!(look_again_on(BaStatus::BusinessAssociate, None, added), None);
    let decision = BaDecision {
        id: DecisionId::fresh(),
        vendor: VendorId::fresh(),
        status: BaStatus::NoPhi,
        path: vec![],
        reason: String::new(),
        decided_by: String::new(),
        decided_on: added,
        look_again_on: Some(day("2027-02-01")),
    };
    assert_eq!(look_again_on(BaStatus::NoPhi, Some(&decision), added), Some(day("2027-02-01")));
    // A decision about something else says nothing.
    assert_eq!(look_again_on(BaStatus::Conduit, Some(&decision), added), Some(day("2027-11-22")));
}

proptest! {
    #[test]
    fn any_answers_lead_somewhere(replies in proptest::collection::vec(0usize..4, 8)) {
        let (path, step) = walk(|question| {
            let at = Question::ALL.iter().position(|one| *one == question)?;
            Reply::ALL.get(replies[at]).copied()
        });
        match step {
            Step::Ends(BaStatus::Undetermined) => prop_assert_eq!(path.last().unwrap().reply, Reply::NotSure),
            Step::Ends(_) => prop_assert!(path.iter().all(|one| one.reply != Reply::NotSure)),
            Step::Asks(question) => prop_assert!(path.iter().all(|one| one.question != question)),
        }
    }

    #[test]
    fn the_flag_is_raised_on_the_day_and_not_before(on in 0i64..4_000, today in 0i64..4_000) {
        let at = |days| day("2026-01-01") + chrono::TimeDelta::days(days);
        let fact = due(BaStatus::Undetermined, Some(at(on)), at(today));
        prop_assert_eq!(fact.is_some(), today >= on);
    }
}
