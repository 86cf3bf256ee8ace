//! A colleague has answered all of its part: whoever asked is told, once.

use chrono::{DateTime, Utc};

use crate::domain::answers::whole;
use crate::domain::ids::LetterId;
use crate::domain::letter::{Letter, LetterKind};
use crate::domain::questionnaire::Question;
use crate::flows::Office;
use crate::flows::receive::{self, Opened, note};
use crate::letters::About;
use crate::store::{self, Db, StoreError};

/// Writes to whoever was asked by the practice when nothing of the colleague's part is open any
/// more; true when it did. Later changes write no second letter.
///
/// # Errors
/// The database's.
pub fn finished(conn: &mut Db, office: &Office, opened: &Opened, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let Some(part) = &opened.invitation.part else { return Ok(false) };
    let (scope, once) = (opened.scope(), format!("part-done:{}", opened.invitation.id));
    let Some(vendor) = store::vendors::hold(conn, &scope, opened.assessment.vendor)? else { return Ok(false) };
    let questionnaire = opened.questionnaire(office)?;
    let answers = store::answers::of(conn, &scope, opened.assessment.id)?;
    let mut asked = receive::applicable(questionnaire, &opened.assessment, &answers);
    asked.retain(|question| part.includes(questionnaire, &question.slug));
    let is_done = |question: &&Question| {
        answers.get(&question.slug).is_some_and(|answer| whole::lacks(question, answer).is_none())
    };
    let done = asked.iter().all(is_done);
    if asked.is_empty() || !done {
        return Ok(false);
    }
    let Some(owner) = store::invitations::latest(conn, &scope, opened.assessment.id)? else { return Ok(false) };
    let about = About {
        practice: &opened.practice,
        vendor: &vendor,
        assessment: &opened.assessment,
        questionnaire,
        measured: None,
        code: &owner.code,
        today: opened.practice.day(now),
    };
    let words = office.letters.part_done(&about, part);
    let to = (vendor.details.contact_name.as_str(), owner.sent_to.as_str());
    let letter = Letter {
        vendor: Some(vendor.id),
        invitation: Some(owner.id),
        once,
        ..office.letter(&opened.practice, LetterId::fresh(), LetterKind::PartDone, to, words, now)
    };
    if !store::letters::write(conn, &letter)? {
        return Ok(false);
    }
    note(conn, opened, &opened.invitation.sent_to, "answered all of the sections that they were asked for", now)?;
    Ok(true)
}
