//! The questionnaire read before starting, taken away as a workbook, and brought back.

use std::io::{Cursor, Read, Write};

use actix_web::http::Method;
use actix_web::test::TestRequest;
use duecare::domain::answers::sheet::{ANSWER, read};
use duecare::domain::answers::{Answers, Grade, Value};
use duecare::domain::ids::VendorId;
use duecare::domain::standing::Status;
use duecare::secrets;
use duecare::store;
use duecare::web::session::RESPONDENT_COOKIE;

use crate::world::{Page, World, service_test};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const DONE: &str = "org.self-check.done";
const DATE: &str = "org.self-check.date";
const PLAN: &str = "adm.risk.plan";

/// Writes texts into cells of a workbook, by the line's key and the distance from the answer.
fn filled(bytes: &[u8], cells: &[(&str, usize, &str)]) -> Vec<u8> {
    let mut book = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..book.len() {
        let mut part = book.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        if name == "xl/worksheets/sheet2.xml" {
            let mut text = String::from_utf8(content).unwrap();
            for (key, offset, said) in cells {
                text = with_cell(&text, &cell(bytes, key, *offset), said);
            }
            content = text.into_bytes();
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(&content).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// The name of a cell: `I12`.
fn cell(bytes: &[u8], key: &str, offset: usize) -> String {
    let rows = read::rows(bytes).unwrap();
    let (line, _) = rows.iter().find(|(_, cells)| cells[0] == key).unwrap_or_else(|| panic!("no line {key}"));
    format!("{}{line}", ["I", "J", "K", "L"][offset])
}

fn with_cell(sheet: &str, name: &str, said: &str) -> String {
    let start = sheet.find(&format!("<c r=\"{name}\"")).unwrap_or_else(|| panic!("no cell {name}"));
    let rest = &sheet[start..];
    let tag = rest.find('>').unwrap();
    let end = if rest[..tag].ends_with('/') { tag + 1 } else { rest.find("</c>").unwrap() + 4 };
    let said = said.replace('&', "&amp;").replace('<', "&lt;");
    format!("{}<c r=\"{name}\" t=\"inlineStr\"><is><t>{said}</t></is></c>{}", &sheet[..start], &rest[end..])
}

/// What a line of the workbook has in its answer.
fn answer(bytes: &[u8], key: &str) -> String {
    let rows = read::rows(bytes).unwrap();
    let (_, cells) = rows.into_iter().find(|(_, cells)| cells[0] == key).unwrap();
    cells.get(ANSWER).cloned().unwrap_or_default()
}

async fn upload(w: &World, cookie: &str, name: &str, bytes: &[u8]) -> Page {
    let token = w.app.office.key.form_token(&secrets::digest(cookie));
    let mut body =
        format!("--b0undary\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n").into_bytes();
    body.extend_from_slice(
        format!("--b0undary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {XLSX}\r\n\r\n")
            .as_bytes(),
    );
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--b0undary--\r\n");
    let request = TestRequest::post()
        .uri("/respond/upload")
        .insert_header(("Content-Type", "multipart/form-data; boundary=b0undary"))
        .set_payload(body);
    w.send(request, Some((RESPONDENT_COOKIE, cookie))).await
}

/// The form of the page that shows what would change, as a browser sends it.
fn form(page: &Page) -> Vec<(String, String)> {
    let plain = |text: &str| {
        let pairs = [("&quot;", "\""), ("&#x27;", "'"), ("&#x3D;", "="), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
        pairs.iter().fold(text.to_owned(), |text, (code, sign)| text.replace(code, sign))
    };
    let mut fields = Vec::new();
    for input in page.text.split("<input ").skip(1) {
        let input = input.split('>').next().unwrap_or_default();
        let part = |name: &str| {
            let (_, rest) = input.split_once(&format!("{name}=\""))?;
            Some(plain(rest.split('"').next().unwrap_or_default()))
        };
        let (Some(name), Some(value)) = (part("name"), part("value")) else { continue };
        let sent = input.contains("type=\"hidden\"") || input.ends_with("checked");
        if sent && name != "csrf" {
            fields.push((name, value));
        }
    }
    fields
}

async fn confirm(w: &World, cookie: &str, fields: &[(String, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    w.respondent_posts("/respond/upload/save", &fields, cookie).await
}

fn answers(w: &World, vendor: VendorId) -> Answers {
    w.app
        .store
        .read(|conn| {
            let open = store::assessments::of_vendor(conn, &w.scope, vendor)?;
            store::answers::of(conn, &w.scope, open[0].id)
        })
        .unwrap()
}

async fn begun(w: &World) -> (VendorId, String, String) {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    let link = w.link();
    let cookie = w.start_verified(&link).await;
    (vendor, link, cookie)
}

service_test!(all_questions_are_read_by_the_link_without_starting_and_without_answers, async |w: World| {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    let link = w.link();
    w.visit(&link).await.is(200).shows(&format!("{link}/questions"));
    let page = w.visit(&format!("{link}/questions")).await;
    page.is(200).shows("LabCorp").shows("What would support it").shows("Not sure").shows("questions.xlsx");
    let blank = w.visit(&format!("{link}/questions.xlsx")).await;
    blank.is(200);
    assert!(blank.headers.iter().any(|(name, value)| name == "content-type" && value == XLSX));
    assert_eq!(answer(&blank.bytes, DONE), "");
    for path in ["/questions", "/questions.xlsx"] {
        let head = TestRequest::with_uri(&format!("{link}{path}")).method(Method::HEAD);
        w.send(head, None).await.is(200);
    }
    assert_eq!(w.see(vendor).standing.status, Status::Invited, "reading is not starting");

    let cookie = w.start_verified(&link).await;
    let saved = [(DONE, "yes"), (DATE, "2026-10-01")];
    w.respondent_posts("/respond/self-check", &saved, &cookie).await;
    w.visit(&format!("{link}/questions")).await.is(200).lacks("10/1/2026").lacks("October 1, 2026");
    assert_eq!(answer(&w.visit(&format!("{link}/questions.xlsx")).await.bytes, DATE), "");
    w.visit("/i/nobody-knows-this/questions.xlsx").await.is(404);
});

service_test!(whoever_started_takes_the_saved_answers_along, async |w: World| {
    let (_, _, cookie) = begun(&w).await;
    w.respondent_posts("/respond/self-check", &[(DONE, "yes"), (DATE, "2026-10-01")], &cookie).await;
    w.respondent_gets("/respond", &cookie).await.shows("/respond/questions").shows("/respond/upload");
    w.respondent_gets("/respond/questions", &cookie).await.is(200).lacks("October 1, 2026");
    let book = w.respondent_gets("/respond/questions.xlsx", &cookie).await;
    assert_eq!(answer(&book.bytes, DATE), "10/1/2026");
    assert_eq!(w.history()[0], "took the questionnaire away as a workbook, with 2 saved answers");
    w.visit("/respond/questions.xlsx").await.is(404);
    w.visit("/respond/upload").await.is(404);
});

service_test!(a_filled_in_workbook_is_shown_for_checking_and_saved_by_one_press, async |w: World| {
    let (vendor, _, cookie) = begun(&w).await;
    w.respondent_posts("/respond/self-check", &[(DONE, "yes"), (DATE, "2026-10-01")], &cookie).await;
    let book = w.respondent_gets("/respond/questions.xlsx", &cookie).await.bytes;
    let book = filled(
        &book,
        &[(DATE, 0, "10/15/2026"), (PLAN, 0, "Not yet, but planned"), (PLAN, 2, "2027-02-01"), (DONE, 0, "")],
    );
    let check = upload(&w, &cookie, "answers.xlsx", &book).await;
    check.is(200).shows("2 answers would change").shows("October 1, 2026").shows("October 15, 2026");
    check.shows("Not yet, but planned, by February 1, 2027").shows("Nothing is saved yet").lacks("could not be read");
    assert_eq!(answers(&w, vendor)[DATE].value, Value::Date("2026-10-01".parse().unwrap()), "nothing is saved yet");

    confirm(&w, &cookie, &form(&check)).await.leads_to("/respond/check?done=workbook");
    let saved = answers(&w, vendor);
    assert_eq!(saved[DATE].value, Value::Date("2026-10-15".parse().unwrap()));
    assert_eq!(saved[PLAN].value, Value::Grade(Grade::Planned));
    assert!(saved.contains_key(DONE), "a blank cell changes nothing");
    assert_eq!(
        w.history()[..2],
        ["saved 2 answers", "uploaded a workbook with 2 answers that differ and 0 faults, not saved yet"]
    );

    // Pressed twice, or uploaded twice: there is nothing more to do.
    confirm(&w, &cookie, &form(&check)).await.leads_to("/respond/check?done=workbook");
    upload(&w, &cookie, "answers.xlsx", &book).await.is(200).shows("Nothing in the workbook differs");
});

service_test!(a_blank_workbook_of_the_link_is_filled_in_and_brought_back, async |w: World| {
    let (vendor, link, cookie) = begun(&w).await;
    let book = w.visit(&format!("{link}/questions.xlsx")).await.bytes;
    let book =
        filled(&book, &[(DONE, 0, "Not sure"), (PLAN, 0, "Does not apply to us"), (PLAN, 1, "=cmd|' /C calc'!A0 <b>")]);
    let check = upload(&w, &cookie, "answers.xlsx", &book).await;
    check.is(200).shows("2 answers would change").lacks("<b>");
    let mut fields = form(&check);
    // One of them is not wanted after all.
    fields.retain(|(name, value)| name != "take" || value != DONE);
    confirm(&w, &cookie, &fields).await.leads_to("/respond/check?done=workbook");
    let saved = answers(&w, vendor);
    assert_eq!(saved.keys().collect::<Vec<_>>(), [PLAN]);
    assert_eq!(saved[PLAN].reason.as_deref(), Some("=cmd|' /C calc'!A0 <b>"));
});

service_test!(what_is_wrong_is_named_by_its_cell_and_the_rest_may_be_saved, async |w: World| {
    let (vendor, _, cookie) = begun(&w).await;
    let book = w.respondent_gets("/respond/questions.xlsx", &cookie).await.bytes;
    let bad = filled(&book, &[(DONE, 0, "perhaps"), (DATE, 0, "yesterday"), (PLAN, 0, "Yes")]);
    let check = upload(&w, &cookie, "answers.xlsx", &bad).await;
    check.is(200).shows(&format!("<strong>{}</strong>: Choose one of: ", cell(&book, DONE, 0)));
    check.shows(&format!("<strong>{}</strong>", cell(&book, DATE, 0))).shows("/respond/self-check#");
    check.shows("1 answer would change");
    confirm(&w, &cookie, &form(&check)).await.leads_to("/respond/check?done=workbook");
    assert_eq!(answers(&w, vendor).keys().collect::<Vec<_>>(), [PLAN]);
});

/// Our own workbook of a demonstration's vendor, filled in and saved by LibreOffice 7.4: every cell
/// that takes something, dates as they are typed and in a format of its own, a number as a number,
/// a reason beside every answer. Its hidden columns have to be there still.
const FROM_LIBREOFFICE: &[u8] = include_bytes!("offline/libreoffice.xlsx");

service_test!(a_workbook_that_went_through_libreoffice_is_read_whole, async |w: World| {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    let cookie = w.start_verified(&w.link()).await;
    let page = upload(&w, &cookie, "questions.xlsx", FROM_LIBREOFFICE).await;
    page.is(200).shows("30 answers would change").lacks("could not be read");
    page.shows("March 15, 2026").shows("Typed here, pat@vendor.example, +1 555 0100").lacks("are not asked");
    // What is left out is said, cell by cell: two questions on paper, which this one has not.
    page.shows("<strong>I35</strong>: Is paper").shows("<strong>I36</strong>: Is unneeded paper");
    page.shows("These words stand beside answers that take none")
        .shows("<strong>J2</strong>: Because — Ümläut &amp; &lt;so&gt;");
    confirm(&w, &cookie, &form(&page)).await.is(303);
    let answers = answers(&w, vendor);
    assert_eq!(answers.len(), 30);
    assert_eq!(answers["inc.tell-us.hours"].value, Value::Number(3));
    assert_eq!(answers[DATE].value, Value::Date("2026-03-15".parse().unwrap()));
    assert_eq!(answers[DONE].value, Value::Grade(Grade::Yes));
    let again = upload(&w, &cookie, "questions.xlsx", FROM_LIBREOFFICE).await;
    again.shows("Nothing in the workbook differs");
});

service_test!(an_old_workbook_undoes_nothing_that_was_answered_meanwhile, async |w: World| {
    let (vendor, _, cookie) = begun(&w).await;
    w.respondent_posts("/respond/self-check", &[(DATE, "2026-10-01")], &cookie).await;
    let book = w.respondent_gets("/respond/questions.xlsx", &cookie).await.bytes;
    // A colleague corrects the date on the site.
    w.respondent_posts("/respond/self-check", &[(DATE, "2026-10-20")], &cookie).await;
    let untouched = filled(&book, &[(PLAN, 0, "Yes")]);
    let check = upload(&w, &cookie, "answers.xlsx", &untouched).await;
    check.shows("1 answer would change").lacks("Answered otherwise");

    let changed = filled(&book, &[(DATE, 0, "2026-10-05"), (PLAN, 0, "Yes")]);
    let check = upload(&w, &cookie, "answers.xlsx", &changed).await;
    check.shows("2 answers would change").shows("Answered otherwise").shows("October 20, 2026");
    confirm(&w, &cookie, &form(&check)).await.leads_to("/respond/check?done=workbook");
    let date = |w: &World| answers(w, vendor)[DATE].value.clone();
    assert_eq!(date(&w), Value::Date("2026-10-20".parse().unwrap()), "not ticked, not taken");

    let mut fields = form(&check);
    fields.push(("take".to_owned(), DATE.to_owned()));
    // Meanwhile once more.
    w.respondent_posts("/respond/self-check", &[(DATE, "2026-10-21")], &cookie).await;
    let again = confirm(&w, &cookie, &fields).await;
    again.is(409).shows("October 21, 2026").shows("October 5, 2026");
    let mut fields = form(&again);
    fields.push(("take".to_owned(), DATE.to_owned()));
    confirm(&w, &cookie, &fields).await.leads_to("/respond/check?done=workbook");
    assert_eq!(date(&w), Value::Date("2026-10-05".parse().unwrap()));
});

/// A workbook that unpacks to far more than it is.
fn bomb(book: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new_append(Cursor::new(book.to_vec())).unwrap();
    zip.start_file("xl/media/bomb.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let zeros = vec![0_u8; 1024 * 1024];
    for _ in 0..64 {
        zip.write_all(&zeros).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn with_macros(book: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new_append(Cursor::new(book.to_vec())).unwrap();
    zip.start_file("xl/vbaProject.bin", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(b"Sub Auto_Open()").unwrap();
    zip.finish().unwrap().into_inner()
}

service_test!(hostile_files_are_refused_and_change_nothing, async |w: World| {
    let (vendor, _, cookie) = begun(&w).await;
    let book = w.respondent_gets("/respond/questions.xlsx", &cookie).await.bytes;
    let another = duecare::report::spreadsheet::xlsx("Vendors", &[], [], w.now()).unwrap();
    let cases: Vec<(&str, Vec<u8>, u16, &str)> = vec![
        ("answers.xlsx", Vec::new(), 422, "The file is empty"),
        ("answers.xlsx", b"MZ\x90 a program".to_vec(), 422, "Save the workbook anew"),
        ("answers.xlsx", book[..book.len() / 2].to_vec(), 422, "Save the workbook anew"),
        ("answers.xlsx", bomb(&book), 422, "unpacks to something far larger"),
        ("answers.xlsx", with_macros(&book), 422, "macros"),
        ("answers.xlsx", another, 422, "not the workbook with the questions"),
        ("answers.exe", book.clone(), 422, "not the workbook with the questions"),
        ("answers.xlsm", book.clone(), 422, "not the workbook with the questions"),
        ("answers.xlsx", vec![b'x'; 21 * 1024 * 1024], 413, "larger than 20 MB"),
    ];
    for (name, bytes, status, says) in cases {
        let page = upload(&w, &cookie, name, &bytes).await;
        page.is(status).shows("There is a problem").shows(says);
        assert!(w.history()[0].starts_with("uploaded a workbook that was not taken: "), "{says}");
    }
    upload(&w, &cookie, "", b"").await.is(422).shows("Choose a file first");
    assert!(answers(&w, vendor).is_empty());
    // A forged form is no upload.
    let forged = TestRequest::post()
        .uri("/respond/upload")
        .insert_header(("Content-Type", "multipart/form-data; boundary=b0undary"))
        .set_payload("--b0undary\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nx\r\n--b0undary--\r\n");
    w.send(forged, Some((RESPONDENT_COOKIE, &cookie))).await.is(403);
});

service_test!(nothing_is_taken_from_a_workbook_after_the_signature, async |w: World| {
    let (vendor, _, cookie) = begun(&w).await;
    let book = w.respondent_gets("/respond/questions.xlsx", &cookie).await.bytes;
    let book = filled(&book, &[(PLAN, 0, "No")]);
    let check = upload(&w, &cookie, "answers.xlsx", &book).await;
    let fields = form(&check);
    w.replied(vendor, &[]);
    upload(&w, &cookie, "answers.xlsx", &book).await.leads_to("/respond/receipt");
    confirm(&w, &cookie, &fields).await.is(409).shows("already signed");
    assert_eq!(answers(&w, vendor)[PLAN].value, Value::Grade(Grade::Yes));
});

service_test!(answers_that_no_page_showed_are_not_saved, async |w: World| {
    let (vendor, _, cookie) = begun(&w).await;
    let owned = |fields: &[(&str, &str)]| -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    for fields in [
        owned(&[("take", "no.such.question"), ("no.such.question", "yes"), ("seen", "no.such.question:-")]),
        owned(&[("take", PLAN), (PLAN, "yes")]),
        owned(&[("take", PLAN), ("seen", "x")]),
        owned(&[]),
    ] {
        confirm(&w, &cookie, &fields).await.leads_to("/respond/check?done=workbook");
    }
    let bad = owned(&[("take", PLAN), (PLAN, "perhaps"), ("seen", &format!("{PLAN}:-"))]);
    confirm(&w, &cookie, &bad).await.is(422).shows("Choose one of the answers");
    assert!(answers(&w, vendor).is_empty());
});
