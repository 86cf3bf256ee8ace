//! Facts and properties of versions, renewals and letters.

use chrono::{Days, Months, NaiveDate};
use proptest::prelude::*;

use super::renewal::{THRESHOLDS, owed};
use super::*;
use crate::domain::flags::FlagKind;
use crate::domain::life::Life;
use crate::domain::vendor::BaStatus;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn version(number: u32, terms: Terms) -> Agreement {
    let at = "2020-01-01T00:00:00Z".parse().unwrap();
    let first = Agreement::noted(VendorId(uuid::Uuid::nil()), Some(day("2020-01-01")), None, at).unwrap();
    Agreement { version: number, terms, ..first }
}

fn dated(number: u32, signed: &str, ends: &str) -> Agreement {
    let of = |text: &str| (!text.is_empty()).then(|| day(text));
    version(number, Terms::of_dates(of(signed), of(ends)))
}

fn standing(versions: &[Agreement], today: &str) -> AgreementStanding {
    stands(versions, BaStatus::BusinessAssociate, day(today)).standing
}

fn said(versions: &[Agreement], status: BaStatus, today: &str) -> String {
    says::reason(&stands(versions, status, day(today)), status, Life::Active, day(today))
}

#[test]
fn an_agreement_ends_soon_from_sixty_days_before() {
    let versions = [dated(1, "2024-01-01", "2026-12-31")];
    assert_eq!(standing(&versions, "2026-10-31"), AgreementStanding::Current);
    assert_eq!(standing(&versions, "2026-11-01"), AgreementStanding::EndsSoon);
    assert_eq!(standing(&versions, "2026-12-31"), AgreementStanding::EndsSoon);
    assert_eq!(standing(&versions, "2027-01-01"), AgreementStanding::Ended);
}

#[test]
fn an_agreement_without_end_runs_on() {
    assert_eq!(standing(&[dated(1, "2004-01-01", "")], "2026-01-01"), AgreementStanding::Current);
}

#[test]
fn an_agreement_signed_tomorrow_is_missing_today() {
    assert_eq!(standing(&[dated(1, "2026-01-02", "")], "2026-01-01"), AgreementStanding::Missing);
    assert_eq!(standing(&[dated(1, "", "")], "2026-01-01"), AgreementStanding::Missing);
    assert_eq!(standing(&[dated(1, "", "2027-01-01")], "2026-01-01"), AgreementStanding::Current);
}

#[test]
fn a_signed_agreement_counts_from_the_day_it_takes_effect() {
    let mut later = dated(1, "2026-01-10", "");
    later.terms.effective_on = Some(day("2026-03-01"));
    assert_eq!(standing(std::slice::from_ref(&later), "2026-02-28"), AgreementStanding::Missing);
    assert_eq!(standing(std::slice::from_ref(&later), "2026-03-01"), AgreementStanding::Current);
    // Dated back: there is no promise on paper before it is signed.
    later.terms.effective_on = Some(day("2025-06-01"));
    assert_eq!(standing(&[later], "2026-01-09"), AgreementStanding::Missing);
}

#[test]
fn a_vendor_that_is_no_business_associate_needs_none_and_the_page_says_why() {
    for status in BaStatus::ALL.iter().filter(|status| !status.signs_with_us()) {
        let stands = stands(&[], *status, day("2026-01-01"));
        assert_eq!(stands.standing, AgreementStanding::NotNeeded);
        assert!(says::reason(&stands, *status, Life::Active, day("2026-01-01")).starts_with("Not needed"), "{status}");
    }
}

#[test]
fn a_renewal_signed_for_next_month_does_not_end_todays() {
    let mut renewal = dated(2, "2026-11-20", "2028-12-31");
    renewal.terms.effective_on = Some(day("2027-01-01"));
    let versions = [renewal, dated(1, "2024-01-01", "2026-12-31")];
    let today = day("2026-12-01");
    assert_eq!(in_force(&versions, today).unwrap().version, 1);
    // Signed and without a gap: nothing ends.
    assert_eq!(standing(&versions, "2026-12-01"), AgreementStanding::Current);
    assert_eq!(stands(&versions, BaStatus::BusinessAssociate, today).until, Some(day("2028-12-31")));
    assert_eq!(in_force(&versions, day("2027-01-01")).unwrap().version, 2);
    assert_eq!(
        said(&versions, BaStatus::BusinessAssociate, "2026-12-01"),
        "Version 2 begins on January 1, 2027. With it: it runs until December 31, 2028."
    );
}

#[test]
fn a_renewal_that_begins_after_a_gap_does_not_hide_the_end() {
    let mut renewal = dated(2, "2026-11-20", "2028-12-31");
    renewal.terms.effective_on = Some(day("2027-01-02"));
    let versions = [dated(1, "2024-01-01", "2026-12-31"), renewal];
    assert_eq!(standing(&versions, "2026-12-01"), AgreementStanding::EndsSoon);
    assert_eq!(standing(&versions, "2027-01-01"), AgreementStanding::Ended);
    assert_eq!(standing(&versions, "2027-01-02"), AgreementStanding::Current);
}

/// A version with a first day that nobody has signed.
fn unsigned(number: u32, effective: &str, ends: &str) -> Agreement {
    let mut one = dated(number, "", ends);
    one.terms.effective_on = Some(day(effective));
    one
}

#[test]
fn a_renewal_that_nobody_signed_covers_nothing() {
    let versions = [unsigned(2, "2027-01-01", "2028-12-31"), dated(1, "2024-01-01", "2026-12-31")];
    assert_eq!(standing(&versions, "2026-12-01"), AgreementStanding::EndsSoon);
    assert_eq!(standing(&versions, "2027-01-01"), AgreementStanding::Ended);
    assert_eq!(in_force(&versions, day("2027-06-01")), None);
    let stands = stands(&versions, BaStatus::BusinessAssociate, day("2026-12-01"));
    assert_eq!((stands.until, stands.next), (Some(day("2026-12-31")), None));
    assert_eq!(stands.waiting.map(|one| one.version), Some(2));
    assert_eq!(
        said(&versions, BaStatus::BusinessAssociate, "2026-12-01"),
        "It ends on December 31, 2026; that is in 30 days. Version 2 waits for a signature, and binds nobody until then."
    );
    assert_eq!(
        said(&versions, BaStatus::BusinessAssociate, "2027-01-05"),
        "It ended on December 31, 2026. Version 2 waits for a signature, and binds nobody until then."
    );
    let told = facts(&stands, &versions, &[], "", day("2026-12-01"));
    assert_eq!(
        told[0].sentence,
        "The business associate agreement ends on December 31, 2026; version 2 waits for a signature"
    );
}

#[test]
fn letters_go_on_while_a_renewal_waits_for_a_signature() {
    let mut versions = [unsigned(2, "2027-01-01", "2028-12-31"), dated(1, "2024-01-01", "2026-12-31")];
    let at = |versions: &[Agreement]| owed(versions, BaStatus::BusinessAssociate, day("2026-12-24"));
    assert_eq!(at(&versions).map(|owed| (owed.threshold, owed.ends_on)), Some((7, day("2026-12-31"))));
    versions[0].terms.signed_on = Some(day("2026-12-20"));
    assert_eq!(at(&versions), None);
}

#[test]
fn a_first_agreement_that_nobody_signed_is_missing() {
    let versions = [unsigned(1, "2026-01-01", "")];
    assert_eq!(standing(&versions, "2026-06-01"), AgreementStanding::Missing);
    assert!(said(&versions, BaStatus::BusinessAssociate, "2026-06-01").starts_with("None is signed."));
    let today = day("2026-06-01");
    let told = facts(&stands(&versions, BaStatus::BusinessAssociate, today), &versions, &[], "", today);
    assert_eq!(
        told[0].sentence,
        "No signed business associate agreement on record (45 CFR 164.308(b)(3)); version 1 waits for a signature"
    );
}

#[test]
fn a_duty_set_by_law_needs_no_signature() {
    let mut one = unsigned(1, "2026-01-01", "");
    one.terms.kind = AgreementKind::DutyByLaw;
    assert_eq!(standing(&[one], "2026-06-01"), AgreementStanding::Current);
}

#[test]
fn a_version_that_nobody_signed_stops_waiting_when_given_up_or_followed() {
    let draft = unsigned(2, "2027-01-01", "");
    let mut given_up = draft.clone();
    given_up.terms.ended_on = Some(day("2027-01-10"));
    assert_eq!(waiting(&[given_up]), None);
    assert_eq!(waiting(&[dated(3, "2026-12-20", ""), draft]), None);
}

#[test]
fn an_agreement_that_renews_by_itself_goes_on_until_somebody_gives_notice() {
    let mut one = dated(1, "2024-02-15", "2025-02-28");
    (one.terms.renews_months, one.terms.notice_days) = (Some(12), Some(60));
    let versions = [one.clone()];
    assert_eq!(one.last_day(day("2025-02-28")), Some(day("2025-02-28")));
    assert_eq!(one.last_day(day("2026-12-01")), Some(day("2027-02-28")));
    assert_eq!(standing(&versions, "2027-02-27"), AgreementStanding::Current);
    assert_eq!(one.notice_by(day("2026-12-01")), Some(day("2026-12-30")));
    assert_eq!(
        said(&versions, BaStatus::BusinessAssociate, "2026-12-01"),
        "It renews by itself on March 1, 2027, for 12 months at a time; to leave, say so by December 30, 2026."
    );
    // Notice was given for the end of this term.
    one.terms.ended_on = Some(day("2027-02-28"));
    assert_eq!(standing(std::slice::from_ref(&one), "2027-01-15"), AgreementStanding::EndsSoon);
    assert_eq!(standing(&[one], "2027-03-01"), AgreementStanding::Ended);
}

#[test]
fn a_term_that_ends_on_a_leap_day_comes_back_to_it() {
    let mut one = dated(1, "2023-03-01", "2024-02-29");
    one.terms.renews_months = Some(12);
    let ends: Vec<String> = [2025, 2026, 2027, 2028]
        .map(|year| one.last_day(NaiveDate::from_ymd_opt(year, 1, 1).unwrap()).unwrap().to_string())
        .to_vec();
    assert_eq!(ends, ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]);
}

#[test]
fn an_agreement_ended_early_has_ended() {
    let mut one = dated(1, "2024-01-01", "2030-01-01");
    one.terms.ended_on = Some(day("2026-06-30"));
    assert_eq!(standing(std::slice::from_ref(&one), "2026-06-30"), AgreementStanding::EndsSoon);
    assert_eq!(standing(std::slice::from_ref(&one), "2026-07-01"), AgreementStanding::Ended);
    assert!(
        said(&[one], BaStatus::BusinessAssociate, "2026-07-01")
            .starts_with("It was ended, and its last day was June 30, 2026")
    );
}

#[test]
fn a_missing_provision_is_a_flag_with_its_paragraph() {
    let mut one = dated(1, "2024-01-01", "");
    let found = [
        ("BAA-12", Found::Missing),
        ("BAA-01", Found::Met),
        ("BAA-O1", Found::Missing),
        ("own:Encrypts", Found::Missing),
    ];
    one.checklist.findings.0 = found.map(|(key, found)| (key.to_owned(), found)).into();
    let versions = [one];
    let today = day("2026-01-01");
    let told = |own: &[String]| -> Vec<String> {
        let told = facts(&stands(&versions, BaStatus::BusinessAssociate, today), &versions, own, "", today);
        told.into_iter().map(|fact| fact.sentence).collect()
    };
    assert_eq!(
        told(&provisions::own_keys(&["Encrypts".to_owned()])),
        [
            "The agreement lacks the term “Returns or destroys everything at the end” (45 CFR 164.504(e)(2)(ii)(J))",
            "The agreement lacks the term “Encrypts” (your own term)",
        ]
    );
    // The practice gave its own term up.
    assert_eq!(told(&[]).len(), 1);
}

#[test]
fn an_agreement_that_allows_more_than_sixty_days_to_tell_of_a_breach_is_flagged() {
    let told = |hours| {
        let mut one = dated(1, "2024-01-01", "");
        one.terms.breach_notice_hours = Some(hours);
        let versions = [one];
        let today = day("2026-01-01");
        facts(&stands(&versions, BaStatus::BusinessAssociate, today), &versions, &[], "", today)
    };
    assert!(told(1440).is_empty());
    assert_eq!(told(1441)[0].kind, FlagKind::LegalLimit);
}

#[test]
fn letters_about_the_end_are_owed_at_ninety_sixty_thirty_and_seven_days() {
    let versions = [dated(1, "2024-01-01", "2026-12-31")];
    let at = |today: &str| owed(&versions, BaStatus::BusinessAssociate, day(today)).map(|owed| owed.threshold);
    assert_eq!(at("2026-10-01"), None);
    assert_eq!([at("2026-10-02"), at("2026-10-31")], [Some(90), Some(90)]);
    assert_eq!([at("2026-11-01"), at("2026-12-01"), at("2026-12-24")], [Some(60), Some(30), Some(7)]);
    // It ended while nobody looked: the last letter is still owed, for a month.
    assert_eq!([at("2027-01-30"), at("2027-01-31")], [Some(7), None]);
    assert_eq!(owed(&versions, BaStatus::NoPhi, day("2026-12-24")), None);
}

#[test]
fn a_list_of_agreements_that_ended_long_ago_brings_no_letters() {
    let mut old = dated(1, "2024-01-01", "2026-12-31");
    old.recorded_at = "2027-01-05T12:00:00Z".parse().unwrap();
    assert_eq!(owed(&[old], BaStatus::BusinessAssociate, day("2027-01-05")), None);
}

#[test]
fn one_that_renews_by_itself_is_written_about_before_the_day_to_say_no() {
    let mut one = dated(1, "2024-01-01", "2026-12-31");
    (one.terms.renews_months, one.terms.notice_days) = (Some(12), Some(60));
    let at = |today: &str| owed(std::slice::from_ref(&one), BaStatus::BusinessAssociate, day(today));
    assert_eq!(at("2026-08-02"), None);
    let first = at("2026-08-03").unwrap();
    assert_eq!((first.threshold, first.act_by, first.ends_on), (90, day("2026-11-01"), day("2026-12-31")));
    assert_eq!(at("2026-11-01").unwrap().threshold, 7);
    // Too late to leave: quiet until the next term.
    assert_eq!(at("2026-11-02"), None);
    assert_eq!(at("2027-08-04").unwrap().ends_on, day("2027-12-31"));
}

#[test]
fn dates_that_cannot_be_are_named_by_their_field() {
    let faulty = |change: &dyn Fn(&mut Terms)| {
        let mut terms = Terms::of_dates(Some(day("2026-01-01")), Some(day("2026-12-31")));
        change(&mut terms);
        terms.faults().into_iter().map(|(field, _)| field).collect::<Vec<_>>()
    };
    assert!(faulty(&|_| {}).is_empty());
    assert_eq!(faulty(&|terms| terms.ends_on = Some(day("2025-01-01"))), ["ends_on"]);
    assert_eq!(faulty(&|terms| terms.ended_on = Some(day("2025-01-01"))), ["ended_on"]);
    assert_eq!(faulty(&|terms| (terms.ends_on, terms.renews_months) = (None, Some(12))), ["ends_on"]);
    assert_eq!(faulty(&|terms| (terms.signed_on, terms.ends_on) = (None, None)), ["signed_on"]);
}

fn days() -> impl Strategy<Value = NaiveDate> {
    (0_u64..2_500).prop_map(|after| day("2024-01-01") + Days::new(after))
}

fn versions() -> impl Strategy<Value = Vec<Agreement>> {
    let one = (
        proptest::option::of(days()),
        proptest::option::of(days()),
        proptest::option::of(days()),
        proptest::option::of(1_u32..25),
        proptest::option::of(days()),
    );
    proptest::collection::vec(one, 0..4).prop_map(|all| {
        let numbered = (1..).zip(all);
        numbered
            .map(|(number, (signed_on, effective_on, ends_on, renews_months, ended_on))| {
                let terms = Terms { effective_on, renews_months, ended_on, ..Terms::of_dates(signed_on, ends_on) };
                version(number, terms)
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn the_standing_changes_on_the_days_that_were_named_and_on_no_other(versions in versions(), from in days()) {
        let at = |day| {
            let stands = stands(&versions, BaStatus::BusinessAssociate, day);
            (stands.standing, stands.version.map(|one| one.version), stands.until)
        };
        let turn = next_turn(&versions, from);
        let mut next = from;
        for _ in 0..400 {
            next = next + Days::new(1);
            if turn == Some(next) {
                break;
            }
            prop_assert_eq!(at(next), at(from), "{} after {}", next, from);
        }
    }

    #[test]
    fn at_most_one_version_is_in_force_and_it_covers_the_day(versions in versions(), today in days()) {
        if let Some(one) = in_force(&versions, today) {
            prop_assert!(one.terms.begins_on().is_none_or(|begins| begins <= today));
            prop_assert!(!one.terms.is_unsigned());
            prop_assert!(one.last_day(today).is_none_or(|last| last >= today));
        }
        let stands = stands(&versions, BaStatus::BusinessAssociate, today);
        let covered = matches!(stands.standing, AgreementStanding::Current | AgreementStanding::EndsSoon);
        prop_assert_eq!(covered, in_force(&versions, today).is_some());
    }

    #[test]
    fn versions_that_nobody_signed_change_no_standing_no_letter_and_no_day(versions in versions(), today in days()) {
        let signed: Vec<Agreement> = versions.iter().filter(|one| !one.terms.is_unsigned()).cloned().collect();
        let at = |versions: &[Agreement]| {
            let stands = stands(versions, BaStatus::BusinessAssociate, today);
            let numbers = [stands.version, stands.last, stands.next].map(|one| one.map(|one| one.version));
            let letter = owed(versions, BaStatus::BusinessAssociate, today).map(|owed| (owed.threshold, owed.ends_on));
            (stands.standing, stands.until, numbers, letter, next_turn(versions, today))
        };
        prop_assert_eq!(at(&versions), at(&signed));
    }

    #[test]
    fn a_term_rolls_on_to_the_first_end_that_is_not_past(ends in days(), months in 1_u32..25, today in days()) {
        let mut terms = Terms::of_dates(Some(day("2023-01-01")), Some(ends));
        terms.renews_months = Some(months);
        let last = version(1, terms).last_day(today).unwrap();
        prop_assert!(last >= today && last >= ends);
        prop_assert!(last == ends || last <= today + Months::new(months));
    }

    #[test]
    fn every_day_of_sweeping_sends_each_letter_once_and_a_pause_sends_one(ends in 100_u64..400, pause in 1_usize..60) {
        let start = day("2026-01-01");
        let versions = [dated(1, "2025-01-01", &(start + Days::new(ends)).to_string())];
        let sent = |step: usize| {
            let looks = (0..=ends).step_by(step).map(|after| start + Days::new(after));
            let mut keys: Vec<String> =
                looks.filter_map(|today| owed(&versions, BaStatus::BusinessAssociate, today)).map(|owed| owed.once()).collect();
            keys.dedup();
            keys
        };
        prop_assert_eq!(sent(1).len(), THRESHOLDS.len());
        let paused = sent(pause);
        prop_assert!(paused.len() <= THRESHOLDS.len());
        let distinct: std::collections::BTreeSet<&String> = paused.iter().collect();
        prop_assert_eq!(distinct.len(), paused.len());
    }
}
