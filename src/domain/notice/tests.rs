use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::catalogue::Catalogue;
use crate::domain::answers::Answer;
use crate::domain::answers::form::Fields;
use crate::domain::flags::Severity;
use crate::domain::questionnaire::{AnswerKind, Questionnaire};

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn several(keys: &[&str]) -> Answer {
    Answer::of(Value::Several(keys.iter().map(|key| (*key).to_owned()).collect()))
}

fn telling(keys: &[&str]) -> Answers {
    Answers::from([(form::KIND.to_owned(), several(keys))])
}

fn notice(answers: Answers) -> ChangeNotice {
    ChangeNotice {
        id: NoticeId::fresh(),
        vendor: VendorId::fresh(),
        questionnaire: "change-notice-v1".into(),
        digest: String::new(),
        answers,
        signed: Attestation {
            reference: "CN-K7QM-2RXA".into(),
            name: "Pat Morgan".into(),
            title: "Office manager".into(),
            email: "pat@vendor.test".into(),
            statement: String::new(),
            signed_at: "2026-11-22T15:00:00Z".parse().unwrap(),
            snapshot: String::new(),
            sha256: String::new(),
            assurance: crate::domain::assessment::Assurance::Link,
        },
        told_on: d("2026-11-22"),
        acknowledged: None,
    }
}

fn with_form<T>(test: impl FnOnce(&Questionnaire) -> T) -> T {
    test(Catalogue::built_in().unwrap().find(QUESTIONNAIRE).unwrap())
}

#[test]
fn the_form_offers_exactly_these_kinds_in_these_words() {
    with_form(|form| {
        let AnswerKind::Several { choices, .. } = &form.question(form::KIND).unwrap().answer else { panic!("kinds") };
        let offered: Vec<(&str, &str)> = choices.iter().map(|one| (one.key.as_str(), one.says.as_str())).collect();
        let known: Vec<(&str, &str)> = NoticeKind::ALL.iter().map(|kind| (kind.key(), kind.says())).collect();
        assert_eq!(offered, known);
    });
}

/// The table of 2.13: the questions that only this kind brings up.
const EXTRA: &[(&str, &[&str])] = &[
    ("subcontractor.added", &["subcontractor.companies"]),
    ("subcontractor.replaced", &["subcontractor.companies"]),
    ("subcontractor.removed", &["subcontractor.companies"]),
    (
        "hosting.moved",
        &[
            "hosting.from",
            "hosting.to",
            "hosting.provider",
            "hosting.region",
            "hosting.starts",
            "hosting.ends",
            "hosting.destroyed",
        ],
    ),
    ("offshore.started", &["offshore.countries", "offshore.activity", "offshore.people"]),
    ("offshore.stopped", &["offshore.countries", "offshore.activity", "offshore.people"]),
    ("use.new", &["use.purpose", "use.permission"]),
    ("elements.added", &["elements.new", "elements.volume"]),
    ("ai.started", &["ai.tool", "ai.provider", "ai.where", "ai.agreement", "ai.training"]),
    ("ownership.changed", &["ownership.buyer", "ownership.on", "ownership.assignee", "ownership.officer"]),
    ("certificate.lost", &["certificate.which", "certificate.on", "certificate.reason", "certificate.plan"]),
    ("certificate.lapsed", &["certificate.which", "certificate.on", "certificate.reason", "certificate.plan"]),
    ("certificate.narrowed", &["certificate.which", "certificate.on", "certificate.reason", "certificate.plan"]),
    ("remote-access.new", &["remote-access.method", "remote-access.who", "remote-access.second-factor"]),
    ("remote-access.changed", &["remote-access.method", "remote-access.who", "remote-access.second-factor"]),
    ("officer.changed", &["officer.new"]),
    ("self-check.failed", &["self-check.finding", "self-check.fix-by"]),
    (
        "incident.suspected",
        &[
            "incident.known-on",
            "incident.happened-on",
            "incident.known-at",
            "incident.elements",
            "incident.count",
            "incident.contained",
        ],
    ),
    ("contingency.activated", &["contingency.on", "contingency.at", "contingency.services", "contingency.return"]),
    ("workforce.model", &["workforce.change", "workforce.rules"]),
    ("service.ending", &["service.ends", "service.plan"]),
    ("exclusion.found", &["exclusion.list", "exclusion.who", "exclusion.done"]),
    ("none", &["none.since"]),
];

#[test]
fn each_kind_brings_up_its_own_fields() {
    with_form(|form| {
        for (kind, fields) in EXTRA {
            // What another kind brings up as well is asked of all.
            let other = telling(&[if *kind == "officer.changed" { "service.ending" } else { "officer.changed" }]);
            let common: BTreeSet<&str> =
                form::applicable(form, &other).iter().map(|question| question.slug.as_str()).collect();
            let extra: Vec<&str> = form::applicable(form, &telling(&[kind]))
                .iter()
                .map(|question| question.slug.as_str())
                .filter(|slug| !common.contains(slug))
                .collect();
            assert_eq!(extra, *fields, "{kind}");
        }
    });
}

#[test]
fn each_kind_matters_as_the_table_says() {
    let of = |materiality| -> Vec<&str> {
        NoticeKind::ALL.iter().filter(|kind| kind.materiality() == materiality).map(|kind| kind.key()).collect()
    };
    assert_eq!(of(Some(Materiality::Urgent)), ["incident.suspected", "contingency.activated", "exclusion.found"]);
    assert_eq!(
        of(Some(Materiality::Medium)),
        [
            "ownership.changed",
            "certificate.lost",
            "certificate.lapsed",
            "certificate.narrowed",
            "self-check.failed",
            "workforce.model"
        ]
    );
    assert_eq!(of(Some(Materiality::Low)), ["officer.changed"]);
    assert_eq!(of(None), ["none"]);
}

#[test]
fn every_question_to_ask_afresh_is_asked() {
    let catalogue = Catalogue::built_in().unwrap();
    for slug in NoticeKind::ALL.iter().flat_map(|kind| kind.asks_afresh()) {
        assert!(catalogue.current().question(slug).is_some(), "{slug}");
    }
}

#[test]
fn what_belongs_to_the_kind_is_asked_before_what_is_asked_of_all() {
    with_form(|form| {
        let pages = |kinds: &[&str]| -> Vec<String> {
            form::pages(form, &telling(kinds)).iter().map(|topic| topic.id.clone()).collect()
        };
        assert_eq!(pages(&["hosting.moved"]), ["kind-of-change", "move-places", "move-days", "when", "touched"]);
        assert_eq!(pages(&["none"]), ["kind-of-change"]);
        // An incident alone is no change: nothing takes effect, and its kinds are asked once.
        let incident = ["kind-of-change", "incident-first-known", "incident-extent", "touched"];
        assert_eq!(pages(&["incident.suspected"]), incident);
        assert!(pages(&["incident.suspected", "hosting.moved"]).contains(&"when".to_owned()));
        let asked =
            |kinds: &[&str], slug: &str| form::applicable(form, &telling(kinds)).iter().any(|one| one.slug == slug);
        assert!(!asked(&["incident.suspected"], "elements") && asked(&["incident.suspected"], "incident.elements"));
        assert!(!asked(&["incident.suspected"], "reason") && asked(&["use.new"], "reason"));
        assert_eq!(pages(&["elements.added"]), ["kind-of-change", "new-information", "when", "touched"]);
    });
}

#[test]
fn a_flag_says_what_was_told_and_what_to_do() {
    let mut answers = telling(&["incident.suspected", "ownership.changed"]);
    answers.insert("effective.on".into(), Answer::of(Value::Date(d("2026-11-20"))));
    answers.insert("incident.known-on".into(), Answer::of(Value::Date(d("2026-11-03"))));
    let told = notice(answers);
    let said: Vec<(Severity, String)> =
        facts(&told, None).into_iter().map(|fact| (fact.kind.severity(), fact.sentence)).collect();
    assert_eq!(said[0].0, Severity::Medium);
    assert_eq!(
        said[1],
        (
            Severity::High,
            "Told us on November 22, 2026: information may have been lost, stolen, exposed or misused, from November 20, 2026. Call them today; if it is a breach, patients hear of it by January 2, 2027 at the latest (45 CFR 164.404(b))".to_owned()
        )
    );
    let read = Acknowledged { on: told.told_on, by: "Dana".into(), note: "Called.".into() };
    assert_eq!(facts(&ChangeNotice { acknowledged: Some(read), ..told }, None), []);
}

#[test]
fn nothing_has_changed_raises_no_flag_and_is_remembered_until_a_change_is_told() {
    let mut answers = telling(&["none"]);
    answers.insert("none.since".into(), Answer::of(Value::Date(d("2026-10-01"))));
    let quiet = notice(answers);
    assert_eq!((facts(&quiet, None).len(), quiet.materiality()), (0, None));
    assert_eq!(last_unchanged(std::slice::from_ref(&quiet)), Some((d("2026-11-22"), d("2026-10-01"))));
    let mut later = notice(telling(&["officer.changed"]));
    later.signed.signed_at += chrono::TimeDelta::hours(1);
    assert_eq!(last_unchanged(&[quiet, later]), None);
}

#[test]
fn what_was_told_before_the_last_signature_is_not_asked_again() {
    let told = [notice(telling(&["ai.started"]))];
    assert_eq!(ask_afresh(&told, Some(d("2026-11-23"))).len(), 0);
    let asked = ask_afresh(&told, Some(d("2026-01-01")));
    assert_eq!(asked.keys().copied().collect::<Vec<_>>(), ["prv.ai", "sub.same-promises"]);
    assert_eq!(
        asked["prv.ai"],
        "on November 22, 2026 of a change: an artificial-intelligence tool starts to handle the information"
    );
}

fn read(form: &Questionnaire, slug: &str, value: &str) -> Result<Option<Answer>, String> {
    let fields: Fields = vec![(slug.to_owned(), value.to_owned())];
    form::read(form.question(slug).unwrap(), &fields, d("2026-11-22")).map_err(|fault| fault.problem)
}

#[test]
fn a_day_on_which_something_was_known_is_not_to_come() {
    with_form(|form| {
        assert!(read(form, "incident.known-on", "2027-01-01").unwrap_err().contains("future"));
        assert!(read(form, "incident.known-on", "2026-11-22").unwrap().is_some());
        assert!(read(form, "effective.on", "2027-01-01").unwrap().is_some());
        assert!(read(form, "none.since", "11/23/2027").is_err());
    });
}

#[test]
fn what_a_notice_cannot_do_without_is_asked_for() {
    with_form(|form| {
        assert!(read(form, "what", " ").unwrap_err().contains("Answer this question"));
        let unsure = |slug: &str| {
            let fields: Fields = vec![(format!("{slug}:state"), "unknown".to_owned())];
            form::read(form.question(slug).unwrap(), &fields, d("2026-11-22"))
        };
        assert!(unsure("incident.known-on").is_ok() && unsure("effective.on").is_ok());
        assert!(unsure("kind").is_err() && unsure("what").is_err() && unsure("none.since").is_err());
        assert_eq!(form::unfinished(form, &Answers::new()).unwrap().id, "kind-of-change");
        let mut done = telling(&["none"]);
        done.insert("none.since".into(), Answer::of(Value::Date(d("2026-10-01"))));
        assert_eq!(form::unfinished(form, &done), None);
    });
}

proptest! {
    #[test]
    fn one_flag_for_each_change_and_each_as_grave_as_its_kind(
        picked in proptest::collection::btree_set(proptest::sample::select(NoticeKind::ALL), 0..8), hours in proptest::option::of(1u32..500),
    ) {
        let keys: Vec<&str> = picked.iter().map(|kind| kind.key()).collect();
        let told = notice(telling(&keys));
        let flags = facts(&told, hours);
        let changes = picked.iter().filter(|kind| kind.materiality().is_some()).count();
        prop_assert_eq!(flags.len(), changes);
        let subjects: BTreeSet<&str> = flags.iter().map(|fact| fact.subject.as_str()).collect();
        prop_assert_eq!(subjects.len(), changes);
        let worst = flags.iter().map(|fact| fact.kind.severity().rank()).min();
        let expected = told.materiality().map(|one| match one {
            Materiality::Urgent | Materiality::High => 1,
            Materiality::Medium => 2,
            Materiality::Low => 3,
        });
        prop_assert_eq!(worst, expected);
        prop_assert!(flags.iter().all(|fact| !fact.sentence.ends_with('.')));
    }

    #[test]
    fn what_is_signed_holds_only_what_applies(
        picked in proptest::collection::btree_set(proptest::sample::select(NoticeKind::ALL), 1..4),
        also in proptest::collection::btree_set(0usize..60, 0..20),
    ) {
        with_form(|form| {
            let keys: Vec<&str> = picked.iter().map(|kind| kind.key()).collect();
            let mut answers = telling(&keys);
            for (n, question) in form.questions().enumerate() {
                if also.contains(&n) && question.slug != form::KIND {
                    answers.insert(question.slug.clone(), Answer::of(Value::Unknown));
                }
            }
            let pruned = form::pruned(form, &answers);
            let applicable = form::applicable(form, &answers);
            prop_assert!(pruned.keys().all(|slug| applicable.iter().any(|question| question.slug == *slug)));
            prop_assert_eq!(kinds(&pruned), kinds(&answers));
            prop_assert_eq!(form::pruned(form, &pruned), pruned);
            Ok(())
        })?;
    }
}
