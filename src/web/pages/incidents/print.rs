//! An incident on paper: what was known, found and done, as the evidence that all notices were made
//! or that it was no breach (45 CFR 164.414(b)).

use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::Serialize;

use super::one::{self, Facts};
use super::steps::{self, Step};
use crate::app::App;
use crate::domain::civil_date;
use crate::domain::incident::assessment::Factor;
use crate::domain::incident::{Closed, Known, RiskAssessment};
use crate::templates::Context;
use crate::web::Answered;
use crate::web::form::id;
use crate::web::session::SignedIn;
use crate::web::view::{Crumb, Here, Staff, crumbs};

#[derive(Serialize)]
pub struct IncidentPrint {
    crumbs: Vec<Crumb>,
    heading: String,
    practice: String,
    printed: String,
    what: String,
    learned: &'static str,
    opened: String,
    lines: Vec<Line>,
    steps: Vec<Step>,
    marks: Vec<String>,
    assessments: Vec<Assessed>,
    closed: Option<Line>,
}

/// A fact with what it is about.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    asks: String,
    says: String,
}

/// An assessment in words.
#[derive(Clone, Debug, Serialize)]
pub struct Assessed {
    name: String,
    conclusion: &'static str,
    lines: Vec<Line>,
}

fn line(asks: &str, says: impl Into<String>) -> Line {
    Line { asks: asks.to_owned(), says: says.into() }
}

/// What is known, line by line.
pub fn known(known: &Known) -> Vec<Line> {
    let knew = match (known.vendor_knew_on, known.vendor_knew_at.as_str()) {
        (None, _) => "Not known; counted from the day it told us".to_owned(),
        (Some(on), "") => civil_date::say(on),
        (Some(on), at) => format!("{}, {at}", civil_date::say(on)),
    };
    let counts: Vec<String> = known.residents.iter().map(|(state, count)| format!("{state} {count}")).collect();
    let patients = match known.total() {
        None => "Not known yet".to_owned(),
        Some(total) => format!("{total} in all: {}", counts.join(", ")),
    };
    let mut lines = vec![
        line("Its people first knew", knew),
        line("We were told", civil_date::say(known.told_on)),
        line("Our agent?", known.agency.says()),
        line("Could it be read?", known.secured.says()),
        line("Patients, by State", patients),
    ];
    if let Some(count) = known.unreachable {
        lines.push(line("Without a good address", count.to_string()));
    }
    if let Some(hours) = known.contract_hours {
        lines.push(line("Hours that the agreement leaves it", hours.to_string()));
    }
    if let Some(hold) = known.hold {
        let (kind, on) = (hold.kind.says(), civil_date::say(hold.said_on));
        lines.push(line(
            "The police asked us to wait",
            format!("{kind}, on {on}, until {}", civil_date::say(hold.ends_on())),
        ));
    }
    if known.told_late {
        lines.push(line("Its word to us", "Came too late, as a person confirmed"));
    }
    lines
}

/// An assessment, line by line.
pub fn assessed(one: &RiskAssessment) -> Assessed {
    let factors = Factor::ALL.iter().map(|factor| {
        let text = one.found.of(*factor);
        line(&format!("{} ({})", factor.says(), factor.cites()), if text.is_empty() { "Not weighed" } else { text })
    });
    let exclusion = one.found.exclusion.map(|one| line(&format!("Exclusion ({})", one.cites()), one.says()));
    let reason = line("Why", one.found.reason.as_str());
    Assessed {
        name: format!("Version {}, {} on {}", one.version, one.by, civil_date::say(one.on)),
        conclusion: one.conclusion.says(),
        lines: factors.chain(exclusion).chain([reason]).collect(),
    }
}

/// How it was closed.
pub fn closed(closed: &Closed) -> Line {
    let who = format!("{} on {}", closed.by, civil_date::say(closed.on));
    line(closed.outcome.says(), format!("{}\n{who}", closed.reason))
}

fn page(facts: &Facts, practice: &str) -> IncidentPrint {
    let (file, incident) = (&facts.file, &facts.file.incident);
    let href = format!("/incidents/{}", incident.id);
    let marks = file.marks.iter().map(|mark| {
        let when = civil_date::say(mark.recorded_on);
        let note = if mark.note.is_empty() { String::new() } else { format!(": {}", mark.note) };
        match mark.on {
            Some(on) => format!("{when}, {}: “{}” done on {}{note}", mark.by, mark.step.says(), civil_date::say(on)),
            None => format!("{when}, {}: “{}” not done after all{note}", mark.by, mark.step.says()),
        }
    });
    IncidentPrint {
        crumbs: crumbs(&[("Incidents", Some("/incidents")), (&facts.vendor, Some(&href)), ("Print", None)]),
        heading: format!("Incident of {}, told on {}", facts.vendor, civil_date::say(incident.known.told_on)),
        practice: practice.to_owned(),
        printed: civil_date::say(facts.today),
        what: incident.what.clone(),
        learned: incident.learned.says(),
        opened: format!("{} by {}", civil_date::say(incident.opened_on), incident.opened_by),
        lines: known(&incident.known),
        steps: steps::of(facts, None),
        marks: marks.collect(),
        assessments: file.assessments.iter().map(assessed).collect(),
        closed: incident.closed.as_ref().map(self::closed),
    }
}

/// GET `/incidents/{id}/print`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>) -> Answered {
    let facts = one::facts(&app, &who, id(&path)?).await?;
    let page = page(&facts, &who.practice_name);
    Staff { who: &who, here: Here::NOWHERE, title: &page.heading, notice: None }.ok(&app, &page)
}

impl Context for IncidentPrint {
    const TEMPLATE: &'static str = "pages/incident_print";
    fn samples() -> Vec<Self> {
        let facts = |text: &str, closed| Facts {
            file: super::sample(text, closed),
            vendor: text.to_owned(),
            documents: Vec::new(),
            may_change: false,
            today: NaiveDate::default(),
        };
        let mut empty = facts("", false);
        empty.file.assessments.clear();
        empty.file.marks.clear();
        vec![
            page(&facts("A laptop", true), "Maple"),
            page(&empty, ""),
            page(&facts("<script>alert(1)</script>", true), "<script>"),
            page(&facts(&"Long ".repeat(300), false), "Maple"),
        ]
    }
}
