//! Incidents as records: opened from a notice or by hand, their clocks, the assessment, what was
//! done when, the end, and what they mean for the vendor's standing.

use duecare::domain::ids::{IncidentId, VendorId};
use duecare::domain::incident::{Conclusion, File};
use duecare::domain::user::Role;
use duecare::flows::notify::{self, LinkStep};
use duecare::store;
use duecare::web::session::NOTICE_COOKIE;

use crate::world::{Page, World, service_test};

const SIGNER: [(&str, &str); 4] =
    [("name", "Pat Morgan"), ("job_title", "Office manager"), ("email", "pat@vendor.test"), ("authority", "yes")];

fn of(w: &World, vendor: VendorId) -> Vec<File> {
    w.app.store.read(|conn| store::incidents::of_vendor(conn, &w.scope, vendor)).unwrap()
}

async fn by_hand(w: &World, vendor: VendorId) -> IncidentId {
    let fields = [
        ("learned", "telephone"),
        ("what", "A <laptop> was stolen."),
        ("told_on", "2026-11-22"),
        ("vendor_knew_on", "2026-11-03"),
    ];
    w.post(&format!("/vendors/{vendor}/incidents/new"), &fields).await.is(303);
    of(w, vendor)[0].incident.id
}

/// Everything that the form of what is known has, with these differences.
async fn know(w: &World, id: IncidentId, differences: &[(&str, &str)]) -> Page {
    let mut fields = vec![
        ("what", "A <laptop> was stolen."),
        ("told_on", "2026-11-22"),
        ("vendor_knew_on", "2026-11-03"),
        ("vendor_knew_at", ""),
        ("agency", "undetermined"),
        ("secured", "unsecured"),
        ("residents", ""),
        ("unreachable", ""),
        ("hold", ""),
        ("hold_said_on", ""),
        ("hold_until", ""),
    ];
    for (at, text) in differences {
        match fields.iter_mut().find(|(field, _)| field == at) {
            Some(field) => field.1 = text,
            None => fields.push((at, text)),
        }
    }
    w.post(&format!("/incidents/{id}"), &fields).await
}

async fn assess(w: &World, id: IncidentId, conclusion: &str) -> Page {
    let fields = [
        ("nature", "Names and <dates>."),
        ("recipient", "A thief."),
        ("acquired", "Not known."),
        ("mitigated", "Nothing."),
        ("exclusion", ""),
        ("conclusion", conclusion),
        ("reason", "It had no password."),
    ];
    w.post(&format!("/incidents/{id}/assessment"), &fields).await
}

/// A notice of a suspected incident, by the vendor's standing link.
async fn told(w: &World, vendor: VendorId) -> String {
    w.app
        .store
        .write(|conn| {
            let by = duecare::domain::entry::Actor::Program;
            notify::link(conn, &w.app.office, &w.practice, vendor, LinkStep::Make, &by, w.now())
        })
        .unwrap();
    let page = w.get(&format!("/vendors/{vendor}")).await;
    let at = page.text.find("/n/").expect("the page shows the link");
    let link = page.text[at..].split('"').next().unwrap().to_owned();
    let started = w.submit(&format!("{link}/start"), &[]).await;
    let set = started.cookies.iter().find(|cookie| cookie.starts_with(NOTICE_COOKIE)).unwrap();
    let cookie = set[NOTICE_COOKIE.len() + 1..].split(';').next().unwrap().to_owned();
    let mut page = w
        .post_as("/tell/kind-of-change", &[("kind", "incident.suspected"), ("what", "Lost.")], NOTICE_COOKIE, &cookie)
        .await;
    // Whatever it asks, page by page.
    for _ in 0..12 {
        if page.location == "/tell/check" {
            break;
        }
        let fields = [
            ("effective.on", "2026-11-20"),
            ("effective.already", "yes"),
            ("elements", "clinical"),
            ("incident.known-on", "2026-11-18"),
            ("incident.known-at", "noon"),
            ("incident.elements", "clinical"),
            ("incident.count", "12"),
            ("incident.contained", "yes"),
        ];
        page = w.post_as(&page.location.clone(), &fields, NOTICE_COOKIE, &cookie).await;
        page.is(303);
    }
    w.post_as("/tell/sign", &SIGNER, NOTICE_COOKIE, &cookie).await.leads_to("/tell/receipt");
    let notices = w.app.store.read(|conn| store::notices::of_vendor(conn, &w.scope, vendor)).unwrap();
    format!("/notices/{}", notices[0].id)
}

service_test!(a_notice_of_an_incident_becomes_a_record_by_one_press, async |w: World| {
    let vendor = w.vendor("LabCorp");
    let notice = told(&w, vendor).await;
    w.get(&notice).await.is(200).shows("Open an incident");
    let auditor = w.colleague(Role::Auditor);
    w.get_as(&notice, &auditor).await.is(200).lacks("Open an incident");
    let first = w.post(&format!("{notice}/incident"), &[]).await;
    let again = w.post(&format!("{notice}/incident"), &[]).await;
    assert_eq!((first.status.as_u16(), &first.location), (303, &again.location));
    assert_eq!(of(&w, vendor).len(), 1);
    let known = &of(&w, vendor)[0].incident.known;
    assert_eq!(known.vendor_knew_on.unwrap().to_string(), "2026-11-18");
    assert_eq!((known.vendor_knew_at.as_str(), known.told_on), ("noon", w.today()));
    w.get(&notice).await.shows("It is on record as an incident").lacks("Open an incident");
    let page = w.get(first.location.split('?').next().unwrap()).await;
    page.is(200).shows("January 17, 2027").shows("January 21, 2027 if the vendor is not your agent");
    // Another kind of notice opens none.
    w.post(&format!("/notices/{}/incident", duecare::domain::ids::NoticeId::fresh()), &[]).await.is(404);
});

service_test!(what_came_by_telephone_is_entered_by_hand_and_its_days_follow_what_is_known, async |w: World| {
    let vendor = w.vendor("LabCorp");
    let new = format!("/vendors/{vendor}/incidents/new");
    w.get(&new).await.is(200).shows("Never a patient");
    let wrong = w.post(&new, &[("what", "A <laptop>"), ("told_on", "2027-01-01")]).await;
    wrong.is(422).shows("still to come").shows("A &lt;laptop&gt;");
    let id = by_hand(&w, vendor).await;
    let path = format!("/incidents/{id}");
    let page = w.get(&path).await;
    page.is(200).shows("A &lt;laptop&gt; was stolen.").shows("Saturday, January 2, 2027").shows("January 21, 2027");
    assert!(w.flags().iter().any(|flag| flag.starts_with("LabCorp: An incident told on November 22, 2026 is open")));
    w.get("/incidents").await.shows("1 open incident").shows("A &lt;laptop&gt; was stolen.");
    w.get(&format!("/vendors/{vendor}")).await.shows("We write to the patients by Jan 2, 2027");

    let refused = know(&w, id, &[("residents", "Jane Doe"), ("hold", "written"), ("hold_said_on", "2026-11-10")]).await;
    refused.is(422).shows("does not begin with the two letters").shows("Enter the day that their letter gives");
    know(&w, id, &[("residents", "oh 1,200\nKY 3"), ("agency", "independent"), ("unreachable", "4")]).await.is(303);
    let page = w.get(&path).await;
    page.shows("1203 in all: KY 3, OH 1200").shows("We tell the media of the State").shows("500 patients or more");
    page.lacks("fewer than 500").lacks("January 2, 2027 if").shows("4 without a good address: tell them another way");
    let held = [("residents", "OH 12"), ("hold", "oral"), ("hold_said_on", "2026-11-20"), ("agency", "agent")];
    know(&w, id, &held).await.is(303);
    let page = w.get(&path).await;
    page.shows("Send nothing before the end of December 20, 2026").shows("Monday, March 1, 2027").lacks("the media");
    assert!(
        w.history().iter().any(|line| line.contains("whether it is our agent from “It does not act as our agent”"))
    );
    // Saved twice is written once.
    let lines = w.history().len();
    know(&w, id, &held).await.is(303);
    assert_eq!(w.history().len(), lines);
});

service_test!(a_step_that_is_overdue_is_a_flag_until_it_is_marked_as_done, async |w: World| {
    let vendor = w.vendor("LabCorp");
    let id = by_hand(&w, vendor).await;
    know(&w, id, &[("residents", "OH 12"), ("agency", "agent")]).await.is(303);
    w.days_pass(42);
    w.sweep().await;
    let late = "LabCorp: Of the incident told on November 22, 2026, this was due on January 2, 2027: write to the patients (45 CFR 164.404(b))";
    assert!(w.flags().iter().any(|flag| flag == late), "{:?}", w.flags());
    // A newer one has more time: it stands below, and the overview names what is overdue.
    let newer = w.vendor("Quest");
    let fields =
        [("learned", "telephone"), ("what", "A letter."), ("told_on", "2027-01-02"), ("vendor_knew_on", "2027-01-02")];
    w.post(&format!("/vendors/{newer}/incidents/new"), &fields).await.is(303);
    let list = w.get("/incidents").await.text;
    assert!(list.find(">LabCorp<").unwrap() < list.find(">Quest<").unwrap());
    w.get("/").await.shows("1 incident step is overdue").shows("kind=incident-overdue");
    let step = format!("/incidents/{id}/step");
    w.post(&step, &[("step", "individuals"), ("on", "2027-05-05"), ("note", "By <post>")])
        .await
        .is(422)
        .shows("still to come")
        .shows("By &lt;post&gt;");
    let early = [("step", "individuals"), ("on", "2020-01-02"), ("note", "")];
    w.post(&step, &early).await.is(422).shows("before anybody knew of it");
    w.post(&step, &[("step", "no-such-step"), ("on", "2027-01-02")]).await.is(404);
    let done = [("step", "individuals"), ("on", "2027-01-02"), ("note", "By <post>")];
    for _ in 0..2 {
        w.post(&step, &done).await.leads_to(&format!("/incidents/{id}?done=marked#steps"));
    }
    assert_eq!(of(&w, vendor)[0].marks.len(), 1);
    assert!(!w.flags().iter().any(|flag| flag == late));
    w.get(&format!("/incidents/{id}/print")).await.is(200).shows("By &lt;post&gt;").shows("164.414(b)");
    // Taken back, both words stay.
    w.post(&step, &[("step", "individuals"), ("action", "open")]).await.is(303);
    assert!(w.flags().iter().any(|flag| flag == late));
    assert_eq!(of(&w, vendor)[0].marks.len(), 2);
    w.get(&format!("/incidents/{id}/print")).await.shows("not done after all").shows("done on January 2, 2027");
});

service_test!(assessments_stand_and_a_breach_counts_in_the_score_once_a_person_found_it, async |w: World| {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    w.replied(vendor, &[]);
    let before = w.see(vendor).standing.residual;
    let id = by_hand(&w, vendor).await;
    assert_eq!(w.see(vendor).standing.residual, before, "word alone lowers nobody");
    let path = format!("/incidents/{id}/assessment");
    w.post(&path, &[("conclusion", "low-probability"), ("reason", "So"), ("nature", "Only <this>")])
        .await
        .is(422)
        .shows("weigh all four")
        .shows("Only &lt;this&gt;");
    w.post(&path, &[("conclusion", "excluded"), ("reason", "So")]).await.is(422).shows("Choose the exclusion");
    w.post(&path, &[]).await.is(422).shows("Choose what you conclude").shows("Say why");
    for _ in 0..2 {
        assess(&w, id, "breach").await.is(303);
    }
    assert_eq!(of(&w, vendor)[0].assessments.len(), 1);
    assert_eq!(w.see(vendor).standing.residual, before + 2_000);
    know(&w, id, &[("told_late", "yes")]).await.is(303);
    assert_eq!(w.see(vendor).standing.residual, before + 4_000, "all signals together add 40 at most");
    know(&w, id, &[]).await.is(303);
    assess(&w, id, "low-probability").await.is(303);
    let file = of(&w, vendor).remove(0);
    assert_eq!((file.assessments.len(), file.conclusion()), (2, Some(Conclusion::LowProbability)));
    assert_eq!(w.see(vendor).standing.residual, before);
    w.get(&format!("/incidents/{id}")).await.shows("Version 1, ").shows("Version 2, ").shows("Nobody need be told");
});

service_test!(an_incident_is_closed_with_a_reason_and_never_goes, async |w: World| {
    let vendor = w.vendor("LabCorp");
    let id = by_hand(&w, vendor).await;
    let close = format!("/incidents/{id}/close");
    w.post(&close, &[("outcome", "no-breach"), ("why", "")]).await.is(422).shows("Say in your words");
    w.post(&close, &[("outcome", "no-breach"), ("why", "<Nothing>")])
        .await
        .is(422)
        .shows("until one does, the law takes it for one")
        .shows("&lt;Nothing&gt;");
    assess(&w, id, "low-probability").await.is(303);
    for _ in 0..2 {
        w.post(&close, &[("outcome", "no-breach"), ("why", "<Nothing>")]).await.is(303);
    }
    let closed = of(&w, vendor).remove(0).incident.closed.unwrap();
    assert_eq!((closed.on, closed.reason.as_str()), (w.today(), "<Nothing>"));
    assert!(!w.flags().iter().any(|flag| flag.contains("incident")));
    know(&w, id, &[("residents", "OH 1")]).await.leads_to(&format!("/incidents/{id}?done=is-closed"));
    w.get("/incidents?state=closed").await.shows("1 closed incident");
    w.get(&format!("/incidents/{id}")).await.is(200).shows("&lt;Nothing&gt;").lacks("Close the incident");
    let auditor = w.colleague(Role::Auditor);
    w.get_as(&format!("/incidents/{id}"), &auditor).await.is(200);
    w.get_as(&format!("/incidents/{id}/print"), &auditor).await.is(200).shows("&lt;Nothing&gt;");
    assert!(
        w.history().iter().any(|line| line.starts_with("closed the incident told on November 22, 2026 of LabCorp"))
    );
});

service_test!(incidents_go_with_a_vendor_that_is_merged, async |w: World| {
    let (kept, other) = (w.vendor("LabCorp"), w.vendor("Lab Corp Two"));
    let id = by_hand(&w, other).await;
    w.post(&format!("/vendors/{kept}/merge"), &[("other", &other.to_string())]).await.is(303);
    assert_eq!(of(&w, kept)[0].incident.id, id);
    assert!(w.flags().iter().any(|flag| flag.starts_with("LabCorp: An incident")));
});
