//! A vendor list comes in: all of it, or nothing.

use actix_web::test::TestRequest;
use duecare::domain::exposure::{Access, Element, Volume};
use duecare::flows::import::{self, ImportError};
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

fn import(w: &World, text: &str) -> Result<(usize, usize, usize), Vec<String>> {
    let done = w.app.store.write(|conn| {
        import::import(
            conn,
            &w.app.office,
            &w.practice,
            text.as_bytes(),
            &duecare::domain::entry::Actor::Program,
            w.now(),
            &mut |_, _| {},
        )
    });
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

async fn upload(w: &World, name: &str, content: &str) -> Page {
    let (cookie, token) = staff(w);
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n\
         --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n{content}\r\n--b--\r\n"
    );
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

service_test!(the_page_names_every_fault_by_line_and_column, async |w: World| {
    let page = upload(&w, "<b>.csv", "name,volume\nAcme,plenty\n").await;
    page.is(422).shows("volume").shows("plenty").shows("&lt;b&gt;.csv").lacks("<b>.csv");
    upload(&w, "", "").await.is(422).shows("Choose a file first");
    upload(&w, "list.xlsx", "PK\u{3}\u{4}rest").await.is(422);
});
