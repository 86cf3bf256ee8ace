//! One practice never sees another's data; every answer carries its guards; hostile text is
//! text.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use diesel::RunQueryDsl;
use duecare::proxies::Proxies;
use duecare::store::{self, StoreError};
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
    let cookie = w.start_verified(&link).await;
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

/// How many rows a table has.
fn rows(w: &World, table: &str) -> i64 {
    #[derive(diesel::QueryableByName)]
    struct Found {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        found: i64,
    }
    let query = diesel::sql_query(format!("SELECT COUNT(*) AS found FROM {table}"));
    let found: Found = w.app.store.read(|conn| Ok::<_, StoreError>(query.get_result(conn)?)).unwrap();
    found.found
}

service_test!(strangers_cannot_fill_the_database_by_asking_for_passkeys, async |w: World| {
    let address = w.database_address();
    let w = w.seen_by(crate::world::app(&address, "https://duecare.test"));
    for _ in 0..100 {
        w.submit("/sign-in/passkey", &[]).await.is(200);
    }
    w.submit("/sign-in/passkey", &[]).await.is(429).shows("Too many tries. Wait 6 seconds");
    w.submit("/sign-in/passkey/done", &[]).await.is(429);
    assert_eq!(rows(&w, "challenges"), 100);
    w.app.clock.advance(TimeDelta::seconds(6));
    w.submit("/sign-in/passkey", &[]).await.is(200);
    w.submit("/sign-in/passkey", &[]).await.is(429);
});

service_test!(strangers_cannot_fill_the_database_with_addresses_that_they_make_up, async |w: World| {
    let emails: Vec<String> = (0..110).map(|number| format!("nobody{number}@maple.test")).collect();
    let asked = emails.iter().map(async |email| w.submit("/forgot", &[("email", email)]).await.status.as_u16());
    let answers = futures_util::future::join_all(asked).await;
    assert_eq!(answers.iter().filter(|status| **status == 429).count(), 10);
    // One for each, and one for where they came from.
    assert_eq!(rows(&w, "throttles"), 101);
    w.app.store.write(|conn| store::users::sweep(conn, w.now() + TimeDelta::hours(23))).unwrap();
    assert_eq!(rows(&w, "throttles"), 101);
    w.app.store.write(|conn| store::users::sweep(conn, w.now() + TimeDelta::hours(25))).unwrap();
    assert_eq!(rows(&w, "throttles"), 0);
});

/// A wrong password of Dana's, typed behind a proxy.
async fn wrong_password(w: &World, peer: &str, forwarded: &str) -> u16 {
    let request = TestRequest::post()
        .uri("/sign-in")
        .peer_addr(format!("{peer}:40000").parse().unwrap())
        .insert_header(("X-Forwarded-For", forwarded))
        .set_form([("email", "dana@maple.test"), ("password", "wrong")]);
    w.send(request, None).await.status.as_u16()
}

service_test!(one_stranger_behind_the_proxy_keeps_nobody_else_waiting, async |w: World| {
    let w = w.with(|app| app.proxies = Proxies::parse("127.0.0.1").unwrap());
    for _ in 0..5 {
        assert_eq!(wrong_password(&w, "127.0.0.1", "203.0.113.7").await, 422);
    }
    assert_eq!(wrong_password(&w, "127.0.0.1", "203.0.113.7").await, 429);
    // What the stranger writes before it changes nothing.
    assert_eq!(wrong_password(&w, "127.0.0.1", "198.51.100.1, 203.0.113.7").await, 429);
    assert_eq!(wrong_password(&w, "127.0.0.1", "203.0.113.8").await, 422);
});

service_test!(whoever_is_no_proxy_of_ours_cannot_choose_an_address, async |w: World| {
    let w = w.with(|app| app.proxies = Proxies::parse("127.0.0.1").unwrap());
    for tried in 0..5 {
        assert_eq!(wrong_password(&w, "203.0.113.7", &format!("198.51.100.{tried}")).await, 422);
    }
    assert_eq!(wrong_password(&w, "203.0.113.7", "198.51.100.9").await, 429);
});
