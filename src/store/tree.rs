//! Who works for whom among the vendors of a practice, and the locks that keep the tree whole.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use super::schema::{practices, vendors};
use super::vendors::tier;
use super::{Db, StoreError, from_json, parsed, practice};
use crate::domain::access::Scope;
use crate::domain::exposure::Tier;
use crate::domain::ids::VendorId;
use crate::domain::life::Life;
use crate::domain::scoring::Rating;
use crate::domain::subcontractors::{DEEPEST, Sub, Tree};

/// Holds vendors and all those above them until the transaction ends, in the order of their
/// ids, so that two who hold several never wait for each other.
///
/// # Errors
/// The database's.
pub fn hold(conn: &mut Db, scope: &Scope, ids: &[VendorId]) -> Result<(), StoreError> {
    if let Db::Sqlite(_) = conn {
        return Ok(());
    }
    let of = practice(scope)?;
    let mut held: BTreeSet<String> = BTreeSet::new();
    loop {
        let wanted = with_those_above(conn, &of, ids)?;
        // Somebody moved one of them meanwhile: its new place is held as well.
        if wanted.is_subset(&held) {
            return Ok(());
        }
        let Db::Postgres(c) = conn else { return Ok(()) };
        vendors::table
            .filter(vendors::practice_id.eq(&of))
            .filter(vendors::id.eq_any(&wanted))
            .select(vendors::id)
            .order(vendors::id)
            .for_update()
            .load::<String>(c)?;
        held.extend(wanted);
    }
}

fn with_those_above(conn: &mut Db, of: &str, ids: &[VendorId]) -> Result<BTreeSet<String>, StoreError> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut level: Vec<String> = ids.iter().map(ToString::to_string).collect();
    while !level.is_empty() {
        let parents: Vec<Option<String>> = vendors::table
            .filter(vendors::practice_id.eq(of))
            .filter(vendors::id.eq_any(&level))
            .filter(vendors::parent_id.is_not_null())
            .select(vendors::parent_id)
            .load(conn)?;
        found.extend(level);
        level = parents.into_iter().flatten().filter(|id| !found.contains(id)).collect();
    }
    Ok(found)
}

/// Has whoever else wants to change the practice's tree wait until the transaction ends.
/// Taken before any vendor is held.
///
/// # Errors
/// The database's.
pub fn queue(conn: &mut Db, scope: &Scope) -> Result<(), StoreError> {
    if let Db::Postgres(c) = conn {
        practices::table
            .filter(practices::id.eq(practice(scope)?))
            .select(practices::id)
            // Not stronger: rows that name the practice may be added meanwhile.
            .for_no_key_update()
            .load::<String>(c)?;
    }
    Ok(())
}

/// The whole tree of the practice, archived vendors included.
///
/// # Errors
/// The database's.
pub fn whole(conn: &mut Db, scope: &Scope) -> Result<Tree, StoreError> {
    let rows: Vec<(String, Option<String>)> = vendors::table
        .filter(vendors::practice_id.eq(practice(scope)?))
        .filter(vendors::parent_id.is_not_null())
        .order((vendors::name_key, vendors::id))
        .select((vendors::id, vendors::parent_id))
        .load(conn)?;
    let links: Result<Vec<_>, StoreError> = rows
        .iter()
        .filter_map(|(child, parent)| Some((child, parent.as_deref()?)))
        .map(|(child, parent)| Ok((parsed(child)?, parsed(parent)?)))
        .collect();
    Ok(Tree::of(links?))
}

/// Those above a vendor, the nearest first.
///
/// # Errors
/// The database's.
pub fn above(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<(VendorId, String)>, StoreError> {
    let of = practice(scope)?;
    let mut path: Vec<(VendorId, String)> = Vec::new();
    let mut at = vendor.to_string();
    while path.len() < DEEPEST {
        let parent: Option<Option<String>> = vendors::table
            .filter(vendors::practice_id.eq(&of))
            .filter(vendors::id.eq(&at))
            .select(vendors::parent_id)
            .get_result(conn)
            .optional()?;
        let Some(parent) = parent.flatten() else { break };
        let name: Option<String> = vendors::table
            .filter(vendors::practice_id.eq(&of))
            .filter(vendors::id.eq(&parent))
            .select(vendors::name)
            .get_result(conn)
            .optional()?;
        let Some(name) = name else { break };
        path.push((parsed(&parent)?, name));
        at = parent;
    }
    Ok(path)
}

/// A company below a vendor, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Below {
    pub sub: Sub,
    /// From 1.
    pub depth: usize,
    pub services: String,
    pub life: Life,
    pub tier: Tier,
    pub rating: Rating,
}

type Row = (String, Option<String>, String, String, String, String, String, i32, String);

/// The companies below a vendor that are not archived, each after the one that it works for.
///
/// # Errors
/// The database's.
pub fn below(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<Below>, StoreError> {
    let of = practice(scope)?;
    let mut found: HashMap<VendorId, Below> = HashMap::new();
    let mut links = Vec::new();
    let mut level = vec![vendor.to_string()];
    while !level.is_empty() && links.len() < 10_000 {
        let rows: Vec<Row> = vendors::table
            .filter(vendors::practice_id.eq(&of))
            .filter(vendors::parent_id.eq_any(&level))
            .filter(vendors::archived_at.is_null())
            .order((vendors::name_key, vendors::id))
            .select((
                vendors::id,
                vendors::parent_id,
                vendors::name,
                vendors::country,
                vendors::exposure,
                vendors::services,
                vendors::life,
                vendors::tier,
                vendors::rating,
            ))
            .load(conn)?;
        level.clear();
        for (id, parent, name, country, exposure, services, life, number, rating) in rows {
            let (at, parent) = (parsed(&id)?, parent.as_deref().map(parsed).transpose()?);
            let sub = Sub { id: at, name, country, exposure: from_json(&exposure)? };
            let below =
                Below { sub, depth: 0, services, life: parsed(&life)?, tier: tier(number)?, rating: parsed(&rating)? };
            if at != vendor && found.insert(at, below).is_none() {
                links.extend(parent.map(|parent| (at, parent)));
                level.push(id);
            }
        }
    }
    let order = Tree::of(links).below(vendor);
    Ok(order.into_iter().filter_map(|(id, depth)| found.remove(&id).map(|below| Below { depth, ..below })).collect())
}
