//! Delivers what the outbox holds: claim, send, mark. Safe on several machines at once.

use chrono::{DateTime, Utc};

use super::Office;
use crate::clock::Clock;
use crate::domain::letter::{self, Letter, TOKEN_PLACE};
use crate::mail::{Envelope, MailError, Mailer};
use crate::store::letters::Outcome;
use crate::store::{self, Store, StoreError};

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

/// Sends every letter that may be sent now.
///
/// # Errors
/// The database's. A letter that was claimed and not marked is taken up again when its
/// lease is over.
pub async fn deliver(store: &Store, office: &Office, mailer: &Mailer, clock: &Clock) -> Result<Delivered, StoreError> {
    let mut delivered = Delivered::default();
    loop {
        let now = clock.now();
        let batch = blocking(store, move |store| store.read(|conn| store::letters::to_send(conn, now, BATCH))).await?;
        if batch.is_empty() {
            return Ok(delivered);
        }
        let mut claimed = 0;
        for (practice, id) in batch {
            let now = clock.now();
            let taken =
                blocking(store, move |store| store.write(|conn| store::letters::claim(conn, practice, id, now)))
                    .await?;
            let Some(letter) = taken else { continue };
            claimed += 1;
            let outcome = send(office, mailer, &letter, now).await;
            count(&mut delivered, &outcome);
            let now = clock.now();
            blocking(store, move |store| store.write(|conn| store::letters::finish(conn, &letter, &outcome, now)))
                .await?;
        }
        // All of it is in other hands.
        if claimed == 0 {
            return Ok(delivered);
        }
    }
}

/// Runs database work away from the threads that serve requests.
async fn blocking<T: Send + 'static>(
    store: &Store,
    work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let store = store.clone();
    tokio::task::spawn_blocking(move || work(&store))
        .await
        .map_err(|error| StoreError::Unavailable(format!("a worker stopped: {error}")))?
}

async fn send(office: &Office, mailer: &Mailer, letter: &Letter, now: DateTime<Utc>) -> Outcome {
    let id = letter.id;
    match mailer.send(&envelope(office, letter, now)).await {
        Ok(()) => {
            tracing::info!(letter.id = %id, letter = letter.kind.key(), "sent letter {id}");
            Outcome::Sent
        }
        Err(MailError::Later(reason)) => match letter::next_try(letter.attempts, letter.written_at, now) {
            Some(until) => {
                tracing::warn!(letter.id = %id, attempts = letter.attempts, "letter {id} could not be sent and will be tried again");
                Outcome::Deferred { until, reason }
            }
            None => Outcome::Failed { reason: format!("gave up after five days: {reason}") },
        },
        Err(MailError::Never(reason)) => {
            tracing::warn!(letter.id = %id, "letter {id} was refused for good");
            Outcome::Failed { reason }
        }
        Err(MailError::Uncertain(reason)) => {
            tracing::warn!(letter.id = %id, "letter {id} may have been sent; the mail server did not say");
            Outcome::Uncertain { reason }
        }
    }
}

/// The message with its link in place.
pub fn envelope(office: &Office, letter: &Letter, now: DateTime<Utc>) -> Envelope {
    let token = letter.invitation.map(|id| office.key.invitation_token(id)).unwrap_or_default();
    Envelope {
        from_name: letter.from_name.clone(),
        from_address: office.letters.from_address().to_owned(),
        reply_to: letter.reply_to.clone(),
        to_name: letter.to_name.clone(),
        to_address: letter.to_address.clone(),
        subject: letter.subject.clone(),
        text: letter.text.replace(TOKEN_PLACE, &token),
        html: letter.html.replace(TOKEN_PLACE, &token),
        message_id: letter.message_id.clone(),
        sent_at: now.into(),
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
