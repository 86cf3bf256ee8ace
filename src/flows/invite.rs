//! Asks a vendor: opens an assessment, freezes its questionnaire, makes the link and writes
//! the letter, all in one transaction. A vendor is asked once in a cycle; a unique index
//! keeps that promise, however many sweeps run at once.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::{Office, actions, correct, judge, pace, receive, recheck};
use crate::domain::access::Scope;
use crate::domain::assessment::{Assessment, AssessmentState};
use crate::domain::calendar;
use crate::domain::civil_date;
use crate::domain::colleague::Part;
use crate::domain::contact::Contact;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{AssessmentId, InvitationId, LetterId, VendorId};
use crate::domain::letter::{Letter, LetterKind};
use crate::domain::practice::Practice;
use crate::domain::questionnaire::{Asked, Set};
use crate::domain::standing::{Status, Vendor};
use crate::letters::About;
use crate::secrets;
use crate::store::invitations::Invitation;
use crate::store::{self, Db, StoreError};

/// A second press within this time means the first: it would only kill the link that the
/// first has just sent.
const JUST_NOW: TimeDelta = TimeDelta::minutes(2);

/// Why a vendor is not asked.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    #[error("there is no e-mail address to write to")]
    NoAddress,
    #[error("letters to its address bounced, or are not wanted")]
    AddressUnusable,
    #[error("it is not a business associate")]
    NotNeeded,
    /// Suspended, ended or archived: why, going on from "it".
    #[error("it {0}")]
    Quiet(&'static str),
    #[error("it is accepted on evidence")]
    OnEvidence,
    #[error("it was asked already and has until {due_on} to answer")]
    AlreadyAsked { due_on: NaiveDate },
    #[error("there is no open questionnaire")]
    NothingOpen,
    #[error("a letter with a link was written a moment ago")]
    JustSent,
    #[error("there is no such vendor")]
    NoVendor,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Asks one vendor, due or not.
///
/// # Errors
/// Why not; nothing is written then.
pub fn invite(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Assessment, InviteError> {
    let scope = Scope::Practice(practice.id);
    let today = practice.day(now);
    let vendor = &store::vendors::hold(conn, &scope, vendor)?.ok_or(InviteError::NoVendor)?;
    let (address, earlier) = may_be_asked(conn, &scope, vendor, today)?;
    let assessment = open(conn, office, practice, vendor, &earlier, by, now)?;
    let sentence =
        format!("asked {} to answer the questionnaire by {}", address, civil_date::say_short(assessment.due_on));
    store::entries::write(conn, &scope, &Deed { by, act: Act::Asked, vendor: Some(vendor.id), sentence }, now)?;
    send_link(conn, office, practice, vendor, &assessment, LetterKind::Invitation, &address, now)?;
    judge::judge(conn, office, practice, vendor.id, now)?;
    Ok(assessment)
}

/// Asks a vendor without writing to it: somebody there tells the practice the answers, by
/// telephone or on paper.
///
/// # Errors
/// Why not; nothing is written then.
pub fn by_hand(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Assessment, InviteError> {
    let scope = Scope::Practice(practice.id);
    let vendor = &store::vendors::hold(conn, &scope, vendor)?.ok_or(InviteError::NoVendor)?;
    is_asked_at_all(vendor)?;
    let earlier = earlier(conn, &scope, vendor, practice.day(now))?;
    let assessment = open(conn, office, practice, vendor, &earlier, by, now)?;
    let due = civil_date::say_short(assessment.due_on);
    let vendor_name = &vendor.details.name;
    let sentence =
        format!("opened a questionnaire for {vendor_name}, due by {due}, to be told by telephone or on paper");
    store::entries::write(conn, &scope, &Deed { by, act: Act::Asked, vendor: Some(vendor.id), sentence }, now)?;
    judge::judge(conn, office, practice, vendor.id, now)?;
    Ok(assessment)
}

/// Opens the assessment of the vendor's next cycle, and gives up one that is long overdue.
fn open(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: &Vendor,
    earlier: &[Assessment],
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Assessment, InviteError> {
    let scope = Scope::Practice(practice.id);
    let today = practice.day(now);
    if let Some(open) = earlier.iter().find(|assessment| assessment.is_open()) {
        close(conn, &scope, open, by, now)?;
    }
    recheck::supersede(conn, &scope, earlier, by, now)?;
    let exposure = judge::effective(conn, &scope, vendor)?.exposure;
    // Standings are rewritten with whatever changes them: this is today's, a tier by hand included.
    let tier = vendor.standing.tier;
    let accepted_on = earlier.iter().find_map(|assessment| assessment.accepted_on);
    let cadence = practice.settings.cadence_for(tier, vendor.cadence);
    let next_due = calendar::next_due(cadence, practice.day(vendor.added_at), accepted_on);
    let questionnaire = office.catalogue.current();
    let assessment = Assessment {
        id: AssessmentId::fresh(),
        vendor: vendor.id,
        cycle: earlier.first().map_or(1, |last| last.cycle + 1),
        questionnaire: questionnaire.name(),
        digest: questionnaire.digest.clone(),
        asked: Asked { exposure, tier, set: Set::for_tier(tier), nprm: practice.settings.nprm },
        state: AssessmentState::Invited,
        asked_on: today,
        due_on: calendar::due_when_asked(next_due, cadence, accepted_on, today),
        reminders: 0,
        reminded_on: None,
        started_at: None,
        accepted_on: None,
    };
    store::assessments::open(conn, &scope, &assessment)?;
    Ok(assessment)
}

/// The address that would be written to and the assessments so far, newest first, of a vendor
/// that may be asked today. Reads only.
///
/// # Errors
/// Why not.
pub(super) fn may_be_asked(
    conn: &mut Db,
    scope: &Scope,
    vendor: &Vendor,
    today: NaiveDate,
) -> Result<(String, Vec<Assessment>), InviteError> {
    is_asked_at_all(vendor)?;
    let address = address(conn, scope, vendor)?;
    Ok((address, earlier(conn, scope, vendor, today)?))
}

pub(super) fn is_asked_at_all(vendor: &Vendor) -> Result<(), InviteError> {
    if !vendor.details.ba_status.counts_as_ba() {
        return Err(InviteError::NotNeeded);
    }
    vendor.place.quiet().map_or(Ok(()), |why| Err(InviteError::Quiet(why)))?;
    if vendor.standing.status == Status::OnEvidence { Err(InviteError::OnEvidence) } else { Ok(()) }
}

/// The assessments so far, newest first, of a vendor that has none to answer now.
fn earlier(conn: &mut Db, scope: &Scope, vendor: &Vendor, today: NaiveDate) -> Result<Vec<Assessment>, InviteError> {
    let earlier = store::assessments::of_vendor(conn, scope, vendor.id)?;
    match earlier.iter().find(|one| one.is_open() && !calendar::is_given_up(one.due_on, today)) {
        Some(open) => Err(InviteError::AlreadyAsked { due_on: open.due_on }),
        None => Ok(earlier),
    }
}

/// Sends a new link for an open assessment and withdraws the old ones: after a change of
/// address, an expired link, or a letter that went astray.
///
/// # Errors
/// Why not; nothing is written then.
pub fn fresh_link(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), InviteError> {
    let scope = Scope::Practice(practice.id);
    let vendor = &store::vendors::hold(conn, &scope, vendor)?.ok_or(InviteError::NoVendor)?;
    vendor.place.quiet().map_or(Ok(()), |why| Err(InviteError::Quiet(why)))?;
    let address = address(conn, &scope, vendor)?;
    let assessments = store::assessments::of_vendor(conn, &scope, vendor.id)?;
    let open = assessments.iter().find(|assessment| assessment.is_open()).ok_or(InviteError::NothingOpen)?;
    if let Some(last) = store::invitations::latest(conn, &scope, open.id)?
        && last.revoked_at.is_none()
        && last.sent_to == address
        && now - last.made_at < JUST_NOW
    {
        return Err(InviteError::JustSent);
    }
    store::invitations::revoke_own(conn, &scope, open.id, now)?;
    let sentence = format!("sent a fresh link to {address}, and withdrew the older ones");
    store::entries::write(conn, &scope, &Deed { by, act: Act::Asked, vendor: Some(vendor.id), sentence }, now)?;
    Ok(send_link(conn, office, practice, vendor, open, LetterKind::Invitation, &address, now)?)
}

/// Sends a new link in place of one that ran out, to the address on file. What comes of it is
/// not said to whoever asks: the token of an old letter proves little.
///
/// # Errors
/// The database's.
pub fn renew_expired(conn: &mut Db, office: &Office, token: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some(link) = store::invitations::by_token(conn, &secrets::digest(token))? else { return Ok(()) };
    let ran_out = link.invitation.revoked_at.is_none() && link.practice.day(now) > link.invitation.expires_on;
    // A colleague is sent a new one by whoever asked them.
    if !ran_out || link.invitation.part.is_some() {
        return Ok(());
    }
    let by = Actor::Respondent(link.invitation.sent_to);
    let sent = if link.assessment.is_open() {
        fresh_link(conn, office, &link.practice, link.assessment.vendor, &by, now)
    } else {
        let about_questions = correct::renew(conn, office, &link.practice, link.assessment.id, &by, now);
        match about_questions {
            Ok(false) => Ok(actions::renew(conn, office, &link.practice, link.assessment.id, &by, now).map(drop)?),
            sent => sent.map(drop),
        }
    };
    match sent {
        Err(InviteError::Store(error)) => Err(error),
        _ => Ok(()),
    }
}

/// Where the letter goes, if letters arrive there.
pub(super) fn address(conn: &mut Db, scope: &Scope, vendor: &Vendor) -> Result<String, InviteError> {
    let contact = store::contacts::preferred(conn, scope, vendor.id)?;
    let usable = contact.as_ref().is_some_and(Contact::may_be_written_to);
    let address = contact.and_then(|contact| contact.details.email).ok_or(InviteError::NoAddress)?;
    if usable { Ok(address) } else { Err(InviteError::AddressUnusable) }
}

/// Gives an open assessment up, and ends its links.
pub(super) fn close(
    conn: &mut Db,
    scope: &Scope,
    open: &Assessment,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    end(conn, scope, open, now)?;
    let deed = Deed { by, act: Act::Asked, vendor: Some(open.vendor), sentence: closed(open) };
    store::entries::write(conn, scope, &deed, now)
}

/// What the history says of it.
pub(super) fn closed(open: &Assessment) -> String {
    format!("closed the questionnaire that was due {}, and its links", civil_date::say_short(open.due_on))
}

/// The same without a line, for a flow that holds more rows before it writes one.
pub(super) fn end(conn: &mut Db, scope: &Scope, open: &Assessment, now: DateTime<Utc>) -> Result<(), StoreError> {
    let from = [AssessmentState::Invited, AssessmentState::InProgress];
    store::assessments::advance(conn, scope, open.id, &from, AssessmentState::Closed)?;
    store::invitations::revoke_all(conn, scope, open.id, now)
}

/// Keeps a link to an assessment for whoever reads mail at that address, which works up to and
/// with that day. A colleague's opens a part.
pub(super) fn make_link(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    assessment: AssessmentId,
    (address, expires_on): (&str, NaiveDate),
    part: Option<Part>,
    now: DateTime<Utc>,
) -> Result<Invitation, StoreError> {
    let id = InvitationId::fresh();
    let invitation = Invitation {
        practice: practice.id,
        id,
        assessment,
        code: secrets::code(),
        sent_to: address.to_owned(),
        made_at: now,
        expires_on,
        revoked_at: None,
        part,
    };
    let scope = Scope::Practice(practice.id);
    store::invitations::add(conn, &scope, &invitation, &secrets::digest(&office.key.invitation_token(id)))?;
    Ok(invitation)
}

/// The last day of a link whose reply is wanted by `due_on`; one made later still gets its time.
pub(super) fn link_ends(due_on: NaiveDate, today: NaiveDate) -> NaiveDate {
    due_on.max(today) + Days::new(calendar::LINK_DAYS_PAST_DUE)
}

/// Makes a link of its own for this letter, and writes the letter. Older links keep
/// working: people press the first letter that they find.
#[expect(clippy::too_many_arguments, reason = "the facts of one letter; a struct would be named after this function")]
pub(super) fn send_link(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: &Vendor,
    assessment: &Assessment,
    kind: LetterKind,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let scope = Scope::Practice(practice.id);
    let today = practice.day(now);
    let again = match kind.asks_about_signed() {
        true => store::corrections::open_of(conn, &scope, assessment.id)?,
        false => None,
    };
    // What is asked about a signed reply has a day of its own.
    let due_on = again.as_ref().and_then(|open| open.due_on).unwrap_or(assessment.due_on);
    let to = (address, link_ends(due_on, today));
    let invitation = make_link(conn, office, practice, assessment.id, to, None, now)?;
    let about = About {
        practice,
        vendor,
        assessment,
        questionnaire: receive::pinned(office, assessment)?,
        measured: pace::measured(conn, &scope, assessment)?,
        code: &invitation.code,
        today,
    };
    let words = match kind {
        LetterKind::Reminder => office.letters.reminder(&about),
        LetterKind::Returned => office.letters.returned(&about, again.as_ref()),
        LetterKind::Rechecked => office.letters.rechecked(&about, again.as_ref()),
        _ => office.letters.invitation(&about),
    };
    let to = (vendor.details.contact_name.as_str(), address);
    let letter = Letter {
        vendor: Some(vendor.id),
        invitation: Some(invitation.id),
        once: format!("{kind}:{}", invitation.id),
        ..office.letter(practice, LetterId::fresh(), kind, to, words, now)
    };
    store::letters::write(conn, &letter)?;
    Ok(())
}
