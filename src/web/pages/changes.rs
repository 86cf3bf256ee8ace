//! What vendors do differently: the list of the practice. The files beside this one have one
//! change with what is made of it, and all changes of a vendor over time.

pub mod one;
pub mod over_time;

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::Serialize;

use super::actions::choice;
use super::vendor::notices::weight;
use crate::app::App;
use crate::domain::changes::{Change, Telling};
use crate::domain::civil_date;
use crate::store::StoreError;
use crate::store::changes::{self, About, Named, Shown};
use crate::templates::Context;
use crate::web::Answered;
use crate::web::form::{Posted, query};
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Choice, Here, PER_PAGE, Pager, Staff, Tab, page_within};

#[derive(Serialize)]
pub struct Changes {
    heading: String,
    tabs: Vec<Tab>,
    state: &'static str,
    telling: Choice,
    vendor: Choice,
    narrowed: bool,
    empty_heading: &'static str,
    empty_says: &'static str,
    changes: Vec<Row>,
    pager: Option<Pager>,
}

#[derive(Serialize)]
struct Row {
    href: String,
    says: String,
    kind: &'static str,
    vendor: String,
    vendor_href: String,
    weight: Badge,
    told: Badge,
    look: Badge,
    learnt: String,
}

/// Whether the vendor told us: what it kept to itself stands out.
pub fn told(change: &Change) -> Badge {
    let tone = match change.telling {
        Telling::Untold => "soon",
        Telling::Confirmed => "bad",
        Telling::Told | Telling::Otherwise => "good",
        Telling::NotOwed => "plain",
    };
    Badge::new(tone, change.telling.says())
}

/// What was made of it.
pub fn look(change: &Change) -> Badge {
    match &change.look {
        None => Badge::new("wait", "To look at"),
        Some(look) if look.verdict.is_in_hand() => Badge::new("soon", look.verdict.says()),
        Some(look) => Badge::new("plain", look.verdict.says()),
    }
}

/// Its page.
pub fn href(change: &Change) -> String {
    format!("/changes/{}", change.id)
}

/// What the address asks for.
struct Asked {
    shown: Shown,
    about: About,
    page: u32,
}

const TABS: [(Shown, &str, &str); 4] = [
    (Shown::ToLookAt, "look", "To look at"),
    (Shown::InHand, "in-hand", "In hand"),
    (Shown::Settled, "settled", "Settled"),
    (Shown::All, "all", "All"),
];

fn word(shown: Shown) -> &'static str {
    TABS.iter().find(|(one, ..)| *one == shown).map_or("look", |(_, word, _)| word)
}

fn read(fields: &Posted) -> Asked {
    let shown =
        TABS.iter().find(|(_, word, _)| *word == fields.text("state")).map_or(Shown::ToLookAt, |(one, ..)| *one);
    Asked {
        shown,
        about: About { vendor: fields.text("vendor").parse().ok(), telling: fields.text("told").parse().ok() },
        page: fields.text("page").parse().unwrap_or(1).clamp(1, 100_000),
    }
}

fn address(shown: Shown, about: About, page: u32) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("state", word(shown));
    if let Some(telling) = about.telling {
        query.append_pair("told", telling.key());
    }
    if let Some(vendor) = about.vendor {
        query.append_pair("vendor", &vendor.to_string());
    }
    if page > 1 {
        query.append_pair("page", &page.to_string());
    }
    format!("/changes?{}", query.finish())
}

fn heading(shown: Shown, total: u32) -> String {
    let after = match shown {
        Shown::ToLookAt => " to look at",
        Shown::InHand => " in hand",
        Shown::Settled => " settled",
        Shown::All => "",
    };
    match total {
        0 => format!("No changes{after}"),
        1 => format!("1 change{after}"),
        total => format!("{total} changes{after}"),
    }
}

/// What an empty list says: a heading, and what to expect.
const fn nothing(shown: Shown) -> (&'static str, &'static str) {
    match shown {
        Shown::ToLookAt | Shown::All => (
            "Nothing to look at",
            "When a reply, a change notice or an agreement says that a vendor handles your information differently, it shows here.",
        ),
        Shown::InHand => (
            "Nothing in hand",
            "A change that you asked about, or that you act on, waits here until you say that it is settled.",
        ),
        Shown::Settled => (
            "Nothing settled yet",
            "Open a change and say what you make of it. It stays here with your name and the day.",
        ),
    }
}

fn row((change, vendor): Named) -> Row {
    Row {
        href: href(&change),
        says: change.says(),
        kind: change.kind.says(),
        vendor_href: format!("/vendors/{}/changes", change.vendor),
        vendor,
        weight: weight(Some(change.materiality)),
        told: told(&change),
        look: look(&change),
        learnt: civil_date::say_short(change.learnt_on),
    }
}

fn page(asked: &Asked, total: u32, counts: [u32; 4], vendors: Vec<(String, String)>, rows: Vec<Named>) -> Changes {
    let (shown, about) = (asked.shown, asked.about);
    let (empty_heading, empty_says) = nothing(shown);
    let everything = [(String::new(), "Told or not".to_owned())];
    let tellings = Telling::ALL.iter().map(|one| (one.key().to_owned(), one.says().to_owned()));
    let all = [(String::new(), "All".to_owned())];
    let vendor = about.vendor.map(|id| id.to_string()).unwrap_or_default();
    Changes {
        heading: heading(shown, total),
        tabs: TABS
            .iter()
            .zip(counts)
            .map(|((one, _, says), count)| Tab {
                says,
                href: address(*one, about, 1),
                count: count.to_string(),
                here: *one == shown,
            })
            .collect(),
        state: word(shown),
        telling: choice(
            "told",
            "Did they tell us?",
            everything.into_iter().chain(tellings),
            about.telling.map_or("", Telling::key),
        ),
        vendor: choice("vendor", "Vendor", all.into_iter().chain(vendors), &vendor),
        narrowed: about.vendor.is_some() || about.telling.is_some(),
        empty_heading,
        empty_says,
        changes: rows.into_iter().map(row).collect(),
        pager: Pager::of("Changes", total, asked.page, |page| address(shown, about, page)),
    }
}

/// GET `/changes`
pub async fn list(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let mut asked = read(&query(&request));
    let scope = who.scope;
    let page = app
        .read_in(who.scope, move |conn| {
            let mut counts = [0; 4];
            for (count, (shown, ..)) in counts.iter_mut().zip(TABS) {
                *count = changes::total(conn, &scope, shown, asked.about)?;
            }
            let total = changes::total(conn, &scope, asked.shown, asked.about)?;
            asked.page = page_within(asked.page, total);
            let at = (i64::from(PER_PAGE), i64::from(asked.page - 1) * i64::from(PER_PAGE));
            let rows = changes::list(conn, &scope, asked.shown, asked.about, at)?;
            let vendors = changes::vendors_with(conn, &scope)?;
            Ok::<_, StoreError>(page(&asked, total, counts, vendors, rows))
        })
        .await?;
    Staff { who: &who, here: Here::FLAGS, title: "Changes", notice: None }.ok(&app, &page)
}

/// A change for samples, with the same text everywhere.
pub fn sample(text: &str) -> Change {
    use crate::domain::changes::{ChangeKind, ChangeSource, Look, Verdict};
    use crate::domain::ids::{ChangeId, VendorId};
    use crate::domain::notice::Materiality;
    let day = chrono::NaiveDate::default();
    Change {
        id: ChangeId::fresh(),
        vendor: VendorId::fresh(),
        kind: ChangeKind::Place,
        source: ChangeSource::Answer,
        source_id: "1".to_owned(),
        subject: "off.kept".to_owned(),
        about: text.to_owned(),
        was: text.to_owned(),
        became: text.to_owned(),
        was_on: Some(day - chrono::Days::new(370)),
        since: Some(day),
        learnt_on: day,
        materiality: Materiality::High,
        telling: Telling::Untold,
        told_by: text.to_owned(),
        look: Some(Look { verdict: Verdict::Acceptable, why: text.to_owned(), by: text.to_owned(), on: day }),
        withdrawn_on: None,
    }
}

impl Context for Changes {
    const TEMPLATE: &'static str = "pages/changes";
    fn samples() -> Vec<Self> {
        let asked = |shown, about| Asked { shown, about, page: 1 };
        let hostile = "<script>alert(1)</script>";
        let narrowed = About { vendor: None, telling: Some(Telling::Untold) };
        let named = |text: &str| (sample(text), text.to_owned());
        vec![
            page(&asked(Shown::ToLookAt, About::default()), 0, [0; 4], vec![], vec![]),
            page(&asked(Shown::InHand, narrowed), 0, [0; 4], vec![], vec![]),
            page(&asked(Shown::Settled, About::default()), 0, [0; 4], vec![], vec![]),
            page(
                &asked(Shown::All, About::default()),
                900,
                [900, 0, 5, 905],
                vec![("1".to_owned(), hostile.to_owned())],
                vec![named(hostile), named(&"Long ".repeat(60))],
            ),
        ]
    }
}
