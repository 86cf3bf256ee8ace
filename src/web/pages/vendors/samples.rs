//! Lists to render in the test of all templates.

use chrono::NaiveDate;

use super::filters::Asked;
use super::{Facts, Listed, Made, Vendors, page};
use crate::domain::agreement::AgreementStanding;
use crate::domain::exposure::Tier;
use crate::domain::ids::{SavedViewId, VendorId};
use crate::domain::life::Life;
use crate::domain::review::ReviewState;
use crate::domain::scoring::Rating;
use crate::domain::standing::Status;
use crate::store::saved_views::SavedView;
use crate::store::vendor_list::offered::{Offered, Values};
use crate::store::vendor_list::{Filter, Line, Wanted};
use crate::templates::Context;
use crate::web::view::PER_PAGE;

const HOSTILE: &str = "<script>alert('x')</script>\"";

fn listed(name: &str) -> Listed {
    let line = Line {
        id: VendorId::fresh(),
        name: name.to_owned(),
        services: name.to_owned(),
        owner: name.to_owned(),
        tier: Tier::One,
        status: Status::NoReply,
        rating: Rating::DoNotShare,
        agreement: AgreementStanding::Missing,
        next_due_on: NaiveDate::from_ymd_opt(2026, 12, 22),
        accepted_on: NaiveDate::from_ymd_opt(2025, 11, 2),
        open_flags: 3,
        life: Life::Suspended,
        review: ReviewState::Waiting,
    };
    Listed { line, tags: vec![name.chars().take(40).collect()], set_aside: Some(NaiveDate::default()) }
}

fn facts(asked: Asked, all: u32, matching: u32, lines: Vec<Listed>) -> Facts {
    let values = |values: &[&str]| Values::Few(values.iter().map(|value| (*value).to_owned()).collect());
    let offered = Offered { owners: values(&["", HOSTILE]), services: Values::Many, tags: values(&[]) };
    Facts { asked, all, matching, archived: 1, lines, offered, views: Vec::new(), made: None, can_change: true }
}

impl Context for Vendors {
    const TEMPLATE: &'static str = "pages/vendors";
    fn samples() -> Vec<Self> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap_or_default();
        let filter = Filter {
            q: "<script>".to_owned(),
            tier: Some(Tier::Two),
            owner: Some(Wanted::Has(HOSTILE.to_owned())),
            service: Some(Wanted::Is(HOSTILE.to_owned())),
            ..Filter::default()
        };
        let asked = Asked { filter, page: 2, unknown: Vec::new() };
        let view = SavedView { id: SavedViewId::fresh(), name: HOSTILE.to_owned(), query: "q=x".to_owned() };
        let made = Made { id: "1".to_owned(), says: HOSTILE.to_owned(), can_undo: true };
        let longest = (0..PER_PAGE).map(|_| listed(&"Longest ".repeat(25))).collect();
        vec![
            page(facts(Asked::default(), 0, 0, Vec::new()), today),
            page(facts(asked.clone(), 5, 0, Vec::new()), today),
            page(
                Facts {
                    views: vec![view],
                    made: Some(made),
                    ..facts(Asked::default(), 2, 2, vec![listed("Northgate"), listed(HOSTILE)])
                },
                today,
            ),
            page(Facts { can_change: false, ..facts(asked, 900, 700, longest) }, today),
        ]
    }
}
