//! Pages to render in the test of all templates.

use super::{BulkPage, Chosen, Facts, Typed, page};
use crate::domain::bulk::BulkAct;
use crate::domain::ids::{BulkChangeId, VendorId};
use crate::domain::vendor::FieldFault;
use crate::store::vendor_list::Filter;
use crate::templates::Context;

const HOSTILE: &str = "<script>alert('x')</script>\"";

impl Context for BulkPage {
    const TEMPLATE: &'static str = "pages/vendors_bulk";
    fn samples() -> Vec<Self> {
        let sample = |act: &BulkAct, all| {
            let filter = Filter { q: HOSTILE.to_owned(), ..Filter::default() };
            let chosen = Chosen { act: *act, filter, all, picks: Vec::new() };
            let facts = Facts {
                picks: vec![VendorId::fresh()],
                count: if all { 700 } else { 1 },
                names: vec![HOSTILE.to_owned()],
                known: vec![HOSTILE.to_owned()],
                asked: (*act == BulkAct::Ask)
                    .then(|| (if all { 3 } else { 0 }, [("no business associate".to_owned(), 2)].into())),
            };
            let typed = Typed {
                value: HOSTILE.to_owned(),
                fault: all.then(|| FieldFault::new(HOSTILE, "Mend it.")),
                changed: all.then(|| HOSTILE.to_owned()),
            };
            page(&chosen, facts, BulkChangeId::fresh(), typed)
        };
        BulkAct::ALL.iter().flat_map(|act| [sample(act, false), sample(act, true)]).collect()
    }
}
