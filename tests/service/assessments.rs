//! A vendor is asked, answers by its link, and signs.

use duecare::domain::answers::Value;
use duecare::domain::assessment::AssessmentState;
use duecare::domain::scoring::Rating;
use duecare::domain::standing::Status;
use duecare::domain::vendor::BaStatus;
use duecare::flows::sweep;
use duecare::store;
use duecare::web::session::RESPONDENT_COOKIE;

use crate::world::{World, service_test};

service_test!(a_vendor_is_asked_once_however_often_the_sweep_runs, async |w: World| {
    w.vendor("LabCorp");
    assert_eq!(w.sweep().await.asked, 1);
    assert_eq!(w.sweep().await.asked, 0);
    assert_eq!(w.letters().len(), 1);
});

service_test!(three_sweeps_at_once_ask_each_vendor_once, async |w: World| {
    for number in 0..8 {
        w.vendor(&format!("Vendor {number}"));
    }
    let sweeps: Vec<_> = (0..3)
        .map(|_| {
            let (store, office, practice, now) =
                (w.app.store.clone(), w.app.office.clone(), w.practice.clone(), w.now());
            std::thread::spawn(move || sweep::sweep(&store, &office, &practice, now).unwrap().asked)
        })
        .collect();
    let asked: u32 = sweeps.into_iter().map(|sweep| sweep.join().unwrap()).sum();
    w.deliver().await;
    assert_eq!((asked, w.letters().len()), (8, 8));
});

service_test!(a_sweep_that_was_off_for_a_year_asks_each_vendor_once, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    w.replied(labcorp, &[]);
    w.days_pass(500);
    assert_eq!(w.sweep().await.asked, 1);
    assert_eq!(w.see(labcorp).standing.status, Status::Invited);
});

service_test!(a_vendor_that_is_no_business_associate_is_not_asked, async |w: World| {
    let clinic = w.vendor_with("Clinic", |details| details.ba_status = BaStatus::TreatmentProvider);
    assert_eq!(w.sweep().await.asked, 0);
    assert_eq!(w.see(clinic).standing.status, Status::NotNeeded);
});

service_test!(a_vendor_without_an_address_is_flagged_and_not_asked, async |w: World| {
    w.vendor_with("LabCorp", |details| details.contact_email = None);
    let swept = w.sweep().await;
    assert_eq!((swept.asked, swept.not_asked), (0, 1));
    assert_eq!(w.flags(), ["LabCorp: No e-mail address to send the questionnaire to"]);
});

service_test!(the_letter_says_who_asks_why_by_when_and_how_to_check_it, async |w: World| {
    w.vendor("LabCorp");
    w.sweep().await;
    let letter = w.letters().pop().unwrap();
    assert!(letter.subject.chars().count() <= 78, "{}", letter.subject);
    for part in [&letter.text, &letter.html] {
        for words in [
            "Maple Family Practice",
            "LabCorp",
            "Tuesday, December 22, 2026",
            "/verify",
            "number you already have",
            "good practice",
            "/i/",
        ] {
            assert!(part.contains(words), "{words} in {part}");
        }
        assert!(part.len() < 25 * 1024);
        assert!(!part.contains("~token~"), "{part}");
    }
    assert_eq!(letter.to_address, "pat@vendor.test");
});

service_test!(a_copy_of_the_database_opens_no_link, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let token = w.link().trim_start_matches("/i/").to_owned();
    let letters = w.app.store.read(|conn| store::letters::list(conn, &w.scope, None, 10, 0)).unwrap();
    assert!(letters.iter().all(|letter| !letter.text.contains(&token) && !letter.html.contains(&token)));
    let _ = labcorp;
});

service_test!(opening_the_link_changes_nothing, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let link = w.link();
    for _ in 0..5 {
        let page = w.visit(&link).await;
        page.is(200).shows("Maple Family Practice").shows("LabCorp");
        assert_eq!(page.cookies, Vec::<String>::new());
        w.send(actix_web::test::TestRequest::with_uri(&link).method(actix_web::http::Method::HEAD), None).await;
    }
    assert_eq!(w.see(labcorp).standing.status, Status::Invited);
});

service_test!(a_respondent_starts_saves_comes_back_and_signs, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let link = w.link();
    let cookie = w.start(&link).await;
    assert_eq!(w.see(labcorp).standing.status, Status::InProgress);
    w.respondent_gets("/respond", &cookie).await.is(200).shows("Not started");

    let saved = w
        .respondent_posts(
            "/respond/self-check",
            &[("org.self-check.done", "yes"), ("org.self-check.date", "2026-10-01"), ("action", "later")],
            &cookie,
        )
        .await;
    saved.leads_to("/respond/saved");

    // Another day, the same letter, another browser.
    w.days_pass(3);
    let cookie = w.start_verified(&link).await;
    w.respondent_gets("/respond/self-check", &cookie).await.is(200).shows("10/1/2026");
    w.respondent_gets("/respond/check", &cookie).await.is(200).shows("October 1, 2026");

    let incomplete = w
        .respondent_posts(
            "/respond/sign",
            &[("name", "Pat Morgan"), ("job_title", ""), ("email", "pat@vendor")],
            &cookie,
        )
        .await;
    incomplete.is(422).shows("There is a problem").shows("Pat Morgan");
    let signer =
        [("name", "Pat Morgan"), ("job_title", "Office manager"), ("email", "pat@vendor.test"), ("authority", "yes")];
    w.respondent_posts("/respond/sign", &signer, &cookie).await.leads_to("/respond/receipt");
    let receipt = w.respondent_gets("/respond/receipt", &cookie).await;
    receipt.is(200).shows("DC-").shows("Pat Morgan").shows("October 1, 2026");

    // A form posted twice signs once.
    w.respondent_posts("/respond/sign", &signer, &cookie).await.leads_to("/respond/receipt");
    w.deliver().await;
    let receipts = w.letters().into_iter().filter(|letter| letter.text.contains("DC-")).count();
    assert_eq!(receipts, 1);
    assert_eq!(w.see(labcorp).standing.status, Status::Current);
});

service_test!(two_windows_never_undo_each_other_unseen, async |w: World| {
    w.vendor("LabCorp");
    w.sweep().await;
    let cookie = w.start(&w.link()).await;
    let page = "/respond/self-check";
    let seen = w.respondent_gets(page, &cookie).await.value_of("seen");
    // Both windows showed a blank page. One saves the first answer…
    let one = [("seen", seen.as_str()), ("org.self-check.done", "yes")];
    w.respondent_posts(page, &one, &cookie).await.is(303);
    // …and the other, still blank there, the second: both are kept.
    let other = [("seen", seen.as_str()), ("org.self-check.date", "10/1/2026")];
    w.respondent_posts(page, &other, &cookie).await.is(303);
    let check = w.respondent_gets("/respond/check", &cookie).await;
    check.is(200).shows("October 1, 2026").shows("Yes");
    // The same question answered in two ways is asked about, and nothing typed is lost.
    let third = [("seen", seen.as_str()), ("org.self-check.done", "no")];
    let asked = w.respondent_posts(page, &third, &cookie).await;
    asked.is(409).shows("The answer became “Yes” since you opened this page, in another window or by a colleague");
    let again =
        [("seen", &*asked.value_of("seen")), ("org.self-check.done", "no"), ("org.self-check.date", "10/1/2026")];
    w.respondent_posts(page, &again, &cookie).await.is(303);
});

service_test!(opening_the_link_again_keeps_the_page_in_the_other_window_good, async |w: World| {
    w.vendor("LabCorp");
    w.sweep().await;
    let link = w.link();
    let cookie = w.start(&link).await;
    let again = w.post_as(&format!("{link}/start"), &[], RESPONDENT_COOKIE, &cookie).await;
    again.leads_to("/respond");
    assert!(again.cookies.iter().any(|set| set.contains(&cookie)), "the browser keeps its cookie");
});

service_test!(answers_that_were_signed_do_not_change, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let link = w.link();
    let cookie = w.start(&link).await;
    w.replied(labcorp, &[]);
    let late = w.respondent_posts("/respond/self-check", &[("org.self-check.done", "no")], &cookie).await;
    assert!(matches!(late.status.as_u16(), 409 | 303), "{}", late.status);
    let kept = w.app.store.read(|conn| {
        let all = store::assessments::of_vendor(conn, &w.scope, labcorp)?;
        store::answers::of(conn, &w.scope, all[0].id)
    });
    assert!(kept.unwrap()["org.self-check.done"].is("yes"));
});

service_test!(what_does_not_apply_asks_for_a_reason_and_keeps_what_was_typed, async |w: World| {
    w.vendor("LabCorp");
    w.sweep().await;
    let cookie = w.start(&w.link()).await;
    let fields = [("org.self-check.done", "na"), ("org.self-check.date", "the 3rd of <May>")];
    let page = w.respondent_posts("/respond/self-check", &fields, &cookie).await;
    page.is(422)
        .shows("There is a problem")
        .shows("Say why this does not apply to you")
        .shows("the 3rd of &lt;May&gt;");
});

service_test!(a_question_that_does_not_apply_is_not_shown, async |w: World| {
    w.vendor_with("LabCorp", |details| details.exposure.subs = duecare::domain::exposure::Subs::None);
    w.sweep().await;
    let cookie = w.start(&w.link()).await;
    let page = w.respondent_gets("/respond/check", &cookie).await;
    page.is(200).lacks("Has each of them signed an agreement");
});

service_test!(a_link_that_is_wrong_expired_or_replaced_says_which, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let old = w.link();
    w.visit("/i/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await.is(404).shows("do not know this link");
    w.app.clock.advance(chrono::TimeDelta::minutes(2));
    w.post(&format!("/vendors/{labcorp}/fresh-link"), &[]).await.is(303);
    w.deliver().await;
    let fresh = w.link();
    w.visit(&old).await.is(410).shows("turned off");
    w.visit(&fresh).await.is(200);
    w.days_pass(100);
    w.visit(&fresh).await.is(410).shows("ended");
});

service_test!(the_code_in_the_letter_proves_that_the_practice_asked, async |w: World| {
    w.vendor("LabCorp");
    w.sweep().await;
    let letter = w.letters().pop().unwrap();
    let code = letter
        .text
        .split_whitespace()
        .map(|word| word.trim_matches('.'))
        .find(|word| word.len() == 9 && word.as_bytes()[4] == b'-')
        .unwrap()
        .to_owned();
    let found = w.submit("/verify", &[("code", &code.to_lowercase().replace('-', " "))]).await;
    found.is(200).shows("Maple Family Practice").shows("LabCorp").lacks("pat@vendor.test");
    w.submit("/verify", &[("code", "AAAA-AAAA")]).await.lacks("LabCorp");
});

service_test!(a_questionnaire_is_frozen_when_it_is_asked, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let asked = w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, labcorp)).unwrap().remove(0);
    assert_eq!(asked.questionnaire, "hipaa-v1");
    assert_eq!(asked.digest, w.app.office.catalogue.current().digest);
    // What the practice learns later does not change what was asked.
    w.edit(labcorp, |details| details.exposure.subs = duecare::domain::exposure::Subs::None);
    let still = w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, labcorp)).unwrap().remove(0);
    assert_eq!(asked.asked, still.asked);
});

service_test!(a_signed_reply_is_scored_and_its_explanation_is_kept_to_the_byte, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    w.replied(labcorp, &[]);
    let (assessment, card) = w
        .app
        .store
        .read(|conn| {
            let assessment = store::assessments::of_vendor(conn, &w.scope, labcorp)?.remove(0);
            let card = store::assessments::scorecard(conn, &w.scope, assessment.id)?.unwrap();
            Ok::<_, store::StoreError>((assessment, card))
        })
        .unwrap();
    assert_eq!(assessment.state, AssessmentState::Accepted);
    assert_eq!(card.digest(), card.sha256);
    assert_eq!(w.see(labcorp).standing.rating, card.rating);
    assert!(card.rating < Rating::High, "{:?}", card.rating);
    w.get(&format!("/assessments/{}", assessment.id)).await.is(200).shows("Pat Morgan").shows("Moderate");
});

service_test!(a_vendor_never_assessed_does_not_look_low, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    assert_eq!(w.see(labcorp).standing.rating, Rating::NotAssessed);
    w.get(&format!("/vendors/{labcorp}")).await.is(200).shows("Not assessed").lacks("badge low");
});

service_test!(a_silent_vendor_is_reminded_once_for_each_date_of_the_plan, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let mut reminded = 0;
    for _ in 0..70 {
        w.days_pass(1);
        reminded += w.sweep().await.reminded;
    }
    // Due in 30 days, so of the plan -14, -7, -1, +1, +7, +14 and +30 lie ahead.
    assert_eq!(reminded, 7);
    assert_eq!(w.letters().len(), 8);
    w.visit(&w.link()).await.is(200);
    w.replied(labcorp, &[]);
    w.days_pass(30);
    assert_eq!(w.sweep().await.reminded, 0);
});

service_test!(a_vendor_that_stayed_silent_for_a_year_is_asked_anew, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    w.days_pass(30 + 321);
    assert_eq!(w.sweep().await.asked, 1);
    let all = w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, labcorp)).unwrap();
    let states: Vec<_> = all.iter().map(|assessment| (assessment.cycle, assessment.state)).collect();
    assert_eq!(states, [(2, AssessmentState::Invited), (1, AssessmentState::Closed)]);
});

service_test!(a_late_reply_lowers_the_response_record, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    w.days_pass(40);
    w.replied(labcorp, &[("adm.training", Value::Grade(duecare::domain::answers::Grade::Yes))]);
    let card = w.app.store.read(|conn| {
        let assessment = store::assessments::of_vendor(conn, &w.scope, labcorp)?.remove(0);
        store::assessments::scorecard(conn, &w.scope, assessment.id)
    });
    assert_eq!(card.unwrap().unwrap().response, 10_000 - 200 * 10);
});
