use super::*;
use crate::domain::answers::Answers;
use crate::domain::questionnaire::{Column, ColumnKind, DetailKind, Gravity, Specification};
use crate::domain::scoring::fixtures::{days_ago, graded, question, today};
use crate::domain::scoring::model;

fn asking(answer: AnswerKind) -> Question {
    Question { answer, ..question("q", 3, Gravity::None) }
}

#[track_caller]
fn check(question: &Question, value: Value, credit: u32, note: Option<Note>) {
    let worth = worth(model::current(), question, Some(&Answer::of(value)), today());
    assert_eq!((worth.credit, worth.note), (credit, note));
}

fn option(key: &str, credit: u32) -> Choice {
    Choice { key: key.into(), says: String::new(), credit }
}

#[test]
fn graded_answers_earn_by_grade() {
    let graded = asking(AnswerKind::Graded);
    check(&graded, Value::Grade(Grade::Yes), 100, None);
    check(&graded, Value::Grade(Grade::Alternative), 80, Some(Note::Alternative));
    check(&graded, Value::Grade(Grade::Partial), 50, Some(Note::Partly));
    check(&graded, Value::Grade(Grade::No), 0, Some(Note::NotMet));
}

#[test]
fn another_measure_stands_in_for_addressable_measures_only() {
    let required = Question { specification: Specification::Required, ..asking(AnswerKind::Graded) };
    check(&required, Value::Grade(Grade::Alternative), 0, Some(Note::AlternativeNotOpen));
}

#[test]
fn a_choice_earns_what_it_says() {
    let leavers =
        asking(AnswerKind::Choice { choices: vec![option("1h", 100), option("3-days", 50), option("unknown", 0)] });
    check(&leavers, Value::Choice("1h".into()), 100, None);
    check(&leavers, Value::Choice("3-days".into()), 50, Some(Note::Partly));
    check(&leavers, Value::Choice("unknown".into()), 0, Some(Note::DoesNotKnow));
    check(&leavers, Value::Choice("never".into()), 0, Some(Note::NotReadable));
    check(&leavers, Value::Grade(Grade::Yes), 0, Some(Note::NotReadable));
}

#[test]
fn several_earn_by_how_many_count() {
    let choices = vec![option("photo-id", 100), option("callback", 100), option("portal", 100), option("none", 0)];
    let identity = asking(AnswerKind::Several { choices, credit_by_count: vec![0, 60, 100] });
    let several = |keys: &[&str]| Value::Several(keys.iter().map(|&key| key.to_owned()).collect());
    check(&identity, several(&[]), 0, Some(Note::NotMet));
    check(&identity, several(&["none"]), 0, Some(Note::NotMet));
    check(&identity, several(&["portal", "none"]), 60, Some(Note::Partly));
    check(&identity, several(&["portal", "callback"]), 100, None);
    check(&identity, several(&["portal", "callback", "photo-id"]), 100, None);
}

#[test]
fn a_day_earns_by_its_age() {
    let bands = vec![DateBand { within_days: 365, credit: 100 }, DateBand { within_days: 548, credit: 50 }];
    let checked = asking(AnswerKind::Date { bands });
    check(&checked, Value::Date(today()), 100, None);
    check(&checked, Value::Date(days_ago(365)), 100, None);
    check(&checked, Value::Date(days_ago(366)), 50, Some(Note::Partly));
    check(&checked, Value::Date(days_ago(548)), 50, Some(Note::Partly));
    check(&checked, Value::Date(days_ago(549)), 0, Some(Note::TooLongAgo));
    check(&checked, Value::Date(today().succ_opt().unwrap()), 0, Some(Note::FutureDay));
}

#[test]
fn a_number_earns_by_the_first_band_that_fits() {
    let band = |at_least, at_most, credit| NumberBand { at_least, at_most, credit };
    let bands = vec![band(None, Some(24), 100), band(None, Some(72), 85), band(Some(73), Some(1_440), 10)];
    let hours = asking(AnswerKind::Number { unit: "hours".into(), least: 0, most: 9_999, bands });
    check(&hours, Value::Number(24), 100, None);
    check(&hours, Value::Number(25), 85, Some(Note::Partly));
    check(&hours, Value::Number(1_440), 10, Some(Note::Partly));
    check(&hours, Value::Number(1_441), 0, Some(Note::NotMet));
}

fn list(credit: ListCredit) -> Question {
    let column =
        |key: &str, kind| Column { key: key.into(), label: String::new(), kind, choices: Vec::new(), required: false };
    let columns = vec![column("ends", ColumnKind::Date), column("scope", ColumnKind::Text)];
    asking(AnswerKind::List { columns, none_says: Some("None".into()), credit })
}

fn rows(rows: &[(&str, &str)]) -> Value {
    let row =
        |(ends, scope): &(&str, &str)| [("ends".into(), ends.to_string()), ("scope".into(), scope.to_string())].into();
    Value::Rows(rows.iter().map(row).collect())
}

#[test]
fn a_list_that_is_only_asked_for_earns_with_any_row_or_an_explicit_none() {
    let subs = list(ListCredit::Stated);
    check(&subs, rows(&[("", "")]), 100, None);
    check(&subs, Value::NoRows, 100, None);
    check(&subs, Value::Rows(Vec::new()), 0, Some(Note::LeftBlank));
}

#[test]
fn a_list_of_current_things_earns_while_one_has_not_ended() {
    let members = list(ListCredit::Current { ends: "ends".into() });
    check(&members, rows(&[("2026-06-14", ""), ("2026-06-15", "")]), 100, None);
    check(&members, rows(&[("", "")]), 100, None);
    check(&members, rows(&[("2026-06-14", "")]), 0, Some(Note::NothingCurrent));
    check(&members, rows(&[("next spring", "")]), 0, Some(Note::NothingCurrent));
    check(&members, Value::NoRows, 0, Some(Note::NothingCurrent));
    check(&members, Value::Rows(vec![BTreeMap::new()]), 100, None);
}

#[test]
fn a_current_certificate_for_something_else_earns_half() {
    let certificates =
        list(ListCredit::InScope { ends: "ends".into(), scope: "scope".into(), within: "our-service".into() });
    check(&certificates, rows(&[("2027-01-01", "our-service")]), 100, None);
    check(&certificates, rows(&[("2027-01-01", "other"), ("2026-01-01", "our-service")]), 50, Some(Note::Partly));
    check(&certificates, rows(&[("2026-01-01", "our-service")]), 0, Some(Note::NothingCurrent));
    check(&certificates, Value::NoRows, 0, Some(Note::NothingCurrent));
}

#[test]
fn an_incomplete_contact_earns_half() {
    let contact = |name: &str, email: &str, phone: &str| Value::Contact {
        name: name.into(),
        email: email.into(),
        phone: phone.into(),
    };
    let officer = asking(AnswerKind::Contact);
    check(&officer, contact("Ana Ruiz", "ana@example.org", "555 0100"), 100, None);
    check(&officer, contact("Ana Ruiz", " ", "555 0100"), 50, Some(Note::Partly));
    check(&officer, contact("", "", ""), 0, Some(Note::LeftBlank));
}

#[test]
fn words_and_ticks_earn_in_full_or_not_at_all() {
    check(&asking(AnswerKind::Text), Value::Text("We do.".into()), 100, None);
    check(&asking(AnswerKind::Text), Value::Text("  ".into()), 0, Some(Note::LeftBlank));
    check(&asking(AnswerKind::Tick), Value::Tick(true), 100, None);
    check(&asking(AnswerKind::Tick), Value::Tick(false), 0, Some(Note::NotMet));
}

fn with_rule(rule: DetailRule, with: &[&str]) -> Question {
    let with = with.iter().map(|&key| key.to_owned()).collect();
    let detail = Detail { label: String::new(), kind: DetailKind::Number, with, rule };
    Question { detail: Some(detail), ..asking(AnswerKind::Graded) }
}

#[track_caller]
fn check_detail(question: &Question, grade: Grade, detail: Option<&str>, credit: u32, note: Option<Note>) {
    let answer = Answer { detail: detail.map(str::to_owned), ..graded(grade, Evidence::Checked) };
    let worth = worth(model::current(), question, Some(&answer), today());
    assert_eq!((worth.credit, worth.note), (credit, note));
}

#[test]
fn too_few_months_of_records_halve_the_credit() {
    let trail = with_rule(DetailRule::HalvedBelow(6), &[]);
    check_detail(&trail, Grade::Yes, Some("6"), 100, None);
    check_detail(&trail, Grade::Yes, Some("5"), 50, Some(Note::DetailLow));
    check_detail(&trail, Grade::Yes, Some("long"), 50, Some(Note::DetailLow));
    check_detail(&trail, Grade::Yes, None, 50, Some(Note::DetailMissing));
    check_detail(&trail, Grade::Partial, Some(" "), 25, Some(Note::DetailMissing));
    check_detail(&trail, Grade::No, None, 0, Some(Note::NotMet));
}

#[test]
fn a_second_part_that_is_needed_earns_nothing_when_blank() {
    let roles = with_rule(DetailRule::Needed, &[]);
    check_detail(&roles, Grade::Yes, None, 0, Some(Note::DetailMissing));
    check_detail(&roles, Grade::Yes, Some("Records manager"), 100, None);
    check_detail(&with_rule(DetailRule::Noted, &[]), Grade::Yes, None, 100, None);
}

#[test]
fn a_second_part_counts_only_beside_the_answers_it_is_asked_for() {
    let roles = with_rule(DetailRule::Needed, &["yes"]);
    check_detail(&roles, Grade::Yes, None, 0, Some(Note::DetailMissing));
    check_detail(&roles, Grade::Partial, None, 50, Some(Note::Partly));
}

#[test]
fn nothing_said_stands_as_failed() {
    let question = asking(AnswerKind::Graded);
    let answers = Answers::new();
    let worth = worth(model::current(), &question, answers.get("q"), today());
    assert_eq!((worth.credit, worth.standing, worth.note), (0, Standing::Failed, Some(Note::LeftBlank)));
}
