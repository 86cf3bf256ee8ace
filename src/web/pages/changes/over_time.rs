//! How a vendor handles our information, over time: all that it changed, chapter by chapter.

use std::collections::BTreeMap;

use actix_web::web::{Data, Path};
use serde::Serialize;

use super::{href, look, told};
use crate::app::App;
use crate::domain::changes::{Change, ChangeKind, ChangeSource};
use crate::domain::civil_date;
use crate::domain::ids::VendorId;
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::id;
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Crumb, Here, Staff, crumbs};
use crate::web::{Answered, WebError};

#[derive(Serialize)]
pub struct OverTime {
    crumbs: Vec<Crumb>,
    vendor: String,
    vendor_href: String,
    lead: String,
    chapters: Vec<Chapter>,
    /// The chapters in which nothing changed.
    unchanged: Option<String>,
}

#[derive(Serialize)]
struct Chapter {
    id: &'static str,
    title: &'static str,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    when: String,
    href: String,
    about: String,
    was: String,
    became: String,
    from: String,
    told: Badge,
    look: Badge,
    why: Option<String>,
}

fn line(change: &Change) -> Line {
    Line {
        when: civil_date::say_short(change.since.unwrap_or(change.learnt_on)),
        href: href(change),
        about: change.about.clone(),
        was: change.was.clone(),
        became: change.became.clone(),
        from: match (change.source, change.since) {
            (ChangeSource::Notice, _) => format!("Told on {}", civil_date::say_short(change.learnt_on)),
            (source, Some(_)) => format!("{}, learnt on {}", source.says(), civil_date::say_short(change.learnt_on)),
            (source, None) => source.says().to_owned(),
        },
        told: told(change),
        look: look(change),
        why: change.look.as_ref().map(|look| look.why.clone()).filter(|why| !why.is_empty()),
    }
}

fn page(vendor: VendorId, name: &str, signed: usize, changes: &[Change]) -> OverTime {
    let mut by_kind: BTreeMap<ChangeKind, Vec<&Change>> = BTreeMap::new();
    for change in changes {
        by_kind.entry(change.kind).or_default().push(change);
    }
    for all in by_kind.values_mut() {
        all.sort_by_key(|one| std::cmp::Reverse(one.since.unwrap_or(one.learnt_on)));
    }
    let quiet: Vec<&str> =
        ChangeKind::ALL.iter().filter(|kind| !by_kind.contains_key(kind)).map(|kind| kind.says()).collect();
    let lead = match (changes.len(), signed) {
        (0, 0 | 1) => "Changes show from the second signed reply on, and whenever a change notice comes in.".to_owned(),
        (0, _) => "Nothing has changed between its signed replies, and no notice told of a change.".to_owned(),
        _ => "The newest first, from its replies, its change notices, its agreements and what we noted ourselves."
            .to_owned(),
    };
    let vendor_href = format!("/vendors/{vendor}");
    OverTime {
        crumbs: crumbs(&[("Vendors", Some("/vendors")), (name, Some(&vendor_href)), ("Over time", None)]),
        vendor: name.to_owned(),
        vendor_href,
        lead,
        unchanged: (!by_kind.is_empty() && !quiet.is_empty()).then(|| quiet.join("; ")),
        chapters: by_kind
            .into_iter()
            .map(|(kind, all)| Chapter {
                id: kind.key(),
                title: kind.says(),
                lines: all.into_iter().map(line).collect(),
            })
            .collect(),
    }
}

impl Context for OverTime {
    const TEMPLATE: &'static str = "pages/changes_over_time";
    fn samples() -> Vec<Self> {
        let vendor = VendorId::fresh();
        let hostile = "<script>alert(1)</script>";
        let mut told = super::sample("Told");
        (told.source, told.was) = (ChangeSource::Notice, String::new());
        let open = Change { look: None, since: None, ..super::sample(&"Long ".repeat(80)) };
        vec![
            page(vendor, hostile, 1, &[]),
            page(vendor, "Ordinary", 2, &[]),
            page(vendor, hostile, 3, &[super::sample(hostile), told, open]),
        ]
    }
}

/// GET `/vendors/{id}/changes`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>) -> Answered {
    let (scope, vendor) = (who.scope, id(&path)?);
    let page = app
        .read_in(who.scope, move |conn| {
            let Some(vendor) = store::vendors::one(conn, &scope, vendor)? else { return Ok(None) };
            let changes = store::changes::of_vendor(conn, &scope, vendor.id)?;
            let replies = store::assessments::of_vendor(conn, &scope, vendor.id)?;
            let signed = replies.iter().filter(|one| one.accepted_on.is_some()).count();
            Ok::<_, StoreError>(Some(page(vendor.id, &vendor.details.name, signed, &changes)))
        })
        .await?
        .ok_or(WebError::NotFound)?;
    let title = format!("{} over time", page.vendor);
    Staff { who: &who, here: Here::VENDORS, title: &title, notice: None }.ok(&app, &page)
}
