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
    assert!(moved.starts_with("LabCorp: ") && moved.contains(" in 2027, ") && moved.ends_with(" in 2026"), "{moved}");
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
    let open = w
        .app
        .store
        .read(|conn| store::flags::total(conn, &w.scope, store::flags::Shown::Open, Some(FlagKind::HardStop)));
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
