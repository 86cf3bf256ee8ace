//! What becomes of corrective actions in the story: chosen by the practice, answered by the
//! vendor, sent back, verified, cancelled.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::DemoError;
use crate::domain::access::Scope;
use crate::domain::action::{Action, due, wanted};
use crate::domain::assessment::{self, Assessment};
use crate::domain::entry::Actor;
use crate::domain::ids::VendorId;
use crate::domain::practice::Practice;
use crate::flows::actions::{self, Chosen};
use crate::flows::{Office, receive};
use crate::store::{self, Db};

/// Days ago, as everywhere in the story.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fix {
    pub on: i64,
    does: Does,
    /// Of several, with blanks between.
    question: String,
    #[serde(default)]
    says: String,
    /// The new day of what is sent back.
    by: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Does {
    Chooses,
    Replies,
    SendsBack,
    Verifies,
    Cancels,
}

impl Fix {
    fn odd(&self, why: &dyn std::fmt::Display) -> DemoError {
        DemoError::Story(format!("{} of {} days ago: {why}", self.question, self.on))
    }

    fn reply(&self, conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<Assessment, DemoError> {
        let all = store::assessments::of_vendor(conn, scope, vendor)?;
        assessment::last_signed(&all).cloned().ok_or_else(|| self.odd(&"nothing is signed"))
    }

    pub fn happen(
        &self,
        conn: &mut Db,
        office: &Office,
        practice: &Practice,
        vendor: VendorId,
        by: &Actor,
        now: DateTime<Utc>,
    ) -> Result<(), DemoError> {
        let scope = Scope::Practice(practice.id);
        if self.does == Does::Chooses {
            return self.choose(conn, office, practice, vendor, by, now);
        }
        for slug in self.question.split_whitespace() {
            let open = store::actions::open_of(conn, &scope, vendor)?;
            let one = open.into_iter().find(|one| one.slug == slug).ok_or_else(|| self.odd(&"nothing is open"))?;
            self.settle(conn, office, practice, &one, by, now)?;
        }
        Ok(())
    }

    fn settle(
        &self,
        conn: &mut Db,
        office: &Office,
        practice: &Practice,
        one: &Action,
        by: &Actor,
        now: DateTime<Utc>,
    ) -> Result<(), DemoError> {
        let (scope, text) = (Scope::Practice(practice.id), self.says.as_str());
        let settled = match self.does {
            Does::Chooses => Ok(()),
            Does::Replies => {
                let reply = self.reply(conn, &scope, one.vendor)?;
                let link = store::invitations::latest(conn, &scope, reply.id)?.ok_or_else(|| self.odd(&"no link"))?;
                let opened = receive::open(conn, &office.key.invitation_token(link.id), now)?;
                return actions::reply(conn, office, &opened, one.id, text, now).map_err(|error| self.odd(&error));
            }
            Does::SendsBack => {
                let by_day = self.by.ok_or_else(|| self.odd(&"no day"))?;
                actions::send_back(conn, office, practice, one.id, (text, by_day), by, now)
            }
            Does::Verifies => actions::verify(conn, office, practice, one.id, text, by, now),
            Does::Cancels => actions::cancel(conn, office, practice, one.id, text, by, now),
        };
        settled.map_err(|error| self.odd(&error))
    }

    fn choose(
        &self,
        conn: &mut Db,
        office: &Office,
        practice: &Practice,
        vendor: VendorId,
        by: &Actor,
        now: DateTime<Utc>,
    ) -> Result<(), DemoError> {
        let (scope, today) = (Scope::Practice(practice.id), practice.day(now));
        let reply = self.reply(conn, &scope, vendor)?;
        let form = receive::pinned(office, &reply)?;
        let card = store::assessments::scorecard(conn, &scope, reply.id)?.ok_or_else(|| self.odd(&"no score"))?;
        let answers = store::answers::of(conn, &scope, reply.id)?;
        let chosen: Vec<Chosen> = actions::gaps(form, &card, &answers)
            .into_iter()
            .filter(|gap| self.question.split_whitespace().any(|slug| slug == gap.question.slug))
            .map(|gap| Chosen {
                slug: gap.question.slug.clone(),
                wanted: wanted(gap.question, gap.note),
                due_on: due(gap.shortfall, today),
            })
            .collect();
        let count = chosen.len();
        let raised = actions::raise(conn, office, practice, reply.id, &chosen, by.name(), by, now)
            .map_err(|error| self.odd(&error))?;
        if raised == count && count > 0 { Ok(()) } else { Err(self.odd(&format!("{raised} of {count} raised"))) }
    }
}
