//! Files that go along with a change notice: this browser's alone until it is signed, documents of
//! the vendor from then on.

use chrono::TimeDelta;
use duecare::domain::document::{Document, DocumentKind};
use duecare::domain::ids::VendorId;
use duecare::domain::notice::enclosed::MOST_FILES;
use duecare::flows::{documents, notify};
use duecare::secrets;
use duecare::store;
use duecare::web::session::NOTICE_COOKIE;

use crate::documents::samples::pdf;
use crate::documents::stored;
use crate::notices::{SIGNER, fill, link, see, start, told};
use crate::supporting::multipart;
use crate::world::{Page, World, service_test};

const FILES: &str = "/tell/files";
const CERTIFICATE: &[(&str, &str)] = &[("kind", "certificate"), ("ends_on", "2027-03-01")];
const LIST: &[(&str, &str)] = &[("kind", "other"), ("ends_on", "")];

async fn send(w: &World, cookie: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Page {
    let token = w.app.office.key.form_token(&secrets::form_subject(cookie));
    w.send(multipart(FILES, &token, fields, files), Some((NOTICE_COOKIE, cookie))).await
}

fn on_file(w: &World, vendor: VendorId) -> Vec<Document> {
    w.app.store.read(|conn| store::documents::of_vendor(conn, &w.scope, vendor)).unwrap()
}

/// A notice that lacks nothing but its signature.
async fn written(w: &World, link: &str) -> String {
    let cookie = start(w, link).await;
    let kinds = [("kind", "ownership.changed"), ("what", "We are bought.")];
    fill(w, "/tell/kind-of-change", &kinds, &cookie).await.is(303);
    fill(w, "/tell/when", &[("effective.on", "2026-12-01")], &cookie).await.is(303);
    cookie
}

service_test!(a_file_of_a_notice_is_a_document_of_the_vendor_from_the_signature_on, async |w: World| {
    w.settle(&[("reply_to", "office@maple.test")]).await.is(303);
    let labcorp = w.vendor("LabCorp");
    let cookie = written(&w, &link(&w, labcorp).await).await;
    see(&w, "/tell/check", &cookie).await.is(200).shows("href=\"/tell/files\"").shows("Add files");
    see(&w, FILES, &cookie).await.is(200).shows("None yet").shows("no patient information").shows("up to 20 MB");
    send(&w, &cookie, CERTIFICATE, &[("SOC 2.pdf", &pdf())]).await.leads_to("/tell/files?done=notice-files");
    send(&w, &cookie, LIST, &[("Companies.txt", b"Basalt, Ohio")]).await.is(303);
    let page = see(&w, "/tell/files?done=notice-files", &cookie).await;
    page.shows("SOC 2.pdf, certificate, until March 1, 2027").shows("Companies.txt, ").shows("before you sign");
    see(&w, "/tell/check", &cookie).await.shows("SOC 2.pdf, certificate").shows("Add or take off files");
    // Nobody but this browser knows of them.
    assert_eq!(on_file(&w, labcorp), []);
    w.get(&format!("/vendors/{labcorp}/documents")).await.lacks("SOC 2.pdf");
    assert!(w.history().iter().all(|line| !line.contains("SOC 2") && !line.contains("Companies")));

    fill(&w, "/tell/sign", &SIGNER, &cookie).await.leads_to("/tell/receipt");
    let mut filed = on_file(&w, labcorp);
    filed.sort_by(|one, other| one.name.cmp(&other.name));
    let names: Vec<(&str, DocumentKind)> = filed.iter().map(|one| (one.name.as_str(), one.kind)).collect();
    assert_eq!(names, [("Companies.txt", DocumentKind::Other), ("SOC 2.pdf", DocumentKind::Certificate)]);
    let notice = told(&w, labcorp).remove(0);
    assert_eq!(filed[1].note, format!("Came with the change notice {}", notice.signed.reference));
    assert_eq!(filed[1].ends_on, "2027-03-01".parse().ok());
    assert_eq!(secrets::digest(&notice.signed.snapshot), notice.signed.sha256);
    assert!(notice.signed.snapshot.contains("SOC 2.pdf") && notice.signed.snapshot.contains(&filed[1].sha256));
    see(&w, "/tell/receipt", &cookie).await.is(200).shows("SOC 2.pdf, certificate, until March 1, 2027");
    assert!(see(&w, "/tell/receipt.pdf", &cookie).await.is(200).bytes.starts_with(b"%PDF-"));

    // The practice reads it where it reads the notice, and in the register.
    let page = w.get(&format!("/notices/{}", notice.id)).await;
    page.is(200).shows("Files that came with it").shows(&format!("href=\"/documents/{}\"", filed[1].id));
    w.get(&format!("/vendors/{labcorp}/documents")).await.shows("SOC 2.pdf").shows("Came with the change notice");
    let given = w.get(&format!("/documents/{}", filed[1].id)).await;
    assert_eq!(given.is(200).bytes, pdf());
    // Letters say how many; names are typed by whoever has the link.
    w.deliver().await;
    let letters = w.letters();
    assert_eq!(letters.iter().filter(|one| one.text.contains("With it came 2 files")).count(), 2);
    assert!(letters.iter().all(|one| !one.text.contains("SOC 2") && !one.html.contains("SOC 2")));
});

service_test!(files_of_a_notice_that_is_not_signed_are_seen_by_no_other_browser, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let link = link(&w, labcorp).await;
    let mine = written(&w, &link).await;
    send(&w, &mine, LIST, &[("Our plan.txt", b"We merge.")]).await.is(303);
    let other = written(&w, &link).await;
    for page in [FILES, "/tell/check"] {
        see(&w, page, &other).await.is(200).lacks("Our plan");
    }
    let digest = secrets::digest("We merge.");
    see(&w, FILES, &mine).await.shows(&digest);
    // Nor taken off by one that guesses its digest, nor by whoever has no notice at all.
    fill(&w, "/tell/files/remove", &[("file", &digest)], &other).await.is(303);
    see(&w, FILES, &mine).await.shows("Our plan.txt");
    w.visit(FILES).await.is(404);
    // The same bytes in two browsers stay two, and one is a document when it is signed.
    send(&w, &other, LIST, &[("Copy.txt", b"We merge.")]).await.is(303);
    fill(&w, "/tell/sign", &SIGNER, &other).await.leads_to("/tell/receipt");
    assert_eq!(on_file(&w, labcorp).len(), 1);
    see(&w, FILES, &mine).await.shows("Our plan.txt").lacks("Copy.txt");
    fill(&w, "/tell/sign", &SIGNER, &mine).await.leads_to("/tell/receipt");
    assert_eq!(on_file(&w, labcorp).iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Copy.txt"]);
    let page = w.get(&format!("/notices/{}", told(&w, labcorp)[1].id)).await;
    page.shows("Copy.txt");
});

service_test!(each_file_of_a_notice_gets_its_own_word_and_there_is_an_end_to_them, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let cookie = written(&w, &link(&w, labcorp).await).await;
    let files: &[(&str, &[u8])] = &[("good.txt", b"Fine."), ("false.pdf", b"MZ\x90\0 no PDF"), ("tool.exe", b"MZ")];
    let page = send(&w, &cookie, LIST, files).await;
    page.is(422).shows("<strong>good.txt</strong>: kept.").shows("<strong>false.pdf</strong>: not kept.");
    page.shows("tool.exe was not kept").shows("value=\"other\" checked");
    assert!(w.history().iter().any(|line| line.starts_with("was refused a file for a change notice of LabCorp")));
    assert!(w.history().iter().all(|line| !line.contains("false.pdf")));
    send(&w, &cookie, &[], &[("a.txt", b"a")]).await.is(422).shows("Choose what you send").shows("browsers forget");
    send(&w, &cookie, &[("kind", "certificate")], &[("a.txt", b"a")]).await.is(422).shows("Enter the last day");
    let dated = [("kind", "agreement"), ("ends_on", "2027-03-01")];
    send(&w, &cookie, &dated, &[("a.txt", b"a")]).await.is(422).shows("Leave this blank for an agreement");
    send(&w, &cookie, &[("kind", "evidence")], &[("a.txt", b"a")]).await.is(422).shows("Choose what you send");
    send(&w, &cookie, LIST, &[]).await.is(422).shows("Choose a file first");
    // Sent once more to say what it is.
    send(&w, &cookie, CERTIFICATE, &[("good.txt", b"Fine.")]).await.is(303);
    see(&w, FILES, &cookie).await.shows("good.txt, certificate, until March 1, 2027");
    let hostile = "<img src=x onerror=alert(1)>.txt";
    send(&w, &cookie, LIST, &[(hostile, b"x")]).await.lacks("<img");
    let many: Vec<(String, String)> = (0..MOST_FILES).map(|at| (format!("{at}.txt"), format!("text {at}"))).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    send(&w, &cookie, LIST, &many).await.is(422).shows("as many as we take");
    let kept = stored(&w).await;
    assert_eq!(kept, MOST_FILES, "what is refused leaves nothing behind");
    see(&w, FILES, &cookie).await.lacks("type=\"file\"").lacks("<img");
    fill(&w, "/tell/files/remove", &[("file", &secrets::digest("Fine."))], &cookie).await.is(303);
    see(&w, FILES, &cookie).await.lacks("good.txt").shows("type=\"file\"");
    assert_eq!(stored(&w).await, MOST_FILES - 1);
    // A form without this browser's token brings nothing in.
    let forged = multipart(FILES, "forged", LIST, &[("b.txt", b"b")]);
    w.send(forged, Some((NOTICE_COOKIE, &cookie))).await.is(403);
    assert_eq!(stored(&w).await, MOST_FILES - 1);
});

service_test!(whoever_has_the_link_cannot_fill_the_disk_with_notices_that_are_never_signed, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let link = link(&w, labcorp).await;
    for round in 0..6 {
        let cookie = start(&w, &link).await;
        let files: Vec<(String, String)> = (0..10).map(|at| (format!("{at}.txt"), format!("{round} {at}"))).collect();
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
        let page = send(&w, &cookie, LIST, &files).await;
        if round < 5 {
            page.is(303);
        } else {
            page.is(422).shows("Too many files of your company wait here");
        }
    }
    assert_eq!(stored(&w).await, 50);
});

service_test!(a_notice_that_is_never_signed_is_forgotten_with_its_files, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let link = link(&w, labcorp).await;
    let (signed, mine) = (written(&w, &link).await, written(&w, &link).await);
    send(&w, &signed, LIST, &[("Kept.txt", b"Kept.")]).await.is(303);
    fill(&w, "/tell/sign", &SIGNER, &signed).await.leads_to("/tell/receipt");
    send(&w, &mine, LIST, &[("Plan.txt", b"We merge.")]).await.is(303);
    let tidy = async |days: i64| {
        notify::tidy::tidy(&w.app.store, &w.app.files, w.now() + TimeDelta::days(days)).await.unwrap()
    };
    assert_eq!((tidy(29).await, stored(&w).await), (0, 2));
    // What waits for a signature is no leftover.
    let later = duecare::clock::Clock::System.now() + TimeDelta::days(8);
    let app = &w.app;
    let swept = documents::tidy::tidy(&app.store, &app.office, &app.files, &app.scanner, later).await.unwrap();
    assert_eq!((swept.swept_up, stored(&w).await), (0, 2));
    assert_eq!((tidy(31).await, stored(&w).await), (1, 1));
    assert_eq!((tidy(31).await, stored(&w).await), (0, 1));
    see(&w, FILES, &mine).await.is(404);
    see(&w, "/tell/receipt", &signed).await.shows("Kept.txt");
});

service_test!(after_the_signature_nothing_is_added_to_a_notice_nor_taken_from_it, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let link = link(&w, labcorp).await;
    let cookie = written(&w, &link).await;
    send(&w, &cookie, LIST, &[("List.txt", b"Basalt")]).await.is(303);
    fill(&w, "/tell/sign", &SIGNER, &cookie).await.leads_to("/tell/receipt");
    see(&w, FILES, &cookie).await.leads_to("/tell/receipt");
    send(&w, &cookie, LIST, &[("More.txt", b"More")]).await.leads_to("/tell/receipt");
    fill(&w, "/tell/files/remove", &[("file", &secrets::digest("Basalt"))], &cookie).await.leads_to("/tell/receipt");
    see(&w, "/tell/receipt", &cookie).await.shows("List.txt").lacks("More.txt");
    // The practice takes it off its pages; sent with another notice, it is back.
    let document = on_file(&w, labcorp).remove(0);
    w.post(&format!("/documents/{}/remove", document.id), &[]).await.is(303);
    let page = w.get(&format!("/notices/{}", told(&w, labcorp)[0].id)).await;
    page.shows("List.txt").shows("taken off").lacks(&format!("/documents/{}", document.id));
    let again = written(&w, &link).await;
    send(&w, &again, LIST, &[("List.txt", b"Basalt")]).await.is(303);
    fill(&w, "/tell/sign", &SIGNER, &again).await.leads_to("/tell/receipt");
    assert!(on_file(&w, labcorp).iter().all(|one| one.removed_at.is_none()));
    assert_eq!(on_file(&w, labcorp).len(), 1);
    // A link that was turned off takes what was begun by it along.
    let draft = start(&w, &link).await;
    w.post(&format!("/vendors/{labcorp}/notice-link"), &[("action", "revoke")]).await.is(303);
    see(&w, FILES, &draft).await.is(410);
    send(&w, &draft, LIST, &[("Late.txt", b"Late")]).await.is(410);
});

service_test!(a_form_without_a_file_part_is_said_to_lack_one, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let cookie = start(&w, &link(&w, labcorp).await).await;
    fill(&w, FILES, &[("kind", "other")], &cookie).await.is(422).shows("Choose a file first");
});
