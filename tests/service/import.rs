//! A vendor list comes in: all of it, or nothing.

use actix_web::test::TestRequest;
use duecare::domain::entry::{Act, Actor};
use duecare::domain::exposure::{Access, Element, Volume};
use duecare::domain::vendor::BaStatus;
use duecare::domain::vendor_file::{Replies, Told, read_guessing};
use duecare::flows::import::{self, ImportError, List};
use duecare::secrets;
use duecare::store::{self, vendor_list::Filter};

use crate::world::{Page, World, service_test};

const LIST: &str = "\u{feff}Name;Contact e-mail;PHI elements;Volume;Access;baa_signed_on;colour\r\n\
    Acme Billing;jo@acme.test;clinical notes;4,200;hosts;1/31/2026;red\r\n\
    \r\n\
    \"Shred; Co\";;contact;<500;occasional paper or file;2026-02-01;\r\n";

fn count(w: &World) -> u32 {
    w.app.store.read(|conn| store::vendor_list::total(conn, &w.scope, &Filter::default(), w.today())).unwrap()
}

/// As on the command line.
fn import(w: &World, text: &str) -> Result<(usize, usize, usize), Vec<String>> {
    let list = match read_guessing(text.as_bytes(), &Told::default()) {
        Ok(file) => List { name: "list.csv".to_owned(), file, replies: Replies::new() },
        Err(faults) => return Err(faults.iter().map(ToString::to_string).collect()),
    };
    let done = w
        .app
        .store
        .write(|conn| import::import(conn, &w.app.office, &w.practice, list, &Actor::Program, w.now(), &mut |_, _| {}));
    match done {
        Ok(plan) => Ok((plan.new_count(), plan.changed_count(), plan.unchanged_count())),
        Err(ImportError::Faults(faults)) => Err(faults.iter().map(ToString::to_string).collect()),
        Err(ImportError::Store(error)) => panic!("{error}"),
    }
}

service_test!(a_list_from_a_spreadsheet_comes_in_and_a_second_time_changes_nothing, async |w: World| {
    assert_eq!(import(&w, LIST), Ok((2, 0, 0)));
    assert_eq!(import(&w, LIST), Ok((0, 0, 2)));
    let acme = w.app.store.read(|conn| store::vendors::all(conn, &w.scope)).unwrap().remove(0);
    assert_eq!(acme.details.exposure.elements, [Element::Clinical].into());
    assert_eq!(acme.details.exposure.volume, Volume::Under5000);
    assert_eq!(acme.details.exposure.access, [Access::Hosts].into());
    assert_eq!(acme.details.agreement_signed_on, Some("2026-01-31".parse().unwrap()));
    assert!(acme.details.notes.contains("red"), "{}", acme.details.notes);
});

service_test!(one_fault_keeps_the_whole_list_out, async |w: World| {
    let faults = import(&w, "name,contact_email\nAcme,jo@acme.test\nBeta,jo@@beta\n,x@y.test\n").unwrap_err();
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(
        faults[0].starts_with("line 3, column contact_email: ") && faults[1].starts_with("line 4, column name: "),
        "{faults:?}"
    );
    assert_eq!(count(&w), 0);
});

async fn upload(w: &World, name: &str, content: impl AsRef<[u8]>) -> Page {
    let (cookie, token) = staff(w);
    let head = format!(
        "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n\
         --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
    );
    let body = [head.as_bytes(), content.as_ref(), b"\r\n--b--\r\n"].concat();
    let request = TestRequest::post()
        .uri("/vendors/import")
        .insert_header(("Content-Type", "multipart/form-data; boundary=b"))
        .set_payload(body);
    w.send(request, Some((duecare::web::session::STAFF_COOKIE, &cookie))).await
}

/// A cookie of a session of its own, and a form token for it.
fn staff(w: &World) -> (String, String) {
    let user = w.app.store.read(|conn| store::users::by_email(conn, "dana@maple.test")).unwrap().unwrap();
    let session =
        w.app.store.write(|conn| duecare::flows::sign_in::new_session(conn, user.id, w.practice.id, w.now())).unwrap();
    let token = w.app.office.key.form_token(&secrets::digest(&session.cookie));
    (session.cookie, token)
}

service_test!(the_page_previews_and_brings_in_on_confirmation_only, async |w: World| {
    let preview = upload(&w, "list.csv", LIST).await;
    preview.is(200).shows("Bring in 2 vendors").shows("Acme Billing").shows("colour");
    assert_eq!(count(&w), 0);
    let at = preview.text.find("/vendors/import/").unwrap();
    let confirm = preview.text[at..].split('"').next().unwrap();
    w.post(confirm, &[]).await.leads_to("/vendors?new=2&changed=0");
    assert_eq!(count(&w), 2);
    // Pressed twice.
    w.post(confirm, &[]).await.leads_to("/vendors");
    assert_eq!(count(&w), 2);
    upload(&w, "list.csv", LIST).await.is(200).shows("Nothing will change");
});

service_test!(a_file_that_no_answer_mends_is_refused_with_a_reason, async |w: World| {
    let page = upload(&w, "<b>.csv", "name,notes\nAcme,\"open\nBeta,x\n").await;
    page.is(422).shows("quotation mark").shows("&lt;b&gt;.csv").lacks("<b>.csv");
    upload(&w, "", "").await.is(422).shows("Choose a file first");
    upload(&w, "list.xlsx", "PK\u{3}\u{4}rest").await.is(422).shows("damaged, or has a password");
});

/// A list as a busy office keeps it.
fn messy() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let title = rust_xlsxwriter::Format::new();
    sheet.merge_range(0, 0, 0, 5, "Vendors of Maple Family Practice", &title).unwrap();
    let rows = [
        ["Vendor name", "Email", "Business Associate?", "Expiration date", "Phone", "Colour"],
        ["Acme\u{a0}Billing ", "jo@acme.test; al@acme.test", "Yes", "1/5/28", "555-0100", "red"],
        ["", "", "", "", "", ""],
        ["Water Co", "N/A", "No", "TBD", "-", "blue"],
        ["Beta Labs", "kim@beta.test", "Yes", "Jan 5, 2028", "", ""],
        ["Total", "3", "", "", "", ""],
    ];
    for (row, cells) in (2..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// The questions on a page with the answers that are suggested, and these.
fn answers(page: &Page, chosen: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for question in page.text.split("<fieldset").skip(1) {
        let key = question.split("name=\"shown\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let suggested = question
            .split("<input type=\"radio\"")
            .chain(question.split("<option"))
            .filter(|option| {
                option.split('>').next().unwrap().contains(" checked")
                    || option.split('>').next().unwrap().contains(" selected")
            })
            .filter_map(|option| option.split("value=\"").nth(1)?.split('"').next().map(str::to_owned))
            .next();
        let told = chosen.iter().find(|(asks, _)| question.contains(asks)).map(|(_, choice)| (*choice).to_owned());
        fields.push(("shown".to_owned(), key.clone()));
        fields.extend(told.or(suggested).map(|choice| (key, choice)));
    }
    fields
}

async fn press(w: &World, path: &str, fields: &[(String, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    w.post(path, &fields).await
}

service_test!(a_messy_workbook_comes_in_by_questions_and_a_second_time_changes_nothing, async |w: World| {
    let at = upload(&w, "our vendors.xlsx", messy()).await;
    assert_eq!(at.status.as_u16(), 303, "{}", at.text);
    assert!(at.location.ends_with("/columns"), "{}", at.location);
    let import = at.location.trim_end_matches("/columns").to_owned();
    // The columns are guessed; nothing is written.
    let columns = w.get(&at.location).await;
    columns.is(200).shows("Vendor name").shows("Acme").shows("Line 3: Vendor name").shows("Expiration date");
    w.get(&import).await.leads_to(&at.location);
    let guessed = [
        ("c0", "name"),
        ("c1", "contact_email"),
        ("c2", "ba_status"),
        ("c3", "baa_ends_on"),
        ("c4", "keep"),
        ("c5", "keep"),
    ];
    for (column, target) in guessed {
        let select =
            columns.text.split(&format!("<select id=\"{column}\"")).nth(1).unwrap().split("</select>").next().unwrap();
        assert!(select.contains(&format!("value=\"{target}\" selected")), "{column} {target}: {select}");
    }
    // Twice the name, or none, is an error by the column.
    let row = [("row", "3"), ("shown_row", "3")];
    let twice: Vec<(&str, &str)> = row
        .iter()
        .copied()
        .chain([("c0", "name"), ("c1", "name"), ("c2", "keep"), ("c3", "keep"), ("c4", "keep"), ("c5", "keep")])
        .collect();
    w.post(&at.location, &twice).await.is(422).shows("is Name already").shows("href=\"#c1\"");
    let chosen: Vec<(&str, &str)> =
        row.iter().copied().chain(guessed[..5].iter().copied()).chain([("c5", "out")]).collect();
    let questions_at = format!("{import}/questions");
    w.post(&at.location, &chosen).await.leads_to(&questions_at);
    // The questions, with an answer chosen where that is safe.
    let questions = w.get(&questions_at).await;
    questions.is(200).shows("3 questions").shows("gets the questionnaire?").shows("Is “Total” a vendor?");
    w.get(&import).await.leads_to(&questions_at);
    let none: Vec<(String, String)> =
        answers(&questions, &[]).into_iter().filter(|(name, _)| name == "shown").collect();
    press(&w, &questions_at, &none).await.is(422).shows("Choose an answer");
    let given = answers(&questions, &[("gets the questionnaire?", "al@acme.test"), ("“No”", "no-phi")]);
    press(&w, &questions_at, &given).await.leads_to(&questions_at);
    w.get(&questions_at).await.leads_to(&import);
    // The preview, and one confirmation.
    let preview = w.get(&import).await;
    preview
        .is(200)
        .shows("Bring in 3 vendors")
        .shows("Change your 3 answers")
        .shows("Business associate: ")
        .lacks("Ba status");
    w.get(&format!("{questions_at}?all=1")).await.is(200).shows("al@acme.test");
    assert_eq!(count(&w), 0);
    w.post(&format!("{import}/confirm"), &[]).await.leads_to("/vendors?new=3&changed=0");
    w.get(&import).await.is(404);
    let vendors = w.app.store.read(|conn| store::vendors::all(conn, &w.scope)).unwrap();
    let acme = vendors.iter().find(|one| one.details.name == "Acme Billing").unwrap();
    assert_eq!(acme.details.contact_email.as_deref(), Some("al@acme.test"));
    assert_eq!(acme.details.notes, "Other e-mail: jo@acme.test\nPhone: 555-0100");
    assert_eq!(acme.details.agreement_ends_on, Some("2028-01-05".parse().unwrap()));
    let water = vendors.iter().find(|one| one.details.name == "Water Co").unwrap();
    assert_eq!((water.details.ba_status, water.details.contact_email.as_deref()), (BaStatus::NoPhi, None));
    // One line of the history tells of it.
    let about = store::entries::About { act: Some(Act::Imported), ..store::entries::About::default() };
    let told = w.app.store.read(|conn| store::entries::list(conn, &w.scope, &about, 10, 0)).unwrap();
    assert_eq!(
        told.iter().map(|(one, _)| one.sentence.as_str()).collect::<Vec<_>>(),
        ["imported “our vendors.xlsx”: 3 new, 0 changed and 0 unchanged vendors"]
    );
    // The same file with the same answers changes nothing.
    let again = upload(&w, "our vendors.xlsx", messy()).await.location;
    let import = again.trim_end_matches("/columns").to_owned();
    w.post(&again, &chosen).await;
    press(&w, &format!("{import}/questions"), &given).await;
    w.get(&import).await.is(200).shows("Nothing will change");
});

service_test!(a_strange_word_is_asked_about_and_the_answer_can_be_changed, async |w: World| {
    let at = upload(&w, "list.csv", "name,volume\nAcme,plenty\nBeta,plenty\n").await;
    assert!(at.location.ends_with("/questions"), "{}", at.location);
    let import = at.location.trim_end_matches("/questions").to_owned();
    let page = w.get(&at.location).await;
    page.is(200).shows("One question").shows("What does “plenty” mean").shows("lines 2 (Acme) and 3 (Beta)");
    press(&w, &at.location, &answers(&page, &[("plenty", "500-4999")])).await;
    w.get(&import).await.is(200).shows("500 to 4,999");
    let page = w.get(&format!("{}?all=1", at.location)).await;
    press(&w, &at.location, &answers(&page, &[("plenty", "<500")])).await;
    w.get(&import).await.is(200).shows("Fewer than 500");
    // An answer that was never offered is none.
    press(&w, &at.location, &answers(&page, &[("plenty", "<script>")])).await.is(422).shows("Choose an answer");
});

service_test!(the_line_of_the_headings_can_be_chosen_anew, async |w: World| {
    let at = upload(&w, "list.csv", "Vendor,Email\nCompany,Contact e-mail\nAcme,jo@acme.test\n").await.location;
    w.get(&at).await.is(200).shows("Line 2: Company · Contact e-mail");
    w.post(&at, &[("row", "1"), ("shown_row", "2"), ("act", "look")]).await.leads_to(&at);
    w.get(&at).await.is(200).shows("What “Vendor” is");
    w.post(&at, &[("row", "none"), ("shown_row", "1"), ("act", "look")]).await.leads_to(&at);
    w.get(&at).await.is(200).shows("What “Column 1” is");
});

service_test!(two_vendors_of_one_name_on_the_list_are_asked_about, async |w: World| {
    for number in ["1", "2"] {
        w.vendor_with("Twin", |details| details.external_id = Some(number.to_owned()));
    }
    let at = upload(&w, "list.csv", "name,owner\nTwin,Pat\n").await.location;
    let page = w.get(&at).await;
    page.is(200).shows("Which vendor on your list is “Twin”?").shows("number 2");
    let value = page
        .text
        .split("value=\"")
        .find(|part| part.contains("number 2"))
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    press(&w, &at, &answers(&page, &[("Twin", &value)])).await;
    let import = at.trim_end_matches("/questions");
    w.post(&format!("{import}/confirm"), &[]).await.leads_to("/vendors?new=0&changed=1");
    let vendors = w.app.store.read(|conn| store::vendors::all(conn, &w.scope)).unwrap();
    let owners: Vec<(Option<&str>, &str)> =
        vendors.iter().map(|one| (one.details.external_id.as_deref(), one.details.owner.as_str())).collect();
    assert!(owners.contains(&(Some("2"), "Pat")) && !owners.contains(&(Some("1"), "Pat")), "{owners:?}");
});

service_test!(the_sweep_forgets_an_upload_that_nobody_confirmed, async |w: World| {
    let at = upload(&w, "list.xlsx", messy()).await.location;
    w.get(&at).await.is(200);
    w.sweep().await;
    w.get(&at).await.is(200);
    w.days_pass(2);
    w.sweep().await;
    w.get(&at).await.is(404);
});

service_test!(an_upload_of_another_practice_is_not_there, async |w: World| {
    let at = upload(&w, "list.xlsx", messy()).await.location;
    let import = at.trim_end_matches("/columns");
    let (_, cookie) = w.other_practice();
    for page in ["", "/columns", "/questions"] {
        w.get_as(&format!("{import}{page}"), &cookie).await.is(404);
    }
    for page in ["/columns", "/questions"] {
        w.post_as(&format!("{import}{page}"), &[], duecare::web::session::STAFF_COOKIE, &cookie).await.is(404);
    }
    w.post_as(&format!("{import}/confirm"), &[], duecare::web::session::STAFF_COOKIE, &cookie)
        .await
        .leads_to("/vendors");
    assert_eq!(count(&w), 0);
});

service_test!(a_question_names_the_vendor_of_its_line, async |w: World| {
    let page = upload(&w, "list.csv", "name,contact_email\nBeta,x@beta.test\nAcme Billing,jo@@acme.test\n").await;
    let asked = if page.location.is_empty() { page } else { w.get(&page.location).await };
    asked.is(200).shows("line 3 (Acme Billing)");
});

service_test!(what_comes_in_is_told_in_words_one_detail_a_line, async |w: World| {
    let page = upload(&w, "list.csv", "name,ba_status,baa_signed_on\nAcme,business-associate,2026-01-31\n").await;
    let at = if page.location.is_empty() { page } else { w.get(&page.location).await };
    at.is(200)
        .shows("<li>Agreement signed on: Jan 31, 2026</li>")
        .shows("<li>Business associate: Business associate</li>");
    at.lacks("ba_status").lacks("baa_signed_on");
});
