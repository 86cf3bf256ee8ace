//! Flags, open and closed.

use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::schema::{flags, vendors};
use super::{Db, StoreError, parsed, per_backend, practice};
use crate::domain::access::Scope;
use crate::domain::flags::{Fact, Flag, FlagKind, Severity};
use crate::domain::ids::{FlagId, VendorId};

type Row = (String, String, String, String, String, NaiveDate, Option<NaiveDate>);

macro_rules! columns {
    () => {
        (flags::id, flags::vendor_id, flags::kind, flags::subject, flags::sentence, flags::raised_on, flags::closed_on)
    };
}

fn value((id, vendor, kind, subject, sentence, raised_on, closed_on): Row) -> Result<Flag, StoreError> {
    Ok(Flag {
        id: parsed(&id)?,
        vendor: parsed(&vendor)?,
        kind: parsed(&kind)?,
        subject,
        sentence,
        raised_on,
        closed_on,
    })
}

/// Raises a flag, once: when the same fact is already open, nothing happens.
pub fn raise(conn: &mut Db, scope: &Scope, vendor: VendorId, fact: &Fact, on: NaiveDate) -> Result<(), StoreError> {
    let row = (
        flags::practice_id.eq(practice(scope)?),
        flags::id.eq(FlagId::fresh().to_string()),
        flags::vendor_id.eq(vendor.to_string()),
        flags::kind.eq(fact.kind.key()),
        flags::subject.eq(&fact.subject),
        flags::sentence.eq(&fact.sentence),
        flags::severity.eq(fact.kind.severity().rank()),
        flags::raised_on.eq(on),
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

/// Says the same fact in new words.
pub fn reword(conn: &mut Db, scope: &Scope, id: FlagId, sentence: &str) -> Result<(), StoreError> {
    diesel::update(flags::table.filter(flags::practice_id.eq(practice(scope)?)).filter(flags::id.eq(id.to_string())))
        .set(flags::sentence.eq(sentence))
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
    Open,
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
    query = match shown {
        Shown::Open => query.filter(flags::closed_on.is_null()),
        Shown::Closed => query.filter(flags::closed_on.is_not_null()),
        Shown::OpenOn(day) => {
            query.filter(flags::raised_on.le(day)).filter(flags::closed_on.is_null().or(flags::closed_on.gt(day)))
        }
    };
    if let Some(kind) = about.kind {
        query = query.filter(flags::kind.eq(kind.key()));
    }
    if let Some(severity) = about.severity {
        query = query.filter(flags::severity.eq(severity.rank()));
    }
    let rows: Vec<(Row, String)> = query
        .order((flags::severity, flags::raised_on.desc(), vendors::name_key, flags::id))
        .limit(limit)
        .offset(offset)
        .load(conn)?;
    rows.into_iter().map(|(row, name)| Ok((value(row)?, name))).collect()
}

/// How many flags such a list has.
pub fn total(conn: &mut Db, scope: &Scope, shown: Shown, about: impl Into<About>) -> Result<u32, StoreError> {
    let about = about.into();
    let mut query = flags::table.filter(flags::practice_id.eq(practice(scope)?)).count().into_boxed();
    query = match shown {
        Shown::Open => query.filter(flags::closed_on.is_null()),
        Shown::Closed => query.filter(flags::closed_on.is_not_null()),
        Shown::OpenOn(day) => {
            query.filter(flags::raised_on.le(day)).filter(flags::closed_on.is_null().or(flags::closed_on.gt(day)))
        }
    };
    if let Some(kind) = about.kind {
        query = query.filter(flags::kind.eq(kind.key()));
    }
    if let Some(severity) = about.severity {
        query = query.filter(flags::severity.eq(severity.rank()));
    }
    let found: i64 = query.get_result(conn)?;
    Ok(u32::try_from(found).unwrap_or(u32::MAX))
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
