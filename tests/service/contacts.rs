//! The people at a vendor: who gets the questionnaire, and whom letters no longer reach.

use duecare::domain::contact::{AddressState, Contact};
use duecare::domain::ids::{ContactId, VendorId};
use duecare::store;
use duecare::web::session::STAFF_COOKIE;

use crate::decisions::{auditor, told};
use crate::postoffice::{PostOffice, Trouble};
use crate::world::{World, service_test};

fn people(w: &World, vendor: VendorId) -> Vec<Contact> {
    w.app.store.read(|conn| store::contacts::of_vendor(conn, &w.scope, vendor)).unwrap()
}

fn named(w: &World, vendor: VendorId, name: &str) -> ContactId {
    people(w, vendor).into_iter().find(|one| one.details.name == name).expect("the person is there").id
}

/// Adds a privacy officer, and gives her address on the site.
async fn with_ruth(w: &World, vendor: VendorId) -> String {
    let ruth =
        [("name", "Ruth"), ("email", "ruth@vendor.test"), ("job", "Lawyer"), ("roles", "privacy"), ("roles", "signs")];
    let list = format!("/vendors/{vendor}/contacts");
    w.post(&list, &ruth).await.leads_to(&format!("{list}?done=added"));
    format!("{list}/{}", named(w, vendor, "Ruth"))
}

service_test!(a_vendor_has_several_people_and_one_gets_the_questionnaire, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let ruth = with_ruth(&w, labcorp).await;
    // A second press adds nobody.
    with_ruth(&w, labcorp).await;
    assert_eq!(people(&w, labcorp).iter().map(|one| one.preferred).collect::<Vec<_>>(), [true, false]);
    w.get(&format!("/vendors/{labcorp}"))
        .await
        .is(200)
        .shows("Pat Morgan")
        .shows("Ruth")
        .shows("Privacy officer, Signs for them");
    w.get("/vendors?q=ruth@vendor").await.shows("LabCorp");
    let bad = [("name", ""), ("email", "x@@y"), ("roles", "king"), ("job", "Kept <b>")];
    w.post(&ruth, &bad).await.is(422).shows("href=\"#email\"").shows("href=\"#roles\"").shows("Kept &lt;b&gt;");
    w.post(&ruth, &[("name", "Ruth Abramson"), ("email", "ruth@vendor.test")]).await.is(303);
    w.get(&ruth).await.is(200).shows("Ruth Abramson");
    w.post(&format!("{ruth}/remove"), &[]).await.leads_to(&format!("/vendors/{labcorp}/contacts?done=removed"));
    assert_eq!(people(&w, labcorp).len(), 1);
    let first = people(&w, labcorp)[0].id;
    let stays = w.post(&format!("/vendors/{labcorp}/contacts/{first}/remove"), &[]).await;
    stays.leads_to(&format!("/vendors/{labcorp}/contacts?done=stays"));
    assert!(told(&w, labcorp)[0].starts_with("Dana Whitfield removed Ruth Abramson"), "{:?}", told(&w, labcorp));
});

service_test!(the_questionnaire_follows_whoever_gets_it, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let ruth = with_ruth(&w, labcorp).await;
    w.sweep().await;
    let old = w.link();
    w.post(&format!("{ruth}/prefer"), &[]).await.leads_to(&format!("/vendors/{labcorp}/contacts?done=moved"));
    w.post(&format!("{ruth}/prefer"), &[]).await.leads_to(&format!("/vendors/{labcorp}/contacts?done=preferred"));
    w.deliver().await;
    w.visit(&old).await.is(410);
    let letters = w.letters();
    assert_eq!((letters.len(), letters[1].to_address.as_str()), (2, "ruth@vendor.test"));
    w.visit(&w.link()).await.is(200);
    assert_eq!(w.see(labcorp).details.contact_email.as_deref(), Some("ruth@vendor.test"));
    // The same by changing the address of whoever gets it.
    let fields = [("name", "Ruth"), ("email", "new@vendor.test")];
    w.post(&ruth, &fields).await.leads_to(&format!("/vendors/{labcorp}/contacts?done=moved"));
    w.deliver().await;
    assert_eq!(w.letters()[2].to_address, "new@vendor.test");
});

service_test!(the_first_person_takes_the_place_that_is_kept, async |w: World| {
    let shredder = w.vendor_with("Shredder", |details| {
        details.contact_name = String::new();
        details.contact_email = None;
    });
    assert_eq!(w.flags(), ["Shredder: No e-mail address to send the questionnaire to"]);
    with_ruth(&w, shredder).await;
    assert_eq!(people(&w, shredder).len(), 1);
    assert_eq!(w.flags(), Vec::<String>::new());
    assert_eq!(w.sweep().await.asked, 1);
    let list = format!("/vendors/{shredder}/contacts");
    w.post(&list, &[("name", "No Mail"), ("preferred", "yes")]).await.is(422).shows("href=\"#email\"");
});

service_test!(a_refused_address_is_noted_flagged_and_written_to_no_more, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let ruth = with_ruth(&w, labcorp).await;
    w.ask();
    let office = PostOffice::open(Trouble::Says("RCPT", "550 5.1.1 no such mailbox"));
    assert_eq!(w.deliver_by(&office.mailer()).await.failed, 1);
    let pat = people(&w, labcorp).remove(0);
    assert_eq!((pat.address.state, pat.address.since), (AddressState::Bounced, Some(w.today())));
    let flags = w.flags();
    assert_eq!(flags.len(), 1, "one thing, one flag: {flags:?}");
    assert!(
        flags[0].contains("Letters to pat@vendor.test bounced on November 22, 2026")
            && flags[0].contains("no such mailbox")
    );
    w.get(&format!("/vendors/{labcorp}")).await.shows("letters to its address bounced").lacks("/fresh-link");
    w.post(&format!("/vendors/{labcorp}/fresh-link"), &[])
        .await
        .leads_to(&format!("/vendors/{labcorp}?done=address-unusable"));
    w.days_pass(25);
    assert_eq!(w.sweep().await.reminded, 0);
    assert!(
        told(&w, labcorp).iter().any(|line| line.starts_with("duecare noted that letters to pat@vendor.test bounce"))
    );
    // Someone else gets it, and is reminded again.
    w.post(&format!("{ruth}/prefer"), &[]).await.is(303);
    assert_eq!(w.deliver().await.sent, 1);
    assert_eq!(w.flags(), Vec::<String>::new());
    // Whom letters do not reach cannot be chosen.
    let pat = format!("/vendors/{labcorp}/contacts/{}", pat.id);
    w.post(&format!("{pat}/prefer"), &[]).await.leads_to(&format!("/vendors/{labcorp}/contacts?done=not-reachable"));
});

service_test!(a_vendor_whose_contact_wants_no_letters_is_not_asked, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let pat = format!("/vendors/{labcorp}/contacts/{}", people(&w, labcorp)[0].id);
    w.post(&format!("{pat}/address"), &[("state", "gone"), ("why", "Left")]).await.is(422).shows("value=\"Left\"");
    w.post(&format!("{pat}/address"), &[("state", "opted-out"), ("why", "Asked by <telephone>")]).await.is(303);
    let swept = w.sweep().await;
    assert_eq!((swept.asked, swept.not_asked), (0, 1));
    w.get("/round").await.shows("Letters to its address bounced, or are not wanted.");
    w.get("/").await.is(200).lacks("1 vendor is due to be asked");
    assert!(w.flags()[0].contains("asked on November 22, 2026 for no more letters (Asked by <telephone>)"));
    w.post(&format!("/vendors/{labcorp}/ask"), &[])
        .await
        .leads_to(&format!("/vendors/{labcorp}?done=address-unusable"));
    w.post(&format!("{pat}/address"), &[("state", "fine"), ("why", "")]).await.is(303);
    assert_eq!(w.flags(), Vec::<String>::new());
    assert_eq!(w.sweep().await.asked, 1);
});

service_test!(a_new_address_on_the_form_counts_as_one_that_works, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let pat = format!("/vendors/{labcorp}/contacts/{}", people(&w, labcorp)[0].id);
    w.post(&format!("{pat}/address"), &[("state", "bounced"), ("why", "")]).await.is(303);
    w.edit(labcorp, |details| details.contact_email = Some("right@vendor.test".to_owned()));
    assert_eq!(people(&w, labcorp)[0].address.state, AddressState::Fine);
    assert_eq!(w.flags(), Vec::<String>::new());
});

service_test!(another_practice_and_an_auditor_change_nobody, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let ruth = with_ruth(&w, labcorp).await;
    let (_, otto) = w.other_practice();
    let audrey = auditor(&w);
    let list = format!("/vendors/{labcorp}/contacts");
    let fields = [("name", "Mine"), ("email", "mine@other.test"), ("state", "bounced")];
    w.get_as(&list, &otto).await.is(404);
    w.get_as(&ruth, &otto).await.is(404).lacks("Ruth");
    w.get_as(&list, &audrey).await.is(200).shows("Ruth").lacks("Add a person");
    for address in [list, ruth.clone(), format!("{ruth}/prefer"), format!("{ruth}/address"), format!("{ruth}/remove")] {
        w.post_as(&address, &fields, STAFF_COOKIE, &otto).await.is(404);
        w.post_as(&address, &fields, STAFF_COOKIE, &audrey).await.is(403);
    }
    // A person of one vendor is nobody at another.
    let quest = w.vendor("Quest");
    let elsewhere = ruth.replace(&labcorp.to_string(), &quest.to_string());
    w.get(&elsewhere).await.is(404);
    w.post(&format!("{elsewhere}/remove"), &[]).await.is(404);
    assert_eq!(people(&w, labcorp).len(), 2);
});
