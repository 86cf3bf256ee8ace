//! One flag: what it says, why it was raised, what was said of it, and the forms to say so.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::age;
use crate::app::App;
use crate::domain::civil_date;
use crate::domain::flags::{self, Acknowledged, AnsweredAt, Fact, Flag, FlagKind, FlagState, Resolved};
use crate::domain::ids::{FlagId, VendorId};
use crate::domain::user::Need;
use crate::domain::vendor::check_notes;
use crate::flows::flags::{self as flow, Said};
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::pages::words;
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Crumb, ErrorLine, Faults, Field, Here, Notice, Staff, crumbs, error_lines};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct FlagPage {
    crumbs: Vec<Crumb>,
    errors: Vec<ErrorLine>,
    heading: String,
    vendor: String,
    vendor_href: String,
    severity: Badge,
    state: Badge,
    kind: &'static str,
    since: String,
    /// That it was closed before.
    back: Option<String>,
    looks_for: &'static str,
    source: &'static str,
    ends: &'static str,
    known: Option<Word>,
    settled: Option<Word>,
    /// Where it is answered, in place of the forms.
    elsewhere: Option<Elsewhere>,
    /// The reply that it is about.
    reply: Option<String>,
    action: String,
    know: Option<Know>,
    /// Where somebody lives with the gap, in place of only knowing of it.
    accept: Option<String>,
    settle: Option<Field>,
    look_again: bool,
}

/// What somebody said.
#[derive(Serialize)]
struct Word {
    who: String,
    why: String,
}

#[derive(Serialize)]
struct Elsewhere {
    says: &'static str,
    href: String,
}

#[derive(Serialize)]
struct Know {
    why: Field,
    until: Field,
}

struct Facts {
    flag: Flag,
    vendor: String,
    today: NaiveDate,
    may_change: bool,
}

/// Where the kinds are answered that have a page of their own for it.
fn elsewhere(flag: &Flag) -> Option<Elsewhere> {
    let at = flag.kind.answered_at().filter(|_| flag.closed_on.is_none())?;
    // Of a notice or an incident, its id and what it is within it.
    let id = flag.subject.split(':').next().unwrap_or_default();
    let (says, href) = match at {
        AnsweredAt::Notice => ("Read and acknowledge the notice", format!("/notices/{id}")),
        AnsweredAt::Change => ("Say what you make of the change", format!("/changes/{id}")),
        AnsweredAt::Gap => {
            ("Accept it anew, or end that, at the vendor", format!("/vendors/{}#exceptions", flag.vendor))
        }
        AnsweredAt::Vendor => ("Take it up, or note it, at the vendor", format!("/vendors/{}", flag.vendor)),
        AnsweredAt::Incident => {
            ("See what is due, mark what was done, or close it, at the incident", format!("/incidents/{id}"))
        }
        AnsweredAt::Action => {
            ("Verify it, move its day or cancel it, at the corrective action", format!("/actions/{id}"))
        }
        AnsweredAt::ActionsToVerify => {
            ("Read what was done, and verify it", format!("/actions?state=answered&vendor={}", flag.vendor))
        }
    };
    Some(Elsewhere { says, href })
}

fn state_badge(state: FlagState) -> Badge {
    let tone = match state {
        FlagState::Open => "bad",
        FlagState::Acknowledged => "wait",
        FlagState::Resolved | FlagState::Closed => "plain",
    };
    Badge::new(tone, state.says())
}

fn page(facts: &Facts, posted: &Posted, faults: &Faults) -> FlagPage {
    let Facts { flag, vendor, today, may_change } = facts;
    let (rule, state) = (flag.kind.rule(), flag.state(*today));
    let vendor_href = format!("/vendors/{}#flags", flag.vendor);
    let error = |at: &str| faults.iter().find(|(field, _)| *field == at).map(|(_, says)| says.clone());
    let elsewhere = elsewhere(flag);
    let answers = *may_change && flag.closed_on.is_none() && elsewhere.is_none();
    let last = *today + Days::new(flag.kind.severity().quiet_days());
    FlagPage {
        crumbs: crumbs(&[("Flags", Some("/flags")), (vendor, Some(&vendor_href)), (flag.kind.says(), None)]),
        errors: error_lines(faults),
        heading: flag.sentence.clone(),
        vendor: vendor.clone(),
        severity: words::severity(flag.kind.severity()),
        state: state_badge(state),
        kind: flag.kind.says(),
        since: age(flag, *today),
        back: flag.back_from.map(|on| format!("It is back: the same was closed on {}.", civil_date::say(on))),
        looks_for: rule.looks_for,
        source: rule.source,
        ends: rule.ends,
        known: flag.acknowledged.as_ref().map(|known| Word {
            who: format!("{} on {}, until {}", known.by, civil_date::say(known.on), civil_date::say(known.until)),
            why: known.why.clone(),
        }),
        settled: flag.resolved.as_ref().zip(flag.closed_on).map(|(settled, on)| Word {
            who: format!("{} on {}", settled.by, civil_date::say(on)),
            why: settled.why.clone(),
        }),
        elsewhere,
        reply: matches!(flag.kind, FlagKind::SentBack | FlagKind::RecheckLate)
            .then(|| format!("/assessments/{}", flag.subject)),
        action: format!("/flags/{}", flag.id),
        know: (answers && state == FlagState::Open).then(|| Know {
            why: Field {
                id: "why",
                label: "What you know, or do about it",
                hint: Some("Kept with your name and today’s date. Write no patient information."),
                value: posted.text("why").to_owned(),
                error: error("why"),
            },
            until: Field {
                id: "until",
                label: "Look again after",
                hint: Some("For example 3/31/2026 or 2026-03-31"),
                value: match posted.is_ticked("until") {
                    true => posted.text("until").to_owned(),
                    false => (*today + Days::new(30)).min(last).to_string(),
                },
                error: error("until"),
            },
        }),
        settle: (answers && flag.kind.happened()).then(|| Field {
            id: "settled",
            label: "Why it is all right",
            hint: Some("It closes for good, and comes back only when something else happens."),
            value: posted.text("settled").to_owned(),
            error: error("settled"),
        }),
        accept: (answers && matches!(flag.kind, FlagKind::HardStop | FlagKind::CriticalFailed))
            .then(|| format!("/vendors/{}/accept?question={}", flag.vendor, flag.subject)),
        look_again: answers && state == FlagState::Acknowledged,
        vendor_href,
    }
}

impl Context for FlagPage {
    const TEMPLATE: &'static str = "pages/flag";
    fn samples() -> Vec<Self> {
        let day = NaiveDate::default();
        let facts = |kind, text: &str| {
            let fact = Fact { kind, subject: "1:use.new".to_owned(), sentence: text.to_owned() };
            let flag = Flag { back_from: Some(day), ..Flag::raised(VendorId::fresh(), fact, day) };
            Facts { flag, vendor: text.to_owned(), today: day, may_change: true }
        };
        let plain = Posted::default();
        let open = facts(FlagKind::SignedElsewhere, "Signed from another domain");
        let hostile = "<script>alert(1)</script>";
        let known = Acknowledged { on: day, by: hostile.to_owned(), why: hostile.to_owned(), until: day };
        let mut quiet = facts(FlagKind::NoReply, hostile);
        quiet.flag.acknowledged = Some(known);
        let mut settled = facts(FlagKind::SignedElsewhere, &"Long ".repeat(100));
        settled.flag.closed_on = Some(day);
        settled.flag.resolved = Some(Resolved { by: hostile.to_owned(), why: hostile.to_owned() });
        let read = Facts { may_change: false, ..facts(FlagKind::HardStop, "For an auditor") };
        let faults = vec![("why", hostile.to_owned()), ("until", "Not a day".to_owned())];
        vec![
            page(&open, &plain, &faults),
            page(&quiet, &plain, &Faults::new()),
            page(&settled, &plain, &Faults::new()),
            page(&read, &plain, &Faults::new()),
            page(&facts(FlagKind::NoticeHigh, "Told us"), &plain, &Faults::new()),
        ]
    }
}

async fn load(app: &App, who: &SignedIn, flag: FlagId) -> Result<Facts, WebError> {
    let (scope, today, may_change) = (who.scope, who.day(app.clock.now()), who.role.may(Need::Change));
    app.read_in(who.scope, move |conn| {
        let Some(flag) = store::flags::one(conn, &scope, flag)? else { return Ok(None) };
        let Some(vendor) = store::vendors::one(conn, &scope, flag.vendor)? else { return Ok(None) };
        Ok::<_, StoreError>(Some(Facts { flag, vendor: vendor.details.name, today, may_change }))
    })
    .await?
    .ok_or(WebError::NotFound)
}

/// GET `/flags/{id}`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let facts = load(&app, &who, id(&path)?).await?;
    let notice = match query(&request).text("done") {
        "known" => Some(Notice::success("Acknowledged. It asks for a look again after that day.")),
        "settled" => Some(Notice::success("Settled, and closed with your name.")),
        "again" => Some(Notice::success("It asks for a look again.")),
        _ => None,
    };
    let title = format!("Flag: {}", facts.flag.kind.says());
    Staff { who: &who, here: Here::FLAGS, title: &title, notice }
        .ok(&app, &page(&facts, &Posted::default(), &Faults::new()))
}

fn reason(text: &str, asks: &str) -> Result<String, String> {
    match check_notes(text) {
        Ok(why) if why.is_empty() => Err(asks.to_owned()),
        Ok(why) => Ok(why),
        Err(fault) => Err(fault.sentence()),
    }
}

fn read(facts: &Facts, posted: &Posted) -> Result<Said, Faults> {
    let Facts { flag, today, .. } = facts;
    match posted.text("say") {
        "again" => Ok(Said::LookAgain),
        "settled" if flag.kind.happened() => reason(posted.text("settled"), "Say why it is all right")
            .map(|why| Said::Settled { why })
            .map_err(|says| vec![("settled", says)]),
        _ => {
            let why = reason(posted.text("why"), "Say what you know, or do about it");
            let until = civil_date::read(posted.text("until"))
                .map_err(|fault| format!("Look again after: {fault}"))
                .and_then(|day| flags::check(flag.kind, day, *today).map(|()| day).map_err(|why| why.sentence("flag")));
            match (why, until) {
                (Ok(why), Ok(until)) => Ok(Said::Known { why, until }),
                (why, until) => {
                    let faults = [("why", why.err()), ("until", until.err())];
                    Err(faults.into_iter().filter_map(|(at, says)| Some((at, says?))).collect())
                }
            }
        }
    }
}

/// POST `/flags/{id}`
pub async fn say(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let facts = load(&app, &who, id(&path)?).await?;
    let flag = facts.flag.id;
    // Answered elsewhere, or closed meanwhile: the page says which.
    if facts.flag.closed_on.is_some() || facts.flag.kind.answered_at().is_some() {
        return Ok(see_other(&format!("/flags/{flag}")));
    }
    let said = match read(&facts, &posted) {
        Ok(said) => said,
        Err(faults) => {
            return Staff { who: &who, here: Here::FLAGS, title: "Error: Flag", notice: None }.show(
                &app,
                StatusCode::UNPROCESSABLE_ENTITY,
                &page(&facts, &posted, &faults),
            );
        }
    };
    let done = match &said {
        Said::Known { .. } => "known",
        Said::LookAgain => "again",
        Said::Settled { .. } => "settled",
    };
    let (office, now, scope, by) = (app.office.clone(), app.clock.now(), who.scope, who.actor());
    app.write_in(who.scope, move |conn| {
        let practice = store::practices::one(conn, &scope)?;
        flow::say(conn, &office, &practice, flag, &said, &by, now)
    })
    .await?
    .ok_or(WebError::NotFound)?;
    Ok(see_other(&format!("/flags/{flag}?done={done}")))
}
