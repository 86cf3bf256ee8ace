//! Pairs of vendors that may be one and the same.

use actix_web::web::Data;
use serde::Serialize;

use super::words;
use crate::app::App;
use crate::domain::duplicates::{self, Face, Pair};
use crate::domain::ids::VendorId;
use crate::domain::user::Need;
use crate::store;
use crate::templates::Context;
use crate::web::Answered;
use crate::web::session::SignedIn;
use crate::web::view::{Crumb, Here, Staff, crumbs};

/// Pairs shown at once; the likeliest come first.
const SHOWN: usize = 100;

#[derive(Serialize)]
pub struct Duplicates {
    crumbs: Vec<Crumb>,
    heading: String,
    more: Option<String>,
    pairs: Vec<Row>,
    may_change: bool,
}

#[derive(Serialize)]
struct Row {
    first_id: String,
    first: String,
    second_id: String,
    second: String,
    why: String,
}

fn page(pairs: Vec<Pair>, may_change: bool) -> Duplicates {
    let all = pairs.len();
    Duplicates {
        crumbs: crumbs(&[("Vendors", Some("/vendors")), ("Likely duplicates", None)]),
        heading: match all {
            0 => "No likely duplicates".to_owned(),
            all => words::counted(all, "likely duplicate"),
        },
        more: (all > SHOWN).then(|| format!("The likeliest {SHOWN} are shown. Merge some and the rest will show.")),
        pairs: pairs
            .into_iter()
            .take(SHOWN)
            .map(|pair| Row {
                first_id: pair.first.id.to_string(),
                first: pair.first.name,
                second_id: pair.second.id.to_string(),
                second: pair.second.name,
                why: words::capital(&pair.why.join(", ")),
            })
            .collect(),
        may_change,
    }
}

impl Context for Duplicates {
    const TEMPLATE: &'static str = "pages/duplicates";
    fn samples() -> Vec<Self> {
        let face = |name: &str| Face { id: VendorId::fresh(), name: name.to_owned(), website: None, email: None };
        let pair = |name: &str| Pair { first: face(name), second: face(name), why: vec!["the same name"] };
        let many = (0..SHOWN + 1).map(|_| pair(&"Longest ".repeat(25))).collect();
        vec![page(vec![], true), page(vec![pair("Acme"), pair("<script>alert(1)</script>")], false), page(many, true)]
    }
}

/// GET `/vendors/duplicates`
pub async fn list(app: Data<App>, who: SignedIn) -> Answered {
    let scope = who.scope;
    let faces = app.read_in(who.scope, move |conn| store::place::faces(conn, &scope)).await?;
    let page = page(duplicates::pairs(&faces), who.role.may(Need::Change));
    Staff { who: &who, here: Here::VENDORS, title: "Likely duplicates", notice: None }.ok(&app, &page)
}
