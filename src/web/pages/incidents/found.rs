//! The assessment whether an incident is a breach, as a form: four factors, three exclusions, what
//! a named person concludes.

use actix_web::web::{Data, Path};
use serde::Serialize;

use super::one::{self, Typed};
use crate::app::App;
use crate::domain::action::check_words;
use crate::domain::ids::IncidentId;
use crate::domain::incident::assessment::{Exclusion, Factor, Found};
use crate::domain::incident::{Conclusion, RiskAssessment};
use crate::flows::incidents;
use crate::web::Answered;
use crate::web::form::{Posted, id};
use crate::web::pages::actions::choice;
use crate::web::session::SignedIn;
use crate::web::view::{Choice, Faults, Field};

#[derive(Serialize)]
pub struct FoundForm {
    factors: Vec<Field>,
    exclusion: Choice,
    conclusion: Choice,
    reason: Field,
}

const fn hint(factor: Factor) -> &'static str {
    match factor {
        Factor::Nature => "45 CFR 164.402(2)(i). For example names with diagnoses, or coded numbers alone",
        Factor::Recipient => "45 CFR 164.402(2)(ii). For example another practice that must keep it secret, or a thief",
        Factor::Acquired => "45 CFR 164.402(2)(iii). For example a laptop that came back and was never opened",
        Factor::Mitigated => "45 CFR 164.402(2)(iv). For example a written word that it was destroyed",
    }
}

/// The form as the newest assessment has it, or as it was typed.
pub fn form(last: Option<&RiskAssessment>, posted: &Posted, faults: &Faults) -> FoundForm {
    let sent = posted.is_ticked("reason");
    let error = |at: &str| faults.iter().find(|(field, _)| *field == at).map(|(_, says)| says.clone());
    let found = last.map(|last| last.found.clone()).unwrap_or_default();
    let value = |at: &str, kept: &str| if sent { posted.verbatim(at).to_owned() } else { kept.to_owned() };
    let field = |id: &'static str, label, hint, kept: &str| Field {
        id,
        label,
        hint: Some(hint),
        value: value(id, kept),
        error: error(id),
    };
    let exclusion = value("exclusion", found.exclusion.map(Exclusion::key).unwrap_or_default());
    let conclusion = value("conclusion", last.map(|last| last.conclusion.key()).unwrap_or_default());
    let none = std::iter::once((String::new(), "None of them".to_owned()));
    let exclusions =
        Exclusion::ALL.iter().map(|one| (one.key().to_owned(), format!("{} ({})", one.says(), one.cites())));
    let conclusions = Conclusion::ALL.iter().map(|one| (one.key().to_owned(), one.says().to_owned()));
    FoundForm {
        factors: Factor::ALL
            .iter()
            .map(|factor| field(factor.key(), factor.says(), hint(*factor), found.of(*factor)))
            .collect(),
        exclusion: Choice {
            error: error("exclusion"),
            ..choice("exclusion", "Does an exclusion apply?", none.chain(exclusions), &exclusion)
        },
        conclusion: Choice {
            error: error("conclusion"),
            hint: Some("Until you can show a low probability, the law takes it for a breach"),
            ..choice("conclusion", "What do you conclude?", conclusions, &conclusion)
        },
        reason: field("reason", "Why", "Kept with your name. Write nothing about a patient.", &found.reason),
    }
}

fn read(posted: &Posted) -> Result<(Found, Conclusion), Faults> {
    let (mut faults, mut found) = (Faults::new(), Found::default());
    let mut words = |at: &'static str, into: &mut String| match check_words(posted.text(at)) {
        Ok(text) => *into = text,
        Err(fault) => faults.push((at, fault.sentence())),
    };
    for factor in Factor::ALL {
        words(factor.key(), found.of_mut(*factor));
    }
    words("reason", &mut found.reason);
    found.exclusion = posted.text("exclusion").parse().ok();
    if found.reason.is_empty() && !faults.iter().any(|(at, _)| *at == "reason") {
        faults.push(("reason", "Say why you conclude that".to_owned()));
    }
    let conclusion = posted.text("conclusion").parse::<Conclusion>().ok();
    match conclusion {
        None => faults.push(("conclusion", "Choose what you conclude".to_owned())),
        Some(Conclusion::Excluded) if found.exclusion.is_none() => {
            faults.push(("exclusion", "Choose the exclusion that applies".to_owned()));
        }
        Some(conclusion) => {
            let lacks = found.lacks(conclusion).into_iter();
            faults.extend(lacks.map(|factor| (factor.key(), "To find a low probability, weigh all four".to_owned())));
        }
    }
    match conclusion {
        Some(conclusion) if faults.is_empty() => Ok((found, conclusion)),
        _ => Err(faults),
    }
}

/// POST `/incidents/{id}/assessment`
pub async fn assess(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let incident: IncidentId = id(&path)?;
    let (found, conclusion) = match read(&posted) {
        Ok(read) => read,
        Err(faults) => {
            return one::refused(&app, &who, incident, Typed { found: posted, ..Typed::default() }, faults).await;
        }
    };
    one::act(&app, &who, incident, ("assessed", "assessment"), move |conn, doing| {
        incidents::assess(conn, doing, incident, found, conclusion)
    })
    .await
}
