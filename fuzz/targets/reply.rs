//! A reply file, as `duecare score` takes it: read or refused with reasons, and what is read scores
//! within bounds and comes out again to the byte.

#![no_main]

use std::sync::LazyLock;

use duecare::catalogue::Catalogue;
use duecare::domain::answers::file;
use duecare::domain::questionnaire::{Asked, NprmMode, Set};
use duecare::domain::scoring::replay::Input;
use duecare::domain::scoring::{self, Reckoning};
use libfuzzer_sys::fuzz_target;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::built_in().expect("the questionnaires can be read"));

fuzz_target!(|text: &str| {
    let form = CATALOGUE.current();
    let reply = match file::read(text, form) {
        Ok(reply) => reply,
        Err(faults) => {
            assert!(!faults.is_empty(), "what is refused has a reason");
            return;
        }
    };
    let tier = reply.exposure.inherent().tier;
    let asked = Asked { tier, set: Set::for_tier(tier), exposure: reply.exposure, nprm: NprmMode::Informational };
    let reckoning = Reckoning {
        questionnaire: form,
        asked: &asked,
        exposure: &asked.exposure,
        tier,
        answers: reply.answers.as_ref(),
        response: reply.response,
        accepted_on: reply.accepted_on,
        reviewed: true,
        signals: &reply.signals,
        as_of: "2026-11-22".parse().expect("a day"),
    };
    let card = scoring::score(&reckoning).sealed();
    assert!(card.residual <= 10_000 && card.controls.supported <= card.controls.cap);
    let again = Input::of(&reckoning).score(form).expect("the same program");
    assert_eq!(serde_json::to_string(&card).ok(), serde_json::to_string(&again).ok());
});
