//! The files that support one answer: sent, used again, taken back. A page of its own, because
//! the form of a topic carries no files. This file has the page; [`send`] takes the files in, and
//! [`open`] gives one back.

pub mod open;
pub mod send;

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use chrono::NaiveDate;
use serde::Serialize;

use super::done::Done;
use super::problem::{PortalError, answer};
use super::respondent::{Respondent, Visit};
use super::view::{HOSTILE, longest};
use crate::app::App;
use crate::domain::answers::lookup;
use crate::domain::answers::support::{self, Files, MOST_FILES, Supporting};
use crate::domain::document::{Scan, say_size};
use crate::domain::ids::DocumentId;
use crate::domain::questionnaire::{Question, Topic};
use crate::flows::evidence::{self, EvidenceError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::view::{ErrorLine, Faults};
use crate::web::{Answered, WebError, see_other};

#[derive(Clone, Debug, Serialize)]
pub struct EvidencePage<'a> {
    topic: &'a str,
    question: &'a str,
    shows: &'a str,
    /// The question on its page.
    back: String,
    /// The same with a word that files were kept, for the script that sends them.
    kept: String,
    /// Where the forms of this page go, without what comes after the question mark.
    action: String,
    query: &'static str,
    errors: Vec<ErrorLine>,
    results: Vec<Outcome>,
    files: Vec<FileLine>,
    full: bool,
    most: usize,
    certificate: bool,
    other: bool,
    kind_error: Option<String>,
    ends_on: String,
    ends_error: Option<String>,
    file_error: Option<String>,
    reusable: Vec<FileLine>,
    reuse_error: Option<String>,
}

/// A file as a respondent's pages list it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileLine {
    id: String,
    name: String,
    says: String,
    /// Where it is given back, once it may be.
    href: Option<String>,
}

impl FileLine {
    fn of(file: &Supporting, today: NaiveDate) -> Self {
        let held = if file.scan == Scan::NotScanned { "; our virus scanner has yet to look at it" } else { "" };
        Self {
            id: file.document.to_string(),
            name: file.name.clone(),
            says: format!("{}, {}{held}", file.says(today), say_size(file.size)),
            href: href(file),
        }
    }
}

/// Where a file is given back; nowhere while the scanner has not looked at it.
pub fn href(file: &Supporting) -> Option<String> {
    file.scan.may_be_served().then(|| format!("/respond/files/{}", file.document))
}

/// What became of one file that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    pub name: String,
    /// Why not, when it is not kept.
    pub refused: Option<String>,
    /// A word on one that is kept.
    pub note: Option<String>,
}

/// What is said of a file that is there already.
pub const AGAIN: &str = "You already gave this file here: it is kept once.";

impl Outcome {
    /// Lines for the head of the page: what was not kept.
    pub fn errors(results: &[Self]) -> impl Iterator<Item = ErrorLine> {
        let refused = results.iter().filter(|one| one.refused.is_some());
        refused.map(|one| ErrorLine { at: "results".to_owned(), says: format!("{} was not kept", one.name) })
    }
}

/// The files under one answer, as its topic page lists them. A browser that may not see them
/// is shown none.
pub fn lines(who: &Respondent, slug: &str, today: NaiveDate) -> Vec<FileLine> {
    let files = who.files.get(slug).filter(|_| !who.locked);
    files.into_iter().flatten().map(|file| FileLine::of(file, today)).collect()
}

/// Which question a request is about, and the way back to it.
#[derive(Clone, Copy)]
struct Spot<'a> {
    topic: &'a Topic,
    question: &'a Question,
    from_check: bool,
}

impl Spot<'_> {
    const fn query(&self) -> &'static str {
        if self.from_check { "?back=check" } else { "" }
    }

    fn back(&self) -> String {
        format!("/respond/{}{}#{}", self.topic.id, self.query(), self.question.slug)
    }
}

fn find<'a>(app: &'a App, who: &Respondent, slug: &str, request: &HttpRequest) -> Result<Spot<'a>, PortalError> {
    let answered = lookup(&who.answers);
    let form = who.opened.questionnaire(&app.office)?;
    let topics = form.sections.iter().flat_map(|section| &section.topics);
    let mut all = topics.flat_map(|topic| topic.questions.iter().map(move |question| (topic, question)));
    let (topic, question) = all
        .find(|(_, question)| question.slug == slug)
        .filter(|(_, question)| who.opened.assessment.asked.includes(question, &answered))
        .filter(|(_, question)| who.is_asked(question) && !who.narrow(form, vec![question]).is_empty())
        .ok_or(WebError::NotFound)?;
    Ok(Spot { topic, question, from_check: query(request).text("back") == "check" })
}

/// What was sent that is not right, and what became of the files.
#[derive(Default)]
struct Trouble<'t> {
    typed: Posted,
    faults: &'t [(&'static str, String)],
    results: Vec<Outcome>,
}

/// What the page lists.
struct Listed<'f> {
    files: &'f Files,
    /// Of earlier replies.
    before: &'f [Supporting],
    today: NaiveDate,
}

fn content<'a>(spot: Spot<'a>, listed: &Listed<'_>, trouble: Trouble<'_>) -> EvidencePage<'a> {
    let slug = &spot.question.slug;
    let line = |file: &Supporting| FileLine::of(file, listed.today);
    let here: Vec<&Supporting> = listed.files.get(slug).into_iter().flatten().collect();
    let mut seen: BTreeSet<DocumentId> = here.iter().map(|file| file.document).collect();
    let others = listed.files.values().flatten().chain(listed.before);
    let reusable = others.filter(|file| seen.insert(file.document)).map(line).collect();
    let error = |at: &str| trouble.faults.iter().find(|(field, _)| *field == at).map(|(_, says)| says.clone());
    let summary = |(at, says): &(&'static str, String)| ErrorLine { at: (*at).to_owned(), says: says.clone() };
    EvidencePage {
        topic: &spot.topic.title,
        question: &spot.question.text,
        shows: &spot.question.evidence,
        back: spot.back(),
        kept: Done::Files.at_question(&spot.back(), slug),
        action: format!("/respond/evidence/{slug}"),
        query: spot.query(),
        errors: trouble.faults.iter().map(summary).chain(Outcome::errors(&trouble.results)).collect(),
        files: here.into_iter().map(line).collect(),
        full: support::count(listed.files) >= MOST_FILES,
        most: MOST_FILES,
        certificate: trouble.typed.text("kind") == "certificate",
        other: trouble.typed.text("kind") == "evidence",
        kind_error: error("kind"),
        ends_on: trouble.typed.text("ends_on").to_owned(),
        ends_error: error("ends_on"),
        file_error: error("file"),
        reusable,
        reuse_error: error("reuse"),
        results: trouble.results,
    }
}

/// The page as things are now: read anew, for files may have come in just now.
async fn page(
    app: &App,
    who: &Respondent,
    spot: Spot<'_>,
    status: StatusCode,
    trouble: Trouble<'_>,
) -> Result<HttpResponse, PortalError> {
    let (office, opened, now, earlier) = (app.office.clone(), who.opened.clone(), app.clock.now(), who.verified());
    let (files, before) = app
        .read(move |conn| {
            let scope = opened.scope();
            let files = evidence::current(conn, &opened, opened.correction.as_ref())?;
            let before = evidence::offered(conn, &scope, &opened, &files, earlier, now)?;
            Ok::<_, PortalError>((evidence::visible(&office, &opened, files)?, before))
        })
        .await?;
    let listed = Listed { files: &files, before: &before, today: who.opened.practice.day(now) };
    Ok(who.shell("Files that support your answer").show(app, status, &content(spot, &listed, trouble))?)
}

/// GET `/respond/evidence/{slug}`
pub async fn show(app: Data<App>, who: Visit, slug: Path<String>, request: HttpRequest) -> Answered {
    answer(&app, async {
        let who = Respondent::helping(who)?;
        let spot = find(&app, &who, &slug, &request)?;
        page(&app, &who, spot, StatusCode::OK, Trouble::default()).await
    })
    .await
}

/// POST `/respond/evidence/{slug}/reuse`
pub async fn reuse(app: Data<App>, who: Visit, slug: Path<String>, posted: Posted, request: HttpRequest) -> Answered {
    answer(&app, async {
        let who = Respondent::helping(who)?;
        let spot = find(&app, &who, &slug, &request)?;
        let chosen: Vec<DocumentId> = posted.all("file").map(id).collect::<Result<_, _>>()?;
        if chosen.is_empty() {
            let faults: Faults = vec![("reuse", "Tick the file that supports this answer too".to_owned())];
            let trouble = Trouble { faults: &faults, ..Trouble::default() };
            return page(&app, &who, spot, StatusCode::UNPROCESSABLE_ENTITY, trouble).await;
        }
        let (office, opened, question, now, earlier) =
            (app.office.clone(), who.opened.clone(), spot.question.clone(), app.clock.now(), who.verified());
        match app.write(move |conn| evidence::reuse(conn, &office, &opened, &question, &chosen, earlier, now)).await {
            Ok(()) => Ok(see_other(&Done::Files.at_question(&spot.back(), &spot.question.slug))),
            Err(EvidenceError::Full) => {
                let faults: Faults = vec![("reuse", full())];
                let trouble = Trouble { faults: &faults, ..Trouble::default() };
                page(&app, &who, spot, StatusCode::UNPROCESSABLE_ENTITY, trouble).await
            }
            Err(error) => Err(stopped(error)),
        }
    })
    .await
}

/// POST `/respond/evidence/{slug}/remove`
pub async fn remove(app: Data<App>, who: Visit, slug: Path<String>, posted: Posted, request: HttpRequest) -> Answered {
    answer(&app, async {
        let who = Respondent::helping(who)?;
        let spot = find(&app, &who, &slug, &request)?;
        let document: DocumentId = id(posted.text("file"))?;
        let (office, opened, question, now) =
            (app.office.clone(), who.opened.clone(), spot.question.clone(), app.clock.now());
        app.write(move |conn| evidence::take_off(conn, &office, &opened, &question, document, now))
            .await
            .map_err(stopped)?;
        Ok(see_other(&Done::FileOff.at_question(&spot.back(), &spot.question.slug)))
    })
    .await
}

/// What is said where no more files are taken.
fn full() -> String {
    format!(
        "Your reply has {MOST_FILES} files, which is as many as we take. Take one off first, or put two into one file"
    )
}

fn stopped(error: EvidenceError) -> PortalError {
    match error {
        EvidenceError::Receive(error) => error.into(),
        EvidenceError::Full | EvidenceError::NoSuchFile => WebError::NotFound.into(),
    }
}

impl Context for EvidencePage<'_> {
    const TEMPLATE: &'static str = "portal/evidence";
    fn samples() -> Vec<Self> {
        let file = |name: &str, ends_on, scan| Supporting {
            document: DocumentId::fresh(),
            name: name.to_owned(),
            size: 812_345,
            sha256: String::new(),
            scan,
            ends_on,
            removed: false,
        };
        let today = NaiveDate::default();
        let page = |text: &'static str, name: &str, faults: &[(&'static str, String)]| {
            let refused = Some(text.to_owned()).filter(|text| !text.is_empty());
            let files = [file(name, None, Scan::NotScanned), file(name, Some(today), Scan::Clean)];
            Self {
                topic: text,
                question: text,
                shows: text,
                back: "/respond/encryption#tec.encrypt.stored".to_owned(),
                kept: "/respond/encryption?done=files#tec.encrypt.stored".to_owned(),
                action: "/respond/evidence/tec.encrypt.stored".to_owned(),
                query: "?back=check",
                errors: Vec::new(),
                results: vec![Outcome { name: name.to_owned(), refused, note: Some(name.to_owned()) }],
                files: files.iter().map(|file| FileLine::of(file, today)).collect(),
                full: faults.is_empty(),
                most: MOST_FILES,
                certificate: true,
                other: false,
                kind_error: faults.first().map(|(_, says)| says.clone()),
                ends_on: text.to_owned(),
                ends_error: faults.first().map(|(_, says)| says.clone()),
                file_error: faults.first().map(|(_, says)| says.clone()),
                reusable: files.iter().map(|file| FileLine::of(file, today)).collect(),
                reuse_error: faults.first().map(|(_, says)| says.clone()),
            }
        };
        let empty = Self { results: vec![], files: vec![], reusable: vec![], ..page("", "", &[]) };
        vec![
            empty,
            page("Is it encrypted?", "SOC 2.pdf", &[("file", "Choose a file first".to_owned())]),
            page(longest(400), longest(200), &[("file", longest(400).to_owned())]),
            page(HOSTILE, HOSTILE, &[("file", HOSTILE.to_owned())]),
        ]
    }
}
