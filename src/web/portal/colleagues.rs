//! Ask a colleague: who was asked for which sections, what each of them answered, and the form
//! that asks another. Only for whoever has shown the mailbox that the practice asked.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;

use super::answers::said;
use super::field::Line;
use super::problem::{PortalError, answer};
use super::respondent::{Respondent, Visit};
use super::signer::{address, filled, plain_line};
use super::view::{HOSTILE, longest};
use crate::app::App;
use crate::domain::civil_date;
use crate::domain::colleague::{MOST, MOST_LETTERS, Part};
use crate::domain::ids::InvitationId;
use crate::domain::letter::{Letter, LetterKind};
use crate::domain::questionnaire::Questionnaire;
use crate::flows::colleagues::{self as flow, Again, Asked, Wanted};
use crate::store::invitations::{Invitation, mailbox};
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id};
use crate::web::view::ErrorLine;
use crate::web::{Answered, WebError, see_other};

const HERE: &str = "/respond/colleagues";
/// Where a mailed code leads back to this page.
const NEXT: &str = "colleagues";

#[derive(Clone, Debug, Serialize)]
pub struct ColleaguesPage {
    back: &'static str,
    errors: Vec<ErrorLine>,
    colleagues: Vec<Colleague>,
    /// No more may be asked.
    full: bool,
    most: String,
    name: Line,
    email: Line,
    sections: Vec<Tickable>,
    sections_error: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Colleague {
    id: String,
    name: String,
    email: String,
    asked_on: String,
    sections: String,
    state: &'static str,
    badge: &'static str,
    /// `3 of 8 questions`
    progress: String,
    answers: Vec<Given>,
    /// The link still works.
    live: bool,
    trouble: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Given {
    question: String,
    answer: String,
}

#[derive(Clone, Debug, Serialize)]
struct Tickable {
    id: String,
    title: String,
    on: bool,
    first: bool,
}

/// The form as it was filled in.
struct Typed {
    name: Line,
    email: Line,
    chosen: BTreeSet<String>,
    sections_error: Option<String>,
}

impl Typed {
    fn blank() -> Self {
        let line = |name| Line::named(name, "", None);
        Self { name: line("name"), email: line("email"), chosen: BTreeSet::new(), sections_error: None }
    }

    fn read(posted: &Posted, questionnaire: &Questionnaire) -> (Self, Option<Wanted>) {
        let (name, called) = filled(posted, "name", "Type your colleague’s name", plain_line);
        let (email, mailed) = filled(posted, "email", "Type your colleague’s work e-mail address", address);
        let known = |key: &&str| questionnaire.sections.iter().any(|section| section.id == **key);
        let chosen: BTreeSet<String> = posted.all("sections").filter(known).map(str::to_owned).collect();
        let sections_error = chosen.is_empty().then(|| "Choose at least one section".to_owned());
        let wanted = match (called, mailed, chosen.is_empty()) {
            (Some(name), Some(email), false) => Some(Wanted { name, email, sections: chosen.clone() }),
            _ => None,
        };
        (Self { name, email, chosen, sections_error }, wanted)
    }

    fn errors(&self) -> Vec<ErrorLine> {
        let line = |line: &Line| line.error.clone().map(|says| ErrorLine { at: line.id.clone(), says });
        let sections = self.sections_error.clone().map(|says| ErrorLine { at: "sections".to_owned(), says });
        [line(&self.name), line(&self.email), sections].into_iter().flatten().collect()
    }
}

/// What is known of the colleagues so far.
struct Known {
    asked: Vec<(Invitation, Vec<Letter>)>,
    savers: BTreeMap<String, String>,
}

async fn known(app: &App, who: &Respondent) -> Result<Known, PortalError> {
    let (scope, id) = (who.opened.scope(), who.opened.assessment.id);
    let known = app.read(move |conn| {
        let asked = store::invitations::colleagues(conn, &scope, id)?;
        let letters = |one: Invitation| {
            let letters = store::letters::with_link(conn, &scope, one.id, LetterKind::Colleague)?;
            Ok::<_, StoreError>((one, letters))
        };
        let asked = asked.into_iter().map(letters).collect::<Result<_, _>>()?;
        Ok::<_, StoreError>(Known { asked, savers: store::answers::savers(conn, &scope, id)? })
    });
    Ok(known.await?)
}

fn colleague(who: &Respondent, form: &Questionnaire, known: &Known, one: &Invitation, letters: &[Letter]) -> Colleague {
    let nobody = Part { name: String::new(), asked_by: String::new(), sections: BTreeSet::new() };
    let part = one.part.as_ref().unwrap_or(&nobody);
    let asked: Vec<_> = who.applicable(form).into_iter().filter(|one| part.includes(form, &one.slug)).collect();
    let done = asked.iter().filter(|question| who.answers.contains_key(&question.slug)).count();
    let theirs = |slug: &str| known.savers.get(slug).is_some_and(|by| mailbox(by) == mailbox(&one.sent_to));
    let answers = form.questions().filter(|question| theirs(&question.slug)).filter_map(|question| {
        let answer = said(question, who.answers.get(&question.slug)?);
        Some(Given { question: question.text.clone(), answer })
    });
    let answers: Vec<Given> = answers.collect();
    let titles: Vec<&str> = part.of(form).iter().map(|section| section.title.as_str()).collect();
    let live = one.revoked_at.is_none();
    let (state, badge) = match one.revoked_at {
        Some(_) => ("Taken back", "none"),
        None if done == asked.len() => ("Completed", "good"),
        None if answers.is_empty() => ("Asked", "plain"),
        None => ("In progress", "wait"),
    };
    let refused = letters.first().filter(|letter| live && letter.was_refused());
    Colleague {
        id: one.id.to_string(),
        name: part.name.clone(),
        email: one.sent_to.clone(),
        asked_on: civil_date::say(who.opened.practice.day(one.made_at)),
        sections: titles.join(", "),
        state,
        badge,
        progress: format!("{done} of {} questions", asked.len()),
        answers,
        live,
        trouble: refused.map(|_| "The e-mail could not be delivered. Check the address: take this back, and ask again with the right one.".to_owned()),
    }
}

/// GET `/respond/colleagues`
pub async fn list(app: Data<App>, who: Visit) -> Answered {
    answer(&app, async {
        let who = Respondent::proven(who, NEXT)?;
        page(&app, &who, StatusCode::OK, Typed::blank(), None).await
    })
    .await
}

async fn page(
    app: &App,
    who: &Respondent,
    status: StatusCode,
    typed: Typed,
    trouble: Option<&str>,
) -> Result<HttpResponse, PortalError> {
    let form = who.opened.questionnaire(&app.office)?;
    let known = known(app, who).await?;
    let errors = match trouble {
        Some(says) => vec![ErrorLine { at: "email".to_owned(), says: says.to_owned() }],
        None => typed.errors(),
    };
    let applicable = who.applicable(form);
    let asks = |part: &str| {
        let only = Part { name: String::new(), asked_by: String::new(), sections: [part.to_owned()].into() };
        applicable.iter().any(|question| only.includes(form, &question.slug))
    };
    let mut sections: Vec<Tickable> = form
        .sections
        .iter()
        .filter(|section| asks(&section.id))
        .map(|section| Tickable {
            id: section.id.clone(),
            title: section.title.clone(),
            on: typed.chosen.contains(&section.id),
            first: false,
        })
        .collect();
    if let Some(first) = sections.first_mut() {
        first.first = true;
    }
    let shown = ColleaguesPage {
        back: "/respond",
        errors,
        colleagues: known.asked.iter().rev().map(|(one, letters)| colleague(who, form, &known, one, letters)).collect(),
        full: known.asked.len() >= MOST,
        most: MOST.to_string(),
        name: typed.name,
        email: Line { error: trouble.map(str::to_owned).or(typed.email.error), ..typed.email },
        sections,
        sections_error: typed.sections_error,
    };
    Ok(who.shell("Ask a colleague").show(app, status, &shown)?)
}

/// POST `/respond/colleagues`
pub async fn ask(app: Data<App>, who: Visit, posted: Posted) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = Respondent::proven(who, NEXT)?;
        let (typed, wanted) = Typed::read(&posted, who.opened.questionnaire(&app.office)?);
        let Some(wanted) = wanted else {
            return page(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, typed, None).await;
        };
        let (office, opened) = (app.office.clone(), who.opened.clone());
        let says = match app.write(move |conn| flow::ask(conn, &office, &opened, &wanted, now)).await? {
            Asked::Mailed => {
                app.post.notify_one();
                return Ok(see_other(HERE));
            }
            Asked::Themselves => "That is your own address. Type your colleague’s",
            Asked::Already => "You asked this colleague for other sections. Take that back first, then ask anew",
            Asked::TooMany => "You have asked as many colleagues as you can for one questionnaire",
        };
        page(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, typed, Some(says)).await
    })
    .await
}

/// POST `/respond/colleagues/{id}/take-back`
pub async fn take_back(app: Data<App>, who: Visit, at: Path<String>, _posted: Posted) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = Respondent::proven(who, NEXT)?;
        let one: InvitationId = id(&at)?;
        match app.write(move |conn| flow::take_back(conn, &who.opened, one, now)).await? {
            true => Ok(see_other(HERE)),
            false => Err(WebError::NotFound.into()),
        }
    })
    .await
}

/// POST `/respond/colleagues/{id}/again`
pub async fn again(app: Data<App>, who: Visit, at: Path<String>, _posted: Posted) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let who = Respondent::proven(who, NEXT)?;
        let one: InvitationId = id(&at)?;
        let (office, opened) = (app.office.clone(), who.opened.clone());
        match app.write(move |conn| flow::again(conn, &office, &opened, one, now)).await? {
            Again::Mailed => {
                app.post.notify_one();
                Ok(see_other(HERE))
            }
            Again::TooMany => {
                let says = format!("This colleague got {MOST_LETTERS} letters already. Please ask them in another way");
                page(&app, &who, StatusCode::TOO_MANY_REQUESTS, Typed::blank(), Some(&says)).await
            }
            Again::Nobody => Err(WebError::NotFound.into()),
        }
    })
    .await
}

impl Context for ColleaguesPage {
    const TEMPLATE: &'static str = "portal/colleagues";
    fn samples() -> Vec<Self> {
        let one = |text: &str, live| Colleague {
            id: "1".to_owned(),
            name: text.to_owned(),
            email: text.to_owned(),
            asked_on: "November 22, 2026".to_owned(),
            sections: text.to_owned(),
            state: if live { "In progress" } else { "Taken back" },
            badge: if live { "wait" } else { "none" },
            progress: "3 of 8 questions".to_owned(),
            answers: vec![Given { question: text.to_owned(), answer: text.to_owned() }],
            live,
            trouble: live.then(|| text.to_owned()),
        };
        let page = |text: &str, colleagues: Vec<Colleague>| {
            let error = (text.len() > 40).then(|| text.to_owned());
            Self {
                back: "/respond",
                errors: error.iter().map(|says| ErrorLine { at: "email".to_owned(), says: says.clone() }).collect(),
                full: text.is_empty(),
                most: "20".to_owned(),
                name: Line::named("name", text, error.clone()),
                email: Line::named("email", text, error.clone()),
                sections: vec![Tickable { id: "tec".to_owned(), title: text.to_owned(), on: true, first: true }],
                sections_error: error,
                colleagues,
            }
        };
        let both = |text: &str| page(text, vec![one(text, true), one(text, false)]);
        vec![both("Kim Lee"), both(longest(200)), both(HOSTILE), page("", Vec::new()), page("Kim", Vec::new())]
    }
}
