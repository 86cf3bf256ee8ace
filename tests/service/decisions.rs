//! Whether a vendor is a business associate, and how closely we look: decided by hand, kept
//! with the reason, and followed by what hangs on it.

use duecare::domain::exposure::{Tier, Volume};
use duecare::domain::ids::VendorId;
use duecare::domain::standing::Status;
use duecare::domain::user::Role;
use duecare::domain::vendor::BaStatus;
use duecare::flows::sign_in;
use duecare::secrets;
use duecare::store::{self, StoreError, entries};
use duecare::web::session::STAFF_COOKIE;

use crate::world::{World, service_test};

/// What the history says of a vendor, the newest first.
pub fn told(w: &World, vendor: VendorId) -> Vec<String> {
    let about = entries::About { vendor: Some(vendor), ..entries::About::default() };
    let list = w.app.store.read(|conn| entries::list(conn, &w.scope, &about, 100, 0)).unwrap();
    list.into_iter().map(|(entry, _)| format!("{} {}", entry.by.name(), entry.sentence)).collect()
}

/// The cookie of an auditor of the same practice.
pub fn auditor(w: &World) -> String {
    let (cookie, now) = (secrets::token(), w.now());
    w.app
        .store
        .write(|conn| {
            let user = sign_in::add_user(conn, w.practice.id, "audrey@maple.test", "Audrey", Role::Auditor, now)?;
            crate::world::lasting(conn, &cookie, user.id, w.practice.id, now)?;
            Ok::<_, StoreError>(())
        })
        .unwrap();
    cookie
}

service_test!(the_guide_asks_one_question_a_page_and_back_works, async |w: World| {
    let lab = w.vendor_with("Birch Lab", |details| details.ba_status = BaStatus::Undetermined);
    let guide = format!("/vendors/{lab}/decision");
    w.get(&guide).await.is(200).shows("Does it get, see, keep or send information about our patients?");
    w.get(&format!("{guide}?at=phi")).await.is(422).shows("Choose one of the three answers").shows("href=\"#phi\"");
    let third = w.get(&format!("{guide}?phi=yes&at=deidentified&deidentified=no")).await;
    third.is(200).shows("under our direct control").shows(&format!("href=\"{guide}?phi&#x3D;yes\""));
    assert_eq!((third.value_of("phi"), third.value_of("deidentified")), ("yes".to_owned(), "no".to_owned()));
    let end = w.get(&format!("{guide}?phi=yes&deidentified=no&workforce=no&treatment=yes")).await;
    end.is(200).shows("Not one: treats patients with us").shows("(4)(i)").shows("2027-11-22");
    // Nothing is decided by looking.
    assert_eq!(w.see(lab).details.ba_status, BaStatus::Undetermined);
});

service_test!(a_decision_is_kept_with_its_reason_and_what_hangs_on_it_follows, async |w: World| {
    let lab = w.vendor("Birch Lab");
    w.sweep().await;
    let link = w.link();
    let guide = format!("/vendors/{lab}/decision");
    let answers = [("phi", "yes"), ("deidentified", "no"), ("workforce", "no"), ("treatment", "yes")];
    let with = |more: &[(&'static str, &'static str)]| [&answers[..], more].concat();
    w.get(&format!("{guide}?phi=yes&deidentified=no&workforce=no&treatment=yes")).await.shows("It will be closed");
    // What is wrong is named, and what was typed stays.
    let again = w.post(&guide, &with(&[("reason", ""), ("look_again_on", "soonish")])).await;
    again.is(422).shows("soonish").shows("href=\"#look_again_on\"");
    let good = with(&[("reason", "They test <our> samples."), ("look_again_on", "6/1/2027")]);
    w.post(&guide, &good).await.leads_to(&format!("/vendors/{lab}?done=closed"));
    // Pressed twice, decided once.
    w.post(&guide, &good).await.leads_to(&format!("/vendors/{lab}?done=decided"));
    let kept = w.app.store.read(|conn| store::decisions::on_ba(conn, &w.scope, lab)).unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].decided_by.as_str(), kept[0].path.len()), ("Dana Whitfield", 4));
    assert_eq!(w.see(lab).standing.status, Status::NotNeeded);
    w.visit(&link).await.is(410);
    let page = w.get(&format!("/vendors/{lab}")).await;
    page.is(200).shows("They test &lt;our&gt; samples.").shows("Dana Whitfield on Nov 22, 2026").shows("Jun 1, 2027");
    assert!(told(&w, lab).iter().any(|line| line.contains("decided whether Birch Lab is a business associate")));
});

service_test!(a_decision_is_flagged_on_the_day_to_look_again_and_not_before, async |w: World| {
    let studio = w.vendor("Studio");
    let guide = format!("/vendors/{studio}/decision");
    let unsure = [("phi", "not-sure"), ("reason", "Tess asks."), ("look_again_on", "2026-12-10")];
    w.post(&guide, &unsure).await.is(303);
    w.days_pass(17);
    w.sweep().await;
    assert_eq!(w.flags(), Vec::<String>::new());
    w.days_pass(1);
    w.sweep().await;
    assert_eq!(
        w.flags(),
        [
            "Studio: Still not decided whether it is a business associate; that was to be settled by December 10, 2026 (45 CFR 160.103)"
        ]
    );
    w.get("/vendors?flag=decide-again").await.is(200).shows("Studio");
    // Not deciding is treated as yes: it was asked all the same.
    assert_eq!(w.letters().len(), 1);
    let decided = [("phi", "no"), ("reason", "It gets none."), ("look_again_on", "2027-06-01")];
    w.post(&guide, &decided).await.is(303);
    assert_eq!(w.flags(), Vec::<String>::new());
});

service_test!(a_vendor_left_undecided_is_flagged_after_thirty_days, async |w: World| {
    w.vendor_with("Studio", |details| details.ba_status = BaStatus::Undetermined);
    w.days_pass(30);
    w.sweep().await;
    assert!(w.flags().iter().any(|flag| flag.contains("Still not decided")), "{:?}", w.flags());
});

service_test!(a_status_chosen_on_the_form_is_a_decision_without_questions, async |w: World| {
    let shredder = w.vendor("Shredder");
    w.get(&format!("/vendors/{shredder}/edit")).await.shows(&format!("href=\"/vendors/{shredder}/decision\""));
    w.edit(shredder, |details| details.ba_status = BaStatus::NoPhi);
    let kept = w.app.store.read(|conn| store::decisions::on_ba(conn, &w.scope, shredder)).unwrap();
    assert_eq!((kept.len(), kept[0].reason.as_str(), kept[0].path.len()), (1, "Chosen on the form", 0));
    assert_eq!(kept[0].look_again_on, Some("2027-11-22".parse().unwrap()));
});

service_test!(a_tier_is_raised_freely_and_lowered_only_with_a_reason, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let tier = |w: &World| w.see(labcorp).standing.tier;
    assert_eq!(tier(&w), Tier::Two);
    let page = format!("/vendors/{labcorp}/tier");
    w.get(&page).await.is(200).shows("Tier 2, as the rules say");
    w.post(&page, &[("tier", "1"), ("reason", "")]).await.leads_to(&format!("/vendors/{labcorp}?done=tier#risk"));
    assert_eq!(tier(&w), Tier::One);
    w.post(&page, &[("tier", "4"), ("reason", " ")]).await.is(422).shows("href=\"#reason\"");
    assert_eq!(tier(&w), Tier::One);
    w.post(&page, &[("tier", "4"), ("reason", "One <chart> a year")]).await.is(303);
    w.post(&page, &[("tier", "4"), ("reason", "One <chart> a year")]).await.is(303);
    assert_eq!(tier(&w), Tier::Four);
    w.get(&format!("/vendors/{labcorp}"))
        .await
        .shows("Lowered by hand to tier 4 by Dana Whitfield on November 22, 2026.")
        .shows("One &lt;chart&gt; a year")
        .shows("By the rules that makes it tier 2");
    w.get("/vendors?tier=4").await.shows("LabCorp");
    // The questions follow the tier that was set.
    w.sweep().await;
    let asked = w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, labcorp)).unwrap();
    assert_eq!(asked[0].asked.tier, Tier::Four);
    let kept = w.app.store.read(|conn| store::decisions::on_tier(conn, &w.scope, labcorp)).unwrap();
    assert_eq!(kept.len(), 2);
    w.post(&page, &[("tier", "2"), ("reason", "")]).await.is(303);
    assert_eq!(tier(&w), Tier::Two);
    assert!(told(&w, labcorp).iter().any(|line| line.contains("lowered LabCorp to tier 4 by hand")));
    w.post(&page, &[("tier", "9"), ("reason", "")]).await.is(422);
});

service_test!(a_lowered_tier_falls_back_when_the_vendor_comes_to_hold_more, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let page = format!("/vendors/{labcorp}/tier");
    w.post(&page, &[("tier", "4"), ("reason", "Few charts")]).await.is(303);
    w.edit(labcorp, |details| details.exposure.volume = Volume::Under500000);
    assert_eq!(w.see(labcorp).standing.tier, Tier::One.max(w.see(labcorp).details.exposure.inherent().tier));
    assert!(w.flags().iter().any(|flag| flag.contains("Dana Whitfield lowered it to tier 4")), "{:?}", w.flags());
    w.get(&format!("/vendors/{labcorp}")).await.shows("that does not count any more");
    // Decided anew, and the flag is gone.
    w.post(&page, &[("tier", "4"), ("reason", "Still few, and locked")]).await.is(303);
    assert_eq!(w.see(labcorp).standing.tier, Tier::Four);
    assert!(w.flags().iter().all(|flag| !flag.contains("lowered it")), "{:?}", w.flags());
});

service_test!(a_closer_look_asks_at_once_what_was_never_asked, async |w: World| {
    let little = w.vendor_with("Waste", |details| details.exposure.volume = Volume::Under500);
    w.post(&format!("/vendors/{little}/tier"), &[("tier", "4"), ("reason", "Locked bins")]).await.is(303);
    w.sweep().await;
    w.replied(little, &[]);
    w.post(&format!("/vendors/{little}/tier"), &[("tier", "1"), ("reason", "")]).await.is(303);
    assert!(w.flags().iter().any(|flag| flag.contains("Is looked at more closely than when it was asked")));
    assert_eq!(w.sweep().await.asked, 1);
});

service_test!(another_practice_and_an_auditor_decide_nothing, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let (_, otto) = w.other_practice();
    let audrey = auditor(&w);
    let unsure = [("phi", "not-sure"), ("reason", "Mine"), ("look_again_on", "2026-12-10"), ("tier", "1")];
    for page in ["decision", "tier"] {
        let address = format!("/vendors/{labcorp}/{page}");
        w.get_as(&address, &otto).await.is(404).lacks("LabCorp");
        w.post_as(&address, &unsure, STAFF_COOKIE, &otto).await.is(404);
        w.get_as(&address, &audrey).await.is(403);
        w.post_as(&address, &unsure, STAFF_COOKIE, &audrey).await.is(403).shows("Your role does not allow that");
    }
    w.get_as(&format!("/vendors/{labcorp}"), &audrey).await.is(200).lacks("/decision\"").lacks("/tier\"");
    let nothing = w.app.store.read(|conn| store::decisions::on_ba(conn, &w.scope, labcorp)).unwrap();
    assert!(nothing.is_empty() && w.see(labcorp).standing.tier == Tier::Two);
});
