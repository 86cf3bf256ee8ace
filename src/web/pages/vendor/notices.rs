//! The vendor's change notices on its page, and its standing link for them.

use actix_web::web::{Data, Path};
use serde::Serialize;

use crate::app::App;
use crate::domain::civil_date;
use crate::domain::ids::VendorId;
use crate::domain::notice::{self, ChangeNotice, Materiality};
use crate::flows::notify::{self, LinkStep};
use crate::store::notice_links::NoticeLink;
use crate::store::{self, Db, StoreError};
use crate::web::form::{Posted, id};
use crate::web::session::SignedIn;
use crate::web::view::Badge;
use crate::web::{Answered, WebError, see_other};

#[derive(Clone, Debug, Default, Serialize)]
pub struct NoticeSection {
    id: String,
    may_change: bool,
    notices: Vec<Line>,
    /// When they last said that nothing has changed, and since when.
    unchanged: Option<String>,
    link: Option<Link>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    href: String,
    when: String,
    kinds: String,
    weight: Badge,
    read: Badge,
}

#[derive(Clone, Debug, Serialize)]
struct Link {
    /// Only for those who may hand it out.
    address: Option<String>,
    made: String,
}

/// What the section is made of.
pub struct Facts {
    pub notices: Vec<ChangeNotice>,
    pub link: Option<NoticeLink>,
}

impl Facts {
    /// # Errors
    /// The database's.
    pub fn load(conn: &mut Db, who: &SignedIn, vendor: VendorId) -> Result<Self, StoreError> {
        Ok(Self {
            notices: store::notices::of_vendor(conn, &who.scope, vendor)?,
            link: store::notice_links::live(conn, &who.scope, vendor)?,
        })
    }
}

/// The tone of how much a notice matters.
pub fn weight(materiality: Option<Materiality>) -> Badge {
    match materiality {
        Some(one @ Materiality::Urgent) => Badge::new("stop", one.says()),
        Some(one @ Materiality::High) => Badge::new("bad", one.says()),
        Some(one @ Materiality::Medium) => Badge::new("soon", one.says()),
        Some(one @ Materiality::Low) => Badge::new("plain", one.says()),
        None => Badge::new("good", "No change"),
    }
}

/// Whether somebody has read it.
pub fn read(notice: &ChangeNotice) -> Badge {
    match (&notice.acknowledged, notice.materiality()) {
        (Some(_), _) => Badge::new("good", "Acknowledged"),
        (None, None) => Badge::new("plain", "Nothing to do"),
        (None, Some(_)) => Badge::new("wait", "To be read"),
    }
}

impl NoticeSection {
    pub fn of(vendor: VendorId, facts: &Facts, address: impl Fn(&NoticeLink) -> String, may_change: bool) -> Self {
        let line = |notice: &ChangeNotice| Line {
            href: format!("/notices/{}", notice.id),
            when: civil_date::say_short(notice.told_on),
            kinds: notice.kinds().iter().map(|kind| kind.says()).collect::<Vec<_>>().join("; "),
            weight: weight(notice.materiality()),
            read: read(notice),
        };
        Self {
            id: vendor.to_string(),
            may_change,
            notices: facts.notices.iter().map(line).collect(),
            unchanged: notice::last_unchanged(&facts.notices).map(|(told, since)| {
                format!(
                    "On {} they said that nothing has changed since {}.",
                    civil_date::say(told),
                    civil_date::say(since)
                )
            }),
            link: facts.link.as_ref().map(|link| Link {
                address: may_change.then(|| address(link)),
                made: format!("{} by {}", civil_date::say_short(link.made_at.date_naive()), link.made_by),
            }),
        }
    }

    /// With text of all kinds in it.
    pub fn sample(text: &str) -> Self {
        let line = Line {
            href: "/notices/1".to_owned(),
            when: "Nov 22, 2026".to_owned(),
            kinds: text.to_owned(),
            weight: weight(Some(Materiality::Urgent)),
            read: Badge::new("wait", "To be read"),
        };
        Self {
            id: "1".to_owned(),
            may_change: true,
            notices: vec![line],
            unchanged: Some(text.to_owned()),
            link: Some(Link { address: Some("https://duecare.example/n/1".to_owned()), made: text.to_owned() }),
        }
    }
}

/// Where a standing link leads.
pub fn address(app: &App, link: &NoticeLink) -> String {
    format!("{}/n/{}", app.base_url, app.office.key.notice_token(link.id))
}

/// POST `/vendors/{id}/notice-link`
pub async fn link(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let vendor: VendorId = id(&path)?;
    let step = match posted.text("action") {
        "renew" => LinkStep::Renew,
        "revoke" => LinkStep::Revoke,
        _ => LinkStep::Make,
    };
    let (office, now, scope, by) = (app.office.clone(), app.clock.now(), who.scope, who.actor());
    app.write_in(who.scope, move |conn| {
        let practice = store::practices::one(conn, &scope)?;
        notify::link(conn, &office, &practice, vendor, step, &by, now)
    })
    .await?
    .ok_or(WebError::NotFound)?;
    Ok(see_other(&format!("/vendors/{vendor}?done=saved#notices")))
}
