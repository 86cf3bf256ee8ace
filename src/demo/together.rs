//! Those who were asked, and their colleagues: sections that somebody else answers, and word
//! that somebody else should answer all of it.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::DemoError;
use super::story::Character;
use super::walk::Walk;
use crate::flows::colleagues::{self, Wanted};
use crate::flows::handover::{self, Said};
use crate::flows::receive;
use crate::store::{self, Db};

/// A colleague answers so much on the first day.
const FIRST_ANSWERS: usize = 4;

/// Days ago, as everywhere in the story.
#[derive(Deserialize)]
pub struct Together {
    pub on: i64,
    #[serde(flatten)]
    what: What,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum What {
    /// A colleague is asked for sections, and begins; or answers `all` of it.
    Asks {
        name: String,
        email: String,
        sections: BTreeSet<String>,
        #[serde(default)]
        all: bool,
    },
    /// Someone else should answer.
    Names { name: String, email: String, why: String },
}

impl Together {
    pub fn happen(
        &self,
        walk: &Walk<'_>,
        conn: &mut Db,
        vendor: &Character,
        at: DateTime<Utc>,
    ) -> Result<(), DemoError> {
        let office = walk.office;
        let opened = walk.opened(conn, vendor, at)?;
        match &self.what {
            What::Names { name, email, why } => {
                let (name, email, why) = (name.clone(), Some(email.clone()), why.clone());
                handover::say(conn, office, &opened, &Said { pass_on: true, name, email, why }, false, at)?;
            }
            What::Asks { name, email, sections, all: finishes } => {
                let opened = walk.started(conn, vendor, at)?;
                let wanted = Wanted { name: name.clone(), email: email.clone(), sections: sections.clone() };
                colleagues::ask(conn, office, &opened, &wanted, at)?;
                walk.post(conn, at)?;
                let later = at + TimeDelta::hours(1);
                let all = store::invitations::colleagues(conn, &opened.scope(), opened.assessment.id)?;
                let theirs = all.last().ok_or_else(|| DemoError::Story(format!("{email} was not asked")))?;
                let token = office.key.invitation_token(theirs.id);
                let (_, opened) = receive::start(conn, office, &token, None, later)?;
                let form = opened.questionnaire(office)?;
                let mut answers =
                    walk.answers(&opened, vendor, vendor.life.replies.len().saturating_sub(1), self.on)?;
                answers.retain(|(slug, _)| theirs.part.as_ref().is_some_and(|part| part.includes(form, slug)));
                answers.truncate(if *finishes { answers.len() } else { FIRST_ANSWERS });
                receive::save(conn, &opened, &answers, later)?;
                colleagues::finished(conn, office, &opened, later)?;
            }
        }
        walk.post(conn, at)
    }
}
