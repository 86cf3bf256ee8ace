//! What the practice makes of a change: seen, asked about, acceptable, to be acted on; and
//! whether the vendor had told us. May be said anew at any time; the history keeps every word.

use chrono::{DateTime, Utc};

use super::{Office, judge};
use crate::domain::access::Scope;
use crate::domain::changes::{Change, ChangeSource, Look, Telling, Verdict};
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::ChangeId;
use crate::domain::practice::Practice;
use crate::store::{self, Db, StoreError};

/// What is said of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub verdict: Verdict,
    pub why: String,
    /// Whether the vendor told us, where no notice did.
    pub telling: Option<Telling>,
}

/// Why nothing was said.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    #[error("there is no such change")]
    Unknown,
    /// Its source says otherwise by now.
    #[error("it was taken back meanwhile")]
    Withdrawn,
    /// It is answered on the page of its notice.
    #[error("it came with a notice")]
    OfNotice,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Notes what a person makes of a change, and judges the vendor anew. The same said twice is
/// said once.
///
/// # Errors
/// Why not; nothing is written then.
pub fn look(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: ChangeId,
    said: &Said,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), LookError> {
    let scope = Scope::Practice(practice.id);
    let known = store::changes::one(conn, &scope, id)?.ok_or(LookError::Unknown)?;
    store::vendors::hold(conn, &scope, known.vendor)?.ok_or(LookError::Unknown)?;
    // As it stands behind the lock.
    let known = store::changes::one(conn, &scope, id)?.ok_or(LookError::Unknown)?;
    if known.withdrawn_on.is_some() {
        return Err(LookError::Withdrawn);
    }
    if known.source == ChangeSource::Notice {
        return Err(LookError::OfNotice);
    }
    let telling = said.telling.filter(|one| one.is_open_to_say() && known.telling.is_open_to_say());
    let telling = telling.unwrap_or(known.telling);
    let same = known.look.as_ref().is_some_and(|look| look.verdict == said.verdict && look.why == said.why);
    if same && telling == known.telling {
        return Ok(());
    }
    let look = Look { verdict: said.verdict, why: said.why.clone(), by: by.name().to_owned(), on: practice.day(now) };
    let change = Change { look: Some(look), telling, ..known.clone() };
    store::changes::save(conn, &scope, &change)?;
    judge::judge(conn, office, practice, known.vendor, now)?;
    let deed = Deed { by, act: Act::Told, vendor: Some(known.vendor), sentence: sentence(&known, &change) };
    store::entries::write(conn, &scope, &deed, now)?;
    Ok(())
}

/// `said of the change “…”: Acceptable, “allowed by our agreement”; it did not tell us`.
fn sentence(was: &Change, is: &Change) -> String {
    let about = format!("{}: {}, before that {}", is.about, is.became, is.was);
    let said = is.look.as_ref().map(|look| match look.why.as_str() {
        "" => look.verdict.says().to_owned(),
        why => format!("{}, “{why}”", look.verdict.says()),
    });
    let told = match is.telling {
        _ if is.telling == was.telling => "",
        Telling::Confirmed => "; it did not tell us, which counts for a year",
        Telling::Otherwise => "; it had told us another way",
        Telling::Untold | Telling::Told | Telling::NotOwed => "; whether it told us is open again",
    };
    format!("said of the change “{about}”: {}{told}", said.unwrap_or_default())
}
