//! One vendor on one screen, and the buttons that ask it.

pub mod actions;
mod agreement;
pub mod decision;
pub mod evidence;
pub mod exceptions;
pub mod exposure;
pub mod handovers;
pub mod incidents;
pub mod life;
pub mod notices;
pub mod people;
mod recheck;
pub mod subcontractors;
mod timeline;
mod told;

use std::collections::BTreeSet;

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::Serialize;

use self::agreement::{AgreementSection, Papers};
use super::documents::Days as DocumentDays;
use super::vendors::{Tag, tag};
use super::{documents, words};
use crate::app::App;
use crate::domain::acceptance::Acceptance;
use crate::domain::assessment::{self, Assessment, AssessmentState};
use crate::domain::ba_decision::BaDecision;
use crate::domain::cadence::Cadence;
use crate::domain::calendar;
use crate::domain::civil_date;
use crate::domain::contact::Contact;
use crate::domain::document::Document;
use crate::domain::exposure::Exposure;
use crate::domain::flags::{Fact, Flag, FlagState};
use crate::domain::ids::VendorId;
use crate::domain::life::Life;
use crate::domain::practice::Settings;
use crate::domain::review::ReviewState;
use crate::domain::scoring::Rating;
use crate::domain::standing::Standing;
use crate::domain::standing::{Status, Vendor};
use crate::domain::tier_decision::TierDecision;
use crate::domain::user::Need;
use crate::flows::Office;
use crate::flows::invite::{self, InviteError};
use crate::store::assessments::Rated;
use crate::store::{self, Db, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
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
    /// What a person made of the reply that the rating rests on, or did not yet.
    review: Option<ReviewMark>,
    /// Said where the last reply was rated differently when it was signed, or reviewed.
    rating_was: Option<RatingWas>,
    tier: &'static str,
    status: Badge,
    ba_status: &'static str,
    can_ask: bool,
    can_send_link: bool,
    cannot_ask: Option<&'static str>,
    next: String,
    /// Asked again before the year is over.
    recheck: Option<recheck::RecheckLine>,
    /// Where that is done.
    next_href: Option<String>,
    flags_heading: String,
    flags: Vec<OpenFlag>,
    known_heading: String,
    known_flags: Vec<ClosedFlag>,
    closed_heading: String,
    closed_flags: Vec<ClosedFlag>,
    assessments: Vec<Year>,
    may_change: bool,
    exposure: exposure::ExposurePart,
    people: people::People,
    decision: decision::DecisionPart,
    timeline: Timeline,
    website: Option<String>,
    website_says: Option<String>,
    owner: Option<String>,
    external_id: Option<String>,
    agreement: Badge,
    agreement_section: AgreementSection,
    profile: Vec<ProfileLine>,
    documents: documents::section::Section,
    notes: Option<String>,
    life: life::LifeSection,
    notices: notices::NoticeSection,
    evidence: evidence::EvidenceSection,
    subcontractors: subcontractors::SubSection,
    told: told::ToldSection,
    handovers: handovers::HandoverSection,
    actions: actions::ActionSection,
    incidents: incidents::IncidentSection,
    exceptions: exceptions::ExceptionSection,
    tags: Vec<Tag>,
}

#[derive(Serialize)]
struct RatingWas {
    /// Why it is not the same today.
    why: String,
    assessment: String,
    when: String,
    says: &'static str,
}

/// The rating is provisional until a person has accepted the reply.
#[derive(Serialize)]
struct ReviewMark {
    badge: Badge,
    href: String,
    provisional: bool,
}

#[derive(Serialize)]
struct OpenFlag {
    id: String,
    severity: Badge,
    says: String,
    since: String,
}

#[derive(Serialize)]
struct ClosedFlag {
    id: String,
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
struct ProfileLine {
    asks: &'static str,
    says: Vec<&'static str>,
}

/// What the page is made of.
struct Facts {
    vendor: Vendor,
    flags: Vec<Flag>,
    assessments: Vec<Assessment>,
    ratings: Vec<Rated>,
    documents: Vec<Document>,
    contacts: Vec<Contact>,
    ba_decisions: Vec<BaDecision>,
    tier_decisions: Vec<TierDecision>,
    added_on: NaiveDate,
    papers: Papers,
    effective: Exposure,
    life: life::LifeSection,
    subcontractors: subcontractors::SubSection,
    told: told::ToldSection,
    handovers: handovers::HandoverSection,
    settings: Settings,
    timeline: Timeline,
    may_change: bool,
    told_of: notices::Facts,
    actions: actions::ActionSection,
    incidents: incidents::IncidentSection,
    exceptions: exceptions::ExceptionSection,
    recheck: Option<recheck::RecheckLine>,
    evidence: Vec<Acceptance>,
    tags: BTreeSet<String>,
}

fn load(
    conn: &mut Db,
    office: &Office,
    who: &SignedIn,
    id: VendorId,
    today: NaiveDate,
) -> Result<Option<Facts>, StoreError> {
    let Some(vendor) = store::vendors::one(conn, &who.scope, id)? else { return Ok(None) };
    let may_change = who.role.may(Need::Change);
    let ending = life::ending(conn, who, &vendor)?;
    let subs = subcontractors::load(conn, who, &vendor)?;
    let practice = store::practices::one(conn, &who.scope)?;
    let exceptions = exceptions::ExceptionSection::load(conn, office, &practice, &vendor, today)?;
    let assessments = store::assessments::of_vendor(conn, &who.scope, id)?;
    let recheck = recheck::RecheckLine::load(conn, &practice, &vendor, &assessments, today)?;
    let settings = practice.settings;
    Ok(Some(Facts {
        exceptions,
        recheck,
        effective: subs.effective.exposure.clone(),
        life: life::LifeSection::of(&vendor, ending.as_ref(), may_change, |at| who.day(at)),
        subcontractors: subcontractors::SubSection::of(&vendor, subs, may_change),
        added_on: who.day(vendor.added_at),
        told: told::ToldSection::load(conn, who, &vendor)?,
        handovers: handovers::HandoverSection::load(conn, who, id)?,
        vendor,
        flags: store::flags::of_vendor(conn, &who.scope, id)?,
        assessments,
        ratings: store::assessments::ratings(conn, &who.scope, id)?,
        documents: store::documents::of_vendor(conn, &who.scope, id)?,
        contacts: store::contacts::of_vendor(conn, &who.scope, id)?,
        ba_decisions: store::decisions::on_ba(conn, &who.scope, id)?,
        tier_decisions: store::decisions::on_tier(conn, &who.scope, id)?,
        papers: Papers::load(conn, who, &settings, id)?,
        settings,
        timeline: Timeline::of(Lines::load(conn, &who.scope, id)?, id, who.timezone),
        may_change,
        told_of: notices::Facts::load(conn, who, id)?,
        actions: actions::ActionSection::load(conn, who, id, today)?,
        incidents: incidents::IncidentSection::load(conn, who, id, today)?,
        evidence: store::acceptances::of_vendor(conn, &who.scope, id)?,
        tags: store::tags::of_vendor(conn, &who.scope, id)?,
    }))
}

fn page(
    facts: Facts,
    today: NaiveDate,
    documents: documents::section::Section,
    notices: notices::NoticeSection,
) -> VendorPage {
    let Facts {
        vendor,
        flags,
        assessments,
        ratings,
        effective,
        life,
        subcontractors,
        told,
        handovers,
        settings,
        timeline,
        papers,
        may_change,
        tags,
        contacts,
        ba_decisions,
        tier_decisions,
        added_on,
        evidence,
        actions,
        incidents,
        exceptions,
        recheck,
        ..
    } = facts;
    let cadence = settings.cadence_for(vendor.standing.tier, vendor.cadence);
    let exposure = exposure::part(&vendor, &effective, &tier_decisions, cadence, may_change);
    let people = people::people(vendor.id, &contacts, may_change);
    let decision = decision::part(&vendor, added_on, &ba_decisions, today, may_change);
    let agreement_section = AgreementSection::of(&vendor, &papers, today);
    let evidence = evidence::EvidenceSection::of(&vendor, &evidence, today, may_change);
    let quiet = vendor.place.quiet();
    let no_news = no_news(&vendor, &assessments);
    let needs_nothing = vendor.standing.status == Status::NotNeeded;
    let (details, standing) = (vendor.details, vendor.standing);
    let (closed, standing_flags): (Vec<Flag>, Vec<Flag>) = flags.into_iter().partition(|flag| flag.closed_on.is_some());
    let is_known = |flag: &Flag| flag.state(today) == FlagState::Acknowledged;
    let (known, mut open): (Vec<Flag>, Vec<Flag>) = standing_flags.into_iter().partition(is_known);
    // The worst first, as in every list of flags; of equals, the newest.
    open.sort_by_key(|flag| flag.kind.severity().rank());
    let asked_now = assessments.iter().find(|assessment| assessment.is_open());
    let on_evidence = standing.status == Status::OnEvidence;
    let needed = details.ba_status.counts_as_ba() && quiet.is_none() && !on_evidence;
    let cannot_ask = match contacts.iter().find(|one| one.preferred) {
        _ if !needed => None,
        Some(one) if one.may_be_written_to() => None,
        Some(one) if one.details.email.is_some() => {
            Some("This vendor cannot be asked: letters to its address bounced, or are not wanted.")
        }
        _ => Some("This vendor cannot be asked: there is no contact e-mail."),
    };
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    VendorPage {
        timeline,
        crumbs: crumbs(&[("Vendors", Some("/vendors")), (&details.name, None)]),
        id: vendor.id.to_string(),
        next_href: life.settle.as_ref().map(|_| format!("/vendors/{}/ending", vendor.id)),
        recheck,
        next: life.settle.clone().or(no_news).unwrap_or_else(|| next(asked_now, &standing, cadence, today)),
        can_ask: may_change && needed && cannot_ask.is_none() && asked_now.is_none(),
        can_send_link: may_change && quiet.is_none() && cannot_ask.is_none() && asked_now.is_some(),
        cannot_ask,
        rating: words::rating(standing.rating),
        review: review_mark(&assessments, standing.review),
        rating_was: rating_was(&assessments, &ratings, standing.rating, exceptions.set_aside()),
        tier: if needs_nothing { "Tier –: not needed" } else { standing.tier.says() },
        status: words::status(standing.status),
        ba_status: details.ba_status.says(),
        flags_heading: if open.is_empty() {
            "No open flags".to_owned()
        } else {
            words::counted(open.len(), "open flag")
        },
        flags: open.into_iter().map(open_flag).collect(),
        known_heading: words::counted(known.len(), "acknowledged flag"),
        known_flags: known.into_iter().map(known_flag).collect(),
        closed_heading: words::counted(closed.len(), "closed flag"),
        closed_flags: closed.into_iter().map(closed_flag).collect(),
        assessments: assessments.iter().map(|assessment| year(assessment, &ratings)).collect(),
        exposure,
        people,
        decision,
        website_says: details.website.as_deref().and_then(host),
        agreement: words::agreement(standing.agreement),
        agreement_section,
        profile: profile(&details.exposure),
        documents,
        name: details.name,
        services: given(details.services),
        website: details.website,
        owner: given(details.owner),
        external_id: details.external_id,
        notes: given(details.notes),
        may_change,
        life,
        notices,
        evidence,
        subcontractors,
        told,
        handovers,
        actions,
        incidents,
        exceptions,
        tags: tags.iter().map(|one| tag(one)).collect(),
    }
}

/// Why no letter is to be expected, where that is not the calendar's doing.
fn no_news(vendor: &Vendor, assessments: &[Assessment]) -> Option<String> {
    if let Some(why) = vendor.place.quiet() {
        return Some(format!("Nothing is sent to this vendor: it {why}."));
    }
    let asked_now = assessments.iter().any(Assessment::is_open);
    if vendor.standing.status == Status::OnEvidence {
        return Some("Accepted on evidence. It is asked again when that lapses or is ended.".to_owned());
    }
    match vendor.place.life {
        Life::Prospect if !asked_now => Some("A prospect is asked only when you press Ask now.".to_owned()),
        Life::Ending if vendor.standing.next_due_on.is_none() => {
            Some("Its work ends before the next questionnaire is due, so it is not asked again.".to_owned())
        }
        _ => None,
    }
}

fn host(website: &str) -> Option<String> {
    url::Url::parse(website).ok()?.host_str().map(|host| host.trim_start_matches("www.").to_owned())
}

fn next(asked: Option<&Assessment>, standing: &Standing, cadence: Cadence, today: NaiveDate) -> String {
    let (due_on, status, accepted_on) = (standing.next_due_on, standing.status, standing.accepted_on);
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
            let ask = calendar::asks_on(due, cadence, accepted_on);
            format!(
                "The next letter goes out on {}, for a reply by {}.",
                civil_date::say(ask.max(today)),
                civil_date::say(due)
            )
        }
    }
}

/// `set_aside` is that a hard stop is accepted for now.
fn rating_was(
    assessments: &[Assessment],
    ratings: &[Rated],
    now: Rating,
    set_aside: Option<&str>,
) -> Option<RatingWas> {
    let (last, signed) = assessments.iter().find_map(|one| Some((one, one.accepted_on?)))?;
    let was = ratings.iter().find(|one| one.assessment == last.id && one.rating != now)?;
    let when = match was.reviewed {
        true => "When the reply was reviewed".to_owned(),
        false => format!("When they signed on {}", civil_date::say(signed)),
    };
    let why = set_aside
        .filter(|_| was.rating == Rating::DoNotShare)
        .unwrap_or("The rating is as of today: a reply, and the dates in it, grow older.");
    Some(RatingWas { why: why.to_owned(), assessment: last.id.to_string(), when, says: was.rating.says() })
}

fn review_mark(assessments: &[Assessment], state: ReviewState) -> Option<ReviewMark> {
    let last = assessment::last_signed(assessments)?;
    let badge = match state {
        ReviewState::None => return None,
        ReviewState::Waiting => Badge::new("wait", "Provisional, to review"),
        ReviewState::Returned => Badge::new("soon", "Provisional, questions sent back"),
        ReviewState::Accepted => Badge::new("good", "Reviewed"),
    };
    Some(ReviewMark { badge, href: format!("/assessments/{}/review", last.id), provisional: state.is_provisional() })
}

fn open_flag(flag: Flag) -> OpenFlag {
    OpenFlag {
        id: flag.id.to_string(),
        severity: words::severity(flag.kind.severity()),
        says: flag.sentence,
        since: civil_date::say_short(flag.raised_on),
    }
}

fn known_flag(flag: Flag) -> ClosedFlag {
    let until = flag.acknowledged.as_ref().map(|known| known.until);
    ClosedFlag { closed: words::date_or_dash(until), ..closed_flag(flag) }
}

fn closed_flag(flag: Flag) -> ClosedFlag {
    ClosedFlag {
        id: flag.id.to_string(),
        says: flag.sentence,
        raised: civil_date::say_short(flag.raised_on),
        closed: words::date_or_dash(flag.closed_on),
    }
}

fn year(assessment: &Assessment, ratings: &[Rated]) -> Year {
    let rated = ratings.iter().find(|one| one.assessment == assessment.id);
    let rating = rated.map_or(Rating::NotAssessed, |one| one.rating);
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
                let flag = |sentence: &str, closed_on| {
                    let kind = crate::domain::flags::FlagKind::Changed;
                    let fact = Fact { kind, subject: String::new(), sentence: sentence.to_owned() };
                    Flag { closed_on, ..Flag::raised(vendor.id, fact, today) }
                };
                let flags = vec![flag("<script>alert(1)</script>", None), flag("Was so once", Some(today))];
                let (papers, timeline) = (Papers::default(), Timeline::of(Lines::default(), vendor.id, chrono_tz::UTC));
                let told = notices::NoticeSection::sample(&vendor.details.name);
                let empty = Facts {
                    told_of: notices::Facts { notices: vec![], link: None },
                    actions: actions::ActionSection::sample(&vendor.details.name),
                    incidents: incidents::IncidentSection::sample(&vendor.details.name),
                    exceptions: exceptions::ExceptionSection::sample(&vendor.details.name),
                    recheck: Some(recheck::RecheckLine::sample(&vendor.details.name)),
                    evidence: vec![],
                    effective: vendor.details.exposure.clone(),
                    life: life::LifeSection::of(&vendor, None, true, |at| at.date_naive()),
                    subcontractors: subcontractors::sample(&vendor),
                    told: told::sample("1"),
                    handovers: handovers::HandoverSection::sample(&vendor.details.name),
                    contacts: people::sample_contacts(vendor.id),
                    ba_decisions: decision::sample_decisions(&vendor),
                    tier_decisions: exposure::sample_tiers(&vendor),
                    added_on: today,
                    vendor,
                    flags,
                    assessments: vec![],
                    ratings: vec![],
                    settings: Settings::default(),
                    documents: vec![],
                    timeline,
                    papers,
                    may_change: true,
                    tags: ["<script>".to_owned()].into(),
                };
                page(empty, today, documents::section::Section::sample(), told)
            })
            .collect()
    }
}

/// GET `/vendors/{id}`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let vendor: VendorId = id(&path)?;
    let reader = who.clone();
    let today = who.day(app.clock.now());
    let office = app.office.clone();
    let facts = app.read_in(who.scope, move |conn| load(conn, &office, &reader, vendor, today)).await?;
    let facts = facts.ok_or(WebError::NotFound)?;
    // Everything about it is there now.
    if let Some(into) = facts.vendor.place.merged_into {
        return Ok(see_other(&format!("/vendors/{into}?done=is-merged")));
    }
    let days = DocumentDays::of(&who, app.clock.now());
    let papers = documents::section::Section::of(vendor.to_string(), &facts.documents, &days, facts.may_change);
    let link = |link: &_| notices::address(&app, link);
    let told = notices::NoticeSection::of(vendor, &facts.told_of, link, facts.may_change);
    let name = facts.vendor.details.name.clone();
    let notice = match query(&request).text("done") {
        "saved" => Some(Notice::success("Saved.")),
        "decided" => Some(Notice::success("Decided, and kept with your name and reason.")),
        "tier" => Some(Notice::success("The tier is as you set it.")),
        "closed" => Some(Notice::success("Saved. The open questionnaire was closed, and its links no longer work.")),
        "moved" => Some(Notice::success(
            "Saved. The links sent to the old address no longer work; a letter with a fresh one is on its way to the new address.",
        )),
        "withdrawn" => Some(Notice::warning(
            "Saved. The links sent to the old address no longer work, and there is no new address to write to.",
        )),
        "asked" => Some(Notice::success("Asked. The letter is on its way; see the outbox.")),
        "fresh-link" => Some(Notice::success("A letter with a fresh link is on its way. Older links no longer work.")),
        "merged" => {
            Some(Notice::success("Merged. Everything of the other one is here now, and its own page leads here."))
        }
        "is-merged" => Some(Notice::success("You were led here: the vendor you asked for was merged into this one.")),
        "life" => Some(Notice::success("Saved. What that means for its letters and flags took effect at once.")),
        "accepted-gap" => {
            Some(Notice::success("Accepted, and kept with your name. Its flag is off the list until that day."))
        }
        "no-gap" => Some(Notice::warning("The newest reply has no such gap, so there is nothing to accept.")),
        "archived" => Some(Notice::success("Archived. It is off every list; find it again by the filter “Archived”.")),
        "restored" => Some(Notice::success("Restored. It is back on every list, judged as of today.")),
        "quiet" => Some(Notice::warning("It gets no letters now, so none was sent. Its life with us says why.")),
        "already" => Some(Notice::warning("It was asked already, so no second letter was sent.")),
        "just-sent" => {
            Some(Notice::warning("A letter with a link was written a moment ago, so no second one was sent."))
        }
        "nothing-open" => {
            Some(Notice::warning("Nothing is open any more: the answers were signed, or closed. No letter was sent."))
        }
        "not-needed" => Some(Notice::warning("It is no business associate, so it was not asked.")),
        "address-unusable" => {
            Some(Notice::warning("Letters to its address bounced, or are not wanted, so no letter was sent."))
        }
        "on-evidence" => Some(Notice::warning("It is accepted on evidence, so no letter was sent. End that first.")),
        "no-address" => Some(Notice::warning("It has no e-mail address, so no letter was sent.")),
        _ => None,
    };
    Staff { who: &who, here: Here::VENDORS, title: &name, notice }.ok(&app, &page(facts, today, papers, told))
}

/// POST `/vendors/{id}/ask`
pub async fn ask(app: Data<App>, who: SignedIn, path: Path<String>, _posted: Posted) -> Answered {
    let vendor: VendorId = id(&path)?;
    let (office, now, scope, by) = (app.office.clone(), app.clock.now(), who.scope, who.actor());
    let asked = app
        .write_in(who.scope, move |conn| {
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
        .write_in(who.scope, move |conn| {
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
        Err(InviteError::AddressUnusable) => "address-unusable",
        // A second press, or another person's: one letter is enough.
        Err(InviteError::AlreadyAsked { .. } | InviteError::Store(StoreError::Duplicate)) => "already",
        Err(InviteError::JustSent) => "just-sent",
        Err(InviteError::NothingOpen) => "nothing-open",
        Err(InviteError::Quiet(_)) => "quiet",
        Err(InviteError::NotNeeded) => "not-needed",
        Err(InviteError::OnEvidence) => "on-evidence",
        Err(InviteError::Store(error)) => return Err(error.into()),
    };
    Ok(see_other(&format!("/vendors/{vendor}?done={word}")))
}
