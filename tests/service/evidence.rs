//! A vendor that will never answer is accepted on what is on record.

use duecare::domain::ids::VendorId;
use duecare::domain::scoring::Rating;
use duecare::domain::standing::Status;
use duecare::store;

use crate::world::{World, service_test};

/// A certificate on file that runs out on this day.
fn certificate(w: &World, vendor: VendorId, ends: &str) -> String {
    let id = uuid::Uuid::now_v7();
    w.sql(&format!(
        "INSERT INTO documents VALUES ('{}', '{id}', '{vendor}', 'certificate', 'SOC 2 <Type 2>.pdf', 'application/pdf', 1, 'x', 'nowhere', 'clean', '', '{ends}', 'Dana', '2026-11-20 00:00:00', NULL)",
        w.practice.id
    ));
    format!("document:{id}")
}

service_test!(a_vendor_that_never_answers_is_accepted_on_its_papers_and_gets_no_letters, async |w: World| {
    let cloud = w.vendor("Cumulus Office Cloud");
    w.sweep().await;
    assert_eq!(w.see(cloud).standing.status, Status::Invited);
    let link = w.link();
    let page = format!("/vendors/{cloud}/evidence");
    let paper = certificate(&w, cloud, "2027-06-01");
    w.get(&page)
        .await
        .is(200)
        .shows("SOC 2 &lt;Type 2&gt;.pdf")
        .shows("The agreement in force")
        .shows("will be closed");
    let nothing = w.post(&page, &[("reason", "They <never> answer"), ("until", "12/31/2028")]).await;
    nothing.is(422).shows("at least one question").shows("They &lt;never&gt; answer").shows("12/31/2028");
    let long = [("paper:org.certificates", &*paper), ("reason", "They never answer"), ("until", "2028-12-31")];
    w.post(&page, &long).await.is(422).shows("within a year");
    let good = [
        ("paper:org.certificates", &*paper),
        ("paper:tec.encrypt.stored", &*paper),
        ("paper:org.officer", &*paper),
        ("reason", "They never answer"),
        ("until", "2027-10-31"),
    ];
    w.post(&page, &good).await.is(303);
    w.post(&page, &good).await.is(303);
    let all = w.app.store.read(|conn| store::acceptances::of_vendor(conn, &w.scope, cloud)).unwrap();
    // Pressed twice is one; and a name is nothing that a paper can answer.
    assert_eq!((all.len(), all[0].supports.len()), (1, 2));
    let standing = w.see(cloud).standing;
    assert_eq!((standing.status, standing.next_due_on, standing.accepted_on), (Status::OnEvidence, None, None));
    assert!(!standing.assured && !matches!(standing.rating, Rating::Low | Rating::NotAssessed));
    w.visit(&link).await.is(410);
    w.get(&format!("/vendors/{cloud}")).await.shows("Accepted on evidence").shows("October 31, 2027").lacks("Ask now");
    w.get("/").await.is(200);
    assert!(w.history().iter().any(|line| line.contains("accepted Cumulus Office Cloud on evidence until")));

    // No letter goes out, not even by hand.
    let before = w.letters().len();
    w.days_pass(150);
    w.sweep().await;
    w.post(&format!("/vendors/{cloud}/ask"), &[]).await.leads_to(&format!("/vendors/{cloud}?done=on-evidence"));
    assert_eq!(w.letters().len(), before);
    assert!(!w.flags().iter().any(|flag| flag.contains("questionnaire")), "{:?}", w.flags());
});

service_test!(an_acceptance_lapses_at_its_end_and_is_asked_again, async |w: World| {
    let cloud = w.vendor("Cumulus Office Cloud");
    let paper = certificate(&w, cloud, "2027-02-01");
    let page = format!("/vendors/{cloud}/evidence");
    let good = [("paper:tec.encrypt.stored", &*paper), ("reason", "They never answer"), ("until", "2027-06-30")];
    w.post(&page, &good).await.is(303);
    let residual = w.see(cloud).standing.residual;
    // When the paper has run out, what it supported is unanswered.
    w.days_pass(80);
    w.sweep().await;
    assert_eq!(w.see(cloud).standing.status, Status::OnEvidence);
    assert!(w.see(cloud).standing.residual >= residual);
    w.days_pass(150);
    w.sweep().await;
    w.sweep().await;
    assert_eq!(w.see(cloud).standing.status, Status::Invited);
    assert_eq!(w.letters().len(), 1);
});

service_test!(ending_an_acceptance_makes_it_a_vendor_like_any_other, async |w: World| {
    let cloud = w.vendor("Cumulus Office Cloud");
    let paper = certificate(&w, cloud, "2027-06-01");
    let page = format!("/vendors/{cloud}/evidence");
    let good = [("paper:tec.encrypt.stored", &*paper), ("reason", "They never answer"), ("until", "2027-06-30")];
    w.post(&page, &good).await.is(303);
    w.post(&format!("{page}/end"), &[("why", "They <answer> now")]).await.is(303);
    w.post(&format!("{page}/end"), &[("why", "Twice")]).await.is(303);
    assert_eq!(w.see(cloud).standing.status, Status::NotAsked);
    w.get(&format!("/vendors/{cloud}")).await.shows("They &lt;answer&gt; now").lacks("Twice").shows("Ask now");
    w.sweep().await;
    w.replied(cloud, &[]);
    assert_eq!(w.see(cloud).standing.status, Status::Current);
});
