//! “What we look for”: every kind of flag, the sentence it makes, where it comes from, what
//! closes it, and how many are open.

use actix_web::web::Data;
use serde::Serialize;

use crate::app::App;
use crate::domain::flags::{FlagKind, Severity};
use crate::store::StoreError;
use crate::store::flags::{self, Shown};
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

fn page(open: &[u32]) -> Kinds {
    let line = |(kind, open): (&FlagKind, &u32)| {
        let rule = kind.rule();
        Line {
            says: kind.says(),
            looks_for: rule.looks_for,
            example: rule.says,
            source: rule.source,
            ends: rule.ends,
            open: open.to_string(),
            href: format!("/flags?state=open&kind={kind}"),
        }
    };
    let part = |severity: &Severity| Part {
        severity: words::severity(*severity),
        kinds: FlagKind::ALL.iter().zip(open).filter(|(kind, _)| kind.severity() == *severity).map(line).collect(),
    };
    Kinds {
        crumbs: crumbs(&[("Flags", Some("/flags")), ("What we look for", None)]),
        parts: Severity::ALL.iter().map(part).collect(),
    }
}

impl Context for Kinds {
    const TEMPLATE: &'static str = "pages/flag_kinds";
    fn samples() -> Vec<Self> {
        vec![page(&vec![0; FlagKind::ALL.len()]), page(&vec![u32::MAX; FlagKind::ALL.len()])]
    }
}

/// GET `/flags/kinds`
pub async fn show(app: Data<App>, who: SignedIn) -> Answered {
    let (scope, today) = (who.scope, who.day(app.clock.now()));
    let open = app
        .read_in(who.scope, move |conn| {
            let count = |kind: &FlagKind| flags::total(conn, &scope, Shown::Open(today), Some(*kind));
            FlagKind::ALL.iter().map(count).collect::<Result<Vec<u32>, StoreError>>()
        })
        .await?;
    Staff { who: &who, here: Here::FLAGS, title: "What we look for", notice: None }.ok(&app, &page(&open))
}
