//! Whoever wants it hears what is new since the last time, worst first; nothing when nothing is new.

use duecare::domain::answers::{Grade, Value};
use duecare::domain::user::Role;

use crate::world::{World, service_test};

fn about_news(w: &World) -> Vec<String> {
    w.letters()
        .iter()
        .filter(|one| one.subject.contains("new flag") || one.subject.contains("repl"))
        .map(|one| one.subject.clone())
        .collect()
}

async fn a_day_later(w: &World) -> u32 {
    w.days_pass(1);
    let digests = w.sweep().await.digests;
    w.deliver().await;
    digests
}

service_test!(nobody_gets_a_digest_who_did_not_ask_for_one, async |w: World| {
    w.vendor_with("LabCorp", |details| details.agreement_signed_on = None);
    assert_eq!((a_day_later(&w).await, about_news(&w).len()), (0, 0));
});

service_test!(whoever_wants_it_hears_the_next_morning_what_is_new_and_nothing_twice, async |w: World| {
    w.get("/account").await.shows("A letter about what is new");
    w.post("/account/digest", &[("often", "daily")]).await.leads_to("/account?done=often");
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    w.replied(labcorp, &[("adm.training", Value::Grade(Grade::No))]);
    assert_eq!(w.sweep().await.digests, 0, "the day is not over");
    assert_eq!(a_day_later(&w).await, 1);
    let letter = w.letters().into_iter().find(|one| one.subject.contains("new flag")).expect("a digest");
    assert!(letter.subject.contains("1 reply"), "{}", letter.subject);
    // The vendor and what kind of thing it is; what was answered stays behind the sign-in.
    assert!(letter.text.contains("LabCorp") && letter.text.contains("/flags/") && letter.text.contains("/review"));
    assert!(!letter.text.contains("Trains every worker"), "{}", letter.text);
    // The same morning again, and a day on which nothing was new.
    assert_eq!(w.sweep().await.digests, 0);
    assert_eq!((a_day_later(&w).await, about_news(&w).len()), (0, 1));
});

service_test!(a_weekly_digest_tells_of_seven_days_and_each_reader_has_a_rhythm_of_their_own, async |w: World| {
    let lead = w.colleague(Role::ComplianceLead);
    w.post("/account/digest", &[("often", "weekly")]).await.is(303);
    w.post_as("/account/digest", &[("often", "daily")], duecare::web::session::STAFF_COOKIE, &lead).await.is(303);
    w.vendor_with("LabCorp", |details| details.agreement_signed_on = None);
    assert_eq!(a_day_later(&w).await, 1, "the daily one");
    w.days_pass(6);
    assert_eq!(w.sweep().await.digests, 1, "the weekly one");
    assert_eq!(w.sweep().await.digests, 0);
});

service_test!(after_a_year_off_one_digest_comes_and_not_one_for_each_day, async |w: World| {
    w.post("/account/digest", &[("often", "daily")]).await.is(303);
    w.vendor_with("LabCorp", |details| details.agreement_signed_on = None);
    w.days_pass(400);
    assert_eq!(w.sweep().await.digests, 1);
});

service_test!(whoever_wants_no_more_hears_nothing_and_one_who_begins_anew_hears_no_old_news, async |w: World| {
    w.post("/account/digest", &[("often", "daily")]).await.is(303);
    w.vendor_with("LabCorp", |details| details.agreement_signed_on = None);
    w.post("/account/digest", &[("often", "none")]).await.is(303);
    assert_eq!(a_day_later(&w).await, 0);
    w.days_pass(3);
    w.post("/account/digest", &[("often", "daily")]).await.is(303);
    assert_eq!(a_day_later(&w).await, 0);
    assert!(w.history().iter().any(|line| line.contains("chose how often they hear what is new: every day")));
});
