//! The agreement with one vendor: its versions, each version's facts, its checklist.

pub mod checklist;
pub mod form;
pub mod print;
mod reading;
mod sheet;
pub mod versions;
pub mod view;

pub use sheet::{Line, MissingTerm, missing, sheet, unchecked};

use crate::app::App;
use crate::domain::agreement::Agreement;
use crate::domain::agreement::provisions::own_keys;
use crate::domain::ids::{AgreementId, DocumentId, VendorId};
use crate::domain::standing::Vendor;
use crate::store::{self, Db, StoreError};
use crate::web::WebError;
use crate::web::form::id;
use crate::web::session::SignedIn;

/// What these pages are made of.
#[derive(Clone, Debug)]
pub struct Papers {
    pub vendor: Vendor,
    /// The newest first.
    pub versions: Vec<Agreement>,
    /// Keys of the practice's own terms.
    pub own: Vec<String>,
    /// The vendor's stored agreements, and the paper of the version that is shown.
    pub documents: Vec<(DocumentId, String)>,
}

fn load(conn: &mut Db, who: &SignedIn, vendor: VendorId) -> Result<Option<Papers>, StoreError> {
    let Some(vendor) = store::vendors::one(conn, &who.scope, vendor)? else { return Ok(None) };
    Ok(Some(Papers {
        versions: store::agreements::of_vendor(conn, &who.scope, vendor.id)?,
        own: own_keys(&store::practices::one(conn, &who.scope)?.settings.own_terms),
        documents: store::agreements::documents(conn, &who.scope, vendor.id)?,
        vendor,
    }))
}

/// The papers of the vendor of this address.
async fn of_vendor(app: &App, who: &SignedIn, path: &str) -> Result<Papers, WebError> {
    let (vendor, reader): (VendorId, _) = (id(path)?, who.clone());
    app.read_in(who.scope, move |conn| load(conn, &reader, vendor)).await?.ok_or(WebError::NotFound)
}

/// The version of this address, and all the papers of its vendor.
async fn of_version(app: &App, who: &SignedIn, path: &str) -> Result<(Agreement, Papers), WebError> {
    let (version, reader): (AgreementId, _) = (id(path)?, who.clone());
    let found = app
        .read_in(who.scope, move |conn| match store::agreements::one(conn, &reader.scope, version)? {
            Some(version) => {
                let Some(mut papers) = load(conn, &reader, version.vendor)? else { return Ok(None) };
                papers.documents.extend(own_paper(conn, &reader, &version, &papers.documents)?);
                Ok(Some((version, papers)))
            }
            None => Ok::<_, StoreError>(None),
        })
        .await?;
    found.ok_or(WebError::NotFound)
}

/// The paper of a version where it is none of `known`: it was taken off or is filed as
/// something else, and stays the paper until somebody says otherwise.
fn own_paper(
    conn: &mut Db,
    who: &SignedIn,
    version: &Agreement,
    known: &[(DocumentId, String)],
) -> Result<Option<(DocumentId, String)>, StoreError> {
    let Some(id) = version.terms.document.filter(|id| known.iter().all(|(other, _)| other != id)) else {
        return Ok(None);
    };
    let paper = store::documents::one(conn, &who.scope, id)?;
    Ok(paper.map(|paper| match paper.removed_at {
        Some(_) => (id, format!("{} (taken off)", paper.name)),
        None => (id, format!("{} ({})", paper.name, paper.kind.says())),
    }))
}

/// Ordinary, empty, longest and hostile papers, for the samples of these pages.
pub(super) fn sample_papers() -> Vec<Papers> {
    use crate::domain::agreement::{AgreementKind, Checklist, Findings, Found, Terms};
    let day = chrono::NaiveDate::default();
    let texts = ["Maple Family Practice and Northgate", "", &"Long ".repeat(40), "<script>alert(1)</script>"];
    let vendors = super::vendor_form::sample_vendors().into_iter();
    let papers = vendors.zip(texts).map(|(vendor, text)| {
        let document = DocumentId::fresh();
        let own = own_keys(&[text.to_owned()]);
        let findings = [("BAA-01", Found::Met), ("BAA-12", Found::Missing)]
            .map(|(key, found)| (key.to_owned(), found))
            .into_iter()
            .chain(own.iter().map(|key| (key.clone(), Found::Missing)));
        let first = Agreement {
            id: AgreementId::fresh(),
            vendor: vendor.id,
            version: 1,
            terms: Terms::of_dates(Some(day), Some(day)),
            checklist: Checklist::default(),
            recorded_by: text.to_owned(),
            recorded_at: chrono::DateTime::default(),
        };
        let second = Agreement {
            id: AgreementId::fresh(),
            version: 2,
            terms: Terms {
                kind: AgreementKind::Baa,
                effective_on: Some(day),
                renews_months: Some(12),
                notice_days: Some(60),
                parties: text.to_owned(),
                breach_notice_hours: Some(72),
                offshore: text.to_owned(),
                subcontractors: text.to_owned(),
                document: Some(document),
                note: text.to_owned(),
                ..first.terms.clone()
            },
            checklist: Checklist {
                findings: Findings(findings.collect()),
                checked_on: Some(day),
                checked_by: text.to_owned(),
            },
            ..first.clone()
        };
        let versions = if text.is_empty() { vec![] } else { vec![second, first] };
        Papers { vendor, versions, own, documents: vec![(document, text.to_owned())] }
    });
    papers.collect()
}
