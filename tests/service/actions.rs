//! What a vendor is to put right: raised by rule or chosen, asked in one letter, answered in the
//! portal, verified by a person.

use actix_web::test::TestRequest;
use duecare::domain::action::{Action, ActionState};
use duecare::domain::answers::{Grade, Value};
use duecare::domain::ids::{ActionId, AssessmentId, VendorId};
use duecare::domain::life::Life;
use duecare::domain::user::Role;
use duecare::flows::{life, sweep};
use duecare::secrets;
use duecare::store;
use duecare::web::session::RESPONDENT_COOKIE;

use crate::world::{Page, World, service_test};

const TRAINING: &str = "adm.training";

fn no() -> Value {
    Value::Grade(Grade::No)
}

fn actions(w: &World, vendor: VendorId) -> Vec<Action> {
    w.app.store.read(|conn| store::actions::of_vendor(conn, &w.scope, vendor)).unwrap()
}

fn reply_of(w: &World, vendor: VendorId) -> AssessmentId {
    w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, vendor)).unwrap()[0].id
}

/// A vendor that signed a reply in which it trains nobody.
async fn untrained(w: &World) -> VendorId {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    w.replied(vendor, &[(TRAINING, no())]);
    w.deliver().await;
    vendor
}

/// The same, a day later: the vendor was written to.
async fn asked(w: &World) -> (VendorId, Action) {
    let vendor = untrained(w).await;
    w.days_pass(1);
    assert_eq!(w.sweep().await.actions, 1);
    (vendor, actions(w, vendor).remove(0))
}

/// Opens the letter's link, and types the code.
async fn opened(w: &World) -> String {
    let cookie = w.start_leads_to(&w.link(), "/respond/actions").await;
    w.verify(&cookie).await;
    cookie
}

async fn send(w: &World, cookie: &str, id: ActionId, reply: &str, files: &[(&str, &[u8])]) -> Page {
    let token = w.app.office.key.form_token(&secrets::digest(cookie));
    let mut body = Vec::new();
    for (field, text) in [("csrf", token.as_str()), ("reply", reply)] {
        let head = format!("--b0undary\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{text}\r\n");
        body.extend_from_slice(head.as_bytes());
    }
    for (name, bytes) in files {
        let head = format!(
            "--b0undary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b0undary--\r\n");
    let request = TestRequest::post()
        .uri(&format!("/respond/actions/{id}"))
        .insert_header(("Content-Type", "multipart/form-data; boundary=b0undary"))
        .set_payload(body);
    w.send(request, Some((RESPONDENT_COOKIE, cookie))).await
}

service_test!(
    a_failed_critical_answer_gets_an_action_at_once_and_the_vendor_hears_of_it_the_day_after,
    async |w: World| {
        let vendor = untrained(&w).await;
        let all = actions(&w, vendor);
        assert_eq!(all.len(), 1);
        let one = &all[0];
        assert_eq!((one.slug.as_str(), one.state, one.by_rule), (TRAINING, ActionState::Open, true));
        assert_eq!(one.due_on, w.today() + chrono::Days::new(30));
        assert_eq!((one.owner.as_str(), one.asked_on), ("Dana", None));
        assert!(one.cites.starts_with("45 CFR 164."), "{}", one.cites);
        assert!(w.history().iter().any(|line| line.starts_with("raised 1 corrective action for LabCorp")));
        // Nobody outside has heard of it on the day itself.
        let letters = w.letters().len();
        assert_eq!(w.sweep().await.actions, 0);
        assert_eq!(w.letters().len(), letters);
        w.days_pass(1);
        assert_eq!((w.sweep().await.actions, w.sweep().await.actions), (1, 0));
        let letter = w.letters().pop().unwrap();
        assert_eq!(letter.subject, "Maple Family Practice asks LabCorp to put 1 thing right");
        assert!(!letter.text.contains("rain") && letter.text.contains("/i/"), "{}", letter.text);
        assert_eq!(w.letters().len(), letters + 1);
    }
);

service_test!(a_practice_that_chooses_by_hand_gets_none_by_rule, async |w: World| {
    w.settle(&[("actions_by_hand", "yes")]).await.is(303);
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    let practice = w.known();
    assert!(practice.settings.actions_by_hand);
    w.replied(vendor, &[(TRAINING, no()), ("tec.idle-lock", no())]);
    assert_eq!(actions(&w, vendor), []);
    // One link ticks the grave ones.
    let form = format!("/assessments/{}/actions", reply_of(&w, vendor));
    w.get(&form).await.shows("?tick&#x3D;grave#gaps").lacks(" checked");
    let grave = w.get(&format!("{form}?tick=grave")).await;
    grave.shows("value=\"adm.training\" checked").lacks("value=\"tec.idle-lock\" checked");
    // The page of the settings says so, to those who may only read it too.
    let auditor = w.colleague(Role::Auditor);
    w.get_as("/practice", &auditor).await.shows("only when one of us presses for it");
});

service_test!(gaps_are_chosen_in_one_form_and_asked_in_one_letter, async |w: World| {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    w.replied(vendor, &[("adm.phishing", no()), ("tec.idle-lock", no()), (TRAINING, no())]);
    w.deliver().await;
    let reply = reply_of(&w, vendor);
    let page = format!("/assessments/{reply}/actions");
    w.get(&format!("/assessments/{reply}")).await.shows("Ask to put gaps right");
    let form = w.get(&page).await;
    form.is(200).shows("Critical question not met").shows("Other gaps").shows("Asked for already");
    form.shows("?tick&#x3D;gaps#gaps").lacks(" checked");
    w.get(&format!("{page}?tick=gaps")).await.shows("value=\"tec.idle-lock\" checked");
    w.post(&page, &[("owner", "Dana")]).await.is(422).shows("Tick what the vendor is to put right");
    let due = w.today().to_string();
    let blank = [("choose", "adm.phishing"), ("wanted:adm.phishing", " "), ("due:adm.phishing", due.as_str())];
    w.post(&page, &blank).await.is(422).shows("Say in a sentence").shows("checked");
    let past = [("choose", "adm.phishing"), ("wanted:adm.phishing", "Warn <all>."), ("due:adm.phishing", "2026-01-01")];
    w.post(&page, &past).await.is(422).shows("The day is past").shows("Warn &lt;all&gt;.");
    let letters = w.letters().len();
    let fields = [
        ("owner", "Dana"),
        ("choose", "adm.phishing"),
        ("wanted:adm.phishing", "Warn <all>."),
        ("due:adm.phishing", "2027-01-10"),
        ("choose", "tec.idle-lock"),
        ("wanted:tec.idle-lock", "Lock."),
        ("due:tec.idle-lock", "2027-01-20"),
        // Asked for already.
        ("choose", TRAINING),
        ("wanted:adm.training", "Train."),
        ("due:adm.training", "2027-01-20"),
    ];
    for _ in 0..2 {
        w.post(&page, &fields).await.leads_to(&format!("/vendors/{vendor}/plan?done=raised"));
        w.deliver().await;
    }
    assert_eq!(actions(&w, vendor).len(), 3);
    assert_eq!(w.letters().len(), letters + 1, "one letter for all, the one raised by rule among them");
    let letter = w.letters().pop().unwrap();
    assert_eq!(letter.subject, "Maple Family Practice asks LabCorp to put 3 things right");
    let plan = w.get(&format!("/vendors/{vendor}/plan")).await;
    plan.is(200).shows("Warn &lt;all&gt;.").shows("3 open corrective actions").shows("Send it to pat@vendor.test");
    w.post(&format!("/vendors/{vendor}/plan"), &[]).await.leads_to(&format!("/vendors/{vendor}/plan?done=not-sent"));
    w.days_pass(1);
    w.post(&format!("/vendors/{vendor}/plan"), &[]).await.leads_to(&format!("/vendors/{vendor}/plan?done=sent"));
    w.deliver().await;
    assert_eq!(w.letters().len(), letters + 2);
    w.get(&format!("/vendors/{vendor}")).await.shows("The plan to print or send");
    // An older reply, and one that is not signed, are nothing to choose from.
    w.get(&format!("/assessments/{}/actions", AssessmentId::fresh())).await.is(404);
});

service_test!(the_vendor_replies_with_a_file_and_a_person_verifies_it, async |w: World| {
    let (vendor, one) = asked(&w).await;
    let link = w.link();
    w.visit(&link).await.is(200).shows("put 1 thing right").lacks("There is nothing more to do");
    let cookie = w.start_leads_to(&link, "/respond/actions").await;
    // Nothing is shown before the code.
    w.respondent_gets("/respond/actions", &cookie).await.leads_to("/respond/code?next=actions");
    let path = format!("/respond/actions/{}", one.id);
    w.respondent_gets(&path, &cookie).await.leads_to("/respond/code?next=actions");
    send(&w, &cookie, one.id, "Done.", &[]).await.leads_to("/respond/code?next=actions");
    w.verify(&cookie).await;
    w.respondent_gets("/respond/receipt", &cookie).await.shows("put 1 thing right");
    w.respondent_gets("/respond/actions", &cookie).await.is(200).shows(&one.short).shows("To do");
    w.respondent_gets(&path, &cookie).await.is(200).shows(&one.wanted).shows("45 CFR 164.");

    send(&w, &cookie, one.id, " ", &[]).await.is(422).shows("Say what was done");
    // A bad file keeps the words, and nothing is sent yet.
    let page = send(&w, &cookie, one.id, "All <trained>.", &[("a.exe", b"MZ"), ("list.txt", b"Ann, Bob")]).await;
    page.is(422)
        .shows("All &lt;trained&gt;.")
        .shows("<strong>a.exe</strong>: not kept")
        .shows("list.txt</strong>: kept");
    assert_eq!(actions(&w, vendor)[0].state, ActionState::Open);
    for _ in 0..2 {
        send(&w, &cookie, one.id, "All <trained>.", &[]).await.is(303);
    }
    assert_eq!(actions(&w, vendor)[0].state, ActionState::Answered);
    w.respondent_gets("/respond/actions?done=sent", &cookie).await.shows("With the practice").shows("Sent.");
    assert!(w.flags().contains(&"LabCorp: Says that 1 thing is put right; verify it".to_owned()), "{:?}", w.flags());
    let before = w.see(vendor).standing;

    let staff = format!("/actions/{}", one.id);
    w.get(&staff).await.is(200).shows("All &lt;trained&gt;.").shows("list.txt").shows("Verified: close it");
    w.post(&format!("{staff}/verify"), &[("found", "")]).await.is(422).shows("Say what you looked at");
    for _ in 0..2 {
        w.post(&format!("{staff}/verify"), &[("found", "Read the list.")])
            .await
            .leads_to(&format!("{staff}?done=done"));
    }
    let done = actions(&w, vendor).remove(0);
    assert_eq!((done.state, done.closed_on), (ActionState::Done, Some(w.today())));
    // The form that chooses gaps says so, and does not tick it.
    let choose = w.get(&format!("/assessments/{}/actions?tick=gaps", reply_of(&w, vendor))).await;
    choose.shows("Found to be done on").lacks("value=\"adm.training\" checked");
    // The signed answer stays, and with it what it means.
    assert!(!w.flags().iter().any(|flag| flag.contains("verify it")));
    let after = w.see(vendor).standing;
    assert_eq!((after.rating, after.residual), (before.rating, before.residual));
    let words = w.app.store.read(|conn| store::actions::words(conn, &w.scope, &[one.id])).unwrap();
    assert_eq!(words[&one.id].len(), 2, "each thing once");
    send(&w, &cookie, one.id, "More.", &[]).await.is(303);
    w.post(&format!("{staff}/cancel"), &[("reason", "No")]).await.leads_to(&format!("{staff}?done=closed"));
});

service_test!(a_reply_that_is_sent_back_reaches_the_vendor_with_its_remark, async |w: World| {
    let (vendor, one) = asked(&w).await;
    let cookie = opened(&w).await;
    send(&w, &cookie, one.id, "Soon.", &[]).await.is(303);
    let staff = format!("/actions/{}", one.id);
    let letters = w.letters().len();
    w.post(&format!("{staff}/send-back"), &[("remark", "When <exactly>?"), ("again_by", "last week")])
        .await
        .is(422)
        .shows("When &lt;exactly&gt;?")
        .shows("is not a date");
    for _ in 0..2 {
        let fields = [("remark", "When <exactly>?"), ("again_by", "2027-02-01")];
        w.post(&format!("{staff}/send-back"), &fields).await.leads_to(&format!("{staff}?done=back"));
        w.deliver().await;
    }
    assert_eq!(w.letters().len(), letters + 1);
    let letter = w.letters().pop().unwrap();
    assert_eq!(letter.subject, "Maple Family Practice asks once more about what was to be put right");
    assert!(!letter.text.contains("exactly"), "the remark stays behind the link");
    let other = opened(&w).await;
    let page = w.respondent_gets(&format!("/respond/actions/{}", one.id), &other).await;
    page.is(200).shows("When &lt;exactly&gt;?").shows("February 1, 2027");
    send(&w, &other, one.id, "On Friday.", &[]).await.is(303);
    assert_eq!(actions(&w, vendor)[0].state, ActionState::Answered);
});

service_test!(what_is_overdue_is_a_flag_lowers_the_response_and_is_said_once_a_week, async |w: World| {
    let (vendor, one) = asked(&w).await;
    let risk = |w: &World| w.see(vendor).standing.residual;
    let before = risk(&w);
    w.days_pass(29);
    w.sweep().await;
    assert_eq!(w.today(), one.due_on);
    assert!(!w.flags().iter().any(|flag| flag.contains("was to be put right")));
    assert_eq!(risk(&w), before);
    w.days_pass(1);
    let letters = w.letters().len();
    w.sweep().await;
    let late = format!("LabCorp: “{}” was to be put right by December 22, 2026", one.short);
    assert!(w.flags().contains(&late), "{:?}", w.flags());
    assert!(risk(&w) > before);
    assert_eq!(w.letters().pop().unwrap().subject, "1 thing to put right for Maple Family Practice: past the day");
    for _ in 0..6 {
        w.days_pass(1);
        w.sweep().await;
    }
    assert_eq!(w.letters().len(), letters + 1);
    w.days_pass(1);
    w.sweep().await;
    assert_eq!(w.letters().len(), letters + 2);
    let page = w.get("/actions?state=overdue").await;
    page.is(200).shows("1 overdue corrective action").shows(&one.short);
    w.get("/actions?owner=nobody").await.shows("None of these fits");
    w.get("/actions?owner=is%3ADana").await.shows(&one.short);
    w.get(&format!("/actions?vendor={}", VendorId::fresh())).await.shows("None of these fits");
    // A word of the vendor stops the clock.
    let cookie = opened(&w).await;
    send(&w, &cookie, one.id, "Done today.", &[]).await.is(303);
    assert!(!w.flags().contains(&late));
    let practice = w.known();
    let ahead = w.app.store.read(|conn| sweep::look_ahead(conn, &practice, w.today() + chrono::Days::new(30)));
    assert_eq!(ahead.unwrap().actions, 0);
});

service_test!(a_corrected_answer_marks_what_it_puts_right, async |w: World| {
    let (vendor, one) = asked(&w).await;
    w.days_pass(365);
    w.ask();
    w.replied(vendor, &[]);
    let met = actions(&w, vendor).remove(0);
    assert_eq!((met.id, met.state), (one.id, ActionState::Answered));
    w.get(&format!("/actions/{}", one.id)).await.shows("The vendor signed another answer");
});

service_test!(what_a_person_closed_is_not_raised_again_by_a_correction_of_the_same_reply, async |w: World| {
    let (vendor, one) = asked(&w).await;
    let cookie = opened(&w).await;
    let cancelled = format!("/actions/{}?done=cancelled", one.id);
    w.post(&format!("/actions/{}/cancel", one.id), &[("reason", "Seen on site.")]).await.leads_to(&cancelled);
    w.respondent_posts("/respond/correct", &[("reason", "A word was wrong.")], &cookie).await.leads_to("/respond");
    let signer = [("name", "Pat Morgan"), ("job_title", "Manager"), ("email", "pat@vendor.test"), ("authority", "yes")];
    w.respondent_posts("/respond/sign", &signer, &cookie).await.leads_to("/respond/receipt");
    let all = actions(&w, vendor);
    assert_eq!((all.len(), all[0].state), (1, ActionState::Cancelled));
});

service_test!(nothing_is_asked_of_a_vendor_that_is_gone, async |w: World| {
    let (vendor, one) = asked(&w).await;
    w.sql(&format!("UPDATE vendors SET life = 'prospect' WHERE id = '{vendor}'"));
    let (office, gone) = (&w.app.office, w.asked(vendor));
    w.app
        .store
        .write(|conn| life::step(conn, office, &w.practice, gone, Life::Ended, None, "We chose another."))
        .unwrap();
    assert_eq!(actions(&w, vendor)[0].state, ActionState::Cancelled);
    w.get(&format!("/actions/{}", one.id)).await.shows("does not work for us any more").lacks("Verified: close it");
});

service_test!(another_mailbox_is_written_to_anew_and_the_old_one_sees_nothing, async |w: World| {
    let (vendor, _) = asked(&w).await;
    let cookie = opened(&w).await;
    w.edit(vendor, |details| details.contact_email = Some("kim@vendor.test".to_owned()));
    w.respondent_gets("/respond/actions", &cookie).await.is(410);
    assert_eq!(w.sweep().await.actions, 1);
    assert_eq!(w.letters().pop().unwrap().to_address, "kim@vendor.test");
    let other = opened(&w).await;
    w.respondent_gets("/respond/actions", &other).await.is(200).shows("To do");
});

service_test!(auditors_read_and_colleagues_of_the_vendor_see_nothing, async |w: World| {
    let (vendor, one) = asked(&w).await;
    let auditor = w.colleague(Role::Auditor);
    let page = w.get_as(&format!("/actions/{}", one.id), &auditor).await;
    page.is(200).lacks("Verified: close it").lacks("Cancel it");
    w.get_as(&format!("/vendors/{vendor}/plan"), &auditor).await.is(200).lacks("Send it to");
    w.get_as("/actions", &auditor).await.is(200).shows(&one.short);
    // A colleague's part is the questionnaire's.
    w.days_pass(365);
    w.sweep().await;
    let link = w.letters().iter().rev().find(|letter| letter.subject.contains("self-check")).unwrap().text.clone();
    let link = link[link.find("/i/").unwrap()..].split_whitespace().next().unwrap().to_owned();
    let owner = w.start_verified(&link).await;
    let ask = [("name", "Sam"), ("email", "sam@vendor.test"), ("sections", "adm")];
    w.respondent_posts("/respond/colleagues", &ask, &owner).await.is(303);
    w.deliver().await;
    let colleague = w.start(&w.link()).await;
    w.respondent_gets("/respond/actions", &colleague).await.is(403).lacks(&one.short);
    w.respondent_gets(&format!("/respond/actions/{}", one.id), &colleague).await.is(403);
    w.respondent_gets("/respond", &owner).await.is(200).shows("put 1 thing right");
});

service_test!(a_vendor_sees_only_what_it_is_to_put_right_itself, async |w: World| {
    let (_, one) = asked(&w).await;
    let cookie = opened(&w).await;
    let other = w.vendor("Other Lab");
    w.sweep().await;
    w.replied(other, &[(TRAINING, no())]);
    w.days_pass(1);
    w.sweep().await;
    let theirs = actions(&w, other).remove(0);
    w.respondent_gets(&format!("/respond/actions/{}", theirs.id), &cookie).await.is(404);
    send(&w, &cookie, theirs.id, "Done.", &[]).await.is(404);
    w.respondent_gets(&format!("/respond/actions/{}", one.id), &cookie).await.is(200);
    assert_eq!(actions(&w, other)[0].state, ActionState::Open);
});

service_test!(two_records_of_one_vendor_keep_one_open_action_a_question, async |w: World| {
    let (mine, kept) = asked(&w).await;
    let theirs = w.vendor_with("Lab Corp Two", |details| details.external_id = Some("2".to_owned()));
    w.sweep().await;
    w.replied(theirs, &[(TRAINING, no()), ("adm.risk.study", no())]);
    w.post(&format!("/vendors/{mine}/merge"), &[("other", &theirs.to_string()), ("merge", "yes")]).await.is(303);
    let open: Vec<Action> = actions(&w, mine).into_iter().filter(|one| !one.state.is_closed()).collect();
    let mut slugs: Vec<&str> = open.iter().map(|one| one.slug.as_str()).collect();
    slugs.sort_unstable();
    assert_eq!(slugs, ["adm.risk.study", TRAINING]);
    assert!(open.iter().any(|one| one.id == kept.id));
});

service_test!(a_file_i_sent_by_mistake_comes_off_until_my_reply_is_sent, async |w: World| {
    let (vendor, one) = asked(&w).await;
    let cookie = opened(&w).await;
    let path = format!("/respond/actions/{}", one.id);
    let page = send(&w, &cookie, one.id, "All trained.", &[("a.exe", b"MZ"), ("wrong.txt", b"Not this")]).await;
    page.is(422).shows("wrong.txt</strong>: kept").shows("Take off<span class=\"visually-hidden\"> wrong.txt");
    let file = page.value_of("file");
    let off = format!("{path}/remove");
    for _ in 0..2 {
        w.respondent_posts(&off, &[("file", &file)], &cookie).await.leads_to(&format!("{path}?done=file-off"));
    }
    w.respondent_gets(&path, &cookie).await.lacks("wrong.txt");
    let kept = w.app.store.read(|conn| store::documents::of_vendor(conn, &w.scope, vendor)).unwrap();
    assert!(kept.iter().all(|one| one.removed_at.is_some()), "it is off the practice's pages too");
    w.get(&format!("/actions/{}", one.id)).await.lacks("wrong.txt");
    // What went with a reply stays with it.
    send(&w, &cookie, one.id, "All trained.", &[("list.txt", b"Ann, Bob")]).await.is(303);
    let page = w.respondent_gets(&path, &cookie).await;
    page.shows("list.txt").lacks("Take off");
    let sent = w.app.store.read(|conn| store::actions::files(conn, &w.scope, &[one.id])).unwrap();
    let sent = sent[&one.id][0].document.to_string();
    w.respondent_posts(&off, &[("file", &sent)], &cookie).await.leads_to(&path);
    w.respondent_gets(&path, &cookie).await.shows("list.txt");
});

service_test!(i_can_add_to_my_reply_until_the_practice_has_decided_and_both_are_kept, async |w: World| {
    let (_, one) = asked(&w).await;
    let cookie = opened(&w).await;
    let path = format!("/respond/actions/{}", one.id);
    send(&w, &cookie, one.id, "All trained.", &[]).await.is(303);
    w.respondent_gets(&path, &cookie).await.shows("looks at it").shows("Add to it, or correct it");
    for _ in 0..2 {
        send(&w, &cookie, one.id, "All but one.", &[("list.txt", b"Ann, Bob")]).await.is(303);
    }
    w.respondent_gets(&path, &cookie).await.shows("All trained.").shows("All but one.").shows("list.txt");
    let staff = format!("/actions/{}", one.id);
    w.get(&staff).await.shows("All trained.").shows("All but one.");
    let words = w.app.store.read(|conn| store::actions::words(conn, &w.scope, &[one.id])).unwrap();
    assert_eq!(words[&one.id].len(), 2, "pressed twice, kept once");
    w.post(&format!("{staff}/verify"), &[("found", "Read the list.")]).await.is(303);
    w.respondent_gets(&path, &cookie).await.lacks("Add to it, or correct it");
    send(&w, &cookie, one.id, "Late.", &[]).await.leads_to("/respond/actions");
    w.respondent_gets(&path, &cookie).await.lacks("Late.");
});

service_test!(what_is_to_be_put_right_stands_beside_my_own_answer, async |w: World| {
    let (_, one) = asked(&w).await;
    let cookie = opened(&w).await;
    let page = w.respondent_gets(&format!("/respond/actions/{}", one.id), &cookie).await;
    page.shows("Your answer").shows("No (signed on November 22, 2026)").shows(&one.wanted);
});

service_test!(the_letter_its_page_and_the_list_count_the_same_things_to_put_right, async |w: World| {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    w.replied(vendor, &[("adm.risk.study", no()), (TRAINING, no())]);
    w.days_pass(1);
    w.sweep().await;
    w.deliver().await;
    assert_eq!(w.letters().pop().unwrap().subject, "Maple Family Practice asks LabCorp to put 2 things right");
    let link = w.link();
    w.visit(&link).await.shows("put 2 things right");
    let cookie = opened(&w).await;
    let list = w.respondent_gets("/respond/actions", &cookie).await;
    assert_eq!(list.text.matches("To do").count(), 2);
    let first = actions(&w, vendor).remove(0);
    send(&w, &cookie, first.id, "Done.", &[]).await.is(303);
    w.visit(&link).await.shows("put 1 thing right");
    assert_eq!(w.respondent_gets("/respond/actions", &cookie).await.text.matches("To do").count(), 1);
});
