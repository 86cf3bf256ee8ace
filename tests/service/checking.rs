//! Before a vendor signs: what is still open is said, what makes no sense alone is asked for, and
//! a bad answer keeps no good one out.

use duecare::store;

use crate::world::{World, service_test};

const SIGNER: [(&str, &str); 4] =
    [("name", "Pat Morgan"), ("job_title", "Office manager"), ("email", "pat@vendor.test"), ("authority", "yes")];
const PAGE: &str = "/respond/self-check";

async fn started(w: &World) -> String {
    w.vendor("LabCorp");
    w.sweep().await;
    w.start_verified(&w.link()).await
}

/// Signs a reply with one page answered, and has the practice send the date back.
async fn sent_back(w: &World) -> String {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    let cookie = w.start_verified(&w.link()).await;
    let saved = [("org.self-check.done", "yes"), ("org.self-check.date", "2026-10-01")];
    w.respondent_posts(PAGE, &saved, &cookie).await.is(303);
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
    let id = w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, vendor)).unwrap()[0].id;
    let remark = [("remark:org.self-check.date", "Which ledger is this?")];
    w.post(&format!("/assessments/{id}/return"), &remark).await.is(303);
    cookie
}

service_test!(i_cannot_sign_questions_that_came_back_before_i_looked_at_them, async |w: World| {
    let cookie = sent_back(&w).await;
    w.respondent_gets("/respond", &cookie).await.shows("To do").lacks("Completed").lacks("Looked at");
    let check = w.respondent_gets("/respond/check", &cookie).await;
    check.shows("1 question is open").shows("“Which ledger is this?”").shows("#org.self-check.date\"");
    let sign = w.respondent_gets("/respond/sign", &cookie).await;
    sign.is(200).shows("look at these first").shows("#org.self-check.date").lacks("name=\"authority\"");
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.is(409).shows("look at these first");

    // Saved as it was: still nothing said.
    let seen = w.respondent_gets(PAGE, &cookie).await.value_of("seen");
    let as_it_was = [("seen", seen.as_str()), ("org.self-check.date", "2026-10-01")];
    w.respondent_posts(PAGE, &as_it_was, &cookie).await.is(303);
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.is(409).shows("value=\"Pat Morgan\"");

    let reply =
        [("seen", seen.as_str()), ("org.self-check.date", "2026-10-01"), ("org.self-check.date:reply", "Ours.")];
    w.respondent_posts(PAGE, &reply, &cookie).await.is(303);
    w.respondent_gets("/respond", &cookie).await.shows("Completed").shows("Looked at").lacks("To do");
    w.respondent_gets("/respond/check", &cookie).await.shows("Your reply: “Ours.”").lacks("is open");
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
});

service_test!(the_check_page_offers_no_signature_that_would_be_refused, async |w: World| {
    let cookie = sent_back(&w).await;
    let held = w.respondent_gets("/respond/check", &cookie).await;
    held.lacks("Continue to sign").lacks("href=\"/respond/sign\"").shows("You can sign as soon as you have looked at");
    assert_eq!(
        held.text.matches("#org.self-check.date\"").count(),
        3,
        "above, beside the answer, and where the button is"
    );
    let seen = w.respondent_gets(PAGE, &cookie).await.value_of("seen");
    let changed = [("seen", seen.as_str()), ("org.self-check.date", "2026-11-02")];
    w.respondent_posts(PAGE, &changed, &cookie).await.is(303);
    w.respondent_gets("/respond/check", &cookie).await.shows("Continue to sign").lacks("as soon as");
});

service_test!(my_name_stays_when_an_answer_changed_in_my_other_window_before_i_signed, async |w: World| {
    let cookie = started(&w).await;
    let seen = w.respondent_gets("/respond/sign", &cookie).await.value_of("seen");
    let signing = [&SIGNER[..], &[("seen", seen.as_str())]].concat();
    let saved = [("org.self-check.done", "yes"), ("org.self-check.date", "2026-10-01")];
    w.respondent_posts(PAGE, &saved, &cookie).await.is(303);
    let nameless = [("job_title", "Owner"), ("seen", seen.as_str())];
    let again = w.respondent_posts("/respond/sign", &nameless, &cookie).await;
    assert_eq!(again.is(422).value_of("seen"), seen, "a page that comes back still stands for what it showed");
    let held = w.respondent_posts("/respond/sign", &signing, &cookie).await;
    held.is(409).shows("an answer changed since you opened this page").shows("value=\"Pat Morgan\"");
    let now = held.value_of("seen");
    let signing = [&SIGNER[..], &[("seen", now.as_str())]].concat();
    w.respondent_posts("/respond/sign", &signing, &cookie).await.leads_to("/respond/receipt");
});

service_test!(a_changed_answer_needs_no_reply_to_the_remark, async |w: World| {
    let cookie = sent_back(&w).await;
    let seen = w.respondent_gets(PAGE, &cookie).await.value_of("seen");
    let changed = [("seen", seen.as_str()), ("org.self-check.date", "2026-11-02")];
    w.respondent_posts(PAGE, &changed, &cookie).await.is(303);
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
});

service_test!(an_answer_that_makes_no_sense_alone_asks_for_the_rest, async |w: World| {
    let cookie = started(&w).await;
    let bare = [("org.certificates:row.1.kind", "SOC 2 Type 2"), ("org.membership:none", "yes")];
    let page = w.respondent_posts("/respond/outside-proof", &bare, &cookie).await;
    page.is(422).shows("Fill in “What it covers” in this row").shows("SOC 2 Type 2").shows("are saved");
    let ahead = [
        ("seen", &*page.value_of("seen")),
        ("org.certificates:row.1.kind", "SOC 2 Type 2"),
        ("org.certificates:row.1.scope", "covers"),
        ("org.certificates:row.1.issued", "2027-12-01"),
        ("org.membership:none", "yes"),
    ];
    w.respondent_posts("/respond/outside-proof", &ahead, &cookie).await.is(422).shows("in the future");
    let alone = [("org.officer:name", "Lee Park")];
    let page = w.respondent_posts("/respond/people-to-reach", &alone, &cookie).await;
    page.is(422).shows("Give an e-mail address or a telephone number too").shows("Lee Park");
});

service_test!(an_answer_on_record_that_lacks_its_country_is_open, async |w: World| {
    let cookie = started(&w).await;
    let whole = [("off.kept", "yes-agreed"), ("off.kept:detail", "Canada")];
    w.respondent_posts("/respond/abroad", &whole, &cookie).await.is(303);
    w.sql("UPDATE answers SET answer = REPLACE(answer, ',\"detail\":\"Canada\"', '') WHERE slug = 'off.kept'");
    w.respondent_gets("/respond/check", &cookie).await.shows("Fill in “Which countries?”");
});

service_test!(one_bad_date_keeps_none_of_my_other_answers_out, async |w: World| {
    let cookie = started(&w).await;
    let seen = w.respondent_gets(PAGE, &cookie).await.value_of("seen");
    let bad = [("seen", seen.as_str()), ("org.self-check.done", "partial"), ("org.self-check.date", "last summer")];
    let page = w.respondent_posts(PAGE, &bad, &cookie).await;
    page.is(422).shows("Your other answers on this page are saved").shows("last summer");
    w.respondent_gets("/respond", &cookie).await.shows("1 of ");
    w.respondent_gets(PAGE, &cookie).await.shows("value=\"partial\" checked").lacks("last summer");
    // The page that came back goes on from there.
    let marks = page.value_of("seen");
    let good = [("seen", marks.as_str()), ("org.self-check.done", "yes"), ("org.self-check.date", "2026-10-01")];
    w.respondent_posts(PAGE, &good, &cookie).await.is(303);
    w.respondent_gets("/respond", &cookie).await.shows("2 of ");
});

service_test!(a_page_says_that_other_answers_are_saved_only_where_there_were_some, async |w: World| {
    let cookie = started(&w).await;
    let alone = [("org.self-check.date", "last summer")];
    w.respondent_posts(PAGE, &alone, &cookie).await.is(422).shows("last summer").lacks("other answers");
    w.respondent_gets("/respond", &cookie).await.shows("0 of ");
    // What was on record before, and still is as it came, is saved too.
    w.respondent_posts(PAGE, &[("org.self-check.done", "yes")], &cookie).await.is(303);
    let seen = w.respondent_gets(PAGE, &cookie).await.value_of("seen");
    let bad = [("seen", seen.as_str()), ("org.self-check.done", "yes"), ("org.self-check.date", "last summer")];
    w.respondent_posts(PAGE, &bad, &cookie).await.is(422).shows("Your other answers on this page are saved");
});

service_test!(the_check_page_has_the_worst_first_and_a_way_to_each, async |w: World| {
    let cookie = started(&w).await;
    let page = w.respondent_gets("/respond/check", &cookie).await;
    page.shows("questions are open");
    let at = |words: &str| page.text.find(words).unwrap_or_else(|| panic!("no {words}"));
    assert!(at("Better answer these before you sign") < at("Not answered, or not in full"));
    let all = w.respondent_gets("/respond", &cookie).await;
    let total = all.text.split("of ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap().to_owned();
    let links = page.text.matches("<li><a href=\"/respond/").count();
    assert_eq!(links.to_string(), total, "each open question has its link");
});

service_test!(i_may_sign_with_questions_open_and_the_receipt_names_them, async |w: World| {
    let cookie = started(&w).await;
    w.respondent_posts(PAGE, &[("org.self-check.done", "yes")], &cookie).await.is(303);
    let check = w.respondent_gets("/respond/check", &cookie).await;
    check.shows("You may sign without them").shows("counts as not in place").shows("you may sign all the same");
    let open = check
        .text
        .split("<p class=\"lead\"><strong>")
        .nth(1)
        .and_then(|rest| rest.split(' ').next())
        .unwrap()
        .to_owned();
    w.respondent_gets("/respond/sign", &cookie).await.shows("You may sign all the same");
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
    let date = w.app.office.catalogue.current().question("org.self-check.date").unwrap().text.clone();
    let receipt = w.respondent_gets("/respond/receipt", &cookie).await;
    receipt.shows(&format!("You left {open} questions open")).shows(&format!("<li>{date}</li>"));
    // What was answered is not among them.
    let done = w.app.office.catalogue.current().question("org.self-check.done").unwrap().text.clone();
    receipt.lacks(&format!("<li>{done}</li>"));
});

service_test!(the_address_that_was_asked_is_filled_in_and_the_name_is_typed_as_a_signature, async |w: World| {
    w.vendor_with("LabCorp", |details| details.contact_name = "Pat Morgan".to_owned());
    w.sweep().await;
    let cookie = w.start_verified(&w.link()).await;
    let page = w.respondent_gets("/respond/sign", &cookie).await;
    page.lacks("value=\"Pat Morgan\"").shows("@vendor.test\"");
});

service_test!(more_rows_are_more_than_there_were, async |w: World| {
    let cookie = started(&w).await;
    let list = "/respond/outside-proof";
    let rows = |page: &crate::world::Page| page.text.matches(".name\" name=\"org.membership:row.").count();
    let mut page = w.respondent_gets(list, &cookie).await;
    for wanted in [3, 6, 9] {
        assert_eq!(rows(&page), wanted);
        let (seen, offered) = (page.value_of("seen"), page.value_of("org.membership:rows"));
        let more = [
            ("seen", seen.as_str()),
            ("org.membership:rows", offered.as_str()),
            ("org.membership:row.1.name", "AHIMA"),
            ("action", "more:org.membership"),
        ];
        let led = w.respondent_posts(list, &more, &cookie).await;
        page = w.respondent_gets(led.is(303).location.split('#').next().unwrap(), &cookie).await;
    }
    w.respondent_gets("/respond/outside-proof?rows=org.membership.999999999", &cookie).await.is(200);
});

service_test!(not_sure_and_does_not_apply_at_once_are_asked_about_in_every_kind_of_question, async |w: World| {
    let cookie = started(&w).await;
    for (page, slug) in [
        ("/respond/outside-proof", "org.membership"),
        ("/respond/people-to-reach", "org.officer"),
        ("/respond/self-check", "org.self-check.date"),
    ] {
        let state = format!("{slug}:state");
        let both = [(state.as_str(), "unknown"), (state.as_str(), "na")];
        let page = w.respondent_posts(page, &both, &cookie).await;
        page.is(422).shows("You said both “not sure” and “does not apply”; keep one");
    }
});

service_test!(the_list_of_topics_says_where_to_begin_and_the_code_was_right, async |w: World| {
    w.vendor("LabCorp");
    w.sweep().await;
    let cookie = w.start(&w.link()).await;
    w.respondent_gets("/respond", &cookie).await.shows("Start with the first topic").lacks("The code was right");
    w.respondent_posts("/respond/code/send", &[("next", "sign")], &cookie).await.is(303);
    w.deliver().await;
    let code = w.mailed_code();
    let led = w.respondent_posts("/respond/code", &[("code", &code), ("next", "sign")], &cookie).await;
    w.respondent_gets(&led.location, &cookie).await.is(200).shows("The code was right");
});

service_test!(a_word_that_is_no_code_is_asked_for_again, async |w: World| {
    let page = w.submit("/verify", &[("code", "abc")]).await;
    page.is(422).shows("A code has eight letters and numbers").shows("value=\"abc\"").lacks("We do not know this code");
    w.submit("/verify", &[("code", "ABCD-2345")]).await.is(200).shows("We do not know this code");
});

service_test!(the_receipt_of_a_correction_says_what_it_takes_the_place_of, async |w: World| {
    let cookie = sent_back(&w).await;
    let seen = w.respondent_gets(PAGE, &cookie).await.value_of("seen");
    let changed = [("seen", seen.as_str()), ("org.self-check.date", "2026-11-02")];
    w.respondent_posts(PAGE, &changed, &cookie).await.is(303);
    w.days_pass(3);
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
    w.respondent_gets("/respond/receipt", &cookie).await.shows("Takes the place of");
    w.deliver().await;
    let letters = w.letters();
    let receipt = letters.iter().rfind(|letter| letter.subject.starts_with("Keep your receipt")).unwrap();
    assert!(receipt.text.contains("takes the place of what was signed on November 22, 2026"), "{}", receipt.text);
});

service_test!(my_dates_come_back_as_i_write_them_and_a_telephone_number_has_digits, async |w: World| {
    let cookie = started(&w).await;
    w.respondent_posts(PAGE, &[("org.self-check.date", "4/5/26")], &cookie).await.is(303);
    w.respondent_gets(PAGE, &cookie).await.shows("value=\"4/5/2026\"").lacks("2026-04-05");
    let form = w.app.office.catalogue.current();
    let mut topics = form.sections.iter().flat_map(|section| &section.topics);
    let topic = topics.find(|topic| topic.questions.iter().any(|one| one.slug == "org.officer")).unwrap();
    let page = format!("/respond/{}", topic.id);
    let person = |phone| [("org.officer:name", "Ana Ruiz"), ("org.officer:phone", phone)];
    w.respondent_posts(&page, &person("abc"), &cookie).await.is(422).shows("Write a telephone number with its digits");
    w.respondent_posts(&page, &person("1-800-FLOWERS"), &cookie).await.is(303);
});
