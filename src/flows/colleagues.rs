//! Whoever was asked asks a colleague for some sections: a link of their own, which opens
//! those and signs nothing, and which ends the moment it is taken back.

mod finished;

pub use finished::finished;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::receive::{Opened, ReceiveError, note, pinned, still_open};
use super::{Office, invite, receive};
use crate::domain::access::Scope;
use crate::domain::answers::Answers;
use crate::domain::assessment::Assessment;
use crate::domain::colleague::{JUST_NOW, MOST, MOST_LETTERS, Part};
use crate::domain::ids::{InvitationId, LetterId};
use crate::domain::letter::{Letter, LetterKind};
use crate::domain::practice::Practice;
use crate::domain::standing::Vendor;
use crate::letters::About;
use crate::store::invitations::{Invitation, mailbox};
use crate::store::{self, Db, StoreError};

/// Who is to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub name: String,
    pub email: String,
    /// Sections by their id; unknown ones are left out.
    pub sections: BTreeSet<String>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The letter is on its way, or was written by the first of two presses.
    Mailed,
    /// It is the address of whoever asks.
    Themselves,
    /// This colleague was asked for other sections, and that still holds.
    Already,
    /// As many as may be asked were asked.
    TooMany,
}

/// Asks a colleague.
///
/// # Errors
/// [`ReceiveError::AlreadySigned`] when it was signed meanwhile.
pub fn ask(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    wanted: &Wanted,
    now: DateTime<Utc>,
) -> Result<Asked, ReceiveError> {
    let (scope, owner) = (opened.scope(), &opened.invitation);
    let vendor = store::vendors::hold(conn, &scope, opened.assessment.vendor)?;
    still_open(conn, opened)?;
    if mailbox(&wanted.email) == mailbox(&owner.sent_to) {
        return Ok(Asked::Themselves);
    }
    let questionnaire = opened.questionnaire(office)?;
    let known = questionnaire.sections.iter().map(|section| &section.id);
    let part = Part {
        name: wanted.name.clone(),
        asked_by: owner.sent_to.clone(),
        asker: vendor.and_then(|vendor| called(&vendor, &owner.sent_to)),
        sections: known.filter(|id| wanted.sections.contains(*id)).cloned().collect(),
    };
    let before = store::invitations::colleagues(conn, &scope, opened.assessment.id)?;
    let same = |one: &&Invitation| mailbox(&one.sent_to) == mailbox(&wanted.email) && one.revoked_at.is_none();
    if let Some(same) = before.iter().find(same) {
        let again = same.part.as_ref().is_some_and(|asked| asked.sections == part.sections);
        return Ok(if again { Asked::Mailed } else { Asked::Already });
    }
    if before.len() >= MOST {
        return Ok(Asked::TooMany);
    }
    let titles: Vec<&str> = part.of(questionnaire).iter().map(|section| section.title.as_str()).collect();
    let sentence = format!("asked a colleague, {} ({}), to answer: {}", part.name, wanted.email, titles.join(", "));
    // As long as the link of whoever asks.
    let to = (wanted.email.as_str(), owner.expires_on);
    let invitation = invite::make_link(conn, office, &opened.practice, opened.assessment.id, to, Some(part), now)?;
    write(conn, office, &opened.practice, &opened.assessment, &invitation, now)?;
    note(conn, opened, &owner.sent_to, &sentence, now)?;
    Ok(Asked::Mailed)
}

/// One colleague of this questionnaire; another's id is as good as none.
fn one(conn: &mut Db, opened: &Opened, id: InvitationId) -> Result<Option<Invitation>, StoreError> {
    let all = store::invitations::colleagues(conn, &opened.scope(), opened.assessment.id)?;
    Ok(all.into_iter().find(|one| one.id == id))
}

/// Ends a colleague's link: what was saved stays. False when there is none such.
///
/// # Errors
/// The database's.
pub fn take_back(conn: &mut Db, opened: &Opened, id: InvitationId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let scope = opened.scope();
    store::vendors::hold(conn, &scope, opened.assessment.vendor)?;
    let Some(invitation) = one(conn, opened, id)? else { return Ok(false) };
    if store::invitations::revoke(conn, &scope, id, now)? {
        let sentence = format!("took back what {} was asked", invitation.sent_to);
        note(conn, opened, &opened.invitation.sent_to, &sentence, now)?;
    }
    Ok(true)
}

/// What became of a letter that was to go once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    Mailed,
    TooMany,
    /// There is none such, or it was taken back.
    Nobody,
}

/// Sends a colleague the letter once more, with the same link.
///
/// # Errors
/// [`ReceiveError::AlreadySigned`] when it was signed meanwhile.
pub fn again(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    id: InvitationId,
    now: DateTime<Utc>,
) -> Result<Again, ReceiveError> {
    let scope = opened.scope();
    store::vendors::hold(conn, &scope, opened.assessment.vendor)?;
    still_open(conn, opened)?;
    let Some(invitation) = one(conn, opened, id)?.filter(|one| one.revoked_at.is_none()) else {
        return Ok(Again::Nobody);
    };
    let before = store::letters::with_link(conn, &scope, id, LetterKind::Colleague)?;
    if before.first().is_some_and(|last| now - last.written_at < JUST_NOW) {
        return Ok(Again::Mailed);
    }
    if before.len() >= MOST_LETTERS {
        return Ok(Again::TooMany);
    }
    // It works again as long as that of whoever asks.
    let until = invitation.expires_on.max(opened.invitation.expires_on);
    store::invitations::set_expires(conn, &scope, id, until)?;
    let invitation = Invitation { expires_on: until, ..invitation };
    write(conn, office, &opened.practice, &opened.assessment, &invitation, now)?;
    let sentence = format!("sent {} the request once more", invitation.sent_to);
    note(conn, opened, &opened.invitation.sent_to, &sentence, now)?;
    Ok(Again::Mailed)
}

/// The name of whoever has this address, where the practice knows whose it is.
fn called(vendor: &Vendor, address: &str) -> Option<String> {
    let known = vendor.details.contact_email.as_deref().is_some_and(|email| mailbox(email) == mailbox(address));
    Some(vendor.details.contact_name.trim().to_owned()).filter(|name| known && !name.is_empty())
}

fn write(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    assessment: &Assessment,
    invitation: &Invitation,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let gone = || StoreError::Corrupt("a colleague of nobody".to_owned());
    let scope = Scope::Practice(practice.id);
    let vendor = store::vendors::one(conn, &scope, assessment.vendor)?.ok_or_else(gone)?;
    let part = invitation.part.as_ref().ok_or_else(gone)?;
    let questionnaire = pinned(office, assessment)?;
    let answers = Answers::new();
    let asked = receive::applicable(questionnaire, assessment, &answers);
    let questions = asked.iter().filter(|question| part.includes(questionnaire, &question.slug)).count();
    let about = About {
        practice,
        vendor: &vendor,
        assessment,
        questionnaire,
        measured: None,
        code: &invitation.code,
        today: practice.day(now),
    };
    let asker = match called(&vendor, &part.asked_by) {
        Some(name) => format!("{name} ({})", part.asked_by),
        None => part.asked_by.clone(),
    };
    let words = office.letters.colleague(&about, part, &asker, questions);
    let (id, to) = (LetterId::fresh(), (part.name.as_str(), invitation.sent_to.as_str()));
    let letter = Letter {
        vendor: Some(vendor.id),
        invitation: Some(invitation.id),
        ..office.letter(practice, id, LetterKind::Colleague, to, words, now)
    };
    store::letters::write(conn, &letter)?;
    Ok(())
}
