//! What reviewers decided about signed replies, and which versions they accepted.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::upsert::excluded;

use super::assessments::{Kept, kept};
use super::schema::{assessments, attestations, review_decisions, reviews};
use super::{Db, StoreError, from_json, parsed, per_backend, practice, stored, stored_count, to_json};
use crate::domain::access::Scope;
use crate::domain::ids::{AssessmentId, ReviewId, VendorId};
use crate::domain::review::{Decision, Decisions, Reviewed};
use crate::domain::scoring::Rating;

/// Everything that is known of the review of one assessment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// SHA-256 of the version in force.
    pub signed: Option<String>,
    pub decisions: Decisions,
    /// The newest acceptance, of whichever version.
    pub newest: Option<Reviewed>,
}

impl Review {
    /// The version in force was accepted.
    pub fn is_accepted(&self) -> bool {
        self.signed.is_some() && self.newest.as_ref().map(|one| &one.signed) == self.signed.as_ref()
    }
}

type DecisionRow = (String, String, Option<String>, Option<String>);

/// What was decided about single answers, whether or not it still holds.
///
/// # Errors
/// The database's.
pub fn decisions(conn: &mut Db, scope: &Scope, assessment: AssessmentId) -> Result<Decisions, StoreError> {
    let rows: Vec<DecisionRow> = review_decisions::table
        .filter(review_decisions::practice_id.eq(practice(scope)?))
        .filter(review_decisions::assessment_id.eq(assessment.to_string()))
        .select((review_decisions::slug, review_decisions::mark, review_decisions::na, review_decisions::checked))
        .load(conn)?;
    rows.into_iter()
        .map(|(slug, mark, na, checked)| {
            let (na, check) = (na.as_deref().map(from_json), checked.as_deref().map(from_json));
            Ok((slug, Decision { mark, na: na.transpose()?, check: check.transpose()? }))
        })
        .collect()
}

/// Writes what was decided about one answer over what was.
///
/// # Errors
/// The database's.
pub fn decide(
    conn: &mut Db,
    scope: &Scope,
    assessment: AssessmentId,
    slug: &str,
    decision: &Decision,
) -> Result<(), StoreError> {
    let row = (
        review_decisions::practice_id.eq(practice(scope)?),
        review_decisions::assessment_id.eq(assessment.to_string()),
        review_decisions::slug.eq(slug),
        review_decisions::mark.eq(&decision.mark),
        review_decisions::na.eq(decision.na.as_ref().map(to_json).transpose()?),
        review_decisions::checked.eq(decision.check.as_ref().map(to_json).transpose()?),
    );
    per_backend!(conn, c => diesel::insert_into(review_decisions::table)
        .values(row)
        .on_conflict((review_decisions::practice_id, review_decisions::assessment_id, review_decisions::slug))
        .do_update()
        .set((
            review_decisions::mark.eq(excluded(review_decisions::mark)),
            review_decisions::na.eq(excluded(review_decisions::na)),
            review_decisions::checked.eq(excluded(review_decisions::checked)),
        ))
        .execute(c))?;
    Ok(())
}

/// Keeps an acceptance with its score. Lines are added, never changed.
///
/// # Errors
/// The database's.
pub fn accept(
    conn: &mut Db,
    scope: &Scope,
    assessment: AssessmentId,
    reviewed: &Reviewed,
    score: &Kept,
) -> Result<(), StoreError> {
    diesel::insert_into(reviews::table)
        .values((
            reviews::practice_id.eq(practice(scope)?),
            reviews::id.eq(ReviewId::fresh().to_string()),
            reviews::assessment_id.eq(assessment.to_string()),
            reviews::signed.eq(&reviewed.signed),
            reviews::reviewed_by.eq(&reviewed.by),
            reviews::reviewed_at.eq(stored(reviewed.at)),
            reviews::reviewed_on.eq(reviewed.on),
            reviews::rating.eq(score.card.rating.key()),
            reviews::residual.eq(stored_count(score.card.residual)),
            reviews::record.eq(to_json(&score.card)?),
            reviews::input.eq(&score.input),
        ))
        .execute(conn)?;
    Ok(())
}

type Row = (String, String, NaiveDateTime, NaiveDate);

fn value((signed, by, at, on): Row) -> Reviewed {
    Reviewed { signed, by, at: at.and_utc(), on }
}

macro_rules! of_assessment {
    ($scope:expr, $assessment:expr) => {
        reviews::table
            .filter(reviews::practice_id.eq(practice($scope)?))
            .filter(reviews::assessment_id.eq($assessment.to_string()))
            // Ids made later sort later.
            .order((reviews::reviewed_at.desc(), reviews::id.desc()))
    };
}

/// The review of one assessment as it stands.
///
/// # Errors
/// The database's.
pub fn of(conn: &mut Db, scope: &Scope, assessment: AssessmentId) -> Result<Review, StoreError> {
    let signed: Option<String> = attestations::table
        .filter(attestations::practice_id.eq(practice(scope)?))
        .filter(attestations::assessment_id.eq(assessment.to_string()))
        .select(attestations::sha256)
        .get_result(conn)
        .optional()?;
    if signed.is_none() {
        return Ok(Review::default());
    }
    let newest: Option<Row> = of_assessment!(scope, assessment)
        .select((reviews::signed, reviews::reviewed_by, reviews::reviewed_at, reviews::reviewed_on))
        .limit(1)
        .get_result(conn)
        .optional()?;
    Ok(Review { signed, decisions: decisions(conn, scope, assessment)?, newest: newest.map(value) })
}

/// All acceptances of an assessment with their scores, the newest first.
///
/// # Errors
/// The database's.
pub fn accepted(conn: &mut Db, scope: &Scope, assessment: AssessmentId) -> Result<Vec<(Reviewed, Kept)>, StoreError> {
    let rows: Vec<(Row, String, String)> = of_assessment!(scope, assessment)
        .select((
            (reviews::signed, reviews::reviewed_by, reviews::reviewed_at, reviews::reviewed_on),
            reviews::record,
            reviews::input,
        ))
        .load(conn)?;
    rows.into_iter().map(|(row, record, input)| Ok((value(row), kept(&record, input)?))).collect()
}

/// The score as reviewed of each assessment of a vendor whose version in force was accepted:
/// rating and residual risk in basis points.
///
/// # Errors
/// The database's.
pub fn ratings(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<(AssessmentId, Rating, u32)>, StoreError> {
    let rows: Vec<(String, String, i32)> = reviews::table
        .inner_join(
            assessments::table
                .on(assessments::practice_id.eq(reviews::practice_id).and(assessments::id.eq(reviews::assessment_id))),
        )
        .inner_join(
            attestations::table.on(attestations::practice_id
                .eq(reviews::practice_id)
                .and(attestations::assessment_id.eq(reviews::assessment_id))),
        )
        .filter(reviews::practice_id.eq(practice(scope)?))
        .filter(assessments::vendor_id.eq(vendor.to_string()))
        .filter(attestations::sha256.eq(reviews::signed))
        .order((reviews::reviewed_at, reviews::id))
        .select((reviews::assessment_id, reviews::rating, reviews::residual))
        .load(conn)?;
    rows.iter().map(|(id, rating, residual)| Ok((parsed(id)?, parsed(rating)?, super::count(*residual)))).collect()
}
