//! Documents in an S3-compatible store: a true S3 server (s3s), in this very process, with
//! signed requests over HTTP.

use chrono::TimeDelta;
use duecare::files::{Files, FilesAddress, FilesError, digest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use secrecy::SecretString;
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::samples::good;
use super::{documents, upload};
use crate::world::{World, service_test};

const ACCESS: &str = "duecare-test";
const SECRET: &str = "a secret key of the test only";

/// A server with one bucket, `papers`.
async fn server() -> (String, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("papers")).unwrap();
    let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).unwrap());
    builder.set_auth(SimpleAuth::from_single(ACCESS, SECRET));
    let service = builder.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    actix_web::rt::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = service.clone();
            actix_web::rt::spawn(async move {
                let http = Builder::new(TokioExecutor::new());
                let _ = http.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    (endpoint, folder)
}

fn bucket(endpoint: &str, secret: &str) -> Files {
    let url = format!("s3://papers/duecare/documents?endpoint={endpoint}&region=us-east-1");
    let mut address = FilesAddress::parse(&url).unwrap();
    let FilesAddress::Bucket(bucket) = &mut address else { panic!("a bucket") };
    bucket.keys = Some((SecretString::from(ACCESS), SecretString::from(secret)));
    Files::open(&address).unwrap()
}

service_test!(documents_live_in_a_bucket_as_in_a_folder, async |w: World| {
    let (endpoint, folder) = server().await;
    let w = w.with(|app| app.files = bucket(&endpoint, SECRET));
    let labcorp = w.vendor("LabCorp");
    w.app.files.probe().await.unwrap();
    for (name, declared, bytes) in good() {
        upload(&w, labcorp, name, declared, &bytes).await.is(303);
        let document = documents(&w, labcorp).remove(0);
        let object = folder.path().join("papers/duecare/documents").join(&document.place);
        assert!(std::fs::read(object).unwrap() == bytes, "{name}");
        assert!(w.get(&format!("/documents/{}", document.id)).await.is(200).bytes == bytes, "{name}");
    }
    // A large one, and what was changed behind our back.
    let large = [vec![b'a'; 19 * 1024 * 1024], b"\n".to_vec()].concat();
    upload(&w, labcorp, "large.txt", "text/plain", &large).await.is(303);
    let document = documents(&w, labcorp).remove(0);
    let object = folder.path().join("papers/duecare/documents").join(&document.place);
    std::fs::write(&object, b"another text").unwrap();
    w.get(&format!("/documents/{}", document.id)).await.is(500).shows("is not the one that was stored");
    assert_eq!(
        w.app.files.written_before(duecare::clock::Clock::System.now() + TimeDelta::days(1)).await.unwrap().len(),
        12
    );
    w.app.files.remove(&document.place).await.unwrap();
    w.app.files.remove(&document.place).await.unwrap();
    let gone = w.app.files.get(&document.place, &document.sha256).await;
    assert!(matches!(gone, Err(FilesError::Missing)), "{gone:?}");
});

service_test!(a_bucket_that_is_closed_or_gone_is_said_so, async |w: World| {
    let (endpoint, _folder) = server().await;
    let locked = bucket(&endpoint, "not the key").put(b"x".to_vec()).await.unwrap_err();
    assert!(matches!(locked, FilesError::Unavailable(_)), "{locked:?}");
    assert!(!locked.to_string().contains("not the key"));
    // Nobody listens there.
    let w = w.with(|app| app.files = bucket("http://127.0.0.1:9", SECRET));
    let labcorp = w.vendor("LabCorp");
    let page = upload(&w, labcorp, "notes.txt", "text/plain", b"Seen.").await;
    page.is(503).shows("The place where documents are kept cannot be reached").shows("Shown at the visit");
    assert!(documents(&w, labcorp).is_empty());
    assert_eq!(digest(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});
