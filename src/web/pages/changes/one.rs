//! One change: what it was and is, where we learnt it, whether the vendor told us, and the form
//! that says what is made of it.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;

use super::{look, told};
use crate::app::App;
use crate::domain::assessment;
use crate::domain::changes::{Change, ChangeSource, Telling, Verdict};
use crate::domain::civil_date;
use crate::domain::ids::ChangeId;
use crate::domain::user::Need;
use crate::domain::vendor::check_notes;
use crate::flows::changes::{self as flow, LookError, Said};
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::pages::vendor::notices::weight;
use crate::web::session::SignedIn;
use crate::web::view::{
    Badge, Choice, Choosable, Crumb, ErrorLine, Faults, Field, Here, Notice, Staff, crumbs, error_lines,
};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct ChangePage {
    crumbs: Vec<Crumb>,
    errors: Vec<ErrorLine>,
    heading: String,
    kind: &'static str,
    vendor: String,
    vendor_href: String,
    over_time: String,
    weight: Badge,
    told: Badge,
    look: Badge,
    was: Option<Side>,
    became: Side,
    source: Source,
    told_by: Option<String>,
    said: Option<Word>,
    /// It was put right since.
    withdrawn: Option<String>,
    action: String,
    form: Option<Form>,
    /// Where it is acknowledged: the notice that told of it.
    at_notice: Option<AtNotice>,
    /// What to do next, for whoever asks or acts.
    next: Vec<Source>,
}

#[derive(Serialize)]
struct Side {
    heading: String,
    says: String,
}

#[derive(Serialize)]
struct Source {
    says: String,
    href: String,
}

#[derive(Serialize)]
struct Word {
    verdict: &'static str,
    why: String,
    who: String,
}

/// The notice that told of it.
#[derive(Serialize)]
struct AtNotice {
    says: &'static str,
    href: String,
}

#[derive(Serialize)]
struct Form {
    verdict: Choice,
    telling: Option<Choice>,
    why: Field,
}

struct Facts {
    change: Change,
    vendor: String,
    may_change: bool,
    /// Its reply is the newest one, so that questions can be sent back and gaps put right.
    is_newest: bool,
}

/// Each verdict, with what it means.
const fn explains(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Seen => "It changes nothing for us.",
        Verdict::Asked => "Somebody asked the vendor, and waits for an answer. It stays in hand.",
        Verdict::Acceptable => "It is allowed, because… Say why below.",
        Verdict::ActOn => "It cannot stay like that, or something has to be done first. It stays in hand.",
    }
}

fn options(id: &'static str, all: &[(&'static str, &'static str, &'static str)], now: &str) -> Vec<Choosable> {
    let option = |(at, (value, label, hint)): (usize, &(&'static str, &'static str, &'static str))| Choosable {
        id: format!("{id}-{at}"),
        value: (*value).to_owned(),
        label: (*label).to_owned(),
        hint: Some((*hint).to_owned()).filter(|hint| !hint.is_empty()),
        checked: *value == now,
    };
    all.iter().enumerate().map(option).collect()
}

fn form(change: &Change, posted: &Posted, faults: &Faults) -> Form {
    let error = |at: &str| faults.iter().find(|(field, _)| *field == at).map(|(_, says)| says.clone());
    let typed = posted.is_ticked("why");
    let kept = change.look.as_ref();
    let verdict = if typed { posted.text("verdict") } else { kept.map_or("", |look| look.verdict.key()) };
    let telling = if typed { posted.text("telling") } else { change.telling.key() };
    let verdicts: Vec<_> = Verdict::ALL.iter().map(|one| (one.key(), one.says(), explains(*one))).collect();
    let tellings = [
        (Telling::Untold.key(), "I do not know yet", ""),
        (Telling::Otherwise.key(), "Yes, by telephone, letter or e-mail", "It does not count against them."),
        (Telling::Confirmed.key(), "No, and they should have", "It counts in their rating for a year."),
    ];
    Form {
        verdict: Choice {
            id: "verdict",
            label: "What do you make of it?",
            hint: None,
            error: error("verdict"),
            options: options("verdict", &verdicts, verdict),
        },
        telling: change.telling.is_open_to_say().then(|| Choice {
            id: "telling",
            label: "Did they tell you?",
            hint: Some("No change notice did before they signed."),
            error: None,
            options: options("telling", &tellings, telling),
        }),
        why: Field {
            id: "why",
            label: "Why, or what is done",
            hint: Some("Kept with your name and today’s date. Write no patient information."),
            value: if typed {
                posted.text("why").to_owned()
            } else {
                kept.map(|look| look.why.clone()).unwrap_or_default()
            },
            error: error("why"),
        },
    }
}

/// Where it showed.
fn source(change: &Change) -> Source {
    let on = civil_date::say(change.learnt_on);
    match change.source {
        ChangeSource::Answer => Source {
            says: format!("The reply signed on {on}"),
            href: format!("/assessments/{}/review", change.reply()),
        },
        ChangeSource::Record => {
            Source { says: "What we noted of this vendor".to_owned(), href: format!("/vendors/{}#risk", change.vendor) }
        }
        ChangeSource::Notice => {
            Source { says: format!("The change notice of {on}"), href: format!("/notices/{}", change.source_id) }
        }
        ChangeSource::Agreement => Source {
            says: format!("The agreement recorded on {on}"),
            href: format!("/vendors/{}/agreements", change.vendor),
        },
    }
}

fn next(facts: &Facts) -> Vec<Source> {
    let Facts { change, may_change, is_newest, .. } = facts;
    let Some(look) = change.look.as_ref().filter(|_| *may_change && change.withdrawn_on.is_none()) else {
        return Vec::new();
    };
    let mut next = Vec::new();
    let answered = *is_newest && change.source == ChangeSource::Answer;
    if look.verdict == Verdict::Asked && answered {
        next.push(Source {
            says: "Send the question back to them with a remark".to_owned(),
            href: format!("/assessments/{}/return?ask={}", change.reply(), change.subject),
        });
    }
    if look.verdict == Verdict::ActOn && answered {
        next.push(Source {
            says: "Ask them to put it right by a day".to_owned(),
            href: format!("/assessments/{}/actions", change.reply()),
        });
    }
    if look.verdict.is_in_hand() {
        next.push(Source {
            says: "Bring what we noted of them up to date".to_owned(),
            href: format!("/vendors/{}/edit", change.vendor),
        });
    }
    next
}

fn page(facts: &Facts, posted: &Posted, faults: &Faults) -> ChangePage {
    let Facts { change, vendor, may_change, .. } = facts;
    let (vendor_href, over_time) =
        (format!("/vendors/{}", change.vendor), format!("/vendors/{}/changes", change.vendor));
    let is_notice = change.source == ChangeSource::Notice;
    let by_form = *may_change && change.withdrawn_on.is_none() && !is_notice;
    let day = |on: Option<chrono::NaiveDate>, else_says: &str| on.map_or_else(|| else_says.to_owned(), civil_date::say);
    ChangePage {
        crumbs: crumbs(&[
            ("Vendors", Some("/vendors")),
            (vendor, Some(&vendor_href)),
            ("Changes", Some(&over_time)),
            (&change.about, None),
        ]),
        errors: error_lines(faults),
        heading: change.about.clone(),
        kind: change.kind.says(),
        vendor: vendor.clone(),
        weight: weight(Some(change.materiality)),
        told: told(change),
        look: look(change),
        was: (!change.was.is_empty()).then(|| Side {
            heading: format!("Before, {}", day(change.was_on, "as far as we know")),
            says: change.was.clone(),
        }),
        became: Side {
            heading: match change.since {
                Some(since) => format!("From {}", civil_date::say(since)),
                None => format!("Now, learnt on {}", civil_date::say(change.learnt_on)),
            },
            says: change.became.clone(),
        },
        source: source(change),
        told_by: Some(change.told_by.clone()).filter(|reference| !reference.is_empty() && !is_notice),
        said: change.look.as_ref().map(|look| Word {
            verdict: look.verdict.says(),
            why: look.why.clone(),
            who: format!("{} on {}", look.by, civil_date::say(look.on)),
        }),
        withdrawn: change.withdrawn_on.map(|on| {
            format!(
                "This was taken back on {}: what it came from reads differently since. It is kept for the record.",
                civil_date::say(on)
            )
        }),
        action: format!("/changes/{}", change.id),
        form: by_form.then(|| form(change, posted, faults)),
        at_notice: (is_notice && change.withdrawn_on.is_none()).then(|| AtNotice {
            says: match *may_change && change.look.is_none() {
                true => "Read and acknowledge the notice",
                false => "Read the notice",
            },
            href: format!("/notices/{}", change.source_id),
        }),
        next: next(facts),
        vendor_href,
        over_time,
    }
}

impl Context for ChangePage {
    const TEMPLATE: &'static str = "pages/change";
    fn samples() -> Vec<Self> {
        let facts = |text: &str| Facts {
            change: super::sample(text),
            vendor: text.to_owned(),
            may_change: true,
            is_newest: true,
        };
        let hostile = "<script>alert(1)</script>";
        let mut open = facts(hostile);
        open.change.look = None;
        let mut told = facts("Told");
        (told.change.telling, told.change.source) = (Telling::Told, ChangeSource::Notice);
        told.change.was = String::new();
        let mut gone = facts(&"Long ".repeat(80));
        gone.change.withdrawn_on = Some(chrono::NaiveDate::default());
        let mut acted = facts("Acted on");
        acted.change.look.iter_mut().for_each(|look| look.verdict = Verdict::ActOn);
        let faults = vec![("verdict", "Choose one".to_owned()), ("why", hostile.to_owned())];
        let plain = Posted::default();
        vec![
            page(&open, &plain, &faults),
            page(&facts("Ordinary"), &plain, &Faults::new()),
            page(&told, &plain, &Faults::new()),
            page(&gone, &plain, &Faults::new()),
            page(&acted, &plain, &Faults::new()),
            page(&Facts { may_change: false, ..facts("Read") }, &plain, &Faults::new()),
        ]
    }
}

async fn load(app: &App, who: &SignedIn, change: ChangeId) -> Result<Facts, WebError> {
    let (scope, may_change) = (who.scope, who.role.may(Need::Change));
    app.read_in(who.scope, move |conn| {
        let Some(change) = store::changes::one(conn, &scope, change)? else { return Ok(None) };
        let Some(vendor) = store::vendors::one(conn, &scope, change.vendor)? else { return Ok(None) };
        let replies = store::assessments::of_vendor(conn, &scope, vendor.id)?;
        let is_newest = assessment::last_signed(&replies).is_some_and(|one| one.id.to_string() == change.reply());
        Ok::<_, StoreError>(Some(Facts { change, vendor: vendor.details.name, may_change, is_newest }))
    })
    .await?
    .ok_or(WebError::NotFound)
}

/// GET `/changes/{id}`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let facts = load(&app, &who, id(&path)?).await?;
    let notice = match query(&request).text("done") {
        "said" => Some(Notice::success("Kept with your name. You can say something else at any time.")),
        "withdrawn" => Some(Notice::warning("Nothing was kept: the reply was put right meanwhile.")),
        _ => None,
    };
    let title = format!("Change: {}", facts.change.about);
    Staff { who: &who, here: Here::FLAGS, title: &title, notice }
        .ok(&app, &page(&facts, &Posted::default(), &Faults::new()))
}

fn read(change: &Change, posted: &Posted) -> Result<Said, Faults> {
    let mut faults = Faults::new();
    let verdict = posted.text("verdict").parse::<Verdict>().ok();
    if verdict.is_none() {
        faults.push(("verdict", "Choose what you make of it".to_owned()));
    }
    let why = check_notes(posted.text("why"));
    match (&why, verdict) {
        (Err(fault), _) => faults.push(("why", fault.sentence())),
        (Ok(why), Some(Verdict::Acceptable)) if why.is_empty() => {
            faults.push(("why", "Say why it is acceptable".to_owned()));
        }
        (Ok(why), Some(Verdict::ActOn)) if why.is_empty() => faults.push(("why", "Say what is done".to_owned())),
        (Ok(_), _) => {}
    }
    let telling = posted.text("telling").parse().ok().filter(|_| change.telling.is_open_to_say());
    match (verdict, why) {
        (Some(verdict), Ok(why)) if faults.is_empty() => Ok(Said { verdict, why, telling }),
        _ => Err(faults),
    }
}

/// POST `/changes/{id}`
pub async fn say(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let facts = load(&app, &who, id(&path)?).await?;
    let change = facts.change.id;
    let said = match read(&facts.change, &posted) {
        Ok(said) => said,
        Err(faults) => {
            return Staff { who: &who, here: Here::FLAGS, title: "Error: Change", notice: None }.show(
                &app,
                StatusCode::UNPROCESSABLE_ENTITY,
                &page(&facts, &posted, &faults),
            );
        }
    };
    let (office, now, scope, by) = (app.office.clone(), app.clock.now(), who.scope, who.actor());
    let done = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            flow::look(conn, &office, &practice, change, &said, &by, now)
        })
        .await;
    match done {
        Ok(()) => Ok(see_other(&format!("/changes/{change}?done=said"))),
        Err(LookError::Withdrawn | LookError::OfNotice) => Ok(see_other(&format!("/changes/{change}?done=withdrawn"))),
        Err(LookError::Unknown) => Err(WebError::NotFound),
        Err(LookError::Store(error)) => Err(error.into()),
    }
}
