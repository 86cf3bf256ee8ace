//! The virus scanner, played by a script at the network's edge.

use std::sync::{Arc, Mutex};

use duecare::flows::documents::tidy;
use duecare::scan::Scanner;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{documents, history, stored, upload};
use crate::world::{World, service_test};

const EICAR: &[u8] = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";

/// What the scripted scanner does with whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    /// Finds the test file, and nothing else.
    Works,
    /// Hangs up without a word.
    HangsUp,
    /// Says that it cannot.
    Errs,
    /// Finds something in everything.
    Suspects,
    /// Answers, but never about this one file.
    StumblesOver(&'static [u8]),
}

struct Clamd {
    address: String,
    mood: Arc<Mutex<Mood>>,
}

impl Clamd {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let mood = Arc::new(Mutex::new(Mood::Works));
        let shared = mood.clone();
        actix_web::rt::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mood = *shared.lock().unwrap();
                if mood == Mood::HangsUp {
                    continue;
                }
                let mut command = [0; 10];
                if stream.read_exact(&mut command[..6]).await.is_err() {
                    continue;
                }
                if &command[..6] == b"zPING\0" {
                    let _ = stream.write_all(b"PONG\0").await;
                    continue;
                }
                stream.read_exact(&mut command[6..]).await.unwrap();
                assert_eq!(&command, b"zINSTREAM\0");
                let mut bytes = Vec::new();
                loop {
                    let length = stream.read_u32().await.unwrap() as usize;
                    if length == 0 {
                        break;
                    }
                    let at = bytes.len();
                    bytes.resize(at + length, 0);
                    stream.read_exact(&mut bytes[at..]).await.unwrap();
                }
                let answer: &[u8] = match mood {
                    Mood::StumblesOver(file) if bytes == file => continue,
                    Mood::Errs => b"INSTREAM size limit exceeded. ERROR\0",
                    Mood::Suspects => b"stream: Win.Test.Suspect FOUND\0",
                    _ if bytes.windows(EICAR.len()).any(|window| window == EICAR) => b"stream: Eicar-Signature FOUND\0",
                    _ => b"stream: OK\0",
                };
                let _ = stream.write_all(answer).await;
            }
        });
        Self { address, mood }
    }

    fn turns(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }
}

async fn world_with_scanner(w: World) -> (World, Clamd) {
    let clamd = Clamd::start().await;
    let scanner = Scanner::parse(&clamd.address).unwrap();
    (w.with(|app| app.scanner = scanner), clamd)
}

async fn tidied(w: &World) -> tidy::Tidied {
    let app = &w.app;
    tidy::tidy(&app.store, &app.office, &app.files, &app.scanner, w.now()).await.unwrap()
}

service_test!(a_scanned_file_is_marked_and_the_test_virus_is_refused, async |w: World| {
    let (w, _clamd) = world_with_scanner(w).await;
    let labcorp = w.vendor("LabCorp");
    assert_eq!(w.app.scanner.ping().await, Ok(()));
    upload(&w, labcorp, "notes.txt", "text/plain", b"Fine.").await.is(303);
    w.get(&format!("/vendors/{labcorp}/documents")).await.shows("scanned for viruses");
    let page = upload(&w, labcorp, "eicar.txt", "text/plain", EICAR).await;
    page.is(422).shows("The virus scanner found Eicar-Signature").shows("Shown at the visit");
    assert_eq!((documents(&w, labcorp).len(), stored(&w).await), (1, 1));
    assert_eq!(
        history(&w, labcorp)[0],
        "was refused the file “eicar.txt” for LabCorp: the virus scanner found Eicar-Signature in it"
    );
});

service_test!(while_the_scanner_is_down_a_file_is_held_and_given_out_once_it_passed, async |w: World| {
    let (w, clamd) = world_with_scanner(w).await;
    let labcorp = w.vendor("LabCorp");
    let there = format!("/vendors/{labcorp}/documents");
    for (mood, name) in [(Mood::HangsUp, "one.txt"), (Mood::Errs, "two.txt")] {
        clamd.turns(mood);
        upload(&w, labcorp, name, "text/plain", name.as_bytes()).await.leads_to(&format!("{there}?done=waiting"));
        let id = documents(&w, labcorp)[0].id;
        w.get(&format!("/documents/{id}")).await.leads_to(&format!("{there}?done=held")).lacks(name);
        w.get(&there).await.shows("Not scanned yet").lacks(&format!("href=\"/documents/{id}\""));
        assert_eq!(tidied(&w).await.passed, 0);
    }
    clamd.turns(Mood::Works);
    assert_eq!(tidied(&w).await.passed, 2);
    assert_eq!(tidied(&w).await.passed, 0);
    let id = documents(&w, labcorp)[0].id;
    assert_eq!(w.get(&format!("/documents/{id}")).await.is(200).text, "two.txt");
    w.get(&there).await.lacks("Not scanned yet");
});

service_test!(what_a_later_scan_finds_is_taken_off_and_never_given_out, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    // Taken in before there was a scanner.
    upload(&w, labcorp, "notes.txt", "text/plain", b"Looks fine.").await.is(303);
    let id = documents(&w, labcorp)[0].id;
    w.get(&format!("/documents/{id}")).await.is(200);
    let (w, clamd) = world_with_scanner(w).await;
    clamd.turns(Mood::Suspects);
    assert_eq!(tidied(&w).await.infected, 1);
    let there = format!("/vendors/{labcorp}/documents");
    w.get(&there).await.shows("1 removed document").shows("The virus scanner found Win.Test.Suspect in it.");
    w.get(&format!("/documents/{id}")).await.leads_to(&format!("{there}?done=held"));
    // Put back, it is still held, and found again.
    w.post(&format!("/documents/{id}/restore"), &[]).await.is(303);
    w.get(&format!("/documents/{id}")).await.leads_to(&format!("{there}?done=held"));
    assert_eq!(tidied(&w).await.infected, 1);
    assert!(documents(&w, labcorp)[0].removed_at.is_some());
});

service_test!(a_file_that_the_scanner_never_finishes_holds_up_no_other, async |w: World| {
    let (w, clamd) = world_with_scanner(w).await;
    let labcorp = w.vendor("LabCorp");
    clamd.turns(Mood::HangsUp);
    for name in ["one.txt", "two.txt", "three.txt"] {
        upload(&w, labcorp, name, "text/plain", name.as_bytes()).await.is(303);
        // The one that is stuck has waited longest.
        w.days_pass(1);
    }
    assert_eq!(tidied(&w).await.passed, 0);
    clamd.turns(Mood::StumblesOver(b"one.txt"));
    assert_eq!(tidied(&w).await.passed, 2);
    let waiting: Vec<String> =
        documents(&w, labcorp).into_iter().filter(|one| !one.scan.may_be_served()).map(|one| one.name).collect();
    assert_eq!(waiting, ["one.txt"]);
});

service_test!(a_scanner_behind_a_socket_file_is_asked_too, async |_w: World| {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clamd.ctl");
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    actix_web::rt::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut ping = [0; 6];
        stream.read_exact(&mut ping).await.unwrap();
        stream.write_all(b"PONG\0").await.unwrap();
    });
    assert_eq!(Scanner::parse(path.to_str().unwrap()).unwrap().ping().await, Ok(()));
    let nobody = Scanner::parse(folder.path().join("gone.ctl").to_str().unwrap()).unwrap();
    assert!(nobody.ping().await.is_err());
});
