//! Scores as they were kept, page by page: those of signatures in force, of versions that were
//! replaced, and of reviews.

use diesel::prelude::*;

use super::schema::{earlier_replies, reviews, scorecards};
use super::{Db, StoreError, practice};
use crate::domain::access::Scope;
use crate::domain::words::words;

words! {
    /// Where a score is kept.
    pub enum Shelf {
        Signed = "signed" => "at the signature",
        Replaced = "replaced" => "at the signature of a version that was replaced",
        Reviewed = "reviewed" => "at the review",
    }
}

/// A score to the byte.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct KeptScore {
    /// The assessment, or the review.
    pub id: String,
    /// Of a version that was replaced; else 0.
    pub version: i32,
    pub record: String,
    /// Empty in scores of before it was kept.
    pub input: String,
}

/// The next scores of a practice on a shelf, `most` at a time, after the one with that id and
/// version.
///
/// # Errors
/// The database's.
pub fn page(
    conn: &mut Db,
    scope: &Scope,
    shelf: Shelf,
    (id, version): (&str, i32),
    most: i64,
) -> Result<Vec<KeptScore>, StoreError> {
    let of = practice(scope)?;
    let zero = 0.into_sql::<diesel::sql_types::Integer>();
    Ok(match shelf {
        Shelf::Signed => scorecards::table
            .filter(scorecards::practice_id.eq(of))
            .filter(scorecards::assessment_id.gt(id))
            .order(scorecards::assessment_id)
            .limit(most)
            .select((scorecards::assessment_id, zero, scorecards::record, scorecards::input))
            .load(conn)?,
        Shelf::Replaced => earlier_replies::table
            .filter(earlier_replies::practice_id.eq(of))
            .filter(
                earlier_replies::assessment_id
                    .gt(id)
                    .or(earlier_replies::assessment_id.eq(id).and(earlier_replies::version.gt(version))),
            )
            .order((earlier_replies::assessment_id, earlier_replies::version))
            .limit(most)
            .select((
                earlier_replies::assessment_id,
                earlier_replies::version,
                earlier_replies::scorecard,
                earlier_replies::input,
            ))
            .load(conn)?,
        Shelf::Reviewed => reviews::table
            .filter(reviews::practice_id.eq(of))
            .filter(reviews::id.gt(id))
            .order(reviews::id)
            .limit(most)
            .select((reviews::id, zero, reviews::record, reviews::input))
            .load(conn)?,
    })
}
