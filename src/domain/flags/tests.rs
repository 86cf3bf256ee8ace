use chrono::{Days, NaiveDate};

use super::*;

fn fact(kind: FlagKind, subject: &str) -> Fact {
    Fact { kind, subject: subject.to_owned(), sentence: format!("{kind} {subject}") }
}

fn day(after: u64) -> NaiveDate {
    NaiveDate::default() + Days::new(after)
}

fn flag(fact: &Fact) -> Flag {
    Flag::raised(VendorId::fresh(), fact.clone(), day(0))
}

fn known(fact: &Fact, until: u64) -> Flag {
    let acknowledged = Acknowledged { on: day(0), by: "Dana".to_owned(), why: "Known".to_owned(), until: day(until) };
    Flag { acknowledged: Some(acknowledged), ..flag(fact) }
}

fn settled(fact: &Fact) -> Flag {
    let resolved = Resolved { by: "Dana".to_owned(), why: "She works there".to_owned() };
    Flag { closed_on: Some(day(1)), resolved: Some(resolved), ..flag(fact) }
}

#[test]
fn a_fact_that_holds_on_is_flagged_once() {
    let silent = fact(FlagKind::NoReply, "");
    assert_eq!(reconcile(&[flag(&silent)], std::slice::from_ref(&silent)), Reconciled::default());
}

#[test]
fn a_flag_closes_when_its_fact_is_gone_and_another_is_raised() {
    let (gone, new) = (flag(&fact(FlagKind::Changed, "off.kept")), fact(FlagKind::Changed, "prv.ai"));
    let todo = reconcile(std::slice::from_ref(&gone), std::slice::from_ref(&new));
    assert_eq!((todo.close, todo.raise), (vec![gone.id], vec![(new, None)]));
}

#[test]
fn a_fact_that_comes_back_is_raised_again_and_says_when_it_was_closed() {
    let silent = fact(FlagKind::NoReply, "");
    let closed = |on| Flag { closed_on: Some(day(on)), ..flag(&silent) };
    let todo = reconcile(&[closed(3), closed(9), closed(5)], std::slice::from_ref(&silent));
    assert_eq!(todo.raise, [(silent, Some(day(9)))]);
}

#[test]
fn a_settled_flag_stays_closed_while_its_fact_reads_the_same() {
    let signed = fact(FlagKind::SignedElsewhere, "1");
    let flags = [settled(&signed)];
    assert_eq!(reconcile(&flags, std::slice::from_ref(&signed)), Reconciled::default());
    assert_eq!(to_look_at(&flags, std::slice::from_ref(&signed), day(2)), 0);
    let other = Fact { sentence: "By somebody else".to_owned(), ..signed.clone() };
    let todo = reconcile(&flags, std::slice::from_ref(&other));
    assert_eq!((todo.gone, todo.raise), (vec![flags[0].id], vec![(other, Some(day(1)))]));
    let gone = Flag { gone_on: Some(day(4)), ..settled(&signed) };
    let todo = reconcile(std::slice::from_ref(&gone), std::slice::from_ref(&signed));
    assert_eq!(todo.raise, [(signed, Some(day(1)))]);
}

#[test]
fn a_flag_that_is_known_asks_for_no_look_until_its_day_has_passed() {
    let silent = fact(FlagKind::NoReply, "");
    let flags = [known(&silent, 30)];
    let facts = [silent.clone()];
    assert_eq!([30, 31].map(|on| to_look_at(&flags, &facts, day(on))), [0, 1]);
    assert_eq!([30, 31].map(|on| flags[0].state(day(on))), [FlagState::Acknowledged, FlagState::Open]);
    assert_eq!([30, 31].map(|on| next_turn(&flags, day(on))), [Some(day(31)), None]);
    // Other words are another look.
    assert_eq!(to_look_at(&flags, &[Fact { sentence: "Worse".to_owned(), ..silent }], day(1)), 1);
}

#[test]
fn the_graver_the_flag_the_sooner_it_is_looked_at_again() {
    for (kind, days) in [(FlagKind::HardStop, 90), (FlagKind::NoReply, 180), (FlagKind::NoAddress, 365)] {
        assert_eq!(check(kind, day(days), day(0)), Ok(()));
        assert_eq!(check(kind, day(days + 1), day(0)), Err(WhyNot::TooFar(day(days))));
        assert_eq!(check(kind, day(0), day(0)), Err(WhyNot::Past));
    }
}

#[test]
fn every_kind_says_what_it_looks_for_and_what_closes_it() {
    for kind in FlagKind::ALL {
        let Rule { looks_for, says, source, ends } = kind.rule();
        for text in [looks_for, says, source, ends] {
            assert!(!text.is_empty() && !text.ends_with('.') && text.trim() == text, "{kind}: {text}");
        }
        assert!(looks_for.starts_with(char::is_uppercase) && ends.starts_with(char::is_lowercase), "{kind}");
        assert!(source.contains("CFR") || source.contains("good practice") || source.contains("paragraph"), "{kind}");
    }
}

#[test]
fn what_we_look_for_names_the_days_that_are_counted() {
    let ends_soon = [
        (FlagKind::AgreementEndsSoon, crate::domain::agreement::ENDS_SOON_DAYS),
        (FlagKind::DocumentEndsSoon, crate::domain::document::ENDS_SOON_DAYS),
    ];
    for (kind, days) in ends_soon {
        let looks_for = kind.rule().looks_for;
        assert!(looks_for.contains(&format!("within {days} days")), "{kind}: {looks_for}");
    }
}
