//! What the sweep does for documents: files that wait for the virus scanner are tried again,
//! and bytes without a row are removed.

use chrono::{DateTime, TimeDelta, Utc};

use super::hold;
use crate::domain::access::Scope;
use crate::domain::document::{About, Document, LONGEST_NOTE, Scan};
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::PracticeId;
use crate::files::{Files, is_place};
use crate::flows::{Office, blocking, judge};
use crate::scan::{Scanner, Verdict};
use crate::store::{self, Store, StoreError};

/// What a run came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tidied {
    /// Files that the scanner passed now.
    pub passed: u32,
    /// Files in which it found something: taken off the pages.
    pub infected: u32,
    /// Files that were left behind without a row, and are gone now.
    pub swept_up: u32,
}

/// Files scanned in one run.
const AT_ONCE: i64 = 500;
/// Bytes without a row are left alone for so long: an upload may be between its two steps,
/// and a database put back from a backup knows nothing of the last days.
const LEFT_ALONE: TimeDelta = TimeDelta::days(7);
/// More than this at once are no leftovers: it is the wrong database, or the wrong folder.
const MOST_LEFTOVERS: usize = 50;

/// Whether so many files without a row, beside so many documents on record, are what uploads
/// leave behind. A database that is new, lost or another one knows few of the files, or none.
const fn are_leftovers(left: usize, known: usize) -> bool {
    left <= MOST_LEFTOVERS && left <= known
}

const EVERYTHING: Scope = Scope::Everything("files wait for the scanner in all practices");

/// Scans what waits, and sweeps up.
///
/// # Errors
/// The database's. A file store or a scanner that is down is for the next run.
pub async fn tidy(
    store: &Store,
    office: &Office,
    files: &Files,
    scanner: &Scanner,
    now: DateTime<Utc>,
) -> Result<Tidied, StoreError> {
    let mut tidied = Tidied::default();
    if scanner.is_on() {
        scan(store, office, files, scanner, now, &mut tidied).await?;
    }
    sweep_up(store, files, now, &mut tidied).await?;
    Ok(tidied)
}

async fn scan(
    store: &Store,
    office: &Office,
    files: &Files,
    scanner: &Scanner,
    now: DateTime<Utc>,
    tidied: &mut Tidied,
) -> Result<(), StoreError> {
    let waiting =
        blocking(store, |store| store.read(|conn| store::documents::unscanned(conn, &EVERYTHING, AT_ONCE))).await?;
    for (practice, document) in waiting {
        let bytes = match files.get(&document.place, &document.sha256).await {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::error!(document.id = %document.id, "document {} cannot be scanned: {error}", document.id);
                continue;
            }
        };
        let verdict = scanner.scan(&bytes).await;
        let office = office.clone();
        match verdict {
            Verdict::Unknown(problem) => {
                if let Err(down) = scanner.ping().await {
                    tracing::warn!("files wait for the virus scanner, which does not answer: {down}");
                    return Ok(());
                }
                // It is there and cannot do this one: the others do not wait behind it.
                tracing::warn!(document.id = %document.id, "document {} waits, for the virus scanner came to no end with it: {problem}", document.id);
            }
            Verdict::Clean => {
                tidied.passed += 1;
                blocking(store, move |store| passed(store, practice, &document, now)).await?;
            }
            Verdict::Infected(found) => {
                tidied.infected += 1;
                blocking(store, move |store| infected(store, &office, practice, &document, &found, now)).await?;
            }
        }
    }
    Ok(())
}

fn passed(store: &Store, of: PracticeId, document: &Document, now: DateTime<Utc>) -> Result<(), StoreError> {
    let scope = Scope::Practice(of);
    store.write_in(&scope, |conn| {
        let Some((vendor, known)) = hold(conn, &scope, document.id)? else { return Ok(()) };
        if known.scan == Scan::Clean {
            return Ok(());
        }
        store::documents::set_scan(conn, &scope, known.id, Scan::Clean)?;
        let sentence =
            format!("had the document “{}” of {} scanned: nothing was found", known.name, vendor.details.name);
        let deed = Deed { by: &Actor::Program, act: Act::Filed, vendor: Some(vendor.id), sentence };
        store::entries::write(conn, &scope, &deed, now)
    })
}

/// Takes the file off the pages and never gives it out again; its note says why.
fn infected(
    store: &Store,
    office: &Office,
    of: PracticeId,
    document: &Document,
    found: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let scope = Scope::Practice(of);
    store.write_in(&scope, |conn| {
        let practice = store::practices::one(conn, &scope)?;
        let Some((vendor, known)) = hold(conn, &scope, document.id)? else { return Ok(()) };
        let says = format!("The virus scanner found {found} in it.");
        if !known.note.starts_with(&says) {
            let note = format!("{says} {}", known.note).trim().chars().take(LONGEST_NOTE).collect();
            let about = About { kind: known.kind, note, ends_on: known.ends_on };
            store::documents::describe(conn, &scope, known.id, &about)?;
        }
        store::documents::set_scan(conn, &scope, known.id, Scan::NotScanned)?;
        store::documents::set_removed(conn, &scope, known.id, Some(now))?;
        let sentence = format!(
            "took the document “{}” off {}: the virus scanner found {found} in it",
            known.name, vendor.details.name
        );
        let deed = Deed { by: &Actor::Program, act: Act::Refused, vendor: Some(vendor.id), sentence };
        store::entries::write(conn, &scope, &deed, now)?;
        judge::judge(conn, office, &practice, vendor.id, now).map(drop)
    })
}

async fn sweep_up(store: &Store, files: &Files, now: DateTime<Utc>, tidied: &mut Tidied) -> Result<(), StoreError> {
    let old = match files.written_before(now - LEFT_ALONE).await {
        Ok(old) => old,
        Err(error) => {
            tracing::error!("the place for documents cannot be looked through: {error}");
            return Ok(());
        }
    };
    // The rows are read after the files: what was added in between has its row.
    let known = blocking(store, |store| store.read(|conn| store::documents::places(conn, &EVERYTHING))).await?;
    // Only what we named ourselves: the folder or bucket may hold other things.
    let left: Vec<String> = old.into_iter().filter(|place| is_place(place) && !known.contains(place)).collect();
    if !are_leftovers(left.len(), known.len()) {
        tracing::warn!(
            "{} files in the place for documents are not in this database and were left alone; is it the right place, and the right database?",
            left.len()
        );
        return Ok(());
    }
    for place in left {
        match files.remove(&place).await {
            Ok(()) => tidied.swept_up += 1,
            Err(error) => tracing::error!("a leftover file cannot be removed: {error}"),
        }
    }
    Ok(())
}
