//! The checklist at the end of a vendor's work.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::Serialize;

use super::life::{act, answer};
use super::vendor::life::{badge, ending};
use crate::app::App;
use crate::domain::civil_date;
use crate::domain::ending::{Ending, Outcome, Settled, Step, StepKind};
use crate::domain::ids::{DocumentId, VendorId};
use crate::domain::life::Life;
use crate::domain::retention::retain_until;
use crate::domain::standing::Vendor;
use crate::domain::user::Need;
use crate::domain::vendor::check_notes;
use crate::flows::life::{self, LifeError};
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Choosable, Crumb, ErrorLine, Here, Notice, Staff, crumbs};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct EndingPage {
    crumbs: Vec<Crumb>,
    id: String,
    name: String,
    badge: Badge,
    heading: String,
    says: String,
    reason: String,
    errors: Vec<ErrorLine>,
    steps: Vec<StepPart>,
    documents_says: Option<&'static str>,
    may_change: bool,
    /// It is under way, so that it can be finished.
    open: bool,
    finish_says: &'static str,
}

#[derive(Serialize)]
struct StepPart {
    key: &'static str,
    heading: &'static str,
    explains: String,
    badge: Badge,
    settled: Option<String>,
    note_says: Option<String>,
    document_says: Option<String>,
    open: bool,
    outcome: StepChoice,
    on: StepField,
    note: StepField,
    documents: Option<StepChoice>,
}

/// A field of one of several steps: its id has the step's name in it.
#[derive(Serialize)]
struct StepField {
    id: String,
    label: &'static str,
    hint: Option<&'static str>,
    value: String,
    error: Option<String>,
}

#[derive(Serialize)]
struct StepChoice {
    id: String,
    label: &'static str,
    hint: Option<&'static str>,
    error: Option<String>,
    options: Vec<Choosable>,
}

type Faults = Vec<(String, String)>;

/// What the page is made of.
struct Facts {
    vendor: Vendor,
    ending: Ending,
    documents: Vec<(DocumentId, String)>,
    may_change: bool,
    today: NaiveDate,
}

/// What stands in a field of a step: as typed just now, or as it was settled.
fn value(posted: &Posted, step: &Step, field: &str, settled: impl Fn(&Settled) -> String) -> String {
    let typed = posted.text("step") == step.kind.key();
    match &step.settled {
        _ if typed => posted.text(&format!("{}-{field}", step.kind)).to_owned(),
        Some(one) => settled(one),
        None => String::new(),
    }
}

fn step_part(facts: &Facts, step: &Step, posted: &Posted, faults: &Faults) -> StepPart {
    let key = step.kind.key();
    let error = |field: &str| {
        let id = format!("{key}-{field}");
        faults.iter().find(|(at, _)| *at == id).map(|(_, says)| says.clone())
    };
    let outcome = value(posted, step, "outcome", |one| one.outcome.key().to_owned());
    let document = value(posted, step, "document", |one| one.document.map(|id| id.to_string()).unwrap_or_default());
    let on = match value(posted, step, "on", |one| one.on.to_string()) {
        empty if empty.is_empty() && posted.text("step") != key => facts.today.to_string(),
        on => on,
    };
    let choosable = |field: &str, at: usize, value: String, label: String, checked: bool| Choosable {
        id: format!("{key}-{field}-{}", at + 1),
        value,
        label,
        hint: None,
        checked,
    };
    let outcomes = step.kind.outcomes().iter().enumerate();
    let named = |id: DocumentId| facts.documents.iter().find(|(one, _)| *one == id).map(|(_, name)| name.clone());
    let none = ("".to_owned(), "None".to_owned());
    let documents =
        std::iter::once(none).chain(facts.documents.iter().map(|(id, name)| (id.to_string(), name.clone())));
    StepPart {
        key,
        heading: step.kind.says(),
        explains: explains(step.kind, facts),
        badge: match &step.settled {
            Some(_) => Badge::new("good", "Settled"),
            None => Badge::new("wait", "Open"),
        },
        settled: step
            .settled
            .as_ref()
            .map(|one| format!("{}, by {} on {}.", one.outcome.says(), one.by, civil_date::say(one.on))),
        note_says: step.settled.as_ref().map(|one| one.note.clone()).filter(|note| !note.is_empty()),
        document_says: step.settled.as_ref().and_then(|one| named(one.document?)),
        open: step.settled.is_none() || posted.text("step") == key,
        outcome: StepChoice {
            id: format!("{key}-outcome"),
            label: "How was it settled?",
            hint: None,
            error: error("outcome"),
            options: outcomes
                .map(|(at, one)| {
                    choosable("outcome", at, one.key().to_owned(), one.says().to_owned(), outcome == one.key())
                })
                .collect(),
        },
        on: StepField {
            id: format!("{key}-on"),
            label: "On",
            hint: Some("For example 2026-01-31 or 1/31/2026"),
            value: on,
            error: error("on"),
        },
        note: StepField {
            id: format!("{key}-note"),
            label: "Note",
            hint: Some("Who did it, or why it cannot be done. Leave patients out."),
            value: value(posted, step, "note", |one| one.note.clone()),
            error: error("note"),
        },
        documents: (!facts.documents.is_empty()).then(|| StepChoice {
            id: format!("{key}-document"),
            label: "Document",
            hint: None,
            error: error("document"),
            options: documents
                .enumerate()
                .map(|(at, (value, label))| {
                    let checked = value == document;
                    choosable("document", at, value, label, checked)
                })
                .collect(),
        }),
    }
}

fn explains(kind: StepKind, facts: &Facts) -> String {
    let details = &facts.vendor.details;
    match (kind, details.agreement_signed_on.or(details.agreement_ends_on)) {
        (StepKind::Agreement, Some(signed)) => {
            let last = details.agreement_ends_on.map_or(facts.ending.last_day, |ends| ends.max(facts.ending.last_day));
            format!("{} Keep it until {} at least.", kind.explains(), civil_date::say(retain_until(signed, Some(last))))
        }
        (StepKind::Agreement, None) => format!("{} There is none on record; say so below.", kind.explains()),
        _ => kind.explains().to_owned(),
    }
}

fn page(facts: &Facts, posted: &Posted, faults: &Faults) -> EndingPage {
    let (vendor, ending) = (&facts.vendor, &facts.ending);
    let name = &vendor.details.name;
    let open = vendor.place.life == Life::Ending && ending.finished_on.is_none() && !vendor.place.is_archived();
    let last = civil_date::say(ending.last_day);
    EndingPage {
        crumbs: crumbs(&[
            ("Vendors", Some("/vendors")),
            (name, Some(&format!("/vendors/{}", vendor.id))),
            ("Its end", None),
        ]),
        id: vendor.id.to_string(),
        name: name.clone(),
        badge: badge(vendor.place.life),
        heading: format!("The end of the work of {name}"),
        says: match ending.finished_on {
            Some(on) => format!("Its last day was {last}. The checklist was finished on {}.", civil_date::say(on)),
            None if ending.last_day < facts.today => format!(
                "Its last day was {last}. It stays a business associate until every step is settled and the list is finished."
            ),
            None => format!("Its last day is {last}. Until then it is a vendor like any other."),
        },
        reason: format!("Begun by {} on {}: {}", ending.begun_by, civil_date::say(ending.begun_on), ending.reason),
        errors: faults.iter().map(|(at, says)| ErrorLine { at: at.clone(), says: says.clone() }).collect(),
        steps: ending.steps.iter().map(|step| step_part(facts, step, posted, faults)).collect(),
        documents_says: (open && facts.documents.is_empty())
            .then_some("To attach a certificate or a letter to a step, add it to the vendor’s documents first."),
        may_change: facts.may_change && open,
        open,
        finish_says: "Finishing makes the vendor “Ended”: its open questionnaire is closed, its links stop working and its flags close. Its papers stay.",
    }
}

impl Context for EndingPage {
    const TEMPLATE: &'static str = "pages/ending";
    fn samples() -> Vec<Self> {
        let today = NaiveDate::default();
        let mut samples = Vec::new();
        for mut vendor in super::vendor_form::sample_vendors() {
            vendor.place.life = Life::Ending;
            vendor.details.agreement_signed_on = Some(today);
            let text = vendor.details.name.clone();
            let settled =
                Settled { outcome: Outcome::Done, by: text.clone(), on: today, note: text.clone(), document: None };
            let mut ending = Ending {
                id: crate::domain::ids::EndingId::fresh(),
                vendor: vendor.id,
                reason: text.clone(),
                last_day: today,
                begun_on: today,
                begun_by: text.clone(),
                steps: Ending::checklist(),
                finished_on: None,
            };
            let facts = |ending: &Ending, documents| Facts {
                vendor: vendor.clone(),
                ending: ending.clone(),
                documents,
                may_change: true,
                today,
            };
            samples.push(page(&facts(&ending, vec![]), &Posted::default(), &Faults::new()));
            ending.steps.iter_mut().for_each(|step| step.settled = Some(settled.clone()));
            let faults = vec![("access-note".to_owned(), text.clone())];
            let typed =
                Posted(vec![("step".to_owned(), "access".to_owned()), ("access-note".to_owned(), text.clone())]);
            samples.push(page(&facts(&ending, vec![(DocumentId::fresh(), text.clone())]), &typed, &faults));
        }
        samples
    }
}

async fn form(
    app: &Data<App>,
    who: &SignedIn,
    vendor: VendorId,
    posted: &Posted,
    faults: &Faults,
    notice: Option<Notice>,
) -> Answered {
    let (reader, today) = (who.clone(), who.day(app.clock.now()));
    let found = app
        .read_in(who.scope, move |conn| {
            let Some(vendor) = store::vendors::one(conn, &reader.scope, vendor)? else { return Ok(None) };
            let Some(ending) = ending(conn, &reader, &vendor)? else { return Ok(Some(Err(vendor.id))) };
            let documents = store::endings::documents(conn, &reader.scope, vendor.id)?;
            let may_change = reader.role.may(Need::Change);
            Ok::<_, StoreError>(Some(Ok(Facts { vendor, ending, documents, may_change, today })))
        })
        .await?
        .ok_or(WebError::NotFound)?;
    let facts = match found {
        Ok(facts) => facts,
        // There is no checklist; the page of its life says how to begin one.
        Err(vendor) => return Ok(see_other(&format!("/vendors/{vendor}/life"))),
    };
    let page = page(&facts, posted, faults);
    let title = format!("{}{}", if faults.is_empty() { "" } else { "Error: " }, page.heading);
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Staff { who, here: Here::VENDORS, title: &title, notice }.show(app, status, &page)
}

/// GET `/vendors/{id}/ending`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let notice = match query(&request).text("done") {
        "saved" => Some(Notice::success("Saved.")),
        _ => None,
    };
    form(&app, &who, id(&path)?, &Posted::default(), &Faults::new(), notice).await
}

/// Reads the fields of one step.
fn read(posted: &Posted, kind: StepKind, by: &str, today: NaiveDate) -> Result<Settled, Faults> {
    let mut faults = Faults::new();
    let text = |field: &str| posted.text(&format!("{kind}-{field}"));
    let mut fault = |field: &str, says: String| faults.push((format!("{kind}-{field}"), says));
    let outcome: Option<Outcome> = text("outcome").parse().ok().filter(|one| kind.outcomes().contains(one));
    if outcome.is_none() {
        fault("outcome", format!("{}: choose how it was settled", kind.says()));
    }
    let on = match civil_date::read(text("on")) {
        Ok(on) if on > today => {
            fault("on", format!("{}: that day is still to come", kind.says()));
            today
        }
        Ok(on) => on,
        Err(problem) => {
            fault("on", format!("{}: {problem}", kind.says()));
            today
        }
    };
    let note = match check_notes(text("note")) {
        Ok(note) if note.is_empty() && outcome.is_some_and(Outcome::needs_reason) => {
            fault("note", format!("{}: say why", kind.says()));
            note
        }
        Ok(note) => note,
        Err(problem) => {
            fault("note", problem.mend);
            String::new()
        }
    };
    let document = match text("document") {
        "" => None,
        text => text.parse().map_err(|_| fault("document", format!("{}: choose one of the list", kind.says()))).ok(),
    };
    match outcome {
        Some(outcome) if faults.is_empty() => Ok(Settled { outcome, by: by.to_owned(), on, note, document }),
        _ => Err(faults),
    }
}

/// POST `/vendors/{id}/ending`: settles one step, or opens it again.
pub async fn settle(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let vendor: VendorId = id(&path)?;
    let kind: StepKind = id(posted.text("step"))?;
    let settled = match posted.text("action") {
        "open" => None,
        _ => match read(&posted, kind, &who.name, who.day(app.clock.now())) {
            Ok(settled) => Some(settled),
            Err(faults) => return form(&app, &who, vendor, &posted, &faults, None).await,
        },
    };
    let done = act(&app, &who, vendor, move |conn, office, practice, asked| {
        life::settle(conn, office, practice, asked, kind, settled)
    })
    .await;
    if let Err(LifeError::NoDocument) = done {
        let faults = vec![(format!("{kind}-document"), format!("{}: choose one of the list", kind.says()))];
        return form(&app, &who, vendor, &posted, &faults, None).await;
    }
    answer(vendor, done, &format!("/vendors/{vendor}/ending?done=saved"))
}

/// POST `/vendors/{id}/ending/finish`
pub async fn finish(app: Data<App>, who: SignedIn, path: Path<String>, _posted: Posted) -> Answered {
    let vendor: VendorId = id(&path)?;
    match act(&app, &who, vendor, life::finish).await {
        Err(LifeError::Unsettled(open)) => {
            let say =
                |kind: StepKind| (format!("{kind}-outcome"), format!("{}: settle it, or say why not", kind.says()));
            form(&app, &who, vendor, &Posted::default(), &open.into_iter().map(say).collect(), None).await
        }
        done => answer(vendor, done, &format!("/vendors/{vendor}?done=life")),
    }
}
