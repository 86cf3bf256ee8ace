//! Writes to each person of a practice what is new since they were last told, worst first, as
//! often as they chose; nothing when nothing is new.

use chrono::{DateTime, NaiveDate, Utc};

use super::Office;
use crate::domain::access::Scope;
use crate::domain::digest::{self, Often};
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{LetterId, UserId};
use crate::domain::letter::{Letter, LetterKind};
use crate::domain::practice::Practice;
use crate::letters::News;
use crate::store::people::Reader;
use crate::store::{self, Db, StoreError};

/// Flags, and replies, that a letter names; the others are counted.
const MOST: i64 = 15;

/// Notes how often a person wants it. Whoever begins is told of today first.
///
/// # Errors
/// The database's.
pub fn choose(
    conn: &mut Db,
    practice: &Practice,
    user: UserId,
    often: Often,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let scope = Scope::Practice(practice.id);
    let yesterday = practice.day(now).pred_opt().unwrap_or(NaiveDate::MIN);
    if !store::people::set_digest(conn, &scope, user, often, yesterday)? {
        return Ok(());
    }
    let sentence = format!("chose how often they hear what is new: {}", often.says().to_lowercase());
    store::entries::write(conn, &scope, &Deed { by, act: Act::People, vendor: None, sentence }, now)
}

/// Those whose turn it is on `today`.
///
/// # Errors
/// The database's.
pub fn due(conn: &mut Db, practice: &Practice, today: NaiveDate) -> Result<Vec<Reader>, StoreError> {
    let readers = store::people::readers(conn, &Scope::Practice(practice.id))?;
    Ok(readers.into_iter().filter(|one| digest::due(one.often, one.told_to, today).is_some()).collect())
}

/// Writes the letter that is owed to one reader; false where nothing is new, or another sweep was
/// faster. Either way those days are told.
///
/// # Errors
/// The database's.
pub fn write(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    reader: &Reader,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(now));
    let Some((from, to)) = digest::due(reader.often, reader.told_to, today) else { return Ok(false) };
    // Whoever moves the mark writes the letter.
    if !store::people::told(conn, &scope, reader.id, reader.told_to, to)? {
        return Ok(false);
    }
    let (flags, raised) = store::flags::raised_between(conn, &scope, (from, to), today, MOST)?;
    let (replies, signed) = store::assessments::signed_between(conn, &scope, (from, to), MOST)?;
    if raised + signed == 0 {
        return Ok(false);
    }
    let news = News { span: (from, to), flags: &flags, raised, replies: &replies, signed };
    let written = office.letters.digest(practice, &reader.name, &news);
    let letter = Letter {
        once: format!("digest:{}:{to}", reader.id),
        ..office.letter(practice, LetterId::fresh(), LetterKind::Digest, (&reader.name, &reader.email), written, now)
    };
    if !store::letters::write(conn, &letter)? {
        return Ok(false);
    }
    let sentence = format!("wrote to {} what is new", reader.email);
    store::entries::write(conn, &scope, &Deed { by: &Actor::Program, act: Act::Wrote, vendor: None, sentence }, now)?;
    Ok(true)
}
