//! A flag is raised once, closes by itself, and keeps its dates.

use duecare::domain::answers::{Grade, Value};
use duecare::domain::flags::FlagKind;
use duecare::domain::scoring::Rating;
use duecare::store;

use crate::world::{World, service_test};

/// One accepted year, and the letter of the next.
async fn a_year_with(w: &World, name: &str, differences: &[(&str, Value)]) -> duecare::domain::ids::VendorId {
    let vendor = w.vendor(name);
    w.sweep().await;
    w.replied(vendor, differences);
    w.days_pass(340);
    w.sweep().await;
    vendor
}

service_test!(a_vendor_that_moves_records_abroad_is_flagged_in_a_sentence, async |w: World| {
    let labcorp = a_year_with(&w, "LabCorp", &[]).await;
    w.replied(labcorp, &[("off.kept", Value::Choice("yes-not-agreed".to_owned()))]);
    let flags = w.flags();
    let moved = flags.iter().find(|flag| flag.contains("2027, ")).expect("a change is flagged");
    assert!(
        moved.starts_with("LabCorp: ")
            && moved.contains(" in 2027, ")
            && moved.ends_with(" in 2026; no notice told us"),
        "{moved}"
    );
});

service_test!(a_vendor_that_answers_the_same_is_not_flagged_as_changed, async |w: World| {
    let labcorp = a_year_with(&w, "LabCorp", &[]).await;
    // Dates move with the years, a certificate is renewed: what is done stays the same.
    w.replied(labcorp, &[]);
    assert_eq!(w.flags(), Vec::<String>::new());
});

service_test!(a_failed_critical_answer_is_flagged_and_rated_high_at_least, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    w.replied(labcorp, &[("adm.training", Value::Grade(Grade::No))]);
    let flags = w.flags();
    assert!(flags.iter().any(|flag| flag.starts_with("LabCorp: ") && flag.ends_with(": No")), "{flags:?}");
    assert!(w.see(labcorp).standing.rating >= Rating::High);
});

service_test!(a_failed_hard_stop_is_rated_do_not_share, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    w.replied(labcorp, &[("inc.tell-us", Value::Grade(Grade::No))]);
    assert_eq!(w.see(labcorp).standing.rating, Rating::DoNotShare);
    let open = w.app.store.read(|conn| {
        store::flags::total(conn, &w.scope, store::flags::Shown::Open(w.today()), Some(FlagKind::HardStop))
    });
    assert_eq!(open.unwrap(), 1);
});

service_test!(a_flag_is_raised_once_and_closes_by_itself_with_its_dates, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    w.days_pass(30 + 14);
    w.sweep().await;
    assert_eq!(w.flags(), Vec::<String>::new());
    w.days_pass(1);
    w.sweep().await;
    let raised_on = w.today();
    w.days_pass(3);
    w.sweep().await;
    assert_eq!(w.flags(), ["LabCorp: Has not answered the questionnaire that was due on December 22, 2026"]);
    w.replied(labcorp, &[]);
    assert_eq!(w.flags(), Vec::<String>::new());
    let kept = w.app.store.read(|conn| store::flags::of_vendor(conn, &w.scope, labcorp)).unwrap();
    assert_eq!(
        kept.iter().map(|flag| (flag.raised_on, flag.closed_on)).collect::<Vec<_>>(),
        [(raised_on, Some(w.today()))]
    );
});

service_test!(an_agreement_is_flagged_when_missing_ending_and_ended, async |w: World| {
    let labcorp = w.vendor_with("LabCorp", |details| details.agreement_signed_on = None);
    assert_eq!(w.flags(), ["LabCorp: No business associate agreement on record (45 CFR 164.308(b)(3))"]);
    let ends_on = w.today() + chrono::TimeDelta::days(70);
    w.edit(labcorp, |details| {
        details.agreement_signed_on = Some(w.today());
        details.agreement_ends_on = Some(ends_on);
    });
    assert_eq!(w.flags(), Vec::<String>::new());
    w.days_pass(10);
    w.sweep().await;
    assert_eq!(w.flags(), ["LabCorp: The business associate agreement ends on January 31, 2027"]);
    w.days_pass(61);
    w.sweep().await;
    assert!(w.flags().contains(&"LabCorp: The business associate agreement ended on January 31, 2027".to_owned()));
    // A new agreement, and the flag is gone.
    w.edit(labcorp, |details| details.agreement_ends_on = None);
    assert!(w.flags().iter().all(|flag| !flag.contains("agreement")));
});

service_test!(an_assessment_older_than_a_year_is_flagged_and_rated_higher, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    w.replied(labcorp, &[]);
    let fresh = w.see(labcorp).standing.rating;
    w.days_pass(366);
    w.sweep().await;
    assert!(w.flags().iter().any(|flag| flag.contains("is more than a year old")), "{:?}", w.flags());
    assert!(w.see(labcorp).standing.rating > fresh);
    assert!(!w.see(labcorp).standing.assured);
});

/// The one open flag of a vendor that was asked and never answered.
async fn silent(w: &World) -> (duecare::domain::ids::VendorId, String) {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    w.days_pass(45);
    w.sweep().await;
    let all = w.app.store.read(|conn| store::flags::of_vendor(conn, &w.scope, labcorp)).unwrap();
    (labcorp, format!("/flags/{}", all[0].id))
}

service_test!(a_flag_that_somebody_knows_leaves_the_list_until_its_day_and_comes_back, async |w: World| {
    let (labcorp, at) = silent(&w).await;
    assert_eq!(w.flags().len(), 1);
    w.get("/flags").await.shows(&at);
    w.get(&at).await.shows("I know about this").shows("Has not answered");
    let until = w.today() + chrono::TimeDelta::days(10);
    let known = [("say", "known"), ("why", "Called <them>: next week"), ("until", &until.to_string())];
    w.post(&at, &known).await.leads_to(&format!("{at}?done=known"));
    assert_eq!(w.flags(), Vec::<String>::new());
    assert_eq!(
        w.history()[0].split(" until ").next(),
        Some("acknowledged the flag “No reply: Has not answered the questionnaire that was due on December 22, 2026”")
    );
    assert_eq!(w.see(labcorp).standing.open_flags, 0);
    w.get(&at).await.shows("Called &lt;them&gt;").shows("Look at it again now").lacks("I know about this");
    w.get("/flags?state=acknowledged").await.shows(&at);
    w.get(&format!("/vendors/{labcorp}")).await.shows("1 acknowledged flag");
    w.days_pass(10);
    w.sweep().await;
    assert_eq!(w.flags(), Vec::<String>::new(), "the day itself is still quiet");
    w.days_pass(1);
    w.sweep().await;
    assert_eq!((w.flags().len(), w.see(labcorp).standing.open_flags), (1, 1));
});

service_test!(a_flag_can_be_looked_at_again_before_its_day, async |w: World| {
    let (labcorp, at) = silent(&w).await;
    let until = (w.today() + chrono::TimeDelta::days(10)).to_string();
    w.post(&at, &[("say", "known"), ("why", "Known"), ("until", &until)]).await.is(303);
    w.post(&at, &[("say", "again")]).await.leads_to(&format!("{at}?done=again"));
    assert_eq!((w.flags().len(), w.see(labcorp).standing.open_flags), (1, 1));
});

service_test!(a_flag_is_kept_quiet_for_no_longer_than_its_weight_allows, async |w: World| {
    let (_, at) = silent(&w).await;
    for (why, until, says) in [
        ("", "2027-01-01", "Say what you know, or do about it"),
        ("Known", "", "Look again after:"),
        ("Known", "2020-01-01", "Choose a day after today"),
        ("Known", "2030-01-01", "or a day before"),
        ("Known", "31/31/31", "Look again after:"),
    ] {
        let page = w.post(&at, &[("say", "known"), ("why", why), ("until", until)]).await;
        page.is(422).shows(says).shows(&format!("value=\"{until}\""));
    }
    w.post(&at, &[("say", "settled"), ("settled", "It is fine")]).await.is(422);
    assert_eq!(w.flags().len(), 1, "what still is so is not settled by saying so");
});

service_test!(who_signed_from_elsewhere_is_settled_once_and_asked_again_of_the_next_reply, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let sign = async |w: &World| {
        // What is to be put right comes by letters of its own.
        let asks = |letter: &duecare::mail::Envelope| letter.subject.starts_with("Complete your HIPAA self-check");
        let letter = w.letters().into_iter().rev().find(asks).expect("it was asked");
        let at = letter.text.find("/i/").expect("it has a link");
        let cookie = w.start_verified(letter.text[at..].split_whitespace().next().unwrap()).await;
        let signer = [("name", "Pat"), ("job_title", "Boss"), ("email", "pat@elsewhere.test"), ("authority", "yes")];
        w.respondent_posts("/respond/sign", &signer, &cookie).await.leads_to("/respond/receipt");
    };
    sign(&w).await;
    let elsewhere = |w: &World| {
        let all = w.app.store.read(|conn| store::flags::of_vendor(conn, &w.scope, labcorp)).unwrap();
        all.into_iter().filter(|flag| flag.kind == FlagKind::SignedElsewhere).collect::<Vec<_>>()
    };
    let first = elsewhere(&w).remove(0);
    let at = format!("/flags/{}", first.id);
    w.get(&at).await.shows("Why it is all right");
    w.post(&at, &[("say", "settled"), ("settled", "")]).await.is(422).shows("Say why it is all right");
    w.post(&at, &[("say", "settled"), ("settled", "Their holding company")])
        .await
        .leads_to(&format!("{at}?done=settled"));
    w.get(&at).await.shows("Their holding company").lacks("Settle it");
    w.get("/flags?state=closed").await.shows("settled by");
    w.days_pass(1);
    w.sweep().await;
    assert_eq!(elsewhere(&w).len(), 1, "it stays settled while it is the same");
    // Pressing an old page twice says nothing new.
    let before = w.history().len();
    w.post(&at, &[("say", "settled"), ("settled", "Again")]).await.is(303);
    assert_eq!(w.history().len(), before);
    w.days_pass(340);
    w.sweep().await;
    sign(&w).await;
    let all = elsewhere(&w);
    assert_eq!(all.iter().filter(|flag| flag.closed_on.is_none()).count(), 1, "another signature is another fact");
});

service_test!(a_flag_that_comes_back_says_when_it_was_closed, async |w: World| {
    let labcorp = w.vendor_with("LabCorp", |details| details.contact_email = None);
    let all = |w: &World| w.app.store.read(|conn| store::flags::of_vendor(conn, &w.scope, labcorp)).unwrap();
    let give = |w: &World, email: Option<&str>| {
        w.edit(labcorp, |details| details.contact_email = email.map(str::to_owned));
    };
    assert_eq!(all(&w)[0].kind, FlagKind::NoAddress);
    give(&w, Some("pat@vendor.test"));
    let closed_on = w.today();
    w.days_pass(3);
    give(&w, None);
    let flags = all(&w);
    let open = flags.iter().find(|flag| flag.closed_on.is_none()).unwrap();
    assert_eq!(open.back_from, Some(closed_on));
    w.get(&format!("/flags/{}", open.id)).await.shows("It is back: the same was closed on");
});

service_test!(an_auditor_reads_flags_and_answers_none, async |w: World| {
    let (_, at) = silent(&w).await;
    let auditor = crate::decisions::auditor(&w);
    w.get_as(&at, &auditor).await.is(200).lacks("I know about this");
    let said = [("say", "known"), ("why", "Known"), ("until", "2027-02-01")];
    w.post_as(&at, &said, duecare::web::session::STAFF_COOKIE, &auditor).await.is(403);
    w.get_as("/flags/kinds", &auditor).await.is(200);
    assert_eq!(w.flags().len(), 1);
});

service_test!(every_kind_of_flag_is_on_one_page_with_the_number_that_is_open, async |w: World| {
    silent(&w).await;
    let page = w.get("/flags/kinds").await;
    for kind in FlagKind::ALL {
        page.shows(&format!("kind={kind}").replace('=', "&#x3D;")).shows(kind.rule().looks_for);
    }
    page.shows("1<span class=\"visually-hidden\"> open: No reply");
});
