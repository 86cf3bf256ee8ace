//! “What we look for”: every kind of flag, the sentence it makes, where it comes from, what
//! closes it, and how many are open.

use std::collections::BTreeMap;

use actix_web::web::Data;
use serde::Serialize;

use crate::app::App;
use crate::domain::flags::{FlagKind, Severity};
use crate::store::flags;
use crate::templates::Context;
use crate::web::Answered;
use crate::web::pages::words;
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Crumb, Here, Staff, crumbs};

#[derive(Serialize)]
pub struct Kinds {
    crumbs: Vec<Crumb>,
    /// The gravest first.
    parts: Vec<Part>,
}

#[derive(Serialize)]
struct Part {
    severity: Badge,
    kinds: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    says: &'static str,
    looks_for: &'static str,
    example: &'static str,
    source: &'static str,
    ends: &'static str,
    open: String,
    href: String,
}

fn page(open: &BTreeMap<FlagKind, u32>) -> Kinds {
    let line = |kind: &FlagKind| {
        let rule = kind.rule();
        Line {
            says: kind.says(),
            looks_for: rule.looks_for,
            example: rule.says,
            source: rule.source,
            ends: rule.ends,
            open: open.get(kind).copied().unwrap_or_default().to_string(),
            href: format!("/flags?state=open&kind={kind}"),
        }
    };
    let part = |severity: &Severity| Part {
        severity: words::severity(*severity),
        kinds: FlagKind::ALL.iter().filter(|kind| kind.severity() == *severity).map(line).collect(),
    };
    Kinds {
        crumbs: crumbs(&[("Flags", Some("/flags")), ("What we look for", None)]),
        parts: Severity::ALL.iter().map(part).collect(),
    }
}

impl Context for Kinds {
    const TEMPLATE: &'static str = "pages/flag_kinds";
    fn samples() -> Vec<Self> {
        vec![page(&BTreeMap::new()), page(&FlagKind::ALL.iter().map(|kind| (*kind, u32::MAX)).collect())]
    }
}

/// GET `/flags/kinds`
pub async fn show(app: Data<App>, who: SignedIn) -> Answered {
    let (scope, today) = (who.scope, who.day(app.clock.now()));
    let open = app.read_in(who.scope, move |conn| flags::open_by_kind(conn, &scope, today)).await?;
    Staff { who: &who, here: Here::FLAGS, title: "What we look for", notice: None }.ok(&app, &page(&open))
}
