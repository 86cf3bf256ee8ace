//! Flags, open and closed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::schema::{flags, vendors};
use super::{Db, StoreError, parsed, per_backend, practice};
use crate::domain::access::Scope;
use crate::domain::flags::{Acknowledged, Fact, Flag, FlagKind, Resolved, Severity};
use crate::domain::ids::{FlagId, VendorId};

#[derive(Queryable)]
struct Row {
    id: String,
    vendor_id: String,
    kind: String,
    subject: String,
    sentence: String,
    raised_on: NaiveDate,
    closed_on: Option<NaiveDate>,
    acknowledged_on: Option<NaiveDate>,
    acknowledged_by: Option<String>,
    acknowledged_why: Option<String>,
    acknowledged_until: Option<NaiveDate>,
    resolved_by: Option<String>,
    resolved_why: Option<String>,
    gone_on: Option<NaiveDate>,
    back_from: Option<NaiveDate>,
}

macro_rules! columns {
    () => {
        (
            flags::id,
            flags::vendor_id,
            flags::kind,
            flags::subject,
            flags::sentence,
            flags::raised_on,
            flags::closed_on,
            flags::acknowledged_on,
            flags::acknowledged_by,
            flags::acknowledged_why,
            flags::acknowledged_until,
            flags::resolved_by,
            flags::resolved_why,
            flags::gone_on,
            flags::back_from,
        )
    };
}

fn value(row: Row) -> Result<Flag, StoreError> {
    let acknowledged = row.acknowledged_on.zip(row.acknowledged_until).map(|(on, until)| Acknowledged {
        on,
        by: row.acknowledged_by.unwrap_or_default(),
        why: row.acknowledged_why.unwrap_or_default(),
        until,
    });
    Ok(Flag {
        id: parsed(&row.id)?,
        vendor: parsed(&row.vendor_id)?,
        kind: parsed(&row.kind)?,
        subject: row.subject,
        sentence: row.sentence,
        raised_on: row.raised_on,
        closed_on: row.closed_on,
        acknowledged,
        resolved: row.resolved_by.map(|by| Resolved { by, why: row.resolved_why.unwrap_or_default() }),
        gone_on: row.gone_on,
        back_from: row.back_from,
    })
}

/// Raises a flag, once: when the same fact is already open, nothing happens. `back_from` is
/// when the flag of the same fact was closed before.
pub fn raise(
    conn: &mut Db,
    scope: &Scope,
    vendor: VendorId,
    fact: &Fact,
    back_from: Option<NaiveDate>,
    on: NaiveDate,
) -> Result<(), StoreError> {
    let row = (
        flags::practice_id.eq(practice(scope)?),
        flags::id.eq(FlagId::fresh().to_string()),
        flags::vendor_id.eq(vendor.to_string()),
        flags::kind.eq(fact.kind.key()),
        flags::subject.eq(&fact.subject),
        flags::sentence.eq(&fact.sentence),
        flags::severity.eq(fact.kind.severity().rank()),
        flags::raised_on.eq(on),
        flags::back_from.eq(back_from),
    );
    per_backend!(conn, c => diesel::insert_into(flags::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Closes a flag. It stays in the table: an auditor asks what we knew and when.
pub fn close(conn: &mut Db, scope: &Scope, id: FlagId, on: NaiveDate) -> Result<(), StoreError> {
    diesel::update(
        flags::table
            .filter(flags::practice_id.eq(practice(scope)?))
            .filter(flags::id.eq(id.to_string()))
            .filter(flags::closed_on.is_null()),
    )
    .set(flags::closed_on.eq(Some(on)))
    .execute(conn)?;
    Ok(())
}

/// Notes that the fact of a settled flag no longer holds.
pub fn set_gone(conn: &mut Db, scope: &Scope, id: FlagId, on: NaiveDate) -> Result<(), StoreError> {
    diesel::update(flags::table.filter(flags::practice_id.eq(practice(scope)?)).filter(flags::id.eq(id.to_string())))
        .set(flags::gone_on.eq(Some(on)))
        .execute(conn)?;
    Ok(())
}

/// Notes what somebody said of an open flag, or takes it back; says whether it was open.
pub fn acknowledge(conn: &mut Db, scope: &Scope, id: FlagId, known: Option<&Acknowledged>) -> Result<bool, StoreError> {
    let open = flags::table
        .filter(flags::practice_id.eq(practice(scope)?))
        .filter(flags::id.eq(id.to_string()))
        .filter(flags::closed_on.is_null());
    let done = diesel::update(open)
        .set((
            flags::acknowledged_on.eq(known.map(|known| known.on)),
            flags::acknowledged_by.eq(known.map(|known| known.by.as_str())),
            flags::acknowledged_why.eq(known.map(|known| known.why.as_str())),
            flags::acknowledged_until.eq(known.map(|known| known.until)),
        ))
        .execute(conn)?;
    Ok(done > 0)
}

/// Closes an open flag because somebody settled it; says whether it was open.
pub fn resolve(
    conn: &mut Db,
    scope: &Scope,
    id: FlagId,
    resolved: &Resolved,
    on: NaiveDate,
) -> Result<bool, StoreError> {
    let open = flags::table
        .filter(flags::practice_id.eq(practice(scope)?))
        .filter(flags::id.eq(id.to_string()))
        .filter(flags::closed_on.is_null());
    let done = diesel::update(open)
        .set((
            flags::closed_on.eq(Some(on)),
            flags::resolved_by.eq(Some(&resolved.by)),
            flags::resolved_why.eq(Some(&resolved.why)),
        ))
        .execute(conn)?;
    Ok(done > 0)
}

/// One flag; `None` where this practice has none of that id.
pub fn one(conn: &mut Db, scope: &Scope, id: FlagId) -> Result<Option<Flag>, StoreError> {
    let row: Option<Row> = flags::table
        .filter(flags::practice_id.eq(practice(scope)?))
        .filter(flags::id.eq(id.to_string()))
        .select(columns!())
        .first(conn)
        .optional()?;
    row.map(value).transpose()
}

/// Says the same fact in new words, which nobody has acknowledged.
pub fn reword(conn: &mut Db, scope: &Scope, id: FlagId, sentence: &str) -> Result<(), StoreError> {
    diesel::update(flags::table.filter(flags::practice_id.eq(practice(scope)?)).filter(flags::id.eq(id.to_string())))
        .set((
            flags::sentence.eq(sentence),
            flags::acknowledged_on.eq(None::<NaiveDate>),
            flags::acknowledged_by.eq(None::<String>),
            flags::acknowledged_why.eq(None::<String>),
            flags::acknowledged_until.eq(None::<NaiveDate>),
        ))
        .execute(conn)?;
    Ok(())
}

/// All flags of a vendor, the newest first.
pub fn of_vendor(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<Flag>, StoreError> {
    let rows: Vec<Row> = flags::table
        .filter(flags::practice_id.eq(practice(scope)?))
        .filter(flags::vendor_id.eq(vendor.to_string()))
        .order((flags::raised_on.desc(), flags::id))
        .select(columns!())
        .load(conn)?;
    rows.into_iter().map(value).collect()
}

/// Which flags are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Those that ask for a look on a day: open, and not acknowledged until then or later.
    Open(NaiveDate),
    /// Those that somebody acknowledged until that day or later.
    Acknowledged(NaiveDate),
    Closed,
    /// Those that stood open at the end of a day.
    OpenOn(NaiveDate),
}

/// Which of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub kind: Option<FlagKind>,
    pub severity: Option<Severity>,
}

impl From<Option<FlagKind>> for About {
    fn from(kind: Option<FlagKind>) -> Self {
        Self { kind, severity: None }
    }
}

/// The same choice for a list and for its number.
macro_rules! narrowed {
    ($query:expr, $shown:expr, $about:expr) => {{
        let mut query = $query;
        query = match $shown {
            Shown::Open(day) => query
                .filter(flags::closed_on.is_null())
                .filter(flags::acknowledged_until.is_null().or(flags::acknowledged_until.lt(day))),
            Shown::Acknowledged(day) => {
                query.filter(flags::closed_on.is_null()).filter(flags::acknowledged_until.ge(day))
            }
            Shown::Closed => query.filter(flags::closed_on.is_not_null()),
            Shown::OpenOn(day) => {
                query.filter(flags::raised_on.le(day)).filter(flags::closed_on.is_null().or(flags::closed_on.gt(day)))
            }
        };
        if let Some(kind) = $about.kind {
            query = query.filter(flags::kind.eq(kind.key()));
        }
        if let Some(severity) = $about.severity {
            query = query.filter(flags::severity.eq(severity.rank()));
        }
        query
    }};
}

/// A flag with its vendor's name.
pub type Named = (Flag, String);

/// Flags of the practice: the worst first, then the newest.
pub fn list(
    conn: &mut Db,
    scope: &Scope,
    shown: Shown,
    about: impl Into<About>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Named>, StoreError> {
    let (of, about) = (practice(scope)?, about.into());
    let mut query = flags::table
        .inner_join(
            vendors::table.on(vendors::practice_id.eq(flags::practice_id).and(vendors::id.eq(flags::vendor_id))),
        )
        .filter(flags::practice_id.eq(of))
        .select((columns!(), vendors::name))
        .into_boxed();
    query = narrowed!(query, shown, about);
    let rows: Vec<(Row, String)> = query
        .order((flags::severity, flags::raised_on.desc(), vendors::name_key, flags::id))
        .limit(limit)
        .offset(offset)
        .load(conn)?;
    rows.into_iter().map(|(row, name)| Ok((value(row)?, name))).collect()
}

/// Open flags that were raised in these days, the worst first, and how many there are.
///
/// # Errors
/// The database's.
pub fn raised_between(
    conn: &mut Db,
    scope: &Scope,
    (from, to): (NaiveDate, NaiveDate),
    today: NaiveDate,
    limit: i64,
) -> Result<(Vec<Named>, u32), StoreError> {
    let of = practice(scope)?;
    macro_rules! raised {
        ($select:expr) => {{
            let query = flags::table
                .inner_join(
                    vendors::table
                        .on(vendors::practice_id.eq(flags::practice_id).and(vendors::id.eq(flags::vendor_id))),
                )
                .filter(flags::practice_id.eq(&of))
                .filter(flags::raised_on.between(from, to))
                .select($select)
                .into_boxed();
            narrowed!(query, Shown::Open(today), About::default())
        }};
    }
    let count: i64 = raised!(count_star()).get_result(conn)?;
    let rows: Vec<(Row, String)> = raised!((columns!(), vendors::name))
        .order((flags::severity, vendors::name_key, flags::id))
        .limit(limit)
        .load(conn)?;
    let flags = rows.into_iter().map(|(row, name)| Ok((value(row)?, name))).collect::<Result<_, StoreError>>()?;
    Ok((flags, u32::try_from(count).unwrap_or(u32::MAX)))
}

/// How many flags such a list has.
pub fn total(conn: &mut Db, scope: &Scope, shown: Shown, about: impl Into<About>) -> Result<u32, StoreError> {
    let about = about.into();
    let mut query = flags::table.filter(flags::practice_id.eq(practice(scope)?)).count().into_boxed();
    query = narrowed!(query, shown, about);
    let found: i64 = query.get_result(conn)?;
    Ok(u32::try_from(found).unwrap_or(u32::MAX))
}

/// Whether the vendor ever had a flag of that kind, open or not.
///
/// # Errors
/// The database's.
pub fn ever(conn: &mut Db, scope: &Scope, vendor: VendorId, kind: FlagKind) -> Result<bool, StoreError> {
    let found: Option<String> = flags::table
        .filter(flags::practice_id.eq(practice(scope)?))
        .filter(flags::vendor_id.eq(vendor.to_string()))
        .filter(flags::kind.eq(kind.key()))
        .select(flags::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// How many flags of each kind ask for a look on `today`; kinds without one are left out.
pub fn open_by_kind(conn: &mut Db, scope: &Scope, today: NaiveDate) -> Result<BTreeMap<FlagKind, u32>, StoreError> {
    let found: Vec<(String, i64)> = flags::table
        .filter(flags::practice_id.eq(practice(scope)?))
        .filter(flags::closed_on.is_null())
        .filter(flags::acknowledged_until.is_null().or(flags::acknowledged_until.lt(today)))
        .group_by(flags::kind)
        .select((flags::kind, count_star()))
        .load(conn)?;
    found.into_iter().map(|(kind, n)| Ok((parsed(&kind)?, u32::try_from(n).unwrap_or(u32::MAX)))).collect()
}

/// How many flags were raised and closed on the same days.
pub type Span = (NaiveDate, Option<NaiveDate>, u32);

/// The flags that were open on or after `since`, by the days on which they were raised and
/// closed: for the trend.
pub fn spans(conn: &mut Db, scope: &Scope, since: NaiveDate) -> Result<Vec<Span>, StoreError> {
    let of = practice(scope)?;
    let spans = flags::table.filter(flags::practice_id.eq(of)).group_by((flags::raised_on, flags::closed_on)).select((
        flags::raised_on,
        flags::closed_on,
        count_star(),
    ));
    // Two questions: one with "or" would read every flag that was ever closed.
    let mut found: Vec<(NaiveDate, Option<NaiveDate>, i64)> =
        spans.clone().filter(flags::closed_on.is_null()).load(conn)?;
    found.extend(spans.filter(flags::closed_on.ge(since)).load::<(NaiveDate, Option<NaiveDate>, i64)>(conn)?);
    Ok(found.into_iter().map(|(raised, closed, n)| (raised, closed, u32::try_from(n).unwrap_or(u32::MAX))).collect())
}
