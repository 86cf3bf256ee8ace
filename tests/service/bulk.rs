//! Work on many vendors at once, and the Undo button after it.

use duecare::domain::ids::{BulkChangeId, VendorId};
use duecare::store;
use duecare::web::session::STAFF_COOKIE;

use crate::world::{Page, World, service_test};

/// Presses the button of the page that asks whether to go on.
async fn go_on(w: &World, act: &str, value: &str, picks: &[VendorId]) -> Page {
    let picks: Vec<String> = picks.iter().map(VendorId::to_string).collect();
    let mut fields = vec![("act", act), ("view", "sort=name")];
    fields.extend(picks.iter().map(|pick| ("pick", pick.as_str())));
    let page = w.post("/vendors/bulk", &fields).await;
    page.is(200);
    let id = page.value_of("id");
    fields.extend([("id", id.as_str()), ("value", value)]);
    let done = w.post("/vendors/bulk/do", &fields).await;
    done.leads_to(&format!("/vendors?sort=name&bulk={id}"));
    // The same button again does nothing more.
    w.post("/vendors/bulk/do", &fields).await.leads_to(&format!("/vendors?sort=name&bulk={id}"));
    w.get(&done.location).await
}

async fn undo(w: &World, made: &Page) -> Page {
    made.shows(">Undo</button>");
    let path =
        format!("/vendors/bulk/{}", made.text.split("/vendors/bulk/").nth(1).unwrap().split('"').next().unwrap());
    let undone = w.post(&path, &[("view", "sort=name")]).await;
    w.post(&path, &[("view", "sort=name")]).await.leads_to(&undone.location);
    let page = w.get(&undone.location).await;
    page.lacks(">Undo</button>");
    page
}

fn owner(w: &World, vendor: VendorId) -> String {
    w.see(vendor).details.owner
}

fn cadence(w: &World, vendor: VendorId) -> Option<i32> {
    held(w, vendor).cadence
}

fn held(w: &World, vendor: VendorId) -> duecare::domain::bulk::Current {
    w.app.store.write(|conn| store::bulk_changes::hold(conn, &w.scope, &[vendor])).unwrap().remove(0)
}

service_test!(an_owner_is_set_for_many_and_taken_back_where_nobody_changed_it_since, async |w: World| {
    let (a, b, c) = (w.vendor("A"), w.vendor("B"), w.vendor("C"));
    w.edit(c, |details| details.owner = "Sam".to_owned());
    let page = w.post("/vendors/bulk", &[("act", "owner"), ("pick", &a.to_string()), ("pick", &b.to_string())]).await;
    page.is(200).shows("Set the owner of 2 vendors").shows("<li>A</li>").shows("<li>B</li>").lacks("<li>C</li>");
    let made = go_on(&w, "owner", "Sam", &[a, b, c]).await;
    made.shows("2 vendors now have Sam as owner. 1 other was left as it was.");
    assert_eq!([a, b, c].map(|id| owner(&w, id)), ["Sam", "Sam", "Sam"]);
    let history = w.history();
    assert_eq!(history[0], "made Sam the owner of 2 vendors, all at once");
    assert_eq!(history.iter().filter(|line| line.starts_with("made Sam the owner of")).count(), 3);
    w.edit(b, |details| details.owner = "Kim".to_owned());
    let undone = undo(&w, &made).await;
    undone.shows("Undone: 1 vendor is as it was before. 1 was changed by someone since, and stays so.");
    assert_eq!([a, b, c].map(|id| owner(&w, id)), ["Dana", "Kim", "Sam"]);
    assert_eq!(w.history()[0], "took back “set the owner” for 1 of 2 vendors");
});

service_test!(tags_cadence_and_suspension_are_set_for_many_and_taken_back, async |w: World| {
    let both = [w.vendor("A"), w.vendor("B")];
    let made = go_on(&w, "tag", "West Clinic", &both).await;
    made.shows("2 vendors now have the tag “west clinic”.");
    let without = go_on(&w, "untag", "west clinic", &both[..1]).await;
    assert_eq!(both.map(|id| held(&w, id).tags.len()), [0, 1]);
    undo(&w, &without).await.shows("Undone: 1 vendor");
    undo(&w, &made).await.shows("Undone: 2 vendors are as they were before.");
    assert_eq!(both.map(|id| held(&w, id).tags.len()), [0, 0]);

    let made = go_on(&w, "cadence", "6", &both).await;
    made.shows("2 vendors are now asked every 6 months.");
    assert_eq!(cadence(&w, both[1]), Some(6));
    undo(&w, &made).await;
    assert_eq!(cadence(&w, both[1]), None);

    let made = go_on(&w, "suspend", "", &both).await;
    made.shows("2 vendors are now suspended.");
    assert_eq!(held(&w, both[0]).life.key(), "suspended");
    go_on(&w, "suspend", "", &both).await.shows("Nothing was changed").lacks(">Undo</button>");
    go_on(&w, "ask", "", &both).await.shows("Nobody was asked. Not asked: 2 (suspended, ended or archived).");
    undo(&w, &made).await;
    assert_eq!(held(&w, both[0]).life.key(), "active");
    go_on(&w, "suspend", "", &both).await;
    go_on(&w, "resume", "", &both).await.shows("2 vendors are active again.");
});

service_test!(all_that_match_are_meant_and_a_list_that_has_changed_is_shown_again, async |w: World| {
    for number in 0..130 {
        w.vendor_with(&format!("Vendor {number:03}"), |details| details.owner = "Lee".to_owned());
    }
    let other = w.vendor("Other");
    let fields = [("act", "owner"), ("all", "yes"), ("view", "owner=Lee&sort=name")];
    let page = w.post("/vendors/bulk", &fields).await;
    page.is(200).shows("Set the owner of 130 vendors").shows("Vendor 019").lacks("Vendor 020").shows("and 110 more");
    let (id, count) = (page.value_of("id"), page.value_of("count"));
    w.vendor_with("One more", |details| details.owner = "Lee".to_owned());
    let send = |count: String| {
        let (w, id) = (&w, id.clone());
        async move {
            let more = [("id", id.as_str()), ("count", count.as_str()), ("value", "Sam")];
            let fields: Vec<_> = fields.into_iter().chain(more).collect();
            w.post("/vendors/bulk/do", &fields).await
        }
    };
    send(count).await.is(422).shows("now 131 vendors match").shows("value=\"Sam\"");
    send("131".to_owned()).await.leads_to(&format!("/vendors?owner=Lee&sort=name&bulk={id}"));
    w.get("/vendors?owner=Sam").await.shows("131 of 132 vendors match");
    assert_eq!(owner(&w, other), "Dana");
});

service_test!(asking_many_says_who_was_not_and_why_and_takes_back_what_has_not_left, async |w: World| {
    let (a, b) = (w.vendor("A"), w.vendor("B"));
    let mute = w.vendor_with("Mute", |details| details.contact_email = None);
    let asked = w.vendor("Asked");
    w.post(&format!("/vendors/{asked}/ask"), &[]).await;
    let made = go_on(&w, "ask", "", &[a, mute, asked]).await;
    made.shows("1 vendor was asked. The letter is on its way. Not asked: 1 (asked already), 1 (no e-mail address to write to).");
    w.deliver().await;
    assert_eq!(w.letters().len(), 2);
    undo(&w, &made)
        .await
        .shows("No question could be taken back. 1 letter had left already, and that question stands.");
    assert_eq!(w.see(a).standing.status.key(), "invited");

    let made = go_on(&w, "ask", "", &[b]).await;
    undo(&w, &made).await.shows("1 question was taken back, and its letter will not leave.");
    assert_eq!(w.see(b).standing.status.key(), "not-asked");
    w.deliver().await;
    assert_eq!(w.letters().len(), 2);
    // It can be asked again, and no silence is held against it.
    go_on(&w, "ask", "", &[b]).await.shows("1 vendor was asked.");
    w.deliver().await;
    assert_eq!(w.letters().len(), 3);
    w.visit(&w.link()).await.is(200);
    assert!(w.history().contains(&"asked 1 vendor at once".to_owned()));
});

service_test!(another_practices_vendors_are_passed_over_like_absent_ones, async |w: World| {
    let ours = w.vendor("Ours");
    let (_, other) = w.other_practice();
    let pick = ours.to_string();
    let absent = VendorId::fresh().to_string();
    let id = BulkChangeId::fresh().to_string();
    for pick in [&pick, &absent] {
        let fields = [("act", "owner"), ("pick", pick.as_str()), ("value", "Otto"), ("id", &id)];
        for path in ["/vendors/bulk", "/vendors/bulk/do"] {
            let page = w.post_as(path, &fields, STAFF_COOKIE, &other).await;
            page.leads_to("/vendors?bulk=none");
        }
    }
    assert_eq!(owner(&w, ours), "Dana");
    w.get("/vendors?bulk=none").await.shows("No vendor was chosen");
    // Nor is another practice's change taken back, or told of.
    let made = go_on(&w, "owner", "Sam", &[ours]).await;
    let made = made.text.split("/vendors/bulk/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    w.post_as(&format!("/vendors/bulk/{made}/undo"), &[], STAFF_COOKIE, &other).await.is(404);
    w.post_as(&format!("/vendors/bulk/{id}/undo"), &[], STAFF_COOKIE, &other).await.is(404);
    w.get_as(&format!("/vendors?bulk={made}"), &other).await.is(200).lacks("Sam");
    assert_eq!(owner(&w, ours), "Sam");
});

service_test!(a_value_that_cannot_be_kept_is_named_and_stays_typed, async |w: World| {
    let pick = w.vendor("LabCorp").to_string();
    let id = BulkChangeId::fresh().to_string();
    for (act, value) in [("tag", "a,b"), ("tag", " "), ("cadence", "13"), ("owner", &"x".repeat(300))] {
        let fields = [("act", act), ("pick", pick.as_str()), ("value", value), ("id", &id)];
        let page = w.post("/vendors/bulk/do", &fields).await;
        page.is(422).shows("There is a problem").shows("href=\"#value\"");
        assert_eq!(page.value_of("id"), id);
        if act == "owner" {
            page.shows(value);
        }
    }
    w.post("/vendors/bulk", &[("act", "explode"), ("pick", &pick)]).await.is(400);
    assert_eq!(w.history().iter().filter(|line| line.contains("at once")).count(), 0);
});

service_test!(a_change_of_a_vendor_holds_the_one_above_it_before_anybody_else_does, async |w: World| {
    // The one above has the smaller id: held only when it is judged, it would come out of order.
    let (above, below) = (w.vendor("Above"), w.vendor("Below"));
    assert!(above < below);
    w.sql(&format!("UPDATE vendors SET parent_id = '{above}' WHERE id = '{below}'"));
    let (holds, held) = std::sync::mpsc::channel();
    let (app, scope) = (w.app.clone(), w.scope);
    let first = std::thread::spawn(move || {
        app.store.write_in(&scope, |conn| {
            store::bulk_changes::hold(conn, &scope, &[below])?;
            holds.send(()).unwrap();
            // The other has time to hold what it can.
            std::thread::sleep(std::time::Duration::from_millis(500));
            store::vendors::hold(conn, &scope, above)
        })
    });
    held.recv().unwrap();
    let second = w.app.store.write_in(&scope, |conn| store::bulk_changes::hold(conn, &scope, &[above, below]));
    assert_eq!(first.join().unwrap().unwrap().map(|vendor| vendor.id), Some(above));
    assert_eq!(second.unwrap().len(), 2);
});
