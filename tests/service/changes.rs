//! What a vendor does differently is a fact of its own: learnt once, told apart by whether the
//! vendor told us, and looked at by a person.

use duecare::domain::answers::Value;
use duecare::domain::changes::{Change, ChangeSource, Telling, Verdict};
use duecare::domain::ids::VendorId;
use duecare::domain::user::Role;
use duecare::store;

use crate::notices::{link, tell};
use crate::world::{World, service_test};

const SIGNER: [(&str, &str); 4] =
    [("name", "Pat Morgan"), ("job_title", "Office manager"), ("email", "pat@vendor.test"), ("authority", "yes")];

fn abroad() -> [(&'static str, Value); 1] {
    [("off.kept", Value::Choice("yes-not-agreed".to_owned()))]
}

/// Two signed years of LabCorp, of which the second says that records are kept abroad.
async fn moved(w: &World) -> VendorId {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    w.replied(labcorp, &[]);
    w.days_pass(340);
    w.sweep().await;
    w.replied(labcorp, &abroad());
    labcorp
}

fn changes(w: &World, vendor: VendorId) -> Vec<Change> {
    w.app.store.read(|conn| store::changes::of_vendor(conn, &w.scope, vendor)).unwrap()
}

fn abroad_of(w: &World, vendor: VendorId) -> Change {
    changes(w, vendor).into_iter().find(|one| one.subject == "off.kept").unwrap()
}

service_test!(a_change_is_learnt_once_however_often_the_vendor_is_judged, async |w: World| {
    let labcorp = moved(&w).await;
    let first = changes(&w, labcorp);
    assert!(first.iter().any(|one| one.subject == "off.kept" && one.telling == Telling::Untold), "{first:?}");
    w.days_pass(3);
    w.sweep().await;
    w.edit(labcorp, |details| details.notes = "Looked at again".to_owned());
    assert_eq!(changes(&w, labcorp), first);
});

service_test!(the_flag_of_a_change_leads_to_its_page_and_closes_when_somebody_has_looked, async |w: World| {
    let labcorp = moved(&w).await;
    let (change, before) = (abroad_of(&w, labcorp), w.flags());
    let flagged = w.app.store.read(|conn| store::flags::of_vendor(conn, &w.scope, labcorp)).unwrap();
    let flag = flagged.iter().find(|one| one.subject == change.id.to_string()).unwrap();
    w.get(&format!("/flags/{}", flag.id)).await.shows(&format!("/changes/{}", change.id));
    let at = format!("/changes/{}", change.id);
    // Nothing chosen: the page says so, and keeps what was typed.
    let refused = w.post(&at, &[("why", "Our lawyer looks at it")]).await;
    refused.is(422).shows("Choose what you make of it").shows("Our lawyer looks at it");
    w.post(&at, &[("verdict", "acceptable"), ("why", " ")]).await.is(422).shows("Say why it is acceptable");
    w.post(&at, &[("verdict", "asked"), ("why", "Rang them up"), ("telling", "untold")]).await.is(303);
    assert_eq!(w.flags().len(), before.len() - 1);
    let kept = abroad_of(&w, labcorp).look.unwrap();
    assert_eq!((kept.verdict, kept.why.as_str()), (Verdict::Asked, "Rang them up"));
    w.get(&at).await.shows("Rang them up").shows("Send the question back to them");
});

service_test!(a_change_that_was_kept_from_us_raises_the_risk_once_a_person_says_so, async |w: World| {
    let labcorp = moved(&w).await;
    let (change, before) = (abroad_of(&w, labcorp), w.see(labcorp).standing.residual);
    let at = format!("/changes/{}", change.id);
    w.post(&at, &[("verdict", "acceptable"), ("why", "Allowed"), ("telling", "otherwise")]).await;
    assert_eq!(w.see(labcorp).standing.residual, before);
    w.post(&at, &[("verdict", "acceptable"), ("why", "Allowed"), ("telling", "confirmed")]).await;
    assert_eq!(w.see(labcorp).standing.residual, before + 1_500);
    // Fifteen points for a year from the day on which it was learnt.
    let until = change.learnt_on.checked_add_months(chrono::Months::new(12)).unwrap();
    assert!(w.see(labcorp).standing.look_on.is_some_and(|on| on <= until));
    w.post(&at, &[("verdict", "acceptable"), ("why", "Allowed"), ("telling", "untold")]).await;
    assert_eq!(w.see(labcorp).standing.residual, before);
});

service_test!(an_answer_that_the_vendor_puts_right_takes_its_change_and_its_flag_back, async |w: World| {
    let labcorp = moved(&w).await;
    let change = abroad_of(&w, labcorp);
    let reply = w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, labcorp)).unwrap()[0].id;
    w.post(&format!("/assessments/{reply}/return"), &[("remark:off.kept", "Since when?")]).await.is(303);
    w.deliver().await;
    let cookie = w.start_verified(&w.link()).await;
    let seen = w.respondent_gets("/respond/abroad", &cookie).await.value_of("seen");
    w.respondent_posts("/respond/abroad", &[("seen", seen.as_str()), ("off.kept", "no")], &cookie).await.is(303);
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
    assert!(changes(&w, labcorp).iter().all(|one| one.subject != "off.kept"));
    assert!(w.flags().iter().all(|flag| !flag.contains("outside the US")), "{:?}", w.flags());
    // It stays for the record, and nobody is asked about it any more.
    let page = w.get(&format!("/changes/{}", change.id)).await;
    page.shows("This was taken back on").lacks("What do you make of it?");
    w.get("/changes?state=all").await.lacks(&change.id.to_string());
});

service_test!(every_list_of_changes_has_as_many_rows_as_its_number_says, async |w: World| {
    let labcorp = moved(&w).await;
    let all = changes(&w, labcorp);
    w.post(&format!("/changes/{}", abroad_of(&w, labcorp).id), &[("verdict", "act-on"), ("why", "They move it back")])
        .await;
    for (state, rows) in [("look", all.len() - 1), ("in-hand", 1), ("settled", 0), ("all", all.len())] {
        for narrowed in ["", &format!("&vendor={labcorp}")] {
            let page = w.get(&format!("/changes?state={state}{narrowed}")).await.text;
            assert_eq!(page.matches("<th scope=\"row\">").count(), rows, "{state}{narrowed}");
        }
    }
    w.get("/changes?state=settled").await.shows("Nothing settled yet");
    w.get("/changes?state=all&told=told").await.shows("None of these fits");
});

service_test!(the_view_over_time_tells_what_changed_chapter_by_chapter, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let at = format!("/vendors/{labcorp}/changes");
    w.get(&at).await.shows("Changes show from the second signed reply on");
    w.sweep().await;
    w.replied(labcorp, &[]);
    w.days_pass(340);
    w.sweep().await;
    w.replied(labcorp, &abroad());
    let page = w.get(&at).await;
    page.shows("Where information is kept and seen").shows("Stores records outside the US");
    page.shows("No notice told us").shows("Nothing changed in: ");
});

service_test!(a_change_notice_tells_of_the_change_and_whoever_reads_it_has_looked, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    w.replied(labcorp, &[]);
    w.days_pass(300);
    tell(&w, &link(&w, labcorp).await, "hosting.moved").await;
    let notice = w.app.store.read(|conn| store::notices::of_vendor(conn, &w.scope, labcorp)).unwrap()[0].id;
    let told = changes(&w, labcorp);
    let of_notice = told.iter().find(|one| one.source == ChangeSource::Notice).unwrap();
    assert!(of_notice.is_to_look_at());
    w.get(&format!("/changes/{}", of_notice.id)).await.shows(&format!("/notices/{notice}"));
    w.post(&format!("/notices/{notice}"), &[("note", "Read it")]).await.is(303);
    let read = changes(&w, labcorp).into_iter().find(|one| one.id == of_notice.id).unwrap();
    assert_eq!(read.look.map(|look| look.why), Some("Read it".to_owned()));
    // The next reply says the same, and the vendor had told us.
    w.days_pass(40);
    w.sweep().await;
    w.replied(labcorp, &abroad());
    let answered = abroad_of(&w, labcorp);
    assert_eq!(answered.telling, Telling::Told);
    assert!(!answered.told_by.is_empty() && !answered.sentence().contains("no notice"));
    // Nobody can say of it that the vendor kept it to itself.
    let said = [("verdict", "seen"), ("why", ""), ("telling", "confirmed")];
    w.post(&format!("/changes/{}", answered.id), &said).await.is(303);
    assert_eq!(abroad_of(&w, labcorp).telling, Telling::Told);
});

service_test!(an_auditor_reads_a_change_and_says_nothing_of_it, async |w: World| {
    let labcorp = moved(&w).await;
    let at = format!("/changes/{}", abroad_of(&w, labcorp).id);
    let auditor = w.colleague(Role::Auditor);
    w.get_as(&at, &auditor).await.is(200).shows("Stores records outside the US").lacks("What do you make of it?");
});
