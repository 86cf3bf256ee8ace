//! The first steps: left out, taken up, put away; and a test letter with its answer.

use duecare::domain::practice::setup::Came;
use duecare::flows::setup;
use duecare::mail::Mailer;
use duecare::store;

use crate::postoffice::{PostOffice, Trouble};
use crate::world::{World, service_test};

/// As after the welcome link of a new installation.
fn begun(w: &World) {
    let now = w.now();
    w.app.store.write(|conn| setup::begin(conn, &w.scope, now)).unwrap();
}

service_test!(first_steps_are_left_out_taken_up_and_done, async |w: World| {
    w.get("/").await.lacks("First steps");
    begun(&w);
    w.get("/").await.shows("First steps").shows("1 of 5 steps done");
    w.post("/setup", &[("step", "mail"), ("act", "skip")]).await.leads_to("/setup");
    w.post("/setup", &[("step", "mail"), ("act", "skip")]).await.leads_to("/setup");
    w.get("/setup").await.shows("Left out").shows("Take up again");
    w.post("/setup", &[("step", "mail"), ("act", "resume")]).await.leads_to("/setup");
    w.get("/setup").await.lacks("Left out");
    w.vendor("LabCorp");
    w.post("/setup", &[("act", "accept")]).await.leads_to("/setup");
    w.post("/setup/mail", &[]).await.leads_to("/setup/mail#last");
    w.get("/").await.shows("4 of 5 steps done");
    w.post("/setup", &[("step", "second-factor"), ("act", "skip")]).await.leads_to("/setup");
    w.get("/").await.lacks("First steps");
    w.get("/setup").await.shows("You are set up");
    w.post("/setup", &[("step", "nonsense"), ("act", "skip")]).await.is(400);
});

service_test!(a_second_factor_counts_when_there_is_one, async |w: World| {
    begun(&w);
    w.sql("UPDATE users SET totp_secret = 'sealed'");
    w.get("/setup").await.shows("2 of 5 steps done");
});

service_test!(the_line_on_the_overview_can_be_put_away_and_taken_out, async |w: World| {
    begun(&w);
    w.post("/setup", &[("act", "dismiss")]).await.leads_to("/");
    w.get("/").await.lacks("First steps");
    w.get("/setup").await.is(200).shows("Remind me on the overview again");
    w.post("/setup", &[("act", "show")]).await.leads_to("/setup");
    w.get("/").await.shows("First steps");
});

service_test!(saving_the_settings_does_that_step, async |w: World| {
    begun(&w);
    w.settle(&[]).await.is(303);
    w.get("/setup").await.shows("2 of 5 steps done");
});

service_test!(a_test_letter_goes_to_oneself_and_shows_the_answer, async |w: World| {
    w.get("/setup/mail").await.is(200).shows("dana@maple.test");
    w.post("/setup/mail", &[]).await.is(303);
    let letter = w.letters().remove(0);
    assert_eq!((letter.to_address.as_str(), letter.from_name.as_str()), ("dana@maple.test", "Maple Family Practice"));
    w.get("/setup/mail").await.shows("The mail server took the letter").shows("kept in memory");
    // Nothing of it waits in the outbox.
    let waiting = w.app.store.read(|conn| store::letters::list(conn, &w.scope, None, 9, 0)).unwrap();
    assert_eq!(waiting.len(), 0);
});

async fn tried(w: &World, mailer: &Mailer) -> (Came, String) {
    let to = ("Dana", "dana@maple.test");
    let test = setup::try_mail(&w.app.office, mailer, &w.practice, to, w.now()).await;
    let (came, says) = (test.came, test.says.clone());
    let by = duecare::domain::entry::Actor::Program;
    w.app.store.write(|conn| setup::keep_test(conn, &w.scope, test, &by)).unwrap();
    w.get("/setup/mail").await.is(200).shows(came.says());
    (came, says)
}

service_test!(whatever_the_mail_server_says_is_shown, async |w: World| {
    let office = PostOffice::open(Trouble::None);
    assert_eq!(tried(&w, &office.mailer()).await, (Came::Sent, "250 taken".to_owned()));
    assert!(office.letters()[0].contains("A test letter from Maple Family Practice"));
    let refusing = PostOffice::open(Trouble::Says("RCPT", "550 5.1.1 No such user here"));
    let (came, says) = tried(&w, &refusing.mailer()).await;
    assert!(came == Came::Refused && says.contains("No such user here"), "{says}");
    let late = PostOffice::open(Trouble::Says(".", "554 5.7.1 Looks like spam"));
    let (came, says) = tried(&w, &late.mailer()).await;
    assert!(came == Came::Refused && says.contains("Looks like spam"), "{says}");
    assert_eq!(tried(&w, &PostOffice::open(Trouble::Silent).mailer()).await.0, Came::Down);
    assert_eq!(tried(&w, &PostOffice::open(Trouble::TakesAndFallsSilent).mailer()).await.0, Came::Unsure);
});

service_test!(a_letter_in_a_folder_says_so_and_where, async |w: World| {
    let folder = tempfile::tempdir().unwrap();
    let mailer = Mailer::Folder(folder.path().join("mail"));
    let (came, says) = tried(&w, &mailer).await;
    assert_eq!(came, Came::Folder);
    assert!(says.ends_with(".eml") && std::path::Path::new(&says).exists(), "{says}");
    w.get("/setup/mail").await.shows("DUECARE_SMTP_URL");
});

service_test!(the_history_tells_of_the_first_steps, async |w: World| {
    begun(&w);
    w.post("/setup", &[("step", "vendors"), ("act", "skip")]).await.is(303);
    w.post("/setup/mail", &[]).await.is(303);
    let about = store::entries::About::default();
    let lines = w.app.store.read(|conn| store::entries::list(conn, &w.scope, &about, 9, 0)).unwrap();
    let said: Vec<&str> = lines.iter().map(|(entry, _)| entry.sentence.as_str()).collect();
    assert_eq!(
        said,
        [
            "sent a test letter to dana@maple.test: the mail server took the letter (kept in memory)",
            "left out the first step “Your first vendors”",
            "founded the practice Maple Family Practice",
        ]
    );
});
