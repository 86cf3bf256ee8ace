//! One vendor on one screen, and the buttons that ask it.

mod agreement;
mod timeline;

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::Serialize;

use self::agreement::AgreementSection;
use super::words;
use crate::app::App;
use crate::domain::agreement::Agreement;
use crate::domain::assessment::{Assessment, AssessmentState};
use crate::domain::calendar;
use crate::domain::civil_date;
use crate::domain::exposure::{Exposure, Inherent, Tier};
use crate::domain::flags::Flag;
use crate::domain::ids::{AssessmentId, VendorId};
use crate::domain::scoring::Rating;
use crate::domain::standing::{Status, Vendor};
use crate::domain::user::Need;
use crate::flows::invite::{self, InviteError};
use crate::store::{self, Db, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::pages::agreement::own_keys;
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Crumb, Here, Notice, Staff, crumbs};
use crate::web::{Answered, WebError, see_other};

use timeline::{Lines, Timeline};

#[derive(Serialize)]
pub struct VendorPage {
    crumbs: Vec<Crumb>,
    id: String,
    name: String,
    services: Option<String>,
    rating: Badge,
    /// Said where the last reply was rated differently on the day of its signature.
    rating_was: Option<RatingWas>,
    tier: &'static str,
    status: Badge,
    ba_status: &'static str,
    can_ask: bool,
    can_send_link: bool,
    cannot_ask: Option<&'static str>,
    next: String,
    flags_heading: String,
    flags: Vec<OpenFlag>,
    closed_heading: String,
    closed_flags: Vec<ClosedFlag>,
    assessments: Vec<Year>,
    timeline: Timeline,
    inherent_says: String,
    inherent: String,
    factors: Vec<Factor>,
    tier_reasons: Vec<&'static str>,
    contact_name: Option<String>,
    contact_email: Option<String>,
    website: Option<String>,
    website_says: Option<String>,
    owner: Option<String>,
    external_id: Option<String>,
    agreement: Badge,
    agreement_section: AgreementSection,
    profile: Vec<ProfileLine>,
    notes: Option<String>,
}

#[derive(Serialize)]
struct RatingWas {
    assessment: String,
    signed: String,
    says: &'static str,
}

#[derive(Serialize)]
struct OpenFlag {
    severity: Badge,
    says: String,
    since: String,
}

#[derive(Serialize)]
struct ClosedFlag {
    says: String,
    raised: String,
    closed: String,
}

#[derive(Serialize)]
struct Year {
    id: String,
    name: String,
    state: Badge,
    asked: String,
    due: String,
    signed: Option<String>,
    rating: Badge,
}

#[derive(Serialize)]
struct Factor {
    factor: &'static str,
    says: String,
    weight: String,
    level: String,
    points: String,
}

#[derive(Serialize)]
struct ProfileLine {
    asks: &'static str,
    says: Vec<&'static str>,
}

/// What the page is made of.

struct Facts {
    vendor: Vendor,
    flags: Vec<Flag>,
    assessments: Vec<Assessment>,
    ratings: Vec<(AssessmentId, Rating)>,
    timeline: Timeline,
    agreements: Vec<Agreement>,
    own_terms: Vec<String>,
    may_change: bool,
}

fn load(conn: &mut Db, who: &SignedIn, id: VendorId) -> Result<Option<Facts>, StoreError> {
    let Some(vendor) = store::vendors::one(conn, &who.scope, id)? else { return Ok(None) };
    Ok(Some(Facts {
        vendor,
        flags: store::flags::of_vendor(conn, &who.scope, id)?,
        assessments: store::assessments::of_vendor(conn, &who.scope, id)?,
        ratings: store::assessments::ratings(conn, &who.scope, id)?,
        timeline: Timeline::of(Lines::load(conn, &who.scope, id)?, id, who.timezone),
        agreements: store::agreements::of_vendor(conn, &who.scope, id)?,
        own_terms: own_keys(store::agreements::own_terms(conn, &who.scope)?),
        may_change: who.role.may(Need::Change),
    }))
}

fn page(facts: Facts, today: NaiveDate) -> VendorPage {
    let Facts { vendor, flags, assessments, ratings, timeline, agreements, own_terms, may_change } = facts;
    let agreement_section = AgreementSection::of(&vendor, &agreements, &own_terms, may_change, today);
    let (details, standing) = (vendor.details, vendor.standing);
    let inherent = details.exposure.inherent();
    let (open, closed): (Vec<Flag>, Vec<Flag>) = flags.into_iter().partition(|flag| flag.closed_on.is_none());
    let asked_now = assessments.iter().find(|assessment| assessment.is_open());
    let needed = details.ba_status.counts_as_ba();
    let cannot_ask = match (needed, &details.contact_email) {
        (true, None) => Some("This vendor cannot be asked: there is no contact e-mail."),
        _ => None,
    };
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    VendorPage {
        timeline,
        crumbs: crumbs(&[("Vendors", Some("/vendors")), (&details.name, None)]),
        id: vendor.id.to_string(),
        next: next(asked_now, standing.next_due_on, standing.status, today),
        can_ask: needed && cannot_ask.is_none() && asked_now.is_none(),
        can_send_link: cannot_ask.is_none() && asked_now.is_some(),
        cannot_ask,
        rating: words::rating(standing.rating),
        rating_was: rating_was(&assessments, &ratings, standing.rating),
        tier: standing.tier.says(),
        status: words::status(standing.status),
        ba_status: details.ba_status.says(),
        flags_heading: if open.is_empty() {
            "No open flags".to_owned()
        } else {
            words::counted(open.len(), "open flag")
        },
        flags: open.into_iter().map(open_flag).collect(),
        closed_heading: words::counted(closed.len(), "closed flag"),
        closed_flags: closed.into_iter().map(closed_flag).collect(),
        assessments: assessments.iter().map(|assessment| year(assessment, &ratings)).collect(),
        inherent_says: inherent_says(&inherent),
        inherent: words::points(inherent.total),
        factors: factors(&details.exposure, &inherent),
        tier_reasons: tier_reasons(&inherent),
        website_says: details.website.as_deref().and_then(host),
        agreement: words::agreement(standing.agreement),
        agreement_section,
        profile: profile(&details.exposure),
        name: details.name,
        services: given(details.services),
        contact_name: given(details.contact_name),
        contact_email: details.contact_email,
        website: details.website,
        owner: given(details.owner),
        external_id: details.external_id,
        notes: given(details.notes),
    }
}

fn host(website: &str) -> Option<String> {
    url::Url::parse(website).ok()?.host_str().map(|host| host.trim_start_matches("www.").to_owned())
}

fn next(asked: Option<&Assessment>, due_on: Option<NaiveDate>, status: Status, today: NaiveDate) -> String {
    let late = |due: NaiveDate| words::counted(usize::try_from((today - due).num_days()).unwrap_or(0), "day");
    match (asked, due_on) {
        (Some(asked), _) if asked.due_on < today => {
            format!("The reply was due on {}, {} ago.", civil_date::say(asked.due_on), late(asked.due_on))
        }
        (Some(asked), _) => format!("The reply is due on {}.", civil_date::say(asked.due_on)),
        (None, None) => "Nothing is asked of this vendor: it is no business associate.".to_owned(),
        (None, Some(due)) if status == Status::NotAsked => {
            format!("Not asked yet. A first reply is wanted by {}.", civil_date::say(due))
        }
        (None, Some(due)) if due < today => {
            format!("The yearly reply was due on {}, {} ago.", civil_date::say(due), late(due))
        }
        (None, Some(due)) => {
            let ask = due - chrono::Days::new(calendar::ASK_DAYS_BEFORE);
            format!(
                "The next letter goes out on {}, for a reply by {}.",
                civil_date::say(ask.max(today)),
                civil_date::say(due)
            )
        }
    }
}

fn rating_was(assessments: &[Assessment], ratings: &[(AssessmentId, Rating)], now: Rating) -> Option<RatingWas> {
    let (last, signed) = assessments.iter().find_map(|one| Some((one, one.accepted_on?)))?;
    let (_, rating) = ratings.iter().find(|(id, rating)| *id == last.id && *rating != now)?;
    Some(RatingWas { assessment: last.id.to_string(), signed: civil_date::say(signed), says: rating.says() })
}

fn open_flag(flag: Flag) -> OpenFlag {
    OpenFlag {
        severity: words::severity(flag.kind.severity()),
        says: flag.sentence,
        since: civil_date::say_short(flag.raised_on),
    }
}

fn closed_flag(flag: Flag) -> ClosedFlag {
    ClosedFlag {
        says: flag.sentence,
        raised: civil_date::say_short(flag.raised_on),
        closed: words::date_or_dash(flag.closed_on),
    }
}

fn year(assessment: &Assessment, ratings: &[(AssessmentId, Rating)]) -> Year {
    let rating = ratings.iter().find(|(id, _)| *id == assessment.id).map_or(Rating::NotAssessed, |(_, rating)| *rating);
    let tone = match assessment.state {
        AssessmentState::Invited | AssessmentState::InProgress => "wait",
        AssessmentState::Accepted => "good",
        AssessmentState::Closed => "bad",
    };
    Year {
        id: assessment.id.to_string(),
        name: words::assessment(assessment),
        state: Badge::new(tone, assessment.state.says()),
        asked: civil_date::say_short(assessment.asked_on),
        due: civil_date::say_short(assessment.due_on),
        signed: assessment.accepted_on.map(civil_date::say_short),
        rating: words::rating(rating),
    }
}

fn inherent_says(inherent: &Inherent) -> String {
    let set = match inherent.tier {
        Tier::One | Tier::Two => "every question that applies, once a year",
        Tier::Three => "the weightier questions, once a year",
        Tier::Four => "the short questionnaire, once a year",
    };
    let tier = inherent.tier.number();
    format!(
        "{} of 100 before any safeguard. Higher is riskier. That makes it tier {tier}: {set}.",
        words::points(inherent.total)
    )
}

fn tier_reasons(inherent: &Inherent) -> Vec<&'static str> {
    inherent
        .floors
        .iter()
        .map(|floor| match *floor {
            "specially_protected" => "It gets specially protected information, so it is at least tier 2.",
            _ => "It keeps information of 500 patients or more, or may, so it is at least tier 2.",
        })
        .collect()
}

fn factors(exposure: &Exposure, inherent: &Inherent) -> Vec<Factor> {
    let list = |words: Vec<&'static str>| if words.is_empty() { "Not known".to_owned() } else { words.join("; ") };
    let (names, says) = (
        [
            "Kind of information",
            "Patients",
            "Ways in",
            "How long we can do without",
            "Other companies",
            "Outside the United States",
        ],
        [
            list(exposure.elements.iter().map(|element| element.says()).collect()),
            exposure.volume.says().to_owned(),
            list(exposure.access.iter().map(|way| way.says()).collect()),
            exposure.criticality.says().to_owned(),
            exposure.subs.says().to_owned(),
            exposure.offshore.says().to_owned(),
        ],
    );
    inherent
        .parts
        .iter()
        .zip(names.into_iter().zip(says))
        .map(|(part, (factor, says))| Factor {
            factor,
            says,
            weight: part.weight.to_string(),
            level: part.value.to_string(),
            points: words::points(part.points),
        })
        .collect()
}

fn profile(exposure: &Exposure) -> Vec<ProfileLine> {
    let known = |words: Vec<&'static str>| if words.is_empty() { vec!["Not known"] } else { words };
    let mut lines = vec![
        ProfileLine { asks: "Information", says: known(exposure.elements.iter().map(|one| one.says()).collect()) },
        ProfileLine { asks: "Patients", says: vec![exposure.volume.says()] },
        ProfileLine { asks: "How it gets there", says: known(exposure.access.iter().map(|one| one.says()).collect()) },
        ProfileLine { asks: "We could work without it", says: vec![exposure.criticality.says()] },
        ProfileLine { asks: "Other companies", says: vec![exposure.subs.says()] },
        ProfileLine { asks: "Outside the United States", says: vec![exposure.offshore.says()] },
    ];
    if !exposure.traits.is_empty() {
        lines.push(ProfileLine { asks: "Also", says: exposure.traits.iter().map(|one| one.says()).collect() });
    }
    lines
}

impl Context for VendorPage {
    const TEMPLATE: &'static str = "pages/vendor";
    fn samples() -> Vec<Self> {
        let today = NaiveDate::default();
        crate::web::pages::vendor_form::sample_vendors()
            .into_iter()
            .map(|vendor| {
                let flag = |sentence: &str, closed_on| Flag {
                    id: crate::domain::ids::FlagId::fresh(),
                    vendor: vendor.id,
                    kind: crate::domain::flags::FlagKind::Changed,
                    subject: String::new(),
                    sentence: sentence.to_owned(),
                    raised_on: today,
                    closed_on,
                };
                let flags = vec![flag("<script>alert(1)</script>", None), flag("Was so once", Some(today))];
                let timeline = Timeline::of(Lines::default(), vendor.id, chrono_tz::UTC);
                let empty = Facts {
                    vendor,
                    flags,
                    assessments: vec![],
                    ratings: vec![],
                    timeline,
                    agreements: vec![],
                    own_terms: vec![],
                    may_change: true,
                };
                page(empty, today)
            })
            .collect()
    }
}

/// GET `/vendors/{id}`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let vendor: VendorId = id(&path)?;
    let reader = who.clone();
    let facts = app.read(move |conn| load(conn, &reader, vendor)).await?.ok_or(WebError::NotFound)?;
    let today = who.day(app.clock.now());
    let name = facts.vendor.details.name.clone();
    let notice = match query(&request).text("done") {
        "saved" => Some(Notice::success("Saved.")),
        "closed" => Some(Notice::success("Saved. The open questionnaire was closed, and its links no longer work.")),
        "moved" => Some(Notice::success(
            "Saved. The links sent to the old address no longer work; a letter with a fresh one is on its way to the new address.",
        )),
        "withdrawn" => Some(Notice::warning(
            "Saved. The links sent to the old address no longer work, and there is no new address to write to.",
        )),
        "asked" => Some(Notice::success("Asked. The letter is on its way; see the outbox.")),
        "fresh-link" => Some(Notice::success("A letter with a fresh link is on its way. Older links no longer work.")),
        "already" => Some(Notice::warning("It was asked already, so no second letter was sent.")),
        "just-sent" => {
            Some(Notice::warning("A letter with a link was written a moment ago, so no second one was sent."))
        }
        "nothing-open" => {
            Some(Notice::warning("Nothing is open any more: the answers were signed, or closed. No letter was sent."))
        }
        "not-needed" => Some(Notice::warning("It is no business associate, so it was not asked.")),
        "no-address" => Some(Notice::warning("It has no e-mail address, so no letter was sent.")),
        _ => None,
    };
    Staff { who: &who, here: Here::VENDORS, title: &name, notice }.ok(&app, &page(facts, today))
}

/// POST `/vendors/{id}/ask`
pub async fn ask(app: Data<App>, who: SignedIn, path: Path<String>, _posted: Posted) -> Answered {
    let vendor: VendorId = id(&path)?;
    let (office, now, scope, by) = (app.office.clone(), app.clock.now(), who.scope, who.actor());
    let asked = app
        .write(move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            invite::invite(conn, &office, &practice, vendor, &by, now).map(drop)
        })
        .await;
    done(&app, vendor, asked, "asked")
}

/// POST `/vendors/{id}/fresh-link`
pub async fn fresh_link(app: Data<App>, who: SignedIn, path: Path<String>, _posted: Posted) -> Answered {
    let vendor: VendorId = id(&path)?;
    let (office, now, scope, by) = (app.office.clone(), app.clock.now(), who.scope, who.actor());
    let sent = app
        .write(move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            invite::fresh_link(conn, &office, &practice, vendor, &by, now)
        })
        .await;
    done(&app, vendor, sent, "fresh-link")
}

fn done(app: &App, vendor: VendorId, outcome: Result<(), InviteError>, word: &str) -> Answered {
    let word = match outcome {
        Err(InviteError::NoVendor) => return Err(WebError::NotFound),
        Ok(()) => {
            app.post.notify_one();
            word
        }
        Err(InviteError::NoAddress) => "no-address",
        // A second press, or another person's: one letter is enough.
        Err(InviteError::AlreadyAsked { .. } | InviteError::Store(StoreError::Duplicate)) => "already",
        Err(InviteError::JustSent) => "just-sent",
        Err(InviteError::NothingOpen) => "nothing-open",
        Err(InviteError::NotNeeded) => "not-needed",
        Err(InviteError::Store(error)) => return Err(error.into()),
    };
    Ok(see_other(&format!("/vendors/{vendor}?done={word}")))
}
