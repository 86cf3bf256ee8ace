use super::tests::read_all;

fn faults(json: &str) -> Vec<String> {
    read_all(json).expect_err("the file has faults")
}

#[track_caller]
fn check_fault(slug: &str, value: &str, expected: &str) {
    let found = faults(&format!(r#"{{"answers": {{"{slug}": {{"value": {value}}}}}}}"#));
    assert_eq!(found, [format!("answers.{slug}.value{expected}")]);
}

#[test]
fn a_second_field_that_does_not_fit_is_named() {
    let fault = |slug: &str, answer: &str| faults(&format!(r#"{{"answers": {{"{slug}": {answer}}}}}"#));
    assert_eq!(
        fault("tec.audit-trail", r#"{"value": "yes", "detail": "a year"}"#),
        ["answers.tec.audit-trail.detail: “a year” cannot stand here; write a whole number"]
    );
    assert_eq!(
        fault("tec.own-login", r#"{"value": "yes", "detail": 12}"#),
        ["answers.tec.own-login.detail: this question has no second field"]
    );
    assert_eq!(
        fault("tec.audit-trail", r#"{"value": {"value": "yes", "detail": 1}, "detail": 2}"#),
        ["answers.tec.audit-trail.detail: is written twice, and not alike"]
    );
}

#[test]
fn another_measure_is_refused_where_the_rule_allows_none() {
    check_fault(
        "tec.own-login",
        r#""alternative""#,
        ": “alternative” cannot be answered here: only an addressable measure may be replaced by another; \
         use one of: yes, partial, planned, no, unknown, na",
    );
}

#[test]
fn a_value_that_does_not_fit_is_named_with_what_does() {
    check_fault(
        "tec.encrypt.stored",
        r#""partal""#,
        ": “partal” is not known; use one of: yes, alternative, partial, planned, no, unknown, na; did you mean “partial”?",
    );
    check_fault(
        "tec.own-login",
        r#""maybe""#,
        ": “maybe” is not known; use one of: yes, partial, planned, no, unknown, na",
    );
    check_fault(
        "tec.own-login",
        "true",
        ": true is not an answer to this; write one of: yes, partial, planned, no, or \"unknown\" or \"na\"",
    );
    check_fault("adm.leavers", r#""2h""#, ": “2h” is not known; use one of: 1h, longer, unknown, na");
    check_fault(
        "prv.identity",
        r#"["callbak"]"#,
        ": “callbak” is not known; use one of: photo-id, callback; did you mean “callback”?",
    );
    check_fault(
        "prv.identity",
        r#""callback""#,
        ": “callback” is not an answer to this; write a list of any of: photo-id, callback, or \"unknown\" or \"na\"",
    );
    check_fault("prv.identity", "[7]", ": 7 cannot stand in the list; use any of: photo-id, callback");
    check_fault("org.check.date", r#""6/1/2026""#, ": “6/1/2026” is not a day; write it as YYYY-MM-DD");
    check_fault("org.check.date", r#""2026-2-3""#, ": “2026-2-3” is not a day; write it as YYYY-MM-DD");
    check_fault("inc.hours", "2001", ": 2001 cannot stand here; write a whole number from 0 to 2000");
    check_fault("inc.hours", "1.5", ": 1.5 cannot stand here; write a whole number from 0 to 2000");
    check_fault(
        "inc.hours",
        r#""72""#,
        ": “72” is not an answer to this; write a whole number from 0 to 2000, or \"unknown\" or \"na\"",
    );
    check_fault(
        "sub.list",
        "[]",
        ": a list is not an answer to this; write a list of objects with name, ends, scope, or \"none\", or \"unknown\" or \"na\"",
    );
    check_fault(
        "org.certificates",
        r#""none""#,
        ": “none” is not an answer to this; write a list of objects with name, ends, scope, or \"unknown\" or \"na\"",
    );
    check_fault("sub.list", r#"[{"name": "Cloud Co"}, {}]"#, "[1].name: is needed");
    check_fault(
        "sub.list",
        r#"[{"name": "Cloud Co", "ends": "soon"}]"#,
        "[0].ends: “soon” is not a day; write it as YYYY-MM-DD",
    );
    check_fault(
        "sub.list",
        r#"[{"name": "Cloud Co", "scope": "our"}]"#,
        "[0].scope: “our” is not known; use one of: ours, other; did you mean “ours”?",
    );
    check_fault(
        "sub.list",
        r#"[{"name": "Cloud Co", "country": "US"}]"#,
        "[0]: “country” is not known here; use one of: name, ends, scope",
    );
    check_fault(
        "org.officer",
        r#""Ana Ruiz""#,
        ": “Ana Ruiz” is not an answer to this; write an object with name, email, phone, or \"unknown\" or \"na\"",
    );
    check_fault(
        "org.officer",
        r#"{"name": "Ana", "mail": "a@example.org"}"#,
        ": “mail” is not known here; use one of: name, email, phone; did you mean “email”?",
    );
    check_fault(
        "org.agreed",
        r#""yes""#,
        ": “yes” is not an answer to this; write true or false, or \"unknown\" or \"na\"",
    );
}

#[test]
fn an_unknown_question_is_named_with_the_nearest() {
    let found = faults(r#"{"answers": {"tec.encrypt.storage": {"value": "yes"}, "zzz": {"value": "yes"}}}"#);
    assert_eq!(
        found,
        [
            "answers.tec.encrypt.storage: made-v1 has no question of this name; did you mean “tec.encrypt.stored”?",
            "answers.zzz: made-v1 has no question of this name",
        ]
    );
}

#[test]
fn all_faults_are_told_at_once() {
    let found = faults(
        r#"{
            "profil": {},
            "profile": {"elements": ["clinic"], "volume": 7, "access": "hosts", "size": 1},
            "answers": {"org.agreed": true, "org.note": {"value": 7, "evidence": "documents", "na": "yes", "by": "soon", "extra": 1}},
            "response": {"days_late": -1, "late": 2},
            "accepted_on": 2026,
            "signals": ["breach"]
        }"#,
    );
    let places: Vec<&str> = found.iter().map(|fault| fault.split(": ").next().unwrap()).collect();
    assert_eq!(
        places,
        [
            "the file",
            "profile",
            "profile.elements",
            "profile.volume",
            "profile.access",
            "answers.org.agreed",
            "answers.org.note",
            "answers.org.note.value",
            "answers.org.note.by",
            "answers.org.note.na",
            "answers.org.note.evidence",
            "response",
            "response.days_late",
            "accepted_on",
            "signals",
        ]
    );
    assert!(
        found[0].contains("“profil” is not known here") && found[0].ends_with("did you mean “profile”?"),
        "{}",
        found[0]
    );
    assert!(found[2].ends_with("did you mean “clinical”?"), "{}", found[2]);
    assert!(found[3].contains("7 cannot stand here; use one of: <500, 500-4999, "), "{}", found[3]);
}

#[test]
fn a_file_that_is_not_json_says_where_it_breaks() {
    let found = faults("{\"answers\": ");
    assert!(
        found.len() == 1 && found[0].starts_with("the file: cannot be read as JSON: ") && found[0].contains("line 1")
    );
    assert_eq!(faults("[]").len(), 1);
}
