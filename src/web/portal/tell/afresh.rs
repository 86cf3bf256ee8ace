//! In an open questionnaire: what the vendor told us of since its last signature, and the
//! questions that this bears on.

use serde::Serialize;

use crate::app::App;
use crate::domain::notice;
use crate::domain::questionnaire::{Question, Questionnaire};
use crate::flows::receive::Opened;
use crate::store::{self, StoreError};
use crate::web::portal::problem::PortalError;

/// A question to answer afresh.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Afresh {
    pub href: String,
    pub question: String,
    /// `on November 22, 2026 that the company gets a new owner`
    pub told: String,
}

/// The questions to answer afresh, in the order of the form.
///
/// # Errors
/// The database's.
pub async fn of(
    app: &App,
    opened: &Opened,
    form: &Questionnaire,
    applicable: &[&Question],
) -> Result<Vec<Afresh>, PortalError> {
    let (scope, vendor) = (opened.scope(), opened.assessment.vendor);
    let (notices, since) = app
        .read(move |conn| {
            let notices = store::notices::of_vendor(conn, &scope, vendor)?;
            // Most vendors never told of anything.
            let since = match notices.is_empty() {
                true => None,
                false => {
                    store::assessments::of_vendor(conn, &scope, vendor)?.iter().filter_map(|one| one.accepted_on).max()
                }
            };
            Ok::<_, StoreError>((notices, since))
        })
        .await?;
    let reasons = notice::ask_afresh(&notices, since);
    let topics = form.sections.iter().flat_map(|section| &section.topics);
    let asked = topics.flat_map(|topic| topic.questions.iter().map(move |question| (topic, question)));
    let line = |(topic, question): (&crate::domain::questionnaire::Topic, &Question)| {
        let told = reasons.get(question.slug.as_str())?;
        applicable.iter().any(|one| one.slug == question.slug).then(|| Afresh {
            href: format!("/respond/{}#{}", topic.id, question.slug),
            question: question.text.clone(),
            told: told.clone(),
        })
    };
    Ok(asked.filter_map(line).collect())
}
