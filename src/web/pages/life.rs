//! Where a vendor is in its life, and the forms that move it: a step with a reason, into the
//! archive and out of it.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::Serialize;

use super::vendor::life::{archived_says, badge, ending, kept_until};
use crate::app::App;
use crate::domain::civil_date;
use crate::domain::ending::Ending;
use crate::domain::ids::VendorId;
use crate::domain::life::Life;
use crate::domain::standing::Vendor;
use crate::domain::user::Need;
use crate::domain::vendor::check_notes;
use crate::flows::life::{self, Asked, LifeError};
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::session::SignedIn;
use crate::web::view::{
    Badge, Choice, Choosable, Crumb, ErrorLine, Faults, Field, Here, Notice, Staff, crumbs, error_lines,
};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct LifePage {
    crumbs: Vec<Crumb>,
    id: String,
    name: String,
    badge: Badge,
    explains: &'static str,
    /// The checklist is open or was finished.
    ending: bool,
    archived: Option<String>,
    may_change: bool,
    errors: Vec<ErrorLine>,
    to: Choice,
    offers_ending: bool,
    last_day: Field,
    reason: Field,
    /// Why it cannot be archived now.
    in_use: Option<String>,
    archive_says: String,
    why: Field,
}

/// What the page is made of.
struct Facts {
    vendor: Vendor,
    ending: Option<Ending>,
    added_on: NaiveDate,
    today: NaiveDate,
    archived: Option<String>,
    may_change: bool,
}

fn page(facts: &Facts, posted: &Posted, faults: &Faults) -> LifePage {
    let (vendor, place) = (&facts.vendor, &facts.vendor.place);
    let name = &vendor.details.name;
    let error = |id: &str| faults.iter().find(|(at, _)| *at == id).map(|(_, says)| says.clone());
    let field =
        |id: &'static str, label, hint| Field { id, label, hint, value: posted.text(id).to_owned(), error: error(id) };
    let options = place.life.next().iter().map(|life| Choosable {
        id: format!("to-{life}"),
        value: life.key().to_owned(),
        label: life.says().to_owned(),
        hint: Some(life.explains().to_owned()),
        checked: posted.text("to") == life.key(),
    });
    let counts_as_ba = vendor.details.ba_status.counts_as_ba();
    let kept = kept_until(vendor, facts.ending.as_ref(), facts.added_on, facts.today);
    LifePage {
        crumbs: crumbs(&[("Vendors", Some("/vendors")), (name, Some(&format!("/vendors/{}", vendor.id))), ("Its life with us", None)]),
        id: vendor.id.to_string(),
        name: name.clone(),
        badge: badge(place.life),
        explains: place.life.explains(),
        ending: facts.ending.is_some(),
        archived: facts.archived.clone(),
        may_change: facts.may_change,
        errors: error_lines(faults),
        to: Choice { id: "to", label: "Move it to", hint: None, error: error("to"), options: options.collect() },
        offers_ending: place.life.may_become(Life::Ending),
        last_day: field("last_day", "Last day of the work", Some("Only if its work ends. For example 2026-01-31 or 1/31/2026")),
        reason: field("reason", "Why", Some("One sentence for whoever reads the history. Leave patients out.")),
        in_use: (!place.life.may_be_archived(counts_as_ba)).then(|| {
            format!("{name} has, or may have, patient information of yours. End its work first, or call it a prospect if it was added by mistake.")
        }),
        archive_says: format!("An archived vendor leaves every list, count and run, and can be restored. Nothing is deleted: archived today, everything about it is kept until {} at least (45 CFR 164.316(b)(2)(i)).", civil_date::say(kept)),
        why: field("why", "Why put it away", None),
    }
}

impl Context for LifePage {
    const TEMPLATE: &'static str = "pages/life";
    fn samples() -> Vec<Self> {
        let mut samples = Vec::new();
        for mut vendor in super::vendor_form::sample_vendors() {
            for life in Life::ALL {
                vendor.place.life = *life;
                let facts = Facts {
                    archived: (*life == Life::Ended).then(|| vendor.details.name.clone()),
                    vendor: vendor.clone(),
                    ending: None,
                    added_on: NaiveDate::default(),
                    today: NaiveDate::default(),
                    may_change: *life != Life::Suspended,
                };
                let typed =
                    vec![("to".to_owned(), "ending".to_owned()), ("reason".to_owned(), vendor.details.name.clone())];
                let faults = vec![("to", "Choose <b>".to_owned()), ("reason", vendor.details.name.clone())];
                samples.push(page(&facts, &Posted(typed), &faults));
                samples.push(page(&facts, &Posted::default(), &Faults::new()));
            }
        }
        samples
    }
}

async fn load(app: &Data<App>, who: &SignedIn, vendor: VendorId) -> Result<Facts, WebError> {
    let reader = who.clone();
    let today = who.day(app.clock.now());
    app.read_in(who.scope, move |conn| {
        let Some(vendor) = store::vendors::one(conn, &reader.scope, vendor)? else { return Ok(None) };
        let ending = ending(conn, &reader, &vendor)?;
        Ok::<_, StoreError>(Some(Facts {
            archived: archived_says(&vendor, ending.as_ref(), |at| reader.day(at)),
            added_on: reader.day(vendor.added_at),
            today,
            may_change: reader.role.may(Need::Change),
            vendor,
            ending,
        }))
    })
    .await?
    .ok_or(WebError::NotFound)
}

async fn form(
    app: &Data<App>,
    who: &SignedIn,
    vendor: VendorId,
    posted: &Posted,
    faults: &Faults,
    notice: Option<Notice>,
) -> Answered {
    let facts = load(app, who, vendor).await?;
    if let Some(into) = facts.vendor.place.merged_into {
        return Ok(see_other(&format!("/vendors/{into}?done=is-merged")));
    }
    let title =
        format!("{}Its life with us: {}", if faults.is_empty() { "" } else { "Error: " }, facts.vendor.details.name);
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Staff { who, here: Here::VENDORS, title: &title, notice }.show(app, status, &page(&facts, posted, faults))
}

/// GET `/vendors/{id}/life`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let notice = match query(&request).text("done") {
        "no-way" => Some(Notice::warning("Somebody else moved it meanwhile. Look again before you change it.")),
        _ => None,
    };
    form(&app, &who, id(&path)?, &Posted::default(), &Faults::new(), notice).await
}

/// A reason of a sentence or two.
fn reason(posted: &Posted, at: &'static str, faults: &mut Faults) -> String {
    match check_notes(posted.text(at)) {
        Ok(text) if text.is_empty() => faults.push((at, "Say why in one sentence".to_owned())),
        Ok(text) if text.chars().count() <= 500 => return text.replace('\n', " "),
        Ok(_) => faults.push((at, "Say it in 500 characters".to_owned())),
        Err(fault) => faults.push((at, fault.mend)),
    }
    String::new()
}

/// POST `/vendors/{id}/life`
pub async fn change(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let vendor: VendorId = id(&path)?;
    let mut faults = Faults::new();
    let to: Option<Life> = posted.text("to").parse().ok();
    if to.is_none() {
        faults.push(("to", "Choose where it goes".to_owned()));
    }
    let last_day = match posted.text("last_day") {
        _ if to != Some(Life::Ending) => None,
        "" => {
            faults.push(("last_day", "Say on which day the work ends".to_owned()));
            None
        }
        text => {
            civil_date::read(text).map_err(|fault| faults.push(("last_day", format!("The last day: {fault}")))).ok()
        }
    };
    let reason = reason(&posted, "reason", &mut faults);
    let (Some(to), true) = (to, faults.is_empty()) else {
        return form(&app, &who, vendor, &posted, &faults, None).await;
    };
    let done = act(&app, &who, vendor, move |conn, office, practice, asked| {
        life::step(conn, office, practice, asked, to, last_day, &reason)
    })
    .await;
    if let Err(LifeError::DoNotShare) = done {
        let says = "It is rated Do not share. Have the hard stop put right, or accept it until a day, first";
        return form(&app, &who, vendor, &posted, &vec![("to", says.to_owned())], None).await;
    }
    let next =
        if to == Life::Ending { format!("/vendors/{vendor}/ending") } else { format!("/vendors/{vendor}?done=life") };
    answer(vendor, done, &next)
}

/// Runs one step as the signed-in person.
pub(super) async fn act(
    app: &Data<App>,
    who: &SignedIn,
    vendor: VendorId,
    work: impl FnOnce(
        &mut store::Db,
        &crate::flows::Office,
        &crate::domain::practice::Practice,
        Asked<'_>,
    ) -> Result<(), LifeError>
    + Send
    + 'static,
) -> Result<(), LifeError> {
    let (office, scope, by, now) = (app.office.clone(), who.scope, who.actor(), app.clock.now());
    app.write_in(who.scope, move |conn| {
        let practice = store::practices::one(conn, &scope)?;
        work(conn, &office, &practice, Asked { vendor, by: &by, now })
    })
    .await
}

/// Where a step that was taken, or was not, leads to.
pub(super) fn answer(vendor: VendorId, done: Result<(), LifeError>, next: &str) -> Answered {
    match done {
        Ok(()) => Ok(see_other(next)),
        Err(LifeError::NoVendor) => Err(WebError::NotFound),
        Err(LifeError::Store(error)) => Err(error.into()),
        Err(_) => Ok(see_other(&format!("/vendors/{vendor}/life?done=no-way"))),
    }
}

/// POST `/vendors/{id}/archive`
pub async fn archive(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let vendor: VendorId = id(&path)?;
    let mut faults = Faults::new();
    let why = reason(&posted, "why", &mut faults);
    if !faults.is_empty() {
        return form(&app, &who, vendor, &posted, &faults, None).await;
    }
    let done = act(&app, &who, vendor, move |conn, office, practice, asked| {
        life::archive(conn, office, practice, asked, &why)
    })
    .await;
    if let Err(LifeError::InUse) = done {
        let faults = vec![("why", "End its work first: it has, or may have, patient information of yours".to_owned())];
        return form(&app, &who, vendor, &posted, &faults, None).await;
    }
    answer(vendor, done, &format!("/vendors/{vendor}?done=archived"))
}

/// POST `/vendors/{id}/restore`
pub async fn restore(app: Data<App>, who: SignedIn, path: Path<String>, _posted: Posted) -> Answered {
    let vendor: VendorId = id(&path)?;
    let done = act(&app, &who, vendor, life::restore).await;
    answer(vendor, done, &format!("/vendors/{vendor}?done=restored"))
}
