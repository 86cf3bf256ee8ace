//! Moves what hangs on one vendor to another. Only rows: what is kept is decided elsewhere.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::schema::{
    acceptances, agreements, assessments, changes, contacts, documents, endings, exceptions, flags, handovers,
    incidents, letters, notice_links, notices, vendor_tags, vendors,
};
use super::{Db, StoreError, parsed, per_backend, practice, stored};
use crate::domain::access::Scope;
use crate::domain::ids::{AgreementId, AssessmentId, VendorId};
use crate::domain::merge::Signed;
use crate::domain::vendor::name_key;

/// How much hangs on a vendor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    pub contacts: i64,
    pub agreements: i64,
    pub documents: i64,
    pub assessments: i64,
    pub flags: i64,
    pub letters: i64,
    pub tags: i64,
    pub subcontractors: i64,
}

/// Counts what hangs on a vendor.
///
/// # Errors
/// The database's.
pub fn load(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Load, StoreError> {
    let (of, id) = (practice(scope)?, vendor.to_string());
    macro_rules! counted {
        ($table:ident) => {
            $table::table
                .filter($table::practice_id.eq(&of))
                .filter($table::vendor_id.eq(&id))
                .select(count_star())
                .get_result(conn)?
        };
    }
    Ok(Load {
        contacts: counted!(contacts),
        agreements: counted!(agreements),
        documents: counted!(documents),
        assessments: counted!(assessments),
        flags: counted!(flags),
        letters: counted!(letters),
        tags: counted!(vendor_tags),
        subcontractors: vendors::table
            .filter(vendors::practice_id.eq(&of))
            .filter(vendors::parent_id.eq(&id))
            .select(count_star())
            .get_result(conn)?,
    })
}

/// The agreements of both, as far as their place among the versions goes.
///
/// # Errors
/// The database's.
pub fn signed(conn: &mut Db, scope: &Scope, both: [VendorId; 2]) -> Result<Vec<Signed>, StoreError> {
    let rows: Vec<(String, Option<NaiveDate>, NaiveDateTime)> = agreements::table
        .filter(agreements::practice_id.eq(practice(scope)?))
        .filter(agreements::vendor_id.eq_any(both.map(|id| id.to_string())))
        .select((agreements::id, agreements::signed_on, agreements::recorded_at))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, signed_on, at)| Ok(Signed { id: parsed(&id)?, signed_on, recorded_at: at.and_utc() }))
        .collect()
}

/// Numbers are unique within a vendor: all are first lifted out of the way, beyond any that
/// there may be.
const OUT_OF_THE_WAY: i32 = 1_000_000;

/// Moves agreements to `into` and numbers them as said.
///
/// # Errors
/// The database's.
pub fn move_agreements(
    conn: &mut Db,
    scope: &Scope,
    into: VendorId,
    versions: &[(AgreementId, i32)],
) -> Result<(), StoreError> {
    let of = practice(scope)?;
    for lift in [OUT_OF_THE_WAY, 0] {
        for (id, version) in versions {
            diesel::update(
                agreements::table.filter(agreements::practice_id.eq(&of)).filter(agreements::id.eq(id.to_string())),
            )
            .set((agreements::vendor_id.eq(into.to_string()), agreements::version.eq(version + lift)))
            .execute(conn)?;
        }
    }
    Ok(())
}

/// Moves assessments to `into` and numbers their cycles as said.
///
/// # Errors
/// The database's.
pub fn move_assessments(
    conn: &mut Db,
    scope: &Scope,
    into: VendorId,
    cycles: &[(AssessmentId, i32)],
) -> Result<(), StoreError> {
    let of = practice(scope)?;
    for lift in [OUT_OF_THE_WAY, 0] {
        for (id, cycle) in cycles {
            diesel::update(
                assessments::table.filter(assessments::practice_id.eq(&of)).filter(assessments::id.eq(id.to_string())),
            )
            .set((assessments::vendor_id.eq(into.to_string()), assessments::cycle.eq(cycle + lift)))
            .execute(conn)?;
        }
    }
    Ok(())
}

/// Moves contacts; the preferred one of `from` becomes the preferred one of `into` where
/// `prefer_theirs`, and where `into` has none.
///
/// # Errors
/// The database's.
pub fn move_contacts(
    conn: &mut Db,
    scope: &Scope,
    from: VendorId,
    into: VendorId,
    prefer_theirs: bool,
) -> Result<(), StoreError> {
    let of = practice(scope)?;
    let has_preferred = |conn: &mut Db, vendor: VendorId| -> Result<bool, StoreError> {
        let found = contacts::table
            .filter(contacts::practice_id.eq(&of))
            .filter(contacts::vendor_id.eq(vendor.to_string()))
            .filter(contacts::preferred.eq(true));
        Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn)?)
    };
    let theirs = has_preferred(conn, from)? && (prefer_theirs || !has_preferred(conn, into)?);
    let steps_back = if theirs { into } else { from };
    diesel::update(
        contacts::table
            .filter(contacts::practice_id.eq(&of))
            .filter(contacts::vendor_id.eq(steps_back.to_string()))
            .filter(contacts::preferred.eq(true)),
    )
    .set(contacts::preferred.eq(false))
    .execute(conn)?;
    diesel::update(
        contacts::table.filter(contacts::practice_id.eq(&of)).filter(contacts::vendor_id.eq(from.to_string())),
    )
    .set(contacts::vendor_id.eq(into.to_string()))
    .execute(conn)?;
    Ok(())
}

/// Moves documents, letters, endings, notices with their links, tags, flags and the vendors below. An open flag that
/// `into` has open as well is closed.
///
/// # Errors
/// The database's.
pub fn move_rest(
    conn: &mut Db,
    scope: &Scope,
    from: VendorId,
    into: VendorId,
    on: NaiveDate,
) -> Result<(), StoreError> {
    let (of, from, into) = (practice(scope)?, from.to_string(), into.to_string());
    macro_rules! moved {
        ($table:ident) => {
            diesel::update($table::table.filter($table::practice_id.eq(&of)).filter($table::vendor_id.eq(&from)))
                .set($table::vendor_id.eq(&into))
                .execute(conn)?
        };
    }
    moved!(documents);
    moved!(endings);
    moved!(notice_links);
    moved!(notices);
    moved!(changes);
    moved!(exceptions);
    moved!(acceptances);
    moved!(handovers);
    moved!(incidents);
    super::actions::move_to(conn, &of, &from, &into, on)?;
    diesel::update(letters::table.filter(letters::practice_id.eq(&of)).filter(letters::vendor_id.eq(&from)))
        .set(letters::vendor_id.eq(Some(&into)))
        .execute(conn)?;
    move_flags(conn, &of, &from, &into, on)?;
    let tags: Vec<String> = vendor_tags::table
        .filter(vendor_tags::practice_id.eq(&of))
        .filter(vendor_tags::vendor_id.eq(&from))
        .select(vendor_tags::tag)
        .load(conn)?;
    for tag in tags {
        let row = (vendor_tags::practice_id.eq(&of), vendor_tags::vendor_id.eq(&into), vendor_tags::tag.eq(tag));
        per_backend!(conn, c => diesel::insert_into(vendor_tags::table).values(row).on_conflict_do_nothing().execute(c))?;
    }
    diesel::delete(
        vendor_tags::table.filter(vendor_tags::practice_id.eq(&of)).filter(vendor_tags::vendor_id.eq(&from)),
    )
    .execute(conn)?;
    diesel::update(
        vendors::table
            .filter(vendors::practice_id.eq(&of))
            .filter(vendors::parent_id.eq(&from))
            .filter(vendors::id.ne(&into)),
    )
    .set(vendors::parent_id.eq(Some(&into)))
    .execute(conn)?;
    Ok(())
}

fn move_flags(conn: &mut Db, of: &str, from: &str, into: &str, on: NaiveDate) -> Result<(), StoreError> {
    let open = |vendor: &str| {
        flags::table
            .filter(flags::practice_id.eq(of.to_owned()))
            .filter(flags::vendor_id.eq(vendor.to_owned()))
            .filter(flags::closed_on.is_null())
            .select((flags::id, flags::kind, flags::subject))
    };
    let theirs: Vec<(String, String, String)> = open(from).load(conn)?;
    let mine: Vec<(String, String, String)> = open(into).load(conn)?;
    let double: Vec<&String> = theirs
        .iter()
        .filter(|(_, kind, subject)| mine.iter().any(|(_, other, about)| (kind, subject) == (other, about)))
        .map(|(id, ..)| id)
        .collect();
    diesel::update(flags::table.filter(flags::practice_id.eq(of)).filter(flags::id.eq_any(double)))
        .set(flags::closed_on.eq(Some(on)))
        .execute(conn)?;
    diesel::update(flags::table.filter(flags::practice_id.eq(of)).filter(flags::vendor_id.eq(from)))
        .set(flags::vendor_id.eq(into))
        .execute(conn)?;
    Ok(())
}

/// Puts the emptied record into the archive as a part of `into`. It gives up its number, and
/// its name to whoever wants it: the kept record may take either.
///
/// # Errors
/// The database's.
pub fn put_away(
    conn: &mut Db,
    scope: &Scope,
    id: VendorId,
    name: &str,
    into: VendorId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let of = practice(scope)?;
    // What was merged into it before is found where it is now.
    diesel::update(vendors::table.filter(vendors::practice_id.eq(&of)).filter(vendors::merged_into.eq(id.to_string())))
        .set(vendors::merged_into.eq(Some(into.to_string())))
        .execute(conn)?;
    diesel::update(vendors::table.filter(vendors::practice_id.eq(&of)).filter(vendors::id.eq(id.to_string())))
        .set((
            // A key of a name has no space in it, so that this is nobody's.
            vendors::name_key.eq(format!("{} {id}", name_key(name))),
            vendors::external_id.eq(None::<String>),
            vendors::parent_id.eq(None::<String>),
            vendors::merged_into.eq(Some(into.to_string())),
            vendors::archived_at.eq(Some(stored(now))),
            vendors::updated_at.eq(stored(now)),
        ))
        .execute(conn)?;
    Ok(())
}
