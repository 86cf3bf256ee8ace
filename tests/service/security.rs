//! One practice never sees another's data; every answer carries its guards; hostile text is
//! text.

use actix_web::test::TestRequest;
use duecare::store;
use duecare::web::session::STAFF_COOKIE;

use crate::world::{World, service_test};

const ADDRESSES: [&str; 14] = [
    "/",
    "/vendors",
    "/vendors/new",
    "/vendors/import",
    "/flags",
    "/round",
    "/outbox",
    "/practice",
    "/sign-in",
    "/verify",
    "/healthz",
    "/i/nothing",
    "/respond",
    "/no/such/page",
];

service_test!(every_response_carries_the_security_headers_errors_included, async |w: World| {
    for address in ADDRESSES {
        for page in [w.visit(address).await, w.get(address).await] {
            for wanted in [
                "content-security-policy",
                "x-content-type-options",
                "referrer-policy",
                "x-request-id",
                "cache-control",
            ] {
                assert!(page.headers.iter().any(|(name, _)| name == wanted), "{wanted} at {address} ({})", page.status);
            }
            let csp = page.headers.iter().find(|(name, _)| name == "content-security-policy").unwrap();
            assert!(!csp.1.contains("unsafe"), "{}", csp.1);
            assert!(
                !page.text.contains("<style") && !page.text.contains("style=\"") && !page.text.contains("onclick"),
                "{address}"
            );
        }
    }
});

service_test!(pages_for_staff_ask_strangers_to_sign_in, async |w: World| {
    for address in ["/", "/vendors", "/vendors/new", "/vendors/import", "/flags", "/round", "/outbox", "/practice"] {
        let page = w.visit(address).await;
        assert_eq!(page.status.as_u16(), 303, "{address}");
        assert!(page.location.starts_with("/sign-in?next="), "{}", page.location);
    }
});

service_test!(another_practices_ids_look_like_absent_ones, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    let (assessment, letter) = w
        .app
        .store
        .read(|conn| {
            let assessment = store::assessments::of_vendor(conn, &w.scope, labcorp)?.remove(0).id;
            let letter = store::letters::list(conn, &w.scope, None, 1, 0)?.remove(0).id;
            Ok::<_, store::StoreError>((assessment, letter))
        })
        .unwrap();
    let (_, otto) = w.other_practice();
    let absent = duecare::domain::ids::VendorId::fresh();
    for (ours, nobodys) in [
        (format!("/vendors/{labcorp}"), format!("/vendors/{absent}")),
        (format!("/vendors/{labcorp}/edit"), format!("/vendors/{absent}/edit")),
        (format!("/assessments/{assessment}"), format!("/assessments/{absent}")),
        (format!("/outbox/{letter}"), format!("/outbox/{absent}")),
    ] {
        let (foreign, missing) = (w.get_as(&ours, &otto).await, w.get_as(&nobodys, &otto).await);
        foreign.is(404).lacks("LabCorp");
        let plain = |text: &str, headers: &[(String, String)]| {
            let id = headers.iter().find(|(name, _)| name == "x-request-id").map(|(_, id)| id.clone()).unwrap();
            // The token of the menu's form is another on every page.
            let parts = text.split("name=\"csrf\" value=\"");
            let rest = |part: &str| part.split_once('"').map_or_else(|| part.to_owned(), |(_, rest)| rest.to_owned());
            parts.map(rest).collect::<String>().replace(&id, "")
        };
        assert_eq!(plain(&foreign.text, &foreign.headers), plain(&missing.text, &missing.headers), "{ours}");
    }
    for change in ["ask", "fresh-link", "edit"] {
        w.post_as(&format!("/vendors/{labcorp}/{change}"), &[("name", "Mine now")], STAFF_COOKIE, &otto).await.is(404);
    }
    w.get_as("/vendors", &otto).await.is(200).lacks("LabCorp");
    assert_eq!(w.see(labcorp).details.name, "LabCorp");
});

service_test!(a_forged_form_changes_nothing, async |w: World| {
    let (_, otto) = w.other_practice();
    let forged = TestRequest::post().uri("/vendors/new").set_form([("name", "Forged"), ("csrf", "made.up")]);
    w.send(forged, Some((STAFF_COOKIE, &otto))).await.is(403).shows("Nothing was changed");
    let elsewhere =
        TestRequest::post().uri("/sign-out").insert_header(("Sec-Fetch-Site", "cross-site")).set_form([("csrf", "x")]);
    w.send(elsewhere, Some((STAFF_COOKIE, &otto))).await.is(403);
    w.get_as("/vendors", &otto).await.is(200).lacks("Forged");
});

service_test!(hostile_names_are_text_everywhere, async |w: World| {
    let name = "<script>alert(1)</script>\"'";
    let vendor = w.vendor_with(name, |details| {
        details.services = name.to_owned();
        details.contact_name = "Pat\" <script>".to_owned();
    });
    w.sweep().await;
    let link = w.link();
    let cookie = w.start(&link).await;
    let mut pages = Vec::new();
    for address in [
        "/",
        "/vendors",
        "/flags",
        "/round",
        "/outbox",
        &format!("/vendors/{vendor}"),
        &format!("/vendors/{vendor}/edit"),
    ] {
        pages.push(w.get(address).await);
    }
    pages.push(w.visit(&link).await);
    for address in ["/respond", "/respond/check", "/respond/sign", "/respond/self-check"] {
        pages.push(w.respondent_gets(address, &cookie).await);
    }
    for page in pages {
        page.is(200).lacks("<script>alert");
    }
    let letter = w.letters().remove(0);
    assert!(!letter.html.contains("<script>") && !letter.subject.contains('\n'));
});

service_test!(a_form_that_is_too_large_is_refused_in_words, async |w: World| {
    let long = "x".repeat(300 * 1024);
    w.post("/vendors/new", &[("name", &long)]).await.is(413).shows("too large");
});

service_test!(a_method_that_a_page_does_not_know_is_refused, async |w: World| {
    w.send(TestRequest::put().uri("/vendors"), None).await.is(405);
    w.send(TestRequest::delete().uri("/"), None).await.is(405);
});

#[test]
fn a_database_that_cannot_be_written_to_is_said_so_and_pages_still_read() {
    let database = crate::world::Database::sqlite();
    let duecare::store::Address::Sqlite(path) = database.address.clone() else { panic!("SQLite") };
    crate::world::run(database, async |w: World| {
        w.vendor("Quest");
        w.sweep().await;
        let cookie = w.start(&w.link()).await;
        let labcorp = w.vendor("LabCorp");
        // The same file, opened for reading only, as on a disk that was remounted.
        let app =
            crate::world::app(&duecare::store::Address::Sqlite(format!("file:{path}?mode=ro")), "http://duecare.test");
        let read_only = w.seen_by(app);
        read_only.get("/vendors").await.is(200).shows("LabCorp");
        let page = read_only.post(&format!("/vendors/{labcorp}/ask"), &[]).await;
        page.is(503).shows("cannot save anything just now");
        // What a respondent typed comes back with the page.
        let typed = [("org.self-check.date", "October 1, 2026")];
        let page = read_only.respondent_posts("/respond/self-check", &typed, &cookie).await;
        page.is(503).shows("not saved yet").shows("October 1, 2026");
        read_only.visit("/readyz").await.is(200);
    });
}
