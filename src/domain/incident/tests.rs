//! The date vectors of `domain/hipaa.md` 1.4, more across year ends and leap years, and
//! properties of the clocks.

use proptest::prelude::*;

use super::assessment::{Exclusion, Factor, Found};
use super::*;
use crate::domain::flags::FlagKind;
use crate::domain::scoring::Signal;

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn known(vendor_knew: &str, told: &str, agency: Agency) -> Known {
    Known { vendor_knew_on: Some(d(vendor_knew)), agency, ..Known::told(d(told)) }
}

fn file(known: Known) -> File {
    let incident = Incident {
        id: IncidentId::fresh(),
        vendor: VendorId::fresh(),
        notice: None,
        learned: Learned::Telephone,
        what: "A laptop was stolen".to_owned(),
        opened_on: known.told_on,
        opened_by: "Dana".to_owned(),
        known,
        closed: None,
    };
    File { incident, assessments: Vec::new(), marks: Vec::new() }
}

fn with(mut known: Known, counts: &[(&str, u32)]) -> File {
    known.residents = counts.iter().map(|(state, count)| ((*state).to_owned(), *count)).collect();
    file(known)
}

fn by(file: &File, step: StepKind) -> Option<(NaiveDate, Option<NaiveDate>)> {
    steps::due(file).into_iter().find(|due| due.step == step).map(|due| (due.by, due.otherwise))
}

fn found(file: &mut File, conclusion: Conclusion) {
    let version = u32::try_from(file.assessments.len()).unwrap() + 1;
    let on = file.incident.known.told_on;
    file.assessments.push(RiskAssessment { version, found: Found::default(), conclusion, by: "Dana".to_owned(), on });
}

fn mark(file: &mut File, step: StepKind, on: Option<&str>) {
    let recorded_on = file.incident.known.told_on;
    let done = Done { step, on: on.map(d), by: "Dana".to_owned(), note: String::new(), document: None, recorded_on };
    file.marks.push(done);
}

#[test]
fn the_vectors_of_the_rule_come_out() {
    // The vendor's outer limit.
    let agent = file(known("2026-11-03", "2026-11-03", Agency::Agent));
    assert_eq!(by(&agent, StepKind::VendorTells), Some((d("2027-01-02"), None)));
    // Not an agent, told on 2027-01-02.
    let independent = file(known("2026-11-03", "2027-01-02", Agency::Independent));
    assert_eq!(by(&independent, StepKind::Individuals), Some((d("2027-03-03"), None)));
    // An agent: what it knew, we knew.
    let agent = file(known("2026-11-03", "2027-01-02", Agency::Agent));
    assert_eq!(by(&agent, StepKind::Individuals), Some((d("2027-01-02"), None)));
    // Small ones, by the year of discovery.
    let small = |told: &str| by(&with(known(told, told, Agency::Agent), &[("OH", 12)]), StepKind::HhsSmall);
    assert_eq!(small("2026-05-05"), Some((d("2027-03-01"), None)));
    assert_eq!(small("2027-05-05"), Some((d("2028-02-29"), None)));
    // An oral hold of 2026-12-01 ends on 2026-12-31 at the latest.
    let oral = Hold { kind: HoldKind::Oral, said_on: d("2026-12-01"), until: None };
    assert_eq!(oral.ends_on(), d("2026-12-31"));
    assert_eq!(Hold { until: Some(d("2027-02-01")), ..oral }.ends_on(), d("2026-12-31"));
    assert_eq!(Hold { until: Some(d("2026-12-10")), ..oral }.ends_on(), d("2026-12-10"));
}

#[test]
fn across_year_ends_and_leap_days_the_days_are_right() {
    for (knew, told, small, individuals) in [
        ("2026-12-31", "2026-12-31", "2027-03-01", "2027-03-01"),
        ("2027-01-01", "2027-01-01", "2028-02-29", "2027-03-02"),
        ("2027-12-31", "2027-12-31", "2028-02-29", "2028-02-29"),
        ("2028-01-01", "2028-01-01", "2029-03-01", "2028-03-01"),
        ("2028-02-29", "2028-02-29", "2029-03-01", "2028-04-29"),
        ("2099-12-31", "2099-12-31", "2100-03-01", "2100-03-01"),
        // Not a leap year, though a hundredth.
        ("2100-01-01", "2100-01-01", "2101-03-01", "2100-03-02"),
    ] {
        let file = with(known(knew, told, Agency::Agent), &[("OH", 1)]);
        assert_eq!(by(&file, StepKind::HhsSmall), Some((d(small), None)), "{knew}");
        assert_eq!(by(&file, StepKind::Individuals), Some((d(individuals), None)), "{knew}");
    }
}

#[test]
fn while_the_agency_is_not_decided_the_earliest_day_counts_and_both_are_said() {
    let file = with(known("2026-11-03", "2027-01-02", Agency::Undetermined), &[("OH", 12)]);
    assert_eq!(by(&file, StepKind::Individuals), Some((d("2027-01-02"), Some(d("2027-03-03")))));
    // Even the year of the list hangs on it.
    assert_eq!(by(&file, StepKind::HhsSmall), Some((d("2027-03-01"), Some(d("2028-02-29")))));
    let same = with(known("2027-01-02", "2027-01-02", Agency::Undetermined), &[("OH", 12)]);
    assert_eq!(by(&same, StepKind::Individuals), Some((d("2027-03-03"), None)));
}

#[test]
fn media_are_told_above_500_of_one_state_and_hhs_from_500_in_all() {
    let of = |counts: &[(&str, u32)]| {
        let file = with(known("2026-11-03", "2026-11-03", Agency::Agent), counts);
        [StepKind::Media, StepKind::HhsLarge, StepKind::HhsSmall].map(|step| by(&file, step).is_some())
    };
    assert_eq!(of(&[("OH", 499)]), [false, false, true]);
    assert_eq!(of(&[("OH", 500)]), [false, true, false]);
    assert_eq!(of(&[("OH", 501)]), [true, true, false]);
    assert_eq!(of(&[("OH", 300), ("KY", 200)]), [false, true, false]);
    assert_eq!(of(&[("OH", 500), ("KY", 500)]), [false, true, false]);
    assert_eq!(of(&[("OH", 0)]), [false, false, true]);
    // As long as no number is known, each may come.
    let unknown = file(known("2026-11-03", "2026-11-03", Agency::Agent));
    let due = steps::due(&unknown);
    let in_doubt: Vec<StepKind> = due.iter().filter(|due| !due.certain).map(|due| due.step).collect();
    assert_eq!(in_doubt, [StepKind::Media, StepKind::HhsLarge, StepKind::HhsSmall]);
}

#[test]
fn a_delay_of_the_police_pushes_our_days_back_and_not_the_vendors() {
    let mut told = known("2026-11-03", "2026-11-03", Agency::Agent);
    told.hold = Some(Hold { kind: HoldKind::Written, said_on: d("2026-12-01"), until: Some(d("2027-06-30")) });
    let held = with(told.clone(), &[("OH", 12)]);
    assert_eq!(by(&held, StepKind::Individuals), Some((d("2027-06-30"), None)));
    assert_eq!(by(&held, StepKind::HhsSmall), Some((d("2027-06-30"), None)));
    assert_eq!(by(&held, StepKind::VendorTells), Some((d("2027-01-02"), None)));
    // One that ends before the day changes no day; it still forbids telling before its end.
    told.hold = Some(Hold { kind: HoldKind::Oral, said_on: d("2026-11-05"), until: None });
    let held = with(told, &[("OH", 12)]);
    assert_eq!(by(&held, StepKind::Individuals), Some((d("2027-01-02"), None)));
    let ours = steps::due(&held).into_iter().filter(|due| due.step.is_ours());
    assert!(ours.into_iter().all(|due| due.held_until == Some(d("2026-12-05"))));
}

#[test]
fn nobody_is_told_of_secured_information_nor_of_what_is_no_breach() {
    let ours = |file: &File| steps::due(file).iter().filter(|due| due.step.is_ours()).count();
    let mut one = with(known("2026-11-03", "2026-11-03", Agency::Agent), &[("OH", 12)]);
    assert_eq!(ours(&one), 2, "taken for a breach until shown otherwise");
    found(&mut one, Conclusion::LowProbability);
    assert_eq!(ours(&one), 0);
    found(&mut one, Conclusion::Breach);
    assert_eq!(ours(&one), 2, "the newest assessment counts");
    found(&mut one, Conclusion::Excluded);
    assert_eq!(ours(&one), 0);
    let mut secured = known("2026-11-03", "2026-11-03", Agency::Agent);
    secured.secured = Secured::Secured;
    assert_eq!(ours(&file(secured)), 0);
}

#[test]
fn a_low_probability_is_found_on_all_four_factors() {
    let mut what = Found { exclusion: Some(Exclusion::NotRetained), ..Found::default() };
    assert_eq!(what.lacks(Conclusion::LowProbability), Factor::ALL);
    assert!(what.lacks(Conclusion::Breach).is_empty() && what.lacks(Conclusion::Excluded).is_empty());
    for factor in Factor::ALL {
        *what.of_mut(*factor) = "Weighed.".to_owned();
    }
    assert_eq!(what.lacks(Conclusion::LowProbability), []);
    assert!(Factor::ALL.iter().all(|factor| factor.cites().starts_with("45 CFR 164.402(2)(")));
    assert!(Exclusion::ALL.iter().all(|one| one.cites().starts_with("45 CFR 164.402(1)(")));
}

#[test]
fn an_incident_is_closed_only_as_what_it_is() {
    let mut one = with(known("2026-11-03", "2026-11-03", Agency::Agent), &[("OH", 12)]);
    assert!(one.cannot_close(Outcome::NoBreach).is_some() && one.cannot_close(Outcome::Secured).is_some());
    assert!(one.cannot_close(Outcome::Notified).is_some() && one.cannot_close(Outcome::Mistake).is_none());
    found(&mut one, Conclusion::Breach);
    mark(&mut one, StepKind::VendorTells, Some("2026-11-03"));
    mark(&mut one, StepKind::Individuals, Some("2026-12-01"));
    assert!(one.cannot_close(Outcome::Notified).is_some(), "HHS was not told");
    mark(&mut one, StepKind::HhsSmall, Some("2027-02-01"));
    assert_eq!(one.cannot_close(Outcome::Notified), None);
    mark(&mut one, StepKind::HhsSmall, None);
    assert!(one.cannot_close(Outcome::Notified).is_some(), "it was not done after all");
    found(&mut one, Conclusion::LowProbability);
    assert_eq!(one.cannot_close(Outcome::NoBreach), None);
}

#[test]
fn what_is_overdue_is_said_with_its_paragraph_and_what_is_next() {
    let mut one = with(known("2026-11-03", "2026-11-03", Agency::Agent), &[("OH", 12)]);
    let said = |file: &File, today: &str| -> Vec<String> {
        facts(std::slice::from_ref(file), d(today)).into_iter().map(|fact| fact.sentence).collect()
    };
    assert_eq!(
        said(&one, "2027-01-02"),
        ["An incident told on November 3, 2026 is open. Next: write to the patients by January 2, 2027"]
    );
    assert_eq!(
        said(&one, "2027-01-03"),
        [
            "An incident told on November 3, 2026 is open. Next: tell the health department (HHS) by March 1, 2027",
            "Of the incident told on November 3, 2026, this was due on January 2, 2027: write to the patients (45 CFR 164.404(b))",
        ]
    );
    let kinds: Vec<FlagKind> =
        facts(std::slice::from_ref(&one), d("2027-01-03")).into_iter().map(|fact| fact.kind).collect();
    assert_eq!(kinds, [FlagKind::IncidentOpen, FlagKind::IncidentOverdue]);
    assert_eq!(next_turn(std::slice::from_ref(&one), d("2027-01-02")), Some(d("2027-01-03")));
    mark(&mut one, StepKind::Individuals, Some("2027-01-02"));
    assert_eq!(said(&one, "2027-01-03").len(), 1);
    one.incident.closed =
        Some(Closed { on: d("2027-01-03"), outcome: Outcome::Mistake, by: "Dana".to_owned(), reason: String::new() });
    assert_eq!(said(&one, "2030-01-01"), Vec::<String>::new());
}

#[test]
fn a_breach_counts_a_year_in_full_and_two_more_in_part_once_a_person_found_it_one() {
    let mut one = with(known("2024-02-29", "2024-02-29", Agency::Agent), &[("OH", 12)]);
    let all = |file: &File, today: &str| signals(std::slice::from_ref(file), d(today));
    assert_eq!(all(&one, "2024-03-01"), []);
    found(&mut one, Conclusion::Breach);
    assert_eq!(all(&one, "2024-03-01"), [Signal::Breach12Months]);
    assert_eq!(all(&one, "2025-02-27"), [Signal::Breach12Months]);
    assert_eq!(all(&one, "2025-02-28"), [Signal::Breach36Months]);
    assert_eq!(all(&one, "2027-02-27"), [Signal::Breach36Months]);
    assert_eq!(all(&one, "2027-02-28"), []);
    one.incident.known.told_late = true;
    assert_eq!(all(&one, "2024-03-01"), [Signal::Breach12Months, Signal::BreachNoticeLate]);
    found(&mut one, Conclusion::LowProbability);
    assert_eq!(all(&one, "2024-03-01"), [Signal::BreachNoticeLate]);
}

#[test]
fn told_too_late_is_by_the_law_or_by_the_agreement() {
    let mut told = known("2026-11-03", "2026-11-06", Agency::Independent);
    assert!(!steps::told_too_late(&told));
    told.contract_hours = Some(48);
    assert!(steps::told_too_late(&told));
    told.contract_hours = Some(72);
    assert!(!steps::told_too_late(&told));
    assert!(steps::told_too_late(&known("2026-11-03", "2027-01-03", Agency::Independent)));
}

fn day() -> impl Strategy<Value = NaiveDate> {
    (0u64..40_000).prop_map(|days| d("2000-01-01") + Days::new(days))
}

fn agency() -> impl Strategy<Value = Agency> {
    prop::sample::select(Agency::ALL.to_vec())
}

proptest! {
    #[test]
    fn no_step_is_due_before_the_discovery_and_the_earliest_day_is_the_one_that_counts(
        knew in proptest::option::of(day()), told_on in day(), agency in agency(),
        counts in proptest::collection::btree_map("[A-Z]{2}", 0u32..2_000, 0..4),
        hours in proptest::option::of(1u32..2_000),
    ) {
        let known = Known {
            vendor_knew_on: knew, agency, residents: counts, contract_hours: hours, ..Known::told(told_on)
        };
        let one = file(known.clone());
        for due in steps::due(&one) {
            prop_assert!(due.by >= known.vendor_discovery());
            prop_assert!(due.otherwise.is_none_or(|other| other > due.by && agency == Agency::Undetermined));
        }
        let alone = |agency| by(&file(Known { agency, ..known.clone() }), StepKind::Individuals).unwrap();
        let (agent, other, open) = (alone(Agency::Agent), alone(Agency::Independent), alone(Agency::Undetermined));
        prop_assert_eq!(open.0, agent.0);
        prop_assert_eq!(open.1.unwrap_or(open.0), other.0);
        prop_assert!(known.vendor_discovery() <= told_on);
    }

    #[test]
    fn a_delay_never_brings_a_day_forward_and_media_never_come_without_hhs(
        told_on in day(), said_on in day(), until in proptest::option::of(day()), oral in any::<bool>(),
        counts in proptest::collection::btree_map("[A-Z]{2}", 0u32..2_000, 1..4),
    ) {
        let kind = if oral { HoldKind::Oral } else { HoldKind::Written };
        let free = Known { agency: Agency::Agent, residents: counts, ..Known::told(told_on) };
        let hold = Hold { kind, said_on, until };
        let held = Known { hold: Some(hold), ..free.clone() };
        let (free, held) = (steps::due(&file(free)), steps::due(&file(held)));
        for due in &free {
            let later = held.iter().find(|other| other.step == due.step).unwrap();
            prop_assert!(later.by >= due.by);
            if due.step.is_ours() {
                prop_assert!(later.by == due.by || later.by == hold.ends_on());
            } else {
                prop_assert_eq!(later.by, due.by);
            }
        }
        let has = |step| free.iter().any(|due| due.step == step);
        prop_assert!(!has(StepKind::Media) || has(StepKind::HhsLarge));
        prop_assert!(has(StepKind::HhsLarge) != has(StepKind::HhsSmall));
        if oral {
            prop_assert!(hold.ends_on() <= said_on + Days::new(ORAL_HOLD_DAYS));
        }
    }

    #[test]
    fn the_facts_of_a_day_change_only_on_a_turn(told_on in day(), offset in 0u64..500, breach in any::<bool>()) {
        let mut one = with(Known { agency: Agency::Agent, ..Known::told(told_on) }, &[("OH", 700)]);
        if breach {
            found(&mut one, Conclusion::Breach);
        }
        let files = [one];
        let today = told_on + Days::new(offset);
        let next = next_turn(&files, today).unwrap_or(NaiveDate::MAX);
        let tomorrow = today + Days::new(1);
        if tomorrow < next {
            prop_assert_eq!(facts(&files, today), facts(&files, tomorrow));
            prop_assert_eq!(signals(&files, today), signals(&files, tomorrow));
        }
    }
}
