//! The yearly verification letter of a rule that is proposed: optional, kept, and bearing on
//! nothing.

use actix_web::test::TestRequest;
use duecare::domain::document::DocumentKind;
use duecare::domain::ids::VendorId;
use duecare::secrets;
use duecare::store;
use duecare::web::session::RESPONDENT_COOKIE;

use crate::documents::samples::pdf;
use crate::world::{Page, World, service_test};

const PAGE: &str = "/respond/verification";

async fn send(w: &World, cookie: &str, signed_on: &str, file: Option<(&str, &[u8])>) -> Page {
    let token = w.app.office.key.form_token(&secrets::digest(cookie));
    let mut body = Vec::new();
    for (field, text) in [("csrf", token.as_str()), ("signed_on", signed_on)] {
        let head = format!("--b0\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{text}\r\n");
        body.extend_from_slice(head.as_bytes());
    }
    if let Some((name, bytes)) = file {
        let head = format!("--b0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b0--\r\n");
    let request = TestRequest::post()
        .uri(PAGE)
        .insert_header(("Content-Type", "multipart/form-data; boundary=b0"))
        .set_payload(body);
    w.send(request, Some((RESPONDENT_COOKIE, cookie))).await
}

async fn answering(w: &World) -> (VendorId, String) {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    (vendor, w.start_verified(&w.link()).await)
}

service_test!(a_signed_letter_is_kept_for_a_year_and_bears_on_no_standing, async |w: World| {
    let (vendor, cookie) = answering(&w).await;
    w.respondent_gets("/respond/sign", &cookie).await.shows("proposed, not in force").shows(PAGE);
    let page = w.respondent_gets(PAGE, &cookie).await;
    page.is(200).shows("Proposed rule, not in force").shows("You do not have to send this").shows("164.312(e)");
    let before = w.flags();
    for _ in 0..2 {
        send(&w, &cookie, "2026-11-20", Some(("Letter.pdf", &pdf()))).await.leads_to("/respond/verification#letters");
    }
    w.respondent_gets(PAGE, &cookie).await.shows("Letter.pdf, serves until November 20, 2027");
    let kept = w.app.store.read(|conn| store::documents::of_vendor(conn, &w.scope, vendor)).unwrap();
    assert_eq!(kept.len(), 1, "twice is once");
    assert_eq!((kept[0].kind, kept[0].ends_on), (DocumentKind::Verification, "2027-11-20".parse().ok()));
    w.get(&format!("/vendors/{vendor}/documents")).await.shows("Yearly verification (proposed rule)");
    w.days_pass(400);
    w.sweep().await;
    assert!(!w.flags().iter().any(|flag| flag.contains("Letter.pdf")), "a proposed rule lapses nothing");
    assert!(before.iter().all(|flag| !flag.contains("Letter.pdf")));
});

service_test!(what_is_wrong_with_a_letter_is_said_by_field, async |w: World| {
    let (_, cookie) = answering(&w).await;
    send(&w, &cookie, "", None)
        .await
        .is(422)
        .shows("Enter the day on which it was signed")
        .shows("Choose a file first");
    let late = send(&w, &cookie, "2027-01-01", Some(("Letter.pdf", &pdf()))).await;
    late.is(422).shows("still to come").shows("Choose the file again").shows("value=\"2027-01-01\"");
    let spoiled = send(&w, &cookie, "2026-11-20", Some(("Letter.pdf", b"MZ not a letter"))).await;
    spoiled.is(422).shows("There is a problem").shows("value=\"2026-11-20\"");
    w.respondent_gets(PAGE, &cookie).await.lacks("On file at");
});

service_test!(a_practice_that_leaves_the_proposed_rule_out_takes_no_letter, async |mut w: World| {
    w.settle(&[("nprm", "off")]).await.is(303);
    w.practice = w.known();
    let (_, cookie) = answering(&w).await;
    w.respondent_gets("/respond/sign", &cookie).await.is(200).lacks(PAGE);
    w.respondent_gets(PAGE, &cookie).await.is(404);
    send(&w, &cookie, "2026-11-20", Some(("Letter.pdf", &pdf()))).await.is(404);
});

service_test!(the_letter_page_is_for_whoever_has_shown_the_mailbox, async |w: World| {
    w.vendor("LabCorp");
    w.sweep().await;
    let cookie = w.start(&w.link()).await;
    w.respondent_gets(PAGE, &cookie).await.leads_to("/respond/code?next=verification");
    send(&w, &cookie, "2026-11-20", Some(("Letter.pdf", &pdf()))).await.leads_to("/respond/code?next=verification");
    w.verify(&cookie).await;
    w.respondent_gets("/respond/code?next=verification", &cookie).await.leads_to(PAGE);
});
