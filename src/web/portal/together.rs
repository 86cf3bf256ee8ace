//! What of the work with others shows on the list of topics. All of it is only for whoever has
//! shown the mailbox: a browser with no more than the link learns of nobody else.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::problem::PortalError;
use super::respondent::Respondent;
use crate::app::App;
use crate::domain::civil_date;
use crate::flows::{requests, reuse};
use crate::store::invitations::Invitation;
use crate::store::{self, StoreError};

#[derive(Clone, Debug, Default, Serialize)]
pub struct Together {
    /// `2 from other practices`
    pub requests: Option<String>,
    /// `signed on May 3, 2026`
    pub offered: Option<String>,
    #[serde(skip)]
    colleagues: Vec<Invitation>,
}

impl Together {
    /// Who was asked for a section, in words.
    pub fn helpers(&self, section: &str) -> Vec<String> {
        let parts = self.colleagues.iter().filter_map(|one| one.part.as_ref());
        let named = parts.filter(|part| part.sections.contains(section));
        named.map(|part| format!("You asked {} to answer this.", part.name)).collect()
    }

    pub fn sample(text: &str) -> Self {
        Self { requests: Some(text.to_owned()), offered: Some(text.to_owned()), colleagues: Vec::new() }
    }
}

/// What there is for this respondent.
///
/// # Errors
/// The database's.
pub async fn of(app: &App, who: &Respondent, now: DateTime<Utc>) -> Result<Together, PortalError> {
    if who.part().is_some() || !who.verified() {
        return Ok(Together::default());
    }
    let (scope, id) = (who.opened.scope(), who.opened.assessment.id);
    let opened = who.opened.clone();
    let (mut colleagues, others, source) = app
        .read(move |conn| {
            let colleagues = store::invitations::colleagues(conn, &scope, id)?;
            let others = requests::others(conn, &opened, now)?.len();
            Ok::<_, StoreError>((colleagues, others, reuse::source(conn, &opened, now)?))
        })
        .await?;
    let offered = source.map(|source| format!("signed on {}", civil_date::say(source.on)));
    colleagues.retain(|one| one.revoked_at.is_none());
    Ok(Together { requests: counted(others), offered, colleagues })
}

/// `1 from another practice`; none where there is none.
pub fn counted(others: usize) -> Option<String> {
    match others {
        0 => None,
        1 => Some("1 from another practice".to_owned()),
        _ => Some(format!("{others} from other practices")),
    }
}
