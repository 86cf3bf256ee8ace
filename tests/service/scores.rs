//! A score that was kept comes out again to the byte, and one that was touched is found.

use duecare::flows::replay::{self, Replayed};
use duecare::store::scores::Shelf;

use crate::world::{World, service_test};

fn again(w: &World) -> Replayed {
    replay::all(&w.app.store, &w.app.office.catalogue, &w.scope, |_| {}).unwrap()
}

service_test!(every_kept_score_comes_out_again_to_the_byte, async |w: World| {
    let vendors = ["LabCorp", "Northwind"].map(|name| w.vendor(name));
    w.vendor("Ridge Shredding");
    w.sweep().await;
    for vendor in vendors {
        w.replied(vendor, &[]);
    }
    assert_eq!(again(&w), Replayed { same: 2, ..Replayed::default() });
});

service_test!(a_score_that_was_touched_is_found, async |w: World| {
    let labcorp = w.vendor("LabCorp");
    w.sweep().await;
    w.replied(labcorp, &[]);
    w.sql("UPDATE scorecards SET record = replace(record, '\"residual\":', '\"residual\": ')");
    let found = again(&w);
    let [(shelf, _, why)] = &found.others[..] else { panic!("{found:?}") };
    assert_eq!((found.same, *shelf, why.as_str()), (0, Shelf::Signed, "another score comes out than was kept"));
    w.sql("UPDATE scorecards SET input = ''");
    assert_eq!(again(&w), Replayed { without_input: 1, ..Replayed::default() });
});
