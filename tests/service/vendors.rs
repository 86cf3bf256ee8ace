//! The register: adding, editing, listing, finding.

use duecare::domain::standing::Status;
use duecare::domain::vendor::BaStatus;

use crate::world::{World, service_test};

service_test!(a_vendor_is_added_and_edited_by_form, async |w: World| {
    w.get("/vendors").await.is(200).shows("No vendors yet");
    let fields = [
        ("name", "Acme Billing"),
        ("services", "Billing"),
        ("contact_email", "jo@acme.test"),
        ("website", "acme.test"),
        ("ba_status", "business-associate"),
        ("elements", "insurance"),
        ("elements", "contact"),
        ("volume", "500-4999"),
        ("access", "feed"),
        ("criticality", "7d"),
        ("subs", "none"),
        ("offshore", "none"),
        ("agreement_signed_on", "1/31/2026"),
    ];
    let added = w.post("/vendors/new", &fields).await;
    added.is(303);
    let page = added.location.split('?').next().unwrap().to_owned();
    w.get(&page)
        .await
        .is(200)
        .shows("Acme Billing")
        .shows("acme.test")
        .shows("Jan 31, 2026")
        .shows("Insurance and payment details");
    w.get(&format!("{page}/edit")).await.is(200).shows("value=\"2026-01-31\"").shows("value=\"insurance\" checked");
    let mut changed = fields.to_vec();
    changed[0] = ("name", "Acme Billing Group");
    w.post(&format!("{page}/edit"), &changed).await.is(303);
    w.get("/vendors").await.shows("Acme Billing Group");
    // The same name again is another vendor's.
    w.post("/vendors/new", &[("name", "ACME billing group, Inc.")]).await.is(422).shows("already");
});

service_test!(what_a_colleague_saved_meanwhile_is_not_overwritten_unseen, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let form = format!("/vendors/{labcorp}/edit");
    let seen = |page: &str| page.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let opened = seen(&w.get(&form).await.text);
    w.edit(labcorp, |details| details.owner = "Lee".to_owned());
    let fields = |seen: &str| {
        let typed = [("name", "LabCorp"), ("ba_status", "business-associate"), ("notes", "Called"), ("seen", seen)];
        typed.map(|(name, text)| (name.to_owned(), text.to_owned()))
    };
    let send = async |seen: &str| {
        let fields = fields(seen);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        w.post(&form, &fields).await
    };
    let refused = send(&opened).await;
    refused.is(422).shows("Someone else changed this vendor").shows("Lee").shows("Called");
    assert_eq!(w.see(labcorp).details.owner, "Lee");
    send(&seen(&refused.text)).await.is(303);
    assert_eq!(w.see(labcorp).details.notes, "Called");
});

service_test!(a_bad_field_is_named_and_what_was_typed_stays, async |w: World| {
    let fields = [
        ("name", ""),
        ("contact_email", "jo@@acme"),
        ("website", "javascript:alert(1)"),
        ("agreement_signed_on", "2026-02-01"),
        ("agreement_ends_on", "2026-01-01"),
        ("services", "Billing & <b>more</b>"),
    ];
    let page = w.post("/vendors/new", &fields).await;
    page.is(422).shows("There is a problem").shows("Billing &amp; &lt;b&gt;more&lt;/b&gt;").shows("jo@@acme");
    for field in ["name", "contact_email", "website", "agreement_ends_on"] {
        page.shows(&format!("href=\"#{field}\""));
    }
});

service_test!(the_list_is_searched_filtered_sorted_and_paged_by_its_address, async |w: World| {
    for number in 0..120 {
        w.vendor(&format!("Vendor {number:03}"));
    }
    w.vendor_with("Clinic of 100%", |details| details.ba_status = BaStatus::TreatmentProvider);
    w.get("/vendors").await.is(200).shows("121 vendors").shows("Vendors 1 to 100 of 121");
    w.get("/vendors?page=2").await.is(200).shows("Vendors 101 to 121 of 121");
    w.get("/vendors?q=vendor+007").await.shows("1 of 121 vendors matches").shows("Vendor 007");
    w.get("/vendors?q=100%25").await.shows("1 of 121 vendors matches");
    w.get("/vendors?status=not-needed").await.shows("1 of 121 vendors matches").shows("Clinic");
    w.get("/vendors?sort=-name").await.is(200);
    w.get("/vendors?q=nobody").await.shows("No vendor matches");
    w.get("/vendors?page=99&rating=purple&sort=weight").await.is(200);
});

service_test!(the_round_page_asks_everyone_who_is_due_once, async |w: World| {
    w.vendor("LabCorp");
    w.vendor_with("Nobody", |details| details.contact_email = None);
    w.get("/round").await.is(200).shows("1 vendor is due to be asked").shows("1 vendor is due but cannot be asked");
    w.post("/round", &[]).await.leads_to("/round?asked=1");
    w.post("/round", &[]).await.leads_to("/round?asked=0");
    w.deliver().await;
    assert_eq!(w.letters().len(), 1);
    w.get("/outbox").await.is(200).shows("pat@vendor.test").shows("Sent");
});

service_test!(the_vendor_page_asks_now_and_sends_a_fresh_link, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.post(&format!("/vendors/{labcorp}/ask"), &[]).await.leads_to(&format!("/vendors/{labcorp}?done=asked"));
    w.post(&format!("/vendors/{labcorp}/ask"), &[]).await.leads_to(&format!("/vendors/{labcorp}?done=already"));
    w.deliver().await;
    w.app.clock.advance(chrono::TimeDelta::minutes(2));
    let fresh_link = format!("/vendors/{labcorp}/fresh-link");
    w.post(&fresh_link, &[]).await.leads_to(&format!("/vendors/{labcorp}?done=fresh-link"));
    // A double press sends one letter, and the link in it works.
    w.post(&fresh_link, &[]).await.leads_to(&format!("/vendors/{labcorp}?done=just-sent"));
    w.deliver().await;
    assert_eq!(w.letters().len(), 2);
    w.visit(&w.link()).await.is(200);
});

service_test!(a_vendor_found_to_be_no_business_associate_is_not_chased, async |w: World| {
    let shredder = w.vendor("Shredder");
    w.sweep().await;
    let link = w.link();
    w.edit(shredder, |details| details.ba_status = BaStatus::NoPhi);
    w.visit(&link).await.is(410);
    assert_eq!(w.see(shredder).standing.status, Status::NotNeeded);
    w.days_pass(360);
    let swept = w.sweep().await;
    assert_eq!((swept.asked, swept.reminded, swept.not_asked), (0, 0, 0));
    assert_eq!(w.letters().len(), 1);
    assert_eq!(w.flags(), Vec::<String>::new());
});

service_test!(a_new_contact_gets_a_link_and_the_old_one_stops_working, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let old = w.link();
    w.edit(labcorp, |details| details.contact_email = Some("new@vendor.test".to_owned()));
    w.deliver().await;
    w.visit(&old).await.is(410).shows("turned off");
    assert_eq!(w.letters().pop().unwrap().to_address, "new@vendor.test");
    w.visit(&w.link()).await.is(200);
});

service_test!(one_record_that_cannot_be_read_keeps_no_other_from_being_asked, async |w: World| {
    let broken = w.vendor("Broken");
    w.vendor("Whole");
    w.break_record(broken);
    let swept = w.sweep().await;
    assert_eq!(swept.asked, 1);
    assert_eq!(w.letters().len(), 1);
});

service_test!(the_practice_says_who_vendors_may_ask_for, async |w: World| {
    let fields = [
        ("name", "Maple Family Practice"),
        ("contact_name", "Dana Whitfield"),
        ("contact_phone", "(555) 010-0142"),
        ("reply_to", "dana@maple.test"),
    ];
    w.settle(&fields).await.leads_to("/practice?done=saved");
    w.vendor("LabCorp");
    // The world keeps the practice as it was; the sweep of the program reads it anew.
    let practice = w.app.store.read(|conn| duecare::store::practices::one(conn, &w.scope)).unwrap();
    duecare::flows::sweep::sweep(&w.app.store, &w.app.office, &practice, w.now()).unwrap();
    w.deliver().await;
    let letter = w.letters().remove(0);
    assert_eq!(letter.reply_to.as_deref(), Some("dana@maple.test"));
    assert!(letter.text.contains("Dana Whitfield") && !letter.text.contains("010-0142"));
    w.settle(&[("name", ""), ("reply_to", "x")]).await.is(422).shows("There is a problem");
});

service_test!(a_vendor_is_found_by_its_contact_and_by_letters_with_accents, async |w: World| {
    w.vendor_with("Élan Billing", |details| details.contact_name = "Imogen Hart".to_owned());
    w.vendor("LabCorp");
    for words in ["%C3%89lan", "%C3%A9lan", "imogen", "hart%20billing"] {
        w.get(&format!("/vendors?q={words}")).await.is(200).shows("Élan Billing").lacks("LabCorp");
    }
    w.get("/vendors?q=%00").await.is(200);
});

service_test!(the_same_name_by_hand_needs_a_number_of_its_own, async |w: World| {
    w.vendor_with("Hollow Creek Billing", |details| details.external_id = Some("V-7".to_owned()));
    let fields = [
        ("name", "hollow creek billing"),
        ("ba_status", "business-associate"),
        ("volume", "unknown"),
        ("criticality", "unknown"),
        ("subs", "unknown"),
        ("offshore", "unknown"),
    ];
    w.post("/vendors/new", &fields).await.is(422).shows("There is a vendor of this name");
});
