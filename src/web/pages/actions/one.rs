//! One corrective action: what is asked, what went back and forth, and what we decide about it.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use serde::Serialize;

use super::{badge, choice, owner};
use crate::app::App;
use crate::domain::action::{Action, ActionState, SENT_BACK_DAYS, SentFile, Word};
use crate::domain::answers::say;
use crate::domain::civil_date;
use crate::domain::ids::ActionId;
use crate::domain::practice::Practice;
use crate::domain::user::Need;
use crate::flows::{Office, receive};
use crate::store::{self, Db, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::pages::words;
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Choice, Crumb, ErrorLine, Faults, Field, Here, Notice, Staff, crumbs, error_lines};
use crate::web::{Answered, WebError};

#[derive(Serialize)]
pub struct ActionPage {
    crumbs: Vec<Crumb>,
    errors: Vec<ErrorLine>,
    id: String,
    short: String,
    vendor: String,
    vendor_href: String,
    state: Badge,
    shortfall: &'static str,
    question: String,
    cites: String,
    /// Their answer as it is signed now.
    answer: String,
    scorecard: String,
    /// Where the question is sent back for another answer.
    return_href: String,
    wanted: String,
    owner: String,
    due: String,
    raised: String,
    asked: String,
    words: Vec<WordLine>,
    files: Vec<FileLine>,
    forms: Option<Forms>,
}

#[derive(Serialize)]
struct WordLine {
    who: String,
    what: &'static str,
    when: String,
    text: String,
}

#[derive(Serialize)]
struct FileLine {
    name: String,
    /// Absent while it waits for the virus scanner, or when it was taken off.
    href: Option<String>,
}

/// What may be decided.
#[derive(Serialize)]
struct Forms {
    answered: bool,
    found: Field,
    remark: Field,
    again_by: Field,
    wanted: Field,
    due_on: Field,
    owner: Choice,
    reason: Field,
}

/// What the page is made of.
struct Facts {
    one: Action,
    vendor: String,
    answer: String,
    words: Vec<Word>,
    files: Vec<SentFile>,
    people: Vec<String>,
    may_change: bool,
    today: NaiveDate,
    timezone: Tz,
}

/// Whom a form offers as the owner of an action: our people, whoever it is now, and nobody.
pub fn people(conn: &mut Db, practice: &Practice, now: &str) -> Result<Vec<String>, StoreError> {
    let users = store::users::of_practice(conn, practice.id)?;
    let mut names: Vec<String> =
        users.into_iter().map(|user| if user.name.is_empty() { user.email } else { user.name }).collect();
    names.push(now.to_owned());
    names.retain(|name| !name.is_empty());
    names.sort();
    names.dedup();
    names.insert(0, String::new());
    Ok(names)
}

/// The same as a list to choose from.
pub fn owner_choice(people: &[String], now: &str) -> Choice {
    let options = people.iter().map(|name| (name.clone(), owner(name)));
    choice("owner", "Owner", options, now)
}

fn forms(facts: &Facts, posted: &Posted, faults: &Faults) -> Forms {
    let error = |at: &str| faults.iter().find(|(field, _)| *field == at).map(|(_, says)| says.clone());
    // What was typed, or what is there.
    let value = |at: &str, kept: String| if posted.is_ticked(at) { posted.verbatim(at).to_owned() } else { kept };
    let field = |id: &'static str, label, hint, kept: String| Field {
        id,
        label,
        hint: Some(hint),
        value: value(id, kept),
        error: error(id),
    };
    let day = "For example 3/31/2026 or 2026-03-31";
    let again = facts.one.due_on.max(facts.today + Days::new(SENT_BACK_DAYS));
    let chosen = value("owner", facts.one.owner.clone());
    Forms {
        answered: facts.one.state == ActionState::Answered,
        found: field(
            "found",
            "What you looked at",
            "Kept with your name. It does not change the signed answer.",
            String::new(),
        ),
        remark: field("remark", "What is still missing", "The vendor reads this on its page.", String::new()),
        again_by: field("again_by", "New day", day, again.to_string()),
        wanted: field("wanted", "What is wanted", "One sentence. The vendor reads it.", facts.one.wanted.clone()),
        due_on: field("due_on", "Due", day, facts.one.due_on.to_string()),
        owner: owner_choice(&facts.people, &chosen),
        reason: field("reason", "Why it is not wanted any more", "Kept with your name.", String::new()),
    }
}

fn page(facts: &Facts, posted: &Posted, faults: &Faults) -> ActionPage {
    let (one, vendor_href) = (&facts.one, format!("/vendors/{}", facts.one.vendor));
    let scorecard = format!("/assessments/{}", one.assessment);
    let line = |word: &Word| WordLine {
        who: word.name.clone(),
        what: word.what.says(),
        when: words::local(word.at, facts.timezone),
        text: word.text.clone(),
    };
    let file = |file: &SentFile| FileLine {
        name: file.name.clone(),
        href: (file.scan.may_be_served() && !file.removed).then(|| format!("/documents/{}", file.document)),
    };
    let by = if one.by_rule { "by rule, for a failed critical answer" } else { one.raised_by.as_str() };
    ActionPage {
        crumbs: crumbs(&[
            ("Vendors", Some("/vendors")),
            (&facts.vendor, Some(&vendor_href)),
            ("Corrective action", None),
        ]),
        errors: error_lines(faults),
        id: one.id.to_string(),
        short: one.short.clone(),
        vendor: facts.vendor.clone(),
        state: badge(one, facts.today),
        shortfall: one.shortfall.says(),
        question: one.question.clone(),
        cites: one.cites.clone(),
        answer: facts.answer.clone(),
        return_href: format!("{scorecard}/return#remark:{}", one.slug),
        scorecard,
        wanted: one.wanted.clone(),
        owner: owner(&one.owner),
        due: civil_date::say_with_day(one.due_on),
        raised: format!("{}, {by}", civil_date::say(one.raised_on)),
        asked: match one.asked_on {
            Some(on) => format!("Written to on {}", civil_date::say(on)),
            None if one.state.is_closed() => "Never written to".to_owned(),
            None if one.by_rule => {
                "Not written to yet. The letter goes out the day after; until then it can be changed or cancelled"
                    .to_owned()
            }
            None => "Not written to yet: it has no address that works, or gets no letters now".to_owned(),
        },
        words: facts.words.iter().map(line).collect(),
        files: facts.files.iter().map(file).collect(),
        forms: (facts.may_change && !one.state.is_closed()).then(|| forms(facts, posted, faults)),
        vendor_href,
    }
}

fn load(
    conn: &mut Db,
    office: &Office,
    who: &SignedIn,
    wanted: ActionId,
    today: NaiveDate,
) -> Result<Option<Facts>, StoreError> {
    let scope = who.scope;
    let Some(one) = store::actions::one(conn, &scope, wanted)? else { return Ok(None) };
    let Some(vendor) = store::vendors::one(conn, &scope, one.vendor)? else { return Ok(None) };
    let Some(reply) = store::assessments::one(conn, &scope, one.assessment)? else { return Ok(None) };
    let answers = store::answers::of(conn, &scope, reply.id)?;
    let question = receive::pinned(office, &reply)?.question(&one.slug);
    let answer = question.and_then(|question| Some(say::full(question, answers.get(&one.slug)?)));
    let practice = store::practices::one(conn, &scope)?;
    Ok(Some(Facts {
        answer: answer.unwrap_or_else(|| "Left blank".to_owned()),
        words: store::actions::words(conn, &scope, &[wanted])?.remove(&wanted).unwrap_or_default(),
        files: store::actions::files(conn, &scope, &[wanted])?.remove(&wanted).unwrap_or_default(),
        people: people(conn, &practice, &one.owner)?,
        may_change: who.role.may(Need::Change),
        vendor: vendor.details.name,
        one,
        today,
        timezone: who.timezone,
    }))
}

/// The page, with what was typed and what is wrong with it.
///
/// # Errors
/// When there is no such action.
pub async fn show_page(
    app: &App,
    who: &SignedIn,
    wanted: ActionId,
    posted: &Posted,
    faults: &Faults,
    notice: Option<Notice>,
) -> Answered {
    let (reader, office, today) = (who.clone(), app.office.clone(), who.day(app.clock.now()));
    let facts = app.read_in(who.scope, move |conn| load(conn, &office, &reader, wanted, today)).await?;
    let page = page(&facts.ok_or(WebError::NotFound)?, posted, faults);
    let (status, error) =
        if faults.is_empty() { (StatusCode::OK, "") } else { (StatusCode::UNPROCESSABLE_ENTITY, "Error: ") };
    let title = format!("{error}{}", page.short);
    Staff { who, here: Here::ACTIONS, title: &title, notice }.show(app, status, &page)
}

/// GET `/actions/{id}`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let notice = match query(&request).text("done") {
        "saved" => Some(Notice::success("Saved.")),
        "done" => Some(Notice::success("Verified and closed. The signed answer stays as it is.")),
        "back" => Some(Notice::success("Sent back. A letter with a link is on its way.")),
        "cancelled" => Some(Notice::success("Cancelled, with your reason.")),
        "closed" => Some(Notice::warning("It was closed meanwhile, or does not wait for you. Nothing was changed.")),
        _ => None,
    };
    show_page(&app, &who, id(&path)?, &Posted::default(), &Faults::new(), notice).await
}

impl Context for ActionPage {
    const TEMPLATE: &'static str = "pages/action";
    fn samples() -> Vec<Self> {
        use crate::domain::action::Said;
        use crate::domain::document::Scan;
        let facts = |text: &str, state| Facts {
            one: Action { state, ..super::sample(text) },
            vendor: text.to_owned(),
            answer: text.to_owned(),
            words: vec![Word {
                at: Default::default(),
                what: Said::Replied,
                name: text.to_owned(),
                text: text.to_owned(),
            }],
            files: [Scan::Clean, Scan::NotScanned]
                .map(|scan| SentFile {
                    document: crate::domain::ids::DocumentId::fresh(),
                    name: text.to_owned(),
                    scan,
                    removed: false,
                    added_at: Default::default(),
                })
                .into(),
            people: vec![String::new(), text.to_owned()],
            may_change: true,
            today: NaiveDate::default(),
            timezone: Tz::UTC,
        };
        let faults: Faults = vec![("remark", "Say <b>what</b>".to_owned()), ("due_on", "No <day>".to_owned())];
        let empty = Facts { words: vec![], files: vec![], ..facts("", ActionState::Open) };
        let mut samples = vec![page(&empty, &Posted::default(), &Faults::new())];
        for state in ActionState::ALL {
            samples.push(page(&facts("<script>alert(1)</script>", *state), &Posted::default(), &faults));
        }
        samples.push(page(&facts(&"Long ".repeat(300), ActionState::Answered), &Posted::default(), &Faults::new()));
        samples
    }
}
