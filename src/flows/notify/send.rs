//! A notice is signed: frozen with its SHA-256, sent, and acted on.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{files, pinned, resume, whose};
use crate::domain::access::Scope;
use crate::domain::agreement::renewal;
use crate::domain::answers::Answer;
use crate::domain::assessment::{Assurance, Attestation};
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::handover::same_company;
use crate::domain::ids::{LetterId, NoticeId};
use crate::domain::letter::{Letter, LetterKind};
use crate::domain::notice::enclosed::Enclosed;
use crate::domain::notice::{ChangeNotice, form};
use crate::domain::practice::Practice;
use crate::domain::questionnaire::Questionnaire;
use crate::domain::signed_copy::SignedFile;
use crate::domain::standing::Vendor;
use crate::flows::receive::{ReceiveError, Signer, statement};
use crate::flows::{Office, judge};
use crate::secrets;
use crate::store::invitations::mailbox;
use crate::store::notices::{Draft, Held};
use crate::store::{self, Db, StoreError};

/// What became of a signature.
#[derive(Clone, Debug, PartialEq)]
pub enum Sent {
    Now(Box<ChangeNotice>),
    /// Pressed twice, or in another window.
    Before,
    /// Something is missing on the page of this name.
    Unfinished(String),
}

/// Signs and sends: freezes the answers with their SHA-256, writes to the practice, and judges
/// the vendor.
///
/// # Errors
/// What is the matter with the link.
pub fn send(
    conn: &mut Db,
    office: &Office,
    cookie: &str,
    signer: &Signer,
    now: DateTime<Utc>,
) -> Result<Sent, ReceiveError> {
    let (scope, vendor) = whose(conn, cookie, now)?;
    let gone = || StoreError::Corrupt("a notice without its vendor".to_owned());
    let vendor = store::vendors::hold(conn, &scope, vendor)?.ok_or_else(gone)?;
    let Held { draft, signed, practice, .. } = resume(conn, cookie, now)?;
    if signed.is_some() {
        return Ok(Sent::Before);
    }
    let form = pinned(office, &draft.questionnaire, &draft.digest)?;
    if let Some(topic) = form::unfinished(form, &draft.answers) {
        return Ok(Sent::Unfinished(topic.id.clone()));
    }
    let files = store::notice_files::of(conn, &scope, draft.id)?;
    let notice = frozen(&practice, &vendor, form, draft, &files, signer, now)?;
    if !store::notices::sign(conn, &scope, &notice)? {
        return Ok(Sent::Before);
    }
    let by = &Actor::Respondent(signer.name.clone());
    files::file(conn, office, &practice, vendor.id, (notice.id, &notice.signed.reference), by, now)?;
    write_receipt(conn, office, &practice, &vendor, (&notice, files.len()), now)?;
    write_word(conn, office, &practice, &vendor, (&notice, files.len()), now)?;
    let sentence = format!("sent the change notice {} as {}: {}", notice.signed.reference, signer.title, notice.says());
    store::entries::write(conn, &scope, &Deed { by, act: Act::Told, vendor: Some(vendor.id), sentence }, now)?;
    judge::judge(conn, office, &practice, vendor.id, now)?;
    Ok(Sent::Now(Box::new(notice)))
}

/// What was signed, kept to the byte.
#[derive(Serialize)]
struct Snapshot<'a> {
    practice: &'a str,
    vendor: &'a str,
    questionnaire: &'a str,
    questionnaire_sha256: &'a str,
    reference: &'a str,
    statement: &'a str,
    signed_by: &'a str,
    title: &'a str,
    email: &'a str,
    signed_at: DateTime<Utc>,
    answers: Vec<Signed<'a>>,
    /// Left out where there are none, as in notices of before there were any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<SignedFile>,
}

#[derive(Serialize)]
struct Signed<'a> {
    question: &'a str,
    text: &'a str,
    answer: Option<&'a Answer>,
}

fn frozen(
    practice: &Practice,
    vendor: &Vendor,
    form: &Questionnaire,
    draft: Draft,
    files: &[Enclosed],
    signer: &Signer,
    now: DateTime<Utc>,
) -> Result<ChangeNotice, StoreError> {
    let told_on = practice.day(now);
    let (reference, name) = (format!("CN-{}", secrets::code()), &vendor.details.name);
    let statement = statement(form, name, told_on);
    let answers = form::pruned(form, &draft.answers);
    let applicable = form::applicable(form, &answers).into_iter();
    let lines = applicable.map(|question| Signed {
        question: &question.slug,
        text: &question.text,
        answer: answers.get(&question.slug),
    });
    let snapshot = serde_json::to_string(&Snapshot {
        practice: &practice.name,
        vendor: name,
        questionnaire: &draft.questionnaire,
        questionnaire_sha256: &draft.digest,
        reference: &reference,
        statement: &statement,
        signed_by: &signer.name,
        title: &signer.title,
        email: &signer.email,
        signed_at: now,
        answers: lines.collect(),
        files: files.iter().map(signed_file).collect(),
    })
    .map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let signed = Attestation {
        reference,
        name: signer.name.clone(),
        title: signer.title.clone(),
        email: signer.email.clone(),
        statement,
        signed_at: now,
        sha256: secrets::digest(&snapshot),
        snapshot,
        assurance: Assurance::Link,
    };
    let Draft { id, vendor, questionnaire, digest, .. } = draft;
    Ok(ChangeNotice { id, vendor, questionnaire, digest, answers, signed, told_on, acknowledged: None })
}

fn signed_file(one: &Enclosed) -> SignedFile {
    SignedFile { name: one.name.clone(), sha256: one.sha256.clone(), ends_on: one.ends_on }
}

/// What keeps the receipt of a notice one.
pub fn receipt_of(notice: NoticeId) -> String {
    format!("notice-receipt:{notice}")
}

/// The receipt goes to the address that the signer typed where that is the vendor's, else to the
/// vendor's contact: the standing link is no way to write to strangers.
fn write_receipt(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: &Vendor,
    (notice, files): (&ChangeNotice, usize),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let people = store::contacts::of_vendor(conn, &Scope::Practice(practice.id), vendor.id)?;
    let contact = vendor.details.contact_email.as_deref();
    let known: Vec<&str> = people.iter().filter_map(|one| one.details.email.as_deref()).chain(contact).collect();
    let typed = notice.signed.email.as_str();
    let theirs = known.iter().any(|one| mailbox(one) == mailbox(typed))
        || same_company(typed, known.iter().copied(), vendor.details.website.as_deref());
    let to = match (theirs, contact) {
        (true, _) => (notice.signed.name.as_str(), typed),
        (false, Some(contact)) => (vendor.details.contact_name.as_str(), contact),
        (false, None) => return Ok(()),
    };
    let words = office.letters.notice_receipt(practice, vendor, notice, files);
    let letter = Letter {
        vendor: Some(vendor.id),
        once: receipt_of(notice.id),
        ..office.letter(practice, LetterId::fresh(), LetterKind::NoticeReceipt, to, words, now)
    };
    store::letters::write(conn, &letter)?;
    Ok(())
}

/// Tells whoever looks after the vendor, or reads the practice's mail, that a notice came in.
fn write_word(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: &Vendor,
    (notice, files): (&ChangeNotice, usize),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let people = store::users::of_practice(conn, practice.id)?;
    let Some((name, address)) = renewal::reader(&vendor.details.owner, &people, &practice.contact) else {
        return Ok(());
    };
    let words = office.letters.change_notice(practice, vendor, (notice, files), &name);
    let letter = Letter {
        vendor: Some(vendor.id),
        once: format!("change-notice:{}", notice.id),
        ..office.letter(practice, LetterId::fresh(), LetterKind::ChangeNotice, (&name, &address), words, now)
    };
    store::letters::write(conn, &letter)?;
    Ok(())
}
