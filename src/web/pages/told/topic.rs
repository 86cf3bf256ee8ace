//! One topic of a questionnaire that a vendor answers by telephone or on paper.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::Serialize;

use super::{Facts, facts};
use crate::app::App;
use crate::domain::answers::form::{self, FieldFault, Fields};
use crate::domain::answers::seen::Seen;
use crate::domain::answers::told::Way;
use crate::domain::answers::{Answer, Answers, Told, bare, lookup, typed};
use crate::domain::civil_date;
use crate::domain::ids::AssessmentId;
use crate::domain::questionnaire::{Question, Topic};
use crate::flows::receive;
use crate::flows::told::{self as flow, Typed};
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id};
use crate::web::portal::onward::next_topic;
use crate::web::portal::question::{AskedQuestion, ask, error_line};
use crate::web::session::SignedIn;
use crate::web::view::{Choice, Choosable, Crumb, ErrorLine, Faults, Field, Here, Staff, crumbs, error_lines};
use crate::web::{Answered, WebError, see_other};

/// The longest name of who told.
const LONGEST_NAME: usize = 120;

#[derive(Serialize)]
pub struct ToldTopic<'a> {
    crumbs: Vec<Crumb>,
    errors: Vec<ErrorLine>,
    title: &'a str,
    section: &'a str,
    action: String,
    seen: String,
    by: Field,
    on: Field,
    way: Choice,
    questions: Vec<AskedQuestion<'a>>,
}

/// The fields above the questions, as typed.
#[derive(Clone, Default)]
struct Source {
    by: String,
    on: String,
    way: String,
}

impl Source {
    /// As it was told last, so that one call is described once.
    fn of(answers: &Answers, today: NaiveDate) -> Self {
        let last = answers.values().filter_map(|answer| answer.told.as_ref()).max_by_key(|told| told.on);
        Self {
            by: last.map(|told| told.by.clone()).unwrap_or_default(),
            on: today.to_string(),
            way: last.map_or(Way::Telephone, |told| told.way).to_string(),
        }
    }

    fn posted(posted: &Posted) -> Self {
        let text = |name| posted.text(name).to_owned();
        Self { by: text("told_by"), on: text("told_on"), way: text("told_way") }
    }

    fn read(&self, today: NaiveDate, entered_by: &str) -> Result<Told, Faults> {
        let mut faults = Faults::new();
        if self.by.is_empty() {
            faults.push(("told_by", "Write who told you".to_owned()));
        } else if self.by.chars().count() > LONGEST_NAME || self.by.chars().any(char::is_control) {
            faults.push(("told_by", format!("Write a name of at most {LONGEST_NAME} letters")));
        }
        let on = match civil_date::read(&self.on) {
            Ok(on) if on > today => {
                faults.push(("told_on", "This date is in the future. Give the day on which it was told".to_owned()));
                None
            }
            Ok(on) => Some(on),
            Err(_) if self.on.is_empty() => {
                faults.push(("told_on", "Say on which day it was told".to_owned()));
                None
            }
            Err(fault) => {
                faults.push(("told_on", fault.to_string()));
                None
            }
        };
        let way: Option<Way> = self.way.parse().ok();
        if way.is_none() {
            faults.push(("told_way", "Say how it was told".to_owned()));
        }
        match (on, way) {
            (Some(on), Some(way)) if faults.is_empty() => {
                Ok(Told { by: self.by.clone(), on, way, entered_by: entered_by.to_owned() })
            }
            _ => Err(faults),
        }
    }
}

/// Where in the questionnaire a request is.
struct Spot<'a> {
    section: &'a str,
    topic: &'a Topic,
    shown: Vec<&'a Question>,
}

fn find<'a>(app: &'a App, facts: &Facts, id: &str) -> Result<Spot<'a>, WebError> {
    let questionnaire = receive::pinned(&app.office, &facts.assessment)?;
    let (section, topic) = questionnaire.topic(id).ok_or(WebError::NotFound)?;
    let answered = lookup(&facts.answers);
    let asked = &facts.assessment.asked;
    let shown: Vec<&Question> = topic.questions.iter().filter(|question| asked.includes(question, &answered)).collect();
    if shown.is_empty() { Err(WebError::NotFound) } else { Ok(Spot { section: &section.title, topic, shown }) }
}

/// What was filled in.
struct Filling<'f> {
    source: &'f Source,
    source_faults: &'f Faults,
    fields: &'f Fields,
    faults: &'f [(&'f str, FieldFault)],
    seen: String,
}

fn page<'a>(facts: &Facts, spot: &Spot<'a>, filling: &Filling<'_>) -> ToldTopic<'a> {
    let base = format!("/assessments/{}/told", facts.assessment.id);
    let vendor_href = format!("/vendors/{}", facts.assessment.vendor);
    let (source, faults) = (filling.source, filling.source_faults);
    let error = |at: &str| faults.iter().find(|(field, _)| *field == at).map(|(_, says)| says.clone());
    let fault =
        |question: &Question| filling.faults.iter().find(|(slug, _)| *slug == question.slug).map(|(_, fault)| fault);
    let faulty = spot.shown.iter().filter_map(|question| Some(error_line(question, fault(question)?)));
    let option = |way: &Way| Choosable {
        id: way.key().to_owned(),
        value: way.key().to_owned(),
        label: crate::domain::words::capital(way.says()),
        hint: None,
        checked: source.way == way.key(),
    };
    ToldTopic {
        crumbs: crumbs(&[
            ("Vendors", Some("/vendors")),
            (&facts.vendor, Some(&vendor_href)),
            ("Type in answers", Some(&base)),
            (&spot.topic.title, None),
        ]),
        errors: error_lines(faults).into_iter().chain(faulty).collect(),
        title: &spot.topic.title,
        section: spot.section,
        action: format!("{base}/{}", spot.topic.id),
        seen: filling.seen.clone(),
        by: Field {
            id: "told_by",
            label: "Who told you",
            hint: Some("The person at the vendor, by name"),
            value: source.by.clone(),
            error: error("told_by"),
        },
        on: Field {
            id: "told_on",
            label: "On which day",
            hint: Some("For example 3/31/2026 or 2026-03-31"),
            value: source.on.clone(),
            error: error("told_on"),
        },
        way: Choice {
            id: "told_way",
            label: "How",
            hint: None,
            error: error("told_way"),
            options: Way::ALL.iter().map(option).collect(),
        },
        questions: spot
            .shown
            .iter()
            .map(|question| AskedQuestion {
                from: from(facts.answers.get(&question.slug)),
                ..ask(question, filling.fields, fault(question), None)
            })
            .collect(),
    }
}

/// Where the answer on record is from.
fn from(answer: Option<&Answer>) -> Option<String> {
    answer.map(|answer| match &answer.told {
        Some(told) => told.says(),
        None => "Answered by the vendor itself".to_owned(),
    })
}

fn show_page(
    app: &App,
    who: &SignedIn,
    status: StatusCode,
    facts: &Facts,
    spot: &Spot<'_>,
    filling: &Filling<'_>,
) -> Answered {
    let bad = !filling.faults.is_empty() || !filling.source_faults.is_empty();
    let title = format!("{}{}: told by {}", if bad { "Error: " } else { "" }, spot.topic.title, facts.vendor);
    let page = page(facts, spot, filling);
    Staff { who, here: Here::VENDORS, title: &title, notice: None }.show(app, status, &page)
}

/// The marks of the questions as they are on record.
fn seen(spot: &Spot<'_>, answers: &Answers) -> Seen {
    Seen::of(spot.shown.iter().map(|question| question.slug.as_str()), &bare(answers))
}

/// GET `/assessments/{id}/told/{topic}`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<(String, String)>) -> Answered {
    let (assessment, topic) = path.into_inner();
    let facts = facts(&app, &who, id::<AssessmentId>(&assessment)?).await?;
    let spot = find(&app, &facts, &topic)?;
    if !facts.assessment.is_open() {
        return Ok(see_other(&format!("/assessments/{}", facts.assessment.id)));
    }
    let mut fields = Fields::new();
    for question in &spot.shown {
        if let Some(answer) = facts.answers.get(&question.slug) {
            typed::add(&mut fields, question, answer);
        }
    }
    let source = Source::of(&facts.answers, who.day(app.clock.now()));
    let filling = Filling {
        source: &source,
        source_faults: &Faults::new(),
        fields: &fields,
        faults: &[],
        seen: seen(&spot, &facts.answers).written(),
    };
    show_page(&app, &who, StatusCode::OK, &facts, &spot, &filling)
}

/// POST `/assessments/{id}/told/{topic}`
pub async fn save(app: Data<App>, who: SignedIn, path: Path<(String, String)>, posted: Posted) -> Answered {
    let (assessment, topic) = path.into_inner();
    let facts = facts(&app, &who, id::<AssessmentId>(&assessment)?).await?;
    let spot = find(&app, &facts, &topic)?;
    let today = who.day(app.clock.now());
    let source = Source::posted(&posted);
    let was = Seen::read(posted.text("seen")).unwrap_or_else(|| seen(&spot, &facts.answers));
    let (mut answers, mut faults) = (Vec::new(), Vec::new());
    for question in &spot.shown {
        match form::read(question, &posted.0, today) {
            Ok(answer) => answers.push((question.slug.clone(), answer)),
            Err(fault) => faults.push((question.slug.as_str(), fault)),
        }
    }
    let again = |status, source_faults: &Faults, faults: &[(&str, FieldFault)], facts: &Facts, seen: String| {
        let filling = Filling { source: &source, source_faults, fields: &posted.0, faults, seen };
        show_page(&app, &who, status, facts, &spot, &filling)
    };
    let told = match source.read(today, who.actor().name()) {
        Ok(told) if faults.is_empty() => told,
        read => {
            let source_faults = read.err().unwrap_or_default();
            return again(StatusCode::UNPROCESSABLE_ENTITY, &source_faults, &faults, &facts, was.written());
        }
    };
    match keep(&app, &who, &facts, answers, was, told).await? {
        Typed::NotOpen => Ok(see_other(&format!("/assessments/{}", facts.assessment.id))),
        Typed::Conflicts { answers, questions } => {
            let problem =
                "Somebody answered this differently meanwhile. Save again to keep what you typed, or change it";
            let conflict =
                |question: &&Question| FieldFault { field: question.slug.clone(), problem: problem.to_owned() };
            let faults: Vec<(&str, FieldFault)> = spot
                .shown
                .iter()
                .filter(|question| questions.contains(&question.slug))
                .map(|question| (question.slug.as_str(), conflict(question)))
                .collect();
            let seen = seen(&spot, &answers).written();
            let facts = Facts { answers, ..facts };
            again(StatusCode::CONFLICT, &Faults::new(), &faults, &facts, seen)
        }
        Typed::Saved(answers) => onward(&app, &facts, &spot, &answers, posted.text("action")),
    }
}

async fn keep(
    app: &App,
    who: &SignedIn,
    facts: &Facts,
    answers: Vec<(String, Option<Answer>)>,
    was: Seen,
    told: Told,
) -> Result<Typed, WebError> {
    let (office, now, scope, by) = (app.office.clone(), app.clock.now(), who.scope, who.actor());
    let assessment = facts.assessment.clone();
    let typed = app.write_in(who.scope, move |conn| {
        let practice = store::practices::one(conn, &scope)?;
        flow::save(conn, &office, &practice, &assessment, &answers, &was, &told, &by, now)
    });
    typed.await.map_err(|error: StoreError| error.into())
}

/// The next topic, or the same one for more rows.
fn onward(app: &App, facts: &Facts, spot: &Spot<'_>, answers: &Answers, action: &str) -> Answered {
    let base = format!("/assessments/{}/told", facts.assessment.id);
    if let Some(list) = action.strip_prefix("more:") {
        let list = spot.shown.iter().find(|question| question.slug == list);
        let at = list.map(|question| format!("#{}", question.slug)).unwrap_or_default();
        return Ok(see_other(&format!("{base}/{}{at}", spot.topic.id)));
    }
    let questionnaire = receive::pinned(&app.office, &facts.assessment)?;
    let applicable = receive::applicable(questionnaire, &facts.assessment, answers);
    match next_topic(questionnaire, &applicable, &spot.topic.id) {
        Some(next) if action != "list" => Ok(see_other(&format!("{base}/{}", next.id))),
        _ => Ok(see_other(&format!("{base}?done=saved"))),
    }
}

impl Context for ToldTopic<'_> {
    const TEMPLATE: &'static str = "pages/told_topic";
    fn samples() -> Vec<Self> {
        use crate::web::portal::samples::{EVERY_KIND, filled};
        let page = |questions: &'static [Question], text: &'static str| {
            let fields = filled(questions, text);
            let fault = |question: &Question| form::read(question, &fields, NaiveDate::default()).err();
            let faults: Faults = vec![("told_by", text.to_owned())];
            let faulty = questions.iter().filter_map(|one| Some(error_line(one, &fault(one)?)));
            let field =
                |id, label| Field { id, label, value: text.to_owned(), error: Some(text.to_owned()), hint: None };
            let option = |way: &Way| Choosable {
                id: way.key().to_owned(),
                value: way.key().to_owned(),
                label: way.says().to_owned(),
                hint: None,
                checked: false,
            };
            Self {
                crumbs: crumbs(&[("Vendors", Some("/vendors")), (text, None)]),
                errors: error_lines(&faults).into_iter().chain(faulty).collect(),
                title: text,
                section: text,
                action: "/assessments/1/told/encryption".to_owned(),
                seen: "tec.scans:-".to_owned(),
                by: field("told_by", "Who told you"),
                on: field("told_on", "On which day"),
                way: Choice {
                    id: "told_way",
                    label: "How",
                    hint: None,
                    error: None,
                    options: Way::ALL.iter().map(option).collect(),
                },
                questions: questions
                    .iter()
                    .map(|one| AskedQuestion {
                        from: Some(text.to_owned()),
                        ..ask(one, &fields, fault(one).as_ref(), None)
                    })
                    .collect(),
            }
        };
        let [plain, _, hostile] = &*EVERY_KIND;
        vec![page(plain, "Encryption"), page(hostile, "<script>alert(1)</script>"), page(&[], "")]
    }
}
