//! What vendors do differently, as it was learnt, with what a person made of it.

use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::schema::{changes, vendors};
use super::{Db, StoreError, parsed, practice};
use crate::domain::access::Scope;
use crate::domain::changes::{Change, Look, Telling, Verdict};
use crate::domain::ids::{ChangeId, VendorId};
use crate::domain::notice::Materiality;

#[derive(Queryable)]
struct Row {
    _practice_id: String,
    id: String,
    vendor_id: String,
    kind: String,
    source: String,
    source_id: String,
    subject: String,
    about: String,
    was: String,
    became: String,
    was_on: Option<NaiveDate>,
    since: Option<NaiveDate>,
    learnt_on: NaiveDate,
    materiality: i32,
    telling: String,
    told_by: String,
    verdict: Option<String>,
    verdict_why: Option<String>,
    verdict_by: Option<String>,
    verdict_on: Option<NaiveDate>,
    withdrawn_on: Option<NaiveDate>,
}

/// 1 for the worst: how lists sort.
fn rank(materiality: Materiality) -> i32 {
    match materiality {
        Materiality::Urgent => 1,
        Materiality::High => 2,
        Materiality::Medium => 3,
        Materiality::Low => 4,
    }
}

fn ranked(rank: i32) -> Result<Materiality, StoreError> {
    let at = usize::try_from(rank - 1).ok().and_then(|at| Materiality::ALL.get(at));
    at.copied().ok_or_else(|| StoreError::Corrupt(format!("a change of weight {rank}")))
}

fn value(row: Row) -> Result<Change, StoreError> {
    let look = match (row.verdict, row.verdict_on) {
        (Some(verdict), Some(on)) => Some(Look {
            verdict: parsed(&verdict)?,
            why: row.verdict_why.unwrap_or_default(),
            by: row.verdict_by.unwrap_or_default(),
            on,
        }),
        _ => None,
    };
    Ok(Change {
        id: parsed(&row.id)?,
        vendor: parsed(&row.vendor_id)?,
        kind: parsed(&row.kind)?,
        source: parsed(&row.source)?,
        source_id: row.source_id,
        subject: row.subject,
        about: row.about,
        was: row.was,
        became: row.became,
        was_on: row.was_on,
        since: row.since,
        learnt_on: row.learnt_on,
        materiality: ranked(row.materiality)?,
        telling: parsed(&row.telling)?,
        told_by: row.told_by,
        look,
        withdrawn_on: row.withdrawn_on,
    })
}

/// Keeps a change that was learnt. Behind the vendor's lock, so that it is learnt once.
///
/// # Errors
/// The database's.
pub fn add(conn: &mut Db, scope: &Scope, new: &Change) -> Result<(), StoreError> {
    diesel::insert_into(changes::table)
        .values((
            changes::practice_id.eq(practice(scope)?),
            changes::id.eq(new.id.to_string()),
            changes::vendor_id.eq(new.vendor.to_string()),
            changes::kind.eq(new.kind.key()),
            changes::source.eq(new.source.key()),
            changes::source_id.eq(&new.source_id),
            (
                changes::subject.eq(&new.subject),
                changes::about.eq(&new.about),
                changes::was.eq(&new.was),
                changes::became.eq(&new.became),
                changes::was_on.eq(new.was_on),
                changes::materiality.eq(rank(new.materiality)),
            ),
            said(new),
        ))
        .execute(conn)?;
    Ok(())
}

/// What may still change of it.
type Said<'a> = (
    diesel::dsl::Eq<changes::since, Option<NaiveDate>>,
    diesel::dsl::Eq<changes::learnt_on, NaiveDate>,
    diesel::dsl::Eq<changes::telling, &'static str>,
    diesel::dsl::Eq<changes::told_by, &'a str>,
    diesel::dsl::Eq<changes::verdict, Option<&'static str>>,
    diesel::dsl::Eq<changes::verdict_why, Option<&'a str>>,
    diesel::dsl::Eq<changes::verdict_by, Option<&'a str>>,
    diesel::dsl::Eq<changes::verdict_on, Option<NaiveDate>>,
);

fn said(change: &Change) -> Said<'_> {
    let look = change.look.as_ref();
    (
        changes::since.eq(change.since),
        changes::learnt_on.eq(change.learnt_on),
        changes::telling.eq(change.telling.key()),
        changes::told_by.eq(change.told_by.as_str()),
        changes::verdict.eq(look.map(|look| look.verdict.key())),
        changes::verdict_why.eq(look.map(|look| look.why.as_str())),
        changes::verdict_by.eq(look.map(|look| look.by.as_str())),
        changes::verdict_on.eq(look.map(|look| look.on)),
    )
}

/// Saves what a person, or a notice that was found since, says of it.
///
/// # Errors
/// The database's.
pub fn save(conn: &mut Db, scope: &Scope, change: &Change) -> Result<(), StoreError> {
    diesel::update(
        changes::table.filter(changes::practice_id.eq(practice(scope)?)).filter(changes::id.eq(change.id.to_string())),
    )
    .set(said(change))
    .execute(conn)?;
    Ok(())
}

/// Notes that its source says otherwise now. The row stays.
///
/// # Errors
/// The database's.
pub fn withdraw(conn: &mut Db, scope: &Scope, id: ChangeId, on: NaiveDate) -> Result<(), StoreError> {
    diesel::update(
        changes::table.filter(changes::practice_id.eq(practice(scope)?)).filter(changes::id.eq(id.to_string())),
    )
    .set(changes::withdrawn_on.eq(Some(on)))
    .execute(conn)?;
    Ok(())
}

/// The changes of a vendor that stand, the newest first.
///
/// # Errors
/// The database's.
pub fn of_vendor(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<Change>, StoreError> {
    let rows: Vec<Row> = changes::table
        .filter(changes::practice_id.eq(practice(scope)?))
        .filter(changes::vendor_id.eq(vendor.to_string()))
        .filter(changes::withdrawn_on.is_null())
        .order((changes::learnt_on.desc(), changes::materiality, changes::about, changes::id))
        .load(conn)?;
    rows.into_iter().map(value).collect()
}

/// One change, also one that was taken back.
///
/// # Errors
/// The database's.
pub fn one(conn: &mut Db, scope: &Scope, id: ChangeId) -> Result<Option<Change>, StoreError> {
    let row: Option<Row> = changes::table
        .filter(changes::practice_id.eq(practice(scope)?))
        .filter(changes::id.eq(id.to_string()))
        .get_result(conn)
        .optional()?;
    row.map(value).transpose()
}

/// Which changes are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// Those that nobody has looked at.
    #[default]
    ToLookAt,
    /// Those that were asked about or are acted on.
    InHand,
    /// Those that are seen or accepted.
    Settled,
    All,
}

/// Which of them: of one vendor, and told or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub vendor: Option<VendorId>,
    pub telling: Option<Telling>,
}

/// A change with its vendor's name.
pub type Named = (Change, String);

macro_rules! narrowed {
    ($query:expr, $scope:expr, $shown:expr, $about:expr) => {{
        let joined = changes::table.inner_join(
            vendors::table.on(vendors::practice_id.eq(changes::practice_id).and(vendors::id.eq(changes::vendor_id))),
        );
        let mut query = joined
            .select($query)
            .filter(changes::practice_id.eq(practice($scope)?))
            .filter(changes::withdrawn_on.is_null())
            .into_boxed();
        let in_hand = Verdict::ALL.iter().filter(|one| one.is_in_hand()).map(|one| one.key());
        query = match $shown {
            Shown::All => query,
            // Nobody has to look at what an archived vendor did.
            Shown::ToLookAt => query.filter(changes::verdict.is_null()).filter(vendors::archived_at.is_null()),
            Shown::InHand => query.filter(changes::verdict.eq_any(in_hand)),
            Shown::Settled => query.filter(changes::verdict.ne_all(in_hand)),
        };
        if let Some(vendor) = $about.vendor {
            query = query.filter(changes::vendor_id.eq(vendor.to_string()));
        }
        if let Some(telling) = $about.telling {
            query = query.filter(changes::telling.eq(telling.key()));
        }
        query
    }};
}

/// Changes of the practice: what is to be looked at by weight, everything else the newest first.
///
/// # Errors
/// The database's.
pub fn list(
    conn: &mut Db,
    scope: &Scope,
    shown: Shown,
    about: About,
    (limit, offset): (i64, i64),
) -> Result<Vec<Named>, StoreError> {
    let query = narrowed!((changes::all_columns, vendors::name), scope, shown, about).limit(limit).offset(offset);
    let newest = (changes::learnt_on.desc(), vendors::name_key, changes::about, changes::id);
    let rows: Vec<(Row, String)> = match shown {
        Shown::ToLookAt => query.order((changes::materiality, newest)).load(conn)?,
        _ => query.order(newest).load(conn)?,
    };
    rows.into_iter().map(|(row, name)| Ok((value(row)?, name))).collect()
}

/// How many changes such a list has.
///
/// # Errors
/// The database's.
pub fn total(conn: &mut Db, scope: &Scope, shown: Shown, about: About) -> Result<u32, StoreError> {
    let found: i64 = narrowed!(count_star(), scope, shown, about).get_result(conn)?;
    Ok(u32::try_from(found).unwrap_or(u32::MAX))
}

/// The vendors that have changed anything, by name.
///
/// # Errors
/// The database's.
pub fn vendors_with(conn: &mut Db, scope: &Scope) -> Result<Vec<(String, String)>, StoreError> {
    Ok(changes::table
        .inner_join(
            vendors::table.on(vendors::practice_id.eq(changes::practice_id).and(vendors::id.eq(changes::vendor_id))),
        )
        .filter(changes::practice_id.eq(practice(scope)?))
        .filter(changes::withdrawn_on.is_null())
        .select((vendors::name_key, vendors::id, vendors::name))
        .distinct()
        .order(vendors::name_key)
        .load::<(String, String, String)>(conn)?
        .into_iter()
        .map(|(_, id, name)| (id, name))
        .collect())
}
