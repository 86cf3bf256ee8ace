//! What a reviewer's page looks like: with everything to decide, for whoever only reads, and at
//! its longest and most hostile.

use super::ReviewPage;
use super::rows::{Na, Row, Section, Tick};
use crate::web::assets;
use crate::web::pages::scorecard::lines::FileLink;
use crate::web::pages::scorecard::versions::Line;
use crate::web::view::{Badge, ErrorLine, crumbs};

pub fn all() -> Vec<ReviewPage> {
    let longest = "Wordy ".repeat(300);
    let reading = ReviewPage { may: false, may_accept: false, may_return: false, ..page("Northwind", false) };
    vec![
        page("Northwind", false),
        page(&longest, true),
        page("<script>", true),
        reading,
        ReviewPage { sections: Vec::new(), ..page("", false) },
    ]
}

fn page(text: &str, wrong: bool) -> ReviewPage {
    ReviewPage {
        crumbs: crumbs(&[("Vendors", Some("/vendors")), (text, None)]),
        heading: format!("Review of {text}"),
        errors: if wrong {
            vec![ErrorLine { at: "na:adm.screening".to_owned(), says: text.to_owned() }]
        } else {
            Vec::new()
        },
        action: "/assessments/1/review".to_owned(),
        card: "/assessments/1".to_owned(),
        script: assets::review_script(),
        signed_says: text.to_owned(),
        rating: Badge::new("low", "Low"),
        rating_says: text.to_owned(),
        state: Badge::new("wait", "To review"),
        state_says: text.to_owned(),
        may: true,
        accepted: false,
        may_accept: true,
        may_return: true,
        seen: "adm.screening:1a2b3c4d--".to_owned(),
        signed: "9f86".repeat(16),
        sections: vec![Section { id: "adm".to_owned(), title: text.to_owned(), rows: vec![row(text, wrong)] }],
        open_says: text.to_owned(),
    }
}

fn row(text: &str, wrong: bool) -> Row {
    Row {
        slug: "adm.screening".to_owned(),
        short: text.to_owned(),
        question: text.to_owned(),
        badges: vec![Badge::new("bad", "Critical")],
        answer: text.to_owned(),
        origin: Some(text.to_owned()),
        evidence: text.to_owned(),
        files: vec![
            FileLink { says: text.to_owned(), href: Some("/documents/1".to_owned()) },
            FileLink { says: text.to_owned(), href: None },
        ],
        before: text.to_owned(),
        changed: true,
        said: vec![Line::sample(text), Line::sample(text)],
        part: text.to_owned(),
        decided: vec![text.to_owned()],
        na: Some(Na { accept: false, reject: false, open: true, error: wrong }),
        check: Some(Tick { on: true }),
        ask: true,
        error: wrong.then_some("This changed while you were reading."),
    }
}
