//! A questionnaire file: whatever stands in it is read or refused with a reason, and what is read can
//! be asked, checked and scored.

#![no_main]

use std::collections::BTreeMap;

use duecare::domain::answers::Answers;
use duecare::domain::exposure::{Exposure, Tier};
use duecare::domain::questionnaire::{Asked, NprmMode, Questionnaire, Set, lint, parse};
use duecare::domain::scoring::{self, Reckoning, Response};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let faults = lint::lint("fuzzed-v1.toml", text, &BTreeMap::new());
    match parse::parse("fuzzed-v1.toml", text) {
        Ok(form) => score(&form),
        Err(_) => assert!(!faults.is_empty(), "what cannot be read has a fault"),
    }
});

/// A form sent in blank: the numbers stay in their bounds.
fn score(form: &Questionnaire) {
    let day = today();
    for tier in [Tier::One, Tier::Four] {
        let asked = Asked { exposure: Exposure::default(), tier, set: Set::for_tier(tier), nprm: NprmMode::Scored };
        let card = scoring::score(&Reckoning {
            questionnaire: form,
            asked: &asked,
            exposure: &asked.exposure,
            tier,
            answers: Some(&Answers::new()),
            response: Response::default(),
            accepted_on: Some(day),
            reviewed: true,
            signals: &[],
            as_of: day,
        });
        assert!(card.residual <= 10_000 && card.controls.supported <= card.controls.cap);
    }
}

fn today() -> chrono::NaiveDate {
    "2026-11-22".parse().expect("a day")
}
