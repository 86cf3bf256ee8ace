//! Who sees what was saved: only the browser that saved it, and one that shows a mailed code.

use chrono::TimeDelta;
use duecare::domain::answers::{Answer, Value};
use duecare::domain::assessment::Assurance;
use duecare::domain::ids::VendorId;
use duecare::domain::questionnaire::Gravity;
use duecare::store;

use crate::world::{World, service_test};

const SAVED: [(&str, &str); 2] = [("org.self-check.done", "yes"), ("org.self-check.date", "2026-10-01")];
const SIGNER: [(&str, &str); 4] =
    [("name", "Pat Morgan"), ("job_title", "Office manager"), ("email", "pat@vendor.test"), ("authority", "yes")];

/// A link whose answers were begun in one browser.
async fn begun(w: &World) -> (String, String) {
    w.vendor("LabCorp");
    went_on(w).await
}

async fn went_on(w: &World) -> (String, String) {
    w.sweep().await;
    let link = w.link();
    let cookie = w.start(&link).await;
    w.respondent_posts("/respond/self-check", &SAVED, &cookie).await.is(303);
    (link, cookie)
}

service_test!(saved_answers_are_shown_in_the_browser_that_saved_them_without_a_code, async |w: World| {
    let (_, mine) = begun(&w).await;
    w.respondent_gets("/respond/check", &mine).await.is(200).shows("October 1, 2026");
});

service_test!(another_browser_sees_no_answer_before_it_shows_the_mailed_code, async |w: World| {
    let (link, _) = begun(&w).await;
    let other = w.start(&link).await;
    for page in ["/respond", "/respond/self-check", "/respond/check", "/respond/saved"] {
        w.respondent_gets(page, &other).await.leads_to("/respond/code?next=");
    }
    w.respondent_gets("/respond/code", &other).await.is(200).shows("p•••@vendor.test").lacks("October 1, 2026");
    assert_eq!(w.letters().len(), 1, "looking mails nothing");
    w.verify(&other).await;
    w.respondent_gets("/respond/check", &other).await.is(200).shows("October 1, 2026");
});

service_test!(a_mail_gateway_that_presses_start_first_sees_nothing_later_and_spoils_nothing, async |w: World| {
    w.vendor("LabCorp");
    w.sweep().await;
    let link = w.link();
    let gateway = w.start(&link).await;
    let mine = w.start(&link).await;
    w.respondent_posts("/respond/self-check", &SAVED, &mine).await.is(303);
    for page in ["/respond", "/respond/self-check", "/respond/check", "/respond/sign", "/respond/receipt"] {
        w.respondent_gets(page, &gateway).await.is(303).lacks("October");
    }
    // A form that it sends is a form like another's; what others answered is not said.
    let sent =
        w.respondent_posts("/respond/self-check", &[("org.self-check.done", "no"), ("seen", "")], &gateway).await;
    sent.is(409).lacks("October").lacks("answered “Yes”");
    w.verify(&mine).await;
    w.respondent_posts("/respond/sign", &SIGNER, &mine).await.leads_to("/respond/receipt");
    w.respondent_gets("/respond/receipt", &gateway).await.leads_to("/respond/code?next=");
});

service_test!(nobody_signs_without_the_code_and_the_receipt_says_how_we_knew, async |w: World| {
    let vendor = w.vendor("LabCorp");
    let (_, mine) = went_on(&w).await;
    w.respondent_gets("/respond/sign", &mine).await.leads_to("/respond/code?next=sign");
    w.respondent_posts("/respond/sign", &SIGNER, &mine).await.leads_to("/respond/code?next=sign");
    w.respondent_posts("/respond/code/send", &[("next", "sign")], &mine).await.leads_to("/respond/code?next=sign");
    w.deliver().await;
    let code = w.mailed_code();
    let typed = format!(" {} {} ", &code[..3], &code[3..]);
    w.respondent_posts("/respond/code", &[("code", &typed), ("next", "sign")], &mine)
        .await
        .leads_to("/respond/sign?done=code");
    w.respondent_posts("/respond/sign", &SIGNER, &mine).await.leads_to("/respond/receipt");
    w.respondent_gets("/respond/receipt", &mine).await.is(200).shows("and a code we e-mailed there");
    let signed = w.app.store.read(|conn| {
        let all = store::assessments::of_vendor(conn, &w.scope, vendor)?;
        store::assessments::attestation(conn, &w.scope, all[0].id)
    });
    assert_eq!(signed.unwrap().unwrap().assurance, Assurance::Code);
});

service_test!(five_wrong_codes_end_it_and_three_letters_are_enough, async |w: World| {
    let (link, _) = begun(&w).await;
    let other = w.start(&link).await;
    w.respondent_posts("/respond/code/send", &[], &other).await.is(303);
    w.deliver().await;
    let right = w.mailed_code();
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for left in ["4 more times", "3 more times", "2 more times", "once more"] {
        w.respondent_posts("/respond/code", &[("code", wrong)], &other).await.is(422).shows(left);
    }
    for slip in ["", "12345", "abcdef"] {
        let page = w.respondent_posts("/respond/code", &[("code", slip)], &other).await;
        page.is(422).shows("Type the six digits from the e-mail");
    }
    w.respondent_posts("/respond/code", &[("code", wrong)], &other).await.is(422).shows("does not work any more");
    w.respondent_posts("/respond/code", &[("code", &right)], &other).await.is(422).shows("does not work any more");
    for _ in 0..2 {
        w.app.clock.advance(TimeDelta::minutes(1));
        w.respondent_posts("/respond/code/send", &[], &other).await.is(303);
    }
    w.app.clock.advance(TimeDelta::minutes(1));
    w.respondent_posts("/respond/code/send", &[], &other).await.is(429).shows("three codes");
    w.app.clock.advance(TimeDelta::minutes(15));
    w.respondent_posts("/respond/code/send", &[], &other).await.is(303);
});

service_test!(a_code_is_good_in_its_own_browser_for_ten_minutes_only, async |w: World| {
    let (link, _) = begun(&w).await;
    let (one, two) = (w.start(&link).await, w.start(&link).await);
    w.respondent_posts("/respond/code/send", &[], &one).await.is(303);
    w.deliver().await;
    let code = w.mailed_code();
    w.respondent_posts("/respond/code", &[("code", &code)], &two).await.is(422);
    w.app.clock.advance(TimeDelta::minutes(10));
    w.respondent_posts("/respond/code", &[("code", &code)], &one).await.is(422).shows("does not work any more");
});

service_test!(the_digits_are_in_no_table_and_on_no_page_of_the_practice, async |w: World| {
    let (link, _) = begun(&w).await;
    let other = w.start(&link).await;
    w.respondent_posts("/respond/code/send", &[], &other).await.is(303);
    w.deliver().await;
    let code = w.mailed_code();
    let letter = w.newest();
    assert!(!letter.text.contains(&code) && !letter.html.contains(&code));
    w.get(&format!("/outbox/{}", letter.id)).await.is(200).lacks(&code).shows("••••••");
});

service_test!(last_year_s_answers_are_shown_after_the_code_only, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    w.replied(labcorp, &[]);
    w.days_pass(340);
    w.sweep().await;
    let cookie = w.start(&w.link()).await;
    w.respondent_gets("/respond", &cookie).await.is(200).shows("Your earlier answers are on file");
    w.respondent_gets("/respond/self-check", &cookie).await.is(200).lacks("Last time you answered");
    w.verify(&cookie).await;
    w.respondent_gets("/respond/self-check", &cookie).await.is(200).shows("Last time you answered");
});

service_test!(whoever_comes_too_late_has_a_new_link_sent_to_the_address_on_file, async |w: World| {
    let (link, _) = begun(&w).await;
    w.days_pass(100);
    let again = format!("{link}/again");
    w.visit(&link).await.is(410).shows("Send me a new link").shows(&again);
    w.submit(&again, &[]).await.is(200).shows("a new link is on its way").lacks("vendor.test");
    w.submit(&again, &[]).await.is(200);
    w.deliver().await;
    assert_eq!(w.letters().len(), 2, "pressed twice, sent once");
    assert_eq!(w.letters()[1].to_address, "pat@vendor.test");
    w.visit(&w.link()).await.is(200);
    w.visit(&link).await.is(410).shows("turned off");
    let unknown = w.submit("/i/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/again", &[]).await;
    unknown.is(200).shows("a new link is on its way");
});

/// A vendor asked a second time, and a browser that has shown the code.
async fn asked_again(w: &World, differences: &[(&str, Value)]) -> (VendorId, String) {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    w.replied(labcorp, differences);
    w.days_pass(340);
    w.sweep().await;
    (labcorp, w.start_verified(&w.link()).await)
}

fn answer_of(w: &World, vendor: VendorId, slug: &str) -> Option<Answer> {
    let all = w.app.store.read(|conn| {
        let all = store::assessments::of_vendor(conn, &w.scope, vendor)?;
        store::answers::of(conn, &w.scope, all[0].id)
    });
    all.unwrap().remove(slug)
}

service_test!(a_returning_vendor_says_still_true_and_nothing_is_copied_silently, async |w: World| {
    let (labcorp, cookie) = asked_again(&w, &[]).await;
    let page = "/respond/people";
    let topic = w.respondent_gets(page, &cookie).await;
    topic.is(200).shows("adm.screening:same\" value=\"same\">").lacks("\" checked>");
    assert_eq!(answer_of(&w, labcorp, "adm.screening"), None, "looking copies nothing");
    let fields = [("seen", topic.value_of("seen")), ("adm.screening:same", "same".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
    w.respondent_posts(page, &fields, &cookie).await.is(303);
    assert!(answer_of(&w, labcorp, "adm.screening").unwrap().is("yes"));
    w.respondent_gets(page, &cookie).await.shows("value=\"same\" checked");
    w.respondent_gets("/respond", &cookie).await.shows("1 of ").shows(" still true");
    // On second thoughts it is another answer: then it is no confirmation any more.
    let topic = w.respondent_gets(page, &cookie).await;
    let fields = [
        ("seen", topic.value_of("seen")),
        ("adm.screening:same", "changed".to_owned()),
        ("adm.screening", "no".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
    w.respondent_posts(page, &fields, &cookie).await.is(303);
    assert!(answer_of(&w, labcorp, "adm.screening").unwrap().is("no"));
    w.respondent_gets("/respond", &cookie).await.lacks("still true");
});

service_test!(the_code_leads_to_where_my_earlier_answers_are_shown, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    w.replied(labcorp, &[]);
    w.days_pass(340);
    w.sweep().await;
    let cookie = w.start(&w.link()).await;
    w.respondent_gets("/respond", &cookie).await.shows("Show them beside the questions");
    w.respondent_gets("/respond/code?next=last-year", &cookie).await.is(200);
    w.respondent_posts("/respond/code/send", &[("next", "last-year")], &cookie).await.is(303);
    w.deliver().await;
    let typed = [("code", w.mailed_code()), ("next", "last-year".to_owned())];
    let typed: Vec<(&str, &str)> = typed.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let there = "/respond/self-check?done=last-year";
    w.respondent_posts("/respond/code", &typed, &cookie).await.leads_to(there);
    let page = w.respondent_gets(there, &cookie).await;
    page.shows("What you answered last time stands beside each question").shows("Last time you answered");
});

service_test!(what_decides_the_outcome_is_answered_afresh, async |w: World| {
    let (labcorp, cookie) = asked_again(&w, &[]).await;
    let questionnaire = w.app.office.catalogue.current();
    let critical = questionnaire.questions().find(|one| one.gravity != Gravity::None && one.lite).unwrap();
    let topics = questionnaire.sections.iter().flat_map(|section| &section.topics);
    let mut topics = topics.filter(|topic| topic.questions.iter().any(|one| one.slug == critical.slug));
    let page = format!("/respond/{}", topics.next().unwrap().id);
    let field = format!("{}:same", critical.slug);
    let topic = w.respondent_gets(&page, &cookie).await;
    topic.is(200).shows("this question decides much").lacks(&field);
    let seen = topic.value_of("seen");
    w.respondent_posts(&page, &[("seen", &seen), (&field, "same")], &cookie).await.is(303);
    assert_eq!(answer_of(&w, labcorp, &critical.slug), None, "a form made by hand confirms it neither");
});
