//! The way to type in what a vendor tells by telephone or on paper.

use serde::Serialize;

use crate::domain::answers::told;
use crate::domain::assessment::Assessment;
use crate::domain::standing::Vendor;
use crate::domain::user::Need;
use crate::store::{self, Db, StoreError};
use crate::web::pages::words::counted;
use crate::web::session::SignedIn;

#[derive(Clone, Default, Serialize)]
pub struct ToldSection {
    id: String,
    /// The person may type in answers, and the vendor may be asked.
    may: bool,
    /// A questionnaire is open already.
    open: bool,
    /// How many answers came so.
    count: Option<String>,
}

impl ToldSection {
    pub fn load(conn: &mut Db, who: &SignedIn, vendor: &Vendor) -> Result<Self, StoreError> {
        let may =
            who.role.may(Need::Change) && vendor.details.ba_status.counts_as_ba() && vendor.place.quiet().is_none();
        let open = store::assessments::of_vendor(conn, &who.scope, vendor.id)?.into_iter().find(Assessment::is_open);
        let count = match &open {
            Some(open) => told::count(&store::answers::of(conn, &who.scope, open.id)?),
            None => 0,
        };
        let count = (count > 0).then(|| counted(count, "answer"));
        Ok(Self { id: vendor.id.to_string(), may, open: open.is_some(), count })
    }
}

pub fn sample(id: &str) -> ToldSection {
    ToldSection { id: id.to_owned(), may: true, open: true, count: Some("3 answers".to_owned()) }
}
