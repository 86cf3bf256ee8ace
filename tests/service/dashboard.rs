//! Every number on the dashboard is exactly the rows behind its link.

use duecare::domain::answers::{Grade, Value};

use crate::world::{World, service_test};

service_test!(an_empty_practice_is_told_what_to_do_next, async |w: World| {
    w.get("/").await.is(200).shows("/vendors/import").shows("/vendors/new");
});

/// A practice in which every number is more than nothing.
async fn a_year(w: &World) {
    for name in ["Silent", "Failing", "Changing", "Fine"] {
        w.vendor(name);
    }
    w.sweep().await;
    let id = |name: &str| {
        let all = w.app.store.read(|conn| duecare::store::vendors::all(conn, &w.scope)).unwrap();
        all.into_iter().find(|vendor| vendor.details.name == name).unwrap().id
    };
    for name in ["Failing", "Changing", "Fine"] {
        w.replied(id(name), &[]);
    }
    w.days_pass(340);
    w.sweep().await;
    w.replied(id("Failing"), &[("adm.training", Value::Grade(Grade::No))]);
    w.replied(id("Changing"), &[("off.kept", Value::Choice("yes-not-agreed".to_owned()))]);
    w.vendor_with("New", |details| details.agreement_signed_on = None);
    w.days_pass(20);
    w.sweep().await;
}

service_test!(every_number_links_to_exactly_the_rows_that_make_it, async |w: World| {
    a_year(&w).await;
    let page = w.get("/").await;
    page.is(200);
    let mut followed = 0;
    for part in page.text.split("<a ").skip(1) {
        let Some(href) = part.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()) else { continue };
        let words = part.split('>').nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default().trim();
        let Ok(number) = words.parse::<usize>() else { continue };
        let list = w.get(&href.replace("&amp;", "&").replace("&#x3D;", "=")).await;
        list.is(200);
        let rows = list.text.split("<tbody>").nth(1).map_or(0, |body| body.matches("<tr>").count());
        assert_eq!(rows, number, "{href} says {number}");
        followed += 1;
    }
    assert!(followed >= 10, "only {followed} numbers were links:\n{}", page.text);
});
