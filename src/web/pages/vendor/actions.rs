//! What the vendor is to put right, on its page.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::action::Action;
use crate::domain::assessment;
use crate::domain::civil_date;
use crate::domain::ids::VendorId;
use crate::store::{self, Db, StoreError};
use crate::web::pages::actions::badge;
use crate::web::pages::words;
use crate::web::session::SignedIn;
use crate::web::view::Badge;

/// Open ones shown there; the plan has all.
const MOST: usize = 5;

#[derive(Clone, Debug, Default, Serialize)]
pub struct ActionSection {
    id: String,
    open: Vec<Line>,
    /// How many more are open.
    more: Option<String>,
    closed: Option<String>,
    /// Where gaps of the newest signed reply are chosen, for whoever may.
    choose: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    href: String,
    short: String,
    due: String,
    state: Badge,
}

impl ActionSection {
    /// # Errors
    /// The database's.
    pub fn load(conn: &mut Db, who: &SignedIn, vendor: VendorId, today: NaiveDate) -> Result<Self, StoreError> {
        let all = store::actions::of_vendor(conn, &who.scope, vendor)?;
        let replies = store::assessments::of_vendor(conn, &who.scope, vendor)?;
        let signed = assessment::last_signed(&replies);
        let may = who.role.may(crate::domain::user::Need::Change);
        let choose = signed.filter(|_| may).map(|one| format!("/assessments/{}/actions", one.id));
        Ok(Self { choose, ..Self::of(vendor, &all, today) })
    }

    fn of(vendor: VendorId, all: &[Action], today: NaiveDate) -> Self {
        let (closed, open): (Vec<&Action>, Vec<&Action>) = all.iter().partition(|one| one.state.is_closed());
        let line = |one: &&Action| Line {
            href: format!("/actions/{}", one.id),
            short: one.short.clone(),
            due: civil_date::say_short(one.due_on),
            state: badge(one, today),
        };
        Self {
            id: vendor.to_string(),
            open: open.iter().take(MOST).map(line).collect(),
            more: (open.len() > MOST).then(|| format!("{} more", open.len() - MOST)),
            closed: (!closed.is_empty()).then(|| words::counted(closed.len(), "closed one")),
            choose: None,
        }
    }

    /// With text of all kinds in it.
    pub fn sample(text: &str) -> Self {
        let one = crate::web::pages::actions::sample(text);
        let all = vec![one; 7];
        Self { choose: Some("/assessments/1/actions".to_owned()), ..Self::of(all[0].vendor, &all, all[0].due_on) }
    }
}
