//! The vendor list and the numbers of the dashboard: rows of the denormalised standing,
//! filtered, sorted and counted. Cost follows the practice's own vendors.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use diesel::dsl::{count_star, exists, sql};
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::schema::{contacts, flags, vendors};
use super::vendors::tier;
use super::{Db, StoreError, count, parsed, practice};
use crate::domain::access::Scope;
use crate::domain::agreement::AgreementStanding;
use crate::domain::calendar;
use crate::domain::exposure::Tier;
use crate::domain::flags::FlagKind;
use crate::domain::ids::VendorId;
use crate::domain::life::Life;
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

/// Which rows, in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words in the name, the service, the owner, the external id or the contact.
    pub q: String,
    pub tier: Option<Tier>,
    pub rating: Option<Rating>,
    pub status: Option<Status>,
    pub agreement: Option<AgreementStanding>,
    pub flag: Option<FlagKind>,
    pub due: Option<Due>,
    /// Only vendors of tier 1 and 2 that lack assurance.
    pub unassured: bool,
    pub life: Option<Life>,
    /// Those in the archive, and no others.
    pub archived: bool,
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
}

impl Line {
    /// The last day on which the vendor's reply was fresh, if it is no more.
    pub fn ran_out_on(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.accepted_on
            .filter(|on| calendar::is_out_of_date(*on, today))
            .map(|on| on + Days::new(calendar::FRESH_DAYS))
    }
}

type Row = (String, String, String, String, i32, String, String, String, Option<NaiveDate>, Option<NaiveDate>, i32);

fn value(row: Row) -> Result<Line, StoreError> {
    let (id, name, services, owner, number, status, rating, agreement, next_due_on, accepted_on, open_flags) = row;
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
        open_flags: count(open_flags),
    })
}

/// One filtered query; a macro, because its diesel type has no name worth writing.
macro_rules! filtered {
    ($scope:expr, $filter:expr, $today:expr, $query:expr) => {{
        let of = practice($scope)?;
        let filter: &Filter = $filter;
        let today: NaiveDate = $today;
        let mut query = $query.into_boxed().filter(vendors::practice_id.eq(of.clone()));
        for word in filter.q.split_whitespace() {
            let like =
                format!("%{}%", word.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
            query = query.filter(
                lower(vendors::name)
                    .like(like.clone())
                    .escape('\\')
                    .or(lower(vendors::services).like(like.clone()).escape('\\'))
                    .or(lower(vendors::owner).like(like.clone()).escape('\\'))
                    .or(lower(sql::<Text>("COALESCE(vendors.external_id, '')")).like(like.clone()).escape('\\'))
                    .or(exists(
                        contacts::table
                            .filter(contacts::practice_id.eq(of.clone()))
                            .filter(contacts::vendor_id.eq(vendors::id))
                            .filter(
                                lower(contacts::name).like(like.clone()).escape('\\').or(lower(sql::<Text>(
                                    "COALESCE(contacts.email, '')",
                                ))
                                .like(like)
                                .escape('\\')),
                            ),
                    )),
            );
        }
        if let Some(tier) = filter.tier {
            query = query.filter(vendors::tier.eq(i32::from(tier.number())));
        }
        if let Some(rating) = filter.rating {
            query = query.filter(vendors::rating.eq(rating.key()));
        }
        if let Some(status) = filter.status {
            query = query.filter(vendors::status.eq(status.key()));
        }
        if let Some(agreement) = filter.agreement {
            query = query.filter(vendors::agreement.eq(agreement.key()));
        }
        match filter.due {
            // A vendor asked anew has a new date; it is late all the same until it replies.
            Some(Due::Overdue) => {
                let lapsed = vendors::accepted_on.lt(calendar::fresh_from(today));
                query =
                    query.filter(vendors::next_due_on.is_not_null()).filter(vendors::next_due_on.lt(today).or(lapsed));
            }
            Some(Due::Soon) => {
                let fresh = vendors::accepted_on.ge(calendar::fresh_from(today));
                query = query
                    .filter(vendors::next_due_on.between(today, today + Days::new(30)))
                    .filter(vendors::accepted_on.is_null().or(fresh));
            }
            None => {}
        }
        query = match filter.archived {
            false => query.filter(vendors::archived_at.is_null()),
            true => query.filter(vendors::archived_at.is_not_null()),
        };
        if let Some(life) = filter.life {
            query = query.filter(vendors::life.eq(life.key()));
        }
        if filter.unassured {
            query = query.filter(vendors::assured.eq(false));
        }
        if let Some(kind) = filter.flag {
            query = query.filter(exists(
                flags::table
                    .filter(flags::practice_id.eq(of))
                    .filter(flags::vendor_id.eq(vendors::id))
                    .filter(flags::kind.eq(kind.key()))
                    .filter(flags::closed_on.is_null()),
            ));
        }
        query
    }};
}

diesel::define_sql_function!(
    /// Small letters, of every alphabet: SQLite's own knows only English ones.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text
);

/// Gives SQLite a `lower` that agrees with Rust's and PostgreSQL's.
pub(super) fn teach(conn: &mut SqliteConnection) -> QueryResult<()> {
    lower_utils::register_impl(conn, |text: String| text.to_lowercase())
}

/// How many vendors match.
pub fn total(conn: &mut Db, scope: &Scope, filter: &Filter, today: NaiveDate) -> Result<u32, StoreError> {
    let found: i64 = filtered!(scope, filter, today, vendors::table.select(count_star())).get_result(conn)?;
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
    );
    let query = filtered!(scope, filter, today, vendors::table.select(columns));
    let query = match (filter.sort.unwrap_or(Sort::Due), filter.descending) {
        // Vendors without a date come last, whichever way it is sorted and whatever the
        // database thinks of nulls.
        (Sort::Due, false) => query.order((vendors::next_due_on.is_null(), vendors::next_due_on.asc())),
        (Sort::Due, true) => query.order((vendors::next_due_on.is_null(), vendors::next_due_on.desc())),
        (Sort::Name, false) => query.order(vendors::name_key.asc()),
        (Sort::Name, true) => query.order(vendors::name_key.desc()),
        (Sort::Tier, false) => query.order((vendors::tier.asc(), vendors::inherent.desc())),
        (Sort::Tier, true) => query.order((vendors::tier.desc(), vendors::inherent.asc())),
        (Sort::Rating, false) => query.order(vendors::residual.desc()),
        (Sort::Rating, true) => query.order(vendors::residual.asc()),
        (Sort::Status, false) => query.order(vendors::status.asc()),
        (Sort::Status, true) => query.order(vendors::status.desc()),
        (Sort::Flags, false) => query.order(vendors::open_flags.desc()),
        (Sort::Flags, true) => query.order(vendors::open_flags.asc()),
    };
    let rows: Vec<Row> =
        query.then_order_by(vendors::name_key).then_order_by(vendors::id).limit(limit).offset(offset).load(conn)?;
    rows.into_iter().map(value).collect()
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
