use std::collections::BTreeSet;

use super::*;
use crate::domain::answers::{Answer, Answers, Value};
use crate::domain::assessment::{Assurance, Attestation};
use crate::domain::correction::Outcome;
use crate::domain::correction::tests::correction;
use crate::domain::ids::{NoticeId, VendorId};
use crate::domain::notice::form;
use crate::domain::questionnaire::Gravity;
use crate::domain::scoring::fixtures::question;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn noon(text: &str) -> DateTime<Utc> {
    format!("{text}T12:00:00Z").parse().unwrap()
}

/// Signed on the first of January 2026 by a vendor of tier 1; the yearly questionnaire goes out on
/// November 17.
fn reply<'a>(corrections: &'a [Correction], notices: &'a [ChangeNotice]) -> Reply<'a> {
    Reply {
        tier: Tier::One,
        half_year: true,
        accepted_on: day("2026-01-01"),
        signed_at: noon("2026-01-01"),
        yearly_on: day("2026-11-17"),
        corrections,
        notices,
    }
}

fn opened(occasion: Occasion, on: &str) -> Correction {
    let at = noon(on);
    Correction { occasion, opened_at: at, opened_on: day(on), ended: Some((Outcome::Signed, at)), ..correction() }
}

fn told(kind: &str, on: &str) -> ChangeNotice {
    let kinds = BTreeSet::from([kind.to_owned()]);
    let mut answers = Answers::from([(form::KIND.to_owned(), Answer::of(Value::Several(kinds)))]);
    if kind == "none" {
        answers.insert("none.since".to_owned(), Answer::of(Value::Date(day("2026-01-01"))));
    }
    ChangeNotice {
        id: NoticeId::fresh(),
        vendor: VendorId::fresh(),
        questionnaire: "change-notice-v1".to_owned(),
        digest: String::new(),
        answers,
        signed: Attestation {
            reference: "CN-K7QM-2RXA".to_owned(),
            name: String::new(),
            title: String::new(),
            email: String::new(),
            statement: String::new(),
            signed_at: noon(on),
            snapshot: String::new(),
            sha256: String::new(),
            assurance: Assurance::Link,
        },
        told_on: day(on),
        acknowledged: None,
    }
}

/// What is asked, by occasion and question.
fn asked(reply: &Reply<'_>, on: &str) -> Option<(Occasion, Vec<String>)> {
    let mut short = question("org.officer", 3, Gravity::None);
    short.lite = true;
    let mut long = question("prv.ai", 4, Gravity::Critical);
    long.lite = false;
    let wanted = wanted(reply, &[&short, &long], day(on))?;
    Some((wanted.occasion, wanted.remarks.into_keys().collect()))
}

fn short_set() -> Option<(Occasion, Vec<String>)> {
    Some((Occasion::HalfYear, vec!["org.officer".to_owned()]))
}

fn about_ai() -> Option<(Occasion, Vec<String>)> {
    Some((Occasion::Change, vec!["prv.ai".to_owned()]))
}

#[test]
fn tier_1_is_asked_the_short_set_half_a_year_after_it_signed() {
    let reply = reply(&[], &[]);
    assert_eq!(asked(&reply, "2026-07-01"), None);
    assert_eq!(asked(&reply, "2026-07-02"), short_set());
    // A sweep that did not run for months makes up for it, as long as there is time to answer.
    assert_eq!(asked(&reply, "2026-10-18"), short_set());
    assert_eq!(asked(&reply, "2026-10-19"), None);
}

#[test]
fn nobody_else_is_asked_at_half_the_year() {
    for tier in [Tier::Two, Tier::Three, Tier::Four] {
        assert_eq!(asked(&Reply { tier, ..reply(&[], &[]) }, "2026-08-01"), None);
    }
    assert_eq!(asked(&Reply { half_year: false, ..reply(&[], &[]) }, "2026-08-01"), None);
    let twice_a_year = Reply { yearly_on: day("2026-05-18"), ..reply(&[], &[]) };
    assert_eq!(half_year_on(&twice_a_year), None);
}

#[test]
fn one_that_was_sent_is_not_sent_again() {
    let sent = [opened(Occasion::HalfYear, "2026-07-02")];
    assert_eq!(asked(&reply(&sent, &[]), "2026-07-03"), None);
    assert_eq!(asked(&reply(&sent, &[]), "2026-11-16"), None);
}

#[test]
fn while_the_reply_is_open_nothing_is_asked() {
    let mut open = [opened(Occasion::Own, "2026-07-01")];
    open[0].ended = None;
    assert_eq!(asked(&reply(&open, &[told("ai.started", "2026-06-01")]), "2026-07-03"), None);
}

#[test]
fn word_that_nothing_has_changed_stands_in_for_the_half_year_check() {
    let notices = [told("none", "2026-06-01")];
    assert_eq!(half_year_on(&reply(&[], &notices)), None);
    // Told early it moves the check by as much.
    let notices = [told("none", "2026-02-01")];
    assert_eq!(half_year_on(&reply(&[], &notices)), Some(day("2026-08-02")));
}

#[test]
fn a_change_asks_the_questions_that_it_touches_from_the_day_after() {
    let notices = [told("ai.started", "2026-03-01")];
    assert_eq!(asked(&reply(&[], &notices), "2026-03-01"), None);
    assert_eq!(asked(&reply(&[], &notices), "2026-03-02"), about_ai());
    let other = Reply { tier: Tier::Four, ..reply(&[], &notices) };
    assert_eq!(asked(&other, "2026-03-02"), about_ai(), "of any tier");
}

#[test]
fn a_change_is_asked_about_once_and_a_second_one_again() {
    let sent = [opened(Occasion::Change, "2026-03-02")];
    let first = told("ai.started", "2026-03-01");
    assert_eq!(asked(&reply(&sent, std::slice::from_ref(&first)), "2026-03-20"), None);
    let both = [told("ai.started", "2026-03-10"), first];
    assert_eq!(asked(&reply(&sent, &both), "2026-03-20"), about_ai());
}

#[test]
fn what_is_told_on_the_day_of_a_recheck_waits_for_the_next_one() {
    let sent = [opened(Occasion::Change, "2026-03-10")];
    let notices = [told("ai.started", "2026-03-10")];
    assert_eq!(asked(&reply(&sent, &notices), "2026-03-10"), None);
    assert_eq!(asked(&reply(&sent, &notices), "2026-03-11"), about_ai());
    let next = [opened(Occasion::Change, "2026-03-10"), opened(Occasion::Change, "2026-03-11")];
    assert_eq!(asked(&reply(&next, &notices), "2026-03-12"), None);
}

#[test]
fn what_was_told_before_the_signature_was_answered_with_it() {
    assert_eq!(asked(&reply(&[], &[told("ai.started", "2025-12-31")]), "2026-03-02"), None);
}

#[test]
fn what_weighs_little_or_touches_nothing_that_applies_is_not_asked_about() {
    assert_eq!(asked(&reply(&[], &[told("officer.changed", "2026-03-01")]), "2026-03-02"), None);
    assert_eq!(asked(&reply(&[], &[told("remote-access.new", "2026-03-01")]), "2026-03-02"), None);
    assert_eq!(asked(&reply(&[], &[told("service.ending", "2026-03-01")]), "2026-03-02"), None);
}

#[test]
fn a_change_goes_before_the_half_year_check() {
    let notices = [told("ai.started", "2026-07-03")];
    assert_eq!(asked(&reply(&[], &notices), "2026-07-10"), about_ai());
}
