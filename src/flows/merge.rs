//! Makes two records of one vendor one: what hangs on the other moves, and the other goes
//! into the archive as a part of the kept one.

use std::collections::BTreeSet;

use super::life::Asked;
use super::{Office, decide, invite, judge, register};
use crate::domain::access::Scope;
use crate::domain::assessment::Assessment;
use crate::domain::entry::{Act, Deed};
use crate::domain::ids::VendorId;
use crate::domain::merge::{self as rules, Detail, Difference};
use crate::domain::practice::Practice;
use crate::domain::standing::Vendor;
use crate::domain::subcontractors::{DEEPEST, Tree};
use crate::domain::vendor_changes;
use crate::store::merge::Load;
use crate::store::{self, Db, StoreError};

/// Why two are not merged; nothing is written then.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    #[error("there is no such vendor")]
    NoVendor,
    #[error("it is the same vendor")]
    Same,
    #[error("one of them is in the archive")]
    Archived,
    #[error("its subcontractors would be more than 8 levels deep")]
    TooDeep,
    #[error("another vendor has that name or number")]
    Taken,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What merging would do.
#[derive(Clone, Debug)]
pub struct Preview {
    pub kept: Vendor,
    pub other: Vendor,
    pub differences: Vec<Difference>,
    /// What hangs on the other, and moves.
    pub load: Load,
    /// Of two open questionnaires, the one that would be closed.
    pub closes: Option<Assessment>,
}

/// What merging `other` into `kept` would do. Reads only.
///
/// # Errors
/// Why they cannot be merged.
pub fn preview(conn: &mut Db, scope: &Scope, kept: VendorId, other: VendorId) -> Result<Preview, MergeError> {
    if kept == other {
        return Err(MergeError::Same);
    }
    let kept = store::vendors::one(conn, scope, kept)?.ok_or(MergeError::NoVendor)?;
    let other = store::vendors::one(conn, scope, other)?.ok_or(MergeError::NoVendor)?;
    if kept.place.is_archived() || other.place.is_archived() {
        return Err(MergeError::Archived);
    }
    let mine = store::assessments::of_vendor(conn, scope, kept.id)?;
    let theirs = store::assessments::of_vendor(conn, scope, other.id)?;
    Ok(Preview {
        differences: rules::differences(&kept, &other),
        load: store::merge::load(conn, scope, other.id)?,
        closes: rules::superfluous(&mine, &theirs).cloned(),
        kept,
        other,
    })
}

/// Merges `other` into `asked.vendor`, with the details in `from_other` taken from the other.
///
/// # Errors
/// Why not.
pub fn merge(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    asked: Asked<'_>,
    other: VendorId,
    from_other: &BTreeSet<Detail>,
) -> Result<(), MergeError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(asked.now));
    store::tree::queue(conn, &scope)?;
    let mut tree = store::tree::whole(conn, &scope)?;
    let children: Vec<VendorId> = direct(&tree, other);
    let all: Vec<VendorId> = [asked.vendor, other].into_iter().chain(children.iter().copied()).collect();
    store::tree::hold(conn, &scope, &all)?;
    let preview = preview(conn, &scope, asked.vendor, other)?;
    let (kept, other) = (&preview.kept, &preview.other);
    let parent = new_parent(&mut tree, kept, other)?;
    if let Some(closes) = &preview.closes {
        invite::end(conn, &scope, closes, asked.now)?;
    }
    move_all(conn, &scope, kept.id, other.id, from_other.contains(&Detail::Contact), today)?;
    store::merge::put_away(conn, &scope, other.id, &other.details.name, kept.id, asked.now)?;
    // With its contact and agreement as they are now.
    let with_both = store::vendors::one(conn, &scope, kept.id)?.ok_or(MergeError::NoVendor)?;
    let (details, country) = rules::merged(&with_both, other, from_other);
    store::vendors::update(conn, &scope, kept.id, &details, asked.now).map_err(|error| match error {
        StoreError::Duplicate => MergeError::Taken,
        error => MergeError::Store(error),
    })?;
    if kept.details.ba_status != details.ba_status {
        let reason = format!("Taken over from {} when the two were merged", other.details.name);
        decide::note_chosen(conn, &scope, kept.id, details.ba_status, &reason, asked.by, today)?;
    }
    register::follow(conn, office, practice, kept, &details, asked.by, asked.now)?;
    store::place::set_country(conn, &scope, kept.id, &country, asked.now)?;
    store::place::set_parent(conn, &scope, kept.id, parent, asked.now)?;
    let above_before = [kept.place.parent, other.place.parent].into_iter().flatten().filter(|id| *id != other.id);
    let to_judge: BTreeSet<VendorId> = above_before.filter(|id| *id != kept.id).chain([kept.id, other.id]).collect();
    for id in to_judge {
        judge::judge(conn, office, practice, id, asked.now)?;
    }
    if let Some(closes) = &preview.closes {
        let deed = Deed { by: asked.by, act: Act::Asked, vendor: Some(kept.id), sentence: invite::closed(closes) };
        store::entries::write(conn, &scope, &deed, asked.now)?;
    }
    let merged = format!("merged {} into {}", other.details.name, kept.details.name);
    let different = vendor_changes::differences(&kept.details, &details);
    let told = match different.is_empty() {
        true => merged.clone(),
        false => format!("{merged}, and changed {}", different.join("; ")),
    };
    for (vendor, sentence) in [(other.id, merged), (kept.id, told)] {
        let deed = Deed { by: asked.by, act: Act::Changed, vendor: Some(vendor), sentence };
        store::entries::write(conn, &scope, &deed, asked.now)?;
    }
    Ok(())
}

fn direct(tree: &Tree, vendor: VendorId) -> Vec<VendorId> {
    tree.below(vendor).into_iter().filter(|(_, depth)| *depth == 1).map(|(id, _)| id).collect()
}

/// Whom the kept vendor works for afterwards, tried out on the tree: its own, or else the
/// other's. One that worked for the other steps into the other's place.
fn new_parent(tree: &mut Tree, kept: &Vendor, other: &Vendor) -> Result<Option<VendorId>, MergeError> {
    let works_for_other = tree.above(kept.id).contains(&other.id);
    let other_works_for_it = tree.above(other.id).contains(&kept.id);
    let parent = match kept.place.parent {
        _ if works_for_other => other.place.parent,
        None if !other_works_for_it => other.place.parent,
        own => own,
    };
    let children = direct(tree, other.id);
    tree.put(other.id, None);
    tree.put(kept.id, parent);
    children.into_iter().filter(|child| *child != kept.id).for_each(|child| tree.put(child, Some(kept.id)));
    let deepest = tree.below(kept.id).iter().map(|(_, depth)| *depth).max().unwrap_or(0) + tree.level(kept.id);
    if deepest > DEEPEST { Err(MergeError::TooDeep) } else { Ok(parent) }
}

fn move_all(
    conn: &mut Db,
    scope: &Scope,
    kept: VendorId,
    other: VendorId,
    their_contact: bool,
    today: chrono::NaiveDate,
) -> Result<(), StoreError> {
    let mine = store::assessments::of_vendor(conn, scope, kept)?;
    let theirs = store::assessments::of_vendor(conn, scope, other)?;
    store::merge::move_assessments(conn, scope, kept, &rules::cycles(&mine, &theirs))?;
    let signed = store::merge::signed(conn, scope, [kept, other])?;
    store::merge::move_agreements(conn, scope, kept, &rules::versions(signed))?;
    store::merge::move_contacts(conn, scope, other, kept, their_contact)?;
    store::merge::move_rest(conn, scope, other, kept, today)
}
