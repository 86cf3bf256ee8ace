//! The signed copy of a reply as it is kept: any of its versions, from the frozen snapshot.

use chrono::{DateTime, Utc};

use super::Office;
use super::receive::{pinned, receipt_of};
use crate::domain::access::Scope;
use crate::domain::assessment::{Assessment, Attestation};
use crate::domain::contact::masked;
use crate::domain::correction::EarlierReply;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::AssessmentId;
use crate::domain::letter::Letter;
use crate::domain::practice::Practice;
use crate::report::signed_copy::{self, Part, SignedCopy};
use crate::store::{self, Db, StoreError};

/// One version with what stands around it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub practice: Practice,
    pub assessment: Assessment,
    pub signed: Attestation,
    /// From 1.
    pub version: u32,
    /// Where its receipt went, masked; `None` where it is not known any more.
    pub address: Option<String>,
    /// Those that it took the place of.
    pub earlier: Vec<EarlierReply>,
}

/// A version of a reply, the newest without a number. `None` when there is none.
///
/// # Errors
/// The database's.
pub fn of(conn: &mut Db, scope: &Scope, id: AssessmentId, version: Option<u32>) -> Result<Option<Kept>, StoreError> {
    let Some(assessment) = store::assessments::one(conn, scope, id)? else { return Ok(None) };
    let Some(newest) = store::assessments::attestation(conn, scope, id)? else { return Ok(None) };
    let mut all = store::corrections::earlier(conn, scope, id)?;
    all.push(EarlierReply { version: all.last().map_or(1, |last| last.version + 1), signed: newest });
    let wanted = version.or_else(|| all.last().map(|last| last.version));
    let Some(at) = all.iter().position(|one| Some(one.version) == wanted) else { return Ok(None) };
    let earlier: Vec<EarlierReply> = all.drain(..at).collect();
    let EarlierReply { version, signed } = all.swap_remove(0);
    let letter = store::letters::by_once(conn, scope, &receipt_of(id, version))?;
    let address = letter.map(|letter| masked(&letter.to_address));
    let practice = store::practices::one(conn, scope)?;
    Ok(Some(Kept { practice, assessment, signed, version, address, earlier }))
}

/// The version that a receipt is of.
///
/// # Errors
/// The database's.
pub fn of_receipt(conn: &mut Db, letter: &Letter) -> Result<Option<Kept>, StoreError> {
    let mut parts = letter.once.splitn(3, ':').skip(1);
    let Some(id) = parts.next().and_then(|id| id.parse().ok()) else { return Ok(None) };
    let version = parts.next().map_or(Some(1), |version| version.parse().ok());
    match version {
        Some(version) => of(conn, &Scope::Practice(letter.practice), id, Some(version)),
        None => Ok(None),
    }
}

/// The PDF: the same bytes each time.
///
/// # Errors
/// A snapshot that cannot be read.
pub fn pdf(office: &Office, kept: &Kept, part: Part) -> Result<Vec<u8>, StoreError> {
    let copy = SignedCopy {
        signed: &kept.signed,
        questionnaire: pinned(office, &kept.assessment)?,
        timezone: kept.practice.timezone,
        version: kept.version,
        address: kept.address.as_deref(),
        earlier: &kept.earlier,
    };
    signed_copy::pdf(&copy, part).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// A line of the history: it was taken away.
///
/// # Errors
/// The database's.
pub fn taken(conn: &mut Db, kept: &Kept, by: &Actor, now: DateTime<Utc>) -> Result<(), StoreError> {
    let sentence = format!("took the signed copy {} away as a PDF", kept.signed.reference);
    let deed = Deed { by, act: Act::Exported, vendor: Some(kept.assessment.vendor), sentence };
    store::entries::write(conn, &Scope::Practice(kept.practice.id), &deed, now)
}
