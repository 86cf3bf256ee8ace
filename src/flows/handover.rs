//! "I am not the right person": passed on at once where that is safe, or else said to the
//! practice, where a person decides. See [`crate::domain::handover`] for what is safe.

use chrono::{DateTime, Utc};

use super::contact::{self, ContactError};
use super::receive::{Opened, ReceiveError, note};
use super::{Office, judge};
use crate::domain::access::Scope;
use crate::domain::contact::{Contact, ContactDetails};
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::handover::{Handover, MOST, WITHIN, same_company};
use crate::domain::ids::{HandoverId, LetterId};
use crate::domain::letter::{Letter, LetterKind};
use crate::domain::practice::Practice;
use crate::domain::standing::Vendor;
use crate::store::invitations::mailbox;
use crate::store::{self, Db, StoreError};

/// What somebody with the link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Send it there now, and do not only tell the practice.
    pub pass_on: bool,
    pub name: String,
    pub email: Option<String>,
    pub why: String,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Old links ended, and a letter with a new one is on its way.
    PassedOn,
    /// The practice was told, because the address is not known to be the company's.
    Proposed,
    /// The practice was told, as was wished.
    Told,
    /// Answers are saved: the mailbox has to be shown first.
    NeedsCode,
    /// It is the address that was asked.
    SameAddress,
    /// It was said too often today.
    TooOften,
}

/// Writes down that someone else should answer, and passes the questionnaire on where that is
/// wished and safe. `verified`: the browser has shown the mailbox that was asked.
///
/// # Errors
/// [`ReceiveError::AlreadySigned`] when nothing is open any more.
pub fn say(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    said: &Said,
    verified: bool,
    now: DateTime<Utc>,
) -> Result<Outcome, ReceiveError> {
    let (scope, id, asked) = (opened.scope(), opened.assessment.id, &opened.invitation.sent_to);
    let gone = || StoreError::Corrupt("an invitation without its vendor".to_owned());
    let vendor = store::vendors::hold(conn, &scope, opened.assessment.vendor)?.ok_or_else(gone)?;
    let open = store::assessments::one(conn, &scope, id)?.is_some_and(|one| one.is_open());
    // A colleague has nothing to pass on.
    if !open || opened.invitation.part.is_some() {
        return Err(ReceiveError::AlreadySigned);
    }
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let (email, people) = (said.email.as_deref(), store::contacts::of_vendor(conn, &scope, vendor.id)?);
    if email.is_some_and(|email| mailbox(email) == mailbox(asked)) {
        return Ok(Outcome::SameAddress);
    }
    let begun = !store::answers::of(conn, &scope, id)?.is_empty() || !store::evidence::of(conn, &scope, id)?.is_empty();
    if said.pass_on && !verified && begun {
        return Ok(Outcome::NeedsCode);
    }
    let passes = said.pass_on && email.is_some_and(|email| may_pass(&vendor, &people, asked, email, verified));
    if let Some(before) = store::handovers::unsettled(conn, &scope, vendor.id)?.first()
        && is_same(before, opened, said, passes)
    {
        return Ok(if said.pass_on { Outcome::Proposed } else { Outcome::Told });
    }
    if store::handovers::since(conn, &scope, id, now - WITHIN)? >= most {
        return Ok(Outcome::TooOften);
    }
    let handover = Handover {
        id: HandoverId::fresh(),
        vendor: vendor.id,
        assessment: id,
        said_by: asked.clone(),
        said_at: now,
        name: said.name.clone(),
        email: said.email.clone(),
        why: said.why.clone(),
        passed_on: passes,
    };
    store::handovers::add(conn, &scope, &handover)?;
    if passes {
        tell_the_old_one(conn, office, opened, &handover, now)?;
        let by = Actor::Respondent(asked.clone());
        make_it_so(conn, office, &opened.practice, &vendor, &people, &handover, &by, now).map_err(
            |error| match error {
                ContactError::Store(error) => error,
                other => StoreError::Corrupt(other.to_string()),
            },
        )?;
        note(conn, opened, asked, &format!("passed the questionnaire on to {}", words(&handover)), now)?;
        return Ok(Outcome::PassedOn);
    }
    note(conn, opened, asked, &format!("said that someone else should answer: {}", words(&handover)), now)?;
    judge::judge(conn, office, &opened.practice, vendor.id, now)?;
    Ok(if said.pass_on { Outcome::Proposed } else { Outcome::Told })
}

fn words(handover: &Handover) -> String {
    handover.who().unwrap_or_else(|| "nobody was named".to_owned())
}

/// A second press of the same form, or another who says the same.
fn is_same(before: &Handover, opened: &Opened, said: &Said, passes: bool) -> bool {
    !passes
        && before.assessment == opened.assessment.id
        && !before.passed_on
        && (&before.name, &before.email, &before.why) == (&said.name, &said.email, &said.why)
}

/// Whether the questionnaire may go to an address at once.
fn may_pass(vendor: &Vendor, people: &[Contact], asked: &str, email: &str, verified: bool) -> bool {
    let known =
        people.iter().find(|one| one.details.email.as_deref().is_some_and(|one| mailbox(one) == mailbox(email)));
    if vendor.place.quiet().is_some() || known.is_some_and(|one| !one.may_be_written_to()) {
        return false;
    }
    let host = vendor.details.website.as_deref().map(|address| {
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        rest.split(['/', ':', '?', '#']).next().unwrap_or_default()
    });
    // The company's, by the address that was asked; a person the practice knows; or anybody
    // whom the owner of the mailbox names.
    verified || known.is_some() || same_company(email, [asked], host)
}

/// Whoever was named gets the questionnaire from now on; its links move.
#[expect(clippy::too_many_arguments, reason = "who, where and what of one change")]
fn make_it_so(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: &Vendor,
    people: &[Contact],
    handover: &Handover,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), ContactError> {
    let email = handover.email.as_deref().ok_or(ContactError::NotReachable)?;
    let known =
        people.iter().find(|one| one.details.email.as_deref().is_some_and(|one| mailbox(one) == mailbox(email)));
    match known {
        Some(known) => contact::prefer(conn, office, practice, vendor.id, known.id, by, now)?,
        None => {
            let details = ContactDetails {
                name: handover.name.clone(),
                email: Some(email.to_owned()),
                ..ContactDetails::default()
            };
            contact::add(conn, office, practice, vendor.id, &details, true, by, now)?
        }
    };
    Ok(())
}

fn tell_the_old_one(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    handover: &Handover,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let words = office.letters.passed_on(&opened.practice, &opened.vendor_name, handover);
    let to = ("", opened.invitation.sent_to.as_str());
    // Without a link: the old one has ended.
    let letter = Letter {
        vendor: Some(handover.vendor),
        ..office.letter(&opened.practice, LetterId::fresh(), LetterKind::PassedOn, to, words, now)
    };
    store::letters::write(conn, &letter)?;
    Ok(())
}

/// Why the practice's press does nothing.
#[derive(Debug, thiserror::Error)]
pub enum SettleError {
    #[error("there is no such word")]
    Nobody,
    #[error("letters to that address bounced, or are not wanted")]
    NotReachable,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A person at the practice settles it: takes the proposed contact, or has read it. A second
/// press finds it settled.
///
/// # Errors
/// Why not; nothing is written then.
pub fn settle(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: HandoverId,
    take: bool,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Handover, SettleError> {
    let scope = Scope::Practice(practice.id);
    let handover = store::handovers::one(conn, &scope, id)?.ok_or(SettleError::Nobody)?;
    let vendor = store::vendors::hold(conn, &scope, handover.vendor)?.ok_or(SettleError::Nobody)?;
    if !store::handovers::settle(conn, &scope, id, by.name(), now)? {
        return Ok(handover);
    }
    if take {
        let people = store::contacts::of_vendor(conn, &scope, vendor.id)?;
        make_it_so(conn, office, practice, &vendor, &people, &handover, by, now).map_err(|error| match error {
            ContactError::Store(error) => SettleError::Store(error),
            _ => SettleError::NotReachable,
        })?;
    }
    judge::judge(conn, office, practice, vendor.id, now)?;
    let sentence = match take {
        true => format!("took up that {} should answer, as {} said", words(&handover), handover.said_by),
        false => format!("read that {} says that someone else should answer", handover.said_by),
    };
    let deed = Deed { by, act: Act::Changed, vendor: Some(vendor.id), sentence };
    store::entries::write(conn, &scope, &deed, now)?;
    Ok(handover)
}
