//! What is taken away as a PDF: all questions without an answer, and the signed copy for whoever
//! may see it.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use duecare::domain::assessment::Attestation;
use duecare::domain::ids::{AssessmentId, VendorId};
use duecare::domain::standing::Status;
use duecare::store;

use crate::decisions::auditor;
use crate::world::{Page, World, service_test};

const SIGNER: [(&str, &str); 4] =
    [("name", "Łukasz Żółć"), ("job_title", "Office manager"), ("email", "pat@vendor.test"), ("authority", "yes")];
const PAGE: &str = "/respond/self-check";
const SAVED: [(&str, &str); 2] = [("org.self-check.done", "yes"), ("org.self-check.date", "2026-10-01")];

/// A reply that was signed in one browser.
async fn signed(w: &World) -> (VendorId, AssessmentId, String) {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    let cookie = w.start_verified(&w.link()).await;
    w.respondent_posts(PAGE, &SAVED, &cookie).await.is(303);
    w.respondent_gets("/respond/receipt.pdf", &cookie).await.leads_to("/respond");
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
    let id = w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, vendor)).unwrap()[0].id;
    (vendor, id, cookie)
}

fn attestation(w: &World, id: AssessmentId) -> Attestation {
    w.app.store.read(|conn| store::assessments::attestation(conn, &w.scope, id)).unwrap().unwrap()
}

fn holds(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|part| part == words.as_bytes())
}

/// The bytes of a PDF that came as a file to save.
fn file<'a>(page: &'a Page, name: &str) -> &'a [u8] {
    page.is(200);
    let header = |name: &str| {
        let found = page.headers.iter().find(|(one, _)| one == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    assert_eq!(header("content-type"), "application/pdf");
    assert_eq!(header("content-disposition"), format!("attachment; filename=\"{name}\""));
    assert_eq!((header("x-content-type-options"), header("cache-control")), ("nosniff", "no-store"));
    assert!(page.bytes.starts_with(b"%PDF-1.7") && holds(&page.bytes, "pdfuaid:part"));
    &page.bytes
}

service_test!(all_questions_are_taken_as_a_pdf_before_starting_and_while_answering, async |w: World| {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    let link = w.link();
    w.visit(&format!("{link}/questions")).await.is(200).shows(&format!("{link}/questions.pdf"));
    let blank = w.visit(&format!("{link}/questions.pdf")).await;
    let name = "self-check-2026-questions.pdf";
    let bytes = file(&blank, name);
    assert!(!holds(bytes, link.rsplit('/').next().unwrap()), "whoever finds the paper opens nothing");
    let head = TestRequest::with_uri(&format!("{link}/questions.pdf")).method(Method::HEAD);
    w.send(head, None).await.is(200);
    assert_eq!(w.see(vendor).standing.status, Status::Invited, "reading is not starting");
    w.visit("/i/nobody-knows-this/questions.pdf").await.is(404);
    w.visit("/respond/questions.pdf").await.is(404);

    let cookie = w.start_verified(&link).await;
    w.respondent_posts(PAGE, &SAVED, &cookie).await.is(303);
    w.respondent_gets("/respond/questions", &cookie).await.shows("/respond/questions.pdf");
    // The same paper: no answer gets into it.
    assert_eq!(file(&w.respondent_gets("/respond/questions.pdf", &cookie).await, name), bytes);
    let other = w.start(&link).await;
    assert_eq!(file(&w.respondent_gets("/respond/questions.pdf", &other).await, name), bytes);
});

service_test!(the_signed_copy_is_a_pdf_with_the_fingerprint_for_those_who_may_see_it, async |w: World| {
    let (_, id, cookie) = signed(&w).await;
    let copy = attestation(&w, id);
    w.respondent_gets("/respond/receipt", &cookie).await.shows("/respond/receipt.pdf");
    let name = format!("self-check-{}.pdf", copy.reference);
    let taken = w.respondent_gets("/respond/receipt.pdf", &cookie).await;
    let bytes = file(&taken, &name);
    assert!(holds(bytes, &copy.sha256) && holds(bytes, &copy.reference));
    assert_eq!(w.history()[0], format!("took the signed copy {} away as a PDF", copy.reference));
    w.days_pass(7);
    assert_eq!(
        file(&w.respondent_gets("/respond/receipt.pdf", &cookie).await, &name),
        bytes,
        "the same file each time"
    );

    // The link alone shows nothing that was answered.
    let letter = w.letters().into_iter().find(|one| one.text.contains("/i/")).expect("it was asked");
    let at = letter.text.find("/i/").expect("it has a link");
    let link = letter.text[at..].split_whitespace().next().unwrap();
    let other = w.start_leads_to(link, "/respond/receipt").await;
    w.respondent_gets("/respond/receipt.pdf", &other).await.leads_to("/respond/code?next=");
    w.visit("/respond/receipt.pdf").await.is(404);

    let at = format!("/assessments/{id}/signed.pdf");
    w.get(&format!("/assessments/{id}")).await.shows(&at);
    assert_eq!(file(&w.get(&at).await, &name), bytes, "both sides file the same");
    let (before, head) = (w.history().len(), TestRequest::with_uri(&at).method(Method::HEAD));
    w.send(head, Some((duecare::web::session::STAFF_COOKIE, w.cookie()))).await.is(200);
    assert_eq!(w.history().len(), before, "a look at the head takes nothing");
    w.get_as(&at, &auditor(&w)).await.is(200);
    w.get_as(&at, &w.other_practice().1).await.is(404);
    w.visit(&at).await.is(303);
    for none in ["?version=2", "?version=0", "?version=x"] {
        w.get(&format!("{at}{none}")).await.is(404);
    }

    w.days_pass(60);
    w.respondent_gets("/respond/receipt.pdf", &cookie).await.is(410).lacks(&copy.sha256);
    w.get(&at).await.is(200);
});

service_test!(each_version_of_a_corrected_reply_keeps_its_own_pdf, async |w: World| {
    let (_, id, cookie) = signed(&w).await;
    let at = format!("/assessments/{id}/signed.pdf");
    let first = w.get(&at).await.bytes;
    w.respondent_posts("/respond/correct", &[("reason", "The date was wrong.")], &cookie).await.leads_to("/respond");
    w.respondent_gets("/respond/receipt.pdf", &cookie).await.leads_to("/respond");
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
    let second = w.respondent_gets("/respond/receipt.pdf", &cookie).await.bytes;
    assert!(holds(&second, &attestation(&w, id).sha256));
    w.get(&format!("/assessments/{id}")).await.shows("signed.pdf?version&#x3D;1");
    assert!(w.get(&format!("{at}?version=1")).await.bytes == first, "what was signed first stays as it was");
    assert!(w.get(&format!("{at}?version=2")).await.bytes == second);
});

service_test!(the_mailed_receipt_carries_a_pdf_without_answers_and_the_outbox_keeps_none, async |w: World| {
    let (_, id, _) = signed(&w).await;
    let copy = attestation(&w, id);
    w.deliver().await;
    let (with, without): (Vec<_>, Vec<_>) = w.letters().into_iter().partition(|letter| letter.attachment.is_some());
    assert_eq!((with.len(), without.is_empty()), (1, false), "the receipt alone");
    let file = with[0].attachment.as_ref().unwrap();
    assert!(with[0].text.contains(&copy.sha256) && with[0].text.contains("PDF with it is your receipt"));
    assert_eq!((file.name.as_str(), file.media_type), ("self-check-receipt.pdf", "application/pdf"));
    assert!(file.bytes.starts_with(b"%PDF-") && holds(&file.bytes, &copy.sha256));
    let whole = w.get(&format!("/assessments/{id}/signed.pdf")).await.bytes;
    assert!(file.bytes.len() < whole.len(), "the answers are behind the link and the code");
    let kept =
        w.app.store.read(|conn| store::letters::by_once(conn, &w.scope, &format!("receipt:{id}"))).unwrap().unwrap();
    assert!(!kept.text.contains("%PDF") && !kept.html.contains("%PDF"));
});

service_test!(a_receipt_leaves_even_where_its_pdf_cannot_be_made, async |w: World| {
    let (_, id, _) = signed(&w).await;
    w.sql(&format!("UPDATE attestations SET snapshot = 'not json' WHERE assessment_id = '{id}'"));
    w.deliver().await;
    let receipt = w.letters().into_iter().find(|letter| letter.subject.contains("receipt")).expect("it was sent");
    assert_eq!(receipt.attachment, None);
});
