//! What a scorecard looks like: signed with gaps, signed without, not begun, begun, and at
//! its longest and most hostile.

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;

use super::reach::Goal;
use super::reviewed::{ReviewLine, Year};
use super::versions::{Life, Versions};
use super::{Kept, ScorecardPage, page};
use crate::catalogue::Catalogue;
use crate::domain::answers::support::{Files, Supporting};
use crate::domain::answers::{Answer, Answers, Evidence, Grade, Value};
use crate::domain::assessment::{Assessment, AssessmentState, Assurance, Attestation};
use crate::domain::document::Scan;
use crate::domain::exposure::{Access, Criticality, Element, Exposure, Offshore, Subs, Tier, Volume};
use crate::domain::ids::{AssessmentId, DocumentId, VendorId};
use crate::domain::questionnaire::{AnswerKind, Asked, Gravity, NprmMode, Question, Questionnaire, Set};
use crate::domain::scoring::{self, Reckoning, Response, Signal};

pub fn all() -> Vec<ScorecardPage> {
    let Ok(catalogue) = Catalogue::built_in() else { return Vec::new() };
    let questionnaire = catalogue.current();
    let show = |kept: &Kept| page(kept, questionnaire, Tz::America__Chicago, true);
    let with_gaps = signed(questionnaire, "Northgate Transcription", &[], ordinary);
    let perfect =
        signed(questionnaire, "Clearwater Coding Services", &[], |question| best(question, Evidence::Checked));
    let signals = [Signal::Breach12Months, Signal::ActionOverdue, Signal::ActionOverdue];
    let longest = "Longest ".repeat(250);
    let after = |text| ScorecardPage {
        after: Versions::sample(text),
        provisional: Some("Provisional"),
        review: Some(ReviewLine::sample(text)),
        goals: vec![Goal::sample(text)],
        years: vec![Year::sample(text)],
        ..show(&with_gaps)
    };
    vec![
        after("Which report do you mean?"),
        after("<script>alert(1)</script>"),
        show(&with_gaps),
        show(&perfect),
        show(&unsigned("Harbor Collections", AssessmentState::Invited, Answers::new())),
        show(&unsigned("Harbor Collections", AssessmentState::InProgress, with_gaps.answers.clone())),
        show(&unsigned("Harbor Collections", AssessmentState::Closed, Answers::new())),
        show(&signed(questionnaire, &longest[..200], &signals, |_| Some(Answer::of(Value::Text(longest.clone()))))),
        show(&signed(questionnaire, "<script>alert('x')</script>\"", &[], |_| Some(hostile()))),
        show(&signed(questionnaire, "Left all blank", &[], |_| None)),
    ]
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_default()
}

fn unsigned(vendor: &str, state: AssessmentState, answers: Answers) -> Kept {
    let exposure = Exposure {
        elements: [Element::Clinical].into(),
        volume: Volume::Under50000,
        access: [Access::Hosts].into(),
        criticality: Criticality::ThreeDays,
        subs: Subs::Few,
        offshore: Offshore::None,
        traits: [].into(),
    };
    let assessment = Assessment {
        id: AssessmentId::fresh(),
        vendor: VendorId::fresh(),
        cycle: 2,
        questionnaire: String::new(),
        digest: String::new(),
        asked: Asked { exposure, tier: Tier::Two, set: Set::Full, nprm: NprmMode::Informational },
        state,
        asked_on: day("2026-09-08"),
        due_on: day("2026-10-08"),
        reminders: 0,
        reminded_on: None,
        started_at: None,
        accepted_on: None,
    };
    let file = |name: &str, scan| Supporting {
        document: DocumentId::fresh(),
        name: name.to_owned(),
        size: 1,
        sha256: String::new(),
        scan,
        ends_on: None,
        removed: false,
    };
    let files = vec![file(vendor, Scan::Clean), file("policy.pdf", Scan::NotScanned)];
    let files = Files::from([("adm.screening".to_owned(), files)]);
    Kept {
        vendor: vendor.to_owned(),
        tier: Tier::One,
        assessment,
        answers,
        files,
        card: None,
        attestation: None,
        life: Life::default(),
        looked: super::reviewed::Looked::default(),
    }
}

fn signed(
    questionnaire: &Questionnaire,
    vendor: &str,
    signals: &[Signal],
    answer: impl Fn(&Question) -> Option<Answer>,
) -> Kept {
    let answers: Answers =
        questionnaire.questions().filter_map(|question| Some((question.slug.clone(), answer(question)?))).collect();
    let on = day("2026-10-12");
    let mut kept = unsigned(vendor, AssessmentState::Accepted, answers);
    kept.assessment.accepted_on = Some(on);
    kept.card = Some(scoring::score(&Reckoning {
        questionnaire,
        asked: &kept.assessment.asked,
        exposure: &kept.assessment.asked.exposure,
        tier: kept.assessment.asked.tier,
        answers: Some(&kept.answers),
        response: Response { days_late: 4, reminders: 3, overdue_followups: 0 },
        accepted_on: Some(on),
        signals,
        reviewed: true,
        as_of: on,
    }));
    kept.attestation = Some(Attestation {
        reference: "DC-7KQ4-M2XP".to_owned(),
        name: vendor.to_owned(),
        title: "Privacy officer".to_owned(),
        email: "privacy@northgate.example".to_owned(),
        statement: "These answers are true and complete.".to_owned(),
        signed_at: on.and_hms_opt(20, 14, 0).unwrap_or_default().and_utc() + TimeDelta::seconds(7),
        snapshot: "{}".to_owned(),
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        assurance: Assurance::Code,
    });
    kept
}

/// The answer that earns most.
fn best(question: &Question, evidence: Evidence) -> Option<Answer> {
    let on = day("2026-10-12");
    let value = match &question.answer {
        AnswerKind::Graded => Value::Grade(Grade::Yes),
        AnswerKind::Choice { choices } => Value::Choice(choices.iter().max_by_key(|choice| choice.credit)?.key.clone()),
        AnswerKind::Several { choices, .. } => {
            Value::Several(choices.iter().filter(|choice| choice.credit > 0).map(|choice| choice.key.clone()).collect())
        }
        AnswerKind::Date { .. } => Value::Date(on),
        AnswerKind::Number { bands, most, .. } => {
            let band = bands.iter().max_by_key(|band| band.credit)?;
            Value::Number(band.at_least.or(band.at_most).unwrap_or(*most))
        }
        AnswerKind::List { columns, .. } => {
            let cell = |column: &crate::domain::questionnaire::Column| {
                let text = column.choices.first().map_or("Mapleton", |choice| choice.key.as_str());
                (column.key.clone(), text.to_owned())
            };
            let dated = columns.iter().filter(|column| column.kind != crate::domain::questionnaire::ColumnKind::Date);
            Value::Rows(vec![dated.map(cell).collect()])
        }
        AnswerKind::Contact => Value::Contact {
            name: "Priya Raman".to_owned(),
            email: "privacy@northgate.example".to_owned(),
            phone: "312-555-0143".to_owned(),
        },
        AnswerKind::Text => Value::Text("Shredded on site, with a certificate".to_owned()),
        AnswerKind::Tick => Value::Tick(true),
    };
    let detail = question.detail.as_ref().map(|_| "24".to_owned());
    Some(Answer { evidence, detail, ..Answer::of(value) })
}

/// Mostly good answers, with every kind of gap somewhere.
fn ordinary(question: &Question) -> Option<Answer> {
    let graded = |grade| Some(Answer { by: Some(day("2027-02-01")), ..Answer::of(Value::Grade(grade)) });
    match (question.gravity, question.weight, question.slug.len() % 5) {
        (Gravity::Critical, _, _) if question.slug == "tec.encrypt.stored" => graded(Grade::No),
        (Gravity::Critical | Gravity::HardStop, _, _) => best(question, Evidence::Document),
        (_, _, 0) if question.answer == AnswerKind::Graded => graded(Grade::Planned),
        (_, 3, 1) => Some(Answer::of(Value::Unknown)),
        (_, _, 2) if question.answer == AnswerKind::Graded => graded(Grade::Partial),
        (_, 2, 3) => None,
        (_, 3, 3) => {
            let reason = Some("Nobody works from home".to_owned());
            Some(Answer { reason, ..Answer::of(Value::NotApplicable) })
        }
        _ => best(question, Evidence::Assertion),
    }
}

fn hostile() -> Answer {
    let text = "<script>alert('x')</script>\"";
    Answer { reason: Some(text.to_owned()), detail: Some(text.to_owned()), ..Answer::of(Value::Text(text.to_owned())) }
}
