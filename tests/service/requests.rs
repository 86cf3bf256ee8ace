//! One mailbox, several practices: the page that lists their requests, and answers offered
//! again by their owner's choice only.

use duecare::domain::access::Scope;
use duecare::domain::answers::{Answer, Answers, Value};
use duecare::domain::entry::Actor;
use duecare::domain::ids::VendorId;
use duecare::domain::practice::Practice;
use duecare::domain::questionnaire::Gravity;
use duecare::flows::{invite, receive, register};
use duecare::store::{self, StoreError};
use duecare::web::session::STAFF_COOKIE;

use crate::world::{World, details, good, service_test};

const SIGNER: [(&str, &str); 4] =
    [("name", "Pat Morgan"), ("job_title", "Manager"), ("email", "pat@vendor.test"), ("authority", "yes")];

/// Has a practice ask a vendor at this address; gives the link.
async fn asks(w: &World, practice: &Practice, name: &str, address: &str) -> (VendorId, String) {
    let (now, office) = (w.now(), w.app.office.clone());
    let mut details = details(name, practice.day(now));
    details.contact_email = Some(address.to_owned());
    let vendor = w.app.store.write(|conn| {
        let vendor = register::add(conn, &office, practice, &details, &Actor::Program, now)?;
        invite::invite(conn, &office, practice, vendor, &Actor::Program, now).unwrap();
        Ok::<_, StoreError>(vendor)
    });
    w.deliver().await;
    (vendor.unwrap(), w.link())
}

/// Good answers with these differences, saved in that browser and signed there.
async fn signs(w: &World, cookie: &str, differences: &[(&str, Value)]) {
    let now = w.now();
    w.app
        .store
        .write(|conn| {
            let opened = receive::resume(conn, cookie, now)?;
            let form = opened.questionnaire(&w.app.office)?;
            let asked = receive::applicable(form, &opened.assessment, &Answers::new());
            let answers: Vec<(&str, Option<Answer>)> = asked
                .iter()
                .map(|question| {
                    let given = differences.iter().find(|(slug, _)| *slug == question.slug);
                    let value = given.map_or_else(|| good(question, w.today()), |(_, value)| value.clone());
                    let detail = question.detail.as_ref().map(|_| "12".to_owned());
                    (question.slug.as_str(), Some(Answer { detail, ..Answer::of(value) }))
                })
                .collect();
            receive::save(conn, &opened, &answers, now)
        })
        .unwrap();
    w.respondent_posts("/respond/sign", &SIGNER, cookie).await.leads_to("/respond/receipt");
}

fn cookie_of(page: &crate::world::Page) -> String {
    let cookie = page.cookies.iter().find(|one| one.starts_with(duecare::web::session::RESPONDENT_COOKIE)).unwrap();
    cookie[duecare::web::session::RESPONDENT_COOKIE.len() + 1..].split(';').next().unwrap().to_owned()
}

service_test!(requests_of_several_practices_to_one_mailbox_are_on_one_page, async |w: World| {
    let (other, _) = w.other_practice();
    let (_, _) = asks(&w, &other, "LabCorp Inc", "PAT@vendor.test").await;
    asks(&w, &other, "Somebody else", "sam@vendor.test").await;
    let (_, link) = asks(&w, &w.practice, "LabCorp", "pat@vendor.test").await;
    let cookie = w.start(&link).await;
    // The link alone says nothing of anybody else.
    w.respondent_gets("/respond", &cookie).await.is(200).lacks("/respond/requests").lacks("Other Practice");
    w.respondent_gets("/respond/requests", &cookie).await.leads_to("/respond/code?next=requests");
    w.verify(&cookie).await;
    w.respondent_gets("/respond/code?next=requests", &cookie).await.leads_to("/respond/requests");
    w.respondent_gets("/respond", &cookie).await.is(200).shows("1 from another practice");
    let page = w.respondent_gets("/respond/requests", &cookie).await;
    page.is(200).shows("Other Practice").shows("LabCorp Inc").shows("Not started").lacks("Somebody else");
    let open = page.text.split("action=\"/respond/requests/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let opened = w.respondent_posts(&format!("/respond/requests/{open}"), &[], &cookie).await;
    opened.leads_to("/respond");
    let there = cookie_of(&opened);
    w.respondent_gets("/respond", &there).await.is(200).shows("Other Practice").shows("1 from another practice");
    w.respondent_gets("/respond/sign", &there).await.is(200);
    let scope = Scope::Practice(other.id);
    let about = store::entries::About::default();
    let lines = w.app.store.read(|conn| store::entries::list(conn, &scope, &about, 100, 0)).unwrap();
    assert!(lines.iter().any(|(line, _)| line.sentence.contains("had shown this mailbox before")));
    assert!(lines.iter().all(|(line, _)| !line.sentence.contains("Maple")));
});

service_test!(a_day_later_requests_of_others_are_shown_after_a_new_code, async |w: World| {
    let (other, _) = w.other_practice();
    asks(&w, &other, "LabCorp Inc", "pat@vendor.test").await;
    let (_, link) = asks(&w, &w.practice, "LabCorp", "pat@vendor.test").await;
    let cookie = w.start_verified(&link).await;
    w.respondent_gets("/respond/requests", &cookie).await.is(200).shows("Other Practice");
    w.days_pass(2);
    w.respondent_gets("/respond", &cookie).await.is(200);
    for page in ["requests", "reuse"] {
        let code = format!("/respond/code?next={page}");
        w.respondent_gets(&format!("/respond/{page}"), &cookie).await.leads_to(&code);
        w.respondent_gets(&code, &cookie).await.is(200).shows("code");
    }
    w.respondent_posts("/respond/code/send", &[("next", "requests")], &cookie).await.is(303);
    w.deliver().await;
    let code = w.mailed_code();
    let typed = [("next", "requests"), ("code", code.as_str())];
    w.respondent_posts("/respond/code", &typed, &cookie).await.leads_to("/respond/requests?done=code");
    w.respondent_gets("/respond/requests", &cookie).await.is(200).shows("Other Practice");
});

service_test!(no_request_opens_that_went_to_another_mailbox_or_browser, async |w: World| {
    let (other, _) = w.other_practice();
    let (theirs, _) = asks(&w, &other, "Somebody else", "sam@vendor.test").await;
    let (mine, _) = asks(&w, &other, "LabCorp Inc", "pat@vendor.test").await;
    let invitation = |vendor| {
        let found = w.app.store.read(|conn| {
            let scope = Scope::Practice(other.id);
            let all = store::assessments::of_vendor(conn, &scope, vendor)?;
            store::invitations::latest(conn, &scope, all[0].id)
        });
        found.unwrap().unwrap().id
    };
    let (theirs, mine) = (invitation(theirs), invitation(mine));
    let (_, link) = asks(&w, &w.practice, "LabCorp", "pat@vendor.test").await;
    let cookie = w.start(&link).await;
    let unverified = w.respondent_posts(&format!("/respond/requests/{mine}"), &[], &cookie).await;
    unverified.leads_to("/respond/code?next=requests");
    w.verify(&cookie).await;
    w.respondent_posts(&format!("/respond/requests/{theirs}"), &[], &cookie).await.is(404);
    w.respondent_posts("/respond/requests/1", &[], &cookie).await.is(404);
    // What was withdrawn is not listed.
    w.sql(&format!("UPDATE invitations SET revoked_at = '2026-11-22 00:00:00' WHERE id = '{mine}'"));
    w.respondent_posts(&format!("/respond/requests/{mine}"), &[], &cookie).await.is(404);
    w.respondent_gets("/respond/requests", &cookie).await.is(200).shows("There are none just now");
});

/// Signed for the other practice, and asked by this one; a verified browser here.
async fn signed_elsewhere(w: &World, differences: &[(&str, Value)]) -> (VendorId, String) {
    let (other, _) = w.other_practice();
    let (_, link) = asks(w, &other, "LabCorp Inc", "pat@vendor.test").await;
    let there = w.start_verified(&link).await;
    signs(w, &there, differences).await;
    w.days_pass(10);
    let (vendor, link) = asks(w, &w.practice, "LabCorp", "pat@vendor.test").await;
    // A browser that has shown the mailbox long ago is told nothing of what came since.
    w.respondent_gets("/respond/receipt", &there).await.is(200).lacks("from another practice");
    w.respondent_gets("/respond/requests", &there).await.lacks("Maple Family Practice asks");
    (vendor, w.start_verified(&link).await)
}

fn answers_of(w: &World, vendor: VendorId) -> Answers {
    let all = w.app.store.read(|conn| {
        let all = store::assessments::of_vendor(conn, &w.scope, vendor)?;
        store::answers::of(conn, &w.scope, all[0].id)
    });
    all.unwrap()
}

service_test!(answers_signed_elsewhere_are_taken_over_only_where_ticked, async |w: World| {
    let (vendor, cookie) = signed_elsewhere(&w, &[]).await;
    w.respondent_gets("/respond", &cookie).await.shows("Take over answers you signed elsewhere");
    let page = w.respondent_gets("/respond/reuse", &cookie).await;
    page.is(200).shows("for Other Practice on November 22, 2026").shows("value=\"adm.screening\"").lacks(" checked");
    assert!(answers_of(&w, vendor).is_empty(), "looking takes nothing over");
    w.respondent_posts("/respond/reuse", &[], &cookie).await.is(422).shows("Tick the answers");
    let ticked = [("take", "adm.screening"), ("take", "no.such.question")];
    for _ in 0..2 {
        w.respondent_posts("/respond/reuse", &ticked, &cookie).await.leads_to("/respond");
    }
    let answers = answers_of(&w, vendor);
    assert_eq!(answers.keys().collect::<Vec<_>>(), ["adm.screening"]);
    assert_eq!(answers["adm.screening"].taken_over.unwrap().to_string(), "2026-11-22");
    w.respondent_gets("/respond/reuse", &cookie).await.lacks("value=\"adm.screening\"");
    w.respondent_gets("/respond/check", &cookie).await.shows("Taken over from own answers signed on November 22, 2026");
    // Saved again as it stands, it is still the one that was taken over.
    let topic = w.respondent_gets("/respond/people", &cookie).await;
    let seen = topic.value_of("seen");
    w.respondent_posts("/respond/people", &[("seen", &seen), ("adm.screening", "yes")], &cookie).await.is(303);
    assert!(answers_of(&w, vendor)["adm.screening"].taken_over.is_some());
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
    let signed = w.app.store.read(|conn| {
        let all = store::assessments::of_vendor(conn, &w.scope, vendor)?;
        Ok::<_, StoreError>((all[0].id, store::assessments::attestation(conn, &w.scope, all[0].id)?.unwrap()))
    });
    let (assessment, signed) = signed.unwrap();
    assert!(signed.snapshot.contains("\"taken_over\":\"2026-11-22\"") && !signed.snapshot.contains("Other Practice"));
    w.get(&format!("/assessments/{assessment}"))
        .await
        .is(200)
        .shows("Taken over from own answers")
        .lacks("Other Practice");
    let told = w.history().into_iter().filter(|line| line.starts_with("took over 1 answer")).collect::<Vec<_>>();
    assert_eq!(told, ["took over 1 answer from their own answers signed on November 22, 2026"]);
    assert!(w.history().iter().all(|line| !line.contains("Other Practice")));
});

service_test!(what_decides_or_was_not_known_is_answered_afresh_here_too, async |w: World| {
    let (vendor, cookie) = signed_elsewhere(&w, &[("adm.screening", Value::Unknown)]).await;
    let form = w.app.office.catalogue.current();
    let critical: Vec<&str> =
        form.questions().filter(|one| one.gravity != Gravity::None).map(|one| one.slug.as_str()).collect();
    let page = w.respondent_gets("/respond/reuse", &cookie).await;
    page.shows("To be answered afresh").shows("this question decides much").shows("You were not sure then");
    page.lacks("value=\"adm.screening\"");
    let ticked: Vec<(&str, &str)> =
        critical.iter().copied().chain(["adm.screening", "org.self-check.date"]).map(|slug| ("take", slug)).collect();
    w.respondent_posts("/respond/reuse", &ticked, &cookie).await.is(303);
    assert!(answers_of(&w, vendor).is_empty(), "a form made by hand takes none of them over");
});

service_test!(nobody_is_offered_what_another_mailbox_signed_or_what_is_old, async |w: World| {
    let (_, cookie) = signed_elsewhere(&w, &[]).await;
    w.respondent_gets("/respond/reuse", &cookie).await.is(200);
    let (_, link) = asks(&w, &w.practice, "Another", "sam@vendor.test").await;
    let sam = w.start(&link).await;
    w.respondent_gets("/respond/reuse", &sam).await.leads_to("/respond/code?next=reuse");
    w.verify(&sam).await;
    w.respondent_gets("/respond/reuse", &sam).await.is(404);
    w.respondent_gets("/respond", &sam).await.lacks("signed elsewhere");
    w.days_pass(360);
    let (_, link) = asks(&w, &w.practice, "A third", "pat@vendor.test").await;
    let late = w.start_verified(&link).await;
    w.respondent_gets("/respond/reuse", &late).await.is(404);
});

service_test!(the_staff_of_neither_practice_learn_of_the_other, async |w: World| {
    let (other, staff) = w.other_practice();
    let (theirs, link) = asks(&w, &other, "LabCorp Inc", "pat@vendor.test").await;
    let there = w.start_verified(&link).await;
    signs(&w, &there, &[]).await;
    let (mine, link) = asks(&w, &w.practice, "LabCorp", "pat@vendor.test").await;
    let here = w.start_verified(&link).await;
    w.respondent_posts("/respond/reuse", &[("take", "adm.screening")], &here).await.is(303);
    for page in [format!("/vendors/{mine}"), "/history".to_owned(), "/outbox".to_owned()] {
        w.get(&page).await.is(200).lacks("Other Practice");
    }
    for page in [format!("/vendors/{theirs}"), "/history".to_owned(), "/outbox".to_owned()] {
        w.get_as(&page, &staff).await.is(200).lacks("Maple Family");
    }
    w.post_as(&format!("/handovers/{}/noted", uuid::Uuid::now_v7()), &[], STAFF_COOKIE, &staff).await.is(404);
});
