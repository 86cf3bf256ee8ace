//! What the address of the vendor list asks for, and how it is written again.

use serde::Serialize;

use crate::domain::exposure::Tier;
use crate::domain::flags::FlagKind;
use crate::domain::life::Life;
use crate::domain::review::ReviewState;
use crate::domain::scoring::Rating;
use crate::domain::standing::Status;
use crate::store::vendor_list::offered::{Offered, Values};
use crate::store::vendor_list::{Due, Filter, Papers, Wanted};
use crate::web::form::Posted;
use crate::web::view::Notice;

/// What the address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub filter: Filter,
    /// From 1.
    pub page: u32,
    /// Fields whose value is none of ours.
    pub unknown: Vec<&'static str>,
}

impl Default for Asked {
    fn default() -> Self {
        Self { filter: Filter::default(), page: 1, unknown: Vec::new() }
    }
}

/// In an address, what stands for "none".
const NONE: &str = "-";

/// A value that is not known is left out, and said to be: an old bookmark still shows a list.
pub fn asked(fields: &Posted) -> Asked {
    let mut unknown = Vec::new();
    let text = fields.text("sort");
    let (sort, descending) = match text.strip_prefix('-') {
        Some(sort) => (sort.parse().ok(), true),
        None => (text.parse().ok(), false),
    };
    if sort.is_none() && !text.is_empty() {
        unknown.push("sort");
    }
    for (name, only) in [("assurance", "lacking"), ("archived", "yes")] {
        if !fields.text(name).is_empty() && fields.text(name) != only {
            unknown.push(name);
        }
    }
    let filter = Filter {
        q: fields.text("q").chars().take(100).collect::<String>().trim_end().to_owned(),
        tier: known(fields, "tier", &mut unknown),
        rating: known(fields, "rating", &mut unknown),
        status: known(fields, "status", &mut unknown),
        agreement: known(fields, "agreement", &mut unknown),
        flag: known(fields, "flag", &mut unknown),
        life: known(fields, "life", &mut unknown),
        owner: wanted(fields, "owner", "owner_has"),
        service: wanted(fields, "service", "service_has"),
        tag: wanted(fields, "tag", "tag_has"),
        archived: fields.text("archived") == "yes",
        due: known(fields, "due", &mut unknown),
        unassured: fields.text("assurance") == "lacking",
        review: known(fields, "review", &mut unknown),
        descending: descending && sort.is_some(),
        sort,
    };
    Asked { filter, page: fields.text("page").parse().unwrap_or(1).clamp(1, 100_000), unknown }
}

/// What a query string, as a page kept it, asks for.
pub fn asked_by(query: &str) -> Asked {
    asked(&Posted::of(query.as_bytes()))
}

fn known<T: std::str::FromStr>(fields: &Posted, name: &'static str, unknown: &mut Vec<&'static str>) -> Option<T> {
    let text = fields.text(name);
    let value = text.parse().ok();
    if value.is_none() && !text.is_empty() {
        unknown.push(name);
    }
    value
}

fn wanted(fields: &Posted, is: &str, has: &str) -> Option<Wanted> {
    let text = |name: &str| fields.text(name).chars().take(200).collect::<String>().trim_end().to_owned();
    match (text(is), text(has)) {
        (is, _) if is == NONE => Some(Wanted::Is(String::new())),
        (is, _) if !is.is_empty() => Some(Wanted::Is(is)),
        (_, has) if !has.is_empty() => Some(Wanted::Has(has)),
        _ => None,
    }
}

pub fn left_out(unknown: &[&str]) -> Option<Notice> {
    (!unknown.is_empty()).then(|| {
        Notice::warning(format!(
            "This address has a value that we do not know for: {}. The list below is shown without it.",
            unknown.join(", ")
        ))
    })
}

/// The name and value of a text that is looked for.
fn written(wanted: Option<&Wanted>, is: &'static str, has: &'static str) -> (&'static str, Option<String>) {
    match wanted {
        Some(Wanted::Is(text)) if text.is_empty() => (is, Some(NONE.to_owned())),
        Some(Wanted::Is(text)) => (is, Some(text.clone())),
        Some(Wanted::Has(text)) => (has, Some(text.clone())),
        None => (is, None),
    }
}

/// The part of the address after the question mark: fields in a fixed order, without
/// `left_out`.
pub fn query_of(filter: &Filter, left_out: &str, page: Option<u32>) -> String {
    let sort = filter.sort.map(|sort| format!("{}{}", if filter.descending { "-" } else { "" }, sort.key()));
    let fields = [
        ("q", Some(filter.q.clone()).filter(|q| !q.is_empty())),
        ("due", filter.due.map(|due| due.key().to_owned())),
        ("rating", filter.rating.map(|rating| rating.key().to_owned())),
        ("tier", filter.tier.map(|tier| tier.key().to_owned())),
        ("status", filter.status.map(|status| status.key().to_owned())),
        ("agreement", filter.agreement.map(|standing| standing.key().to_owned())),
        ("flag", filter.flag.map(|kind| kind.key().to_owned())),
        ("life", filter.life.map(|life| life.key().to_owned())),
        written(filter.owner.as_ref(), "owner", "owner_has"),
        written(filter.service.as_ref(), "service", "service_has"),
        written(filter.tag.as_ref(), "tag", "tag_has"),
        ("assurance", filter.unassured.then(|| "lacking".to_owned())),
        ("review", filter.review.map(|review| review.key().to_owned())),
        ("archived", filter.archived.then(|| "yes".to_owned())),
        ("sort", sort),
        ("page", page.filter(|page| *page > 1).map(|page| page.to_string())),
    ];
    let mut address = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        if let Some(value) = value.filter(|_| name.trim_end_matches("_has") != left_out) {
            address.append_pair(name, &value);
        }
    }
    address.finish()
}

/// The list's address.
pub fn address(filter: &Filter, left_out: &str, page: Option<u32>) -> String {
    list_at(&query_of(filter, left_out, page))
}

/// The list's address with a query that may be empty.
pub fn list_at(query: &str) -> String {
    if query.is_empty() { "/vendors".to_owned() } else { format!("/vendors?{query}") }
}

#[derive(Clone, Debug, Serialize)]
pub struct Chip {
    pub says: String,
    pub href: String,
}

fn said(label: &str, wanted: Option<&Wanted>) -> Option<String> {
    wanted.map(|wanted| match wanted {
        Wanted::Is(text) if text.is_empty() => format!("{label}: none"),
        Wanted::Is(text) => format!("{label}: {text}"),
        Wanted::Has(text) => format!("{label} has “{text}”"),
    })
}

/// The filters in use, each with the address without it.
pub fn chips(filter: &Filter) -> Vec<Chip> {
    let chosen = [
        ("q", Some(format!("Search: {}", filter.q)).filter(|_| !filter.q.is_empty())),
        ("due", filter.due.map(|due| due.says().to_owned())),
        ("rating", filter.rating.map(|rating| format!("Rating: {}", rating.says()))),
        ("tier", filter.tier.map(|tier| tier.says().to_owned())),
        ("status", filter.status.map(|status| format!("Status: {}", status.says()))),
        ("agreement", filter.agreement.map(|standing| format!("Agreement: {}", standing.says()))),
        ("flag", filter.flag.map(|kind| format!("Flag: {}", kind.says()))),
        ("life", filter.life.map(|life| format!("Life: {}", life.says()))),
        ("owner", said("Owner", filter.owner.as_ref())),
        ("service", said("Service", filter.service.as_ref())),
        ("tag", said("Tag", filter.tag.as_ref())),
        ("assurance", filter.unassured.then(|| "Risky and without assurance".to_owned())),
        ("review", filter.review.map(|review| format!("Review: {}", review.says()))),
        ("archived", filter.archived.then(|| "Archived".to_owned())),
    ];
    chosen
        .into_iter()
        .filter_map(|(name, says)| Some(Chip { says: says?, href: address(filter, name, None) }))
        .collect()
}

/// A filter to choose from a list, or to type.
#[derive(Clone, Debug, Serialize)]
pub struct Select {
    pub id: &'static str,
    pub label: String,
    pub typed: bool,
    pub value: String,
    pub options: Vec<Choosing>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Choosing {
    pub value: String,
    pub label: String,
    pub checked: bool,
}

fn choosing(value: impl Into<String>, label: impl Into<String>, checked: bool) -> Choosing {
    Choosing { value: value.into(), label: label.into(), checked }
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
        let any = choosing("", "Any", chosen.is_none());
        let options = $all.iter().map(|word| choosing(word.key(), word.says(), chosen == Some(*word)));
        let options = std::iter::once(any).chain(options).collect();
        Select { id: $id, label: $label.to_owned(), typed: false, value: String::new(), options }
    }};
}

/// A filter by what the practice itself has written; `None` when it has nothing to offer.
fn own(
    (is, has): (&'static str, &'static str),
    label: &str,
    values: &Values,
    wanted: Option<&Wanted>,
) -> Option<Select> {
    let (values, many) = match values {
        Values::Few(values) => (values.as_slice(), false),
        Values::Many => (&[][..], true),
    };
    let typed = match wanted {
        Some(Wanted::Has(part)) => Some(part.clone()),
        None if many => Some(String::new()),
        _ => None,
    };
    if let Some(value) = typed {
        return Some(Select { id: has, label: format!("{label} has"), typed: true, value, options: Vec::new() });
    }
    let chosen = match wanted {
        Some(Wanted::Is(text)) => Some(text.as_str()),
        _ => None,
    };
    let mut named: Vec<&str> = values.iter().map(String::as_str).filter(|value| !matches!(*value, "" | NONE)).collect();
    if named.is_empty() && chosen.is_none() {
        return None;
    }
    named.extend(chosen.filter(|chosen| !chosen.is_empty() && !values.iter().any(|value| value == chosen)));
    let mut options = vec![choosing("", "Any", chosen.is_none()), choosing(NONE, "None", chosen == Some(""))];
    options.extend(named.into_iter().map(|value| choosing(value, value, chosen == Some(value))));
    Some(Select { id: is, label: label.to_owned(), typed: false, value: String::new(), options })
}

pub fn selects(filter: &Filter, offered: &Offered) -> Vec<Select> {
    let mut selects = vec![
        select!("due", "Due", Due, filter.due),
        select!("rating", "Rating", Rating, RATINGS, filter.rating),
        select!("tier", "Tier", Tier, filter.tier),
        select!("status", "Status", Status, filter.status),
        select!("agreement", "Agreement", Papers, filter.agreement),
        select!("flag", "Open flag", FlagKind, filter.flag),
        select!("review", "Review", ReviewState, filter.review),
    ];
    selects.extend(own(("owner", "owner_has"), "Owner", &offered.owners, filter.owner.as_ref()));
    selects.extend(own(("service", "service_has"), "Service", &offered.services, filter.service.as_ref()));
    selects.extend(own(("tag", "tag_has"), "Tag", &offered.tags, filter.tag.as_ref()));
    selects.push(select!("life", "Life", Life, filter.life));
    let one =
        |id, label: &str, options| Select { id, label: label.to_owned(), typed: false, value: String::new(), options };
    let archived = vec![choosing("", "Left out", !filter.archived), choosing("yes", "Only these", filter.archived)];
    selects.push(one("archived", "Archived", archived));
    // The dashboard's question, not one to start from: shown while it is in use.
    if filter.unassured {
        let options = vec![choosing("", "Any", false), choosing("lacking", "Risky and without", true)];
        selects.push(one("assurance", "Assurance", options));
    }
    selects
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::vendor_list::Sort;

    #[test]
    fn the_whole_state_of_the_list_is_in_its_address() {
        let address_of = |text: &str| {
            let asked = asked_by(text);
            address(&asked.filter, "", Some(asked.page))
        };
        let full = "/vendors?q=a+b&due=overdue&rating=high&tier=2&status=no-reply&agreement=ended&flag=changed\
                    &life=suspended&owner=Dana&service_has=bill&tag=-&assurance=lacking&review=waiting&archived=yes&sort=-tier&page=3";
        assert_eq!(address_of(full.trim_start_matches("/vendors?")), full);
        assert_eq!(address_of("rating=purple&page=zero"), "/vendors");
        assert_eq!(asked_by("rating=purple&tier=9&due=30").unknown, ["tier", "rating"]);
        assert_eq!(asked_by("sort=weight&archived=no").unknown, ["sort", "archived"]);
        assert!(asked_by("rating=&q=x").unknown.is_empty());
        let filter = asked_by("owner_has=da&q=x").filter;
        assert_eq!(address(&filter, "owner", None), "/vendors?q=x");
    }

    fn wanted() -> impl Strategy<Value = Option<Wanted>> {
        let text = "[^-\\s\\x00]([^\\x00]{0,20}[^\\s\\x00])?";
        prop_oneof![
            Just(None),
            Just(Some(Wanted::Is(String::new()))),
            text.prop_map(|text| Some(Wanted::Is(text))),
            text.prop_map(|text| Some(Wanted::Has(text))),
        ]
    }

    fn one_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = Option<T>> {
        proptest::option::of(proptest::sample::select(all))
    }

    proptest! {
        #[test]
        fn an_address_says_what_it_was_written_from(
            q in "([^\\s\\x00]([^\\x00]{0,40}[^\\s\\x00])?)?",
            (tier, rating, status, agreement) in
                (one_of(Tier::ALL), one_of(Rating::ALL), one_of(Status::ALL), one_of(Papers::ALL)),
            (flag, life, due, sort) in (one_of(FlagKind::ALL), one_of(Life::ALL), one_of(Due::ALL), one_of(Sort::ALL)),
            (owner, service, tag) in (wanted(), wanted(), wanted()),
            (archived, unassured, descending) in any::<(bool, bool, bool)>(),
            review in one_of(ReviewState::ALL),
            page in 1_u32..100_000,
        ) {
            let descending = descending && sort.is_some();
            let filter = Filter {
                q, tier, rating, status, agreement, flag, life, owner, service, tag, archived, due, unassured, review,
                sort, descending,
            };
            let read = asked_by(&query_of(&filter, "", Some(page)));
            prop_assert_eq!(read, Asked { filter, page, unknown: Vec::new() });
        }

        #[test]
        fn any_address_is_read_and_settles(query in "\\PC{0,80}") {
            let once = asked_by(&query);
            let written = query_of(&once.filter, "", Some(once.page));
            let again = asked_by(&written);
            prop_assert_eq!(&again.filter, &once.filter);
            prop_assert_eq!(query_of(&again.filter, "", Some(again.page)), written);
        }
    }
}
