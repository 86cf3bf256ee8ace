//! Sends questions of a signed reply back to the vendor, each with a remark, in one letter.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;

use super::scorecard::versions::{self, Line};
use super::scorecard::{self, Kept};
use super::words;
use crate::app::App;
use crate::domain::answers::say;
use crate::domain::correction::LONGEST;
use crate::domain::ids::AssessmentId;
use crate::domain::questionnaire::Questionnaire;
use crate::flows::correct::{self, ReturnError};
use crate::flows::receive;
use crate::store;
use crate::templates::Context;
use crate::web::form::{self, Posted, query};
use crate::web::session::SignedIn;
use crate::web::view::{Crumb, ErrorLine, Here, Staff, crumbs};
use crate::web::{Answered, WebError, see_other};

#[derive(Clone, Debug, Serialize)]
pub struct SendBack {
    crumbs: Vec<Crumb>,
    heading: String,
    errors: Vec<ErrorLine>,
    action: String,
    /// The reply's own page.
    card: String,
    vendor: String,
    /// Only these were chosen, on the review; empty for all.
    ask: Vec<String>,
    sections: Vec<Section>,
}

#[derive(Clone, Debug, Serialize)]
struct Section {
    title: String,
    rows: Vec<Row>,
}

#[derive(Clone, Debug, Serialize)]
struct Row {
    name: String,
    question: String,
    answer: String,
    /// What was said about it before, both sides.
    before: Vec<Line>,
    typed: String,
    error: Option<String>,
}

fn field(slug: &str) -> String {
    format!("remark:{slug}")
}

type Faults = BTreeMap<String, String>;

/// The questions that a reviewer chose: they alone are shown, and each needs its remark.
fn chosen(fields: &Posted) -> BTreeSet<String> {
    fields.all("ask").map(str::to_owned).collect()
}

fn page(kept: &Kept, form: &Questionnaire, posted: &Posted, faults: &Faults, trouble: Option<String>) -> SendBack {
    let assessment = &kept.assessment;
    let ask = chosen(posted);
    let mut applicable = receive::applicable(form, assessment, &kept.answers);
    applicable.retain(|question| ask.is_empty() || ask.contains(&question.slug));
    let row = |question: &crate::domain::questionnaire::Question| {
        let name = field(&question.slug);
        Row {
            question: question.text.clone(),
            answer: match kept.answers.get(&question.slug) {
                Some(answer) => say::full(question, answer),
                None => "Not answered".to_owned(),
            },
            before: versions::lines(&kept.life.corrections, &question.slug),
            typed: posted.verbatim(&name).to_owned(),
            error: faults.get(&name).cloned(),
            name,
        }
    };
    let section = |section: &crate::domain::questionnaire::Section| {
        let questions = section.topics.iter().flat_map(|topic| &topic.questions);
        let asked = questions.filter(|question| applicable.iter().any(|one| one.slug == question.slug));
        let rows: Vec<Row> = asked.map(row).collect();
        (!rows.is_empty()).then(|| Section { title: section.title.clone(), rows })
    };
    let name = words::assessment(assessment);
    let (vendor, card) = (format!("/vendors/{}", assessment.vendor), format!("/assessments/{}", assessment.id));
    let trouble = trouble.map(|says| ErrorLine { at: "remarks".to_owned(), says });
    let each = faults.iter().map(|(at, says)| ErrorLine { at: at.clone(), says: says.clone() });
    SendBack {
        crumbs: crumbs(&[
            ("Vendors", Some("/vendors")),
            (&kept.vendor, Some(&vendor)),
            (&name, Some(&card)),
            ("Send questions back", None),
        ]),
        heading: format!("Send questions back to {}", kept.vendor),
        errors: trouble.into_iter().chain(each).collect(),
        action: format!("{card}/return"),
        card,
        vendor: kept.vendor.clone(),
        ask: ask.into_iter().collect(),
        sections: form.sections.iter().filter_map(section).collect(),
    }
}

async fn load(app: &App, who: &SignedIn, path: &str) -> Result<Kept, WebError> {
    let (id, scope): (AssessmentId, _) = (form::id(path)?, who.scope);
    let kept = app.read_in(who.scope, move |conn| scorecard::read(conn, &scope, id)).await?;
    kept.filter(|kept| kept.attestation.is_some()).ok_or(WebError::NotFound)
}

fn show_page(app: &App, who: &SignedIn, status: StatusCode, page: &SendBack) -> Answered {
    let error = if page.errors.is_empty() { "" } else { "Error: " };
    let title = format!("{error}{}", page.heading);
    Staff { who, here: Here::VENDORS, title: &title, notice: None }.show(app, status, page)
}

/// GET `/assessments/{id}/return`, with `?ask=` for each question that was chosen before.
pub async fn form(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let kept = load(&app, &who, &path).await?;
    let form = receive::pinned(&app.office, &kept.assessment)?;
    let asked = query(&request).0.into_iter().filter(|(name, _)| name == "ask").collect();
    show_page(&app, &who, StatusCode::OK, &page(&kept, form, &Posted(asked), &Faults::new(), None))
}

/// The remarks that were written, and what is wrong with them.
fn read(kept: &Kept, form: &Questionnaire, posted: &Posted) -> (BTreeMap<String, String>, Faults) {
    let (mut remarks, mut faults) = (BTreeMap::new(), Faults::new());
    let ask = chosen(posted);
    for question in receive::applicable(form, &kept.assessment, &kept.answers) {
        let name = field(&question.slug);
        let text = posted.text(&name).replace("\r\n", "\n");
        match text.chars().count() {
            0 if ask.contains(&question.slug) => {
                drop(faults.insert(name, "Write what should be looked at again".to_owned()));
            }
            0 => {}
            1..=LONGEST => drop(remarks.insert(question.slug.clone(), text)),
            _ => drop(faults.insert(name, format!("Shorten the remark to {LONGEST} letters or fewer"))),
        }
    }
    (remarks, faults)
}

/// POST `/assessments/{id}/return`
pub async fn send(app: Data<App>, who: SignedIn, path: Path<String>, posted: Posted) -> Answered {
    let kept = load(&app, &who, &path).await?;
    let form = receive::pinned(&app.office, &kept.assessment)?;
    let (remarks, faults) = read(&kept, form, &posted);
    let again = |trouble: Option<String>| {
        let page = page(&kept, form, &posted, &faults, trouble);
        show_page(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, &page)
    };
    if !faults.is_empty() {
        return again(None);
    }
    if remarks.is_empty() {
        return again(Some("Write a remark under each answer that should be looked at again".to_owned()));
    }
    let (office, now, scope, by, id) =
        (app.office.clone(), app.clock.now(), who.scope, who.actor(), kept.assessment.id);
    let sent = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            correct::send_back(conn, &office, &practice, id, remarks, &by, now)
        })
        .await;
    match sent {
        Ok(()) => {
            app.post.notify_one();
            Ok(see_other(&format!("/assessments/{id}?done=returned#open")))
        }
        Err(ReturnError::NothingSigned) => Err(WebError::NotFound),
        Err(ReturnError::Older) => {
            again(Some("A newer reply took its place: send questions of that one back".to_owned()))
        }
        Err(ReturnError::Open) => {
            again(Some("These answers are open at the vendor just now. Wait until it has signed, or end that on the page of the reply".to_owned()))
        }
        Err(ReturnError::Invite(crate::flows::invite::InviteError::Store(error))) => Err(error.into()),
        Err(ReturnError::Invite(error)) => again(Some(format!("Nothing was sent to {}: {error}", kept.vendor))),
    }
}

/// POST `/assessments/{id}/return/withdraw`
pub async fn withdraw(app: Data<App>, who: SignedIn, path: Path<String>, _ours: Posted) -> Answered {
    let id: AssessmentId = form::id(&path)?;
    let (office, now, scope, by) = (app.office.clone(), app.clock.now(), who.scope, who.actor());
    app.write_in(who.scope, move |conn| {
        let practice = store::practices::one(conn, &scope)?;
        correct::withdraw(conn, &office, &practice, id, &by, now)
    })
    .await?
    .ok_or(WebError::NotFound)?;
    Ok(see_other(&format!("/assessments/{id}?done=kept")))
}

impl Context for SendBack {
    const TEMPLATE: &'static str = "pages/send_back";
    fn samples() -> Vec<Self> {
        let with = |text: &str, error: Option<&str>| Self {
            crumbs: crumbs(&[("Vendors", Some("/vendors")), (text, None)]),
            heading: format!("Send questions back to {text}"),
            errors: error.iter().map(|says| ErrorLine { at: "remarks".to_owned(), says: (*says).to_owned() }).collect(),
            action: "/assessments/1/return".to_owned(),
            card: "/assessments/1".to_owned(),
            vendor: text.to_owned(),
            ask: vec![text.to_owned()],
            sections: vec![Section {
                title: text.to_owned(),
                rows: vec![Row {
                    name: field("adm.training"),
                    question: text.to_owned(),
                    answer: text.to_owned(),
                    before: vec![Line::sample(text)],
                    typed: text.to_owned(),
                    error: error.map(str::to_owned),
                }],
            }],
        };
        let empty = Self { sections: Vec::new(), ..with("", None) };
        vec![
            with("Northwind", None),
            with(&"Wordy ".repeat(300), Some("Shorten it")),
            with("<script>", Some("<b>")),
            empty,
        ]
    }
}
