//! The vendor list: search, filters, sorting and pages, all in the address.

use actix_web::HttpRequest;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde::Serialize;

use super::words;
use crate::app::App;
use crate::domain::agreement::AgreementStanding;
use crate::domain::civil_date;
use crate::domain::exposure::Tier;
use crate::domain::flags::FlagKind;
use crate::domain::scoring::Rating;
use crate::domain::standing::Status;
use crate::store::StoreError;
use crate::store::vendor_list::{self, Due, Filter, Line, Sort};
use crate::templates::Context;
use crate::web::Answered;
use crate::web::form::{Posted, query};
use crate::web::session::SignedIn;
use crate::web::view::{Here, Notice, PER_PAGE, Pager, Staff, page_within};

#[derive(Serialize)]
pub struct Vendors {
    heading: String,
    any_vendors: bool,
    sort: String,
    q: String,
    filters: Vec<Select>,
    chips: Vec<Chip>,
    sorted_says: String,
    columns: Vec<Column>,
    vendors: Vec<Row>,
    pager: Option<Pager>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Select {
    pub id: &'static str,
    pub label: &'static str,
    pub options: Vec<SelectOption>,
}

#[derive(Clone, Debug, Serialize)]
pub struct SelectOption {
    pub value: &'static str,
    pub label: &'static str,
    pub checked: bool,
}

#[derive(Serialize)]
struct Chip {
    says: String,
    href: String,
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
    services: String,
    tier: &'static str,
    rating_tone: &'static str,
    rating: &'static str,
    agreement: &'static str,
    flags: String,
    owner: String,
}

impl Row {
    fn of(line: Line, today: NaiveDate) -> Self {
        let ran_out = line.ran_out_on(today).filter(|ran_out| line.next_due_on.is_some_and(|due| due > *ran_out));
        Self {
            late: ran_out.map(|on| format!("Last reply ran out {}", civil_date::say_short(on))),
            id: line.id.to_string(),
            tone: words::status_tone(line.status),
            status: line.status.says(),
            next: words::date_or_dash(line.next_due_on),
            name: line.name,
            services: line.services,
            tier: line.tier.says(),
            rating_tone: words::rating_tone(line.rating),
            rating: line.rating.says(),
            agreement: line.agreement.says(),
            flags: if line.open_flags == 0 { String::new() } else { line.open_flags.to_string() },
            owner: line.owner,
        }
    }
}

impl Context for Vendors {
    const TEMPLATE: &'static str = "pages/vendors";
    fn samples() -> Vec<Self> {
        let line = |name: &str| Line {
            id: crate::domain::ids::VendorId::fresh(),
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
        };
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap_or_default();
        let asked = Asked {
            filter: Filter { q: "<script>".to_owned(), tier: Some(Tier::Two), ..Filter::default() },
            page: 2,
            unknown: Vec::new(),
        };
        vec![
            page(&Asked::default(), 0, 0, Vec::new(), today),
            page(&asked, 5, 0, Vec::new(), today),
            page(&Asked::default(), 2, 2, vec![line("Northgate"), line("<script>alert('x')</script>\"")], today),
            page(&asked, 900, 700, (0..PER_PAGE).map(|_| line(&"Longest ".repeat(25))).collect(), today),
        ]
    }
}

/// What the address asks for.
#[derive(Clone, Debug)]
struct Asked {
    filter: Filter,
    /// From 1.
    page: u32,
    /// Fields whose value is none of ours.
    unknown: Vec<&'static str>,
}

impl Default for Asked {
    fn default() -> Self {
        Self { filter: Filter::default(), page: 1, unknown: Vec::new() }
    }
}

/// A value that is not known is left out, and said to be: an old bookmark still shows a list.
fn asked(fields: &Posted) -> Asked {
    let mut unknown = Vec::new();
    let (sort, descending) = match fields.text("sort").strip_prefix('-') {
        Some(sort) => (sort.parse().ok(), true),
        None => (fields.text("sort").parse().ok(), false),
    };
    let filter = Filter {
        q: fields.text("q").chars().take(100).collect(),
        tier: known(fields, "tier", &mut unknown),
        rating: known(fields, "rating", &mut unknown),
        status: known(fields, "status", &mut unknown),
        agreement: known(fields, "agreement", &mut unknown),
        flag: known(fields, "flag", &mut unknown),
        due: known(fields, "due", &mut unknown),
        unassured: fields.text("assurance") == "lacking",
        life: known(fields, "life", &mut unknown),
        archived: fields.text("archived") == "yes",
        sort,
        descending,
    };
    Asked { filter, page: fields.text("page").parse().unwrap_or(1).clamp(1, 100_000), unknown }
}

fn known<T: std::str::FromStr>(fields: &Posted, name: &'static str, unknown: &mut Vec<&'static str>) -> Option<T> {
    let text = fields.text(name);
    let value = text.parse().ok();
    if value.is_none() && !text.is_empty() {
        unknown.push(name);
    }
    value
}

fn left_out(unknown: &[&str]) -> Option<Notice> {
    (!unknown.is_empty()).then(|| {
        Notice::warning(format!(
            "This address asks for a {} that we do not know. The list below is shown without that filter.",
            unknown.join(" and a ")
        ))
    })
}

/// The fields of the address, in a fixed order, without `left_out`.
fn address(filter: &Filter, left_out: &str, page: Option<u32>) -> String {
    let sort = filter.sort.map(|sort| format!("{}{}", if filter.descending { "-" } else { "" }, sort.key()));
    let fields = [
        ("q", Some(filter.q.clone()).filter(|q| !q.is_empty())),
        ("due", filter.due.map(|due| due.key().to_owned())),
        ("rating", filter.rating.map(|rating| rating.key().to_owned())),
        ("tier", filter.tier.map(|tier| tier.key().to_owned())),
        ("status", filter.status.map(|status| status.key().to_owned())),
        ("agreement", filter.agreement.map(|standing| standing.key().to_owned())),
        ("flag", filter.flag.map(|kind| kind.key().to_owned())),
        ("assurance", filter.unassured.then(|| "lacking".to_owned())),
        ("life", filter.life.map(|life| life.key().to_owned())),
        ("archived", filter.archived.then(|| "yes".to_owned())),
        ("sort", sort),
        ("page", page.filter(|page| *page > 1).map(|page| page.to_string())),
    ];
    let mut address = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        if let Some(value) = value.filter(|_| name != left_out) {
            address.append_pair(name, &value);
        }
    }
    let address = address.finish();
    if address.is_empty() { "/vendors".to_owned() } else { format!("/vendors?{address}") }
}

fn chips(filter: &Filter) -> Vec<Chip> {
    let chosen = [
        ("q", Some(format!("Search: {}", filter.q)).filter(|_| !filter.q.is_empty())),
        ("due", filter.due.map(|due| due.says().to_owned())),
        ("rating", filter.rating.map(|rating| format!("Rating: {}", rating.says()))),
        ("tier", filter.tier.map(|tier| tier.says().to_owned())),
        ("status", filter.status.map(|status| format!("Status: {}", status.says()))),
        ("agreement", filter.agreement.map(|standing| format!("Agreement: {}", standing.says()))),
        ("flag", filter.flag.map(|kind| format!("Flag: {}", kind.says()))),
        ("assurance", filter.unassured.then(|| "Risky and without assurance".to_owned())),
        ("life", filter.life.map(|life| format!("Life: {}", life.says()))),
        ("archived", filter.archived.then(|| "Archived".to_owned())),
    ];
    chosen
        .into_iter()
        .filter_map(|(name, says)| Some(Chip { says: says?, href: address(filter, name, None) }))
        .collect()
}

/// From the worst; a vendor never assessed is none of them.
const RATINGS: [Rating; 6] =
    [Rating::DoNotShare, Rating::Critical, Rating::High, Rating::Moderate, Rating::Low, Rating::NotAssessed];

macro_rules! select {
    ($id:literal, $label:literal, $words:ty, $chosen:expr) => {
        select!($id, $label, $words, <$words>::ALL, $chosen)
    };
    ($id:literal, $label:literal, $words:ty, $all:expr, $chosen:expr) => {{
        let chosen: Option<$words> = $chosen;
        let any = SelectOption { value: "", label: "Any", checked: chosen.is_none() };
        let options = $all.iter().map(|word| SelectOption {
            value: word.key(),
            label: word.says(),
            checked: chosen == Some(*word),
        });
        Select { id: $id, label: $label, options: std::iter::once(any).chain(options).collect() }
    }};
}

fn filters(filter: &Filter) -> Vec<Select> {
    let mut selects = vec![
        select!("due", "Due", Due, filter.due),
        select!("rating", "Rating", Rating, RATINGS, filter.rating),
        select!("tier", "Tier", Tier, filter.tier),
        select!("status", "Status", Status, filter.status),
        select!("agreement", "Agreement", AgreementStanding, filter.agreement),
        select!("flag", "Open flag", FlagKind, filter.flag),
    ];
    // The dashboard's question, not one to start from: shown while it is in use.
    if filter.unassured {
        let any = SelectOption { value: "", label: "Any", checked: false };
        let lacking = SelectOption { value: "lacking", label: "Risky and without", checked: true };
        selects.push(Select { id: "assurance", label: "Assurance", options: vec![any, lacking] });
    }
    selects
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

fn page(asked: &Asked, all: u32, matching: u32, lines: Vec<Line>, today: NaiveDate) -> Vendors {
    let filter = &asked.filter;
    let chips = chips(filter);
    let heading = match (all, matching) {
        (0, _) => "Vendors".to_owned(),
        (_, 0) => "No vendor matches".to_owned(),
        (all, matching) if chips.is_empty() && all == matching => words::counted(all as usize, "vendor"),
        (all, 1) => format!("1 of {all} vendors matches"),
        (all, matching) => format!("{matching} of {all} vendors match"),
    };
    let sort = filter.sort.unwrap_or(Sort::Due);
    Vendors {
        heading,
        any_vendors: all > 0,
        sort: format!("{}{}", if filter.descending { "-" } else { "" }, sort.key()),
        q: filter.q.clone(),
        filters: filters(filter),
        chips,
        sorted_says: format!("sorted by {}", sort.says().to_lowercase()),
        columns: columns(filter),
        vendors: lines.into_iter().map(|line| Row::of(line, today)).collect(),
        pager: Pager::of("Vendors", matching, asked.page, |page| address(filter, "", Some(page))),
    }
}

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

/// GET `/vendors`
pub async fn list(app: Data<App>, who: SignedIn, request: HttpRequest) -> Answered {
    let asked = asked(&query(&request));
    let today = who.day(app.clock.now());
    let (scope, mut wanted) = (who.scope, asked);
    let (all, matching, lines, asked) = app
        .read(move |conn| {
            let all = vendor_list::total(conn, &scope, &Filter::default(), today)?;
            let matching = vendor_list::total(conn, &scope, &wanted.filter, today)?;
            wanted.page = page_within(wanted.page, matching);
            let skipped = i64::from(wanted.page - 1) * i64::from(PER_PAGE);
            let lines = vendor_list::lines(conn, &scope, &wanted.filter, today, i64::from(PER_PAGE), skipped)?;
            Ok::<_, StoreError>((all, matching, lines, wanted))
        })
        .await?;
    let notice = left_out(&asked.unknown).or_else(|| brought_in(&query(&request)));
    Staff { who: &who, here: Here::VENDORS, title: "Vendors", notice }
        .ok(&app, &page(&asked, all, matching, lines, today))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_state_of_the_list_is_in_its_address() {
        let fields = |text: &str| Posted(url::form_urlencoded::parse(text.as_bytes()).into_owned().collect());
        let address_of = |text: &str| {
            let asked = asked(&fields(text));
            address(&asked.filter, "", Some(asked.page))
        };
        let full = "/vendors?q=a+b&due=overdue&rating=high&tier=2&status=no-reply&agreement=ended&flag=changed&assurance=lacking&sort=-tier&page=3";
        assert_eq!(address_of(full.trim_start_matches("/vendors?")), full);
        assert_eq!(address_of("rating=purple&page=zero"), "/vendors");
        assert_eq!(asked(&fields("rating=purple&tier=9&due=30")).unknown, ["tier", "rating"]);
        assert!(asked(&fields("rating=&q=x")).unknown.is_empty());
    }
}
