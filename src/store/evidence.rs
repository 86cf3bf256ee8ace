//! Which file supports which answer.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::schema::{assessments, documents, evidence};
use super::{Db, StoreError, count, parsed, per_backend, practice, stored};
use crate::domain::access::Scope;
use crate::domain::answers::support::{Files, Supporting};
use crate::domain::correction::Correction;
use crate::domain::ids::{AssessmentId, DocumentId, VendorId};

/// A file is put under an answer.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    pub assessment: AssessmentId,
    pub slug: &'a str,
    pub document: DocumentId,
    /// SHA-256 of the browser's cookie; empty where it is none of a respondent's.
    pub browser: &'a str,
    /// The file came with it; otherwise one that was there is used again.
    pub sent: bool,
}

type Row = (String, String, String, i32, String, String, Option<NaiveDate>, Option<NaiveDateTime>);

macro_rules! joined {
    ($scope:expr) => {
        evidence::table
            .inner_join(
                documents::table
                    .on(documents::practice_id.eq(evidence::practice_id).and(documents::id.eq(evidence::document_id))),
            )
            .filter(evidence::practice_id.eq(practice($scope)?))
    };
}

macro_rules! columns {
    () => {
        (
            evidence::slug,
            documents::id,
            documents::name,
            documents::size,
            documents::sha256,
            documents::scan,
            documents::ends_on,
            documents::removed_at,
        )
    };
}

fn value((slug, id, name, size, sha256, scan, ends_on, removed): Row) -> Result<(String, Supporting), StoreError> {
    let size = count(size);
    let (document, scan) = (parsed(&id)?, parsed(&scan)?);
    Ok((slug, Supporting { document, name, size, sha256, scan, ends_on, removed: removed.is_some() }))
}

fn by_question(rows: impl IntoIterator<Item = Row>) -> Result<Files, StoreError> {
    let mut files = Files::new();
    for row in rows {
        let (slug, file) = value(row)?;
        files.entry(slug).or_default().push(file);
    }
    Ok(files)
}

/// The files of an assessment, by question, the first that came first.
///
/// # Errors
/// The database's.
pub fn of(conn: &mut Db, scope: &Scope, assessment: AssessmentId) -> Result<Files, StoreError> {
    let rows: Vec<Row> = joined!(scope)
        .filter(evidence::assessment_id.eq(assessment.to_string()))
        .order((evidence::slug, documents::added_at, documents::id))
        .select(columns!())
        .load(conn)?;
    by_question(rows)
}

/// The same as seen from a browser: and the questions for which another one put a file there.
///
/// # Errors
/// The database's.
pub fn seen_from(
    conn: &mut Db,
    scope: &Scope,
    assessment: AssessmentId,
    browser: &str,
) -> Result<(Files, BTreeSet<String>), StoreError> {
    let rows: Vec<(Row, String)> = joined!(scope)
        .filter(evidence::assessment_id.eq(assessment.to_string()))
        .order((evidence::slug, documents::added_at, documents::id))
        .select((columns!(), evidence::browser))
        .load(conn)?;
    let others = rows.iter().filter(|(_, from)| from != browser).map(|(row, _)| row.0.clone()).collect();
    Ok((by_question(rows.into_iter().map(|(row, _)| row))?, others))
}

/// The files of a reply that is opened again, as they stand in the correction.
///
/// # Errors
/// The database's.
pub fn over(conn: &mut Db, scope: &Scope, files: Files, open: &Correction) -> Result<Files, StoreError> {
    let ids = open.documents();
    let rows: Vec<(String, String, i32, String, String, Option<NaiveDate>, Option<NaiveDateTime>)> = documents::table
        .filter(documents::practice_id.eq(practice(scope)?))
        .filter(documents::id.eq_any(ids.iter().map(ToString::to_string)))
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
    let file = |(id, name, size, sha256, scan, ends_on, removed)| {
        value((String::new(), id, name, size, sha256, scan, ends_on, removed)).map(|(_, file)| (file.document, file))
    };
    let known = rows.into_iter().map(file).collect::<Result<_, _>>()?;
    Ok(open.files_over(files, &known))
}

/// Puts a file under an answer; false when it is there.
///
/// # Errors
/// The database's.
pub fn add(conn: &mut Db, scope: &Scope, link: &Link<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let row = (
        evidence::practice_id.eq(practice(scope)?),
        evidence::assessment_id.eq(link.assessment.to_string()),
        evidence::slug.eq(link.slug),
        evidence::document_id.eq(link.document.to_string()),
        evidence::added_at.eq(stored(now)),
        evidence::browser.eq(link.browser),
        evidence::sent.eq(link.sent),
    );
    let added =
        per_backend!(conn, c => diesel::insert_into(evidence::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(added == 1)
}

/// Takes a file from under an answer. `None` when it is not there; otherwise whether the file
/// had been sent for this reply, and no answer of any reply has it now.
///
/// # Errors
/// The database's.
pub fn remove(
    conn: &mut Db,
    scope: &Scope,
    assessment: AssessmentId,
    slug: &str,
    document: DocumentId,
) -> Result<Option<bool>, StoreError> {
    let (of, document) = (practice(scope)?, document.to_string());
    let uses = || {
        evidence::table.filter(evidence::practice_id.eq(of.clone())).filter(evidence::document_id.eq(document.clone()))
    };
    let here = || uses().filter(evidence::assessment_id.eq(assessment.to_string()));
    let sent: Vec<bool> = here().filter(evidence::slug.eq(slug)).select(evidence::sent).load(conn)?;
    let Some(&sent) = sent.first() else { return Ok(None) };
    diesel::delete(here().filter(evidence::slug.eq(slug))).execute(conn)?;
    if sent {
        // Another answer keeps the memory of who sent it.
        diesel::update(here()).set(evidence::sent.eq(true)).execute(conn)?;
    }
    let left: i64 = uses().count().get_result(conn)?;
    Ok(Some(sent && left == 0))
}

/// Whether any answer has the document under it.
///
/// # Errors
/// The database's.
pub fn is_used(conn: &mut Db, scope: &Scope, document: DocumentId) -> Result<bool, StoreError> {
    let uses = evidence::table
        .filter(evidence::practice_id.eq(practice(scope)?))
        .filter(evidence::document_id.eq(document.to_string()));
    let uses: i64 = uses.count().get_result(conn)?;
    Ok(uses > 0)
}

/// Forgets the files of an assessment that were taken off the practice's pages: before it is
/// signed.
///
/// # Errors
/// The database's.
pub fn forget_removed(conn: &mut Db, scope: &Scope, assessment: AssessmentId) -> Result<(), StoreError> {
    let of = practice(scope)?;
    let files = self::of(conn, scope, assessment)?;
    let removed = files.values().flatten().filter(|file| file.removed).map(|file| file.document.to_string());
    diesel::delete(
        evidence::table
            .filter(evidence::practice_id.eq(of))
            .filter(evidence::assessment_id.eq(assessment.to_string()))
            .filter(evidence::document_id.eq_any(removed.collect::<BTreeSet<_>>())),
    )
    .execute(conn)?;
    Ok(())
}

/// The files of a vendor's signed replies that are still on the practice's pages, each once, the
/// newest first.
///
/// # Errors
/// The database's.
pub fn signed_before(conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Vec<Supporting>, StoreError> {
    let signed = assessments::table
        .filter(assessments::practice_id.eq(practice(scope)?))
        .filter(assessments::vendor_id.eq(vendor.to_string()))
        .filter(assessments::accepted_on.is_not_null())
        .select(assessments::id);
    let rows: Vec<Row> = joined!(scope)
        .filter(evidence::assessment_id.eq_any(signed))
        .filter(documents::removed_at.is_null())
        .order((documents::added_at.desc(), documents::id))
        .select(columns!())
        .load(conn)?;
    let mut seen = BTreeSet::new();
    let files = rows.into_iter().map(|row| value(row).map(|(_, file)| file));
    files.filter(|file| file.as_ref().is_ok_and(|file| seen.insert(file.document)) || file.is_err()).collect()
}

/// What each document of a vendor supports: the questionnaire that was asked, and the question.
///
/// # Errors
/// The database's.
pub fn supports(
    conn: &mut Db,
    scope: &Scope,
    vendor: VendorId,
) -> Result<BTreeMap<DocumentId, BTreeSet<(String, String)>>, StoreError> {
    let asked = assessments::table
        .on(assessments::practice_id.eq(evidence::practice_id).and(assessments::id.eq(evidence::assessment_id)));
    let rows: Vec<(String, String, String)> = evidence::table
        .inner_join(asked)
        .filter(evidence::practice_id.eq(practice(scope)?))
        .filter(assessments::vendor_id.eq(vendor.to_string()))
        .select((evidence::document_id, assessments::questionnaire, evidence::slug))
        .load(conn)?;
    let mut supports = BTreeMap::<_, BTreeSet<_>>::new();
    for (document, questionnaire, slug) in rows {
        supports.entry(parsed(&document)?).or_default().insert((questionnaire, slug));
    }
    Ok(supports)
}
