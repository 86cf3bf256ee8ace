//! The first steps of a new practice: what was left out, and whether mail leaves.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Office;
use crate::domain::access::Scope;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::LetterId;
use crate::domain::practice::Practice;
use crate::domain::practice::setup::{Came, MailTest, Setup, Step};
use crate::letters::Written;
use crate::mail::{Envelope, MailError, Mailer};
use crate::store::{self, Db, StoreError};

/// A person waits for this answer; letters to vendors have more patience.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a person does about the first steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    Skip(Step),
    Resume(Step),
    /// The settings are fine as they are.
    AcceptSettings,
    /// Puts the line on the overview away.
    Dismiss,
    /// Takes it out again.
    Show,
}

/// Notes a move. Pressing twice notes it once.
///
/// # Errors
/// The database's.
pub fn note(conn: &mut Db, scope: &Scope, done: Move, by: &Actor, now: DateTime<Utc>) -> Result<(), StoreError> {
    change(conn, scope, by, now, |setup| {
        let titled = |step: Step| format!("the first step “{}”", step.says());
        match done {
            Move::Skip(step) => setup.skipped.insert(step).then(|| format!("left out {}", titled(step))),
            Move::Resume(step) => setup.skipped.remove(&step).then(|| format!("took up {}", titled(step))),
            Move::AcceptSettings => (!std::mem::replace(&mut setup.settings_seen, true))
                .then(|| "looked through the settings and left them as they are".to_owned()),
            Move::Dismiss => {
                (!std::mem::replace(&mut setup.dismissed, true)).then(|| "put the first steps away".to_owned())
            }
            Move::Show => {
                std::mem::replace(&mut setup.dismissed, false).then(|| "took the first steps out again".to_owned())
            }
        }
    })
}

/// Begins the first steps, when the first administrator comes in.
///
/// # Errors
/// The database's.
pub fn begin(conn: &mut Db, scope: &Scope, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut settings = store::practices::hold(conn, scope)?.settings;
    settings.setup.begun_at.get_or_insert(now);
    store::practices::set_settings(conn, scope, &settings)
}

fn change(
    conn: &mut Db,
    scope: &Scope,
    by: &Actor,
    now: DateTime<Utc>,
    how: impl FnOnce(&mut Setup) -> Option<String>,
) -> Result<(), StoreError> {
    let mut settings = store::practices::hold(conn, scope)?.settings;
    let Some(sentence) = how(&mut settings.setup) else { return Ok(()) };
    store::practices::set_settings(conn, scope, &settings)?;
    store::entries::write(conn, scope, &Deed { by, act: Act::Settings, vendor: None, sentence }, now)
}

/// Sends a test letter to `to` at once, past the outbox, the way that all letters go, and
/// says what came of it.
pub async fn try_mail(
    office: &Office,
    mailer: &Mailer,
    practice: &Practice,
    (name, to): (&str, &str),
    now: DateTime<Utc>,
) -> MailTest {
    let Written { subject, text, html } = office.letters.trial(practice, name);
    let envelope = Envelope {
        from_name: practice.sender().to_owned(),
        from_address: office.letters.from_address().to_owned(),
        reply_to: practice.contact.reply_to.clone(),
        to_name: name.to_owned(),
        to_address: to.to_owned(),
        subject,
        text,
        html,
        message_id: office.letters.message_id(LetterId::fresh()),
        sent_at: now.into(),
        attachment: None,
    };
    let going = async { mailer.begin(&envelope).await?.hand_over().await };
    let (came, says) = match tokio::time::timeout(PATIENCE, going).await {
        Ok(Ok(says)) if mailer.leaves() => (Came::Sent, says),
        Ok(Ok(file)) => (Came::Folder, file),
        Ok(Err(MailError::Down(says))) => (Came::Down, says),
        Ok(Err(MailError::Later(says) | MailError::Never(says))) => (Came::Refused, says),
        Ok(Err(MailError::Uncertain(says))) => (Came::Unsure, says),
        Err(_) => (Came::Down, format!("no answer within {} seconds", PATIENCE.as_secs())),
    };
    // A server may say a great deal; what is kept is one line to read.
    let says = says.chars().filter(|c| !c.is_control()).take(500).collect();
    MailTest { at: now, to: to.to_owned(), came, says }
}

/// Keeps what came of a test letter.
///
/// # Errors
/// The database's.
pub fn keep_test(conn: &mut Db, scope: &Scope, test: MailTest, by: &Actor) -> Result<(), StoreError> {
    let now = test.at;
    change(conn, scope, by, now, |setup| {
        let sentence =
            format!("sent a test letter to {}: {} ({})", test.to, uncapitalised(test.came.says()), test.says);
        setup.mail = Some(test);
        Some(sentence)
    })
}

fn uncapitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_lowercase().chain(rest).collect()).unwrap_or_default()
}
