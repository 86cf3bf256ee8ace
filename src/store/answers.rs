//! Answers, one row a question, as they are saved page by page.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel::upsert::excluded;

use super::schema::answers;
use super::{Db, StoreError, from_json, per_backend, practice, stored, to_json};
use crate::domain::access::Scope;
use crate::domain::answers::support::Files;
use crate::domain::answers::{Answer, Answers};
use crate::domain::ids::AssessmentId;

/// Who saves an answer.
#[derive(Clone, Copy, Debug)]
pub struct SavedBy<'a> {
    /// SHA-256 of the browser's cookie; empty where it is none of a respondent's.
    pub browser: &'a str,
    /// The address that was asked there.
    pub address: &'a str,
}

/// Writes one answer over the last.
pub fn save(
    conn: &mut Db,
    scope: &Scope,
    assessment: AssessmentId,
    slug: &str,
    answer: &Answer,
    by: SavedBy<'_>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = (
        answers::practice_id.eq(practice(scope)?),
        answers::assessment_id.eq(assessment.to_string()),
        answers::slug.eq(slug),
        answers::answer.eq(to_json(answer)?),
        answers::saved_at.eq(stored(now)),
        answers::browser.eq(by.browser),
        answers::saved_by.eq(by.address),
    );
    per_backend!(conn, c => diesel::insert_into(answers::table)
        .values(row)
        .on_conflict((answers::practice_id, answers::assessment_id, answers::slug))
        .do_update()
        .set((
            answers::answer.eq(excluded(answers::answer)),
            answers::saved_at.eq(excluded(answers::saved_at)),
            answers::browser.eq(excluded(answers::browser)),
            answers::saved_by.eq(excluded(answers::saved_by)),
        ))
        .execute(c))?;
    Ok(())
}

/// Takes an answer back: the question is blank again.
pub fn clear(conn: &mut Db, scope: &Scope, assessment: AssessmentId, slug: &str) -> Result<(), StoreError> {
    diesel::delete(
        answers::table
            .filter(answers::practice_id.eq(practice(scope)?))
            .filter(answers::assessment_id.eq(assessment.to_string()))
            .filter(answers::slug.eq(slug)),
    )
    .execute(conn)?;
    Ok(())
}

/// All answers of an assessment.
pub fn of(conn: &mut Db, scope: &Scope, assessment: AssessmentId) -> Result<Answers, StoreError> {
    let rows: Vec<(String, String)> = answers::table
        .filter(answers::practice_id.eq(practice(scope)?))
        .filter(answers::assessment_id.eq(assessment.to_string()))
        .select((answers::slug, answers::answer))
        .load(conn)?;
    rows.into_iter().map(|(slug, answer)| Ok((slug, from_json(&answer)?))).collect()
}

/// When each answer was last saved.
pub fn saved_at(conn: &mut Db, scope: &Scope, assessment: AssessmentId) -> Result<Vec<DateTime<Utc>>, StoreError> {
    let rows: Vec<NaiveDateTime> = answers::table
        .filter(answers::practice_id.eq(practice(scope)?))
        .filter(answers::assessment_id.eq(assessment.to_string()))
        .select(answers::saved_at)
        .load(conn)?;
    Ok(rows.into_iter().map(|at| at.and_utc()).collect())
}

/// All answers, as a respondent's pages need them.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub answers: Answers,
    /// Questions whose earlier answer was said to be still true.
    pub confirmed: BTreeSet<String>,
    /// Those that another browser than the one that asks saved, or sent a file for.
    pub others: BTreeSet<String>,
    /// The files that support them.
    pub files: Files,
}

/// All answers as seen from a browser.
pub fn sheet(conn: &mut Db, scope: &Scope, assessment: AssessmentId, browser: &str) -> Result<Sheet, StoreError> {
    let rows: Vec<(String, String, String, Option<String>)> = answers::table
        .filter(answers::practice_id.eq(practice(scope)?))
        .filter(answers::assessment_id.eq(assessment.to_string()))
        .select((answers::slug, answers::answer, answers::browser, answers::same_as))
        .load(conn)?;
    let (files, others) = super::evidence::seen_from(conn, scope, assessment, browser)?;
    let mut sheet = Sheet { files, others, ..Sheet::default() };
    for (slug, answer, from, same_as) in rows {
        if from != browser {
            sheet.others.insert(slug.clone());
        }
        if same_as.is_some() {
            sheet.confirmed.insert(slug.clone());
        }
        sheet.answers.insert(slug, from_json(&answer)?);
    }
    Ok(sheet)
}

/// Notes for one answer which earlier assessment's it confirms; `None`: it was given afresh.
pub fn set_same_as(
    conn: &mut Db,
    scope: &Scope,
    assessment: AssessmentId,
    slug: &str,
    earlier: Option<AssessmentId>,
) -> Result<(), StoreError> {
    diesel::update(
        answers::table
            .filter(answers::practice_id.eq(practice(scope)?))
            .filter(answers::assessment_id.eq(assessment.to_string()))
            .filter(answers::slug.eq(slug)),
    )
    .set(answers::same_as.eq(earlier.map(|id| id.to_string())))
    .execute(conn)?;
    Ok(())
}

/// The answers to these questions only: for one page.
pub fn some(conn: &mut Db, scope: &Scope, assessment: AssessmentId, slugs: &[&str]) -> Result<Answers, StoreError> {
    let rows: Vec<(String, String)> = answers::table
        .filter(answers::practice_id.eq(practice(scope)?))
        .filter(answers::assessment_id.eq(assessment.to_string()))
        .filter(answers::slug.eq_any(slugs))
        .select((answers::slug, answers::answer))
        .load(conn)?;
    let read: Result<BTreeMap<_, _>, StoreError> =
        rows.into_iter().map(|(slug, answer)| Ok((slug, from_json(&answer)?))).collect();
    read
}

/// Which address saved each answer, by question; empty where the practice typed it in.
///
/// # Errors
/// The database's.
pub fn savers(conn: &mut Db, scope: &Scope, assessment: AssessmentId) -> Result<BTreeMap<String, String>, StoreError> {
    let rows: Vec<(String, String)> = answers::table
        .filter(answers::practice_id.eq(practice(scope)?))
        .filter(answers::assessment_id.eq(assessment.to_string()))
        .select((answers::slug, answers::saved_by))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}
