//! The list itself.

use actix_web::HttpRequest;
use actix_web::web::Data;

use super::filters::{asked, left_out};
use super::{Facts, Listed, Made, page};
use crate::app::App;
use crate::domain::user::Need;
use crate::store::vendor_list::{self, Filter};
use crate::store::{self, Db, StoreError};
use crate::web::Answered;
use crate::web::form::{Posted, query};
use crate::web::session::SignedIn;
use crate::web::view::{Here, Notice, PER_PAGE, Staff, page_within};

/// After an import: what it did.
fn brought_in(fields: &Posted) -> Option<Notice> {
    if fields.text("brought") == "none" {
        let says = "Nothing was saved: someone else changed the list at the same moment. Bring the file in again.";
        return Some(Notice::warning(says));
    }
    let new: usize = fields.text("new").parse().ok()?;
    let changed: usize = fields.text("changed").parse().ok()?;
    Some(Notice::success(format!("The list is in: {new} new, {changed} changed.")))
}

fn nobody_chosen(fields: &Posted) -> Option<Notice> {
    (fields.text("bulk") == "none")
        .then(|| Notice::warning("No vendor was chosen. Tick the vendors first, then press Continue."))
}

/// Puts the tags to the lines.
pub(super) fn listed(
    conn: &mut Db,
    scope: &crate::domain::access::Scope,
    lines: Vec<vendor_list::Line>,
) -> Result<Vec<Listed>, StoreError> {
    let ids: Vec<_> = lines.iter().map(|line| line.id).collect();
    let mut tags = store::tags::of_these(conn, scope, &ids)?;
    let tags_of = |line: &vendor_list::Line, tags: &mut std::collections::BTreeMap<_, _>| {
        tags.remove(&line.id).unwrap_or_default()
    };
    let listed = |line| Listed { tags: tags_of(&line, &mut tags).into_iter().collect(), line, set_aside: None };
    Ok(lines.into_iter().map(listed).collect())
}

/// GET `/vendors`
pub async fn list(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let fields = query(&request);
    let mut asked = asked(&fields);
    let today = who.day(app.clock.now());
    let unknown = asked.unknown.clone();
    let (scope, user, can_change) = (who.scope, who.user, who.role.may(Need::Change));
    let made_id = fields.text("bulk").parse().ok();
    let facts = app
        .read_in(who.scope, move |conn| {
            let all = vendor_list::total(conn, &scope, &Filter::default(), today)?;
            let plain = Filter { sort: None, descending: false, ..asked.filter.clone() } == Filter::default();
            let matching = if plain { all } else { vendor_list::total(conn, &scope, &asked.filter, today)? };
            let archived = match matching {
                0 if !plain && !asked.filter.archived => {
                    let filter = Filter { archived: true, ..asked.filter.clone() };
                    vendor_list::total(conn, &scope, &filter, today)?
                }
                _ => 0,
            };
            asked.page = page_within(asked.page, matching);
            let skipped = i64::from(asked.page - 1) * i64::from(PER_PAGE);
            let lines = vendor_list::lines(conn, &scope, &asked.filter, today, i64::from(PER_PAGE), skipped)?;
            let ids: Vec<_> = lines.iter().map(|line| line.id).collect();
            let set_aside = store::vendors::stops_accepted(conn, &scope, &ids)?;
            let mut lines = listed(conn, &scope, lines)?;
            lines.iter_mut().for_each(|one| one.set_aside = set_aside.get(&one.line.id).copied());
            let made = match made_id {
                Some(id) => store::bulk_changes::one(conn, &scope, id)?,
                None => None,
            };
            Ok::<_, StoreError>(Facts {
                asked,
                all,
                matching,
                archived,
                lines,
                offered: vendor_list::offered::offered(conn, &scope)?,
                views: store::saved_views::of_user(conn, &scope, user)?,
                made: made.map(|made| Made {
                    id: made.id.to_string(),
                    can_undo: can_change && !made.undone && !made.before.is_empty(),
                    says: made.says,
                }),
                can_change,
            })
        })
        .await?;
    let notice = left_out(&unknown).or_else(|| nobody_chosen(&fields)).or_else(|| brought_in(&fields));
    Staff { who: &who, here: Here::VENDORS, title: "Vendors", notice }.ok(&app, &page(facts, today))
}
