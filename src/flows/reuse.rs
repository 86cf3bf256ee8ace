//! What the same mailbox signed for another practice, offered question by question for this
//! one. Nothing is taken over that was not chosen, and this practice never learns where the
//! answer was signed, only when.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::Office;
use super::receive::{self, Opened, ReceiveError, note};
use super::requests::shown_lately;
use crate::domain::access::Scope;
use crate::domain::answers::earlier::{self, Afresh};
use crate::domain::answers::{Answer, Answers};
use crate::domain::assessment::{Assurance, Attestation};
use crate::domain::civil_date;
use crate::domain::ids::AssessmentId;
use crate::domain::questionnaire::{Question, Questionnaire};
use crate::domain::signed_copy::SignedCopy;
use crate::domain::words::counted;
use crate::store::invitations::{Link, mailbox};
use crate::store::{self, Db, StoreError};

/// Answers older than this are no longer offered.
const FRESH_DAYS: u64 = 365;
/// Links are made well before the answers are signed.
const LINKS_SINCE: TimeDelta = TimeDelta::days(600);

/// Where answers may be taken over from.
#[derive(Clone, Debug)]
pub struct Source {
    /// For the vendor's eyes only.
    pub practice: String,
    /// The company that it was signed for: one mailbox may answer for several.
    pub vendor: String,
    /// The day of the signature, where it was signed.
    pub on: NaiveDate,
    questionnaire: String,
    signed: Attestation,
}

/// One answer that may be taken over, or the reason why it has to be given afresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered<'a> {
    pub question: &'a Question,
    pub answer: Answer,
    pub afresh: Option<Afresh>,
}

/// The newest that the same mailbox signed for another practice within a year, with a mailed
/// code. `None` for a browser that has not shown the mailbox.
///
/// # Errors
/// The database's.
pub fn source(conn: &mut Db, opened: &Opened, now: DateTime<Utc>) -> Result<Option<Source>, StoreError> {
    if shown_lately(opened, now).is_none() || opened.attestation.is_some() {
        return Ok(None);
    }
    let address = &opened.invitation.sent_to;
    let oldest = opened.practice.day(now) - Days::new(FRESH_DAYS);
    let (mut seen, mut newest): (BTreeSet<AssessmentId>, Option<Source>) = (BTreeSet::new(), None);
    for link in store::invitations::to_mailbox(conn, address, now - LINKS_SINCE)? {
        let elsewhere = link.practice.id != opened.practice.id;
        let Some(on) = link.assessment.accepted_on.filter(|on| elsewhere && *on >= oldest) else { continue };
        if !seen.insert(link.assessment.id) {
            continue;
        }
        let Some(signed) = signed_from(conn, &link, address)? else { continue };
        if newest.as_ref().is_none_or(|newest| newest.signed.signed_at < signed.signed_at) {
            let Link { practice, assessment, vendor_name, .. } = link;
            newest = Some(Source {
                practice: practice.name,
                vendor: vendor_name,
                on,
                questionnaire: assessment.questionnaire,
                signed,
            });
        }
    }
    Ok(newest)
}

/// The signature, if it was this mailbox's, shown by a mailed code. The receipt went to
/// whichever address it was signed through.
fn signed_from(conn: &mut Db, link: &Link, address: &str) -> Result<Option<Attestation>, StoreError> {
    let (scope, id) = (Scope::Practice(link.practice.id), link.assessment.id);
    let signed = store::assessments::attestation(conn, &scope, id)?;
    let Some(signed) = signed.filter(|signed| signed.assurance == Assurance::Code) else { return Ok(None) };
    let version = store::corrections::earlier(conn, &scope, id)?.last().map_or(1, |last| last.version + 1);
    let receipt = store::letters::by_once(conn, &scope, &receive::receipt_of(id, version))?;
    Ok(receipt.is_some_and(|letter| mailbox(&letter.to_address) == mailbox(address)).then_some(signed))
}

/// The signed answers to questions that are asked here in the same words and not answered yet,
/// in the order of the form.
///
/// # Errors
/// When the signed copy cannot be read.
pub fn offered<'a>(
    office: &Office,
    opened: &Opened,
    form: &'a Questionnaire,
    source: &Source,
    answers: &Answers,
    today: NaiveDate,
) -> Result<Vec<Offered<'a>>, StoreError> {
    let snapshot = SignedCopy::read(&source.signed).map_err(StoreError::Corrupt)?;
    // A version that this program no longer holds has no words for its keys.
    let Some(then) = office.catalogue.find(&source.questionnaire) else { return Ok(Vec::new()) };
    let open = receive::applicable(form, &opened.assessment, answers);
    let open = open.into_iter().filter(|question| !answers.contains_key(&question.slug));
    let line = |question: &'a Question| {
        let line = snapshot.answers.iter().find(|line| line.question == question.slug && line.text == question.text)?;
        // What the other practice made of it is not part of the answer.
        let answer = line.answer.as_ref()?.bare();
        let afresh = earlier::afresh(question, then.question(&question.slug)?, &answer, false, today);
        (afresh != Some(Afresh::AskedDifferently)).then_some(Offered { question, answer, afresh })
    };
    Ok(open.filter_map(line).collect())
}

/// Takes over what was chosen, and nothing else; gives how many answers that were.
///
/// # Errors
/// [`ReceiveError::AlreadySigned`] when it was signed meanwhile.
pub fn take(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    chosen: &BTreeSet<String>,
    now: DateTime<Utc>,
) -> Result<usize, ReceiveError> {
    let scope = opened.scope();
    store::vendors::hold(conn, &scope, opened.assessment.vendor)?;
    let Some(source) = source(conn, opened, now)? else { return Ok(0) };
    let (form, today) = (opened.questionnaire(office)?, opened.practice.day(now));
    let answers = store::answers::of(conn, &scope, opened.assessment.id)?;
    let taken: Vec<(&str, Option<Answer>)> = offered(office, opened, form, &source, &answers, today)?
        .into_iter()
        .filter(|one| one.afresh.is_none() && chosen.contains(&one.question.slug))
        .map(|one| (one.question.slug.as_str(), Some(Answer { taken_over: Some(source.on), ..one.answer })))
        .collect();
    if taken.is_empty() {
        return Ok(0);
    }
    receive::save(conn, opened, &taken, now)?;
    let count = counted(taken.len(), "answer");
    let sentence = format!("took over {count} from their own answers signed on {}", civil_date::say(source.on));
    note(conn, opened, &opened.invitation.sent_to, &sentence, now)?;
    Ok(taken.len())
}
