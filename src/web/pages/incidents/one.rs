//! One incident: what is to be done by when and what was done, what is known, the assessments, and
//! its end.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::Serialize;

use super::found::{self, FoundForm};
use super::known::{self, KnownForm};
use super::steps::{Step, of as steps_of};
use super::{badge, print};
use crate::app::App;
use crate::domain::action::check_words;
use crate::domain::civil_date;
use crate::domain::ids::{DocumentId, IncidentId};
use crate::domain::incident::steps::told_too_late;
use crate::domain::incident::{File, Outcome, StepKind};
use crate::domain::user::Need;
use crate::flows::incidents::{self, Doing, IncidentError, Marked};
use crate::store::{self, Db, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::pages::actions::choice;
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Choice, Crumb, ErrorLine, Faults, Field, Here, Notice, Staff, crumbs, error_lines};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct IncidentPage {
    crumbs: Vec<Crumb>,
    errors: Vec<ErrorLine>,
    href: String,
    heading: String,
    state: Badge,
    what: String,
    vendor: String,
    vendor_href: String,
    notice_href: Option<String>,
    learned: &'static str,
    opened: String,
    /// Why there is no duty to tell, or what is not decided.
    says: Vec<String>,
    steps: Vec<Step>,
    lines: Vec<print::Line>,
    assessments: Vec<print::Assessed>,
    closed: Option<print::Line>,
    forms: Option<Forms>,
}

#[derive(Serialize)]
struct Forms {
    known: KnownForm,
    found: FoundForm,
    outcome: Choice,
    reason: Field,
}

/// What the page is made of.
pub struct Facts {
    pub file: File,
    pub vendor: String,
    pub documents: Vec<(DocumentId, String)>,
    pub may_change: bool,
    pub today: NaiveDate,
}

/// What was typed into which form.
#[derive(Default)]
pub struct Typed {
    pub known: Posted,
    pub found: Posted,
    pub step: Posted,
    pub close: Posted,
}

fn says(file: &File) -> Vec<String> {
    let known = &file.incident.known;
    let mut says = Vec::new();
    if file.incident.closed.is_some() {
        // It asks for nothing any more.
        return says;
    }
    if !file.duty_to_tell() {
        says.push(
            "Nobody need be told, as far as is known. Keep what shows it (45 CFR 164.414(b)), and close it.".to_owned(),
        );
    }
    if file.assessments.is_empty() && file.duty_to_tell() {
        says.push("Nobody has assessed it yet. Until somebody shows a low probability, the law takes it for a breach (45 CFR 164.402(2)).".to_owned());
    }
    if known.discovery().0 != known.discovery().1 {
        says.push("Whether the vendor acts as your agent is not decided: the earliest day counts, and the later one is beside it.".to_owned());
    }
    if known.total().is_none() && file.duty_to_tell() {
        says.push("How many patients, and in which States, decides who else is told. Enter the counts as soon as you have them.".to_owned());
    }
    if told_too_late(known) && !known.told_late {
        says.push("By its own days the vendor told us too late. Confirm it below if you find so.".to_owned());
    }
    match known.unreachable {
        Some(0) | None => {}
        Some(few) if few < 10 => says.push(format!(
            "{few} without a good address: tell them another way, by telephone for example (45 CFR 164.404(d)(2)(i))."
        )),
        Some(many) => says.push(format!(
            "{many} without a good address: 90 days on your home page or in major media, with a toll-free number (45 CFR 164.404(d)(2)(ii))."
        )),
    }
    says
}

fn forms(facts: &Facts, typed: &Typed, faults: &Faults) -> Forms {
    let file = &facts.file;
    let error = |at: &str| faults.iter().find(|(field, _)| *field == at).map(|(_, says)| says.clone());
    let outcome = Outcome::ALL.iter().map(|one| (one.key().to_owned(), one.says().to_owned()));
    Forms {
        known: known::form(&file.incident.what, &file.incident.known, &typed.known, faults),
        found: found::form(file.assessments.last(), &typed.found, faults),
        outcome: Choice {
            error: error("outcome"),
            ..choice("outcome", "How it ends", outcome, typed.close.text("outcome"))
        },
        reason: Field {
            id: "why",
            label: "In your words",
            hint: Some("Kept with your name. Never a patient."),
            value: typed.close.verbatim("why").to_owned(),
            error: error("why"),
        },
    }
}

fn page(facts: &Facts, typed: &Typed, faults: &Faults) -> IncidentPage {
    let (file, incident) = (&facts.file, &facts.file.incident);
    let vendor_href = format!("/vendors/{}", incident.vendor);
    let open = facts.may_change && incident.closed.is_none();
    IncidentPage {
        crumbs: crumbs(&[("Incidents", Some("/incidents")), (&facts.vendor, Some(&vendor_href)), ("Incident", None)]),
        errors: error_lines(faults),
        href: format!("/incidents/{}", incident.id),
        heading: format!("Incident of {}, told on {}", facts.vendor, civil_date::say(incident.known.told_on)),
        state: badge(file, facts.today),
        what: incident.what.clone(),
        vendor: facts.vendor.clone(),
        vendor_href,
        notice_href: incident.notice.map(|id| format!("/notices/{id}")),
        learned: incident.learned.says(),
        opened: format!("{} by {}", civil_date::say(incident.opened_on), incident.opened_by),
        says: says(file),
        steps: steps_of(facts, open.then_some((&typed.step, faults))),
        lines: print::known(&incident.known),
        assessments: file.assessments.iter().rev().map(print::assessed).collect(),
        closed: incident.closed.as_ref().map(print::closed),
        forms: open.then(|| forms(facts, typed, faults)),
    }
}

fn load(conn: &mut Db, who: &SignedIn, wanted: IncidentId, today: NaiveDate) -> Result<Option<Facts>, StoreError> {
    let Some(file) = store::incidents::one(conn, &who.scope, wanted)? else { return Ok(None) };
    let Some(vendor) = store::vendors::one(conn, &who.scope, file.incident.vendor)? else { return Ok(None) };
    let documents = store::endings::documents(conn, &who.scope, vendor.id)?;
    let may_change = who.role.may(Need::Change);
    Ok(Some(Facts { file, vendor: vendor.details.name, documents, may_change, today }))
}

/// Reads an incident for its pages.
///
/// # Errors
/// When there is none.
pub async fn facts(app: &App, who: &SignedIn, wanted: IncidentId) -> Result<Facts, WebError> {
    let (reader, today) = (who.clone(), who.day(app.clock.now()));
    let found = app.read_in(who.scope, move |conn| load(conn, &reader, wanted, today)).await?;
    found.ok_or(WebError::NotFound)
}

async fn show_page(
    app: &App,
    who: &SignedIn,
    wanted: IncidentId,
    typed: &Typed,
    faults: &Faults,
    notice: Option<Notice>,
) -> Answered {
    let facts = facts(app, who, wanted).await?;
    let page = page(&facts, typed, faults);
    let (status, error) =
        if faults.is_empty() { (StatusCode::OK, "") } else { (StatusCode::UNPROCESSABLE_ENTITY, "Error: ") };
    let title = format!("{error}{}", page.heading);
    Staff { who, here: Here::NOWHERE, title: &title, notice }.show(app, status, &page)
}

/// The page with what is wrong with what was typed.
///
/// # Errors
/// When there is no such incident.
pub async fn refused(app: &App, who: &SignedIn, wanted: IncidentId, typed: Typed, faults: Faults) -> Answered {
    show_page(app, who, wanted, &typed, &faults, None).await
}

/// GET `/incidents/{id}`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let notice = match query(&request).text("done") {
        "opened" => Some(Notice::success("The incident is open. Say what you know, and assess it.")),
        "saved" => Some(Notice::success("Saved. The days below follow what is known now.")),
        "assessed" => Some(Notice::success("Kept with your name. Earlier assessments stay.")),
        "marked" => Some(Notice::success("Kept with your name and today’s date.")),
        "closed" => Some(Notice::success("Closed. It stays here with all its evidence.")),
        "is-closed" => Some(Notice::warning("It is closed, so nothing was changed.")),
        _ => None,
    };
    show_page(&app, &who, id(&path)?, &Typed::default(), &Faults::new(), notice).await
}

/// Lets something happen to an incident and goes to a part of its page.
///
/// # Errors
/// When there is no such incident.
pub async fn act(
    app: &App,
    who: &SignedIn,
    wanted: IncidentId,
    (done, part): (&str, &str),
    work: impl FnOnce(&mut Db, Doing<'_>) -> Result<(), IncidentError> + Send + 'static,
) -> Answered {
    let (office, scope, by, now) = (app.office.clone(), who.scope, who.actor(), app.clock.now());
    let acted = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            work(conn, Doing { office: &office, practice: &practice, by: &by, now })
        })
        .await;
    match acted {
        Ok(()) => Ok(see_other(&format!("/incidents/{wanted}?done={done}#{part}"))),
        Err(IncidentError::Closed) => Ok(see_other(&format!("/incidents/{wanted}?done=is-closed"))),
        Err(IncidentError::NoSuch | IncidentError::NoDocument) => Err(WebError::NotFound),
        Err(IncidentError::NotYet(why)) => {
            refused(app, who, wanted, Typed::default(), vec![("outcome", why.to_owned())]).await
        }
        Err(IncidentError::Store(error)) => Err(error.into()),
    }
}

/// POST `/incidents/{id}/step`
pub async fn mark(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let (incident, step): (IncidentId, StepKind) = (id(&path)?, id(posted.text("step"))?);
    let today = who.day(app.clock.now());
    let mut faults = Faults::new();
    let on = match (posted.text("action"), civil_date::read(posted.text("on"))) {
        ("open", _) => None,
        (_, Ok(on)) if on > today => {
            faults.push(("on", "That day is still to come".to_owned()));
            None
        }
        (_, Ok(on)) if on < facts(&app, &who, incident).await?.file.incident.known.first() => {
            faults.push((
                "on",
                "That is before anybody knew of it. Look at the days under “What is known” too".to_owned(),
            ));
            None
        }
        (_, Ok(on)) => Some(on),
        (_, Err(fault)) => {
            faults.push(("on", fault.to_string()));
            None
        }
    };
    let note = check_words(posted.text("note")).unwrap_or_else(|fault| {
        faults.push(("note", fault.sentence()));
        String::new()
    });
    if !faults.is_empty() {
        return refused(&app, &who, incident, Typed { step: posted, ..Typed::default() }, faults).await;
    }
    let document = posted.text("document").parse().ok().filter(|_| on.is_some());
    let marked = Marked { step, on, note, document };
    act(&app, &who, incident, ("marked", "steps"), move |conn, doing| incidents::mark(conn, doing, incident, marked))
        .await
}

/// POST `/incidents/{id}/close`
pub async fn close(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let incident: IncidentId = id(&path)?;
    let mut faults = Faults::new();
    let outcome: Option<Outcome> = posted.text("outcome").parse().ok();
    if outcome.is_none() {
        faults.push(("outcome", "Choose how it ends".to_owned()));
    }
    let reason = match check_words(posted.text("why")) {
        Ok(reason) if reason.is_empty() => {
            faults.push(("why", "Say in your words why it is closed".to_owned()));
            reason
        }
        Ok(reason) => reason,
        Err(fault) => {
            faults.push(("why", fault.sentence()));
            String::new()
        }
    };
    let Some(outcome) = outcome.filter(|_| faults.is_empty()) else {
        return refused(&app, &who, incident, Typed { close: posted, ..Typed::default() }, faults).await;
    };
    let facts = facts(&app, &who, incident).await?;
    if let (None, Some(why)) = (&facts.file.incident.closed, facts.file.cannot_close(outcome)) {
        let faults = vec![("outcome", why.to_owned())];
        return refused(&app, &who, incident, Typed { close: posted, ..Typed::default() }, faults).await;
    }
    act(&app, &who, incident, ("closed", "end"), move |conn, doing| {
        incidents::close(conn, doing, incident, outcome, &reason)
    })
    .await
}

impl Context for IncidentPage {
    const TEMPLATE: &'static str = "pages/incident";
    fn samples() -> Vec<Self> {
        let facts = |text: &str, closed: bool| Facts {
            file: super::sample(text, closed),
            vendor: text.to_owned(),
            documents: vec![(DocumentId::fresh(), text.to_owned())],
            may_change: true,
            today: NaiveDate::default(),
        };
        let hostile = "<script>alert(1)</script>";
        let posted = Posted(
            [("step", "individuals"), ("on", hostile), ("agency", hostile), ("reason", hostile), ("what", hostile)]
                .map(|(at, text)| (at.to_owned(), text.to_owned()))
                .to_vec(),
        );
        let typed = Typed { known: posted.clone(), found: posted.clone(), step: posted.clone(), close: posted };
        let faults: Faults = vec![("on", hostile.to_owned()), ("what", hostile.to_owned())];
        let mut bare = facts("", false);
        bare.file.assessments.clear();
        bare.file.marks.clear();
        bare.file.incident.known = crate::domain::incident::Known::told(bare.today);
        bare.documents.clear();
        vec![
            page(&facts("A laptop", false), &Typed::default(), &Faults::new()),
            page(&bare, &Typed::default(), &Faults::new()),
            page(&facts(hostile, false), &typed, &faults),
            page(&facts(hostile, true), &Typed::default(), &Faults::new()),
            page(&facts(&"Long ".repeat(300), false), &Typed::default(), &Faults::new()),
        ]
    }
}
