//! What happens: load, decide, save. One file for each thing that happens, and only where
//! there is more than one effect or caller. Knows no HTML and no status codes.

pub mod accept;
pub mod account;
pub mod actions;
pub mod agree;
pub mod beside;
pub mod bulk;
pub mod changes;
pub mod colleagues;
pub mod contact;
pub mod correct;
pub mod decide;
pub mod deliver;
pub mod digest;
pub mod documents;
pub mod evidence;
pub mod exceptions;
pub mod flags;
pub mod handover;
pub mod import;
pub mod incidents;
pub mod invite;
pub mod judge;
pub mod kept;
pub mod life;
pub mod mailed_code;
pub mod merge;
pub mod notify;
pub mod offline;
pub mod pace;
pub mod people;
pub mod receive;
pub mod recheck;
pub mod register;
pub mod remind;
pub mod renew;
pub mod replay;
pub mod requests;
pub mod reuse;
pub mod review;
pub mod second_step;
pub mod settings;
pub mod setup;
pub mod sign_in;
pub mod signed_copy;
pub mod subcontract;
pub mod sweep;
pub mod tags;
pub mod take_back;
pub mod told;
pub mod verification;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::catalogue::Catalogue;
use crate::domain::ids::LetterId;
use crate::domain::letter::{Letter, LetterKind, LetterState};
use crate::domain::practice::Practice;
use crate::letters::{Letters, Written};
use crate::secrets::Key;
use crate::store::{Store, StoreError};

/// What the flows share and never change: the questionnaires, the letters, the key.
#[derive(Clone)]
pub struct Office {
    pub catalogue: Arc<Catalogue>,
    pub letters: Arc<Letters>,
    pub key: Key,
}

impl Office {
    /// A letter that waits to be sent: about no vendor, without a link, and not the only one
    /// of its occasion, until the caller says otherwise.
    fn letter(
        &self,
        practice: &Practice,
        id: LetterId,
        kind: LetterKind,
        (to_name, to_address): (&str, &str),
        Written { subject, text, html }: Written,
        now: DateTime<Utc>,
    ) -> Letter {
        Letter {
            practice: practice.id,
            id,
            once: format!("{kind}:{id}"),
            kind,
            vendor: None,
            invitation: None,
            to_name: to_name.to_owned(),
            to_address: to_address.to_owned(),
            from_name: practice.sender().to_owned(),
            reply_to: practice.contact.reply_to.clone(),
            subject,
            text,
            html,
            message_id: self.letters.message_id(id),
            state: LetterState::Waiting,
            attempts: 0,
            written_at: now,
            sent_at: None,
            reason: None,
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
