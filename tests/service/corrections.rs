//! A signed reply is opened again: by the vendor to put something right, or by the practice,
//! which sends questions back.

use duecare::domain::assessment::Attestation;
use duecare::domain::correction::EarlierReply;
use duecare::domain::ids::{AssessmentId, VendorId};
use duecare::domain::life::Life;
use duecare::domain::user::Role;
use duecare::flows::life;
use duecare::secrets;
use duecare::store;

use crate::world::{World, service_test};

const SIGNER: [(&str, &str); 4] =
    [("name", "Pat Morgan"), ("job_title", "Office manager"), ("email", "pat@vendor.test"), ("authority", "yes")];
const PAGE: &str = "/respond/self-check";
const SAVED: [(&str, &str); 2] = [("org.self-check.done", "yes"), ("org.self-check.date", "2026-10-01")];
const REASON: [(&str, &str); 1] = [("reason", "The date was wrong.")];

/// A reply that was signed in one browser.
struct Reply {
    vendor: VendorId,
    id: AssessmentId,
    cookie: String,
}

async fn signed(w: &World) -> Reply {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    let cookie = w.start_verified(&w.link()).await;
    w.respondent_posts(PAGE, &SAVED, &cookie).await.is(303);
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
    let id = w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, vendor)).unwrap()[0].id;
    Reply { vendor, id, cookie }
}

fn in_force(w: &World, reply: &Reply) -> Attestation {
    let signed = w.app.store.read(|conn| store::assessments::attestation(conn, &w.scope, reply.id));
    signed.unwrap().expect("a signed reply stays signed")
}

fn earlier(w: &World, reply: &Reply) -> Vec<EarlierReply> {
    w.app.store.read(|conn| store::corrections::earlier(conn, &w.scope, reply.id)).unwrap()
}

async fn marks(w: &World, reply: &Reply) -> String {
    w.respondent_gets(PAGE, &reply.cookie).await.value_of("seen")
}

async fn change_the_date(w: &World, reply: &Reply, day: &str) {
    let seen = marks(w, reply).await;
    let fields = [("seen", seen.as_str()), ("org.self-check.done", "yes"), ("org.self-check.date", day)];
    w.respondent_posts(PAGE, &fields, &reply.cookie).await.is(303);
}

/// The practice sends one question back.
async fn send_back(w: &World, reply: &Reply, remark: &str) {
    let fields = [("remark:org.self-check.date", remark)];
    w.post(&format!("/assessments/{}/return", reply.id), &fields).await.is(303);
    w.deliver().await;
}

service_test!(a_vendor_corrects_its_reply_and_what_it_signed_stays_in_force_until_it_signs_again, async |w: World| {
    w.settle(&[("reply_to", "office@maple.test")]).await.is(303);
    let reply = signed(&w).await;
    let first = in_force(&w, &reply);
    w.respondent_gets("/respond/receipt", &reply.cookie).await.shows("Correct your answers");
    w.respondent_posts("/respond/correct", &[("reason", " ")], &reply.cookie).await.is(422).shows("There is a problem");
    w.respondent_posts("/respond/correct", &REASON, &reply.cookie).await.leads_to("/respond");
    change_the_date(&w, &reply, "2026-11-02").await;
    w.respondent_gets("/respond/check", &reply.cookie).await.shows("November 2, 2026");

    let page = w.get(&format!("/assessments/{}", reply.id)).await;
    page.shows("The date was wrong.").shows("October 1, 2026").lacks("November 2, 2026");
    assert_eq!(in_force(&w, &reply), first);
    assert_eq!(w.see(reply.vendor).standing.accepted_on, Some(w.today()));

    w.days_pass(3);
    w.respondent_posts("/respond/sign", &SIGNER, &reply.cookie).await.leads_to("/respond/receipt");
    let second = in_force(&w, &reply);
    assert_ne!((&second.reference, &second.sha256), (&first.reference, &first.sha256));
    assert_eq!(
        earlier(&w, &reply).into_iter().map(|old| (old.version, old.signed)).collect::<Vec<_>>(),
        [(1, first.clone())]
    );
    assert_eq!(secrets::digest(&first.snapshot), first.sha256, "the first version still proves itself");
    let page = w.respondent_gets("/respond/receipt", &reply.cookie).await;
    page.shows("November 2, 2026").shows(&second.reference).shows("Version 1").shows(&first.reference);
    let page = w.get(&format!("/assessments/{}", reply.id)).await;
    page.shows("Replaced because").shows("October 1, 2026").shows("November 2, 2026");
    // A correction starts no new year.
    let standing = w.see(reply.vendor).standing;
    assert_eq!(standing.accepted_on, Some(w.today() - chrono::Days::new(3)));
    w.deliver().await;
    let subjects: Vec<String> = w.letters().iter().map(|letter| letter.subject.clone()).collect();
    assert!(subjects.iter().any(|subject| subject == "LabCorp signed a new version of its self-check"), "{subjects:?}");
});

service_test!(questions_sent_back_appear_alone_with_their_remark, async |w: World| {
    let reply = signed(&w).await;
    send_back(&w, &reply, "Which <ledger> is this?").await;
    let letter = w.letters().pop().unwrap();
    assert_eq!(letter.subject, "Maple Family Practice asks about 1 question of your self-check");
    assert!(!letter.text.contains("ledger"), "the remark stays behind the link");
    assert_eq!(
        w.flags(),
        ["LabCorp: 1 question sent back on November 22, 2026, to be answered by December 6, 2026"]
            .into_iter()
            .map(str::to_owned)
            .chain(w.flags().into_iter().filter(|flag| !flag.contains("sent back")))
            .collect::<Vec<_>>()
    );

    // The letter's link in another browser: no remark and no answer before the code.
    let link = w.link();
    w.visit(&link).await.is(200).shows("asks about 1 question").lacks("ledger");
    let other = w.start(&link).await;
    w.respondent_gets("/respond", &other).await.leads_to("/respond/code?next=");
    w.verify(&other).await;
    w.respondent_gets("/respond", &other).await.shows("Which &lt;ledger&gt; is this?");
    let page = w.respondent_gets(PAGE, &other).await;
    page.shows("Which &lt;ledger&gt; is this?").shows("10/1/2026").lacks("id=\"org.self-check.done\"");
    w.respondent_gets("/respond/people", &other).await.is(404);

    let seen = page.value_of("seen");
    let reply_only = [
        ("seen", seen.as_str()),
        ("org.self-check.date", "2026-10-01"),
        ("org.self-check.date:reply", "The one of our <accountant>."),
    ];
    w.respondent_posts(PAGE, &reply_only, &other).await.is(303);
    w.get(&format!("/assessments/{}", reply.id)).await.lacks("accountant");
    w.respondent_posts("/respond/sign", &SIGNER, &other).await.leads_to("/respond/receipt");
    let page = w.get(&format!("/assessments/{}", reply.id)).await;
    page.shows("The one of our &lt;accountant&gt;.").shows("No answer was changed");
    // Whoever reviews it reads both sides beside the answer.
    let review = w.get(&format!("/assessments/{}/review", reply.id)).await;
    review.shows("Which &lt;ledger&gt; is this?").shows("The one of our &lt;accountant&gt;.");
    assert!(!w.flags().iter().any(|flag| flag.contains("sent back")));
});

service_test!(questions_go_back_once_and_only_with_a_remark, async |w: World| {
    let reply = signed(&w).await;
    let path = format!("/assessments/{}/return", reply.id);
    w.get(&path).await.is(200).shows("Write a remark").shows("October 1, 2026");
    w.post(&path, &[("remark:org.self-check.date", "  ")]).await.is(422).shows("There is a problem");
    let long = "x".repeat(2_001);
    w.post(&path, &[("remark:org.self-check.date", &long)]).await.is(422).shows("Shorten the remark").shows(&long);
    send_back(&w, &reply, "Which?").await;
    let sent = w.letters().len();
    w.post(&path, &[("remark:org.self-check.date", "Which one?")])
        .await
        .is(422)
        .shows("Which one?")
        .shows("open at the vendor");
    w.deliver().await;
    assert_eq!(w.letters().len(), sent);
    let auditor = w.colleague(Role::Auditor);
    w.get_as(&format!("/assessments/{}", reply.id), &auditor)
        .await
        .is(200)
        .lacks("Send questions back")
        .lacks("/withdraw");
    w.post(&format!("/assessments/{}/return", AssessmentId::fresh()), &[]).await.is(404);
});

service_test!(a_correction_that_is_taken_back_leaves_what_was_signed, async |w: World| {
    let reply = signed(&w).await;
    let first = in_force(&w, &reply);
    w.respondent_posts("/respond/correct", &REASON, &reply.cookie).await.leads_to("/respond");
    change_the_date(&w, &reply, "2026-11-02").await;
    w.respondent_posts("/respond/correct/leave", &[], &reply.cookie).await.leads_to("/respond/receipt");
    w.respondent_gets("/respond/receipt", &reply.cookie).await.shows("October 1, 2026").shows(&first.reference);
    w.respondent_posts("/respond/sign", &SIGNER, &reply.cookie).await.leads_to("/respond/receipt");
    assert_eq!(in_force(&w, &reply), first);

    send_back(&w, &reply, "Which?").await;
    // What the practice asks is not for the vendor to drop.
    w.respondent_posts("/respond/correct/leave", &[], &reply.cookie).await.is(303);
    w.respondent_gets("/respond", &reply.cookie).await.is(200).shows("Which?");
    w.post(&format!("/assessments/{}/return/withdraw", reply.id), &[]).await.is(303);
    w.respondent_gets("/respond", &reply.cookie).await.leads_to("/respond/receipt");
    assert_eq!((in_force(&w, &reply), earlier(&w, &reply)), (first, Vec::new()));
});

service_test!(nobody_opens_signed_answers_without_the_code, async |w: World| {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    let link = w.link();
    let cookie = w.start_verified(&link).await;
    w.respondent_posts(PAGE, &SAVED, &cookie).await.is(303);
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
    let stranger = w.start_leads_to(&link, "/respond/receipt").await;
    w.respondent_posts("/respond/correct", &REASON, &stranger).await.is(303);
    let all = w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, vendor)).unwrap();
    let open = w.app.store.read(|conn| store::corrections::open_of(conn, &w.scope, all[0].id)).unwrap();
    assert_eq!(open, None);
});

service_test!(the_signed_copy_is_there_for_sixty_days, async |w: World| {
    let reply = signed(&w).await;
    w.days_pass(60);
    w.respondent_gets("/respond/receipt", &reply.cookie).await.is(200).shows("Signed and sent");
});

service_test!(whoever_had_the_mailbox_before_opens_nothing_signed_any_more, async |w: World| {
    let reply = signed(&w).await;
    send_back(&w, &reply, "Which?").await;
    w.edit(reply.vendor, |details| details.contact_email = Some("kim@vendor.test".to_owned()));
    w.respondent_gets("/respond", &reply.cookie).await.is(410);
    w.respondent_posts("/respond/correct", &REASON, &reply.cookie).await.is(410);
    w.deliver().await;
    let letter = w.letters().pop().unwrap();
    assert_eq!(letter.to_address, "kim@vendor.test");
    assert_eq!(letter.subject, "Maple Family Practice asks about 1 question of your self-check");
});

service_test!(a_link_of_questions_sent_back_that_ran_out_is_sent_anew, async |w: World| {
    let reply = signed(&w).await;
    send_back(&w, &reply, "Which?").await;
    let link = w.link();
    w.days_pass(200);
    w.visit(&link).await.is(410).shows("Send me a new link");
    let sent = w.letters().len();
    for _ in 0..2 {
        w.submit(&format!("{link}/again"), &[]).await.is(200);
        w.deliver().await;
    }
    let letters = w.letters();
    assert_eq!(letters.len(), sent + 1, "once");
    assert_eq!(letters[sent].subject, "Maple Family Practice asks about 1 question of your self-check");
    let cookie = w.start_verified(&w.link()).await;
    w.respondent_gets("/respond", &cookie).await.shows("Which?");
});

service_test!(nothing_stays_open_at_a_vendor_that_has_ended, async |w: World| {
    let reply = signed(&w).await;
    w.respondent_posts("/respond/correct", &REASON, &reply.cookie).await.is(303);
    w.sql(&format!("UPDATE vendors SET life = 'prospect' WHERE id = '{}'", reply.vendor));
    let (office, asked) = (&w.app.office, w.asked(reply.vendor));
    w.app
        .store
        .write(|conn| life::step(conn, office, &w.practice, asked, Life::Ended, None, "We chose another."))
        .unwrap();
    w.respondent_gets("/respond", &reply.cookie).await.leads_to("/respond/receipt");
    w.get(&format!("/assessments/{}", reply.id)).await.is(200).lacks("opened these answers");
});

service_test!(nothing_goes_back_to_a_vendor_that_gets_no_letters_nor_on_an_old_reply, async |w: World| {
    let reply = signed(&w).await;
    let path = format!("/assessments/{}/return", reply.id);
    w.sql(&format!("UPDATE vendors SET life = 'suspended' WHERE id = '{}'", reply.vendor));
    w.post(&path, &[("remark:org.self-check.date", "Which?")]).await.is(422).shows("Nothing was sent to LabCorp");
    w.sql(&format!("UPDATE vendors SET life = 'active' WHERE id = '{}'", reply.vendor));
    w.days_pass(365);
    w.ask();
    w.replied(reply.vendor, &[]);
    w.post(&path, &[("remark:org.self-check.date", "Which?")]).await.is(422).shows("A newer reply");
});

service_test!(the_first_letters_link_says_what_is_asked_while_my_reply_is_open, async |w: World| {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    w.deliver().await;
    let first = w.link();
    let cookie = w.start_verified(&first).await;
    w.respondent_posts(PAGE, &SAVED, &cookie).await.is(303);
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
    let id = w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, vendor)).unwrap()[0].id;
    let reply = Reply { vendor, id, cookie };
    send_back(&w, &reply, "Which ledger?").await;
    let page = w.visit(&first).await;
    page.is(200).shows("asks about 1 question").shows(">Continue</button>").lacks(">Start</button>");
    page.lacks("Have these at hand").lacks("Which ledger?");
    // The one question, and not all of them.
    let list = w.visit(&format!("{first}/questions")).await;
    list.shows("1 question of what you signed").lacks("Take the questions away as a workbook");
    assert_eq!(list.text.matches("<li value=").count(), 1);
    let by = duecare::domain::entry::Actor::Program;
    w.app
        .store
        .write(|conn| duecare::flows::correct::withdraw(conn, &w.app.office, &w.practice, id, &by, w.now()))
        .unwrap();
    w.visit(&first).await.shows("There is nothing more to do");
    // Opened by the vendor itself.
    w.respondent_posts("/respond/correct", &REASON, &reply.cookie).await.leads_to("/respond");
    let page = w.visit(&first).await;
    page.shows("is open again, to correct it").shows(">Continue</button>").lacks("Answer by");
});

service_test!(a_link_of_a_signed_reply_that_ended_says_that_nothing_is_left_to_do, async |w: World| {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    w.deliver().await;
    let link = w.link();
    let cookie = w.start_verified(&link).await;
    w.respondent_posts(PAGE, &SAVED, &cookie).await.is(303);
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
    let id = w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, vendor)).unwrap()[0].id;
    // Whatever else is owed here is not what this is about.
    w.sql("DELETE FROM actions");
    w.days_pass(70);
    let page = w.visit(&link).await;
    page.is(410).shows("was signed on November 22, 2026").shows("nothing more to do").lacks("Send me a new link");
    send_back(&w, &Reply { vendor, id, cookie }, "Which ledger?").await;
    w.visit(&link).await.is(410).shows("Send me a new link");
});
