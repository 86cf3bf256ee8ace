//! Documents: what is known of each stored file. The bytes are in the file store.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::schema::{documents, notice_files, vendors};
use super::{Db, StoreError, count, parsed, practice, stored, stored_count};
use crate::domain::access::Scope;
use crate::domain::document::{About, Dated, Document, DocumentKind, FileType, Scan};
use crate::domain::ids::{DocumentId, PracticeId, VendorId};

#[derive(Queryable)]
struct Row {
    id: String,
    vendor: String,
    kind: String,
    name: String,
    media_type: String,
    size: i32,
    sha256: String,
    place: String,
    scan: String,
    note: String,
    ends_on: Option<NaiveDate>,
    added_by: String,
    added_at: NaiveDateTime,
    removed_at: Option<NaiveDateTime>,
}

macro_rules! columns {
    () => {
        (
            documents::id,
            documents::vendor_id,
            documents::kind,
            documents::name,
            documents::media_type,
            documents::size,
            documents::sha256,
            documents::place,
            documents::scan,
            documents::note,
            documents::ends_on,
            documents::added_by,
            documents::added_at,
            documents::removed_at,
        )
    };
}

impl Row {
    fn value(self) -> Result<Document, StoreError> {
        Ok(Document {
            id: parsed(&self.id)?,
            vendor: parsed(&self.vendor)?,
            kind: parsed(&self.kind)?,
            name: self.name,
            file_type: FileType::of_media_type(&self.media_type)
                .ok_or_else(|| StoreError::Corrupt(format!("media type {}", self.media_type)))?,
            size: count(self.size),
            sha256: self.sha256,
            place: self.place,
            scan: parsed(&self.scan)?,
            note: self.note,
            ends_on: self.ends_on,
            added_by: self.added_by,
            added_at: self.added_at.and_utc(),
            removed_at: self.removed_at.map(|at| at.and_utc()),
        })
    }
}

/// Adds a document whose bytes are stored already.
///
/// # Errors
/// The database's.
pub fn add(conn: &mut Db, scope: &Scope, document: &Document) -> Result<(), StoreError> {
    diesel::insert_into(documents::table)
        .values((
            documents::practice_id.eq(practice(scope)?),
            documents::id.eq(document.id.to_string()),
            documents::vendor_id.eq(document.vendor.to_string()),
            documents::kind.eq(document.kind.key()),
            documents::name.eq(&document.name),
            documents::media_type.eq(document.file_type.media_type()),
            documents::size.eq(stored_count(document.size)),
            documents::sha256.eq(&document.sha256),
            documents::place.eq(&document.place),
            documents::scan.eq(document.scan.key()),
            documents::note.eq(&document.note),
            documents::ends_on.eq(document.ends_on),
            documents::added_by.eq(&document.added_by),
            documents::added_at.eq(stored(document.added_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// One document, removed or not; `None` when the scope has none of that id.
///
/// # Errors
/// The database's.
pub fn one(conn: &mut Db, scope: &Scope, id: DocumentId) -> Result<Option<Document>, StoreError> {
    let row: Option<Row> = documents::table
        .filter(documents::practice_id.eq(practice(scope)?))
        .filter(documents::id.eq(id.to_string()))
        .select(columns!())
        .get_result(conn)
        .optional()?;
    row.map(Row::value).transpose()
}

/// A vendor's documents, removed ones included, the newest first.
///
/// # Errors
/// The database's.
pub fn of_vendor(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<Document>, StoreError> {
    let rows: Vec<Row> = documents::table
        .filter(documents::practice_id.eq(practice(scope)?))
        .filter(documents::vendor_id.eq(vendor.to_string()))
        .order((documents::added_at.desc(), documents::id.desc()))
        .select(columns!())
        .load(conn)?;
    rows.into_iter().map(Row::value).collect()
}

/// The same bytes at the same vendor, one on the pages before one that was removed.
///
/// # Errors
/// The database's.
pub fn same(conn: &mut Db, scope: &Scope, vendor: VendorId, sha256: &str) -> Result<Option<Document>, StoreError> {
    let rows: Vec<Row> = documents::table
        .filter(documents::practice_id.eq(practice(scope)?))
        .filter(documents::vendor_id.eq(vendor.to_string()))
        .filter(documents::sha256.eq(sha256))
        .order(documents::id)
        .select(columns!())
        .load(conn)?;
    let mut found: Vec<Document> = rows.into_iter().map(Row::value).collect::<Result<_, _>>()?;
    found.sort_by_key(|one| one.removed_at.is_some());
    Ok(found.into_iter().next())
}

/// The documents of a vendor that are on the pages and have an end date, for its standing. The
/// letter of a rule that is only proposed bears on no standing.
///
/// # Errors
/// The database's.
pub fn dated(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<Dated>, StoreError> {
    let rows: Vec<(String, String, Option<NaiveDate>)> = documents::table
        .filter(documents::practice_id.eq(practice(scope)?))
        .filter(documents::vendor_id.eq(vendor.to_string()))
        .filter(documents::removed_at.is_null())
        .filter(documents::ends_on.is_not_null())
        .filter(documents::kind.ne(DocumentKind::Verification.key()))
        .order((documents::ends_on, documents::id))
        .select((documents::id, documents::name, documents::ends_on))
        .load(conn)?;
    let rows = rows.into_iter().filter_map(|(id, name, ends_on)| Some((id, name, ends_on?)));
    rows.map(|(id, name, ends_on)| Ok(Dated { id: parsed(&id)?, name, ends_on })).collect()
}

/// Which documents of all vendors are listed, by their end dates as of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Their end was before this day.
    Ended(NaiveDate),
    /// Their end is on or after the first day and on or before the second.
    EndsBetween(NaiveDate, NaiveDate),
    All,
}

macro_rules! narrowed {
    ($query:expr, $scope:expr, $shown:expr) => {{
        let query = $query
            .filter(documents::practice_id.eq(practice($scope)?))
            .filter(documents::removed_at.is_null())
            .into_boxed();
        match $shown {
            Shown::Ended(day) => query.filter(documents::ends_on.lt(day)),
            Shown::EndsBetween(first, last) => query.filter(documents::ends_on.between(first, last)),
            Shown::All => query,
        }
    }};
}

/// Documents of all vendors, each with its vendor's name: the first to end first, those
/// without an end after them.
///
/// # Errors
/// The database's.
pub fn list(
    conn: &mut Db,
    scope: &Scope,
    shown: Shown,
    limit: i64,
    offset: i64,
) -> Result<Vec<(Document, String)>, StoreError> {
    let named = documents::table.inner_join(
        vendors::table.on(vendors::practice_id.eq(documents::practice_id).and(vendors::id.eq(documents::vendor_id))),
    );
    let rows: Vec<(Row, String)> = narrowed!(named.select((columns!(), vendors::name)), scope, shown)
        .order((documents::ends_on.is_null(), documents::ends_on, vendors::name_key, documents::id))
        .limit(limit)
        .offset(offset)
        .load(conn)?;
    rows.into_iter().map(|(row, vendor)| Ok((row.value()?, vendor))).collect()
}

/// How many documents such a list has.
///
/// # Errors
/// The database's.
pub fn total(conn: &mut Db, scope: &Scope, shown: Shown) -> Result<u32, StoreError> {
    let found: i64 = narrowed!(documents::table.count(), scope, shown).get_result(conn)?;
    Ok(u32::try_from(found).unwrap_or(u32::MAX))
}

macro_rules! the_one {
    ($scope:expr, $id:expr) => {
        documents::table.filter(documents::practice_id.eq(practice($scope)?)).filter(documents::id.eq($id.to_string()))
    };
}

/// Writes what a person says about a document anew.
///
/// # Errors
/// The database's.
pub fn describe(conn: &mut Db, scope: &Scope, id: DocumentId, about: &About) -> Result<(), StoreError> {
    diesel::update(the_one!(scope, id))
        .set((
            documents::kind.eq(about.kind.key()),
            documents::note.eq(&about.note),
            documents::ends_on.eq(about.ends_on),
        ))
        .execute(conn)?;
    Ok(())
}

/// Takes a document off the pages, or puts it back with `None`.
///
/// # Errors
/// The database's.
pub fn set_removed(conn: &mut Db, scope: &Scope, id: DocumentId, at: Option<DateTime<Utc>>) -> Result<(), StoreError> {
    diesel::update(the_one!(scope, id)).set(documents::removed_at.eq(at.map(stored))).execute(conn)?;
    Ok(())
}

/// Notes what the scanner said.
///
/// # Errors
/// The database's.
pub fn set_scan(conn: &mut Db, scope: &Scope, id: DocumentId, scan: Scan) -> Result<(), StoreError> {
    diesel::update(the_one!(scope, id)).set(documents::scan.eq(scan.key())).execute(conn)?;
    Ok(())
}

/// Documents on the pages of all practices that the scanner has not passed, the oldest first.
///
/// # Errors
/// The database's, or a scope of one practice only.
pub fn unscanned(conn: &mut Db, scope: &Scope, limit: i64) -> Result<Vec<(PracticeId, Document)>, StoreError> {
    wide(scope)?;
    let rows: Vec<(String, Row)> = documents::table
        .filter(documents::scan.ne(Scan::Clean.key()))
        .filter(documents::removed_at.is_null())
        .order((documents::scan, documents::added_at))
        .limit(limit)
        .select((documents::practice_id, columns!()))
        .load(conn)?;
    rows.into_iter().map(|(of, row)| Ok((parsed(&of)?, row.value()?))).collect()
}

/// Where the bytes of all documents of all practices are, removed ones included, and those of
/// files that wait for the signature of a notice.
///
/// # Errors
/// The database's, or a scope of one practice only.
pub fn places(conn: &mut Db, scope: &Scope) -> Result<BTreeSet<String>, StoreError> {
    wide(scope)?;
    let waiting: Vec<String> =
        notice_files::table.filter(notice_files::document_id.is_null()).select(notice_files::place).load(conn)?;
    let kept: Vec<String> = documents::table.select(documents::place).load(conn)?;
    Ok(kept.into_iter().chain(waiting).collect())
}

/// What looks at all practices says so by its scope.
fn wide(scope: &Scope) -> Result<(), StoreError> {
    if scope.practice().is_none() { Ok(()) } else { Err(StoreError::Scope) }
}
