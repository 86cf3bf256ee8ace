//! Merging a duplicate: choosing the other one, seeing what will be, and doing it.

use std::collections::BTreeSet;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;

use super::words;
use crate::app::App;
use crate::domain::civil_date;
use crate::domain::duplicates::{self, Face};
use crate::domain::ids::VendorId;
use crate::domain::merge::{Detail, Difference};
use crate::domain::standing::Vendor;
use crate::flows::life::Asked;
use crate::flows::merge::{self, MergeError, Preview};
use crate::store::merge::Load;
use crate::store::vendor_list::{self, Filter};
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::session::SignedIn;
use crate::web::view::{Crumb, ErrorLine, Here, Staff, crumbs, error_lines};
use crate::web::{Answered, WebError, see_other};

const OFFERED: i64 = 20;

#[derive(Serialize)]
pub struct MergePage {
    crumbs: Vec<Crumb>,
    id: String,
    name: String,
    errors: Vec<ErrorLine>,
    q: String,
    searched: bool,
    suggested: Vec<Offered>,
    found: Vec<Offered>,
    preview: Option<PreviewPart>,
}

#[derive(Serialize)]
struct Offered {
    id: String,
    name: String,
    says: String,
}

#[derive(Serialize)]
struct PreviewPart {
    other_id: String,
    other: String,
    differences: Vec<Choose>,
    moves: Vec<String>,
    after: Vec<String>,
}

/// Which of two values stays.
#[derive(Serialize)]
struct Choose {
    key: &'static str,
    label: &'static str,
    kept: String,
    other: String,
    from_other: bool,
}

fn choose(one: &Difference, posted: Option<&Posted>) -> Choose {
    let key = one.detail.key();
    let said = |text: &str| if text.is_empty() { "Nothing".to_owned() } else { text.to_owned() };
    Choose {
        key,
        label: one.detail.says(),
        kept: said(&one.kept),
        other: said(&one.other),
        from_other: posted.map_or(one.other_knows_more, |posted| posted.text(key) == "other"),
    }
}

/// What hangs on the other and comes along, as the page counts it.
fn moves(load: &Load) -> Vec<String> {
    let counted = |count: i64, thing: &str| words::counted(usize::try_from(count).unwrap_or(0), thing);
    let all = [
        (load.contacts, "contact", ""),
        (load.agreements, "agreement", ", as versions in order of their signing"),
        (load.documents, "document", ""),
        (load.assessments, "assessment", ", numbered by the day they were asked"),
        (load.flags, "flag", ", open and closed; one that both have stays once"),
        (load.letters, "letter", ""),
        (load.tags, "tag", ""),
        (load.subcontractors, "subcontractor", ""),
    ];
    all.into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, thing, how)| format!("{}{how}", counted(count, thing)))
        .collect()
}

fn after(preview: &Preview) -> Vec<String> {
    let (kept, other) = (&preview.kept.details.name, &preview.other.details.name);
    let mut after = vec![
        format!("{other} goes into the archive, and its page leads to {kept}. This cannot be undone."),
        "The notes of both are kept, one after the other.".to_owned(),
        format!(
            "What was decided about {other} (business associate, tier) stays in the history; {kept} keeps its own, and stays “{}”.",
            preview.kept.place.life.says()
        ),
    ];
    if let Some(closes) = &preview.closes {
        let whose = if closes.vendor == preview.kept.id { kept } else { other };
        after.push(format!(
            "Both have an open questionnaire. The one of {whose}, asked on {}, is closed and its links stop working; the other one stays open.",
            civil_date::say(closes.asked_on)
        ));
    }
    if preview.kept.details.external_id.is_some() && preview.other.details.external_id.is_some() {
        after.push("Only one of your own numbers stays; the other can be used for another vendor then.".to_owned());
    }
    after
}

struct Facts {
    vendor: Vendor,
    suggested: Vec<(Face, Vec<&'static str>)>,
    found: Vec<vendor_list::Line>,
    preview: Option<Preview>,
}

fn page(facts: Facts, q: &str, posted: Option<&Posted>, faults: &[(&'static str, String)]) -> MergePage {
    let name = facts.vendor.details.name;
    MergePage {
        crumbs: crumbs(&[
            ("Vendors", Some("/vendors")),
            (&name, Some(&format!("/vendors/{}", facts.vendor.id))),
            ("Merge a duplicate", None),
        ]),
        id: facts.vendor.id.to_string(),
        name,
        errors: error_lines(faults),
        q: q.to_owned(),
        searched: !q.is_empty(),
        suggested: facts
            .suggested
            .into_iter()
            .map(|(face, why)| Offered {
                id: face.id.to_string(),
                name: face.name,
                says: words::capital(&why.join(", ")),
            })
            .collect(),
        found: facts
            .found
            .into_iter()
            .map(|line| Offered { id: line.id.to_string(), name: line.name, says: line.services })
            .collect(),
        preview: facts.preview.map(|preview| PreviewPart {
            other_id: preview.other.id.to_string(),
            other: preview.other.details.name.clone(),
            differences: preview.differences.iter().map(|one| choose(one, posted)).collect(),
            moves: moves(&preview.load),
            after: after(&preview),
        }),
    }
}

impl Context for MergePage {
    const TEMPLATE: &'static str = "pages/merge";
    fn samples() -> Vec<Self> {
        let vendors = super::vendor_form::sample_vendors();
        let mut samples = Vec::new();
        for vendor in &vendors {
            let face = Face { id: vendor.id, name: vendor.details.name.clone(), website: None, email: None };
            let facts = |preview| Facts {
                vendor: vendor.clone(),
                suggested: vec![(face.clone(), vec!["the same name"])],
                found: vec![],
                preview,
            };
            samples.push(page(facts(None), "", None, &[]));
            samples.push(page(facts(None), &vendor.details.name, None, &[("q", vendor.details.name.clone())]));
            for other in &vendors {
                let preview = Preview {
                    differences: crate::domain::merge::differences(vendor, other),
                    load: Load { contacts: 1, agreements: 2, ..Load::default() },
                    closes: None,
                    kept: vendor.clone(),
                    other: other.clone(),
                };
                samples.push(page(facts(Some(preview)), "", None, &[]));
            }
        }
        samples
    }
}

/// Shows the page with the preview of `other`, where one is chosen.
async fn form(
    app: &Data<App>,
    who: &SignedIn,
    vendor: VendorId,
    fields: &Posted,
    posted: bool,
    mut faults: Vec<(&'static str, String)>,
) -> Answered {
    let (scope, today) = (who.scope, who.day(app.clock.now()));
    let q: String = fields.text("q").chars().take(100).collect();
    let other: Option<VendorId> = match fields.text("other") {
        "" => None,
        text => Some(id(text)?),
    };
    let words = q.clone();
    let (facts, fault) = app
        .read_in(who.scope, move |conn| {
            let kept = store::vendors::one(conn, &scope, vendor)?.ok_or(MergeError::NoVendor)?;
            let mut fault = None;
            let preview = match other.map(|other| merge::preview(conn, &scope, vendor, other)).transpose() {
                Ok(preview) => preview,
                Err(error @ (MergeError::NoVendor | MergeError::Store(_))) => return Err(error),
                Err(error) => {
                    fault = Some(say(&error));
                    None
                }
            };
            let filter = Filter { q: words.clone(), sort: Some(vendor_list::Sort::Name), ..Filter::default() };
            let mut found = match words.is_empty() || preview.is_some() {
                true => Vec::new(),
                false => vendor_list::lines(conn, &scope, &filter, today, OFFERED, 0)?,
            };
            found.retain(|line| line.id != vendor);
            let faces = if preview.is_some() { Vec::new() } else { store::place::faces(conn, &scope)? };
            let suggested = faces.iter().find(|face| face.id == vendor).map(|face| duplicates::like(face, &faces));
            Ok((Facts { vendor: kept, suggested: suggested.unwrap_or_default(), found, preview }, fault))
        })
        .await
        .map_err(|error| match error {
            MergeError::Store(error) => WebError::from(error),
            _ => WebError::NotFound,
        })?;
    if let Some(into) = facts.vendor.place.merged_into {
        return Ok(see_other(&format!("/vendors/{into}?done=is-merged")));
    }
    faults.extend(fault.map(|says| ("q", says)));
    let title =
        format!("{}Merge a duplicate of {}", if faults.is_empty() { "" } else { "Error: " }, facts.vendor.details.name);
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = page(facts, &q, posted.then_some(fields), &faults);
    Staff { who, here: Here::VENDORS, title: &title, notice: None }.show(app, status, &page)
}

fn say(error: &MergeError) -> String {
    match error {
        MergeError::Same => "That is the same vendor. Choose another",
        MergeError::Archived => "One of the two is in the archive. Restore it first",
        MergeError::TooDeep => "Together their subcontractors would be more than 8 levels deep. Take some out first",
        MergeError::Taken => "A third vendor has the name or number that would stay. Choose the other one",
        MergeError::NoVendor | MergeError::Store(_) => "That did not work",
    }
    .to_owned()
}

/// GET `/vendors/{id}/merge`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    form(&app, &who, id(&path)?, &query(&request), false, Vec::new()).await
}

/// POST `/vendors/{id}/merge`
pub async fn merge(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let (vendor, other): (VendorId, VendorId) = (id(&path)?, id(posted.text("other"))?);
    let from_other: BTreeSet<Detail> =
        Detail::ALL.iter().copied().filter(|detail| posted.text(detail.key()) == "other").collect();
    let (office, scope, by, now) = (app.office.clone(), who.scope, who.actor(), app.clock.now());
    let done = app
        .write_in(who.scope, move |conn| {
            // Pressed twice: it is done.
            let place = store::place::of(conn, &scope, other)?;
            if place.is_some_and(|place| place.merged_into == Some(vendor)) {
                return Ok(());
            }
            let practice = store::practices::one(conn, &scope)?;
            merge::merge(conn, &office, &practice, Asked { vendor, by: &by, now }, other, &from_other)
        })
        .await;
    match done {
        Ok(()) => Ok(see_other(&format!("/vendors/{vendor}?done=merged"))),
        Err(MergeError::NoVendor) => Err(WebError::NotFound),
        Err(MergeError::Store(StoreError::Duplicate)) => {
            form(&app, &who, vendor, &posted, true, vec![("q", say(&MergeError::Taken))]).await
        }
        Err(MergeError::Store(error)) => Err(error.into()),
        Err(MergeError::Taken) => {
            form(&app, &who, vendor, &posted, true, vec![("details", say(&MergeError::Taken))]).await
        }
        // The page finds out by itself, and says it.
        Err(error @ MergeError::TooDeep) => {
            form(&app, &who, vendor, &posted, true, vec![("details", say(&error))]).await
        }
        Err(_) => form(&app, &who, vendor, &posted, true, Vec::new()).await,
    }
}
