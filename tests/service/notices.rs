//! A vendor tells of a change, by its standing link or beside its questionnaire; the practice
//! reads it.

use actix_web::test::TestRequest;
use duecare::domain::entry::Actor;
use duecare::domain::ids::VendorId;
use duecare::domain::notice::ChangeNotice;
use duecare::domain::user::Role;
use duecare::flows::notify::{self, LinkStep};
use duecare::store;
use duecare::web::session::NOTICE_COOKIE;

use crate::world::{Page, World, service_test};

pub const SIGNER: [(&str, &str); 4] =
    [("name", "Pat Morgan"), ("job_title", "Office manager"), ("email", "pat@vendor.test"), ("authority", "yes")];

/// The vendor's standing link, made by staff.
pub async fn link(w: &World, vendor: VendorId) -> String {
    w.post(&format!("/vendors/{vendor}/notice-link"), &[("action", "make")]).await.is(303);
    shown_link(w, vendor).await
}

async fn shown_link(w: &World, vendor: VendorId) -> String {
    let page = w.get(&format!("/vendors/{vendor}")).await;
    let at = page.text.find("/n/").expect("the page shows the link");
    page.text[at..].split('"').next().unwrap().to_owned()
}

fn cookie_of(page: &Page) -> String {
    page.leads_to("/tell");
    let set = page.cookies.iter().find(|cookie| cookie.starts_with(NOTICE_COOKIE)).expect("Start sets a cookie");
    set[NOTICE_COOKIE.len() + 1..].split(';').next().unwrap().to_owned()
}

pub async fn start(w: &World, link: &str) -> String {
    cookie_of(&w.submit(&format!("{link}/start"), &[]).await)
}

pub async fn see(w: &World, path: &str, cookie: &str) -> Page {
    w.send(TestRequest::get().uri(path), Some((NOTICE_COOKIE, cookie))).await
}

pub async fn fill(w: &World, path: &str, fields: &[(&str, &str)], cookie: &str) -> Page {
    w.post_as(path, fields, NOTICE_COOKIE, cookie).await
}

pub fn told(w: &World, vendor: VendorId) -> Vec<ChangeNotice> {
    w.app.store.read(|conn| store::notices::of_vendor(conn, &w.scope, vendor)).unwrap()
}

/// A whole notice of this kind without the fields of its own.
pub async fn tell(w: &World, link: &str, kind: &str) -> String {
    let cookie = start(w, link).await;
    let kinds = [("kind", kind), ("what", "We move.")];
    fill(w, "/tell/kind-of-change", &kinds, &cookie).await.is(303);
    fill(w, "/tell/when", &[("effective.on", "2026-12-01")], &cookie).await.is(303);
    fill(w, "/tell/sign", &SIGNER, &cookie).await.leads_to("/tell/receipt");
    cookie
}

service_test!(a_vendor_tells_of_a_move_by_its_standing_link, async |w: World| {
    w.settle(&[("reply_to", "office@maple.test"), ("contact_phone", "555 0199")]).await.is(303);
    let labcorp = w.vendor("LabCorp");
    let link = link(&w, labcorp).await;
    w.visit(&link).await.is(200).shows("Maple Family Practice").shows("LabCorp").shows("no patient information");
    let cookie = start(&w, &link).await;
    see(&w, "/tell", &cookie).await.leads_to("/tell/kind-of-change");
    see(&w, "/tell/kind-of-change", &cookie).await.is(200).shows("What kind of change is it?").lacks("Not sure");

    // What is missing is named, and what was typed stays.
    let blank = fill(&w, "/tell/kind-of-change", &[("what", "To a <new> place.")], &cookie).await;
    blank.is(422).shows("There is a problem").shows("To a &lt;new&gt; place.");
    let kinds = [("kind", "hosting.moved"), ("what", "To a <new> place.")];
    fill(&w, "/tell/kind-of-change", &kinds, &cookie).await.leads_to("/tell/move-places");
    let places = [("hosting.to", "Ohio"), ("hosting.provider", "Basalt")];
    fill(&w, "/tell/move-places", &places, &cookie).await.leads_to("/tell/move-days");
    fill(&w, "/tell/move-days", &[], &cookie).await.leads_to("/tell/when");
    // Nothing is sent without what it needs.
    see(&w, "/tell/sign", &cookie).await.leads_to("/tell/when");
    fill(&w, "/tell/sign", &SIGNER, &cookie).await.leads_to("/tell/when");
    let when = fill(&w, "/tell/when", &[("effective.on", "next <week>")], &cookie).await;
    when.is(422).shows("next &lt;week&gt;");
    fill(&w, "/tell/when", &[("effective.on", "12/1/2026")], &cookie).await.leads_to("/tell/touched");
    fill(&w, "/tell/touched", &[("elements", "clinical")], &cookie).await.leads_to("/tell/check");
    see(&w, "/tell/check", &cookie).await.is(200).shows("Ohio").shows("December 1, 2026").shows("Not answered");
    assert_eq!(told(&w, labcorp), []);

    let half = fill(&w, "/tell/sign", &[("name", "Pat Morgan")], &cookie).await;
    half.is(422).shows("Type your job title").shows("Pat Morgan");
    fill(&w, "/tell/sign", &SIGNER, &cookie).await.leads_to("/tell/receipt");
    // Pressed twice is sent once.
    fill(&w, "/tell/sign", &SIGNER, &cookie).await.leads_to("/tell/receipt");
    let notice = told(&w, labcorp).remove(0);
    assert_eq!(duecare::secrets::digest(&notice.signed.snapshot), notice.signed.sha256);
    let receipt = see(&w, "/tell/receipt", &cookie).await;
    receipt.is(200).shows(&notice.signed.reference).shows(&notice.signed.sha256).shows("Basalt");
    assert_eq!(
        w.flags(),
        [
            "LabCorp: Told us on November 22, 2026: the place where the information is kept moves, from December 1, 2026. Check that the new place is allowed, and by when the old copy is destroyed"
        ]
    );
    assert!(w.history().iter().any(|line| line.starts_with("sent the change notice CN-")));

    // The practice hears of it, without a word of what was written.
    w.deliver().await;
    let letter = w.letters().pop().unwrap();
    assert_eq!(letter.to_address, "office@maple.test");
    assert!(letter.text.contains("The place where the information is kept moves") && letter.text.contains("/notices/"));
    assert!(!letter.text.contains("Ohio") && !letter.html.contains("Ohio") && !letter.text.contains("place."));

    let page = w.get(&format!("/notices/{}", notice.id)).await;
    page.is(200).shows(&notice.signed.sha256).shows("Pat Morgan").shows("Ohio").shows("Is any of our patient");
});

service_test!(looking_at_the_link_changes_nothing_and_a_robot_that_starts_sees_nothing, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let link = link(&w, labcorp).await;
    let mine = start(&w, &link).await;
    fill(&w, "/tell/kind-of-change", &[("kind", "use.new"), ("what", "Our secret plan")], &mine).await.is(303);
    for _ in 0..3 {
        assert_eq!(w.visit(&link).await.is(200).cookies, Vec::<String>::new());
        w.send(TestRequest::with_uri(&link).method(actix_web::http::Method::HEAD), None).await.is(200);
    }
    // A gateway presses Start and submits the first form as it is.
    let robot = start(&w, &link).await;
    see(&w, "/tell/kind-of-change", &robot).await.is(200).lacks("Our secret plan");
    fill(&w, "/tell/kind-of-change", &[], &robot).await.is(422);
    see(&w, "/tell/kind-of-change", &mine).await.is(200).shows("Our secret plan");
    assert_eq!(told(&w, labcorp), []);
    assert_eq!(w.flags(), Vec::<String>::new());
    // The same browser goes on with what it began.
    let again = w.post_as(&format!("{link}/start"), &[], NOTICE_COOKIE, &mine).await;
    assert_eq!(cookie_of(&again), mine);
});

service_test!(nothing_has_changed_is_a_notice, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let link = link(&w, labcorp).await;
    let cookie = start(&w, &link).await;
    // The day is asked for as soon as the kind is known.
    let up = fill(&w, "/tell/kind-of-change", &[("kind", "none"), ("what", "")], &cookie).await;
    up.leads_to("/tell/kind-of-change#none.since");
    let both = [("kind", "none"), ("kind", "use.new"), ("none.since", "10/1/2026")];
    fill(&w, "/tell/kind-of-change", &both, &cookie).await.is(422).shows("keep one");
    let quiet = [("kind", "none"), ("none.since", "10/1/2026")];
    fill(&w, "/tell/kind-of-change", &quiet, &cookie).await.leads_to("/tell/check");
    fill(&w, "/tell/sign", &SIGNER, &cookie).await.leads_to("/tell/receipt");
    assert_eq!(w.flags(), Vec::<String>::new());
    let page = w.get(&format!("/vendors/{labcorp}")).await;
    page.shows("nothing has changed since October 1, 2026").shows("Nothing to do");
    // One more, from the receipt.
    let next = fill(&w, "/tell/again", &[], &cookie).await;
    assert_ne!(cookie_of(&next), cookie);
});

service_test!(a_link_that_was_renewed_or_turned_off_stops_at_once, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let old = link(&w, labcorp).await;
    let path = format!("/vendors/{labcorp}/notice-link");
    // Pressing twice makes one.
    w.post(&path, &[("action", "make")]).await.is(303);
    assert_eq!(shown_link(&w, labcorp).await, old);
    let cookie = start(&w, &old).await;
    w.post(&path, &[("action", "renew")]).await.is(303);
    let new = shown_link(&w, labcorp).await;
    assert_ne!(new, old);
    w.visit(&old).await.is(410).shows("turned off");
    w.submit(&format!("{old}/start"), &[]).await.is(410);
    see(&w, "/tell/kind-of-change", &cookie).await.is(410);
    fill(&w, "/tell/kind-of-change", &[("kind", "none")], &cookie).await.is(410);
    w.visit(&new).await.is(200);
    w.post(&path, &[("action", "revoke")]).await.is(303);
    w.visit(&new).await.is(410);
    w.visit("/n/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await.is(404);
    w.visit("/tell/kind-of-change").await.is(404);
    // No table holds a token, and whoever only reads does not see it.
    let third = link(&w, labcorp).await;
    let token = third.trim_start_matches("/n/").to_owned();
    let known = w.app.store.read(|conn| store::notice_links::by_token(conn, &token)).unwrap();
    assert!(known.is_none());
    let auditor = w.colleague(Role::Auditor);
    w.get_as(&format!("/vendors/{labcorp}"), &auditor).await.is(200).lacks(&token);
});

service_test!(a_suspected_incident_starts_its_clocks, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let link = link(&w, labcorp).await;
    let cookie = start(&w, &link).await;
    let kinds = [("kind", "incident.suspected"), ("kind", "contingency.activated"), ("what", "A server was entered.")];
    fill(&w, "/tell/kind-of-change", &kinds, &cookie).await.leads_to("/tell/incident-first-known");
    let future = [("incident.known-on", "2027-03-01")];
    fill(&w, "/tell/incident-first-known", &future, &cookie).await.is(422).shows("future");
    let known = [("incident.known-on", "2026-11-03"), ("incident.known-at", "3:30 pm Central")];
    fill(&w, "/tell/incident-first-known", &known, &cookie).await.leads_to("/tell/incident-extent");
    fill(&w, "/tell/incident-extent", &[("incident.count", "1,200")], &cookie).await.leads_to("/tell/emergency-plan");
    fill(&w, "/tell/emergency-plan", &[("contingency.on", "2026-11-21")], &cookie).await.leads_to("/tell/when");
    fill(&w, "/tell/when", &[("effective.on:state", "unknown")], &cookie).await.is(303);
    see(&w, "/tell/check", &cookie).await.is(200).shows("Call Maple Family Practice now as well");
    fill(&w, "/tell/sign", &SIGNER, &cookie).await.leads_to("/tell/receipt");
    see(&w, "/tell/receipt", &cookie).await.shows("January 2, 2027").shows("164.410(b)");
    let notice = told(&w, labcorp).remove(0);
    let page = w.get(&format!("/notices/{}", notice.id)).await;
    page.is(200)
        .shows("Saturday, January 2, 2027")
        .shows("Thursday, January 21, 2027")
        .shows("Monday, March 1, 2027")
        .shows("Sunday, November 22, 2026")
        .shows("Proposed rule, not in force")
        .shows("Call the vendor");
    assert_eq!(w.flags().len(), 2);
});

service_test!(reading_a_notice_closes_its_flags_and_keeps_who_and_what, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let link = link(&w, labcorp).await;
    tell(&w, &link, "elements.added").await;
    tell(&w, &link, "ownership.changed").await;
    assert_eq!((told(&w, labcorp).len(), w.flags().len()), (2, 2));
    let notice = told(&w, labcorp).remove(0);
    let path = format!("/notices/{}", notice.id);
    w.post(&path, &[("note", " ")]).await.is(422).shows("Say what you did");
    w.post(&path, &[("note", "Had it signed anew <today>.")]).await.is(303);
    w.post(&path, &[("note", "Another note")]).await.is(303);
    let page = w.get(&path).await;
    page.is(200).shows("Had it signed anew &lt;today&gt;.").shows("Dana Whitfield").lacks("Another note");
    page.lacks("What you did about it");
    assert_eq!(w.flags().len(), 1);
    let auditor = w.colleague(Role::Auditor);
    w.get_as(&path, &auditor).await.is(200);
    let other = told(&w, labcorp).remove(1);
    w.get_as(&format!("/notices/{}", other.id), &auditor).await.is(200).lacks("What you did about it");
});

service_test!(a_respondent_tells_beside_the_questionnaire_and_after_signing, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let link = w.link();
    let cookie = w.start_verified(&link).await;
    w.respondent_gets("/respond", &cookie).await.is(200).shows("/respond/notice").lacks("answer these afresh");
    w.respondent_gets("/respond/notice", &cookie).await.is(200).shows("Tell Maple Family Practice about a change");
    let begun = w.respondent_posts("/respond/notice/start", &[], &cookie).await;
    let telling = cookie_of(&begun);
    let kinds = [("kind", "ai.started"), ("what", "A helper that writes notes.")];
    fill(&w, "/tell/kind-of-change", &kinds, &telling).await.is(303);
    fill(&w, "/tell/when", &[("effective.on", "2026-12-01")], &telling).await.is(303);
    fill(&w, "/tell/sign", &SIGNER, &telling).await.leads_to("/tell/receipt");
    // The questions that it bears on are to be answered afresh.
    let page = w.respondent_gets("/respond", &cookie).await;
    page.shows("answer these afresh")
        .shows("#prv.ai")
        .shows("on November 22, 2026 of a change: an artificial-intelligence");
    // Not for a browser that only has the link.
    let other = w.start(&link).await;
    w.respondent_gets("/respond", &other).await.lacks("artificial-intelligence");
    w.replied(labcorp, &[]);
    w.respondent_gets("/respond/receipt", &cookie).await.is(200).shows("/respond/notice");
    w.respondent_gets("/respond/notice", &cookie).await.is(200);
    w.respondent_posts("/respond/notice/start", &[], &cookie).await.leads_to("/tell");
    // A link that was withdrawn takes the notice begun by it along.
    let draft = cookie_of(&w.respondent_posts("/respond/notice/start", &[], &cookie).await);
    w.sql("UPDATE invitations SET revoked_at = '2026-11-22 16:00:00'");
    see(&w, "/tell/kind-of-change", &draft).await.is(410);
});

service_test!(whoever_has_gone_can_still_tell_of_an_incident, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let link = link(&w, labcorp).await;
    w.sql("UPDATE vendors SET life = 'ended', archived_at = '2026-11-22 15:00:00'");
    let cookie = start(&w, &link).await;
    let kinds = [("kind", "incident.suspected"), ("what", "An old copy was found.")];
    fill(&w, "/tell/kind-of-change", &kinds, &cookie).await.is(303);
    fill(&w, "/tell/incident-first-known", &[("incident.known-on:state", "unknown")], &cookie).await.is(303);
    fill(&w, "/tell/sign", &SIGNER, &cookie).await.leads_to("/tell/receipt");
    assert_eq!(w.flags().len(), 1, "{:?}", w.flags());
});

service_test!(hostile_words_in_a_notice_are_shown_harmless, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let link = link(&w, labcorp).await;
    let cookie = start(&w, &link).await;
    let script = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{practice}}";
    let kinds = [("kind", "exclusion.found"), ("what", script)];
    fill(&w, "/tell/kind-of-change", &kinds, &cookie).await.is(303);
    fill(&w, "/tell/kind-of-change", &[("kind", "made.up"), ("what", "x")], &cookie).await.is(422);
    let huge = "x".repeat(5_000);
    fill(&w, "/tell/kind-of-change", &[("kind", "use.new"), ("what", &huge)], &cookie).await.is(422);
    fill(&w, "/tell/no-such-page", &[("what", "x")], &cookie).await.is(404);
    // A page that does not apply is not there.
    fill(&w, "/tell/move-places", &[("hosting.to", "x")], &cookie).await.is(404);
    fill(&w, "/tell/when", &[("effective.on", "2026-12-01")], &cookie).await.is(303);
    see(&w, "/tell/check", &cookie).await.is(200).lacks("<script>alert").lacks("<img");
    let signer = [("name", script), ("job_title", "Manager"), ("email", "pat@vendor.test"), ("authority", "yes")];
    fill(&w, "/tell/sign", &signer, &cookie).await.leads_to("/tell/receipt");
    see(&w, "/tell/receipt", &cookie).await.is(200).lacks("<script>alert").lacks("<img");
    let notice = told(&w, labcorp).remove(0);
    w.get(&format!("/notices/{}", notice.id)).await.is(200).lacks("<script>alert").lacks("<img");
    w.get(&format!("/vendors/{labcorp}")).await.is(200).lacks("<script>alert").lacks("<img");
    // A form without this browser's token is not taken.
    let forged = TestRequest::post().uri("/tell/kind-of-change").set_form([("kind", "none")]);
    w.send(forged, Some((NOTICE_COOKIE, &cookie))).await.is(403);
});

service_test!(a_merged_vendors_link_and_notices_go_along, async |w: World| {
    let (labcorp, double) = (w.vendor("LabCorp"), w.vendor("Lab Corporation"));
    let link = link(&w, double).await;
    tell(&w, &link, "service.ending").await;
    let now = w.now();
    w.app
        .store
        .write(|conn| {
            store::merge::move_rest(conn, &w.scope, double, labcorp, w.today())?;
            notify::link(conn, &w.app.office, &w.practice, labcorp, LinkStep::Make, &Actor::Program, now)
        })
        .unwrap();
    assert_eq!((told(&w, labcorp).len(), told(&w, double).len()), (1, 0));
    w.visit(&link).await.is(200).shows("LabCorp");
});

service_test!(a_notice_says_that_other_answers_are_saved_only_where_there_were_some, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let cookie = start(&w, &link(&w, labcorp).await).await;
    fill(&w, "/tell/kind-of-change", &[], &cookie).await.is(422).shows("Nothing on this page is saved");
    let without_kind = [("what", "We move.")];
    let page = fill(&w, "/tell/kind-of-change", &without_kind, &cookie).await;
    page.is(422).shows("Your other answers on this page are saved").lacks("Nothing on this page");
    fill(&w, "/tell/kind-of-change", &[("kind", "use.new"), ("what", "We move.")], &cookie).await.is(303);
    let page = fill(&w, "/tell/when", &[("effective.on", "soon")], &cookie).await;
    page.is(422).lacks("Your other answers");
});

service_test!(taking_a_kind_of_change_back_warns_before_its_answers_are_set_aside, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let cookie = start(&w, &link(&w, labcorp).await).await;
    let moved = [("kind", "hosting.moved"), ("what", "We move.")];
    fill(&w, "/tell/kind-of-change", &moved, &cookie).await.leads_to("/tell/move-places");
    fill(
        &w,
        "/tell/move-places",
        &[
            ("hosting.from", "Our own rooms"),
            ("hosting.to", "A data center"),
            ("hosting.provider", "Cumulus"),
            ("hosting.region", "Ohio, United States"),
        ],
        &cookie,
    )
    .await
    .is(303);
    let ended = [("kind", "service.ending"), ("what", "We stop.")];
    let warned = fill(&w, "/tell/kind-of-change", &ended, &cookie).await;
    warned.is(409).shows("Saving this sets other answers aside").shows("We stop.");
    see(&w, "/tell/move-places", &cookie).await.shows("Our own rooms");
    let sure = [("kind", "service.ending"), ("what", "We stop."), ("aside", "yes")];
    fill(&w, "/tell/kind-of-change", &sure, &cookie).await.is(303);
    see(&w, "/tell/kind-of-change", &cookie).await.shows("We stop.");
});

service_test!(whoever_told_of_a_breach_gets_a_receipt_that_says_nothing_of_it, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let link = link(&w, labcorp).await;
    let cookie = tell(&w, &link, "ownership.changed").await;
    w.deliver().await;
    let notice = told(&w, labcorp).remove(0);
    let reference = notice.signed.reference.clone();
    let letters = w.letters();
    let receipt = letters.iter().find(|letter| letter.subject.contains(&reference)).expect("a receipt");
    assert_eq!(receipt.to_address, "pat@vendor.test");
    assert!(receipt.text.contains(&notice.signed.sha256) && receipt.text.contains("/tell/receipt"));
    assert!(!receipt.text.contains("We move") && !receipt.text.contains("owner"), "{}", receipt.text);
    see(&w, "/tell/receipt", &cookie).await.shows("p•••@vendor.test").shows("Save as PDF");
    let paper = see(&w, "/tell/receipt.pdf", &cookie).await;
    assert!(paper.is(200).bytes.starts_with(b"%PDF-"));
    assert!(w.history().iter().any(|line| line.contains("as a PDF")));
});

service_test!(the_standing_link_writes_to_no_stranger, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let link = link(&w, labcorp).await;
    let cookie = start(&w, &link).await;
    let since = [("kind", "none"), ("none.since", "2026-11-01")];
    for _ in 0..2 {
        fill(&w, "/tell/kind-of-change", &since, &cookie).await.is(303);
    }
    let signer =
        [("name", "Buy <now>"), ("job_title", "Boss"), ("email", "anyone@elsewhere.test"), ("authority", "yes")];
    fill(&w, "/tell/sign", &signer, &cookie).await.leads_to("/tell/receipt");
    w.deliver().await;
    let letters = w.letters();
    assert!(letters.iter().all(|letter| letter.to_address != "anyone@elsewhere.test"));
    let receipt = letters.iter().find(|letter| letter.subject.contains("CN-")).expect("a receipt");
    assert_eq!(receipt.to_address, "pat@vendor.test");
    assert!(!receipt.text.contains("Buy"), "{}", receipt.text);
});

service_test!(telling_of_an_incident_asks_nothing_that_belongs_to_a_change, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let link = link(&w, labcorp).await;
    let cookie = start(&w, &link).await;
    let page = see(&w, "/tell/kind-of-change", &cookie).await;
    page.shows("<legend><strong>Something went wrong, or may have</strong>").shows("Who handles the information");
    assert_eq!(page.text.matches("name=\"kind\"").count(), 23, "each kind once");
    let kinds = [("kind", "incident.suspected"), ("what", "Faxes went astray.")];
    fill(&w, "/tell/kind-of-change", &kinds, &cookie).await.leads_to("/tell/incident-first-known");
    let known = [("incident.known-on", "11/3/2026"), ("incident.happened-on", "11/2/2026")];
    fill(&w, "/tell/incident-first-known", &known, &cookie).await.leads_to("/tell/incident-extent");
    fill(&w, "/tell/incident-extent", &[("incident.elements", "clinical")], &cookie).await.leads_to("/tell/touched");
    see(&w, "/tell/when", &cookie).await.is(404);
    see(&w, "/tell/touched", &cookie)
        .await
        .lacks("Which patient information is touched?")
        .lacks("Why is the change made?");
    let check = see(&w, "/tell/check", &cookie).await;
    check.shows("On which day did it happen").shows("November 2, 2026").lacks("take effect").lacks("Why is the change");
    fill(&w, "/tell/sign", &SIGNER, &cookie).await.leads_to("/tell/receipt");
});
