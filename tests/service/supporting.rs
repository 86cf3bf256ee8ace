//! Files under answers: sent by the vendor, used again, taken back, signed for, and counted
//! while they are in date.

use actix_web::test::TestRequest;
use duecare::domain::assessment::Attestation;
use duecare::domain::document::Document;
use duecare::domain::ids::{AssessmentId, VendorId};
use duecare::domain::scoring::Scorecard;
use duecare::secrets;
use duecare::store;
use duecare::web::session::{RESPONDENT_COOKIE, STAFF_COOKIE};

use crate::documents::samples::pdf;
use crate::world::{Page, World, service_test};

const SCREENING: &str = "/respond/evidence/adm.screening";
const CERTIFICATES: &str = "/respond/evidence/org.certificates";
const CERTIFICATE: &[(&str, &str)] = &[("kind", "certificate"), ("ends_on", "2027-03-01")];
const SIGNER: [(&str, &str); 4] =
    [("name", "Pat"), ("job_title", "Manager"), ("email", "pat@vendor.test"), ("authority", "yes")];
const POLICY: &[(&str, &str)] = &[("kind", "evidence"), ("ends_on", "")];

/// Sends files as a browser does: names with what is in them.
pub async fn send(w: &World, cookie: &str, page: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Page {
    let token = w.app.office.key.form_token(&secrets::digest(cookie));
    w.send(multipart(page, &token, fields, files), Some((RESPONDENT_COOKIE, cookie))).await
}

/// A form with files as a browser sends it.
pub fn multipart(page: &str, token: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> TestRequest {
    let mut body = Vec::new();
    for (field, text) in [("csrf", token)].iter().chain(fields) {
        let head = format!("--b0undary\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{text}\r\n");
        body.extend_from_slice(head.as_bytes());
    }
    for (name, bytes) in files {
        let head = format!(
            "--b0undary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b0undary--\r\n");
    TestRequest::post()
        .uri(page)
        .insert_header(("Content-Type", "multipart/form-data; boundary=b0undary"))
        .set_payload(body)
}

/// A vendor that was asked, and the browser of whoever answers.
async fn answering(w: &World, name: &str) -> (VendorId, String) {
    let vendor = w.vendor(name);
    w.sweep().await;
    (vendor, w.start_verified(&w.link()).await)
}

fn documents(w: &World, vendor: VendorId) -> Vec<Document> {
    w.app.store.read(|conn| store::documents::of_vendor(conn, &w.scope, vendor)).unwrap()
}

fn newest(w: &World, vendor: VendorId) -> AssessmentId {
    w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, vendor)).unwrap()[0].id
}

fn card(w: &World, vendor: VendorId) -> Scorecard {
    let id = newest(w, vendor);
    w.app.store.read(|conn| store::assessments::scorecard(conn, &w.scope, id)).unwrap().unwrap()
}

service_test!(a_file_supports_two_answers_and_is_kept_once, async |w: World| {
    let (vendor, cookie) = answering(&w, "LabCorp").await;
    w.respondent_gets(SCREENING, &cookie)
        .await
        .is(200)
        .shows("up to 20 MB each")
        .shows("no patient information")
        .lacks("sent already");
    let sent = send(&w, &cookie, SCREENING, CERTIFICATE, &[("Screening.pdf", &pdf())]).await;
    sent.leads_to("/respond/people?of=adm.screening&done=files#adm.screening");
    w.respondent_gets("/respond/people", &cookie).await.shows("Screening.pdf, until March 1, 2027");
    // The same bytes again, and under another name, are the same file.
    let again = send(&w, &cookie, SCREENING, CERTIFICATE, &[("Screening.pdf", &pdf())]).await;
    again.is(200).shows("You already gave this file");
    let other_name = send(&w, &cookie, SCREENING, POLICY, &[("Copy.pdf", &pdf())]).await;
    other_name.is(200).shows("Copy.pdf</strong>: kept. You already gave this file");
    let file = documents(&w, vendor).remove(0);
    w.respondent_gets(CERTIFICATES, &cookie).await.shows("sent already").shows("Screening.pdf");
    let id = file.id.to_string();
    w.respondent_posts(&format!("{CERTIFICATES}/reuse"), &[], &cookie).await.is(422).shows("Tick the file");
    for _ in 0..2 {
        let used = w.respondent_posts(&format!("{CERTIFICATES}/reuse?back=check"), &[("file", &id)], &cookie).await;
        assert!(
            used.location.ends_with("?back=check&of=org.certificates&done=files#org.certificates"),
            "{}",
            used.location
        );
    }
    assert_eq!(documents(&w, vendor).len(), 1);
    assert_eq!(file.added_by, "pat@vendor.test");
    w.respondent_gets("/respond/check", &cookie).await.shows(">Screening.pdf, until March 1, 2027</a>");
    // The practice sees it with what it supports.
    let questions = w.app.office.catalogue.current();
    let short = |slug: &str| questions.question(slug).unwrap().short.clone();
    let page = w.get(&format!("/vendors/{vendor}/documents")).await;
    page.is(200).shows("pat@vendor.test").shows(&short("adm.screening")).shows(&short("org.certificates"));
    let history = w.history();
    assert!(history.iter().any(|line| line.contains("under the answer to")), "{history:?}");
});

service_test!(a_false_type_is_refused_by_name_and_the_good_one_beside_it_is_kept, async |w: World| {
    let (vendor, cookie) = answering(&w, "LabCorp").await;
    let files: &[(&str, &[u8])] =
        &[("good.txt", b"We screen everybody."), ("false.pdf", b"MZ\x90\0 not a PDF"), ("tool.exe", b"MZ")];
    let page = send(&w, &cookie, SCREENING, POLICY, files).await;
    page.is(422).shows("<strong>good.txt</strong>: kept.").shows("<strong>false.pdf</strong>: not kept.");
    page.shows("Files ending in .exe are not taken").shows("false.pdf was not kept");
    let names: Vec<String> = documents(&w, vendor).into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["good.txt"]);
    assert!(w.history().iter().any(|line| line.starts_with("was refused the file “false.pdf” for LabCorp")));
    // What was said of them is still there; a certificate has a last day; nothing chosen is said.
    let page = send(&w, &cookie, SCREENING, &[("kind", "certificate"), ("ends_on", "31st")], &[]).await;
    page.is(422).shows("“31st” is not a date").shows("Choose a file first").shows("value=\"certificate\" checked");
    let page = send(&w, &cookie, SCREENING, &[("kind", "certificate")], &[("a.txt", b"a")]).await;
    page.is(422).shows("Enter the last day").shows("browsers forget them");
    send(&w, &cookie, SCREENING, &[], &[("a.txt", b"a")]).await.is(422).shows("Choose what you send");
    assert_eq!(documents(&w, vendor).len(), 1);
});

service_test!(too_many_and_too_large_files_are_refused_one_by_one, async |w: World| {
    let (vendor, cookie) = answering(&w, "LabCorp").await;
    let large = vec![b'a'; duecare::domain::document::MOST_BYTES + 1];
    let page = send(&w, &cookie, SCREENING, POLICY, &[("large.txt", &large), ("small.txt", b"small")]).await;
    page.is(413).shows("larger than 20 MB").shows("<strong>small.txt</strong>: kept.");
    let many: Vec<(String, String)> =
        (0..11).map(|number| (format!("{number}.txt"), format!("text {number}"))).collect();
    let files: Vec<(&str, &[u8])> = many.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    send(&w, &cookie, SCREENING, POLICY, &files).await.is(413).shows("<strong>10.txt</strong>: not kept. More than 10");
    assert_eq!(documents(&w, vendor).len(), 11);
    for round in 1..5 {
        let many: Vec<(String, String)> =
            (0..10).map(|number| (format!("{round}-{number}.txt"), format!("text {round} {number}"))).collect();
        let files: Vec<(&str, &[u8])> = many.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
        send(&w, &cookie, CERTIFICATES, POLICY, &files).await.is(303);
    }
    let files: Vec<(String, String)> = (0..10).map(|at| (format!("x{at}.txt"), format!("more {at}"))).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    send(&w, &cookie, SCREENING, POLICY, &files).await.is(422).shows("Your reply has 60 files");
    assert_eq!(documents(&w, vendor).len(), 60);
    w.respondent_gets(SCREENING, &cookie).await.shows("as many as we take").lacks("Send the files");
});

service_test!(a_locked_browser_sees_no_file, async |w: World| {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    let link = w.link();
    let first = w.start(&link).await;
    // Only a file, and no answer.
    send(&w, &first, SCREENING, POLICY, &[("Secret plan.pdf", &pdf())]).await.is(303);
    w.respondent_gets("/respond/people", &first).await.is(200).shows("Secret plan.pdf");
    let second = w.start(&link).await;
    let file = documents(&w, vendor)[0].id.to_string();
    for page in ["/respond/people", "/respond/check", SCREENING, CERTIFICATES] {
        let page = w.respondent_gets(page, &second).await;
        page.lacks("Secret plan").leads_to("/respond/code?next=");
    }
    w.respondent_posts(&format!("{CERTIFICATES}/reuse"), &[("file", &file)], &second)
        .await
        .leads_to("/respond/code?next=");
    w.respondent_posts(&format!("{SCREENING}/remove"), &[("file", &file)], &second)
        .await
        .leads_to("/respond/code?next=");
    send(&w, &second, SCREENING, POLICY, &[("mine.txt", b"mine")]).await.leads_to("/respond/code?next=");
    // What it types is taken, and shows it nothing.
    let page = w.respondent_posts("/respond/people", &[("adm.screening", "never heard of")], &second).await;
    page.lacks("Secret plan");
    assert_eq!(documents(&w, vendor).len(), 1);
    w.verify(&second).await;
    w.respondent_gets(SCREENING, &second).await.is(200).shows("Secret plan.pdf");
});

service_test!(what_was_typed_is_saved_on_the_way_to_the_files, async |w: World| {
    let (_, cookie) = answering(&w, "LabCorp").await;
    let fields = [("adm.screening", "yes"), ("action", "evidence:adm.screening")];
    w.respondent_posts("/respond/people?back=check", &fields, &cookie)
        .await
        .leads_to("/respond/evidence/adm.screening?back=check");
    w.respondent_gets("/respond/people", &cookie).await.shows("name=\"adm.screening\" value=\"yes\" checked");
    w.respondent_gets("/respond/evidence/adm.nothing", &cookie).await.is(404);
});

service_test!(a_file_may_be_taken_back_and_the_register_keeps_what_others_use, async |w: World| {
    let (vendor, cookie) = answering(&w, "LabCorp").await;
    send(&w, &cookie, SCREENING, CERTIFICATE, &[("Screening.pdf", &pdf())]).await.is(303);
    let id = documents(&w, vendor)[0].id.to_string();
    w.respondent_posts(&format!("{CERTIFICATES}/reuse"), &[("file", &id)], &cookie).await.is(303);
    let there = |w: &World| documents(w, vendor)[0].removed_at.is_none();
    w.respondent_posts(&format!("{SCREENING}/remove"), &[("file", &id)], &cookie).await.is(303);
    assert!(there(&w), "another answer uses it");
    for _ in 0..2 {
        w.respondent_posts(&format!("{CERTIFICATES}/remove"), &[("file", &id)], &cookie).await.is(303);
    }
    assert!(!there(&w));
    w.get(&format!("/vendors/{vendor}/documents")).await.shows("1 removed document");
    w.respondent_gets("/respond/check", &cookie).await.lacks("Screening.pdf");
    // Sent once more it is put back, with what is said of it now.
    send(&w, &cookie, SCREENING, &[("kind", "certificate"), ("ends_on", "2027-09-09")], &[("S.pdf", &pdf())])
        .await
        .is(303);
    assert!(there(&w));
    w.respondent_gets("/respond/people", &cookie).await.shows("Screening.pdf, until September 9, 2027");
    // What the practice had before stays when the vendor takes it from its answer.
    let text = b"Filed by the practice.";
    let sha256 = duecare::files::digest(text);
    w.sql(&format!(
        "INSERT INTO documents VALUES ('{}', '{}', '{vendor}', 'evidence', 'Ours.txt', 'text/plain', 22, '{sha256}', 'nowhere', 'clean', '', NULL, 'Dana', '2026-11-20 00:00:00', NULL)",
        w.practice.id,
        uuid::Uuid::now_v7()
    ));
    send(&w, &cookie, SCREENING, POLICY, &[("Theirs.txt", text)]).await.is(303);
    let ours = documents(&w, vendor).into_iter().find(|one| one.name == "Ours.txt").unwrap();
    w.respondent_posts(&format!("{SCREENING}/remove"), &[("file", &ours.id.to_string())], &cookie).await.is(303);
    assert_eq!(documents(&w, vendor).iter().filter(|one| one.removed_at.is_none()).count(), 2);
});

service_test!(the_signed_copy_names_the_file_and_its_hash, async |w: World| {
    let (vendor, cookie) = answering(&w, "LabCorp").await;
    send(&w, &cookie, SCREENING, CERTIFICATE, &[("Screening <2026>.pdf", &pdf())]).await.is(303);
    send(&w, &cookie, SCREENING, POLICY, &[("Taken off.txt", b"old")]).await.is(303);
    let old = documents(&w, vendor).into_iter().find(|one| one.name == "Taken off.txt").unwrap();
    w.post(&format!("/documents/{}/remove", old.id), &[]).await.is(303);
    w.replied(vendor, &[]);
    let id = newest(&w, vendor);
    let signed = w.app.store.read(|conn| store::assessments::attestation(conn, &w.scope, id)).unwrap().unwrap();
    let hash = duecare::files::digest(&pdf());
    let file = format!(r#""files":[{{"name":"Screening <2026>.pdf","sha256":"{hash}","ends_on":"2027-03-01"}}]"#);
    assert!(signed.snapshot.contains(&file), "{}", signed.snapshot);
    assert_eq!(signed.snapshot.matches("\"files\"").count(), 1, "answers without files are as before");
    assert_eq!(secrets::digest(&signed.snapshot), signed.sha256);
    w.respondent_gets("/respond/receipt", &cookie).await.shows(">Screening &lt;2026&gt;.pdf").lacks("Taken off.txt");
    // Nothing is added any more, nor taken away.
    let file = documents(&w, vendor).into_iter().find(|one| one.name == "Screening <2026>.pdf").unwrap();
    let before = documents(&w, vendor).len();
    send(&w, &cookie, SCREENING, POLICY, &[("late.txt", b"late")]).await.leads_to("/respond/receipt");
    for what in ["reuse", "remove"] {
        let page = format!("{SCREENING}/{what}");
        w.respondent_posts(&page, &[("file", &file.id.to_string())], &cookie).await.leads_to("/respond/receipt");
    }
    assert_eq!(documents(&w, vendor).len(), before);
    // What the practice takes off its pages later stays in the signed copy.
    w.post(&format!("/documents/{}/remove", file.id), &[]).await.is(303);
    w.respondent_gets("/respond/receipt", &cookie).await.shows("File: Screening &lt;2026&gt;.pdf");
});

service_test!(a_file_in_date_raises_the_supported_score_and_an_ended_one_does_less, async |w: World| {
    let bare = w.vendor("Bare");
    w.sweep().await;
    w.replied(bare, &[]);
    let score = |vendor: VendorId| card(&w, vendor).controls.raw;
    let (shown, cookie) = answering(&w, "Shown").await;
    send(&w, &cookie, SCREENING, CERTIFICATE, &[("Screening.pdf", &pdf())]).await.is(303);
    w.replied(shown, &[]);
    let (ended, cookie) = answering(&w, "Ended").await;
    let past = [("kind", "certificate"), ("ends_on", "2026-11-21")];
    send(&w, &cookie, SCREENING, &past, &[("Screening.pdf", &pdf())]).await.is(200).shows("is there a newer one?");
    w.respondent_gets("/respond/people", &cookie).await.shows("which ended on November 21, 2026");
    w.replied(ended, &[]);
    assert!(score(bare) < score(ended) && score(ended) < score(shown));
    assert_eq!(card(&w, bare).controls.stated, card(&w, shown).controls.stated);
    // The scorecard lists it, and gives it out as the register does.
    let page = w.get(&format!("/assessments/{}", newest(&w, shown))).await;
    page.is(200).shows("Document on file: counts 90%").shows("File: <a href=\"/documents/");
    let file = documents(&w, shown).remove(0);
    assert_eq!(w.get(&format!("/documents/{}", file.id)).await.is(200).bytes, pdf());
    // When its day has passed the vendor stands a little worse, and there is a flag.
    let before = w.see(shown).standing.residual;
    w.days_pass(100);
    w.sweep().await;
    assert!(w.flags().iter().any(|flag| flag == "Shown: The document “Screening.pdf” ended on March 1, 2027"));
    assert!(w.see(shown).standing.residual > before);
    w.get(&format!("/assessments/{}", newest(&w, shown))).await.shows("Document on file: counts 90%");
});

service_test!(last_years_ended_certificate_is_asked_afresh_and_one_in_date_is_offered_again, async |w: World| {
    let (vendor, cookie) = answering(&w, "LabCorp").await;
    send(&w, &cookie, SCREENING, CERTIFICATE, &[("Ended.pdf", &pdf())]).await.is(303);
    let lasting = [("kind", "certificate"), ("ends_on", "2029-01-01")];
    send(&w, &cookie, "/respond/evidence/adm.training", &lasting, &[("Lasting.txt", b"lasts")]).await.is(303);
    w.replied(vendor, &[]);
    w.days_pass(340);
    w.sweep().await;
    let link = w.link();
    let stranger = w.start(&link).await;
    let cookie = w.start_verified(&link).await;
    w.respondent_gets("/respond/people", &cookie)
        .await
        .is(200)
        .shows("Something in that answer has ended since")
        .lacks("adm.screening:same");
    w.respondent_gets(SCREENING, &cookie).await.shows("Lasting.txt").lacks("Ended.pdf");
    // A browser that has shown no code is offered nothing of last year.
    w.respondent_gets(SCREENING, &stranger).await.is(200).lacks("Lasting.txt");
    let all = documents(&w, vendor);
    let id = |name: &str| all.iter().find(|one| one.name == name).unwrap().id.to_string();
    let reuse = format!("{SCREENING}/reuse");
    w.respondent_posts(&reuse, &[("file", &id("Lasting.txt"))], &stranger).await.is(404);
    w.respondent_posts(&reuse, &[("file", &id("Ended.pdf"))], &cookie).await.is(404);
    w.respondent_posts(&reuse, &[("file", &id("Lasting.txt"))], &cookie).await.is(303);
    w.respondent_gets("/respond/people", &cookie).await.shows("Lasting.txt, until January 1, 2029");
    // Taken off again it stays in the register: last year's reply was signed with it.
    w.respondent_posts(&format!("{SCREENING}/remove"), &[("file", &id("Lasting.txt"))], &cookie).await.is(303);
    assert!(documents(&w, vendor).iter().all(|one| one.removed_at.is_none()));
});

service_test!(another_vendors_or_practices_document_can_be_neither_used_nor_taken_off, async |w: World| {
    let (other, staff) = w.other_practice();
    let name = [("name", "Theirs"), ("ba_status", "business-associate")];
    let page = w.post_as("/vendors/new", &name, STAFF_COOKIE, &staff).await;
    let theirs = page.location.trim_start_matches("/vendors/").split('?').next().unwrap().to_owned();
    let (neighbour, cookie) = answering(&w, "Neighbour").await;
    send(&w, &cookie, SCREENING, POLICY, &[("Neighbour.pdf", &pdf())]).await.is(303);
    let (vendor, cookie) = answering(&w, "LabCorp").await;
    let file = |practice: String, vendor: String| {
        let id = uuid::Uuid::now_v7().to_string();
        w.sql(&format!(
            "INSERT INTO documents VALUES ('{practice}', '{id}', '{vendor}', 'evidence', 'Not theirs.pdf', 'application/pdf', 1, 'x', 'nowhere', 'clean', '', NULL, 'Dana', '2026-11-20 00:00:00', NULL)"
        ));
        id
    };
    let foreign = [
        file(other.id.to_string(), theirs),
        // The practice's own paper about this vendor, which the vendor never sent.
        file(w.practice.id.to_string(), vendor.to_string()),
        documents(&w, neighbour)[0].id.to_string(),
        uuid::Uuid::now_v7().to_string(),
        "x' OR 1=1".to_owned(),
    ];
    w.respondent_gets(SCREENING, &cookie).await.is(200).lacks("Not theirs").lacks("Neighbour");
    for id in &foreign {
        for what in ["reuse", "remove"] {
            w.respondent_posts(&format!("{SCREENING}/{what}"), &[("file", id)], &cookie).await.is(404);
        }
    }
    // The same bytes at another vendor are a file of its own.
    send(&w, &cookie, SCREENING, POLICY, &[("Mine.pdf", &pdf())]).await.is(303);
    assert_eq!(documents(&w, vendor).iter().filter(|one| one.name == "Mine.pdf").count(), 1);
    assert!(documents(&w, neighbour).iter().all(|one| one.removed_at.is_none()));
});

/// A reply with a file under one answer, signed.
async fn signed_with_a_file(w: &World) -> (VendorId, String) {
    let (vendor, cookie) = answering(w, "LabCorp").await;
    send(w, &cookie, SCREENING, CERTIFICATE, &[("Screening.pdf", &pdf())]).await.is(303);
    w.respondent_posts("/respond/people", &[("adm.screening", "yes")], &cookie).await.is(303);
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
    (vendor, cookie)
}

fn in_force(w: &World, vendor: VendorId) -> Attestation {
    let id = newest(w, vendor);
    w.app.store.read(|conn| store::assessments::attestation(conn, &w.scope, id)).unwrap().unwrap()
}

service_test!(a_file_sent_with_a_correction_counts_from_the_new_signature, async |w: World| {
    let (vendor, cookie) = signed_with_a_file(&w).await;
    let (first, id) = (in_force(&w, vendor), newest(&w, vendor));
    w.respondent_posts("/respond/correct", &[("reason", "One answer was wrong.")], &cookie).await.is(303);
    w.respondent_gets("/respond/people", &cookie).await.shows("Screening.pdf, until").shows("value=\"evidence:");
    send(&w, &cookie, SCREENING, POLICY, &[("Later.txt", b"later")]).await.is(303);
    w.respondent_gets("/respond/check", &cookie).await.shows("Later.txt").shows("Screening.pdf");
    w.respondent_gets(CERTIFICATES, &cookie).await.shows("Later.txt").shows("Screening.pdf");
    w.get(&format!("/assessments/{id}")).await.shows("Screening.pdf").lacks("Later.txt");
    assert_eq!(documents(&w, vendor).len(), 2, "the practice has it on file at once");
    assert_eq!(in_force(&w, vendor), first);

    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
    assert!(in_force(&w, vendor).snapshot.contains("\"name\":\"Later.txt\""));
    w.respondent_gets("/respond/receipt", &cookie).await.shows("Later.txt");
    let page = w.get(&format!("/assessments/{id}")).await;
    page.shows("Later.txt").shows("<td>Screening.pdf</td>").shows("Screening.pdf, Later.txt");
});

service_test!(a_file_taken_off_in_a_correction_stays_with_the_version_before, async |w: World| {
    let (vendor, cookie) = signed_with_a_file(&w).await;
    let id = newest(&w, vendor);
    let file = documents(&w, vendor)[0].id.to_string();
    w.respondent_posts("/respond/correct", &[("reason", "The wrong file.")], &cookie).await.is(303);
    let remove = format!("{SCREENING}/remove");
    w.respondent_posts(&remove, &[("file", &file)], &cookie).await.is(303);
    w.respondent_posts(&remove, &[("file", &file)], &cookie).await.is(303);
    w.respondent_gets("/respond/check", &cookie).await.lacks("Screening.pdf");
    w.get(&format!("/assessments/{id}")).await.shows("Screening.pdf");
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
    assert!(!in_force(&w, vendor).snapshot.contains("Screening.pdf"));
    let page = w.get(&format!("/assessments/{id}")).await;
    page.shows("<td>Screening.pdf</td>").shows("<td>No file</td>");
    assert!(documents(&w, vendor)[0].removed_at.is_none(), "the version before names it");
});

service_test!(a_correction_that_is_left_changes_no_file_of_the_reply, async |w: World| {
    let (vendor, cookie) = signed_with_a_file(&w).await;
    let file = documents(&w, vendor)[0].id.to_string();
    w.respondent_posts("/respond/correct", &[("reason", "The wrong file.")], &cookie).await.is(303);
    w.respondent_posts(&format!("{SCREENING}/remove"), &[("file", &file)], &cookie).await.is(303);
    send(&w, &cookie, SCREENING, POLICY, &[("Later.txt", b"later")]).await.is(303);
    w.respondent_posts("/respond/correct/leave", &[], &cookie).await.leads_to("/respond/receipt");
    w.respondent_gets("/respond/receipt", &cookie).await.shows("Screening.pdf").lacks("Later.txt");
    w.respondent_gets(SCREENING, &cookie).await.leads_to("/respond/receipt");
    send(&w, &cookie, SCREENING, POLICY, &[("late.txt", b"late")]).await.leads_to("/respond/receipt");
    // One that was sent for the correction and taken off again leaves the practice's pages.
    w.respondent_posts("/respond/correct", &[("reason", "The wrong file.")], &cookie).await.is(303);
    send(&w, &cookie, SCREENING, POLICY, &[("Wrong.txt", b"wrong")]).await.is(303);
    let wrong = documents(&w, vendor).into_iter().find(|one| one.name == "Wrong.txt").unwrap();
    let fields = [("file", wrong.id.to_string())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    w.respondent_posts(&format!("{SCREENING}/remove"), &fields, &cookie).await.is(303);
    let wrong = documents(&w, vendor).into_iter().find(|one| one.name == "Wrong.txt").unwrap();
    assert!(wrong.removed_at.is_some());
});

service_test!(files_come_in_under_questions_that_were_sent_back_and_no_others, async |w: World| {
    let (vendor, cookie) = signed_with_a_file(&w).await;
    let remark = [("remark:adm.screening", "Which agency? Please send its report.")];
    w.post(&format!("/assessments/{}/return", newest(&w, vendor)), &remark).await.is(303);
    send(&w, &cookie, CERTIFICATES, CERTIFICATE, &[("Other.txt", b"other")]).await.is(404);
    send(&w, &cookie, SCREENING, POLICY, &[("Report.txt", b"report")]).await.is(303);
    w.respondent_gets("/respond/people", &cookie).await.shows("Report.txt");
    w.respondent_posts("/respond/sign", &SIGNER, &cookie).await.leads_to("/respond/receipt");
    let page = w.get(&format!("/assessments/{}", newest(&w, vendor))).await;
    page.shows("Changed the files under the answer.");
    // The next remark comes with what was said before, on both sides.
    let again = [("remark:adm.screening", "And of which year?")];
    let path = format!("/assessments/{}/return", newest(&w, vendor));
    w.get(&path).await.shows("Which agency?").shows("Changed the files");
    w.post(&path, &again).await.is(303);
    w.respondent_gets("/respond/people", &cookie).await.shows("And of which year?").shows("Which agency?");
});

service_test!(a_file_sent_again_with_the_day_it_ends_keeps_that_day, async |w: World| {
    let (vendor, cookie) = answering(&w, "LabCorp").await;
    send(&w, &cookie, SCREENING, POLICY, &[("Report.pdf", &pdf())]).await.is(303);
    send(&w, &cookie, SCREENING, CERTIFICATE, &[("Report.pdf", &pdf())]).await.is(303);
    let kept = documents(&w, vendor);
    assert_eq!((kept.len(), kept[0].ends_on), (1, "2027-03-01".parse().ok()));
    // Said once, it is not taken back by sending the file plainly.
    send(&w, &cookie, SCREENING, POLICY, &[("Report.pdf", &pdf())]).await.is(200);
    assert_eq!(documents(&w, vendor)[0].ends_on, "2027-03-01".parse().ok());
});

service_test!(a_file_that_lies_under_an_answer_may_be_sent_as_the_verification_letter, async |w: World| {
    let (vendor, cookie) = answering(&w, "LabCorp").await;
    send(&w, &cookie, SCREENING, POLICY, &[("Letter.pdf", &pdf())]).await.is(303);
    let letter = [("signed_on", "2026-11-20")];
    send(&w, &cookie, "/respond/verification", &letter, &[("Letter.pdf", &pdf())]).await.is(303);
    w.respondent_gets("/respond/verification", &cookie).await.shows("Letter.pdf, serves until November 20, 2027");
    assert_eq!(documents(&w, vendor).len(), 1);
});

service_test!(i_can_open_the_file_that_i_sent_after_the_code, async |w: World| {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    let link = w.link();
    let cookie = w.start_verified(&link).await;
    let sent = send(&w, &cookie, SCREENING, POLICY, &[("Screening.pdf", &pdf())]).await;
    w.respondent_gets(sent.location.split('#').next().unwrap(), &cookie).await.shows("Your files are kept");
    let path = format!("/respond/files/{}", documents(&w, vendor)[0].id);
    w.respondent_gets("/respond/people", &cookie).await.shows(&path);
    let file = w.respondent_gets(&path, &cookie).await;
    assert_eq!((file.is(200).bytes.as_slice(), file.cookies.len()), (pdf().as_slice(), 0));
    assert!(file.headers.iter().any(|(name, value)| name == "content-disposition" && value.starts_with("attachment")));
    // With the link alone it is not given out, nor to another vendor at all.
    let stranger = w.start(&link).await;
    w.respondent_gets(&path, &stranger).await.is(303);
    let other = w.vendor_with("Other", |details| details.contact_email = Some("kim@other.test".to_owned()));
    w.post(&format!("/vendors/{other}/ask"), &[]).await.is(303);
    w.deliver().await;
    let kim = w.start_verified(&w.link()).await;
    w.respondent_gets(&path, &kim).await.is(404);
    w.respondent_gets("/respond/files/none", &cookie).await.is(404);
});

service_test!(a_certificate_that_ended_is_kept_and_a_newer_one_asked_for, async |w: World| {
    let (vendor, cookie) = answering(&w, "LabCorp").await;
    let ended = [("kind", "certificate"), ("ends_on", "2025-03-01")];
    let page = send(&w, &cookie, SCREENING, &ended, &[("Old.pdf", &pdf())]).await;
    page.is(200).shows("This ended on March 1, 2025: is there a newer one?").shows("Back to the question");
    assert_eq!(documents(&w, vendor).len(), 1);
    w.respondent_gets("/respond/people", &cookie).await.shows("Old.pdf, which ended on March 1, 2025");
});
