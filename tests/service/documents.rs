//! Documents come in whole or not at all, are given out as they came, and are flagged when
//! they end.

mod hostile;
pub mod samples;
mod scanner;
mod store_s3;

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use duecare::domain::document::inspect::inspect;
use duecare::domain::document::{Document, MOST_BYTES, Refusal};
use duecare::domain::ids::{DocumentId, VendorId};
use duecare::domain::user::Role;
use duecare::files::{Files, FilesAddress};
use duecare::flows::documents::tidy;
use duecare::secrets;
use duecare::store::{self, entries};
use duecare::web::session::STAFF_COOKIE;

use self::samples::{good, jpeg_of_a_telephone, pdf};
use crate::world::{Page, World, service_test};

/// What a person fills in beside the file.
const EVIDENCE: &[(&str, &str)] = &[("kind", "evidence"), ("ends_on", ""), ("note", "Shown at the visit")];

/// Sends the upload form as a browser does.
async fn upload_as(
    w: &World,
    cookie: &str,
    vendor: VendorId,
    fields: &[(&str, &str)],
    name: &str,
    declared: &str,
    bytes: &[u8],
) -> Page {
    let token = w.app.office.key.form_token(&secrets::digest(cookie));
    let mut body = Vec::new();
    for (field, text) in [("csrf", token.as_str())].iter().chain(fields) {
        body.extend_from_slice(
            format!("--b0undary\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{text}\r\n").as_bytes(),
        );
    }
    let quoted = name.replace('\\', "\\\\").replace('"', "%22");
    body.extend_from_slice(
        format!("--b0undary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{quoted}\"\r\nContent-Type: {declared}\r\n\r\n").as_bytes(),
    );
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--b0undary--\r\n");
    let request = TestRequest::post()
        .uri(&format!("/vendors/{vendor}/documents"))
        .insert_header(("Content-Type", "multipart/form-data; boundary=b0undary"))
        .set_payload(body);
    w.send(request, Some((STAFF_COOKIE, cookie))).await
}

async fn upload(w: &World, vendor: VendorId, name: &str, declared: &str, bytes: &[u8]) -> Page {
    upload_as(w, w.cookie(), vendor, EVIDENCE, name, declared, bytes).await
}

fn documents(w: &World, vendor: VendorId) -> Vec<Document> {
    w.app.store.read(|conn| store::documents::of_vendor(conn, &w.scope, vendor)).unwrap()
}

/// The history about a vendor as sentences, the newest first.
fn history(w: &World, vendor: VendorId) -> Vec<String> {
    let about = entries::About { vendor: Some(vendor), ..entries::About::default() };
    let lines = w.app.store.read(|conn| entries::list(conn, &w.scope, &about, 500, 0)).unwrap();
    lines.into_iter().map(|(line, _)| line.sentence).collect()
}

pub async fn stored(w: &World) -> usize {
    w.app.files.written_before(duecare::clock::Clock::System.now() + TimeDelta::days(1)).await.unwrap().len()
}

fn header<'a>(page: &'a Page, name: &str) -> &'a str {
    page.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str()).unwrap_or_default()
}

#[test]
fn every_hostile_file_is_refused_for_its_own_reason() {
    let all = hostile::all();
    assert!(all.len() >= 60, "only {}", all.len());
    for one in &all {
        let refused = inspect(&one.name, Some(one.declared), &one.bytes);
        let why = refused.as_ref().map_err(Refusal::key).err();
        assert_eq!(why, Some(one.why), "{:?} {:?}", one.name, one.bytes.get(..20));
        // The words say what is wrong and what to do, and hold nothing that could turn them round.
        let says = refused.unwrap_err().to_string();
        assert!(says.contains(". ") && !says.contains(|c: char| c.is_control() || c == '\u{202e}'), "{says}");
    }
    println!("{} hostile files refused", all.len());
}

service_test!(a_file_of_every_type_comes_in_and_goes_out_as_it_was, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    for (name, declared, bytes) in good() {
        let page = upload(&w, labcorp, name, declared, &bytes).await;
        page.is(303);
        let document = documents(&w, labcorp).remove(0);
        assert_eq!((document.name.as_str(), document.size as usize), (name, bytes.len()));
        let page = w.get(&format!("/documents/{}", document.id)).await;
        page.is(200);
        assert!(page.bytes == bytes, "{name}");
        assert_eq!(header(&page, "content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(header(&page, "x-content-type-options"), "nosniff");
        assert_eq!(header(&page, "cache-control"), "no-store");
        assert!(header(&page, "content-disposition").starts_with("attachment; filename=\""), "{name}");
        assert_eq!(header(&page, "content-type"), document.file_type.media_type());
    }
    let umlaut = documents(&w, labcorp).into_iter().find(|one| one.name.contains('ü')).unwrap();
    let page = w.get(&format!("/documents/{}", umlaut.id)).await;
    assert!(header(&page, "content-disposition").ends_with("filename*=UTF-8''Vertrag%20f%C3%BCr%20Maple.docx"));
    let page = w.get(&format!("/vendors/{labcorp}/documents")).await;
    page.is(200).shows("11 documents").shows("Agreement 2026.pdf").shows("Shown at the visit").shows("Dana");
    w.get(&format!("/vendors/{labcorp}")).await.is(200).shows("All 11 documents");
    assert_eq!(history(&w, labcorp)[0], "downloaded the document “Vertrag für Maple.docx” of LabCorp");
    assert!(history(&w, labcorp).contains(&"added the evidence “notes.txt” to LabCorp".to_owned()));
    // A picture that tells more than it shows.
    let quest = w.vendor("Quest");
    let page = upload(&w, quest, "bin.jpg", "image/jpeg", &jpeg_of_a_telephone()).await;
    page.leads_to(&format!("/vendors/{quest}/documents?done=camera"));
});

service_test!(hostile_files_are_refused_on_the_page_and_nothing_is_kept, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let cookie = w.colleague(Role::ComplianceLead);
    let mut refused = 0;
    for one in hostile::all() {
        // No header holds these; the test without the page tries them.
        if one.name.contains(|c: char| c.is_control()) {
            continue;
        }
        let page = upload_as(&w, &cookie, labcorp, EVIDENCE, &one.name, one.declared, &one.bytes).await;
        assert!(page.status.is_client_error(), "{} was answered {}", one.name, page.status);
        page.is(422).shows("There is a problem").shows("href=\"#file\"").shows("Shown at the visit");
        refused += 1;
    }
    assert!(refused >= 60, "{refused}");
    assert_eq!((documents(&w, labcorp).len(), stored(&w).await), (0, 0));
    let told = history(&w, labcorp).iter().filter(|line| line.starts_with("was refused the file")).count();
    assert_eq!(told, refused);
});

service_test!(a_file_that_is_too_large_is_said_so_and_what_was_typed_stays, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let cookie = w.colleague(Role::ComplianceLead);
    for bytes in [MOST_BYTES + 1, MOST_BYTES + 60 * 1024 * 1024] {
        let page = upload_as(&w, &cookie, labcorp, EVIDENCE, "scan.pdf", "application/pdf", &vec![b'x'; bytes]).await;
        page.is(413)
            .shows("The file is larger than 20 MB")
            .shows("Shown at the visit")
            .shows("value=\"evidence\" checked");
    }
    let long = "x".repeat(70 * 1024);
    let page = upload_as(&w, &cookie, labcorp, &[("note", &long)], "a.pdf", "application/pdf", &pdf()).await;
    page.is(413);
    assert_eq!(stored(&w).await, 0);
});

service_test!(a_form_that_is_not_filled_in_names_each_field, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let at = format!("/vendors/{labcorp}/documents");
    w.post(&at, &[]).await.is(422).shows("Choose what it is").shows("Choose a file first");
    let cookie = w.colleague(Role::ComplianceLead);
    for (fields, says) in [
        ([("kind", "certificate"), ("ends_on", "")], "Enter the last day on which the certificate holds"),
        ([("kind", "certificate"), ("ends_on", "31/31/2026")], "is not a date we can read"),
        ([("kind", "agreement"), ("ends_on", "2027-01-31")], "Leave this empty for an agreement"),
        ([("kind", "treasure"), ("ends_on", "")], "Choose what it is"),
    ] {
        let page = upload_as(&w, &cookie, labcorp, &fields, "a.pdf", "application/pdf", &pdf()).await;
        page.is(422).shows(says).shows("Choose the file again");
    }
    assert_eq!(stored(&w).await, 0);
});

service_test!(the_same_file_again_is_said_so_and_not_kept_twice, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    upload(&w, labcorp, "agreement.pdf", "application/pdf", &pdf()).await.is(303);
    let again = upload(&w, labcorp, "copy.pdf", "application/pdf", &pdf()).await;
    again.is(409).shows("This file is here already: “agreement.pdf”, added on November 22, 2026");
    assert_eq!((documents(&w, labcorp).len(), stored(&w).await), (1, 1));
    let id = documents(&w, labcorp)[0].id;
    w.post(&format!("/documents/{id}/remove"), &[]).await.is(303);
    upload(&w, labcorp, "copy.pdf", "application/pdf", &pdf()).await.is(409).shows("was taken off");
    // Another vendor may well send the same paper.
    let quest = w.vendor("Quest");
    upload(&w, quest, "agreement.pdf", "application/pdf", &pdf()).await.is(303);
});

service_test!(a_document_is_removed_kept_six_years_and_put_back, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    upload(&w, labcorp, "audit.pdf", "application/pdf", &pdf()).await.is(303);
    let id = documents(&w, labcorp)[0].id;
    let there = format!("/vendors/{labcorp}/documents");
    w.post(&format!("/documents/{id}/remove"), &[]).await.leads_to(&format!("{there}?done=removed"));
    w.post(&format!("/documents/{id}/remove"), &[]).await.is(303);
    w.get(&there).await.shows("No documents yet").shows("1 removed document").shows("Kept until Nov 22, 2032");
    assert_eq!(stored(&w).await, 1);
    w.post(&format!("/documents/{id}/restore"), &[]).await.leads_to(&format!("{there}?done=restored"));
    w.get(&there).await.shows("1 document").lacks("removed document");
    let told = history(&w, labcorp);
    assert_eq!(told[0], "put the document “audit.pdf” back to LabCorp");
    assert_eq!(told[1], "took the document “audit.pdf”, kept until November 22, 2032, off LabCorp");
    assert_eq!(told.iter().filter(|line| line.starts_with("took")).count(), 1);
});

service_test!(a_certificate_is_flagged_before_it_ends_and_after_and_no_longer_when_renewed, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let cookie = w.colleague(Role::ComplianceLead);
    let ends = (w.today() + TimeDelta::days(70)).to_string();
    let fields = [("kind", "certificate"), ("ends_on", ends.as_str()), ("note", "")];
    upload_as(&w, &cookie, labcorp, &fields, "ISO 27001.pdf", "application/pdf", &pdf()).await.is(303);
    let about = |w: &World| -> Vec<String> { w.flags().into_iter().filter(|flag| flag.contains("ISO")).collect() };
    assert_eq!(about(&w), Vec::<String>::new());
    w.get("/documents").await.is(200).shows("1 document").shows("ISO 27001.pdf");
    w.days_pass(10);
    w.sweep().await;
    assert_eq!(about(&w), ["LabCorp: The document “ISO 27001.pdf” ends on January 31, 2027"]);
    w.get("/documents?state=soon").await.shows("1 document ends within 60 days").shows("LabCorp");
    w.days_pass(61);
    w.sweep().await;
    assert_eq!(about(&w), ["LabCorp: The document “ISO 27001.pdf” ended on January 31, 2027"]);
    w.get("/documents").await.shows("1 document has ended");
    let id = documents(&w, labcorp)[0].id;
    w.get(&format!("/documents/{id}/edit")).await.is(200).shows("value=\"Jan 31, 2027\"").shows("Kept at least until");
    let edit = format!("/documents/{id}/edit");
    w.post(&edit, &[("kind", "certificate"), ("ends_on", "soon")]).await.is(422).shows("value=\"soon\"");
    w.post(&edit, &[("kind", "certificate"), ("ends_on", "1/31/2028"), ("note", "Renewed")]).await.is(303);
    assert_eq!(about(&w), Vec::<String>::new());
    let told = history(&w, labcorp);
    assert!(
        told.contains(&"changed the end date (from January 31, 2027 to January 31, 2028), the note of the document “ISO 27001.pdf” of LabCorp".to_owned()),
        "{told:?}"
    );
    w.post(&edit, &[("kind", "certificate"), ("ends_on", "1/31/2027")]).await.is(303);
    assert_eq!(about(&w).len(), 1);
    w.post(&format!("/documents/{id}/remove"), &[]).await.is(303);
    assert_eq!(about(&w), Vec::<String>::new());
});

service_test!(another_practices_documents_do_not_exist, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    upload(&w, labcorp, "agreement.pdf", "application/pdf", &pdf()).await.is(303);
    let id = documents(&w, labcorp)[0].id;
    let (_, otto) = w.other_practice();
    for id in [id.to_string(), DocumentId::fresh().to_string(), "nonsense".to_owned()] {
        for page in [format!("/documents/{id}"), format!("/documents/{id}/edit")] {
            w.get_as(&page, &otto).await.is(404).lacks("agreement.pdf");
        }
        for act in ["edit", "remove", "restore"] {
            let fields = [("kind", "evidence"), ("note", "mine now")];
            w.post_as(&format!("/documents/{id}/{act}"), &fields, STAFF_COOKIE, &otto).await.is(404);
        }
    }
    w.get_as(&format!("/vendors/{labcorp}/documents"), &otto).await.is(404);
    upload_as(&w, &otto, labcorp, EVIDENCE, "x.txt", "text/plain", b"mine").await.is(404);
    w.get_as("/documents?state=all", &otto).await.is(200).lacks("agreement.pdf");
    let all = documents(&w, labcorp);
    assert_eq!((all.len(), all[0].note.as_str(), stored(&w).await), (1, "Shown at the visit", 1));
});

service_test!(an_auditor_downloads_and_changes_nothing, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    upload(&w, labcorp, "agreement.pdf", "application/pdf", &pdf()).await.is(303);
    let id = documents(&w, labcorp)[0].id;
    let auditor = w.colleague(Role::Auditor);
    assert!(w.get_as(&format!("/documents/{id}"), &auditor).await.is(200).bytes == pdf());
    let page = w.get_as(&format!("/vendors/{labcorp}/documents"), &auditor).await;
    page.is(200).shows("agreement.pdf").lacks("Add a document").lacks("/remove").lacks("/edit");
    w.get_as(&format!("/vendors/{labcorp}"), &auditor).await.is(200).shows("agreement.pdf").lacks("Add a document");
    w.get_as("/documents?state=all", &auditor).await.is(200).shows("agreement.pdf");
    w.get_as(&format!("/documents/{id}/edit"), &auditor).await.is(403);
    upload_as(&w, &auditor, labcorp, EVIDENCE, "x.txt", "text/plain", b"x").await.is(403);
    for act in ["edit", "remove", "restore"] {
        w.post_as(&format!("/documents/{id}/{act}"), &[], STAFF_COOKIE, &auditor).await.is(403);
    }
    assert_eq!(documents(&w, labcorp).len(), 1);
});

service_test!(looking_at_heads_gives_nothing_out_and_writes_nothing, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    upload(&w, labcorp, "agreement.pdf", "application/pdf", &pdf()).await.is(303);
    let (id, before) = (documents(&w, labcorp)[0].id, history(&w, labcorp).len());
    let head = TestRequest::default().method(actix_web::http::Method::HEAD).uri(&format!("/documents/{id}"));
    let page = w.send(head, Some((STAFF_COOKIE, w.cookie()))).await;
    page.is(200);
    assert!(page.bytes.is_empty());
    assert_eq!(history(&w, labcorp).len(), before);
});

service_test!(a_store_that_is_down_or_full_of_rot_is_said_so, async |w: World| {
    let folder = tempfile::tempdir().unwrap();
    let place = FilesAddress::Folder(folder.path().join("papers"));
    let w = w.with(|app| app.files = Files::open(&place).unwrap());
    let labcorp = w.vendor("LabCorp");
    upload(&w, labcorp, "agreement.pdf", "application/pdf", &pdf()).await.is(303);
    let document = documents(&w, labcorp).remove(0);
    let file = folder.path().join("papers").join(&document.place);
    assert_eq!(std::fs::read(&file).unwrap(), pdf());
    assert!(!document.place.contains("agreement"));
    // One byte flipped on the disk.
    let mut rot = pdf();
    rot[40] ^= 1;
    std::fs::write(&file, rot).unwrap();
    let page = w.get(&format!("/documents/{}", document.id)).await;
    page.is(500).shows("is not the one that was stored").lacks("%PDF");
    std::fs::remove_file(&file).unwrap();
    w.get(&format!("/documents/{}", document.id)).await.is(500).shows("its file is gone");
    assert!(!history(&w, labcorp).iter().any(|line| line.starts_with("downloaded")));
    // The folder becomes a file: nothing can be written.
    std::fs::remove_dir_all(folder.path().join("papers")).unwrap();
    std::fs::write(folder.path().join("papers"), "in the way").unwrap();
    let page = upload(&w, labcorp, "notes.txt", "text/plain", b"Seen.").await;
    page.is(503).shows("cannot be reached").shows("Shown at the visit");
    assert_eq!(documents(&w, labcorp).len(), 1);
});

service_test!(bytes_without_a_row_are_swept_up_after_a_week_and_others_never, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    upload(&w, labcorp, "agreement.pdf", "application/pdf", &pdf()).await.is(303);
    upload(&w, labcorp, "notes.txt", "text/plain", b"Seen.").await.is(303);
    w.post(&format!("/documents/{}/remove", documents(&w, labcorp)[0].id), &[]).await.is(303);
    w.app.files.put(b"left behind".to_vec()).await.unwrap();
    assert_eq!((swept_up_after(&w, 6).await, stored(&w).await), (0, 3));
    assert_eq!((swept_up_after(&w, 8).await, stored(&w).await), (1, 2));
    // Another database was put under the same files: nothing is removed.
    for at in 0..60_u8 {
        w.app.files.put(vec![at]).await.unwrap();
    }
    assert_eq!((swept_up_after(&w, 8).await, stored(&w).await), (0, 62));
});

/// Tidies as if so many days had passed; the store's own clock says when bytes were written.
async fn swept_up_after(w: &World, days: i64) -> u32 {
    let now = duecare::clock::Clock::System.now() + TimeDelta::days(days);
    let app = &w.app;
    tidy::tidy(&app.store, &app.office, &app.files, &app.scanner, now).await.unwrap().swept_up
}

service_test!(a_database_that_knows_no_document_removes_none, async |w: World| {
    for at in 0..3_u8 {
        w.app.files.put(vec![at]).await.unwrap();
    }
    assert_eq!((swept_up_after(&w, 8).await, stored(&w).await), (0, 3));
});

service_test!(more_files_without_a_row_than_documents_are_left_alone, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    upload(&w, labcorp, "agreement.pdf", "application/pdf", &pdf()).await.is(303);
    for at in 0..2_u8 {
        w.app.files.put(vec![at]).await.unwrap();
    }
    assert_eq!((swept_up_after(&w, 8).await, stored(&w).await), (0, 3));
    upload(&w, labcorp, "notes.txt", "text/plain", b"Seen.").await.is(303);
    assert_eq!((swept_up_after(&w, 8).await, stored(&w).await), (2, 2));
});

service_test!(files_that_we_did_not_name_are_left_alone, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    upload(&w, labcorp, "agreement.pdf", "application/pdf", &pdf()).await.is(303);
    w.app.files.put_at("readme.txt", b"Not ours.".to_vec()).await.unwrap();
    assert_eq!((swept_up_after(&w, 8).await, stored(&w).await), (0, 2));
});

service_test!(taking_a_file_off_leaves_it_the_paper_of_its_agreement, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let agreement = [("kind", "agreement"), ("ends_on", ""), ("note", "")];
    upload_as(&w, w.cookie(), labcorp, &agreement, "signed.pdf", "application/pdf", &pdf()).await.is(303);
    let document = documents(&w, labcorp)[0].id;
    let version = |w: &World| w.app.store.read(|conn| store::agreements::of_vendor(conn, &w.scope, labcorp)).unwrap();
    let edit = format!("/agreements/{}/edit", version(&w)[0].id);
    let paper = document.to_string();
    let signed = [("kind", "baa"), ("signed_on", "10/18/2025"), ("runs", "not-known"), ("document", paper.as_str())];
    w.post(&edit, &signed).await.is(303);
    assert_eq!(version(&w)[0].terms.document, Some(document));
    let selected = format!("<option value=\"{paper}\" selected");
    for (path, fields, named) in [
        ("edit", vec![("kind", "other"), ("note", ""), ("ends_on", "")], "signed.pdf (Something else)"),
        ("remove", vec![], "signed.pdf (taken off)"),
    ] {
        w.post(&format!("/documents/{document}/{path}"), &fields).await.is(303);
        w.get(&edit).await.is(200).shows(&selected).shows(named);
        // Sent as the page offers it, with a note written beside.
        let mut noted = signed.to_vec();
        noted.push(("note", path));
        w.post(&edit, &noted).await.is(303);
        assert_eq!((version(&w)[0].terms.document, version(&w)[0].terms.note.as_str()), (Some(document), path));
    }
    // A new version may only point to what is filed as an agreement.
    let new = format!("/vendors/{labcorp}/agreements/new");
    let mut next = signed.to_vec();
    next.push(("after", "1"));
    w.post(&new, &next).await.is(422).shows("that file is not there any more");
});

service_test!(a_file_outlives_a_database_that_was_lost_while_its_row_was_written, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    // Whether the row was written is not known then; without one the file is swept up later.
    w.sql("ALTER TABLE chains RENAME TO chains_away");
    let page = upload(&w, labcorp, "agreement.pdf", "application/pdf", &pdf()).await;
    assert!(page.status.is_server_error(), "{}", page.status);
    assert_eq!((documents(&w, labcorp).len(), stored(&w).await), (0, 1));
    w.sql("ALTER TABLE chains_away RENAME TO chains");
    upload(&w, labcorp, "agreement.pdf", "application/pdf", &pdf()).await.is(303);
    assert_eq!((documents(&w, labcorp).len(), stored(&w).await), (1, 2));
    assert_eq!((swept_up_after(&w, 8).await, stored(&w).await), (1, 1));
});

service_test!(a_certificate_that_ended_on_a_leap_day_is_kept_to_the_first_of_march, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let fields = [("kind", "certificate"), ("ends_on", "2/29/2028"), ("note", "")];
    upload_as(&w, w.cookie(), labcorp, &fields, "ISO.pdf", "application/pdf", &pdf()).await.is(303);
    let id = documents(&w, labcorp)[0].id;
    w.get(&format!("/documents/{id}/edit")).await.is(200).shows("March 1, 2034");
    w.post(&format!("/documents/{id}/remove"), &[]).await.is(303);
    w.get(&format!("/vendors/{labcorp}/documents")).await.shows("Kept until Mar 1, 2034");
    assert_eq!(history(&w, labcorp)[0], "took the document “ISO.pdf”, kept until March 1, 2034, off LabCorp");
});
