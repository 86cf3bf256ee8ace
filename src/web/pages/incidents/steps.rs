//! The steps of an incident as its pages list them, each with the form that marks it.

use chrono::NaiveDate;
use serde::Serialize;

use super::one::Facts;
use crate::domain::civil_date;
use crate::domain::ids::DocumentId;
use crate::domain::incident::{Done, Due, File, steps};
use crate::web::form::Posted;
use crate::web::pages::actions::choice;
use crate::web::view::{Badge, Choice, Faults, Field};

/// A step as the pages list it.
#[derive(Serialize)]
pub struct Step {
    key: &'static str,
    says: &'static str,
    by: String,
    otherwise: Option<String>,
    held: Option<String>,
    cites: String,
    state: Badge,
    done: Option<String>,
    document: Option<StepDocument>,
    form: Option<StepForm>,
}

#[derive(Serialize)]
struct StepDocument {
    href: String,
    name: String,
}

#[derive(Serialize)]
struct StepForm {
    /// It was marked, so that the mark can be taken back.
    marked: bool,
    open: bool,
    on: Field,
    note: Field,
    document: Choice,
}

fn state(due: &Due, done: bool, today: NaiveDate) -> Badge {
    match (done, due.certain) {
        (true, _) => Badge::new("good", "Done"),
        (false, false) => Badge::new("none", "If so many patients"),
        (false, true) if due.by < today => Badge::new("bad", "Overdue"),
        (false, true) => Badge::new("wait", "To do"),
    }
}

/// The steps of an incident; with a form for each where `typed` is given.
pub fn of(facts: &Facts, typed: Option<(&Posted, &Faults)>) -> Vec<Step> {
    let (file, today) = (&facts.file, facts.today);
    let say = |done: &Done| {
        let on = done.on.map(civil_date::say_short).unwrap_or_default();
        let note = if done.note.is_empty() { String::new() } else { format!(": {}", done.note) };
        format!("Done on {on}, as {} marked on {}{note}", done.by, civil_date::say_short(done.recorded_on))
    };
    let mut all: Vec<Step> = Vec::new();
    for due in steps::due(file) {
        // The vendor's word is there when we were told; its day is what matters then.
        let done = file.done(due.step);
        let document = done.and_then(|done| done.document);
        let name =
            |id: &DocumentId| facts.documents.iter().find(|(other, _)| other == id).map(|(_, name)| name.clone());
        all.push(Step {
            key: due.step.key(),
            says: due.step.says(),
            by: civil_date::say_with_day(due.by),
            otherwise: due.otherwise.map(civil_date::say_with_day),
            held: due.held_until.filter(|_| due.step.is_ours()).map(civil_date::say),
            cites: format!("{}: {}", due.force.says(), due.step.cites()),
            state: match due.step.is_ours() {
                true => state(&due, done.is_some(), today),
                false => vendors(&due, file, done.is_some()),
            },
            done: done.map(say),
            document: document.map(|id| StepDocument {
                href: format!("/documents/{id}"),
                name: name(&id).unwrap_or_else(|| "a document".to_owned()),
            }),
            form: typed
                .filter(|_| due.step.is_ours())
                .map(|(posted, faults)| step_form(facts, &due, done, posted, faults)),
        });
    }
    all
}

/// How the vendor's own step stands: it is done with the day on which we were told.
fn vendors(due: &Due, file: &File, done: bool) -> Badge {
    match (done, file.incident.known.told_on <= due.by) {
        (_, true) => Badge::new("good", "In time"),
        (_, false) => Badge::new("bad", "Too late"),
    }
}

fn step_form(facts: &Facts, due: &Due, done: Option<&Done>, posted: &Posted, faults: &Faults) -> StepForm {
    let mine = posted.text("step") == due.step.key();
    let value = |at: &str, kept: String| if mine { posted.verbatim(at).to_owned() } else { kept };
    let error = |at: &str| faults.iter().find(|(field, _)| mine && *field == at).map(|(_, says)| says.clone());
    let field = |id: &'static str, label, hint: &'static str, kept: String| Field {
        id,
        label,
        hint: Some(hint),
        value: value(id, kept),
        error: error(id),
    };
    let on = done.and_then(|done| done.on).map(|on| on.to_string()).unwrap_or_default();
    let document = done.and_then(|done| done.document).map(|id| id.to_string()).unwrap_or_default();
    let none = std::iter::once((String::new(), "None".to_owned()));
    let documents = facts.documents.iter().map(|(id, name)| (id.to_string(), name.clone()));
    StepForm {
        marked: done.is_some(),
        open: mine,
        on: field("on", "Done on", "For example 3/31/2026 or 2026-03-31", on),
        note: field(
            "note",
            "Note",
            "How and by whom. Never a patient.",
            done.map(|done| done.note.clone()).unwrap_or_default(),
        ),
        document: choice("document", "Document", none.chain(documents), &value("document", document)),
    }
}
