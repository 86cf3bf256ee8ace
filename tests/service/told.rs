//! Answers by telephone or on paper, and how long answering takes.

use chrono::TimeDelta;
use duecare::domain::answers::{Answers, Grade, Value};
use duecare::domain::assessment::Assessment;
use duecare::domain::ids::VendorId;
use duecare::domain::standing::Status;
use duecare::domain::user::Role;
use duecare::store;

use crate::world::{World, service_test};

const DONE: &str = "org.self-check.done";
const DATE: &str = "org.self-check.date";
const PAT: [(&str, &str); 3] = [("told_by", "Pat Morgan"), ("told_on", "11/20/2026"), ("told_way", "telephone")];
const SIGNER: [(&str, &str); 4] =
    [("name", "Pat Morgan"), ("job_title", "Office manager"), ("email", "pat@vendor.test"), ("authority", "yes")];

fn assessment(w: &World, vendor: VendorId) -> Assessment {
    w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, vendor)).unwrap().remove(0)
}

fn answers(w: &World, vendor: VendorId) -> Answers {
    let id = assessment(w, vendor).id;
    w.app.store.read(|conn| store::answers::of(conn, &w.scope, id)).unwrap()
}

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    PAT.iter().chain(more).copied().collect()
}

service_test!(told_answers_are_kept_as_told_and_never_as_signed, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let link = w.link();
    w.get(&format!("/vendors/{labcorp}")).await.shows("Type in answers");
    let at = format!("/assessments/{}/told", assessment(&w, labcorp).id);
    w.post(&format!("/vendors/{labcorp}/told"), &[]).await.leads_to(&at);
    w.get(&at).await.is(200).shows("Told answers are not signed").shows("Not started");
    let topic = format!("{at}/self-check");
    w.get(&topic).await.is(200).shows("Who told you").shows("2026-11-22");

    // Who told it is required, and what was typed stays.
    let bare = w.post(&topic, &[(DONE, "yes"), (DATE, "2026-10-01"), ("told_on", "2026-12-01")]).await;
    bare.is(422).shows("Write who told you").shows("in the future").shows("Say how it was told").shows("2026-10-01");
    w.post(&topic, &with(&[(DATE, "the first")])).await.is(422).shows("Pat Morgan").shows("the first");
    assert!(answers(&w, labcorp).is_empty());
    assert_eq!(w.see(labcorp).standing.status, Status::Invited);

    let saved = w.post(&topic, &with(&[(DONE, "yes"), (DATE, "2026-10-01"), ("action", "list")])).await;
    saved.leads_to(&format!("{at}?done=saved"));
    let told = answers(&w, labcorp)[DATE].told.clone().unwrap();
    assert_eq!(
        (told.by.as_str(), told.entered_by.as_str(), told.on.to_string().as_str()),
        ("Pat Morgan", "Dana Whitfield", "2026-11-20")
    );
    assert_eq!(w.history()[0], "typed in 2 answers that Pat Morgan told by telephone on Nov 20, 2026");
    assert_eq!(w.see(labcorp).standing.status, Status::InProgress, "told is not signed");
    let says = "Told by Pat Morgan by telephone on November 20, 2026, and typed in by Dana Whitfield";
    w.get(&topic).await.shows(says).shows("value=\"Pat Morgan\"");
    w.get(&at).await.shows("2 answers so far came by telephone");
    w.get(&format!("/vendors/{labcorp}")).await.shows("2 answers of the open questionnaire came so");

    // The vendor sees them as told before it signs, and so does whoever reads the receipt.
    let cookie = w.start_verified(&link).await;
    w.respondent_gets("/respond/check", &cookie).await.is(200).shows(says);
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
    w.respondent_gets("/respond/receipt", &cookie).await.shows(says);
    let id = assessment(&w, labcorp).id;
    w.get(&format!("/assessments/{id}")).await.is(200).shows(says);
    let signed = w.app.store.read(|conn| store::assessments::attestation(conn, &w.scope, id)).unwrap().unwrap();
    assert!(signed.snapshot.contains("\"entered_by\":\"Dana Whitfield\""), "{}", signed.snapshot);
    // Signed is signed.
    w.post(&topic, &with(&[(DONE, "no")])).await.leads_to(&format!("/assessments/{id}"));
    w.get(&topic).await.leads_to(&format!("/assessments/{id}"));
    assert_eq!(answers(&w, labcorp)[DATE].value, Value::Date("2026-10-01".parse().unwrap()));
});

service_test!(a_vendor_without_an_address_is_asked_by_telephone_and_no_letter_leaves, async |w: World| {
    let labcorp = w.vendor_with("LabCorp", |details| details.contact_email = None);
    w.get(&format!("/vendors/{labcorp}")).await.shows("without a letter");
    let begun = w.post(&format!("/vendors/{labcorp}/told"), &[]).await;
    let at = format!("/assessments/{}/told", assessment(&w, labcorp).id);
    begun.leads_to(&at);
    assert!(w.history().iter().any(|line| line.starts_with("opened a questionnaire for LabCorp, due by ")));
    w.post(&format!("/vendors/{labcorp}/told"), &[]).await.leads_to(&at);
    w.deliver().await;
    assert!(w.letters().is_empty());
    let none = w.vendor_with("Clinic", |details| {
        details.ba_status = duecare::domain::vendor::BaStatus::TreatmentProvider;
    });
    w.get(&format!("/vendors/{none}")).await.lacks("Type in answers");
    w.post(&format!("/vendors/{none}/told"), &[]).await.leads_to(&format!("/vendors/{none}?done=not-needed"));
});

service_test!(an_auditor_types_nothing_in, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let auditor = w.colleague(Role::Auditor);
    let at = format!("/assessments/{}/told/self-check", assessment(&w, labcorp).id);
    w.get_as(&format!("/vendors/{labcorp}"), &auditor).await.is(200).lacks("Type in answers");
    w.get_as(&at, &auditor).await.is(403);
    w.post_as(&at, &with(&[(DONE, "yes")]), duecare::web::session::STAFF_COOKIE, &auditor).await.is(403);
    assert!(answers(&w, labcorp).is_empty());
});

service_test!(the_vendors_own_answers_are_not_taken_back_and_the_newer_hand_is_named, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let cookie = w.start_verified(&w.link()).await;
    w.respondent_posts("/respond/self-check", &[(DONE, "yes"), (DATE, "2026-10-01")], &cookie).await;
    let topic = format!("/assessments/{}/told/self-check", assessment(&w, labcorp).id);
    w.get(&topic).await.is(200).shows("Answered by the vendor itself");
    // Left alone and left blank: neither is touched.
    w.post(&topic, &with(&[(DONE, "yes")])).await.is(303);
    let kept = answers(&w, labcorp);
    assert!(kept[DONE].told.is_none() && kept[DATE].told.is_none());
    assert!(w.history().iter().all(|line| !line.starts_with("typed in")));
    // Told otherwise: it is the told answer that stands, and says so.
    w.post(&topic, &with(&[(DONE, "yes"), (DATE, "2026-10-09")])).await.is(303);
    let kept = answers(&w, labcorp);
    assert!(kept[DONE].told.is_none() && kept[DATE].told.is_some());
    // The vendor saves the page itself: then it is its own again.
    let page = w.respondent_gets("/respond/self-check", &cookie).await;
    let seen = page.value_of("seen");
    let own = [("seen", seen.as_str()), (DONE, "yes"), (DATE, "2026-10-09")];
    w.respondent_posts("/respond/self-check", &own, &cookie).await.is(303);
    assert!(answers(&w, labcorp)[DATE].told.is_none());
});

service_test!(two_people_who_type_in_different_answers_are_told_of_each_other, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let topic = format!("/assessments/{}/told/self-check", assessment(&w, labcorp).id);
    let seen = w.get(&topic).await.value_of("seen");
    w.post(&topic, &with(&[("seen", &seen), (DATE, "2026-10-01")])).await.is(303);
    let late = w.post(&topic, &with(&[("seen", &seen), (DATE, "2026-10-02")])).await;
    late.is(409).shows("Somebody answered this differently meanwhile").shows("2026-10-02");
    let seen = late.value_of("seen");
    w.post(&topic, &with(&[("seen", &seen), (DATE, "2026-10-02")])).await.is(303);
    assert_eq!(answers(&w, labcorp)[DATE].value, Value::Date("2026-10-02".parse().unwrap()));
});

service_test!(hostile_words_in_a_told_answer_are_shown_harmless, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let topic = format!("/assessments/{}/told/self-check", assessment(&w, labcorp).id);
    let fields =
        [("told_by", "<script>alert(1)</script>"), ("told_on", "2026-11-20"), ("told_way", "paper"), (DONE, "no")];
    w.post(&topic, &fields).await.is(303);
    w.get(&topic).await.is(200).lacks("<script>alert").shows("&lt;script&gt;");
    let long = "x".repeat(121);
    for by in ["\u{7}", long.as_str()] {
        let fields = [("told_by", by), ("told_on", "2026-11-20"), ("told_way", "paper"), (DONE, "no")];
        w.post(&topic, &fields).await.is(422).shows("at most 120 letters");
    }
    assert_eq!(answers(&w, labcorp)[DONE].value, Value::Grade(Grade::No));
});

service_test!(the_time_it_takes_is_counted_until_ten_have_answered, async |w: World| {
    w.vendor("LabCorp");
    let form = w.app.office.catalogue.current().name();
    for n in 0..9 {
        w.sql(&format!("INSERT INTO paces VALUES ('{n}', '{form}', 'full', FALSE, {})", 11 + n));
        w.sql(&format!("INSERT INTO paces VALUES ('lite{n}', '{form}', 'lite', FALSE, 3)"));
        w.sql(&format!("INSERT INTO paces VALUES ('again{n}', '{form}', 'full', TRUE, 4)"));
    }
    w.sweep().await;
    w.visit(&w.link()).await.is(200).lacks("half of those who answered").lacks("about 20 minutes");
    w.sql(&format!("INSERT INTO paces VALUES ('9', '{form}', 'full', FALSE, 200)"));
    w.visit(&w.link()).await.is(200).shows("about 20 minutes (half of those who answered before took less)");
    w.vendor("Northgate");
    w.sweep().await;
    assert!(w.letters().pop().unwrap().text.contains("about 20 minutes"));
});

service_test!(signing_notes_how_long_it_took_without_saying_whose, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let cookie = w.start_verified(&w.link()).await;
    let form = w.app.office.catalogue.current();
    let topics: Vec<_> = form.sections.iter().flat_map(|section| &section.topics).take(5).collect();
    for topic in topics {
        w.app.clock.advance(TimeDelta::minutes(3));
        let unsure: Vec<(&str, &str)> = topic.questions.iter().map(|one| (one.slug.as_str(), "unknown")).collect();
        w.respondent_posts(&format!("/respond/{}", topic.id), &unsure, &cookie).await;
    }
    // Over night.
    w.app.clock.advance(TimeDelta::hours(14));
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
    let kind = duecare::domain::pace::Kind {
        questionnaire: form.name(),
        set: assessment(&w, labcorp).asked.set,
        again: false,
    };
    let noted = w.app.store.read(|conn| store::paces::sample(conn, &kind)).unwrap();
    assert_eq!(noted, [25], "five pages of three minutes, and a pause that counts as ten");
});
