//! Scoring one full reply.

use criterion::{Criterion, criterion_group, criterion_main};
use duecare::catalogue::Catalogue;
use duecare::domain::answers::{Answer, Answers, Grade, Value};
use duecare::domain::exposure::{Exposure, Tier};
use duecare::domain::questionnaire::{AnswerKind, Asked, NprmMode, Set};
use duecare::domain::scoring::{self, Reckoning, Response};

// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn score_one_reply(bench: &mut Criterion) {
    let catalogue = Catalogue::built_in().expect("the questionnaires can be read");
    let questionnaire = catalogue.current();
    let answers: Answers = questionnaire
        .questions()
        .map(|question| {
            let value = match &question.answer {
                AnswerKind::Graded => Value::Grade(Grade::Partial),
                AnswerKind::Choice { choices } => Value::Choice(choices[0].key.clone()),
                AnswerKind::Number { least, .. } => Value::Number(*least),
                _ => Value::Unknown,
            };
            (question.slug.clone(), Answer::of(value))
        })
        .collect();
    let asked = Asked { exposure: Exposure::default(), tier: Tier::One, set: Set::Full, nprm: NprmMode::default() };
    let day = "2026-11-22".parse().expect("a date");
    let reckoning = Reckoning {
        questionnaire,
        asked: &asked,
        exposure: &asked.exposure,
        tier: asked.tier,
        answers: Some(&answers),
        response: Response::default(),
        accepted_on: Some(day),
        signals: &[],
        reviewed: true,
        as_of: day,
    };
    bench.bench_function("score one reply of 80 questions", |bencher| bencher.iter(|| scoring::score(&reckoning)));
    bench
        .bench_function("score it and seal the record", |bencher| bencher.iter(|| scoring::score(&reckoning).sealed()));
}

criterion_group!(benches, score_one_reply);
criterion_main!(benches);
