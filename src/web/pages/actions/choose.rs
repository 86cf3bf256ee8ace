//! Chooses gaps of a signed reply that the vendor is to put right: one form, one letter.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::Serialize;

use super::one::{owner_choice, people};
use crate::app::App;
use crate::domain::action::{self, Action, ActionState, Shortfall, check_words};
use crate::domain::answers::say;
use crate::domain::civil_date;
use crate::domain::ids::AssessmentId;
use crate::domain::questionnaire::Questionnaire;
use crate::domain::vendor::check_owner;
use crate::flows::actions::{self, Chosen, Gap, RaiseError};
use crate::flows::receive;
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::pages::scorecard::{self, Kept};
use crate::web::pages::words;
use crate::web::session::SignedIn;
use crate::web::view::{Choice, Crumb, ErrorLine, Here, Staff, crumbs};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct ChoosePage {
    crumbs: Vec<Crumb>,
    heading: String,
    errors: Vec<ErrorLine>,
    action: String,
    card: String,
    vendor: String,
    owner: Choice,
    /// Links that tick many at once.
    ticks: Vec<Tick>,
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct Tick {
    says: String,
    href: String,
}

#[derive(Serialize)]
struct Group {
    title: &'static str,
    days: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    slug: String,
    question: String,
    answer: String,
    cites: String,
    /// Where it is asked for already.
    open: Option<String>,
    /// Where it was found to be done since the reply was signed, and when.
    done: Option<Done>,
    chosen: bool,
    wanted: String,
    due_on: String,
    error: Option<String>,
}

#[derive(Serialize)]
struct Done {
    href: String,
    on: String,
}

/// What the page is made of.
struct Facts {
    kept: Kept,
    actions: Vec<Action>,
    people: Vec<String>,
    owner: String,
    today: NaiveDate,
}

impl Facts {
    /// The action that asks for it.
    fn open(&self, slug: &str) -> Option<&Action> {
        self.actions.iter().find(|one| one.slug == slug && !one.state.is_closed())
    }

    /// The action by which it was found to be done since this reply was signed.
    fn done(&self, slug: &str) -> Option<&Action> {
        let reply = self.kept.assessment.id;
        self.actions.iter().find(|one| one.slug == slug && one.assessment == reply && one.state == ActionState::Done)
    }
}

fn row(facts: &Facts, gap: &Gap<'_>, posted: &Posted, errors: &[ErrorLine]) -> Row {
    let slug = &gap.question.slug;
    let (open, done) = (facts.open(slug), facts.done(slug));
    let typed = |name: String, kept: String| if posted.is_ticked(&name) { posted.text(&name).to_owned() } else { kept };
    Row {
        question: gap.question.text.clone(),
        answer: match facts.kept.answers.get(slug) {
            Some(answer) => say::full(gap.question, answer),
            None => "Left blank".to_owned(),
        },
        cites: action::cites(gap.question),
        open: open.map(|one| format!("/actions/{}", one.id)),
        chosen: posted.all("choose").any(|one| one == slug) || (done.is_none() && ticked(posted, gap)),
        done: done
            .and_then(|one| Some(Done { href: format!("/actions/{}", one.id), on: civil_date::say(one.closed_on?) })),
        wanted: typed(format!("wanted:{slug}"), action::wanted(gap.question, gap.note)),
        due_on: typed(format!("due:{slug}"), action::due(gap.shortfall, facts.today).to_string()),
        error: errors.iter().find(|line| line.at == format!("choose:{slug}")).map(|line| line.says.clone()),
        slug: slug.clone(),
    }
}

/// What the link asks to have ticked.
fn ticked(posted: &Posted, gap: &Gap<'_>) -> bool {
    match posted.text("tick") {
        "grave" => gap.shortfall != Shortfall::Other,
        "gaps" => !gap.met,
        _ => false,
    }
}

/// Links that tick the grave ones, all gaps, or none, with how many that are.
fn ticks(gaps: &[Gap<'_>], facts: &Facts, action: &str) -> Vec<Tick> {
    let free = |gap: &&Gap<'_>| {
        let slug = &gap.question.slug;
        facts.open(slug).is_none() && facts.done(slug).is_none()
    };
    let grave = gaps.iter().filter(free).filter(|gap| gap.shortfall != Shortfall::Other).count();
    let all = gaps.iter().filter(free).filter(|gap| !gap.met).count();
    let tick = |says: String, word: &str| Tick { says, href: format!("{action}?tick={word}#gaps") };
    let grave = (grave > 0 && grave < all).then(|| tick(format!("the {grave} grave ones"), "grave"));
    let all = (all > 1).then(|| tick(format!("all {all} gaps"), "gaps"));
    let none = all.is_some().then(|| tick("none".to_owned(), "none"));
    grave.into_iter().chain(all).chain(none).collect()
}

fn page(facts: &Facts, form: &Questionnaire, posted: &Posted, errors: Vec<ErrorLine>) -> ChoosePage {
    let kept = &facts.kept;
    let gaps = kept.card.as_ref().map(|card| actions::gaps(form, card, &kept.answers)).unwrap_or_default();
    let group = |title: &'static str, days: u64, fits: &dyn Fn(&Gap<'_>) -> bool| {
        let rows: Vec<Row> = gaps.iter().filter(|gap| fits(gap)).map(|gap| row(facts, gap, posted, &errors)).collect();
        (!rows.is_empty()).then(|| Group { title, days: days.to_string(), rows })
    };
    use Shortfall as S;
    let groups = [
        group(S::HardStop.says(), S::HardStop.days(), &|gap| gap.shortfall == S::HardStop),
        group(S::Critical.says(), S::Critical.days(), &|gap| gap.shortfall == S::Critical),
        group(S::CriticalPart.says(), S::CriticalPart.days(), &|gap| gap.shortfall == S::CriticalPart),
        group("Other gaps", S::Other.days(), &|gap| gap.shortfall == S::Other && !gap.met),
        group("In place; more proof would count for more", S::Other.days(), &|gap| {
            gap.shortfall == S::Other && gap.met
        }),
    ];
    let name = words::assessment(&kept.assessment);
    let (vendor, card) =
        (format!("/vendors/{}", kept.assessment.vendor), format!("/assessments/{}", kept.assessment.id));
    let owner = if posted.is_ticked("owner") { posted.text("owner") } else { &facts.owner };
    ChoosePage {
        crumbs: crumbs(&[
            ("Vendors", Some("/vendors")),
            (&kept.vendor, Some(&vendor)),
            (&name, Some(&card)),
            ("Put gaps right", None),
        ]),
        heading: format!("What {} is to put right", kept.vendor),
        owner: owner_choice(&facts.people, owner),
        errors,
        ticks: ticks(&gaps, facts, &format!("{card}/actions")),
        action: format!("{card}/actions"),
        card,
        vendor: kept.vendor.clone(),
        groups: groups.into_iter().flatten().collect(),
    }
}

async fn load(app: &App, who: &SignedIn, path: &str) -> Result<Facts, WebError> {
    let (wanted, scope, today): (AssessmentId, _, _) = (id(path)?, who.scope, who.day(app.clock.now()));
    let found = app
        .read_in(who.scope, move |conn| {
            let Some(kept) = scorecard::read(conn, &scope, wanted)? else { return Ok(None) };
            let Some(vendor) = store::vendors::one(conn, &scope, kept.assessment.vendor)? else { return Ok(None) };
            let practice = store::practices::one(conn, &scope)?;
            let owner = vendor.details.owner;
            Ok::<_, StoreError>(Some(Facts {
                actions: store::actions::of_vendor(conn, &scope, kept.assessment.vendor)?,
                people: people(conn, &practice, &owner)?,
                owner,
                kept,
                today,
            }))
        })
        .await?;
    found.filter(|facts| facts.kept.card.is_some()).ok_or(WebError::NotFound)
}

fn show_page(app: &App, who: &SignedIn, page: &ChoosePage) -> Answered {
    let (status, error) = match page.errors.is_empty() {
        true => (StatusCode::OK, ""),
        false => (StatusCode::UNPROCESSABLE_ENTITY, "Error: "),
    };
    let title = format!("{error}{}", page.heading);
    Staff { who, here: Here::ACTIONS, title: &title, notice: None }.show(app, status, page)
}

/// GET `/assessments/{id}/actions`
pub async fn form(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let facts = load(&app, &who, &path).await?;
    let form = receive::pinned(&app.office, &facts.kept.assessment)?;
    show_page(&app, &who, &page(&facts, form, &query(&request), Vec::new()))
}

/// What was chosen, and what is wrong with it.
fn read(posted: &Posted, today: NaiveDate) -> Result<Vec<Chosen>, Vec<ErrorLine>> {
    let (mut chosen, mut errors) = (Vec::new(), Vec::new());
    for slug in posted.all("choose") {
        let wanted = match check_words(posted.text(&format!("wanted:{slug}"))) {
            Ok(text) if text.is_empty() => Err("Say in a sentence what is wanted".to_owned()),
            Ok(text) => Ok(text),
            Err(fault) => Err(fault.sentence()),
        };
        let due_on = match civil_date::read(posted.text(&format!("due:{slug}"))) {
            Ok(day) if day < today => Err("The day is past; choose today or a later one".to_owned()),
            Ok(day) => Ok(day),
            Err(fault) => Err(fault.to_string()),
        };
        match (wanted, due_on) {
            (Ok(wanted), Ok(due_on)) => chosen.push(Chosen { slug: slug.to_owned(), wanted, due_on }),
            (wanted, due_on) => {
                let says = wanted.err().or(due_on.err()).unwrap_or_default();
                errors.push(ErrorLine { at: format!("choose:{slug}"), says });
            }
        }
    }
    if chosen.is_empty() && errors.is_empty() {
        errors.push(ErrorLine { at: "gaps".to_owned(), says: "Tick what the vendor is to put right".to_owned() });
    }
    if errors.is_empty() { Ok(chosen) } else { Err(errors) }
}

/// POST `/assessments/{id}/actions`
pub async fn raise(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let facts = load(&app, &who, &path).await?;
    let form = receive::pinned(&app.office, &facts.kept.assessment)?;
    let again = |errors| show_page(&app, &who, &page(&facts, form, &posted, errors));
    let owner = match check_owner(posted.text("owner")) {
        Ok(owner) => owner,
        Err(fault) => return again(vec![ErrorLine { at: "owner".to_owned(), says: fault.sentence() }]),
    };
    let chosen = match read(&posted, facts.today) {
        Ok(chosen) => chosen,
        Err(errors) => return again(errors),
    };
    let (office, now, scope, by, reply) =
        (app.office.clone(), app.clock.now(), who.scope, who.actor(), facts.kept.assessment.id);
    let raised = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            actions::raise(conn, &office, &practice, reply, &chosen, &owner, &by, now)
        })
        .await;
    let says = match raised {
        Ok(_) => {
            app.post.notify_one();
            return Ok(see_other(&format!("/vendors/{}/plan?done=raised", facts.kept.assessment.vendor)));
        }
        Err(RaiseError::NothingSigned) => return Err(WebError::NotFound),
        Err(RaiseError::Store(error)) => return Err(error.into()),
        Err(RaiseError::Older) => "A newer reply took its place: choose from that one".to_owned(),
        Err(RaiseError::Gone(why)) => format!("Nothing is asked of {}: it {why}", facts.kept.vendor),
    };
    again(vec![ErrorLine { at: "gaps".to_owned(), says }])
}

impl Context for ChoosePage {
    const TEMPLATE: &'static str = "pages/choose_gaps";
    fn samples() -> Vec<Self> {
        let with = |text: &str, error: Option<&str>| {
            let row = |open: bool| Row {
                slug: "adm.training".to_owned(),
                question: text.to_owned(),
                answer: text.to_owned(),
                cites: text.to_owned(),
                open: open.then(|| "/actions/1".to_owned()),
                done: (!open).then(|| Done { href: "/actions/1".to_owned(), on: text.to_owned() }),
                chosen: !text.is_empty(),
                wanted: text.to_owned(),
                due_on: text.to_owned(),
                error: error.map(str::to_owned),
            };
            Self {
                crumbs: crumbs(&[("Vendors", Some("/vendors")), (text, None)]),
                heading: text.to_owned(),
                errors: error
                    .iter()
                    .map(|says| ErrorLine { at: "gaps".to_owned(), says: (*says).to_owned() })
                    .collect(),
                action: "/assessments/1/actions".to_owned(),
                card: "/assessments/1".to_owned(),
                vendor: text.to_owned(),
                owner: owner_choice(&[String::new(), text.to_owned()], text),
                ticks: vec![Tick { says: text.to_owned(), href: "/assessments/1/actions?tick=grave#gaps".to_owned() }],
                groups: vec![Group { title: "Other gaps", days: "90".to_owned(), rows: vec![row(false), row(true)] }],
            }
        };
        let empty = Self { groups: Vec::new(), ticks: Vec::new(), ..with("", None) };
        vec![
            with("Northwind", None),
            empty,
            with(&"Wordy ".repeat(300), Some("Shorten it")),
            with("<script>", Some("<b>")),
        ]
    }
}
