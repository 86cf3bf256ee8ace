//! What is known of an incident, as a form: days, agency, encryption, counts by State, a delay of
//! law enforcement. No field takes a patient.

use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::Serialize;

use super::one::{self, Typed};
use crate::app::App;
use crate::domain::action::check_words;
use crate::domain::civil_date;
use crate::domain::ids::IncidentId;
use crate::domain::incident::{Agency, Hold, HoldKind, Known, Secured, residents};
use crate::domain::vendor::check_services;
use crate::flows::incidents;
use crate::web::Answered;
use crate::web::form::{Posted, id};
use crate::web::pages::actions::choice;
use crate::web::session::SignedIn;
use crate::web::view::{Choice, Choosable, Faults, Field};

#[derive(Serialize)]
pub struct KnownForm {
    what: Field,
    told_on: Field,
    vendor_knew_on: Field,
    vendor_knew_at: Field,
    told_late: Choice,
    agency: Choice,
    secured: Choice,
    residents: Field,
    unreachable: Field,
    hold: Choice,
    hold_said_on: Field,
    hold_until: Field,
}

const DAY: &str = "For example 3/31/2026 or 2026-03-31";

/// The form as things are, or as they were typed.
pub fn form(what: &str, known: &Known, posted: &Posted, faults: &Faults) -> KnownForm {
    let sent = posted.is_ticked("agency");
    let error = |at: &str| faults.iter().find(|(field, _)| *field == at).map(|(_, says)| says.clone());
    let value = |at: &str, kept: String| if sent { posted.verbatim(at).to_owned() } else { kept };
    let field = |id: &'static str, label, hint: &'static str, kept: String| Field {
        id,
        label,
        hint: Some(hint),
        value: value(id, kept),
        error: error(id),
    };
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let words = |all: Vec<(&'static str, &'static str)>| {
        all.into_iter().map(|(key, says)| (key.to_owned(), says.to_owned())).collect::<Vec<_>>()
    };
    let late = if sent { posted.is_ticked("told_late") } else { known.told_late };
    let agency = value("agency", known.agency.key().to_owned());
    let secured = value("secured", known.secured.key().to_owned());
    let hold = value("hold", known.hold.map(|hold| hold.kind.key().to_owned()).unwrap_or_default());
    let agencies = Agency::ALL.iter().map(|one| (one.key(), one.says())).collect();
    let secrets = Secured::ALL.iter().map(|one| (one.key(), one.says())).collect();
    let holds = std::iter::once(("", "Nobody asked us to wait"));
    let holds = holds.chain(HoldKind::ALL.iter().map(|one| (one.key(), one.says()))).collect();
    KnownForm {
        what: field("what", "What happened", "A sentence or two. Never a patient’s name or number.", what.to_owned()),
        told_on: field("told_on", "The day we were told, or should have known", DAY, known.told_on.to_string()),
        vendor_knew_on: field(
            "vendor_knew_on",
            "The day any of its people first knew",
            "As far as it says; blank is not known",
            day(known.vendor_knew_on),
        ),
        vendor_knew_at: field(
            "vendor_knew_at",
            "The time of that day",
            "Where it says; agreements count hours",
            known.vendor_knew_at.clone(),
        ),
        told_late: Choice {
            id: "told_late",
            label: "Its word to us",
            hint: None,
            error: None,
            options: vec![Choosable {
                id: "told_late-yes".to_owned(),
                value: "yes".to_owned(),
                label: "came too late".to_owned(),
                hint: Some("You confirm it with your name. It counts in the vendor’s score for three years".to_owned()),
                checked: late,
            }],
        },
        agency: Choice {
            hint: Some(
                "If it does, your days count from what it knew. Ask your lawyer; until then the earliest day is shown",
            ),
            ..choice("agency", "Does it act as your agent?", words(agencies), &agency)
        },
        secured: Choice {
            hint: Some("Nobody need be told of information that nobody could read (45 CFR 164.402)"),
            ..choice("secured", "Could the information be read?", words(secrets), &secured)
        },
        residents: field(
            "residents",
            "Patients concerned, by State",
            "One State a line, like OH 120. Numbers only, never names",
            residents::say(&known.residents),
        ),
        unreachable: field(
            "unreachable",
            "Of them, without a good address",
            "A number; blank is not known",
            known.unreachable.map(|count| count.to_string()).unwrap_or_default(),
        ),
        hold: Choice {
            hint: Some("45 CFR 164.412. It pushes your days back"),
            ..choice("hold", "Did the police ask you to wait?", words(holds), &hold)
        },
        hold_said_on: field("hold_said_on", "When they said so", DAY, day(known.hold.map(|hold| hold.said_on))),
        hold_until: field(
            "hold_until",
            "Until when",
            "The day in their letter; by word of mouth it is 30 days at most",
            day(known.hold.and_then(|hold| hold.until)),
        ),
    }
}

/// A day that may be left blank and is not still to come.
fn past(posted: &Posted, at: &'static str, today: NaiveDate) -> Result<Option<NaiveDate>, (&'static str, String)> {
    match posted.text(at) {
        "" => Ok(None),
        text => match civil_date::read(text) {
            Ok(day) if day > today => Err((at, "That day is still to come".to_owned())),
            Ok(day) => Ok(Some(day)),
            Err(fault) => Err((at, fault.to_string())),
        },
    }
}

/// The words about what happened, which must not be empty.
pub fn what(posted: &Posted) -> Result<String, (&'static str, String)> {
    match check_words(posted.text("what")) {
        Ok(text) if text.is_empty() => Err(("what", "Say in a sentence what happened".to_owned())),
        Ok(text) => Ok(text),
        Err(fault) => Err(("what", fault.sentence())),
    }
}

/// The day we were told.
pub fn told_on(posted: &Posted, today: NaiveDate) -> Result<NaiveDate, (&'static str, String)> {
    let missing = || ("told_on", "Enter the day on which we were told".to_owned());
    past(posted, "told_on", today)?.ok_or_else(missing)
}

/// The day the vendor knew.
pub fn vendor_knew_on(posted: &Posted, today: NaiveDate) -> Result<Option<NaiveDate>, (&'static str, String)> {
    past(posted, "vendor_knew_on", today)
}

fn hold(posted: &Posted, today: NaiveDate) -> Result<Option<Hold>, (&'static str, String)> {
    let Ok(kind) = posted.text("hold").parse::<HoldKind>() else { return Ok(None) };
    let said_on = past(posted, "hold_said_on", today)?;
    let said_on = said_on.ok_or_else(|| ("hold_said_on", "Enter the day on which they said so".to_owned()))?;
    let until = match posted.text("hold_until") {
        "" if kind == HoldKind::Written => {
            return Err((
                "hold_until",
                "Enter the day that their letter gives; without one it counts as oral".to_owned(),
            ));
        }
        "" => None,
        text => Some(civil_date::read(text).map_err(|fault| ("hold_until", fault.to_string()))?),
    };
    if until.is_some_and(|until| until < said_on) {
        return Err(("hold_until", "That is before they said so".to_owned()));
    }
    Ok(Some(Hold { kind, said_on, until }))
}

/// Reads the form.
///
/// # Errors
/// What is wrong with which field.
pub fn read(posted: &Posted, today: NaiveDate) -> Result<(String, Known), Faults> {
    let mut faults = Faults::new();
    fn keep<T>(faults: &mut Faults, read: Result<T, (&'static str, String)>) -> Option<T> {
        read.map_err(|fault| faults.push(fault)).ok()
    }
    let words = keep(&mut faults, what(posted));
    let told = keep(&mut faults, told_on(posted, today));
    let knew = keep(&mut faults, vendor_knew_on(posted, today));
    let at = keep(
        &mut faults,
        check_services(posted.text("vendor_knew_at")).map_err(|fault| ("vendor_knew_at", fault.sentence())),
    );
    let counts = keep(&mut faults, residents::read(posted.text("residents")).map_err(|fault| ("residents", fault)));
    let unreachable = match posted.text("unreachable") {
        "" => Some(None),
        text => keep(
            &mut faults,
            text.parse::<u32>()
                .map(Some)
                .map_err(|_| ("unreachable", "Enter a whole number, or leave it blank".to_owned())),
        ),
    };
    let hold = keep(&mut faults, hold(posted, today));
    let agency = posted.text("agency").parse::<Agency>().ok();
    if agency.is_none() {
        faults.push(("agency", "Choose whether it acts as your agent".to_owned()));
    }
    let secured = posted.text("secured").parse::<Secured>().ok();
    if secured.is_none() {
        faults.push(("secured", "Choose whether it could be read".to_owned()));
    }
    match (words, told, knew, at, counts, unreachable, hold, agency, secured) {
        (
            Some(words),
            Some(told),
            Some(knew),
            Some(at),
            Some(counts),
            Some(bad),
            Some(hold),
            Some(agency),
            Some(secured),
        ) if faults.is_empty() => {
            let known = Known {
                vendor_knew_on: knew,
                vendor_knew_at: at,
                agency,
                secured,
                residents: counts,
                hold,
                unreachable: bad,
                told_late: posted.is_ticked("told_late"),
                ..Known::told(told)
            };
            Ok((words, known))
        }
        _ => Err(faults),
    }
}

/// POST `/incidents/{id}`: writes what is known anew.
pub async fn mend(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let incident: IncidentId = id(&path)?;
    let (words, known) = match read(&posted, who.day(app.clock.now())) {
        Ok(read) => read,
        Err(faults) => {
            return one::refused(&app, &who, incident, Typed { known: posted, ..Typed::default() }, faults).await;
        }
    };
    one::act(&app, &who, incident, ("saved", "known"), move |conn, doing| {
        incidents::mend(conn, doing, incident, &words, &known)
    })
    .await
}
