//! A named person lives with a gap until a day: the flag leaves, the score stays, and it goes
//! stale by itself.

use duecare::domain::answers::{Grade, Value};
use duecare::domain::exception::Exception;
use duecare::domain::flags::FlagKind;
use duecare::domain::ids::VendorId;
use duecare::domain::life::Life;
use duecare::domain::scoring::Rating;
use duecare::domain::user::Role;
use duecare::store;

use crate::world::{World, service_test};

const STOP: &str = "inc.tell-us";
const OTHER_STOP: &str = "org.baa.signed";

/// LabCorp failed one question.
async fn failed(w: &World, slug: &str) -> VendorId {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    w.replied(labcorp, &[(slug, Value::Grade(Grade::No))]);
    labcorp
}

async fn live_with(w: &World, vendor: VendorId, slug: &str, days: u64) {
    let until = (w.today() + chrono::Days::new(days)).to_string();
    let fields = [("question", slug), ("reason", "They mend it this month"), ("until", until.as_str())];
    w.post(&format!("/vendors/{vendor}/accept"), &fields).await.is(303);
}

fn exceptions(w: &World, vendor: VendorId) -> Vec<Exception> {
    w.app.store.read(|conn| store::exceptions::of_vendor(conn, &w.scope, vendor)).unwrap()
}

fn open(w: &World, kind: FlagKind) -> u32 {
    let shown = store::flags::Shown::Open(w.today());
    w.app.store.read(|conn| store::flags::total(conn, &w.scope, shown, Some(kind))).unwrap()
}

service_test!(a_hard_stop_that_somebody_lives_with_is_no_longer_do_not_share_until_its_day, async |w: World| {
    let labcorp = failed(&w, STOP).await;
    assert_eq!((w.see(labcorp).standing.rating, open(&w, FlagKind::HardStop)), (Rating::DoNotShare, 1));
    let residual = w.see(labcorp).standing.residual;
    live_with(&w, labcorp, STOP, 30).await;
    let standing = w.see(labcorp).standing;
    assert!(standing.rating < Rating::DoNotShare && standing.residual == residual, "{standing:?}");
    assert_eq!((open(&w, FlagKind::HardStop), exceptions(&w, labcorp)[0].rating), (0, Rating::DoNotShare));
    w.get(&format!("/vendors/{labcorp}")).await.shows("id=\"exceptions\"");
    w.days_pass(30);
    w.sweep().await;
    assert_eq!(open(&w, FlagKind::HardStop), 0);
    // The day has passed: everything is as it was, and says so.
    w.days_pass(1);
    w.sweep().await;
    assert_eq!(w.see(labcorp).standing.rating, Rating::DoNotShare);
    assert_eq!((open(&w, FlagKind::HardStop), open(&w, FlagKind::ExceptionStale)), (1, 1));
    w.get("/exceptions").await.shows("No gap is accepted");
    w.get("/exceptions?state=stale").await.shows("1 gap whose acceptance no longer holds").shows("Ran out");
});

service_test!(living_with_a_gap_goes_stale_when_the_rating_moves, async |w: World| {
    let labcorp = failed(&w, "adm.training").await;
    live_with(&w, labcorp, "adm.training", 100).await;
    assert_eq!((open(&w, FlagKind::CriticalFailed), open(&w, FlagKind::ExceptionStale)), (0, 0));
    let before = w.see(labcorp).standing.rating;
    w.days_pass(30);
    // A second critical gap shows in a new reply.
    w.post(&format!("/vendors/{labcorp}/ask"), &[]).await.is(303);
    w.replied(labcorp, &[("adm.training", Value::Grade(Grade::No)), (STOP, Value::Grade(Grade::No))]);
    assert!(w.see(labcorp).standing.rating > before);
    assert_eq!(open(&w, FlagKind::ExceptionStale), 1);
    assert!(w.flags().iter().any(|flag| flag.contains("the rating was")), "{:?}", w.flags());
    // Somebody stands for it anew, for the rating that it has now.
    live_with(&w, labcorp, "adm.training", 100).await;
    assert_eq!((open(&w, FlagKind::ExceptionStale), exceptions(&w, labcorp).len()), (0, 2));
});

service_test!(a_gap_that_is_put_right_needs_nobody_who_lives_with_it, async |w: World| {
    let labcorp = failed(&w, "adm.training").await;
    live_with(&w, labcorp, "adm.training", 20).await;
    w.post(&format!("/vendors/{labcorp}/ask"), &[]).await.is(303);
    w.replied(labcorp, &[]);
    w.days_pass(40);
    w.sweep().await;
    assert_eq!(open(&w, FlagKind::ExceptionStale), 0);
    w.get(&format!("/exceptions/{}", exceptions(&w, labcorp)[0].id)).await.shows("The gap is closed");
});

service_test!(nobody_lives_with_a_gap_without_a_reason_a_day_within_bounds_and_a_gap, async |w: World| {
    let labcorp = failed(&w, STOP).await;
    let at = format!("/vendors/{labcorp}/accept");
    w.get(&format!("{at}?question={STOP}")).await.is(200).shows("Hard stop not met").shows("Do not share");
    let blank = w.post(&at, &[("question", STOP), ("reason", " "), ("until", "yesterday")]).await;
    blank.is(422).shows("Say why you accept it").shows("yesterday");
    let far = (w.today() + chrono::Days::new(91)).to_string();
    let fields = [("question", STOP), ("reason", "For now"), ("until", far.as_str())];
    w.post(&at, &fields).await.is(422).shows("or a day before").shows("For now");
    w.get(&format!("{at}?question=org.officer")).await.leads_to(&format!("/vendors/{labcorp}?done=no-gap"));
    assert_eq!(exceptions(&w, labcorp), []);
});

service_test!(a_gap_that_somebody_lives_with_is_not_accepted_once_more_for_another_day, async |w: World| {
    let labcorp = failed(&w, STOP).await;
    live_with(&w, labcorp, STOP, 30).await;
    let later = (w.today() + chrono::Days::new(60)).to_string();
    let fields = [("question", STOP), ("reason", "Longer"), ("until", later.as_str())];
    let refused = w.post(&format!("/vendors/{labcorp}/accept"), &fields).await;
    refused.is(422).shows("accepted this gap until").shows("end that acceptance first").shows("Longer");
    assert_eq!(exceptions(&w, labcorp).len(), 1);
});

service_test!(a_hard_stop_that_somebody_lives_with_is_named_where_the_rating_shows, async |w: World| {
    let labcorp = failed(&w, STOP).await;
    live_with(&w, labcorp, STOP, 30).await;
    let page = w.get(&format!("/vendors/{labcorp}")).await;
    page.shows("It does not count as a hard stop now.").lacks("grow older");
    let reply = exceptions(&w, labcorp)[0].assessment;
    let card = w.get(&format!("/assessments/{reply}")).await;
    card.shows("the vendor is rated without it until").shows("Accepted until");
    card.lacks(&format!("accept?question={STOP}\""));
    w.get("/vendors").await.shows("hard stop accepted until");
    w.days_pass(31);
    w.sweep().await;
    w.get("/vendors").await.lacks("hard stop accepted until");
});

service_test!(a_hard_stop_is_set_aside_in_the_list_only_when_every_one_is, async |w: World| {
    let labcorp = failed(&w, STOP).await;
    w.days_pass(330);
    w.sweep().await;
    w.replied(labcorp, &[(STOP, Value::Grade(Grade::No)), (OTHER_STOP, Value::Grade(Grade::No))]);
    live_with(&w, labcorp, STOP, 30).await;
    w.get("/vendors").await.lacks("hard stop accepted until");
    live_with(&w, labcorp, OTHER_STOP, 20).await;
    assert!(w.see(labcorp).standing.rating < Rating::DoNotShare);
    let first_day = duecare::domain::civil_date::say_short(w.today() + chrono::Days::new(20));
    w.get("/vendors").await.shows(&format!("hard stop accepted until {first_day}"));
    w.get(&format!("/vendors/{labcorp}")).await.shows("They do not count as hard stops now.");
});

service_test!(what_was_accepted_of_the_last_reply_is_named_on_the_next, async |w: World| {
    let labcorp = failed(&w, STOP).await;
    w.days_pass(300);
    live_with(&w, labcorp, STOP, 80).await;
    w.days_pass(30);
    w.sweep().await;
    w.replied(labcorp, &[(STOP, Value::Grade(Grade::No))]);
    assert!(w.see(labcorp).standing.rating < Rating::DoNotShare);
    let newest = w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, labcorp)).unwrap().remove(0);
    let card = w.get(&format!("/assessments/{}", newest.id)).await;
    card.shows("the vendor is rated without it until").lacks(&format!("accept?question={STOP}\""));
});

service_test!(pressing_twice_keeps_one_and_the_history_names_the_gap_and_the_rating, async |w: World| {
    let labcorp = failed(&w, STOP).await;
    live_with(&w, labcorp, STOP, 30).await;
    live_with(&w, labcorp, STOP, 30).await;
    assert_eq!(exceptions(&w, labcorp).len(), 1);
    let told = w.history();
    assert!(told.iter().any(|line| line.contains("accepted the gap") && line.contains("Do not share")), "{told:?}");
});

service_test!(whoever_ends_it_brings_its_flag_back, async |w: World| {
    let labcorp = failed(&w, STOP).await;
    live_with(&w, labcorp, STOP, 30).await;
    let at = format!("/exceptions/{}", exceptions(&w, labcorp)[0].id);
    w.post(&at, &[("why", "")]).await.is(422).shows("Say why it ends");
    w.post(&at, &[("why", "They do not answer any more")]).await.is(303);
    assert_eq!((w.see(labcorp).standing.rating, open(&w, FlagKind::HardStop)), (Rating::DoNotShare, 1));
    assert_eq!(open(&w, FlagKind::ExceptionStale), 0);
    w.get(&at).await.shows("They do not answer any more").lacks("End the acceptance");
});

service_test!(a_vendor_rated_do_not_share_becomes_active_only_once_somebody_lives_with_it, async |w: World| {
    let labcorp = failed(&w, STOP).await;
    let at = format!("/vendors/{labcorp}/life");
    w.post(&at, &[("to", "suspended"), ("reason", "They tell us nothing")]).await.is(303);
    let refused = w.post(&at, &[("to", "active"), ("reason", "They are nice")]).await;
    refused.is(422).shows("It is rated Do not share").shows("They are nice");
    assert_eq!(w.see(labcorp).place.life, Life::Suspended);
    live_with(&w, labcorp, STOP, 30).await;
    w.post(&at, &[("to", "active"), ("reason", "Until it is mended")]).await.is(303);
    assert_eq!(w.see(labcorp).place.life, Life::Active);
});

service_test!(an_auditor_reads_who_lives_with_what_and_ends_nothing, async |w: World| {
    let labcorp = failed(&w, STOP).await;
    live_with(&w, labcorp, STOP, 30).await;
    let auditor = w.colleague(Role::Auditor);
    let at = format!("/exceptions/{}", exceptions(&w, labcorp)[0].id);
    w.get_as(&at, &auditor).await.is(200).shows("They mend it this month").lacks("End the acceptance");
    w.get_as("/exceptions", &auditor).await.is(200).shows("1 accepted gap");
});
