//! Incidents: opened from a change notice by a press, or by hand; what is known is mended, it is
//! assessed, steps are marked, and it is closed with a reason. Nothing is deleted.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Office, judge};
use crate::domain::access::Scope;
use crate::domain::agreement;
use crate::domain::civil_date;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{DocumentId, IncidentId, NoticeId, VendorId};
use crate::domain::incident::assessment::Found;
use crate::domain::incident::{
    Closed, Conclusion, Done, File, Incident, Known, Learned, Outcome, RiskAssessment, StepKind,
};
use crate::domain::notice::{self, NoticeKind};
use crate::domain::practice::Practice;
use crate::domain::standing::Vendor;
use crate::store::{self, Db, StoreError};

/// Why nothing is done.
#[derive(Debug, thiserror::Error)]
pub enum IncidentError {
    #[error("there is no such incident, vendor or notice")]
    NoSuch,
    #[error("it is closed")]
    Closed,
    /// Why it cannot be closed like that.
    #[error("{0}")]
    NotYet(&'static str),
    #[error("a document of another vendor")]
    NoDocument,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who does it, and when.
#[derive(Clone, Copy)]
pub struct Doing<'a> {
    pub office: &'a Office,
    pub practice: &'a Practice,
    pub by: &'a Actor,
    pub now: DateTime<Utc>,
}

impl Doing<'_> {
    fn scope(&self) -> Scope {
        Scope::Practice(self.practice.id)
    }

    fn today(&self) -> NaiveDate {
        self.practice.day(self.now)
    }

    /// The line of the history, and what the vendor's standing makes of it.
    fn note(&self, conn: &mut Db, vendor: VendorId, sentence: String) -> Result<(), StoreError> {
        let deed = Deed { by: self.by, act: Act::Incident, vendor: Some(vendor), sentence };
        store::entries::write(conn, &self.scope(), &deed, self.now)?;
        judge::judge(conn, self.office, self.practice, vendor, self.now)?;
        Ok(())
    }

    fn held(&self, conn: &mut Db, id: IncidentId) -> Result<(File, Vendor), IncidentError> {
        let scope = self.scope();
        let file = store::incidents::one(conn, &scope, id)?.ok_or(IncidentError::NoSuch)?;
        let vendor = store::vendors::hold(conn, &scope, file.incident.vendor)?.ok_or(IncidentError::NoSuch)?;
        // As it is now that nobody else can change it.
        let file = store::incidents::one(conn, &scope, id)?.ok_or(IncidentError::NoSuch)?;
        Ok((file, vendor))
    }

    /// The same, while it is open.
    fn open(&self, conn: &mut Db, id: IncidentId) -> Result<(File, Vendor), IncidentError> {
        let (file, vendor) = self.held(conn, id)?;
        if file.incident.closed.is_some() { Err(IncidentError::Closed) } else { Ok((file, vendor)) }
    }
}

/// Opens the incident of a change notice that tells of one. Pressing twice opens one.
///
/// # Errors
/// When there is no such notice, or it tells of no incident.
pub fn from_notice(conn: &mut Db, doing: Doing<'_>, id: NoticeId) -> Result<IncidentId, IncidentError> {
    let scope = doing.scope();
    let told = store::notices::one(conn, &scope, id)?.ok_or(IncidentError::NoSuch)?;
    if !told.kinds().contains(&NoticeKind::IncidentSuspected) {
        return Err(IncidentError::NoSuch);
    }
    store::vendors::hold(conn, &scope, told.vendor)?.ok_or(IncidentError::NoSuch)?;
    if let Some(there) = store::incidents::of_notice(conn, &scope, id)? {
        return Ok(there);
    }
    let known = Known {
        vendor_knew_on: notice::day(&told.answers, "incident.known-on"),
        vendor_knew_at: notice::text(&told.answers, "incident.known-at").unwrap_or_default().to_owned(),
        ..Known::told(told.told_on)
    };
    let what = format!("Told by the change notice {}", notice::name(&told));
    add(conn, doing, told.vendor, (Some(id), Learned::Notice, what), known)
}

/// Opens an incident that came by telephone, by letter or another way.
///
/// # Errors
/// When there is no such vendor.
pub fn by_hand(
    conn: &mut Db,
    doing: Doing<'_>,
    vendor: VendorId,
    learned: Learned,
    what: &str,
    known: Known,
) -> Result<IncidentId, IncidentError> {
    add(conn, doing, vendor, (None, learned, what.to_owned()), known)
}

fn add(
    conn: &mut Db,
    doing: Doing<'_>,
    vendor: VendorId,
    (notice, learned, what): (Option<NoticeId>, Learned, String),
    known: Known,
) -> Result<IncidentId, IncidentError> {
    let (scope, today) = (doing.scope(), doing.today());
    let vendor = store::vendors::hold(conn, &scope, vendor)?.ok_or(IncidentError::NoSuch)?;
    // The hours of the agreement that was in force when we were told.
    let versions = store::agreements::of_vendor(conn, &scope, vendor.id)?;
    let stands = agreement::stands(&versions, vendor.details.ba_status, known.told_on);
    let contract_hours = stands.version.and_then(|version| version.terms.breach_notice_hours);
    let incident = Incident {
        id: IncidentId::fresh(),
        vendor: vendor.id,
        notice,
        learned,
        what,
        opened_on: today,
        opened_by: doing.by.name().to_owned(),
        known: Known { contract_hours, ..known },
        closed: None,
    };
    store::incidents::add(conn, &scope, &incident)?;
    let told = civil_date::say(incident.known.told_on);
    let sentence = format!("opened an incident of {}, told on {told}", vendor.details.name);
    doing.note(conn, vendor.id, sentence)?;
    Ok(incident.id)
}

/// Writes what is known anew.
///
/// # Errors
/// Why not.
pub fn mend(conn: &mut Db, doing: Doing<'_>, id: IncidentId, what: &str, known: &Known) -> Result<(), IncidentError> {
    let (file, vendor) = doing.open(conn, id)?;
    let before = &file.incident;
    // The hours stay those of the day it was opened.
    let known = Known { contract_hours: before.known.contract_hours, ..known.clone() };
    if (before.what.as_str(), &before.known) == (what, &known) {
        return Ok(());
    }
    if !store::incidents::save(conn, &doing.scope(), id, what, &known)? {
        return Err(IncidentError::Closed);
    }
    let changed = differences(&before.known, &known);
    let name = &vendor.details.name;
    let sentence = match changed.is_empty() {
        true => format!("changed the words about {} of {name}", before.name()),
        false => format!("changed what is known of {} of {name}: {}", before.name(), changed.join("; ")),
    };
    Ok(doing.note(conn, vendor.id, sentence)?)
}

fn differences(was: &Known, is: &Known) -> Vec<String> {
    let mut said = Vec::new();
    let day = |day: Option<NaiveDate>| day.map_or_else(|| "not known".to_owned(), civil_date::say_short);
    let mut say = |what: &str, was: String, is: String| {
        if was != is {
            said.push(format!("{what} from “{was}” to “{is}”"));
        }
    };
    say("when the vendor knew", day(was.vendor_knew_on), day(is.vendor_knew_on));
    say("the time of that day", was.vendor_knew_at.clone(), is.vendor_knew_at.clone());
    say("when we were told", day(Some(was.told_on)), day(Some(is.told_on)));
    say("whether it is our agent", was.agency.says().to_owned(), is.agency.says().to_owned());
    say("whether it could be read", was.secured.says().to_owned(), is.secured.says().to_owned());
    let counts = |known: &Known| {
        let each = known.residents.iter().map(|(state, count)| format!("{state} {count}"));
        each.collect::<Vec<_>>().join(", ")
    };
    say("the patients by State", counts(was), counts(is));
    let hold = |known: &Known| {
        known.hold.map_or_else(|| "none".to_owned(), |hold| format!("until {}", civil_date::say_short(hold.ends_on())))
    };
    say("the delay of law enforcement", hold(was), hold(is));
    let number = |number: Option<u32>| number.map_or_else(|| "not known".to_owned(), |number| number.to_string());
    say("patients without a good address", number(was.unreachable), number(is.unreachable));
    let late = |late: bool| if late { "told too late" } else { "told in time" }.to_owned();
    say("how we were told", late(was.told_late), late(is.told_late));
    said
}

/// Adds an assessment; those before stand.
///
/// # Errors
/// Why not.
pub fn assess(
    conn: &mut Db,
    doing: Doing<'_>,
    id: IncidentId,
    found: Found,
    conclusion: Conclusion,
) -> Result<(), IncidentError> {
    let (file, vendor) = doing.open(conn, id)?;
    if file.assessments.last().is_some_and(|last| (&last.found, last.conclusion) == (&found, conclusion)) {
        return Ok(());
    }
    let version = file.assessments.last().map_or(1, |last| last.version + 1);
    let new = RiskAssessment { version, found, conclusion, by: doing.by.name().to_owned(), on: doing.today() };
    store::incidents::assess(conn, &doing.scope(), id, &new)?;
    let sentence = format!(
        "assessed {} of {}, version {version}: {}",
        file.incident.name(),
        vendor.details.name,
        conclusion.says()
    );
    Ok(doing.note(conn, vendor.id, sentence)?)
}

/// What a person says of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    pub step: StepKind,
    /// `None` takes a mark back.
    pub on: Option<NaiveDate>,
    pub note: String,
    pub document: Option<DocumentId>,
}

/// Marks a step as done on a day, or as not done after all.
///
/// # Errors
/// Why not.
pub fn mark(conn: &mut Db, doing: Doing<'_>, id: IncidentId, marked: Marked) -> Result<(), IncidentError> {
    let scope = doing.scope();
    let (file, vendor) = doing.open(conn, id)?;
    if let Some(document) = marked.document {
        let known = store::documents::one(conn, &scope, document)?;
        if known.is_none_or(|known| known.vendor != vendor.id) {
            return Err(IncidentError::NoDocument);
        }
    }
    let Marked { step, on, note, document } = marked;
    let last = file.marks.iter().rev().find(|mark| mark.step == step);
    let same = last.is_some_and(|last| (last.on, &last.note, last.document) == (on, &note, document));
    if same || (last.is_none() && on.is_none()) {
        return Ok(());
    }
    let done = Done { step, on, by: doing.by.name().to_owned(), note, document, recorded_on: doing.today() };
    store::incidents::mark(conn, &scope, id, file.marks.len() + 1, &done)?;
    let (of, name) = (file.incident.name(), &vendor.details.name);
    let sentence = match on {
        Some(on) => format!("marked “{}” of {of} of {name} as done on {}", step.says(), civil_date::say_short(on)),
        None => format!("marked “{}” of {of} of {name} as not done after all", step.says()),
    };
    Ok(doing.note(conn, vendor.id, sentence)?)
}

/// Closes an incident with a reason. Pressing twice does one thing.
///
/// # Errors
/// Why not.
pub fn close(
    conn: &mut Db,
    doing: Doing<'_>,
    id: IncidentId,
    outcome: Outcome,
    reason: &str,
) -> Result<(), IncidentError> {
    let (file, vendor) = doing.held(conn, id)?;
    if let Some(closed) = &file.incident.closed {
        return if closed.outcome == outcome { Ok(()) } else { Err(IncidentError::Closed) };
    }
    if let Some(why) = file.cannot_close(outcome) {
        return Err(IncidentError::NotYet(why));
    }
    let closed = Closed { on: doing.today(), outcome, by: doing.by.name().to_owned(), reason: reason.to_owned() };
    store::incidents::close(conn, &doing.scope(), id, &closed)?;
    let (of, name) = (file.incident.name(), &vendor.details.name);
    let sentence = format!("closed {of} of {name}: {}. “{reason}”", outcome.says());
    Ok(doing.note(conn, vendor.id, sentence)?)
}
