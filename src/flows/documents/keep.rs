//! A file comes in: looked into, scanned, stored. Its row follows.

use crate::domain::document::inspect::{self, Inspected};
use crate::domain::document::{Document, FileType, Refusal, Scan};
use crate::files::{self, Files, FilesError};
use crate::scan::{Scanner, Verdict};

/// A file as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    pub name: String,
    /// What the sender says it is.
    pub declared: Option<String>,
    pub bytes: Vec<u8>,
}

/// A file whose bytes are stored, and whose row is not written yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub name: String,
    pub file_type: FileType,
    /// Bytes.
    pub size: u32,
    /// In hex.
    pub sha256: String,
    pub place: String,
    pub scan: Scan,
    /// The picture carries what its camera wrote: the time, perhaps the place.
    pub camera_details: bool,
}

/// Why a file is not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    #[error("{0}")]
    Refused(Refusal),
    /// The scanner found this in it.
    #[error("the virus scanner found {0} in it")]
    Infected(String),
    #[error("there is no room for it")]
    Full,
    /// The file store does not answer; why, for the log.
    #[error("the place for documents cannot be used: {0}")]
    Down(String),
}

/// Looks into a file, has it scanned, and stores its bytes under a random name.
///
/// # Errors
/// Why not; nothing is stored then.
pub async fn keep(files: &Files, scanner: &Scanner, sent: Sent) -> Result<Kept, KeepError> {
    let (sent, Inspected { file_type, camera_details }, scan) = look_into(scanner, sent).await?;
    let sha256 = files::digest(&sent.bytes);
    let size = u32::try_from(sent.bytes.len()).map_err(|_| KeepError::Refused(Refusal::TooLarge))?;
    let place = files.put(sent.bytes).await.map_err(|error| match error {
        FilesError::Full => KeepError::Full,
        other => KeepError::Down(other.to_string()),
    })?;
    Ok(Kept { name: sent.name, file_type, size, sha256, place, scan, camera_details })
}

/// Looks into a file and has it scanned. Nothing is stored.
///
/// # Errors
/// Why it is not taken.
pub async fn look_into(scanner: &Scanner, sent: Sent) -> Result<(Sent, Inspected, Scan), KeepError> {
    // Unpacking takes a while: not on a thread that serves requests.
    let (sent, inspected) = tokio::task::spawn_blocking(move || {
        let inspected = inspect::inspect(&sent.name, sent.declared.as_deref(), &sent.bytes);
        (sent, inspected)
    })
    .await
    .map_err(|error| KeepError::Down(format!("a worker stopped: {error}")))?;
    let inspected = inspected.map_err(KeepError::Refused)?;
    let scan = scanned(scanner, &sent.bytes).await?;
    Ok((sent, inspected, scan))
}

async fn scanned(scanner: &Scanner, bytes: &[u8]) -> Result<Scan, KeepError> {
    if !scanner.is_on() {
        return Ok(Scan::NotSetUp);
    }
    match scanner.scan(bytes).await {
        Verdict::Clean => Ok(Scan::Clean),
        Verdict::Infected(found) => Err(KeepError::Infected(found)),
        Verdict::Unknown(problem) => {
            tracing::warn!("a file is held until the virus scanner answers: {problem}");
            Ok(Scan::NotScanned)
        }
    }
}

/// Why a stored file cannot be given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// Its bytes are not there, or not those that were stored.
    Lost,
    /// The file store does not answer just now.
    Down,
}

/// Reads the bytes of a document, and checks that they are those that were stored.
///
/// # Errors
/// Why not; the log has the details.
pub async fn fetch(files: &Files, document: &Document) -> Result<Vec<u8>, Gone> {
    let read = files.get(&document.place, &document.sha256).await;
    read.map_err(|error| {
        tracing::error!(document.id = %document.id, "document {} cannot be read: {error}", document.id);
        match error {
            FilesError::Missing | FilesError::Damaged => Gone::Lost,
            FilesError::Full | FilesError::Unavailable(_) => Gone::Down,
        }
    })
}
