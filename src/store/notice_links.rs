//! The standing links by which vendors tell of changes, and the browsers that came by one.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::schema::{notice_links, practices, vendors};
use super::{Db, StoreError, parsed, practice, stored};
use crate::domain::access::Scope;
use crate::domain::ids::{NoticeLinkId, VendorId};
use crate::domain::practice::Practice;

/// One standing link, without its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeLink {
    pub id: NoticeLinkId,
    pub vendor: VendorId,
    pub made_at: DateTime<Utc>,
    pub made_by: String,
    pub revoked_at: Option<DateTime<Utc>>,
}

type Row = (String, String, NaiveDateTime, String, Option<NaiveDateTime>);

macro_rules! columns {
    () => {
        (
            notice_links::id,
            notice_links::vendor_id,
            notice_links::made_at,
            notice_links::made_by,
            notice_links::revoked_at,
        )
    };
}

fn value((id, vendor, made_at, made_by, revoked_at): Row) -> Result<NoticeLink, StoreError> {
    Ok(NoticeLink {
        id: parsed(&id)?,
        vendor: parsed(&vendor)?,
        made_at: made_at.and_utc(),
        made_by,
        revoked_at: revoked_at.map(|at| at.and_utc()),
    })
}

/// Keeps a new link by the SHA-256 of its token.
///
/// # Errors
/// The database's.
pub fn add(conn: &mut Db, scope: &Scope, new: &NoticeLink, token_hash: &str) -> Result<(), StoreError> {
    diesel::insert_into(notice_links::table)
        .values((
            notice_links::practice_id.eq(practice(scope)?),
            notice_links::id.eq(new.id.to_string()),
            notice_links::vendor_id.eq(new.vendor.to_string()),
            notice_links::token_hash.eq(token_hash),
            notice_links::made_at.eq(stored(new.made_at)),
            notice_links::made_by.eq(&new.made_by),
        ))
        .execute(conn)?;
    Ok(())
}

/// The newest link of a vendor that still works.
///
/// # Errors
/// The database's.
pub fn live(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Option<NoticeLink>, StoreError> {
    let rows: Vec<Row> = notice_links::table
        .filter(notice_links::practice_id.eq(practice(scope)?))
        .filter(notice_links::vendor_id.eq(vendor.to_string()))
        .filter(notice_links::revoked_at.is_null())
        // Ids made later sort later.
        .order(notice_links::id.desc())
        .select(columns!())
        .load(conn)?;
    rows.into_iter().next().map(value).transpose()
}

/// Ends every link of a vendor; how many worked until now.
///
/// # Errors
/// The database's.
pub fn revoke(conn: &mut Db, scope: &Scope, vendor: VendorId, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let ended = diesel::update(
        notice_links::table
            .filter(notice_links::practice_id.eq(practice(scope)?))
            .filter(notice_links::vendor_id.eq(vendor.to_string()))
            .filter(notice_links::revoked_at.is_null()),
    )
    .set(notice_links::revoked_at.eq(Some(stored(now))))
    .execute(conn)?;
    Ok(ended)
}

/// What a link opens: its practice, and the vendor's name. The token names the practice, so
/// no scope is asked for.
///
/// # Errors
/// The database's.
pub fn by_token(conn: &mut Db, token_hash: &str) -> Result<Option<(NoticeLink, Practice, String)>, StoreError> {
    let row: Option<(Row, super::practices::Row, String)> = notice_links::table
        .inner_join(practices::table.on(practices::id.eq(notice_links::practice_id)))
        .inner_join(
            vendors::table
                .on(vendors::practice_id.eq(notice_links::practice_id).and(vendors::id.eq(notice_links::vendor_id))),
        )
        .filter(notice_links::token_hash.eq(token_hash))
        .select((columns!(), super::practices::COLUMNS, vendors::name))
        .get_result(conn)
        .optional()?;
    row.map(|(link, practice, name)| Ok((value(link)?, super::practices::value(practice)?, name))).transpose()
}

/// Since when a link no longer works; `None` when it does, or is none of ours.
///
/// # Errors
/// The database's.
pub fn revoked_at(conn: &mut Db, scope: &Scope, id: NoticeLinkId) -> Result<Option<DateTime<Utc>>, StoreError> {
    let at: Option<Option<NaiveDateTime>> = notice_links::table
        .filter(notice_links::practice_id.eq(practice(scope)?))
        .filter(notice_links::id.eq(id.to_string()))
        .select(notice_links::revoked_at)
        .get_result(conn)
        .optional()?;
    Ok(at.flatten().map(|at| at.and_utc()))
}
