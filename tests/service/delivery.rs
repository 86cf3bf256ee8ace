//! A letter is sent once, or shown as uncertain.

use duecare::domain::letter::LetterState;
use duecare::flows::deliver;
use duecare::mail::Mailer;
use duecare::store;

use crate::world::{World, service_test};

service_test!(two_workers_send_each_letter_once, async |w: World| {
    for number in 0..6 {
        w.vendor(&format!("Vendor {number}"));
    }
    duecare::flows::sweep::sweep(&w.app.store, &w.app.office, &w.practice, w.now()).unwrap();
    let (one, other) = tokio::join!(w.deliver(), w.deliver());
    assert_eq!(one.sent + other.sent, 6);
    assert_eq!(w.letters().len(), 6);
});

service_test!(a_letter_to_a_server_that_does_not_answer_waits_and_says_why, async |w: World| {
    w.vendor("LabCorp");
    duecare::flows::sweep::sweep(&w.app.store, &w.app.office, &w.practice, w.now()).unwrap();
    // A port that was free a moment ago: nobody answers there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = Mailer::smtp(&format!("smtp://127.0.0.1:{port}?tls=none")).unwrap();
    let delivered = deliver::deliver(&w.app.store, &w.app.office, &nobody, &w.app.clock).await.unwrap();
    assert_eq!((delivered.sent, delivered.deferred), (0, 1));
    let letter = w.app.store.read(|conn| store::letters::list(conn, &w.scope, None, 1, 0)).unwrap().remove(0);
    assert_eq!(letter.state, LetterState::Deferred);
    w.get("/outbox").await.is(200).shows("Will be tried again").shows(&letter.reason.unwrap()[..10]);
    // Five minutes later, with the server back.
    w.app.clock.advance(chrono::TimeDelta::minutes(5));
    assert_eq!(w.deliver().await.sent, 1);
});

service_test!(a_worker_that_died_delays_a_letter_and_loses_none, async |w: World| {
    w.vendor("LabCorp");
    let now = w.now();
    duecare::flows::sweep::sweep(&w.app.store, &w.app.office, &w.practice, now).unwrap();
    let waiting = w.app.store.read(|conn| store::letters::to_send(conn, now, 10)).unwrap();
    let (practice, id) = waiting[0];
    let taken = w.app.store.write(|conn| store::letters::claim(conn, practice, id, now)).unwrap();
    assert!(taken.is_some());
    assert_eq!(w.deliver().await.sent, 0);
    w.app.clock.advance(chrono::TimeDelta::minutes(3));
    assert_eq!(w.deliver().await.sent, 1);
});

service_test!(every_copy_of_a_letter_has_the_same_number_and_link, async |w: World| {
    w.vendor("LabCorp");
    w.sweep().await;
    let letter = w.app.store.read(|conn| store::letters::list(conn, &w.scope, None, 1, 0)).unwrap().remove(0);
    let (one, other) =
        (deliver::envelope(&w.app.office, &letter, w.now()), deliver::envelope(&w.app.office, &letter, w.now()));
    assert_eq!(one, other);
    assert_eq!(one.message_id, w.letters()[0].message_id);
});

service_test!(letters_go_to_a_folder_where_no_server_is_set, async |w: World| {
    w.vendor("LabCorp");
    duecare::flows::sweep::sweep(&w.app.store, &w.app.office, &w.practice, w.now()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mailer = Mailer::Folder(folder.path().join("mail"));
    let delivered = deliver::deliver(&w.app.store, &w.app.office, &mailer, &w.app.clock).await.unwrap();
    assert_eq!(delivered.sent, 1);
    let file = std::fs::read_dir(folder.path().join("mail")).unwrap().next().unwrap().unwrap();
    let text = std::fs::read_to_string(file.path()).unwrap();
    assert!(text.contains("Auto-Submitted: auto-generated") && file.path().extension().is_some_and(|end| end == "eml"));
});
