//! What narrows the list: one condition a filter.

use diesel::prelude::*;
use diesel::sql_types::Text;

/// One filtered query; a macro, because its diesel type has no name worth writing.
macro_rules! narrowed {
    ($scope:expr, $filter:expr, $today:expr, $query:expr) => {{
        use $crate::store::schema::{contacts, flags, vendor_tags, vendors};
        use $crate::store::vendor_list::narrow;
        let of = practice($scope)?;
        let filter: &Filter = $filter;
        let today: NaiveDate = $today;
        let mut query = $query.into_boxed().filter(vendors::practice_id.eq(of.clone()));
        query = match filter.archived {
            true => query.filter(vendors::archived_at.is_not_null()),
            false => query.filter(vendors::archived_at.is_null()),
        };
        for word in filter.q.split_whitespace() {
            let like = narrow::part(word);
            // One text a row, and one look through the contacts: each call of `lower` costs.
            let people = contacts::table
                .filter(contacts::practice_id.eq(of.clone()))
                .filter(narrow::lower(narrow::person()).like(like.clone()).escape('\\'))
                .select(contacts::vendor_id);
            query =
                query.filter(narrow::lower(narrow::company()).like(like).escape('\\').or(vendors::id.eq_any(people)));
        }
        if let Some(tier) = filter.tier {
            query = query.filter(vendors::tier.eq(i32::from(tier.number())));
        }
        if let Some(rating) = filter.rating {
            query = query.filter(vendors::rating.eq(rating.key()));
        }
        if let Some(review) = filter.review {
            query = query.filter(vendors::review.eq(review.key()));
        }
        if let Some(status) = filter.status {
            query = query.filter(vendors::status.eq(status.key()));
        }
        if let Some(agreement) = filter.agreement {
            query = query.filter(vendors::agreement.eq_any(agreement.standings().iter().map(|one| one.key())));
        }
        if let Some(life) = filter.life {
            query = query.filter(vendors::life.eq(life.key()));
        }
        match &filter.owner {
            Some(Wanted::Is(owner)) if owner.is_empty() => query = query.filter(vendors::owner.eq_any(["", "-"])),
            Some(Wanted::Is(owner)) => query = query.filter(vendors::owner.eq(owner.clone())),
            Some(Wanted::Has(part)) => {
                query = query.filter(narrow::lower(vendors::owner).like(narrow::part(part)).escape('\\'));
            }
            None => {}
        }
        match &filter.service {
            Some(Wanted::Is(service)) if service.is_empty() => {
                query = query.filter(vendors::services.eq_any(["", "-"]));
            }
            Some(Wanted::Is(service)) => query = query.filter(vendors::services.eq(service.clone())),
            Some(Wanted::Has(part)) => {
                query = query.filter(narrow::lower(vendors::services).like(narrow::part(part)).escape('\\'));
            }
            None => {}
        }
        let tagged = vendor_tags::table.filter(vendor_tags::practice_id.eq(of.clone())).select(vendor_tags::vendor_id);
        match &filter.tag {
            Some(Wanted::Is(tag)) if tag.is_empty() => query = query.filter(vendors::id.ne_all(tagged)),
            Some(Wanted::Is(tag)) => {
                query = query.filter(vendors::id.eq_any(tagged.filter(vendor_tags::tag.eq(tag.clone()))));
            }
            Some(Wanted::Has(part)) => {
                let like = narrow::lower(vendor_tags::tag).like(narrow::part(part)).escape('\\');
                query = query.filter(vendors::id.eq_any(tagged.filter(like)));
            }
            None => {}
        }
        match filter.due {
            // A vendor asked anew has a new date; it is late all the same until it replies.
            Some(Due::Overdue) => {
                let lapsed = vendors::accepted_on.lt(calendar::fresh_from(today));
                query =
                    query.filter(vendors::next_due_on.is_not_null()).filter(vendors::next_due_on.lt(today).or(lapsed));
            }
            Some(Due::Soon) => {
                let fresh = vendors::accepted_on.ge(calendar::fresh_from(today));
                query = query
                    .filter(vendors::next_due_on.between(today, today + Days::new(30)))
                    .filter(vendors::accepted_on.is_null().or(fresh));
            }
            None => {}
        }
        if filter.unassured {
            query = query.filter(vendors::assured.eq(false));
        }
        if let Some(kind) = filter.flag {
            let flagged = flags::table
                .filter(flags::practice_id.eq(of))
                .filter(flags::kind.eq(kind.key()))
                .filter(flags::closed_on.is_null())
                .select(flags::vendor_id);
            query = query.filter(vendors::id.eq_any(flagged));
        }
        query
    }};
}
pub(super) use narrowed;

diesel::define_sql_function!(
    /// Small letters, of every alphabet: SQLite's own knows only English ones.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text
);

/// Gives SQLite a `lower` that agrees with Rust's and PostgreSQL's.
pub(in crate::store) fn teach(conn: &mut SqliteConnection) -> QueryResult<()> {
    lower_utils::register_impl(conn, |text: String| text.to_lowercase())
}

/// A pattern for texts that have this in them.
pub(super) fn part(text: &str) -> String {
    format!("%{}%", text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// What a vendor is found by, with breaks between that no search crosses.
pub(super) fn company() -> diesel::expression::SqlLiteral<Text> {
    diesel::dsl::sql(
        "vendors.name || '\n' || vendors.services || '\n' || vendors.owner || '\n' || COALESCE(vendors.external_id, '')",
    )
}

/// What a contact is found by.
pub(super) fn person() -> diesel::expression::SqlLiteral<Text> {
    diesel::dsl::sql("contacts.name || '\n' || COALESCE(contacts.email, '')")
}
