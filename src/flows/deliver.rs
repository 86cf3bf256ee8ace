//! Delivers what the outbox holds: claim, prepare, note that it goes, hand over, mark. Safe
//! on several machines at once, and stopped at any point it sends no letter twice.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Office, blocking, contact, judge, signed_copy};
use crate::clock::Clock;
use crate::domain::access::Scope;
use crate::domain::assessment::AssessmentState;
use crate::domain::correction::Correction;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::flags::FlagKind;
use crate::domain::ids::{LetterId, PracticeId, VendorId};
use crate::domain::letter::{self, CODE_PLACE, GAVE_UP, Letter, LetterKind, LetterState, NOT_SENT, TOKEN_PLACE};
use crate::domain::mailed_code;
use crate::mail::{Attachment, Envelope, MailError, Mailer};
use crate::report::signed_copy::Part;
use crate::secrets;
use crate::store::letters::Outcome;
use crate::store::{self, Db, Store, StoreError};

/// What a run came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    pub sent: u32,
    pub deferred: u32,
    pub failed: u32,
    pub uncertain: u32,
}

/// Letters taken up in one look at the table.
const BATCH: i64 = 100;
/// How often and how far apart the outcome of a try is written down: the letter is gone, and
/// only the note of it is missing.
const NOTES: (u32, Duration) = (60, Duration::from_secs(1));
/// How long a letter waits whose link this program cannot make.
const OTHER_KEY: TimeDelta = TimeDelta::minutes(70);

/// Sends every letter that may be sent now, and stops between two letters when told to.
///
/// # Errors
/// The database's. A letter that was claimed and not handed over is taken up again when its
/// lease is over; one that was handed over stays uncertain.
pub async fn deliver(
    store: &Store,
    office: &Office,
    mailer: &Mailer,
    clock: &Clock,
    stop: &AtomicBool,
) -> Result<Delivered, StoreError> {
    let delivered = run(store, office, mailer, clock, stop).await;
    mailer.rest().await;
    delivered
}

async fn run(
    store: &Store,
    office: &Office,
    mailer: &Mailer,
    clock: &Clock,
    stop: &AtomicBool,
) -> Result<Delivered, StoreError> {
    let mut delivered = Delivered::default();
    loop {
        let now = clock.now();
        let batch = blocking(store, move |store| store.read(|conn| store::letters::to_send(conn, now, BATCH))).await?;
        let mut moved = 0;
        for (practice, id) in batch {
            if stop.load(Ordering::Relaxed) {
                return Ok(delivered);
            }
            let (now, key) = (clock.now(), office.clone());
            let taken = blocking(store, move |store| store.write(|conn| take(conn, &key, practice, id, now))).await;
            let letter = match taken {
                Ok(Taken::Letter(letter)) => letter,
                Ok(Taken::Nothing) => continue,
                Ok(Taken::Put(outcome)) => {
                    moved += 1;
                    count(&mut delivered, &outcome);
                    continue;
                }
                // One row that cannot be read must not hold up the others.
                Err(StoreError::Corrupt(problem)) => {
                    tracing::error!(letter.id = %id, "letter {id} cannot be read: {problem}");
                    continue;
                }
                Err(error) => return Err(error),
            };
            moved += 1;
            let (outcome, down) = send(store, office, mailer, &letter, now).await?;
            let Some(outcome) = outcome else { continue };
            count(&mut delivered, &outcome);
            note(store, office, *letter, outcome, clock).await?;
            if down {
                return Ok(delivered);
            }
        }
        // Nothing is left, or all of it is in other hands.
        if moved == 0 {
            return Ok(delivered);
        }
    }
}

enum Taken {
    Letter(Box<Letter>),
    /// Another worker has it, or it is done.
    Nothing,
    /// It does not leave, for this reason.
    Put(Outcome),
}

/// Claims a letter and looks at its link: a letter waits, and meanwhile its link may have
/// been withdrawn or its questions answered.
fn take(
    conn: &mut Db,
    office: &Office,
    practice: PracticeId,
    id: LetterId,
    now: DateTime<Utc>,
) -> Result<Taken, StoreError> {
    let Some(letter) = store::letters::claim(conn, practice, id, now)? else { return Ok(Taken::Nothing) };
    if matches!(letter.kind, LetterKind::Welcome | LetterKind::Reset) {
        let hash = secrets::digest(&office.key.sign_in_token(id));
        if store::users::link(conn, &hash, now)?.is_none() {
            let reason = format!("{NOT_SENT}its link was used, withdrawn or too old");
            let outcome = Outcome::Failed { reason };
            store::letters::finish(conn, &letter, &outcome, now)?;
            return Ok(Taken::Put(outcome));
        }
    }
    let Some(invitation) = letter.invitation else { return Ok(Taken::Letter(Box::new(letter))) };
    let standing = store::invitations::standing(conn, &Scope::Practice(practice), invitation)?;
    use LetterKind as K;
    let asks = matches!(letter.kind, K::Invitation | K::Reminder | K::Colleague | K::PartDone);
    let quiet = match letter.vendor.filter(|_| asks || letter.kind.asks_about_signed()) {
        Some(vendor) => store::place::of(conn, &Scope::Practice(practice), vendor)?.and_then(|place| place.quiet()),
        None => None,
    };
    let again = match standing.as_ref().filter(|_| letter.kind.asks_about_signed()) {
        Some(link) => store::corrections::open_of(conn, &Scope::Practice(practice), link.assessment)?,
        None => None,
    };
    let withdrawn = |why: &str| Outcome::Failed { reason: format!("{NOT_SENT}{why}") };
    let outcome = match standing {
        None => withdrawn("its link is not there any more"),
        Some(link) if asks && link.state == AssessmentState::Accepted => withdrawn("the answers were signed meanwhile"),
        Some(link) if asks && link.state == AssessmentState::Closed => withdrawn("nothing is asked any more"),
        Some(link) if asks && link.revoked => withdrawn("its link was withdrawn, or a newer letter was written"),
        Some(link) if letter.kind.asks_about_signed() && link.revoked => withdrawn("its link was withdrawn"),
        Some(_) if letter.kind.asks_about_signed() && !again.as_ref().is_some_and(|open| is_of(&letter, open)) => {
            withdrawn("nothing is asked about it any more")
        }
        Some(_) if letter.kind == LetterKind::Code && now >= letter.written_at + mailed_code::LASTS => {
            withdrawn("its code was too old before it could leave")
        }
        Some(_) if quiet.is_some() => withdrawn(&format!("the vendor {} now", quiet.unwrap_or_default())),
        Some(link) if secrets::digest(&office.key.invitation_token(invitation)) != link.token_hash => {
            tracing::error!(letter.id = %id, "letter {id} waits: its link was made with another DUECARE_SECRET_KEY");
            let reason = "Its link was made with another secret key than the one set now".to_owned();
            Outcome::Deferred { until: now + OTHER_KEY, reason }
        }
        Some(_) => return Ok(Taken::Letter(Box::new(letter))),
    };
    store::letters::finish(conn, &letter, &outcome, now)?;
    Ok(Taken::Put(outcome))
}

/// Tries one letter. No outcome means that it is in other hands; the flag says that the mail
/// server takes nothing at all, so that no other letter is tried in vain.
async fn send(
    store: &Store,
    office: &Office,
    mailer: &Mailer,
    letter: &Letter,
    now: DateTime<Utc>,
) -> Result<(Option<Outcome>, bool), StoreError> {
    let attachment = attachment(store, office, letter).await?;
    let ready = match mailer.begin(&Envelope { attachment, ..envelope(office, letter, now) }).await {
        Ok(ready) => ready,
        Err(error) => {
            let down = matches!(error, MailError::Down(_));
            return Ok((Some(outcome(letter, error, now)), down));
        }
    };
    let noting = letter.clone();
    if !blocking(store, move |store| store.write(|conn| store::letters::hand_over(conn, &noting))).await? {
        return Ok((None, false));
    }
    Ok((
        Some(match ready.hand_over().await {
            Ok(_) => {
                let id = letter.id;
                tracing::info!(letter.id = %id, letter = letter.kind.key(), "sent letter {id}");
                Outcome::Sent
            }
            Err(error) => outcome(letter, error, now),
        }),
        false,
    ))
}

/// The receipt as a PDF, made as the letter leaves: the outbox keeps none. It has no answers in
/// it; those are behind the link and a mailed code. A letter that lost it still leaves.
async fn attachment(store: &Store, office: &Office, letter: &Letter) -> Result<Option<Attachment>, StoreError> {
    if letter.kind != LetterKind::Receipt {
        return Ok(None);
    }
    let (office, of) = (office.clone(), letter.clone());
    let made = blocking(store, move |store| {
        let kept = store.read(|conn| signed_copy::of_receipt(conn, &of))?;
        kept.map(|kept| signed_copy::pdf(&office, &kept, Part::Receipt)).transpose()
    });
    match made.await {
        Ok(bytes) => Ok(bytes.map(|bytes| Attachment {
            name: "self-check-receipt.pdf".to_owned(),
            media_type: "application/pdf",
            bytes,
        })),
        Err(StoreError::Corrupt(problem)) => {
            tracing::error!(letter.id = %letter.id, "letter {} leaves without its PDF: {problem}", letter.id);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Writes down what came of a try. Tried for a while: a busy database must not turn a letter
/// that was sent into one that may have been.
async fn note(
    store: &Store,
    office: &Office,
    letter: Letter,
    outcome: Outcome,
    clock: &Clock,
) -> Result<(), StoreError> {
    let (times, apart) = NOTES;
    for tried in 1.. {
        let (office, letter, outcome, now) = (office.clone(), letter.clone(), outcome.clone(), clock.now());
        let noted =
            blocking(store, move |store| store.write(|conn| finish(conn, &office, &letter, &outcome, now))).await;
        match noted {
            Err(StoreError::Unavailable(_)) if tried < times => tokio::time::sleep(apart).await,
            noted => return noted,
        }
    }
    Ok(())
}

/// Marks the letter, and its address when that was refused for good, and judges its vendor
/// anew: a letter that cannot be delivered is a flag, and one that could takes it down.
///
/// # Errors
/// The database's.
pub fn finish(
    conn: &mut Db,
    office: &Office,
    letter: &Letter,
    outcome: &Outcome,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let scope = Scope::Practice(letter.practice);
    store::letters::finish(conn, letter, outcome, now)?;
    // The lock alone: what became of the letter is true even where the vendor cannot be read.
    store::tree::hold(conn, &scope, letter.vendor.as_slice())?;
    if let Some(sentence) = said(letter, outcome) {
        let deed = Deed { by: &Actor::Program, act: Act::Wrote, vendor: letter.vendor, sentence };
        store::entries::write(conn, &scope, &deed, now)?;
    }
    let Some(vendor) = letter.vendor else { return Ok(()) };
    match draw_conclusions(conn, office, letter, vendor, outcome, now) {
        Err(StoreError::Corrupt(problem)) => {
            tracing::error!(vendor.id = %vendor, "vendor {vendor} cannot be judged: {problem}");
            Ok(())
        }
        drawn => drawn,
    }
}

/// Whether a letter is about what is open now, and not about what was open before.
fn is_of(letter: &Letter, open: &Correction) -> bool {
    letter.written_at >= open.opened_at && (letter.kind == LetterKind::Rechecked) == open.occasion.is_recheck()
}

fn draw_conclusions(
    conn: &mut Db,
    office: &Office,
    letter: &Letter,
    vendor: VendorId,
    outcome: &Outcome,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let scope = Scope::Practice(letter.practice);
    let Outcome::Failed { reason } = outcome else {
        // That one arrived says something only after one that did not.
        let one_did_not = store::flags::ever(conn, &scope, vendor, FlagKind::Undelivered)?;
        if one_did_not && letter.kind != LetterKind::Receipt {
            let practice = store::practices::one(conn, &scope)?;
            judge::judge(conn, office, &practice, vendor, now)?;
        }
        return Ok(());
    };
    let practice = store::practices::one(conn, &scope)?;
    let failed = Letter { state: LetterState::Failed, reason: Some(reason.clone()), ..letter.clone() };
    let bounced = failed.bounced() && contact::note_bounce(conn, &practice, vendor, &failed, now)?;
    if bounced || letter.kind != LetterKind::Receipt {
        judge::judge(conn, office, &practice, vendor, now)?;
    }
    Ok(())
}

/// What the history says of it. A letter that is tried again is no news yet.
fn said(letter: &Letter, outcome: &Outcome) -> Option<String> {
    let what = format!("the {} “{}” to {}", letter.kind.says().to_lowercase(), letter.subject, letter.to_address);
    match outcome {
        Outcome::Sent => Some(format!("sent {what}")),
        Outcome::Deferred { .. } => None,
        Outcome::Failed { reason } => Some(format!("could not deliver {what}: {reason}")),
        Outcome::Uncertain { .. } => Some(format!("may have sent {what}: the mail server did not say")),
    }
}

fn outcome(letter: &Letter, error: MailError, now: DateTime<Utc>) -> Outcome {
    let id = letter.id;
    match error {
        MailError::Down(reason) | MailError::Later(reason) => {
            match letter::next_try(letter.attempts, letter.written_at, now) {
                Some(until) => {
                    tracing::warn!(letter.id = %id, attempts = letter.attempts, "letter {id} could not be sent and will be tried again");
                    Outcome::Deferred { until, reason }
                }
                None => Outcome::Failed { reason: format!("{GAVE_UP}{reason}") },
            }
        }
        MailError::Never(reason) => {
            tracing::warn!(letter.id = %id, "letter {id} was refused for good");
            Outcome::Failed { reason }
        }
        MailError::Uncertain(reason) => {
            tracing::warn!(letter.id = %id, "letter {id} may have been sent; the mail server did not say");
            Outcome::Uncertain { reason }
        }
    }
}

/// The message with its link in place.
pub fn envelope(office: &Office, letter: &Letter, now: DateTime<Utc>) -> Envelope {
    let token = token(office, letter).unwrap_or_default();
    let code = code(office, letter).unwrap_or_default();
    Envelope {
        from_name: letter.from_name.clone(),
        from_address: office.letters.from_address().to_owned(),
        reply_to: letter.reply_to.clone(),
        to_name: letter.to_name.clone(),
        to_address: letter.to_address.clone(),
        subject: letter.subject.clone(),
        text: letter.text.replace(TOKEN_PLACE, &token).replace(CODE_PLACE, &code),
        html: letter.html.replace(TOKEN_PLACE, &token).replace(CODE_PLACE, &code),
        message_id: letter.message_id.clone(),
        sent_at: now.into(),
        attachment: None,
    }
}

/// The digits that the letter carries, where it carries some.
pub fn code(office: &Office, letter: &Letter) -> Option<String> {
    let id = letter.once.strip_prefix("code:").filter(|_| letter.kind == LetterKind::Code)?;
    id.parse().ok().map(|id| office.key.mailed_code(id))
}

/// The token of the letter's link, where it has one.
pub fn token(office: &Office, letter: &Letter) -> Option<String> {
    match letter.kind {
        LetterKind::Welcome | LetterKind::Reset => Some(office.key.sign_in_token(letter.id)),
        _ => letter.invitation.map(|id| office.key.invitation_token(id)),
    }
}

fn count(delivered: &mut Delivered, outcome: &Outcome) {
    match outcome {
        Outcome::Sent => delivered.sent += 1,
        Outcome::Deferred { .. } => delivered.deferred += 1,
        Outcome::Failed { .. } => delivered.failed += 1,
        Outcome::Uncertain { .. } => delivered.uncertain += 1,
    }
}
