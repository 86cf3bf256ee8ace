//! The history: lines appended in the transaction of what they tell, never changed.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::schema::{chains, entries, vendors};
use super::{Db, StoreError, chain_key, count, parsed, per_backend, practice, stored, stored_count};
use crate::domain::access::Scope;
use crate::domain::entry::{Act, Actor, Broken, Deed, Entry, Line, Mark, NOTHING_BEFORE, Verifier};
use crate::domain::ids::{UserId, VendorId};

/// Appends a line.
///
/// Writers of one practice queue on its chain until they commit: write lines after every
/// other row of the transaction is held, so that nobody waits for a lock while holding it.
///
/// # Errors
/// The database's.
pub fn write(conn: &mut Db, scope: &Scope, deed: &Deed<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let of = practice(scope)?;
    let before = held(conn, &of)?;
    let number = before.mark.number + 1;
    let at = stored(now);
    let (kind, by, name) = deed.by.parts();
    let vendor = deed.vendor.map(|id| id.to_string());
    let line = Line {
        practice: &of,
        number,
        at,
        by_kind: kind,
        by_id: &by,
        by_name: name,
        act: deed.act.key(),
        vendor: vendor.as_deref(),
        sentence: &deed.sentence,
    };
    let hash = line.seal(&before.mark.hash);
    diesel::insert_into(entries::table)
        .values((
            entries::practice_id.eq(&of),
            entries::number.eq(stored_count(number)),
            entries::at.eq(at),
            entries::by_kind.eq(kind),
            entries::by_id.eq(&by),
            entries::by_name.eq(name),
            entries::act.eq(deed.act.key()),
            entries::vendor_id.eq(&vendor),
            entries::sentence.eq(&deed.sentence),
            entries::hash.eq(&hash),
        ))
        .execute(conn)?;
    diesel::update(chains::table.filter(chains::practice_id.eq(&of)))
        .set((
            chains::number.eq(stored_count(number)),
            chains::seal.eq(before.next_seal(&of, number, &hash)?),
            chains::hash.eq(&hash),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whether somebody's line about a vendor, word for word, is younger than that: `said` is who,
/// and the sentence.
///
/// # Errors
/// The database's.
pub fn was_said(
    conn: &mut Db,
    scope: &Scope,
    vendor: VendorId,
    (who, sentence): (&str, &str),
    since: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let found: Option<i32> = entries::table
        .filter(entries::practice_id.eq(practice(scope)?))
        .filter(entries::vendor_id.eq(vendor.to_string()))
        .filter(entries::at.ge(stored(since)))
        .filter(entries::by_name.eq(who))
        .filter(entries::sentence.eq(sentence))
        .select(entries::number)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Begins the history of a new practice.
pub(super) fn begin(conn: &mut Db, of: &str) -> Result<(), StoreError> {
    let nothing = Mark { number: 0, hash: NOTHING_BEFORE.to_owned() };
    let seal = chain_key()?.seal(of, &nothing);
    insert_end(conn, of, &seal)
}

fn insert_end(conn: &mut Db, of: &str, seal: &str) -> Result<(), StoreError> {
    let first =
        (chains::practice_id.eq(of), chains::number.eq(0), chains::hash.eq(NOTHING_BEFORE), chains::seal.eq(seal));
    per_backend!(conn, c => diesel::insert_into(chains::table).values(first).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// The end of a chain, with what seals it.
struct End {
    mark: Mark,
    seal: String,
}

impl End {
    /// The seal after one more line. An end that is not rightly sealed stays so: a line
    /// written after a cut must not cover it up.
    fn next_seal(self, of: &str, number: u32, hash: &str) -> Result<String, StoreError> {
        let key = chain_key()?;
        if !key.is_seal(of, &self.mark, &self.seal) {
            return Ok(self.seal);
        }
        Ok(key.seal(of, &Mark { number, hash: hash.to_owned() }))
    }
}

/// The end of the chain, held until the transaction ends.
fn held(conn: &mut Db, of: &str) -> Result<End, StoreError> {
    let end = chains::table.filter(chains::practice_id.eq(of)).select((chains::number, chains::hash, chains::seal));
    let read = |conn: &mut Db| -> QueryResult<Option<(i32, String, String)>> {
        match conn {
            Db::Sqlite(c) => end.get_result(c).optional(),
            Db::Postgres(c) => end.for_update().get_result(c).optional(),
        }
    };
    let found = match read(conn)? {
        Some(found) => found,
        None => {
            // Every practice has one from its first day: it was removed. Work goes on, and
            // without a seal it shows.
            insert_end(conn, of, "")?;
            read(conn)?.ok_or_else(|| StoreError::Corrupt("the history has no end".to_owned()))?
        }
    };
    let (number, hash, seal) = found;
    Ok(End { mark: Mark { number: count(number), hash }, seal })
}

/// Puts the key's seal on a history as it stands: one that is older than the seals, or whose
/// key was changed. Says so in the history itself.
///
/// # Errors
/// The database's; what is broken is a value.
pub fn seal(conn: &mut Db, scope: &Scope, now: DateTime<Utc>) -> Result<Result<Mark, Broken>, StoreError> {
    let of = practice(scope)?;
    let end = held(conn, &of)?;
    let checked = match check_lines(conn, &of, Verifier::default(), end.mark.number, &mut |_, _| {})? {
        Ok(verifier) => verifier.finish(end.mark.number, &end.mark.hash),
        Err(broken) => Err(broken),
    };
    if let Err(broken) = checked {
        return Ok(Err(broken));
    }
    diesel::update(chains::table.filter(chains::practice_id.eq(&of)))
        .set(chains::seal.eq(chain_key()?.seal(&of, &end.mark)))
        .execute(conn)?;
    let sentence = format!("sealed the history anew, as it stood at line {}, on the command line", end.mark.number);
    let deed = Deed { by: &Actor::Program, act: Act::Settings, vendor: None, sentence };
    write(conn, scope, &deed, now)?;
    Ok(Ok(end.mark))
}

type Row = (i32, NaiveDateTime, String, String, String, String, Option<String>, String, String);

macro_rules! columns {
    () => {
        (
            entries::number,
            entries::at,
            entries::by_kind,
            entries::by_id,
            entries::by_name,
            entries::act,
            entries::vendor_id,
            entries::sentence,
            entries::hash,
        )
    };
}

fn value((number, at, kind, id, name, act, vendor, sentence, hash): Row) -> Result<Entry, StoreError> {
    Ok(Entry {
        number: count(number),
        at: at.and_utc(),
        by: Actor::of(&kind, &id, &name).ok_or_else(|| StoreError::Corrupt(format!("line {number}: {kind}")))?,
        act: parsed(&act)?,
        vendor: vendor.as_deref().map(parsed).transpose()?,
        sentence,
        hash,
    })
}

/// A line with the name of its vendor; empty where it is about none.
pub type Named = (Entry, String);

/// Which lines are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub vendor: Option<VendorId>,
    pub person: Option<UserId>,
    pub act: Option<Act>,
    /// From the beginning of this instant…
    pub since: Option<NaiveDateTime>,
    /// …and before this one, both UTC.
    pub until: Option<NaiveDateTime>,
}

macro_rules! narrowed {
    ($conn:expr, $query:expr, $scope:expr, $about:expr) => {{
        let mut query = $query.filter(entries::practice_id.eq(practice($scope)?)).into_boxed();
        if let Some(vendor) = $about.vendor {
            query = query.filter(entries::vendor_id.eq_any(with_merged($conn, $scope, vendor)?));
        }
        if let Some(person) = $about.person {
            query = query.filter(entries::by_id.eq(person.to_string()));
        }
        if let Some(act) = $about.act {
            query = query.filter(entries::act.eq(act.key()));
        }
        if let Some(since) = $about.since {
            query = query.filter(entries::at.ge(since));
        }
        if let Some(until) = $about.until {
            query = query.filter(entries::at.lt(until));
        }
        query
    }};
}

/// A vendor and those that were merged into it: their lines stay as they were written.
fn with_merged(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<String>, StoreError> {
    let vendor = vendor.to_string();
    let mut all: Vec<String> = vendors::table
        .filter(vendors::practice_id.eq(practice(scope)?))
        .filter(vendors::merged_into.eq(&vendor))
        .select(vendors::id)
        .load(conn)?;
    all.push(vendor);
    Ok(all)
}

/// Lines with the name of the vendor that they are about.
macro_rules! named {
    () => {
        entries::table
            .left_join(
                vendors::table.on(vendors::practice_id
                    .eq(entries::practice_id)
                    .and(vendors::id.nullable().eq(entries::vendor_id))),
            )
            .select((columns!(), vendors::name.nullable()))
    };
}

/// Lines, the newest first.
///
/// # Errors
/// The database's.
pub fn list(conn: &mut Db, scope: &Scope, about: &About, limit: i64, offset: i64) -> Result<Vec<Named>, StoreError> {
    let rows: Vec<(Row, Option<String>)> =
        narrowed!(conn, named!(), scope, about).order(entries::number.desc()).limit(limit).offset(offset).load(conn)?;
    rows.into_iter().map(|(row, name)| Ok((value(row)?, name.unwrap_or_default()))).collect()
}

/// Lines with a number below `before`, the newest first: a list read piece by piece is whole
/// however many lines are added meanwhile.
///
/// # Errors
/// The database's.
pub fn below(
    conn: &mut Db,
    scope: &Scope,
    about: &About,
    before: Option<u32>,
    limit: i64,
) -> Result<Vec<Named>, StoreError> {
    let mut query = narrowed!(conn, named!(), scope, about);
    if let Some(number) = before {
        query = query.filter(entries::number.lt(stored_count(number)));
    }
    let rows: Vec<(Row, Option<String>)> = query.order(entries::number.desc()).limit(limit).load(conn)?;
    rows.into_iter().map(|(row, name)| Ok((value(row)?, name.unwrap_or_default()))).collect()
}

/// How many lines such a list has.
///
/// # Errors
/// The database's.
pub fn total(conn: &mut Db, scope: &Scope, about: &About) -> Result<u32, StoreError> {
    let found: i64 = narrowed!(conn, entries::table.count(), scope, about).get_result(conn)?;
    Ok(u32::try_from(found).unwrap_or(u32::MAX))
}

/// The people who have done something, for a filter.
///
/// # Errors
/// The database's.
pub fn people(conn: &mut Db, scope: &Scope) -> Result<Vec<(UserId, String)>, StoreError> {
    let rows: Vec<(String, String)> = entries::table
        .filter(entries::practice_id.eq(practice(scope)?))
        .filter(entries::by_kind.eq("person"))
        .select((entries::by_id, entries::by_name))
        .distinct()
        .order(entries::by_name)
        .load(conn)?;
    rows.into_iter().map(|(id, name)| Ok((parsed(&id)?, name))).collect()
}

/// Lines read at once while verifying.
const AT_ONCE: i64 = 1000;

/// Checks a practice's whole history, from its first line, and that it goes through the line
/// that was `expected`; gives how many lines there are and the seal of the last. `progress`
/// hears how many are done, and of how many.
///
/// # Errors
/// The database's; what is broken is a value.
pub fn verify(
    conn: &mut Db,
    scope: &Scope,
    expected: Option<Mark>,
    progress: &mut dyn FnMut(u32, u32),
) -> Result<Result<Verifier, Broken>, StoreError> {
    let of = practice(scope)?;
    let end: Option<(i32, String, String)> = chains::table
        .filter(chains::practice_id.eq(&of))
        .select((chains::number, chains::hash, chains::seal))
        .get_result(conn)
        .optional()?;
    let Some((number, hash, seal)) = end else { return Ok(Err(Broken::NoEnd)) };
    let end = Mark { number: count(number), hash };
    let verifier = match check_lines(conn, &of, Verifier::expecting(expected), end.number, progress)? {
        Ok(verifier) => verifier,
        Err(broken) => return Ok(Err(broken)),
    };
    if let Err(broken) = verifier.finish(end.number, &end.hash) {
        return Ok(Err(broken));
    }
    Ok(if chain_key()?.is_seal(&of, &end, &seal) { Ok(verifier) } else { Err(Broken::Unsealed) })
}

/// Checks the lines one after another, up to the last that is there.
fn check_lines(
    conn: &mut Db,
    of: &str,
    mut verifier: Verifier,
    number: u32,
    progress: &mut dyn FnMut(u32, u32),
) -> Result<Result<Verifier, Broken>, StoreError> {
    let mut after = i32::MIN;
    loop {
        let rows: Vec<Row> = entries::table
            .filter(entries::practice_id.eq(of))
            .filter(entries::number.gt(after))
            .order(entries::number)
            .limit(AT_ONCE)
            .select(columns!())
            .load(conn)?;
        let Some(last) = rows.last() else { break };
        after = last.0;
        for (number, at, by_kind, by_id, by_name, act, vendor, sentence, hash) in &rows {
            let (number, vendor) = (count(*number), vendor.as_deref());
            let line = Line { practice: of, number, at: *at, by_kind, by_id, by_name, act, vendor, sentence };
            if let Err(broken) = verifier.check(&line, hash) {
                return Ok(Err(broken));
            }
        }
        progress(verifier.number, number);
    }
    Ok(Ok(verifier))
}
