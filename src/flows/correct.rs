//! A signed reply is opened again: by the vendor to put something right, or by the practice,
//! which sends questions back. It stays in force as it was signed until the correction is.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Utc};

use super::invite::{self, InviteError};
use super::receive::{self, Opened, ReceiveError, Saved, Saving, Signer};
use super::{Office, actions, evidence, judge};
use crate::domain::access::Scope;
use crate::domain::agreement::renewal;
use crate::domain::answers::seen::{Merged, Seen};
use crate::domain::answers::{Answer, Answers};
use crate::domain::assessment::{self, Assessment, AssessmentState, Attestation};
use crate::domain::correction::{Correction, DAYS, EarlierReply, Occasion, Outcome};
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{AssessmentId, CorrectionId, LetterId};
use crate::domain::letter::{Letter, LetterKind};
use crate::domain::practice::Practice;
use crate::domain::standing::Vendor;
use crate::domain::words::counted;
use crate::store::{self, Db, StoreError};

/// Why questions are not sent back.
#[derive(Debug, thiserror::Error)]
pub enum ReturnError {
    #[error("there is no such reply")]
    NothingSigned,
    #[error("its vendor is correcting it already")]
    Open,
    #[error("a newer reply took its place")]
    Older,
    #[error(transparent)]
    Invite(#[from] InviteError),
}

impl From<StoreError> for ReturnError {
    fn from(error: StoreError) -> Self {
        ReturnError::Invite(error.into())
    }
}

/// The vendor opens its signed reply to put something right. Pressing twice opens one.
///
/// # Errors
/// The database's.
pub fn open(conn: &mut Db, opened: &Opened, reason: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let scope = opened.scope();
    store::vendors::hold(conn, &scope, opened.assessment.vendor)?;
    if store::corrections::open_of(conn, &scope, opened.assessment.id)?.is_some() {
        return Ok(());
    }
    let address = opened.invitation.sent_to.clone();
    let of = (opened.assessment.id, Occasion::Own);
    let new = Correction { reason: reason.to_owned(), ..correction(of, &address, &opened.practice, now) };
    store::corrections::add(conn, &scope, &new)?;
    receive::note(conn, opened, &address, &format!("opened the signed answers to correct them: “{reason}”"), now)
}

/// A reply that is opened now, with nothing asked or changed yet.
pub(super) fn correction(
    (assessment, occasion): (AssessmentId, Occasion),
    by: &str,
    practice: &Practice,
    now: DateTime<Utc>,
) -> Correction {
    let opened_on = practice.day(now);
    Correction {
        id: CorrectionId::fresh(),
        assessment,
        occasion,
        reason: String::new(),
        due_on: None,
        returned: BTreeMap::new(),
        replies: BTreeMap::new(),
        changes: BTreeMap::new(),
        files: BTreeMap::new(),
        opened_by: by.to_owned(),
        opened_at: now,
        opened_on,
        ended: None,
    }
}

/// Sends questions of a signed reply back, each with a remark, in one letter.
///
/// # Errors
/// Why not; nothing is written then.
pub fn send_back(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: AssessmentId,
    remarks: BTreeMap<String, String>,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), ReturnError> {
    let scope = Scope::Practice(practice.id);
    let (assessment, vendor) = held(conn, &scope, id)?.ok_or(ReturnError::NothingSigned)?;
    if assessment.state != AssessmentState::Accepted || remarks.is_empty() {
        return Err(ReturnError::NothingSigned);
    }
    invite::is_asked_at_all(&vendor)?;
    let all = store::assessments::of_vendor(conn, &scope, vendor.id)?;
    if assessment::last_signed(&all).is_none_or(|newest| newest.id != id) {
        return Err(ReturnError::Older);
    }
    if store::corrections::open_of(conn, &scope, id)?.is_some() {
        return Err(ReturnError::Open);
    }
    let address = invite::address(conn, &scope, &vendor)?;
    let questions = counted(remarks.len(), "question");
    let new = correction((id, Occasion::Returned), by.name(), practice, now);
    let new = Correction { returned: remarks, due_on: Some(new.opened_on + Days::new(DAYS)), ..new };
    store::corrections::add(conn, &scope, &new)?;
    let sentence = format!("sent {questions} back to {address}");
    store::entries::write(conn, &scope, &Deed { by, act: Act::Asked, vendor: Some(vendor.id), sentence }, now)?;
    invite::send_link(conn, office, practice, &vendor, &assessment, LetterKind::Returned, &address, now)?;
    judge::judge(conn, office, practice, vendor.id, now)?;
    Ok(())
}

/// What an open correction has to follow when the vendor changes: another mailbox gets the
/// questions that were sent back, and whoever had the old one opens nothing signed any more
/// (`reference/trust.md` 2.3). Whoever is asked nothing any more is asked nothing of this.
///
/// # Errors
/// The database's.
pub(super) fn follow(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: &Vendor,
    assessments: &[Assessment],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let scope = Scope::Practice(practice.id);
    for signed in assessments.iter().filter(|one| one.accepted_on.is_some()) {
        store::invitations::revoke_all(conn, &scope, signed.id, now)?;
    }
    // The next sweep writes to the new one about what is to be put right.
    store::actions::unask(conn, &scope, vendor.id)?;
    let Some(newest) = assessment::last_signed(assessments) else { return Ok(()) };
    let Some(open) = store::corrections::open_of(conn, &scope, newest.id)? else { return Ok(()) };
    let address = vendor.details.contact_email.as_ref().filter(|_| invite::is_asked_at_all(vendor).is_ok());
    match address.filter(|_| open.by_practice()) {
        // Only the address is missing: whoever writes the next one down has the letter sent.
        None if open.by_practice() && invite::is_asked_at_all(vendor).is_ok() => Ok(()),
        Some(address) => {
            // Whoever hears of it only now has as long as the first.
            let (was, today) = (open.due_on, practice.day(now));
            let whole = was.map(|due| today + (due - open.opened_on)).filter(|whole| was < Some(*whole));
            if let Some(whole) = whole {
                store::corrections::put_off(conn, &scope, open.id, whole)?;
            }
            invite::send_link(conn, office, practice, vendor, newest, asks(&open), address, now)
        }
        None => store::corrections::end(conn, &scope, open.id, Outcome::Withdrawn, now).map(drop),
    }
}

/// Ends what is open of any reply of a vendor that is gone; what was signed stays.
///
/// # Errors
/// The database's.
pub(super) fn end_open(
    conn: &mut Db,
    scope: &Scope,
    assessments: &[Assessment],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for signed in assessments.iter().filter(|one| one.accepted_on.is_some()) {
        if let Some(open) = store::corrections::open_of(conn, scope, signed.id)? {
            store::corrections::end(conn, scope, open.id, Outcome::Withdrawn, now)?;
        }
    }
    Ok(())
}

/// Sends the questions that were sent back once more, in place of a link that ran out. False
/// when none are out.
///
/// # Errors
/// The database's.
pub(super) fn renew(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: AssessmentId,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<bool, InviteError> {
    let scope = Scope::Practice(practice.id);
    let Some((assessment, vendor)) = held(conn, &scope, id)? else { return Ok(false) };
    let open = store::corrections::open_of(conn, &scope, id)?;
    let Some(open) = open.filter(Correction::by_practice) else { return Ok(false) };
    let address = invite::address(conn, &scope, &vendor)?;
    let last = store::invitations::latest(conn, &scope, id)?;
    if last.is_some_and(|last| practice.day(now) <= last.expires_on && last.revoked_at.is_none()) {
        // One that works was sent meanwhile.
        return Ok(false);
    }
    let sentence = format!("sent a fresh link to {address} for the questions that were asked about");
    store::entries::write(conn, &scope, &Deed { by, act: Act::Asked, vendor: Some(vendor.id), sentence }, now)?;
    invite::send_link(conn, office, practice, &vendor, &assessment, asks(&open), &address, now)?;
    Ok(true)
}

/// The letter that asks for it.
fn asks(open: &Correction) -> LetterKind {
    if open.occasion.is_recheck() { LetterKind::Rechecked } else { LetterKind::Returned }
}

/// The assessment behind the lock of its vendor.
fn held(conn: &mut Db, scope: &Scope, id: AssessmentId) -> Result<Option<(Assessment, Vendor)>, StoreError> {
    let Some(assessment) = store::assessments::one(conn, scope, id)? else { return Ok(None) };
    let Some(vendor) = store::vendors::hold(conn, scope, assessment.vendor)? else { return Ok(None) };
    // Read again: it may have been signed while we waited.
    Ok(store::assessments::one(conn, scope, id)?.map(|assessment| (assessment, vendor)))
}

/// Ends an open correction; the reply stays as it was signed. `None` when there is no such
/// assessment; nothing happens where nothing is open.
///
/// # Errors
/// The database's.
pub fn withdraw(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: AssessmentId,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Option<()>, StoreError> {
    let scope = Scope::Practice(practice.id);
    let Some((_, vendor)) = held(conn, &scope, id)? else { return Ok(None) };
    let Some(open) = store::corrections::open_of(conn, &scope, id)? else { return Ok(Some(())) };
    store::corrections::end(conn, &scope, open.id, Outcome::Withdrawn, now)?;
    let sentence = "ended the correction; the answers stay as they were signed".to_owned();
    store::entries::write(conn, &scope, &Deed { by, act: Act::Answered, vendor: Some(vendor.id), sentence }, now)?;
    judge::judge(conn, office, practice, vendor.id, now)?;
    Ok(Some(()))
}

/// Saves a page of a correction: what its reader changed, beside the signed answers.
///
/// # Errors
/// [`ReceiveError::AlreadySigned`] when the correction has ended; nothing is written then.
pub fn save_page(
    conn: &mut Db,
    opened: &Opened,
    page: &[(&str, Option<Answer>)],
    replies: &BTreeMap<String, String>,
    seen: &Seen,
    how: Saving,
    now: DateTime<Utc>,
) -> Result<Saved, ReceiveError> {
    let (scope, id) = (opened.scope(), opened.assessment.id);
    store::vendors::hold(conn, &scope, opened.assessment.vendor)?;
    let mut open = store::corrections::open_of(conn, &scope, id)?.ok_or(ReceiveError::AlreadySigned)?;
    let signed = store::answers::of(conn, &scope, id)?;
    let answers = open.over(&signed);
    let Merged { changes, conflicts } = seen.merge(page, &answers);
    if !conflicts.is_empty() {
        return Ok(Saved::Conflicts { answers, questions: conflicts.into_iter().map(str::to_owned).collect() });
    }
    let before = open.clone();
    // A workbook has all the questions; of those sent back, these alone are open.
    for (slug, answer) in &changes {
        if !open.by_practice() || open.returned.contains_key(*slug) {
            open.take(slug, answer.clone(), &signed);
        }
    }
    for (slug, reply) in replies.iter().filter(|(slug, _)| open.returned.contains_key(*slug)) {
        if reply.is_empty() {
            open.replies.remove(slug);
        } else {
            open.replies.insert(slug.clone(), reply.clone());
        }
    }
    if open.occasion.is_recheck() {
        // An answer that changed is not still true, whichever way it came.
        let Correction { replies, changes, .. } = &mut open;
        replies.retain(|slug, _| !changes.contains_key(slug));
    }
    if open != before {
        if !store::corrections::save(conn, &scope, &open)? {
            return Err(ReceiveError::AlreadySigned);
        }
        let sentence = format!("worked on the correction, in which {} now", differ(open.changes.len()));
        receive::note_saved(conn, opened, how, &sentence, now)?;
    }
    Ok(Saved::All(open.over(&signed)))
}

fn differ(count: usize) -> String {
    match count {
        1 => "1 answer differs".to_owned(),
        count => format!("{count} answers differ"),
    }
}

/// Signs the corrected answers: a new version, with a score of its own. The year that the reply
/// is good for stays that of its first signature.
///
/// # Errors
/// [`ReceiveError::AlreadySigned`] when someone was faster; [`ReceiveError::NotLookedAt`] when a
/// question that was sent back has neither another answer nor a reply.
pub fn sign(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    signer: &Signer,
    now: DateTime<Utc>,
) -> Result<Attestation, ReceiveError> {
    let (scope, id) = (opened.scope(), opened.assessment.id);
    let gone = || StoreError::Corrupt("a correction without what it corrects".to_owned());
    let (assessment, vendor) = held(conn, &scope, id)?.ok_or_else(gone)?;
    let open = store::corrections::open_of(conn, &scope, id)?.ok_or(ReceiveError::AlreadySigned)?;
    let answers = open.over(&store::answers::of(conn, &scope, id)?);
    let put = receive::applicable(opened.questionnaire(office)?, &assessment, &answers);
    if put.iter().any(|question| open.waits(&question.slug)) {
        return Err(ReceiveError::NotLookedAt);
    }
    if !store::corrections::end(conn, &scope, open.id, Outcome::Signed, now)? {
        return Err(ReceiveError::AlreadySigned);
    }
    let version = replace(conn, &scope, id, gone)?;
    let answers = apply(conn, opened, &open, now)?;
    let signed = receive::freeze(conn, office, opened, &assessment, &answers, signer, now)?;
    receive::keep_links(conn, opened, now)?;
    receive::write_receipt(conn, office, opened, &vendor, &signed, version + 1, now)?;
    write_word(conn, office, &opened.practice, &vendor, &open, now)?;
    let sentence = format!(
        "signed version {} of the answers as {}, reference {}; {} from before",
        version + 1,
        signer.title,
        signed.reference,
        differ(open.changes.len()),
    );
    receive::note(conn, opened, &signer.name, &sentence, now)?;
    actions::signed(conn, office, &opened.practice, &vendor, &assessment, &signer.name, now)?;
    judge::judge(conn, office, &opened.practice, vendor.id, now)?;
    Ok(signed)
}

/// Puts the version in force aside, and says its number.
fn replace(conn: &mut Db, scope: &Scope, id: AssessmentId, gone: impl Fn() -> StoreError) -> Result<u32, StoreError> {
    let earlier = store::corrections::earlier(conn, scope, id)?;
    let version = earlier.last().map_or(1, |last| last.version + 1);
    let signed = store::assessments::attestation(conn, scope, id)?.ok_or_else(gone)?;
    store::corrections::set_aside(conn, scope, &EarlierReply { version, signed }, id)?;
    Ok(version)
}

fn apply(conn: &mut Db, opened: &Opened, open: &Correction, now: DateTime<Utc>) -> Result<Answers, StoreError> {
    let scope = opened.scope();
    let signed = store::answers::of(conn, &scope, opened.assessment.id)?;
    let changes: Vec<(&str, Option<Answer>)> =
        open.changes.iter().map(|(slug, answer)| (slug.as_str(), answer.clone())).collect();
    receive::write(conn, opened, &changes, now)?;
    for (slug, _) in changes.iter().filter(|(_, answer)| answer.is_some()) {
        store::answers::set_same_as(conn, &scope, opened.assessment.id, slug, None)?;
    }
    evidence::apply(conn, opened, open, now)?;
    Ok(open.over(&signed))
}

/// Tells whoever looks after the vendor that a corrected version came in: all of it in one letter.
fn write_word(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: &Vendor,
    open: &Correction,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let people = store::users::of_practice(conn, practice.id)?;
    let Some((name, address)) = renewal::reader(&vendor.details.owner, &people, &practice.contact) else {
        return Ok(());
    };
    let words = office.letters.corrected(practice, vendor, open, &name);
    let letter = Letter {
        vendor: Some(vendor.id),
        once: format!("corrected:{}", open.id),
        ..office.letter(practice, LetterId::fresh(), LetterKind::Corrected, (&name, &address), words, now)
    };
    store::letters::write(conn, &letter)?;
    Ok(())
}
