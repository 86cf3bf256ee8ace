//! Questions that the practice sends back in the story, and what the vendor says to them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::DemoError;
use crate::domain::access::Scope;
use crate::domain::answers::seen::Seen;
use crate::domain::assessment;
use crate::domain::entry::Actor;
use crate::domain::ids::{AssessmentId, VendorId};
use crate::domain::practice::Practice;
use crate::flows::receive::{self, Saving, Signer};
use crate::flows::{Office, correct};
use crate::store::{self, Db};

/// Remarks on the newest signed reply.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remarks {
    /// Days ago, as everywhere here.
    pub on: i64,
    asks: BTreeMap<String, String>,
    /// When the vendor signed again, and its replies.
    pub signed: Option<i64>,
    #[serde(default)]
    replies: BTreeMap<String, String>,
}

impl Remarks {
    fn odd(&self, why: &dyn std::fmt::Display) -> DemoError {
        DemoError::Story(format!("remarks of {} days ago: {why}", self.on))
    }

    fn reply(&self, conn: &mut Db, scope: &Scope, vendor: VendorId) -> Result<AssessmentId, DemoError> {
        let all = store::assessments::of_vendor(conn, scope, vendor)?;
        let signed = assessment::last_signed(&all);
        signed.map(|one| one.id).ok_or_else(|| self.odd(&"nothing is signed"))
    }

    /// The practice sends the questions back.
    pub fn ask(
        &self,
        conn: &mut Db,
        office: &Office,
        practice: &Practice,
        vendor: VendorId,
        by: &Actor,
        now: DateTime<Utc>,
    ) -> Result<(), DemoError> {
        let reply = self.reply(conn, &Scope::Practice(practice.id), vendor)?;
        correct::send_back(conn, office, practice, reply, self.asks.clone(), by, now).map_err(|error| self.odd(&error))
    }

    /// The vendor replies and signs.
    pub fn answer(
        &self,
        conn: &mut Db,
        office: &Office,
        practice: &Practice,
        (vendor, signer): (VendorId, &Signer),
        now: DateTime<Utc>,
    ) -> Result<(), DemoError> {
        let scope = Scope::Practice(practice.id);
        let reply = self.reply(conn, &scope, vendor)?;
        let link = store::invitations::latest(conn, &scope, reply)?.ok_or_else(|| self.odd(&"no link"))?;
        let (_, mut opened) = receive::start(conn, office, &office.key.invitation_token(link.id), None, now)?;
        if let Some(browser) = &mut opened.browser {
            browser.verified = true;
        }
        correct::save_page(conn, &opened, &[], &self.replies, &Seen::default(), Saving::Pressed, now)?;
        receive::sign(conn, office, &opened, signer, now)?;
        Ok(())
    }
}
