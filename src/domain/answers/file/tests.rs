use super::*;
use crate::domain::answers::Grade;
use crate::domain::exposure::{Access, Volume};
use crate::domain::questionnaire::{
    AnswerKind, Choice, Column, ColumnChoice, ColumnKind, Detail, DetailKind, DetailRule, Gravity, ListCredit,
    Specification,
};
use crate::domain::scoring::fixtures::{day, question, questionnaire};

fn choices(keys: &[&str]) -> Vec<Choice> {
    keys.iter().map(|key| Choice { key: key.to_string(), says: String::new(), credit: 50 }).collect()
}

fn column(key: &str, kind: ColumnKind, required: bool, choices: &[&str]) -> Column {
    let choices = choices.iter().map(|key| ColumnChoice { key: key.to_string(), says: String::new() }).collect();
    Column { key: key.into(), label: String::new(), kind, choices, required }
}

fn detail(kind: DetailKind) -> Option<Detail> {
    Some(Detail { label: String::new(), kind, with: Vec::new(), rule: DetailRule::Noted })
}

/// One question of every kind.
fn every_kind() -> Questionnaire {
    let asking = |slug: &str, answer| Question { answer, ..question(slug, 3, Gravity::None) };
    let columns = vec![
        column("name", ColumnKind::Text, true, &[]),
        column("ends", ColumnKind::Date, false, &[]),
        column("scope", ColumnKind::Choice, false, &["ours", "other"]),
    ];
    let list = |none_says| AnswerKind::List { columns: columns.clone(), none_says, credit: ListCredit::Stated };
    questionnaire(vec![
        question("tec.encrypt.stored", 5, Gravity::Critical),
        Question { specification: Specification::Required, ..question("tec.own-login", 4, Gravity::None) },
        Question { detail: detail(DetailKind::Number), ..question("tec.audit-trail", 4, Gravity::None) },
        asking("adm.leavers", AnswerKind::Choice { choices: choices(&["1h", "longer", "unknown"]) }),
        Question {
            detail: detail(DetailKind::Text),
            ..asking("off.kept", AnswerKind::Choice { choices: choices(&["no", "yes-agreed"]) })
        },
        asking(
            "prv.identity",
            AnswerKind::Several { choices: choices(&["photo-id", "callback"]), credit_by_count: vec![0, 100] },
        ),
        asking("org.check.date", AnswerKind::Date { bands: Vec::new() }),
        asking("inc.hours", AnswerKind::Number { unit: "hours".into(), least: 0, most: 2_000, bands: Vec::new() }),
        asking("sub.list", list(Some("None".into()))),
        asking("org.certificates", list(None)),
        asking("org.officer", AnswerKind::Contact),
        asking("org.note", AnswerKind::Text),
        asking("org.agreed", AnswerKind::Tick),
    ])
}

pub(super) fn read_all(json: &str) -> Result<Reply, Vec<String>> {
    read(json, &every_kind())
}

fn answered(slug: &str, answer: &str) -> Option<Answer> {
    let reply = read_all(&format!(r#"{{"answers": {{"{slug}": {answer}}}}}"#));
    reply.unwrap_or_else(|faults| panic!("{faults:?}")).answers.unwrap().remove(slug)
}

#[track_caller]
fn check(slug: &str, value: &str, expected: Value) {
    assert_eq!(answered(slug, &format!(r#"{{"value": {value}}}"#)), Some(Answer::of(expected)));
}

#[test]
fn a_whole_file_is_read() {
    let reply = read_all(
        r#"{
            "profile": {"elements": ["clinical"], "volume": "5000-49999", "access": ["hosts"], "criticality": "72h",
                        "subs": "1-2", "offshore": "none", "flags": ["transmits"]},
            "answers": {"tec.encrypt.stored": {"value": "planned", "evidence": "document", "by": "2026-09-01", "reason": " soon "},
                        "org.note": {"value": "na", "na": "accepted", "reason": "no notes"}},
            "response": {"days_late": 3, "reminders": 1, "overdue_followups": 0},
            "accepted_on": "2026-06-01",
            "signals": ["breach_12m", "exclusion"]
        }"#,
    )
    .unwrap();
    assert_eq!(reply.exposure.inherent().total, 6_700);
    let planned = Answer {
        reason: Some("soon".into()),
        by: Some(day("2026-09-01")),
        evidence: Evidence::Document,
        ..Answer::of(Value::Grade(Grade::Planned))
    };
    let na = Answer { na: NaDecision::Accepted, reason: Some("no notes".into()), ..Answer::of(Value::NotApplicable) };
    assert_eq!(reply.answers, Some([("tec.encrypt.stored".into(), planned), ("org.note".into(), na)].into()));
    assert_eq!(reply.response, Response { days_late: 3, reminders: 1, overdue_followups: 0 });
    assert_eq!(reply.accepted_on, Some(day("2026-06-01")));
    assert_eq!(reply.signals, [Signal::Breach12Months, Signal::Exclusion]);
}

#[test]
fn what_is_left_out_is_not_known_and_nothing_was_sent() {
    for json in ["{}", r#"{"answers": null, "profile": null, "signals": null, "accepted_on": null}"#, "\u{feff}{}"] {
        let reply = read_all(json).unwrap();
        assert_eq!((reply.exposure, reply.answers), (Exposure::default(), None));
        assert_eq!((reply.response, reply.accepted_on, reply.signals), (Response::default(), None, Vec::new()));
    }
    assert_eq!(read_all(r#"{"answers": {}}"#).unwrap().answers, Some(Answers::new()));
}

#[test]
fn a_null_value_is_not_answered() {
    assert_eq!(answered("org.note", r#"{"value": null, "evidence": "document"}"#), None);
    assert_eq!(answered("org.note", "null"), None);
    assert_eq!(answered("org.note", r#"{"value": "  "}"#), None);
}

#[test]
fn every_kind_of_question_has_its_way_of_writing() {
    check("tec.encrypt.stored", r#""alternative""#, Value::Grade(Grade::Alternative));
    check("adm.leavers", r#""1h""#, Value::Choice("1h".into()));
    check("prv.identity", r#"["callback", "photo-id"]"#, Value::Several(["callback".into(), "photo-id".into()].into()));
    check("prv.identity", "[]", Value::Several([].into()));
    check("org.check.date", r#""2026-02-28""#, Value::Date(day("2026-02-28")));
    check("inc.hours", "72", Value::Number(72));
    check("sub.list", r#""none""#, Value::NoRows);
    let row =
        [("name".into(), "Cloud Co".into()), ("ends".into(), "2027-01-01".into()), ("scope".into(), "ours".into())];
    check(
        "sub.list",
        r#"[{"name": " Cloud Co ", "ends": "2027-01-01", "scope": "ours"}, {"name": "12", "ends": ""}]"#,
        Value::Rows(vec![row.into(), [("name".into(), "12".into())].into()]),
    );
    let contact = Value::Contact { name: "Ana Ruiz".into(), email: "ana@example.org".into(), phone: String::new() };
    check("org.officer", r#"{"name": "Ana Ruiz", "email": "ana@example.org"}"#, contact);
    check("org.note", r#""We do.""#, Value::Text("We do.".into()));
    check("org.agreed", "true", Value::Tick(true));
}

#[test]
fn not_knowing_and_not_applying_fit_every_question() {
    for question in every_kind().questions() {
        if question.slug != "adm.leavers" {
            check(&question.slug, r#""unknown""#, Value::Unknown);
        }
        check(&question.slug, r#""na""#, Value::NotApplicable);
    }
    // Its own choice of that name wins.
    check("adm.leavers", r#""unknown""#, Value::Choice("unknown".into()));
}

#[test]
fn the_second_field_is_written_beside_the_value_or_in_it() {
    let trail = |detail: &str| Answer { detail: Some(detail.into()), ..Answer::of(Value::Grade(Grade::Yes)) };
    assert_eq!(answered("tec.audit-trail", r#"{"value": "yes", "detail": 12}"#), Some(trail("12")));
    assert_eq!(answered("tec.audit-trail", r#"{"value": "yes", "detail": "12"}"#), Some(trail("12")));
    assert_eq!(answered("tec.audit-trail", r#"{"value": {"value": "yes", "detail": 12}}"#), Some(trail("12")));
    let kept = answered("off.kept", r#"{"value": {"value": "yes-agreed"}, "detail": ["Canada", "India"]}"#).unwrap();
    assert_eq!((kept.value, kept.detail), (Value::Choice("yes-agreed".into()), Some("Canada, India".into())));
}

#[test]
fn profile_words_are_those_of_the_exposure() {
    let reply = read_all(r#"{"profile": {"volume": "500000+", "access": ["remote", "hosts"]}}"#).unwrap();
    let expected =
        Exposure { volume: Volume::Over500000, access: [Access::Remote, Access::Hosts].into(), ..Exposure::default() };
    assert_eq!(reply.exposure, expected);
}
