//! Several people at a vendor: a colleague answers a part, or someone else answers all of it.

use duecare::domain::flags::FlagKind;
use duecare::domain::ids::{InvitationId, VendorId};
use duecare::domain::letter::LetterKind;
use duecare::store;
use duecare::web::session::RESPONDENT_COOKIE;

use crate::decisions::auditor;
use crate::postoffice::{PostOffice, Trouble};
use crate::world::{Page, World, service_test};

const SAVED: [(&str, &str); 2] = [("org.self-check.done", "yes"), ("org.self-check.date", "2026-10-01")];
const KIM: [(&str, &str); 3] = [("name", "Kim Lee"), ("email", "kim@vendor.test"), ("sections", "adm")];
/// Pages that are for whoever was asked only.
const OWNERS: [&str; 9] = [
    "/respond/check",
    "/respond/sign",
    "/respond/receipt",
    "/respond/upload",
    "/respond/questions.xlsx",
    "/respond/receipt.pdf",
    "/respond/colleagues",
    "/respond/someone-else",
    "/respond/requests",
];

/// The owner, verified, with one page saved, and Kim's link for the people's section.
async fn asked_kim(w: &World) -> (VendorId, String, String) {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    let owner = w.start_verified(&w.link()).await;
    w.respondent_posts("/respond/self-check", &SAVED, &owner).await.is(303);
    w.respondent_posts("/respond/colleagues", &KIM, &owner).await.leads_to("/respond/colleagues?done=asked");
    w.deliver().await;
    (vendor, owner, w.link())
}

fn kims(w: &World, vendor: VendorId) -> InvitationId {
    let all = w.app.store.read(|conn| {
        let open = store::assessments::of_vendor(conn, &w.scope, vendor)?;
        store::invitations::colleagues(conn, &w.scope, open[0].id)
    });
    all.unwrap().last().expect("a colleague was asked").id
}

/// A good answer to a page of the colleague's.
async fn answers(w: &World, page: &str, cookie: &str) -> Page {
    let topic = w.respondent_gets(page, cookie).await;
    let seen = topic.is(200).value_of("seen");
    w.respondent_posts(page, &[("seen", &seen), ("adm.screening", "yes")], cookie).await
}

service_test!(a_colleague_is_asked_by_name_and_address_and_only_after_the_code, async |w: World| {
    w.vendor("LabCorp");
    w.sweep().await;
    let owner = w.start(&w.link()).await;
    w.respondent_gets("/respond/colleagues", &owner).await.leads_to("/respond/code?next=colleagues");
    w.respondent_posts("/respond/colleagues", &KIM, &owner).await.leads_to("/respond/code?next=colleagues");
    w.verify(&owner).await;
    w.respondent_gets("/respond/code?next=colleagues", &owner).await.leads_to("/respond/colleagues");
    let page = w.respondent_posts("/respond/colleagues", &[("name", "<b>"), ("email", "kim@")], &owner).await;
    page.is(422).shows("href=\"#email\"").shows("href=\"#sections\"").shows("&lt;b&gt;");
    let own = [("name", "Pat"), ("email", "PAT@vendor.test"), ("sections", "adm")];
    w.respondent_posts("/respond/colleagues", &own, &owner).await.is(422).shows("your own address");
    for _ in 0..2 {
        w.respondent_posts("/respond/colleagues", &KIM, &owner).await.leads_to("/respond/colleagues?done=asked");
    }
    w.deliver().await;
    let to_kim: Vec<_> = w.letters().into_iter().filter(|letter| letter.to_address == "kim@vendor.test").collect();
    assert_eq!(to_kim.len(), 1, "pressed twice, sent once");
    let letter = &to_kim[0].text;
    for words in ["Hello Kim Lee", "Pat Morgan (pat@vendor.test)", "LabCorp", "Maple Family Practice", "/verify"] {
        assert!(letter.contains(words), "{words}:\n{letter}");
    }
    let other = [("name", "Kim"), ("email", "KIM@vendor.test"), ("sections", "tec")];
    w.respondent_posts("/respond/colleagues", &other, &owner).await.is(422).shows("other sections");
    w.respondent_gets("/respond", &owner).await.is(200).shows("You asked Kim Lee to answer this.");
    assert!(w.history().iter().any(|line| line.starts_with("asked a colleague, Kim Lee (kim@vendor.test)")));
});

service_test!(a_colleague_sees_and_answers_its_own_sections_only, async |w: World| {
    let (_, _, link) = asked_kim(&w).await;
    w.visit(&link).await.is(200).shows("asks you to answer a part").shows("p•••@vendor.test").lacks("pat@vendor");
    let kim = w.start(&link).await;
    let tasks = w.respondent_gets("/respond", &kim).await;
    tasks
        .is(200)
        .shows("/respond/people")
        .lacks("/respond/self-check")
        .lacks("/respond/check")
        .lacks("/respond/notice");
    w.respondent_gets("/respond/self-check", &kim).await.is(404).lacks("October");
    w.respondent_posts("/respond/self-check", &[("org.self-check.done", "no"), ("seen", "")], &kim).await.is(404);
    answers(&w, "/respond/people", &kim).await.is(303);
    w.respondent_gets("/respond/saved", &kim).await.is(200).lacks("October 1");
    w.visit(&format!("{link}/questions")).await.is(403).shows("for whoever asked you");
});

service_test!(a_colleague_cannot_sign_nor_open_what_is_the_owners, async |w: World| {
    let (_, _, link) = asked_kim(&w).await;
    let kim = w.start_verified(&link).await;
    for page in OWNERS {
        let page = w.respondent_gets(page, &kim).await;
        page.is(403).shows("This page is for whoever asked you").shows("p•••@vendor.test").lacks("October 1");
    }
    let signer = [("name", "Kim Lee"), ("job_title", "Nurse"), ("email", "kim@vendor.test"), ("authority", "yes")];
    w.respondent_posts("/respond/sign", &signer, &kim).await.is(403);
    w.respondent_posts("/respond/colleagues", &KIM, &kim).await.is(403);
    w.respondent_posts("/respond/notice/start", &[], &kim).await.is(403);
    w.respondent_posts("/respond/someone-else", &[("what", "tell"), ("why", "No")], &kim).await.is(403);
    w.visit(&format!("{link}/someone-else")).await.is(403);
    w.submit(&format!("{link}/someone-else"), &[("what", "tell"), ("why", "No")]).await.is(403);
    let signed = w.letters().iter().filter(|letter| letter.subject.contains("receipt")).count();
    assert_eq!(signed, 0);
});

service_test!(the_code_for_a_colleague_goes_to_the_colleagues_own_address, async |w: World| {
    let (_, owner, link) = asked_kim(&w).await;
    answers(&w, "/respond/people", &owner).await.is(303);
    let kim = w.start(&link).await;
    w.respondent_gets("/respond/people", &kim).await.leads_to("/respond/code?next=");
    w.verify(&kim).await;
    assert_eq!(w.letters().pop().unwrap().to_address, "kim@vendor.test");
    w.respondent_gets("/respond/people", &kim).await.is(200);
    // What the owner answered elsewhere locks nobody out of its own part.
    let fresh = [("name", "Lou"), ("email", "lou@vendor.test"), ("sections", "tec")];
    w.respondent_posts("/respond/colleagues", &fresh, &owner).await.is(303);
    w.deliver().await;
    let lou = w.start(&w.link()).await;
    w.respondent_gets("/respond", &lou).await.is(200);
});

service_test!(the_owner_sees_who_answered_what, async |w: World| {
    let (_, owner, link) = asked_kim(&w).await;
    let kim = w.start(&link).await;
    w.respondent_gets("/respond/colleagues", &owner).await.is(200).shows("Asked</span>").lacks("What Kim Lee answered");
    answers(&w, "/respond/people", &kim).await.is(303);
    let page = w.respondent_gets("/respond/colleagues", &owner).await;
    page.is(200).shows("kim@vendor.test").shows("In progress").shows("What Kim Lee answered").shows("<dd>Yes</dd>");
    // A browser with no more than the link learns of no colleague.
    let stranger = w.start(&format!("/i/{}", owners_token(&w))).await;
    w.respondent_gets("/respond", &stranger).await.leads_to("/respond/code?next=");
});

fn owners_token(w: &World) -> String {
    let all = w.app.store.read(|conn| store::letters::list(conn, &w.scope, None, 100, 0)).unwrap();
    let first = all.into_iter().rfind(|letter| letter.kind == LetterKind::Invitation).unwrap();
    w.app.office.key.invitation_token(first.invitation.unwrap())
}

service_test!(taking_it_back_ends_the_link_at_once_and_keeps_the_answers, async |w: World| {
    let (vendor, owner, link) = asked_kim(&w).await;
    let kim = w.start(&link).await;
    answers(&w, "/respond/people", &kim).await.is(303);
    let at = format!("/respond/colleagues/{}/take-back", kims(&w, vendor));
    w.respondent_posts(&at, &[], &owner).await.leads_to("/respond/colleagues?done=taken-back");
    w.respondent_posts(&at, &[], &owner).await.leads_to("/respond/colleagues?done=taken-back");
    w.respondent_gets("/respond", &kim).await.is(410).shows("took it back");
    w.respondent_posts("/respond/people", &[("adm.screening", "no"), ("seen", "")], &kim).await.is(410);
    w.visit(&link).await.is(410);
    let page = w.respondent_gets("/respond/colleagues", &owner).await;
    page.is(200).shows("Taken back").shows("What Kim Lee answered").lacks("/again\"");
    w.respondent_posts(&at.replace("take-back", "again"), &[], &owner).await.is(404);
    let took = w.history().into_iter().filter(|line| line == "took back what kim@vendor.test was asked").count();
    assert_eq!(took, 1);
});

service_test!(a_letter_that_a_colleague_did_not_get_is_said_and_can_go_again, async |w: World| {
    let (vendor, owner, link) = asked_kim(&w).await;
    let at = format!("/respond/colleagues/{}/again", kims(&w, vendor));
    let before = w.letters().len();
    w.respondent_posts(&at, &[], &owner).await.is(303);
    w.deliver().await;
    assert_eq!(w.letters().len(), before, "a moment ago");
    w.app.clock.advance(chrono::TimeDelta::minutes(3));
    w.respondent_posts(&at, &[], &owner).await.is(303);
    w.deliver().await;
    assert_eq!((w.letters().len(), w.link()), (before + 1, link), "the same link");
    for _ in 0..3 {
        w.app.clock.advance(chrono::TimeDelta::minutes(3));
        w.respondent_posts(&at, &[], &owner).await.is(303);
    }
    w.app.clock.advance(chrono::TimeDelta::minutes(3));
    w.respondent_posts(&at, &[], &owner).await.is(429).shows("5 letters");
    w.deliver().await;
    let lou = [("name", "Lou"), ("email", "lou@vendor.test"), ("sections", "tec")];
    w.respondent_posts("/respond/colleagues", &lou, &owner).await.is(303);
    let office = PostOffice::open(Trouble::Says("RCPT", "550 no such mailbox"));
    w.deliver_by(&office.mailer()).await;
    w.respondent_gets("/respond/colleagues", &owner).await.shows("could not be delivered");
    let elsewhere = format!("/respond/colleagues/{}/again", InvitationId::fresh());
    w.respondent_posts(&elsewhere, &[], &owner).await.is(404);
});

service_test!(a_colleague_who_is_written_to_again_has_as_long_as_the_owner, async |w: World| {
    let (vendor, _, link) = asked_kim(&w).await;
    let at = format!("/respond/colleagues/{}/again", kims(&w, vendor));
    w.days_pass(70);
    w.visit(&link).await.is(410);
    w.post(&format!("/vendors/{vendor}/fresh-link"), &[]).await.is(303);
    w.deliver().await;
    let owner = w.start_verified(&w.link()).await;
    w.respondent_posts(&at, &[], &owner).await.is(303);
    w.visit(&link).await.is(200);
});

service_test!(when_the_links_end_the_colleagues_end_too, async |w: World| {
    let (vendor, _, link) = asked_kim(&w).await;
    let kim = w.start(&link).await;
    w.app.clock.advance(chrono::TimeDelta::minutes(3));
    // A fresh link for whoever was asked is none of a colleague's business.
    w.post(&format!("/vendors/{vendor}/fresh-link"), &[]).await.leads_to(&format!("/vendors/{vendor}?done=fresh-link"));
    w.respondent_gets("/respond", &kim).await.is(200);
    w.edit(vendor, |details| details.contact_email = Some("lou@vendor.test".to_owned()));
    w.respondent_gets("/respond", &kim).await.is(410);
    w.visit(&link).await.is(410);
    w.submit(&format!("{link}/again"), &[]).await.is(200);
    w.deliver().await;
    assert_ne!(w.letters().pop().unwrap().to_address, "kim@vendor.test");
});

service_test!(twenty_colleagues_are_enough, async |w: World| {
    let (_, owner, _) = asked_kim(&w).await;
    for n in 2..=20 {
        let (name, email) = (format!("No {n}"), format!("no{n}@vendor.test"));
        let form = [("name", name.as_str()), ("email", email.as_str()), ("sections", "tec")];
        w.respondent_posts("/respond/colleagues", &form, &owner).await.is(303);
    }
    let form = [("name", "No 21"), ("email", "no21@vendor.test"), ("sections", "tec")];
    w.respondent_posts("/respond/colleagues", &form, &owner).await.is(422);
    w.respondent_gets("/respond/colleagues", &owner).await.shows("as many as one questionnaire takes");
});

service_test!(after_the_signature_a_colleague_is_thanked_and_shown_nothing, async |w: World| {
    let (_, owner, link) = asked_kim(&w).await;
    let kim = w.start_verified(&link).await;
    let signer = [("name", "Pat Morgan"), ("job_title", "Manager"), ("email", "pat@vendor.test"), ("authority", "yes")];
    w.respondent_posts("/respond/sign", &signer, &owner).await.leads_to("/respond/receipt");
    for page in ["/respond", "/respond/receipt", "/respond/people"] {
        w.respondent_gets(page, &kim).await.is(200).shows("signed and sent").lacks("October 1");
    }
    w.visit(&link).await.is(200).shows("There is nothing more to do").lacks("/start\"");
    // Nor is a colleague's part open again when the reply is.
    w.respondent_posts("/respond/correct", &[("reason", "A slip of the pen")], &owner).await.leads_to("/respond");
    w.respondent_gets("/respond", &owner).await.is(200).lacks("/respond/colleagues");
    w.respondent_posts("/respond/colleagues", &KIM, &owner).await.is(303);
    for page in ["/respond", "/respond/people", "/respond/correct", "/respond/sign"] {
        w.respondent_gets(page, &kim).await.lacks("October 1").lacks("<fieldset");
    }
    let saved = w.respondent_posts("/respond/people", &[("adm.screening", "no"), ("seen", "")], &kim).await;
    saved.is(200).shows("signed and sent");
    w.visit(&link).await.is(200).shows("There is nothing more to do");
});

// Passing it on

const NEW: [(&str, &str); 3] = [("what", "pass"), ("name", "Kim Lee"), ("email", "kim@vendor.test")];

async fn asked(w: &World) -> (VendorId, String) {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    (vendor, w.link())
}

service_test!(whoever_is_not_the_right_one_passes_it_on_before_anything_is_saved, async |w: World| {
    let (vendor, link) = asked(&w).await;
    let page = format!("{link}/someone-else");
    w.visit(&link).await.shows(&page);
    w.visit(&page).await.is(200).shows("Who should answer?");
    assert_eq!(w.letters().len(), 1, "looking does nothing");
    w.submit(&page, &NEW).await.is(200).shows("on its way to Kim Lee");
    w.deliver().await;
    let sent: Vec<(String, String)> =
        w.letters().iter().skip(1).map(|letter| (letter.to_address.clone(), letter.subject.clone())).collect();
    assert!(sent.iter().any(|(to, subject)| to == "pat@vendor.test" && subject.contains("was passed on")), "{sent:?}");
    assert!(sent.iter().any(|(to, _)| to == "kim@vendor.test"), "{sent:?}");
    w.visit(&link).await.is(410);
    w.submit(&page, &NEW).await.is(410);
    assert_eq!(w.see(vendor).details.contact_email.as_deref(), Some("kim@vendor.test"));
    w.get(&format!("/vendors/{vendor}"))
        .await
        .shows("Someone else should answer")
        .shows("passed the questionnaire on to <strong>Kim Lee (kim@vendor.test)</strong>");
    assert!(w.flags().iter().any(|flag| flag.contains("passed the questionnaire on to Kim Lee")), "{:?}", w.flags());
    // Repeatable: Kim is not the right one either.
    let letters = w.letters();
    let kim = letters.iter().find(|letter| letter.to_address == "kim@vendor.test").unwrap();
    let again = format!("/i/{}", kim.text.split("/i/").nth(1).unwrap().split_whitespace().next().unwrap());
    let lou = [("what", "pass"), ("name", "Lou"), ("email", "lou@vendor.test")];
    w.submit(&format!("{again}/someone-else"), &lou).await.is(200).shows("on its way to Lou");
    assert_eq!(w.see(vendor).details.contact_email.as_deref(), Some("lou@vendor.test"));
});

service_test!(a_stranger_with_the_link_cannot_redirect_the_questionnaire, async |w: World| {
    let (vendor, link) = asked(&w).await;
    let page = format!("{link}/someone-else");
    for foreign in ["kim@evil.test", "kim@vendor.test.evil.test", "kim@sub.vendor.test", "kim@gmail.com"] {
        let form = [("what", "pass"), ("name", "Kim Lee"), ("email", foreign)];
        w.submit(&page, &form).await.is(200).shows("looks at it first").lacks("on its way");
    }
    w.deliver().await;
    assert!(w.letters().iter().all(|letter| letter.to_address == "pat@vendor.test"));
    assert_eq!(w.see(vendor).details.contact_email.as_deref(), Some("pat@vendor.test"));
    w.visit(&link).await.is(200);
    let flags = w.flags();
    assert!(
        flags.iter().any(|flag| flag.contains("Kim Lee (kim@evil.test) should answer; nothing was sent")),
        "{flags:?}"
    );
});

service_test!(a_gateway_that_presses_the_button_says_nothing, async |w: World| {
    let (_, link) = asked(&w).await;
    let page = format!("{link}/someone-else");
    w.submit(&page, &[]).await.is(422);
    w.submit(&page, &[("what", "pass"), ("name", ""), ("email", ""), ("why", "")])
        .await
        .is(422)
        .shows("href=\"#name\"");
    w.submit(&page, &[("what", "tell"), ("why", " ")]).await.is(422).shows("Say who should answer");
    w.submit(&page, &[("what", "pass"), ("name", "Pat"), ("email", "Pat@Vendor.test")]).await.is(422);
    assert_eq!(w.flags(), Vec::<String>::new());
    w.visit("/i/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/someone-else").await.is(404);
});

service_test!(once_answers_are_saved_passing_it_on_needs_the_code, async |w: World| {
    let (vendor, link) = asked(&w).await;
    let owner = w.start(&link).await;
    w.respondent_gets("/respond/someone-else", &owner).await.is(200);
    w.respondent_posts("/respond/self-check", &SAVED, &owner).await.is(303);
    let page = format!("{link}/someone-else");
    w.visit(&page).await.is(200).shows("Answers were saved already").lacks("value=\"pass\"");
    w.submit(&page, &NEW).await.is(422).shows("show the code");
    w.respondent_gets("/respond/someone-else", &owner).await.leads_to("/respond/code?next=someone-else");
    w.respondent_posts("/respond/someone-else", &NEW, &owner).await.leads_to("/respond/code?next=someone-else");
    assert_eq!(w.see(vendor).details.contact_email.as_deref(), Some("pat@vendor.test"));
    w.verify(&owner).await;
    // Who has shown the mailbox may name anybody: the practice is told, and so is the mailbox.
    let anybody = [("what", "pass"), ("name", "Kim Lee"), ("email", "kim@elsewhere.test")];
    w.respondent_posts("/respond/someone-else", &anybody, &owner).await.is(200).shows("on its way to Kim Lee");
    w.respondent_gets("/respond", &owner).await.is(410);
    assert_eq!(w.see(vendor).details.contact_email.as_deref(), Some("kim@elsewhere.test"));
});

service_test!(the_practice_takes_a_proposed_contact_with_one_press, async |w: World| {
    let (vendor, link) = asked(&w).await;
    let form = [("what", "pass"), ("name", "Kim Lee"), ("email", "kim@elsewhere.test"), ("why", "Pat has <left>")];
    for _ in 0..2 {
        w.submit(&format!("{link}/someone-else"), &form).await.is(200);
    }
    let said = w.app.store.read(|conn| store::handovers::unsettled(conn, &w.scope, vendor)).unwrap();
    assert_eq!(said.len(), 1, "pressed twice, said once");
    let page = w.get(&format!("/vendors/{vendor}")).await;
    page.shows("Send the questionnaire to Kim Lee").shows("Pat has &lt;left&gt;");
    let take = format!("/handovers/{}/take", said[0].id);
    let reader = auditor(&w);
    w.get_as(&format!("/vendors/{vendor}"), &reader).await.shows("Kim Lee").lacks(&take);
    w.post(&take, &[]).await.leads_to(&format!("/vendors/{vendor}?done=moved"));
    w.post(&take, &[]).await.leads_to(&format!("/vendors/{vendor}?done=moved"));
    w.deliver().await;
    assert_eq!(w.letters().pop().unwrap().to_address, "kim@elsewhere.test");
    assert_eq!(w.letters().len(), 2);
    w.visit(&link).await.is(410);
    assert!(!w.flags().iter().any(|flag| flag.contains("should answer")));
});

service_test!(the_practice_may_only_be_told, async |w: World| {
    let (vendor, link) = asked(&w).await;
    let form = [("what", "tell"), ("why", "We closed this office")];
    w.submit(&format!("{link}/someone-else"), &form).await.is(200).shows("We have told Maple Family Practice");
    let open = w.app.store.read(|conn| store::flags::of_vendor(conn, &w.scope, vendor)).unwrap();
    assert!(open.iter().any(|flag| flag.kind == FlagKind::SomeoneElse && flag.closed_on.is_none()));
    let said = w.app.store.read(|conn| store::handovers::unsettled(conn, &w.scope, vendor)).unwrap();
    w.get(&format!("/vendors/{vendor}")).await.shows("We closed this office").lacks("/take\"");
    w.post(&format!("/handovers/{}/take", said[0].id), &[])
        .await
        .leads_to(&format!("/vendors/{vendor}?done=address-unusable"));
    w.post(&format!("/handovers/{}/noted", said[0].id), &[]).await.leads_to(&format!("/vendors/{vendor}?done=saved"));
    assert_eq!(w.flags(), Vec::<String>::new());
    w.visit(&link).await.is(200);
    for n in 0..5 {
        let why = format!("Again {n}");
        let page = w.submit(&format!("{link}/someone-else"), &[("what", "tell"), ("why", &why)]).await;
        page.is(if n == 4 { 429 } else { 200 });
    }
});

service_test!(a_form_from_another_window_needs_no_token_of_its_session, async |w: World| {
    let (_, link) = asked(&w).await;
    let cookie = w.start(&link).await;
    let request = actix_web::test::TestRequest::post().uri(&format!("{link}/someone-else"));
    let page =
        w.send(request.set_form([("what", "tell"), ("why", "Not me")]), Some((RESPONDENT_COOKIE, &cookie))).await;
    page.is(200);
});

service_test!(a_colleague_reads_and_prints_the_own_questions_and_no_others, async |w: World| {
    let (_, _, link) = asked_kim(&w).await;
    let kim = w.start(&link).await;
    let page = w.respondent_gets("/respond/questions", &kim).await;
    page.is(200).shows("How you run things").lacks("questions.xlsx").lacks("check your own practices against");
    let paper = w.respondent_gets("/respond/questions.pdf", &kim).await;
    assert!(paper.bytes.starts_with(b"%PDF-"));
    w.respondent_gets("/respond", &kim).await.shows("Read and print your questions");
});

service_test!(i_hear_when_my_colleague_has_answered_and_see_who_said_what, async |w: World| {
    w.vendor("LabCorp");
    w.sweep().await;
    let owner = w.start_verified(&w.link()).await;
    let kim = [("name", "Kim Lee"), ("email", "kim@vendor.test"), ("sections", "off")];
    let asked = w.respondent_posts("/respond/colleagues", &kim, &owner).await;
    w.respondent_gets(&asked.location, &owner).await.shows("The e-mail to your colleague is on its way");
    w.deliver().await;
    let kim = w.start(&w.link()).await;
    let seen = w.respondent_gets("/respond/abroad", &kim).await.value_of("seen");
    let half = [("seen", seen.as_str()), ("off.kept", "no")];
    w.respondent_posts("/respond/abroad", &half, &kim).await.is(303);
    w.deliver().await;
    let word = |w: &World| w.letters().into_iter().filter(|letter| letter.subject.contains("has answered")).count();
    assert_eq!(word(&w), 0);
    for _ in 0..2 {
        let seen = w.respondent_gets("/respond/abroad", &kim).await.value_of("seen");
        let whole = [("seen", seen.as_str()), ("off.kept", "no"), ("off.seen", "no")];
        w.respondent_posts("/respond/abroad", &whole, &kim).await.is(303);
        w.deliver().await;
    }
    let letter = w.letters().pop().unwrap();
    assert_eq!((word(&w), letter.to_address.as_str()), (1, "pat@vendor.test"));
    assert_eq!(letter.subject, "Kim Lee has answered their part for Maple Family Practice");
    assert!(letter.text.contains("/i/"), "the way to read it");
    w.respondent_gets("/respond/check", &owner).await.shows("Answered by Kim Lee.");
    let signer = [("name", "Pat"), ("job_title", "Manager"), ("email", "pat@vendor.test"), ("authority", "yes")];
    w.respondent_posts("/respond/sign", &signer, &owner).await.leads_to("/respond/receipt");
    w.respondent_gets("/respond/receipt", &owner).await.shows("Answered by Kim Lee.");
});
