//! What is written to a workbook is read again, whatever the answers.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::catalogue::Catalogue;
use crate::domain::answers::Answer;
use crate::domain::answers::sheet::read::{self, Filled, Row};
use crate::domain::answers::{Evidence, Grade, Value};
use crate::domain::answers::{form, whole};
use crate::domain::document::inspect;
use crate::domain::exposure::{Exposure, Tier};
use crate::domain::questionnaire::{AnswerKind, Column, ColumnKind, DetailKind, NprmMode, Set};
use crate::domain::scoring::fixtures::day;

const TODAY: &str = "2026-11-22";

fn asked() -> Asked {
    Asked { exposure: Exposure::default(), tier: Tier::One, set: Set::Full, nprm: NprmMode::default() }
}

fn today() -> NaiveDate {
    day(TODAY)
}

fn made(form: &Questionnaire, answers: &Answers) -> Vec<u8> {
    let paper = Paper {
        practice: "Maple & Sons <Practice>",
        vendor: "=HYPERLINK(\"x\")",
        due: "Friday",
        questionnaire: form,
        asked: &asked(),
        answers,
        made_at: DateTime::UNIX_EPOCH,
    };
    workbook(&paper).unwrap()
}

fn back(form: &Questionnaire, rows: &[Row], recorded: &Answers) -> Filled {
    read::read(form, &asked(), recorded, today(), rows)
}

/// Words as people write them, and as those write them who mean harm.
fn text() -> impl Strategy<Value = String> {
    let odd = [
        "=1+1",
        "+1",
        "@SUM(A1)",
        "-",
        "'",
        "007",
        "1e5",
        "3-4",
        "TRUE",
        "<script>",
        "_x000D_",
        "line\nbreak",
        "Élan 漢字 🦀",
    ];
    prop_oneof![select(odd.to_vec()).prop_map(str::to_owned), "[a-zA-Z][ -~]{0,40}[a-z.]"]
}

fn row(columns: Vec<Column>) -> impl Strategy<Value = std::collections::BTreeMap<String, String>> {
    let cell = move |column: &Column, text: &str| match (column.kind, column.choices.first()) {
        (ColumnKind::Choice, Some(choice)) => choice.key.clone(),
        (ColumnKind::Date, _) if whole::PAST_COLUMNS.contains(&column.key.as_str()) => "2025-02-28".to_owned(),
        (ColumnKind::Date, _) => "2027-02-28".to_owned(),
        _ => text.replace('\n', " "),
    };
    text().prop_map(move |text| columns.iter().map(|column| (column.key.clone(), cell(column, &text))).collect())
}

fn value(question: &Question) -> BoxedStrategy<Answer> {
    let value: BoxedStrategy<Value> = match question.answer.clone() {
        AnswerKind::Graded => select(vec![Grade::Yes, Grade::Partial, Grade::No]).prop_map(Value::Grade).boxed(),
        AnswerKind::Choice { choices } => select(choices).prop_map(|choice| Value::Choice(choice.key)).boxed(),
        AnswerKind::Several { choices, .. } => {
            let keys: Vec<String> = choices.into_iter().map(|choice| choice.key).filter(|key| key != "none").collect();
            let most = keys.len();
            proptest::sample::subsequence(keys, 1..=most)
                .prop_map(|keys| Value::Several(keys.into_iter().collect()))
                .boxed()
        }
        AnswerKind::Date { .. } => {
            (0..2_000_u64).prop_map(|days| Value::Date(today() - chrono::Days::new(days))).boxed()
        }
        AnswerKind::Number { least, most, .. } => (least..=most).prop_map(Value::Number).boxed(),
        AnswerKind::List { columns, .. } => prop::collection::vec(row(columns), 1..9).prop_map(Value::Rows).boxed(),
        AnswerKind::Contact => (text(), prop::option::of("\\(555\\) [0-9]{3}-[0-9]{4}"))
            .prop_map(|(name, phone)| Value::Contact {
                name,
                email: "ana@x.example".into(),
                phone: phone.unwrap_or_default(),
            })
            .boxed(),
        AnswerKind::Text => text().prop_map(Value::Text).boxed(),
        AnswerKind::Tick => Just(Value::Tick(true)).boxed(),
    };
    value.prop_map(Answer::of).boxed()
}

fn answer(question: &Question) -> BoxedStrategy<Answer> {
    let narrative = |value: Value| {
        text().prop_map(move |reason| Answer {
            reason: Some(reason),
            evidence: Evidence::Narrative,
            ..Answer::of(value.clone())
        })
    };
    if question.answer == AnswerKind::Tick {
        return value(question);
    }
    let detail = question.detail.as_ref().map(|detail| (detail.kind, detail.with.clone()));
    let whole = (value(question), text(), 0..99_u32).prop_map(move |(answer, words, number)| {
        let wanted = detail.as_ref().filter(|(_, with)| with.is_empty() || with.iter().any(|key| answer.is(key)));
        let detail = wanted.map(|(kind, _)| if *kind == DetailKind::Number { number.to_string() } else { words });
        Answer { detail, ..answer }
    });
    let own_unknown =
        matches!(&question.answer, AnswerKind::Choice { choices } if choices.iter().any(|one| one.key == "unknown"));
    let unsure =
        if own_unknown { narrative(Value::NotApplicable).boxed() } else { Just(Answer::of(Value::Unknown)).boxed() };
    let mut all = vec![whole.boxed(), unsure, narrative(Value::NotApplicable).boxed()];
    if question.answer == AnswerKind::Graded {
        all.push(
            (0..900_u64)
                .prop_map(|days| Answer {
                    by: Some(today() + chrono::Days::new(days)),
                    ..Answer::of(Value::Grade(Grade::Planned))
                })
                .boxed(),
        );
    }
    if question.allows_alternative() {
        all.push(narrative(Value::Grade(Grade::Alternative)).boxed());
    }
    proptest::strategy::Union::new(all).boxed()
}

/// Answers to some of the questions that may be asked.
fn answers(form: &Questionnaire) -> impl Strategy<Value = Answers> {
    let each: Vec<_> = form
        .questions()
        .filter(|question| asked().may_include(question))
        .map(|question| (Just(question.slug.clone()), prop::option::of(answer(question))))
        .collect();
    // One that lacks what it makes sense by is asked about, and never taken.
    let form = form.clone();
    let makes_sense = move |slug: &str, answer: &Answer| {
        form.question(slug).is_some_and(|question| whole::lacks(question, answer).is_none())
    };
    each.prop_map(move |all| {
        let given = all.into_iter().filter_map(|(slug, answer)| Some((slug, answer?)));
        given.filter(|(slug, answer)| makes_sense(slug, answer)).collect()
    })
}

fn round_trip(form: &Questionnaire, answers: &Answers) -> Result<(), TestCaseError> {
    let bytes = made(form, answers);
    prop_assert!(inspect::inspect("Questions.xlsx", None, &bytes).is_ok());
    let rows = read::rows(&bytes).unwrap();
    for recorded in [&Answers::new(), answers] {
        let filled = back(form, &rows, recorded);
        prop_assert_eq!(&filled.faults, &[]);
        prop_assert_eq!(&filled.strange, &[]);
        prop_assert_eq!(&filled.given.into_iter().collect::<Answers>(), answers);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_filled_in_workbook_reads_back_as_the_same_answers(answers in answers(Catalogue::built_in().unwrap().current())) {
        round_trip(Catalogue::built_in().unwrap().current(), &answers)?;
    }

    #[test]
    fn so_does_a_change_notice(answers in answers(Catalogue::built_in().unwrap().find("change-notice").unwrap())) {
        round_trip(Catalogue::built_in().unwrap().find("change-notice").unwrap(), &answers)?;
    }

    #[test]
    fn no_lines_whatever_break_the_reader(
        rows in prop::collection::vec(prop::collection::vec("(org\\.self-check\\.(done|date)|duecare-questions-1|tec.*|[ -~]{0,20})(:(row\\.1|detail|state|pick.x))?", 0..14), 0..20)
    ) {
        let rows: Vec<Row> = (1..).zip(rows).collect();
        back(Catalogue::built_in().unwrap().current(), &rows, &Answers::new());
    }
}

/// The rows of a blank workbook, for writing into.
fn blank() -> (Catalogue, Vec<Row>) {
    let catalogue = Catalogue::built_in().unwrap();
    let rows = read::rows(&made(catalogue.current(), &Answers::new())).unwrap();
    (catalogue, rows)
}

/// Writes into the cell of that key; gives its name.
fn put(rows: &mut [Row], key: &str, offset: usize, text: &str) -> String {
    let (line, cells) = rows.iter_mut().find(|(_, cells)| cells[0] == key).unwrap();
    cells.resize(12, String::new());
    cells[ANSWER + offset] = text.to_owned();
    format!("{}{line}", ["I", "J", "K", "L"][offset])
}

#[test]
fn faults_are_named_by_their_cell_and_lists_are_repeated() {
    let (catalogue, mut rows) = blank();
    let done = put(&mut rows, "org.self-check.done", 0, "perhaps");
    let date = put(&mut rows, "org.self-check.date", 0, "2027-11-30");
    let plan = put(&mut rows, "adm.risk.plan", 0, "Not yet, but planned");
    let filled = back(catalogue.current(), &rows, &Answers::new());
    let said: Vec<String> = filled.faults.iter().map(|fault| format!("{}: {}", fault.cell, fault.problem)).collect();
    assert!(said[0].starts_with(&format!("{done}: Choose one of: ")), "{said:?}");
    assert!(said[1].starts_with(&format!("{date}: This date is in the future")), "{said:?}");
    // The cell that is missing is named, not the one that asks for it.
    assert_eq!(said[2], format!("{}: Say by which date it will be in place", plan.replace('I', "K")));
    assert!(filled.given.is_empty());
}

#[test]
fn blank_cells_change_nothing() {
    let (catalogue, mut rows) = blank();
    let form = catalogue.current();
    assert_eq!(back(form, &rows, &Answers::new()).given, []);
    // A reason alone goes to the answer that is there; another answer does not keep the old reason.
    let na = Answer {
        reason: Some("We keep none".into()),
        evidence: Evidence::Narrative,
        ..Answer::of(Value::NotApplicable)
    };
    let recorded = Answers::from([("org.self-check.done".to_owned(), na.clone())]);
    put(&mut rows, "org.self-check.done", 1, "We store nothing");
    let given = back(form, &rows, &recorded).given;
    assert_eq!(given[0].1, Answer { reason: Some("We store nothing".into()), ..na });
    put(&mut rows, "org.self-check.done", 1, "");
    put(&mut rows, "org.self-check.done", 0, "not sure");
    assert_eq!(back(form, &rows, &recorded).given[0].1, Answer::of(Value::Unknown));
}

#[test]
fn lines_are_known_by_their_question_wherever_they_stand() {
    let (catalogue, mut rows) = blank();
    put(&mut rows, "org.self-check.done", 0, "Not sure");
    rows.reverse();
    let filled = back(catalogue.current(), &rows, &Answers::new());
    assert_eq!((filled.given.len(), filled.faults.len()), (1, 0));
    assert_eq!(filled.of, catalogue.current().name());
}

#[test]
fn a_line_of_another_form_is_named_and_a_copied_line_asks_which_one_counts() {
    let (catalogue, mut rows) = blank();
    put(&mut rows, "org.self-check.done", 0, "Not sure");
    let mut copy = rows.iter().find(|(_, cells)| cells[0] == "org.self-check.done").cloned().unwrap();
    copy.0 = 900;
    copy.1[ANSWER] = "Does not apply to us".to_owned();
    rows.push(copy);
    let mut other = vec![String::new(); 12];
    (other[0], other[4], other[ANSWER]) = ("own.question".into(), "Do you like us?".into(), "Yes".into());
    rows.push((901, other));
    let filled = back(catalogue.current(), &rows, &Answers::new());
    assert_eq!(filled.strange, [("I901".to_owned(), "Do you like us?".to_owned())]);
    assert_eq!(filled.faults.len(), 1);
    assert!(filled.faults[0].cell == "I900" && filled.faults[0].problem.contains("answers the same"));
}

#[test]
fn a_workbook_that_is_not_ours_says_so() {
    let other = super::super::spreadsheet::xlsx("Vendors", &[], [], DateTime::UNIX_EPOCH).unwrap();
    assert_eq!(read::rows(&other), Err(read::Unreadable::NotOurs));
    assert_eq!(read::rows(b"PK\x03\x04 and nothing more"), Err(read::Unreadable::Damaged));
}

#[test]
fn the_reader_of_pages_and_the_reader_of_sheets_agree() {
    let form = Catalogue::built_in().unwrap();
    let question = form.current().question("org.self-check.done").unwrap();
    let fields = vec![(question.slug.clone(), "unknown".to_owned())];
    assert_eq!(form::read(question, &fields, today()).unwrap(), Some(Answer::of(Value::Unknown)));
}
