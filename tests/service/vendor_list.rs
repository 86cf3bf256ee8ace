//! The list: every filter, every order, views of one's own, and files that say what it says.

use std::collections::BTreeSet;

use calamine::{Data, Reader, Xlsx};
use duecare::domain::life::Life;
use duecare::domain::user::Role;
use duecare::domain::vendor::BaStatus;
use duecare::store;
use duecare::web::session::STAFF_COOKIE;

use crate::world::{Page, World, service_test};

/// The names on a page of the list, in its order.
fn names(page: &Page) -> Vec<String> {
    page.is(200);
    let rows = page.text.split("<th scope=\"row\"><a href=\"/vendors/").skip(1);
    rows.map(|row| row.split_once("\">").unwrap().1.split('<').next().unwrap().to_owned()).collect()
}

async fn found(w: &World, query: &str) -> Vec<String> {
    let mut names = names(&w.get(&format!("/vendors?{query}")).await);
    names.sort();
    names
}

/// Five vendors that differ in everything that the list is filtered by.
async fn five(w: &World) {
    w.vendor("Asked");
    w.ask();
    let retired = w.vendor_with("Retired", |details| details.owner = String::new());
    w.vendor_with("Clinic", |details| {
        details.ba_status = BaStatus::TreatmentProvider;
        details.services = "Cardiology 100%".to_owned();
    });
    let shredder = w.vendor_with("Shredder", |details| {
        details.owner = "Sam".to_owned();
        details.services = "Shredding".to_owned();
        details.agreement_signed_on = None;
        details.exposure = duecare::domain::exposure::Exposure::default();
    });
    let idle = w.vendor_with("Idle", |details| details.owner = "-".to_owned());
    w.app
        .store
        .write(|conn| {
            store::tags::add(conn, &w.scope, shredder, "west clinic")?;
            store::tags::add(conn, &w.scope, shredder, "paper")?;
            store::tags::add(conn, &w.scope, idle, "paper")?;
            store::place::set_life(conn, &w.scope, idle, Life::Suspended, w.now())
        })
        .unwrap();
    w.sql(&format!("UPDATE vendors SET archived_at = '2026-11-20 10:00:00' WHERE id = '{retired}'"));
}

service_test!(every_filter_finds_those_and_no_others, async |w: World| {
    five(&w).await;
    for (query, wanted) in [
        ("", "Asked Clinic Idle Shredder"),
        ("archived=yes", "Retired"),
        ("archived=yes&q=clinic", ""),
        ("status=invited", "Asked"),
        ("status=not-needed", "Clinic"),
        ("rating=not-assessed&status=invited", "Asked"),
        ("agreement=missing", "Shredder"),
        ("flag=agreement-missing", "Shredder"),
        ("tier=2&owner=Dana", "Asked Clinic"),
        ("owner=Sam", "Shredder"),
        ("owner=sam", ""),
        ("owner=-", "Idle"),
        ("owner_has=AN", "Asked Clinic"),
        ("service=Shredding", "Shredder"),
        ("service_has=100%25", "Clinic"),
        ("service_has=_", ""),
        ("tag=paper", "Idle Shredder"),
        ("tag=west+clinic&owner=Sam", "Shredder"),
        ("tag=-", "Asked Clinic"),
        ("tag_has=WEST", "Shredder"),
        ("life=suspended", "Idle"),
        ("life=active", "Asked Clinic Shredder"),
        ("due=30", "Asked Idle Shredder"),
        ("due=overdue", ""),
        ("q=pat+shred", "Shredder"),
        ("q=nobody", ""),
    ] {
        assert_eq!(found(&w, query).await.join(" "), wanted, "{query}");
    }
    w.get("/vendors?tier=9&archived=maybe&q=shred")
        .await
        .is(200)
        .shows("do not know for: archived, tier")
        .shows("Shredder");
});

service_test!(every_column_sorts_both_ways_and_those_without_a_date_come_last, async |w: World| {
    five(&w).await;
    for sort in ["due", "name", "tier", "rating", "status", "flags"] {
        let up = names(&w.get(&format!("/vendors?sort={sort}")).await);
        let down = names(&w.get(&format!("/vendors?sort=-{sort}")).await);
        assert_eq!((up.len(), down.len()), (4, 4), "{sort}");
        assert_eq!(up.iter().collect::<BTreeSet<_>>(), down.iter().collect::<BTreeSet<_>>(), "{sort}");
        assert!(up != down || sort == "due", "{sort}");
    }
    for sort in ["due", "-due"] {
        // Nothing is wanted of the clinic, ever.
        assert_eq!(names(&w.get(&format!("/vendors?sort={sort}")).await)[3], "Clinic", "{sort}");
    }
    assert_eq!(names(&w.get("/vendors?sort=name").await).join(" "), "Asked Clinic Idle Shredder");
});

service_test!(the_filters_offer_what_the_practice_has_and_a_text_when_there_is_too_much, async |w: World| {
    five(&w).await;
    w.get("/vendors")
        .await
        .shows("<option value=\"Sam\">Sam</option>")
        .shows("<option value=\"west clinic\">")
        .lacks("owner_has");
    // A value that nobody has any more stays in the filter that asks for it.
    w.get("/vendors?owner=Gone").await.shows("<option value=\"Gone\" selected>").shows("No vendor matches");
    for number in 0..60 {
        w.vendor_with(&format!("V{number}"), |details| details.owner = format!("Owner {number:02}"));
    }
    w.get("/vendors").await.shows("name=\"owner_has\"");
    assert_eq!(found(&w, "owner_has=owner+07").await.join(" "), "V7");
    let (_, other) = w.other_practice();
    w.get_as("/vendors", &other).await.is(200).lacks("Sam");
});

/// The rows of an export: the columns that the page shows.
fn rows(text: &str) -> Vec<csv::StringRecord> {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.records().map(Result::unwrap).collect()
}

service_test!(an_export_is_the_list_row_for_row_on_all_its_pages, async |w: World| {
    five(&w).await;
    for number in 0..120 {
        w.vendor_with(&format!("Vendor {number:03}"), |details| details.owner = "Lee".to_owned());
    }
    for query in ["", "sort=-name&owner=Lee", "tag=paper&sort=name", "q=nobody"] {
        let mut shown = Vec::new();
        for page in 1..=2 {
            let page = names(&w.get(&format!("/vendors?{query}&page={page}")).await);
            // A page past the end is the last one again.
            if shown.last() != page.last() {
                shown.extend(page);
            }
        }
        let file = w.get(&format!("/vendors/export.csv?{query}")).await;
        file.is(200);
        let rows = rows(&file.text);
        assert_eq!(rows.iter().map(|row| row[2].to_owned()).collect::<Vec<_>>(), shown, "{query}");
        let file = w.get(&format!("/vendors/export.xlsx?{query}")).await;
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(file.bytes)).unwrap();
        let sheet = book.worksheet_range("Vendors").unwrap();
        let written: Vec<String> = sheet
            .rows()
            .skip(1)
            .map(|row| if let Data::String(name) = &row[2] { name.clone() } else { String::new() })
            .collect();
        assert_eq!(written, shown, "{query}");
    }
    let page = w.get("/vendors?tag=west+clinic").await;
    let row = rows(&w.get("/vendors/export.csv?tag=west+clinic").await.text).remove(0);
    for at in [0, 3, 4, 5, 6, 8] {
        page.shows(&row[at]);
    }
    assert_eq!((&row[9], &row[10]), ("paper, west clinic", "Active"));
    assert_eq!(w.history()[0], "exported 1 vendor as CSV (Tag: west clinic)");
    assert!(w.history().contains(&"exported 124 vendors as XLSX (the whole list)".to_owned()));
});

service_test!(an_export_runs_nothing_in_a_spreadsheet, async |w: World| {
    for (number, start) in ["=", "+", "-", "@"].into_iter().enumerate() {
        w.vendor_with(&format!("{start}HYPERLINK(\"http://evil.test\",{number})"), |details| {
            details.services = "one, \"two\"".to_owned();
            details.owner = format!("{start}1");
        });
    }
    // What no form takes may be in an old row all the same.
    let tab = w.vendor("Tab");
    w.sql(&format!("UPDATE vendors SET owner = '\t=1', services = '\r=1' WHERE id = '{tab}'"));
    let file = w.get("/vendors/export.csv").await;
    assert!(file.headers.iter().any(|(name, value)| name == "content-disposition" && value.starts_with("attachment")));
    let rows = rows(&file.text);
    assert_eq!(rows.len(), 5);
    for cell in rows.iter().flat_map(|row| row.iter()) {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
    }
    assert!(file.text.contains("\"one, \"\"two\"\"\"") && file.text.ends_with("\r\n"));
});

service_test!(views_belong_to_the_person_who_saved_them, async |w: World| {
    w.vendor("LabCorp");
    w.get("/vendors")
        .await
        .shows("Worst first")
        .shows("Due in 30 days")
        .shows("No current agreement")
        .lacks("Edit views");
    let search = [("name", "Mine"), ("query", "owner=Dana&rating=purple&page=7&sort=-tier")];
    w.post("/vendors/views", &search).await.leads_to("/vendors?owner=Dana&sort=-tier");
    // Twice is once; another search under that name is asked about.
    w.post("/vendors/views", &search).await.is(303);
    w.post("/vendors/views", &[("name", "Mine"), ("query", "tier=1")]).await.is(422).shows("already").shows("Tier 1");
    w.post("/vendors/views", &[("name", " "), ("query", "tier=1")]).await.is(422).shows("There is a problem");
    let page = w.get("/vendors?owner=Dana&sort=-tier").await;
    page.shows("href=\"/vendors?owner&#x3D;Dana&amp;sort&#x3D;-tier\" aria-current=\"page\">Mine")
        .lacks("Save this search");
    let page = w.get("/vendors/views").await;
    let id = page.text.split("/vendors/views/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    // A colleague, and another practice, have none of it.
    let colleague = w.colleague(Role::Auditor);
    let (_, other) = w.other_practice();
    for cookie in [&colleague, &other] {
        w.get_as("/vendors", cookie).await.lacks("Mine");
        w.get_as("/vendors/views", cookie).await.lacks("Mine");
        for deed in ["rename", "delete"] {
            let path = format!("/vendors/views/{id}/{deed}");
            w.post_as(&path, &[("name", "Taken")], STAFF_COOKIE, cookie).await.is(404);
        }
    }
    w.post_as("/vendors/views", &search, STAFF_COOKIE, &colleague).await.is(303);
    w.post(&format!("/vendors/views/{id}/rename"), &[("name", "")]).await.is(422);
    w.post(&format!("/vendors/views/{id}/rename"), &[("name", "Ours")]).await.leads_to("/vendors/views");
    w.get("/vendors").await.shows("Ours").lacks("Mine");
    w.post(&format!("/vendors/views/{id}/delete"), &[]).await.leads_to("/vendors/views");
    w.get("/vendors/views").await.shows("No views of your own yet");
    w.get_as("/vendors", &colleague).await.shows("Mine");
});

service_test!(tags_are_written_on_the_form_and_shown_on_the_list_and_the_page, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    let form = format!("/vendors/{labcorp}/edit");
    let fields = [("name", "LabCorp"), ("ba_status", "business-associate"), ("tags", "West Clinic, it,, IT")];
    w.post(&form, &fields).await.is(303);
    w.get(&form).await.shows("value=\"it, west clinic\"");
    w.get(&format!("/vendors/{labcorp}")).await.shows("href=\"/vendors?tag&#x3D;west+clinic\">west clinic</a>");
    w.get("/vendors").await.shows(">west clinic</a>");
    assert!(w.history().contains(&"set the tags of LabCorp to “it, west clinic”".to_owned()));
    let long = "x".repeat(50);
    let fields = [("name", "LabCorp"), ("ba_status", "business-associate"), ("tags", long.as_str())];
    w.post(&form, &fields).await.is(422).shows("href=\"#tags\"").shows(&long);
    let tags = w.app.store.read(|conn| store::tags::of_vendor(conn, &w.scope, labcorp)).unwrap();
    assert_eq!(tags.len(), 2);
});

service_test!(an_auditor_exports_and_changes_nothing, async |w: World| {
    let labcorp = w.vendor("LabCorp").to_string();
    let auditor = w.colleague(Role::Auditor);
    let page = w.get_as("/vendors", &auditor).await;
    page.is(200)
        .shows("LabCorp")
        .shows("export.csv")
        .lacks("name=\"pick\"")
        .lacks("Add a vendor")
        .lacks("/vendors/bulk");
    let file = w.get_as("/vendors/export.csv", &auditor).await;
    file.is(200).shows("LabCorp");
    w.get_as("/vendors/export.xlsx", &auditor).await.is(200);
    assert_eq!(w.history()[0], "exported 1 vendor as XLSX (the whole list)");
    let fields = [("act", "owner"), ("pick", labcorp.as_str()), ("value", "Sam")];
    for path in ["/vendors/bulk", "/vendors/bulk/do"] {
        w.post_as(path, &fields, STAFF_COOKIE, &auditor).await.is(403);
    }
});
