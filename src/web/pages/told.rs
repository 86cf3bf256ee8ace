//! Typing in what a vendor tells by telephone or on paper: the topics of its questionnaire.

pub mod topic;

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use serde::Serialize;

use crate::app::App;
use crate::domain::answers::{Answers, told};
use crate::domain::assessment::Assessment;
use crate::domain::civil_date;
use crate::domain::ids::{AssessmentId, VendorId};
use crate::domain::questionnaire::Questionnaire;
use crate::flows::invite::InviteError;
use crate::flows::{receive, told as flow};
use crate::store::{self, Db, StoreError};
use crate::templates::Context;
use crate::web::form::{Posted, id, query};
use crate::web::pages::words;
use crate::web::session::SignedIn;
use crate::web::view::{Badge, Crumb, Here, Notice, Staff, crumbs};
use crate::web::{Answered, WebError, see_other};

#[derive(Serialize)]
pub struct Told {
    crumbs: Vec<Crumb>,
    vendor: String,
    vendor_href: String,
    answered: String,
    told: Option<String>,
    due: String,
    sections: Vec<Section>,
}

#[derive(Serialize)]
struct Section {
    title: String,
    topics: Vec<Task>,
}

#[derive(Serialize)]
struct Task {
    href: String,
    title: String,
    state: Badge,
}

/// An open questionnaire with the answers so far.
pub(super) struct Facts {
    pub vendor: String,
    pub assessment: Assessment,
    pub answers: Answers,
}

/// The questionnaire, while it is open.
pub(super) fn load(conn: &mut Db, who: &SignedIn, id: AssessmentId) -> Result<Option<Facts>, StoreError> {
    let Some(assessment) = store::assessments::one(conn, &who.scope, id)? else { return Ok(None) };
    let vendor = store::vendors::one(conn, &who.scope, assessment.vendor)?;
    let Some(vendor) = vendor.map(|vendor| vendor.details.name) else { return Ok(None) };
    let answers = store::answers::of(conn, &who.scope, id)?;
    Ok(Some(Facts { vendor, assessment, answers }))
}

pub(super) async fn facts(app: &App, who: &SignedIn, id: AssessmentId) -> Result<Facts, WebError> {
    let reader = who.clone();
    app.read_in(who.scope, move |conn| load(conn, &reader, id)).await?.ok_or(WebError::NotFound)
}

fn page(facts: &Facts, questionnaire: &Questionnaire) -> Told {
    let Facts { vendor, assessment, answers } = facts;
    let applicable = receive::applicable(questionnaire, assessment, answers);
    let answered = applicable.iter().filter(|question| answers.contains_key(&question.slug)).count();
    let vendor_href = format!("/vendors/{}", assessment.vendor);
    let task = |topic: &crate::domain::questionnaire::Topic| {
        let asked = || topic.questions.iter().filter(|question| applicable.iter().any(|one| one.slug == question.slug));
        let (total, done) = (asked().count(), asked().filter(|one| answers.contains_key(&one.slug)).count());
        let state = match done {
            0 => Badge::new("plain", "Not started"),
            all if all == total => Badge::new("good", "Completed"),
            some => Badge::new("wait", format!("{some} of {total}")),
        };
        let href = format!("/assessments/{}/told/{}", assessment.id, topic.id);
        (total > 0).then(|| Task { href, title: topic.title.clone(), state })
    };
    let sections = questionnaire.sections.iter().map(|section| Section {
        title: section.title.clone(),
        topics: section.topics.iter().filter_map(task).collect(),
    });
    Told {
        crumbs: crumbs(&[("Vendors", Some("/vendors")), (vendor, Some(&vendor_href)), ("Type in answers", None)]),
        answered: format!("{answered} of {} questions are answered", applicable.len()),
        told: match told::count(answers) {
            0 => None,
            count => {
                Some(format!("{} so far came by telephone, on paper or in person", words::counted(count, "answer")))
            }
        },
        due: civil_date::say(assessment.due_on),
        sections: sections.filter(|section| !section.topics.is_empty()).collect(),
        vendor: vendor.clone(),
        vendor_href,
    }
}

impl Context for Told {
    const TEMPLATE: &'static str = "pages/told";
    fn samples() -> Vec<Self> {
        let with = |text: &str, told: Option<&str>| Self {
            crumbs: crumbs(&[("Vendors", Some("/vendors")), (text, None)]),
            vendor: text.to_owned(),
            vendor_href: "/vendors/1".to_owned(),
            answered: "1 of 40 questions are answered".to_owned(),
            told: told.map(str::to_owned),
            due: "December 11, 2026".to_owned(),
            sections: vec![Section {
                title: text.to_owned(),
                topics: vec![Task {
                    href: "/assessments/1/told/encryption".to_owned(),
                    title: text.to_owned(),
                    state: Badge::new("plain", "Not started"),
                }],
            }],
        };
        let empty = Self { sections: Vec::new(), ..with("", None) };
        vec![
            with("Northwind", None),
            with(&"Wordy ".repeat(30), Some("3 answers")),
            with("<script>", Some("<b>")),
            empty,
        ]
    }
}

/// POST `/vendors/{id}/told`: the open questionnaire, or a new one without a letter.
pub async fn begin(app: Data<App>, who: SignedIn, path: Path<String>, _posted: Posted) -> Answered {
    let vendor: VendorId = id(&path)?;
    let (office, now, scope, by) = (app.office.clone(), app.clock.now(), who.scope, who.actor());
    let begun = app
        .write_in(who.scope, move |conn| {
            let practice = store::practices::one(conn, &scope)?;
            flow::begin(conn, &office, &practice, vendor, &by, now)
        })
        .await;
    match begun {
        Ok(assessment) => Ok(see_other(&format!("/assessments/{assessment}/told"))),
        Err(InviteError::NoVendor) => Err(WebError::NotFound),
        Err(InviteError::NotNeeded) => Ok(see_other(&format!("/vendors/{vendor}?done=not-needed"))),
        Err(InviteError::Quiet(_)) => Ok(see_other(&format!("/vendors/{vendor}?done=quiet"))),
        Err(InviteError::Store(StoreError::Duplicate)) => Ok(see_other(&format!("/vendors/{vendor}?done=already"))),
        Err(InviteError::Store(error)) => Err(error.into()),
        Err(_) => Ok(see_other(&format!("/vendors/{vendor}?done=already"))),
    }
}

/// GET `/assessments/{id}/told`
pub async fn show(app: Data<App>, who: SignedIn, path: Path<String>, request: HttpRequest) -> Answered {
    let facts = facts(&app, &who, id(&path)?).await?;
    // What is signed, or given up, is looked at on its own page.
    if !facts.assessment.is_open() {
        return Ok(see_other(&format!("/assessments/{}", facts.assessment.id)));
    }
    let notice = (query(&request).text("done") == "saved").then(|| Notice::success("The answers are saved as told."));
    let title = format!("Answers that {} tells you", facts.vendor);
    let questionnaire = receive::pinned(&app.office, &facts.assessment)?;
    Staff { who: &who, here: Here::VENDORS, title: &title, notice }.ok(&app, &page(&facts, questionnaire))
}
