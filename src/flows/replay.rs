//! Makes kept scores again from what they were reckoned from, all of a practice at once, on every
//! core: a score of years ago has to come out to the byte (`domain/hipaa.md` 3.6.11).

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::catalogue::Catalogue;
use crate::domain::access::Scope;
use crate::domain::scoring::replay::Input;
use crate::store::scores::{KeptScore, Shelf, page};
use crate::store::{Store, StoreError};

/// Scores read at once.
const PAGE: i64 = 500;

/// What came of making the scores again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    pub same: u64,
    /// Kept before it was kept what they were reckoned from.
    pub without_input: u64,
    /// Where each other one is kept, and why it is none.
    pub others: Vec<(Shelf, String, String)>,
}

/// Makes every kept score of a practice again; `told` hears how many were made so far.
///
/// # Errors
/// The database's.
pub fn all(
    store: &Store,
    catalogue: &Catalogue,
    scope: &Scope,
    told: impl Fn(u64) + Sync,
) -> Result<Replayed, StoreError> {
    let (total, made) = (Mutex::new(Replayed::default()), AtomicU64::new(0));
    for shelf in Shelf::ALL.iter().copied() {
        each(store, scope, shelf, |kept| {
            let one = compared(catalogue, kept);
            let mut total = total.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            match one {
                Ok(true) => total.same += 1,
                Ok(false) => total.without_input += 1,
                Err(why) => total.others.push((shelf, kept.id.clone(), why)),
            }
            drop(total);
            let made = made.fetch_add(1, Ordering::Relaxed) + 1;
            if made.is_multiple_of(1_000) {
                told(made);
            }
        })?;
    }
    let mut total = total.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    total.others.sort();
    Ok(total)
}

/// Goes through a shelf page by page, on as many threads as there are cores: one reads while the
/// others reckon.
///
/// # Errors
/// The database's.
pub fn each(store: &Store, scope: &Scope, shelf: Shelf, look: impl Fn(&KeptScore) + Sync) -> Result<(), StoreError> {
    let cursor = Mutex::new(Some((String::new(), 0)));
    let next = || -> Result<Vec<KeptScore>, StoreError> {
        let mut at = cursor.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Some((id, version)) = at.clone() else { return Ok(Vec::new()) };
        let rows = store.read(|conn| page(conn, scope, shelf, (&id, version), PAGE))?;
        *at = rows.last().map(|last| (last.id.clone(), last.version));
        Ok(rows)
    };
    let work = || -> Result<(), StoreError> {
        loop {
            let rows = next()?;
            if rows.is_empty() {
                return Ok(());
            }
            rows.iter().for_each(&look);
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let own = work();
        let done = others.into_iter().map(|one| one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        done.fold(own, |all, one| all.and(one))
    })
}

/// Whether it comes out to the byte; false where nothing is known of what it was reckoned from.
fn compared(catalogue: &Catalogue, kept: &KeptScore) -> Result<bool, String> {
    if kept.input.is_empty() {
        return Ok(false);
    }
    let input: Input = serde_json::from_str(&kept.input).map_err(|error| error.to_string())?;
    let form = catalogue.find(&input.questionnaire);
    let form = form.ok_or_else(|| format!("this program does not hold the questionnaire {}", input.questionnaire))?;
    let again = input.score(form).map_err(|error| error.to_string())?;
    match serde_json::to_string(&again).is_ok_and(|again| again == kept.record) {
        true => Ok(true),
        false => Err("another score comes out than was kept".to_owned()),
    }
}
