//! Where the bytes of documents are kept: a folder, an S3-compatible store, or memory. Objects
//! have random names; what they are is in the database. Knows nothing of documents.

use std::error::Error as _;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use url::Url;

use crate::secrets;

/// Where files are to be kept, as set.
#[derive(Clone, Debug)]
pub enum FilesAddress {
    Folder(PathBuf),
    Bucket(Bucket),
}

/// An S3-compatible store. Without keys of our own, the `AWS_*` variables and the machine's
/// role are used, as by every program for S3.
#[derive(Clone, Debug)]
pub struct Bucket {
    name: String,
    prefix: String,
    endpoint: Option<String>,
    region: Option<String>,
    pub keys: Option<(SecretString, SecretString)>,
}

impl FilesAddress {
    /// Reads a folder's path, or `s3://bucket/prefix?endpoint=https://…&region=…`.
    ///
    /// # Errors
    /// What to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        if !text.contains("://") {
            return Ok(FilesAddress::Folder(PathBuf::from(text)));
        }
        let like = "write a folder, or s3://bucket/prefix?endpoint=https://…&region=…";
        let url = Url::parse(text).ok().filter(|url| url.scheme() == "s3").ok_or_else(|| like.to_owned())?;
        let name = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| like.to_owned())?.to_owned();
        if !url.username().is_empty() || url.password().is_some() {
            return Err("keep the keys out of the address; set files_access_key and files_secret_key".to_owned());
        }
        let mut bucket =
            Bucket { name, prefix: url.path().trim_matches('/').to_owned(), endpoint: None, region: None, keys: None };
        for (key, value) in url.query_pairs() {
            match &*key {
                "endpoint" if value.starts_with("http://") || value.starts_with("https://") => {
                    bucket.endpoint = Some(value.into_owned());
                }
                "endpoint" => {
                    return Err("write the endpoint whole, such as endpoint=https://s3.example.com".to_owned());
                }
                "region" => bucket.region = Some(value.into_owned()),
                other => {
                    return Err(format!("“{other}” is not known after the question mark; use endpoint and region"));
                }
            }
        }
        Ok(FilesAddress::Bucket(bucket))
    }

    /// How a person calls it; no key is in it.
    pub fn says(&self) -> String {
        match self {
            FilesAddress::Folder(path) => format!("the folder {}", path.display()),
            FilesAddress::Bucket(bucket) => match &bucket.endpoint {
                Some(endpoint) => format!("the bucket {} at {endpoint}", bucket.name),
                None => format!("the bucket {}", bucket.name),
            },
        }
    }
}

/// The file store.
pub enum Files {
    Folder(LocalFileSystem),
    Bucket(PrefixStore<AmazonS3>),
    Memory(InMemory),
}

/// What can go wrong with it.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    #[error("the place for documents is full")]
    Full,
    /// It does not answer, or refuses us.
    #[error("the place for documents cannot be used: {0}")]
    Unavailable(String),
    #[error("there is no such file in the place for documents")]
    Missing,
    /// The bytes are not those that were stored.
    #[error("a stored file was changed since it was stored")]
    Damaged,
}

/// How long one request to a bucket may take, and all tries together.
const ONE_REQUEST: Duration = Duration::from_secs(30);
const ALL_TRIES: Duration = Duration::from_secs(20);

impl Files {
    /// Opens the store; makes the folder where there is none.
    ///
    /// # Errors
    /// When the folder cannot be made, or the address makes no sense.
    pub fn open(address: &FilesAddress) -> Result<Self, FilesError> {
        match address {
            FilesAddress::Folder(path) => {
                std::fs::create_dir_all(path).map_err(|error| FilesError::Unavailable(error.to_string()))?;
                // On disk before the row says so: a document that was accepted outlives a power cut.
                Ok(Files::Folder(LocalFileSystem::new_with_prefix(path)?.with_fsync(true)))
            }
            FilesAddress::Bucket(bucket) => Ok(Files::Bucket(PrefixStore::new(s3(bucket)?, bucket.prefix.as_str()))),
        }
    }

    /// For tests.
    pub fn memory() -> Self {
        Files::Memory(InMemory::new())
    }

    fn store(&self) -> &dyn ObjectStore {
        match self {
            Files::Folder(store) => store,
            Files::Bucket(store) => store,
            Files::Memory(store) => store,
        }
    }

    /// Stores bytes under a random name, whole or not at all, and gives the name.
    ///
    /// # Errors
    /// When there is no room, or the store cannot be reached.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<String, FilesError> {
        let place = new_place();
        self.put_at(&place, bytes).await?;
        Ok(place)
    }

    /// Stores bytes under a name from [`new_place`].
    ///
    /// # Errors
    /// As [`Files::put`].
    pub async fn put_at(&self, place: &str, bytes: Vec<u8>) -> Result<(), FilesError> {
        self.store().put(&Path::from(place), bytes.into()).await?;
        Ok(())
    }

    /// Reads bytes and compares them with the digest, in hex, that they were stored with.
    ///
    /// # Errors
    /// When they are gone, changed, or the store cannot be reached.
    pub async fn get(&self, place: &str, sha256: &str) -> Result<Vec<u8>, FilesError> {
        let bytes = Vec::from(self.store().get(&Path::from(place)).await?.bytes().await?);
        if digest(&bytes) == sha256 { Ok(bytes) } else { Err(FilesError::Damaged) }
    }

    /// Removes what is there; that nothing is there is fine.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn remove(&self, place: &str) -> Result<(), FilesError> {
        match self.store().delete(&Path::from(place)).await.map_err(FilesError::from) {
            Err(FilesError::Missing) => Ok(()),
            other => other,
        }
    }

    /// The names of everything that was last written before an instant.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn written_before(&self, before: DateTime<Utc>) -> Result<Vec<String>, FilesError> {
        let all: Vec<_> = self.store().list(None).try_collect().await?;
        let old = all.into_iter().filter(|object| object.last_modified < before);
        Ok(old.map(|object| object.location.to_string()).collect())
    }

    /// Writes, reads and removes a small object.
    ///
    /// # Errors
    /// What of it did not work.
    pub async fn probe(&self) -> Result<(), FilesError> {
        let bytes = b"duecare looks whether documents can be kept here".to_vec();
        let sum = digest(&bytes);
        let place = self.put(bytes).await?;
        self.get(&place, &sum).await?;
        self.remove(&place).await
    }
}

fn s3(bucket: &Bucket) -> Result<AmazonS3, FilesError> {
    let mut options = ClientOptions::new().with_timeout(ONE_REQUEST).with_connect_timeout(Duration::from_secs(5));
    let retry = RetryConfig { max_retries: 3, retry_timeout: ALL_TRIES, ..RetryConfig::default() };
    let mut builder = AmazonS3Builder::from_env().with_bucket_name(&bucket.name).with_retry(retry);
    if let Some(endpoint) = &bucket.endpoint {
        options = options.with_allow_http(endpoint.starts_with("http://"));
        builder = builder.with_endpoint(endpoint);
    }
    builder = builder.with_client_options(options);
    if let Some(region) = &bucket.region {
        builder = builder.with_region(region);
    }
    if let Some((access, secret)) = &bucket.keys {
        builder = builder.with_access_key_id(access.expose_secret()).with_secret_access_key(secret.expose_secret());
    }
    Ok(builder.build()?)
}

impl From<object_store::Error> for FilesError {
    fn from(error: object_store::Error) -> Self {
        if matches!(error, object_store::Error::NotFound { .. }) {
            return FilesError::Missing;
        }
        let mut source = error.source();
        while let Some(inner) = source {
            let io = inner.downcast_ref::<std::io::Error>();
            if io.is_some_and(|io| matches!(io.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)) {
                return FilesError::Full;
            }
            source = inner.source();
        }
        FilesError::Unavailable(error.to_string())
    }
}

/// A random name of 256 bits in hex, in a folder by its first two digits: no folder grows too
/// long, and nothing of what a file was called is in it.
pub fn new_place() -> String {
    let name = secrets::digest(&secrets::token());
    format!("{}/{name}", &name[..2])
}

/// Whether a name is of the form of [`new_place`].
pub fn is_place(name: &str) -> bool {
    let hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    name.split_once('/')
        .is_some_and(|(folder, file)| folder.len() == 2 && file.len() == 64 && file.starts_with(folder) && hex(file))
}

/// SHA-256 in hex.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_folder_or_a_bucket_and_says_what_is_wrong() {
        assert_eq!(FilesAddress::parse("/srv/files").unwrap().says(), "the folder /srv/files");
        let bucket = FilesAddress::parse("s3://papers/duecare?endpoint=http://127.0.0.1:9000&region=local").unwrap();
        assert_eq!(bucket.says(), "the bucket papers at http://127.0.0.1:9000");
        for (text, expected) in [
            ("ftp://x", "s3://bucket"),
            ("s3://key:secret@papers", "keep the keys out"),
            ("s3://papers?endpont=x", "endpont"),
            ("s3://papers?endpoint=minio:9000", "write the endpoint whole"),
        ] {
            let error = FilesAddress::parse(text).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn no_two_places_are_alike() {
        let place = new_place();
        assert_eq!(place.len(), 67);
        assert_ne!(place, new_place());
    }

    #[test]
    fn only_names_of_our_own_form_are_places() {
        let place = new_place();
        assert!(is_place(&place));
        let (folder, file) = place.split_once('/').unwrap();
        for other in [
            "",
            "readme.txt",
            file,
            &format!("papers/{place}"),
            &format!("{place}.bak"),
            &format!("{folder}/{}", file.to_uppercase().replace(|c: char| c.is_ascii_digit(), "A")),
            &format!("{folder}/{}", "é".repeat(32)),
            &format!("zz/{file}"),
        ] {
            assert!(!is_place(other), "{other}");
        }
    }
}
