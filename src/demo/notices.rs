//! What the vendors of the story tell of by themselves: filled in by the real form, signed,
//! and read by the practice some days later.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::DemoError;
use crate::domain::access::Scope;
use crate::domain::answers::form::Fields;
use crate::domain::entry::Actor;
use crate::domain::ids::VendorId;
use crate::domain::notice::{NoticeKind, form};
use crate::domain::practice::Practice;
use crate::flows::Office;
use crate::flows::notify::{self, LinkStep, Sent};
use crate::flows::receive::Signer;
use crate::store::{self, Db};

/// One change notice.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// Days ago, as everywhere here.
    pub on: i64,
    kinds: Vec<NoticeKind>,
    /// The other answers, as they are typed.
    #[serde(default)]
    says: BTreeMap<String, String>,
    pub read: Option<Read>,
}

/// Somebody of the practice reads it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Read {
    pub on: i64,
    note: String,
}

impl Told {
    /// The vendor opens its standing link, fills in the form and signs.
    pub fn happen(
        &self,
        conn: &mut Db,
        office: &Office,
        practice: &Practice,
        (vendor, signer): (VendorId, &Signer),
        by: &Actor,
        now: DateTime<Utc>,
    ) -> Result<(), DemoError> {
        let odd = |why: &dyn std::fmt::Display| DemoError::Story(format!("a notice of {} days ago: {why}", self.on));
        let scope = Scope::Practice(practice.id);
        notify::link(conn, office, practice, vendor, LinkStep::Make, by, now)?;
        let link = store::notice_links::live(conn, &scope, vendor)?.ok_or_else(|| odd(&"no link"))?;
        let door = notify::open(conn, &office.key.notice_token(link.id)).map_err(|error| odd(&error))?;
        let cookie = notify::begin(conn, office, &door, None, now).map_err(|error| odd(&error))?;
        let mut fields: Fields = self.kinds.iter().map(|kind| (form::KIND.to_owned(), kind.key().to_owned())).collect();
        fields.extend(self.says.iter().map(|(slug, text)| (slug.clone(), text.clone())));
        let mut answers = Vec::new();
        for question in notify::current(office)?.questions().filter(|one| fields.iter().any(|(at, _)| *at == one.slug))
        {
            let answer = form::read(question, &fields, practice.day(now)).map_err(|fault| odd(&fault.problem))?;
            answers.push((question.slug.clone(), answer));
        }
        notify::save(conn, &cookie, &answers, now).map_err(|error| odd(&error))?;
        match notify::send(conn, office, &cookie, signer, now).map_err(|error| odd(&error))? {
            Sent::Now(_) => Ok(()),
            other => Err(odd(&format!("{other:?}"))),
        }
    }
}

impl Read {
    /// The newest notice that nobody has read is read.
    pub fn happen(
        &self,
        conn: &mut Db,
        office: &Office,
        practice: &Practice,
        vendor: VendorId,
        by: &Actor,
        now: DateTime<Utc>,
    ) -> Result<(), DemoError> {
        let all = store::notices::of_vendor(conn, &Scope::Practice(practice.id), vendor)?;
        let newest = all
            .iter()
            .find(|one| one.acknowledged.is_none())
            .ok_or_else(|| DemoError::Story("nothing to read".to_owned()))?;
        notify::acknowledge(conn, office, practice, newest.id, &self.note, by, now)?;
        Ok(())
    }
}
