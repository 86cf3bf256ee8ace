use chrono::NaiveDate;

use super::*;
use crate::domain::answers::support::Files;
use crate::domain::answers::{Answer, Evidence, Grade, NaDecision, Value};
use crate::domain::exposure::Tier;
use crate::domain::ids::VendorId;
use crate::domain::questionnaire::{Cause, Gravity, Question, Section};
use crate::domain::scoring::Signal;
use crate::domain::scoring::fixtures::{Case, graded, na, question, today, transcription};

/// The worked example of the model, with names, and one family a letter.
fn example() -> Case {
    let yes = |evidence| Some(graded(Grade::Yes, evidence));
    let named = |slug: &str, weight, gravity, short: &str| Question {
        short: short.to_owned(),
        evidence: "A screenshot".to_owned(),
        ..question(slug, weight, gravity)
    };
    let (critical, stop, none) = (Gravity::Critical, Gravity::HardStop, Gravity::None);
    let mut case = Case::of(
        transcription(),
        vec![
            (named("org.1", 5, critical, "Checks itself"), yes(Evidence::Document)),
            (named("org.2", 5, stop, "Signed our agreement"), yes(Evidence::Document)),
            (named("org.3", 5, critical, "Trains its people"), yes(Evidence::Narrative)),
            (named("org.4", 5, critical, "Encrypts stored copies"), Some(graded(Grade::Partial, Evidence::Assertion))),
            (named("tec.5", 4, none, "Keeps logs"), yes(Evidence::Assertion)),
            (named("tec.6", 4, none, "Tests backups"), yes(Evidence::Document)),
            (named("tec.7", 3, none, "Locks screens"), Some(graded(Grade::No, Evidence::Assertion))),
            (named("tec.8", 2, none, "Wipes devices"), Some(Answer::of(Value::Unknown))),
            (named("tec.9", 4, none, "Remote entry"), Some(na(NaDecision::Accepted))),
            (named("tec.10", 5, stop, "Reports breaches"), yes(Evidence::Document)),
        ],
    );
    let all = case.questionnaire.sections.remove(0).topics.remove(0);
    for family in ["org", "tec"] {
        let questions = all.questions.iter().filter(|question| question.family() == family).cloned().collect();
        let topic = crate::domain::questionnaire::Topic { questions, ..all.clone() };
        let section = Section { id: family.to_owned(), title: "You".to_owned(), topics: vec![topic] };
        case.questionnaire.sections.push(section);
    }
    case
}

fn kept(case: &Case, state: AssessmentState) -> Kept {
    let signed = state == AssessmentState::Accepted;
    Kept {
        vendor: "Northgate Transcription".to_owned(),
        tier: case.asked.tier,
        assessment: Assessment {
            id: AssessmentId::fresh(),
            vendor: VendorId::fresh(),
            cycle: 1,
            questionnaire: case.questionnaire.name(),
            digest: case.questionnaire.digest.clone(),
            asked: case.asked.clone(),
            state,
            asked_on: day("2026-05-01"),
            due_on: day("2026-06-15"),
            reminders: 0,
            reminded_on: None,
            started_at: None,
            accepted_on: signed.then(today),
        },
        answers: case.answers.clone().unwrap_or_default(),
        files: Files::new(),
        card: signed.then(|| case.score()),
        attestation: None,
        life: super::versions::Life::default(),
        looked: super::reviewed::Looked::default(),
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn shown(case: &Case) -> ScorecardPage {
    page(&kept(case, AssessmentState::Accepted), &case.questionnaire, Tz::America__Chicago, true)
}

fn json(page: &ScorecardPage) -> serde_json::Value {
    serde_json::to_value(page).unwrap()
}

/// One field of every row of a list.
fn column(page: &ScorecardPage, list: &str, field: &str) -> Vec<String> {
    let page = json(page);
    page[list].as_array().unwrap().iter().map(|row| row[field].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_figures_stand_in_the_order_in_which_they_came_about() {
    let page = shown(&example());
    let steps: Vec<_> = column(&page, "steps", "step").into_iter().zip(column(&page, "steps", "figure")).collect();
    let expected = [
        ("Inherent risk", "67.00"),
        ("Stated control score", "80.26"),
        ("Supported control score", "67.50"),
        ("Cap", "67.50"),
        ("Response record", "100.00"),
        ("Freshness", "100.00"),
        ("Effective control score", "67.50"),
        ("Risk left by the safeguards", "26.29"),
        ("Signals", "0.00"),
    ];
    assert_eq!(steps, expected.map(|(step, figure)| (step.to_owned(), figure.to_owned())));
    assert_eq!((page.residual.as_str(), page.rating.says.as_str()), ("26.29", "Moderate"));
    assert_eq!(page.residual_says, "Risk left by the safeguards, plus nothing for signals. Higher is worse.");
}

#[test]
fn the_cap_names_the_question_that_sets_it() {
    let mut case = example();
    let says = |case: &Case| column(&shown(case), "steps", "says")[3].clone();
    assert_eq!(
        says(&case),
        "A critical question is only partly met: Encrypts stored copies. So the score counts at most 74.00, and it is \
         below that already."
    );
    case.set("org.4", graded(Grade::No, Evidence::Assertion));
    assert_eq!(
        says(&case),
        "One critical question is not met: Encrypts stored copies. So the score counts at most 59.00."
    );
    case.set("org.4", graded(Grade::Yes, Evidence::Checked));
    assert_eq!(says(&case), "Every critical question is met, so there is no cap.");
}

#[test]
fn a_rating_above_its_points_says_why() {
    let mut case = example();
    case.set("org.4", graded(Grade::No, Evidence::Assertion));
    let page = shown(&case);
    assert_eq!(page.rating_says, "By points alone it would be Moderate. It is raised because:");
    assert_eq!(page.floors, ["A critical question is not met: Encrypts stored copies. That makes it High at least."]);
    case.set("org.1", graded(Grade::Planned, Evidence::Assertion));
    assert_eq!(
        shown(&case).floors,
        ["2 critical questions are not met: Checks itself; Encrypts stored copies. That makes it High at least."]
    );
}

#[test]
fn a_failed_hard_stop_forbids_sharing_in_words() {
    let mut case = example();
    case.set("org.2", graded(Grade::No, Evidence::Assertion));
    let page = shown(&case);
    assert_eq!((page.rating.tone, page.rating.says.as_str()), ("stop", "Do not share"));
    assert!(
        page.floors.contains(
            &"A hard stop is not met: Signed our agreement. Nothing may be shared until this is cleared.".to_owned()
        ),
        "{:?}",
        page.floors
    );
}

#[test]
fn a_rating_that_its_points_give_says_so() {
    let mut case = example();
    assert_eq!(
        shown(&case).rating_says,
        "By points alone it is Moderate. Whatever the points, it could be no better because:"
    );
    case.set("org.4", graded(Grade::Yes, Evidence::Checked));
    let page = shown(&case);
    assert_eq!((page.rating_says.as_str(), page.floors.len()), ("This follows from the points alone.", 0));
}

#[test]
fn signals_are_listed_with_what_each_adds() {
    let mut case = example();
    case.signals = vec![Signal::ActionOverdue, Signal::Breach12Months, Signal::ActionOverdue];
    let page = shown(&case);
    assert_eq!(
        column(&page, "steps", "says")[8],
        "A breach reported in the last 12 months: 20.00; An agreed fix is overdue, 2 times: 10.00. All together add at \
         most 40.00. Higher is worse."
    );
    assert_eq!(
        page.residual_says,
        "Risk left by the safeguards, plus 30.00 for signals, and at most 100. Higher is worse."
    );
}

#[test]
fn gaps_stand_gravest_first_and_say_what_would_help() {
    let mut case = example();
    case.set("org.1", Answer { by: Some(day("2026-12-01")), ..graded(Grade::Planned, Evidence::Assertion) });
    let questions = case.questionnaire.sections.iter_mut().flat_map(|one| one.topics.iter_mut());
    let mut questions = questions.flat_map(|topic| topic.questions.iter_mut());
    questions.find(|one| one.short == "Encrypts stored copies").unwrap().text = "Is every copy encrypted?".to_owned();
    let page = shown(&case);
    let gaps: Vec<_> = column(&page, "gaps", "question").into_iter().zip(column(&page, "gaps", "helps")).collect();
    assert_eq!(gaps[0].0, "Checks itself");
    let helps = |question: &str| gaps.iter().find(|(name, _)| name == question).unwrap().1.clone();
    assert_eq!(helps("Checks itself"), "Having it in place by December 1, 2026. Proof: A screenshot");
    assert_eq!(
        helps("Encrypts stored copies"),
        "Having all of it in place: “Is every copy encrypted?” Proof: A screenshot"
    );
    assert_eq!(helps("Locks screens"), "Having it in place. Proof: A screenshot");
    assert_eq!(helps("Wipes devices"), "An answer. Proof: A screenshot");
    assert_eq!(page.gaps_heading, "4 gaps, gravest first, and 5 answers that want more proof");
    assert_eq!(gaps.len(), 4);
}

#[test]
fn answers_that_only_want_proof_are_listed_where_there_is_no_gap() {
    let mut case = example();
    for slug in ["org.4", "tec.7", "tec.8"] {
        case.set(slug, graded(Grade::Yes, Evidence::Document));
    }
    let page = shown(&case);
    assert_eq!(page.gaps_heading, "No gaps, but 9 answers that want more proof");
    assert_eq!(page.gaps.len(), 9);
}

#[test]
fn the_lines_add_up_to_the_loss_that_is_said() {
    let case = example();
    let page = shown(&case);
    let page_json = json(&page);
    let sections = page_json["sections"].as_array().unwrap();
    let lines: Vec<_> = sections.iter().flat_map(|section| section["answers"].as_array().unwrap()).collect();
    let lost = |line: &&serde_json::Value| line["lost"].as_str().unwrap().to_owned();
    let sum: f64 =
        lines.iter().map(lost).filter(|lost| !lost.is_empty()).map(|lost| lost.parse::<f64>().unwrap()).sum();
    assert!((sum - 12.35).abs() < 1e-9, "{sum}");
    assert!(
        page.answers_says.contains("lose 12.35 of 38 points; what is left makes the supported control score of 67.50.")
    );
    assert_eq!(lines.len(), 10);
}

#[test]
fn what_is_not_counted_is_shown_apart() {
    let mut case = example();
    case.set("tec.9", Answer { reason: Some("Nobody enters".to_owned()), ..na(NaDecision::Accepted) });
    let page = json(&shown(&case));
    let line = &page["sections"][1]["answers"][4];
    assert_eq!(
        (line["answer"].as_str(), line["note"].as_str(), line["counted"].as_bool(), line["lost"].as_str()),
        (Some("Does not apply: Nobody enters"), Some("Does not apply (accepted)"), Some(false), Some(""))
    );
}

#[test]
fn families_are_named_as_we_speak_of_them_and_weighed_by_themselves() {
    let page = shown(&example());
    assert_eq!(column(&page, "families", "family"), ["Organization and promises", "Technical"]);
    // 5·90 + 5·90 + 5·80 + 5·35 of 20; 4·70 + 4·90 + 5·90 of 18: the one left out is not counted.
    assert_eq!(column(&page, "families", "score"), ["73.75", "60.55"]);
    assert_eq!(column(&page, "families", "questions"), ["4", "5"]);
}

#[test]
fn the_causes_show_what_is_missing_against_each() {
    let bars = shown(&example()).causes.unwrap();
    let shown: Vec<_> = bars.bars.iter().map(|bar| (bar.label.as_str(), bar.value.as_str())).collect();
    assert_eq!(shown.len(), Cause::ALL.len());
    assert!(shown.contains(&("Cyber attack", "32.50")), "{shown:?}");
    assert_eq!(bars.title, "Most is missing against cyber attack");
}

#[test]
fn an_assessment_that_is_not_signed_is_not_assessed_however_much_is_answered() {
    let case = example();
    let page = page(&kept(&case, AssessmentState::InProgress), &case.questionnaire, Tz::America__Chicago, true);
    assert!(!page.assessed && page.sections.is_empty() && page.causes.is_none() && page.gaps.is_empty());
    assert_eq!((page.rating.says.as_str(), page.residual.as_str()), ("Not assessed", "67.00"));
    assert_eq!(page.asked_says, "Asked May 1, 2026, due Jun 15, 2026. 10 of 10 questions are answered, and not sent.");
    assert_eq!(column(&page, "steps", "figure"), ["67.00", "0.00", "0.00"]);
}

#[test]
fn late_answers_and_old_ones_are_explained() {
    let mut case = example();
    case.response = Response { days_late: 20, reminders: 3, overdue_followups: 0 };
    case.accepted_on = Some(today() - chrono::Days::new(500));
    let page = shown(&case);
    let says = column(&page, "steps", "says");
    assert_eq!(
        says[4],
        "Answered 20 days late, after 3 reminders. Of every 100 points, it takes 7.50 off; at worst it would take 15.00. \
         Higher is better."
    );
    assert_eq!(
        says[5],
        "500 days old on the day of scoring, June 15, 2026. Answers count in full for a year, then less and \
         less: 50.00 of 100 after two. Higher is better."
    );
    assert!(page.floors.iter().any(|floor| floor.starts_with("The last accepted answers are more than a year old.")));
    assert_eq!(case.asked.tier, Tier::Two);
}

#[test]
fn a_tier_that_has_moved_since_is_named_beside_the_score() {
    let case = example();
    let moved = Kept { tier: Tier::One, ..kept(&case, AssessmentState::Accepted) };
    let page = page(&moved, &case.questionnaire, Tz::America__Chicago, true);
    assert!(page.asked_says.ends_with("Scored as Tier 2; it is Tier 1 today."), "{}", page.asked_says);
    assert!(!shown(&case).asked_says.contains("today"));
}
