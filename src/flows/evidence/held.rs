//! Where files go: under the answers of a reply, or, where it was signed, into its correction
//! until that is signed.

use chrono::{DateTime, Utc};

use super::EvidenceError;
use crate::domain::access::Scope;
use crate::domain::answers::support::{self, Files};
use crate::domain::correction::Correction;
use crate::domain::correction::files::Filed;
use crate::domain::ids::DocumentId;
use crate::domain::questionnaire::Question;
use crate::flows::receive::{self, Opened, ReceiveError};
use crate::store::evidence::Link;
use crate::store::{self, Db, StoreError};

/// Puts what was sent and taken off in a correction under the reply: it is being signed anew.
/// Files that the practice took off its pages support nothing in the new version.
///
/// # Errors
/// The database's.
pub(in crate::flows) fn apply(
    conn: &mut Db,
    opened: &Opened,
    open: &Correction,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (scope, assessment) = (opened.scope(), opened.assessment.id);
    let browser = opened.browser.as_ref().map(|browser| browser.hash.as_str()).unwrap_or_default();
    for (slug, files) in &open.files {
        for (&document, &filed) in files {
            if filed == Filed::Taken {
                // The document stays: the version before names it.
                store::evidence::remove(conn, &scope, assessment, slug, document)?;
            } else {
                let link = Link { assessment, slug, document, browser, sent: filed == Filed::Sent };
                store::evidence::add(conn, &scope, &link, now)?;
            }
        }
    }
    store::evidence::forget_removed(conn, &scope, assessment)
}

/// The files as whoever answers has them now: those of the reply, or of its correction.
///
/// # Errors
/// The database's.
pub fn current(conn: &mut Db, opened: &Opened, open: Option<&Correction>) -> Result<Files, StoreError> {
    let scope = opened.scope();
    let files = store::evidence::of(conn, &scope, opened.assessment.id)?;
    let files = match open {
        Some(open) => store::evidence::over(conn, &scope, files, open)?,
        None => files,
    };
    Ok(support::still_there(files))
}

/// A reply that files may be put under now, held against others.
pub struct Held {
    pub scope: Scope,
    /// The files as they stand.
    pub files: Files,
    /// The correction that they belong to, where the reply was signed before.
    open: Option<Correction>,
}

/// Holds the vendor, then the assessment or its correction, one of which must be open.
pub fn hold(conn: &mut Db, opened: &Opened) -> Result<Held, EvidenceError> {
    let scope = opened.scope();
    store::vendors::hold(conn, &scope, opened.assessment.vendor)?.ok_or(EvidenceError::NoSuchFile)?;
    let open = if opened.correction.is_some() {
        let open = store::corrections::open_of(conn, &scope, opened.assessment.id)?;
        Some(open.ok_or(ReceiveError::AlreadySigned)?)
    } else {
        receive::still_open(conn, opened)?;
        None
    };
    let files = current(conn, opened, open.as_ref())?;
    Ok(Held { scope, files, open })
}

impl Held {
    #[expect(clippy::too_many_arguments, reason = "the facts of one file under one answer")]
    pub fn put(
        &mut self,
        conn: &mut Db,
        opened: &Opened,
        question: &Question,
        document: DocumentId,
        name: &str,
        sent: bool,
        now: DateTime<Utc>,
    ) -> Result<(), EvidenceError> {
        let assessment = opened.assessment.id;
        let added = if let Some(open) = &mut self.open {
            let signed = store::evidence::of(conn, &self.scope, assessment)?;
            let added = open.put(&question.slug, document, sent, &signed);
            save(conn, &self.scope, open)?;
            added
        } else {
            let browser = opened.browser.as_ref().map(|browser| browser.hash.as_str()).unwrap_or_default();
            let link = Link { assessment, slug: &question.slug, document, browser, sent };
            store::evidence::add(conn, &self.scope, &link, now)?
        };
        if added {
            let sentence = format!("put the file “{name}” under the answer to “{}”", question.short);
            receive::note(conn, opened, &opened.invitation.sent_to, &sentence, now)?;
        }
        Ok(())
    }

    /// `None` when the file is not there; otherwise whether nothing uses it now that was sent.
    pub fn take_off(
        &mut self,
        conn: &mut Db,
        opened: &Opened,
        question: &Question,
        document: DocumentId,
    ) -> Result<Option<bool>, EvidenceError> {
        let (assessment, slug) = (opened.assessment.id, &question.slug);
        let Some(open) = &mut self.open else {
            return Ok(store::evidence::remove(conn, &self.scope, assessment, slug, document)?);
        };
        let signed = store::evidence::of(conn, &self.scope, assessment)?;
        let taken = open.take_off(slug, document, &signed);
        save(conn, &self.scope, open)?;
        // A file that another reply has was not sent for this one alone.
        Ok(match taken {
            Some(true) => Some(!store::evidence::is_used(conn, &self.scope, document)?),
            other => other,
        })
    }
}

fn save(conn: &mut Db, scope: &Scope, open: &Correction) -> Result<(), EvidenceError> {
    match store::corrections::save(conn, scope, open)? {
        true => Ok(()),
        false => Err(ReceiveError::AlreadySigned.into()),
    }
}
