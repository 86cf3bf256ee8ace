//! One thing to put right: what is asked, why and by when, what went back and forth, and the form
//! that sends words and files.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use chrono::NaiveDate;
use serde::Serialize;

use super::{allowed, state};
use crate::app::App;
use crate::domain::action::{Action, Said, SentFile, Word, check_words};
use crate::domain::civil_date;
use crate::domain::document::{About, DocumentKind, Scan};
use crate::domain::ids::{ActionId, DocumentId};
use crate::flows::Office;
use crate::flows::actions::{self, ReplyError};
use crate::flows::documents::keep::keep;
use crate::flows::documents::{KeepError, Paper};
use crate::flows::evidence::{self, Sent};
use crate::flows::receive::{self, Opened};
use crate::store::{self, Db, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id};
use crate::web::portal::answers::said;
use crate::web::portal::done::Done;
use crate::web::portal::evidence::send::{Refused, refused};
use crate::web::portal::problem::{PortalError, answer};
use crate::web::portal::respondent::{Respondent, Visit};
use crate::web::portal::view::{HOSTILE, longest};
use crate::web::uploaded::{Came, Uploaded};
use crate::web::view::{Badge, ErrorLine, Field};
use crate::web::{Answered, WebError, see_other};

#[derive(Clone, Debug, Serialize)]
pub struct ActionPage {
    vendor: String,
    back: &'static str,
    action: String,
    short: String,
    state: Badge,
    wanted: String,
    question: String,
    /// What the vendor signed, with the day.
    answer: String,
    cites: String,
    due: String,
    words: Vec<WordLine>,
    files: Vec<FileLine>,
    /// The form, until a person has decided.
    reply: Option<Field>,
    /// It waits for the practice.
    answered: bool,
    errors: Vec<ErrorLine>,
    results: Vec<Outcome>,
}

#[derive(Clone, Debug, Serialize)]
struct WordLine {
    who: String,
    when: String,
    says: String,
}

#[derive(Clone, Debug, Serialize)]
struct FileLine {
    name: String,
    says: String,
    /// What takes it off, until the reply that it goes with is sent.
    off: Option<String>,
}

/// What became of one file.
#[derive(Clone, Debug, Serialize)]
struct Outcome {
    name: String,
    /// Why not, when it is not kept.
    refused: Option<String>,
}

/// An action with all that was said and sent.
struct Facts {
    one: Action,
    answer: String,
    words: Vec<Word>,
    files: Vec<SentFile>,
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    text: String,
    error: Option<String>,
    results: Vec<Outcome>,
}

fn word(word: &Word, practice: &str, when: String) -> WordLine {
    let who = match word.what {
        Said::Replied | Said::Corrected => word.name.clone(),
        Said::SentBack => format!("{practice}, which asks once more"),
        Said::Verified => format!("{practice}, which verified it"),
        Said::Cancelled => format!("{practice}, which does not want it any more"),
    };
    // What our people note when they close one is theirs.
    let says = if matches!(word.what, Said::Verified | Said::Cancelled) { String::new() } else { word.text.clone() };
    WordLine { who, when, says }
}

fn content(who: &Respondent, facts: &Facts, typed: Typed, today: NaiveDate) -> ActionPage {
    let (one, practice) = (&facts.one, &who.opened.practice);
    let waits = one.state.waits_for_vendor();
    let mut errors: Vec<ErrorLine> =
        typed.error.iter().map(|says| ErrorLine { at: "reply".to_owned(), says: says.clone() }).collect();
    let lost = typed.results.iter().filter(|one| one.refused.is_some());
    errors.extend(lost.map(|one| ErrorLine {
        at: "results".to_owned(),
        says: format!("{} was not kept, and your reply was not sent yet", one.name),
    }));
    let held =
        |file: &SentFile| if file.scan == Scan::NotScanned { " (our virus scanner has yet to look at it)" } else { "" };
    ActionPage {
        vendor: who.vendor().to_owned(),
        back: "/respond/actions",
        action: format!("/respond/actions/{}", one.id),
        short: one.short.clone(),
        state: state(one, today),
        wanted: one.wanted.clone(),
        question: one.question.clone(),
        answer: facts.answer.clone(),
        cites: one.cites.clone(),
        due: civil_date::say_with_day(one.due_on),
        words: facts
            .words
            .iter()
            .map(|said| word(said, &practice.name, civil_date::say(practice.day(said.at))))
            .collect(),
        files: facts
            .files
            .iter()
            .map(|file| FileLine {
                name: file.name.clone(),
                says: format!("{}{}", file.name, held(file)),
                off: file.may_be_taken_off(one.state, &facts.words).then(|| file.document.to_string()),
            })
            .collect(),
        answered: !waits && !one.state.is_closed(),
        reply: one.state.hears_vendor().then_some(Field {
            id: "reply",
            label: if waits { "What was done, and when" } else { "What you add, or correct" },
            hint: Some(match waits {
                true => "Or by when it will be, and what stands in for it until then. Write nothing about a patient.",
                false => "It stands below what you sent; both are kept. Write nothing about a patient.",
            }),
            value: typed.text,
            error: typed.error,
        }),
        errors,
        results: typed.results,
    }
}

/// The answer to its question as it is signed now, and when that was.
fn signed_answer(conn: &mut Db, office: &Office, opened: &Opened, one: &Action) -> Result<String, StoreError> {
    let scope = opened.scope();
    let Some(reply) = store::assessments::one(conn, &scope, one.assessment)? else { return Ok(String::new()) };
    // Of a questionnaire that this program no longer holds there are no words.
    let Ok(form) = receive::pinned(office, &reply) else { return Ok(String::new()) };
    let answers = store::answers::some(conn, &scope, reply.id, &[&one.slug])?;
    let says = form.question(&one.slug).and_then(|question| Some(said(question, answers.get(&one.slug)?)));
    let signed = store::assessments::attestation(conn, &scope, reply.id)?;
    let on = signed.map(|signed| civil_date::say(opened.practice.day(signed.signed_at)));
    let says = says.unwrap_or_else(|| "Left blank".to_owned());
    Ok(on.map_or_else(|| says.clone(), |on| format!("{says} (signed on {on})")))
}

async fn load(app: &App, who: &Respondent, wanted: ActionId) -> Result<Facts, PortalError> {
    let (opened, office) = (who.opened.clone(), app.office.clone());
    let found = app
        .read(move |conn| {
            let scope = opened.scope();
            let all = actions::shown(conn, &opened)?;
            let Some(one) = all.into_iter().find(|one| one.id == wanted) else { return Ok(None) };
            let words = store::actions::words(conn, &scope, &[wanted])?.remove(&wanted).unwrap_or_default();
            let files = store::actions::files(conn, &scope, &[wanted])?.remove(&wanted).unwrap_or_default();
            let answer = signed_answer(conn, &office, &opened, &one)?;
            Ok::<_, StoreError>(Some(Facts { one, answer, words, files }))
        })
        .await?;
    Ok(found.ok_or(WebError::NotFound)?)
}

async fn page(
    app: &App,
    who: &Respondent,
    wanted: ActionId,
    status: StatusCode,
    typed: Typed,
) -> Result<HttpResponse, PortalError> {
    let facts = load(app, who, wanted).await?;
    let today = who.opened.practice.day(app.clock.now());
    let page = content(who, &facts, typed, today);
    Ok(who.shell(&facts.one.short).show(app, status, &page)?)
}

/// GET `/respond/actions/{id}`
pub async fn show(app: Data<App>, who: Visit, path: Path<String>) -> Answered {
    answer(&app, async {
        let who = allowed(who)?;
        page(&app, &who, id(&path)?, StatusCode::OK, Typed::default()).await
    })
    .await
}

/// POST `/respond/actions/{id}`: files first, each by itself; then the words, when all is well.
pub async fn send(app: Data<App>, who: Visit, path: Path<String>, mut posted: Uploaded) -> Answered {
    answer(&app, async {
        let who = allowed(who)?;
        let wanted: ActionId = id(&path)?;
        if !load(&app, &who, wanted).await?.one.state.hears_vendor() {
            return Ok(see_other("/respond/actions"));
        }
        let text = posted.fields.text("reply").to_owned();
        let words = match check_words(&text) {
            Ok(words) if words.is_empty() => Err("Say what was done, or by when it will be".to_owned()),
            Ok(words) => Ok(words),
            Err(fault) => Err(fault.sentence()),
        };
        let (mut results, mut status) = (Vec::new(), StatusCode::UNPROCESSABLE_ENTITY);
        for came in posted.take_files() {
            let name = came.name.clone();
            let refused = match take(&app, &who, wanted, came).await? {
                Ok(()) => None,
                Err(refused) => {
                    status = refused.status;
                    note(&app, &who, &name, refused.history).await?;
                    Some(refused.says)
                }
            };
            results.push(Outcome { name, refused });
        }
        match words {
            Ok(words) if results.iter().all(|one| one.refused.is_none()) => {
                let (office, opened, now) = (app.office.clone(), who.opened.clone(), app.clock.now());
                let sent = app.write(move |conn| actions::reply(conn, &office, &opened, wanted, &words, now)).await;
                match sent {
                    // Pressed twice, or in another window: it is there.
                    Ok(()) | Err(ReplyError::Closed) => Ok(see_other("/respond/actions?done=sent")),
                    Err(error) => Err(stopped(error)),
                }
            }
            words => {
                let typed = Typed { text, error: words.err(), results };
                page(&app, &who, wanted, status, typed).await
            }
        }
    })
    .await
}

/// POST `/respond/actions/{id}/remove`: a file that goes with no reply yet.
pub async fn remove(app: Data<App>, who: Visit, path: Path<String>, posted: Posted) -> Answered {
    answer(&app, async {
        let who = allowed(who)?;
        let (wanted, document): (ActionId, DocumentId) = (id(&path)?, id(posted.text("file"))?);
        let (office, opened, now) = (app.office.clone(), who.opened.clone(), app.clock.now());
        let off = app.write(move |conn| actions::take_off(conn, &office, &opened, wanted, document, now)).await;
        let page = format!("/respond/actions/{wanted}");
        match off {
            Ok(()) => Ok(Done::FileOff.lead(&page)),
            // It was sent, or closed, in another window: the page says how it stands.
            Err(ReplyError::Stays | ReplyError::Closed) => Ok(see_other(&page)),
            Err(error) => Err(stopped(error)),
        }
    })
    .await
}

/// The history says that a file was refused.
async fn note(app: &App, who: &Respondent, name: &str, why: Option<String>) -> Result<(), PortalError> {
    let Some(why) = why else { return Ok(()) };
    let (opened, name, now) = (who.opened.clone(), name.to_owned(), app.clock.now());
    app.write(move |conn| evidence::refused(conn, &opened, &name, &why, now)).await?;
    Ok(())
}

async fn take(app: &App, who: &Respondent, wanted: ActionId, came: Came) -> Result<Result<(), Refused>, PortalError> {
    let kept = match came.sent {
        Ok(sent) => keep(&app.files, &app.scanner, sent).await,
        Err(refusal) => Err(KeepError::Refused(refusal)),
    };
    let kept = match kept {
        Ok(kept) => kept,
        Err(error) => return Ok(Err(refused(error))),
    };
    let (place, office, opened, now) = (kept.place.clone(), app.office.clone(), who.opened.clone(), app.clock.now());
    let put = app
        .write(move |conn| {
            let about = About { kind: DocumentKind::Evidence, note: String::new(), ends_on: None };
            actions::attach(conn, &office, &opened, wanted, Paper { kept: &kept, about: &about }, now)
        })
        .await;
    // Only where no row points there for certain: one that the database lost may have been kept.
    if !matches!(put, Ok(Sent::New) | Err(ReplyError::Store(_))) {
        let _ = app.files.remove(&place).await;
    }
    match put {
        Ok(_) => Ok(Ok(())),
        Err(ReplyError::Full) => {
            let says = "There are as many files here as we take. Put two into one file".to_owned();
            Ok(Err(Refused { status: StatusCode::UNPROCESSABLE_ENTITY, says, history: None }))
        }
        Err(error) => Err(stopped(error)),
    }
}

fn stopped(error: ReplyError) -> PortalError {
    match error {
        ReplyError::Store(error) => error.into(),
        ReplyError::NoSuch | ReplyError::Closed | ReplyError::Stays | ReplyError::Full => WebError::NotFound.into(),
    }
}

impl Context for ActionPage {
    const TEMPLATE: &'static str = "portal/action";
    fn samples() -> Vec<Self> {
        let with = |text: &str, error: Option<&str>| {
            let said = WordLine { who: text.to_owned(), when: "December 2, 2026".to_owned(), says: text.to_owned() };
            Self {
                vendor: text.to_owned(),
                back: "/respond/actions",
                action: "/respond/actions/1".to_owned(),
                short: text.to_owned(),
                state: Badge::new("bad", "Overdue"),
                wanted: text.to_owned(),
                question: text.to_owned(),
                answer: text.to_owned(),
                cites: text.to_owned(),
                due: "Friday, December 11, 2026".to_owned(),
                words: vec![said],
                files: [Some("1".to_owned()), None]
                    .map(|off| FileLine { name: text.to_owned(), says: text.to_owned(), off })
                    .into(),
                reply: Some(Field {
                    id: "reply",
                    label: "What was done, and when",
                    hint: None,
                    value: text.to_owned(),
                    error: error.map(str::to_owned),
                }),
                answered: error.is_none(),
                errors: error
                    .iter()
                    .map(|says| ErrorLine { at: "reply".to_owned(), says: (*says).to_owned() })
                    .collect(),
                results: vec![Outcome { name: text.to_owned(), refused: error.map(str::to_owned) }],
            }
        };
        let empty = Self { words: vec![], files: vec![], reply: None, results: vec![], ..with("", None) };
        vec![
            with("Screens its people", None),
            empty,
            with(longest(2_000), Some("Shorten it")),
            with(HOSTILE, Some(HOSTILE)),
        ]
    }
}
