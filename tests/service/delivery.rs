//! A letter is sent once, or shown as uncertain.

use duecare::domain::letter::LetterState;
use duecare::flows::deliver;
use duecare::mail::Mailer;
use duecare::store;

use crate::postoffice::{PostOffice, Trouble};
use crate::world::{World, service_test};

service_test!(two_workers_send_each_letter_once, async |w: World| {
    for number in 0..6 {
        w.vendor(&format!("Vendor {number}"));
    }
    w.ask();
    let (one, other) = tokio::join!(w.deliver(), w.deliver());
    assert_eq!(one.sent + other.sent, 6);
    assert_eq!(w.letters().len(), 6);
});

service_test!(a_letter_to_a_server_that_does_not_answer_waits_and_says_why, async |w: World| {
    w.vendor("LabCorp");
    w.ask();
    // A port that was free a moment ago: nobody answers there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = Mailer::smtp(&format!("smtp://127.0.0.1:{port}?tls=none")).unwrap();
    let delivered = w.deliver_by(&nobody).await;
    assert_eq!((delivered.sent, delivered.deferred), (0, 1));
    let letter = w.newest();
    assert_eq!(letter.state, LetterState::Deferred);
    w.get("/outbox").await.is(200).shows("Will be tried again").shows(&letter.reason.unwrap()[..10]);
    // Five minutes later, with the server back.
    w.app.clock.advance(chrono::TimeDelta::minutes(5));
    assert_eq!(w.deliver().await.sent, 1);
});

service_test!(a_worker_that_died_delays_a_letter_and_loses_none, async |w: World| {
    w.vendor("LabCorp");
    let now = w.now();
    w.ask();
    let waiting = w.app.store.read(|conn| store::letters::to_send(conn, now, 10)).unwrap();
    let (practice, id) = waiting[0];
    let taken = w.app.store.write(|conn| store::letters::claim(conn, practice, id, now)).unwrap();
    assert!(taken.is_some());
    assert_eq!(w.deliver().await.sent, 0);
    w.app.clock.advance(chrono::TimeDelta::minutes(5));
    assert_eq!(w.deliver().await.sent, 1);
});

service_test!(every_copy_of_a_letter_has_the_same_number_and_link, async |w: World| {
    w.vendor("LabCorp");
    w.sweep().await;
    let letter = w.newest();
    let (one, other) =
        (deliver::envelope(&w.app.office, &letter, w.now()), deliver::envelope(&w.app.office, &letter, w.now()));
    assert_eq!(one, other);
    assert_eq!(one.message_id, w.letters()[0].message_id);
});

service_test!(letters_go_to_a_folder_where_no_server_is_set, async |w: World| {
    w.vendor("LabCorp");
    w.ask();
    let folder = tempfile::tempdir().unwrap();
    let mailer = Mailer::Folder(folder.path().join("mail"));
    let delivered = w.deliver_by(&mailer).await;
    assert_eq!(delivered.sent, 1);
    let file = std::fs::read_dir(folder.path().join("mail")).unwrap().next().unwrap().unwrap();
    let text = std::fs::read_to_string(file.path()).unwrap();
    assert!(text.contains("Auto-Submitted: auto-generated") && file.path().extension().is_some_and(|end| end == "eml"));
});

service_test!(one_conversation_carries_all_letters_of_a_run, async |w: World| {
    for number in 0..5 {
        w.vendor(&format!("Vendor {number}"));
    }
    w.ask();
    let office = PostOffice::open(Trouble::None);
    assert_eq!(w.deliver_by(&office.mailer()).await.sent, 5);
    assert_eq!((office.letters().len(), office.conversations()), (5, 1));
});

service_test!(a_server_that_says_nothing_delays_letters_and_stops_nothing, async |w: World| {
    w.vendor("LabCorp");
    w.vendor("Quest");
    w.ask();
    let delivered = w.deliver_by(&PostOffice::open(Trouble::Silent).mailer()).await;
    // One letter found out; the other was not tried in vain.
    assert_eq!((delivered.sent, delivered.deferred), (0, 1));
    w.app.clock.advance(chrono::TimeDelta::minutes(5));
    assert_eq!(w.deliver().await.sent, 2);
});

service_test!(a_server_that_refuses_us_loses_no_letter, async |w: World| {
    for trouble in [
        Trouble::Says("EHLO", "554 no service here"),
        Trouble::Says("MAIL", "550 this sender may not send"),
        Trouble::Says("RCPT", "421 too many letters"),
        Trouble::HangsUp("RCPT"),
        Trouble::HangsUp("DATA"),
    ] {
        w.vendor(&format!("Vendor {trouble:?}"));
        w.ask();
        let delivered = w.deliver_by(&PostOffice::open(trouble).mailer()).await;
        assert_eq!((delivered.deferred, delivered.failed, delivered.uncertain), (1, 0, 0), "{trouble:?}");
        w.app.clock.advance(chrono::TimeDelta::minutes(5));
        assert_eq!(w.deliver().await.sent, 1, "{trouble:?}");
    }
});

service_test!(an_address_that_is_refused_fails_that_letter_alone, async |w: World| {
    w.vendor("LabCorp");
    w.vendor("Quest");
    w.ask();
    let delivered = w.deliver_by(&PostOffice::open(Trouble::Says("RCPT", "550 5.1.1 no such mailbox")).mailer()).await;
    assert_eq!(delivered.failed, 2);
    assert!(w.newest().reason.unwrap().contains("no such mailbox"));
});

service_test!(a_letter_whose_receipt_never_came_is_uncertain_and_not_sent_again, async |w: World| {
    for (number, trouble) in [Trouble::TakesAndFallsSilent, Trouble::HangsUp(".")].into_iter().enumerate() {
        w.vendor(&format!("Vendor {number}"));
        w.ask();
        let office = PostOffice::open(trouble);
        assert_eq!(w.deliver_by(&office.mailer()).await.uncertain, 1, "{trouble:?}");
        assert_eq!(office.letters().len(), 1);
        w.app.clock.advance(chrono::TimeDelta::days(1));
        assert_eq!(w.deliver().await.sent, 0);
        w.get("/outbox").await.is(200).shows("May have been sent");
    }
});

service_test!(a_program_that_stops_while_it_hands_a_letter_over_leaves_it_uncertain, async |w: World| {
    w.vendor("LabCorp");
    w.ask();
    let now = w.now();
    let (practice, id) = w.app.store.read(|conn| store::letters::to_send(conn, now, 1)).unwrap()[0];
    let letter = w.app.store.write(|conn| store::letters::claim(conn, practice, id, now)).unwrap().unwrap();
    assert!(w.app.store.write(|conn| store::letters::hand_over(conn, &letter)).unwrap());
    // Here it stops: nobody will ever know whether the server took the letter.
    w.app.clock.advance(chrono::TimeDelta::days(1));
    assert_eq!(w.deliver().await.sent, 0);
    assert_eq!(w.newest().state, LetterState::Uncertain);
});

service_test!(a_letter_whose_link_was_withdrawn_does_not_leave, async |w: World| {
    let vendor = w.vendor("LabCorp");
    w.ask();
    w.edit(vendor, |details| details.contact_email = Some("new@vendor.test".to_owned()));
    let delivered = w.deliver().await;
    assert_eq!((delivered.sent, delivered.failed), (1, 1));
    assert_eq!(w.letters()[0].to_address, "new@vendor.test");
});

service_test!(a_letter_waits_when_its_link_was_made_with_another_key, async |w: World| {
    w.vendor("LabCorp");
    w.ask();
    let other = duecare::flows::Office {
        key: duecare::secrets::Key::of("another key, rotated in by hand"),
        ..w.app.office.clone()
    };
    let never = std::sync::atomic::AtomicBool::new(false);
    let delivered = deliver::deliver(&w.app.store, &other, &w.app.mailer, &w.app.clock, &never).await.unwrap();
    assert_eq!((delivered.sent, delivered.deferred), (0, 1));
    assert!(w.newest().reason.unwrap().contains("another secret key"));
});

service_test!(a_letter_that_was_not_delivered_is_a_flag_until_one_arrives, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.ask();
    let office = PostOffice::open(Trouble::Says("RCPT", "550 5.1.1 no such mailbox"));
    assert_eq!(w.deliver_by(&office.mailer()).await.failed, 1);
    assert!(
        w.flags()[0].starts_with("LabCorp: Letters to pat@vendor.test bounced on November 22, 2026"),
        "{:?}",
        w.flags()
    );
    w.edit(labcorp, |details| details.contact_email = Some("right@vendor.test".to_owned()));
    assert_eq!(w.deliver().await.sent, 1);
    assert_eq!(w.flags(), Vec::<String>::new());
});

service_test!(a_sent_letter_is_noted_as_sent_even_when_its_vendor_s_record_cannot_be_read, async |w: World| {
    let spoiled = w.vendor("LabCorp");
    w.ask();
    w.break_record(spoiled);
    assert_eq!(w.deliver().await.sent, 1);
    assert_eq!(w.newest().state, LetterState::Sent);
});

service_test!(a_fresh_link_to_a_late_vendor_does_not_ask_for_an_answer_in_the_past, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    w.days_pass(40);
    w.post(&format!("/vendors/{labcorp}/fresh-link"), &[]).await.is(303);
    w.deliver().await;
    let letter = w.letters().pop().unwrap();
    assert!(
        letter.text.contains("Please give them now") && !letter.text.contains("Please answer by"),
        "{}",
        letter.text
    );
});
