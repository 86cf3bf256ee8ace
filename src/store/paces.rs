//! How long respondents were at it, of all practices together and without saying whose.

use diesel::prelude::*;

use super::schema::paces;
use super::{Db, StoreError, count, stored_count};
use crate::domain::pace::Kind;

/// Rows that a median is made of. Ids are random, so these are a fair sample.
const SAMPLE: i64 = 501;

/// Notes one; `id` is random.
pub fn note(conn: &mut Db, id: &str, kind: &Kind, minutes: u32) -> Result<(), StoreError> {
    diesel::insert_into(paces::table)
        .values((
            paces::id.eq(id),
            paces::questionnaire.eq(&kind.questionnaire),
            paces::asked_set.eq(kind.set.key()),
            paces::again.eq(kind.again),
            paces::minutes.eq(stored_count(minutes)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The minutes of respondents of this kind.
pub fn sample(conn: &mut Db, kind: &Kind) -> Result<Vec<u32>, StoreError> {
    let minutes: Vec<i32> = paces::table
        .filter(paces::questionnaire.eq(&kind.questionnaire))
        .filter(paces::asked_set.eq(kind.set.key()))
        .filter(paces::again.eq(kind.again))
        .order(paces::id)
        .limit(SAMPLE)
        .select(paces::minutes)
        .load(conn)?;
    Ok(minutes.into_iter().map(count).collect())
}
