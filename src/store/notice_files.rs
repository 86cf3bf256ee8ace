//! The files of change notices: kept beside one that is being written, documents of the vendor
//! once it is signed.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::schema::{documents, notice_files, notices};
use super::{Db, StoreError, count, parsed, practice, stored, stored_count};
use crate::domain::access::Scope;
use crate::domain::answers::support::Supporting;
use crate::domain::document::{DocumentKind, FileType};
use crate::domain::ids::{DocumentId, NoticeId, PracticeId, VendorId};
use crate::domain::notice::enclosed::Enclosed;

type Row = (String, Option<NaiveDate>, String, String, i32, String, String, String, Option<String>);

macro_rules! columns {
    () => {
        (
            notice_files::kind,
            notice_files::ends_on,
            notice_files::name,
            notice_files::media_type,
            notice_files::size,
            notice_files::sha256,
            notice_files::place,
            notice_files::scan,
            notice_files::document_id,
        )
    };
}

macro_rules! of_notice {
    ($scope:expr, $notice:expr) => {
        notice_files::table
            .filter(notice_files::practice_id.eq(practice($scope)?))
            .filter(notice_files::notice_id.eq($notice.to_string()))
    };
}

fn value((kind, ends_on, name, media_type, size, sha256, place, scan, document): Row) -> Result<Enclosed, StoreError> {
    Ok(Enclosed {
        kind: parsed(&kind)?,
        ends_on,
        name,
        file_type: FileType::of_media_type(&media_type)
            .ok_or_else(|| StoreError::Corrupt(format!("media type {media_type}")))?,
        size: count(size),
        sha256,
        place,
        scan: parsed(&scan)?,
        document: document.as_deref().map(parsed).transpose()?,
    })
}

/// The files of a notice, the first that came first.
///
/// # Errors
/// The database's.
pub fn of(conn: &mut Db, scope: &Scope, notice: NoticeId) -> Result<Vec<Enclosed>, StoreError> {
    let rows: Vec<Row> = of_notice!(scope, notice)
        .order((notice_files::added_at, notice_files::sha256))
        .select(columns!())
        .load(conn)?;
    rows.into_iter().map(value).collect()
}

/// The same once it is signed, as the documents that they are now.
///
/// # Errors
/// The database's.
pub fn documents_of(conn: &mut Db, scope: &Scope, notice: NoticeId) -> Result<Vec<Supporting>, StoreError> {
    let filed = documents::table.on(documents::practice_id
        .eq(notice_files::practice_id)
        .and(documents::id.nullable().eq(notice_files::document_id)));
    type Filed = (String, String, i32, String, String, Option<NaiveDate>, Option<chrono::NaiveDateTime>);
    let rows: Vec<Filed> = notice_files::table
        .inner_join(filed)
        .filter(notice_files::practice_id.eq(practice(scope)?))
        .filter(notice_files::notice_id.eq(notice.to_string()))
        .order((notice_files::added_at, notice_files::sha256))
        .select((
            documents::id,
            documents::name,
            documents::size,
            documents::sha256,
            documents::scan,
            documents::ends_on,
            documents::removed_at,
        ))
        .load(conn)?;
    let file = |(id, name, size, sha256, scan, ends_on, removed): Filed| {
        Ok(Supporting {
            document: parsed(&id)?,
            name,
            size: count(size),
            sha256,
            scan: parsed(&scan)?,
            ends_on,
            removed: removed.is_some(),
        })
    };
    rows.into_iter().map(file).collect()
}

/// Puts a file to a notice. Whoever does holds the vendor, and has looked that it is not there.
///
/// # Errors
/// The database's.
pub fn add(
    conn: &mut Db,
    scope: &Scope,
    notice: NoticeId,
    file: &Enclosed,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(notice_files::table)
        .values((
            notice_files::practice_id.eq(practice(scope)?),
            notice_files::notice_id.eq(notice.to_string()),
            notice_files::sha256.eq(&file.sha256),
            notice_files::kind.eq(file.kind.key()),
            notice_files::ends_on.eq(file.ends_on),
            notice_files::name.eq(&file.name),
            notice_files::media_type.eq(file.file_type.media_type()),
            notice_files::size.eq(stored_count(file.size)),
            notice_files::place.eq(&file.place),
            notice_files::scan.eq(file.scan.key()),
            notice_files::added_at.eq(stored(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Says anew what a file is: it was sent once more.
///
/// # Errors
/// The database's.
pub fn describe(
    conn: &mut Db,
    scope: &Scope,
    notice: NoticeId,
    sha256: &str,
    (kind, ends_on): (DocumentKind, Option<NaiveDate>),
) -> Result<(), StoreError> {
    diesel::update(of_notice!(scope, notice).filter(notice_files::sha256.eq(sha256)))
        .set((notice_files::kind.eq(kind.key()), notice_files::ends_on.eq(ends_on)))
        .execute(conn)?;
    Ok(())
}

/// Takes a file off, and says where its bytes are; `None` when there is none.
///
/// # Errors
/// The database's.
pub fn remove(conn: &mut Db, scope: &Scope, notice: NoticeId, sha256: &str) -> Result<Option<String>, StoreError> {
    let the_one = || {
        Ok::<_, StoreError>(
            of_notice!(scope, notice)
                .filter(notice_files::sha256.eq(sha256.to_owned()))
                .filter(notice_files::document_id.is_null()),
        )
    };
    let place: Option<String> = the_one()?.select(notice_files::place).get_result(conn).optional()?;
    diesel::delete(the_one()?).execute(conn)?;
    Ok(place)
}

/// Notes which document a file has become.
///
/// # Errors
/// The database's.
pub fn file(
    conn: &mut Db,
    scope: &Scope,
    notice: NoticeId,
    sha256: &str,
    document: DocumentId,
) -> Result<(), StoreError> {
    diesel::update(of_notice!(scope, notice).filter(notice_files::sha256.eq(sha256)))
        .set(notice_files::document_id.eq(Some(document.to_string())))
        .execute(conn)?;
    Ok(())
}

/// How many files the notices of a vendor have that are not signed.
///
/// # Errors
/// The database's.
pub fn waiting(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<usize, StoreError> {
    let told = notices::table
        .on(notices::practice_id.eq(notice_files::practice_id).and(notices::id.eq(notice_files::notice_id)));
    let waiting: i64 = notice_files::table
        .inner_join(told)
        .filter(notice_files::practice_id.eq(practice(scope)?))
        .filter(notices::vendor_id.eq(vendor.to_string()))
        .filter(notice_files::document_id.is_null())
        .select(count_star())
        .get_result(conn)?;
    Ok(usize::try_from(waiting).unwrap_or(usize::MAX))
}

/// Where the bytes of a notice's files are, as far as they are no documents.
///
/// # Errors
/// The database's.
pub fn places(conn: &mut Db, scope: &Scope, notice: NoticeId) -> Result<Vec<String>, StoreError> {
    Ok(of_notice!(scope, notice).filter(notice_files::document_id.is_null()).select(notice_files::place).load(conn)?)
}

/// The notices of all practices that were begun before `before` and never signed.
///
/// # Errors
/// The database's, or a scope of one practice only.
pub fn abandoned(
    conn: &mut Db,
    scope: &Scope,
    before: DateTime<Utc>,
) -> Result<Vec<(PracticeId, VendorId, NoticeId)>, StoreError> {
    if scope.practice().is_some() {
        return Err(StoreError::Scope);
    }
    let rows: Vec<(String, String, String)> = notices::table
        .filter(notices::signed_at.is_null())
        .filter(notices::begun_at.lt(stored(before)))
        .order((notices::practice_id, notices::id))
        .select((notices::practice_id, notices::vendor_id, notices::id))
        .load(conn)?;
    rows.into_iter().map(|(of, vendor, id)| Ok((parsed(&of)?, parsed(&vendor)?, parsed(&id)?))).collect()
}
