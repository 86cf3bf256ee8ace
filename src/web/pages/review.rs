//! A signed reply before a reviewer: each answer with what stands behind it, last year's and its
//! part in the score; "does not apply" accepted or not, evidence checked, questions chosen to
//! be returned, and the whole accepted. Works without a script; `review.js` adds keys.

mod rows;
mod samples;

use std::collections::{BTreeMap, BTreeSet};

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Serialize;

use self::rows::{Section, Sheet};
use super::words;
use crate::app::App;
use crate::domain::civil_date;
use crate::domain::correction::Correction;
use crate::domain::ids::AssessmentId;
use crate::domain::review::ReviewState;
use crate::domain::review::form::{Choice, Shown};
use crate::domain::scoring::Scorecard;
use crate::domain::user::Need;
use crate::domain::words::counted;
use crate::flows::review::{self, Desk, Given, Outcome};
use crate::store::{self, Db, StoreError};
use crate::templates::Context;
use crate::web::form::{self, Posted};
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Crumb, ErrorLine, Here, Notice, Staff, crumbs};
use crate::web::{Answered, WebError, assets, see_other};

#[derive(Clone, Debug, Serialize)]
pub struct ReviewPage {
    crumbs: Vec<Crumb>,
    heading: String,
    errors: Vec<ErrorLine>,
    /// The form's address.
    action: String,
    /// The reply's own page.
    card: String,
    script: &'static str,
    signed_says: String,
    rating: Badge,
    rating_says: String,
    state: Badge,
    state_says: String,
    may: bool,
    accepted: bool,
    /// May be accepted now; not while its questions are with the vendor.
    may_accept: bool,
    may_return: bool,
    seen: String,
    signed: String,
    sections: Vec<Section>,
    open_says: String,
}

/// What of a form is shown again, with what is the matter.
#[derive(Clone, Debug, Default)]
struct Typed {
    choices: BTreeMap<String, Choice>,
    ask: BTreeSet<String>,
    conflicts: Vec<String>,
    undecided: Vec<String>,
    trouble: Option<String>,
}

/// Everything that the page shows.
struct Facts<'a> {
    vendor: String,
    desk: Desk<'a>,
    card: Scorecard,
    /// Each time that the reply was opened again, with what was said.
    corrections: Vec<Correction>,
    /// Last year's, by question.
    before: Option<rows::Before<'a>>,
}

fn load<'a>(
    conn: &mut Db,
    app: &'a App,
    who: &SignedIn,
    id: AssessmentId,
    today: NaiveDate,
) -> Result<Option<Facts<'a>>, StoreError> {
    let Some(desk) = Desk::load(conn, &app.office, &who.scope, id)? else { return Ok(None) };
    let Some(vendor) = store::vendors::one(conn, &who.scope, desk.assessment.vendor)? else { return Ok(None) };
    let before = rows::Before::load(conn, &app.office, &who.scope, &desk.assessment)?;
    let card = desk.score(today)?.card;
    let corrections = store::corrections::of_assessment(conn, &who.scope, id)?;
    Ok(Some(Facts { vendor: vendor.details.name, desk, card, corrections, before }))
}

fn page(facts: &Facts<'_>, typed: &Typed, (today, timezone): (NaiveDate, Tz), may_change: bool) -> ReviewPage {
    let Facts { vendor, desk, card, corrections, before } = facts;
    let (assessment, state) = (&desk.assessment, desk.state());
    let name = words::assessment(assessment);
    let (at, own) = (format!("/vendors/{}", assessment.vendor), format!("/assessments/{}", assessment.id));
    let points = desk.points(today);
    let may = may_change && desk.is_newest;
    let sheet = Sheet { desk, card, corrections, points: &points, before: before.as_ref(), typed, today, may };
    let open = points.values().filter(|point| point.asks_na && point.choice.na.is_none()).count();
    ReviewPage {
        crumbs: crumbs(&[("Vendors", Some("/vendors")), (vendor, Some(&at)), (&name, Some(&own)), ("Review", None)]),
        heading: format!("Review of {vendor}, {name}"),
        errors: errors(desk, typed),
        action: format!("{own}/review"),
        script: assets::review_script(),
        signed_says: format!(
            "Signed by {}, {}, on {}. Reference {}.",
            desk.signed.name,
            desk.signed.title,
            civil_date::say_instant(desk.signed.signed_at, timezone),
            desk.signed.reference
        ),
        rating: words::rating(card.rating),
        rating_says: rating_says(card, state),
        state: words::review(state),
        state_says: state_says(desk, state),
        may,
        accepted: state == ReviewState::Accepted,
        may_accept: may && matches!(state, ReviewState::Waiting),
        may_return: may && desk.correction.is_none(),
        seen: Shown::of(&points).written(),
        signed: desk.signed.sha256.clone(),
        sections: sheet.sections(),
        open_says: match open {
            _ if !points.values().any(|point| point.asks_na) => "No answer says “does not apply”.".to_owned(),
            0 => "Every “does not apply” is decided.".to_owned(),
            1 => "1 “does not apply” is still to be decided; until then it counts as a gap.".to_owned(),
            more => format!("{more} times “does not apply” is still to be decided; until then each counts as a gap."),
        },
        card: own,
    }
}

fn rating_says(card: &Scorecard, state: ReviewState) -> String {
    let risk = words::points(card.residual);
    match state.is_provisional() {
        true => format!("Provisional: residual risk {risk} of 100 with what is decided so far."),
        false => format!("Residual risk {risk} of 100."),
    }
}

fn state_says(desk: &Desk<'_>, state: ReviewState) -> String {
    let newest = desk.review.newest.as_ref();
    match (state, newest) {
        _ if !desk.is_newest => "A newer reply took its place, so there is nothing to decide here.".to_owned(),
        (ReviewState::Accepted, Some(one)) => {
            format!(
                "Accepted by {} on {}. Changing a decision accepts it anew, under your name.",
                one.by,
                civil_date::say(one.on)
            )
        }
        (ReviewState::Returned, _) => {
            "Questions are with the vendor. It can be accepted once they sign again, or once you end that.".to_owned()
        }
        (_, Some(one)) => format!(
            "{} accepted an earlier version on {}. The vendor has signed a new one since: what was decided about answers \
             that did not change is carried over.",
            one.by,
            civil_date::say(one.on)
        ),
        _ => "Nobody has accepted this reply yet. It is in force from the day it was signed; your review confirms it."
            .to_owned(),
    }
}

fn errors(desk: &Desk<'_>, typed: &Typed) -> Vec<ErrorLine> {
    let short =
        |slug: &str| desk.form.question(slug).map_or_else(|| slug.to_owned(), |question| question.short.clone());
    let line = |at: String, says: String| ErrorLine { at, says };
    let trouble = typed.trouble.iter().map(|says| line("end".to_owned(), says.clone()));
    let conflicts = typed.conflicts.iter().map(|slug| {
        line(format!("q:{slug}"), format!("{}: this changed while you were reading. Look at it again", short(slug)))
    });
    let undecided = typed
        .undecided
        .iter()
        .map(|slug| line(format!("na:{slug}"), format!("{}: accept “does not apply”, or do not", short(slug))));
    trouble.chain(conflicts).chain(undecided).collect()
}

/// GET `/assessments/{id}/review`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let query = form::query(&request);
    let notice = match query.text("done") {
        "saved" => Some(Notice::success("Saved. The rating counts what you decided.")),
        _ => None,
    };
    let typed = Typed { ask: query.all("ask").map(str::to_owned).collect(), ..Typed::default() };
    render(&app, &who, &path, &typed, (StatusCode::OK, notice)).await
}

async fn render(
    app: &Data<App>,
    who: &SignedIn,
    path: &str,
    typed: &Typed,
    (status, notice): (StatusCode, Option<Notice>),
) -> Answered {
    let id: AssessmentId = form::id(path)?;
    let today = who.day(app.clock.now());
    let (parts, reader, typed) = (app.clone(), who.clone(), typed.clone());
    let may = who.role.may(Need::Change);
    let page = app
        .read_in(who.scope, move |conn| {
            let facts = load(conn, &parts, &reader, id, today)?;
            Ok::<_, StoreError>(facts.map(|facts| page(&facts, &typed, (today, reader.timezone), may)))
        })
        .await?
        .ok_or(WebError::NotFound)?;
    let error = if page.errors.is_empty() { "" } else { "Error: " };
    let title = format!("{error}{}", page.heading);
    Staff { who, here: Here::VENDORS, title: &title, notice }.show(app, status, &page)
}

/// What was marked on the page.
fn read(posted: &Posted) -> (Given, BTreeSet<String>) {
    let shown = Shown::read(posted.text("seen"));
    let choice = |slug: &str| Choice {
        na: match posted.text(&format!("na:{slug}")) {
            "accept" => Some(true),
            "reject" => Some(false),
            _ => None,
        },
        checked: posted.is_ticked(&format!("checked:{slug}")),
    };
    let choices = shown.slugs().map(|slug| (slug.to_owned(), choice(slug))).collect();
    let given =
        Given { signed: posted.text("signed").to_owned(), choices, accept: posted.text("action") == "accept", shown };
    (given, posted.all("ask").map(str::to_owned).collect())
}

/// POST `/assessments/{id}/review`
pub async fn decide(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let id: AssessmentId = form::id(&path)?;
    let (given, ask) = read(&posted);
    let returns = posted.text("action") == "return";
    let again = |typed: Typed| {
        let (app, who, path) = (app.clone(), who.clone(), path.to_string());
        async move { render(&app, &who, &path, &typed, (StatusCode::UNPROCESSABLE_ENTITY, None)).await }
    };
    let typed = Typed { choices: given.choices.clone(), ask: ask.clone(), ..Typed::default() };
    if returns && ask.is_empty() {
        let trouble = Some("Choose the questions to return: tick “Return this question” under them".to_owned());
        return again(Typed { trouble, ..typed }).await;
    }
    if given.accept && !ask.is_empty() {
        let chosen = counted(ask.len(), "question");
        let trouble = Some(format!(
            "Nothing was accepted: {chosen} chosen to be returned. Return what is chosen, or untick it and accept the reply"
        ));
        return again(Typed { trouble, ..typed }).await;
    }
    let (office, now, scope, by) = (app.office.clone(), app.clock.now(), who.scope, who.actor());
    let outcome = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            review::decide(conn, &office, &practice, id, &given, &by, now)
        })
        .await?
        .ok_or(WebError::NotFound)?;
    let trouble = |says: &str| Some(says.to_owned());
    match outcome {
        Outcome::Saved { .. } if returns => {
            let mut fields = url::form_urlencoded::Serializer::new(String::new());
            fields.extend_pairs(ask.iter().map(|slug| ("ask", slug)));
            Ok(see_other(&format!("/assessments/{id}/return?{}", fields.finish())))
        }
        Outcome::Saved { accepted: true } => Ok(see_other(&format!("/assessments/{id}?done=accepted"))),
        Outcome::Saved { accepted: false } => {
            // What is chosen for returning stays chosen.
            let mut fields = url::form_urlencoded::Serializer::new(String::new());
            fields.append_pair("done", "saved").extend_pairs(ask.iter().map(|slug| ("ask", slug)));
            Ok(see_other(&format!("/assessments/{id}/review?{}", fields.finish())))
        }
        Outcome::Conflicts(conflicts) => again(Typed { conflicts, ..typed }).await,
        Outcome::Undecided(undecided) => again(Typed { undecided, ..typed }).await,
        Outcome::NewVersion => {
            let says =
                "The vendor signed a new version while you were reading. Nothing was accepted: this is the new one";
            again(Typed { trouble: trouble(says), ..typed }).await
        }
        Outcome::Returned => {
            let says =
                "Questions of this reply are with the vendor. Wait until they sign again, or end that on the scorecard";
            again(Typed { trouble: trouble(says), ..typed }).await
        }
        Outcome::Older => {
            again(Typed { trouble: trouble("A newer reply took its place: review that one"), ..typed }).await
        }
    }
}

impl Context for ReviewPage {
    const TEMPLATE: &'static str = "pages/review";
    fn samples() -> Vec<Self> {
        samples::all()
    }
}
