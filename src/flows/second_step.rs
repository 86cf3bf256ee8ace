//! The second step: setting up an app, its recovery codes, and passkeys.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Office, account};
use crate::domain::entry::{Act, Actor};
use crate::domain::ids::{PasskeyId, UserId};
use crate::domain::totp;
use crate::domain::user::User;
use crate::passkeys::Passkeys;
use crate::secrets;
use crate::store::challenges::{self, Challenge};
use crate::store::passkeys::Passkey;
use crate::store::{self, Db, StoreError, second_factors};

/// How long a set-up or a ceremony may take.
pub const STEP_LASTS: TimeDelta = TimeDelta::minutes(10);
/// A set-up takes longer: a telephone must be found, an app installed.
const SETUP_LASTS: TimeDelta = TimeDelta::minutes(30);
const SETUP: &str = "app";
/// So many recovery codes.
const CODES: usize = 10;

/// Under which words the secret of a user is sealed.
pub fn sealed_for(user: UserId) -> String {
    format!("totp:{user}")
}

/// Makes a secret and keeps it until its first code proves that the app has it. Gives the
/// token of the set-up, and the secret.
///
/// # Errors
/// The database's.
pub fn begin_app(
    conn: &mut Db,
    office: &Office,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<(String, Vec<u8>), StoreError> {
    let (token, secret) = (secrets::token(), secrets::fresh::<{ totp::SECRET_BYTES }>());
    let state = office.key.seal(&sealed_for(user), &secret);
    let until = now + SETUP_LASTS;
    challenges::add(conn, &secrets::digest(&token), SETUP, &Challenge { user: Some(user), state }, until)?;
    Ok((token, secret.to_vec()))
}

/// The secret of a set-up that goes on.
///
/// # Errors
/// The database's.
pub fn app_secret(
    conn: &mut Db,
    office: &Office,
    user: UserId,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<Vec<u8>>, StoreError> {
    let found = challenges::find(conn, &secrets::digest(token), SETUP, now)?.filter(|one| one.user == Some(user));
    Ok(found.and_then(|one| office.key.open(&sealed_for(user), &one.state)))
}

/// What came of the first code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppSet {
    /// The recovery codes, shown once.
    Done(Vec<String>),
    /// Not the code of this secret.
    WrongCode,
    /// The set-up is over, or another person's.
    Gone,
}

/// Takes the first code: from now on the password alone signs nobody in.
///
/// # Errors
/// The database's.
pub fn finish_app(
    conn: &mut Db,
    office: &Office,
    user: &User,
    token: &str,
    typed: &str,
    now: DateTime<Utc>,
) -> Result<AppSet, StoreError> {
    let Some(secret) = app_secret(conn, office, user.id, token, now)? else { return Ok(AppSet::Gone) };
    let Some(step) = totp::step_of(&secret, typed, None, now) else { return Ok(AppSet::WrongCode) };
    if challenges::take(conn, &secrets::digest(token), SETUP, now)?.is_none() {
        return Ok(AppSet::Gone);
    }
    let sealed = office.key.seal(&sealed_for(user.id), &secret);
    second_factors::set_secret(conn, user.id, Some((&sealed, step)))?;
    let codes = make_codes(conn, office, user.id)?;
    account::notice(conn, office, user, "A second step by app was set up", now)?;
    account::tell(conn, user.id, &account::actor(user), Act::People, "set up a second step by app", now)?;
    Ok(AppSet::Done(codes))
}

fn make_codes(conn: &mut Db, office: &Office, user: UserId) -> Result<Vec<String>, StoreError> {
    let codes: Vec<String> = (0..CODES).map(|_| secrets::code()).collect();
    let hashes: Vec<String> = codes.iter().map(|code| office.key.recovery_hash(user, code)).collect();
    second_factors::set_codes(conn, user, &hashes)?;
    Ok(codes)
}

/// Makes new recovery codes; the old ones end.
///
/// # Errors
/// The database's.
pub fn new_codes(conn: &mut Db, office: &Office, user: &User, now: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
    let codes = make_codes(conn, office, user.id)?;
    account::notice(conn, office, user, "New recovery codes were made", now)?;
    account::tell(conn, user.id, &account::actor(user), Act::People, "made new recovery codes", now)?;
    Ok(codes)
}

/// Takes the app away, and the recovery codes when nothing else needs them.
///
/// # Errors
/// The database's.
pub fn remove_app(conn: &mut Db, office: &Office, user: &User, now: DateTime<Utc>) -> Result<(), StoreError> {
    if !second_factors::of(conn, user.id)?.app {
        return Ok(());
    }
    second_factors::set_secret(conn, user.id, None)?;
    without(conn, user.id)?;
    account::notice(conn, office, user, "The second step by app was taken away", now)?;
    account::tell(conn, user.id, &account::actor(user), Act::People, "took their second step by app away", now)
}

/// After a step was taken away: when it was the last, the codes go with it, and no session
/// counts as one with a second step any more. A practice that asks for one asks again.
fn without(conn: &mut Db, user: UserId) -> Result<(), StoreError> {
    if second_factors::of(conn, user)?.any() {
        return Ok(());
    }
    second_factors::set_codes(conn, user, &[])?;
    store::sessions::forget_second(conn, user)
}

/// Adds a passkey. Gives recovery codes when there were none.
///
/// # Errors
/// The database's.
pub fn add_passkey(
    conn: &mut Db,
    office: &Office,
    user: &User,
    name: &str,
    credential: &str,
    now: DateTime<Utc>,
) -> Result<Option<Vec<String>>, StoreError> {
    let (id, name, credential) = (PasskeyId::fresh(), name.to_owned(), credential.to_owned());
    let sentence = format!("added the passkey “{name}”");
    store::passkeys::add(conn, user.id, &Passkey { id, name, credential, added_at: now, used_at: None })?;
    let codes = match second_factors::of(conn, user.id)?.codes {
        0 => Some(make_codes(conn, office, user.id)?),
        _ => None,
    };
    account::notice(conn, office, user, "A passkey was added", now)?;
    account::tell(conn, user.id, &account::actor(user), Act::People, &sentence, now)?;
    Ok(codes)
}

/// Calls a passkey something else; false when the user has no such one.
///
/// # Errors
/// The database's.
pub fn rename_passkey(
    conn: &mut Db,
    user: UserId,
    by: &Actor,
    id: PasskeyId,
    name: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let Some(before) = store::passkeys::of(conn, user)?.into_iter().find(|one| one.id == id) else { return Ok(false) };
    if before.name != name && store::passkeys::rename(conn, user, id, name)? {
        let sentence = format!("renamed the passkey “{}” to “{name}”", before.name);
        account::tell(conn, user, by, Act::People, &sentence, now)?;
    }
    Ok(true)
}

/// Takes a passkey away; false when the user has no such one.
///
/// # Errors
/// The database's.
pub fn remove_passkey(
    conn: &mut Db,
    office: &Office,
    user: &User,
    id: PasskeyId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let Some(name) = store::passkeys::remove(conn, user.id, id)? else { return Ok(false) };
    without(conn, user.id)?;
    account::notice(conn, office, user, "A passkey was removed", now)?;
    account::tell(conn, user.id, &account::actor(user), Act::People, &format!("removed the passkey “{name}”"), now)?;
    Ok(true)
}

/// Takes every second step of a person away: for someone who lost their devices and codes,
/// on the command line.
///
/// # Errors
/// The database's.
pub fn remove_all(conn: &mut Db, office: &Office, user: &User, now: DateTime<Utc>) -> Result<(), StoreError> {
    second_factors::set_secret(conn, user.id, None)?;
    store::passkeys::remove_all(conn, user.id)?;
    without(conn, user.id)?;
    account::notice(conn, office, user, "Your second step was taken away by whoever runs duecare", now)?;
    let sentence = format!("took the second step of {} away, on the command line", user.email);
    account::tell(conn, user.id, &Actor::Program, Act::People, &sentence, now)
}

const PASSKEY: &str = "passkey";

/// Keeps the state of a passkey ceremony, and gives the token for its page. `user` is who
/// must answer, where that is known.
///
/// # Errors
/// The database's.
pub fn begin_passkey(
    conn: &mut Db,
    user: Option<UserId>,
    state: &str,
    now: DateTime<Utc>,
) -> Result<String, StoreError> {
    let token = secrets::token();
    let ceremony = Challenge { user, state: state.to_owned() };
    challenges::add(conn, &secrets::digest(&token), PASSKEY, &ceremony, now + STEP_LASTS)?;
    Ok(token)
}

/// The state of a ceremony, which is over with that.
///
/// # Errors
/// The database's.
pub fn take_passkey(
    conn: &mut Db,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<(Option<UserId>, String)>, StoreError> {
    let taken = challenges::take(conn, &secrets::digest(token), PASSKEY, now)?;
    Ok(taken.map(|taken| (taken.user, taken.state)))
}

/// Who answered a ceremony with a passkey of theirs, if the answer is right: another
/// person's passkey is not, where a certain one must answer.
///
/// # Errors
/// The database's.
pub fn finish_passkey(
    conn: &mut Db,
    site: &Passkeys,
    token: &str,
    answer: &str,
    now: DateTime<Utc>,
) -> Result<Option<UserId>, StoreError> {
    let Some((expected, state)) = take_passkey(conn, token, now)? else { return Ok(None) };
    let Some(user) = site.owner(answer).map(UserId) else { return Ok(None) };
    if expected.is_some_and(|expected| expected != user) {
        return Ok(None);
    }
    let theirs = store::passkeys::of(conn, user)?;
    let keys: Vec<String> = theirs.iter().map(|one| one.credential.clone()).collect();
    match site.finish(&state, answer, &keys) {
        Ok((at, credential)) => {
            store::passkeys::used(conn, user, theirs[at].id, &credential, now)?;
            Ok(Some(user))
        }
        Err(error) => {
            tracing::info!("a passkey was refused: {error}");
            Ok(None)
        }
    }
}
