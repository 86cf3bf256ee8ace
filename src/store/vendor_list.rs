//! The vendor list and the numbers of the dashboard: rows of the denormalised standing,
//! filtered, sorted and counted. Cost follows the practice's own vendors.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable};

mod narrow;
pub mod offered;

use narrow::narrowed;
pub(super) use narrow::teach;

use super::schema::vendors;
use super::vendors::tier;
use super::{Db, StoreError, count, parsed, practice};
use crate::domain::access::Scope;
use crate::domain::agreement::AgreementStanding;
use crate::domain::calendar;
use crate::domain::exposure::Tier;
use crate::domain::flags::FlagKind;
use crate::domain::ids::VendorId;
use crate::domain::life::Life;
use crate::domain::review::ReviewState;
use crate::domain::scoring::Rating;
use crate::domain::standing::Status;
use crate::domain::words::words;

words! {
    /// Which next dates are wanted.
    pub enum Due {
        Overdue = "overdue" => "Overdue",
        Soon = "30" => "Due in 30 days",
    }
}
words! {
    /// Which standings of the agreement are wanted.
    pub enum Papers {
        Lacking = "lacking" => "Missing or ended",
        NotNeeded = "not-needed" => "Not needed",
        Missing = "missing" => "Missing",
        Current = "current" => "Current",
        EndsSoon = "ends-soon" => "Ends soon",
        Ended = "ended" => "Ended",
    }
}

impl Papers {
    /// The standings that are meant.
    pub const fn standings(self) -> &'static [AgreementStanding] {
        match self {
            Papers::Lacking => &[AgreementStanding::Missing, AgreementStanding::Ended],
            Papers::NotNeeded => &[AgreementStanding::NotNeeded],
            Papers::Missing => &[AgreementStanding::Missing],
            Papers::Current => &[AgreementStanding::Current],
            Papers::EndsSoon => &[AgreementStanding::EndsSoon],
            Papers::Ended => &[AgreementStanding::Ended],
        }
    }
}
words! {
    /// The columns that the list sorts by.
    pub enum Sort {
        Due = "due" => "Next date",
        Name = "name" => "Vendor",
        Tier = "tier" => "Tier",
        Rating = "rating" => "Rating",
        Status = "status" => "Status",
        Flags = "flags" => "Flags",
    }
}

/// A text that is looked for: the whole of it, or a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Exactly this; empty for vendors that have none.
    Is(String),
    /// With these letters in it, great or small.
    Has(String),
}

/// Which rows, in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words in the name, the service, the owner, the external id or the contact.
    pub q: String,
    pub tier: Option<Tier>,
    pub rating: Option<Rating>,
    pub status: Option<Status>,
    pub agreement: Option<Papers>,
    pub flag: Option<FlagKind>,
    pub life: Option<Life>,
    pub owner: Option<Wanted>,
    pub service: Option<Wanted>,
    pub tag: Option<Wanted>,
    /// Only those put away, instead of only the others.
    pub archived: bool,
    pub due: Option<Due>,
    /// Only vendors of tier 1 and 2 that lack assurance.
    pub unassured: bool,
    pub review: Option<ReviewState>,
    pub sort: Option<Sort>,
    pub descending: bool,
}

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: VendorId,
    pub name: String,
    pub services: String,
    pub owner: String,
    pub tier: Tier,
    pub status: Status,
    pub rating: Rating,
    pub agreement: AgreementStanding,
    pub next_due_on: Option<NaiveDate>,
    pub accepted_on: Option<NaiveDate>,
    pub open_flags: u32,
    pub life: Life,
    pub review: ReviewState,
}

impl Line {
    /// The last day on which the vendor's reply was fresh, if it is no more.
    pub fn ran_out_on(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.accepted_on
            .filter(|on| calendar::is_out_of_date(*on, today))
            .map(|on| on + Days::new(calendar::FRESH_DAYS))
    }
}

type Row = (
    String,
    String,
    String,
    String,
    i32,
    String,
    String,
    String,
    Option<NaiveDate>,
    Option<NaiveDate>,
    i32,
    String,
    String,
);

fn value(row: Row) -> Result<Line, StoreError> {
    let (id, name, services, owner, number, status, rating, agreement, next_due_on, accepted_on, flags, life, review) =
        row;
    Ok(Line {
        id: parsed(&id)?,
        name,
        services,
        owner,
        tier: tier(number)?,
        status: parsed(&status)?,
        rating: parsed(&rating)?,
        agreement: parsed(&agreement)?,
        next_due_on,
        accepted_on,
        open_flags: count(flags),
        life: parsed(&life)?,
        review: parsed(&review)?,
    })
}

/// How many vendors match.
pub fn total(conn: &mut Db, scope: &Scope, filter: &Filter, today: NaiveDate) -> Result<u32, StoreError> {
    let found: i64 = narrowed!(scope, filter, today, vendors::table.select(count_star())).get_result(conn)?;
    Ok(u32::try_from(found).unwrap_or(u32::MAX))
}

/// A slice of the matching rows.
pub fn lines(
    conn: &mut Db,
    scope: &Scope,
    filter: &Filter,
    today: NaiveDate,
    limit: i64,
    offset: i64,
) -> Result<Vec<Line>, StoreError> {
    let columns = (
        vendors::id,
        vendors::name,
        vendors::services,
        vendors::owner,
        vendors::tier,
        vendors::status,
        vendors::rating,
        vendors::agreement,
        vendors::next_due_on,
        vendors::accepted_on,
        vendors::open_flags,
        vendors::life,
        vendors::review,
    );
    let query = narrowed!(scope, filter, today, vendors::table.select(columns));
    let query = match (filter.sort.unwrap_or(Sort::Due), filter.descending) {
        // Vendors without a date come last, whichever way it is sorted. Said so, and not by
        // sorting by "has none" first, both databases read the index in order.
        (Sort::Due, false) => query.order(sql::<Nullable<Date>>("vendors.next_due_on ASC NULLS LAST")),
        (Sort::Due, true) => query.order(sql::<Nullable<Date>>("vendors.next_due_on DESC NULLS LAST")),
        (Sort::Name, false) => query.order((vendors::name_key.asc(), vendors::id.asc())),
        (Sort::Name, true) => query.order((vendors::name_key.desc(), vendors::id.desc())),
        (Sort::Tier, false) => query.order((vendors::tier.asc(), vendors::inherent.desc())),
        (Sort::Tier, true) => query.order((vendors::tier.desc(), vendors::inherent.asc())),
        (Sort::Rating, false) => query.order(vendors::residual.desc()),
        (Sort::Rating, true) => query.order(vendors::residual.asc()),
        (Sort::Status, false) => query.order(vendors::status.asc()),
        (Sort::Status, true) => query.order(vendors::status.desc()),
        (Sort::Flags, false) => query.order(vendors::open_flags.desc()),
        (Sort::Flags, true) => query.order(vendors::open_flags.asc()),
    };
    let query = match filter.sort {
        // A name twice in the order keeps the index from giving it.
        Some(Sort::Name) => query,
        _ => query.then_order_by(vendors::name_key).then_order_by(vendors::id),
    };
    let rows: Vec<Row> = query.limit(limit).offset(offset).load(conn)?;
    rows.into_iter().map(value).collect()
}

/// Those of these vendors that the practice has, by name.
pub fn named(conn: &mut Db, scope: &Scope, ids: &[VendorId]) -> Result<Vec<(VendorId, String)>, StoreError> {
    let of = practice(scope)?;
    let mut found: Vec<(String, String, String)> = Vec::with_capacity(ids.len());
    for some in ids.chunks(500) {
        let rows = vendors::table
            .filter(vendors::practice_id.eq(&of))
            .filter(vendors::id.eq_any(some.iter().map(VendorId::to_string)))
            .select((vendors::name_key, vendors::id, vendors::name))
            .load(conn)?;
        found.extend(rows);
    }
    found.sort_unstable();
    found.into_iter().map(|(_, id, name)| Ok((parsed(&id)?, name))).collect()
}

/// The ids of all matching vendors, in the order in which they are held.
pub fn ids(conn: &mut Db, scope: &Scope, filter: &Filter, today: NaiveDate) -> Result<Vec<VendorId>, StoreError> {
    let rows: Vec<String> =
        narrowed!(scope, filter, today, vendors::table.select(vendors::id)).order(vendors::id).load(conn)?;
    rows.iter().map(|id| parsed(id)).collect()
}

/// How many vendors have each rating and each status; both count every vendor once.
pub fn counts(conn: &mut Db, scope: &Scope) -> Result<Counts, StoreError> {
    let rows: Vec<(String, String, i64)> = vendors::table
        .filter(vendors::practice_id.eq(practice(scope)?))
        .filter(vendors::archived_at.is_null())
        .group_by((vendors::status, vendors::rating))
        .select((vendors::status, vendors::rating, count_star()))
        .load(conn)?;
    let mut counts = Counts::default();
    for (status, rating, rows) in rows {
        let rows = u32::try_from(rows).unwrap_or(u32::MAX);
        *counts.statuses.entry(parsed(&status)?).or_default() += rows;
        *counts.ratings.entry(parsed(&rating)?).or_default() += rows;
    }
    Ok(counts)
}

/// The vendors of a practice, counted in two ways.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub ratings: BTreeMap<Rating, u32>,
    pub statuses: BTreeMap<Status, u32>,
}
