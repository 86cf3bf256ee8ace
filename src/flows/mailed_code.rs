//! Whoever answers shows that the mailbox is theirs: six digits are mailed to the address
//! that was asked, and typed into the browser that wants to see what was saved, or to sign.

use chrono::{DateTime, Utc};
use subtle::ConstantTimeEq;

use super::Office;
use super::receive::{Browser, Opened, note};
use crate::domain::civil_date;
use crate::domain::ids::{CodeId, LetterId};
use crate::domain::letter::{Letter, LetterKind};
use crate::domain::mailed_code::{self as rules, JUST_NOW, LASTS, MOST, TRIES, WITHIN};
use crate::store::{self, Db, StoreError};

/// What became of a request for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is on its way.
    Mailed,
    /// One went out a moment ago; no other follows it yet.
    Lately,
    /// Enough were mailed for now.
    TooMany,
}

/// Mails a code for this browser to the address that was asked.
///
/// # Errors
/// The database's.
pub fn send(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    browser: &Browser,
    now: DateTime<Utc>,
) -> Result<Asked, StoreError> {
    let (scope, invitation) = (opened.scope(), &opened.invitation);
    // Queues those who ask at once, so that they count each other.
    store::tree::hold(conn, &scope, &[opened.assessment.vendor])?;
    let last = store::codes::newest(conn, &scope, invitation.id, &browser.hash)?;
    if last.is_some_and(|last| last.is_live(now) && now - last.made_at < JUST_NOW) {
        return Ok(Asked::Lately);
    }
    if store::codes::since(conn, &scope, invitation.id, now - WITHIN)? >= MOST {
        return Ok(Asked::TooMany);
    }
    let id = CodeId::fresh();
    store::codes::add(conn, &scope, id, invitation.id, &browser.hash, now)?;
    let until = civil_date::say_instant(now + LASTS, opened.practice.timezone);
    let words = office.letters.code(&opened.practice, &opened.vendor_name, &until);
    let letter = Letter {
        vendor: Some(opened.assessment.vendor),
        invitation: Some(invitation.id),
        once: format!("code:{id}"),
        ..office.letter(&opened.practice, LetterId::fresh(), LetterKind::Code, ("", &invitation.sent_to), words, now)
    };
    store::letters::write(conn, &letter)?;
    note(conn, opened, &invitation.sent_to, "asked for a code to see the saved answers or to sign", now)?;
    Ok(Asked::Mailed)
}

/// What became of a code that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    Right,
    /// So many tries are left.
    Wrong {
        left: u32,
    },
    /// It is no code at all, but a slip of the finger: no try is used up.
    Slip,
    /// There is no code that could be tried: too old, used, or tried too often.
    Ended,
}

/// Checks a code. Every try counts: the caller commits whatever comes of it.
///
/// # Errors
/// The database's.
pub fn check(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    browser: &Browser,
    typed: &str,
    now: DateTime<Utc>,
) -> Result<Checked, StoreError> {
    let scope = opened.scope();
    let code = store::codes::newest(conn, &scope, opened.invitation.id, &browser.hash)?;
    let Some(code) = code.filter(|code| code.is_live(now)) else { return Ok(Checked::Ended) };
    let Some(digits) = rules::read(typed) else { return Ok(Checked::Slip) };
    if !store::codes::try_it(conn, &scope, code.id)? {
        return Ok(Checked::Ended);
    }
    if bool::from(office.key.mailed_code(code.id).as_bytes().ct_eq(digits.as_bytes())) {
        store::codes::accept(conn, &scope, code.id, &browser.hash, now)?;
        note(conn, opened, &opened.invitation.sent_to, "showed the code that was mailed", now)?;
        return Ok(Checked::Right);
    }
    note(conn, opened, &opened.invitation.sent_to, "typed a wrong code", now)?;
    match TRIES.saturating_sub(code.tries + 1) {
        0 => Ok(Checked::Ended),
        left => Ok(Checked::Wrong { left }),
    }
}
