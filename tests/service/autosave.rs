//! A page of answers that saves itself while it is filled in.

use chrono::TimeDelta;
use duecare::store;
use serde_json::Value;

use crate::world::{Page, World, service_test};

const PAGE: &str = "/respond/self-check";

/// What the script sends: the page as it stands, with the marks of what it showed.
async fn auto(w: &World, seen: &str, fields: &[(&str, &str)], cookie: &str) -> Page {
    let mut sent = vec![("action", "auto"), ("seen", seen)];
    sent.extend_from_slice(fields);
    w.respondent_posts(PAGE, &sent, cookie).await
}

/// The new marks, and how many answers were not saved.
fn told(page: &Page) -> (String, u64) {
    let told: Value = serde_json::from_str(&page.is(200).text).expect("the script is told in JSON");
    (told["seen"].as_str().unwrap_or_default().to_owned(), told["waiting"].as_u64().unwrap_or(99))
}

async fn begun(w: &World) -> (String, String) {
    w.vendor("LabCorp");
    w.sweep().await;
    let cookie = w.start(&w.link()).await;
    let seen = w.respondent_gets(PAGE, &cookie).await.value_of("seen");
    (cookie, seen)
}

service_test!(an_answer_is_kept_while_the_rest_of_its_page_is_still_blank_or_half_typed, async |w: World| {
    let (cookie, seen) = begun(&w).await;
    let half = [("org.self-check.done", "yes"), ("org.self-check.date", "Octob")];
    let (_, waiting) = told(&auto(&w, &seen, &half, &cookie).await);
    assert_eq!(waiting, 1, "the half-typed date waits");
    let page = w.respondent_gets(PAGE, &cookie).await;
    page.shows("value=\"yes\" checked").lacks("Octob");
});

service_test!(a_page_that_saves_itself_time_and_again_never_quarrels_with_itself, async |w: World| {
    let (cookie, mut seen) = begun(&w).await;
    for done in ["yes", "partial", "no", "yes"] {
        let waiting;
        (seen, waiting) = told(&auto(&w, &seen, &[("org.self-check.done", done)], &cookie).await);
        assert_eq!(waiting, 0, "{done}");
    }
    let whole = [("seen", seen.as_str()), ("org.self-check.done", "partial"), ("org.self-check.date", "2026-10-01")];
    w.respondent_posts(PAGE, &whole, &cookie).await.is(303);
    w.respondent_gets("/respond/check", &cookie).await.shows("October 1, 2026");
});

service_test!(an_afternoon_of_typing_is_a_few_lines_of_the_history, async |w: World| {
    let (cookie, mut seen) = begun(&w).await;
    let lines = || {
        let about = store::entries::About::default();
        let lines = w.app.store.read(|conn| store::entries::list(conn, &w.scope, &about, 100, 0)).unwrap();
        lines.iter().filter(|(line, _)| line.sentence.contains("while typing")).count()
    };
    for done in ["yes", "partial", "no", "yes"] {
        (seen, _) = told(&auto(&w, &seen, &[("org.self-check.done", done)], &cookie).await);
        w.app.clock.advance(TimeDelta::seconds(5));
    }
    assert_eq!(lines(), 1);
    w.app.clock.advance(TimeDelta::hours(1));
    auto(&w, &seen, &[("org.self-check.done", "no")], &cookie).await.is(200);
    assert_eq!(lines(), 2);
});

service_test!(what_another_window_answered_meanwhile_waits_for_the_button, async |w: World| {
    let (cookie, shown) = begun(&w).await;
    told(&auto(&w, &shown, &[("org.self-check.done", "yes")], &cookie).await);
    let other = [("org.self-check.done", "no"), ("org.self-check.date", "2026-10-01")];
    let (_, waiting) = told(&auto(&w, &shown, &other, &cookie).await);
    assert_eq!(waiting, 1, "the other answer to the same question");
    let page = w.respondent_gets(PAGE, &cookie).await;
    page.shows("value=\"yes\" checked").shows("10/1/2026");
    let pressed = [("seen", shown.as_str()), ("org.self-check.done", "no"), ("org.self-check.date", "2026-10-01")];
    w.respondent_posts(PAGE, &pressed, &cookie).await.is(409).shows("since you opened this page");
});

service_test!(a_page_does_not_save_itself_after_the_answers_were_signed, async |w: World| {
    let (cookie, seen) = begun(&w).await;
    w.verify(&cookie).await;
    let signer =
        [("name", "Pat Morgan"), ("job_title", "Office manager"), ("email", "pat@vendor.test"), ("authority", "yes")];
    w.respondent_posts("/respond/sign", &signer, &cookie).await.leads_to("/respond/receipt");
    auto(&w, &seen, &[("org.self-check.done", "yes")], &cookie).await.is(409).shows("already signed");
    w.respondent_gets("/respond/receipt", &cookie).await.lacks("Yes, all of it");
});

service_test!(what_somebody_else_answered_is_never_taken_for_what_this_window_showed, async |w: World| {
    let (cookie, shown) = begun(&w).await;
    told(&auto(&w, &shown, &[("org.self-check.done", "yes")], &cookie).await);
    // Another window, which still shows a blank there, saves itself twice.
    let (seen, _) = told(&auto(&w, &shown, &[("org.self-check.date", "2026-10-01")], &cookie).await);
    told(&auto(&w, &seen, &[("org.self-check.date", "2026-10-02")], &cookie).await);
    w.respondent_gets(PAGE, &cookie).await.shows("value=\"yes\" checked").shows("10/2/2026");
    // Nor by a press after a quarrel about the other question.
    told(&auto(&w, &shown, &[("org.self-check.done", "partial")], &cookie).await);
    let stale = [("seen", shown.as_str()), ("org.self-check.date", "2026-10-05")];
    let quarrel = w.respondent_posts(PAGE, &stale, &cookie).await;
    let again = quarrel.is(409).value_of("seen");
    let pressed = [("seen", again.as_str()), ("org.self-check.date", "2026-10-05")];
    w.respondent_posts(PAGE, &pressed, &cookie).await.is(303);
    w.respondent_gets(PAGE, &cookie).await.shows("value=\"yes\" checked").shows("10/5/2026");
});

service_test!(a_link_alone_learns_no_mark_and_wipes_nothing, async |w: World| {
    let (cookie, shown) = begun(&w).await;
    told(&auto(&w, &shown, &[("org.self-check.done", "yes")], &cookie).await);
    let stranger = w.start(&w.link()).await;
    let (seen, waiting) = told(&auto(&w, "org.self-check.done:-", &[], &stranger).await);
    assert_eq!(seen, "org.self-check.done:-");
    assert!(waiting > 0);
    told(&auto(&w, &seen, &[("org.self-check.done", "no")], &stranger).await);
    w.respondent_gets(PAGE, &cookie).await.shows("value=\"yes\" checked");
});
