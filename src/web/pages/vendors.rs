//! The vendor list: search, filters, sorting and pages, all in the address; views, exports
//! and work on many vendors at once beside it.

pub mod bulk;
pub mod export;
pub mod filters;
pub mod list;
pub mod views;

use chrono::NaiveDate;
use serde::Serialize;

use self::filters::{Asked, Chip, Choosing, Select, address, chips, query_of, selects};
use self::views::ViewLink;
use super::words;
use crate::domain::civil_date;
use crate::domain::life::Life;
use crate::domain::standing::Status;
use crate::store::vendor_list::offered::Offered;
use crate::store::vendor_list::{Filter, Line, Sort};
use crate::web::view::Pager;

mod samples;

#[derive(Serialize)]
pub struct Vendors {
    heading: String,
    any_vendors: bool,
    /// Whoever may change vendors gets the buttons that do.
    can_change: bool,
    sort: String,
    q: String,
    filters: Vec<Select>,
    chips: Vec<Chip>,
    /// Said where only archived vendors match.
    in_archive: Option<Chip>,
    views: Vec<ViewLink>,
    own_views: bool,
    /// The present search, where it may be kept under a name.
    to_save: Option<String>,
    query: String,
    export: String,
    sorted_says: String,
    columns: Vec<Column>,
    vendors: Vec<Row>,
    all_says: String,
    acts: Vec<Choosing>,
    made: Option<Made>,
    pager: Option<Pager>,
}

/// What the last change of many vendors came to.
#[derive(Clone, Debug, Serialize)]
pub struct Made {
    pub id: String,
    pub says: String,
    pub can_undo: bool,
}

/// As other pages' filters know it.
#[derive(Clone, Debug, Serialize)]
pub struct SelectOption {
    pub value: &'static str,
    pub label: &'static str,
    pub checked: bool,
}

#[derive(Serialize)]
struct Column {
    says: &'static str,
    href: Option<String>,
    sorted: Option<&'static str>,
    number: bool,
}

#[derive(Serialize)]
struct Row {
    id: String,
    tone: &'static str,
    status: &'static str,
    next: String,
    /// Said of a vendor that was asked anew: the new date alone would look in time.
    late: Option<String>,
    name: String,
    /// Said of a vendor that is not simply active.
    life: Option<&'static str>,
    services: String,
    tier: &'static str,
    rating_tone: &'static str,
    rating: &'static str,
    /// Said of a rating that nobody has confirmed.
    provisional: Option<&'static str>,
    /// That a hard stop is set aside for now.
    accepted: Option<String>,
    agreement: &'static str,
    flags: String,
    owner: String,
    tags: Vec<Tag>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Tag {
    pub says: String,
    pub href: String,
}

/// A tag with the list of the vendors that have it.
pub fn tag(tag: &str) -> Tag {
    let href: String = url::form_urlencoded::byte_serialize(tag.as_bytes()).collect();
    Tag { says: tag.to_owned(), href: format!("/vendors?tag={href}") }
}

/// A row of the list, and of its exports.
#[derive(Clone, Debug)]
pub struct Listed {
    pub line: Line,
    pub tags: Vec<String>,
    /// Until when a hard stop is set aside; the exports leave it out.
    pub set_aside: Option<NaiveDate>,
}

impl Listed {
    /// Said of a vendor that was asked anew: the new date alone would look in time.
    fn late(&self, today: NaiveDate) -> Option<String> {
        let ran_out = self.line.ran_out_on(today);
        let ran_out = ran_out.filter(|ran_out| self.line.next_due_on.is_some_and(|due| due > *ran_out));
        ran_out.map(|on| format!("Last reply ran out {}", civil_date::say_short(on)))
    }

    fn life(&self) -> Option<&'static str> {
        (self.line.life != Life::Active).then_some(self.line.life.says())
    }

    fn row(self, today: NaiveDate) -> Row {
        let (late, life, line) = (self.late(today), self.life(), self.line);
        Row {
            late,
            life,
            id: line.id.to_string(),
            tone: words::status_tone(line.status),
            status: line.status.says(),
            next: words::date_or_dash(line.next_due_on),
            name: line.name,
            services: line.services,
            tier: if line.status == Status::NotNeeded { "–" } else { line.tier.says() },
            rating_tone: words::rating_tone(line.rating),
            rating: line.rating.says(),
            provisional: line.review.is_provisional().then_some("provisional"),
            accepted: self.set_aside.map(|until| format!("hard stop accepted until {}", civil_date::say_short(until))),
            agreement: line.agreement.says(),
            flags: if line.open_flags == 0 { String::new() } else { line.open_flags.to_string() },
            owner: line.owner,
            tags: self.tags.iter().map(|name| tag(name)).collect(),
        }
    }
}

fn columns(filter: &Filter) -> Vec<Column> {
    let column = |says: &'static str, sort: Option<Sort>, number: bool| {
        let here = sort.is_some() && filter.sort.unwrap_or(Sort::Due) == sort.unwrap_or(Sort::Due);
        let flipped = Filter { sort, descending: here && !filter.descending, ..filter.clone() };
        Column {
            says,
            href: sort.map(|_| address(&flipped, "", None)),
            sorted: here.then_some(if filter.descending { "descending" } else { "ascending" }),
            number,
        }
    };
    vec![
        column("Status", Some(Sort::Status), false),
        column("Next date", Some(Sort::Due), false),
        column("Vendor", Some(Sort::Name), false),
        column("Service", None, false),
        column("Tier", Some(Sort::Tier), false),
        column("Rating", Some(Sort::Rating), false),
        column("Agreement", None, false),
        column("Flags", Some(Sort::Flags), true),
        column("Owner", None, false),
    ]
}

/// Everything that the list shows.
struct Facts {
    asked: Asked,
    all: u32,
    matching: u32,
    /// How many match among the archived, where none of the others does.
    archived: u32,
    lines: Vec<Listed>,
    offered: Offered,
    views: Vec<crate::store::saved_views::SavedView>,
    made: Option<Made>,
    can_change: bool,
}

fn heading(all: u32, matching: u32, filter: &Filter, narrowed: bool) -> String {
    match (all, matching) {
        (_, matching) if filter.archived && matching > 0 => words::counted(matching as usize, "archived vendor"),
        (0, 0) => "Vendors".to_owned(),
        (_, 0) => "No vendor matches".to_owned(),
        (all, matching) if !narrowed && all == matching => words::counted(all as usize, "vendor"),
        (all, 1) => format!("1 of {all} vendors matches"),
        (all, matching) => format!("{matching} of {all} vendors match"),
    }
}

fn page(facts: Facts, today: NaiveDate) -> Vendors {
    let Facts { asked, all, matching, archived, lines, offered, views, made, can_change } = facts;
    let filter = &asked.filter;
    let chips = chips(filter);
    let query = query_of(filter, "", None);
    let sort = filter.sort.unwrap_or(Sort::Due);
    let links = views::links(&views, &query);
    Vendors {
        heading: heading(all, matching, filter, !chips.is_empty()),
        in_archive: (archived > 0).then(|| Chip {
            says: match archived {
                1 => "1 archived vendor matches".to_owned(),
                more => format!("{more} archived vendors match"),
            },
            href: address(&Filter { archived: true, ..filter.clone() }, "", None),
        }),
        any_vendors: all > 0 || !chips.is_empty(),
        can_change,
        sort: filter
            .sort
            .map(|_| format!("{}{}", if filter.descending { "-" } else { "" }, sort.key()))
            .unwrap_or_default(),
        q: filter.q.clone(),
        filters: selects(filter, &offered),
        to_save: Some(query.clone()).filter(|query| !query.is_empty() && !links.iter().any(|view| view.current)),
        own_views: !views.is_empty(),
        views: links,
        export: if query.is_empty() { String::new() } else { format!("?{query}") },
        chips,
        sorted_says: format!("sorted by {}", sort.says().to_lowercase()),
        columns: columns(filter),
        vendors: lines.into_iter().map(|line| line.row(today)).collect(),
        all_says: if matching == 1 { "The 1 that matches".to_owned() } else { format!("All {matching} that match") },
        acts: bulk::acts(None),
        made,
        pager: Pager::of("Vendors", matching, asked.page, |page| address(filter, "", Some(page))),
        query,
    }
}
