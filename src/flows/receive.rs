//! A reply comes in: the link is opened, answers are saved page by page, and signed.

mod as_shown;

pub use as_shown::sign_as_shown;

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::beside::Beside;
use super::{Office, actions, correct, judge, pace, review};
use crate::domain::access::Scope;
use crate::domain::answers::seen::{Merged, Seen};
use crate::domain::answers::support::{self, Files};
use crate::domain::answers::{Answer, Answers, aside, lookup};
use crate::domain::assessment::{Assessment, AssessmentState, Assurance, Attestation};
use crate::domain::cadence::Cadence;
use crate::domain::calendar::RECEIPT_DAYS;
use crate::domain::civil_date;
use crate::domain::correction::Correction;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{AssessmentId, LetterId};
use crate::domain::letter::{Letter, LetterKind};
use crate::domain::practice::Practice;
use crate::domain::questionnaire::{Question, Questionnaire};
use crate::domain::signed_copy::{SignedCopy, SignedFile, SignedLine};
use crate::domain::standing::Vendor;
use crate::domain::words::counted;
use crate::letters::About;
use crate::secrets;
use crate::store::answers::SavedBy;
use crate::store::invitations::{Invitation, Link};
use crate::store::{self, Db, StoreError};

/// Why a link or a save is refused. Each says what happened to the answers.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    #[error("this link is not one of ours")]
    UnknownLink,
    #[error("this link stopped working on {on}")]
    Expired { on: NaiveDate, practice: Box<Practice> },
    #[error("this link was turned off on {on}")]
    Revoked { on: NaiveDate, practice: Box<Practice> },
    #[error("these answers were signed already")]
    AlreadySigned,
    #[error("a question that was sent back was not looked at")]
    NotLookedAt,
    #[error("an answer changed since the page was opened")]
    Changed,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The browser of a respondent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Browser {
    /// SHA-256 of its cookie.
    pub hash: String,
    /// It has shown a code that was mailed to whoever was asked.
    pub verified: bool,
    /// When it did; sessions that it opens elsewhere are no younger.
    pub verified_at: Option<DateTime<Utc>>,
}

/// What stands behind a good link.
#[derive(Clone, Debug)]
pub struct Opened {
    pub invitation: Invitation,
    pub practice: Practice,
    pub vendor_name: String,
    /// The vendor's own cadence, where it has one.
    pub vendor_cadence: Option<Cadence>,
    pub assessment: Assessment,
    pub attestation: Option<Attestation>,
    /// The signed answers are opened again, and not signed anew yet.
    pub correction: Option<Correction>,
    /// Where the link was opened and Start was pressed.
    pub browser: Option<Browser>,
}

impl Opened {
    pub fn scope(&self) -> Scope {
        Scope::Practice(self.practice.id)
    }

    pub fn questionnaire<'a>(&self, office: &'a Office) -> Result<&'a Questionnaire, StoreError> {
        pinned(office, &self.assessment)
    }
}

/// The questionnaire that an assessment was asked with, to the byte.
///
/// # Errors
/// When this program does not hold that version, or holds another text under its name.
pub fn pinned<'a>(office: &'a Office, assessment: &Assessment) -> Result<&'a Questionnaire, StoreError> {
    office
        .catalogue
        .find(&assessment.questionnaire)
        .filter(|questionnaire| questionnaire.digest == assessment.digest)
        .ok_or_else(|| {
            StoreError::Corrupt(format!("questionnaire {} is not the one that was asked", assessment.questionnaire))
        })
}

/// Looks a link up by its token. Reads only.
///
/// # Errors
/// What is the matter with the link.
pub fn open(conn: &mut Db, token: &str, now: DateTime<Utc>) -> Result<Opened, ReceiveError> {
    let link = store::invitations::by_token(conn, &secrets::digest(token))?.ok_or(ReceiveError::UnknownLink)?;
    opened(conn, link, None, now)
}

/// Looks up the link behind a respondent's cookie. Reads only.
///
/// # Errors
/// What is the matter with it.
pub fn resume(conn: &mut Db, cookie: &str, now: DateTime<Utc>) -> Result<Opened, ReceiveError> {
    let hash = secrets::digest(cookie);
    let (link, verified_at) = store::invitations::by_respondent(conn, &hash)?.ok_or(ReceiveError::UnknownLink)?;
    opened(conn, link, Some(Browser { hash, verified: verified_at.is_some(), verified_at }), now)
}

pub(super) fn opened(
    conn: &mut Db,
    link: Link,
    browser: Option<Browser>,
    now: DateTime<Utc>,
) -> Result<Opened, ReceiveError> {
    let Link { invitation, practice, assessment, vendor_name, vendor_cadence } = link;
    if let Some(at) = invitation.revoked_at {
        return Err(ReceiveError::Revoked { on: practice.day(at), practice: Box::new(practice) });
    }
    if practice.day(now) > invitation.expires_on {
        return Err(ReceiveError::Expired { on: invitation.expires_on, practice: Box::new(practice) });
    }
    let attestation = match assessment.state {
        AssessmentState::Accepted => {
            store::assessments::attestation(conn, &Scope::Practice(practice.id), assessment.id)?
        }
        _ => None,
    };
    let correction = match attestation {
        Some(_) => store::corrections::open_of(conn, &Scope::Practice(practice.id), assessment.id)?,
        None => None,
    };
    Ok(Opened { invitation, practice, vendor_name, vendor_cadence, assessment, attestation, correction, browser })
}

/// Start was pressed: remembers this browser and gives the cookie's value. Nothing is used
/// up; a mail gateway that presses Start gets an empty form. `known` is the cookie that this
/// browser has already.
///
/// # Errors
/// What is the matter with the link.
pub fn start(
    conn: &mut Db,
    office: &Office,
    token: &str,
    known: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(String, Opened), ReceiveError> {
    let opened = open(conn, token, now)?;
    // A browser that answers these questions already goes on with its cookie: the forms in
    // its other windows hang on it.
    let before = known.map(|cookie| resume(conn, cookie, now));
    if let (Some(cookie), Some(Ok(before))) = (known, before)
        && before.assessment.id == opened.assessment.id
        && (before.invitation.id == opened.invitation.id
            || before.invitation.part.is_none() && opened.invitation.part.is_none())
    {
        return Ok((cookie.to_owned(), opened));
    }
    enter(conn, office, opened, None, now)
}

/// Remembers a new browser, `verified` where it has shown before that the mailbox is theirs.
///
/// # Errors
/// The database's.
pub(super) fn enter(
    conn: &mut Db,
    office: &Office,
    mut opened: Opened,
    verified_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(String, Opened), ReceiveError> {
    let scope = opened.scope();
    let cookie = secrets::token();
    let browser = Browser { hash: secrets::digest(&cookie), verified: verified_at.is_some(), verified_at };
    store::invitations::add_respondent(conn, &browser.hash, &opened.invitation, verified_at, now)?;
    opened.browser = Some(browser);
    store::vendors::hold(conn, &scope, opened.assessment.vendor)?;
    let begun = store::assessments::advance(
        conn,
        &scope,
        opened.assessment.id,
        &[AssessmentState::Invited],
        AssessmentState::InProgress,
    )?;
    if begun {
        store::assessments::set_started(conn, &scope, opened.assessment.id, now)?;
        note(conn, &opened, &opened.invitation.sent_to.clone(), "opened the link and began to answer", now)?;
        judge::judge(conn, office, &opened.practice, opened.assessment.vendor, now)?;
        opened.assessment.state = AssessmentState::InProgress;
        opened.assessment.started_at = Some(now);
    }
    Ok((cookie, opened))
}

/// What became of a page that was saved.
#[derive(Clone, Debug)]
pub enum Saved {
    /// All answers as they are now.
    All(Answers),
    /// Nothing was written: these questions were answered differently meanwhile.
    Conflicts { answers: Answers, questions: Vec<String> },
}

/// How a page of answers comes to be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saving {
    /// Somebody pressed a button.
    Pressed,
    /// By itself, while it was filled in: every few seconds.
    Typing,
}

/// The history says once in this time that somebody is typing: each line is sealed for good.
const TYPING: TimeDelta = TimeDelta::minutes(30);

/// Saves one page as it was shown: what its reader changed, and nothing that was not on it.
///
/// # Errors
/// [`ReceiveError::AlreadySigned`] when the answers were signed meanwhile; nothing is
/// written then.
pub fn save_page(
    conn: &mut Db,
    opened: &Opened,
    page: &[(&str, Option<Answer>)],
    seen: &Seen,
    how: Saving,
    now: DateTime<Utc>,
) -> Result<Saved, ReceiveError> {
    still_open(conn, opened)?;
    // Behind that guard nobody else writes these answers now.
    let mut answers = store::answers::of(conn, &opened.scope(), opened.assessment.id)?;
    let Merged { changes, conflicts } = seen.merge(page, &answers);
    if !conflicts.is_empty() {
        return Ok(Saved::Conflicts { answers, questions: conflicts.into_iter().map(str::to_owned).collect() });
    }
    write(conn, opened, &changes, now)?;
    if !changes.is_empty() {
        note_saved(conn, opened, how, &format!("saved {}", counted(changes.len(), "answer")), now)?;
    }
    for (slug, answer) in changes {
        match answer {
            Some(answer) => drop(answers.insert(slug.to_owned(), answer)),
            None => drop(answers.remove(slug)),
        }
    }
    Ok(Saved::All(answers))
}

/// Notes which answers of a page that was just saved confirm those of an earlier assessment;
/// the others were given afresh.
///
/// # Errors
/// The database's.
pub fn confirm(
    conn: &mut Db,
    opened: &Opened,
    page: &[(&str, Option<Answer>)],
    confirmed: &BTreeMap<String, AssessmentId>,
) -> Result<(), StoreError> {
    let (scope, id) = (opened.scope(), opened.assessment.id);
    for (slug, _) in page.iter().filter(|(_, answer)| answer.is_some()) {
        store::answers::set_same_as(conn, &scope, id, slug, confirmed.get(*slug).copied())?;
    }
    Ok(())
}

/// Saves answers: `None` takes one back.
///
/// # Errors
/// [`ReceiveError::AlreadySigned`] when the answers were signed meanwhile; nothing is
/// written then.
pub fn save(
    conn: &mut Db,
    opened: &Opened,
    answers: &[(&str, Option<Answer>)],
    now: DateTime<Utc>,
) -> Result<(), ReceiveError> {
    still_open(conn, opened)?;
    Ok(write(conn, opened, answers, now)?)
}

/// A guarded update, not a look: on PostgreSQL a signature may be on its way beside us.
pub(super) fn still_open(conn: &mut Db, opened: &Opened) -> Result<(), ReceiveError> {
    let (scope, open) = (opened.scope(), AssessmentState::InProgress);
    match store::assessments::advance(conn, &scope, opened.assessment.id, &[open], open)? {
        true => Ok(()),
        false => Err(ReceiveError::AlreadySigned),
    }
}

pub(super) fn write(
    conn: &mut Db,
    opened: &Opened,
    answers: &[(&str, Option<Answer>)],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (scope, id) = (opened.scope(), opened.assessment.id);
    let browser = opened.browser.as_ref().map(|browser| browser.hash.as_str()).unwrap_or_default();
    let by = SavedBy { browser, address: &opened.invitation.sent_to };
    for (slug, answer) in answers {
        match answer {
            Some(answer) => store::answers::save(conn, &scope, id, slug, answer, by, now)?,
            None => store::answers::clear(conn, &scope, id, slug)?,
        }
    }
    Ok(())
}

/// A line of the history about somebody at the vendor.
pub(super) fn note(
    conn: &mut Db,
    opened: &Opened,
    who: &str,
    sentence: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let by = &Actor::Respondent(who.to_owned());
    let vendor = Some(opened.assessment.vendor);
    let deed = Deed { by, act: Act::Answered, vendor, sentence: sentence.to_owned() };
    store::entries::write(conn, &opened.scope(), &deed, now)
}

/// A line about answers that were saved.
pub(super) fn note_saved(
    conn: &mut Db,
    opened: &Opened,
    how: Saving,
    sentence: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    const SENTENCE: &str = "filled in answers, which were saved while typing";
    let who = &opened.invitation.sent_to;
    match how {
        Saving::Pressed => note(conn, opened, who, sentence, now),
        Saving::Typing => {
            let vendor = opened.assessment.vendor;
            let since = now - TYPING;
            if store::entries::was_said(conn, &opened.scope(), vendor, (who, SENTENCE), since)? {
                return Ok(());
            }
            note(conn, opened, who, SENTENCE, now)
        }
    }
}

/// The questions that apply to this vendor, with the answers so far.
pub fn applicable<'a>(
    questionnaire: &'a Questionnaire,
    assessment: &Assessment,
    answers: &Answers,
) -> Vec<&'a Question> {
    let answered = lookup(answers);
    questionnaire.questions().filter(|question| assessment.asked.includes(question, &answered)).collect()
}

/// The questions whose answers would be set aside by these: they apply now, and then no more.
pub fn set_aside<'a>(
    questionnaire: &'a Questionnaire,
    assessment: &Assessment,
    answers: &Answers,
    given: &[(&str, Option<Answer>)],
) -> Vec<&'a Question> {
    let applies = |question: &Question, answers: &Answers| assessment.asked.includes(question, &lookup(answers));
    aside::set_aside(questionnaire.questions(), answers, given, applies)
}

/// Who signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    pub name: String,
    pub title: String,
    pub email: String,
}

/// Fills the vendor's name and the day into the questionnaire's statement.
pub fn statement(questionnaire: &Questionnaire, vendor: &str, today: NaiveDate) -> String {
    questionnaire.statement.replace("{vendor}", vendor).replace("{date}", &civil_date::say(today))
}

/// What is declared under the answers on `today`: of some that were asked again, which ones these
/// were, so that nobody takes the others for looked at.
pub fn declared(questionnaire: &Questionnaire, opened: &Opened, answers: &Answers, today: NaiveDate) -> String {
    let statement = statement(questionnaire, &opened.vendor_name, today);
    let Some(open) = opened.correction.as_ref().filter(|open| open.by_practice()) else { return statement };
    let mut looked_at = applicable(questionnaire, &opened.assessment, answers);
    looked_at.retain(|question| open.asks(question));
    let shorts: Vec<&str> = looked_at.iter().map(|question| question.short.as_str()).collect();
    let questions = counted(shorts.len(), "question");
    format!(
        "{statement} For this version I looked again at {questions}: {}. The other answers stay as they were signed.",
        shorts.join("; ")
    )
}

/// Signs: freezes the answers, scores them, writes the receipt, and judges the vendor. The
/// reply is in force from its day; a person may still look at it.
///
/// # Errors
/// [`ReceiveError::AlreadySigned`] when someone was faster.
pub fn sign(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    signer: &Signer,
    now: DateTime<Utc>,
) -> Result<Attestation, ReceiveError> {
    if opened.invitation.part.is_some() {
        // A colleague signs nothing, whichever page it came from.
        return Err(ReceiveError::UnknownLink);
    }
    if opened.correction.is_some() {
        return correct::sign(conn, office, opened, signer, now);
    }
    let (scope, id) = (opened.scope(), opened.assessment.id);
    let today = opened.practice.day(now);
    let gone = || StoreError::Corrupt("an invitation without its vendor".to_owned());
    // The vendor before the assessment, as everywhere: two orders would wait for each other.
    let vendor = &store::vendors::hold(conn, &scope, opened.assessment.vendor)?.ok_or_else(gone)?;
    if !store::assessments::advance(conn, &scope, id, &[AssessmentState::InProgress], AssessmentState::Accepted)? {
        return Err(ReceiveError::AlreadySigned);
    }
    // Read again: a reminder may have been counted since the page was opened.
    let assessment = store::assessments::one(conn, &scope, id)?.ok_or_else(gone)?;
    let answers = store::answers::of(conn, &scope, assessment.id)?;
    store::evidence::forget_removed(conn, &scope, assessment.id)?;
    pace::note(conn, &scope, &assessment, &answers, now)?;
    store::assessments::set_accepted(conn, &scope, assessment.id, today)?;
    let assessment = Assessment { accepted_on: Some(today), ..assessment };
    let attestation = freeze(conn, office, opened, &assessment, &answers, signer, now)?;
    keep_links(conn, opened, now)?;
    write_receipt(conn, office, opened, vendor, &attestation, 1, now)?;
    let sentence = format!("signed the answers as {}, reference {}", signer.title, attestation.reference);
    note(conn, opened, &signer.name, &sentence, now)?;
    actions::signed(conn, office, &opened.practice, vendor, &assessment, &signer.name, now)?;
    judge::judge(conn, office, &opened.practice, vendor.id, now)?;
    Ok(attestation)
}

/// The links show the signed copy for a while, however near their own end is.
pub(super) fn keep_links(conn: &mut Db, opened: &Opened, now: DateTime<Utc>) -> Result<(), StoreError> {
    let today = opened.practice.day(now);
    let until = today + Days::new(RECEIPT_DAYS);
    store::invitations::keep_until(conn, &opened.scope(), opened.assessment.id, today, until)
}

/// Freezes the answers of an accepted assessment under the signature, and scores them.
pub(super) fn freeze(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    assessment: &Assessment,
    answers: &Answers,
    signer: &Signer,
    now: DateTime<Utc>,
) -> Result<Attestation, StoreError> {
    let (scope, today) = (opened.scope(), opened.practice.day(now));
    let questionnaire = opened.questionnaire(office)?;
    let files = support::still_there(store::evidence::of(conn, &scope, assessment.id)?);
    let attestation = attestation(opened, questionnaire, (answers, &files), signer, now)?;
    store::assessments::attest(conn, &scope, assessment.id, &attestation)?;
    // A correction is no clean slate: what was decided about answers that did not change holds.
    let decisions = store::reviews::decisions(conn, &scope, assessment.id)?;
    let beside = Beside::load(conn, &scope, assessment.vendor)?;
    let score =
        review::score(questionnaire, assessment, (answers, &files), (&decisions, false), (&beside, None), today)?;
    store::assessments::keep_scorecard(conn, &scope, assessment.id, &score)?;
    Ok(attestation)
}

fn attestation(
    opened: &Opened,
    questionnaire: &Questionnaire,
    (answers, files): (&Answers, &Files),
    signer: &Signer,
    now: DateTime<Utc>,
) -> Result<Attestation, StoreError> {
    let statement = declared(questionnaire, opened, answers, opened.practice.day(now));
    let line = |question: &Question| SignedLine {
        question: question.slug.clone(),
        text: question.text.clone(),
        answer: answers.get(&question.slug).cloned(),
        files: files.get(&question.slug).into_iter().flatten().map(SignedFile::of).collect(),
    };
    let verified = opened.browser.as_ref().is_some_and(|browser| browser.verified);
    let assurance = if verified { Assurance::Code } else { Assurance::Link };
    let snapshot = serde_json::to_string(&SignedCopy {
        practice: opened.practice.name.clone(),
        vendor: opened.vendor_name.clone(),
        questionnaire: opened.assessment.questionnaire.clone(),
        questionnaire_sha256: questionnaire.digest.clone(),
        statement: statement.clone(),
        signed_by: signer.name.clone(),
        title: signer.title.clone(),
        email: signer.email.clone(),
        assurance,
        signed_at: now,
        answers: applicable(questionnaire, &opened.assessment, answers).into_iter().map(line).collect(),
    })
    .map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok(Attestation {
        reference: format!("DC-{}", secrets::code()),
        name: signer.name.clone(),
        title: signer.title.clone(),
        email: signer.email.clone(),
        statement,
        signed_at: now,
        sha256: secrets::digest(&snapshot),
        snapshot,
        assurance,
    })
}

/// What keeps the receipt of each version one.
pub fn receipt_of(assessment: AssessmentId, version: u32) -> String {
    match version {
        1 => format!("receipt:{assessment}"),
        later => format!("receipt:{assessment}:{later}"),
    }
}

pub(super) fn write_receipt(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    vendor: &Vendor,
    signed: &Attestation,
    version: u32,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let about = About {
        practice: &opened.practice,
        vendor,
        assessment: &opened.assessment,
        questionnaire: opened.questionnaire(office)?,
        measured: None,
        code: &opened.invitation.code,
        today: opened.practice.day(now),
    };
    let closes = opened.invitation.expires_on.max(about.today + Days::new(RECEIPT_DAYS));
    let before = match version {
        1 => None,
        _ => store::corrections::earlier(conn, &opened.scope(), opened.assessment.id)?.pop(),
    };
    let words = office.letters.receipt(&about, signed, before.as_ref().map(|old| &old.signed), closes);
    // To the address that was invited, not to the one that was typed: a receipt must not
    // become a way to write to strangers.
    let to = (signed.name.as_str(), opened.invitation.sent_to.as_str());
    let letter = Letter {
        vendor: Some(vendor.id),
        invitation: Some(opened.invitation.id),
        once: receipt_of(opened.assessment.id, version),
        ..office.letter(&opened.practice, LetterId::fresh(), LetterKind::Receipt, to, words, now)
    };
    store::letters::write(conn, &letter)?;
    Ok(())
}
