//! The page behind the link in the letter. Looking at it changes nothing, because mail
//! gateways look at every link; pressing Start does.

use actix_web::cookie::time::Duration;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use chrono::NaiveDate;
use serde::Serialize;

use super::colleague::Helping;
use super::correct::wanted_by;
use super::problem::{LinkProblem, answer};
use super::view::{HOSTILE, Shell, longest, year};
use crate::app::App;
use crate::domain::access::Scope;
use crate::domain::answers::Answers;
use crate::domain::assessment::AssessmentState;
use crate::domain::civil_date;
use crate::domain::correction::Occasion;
use crate::domain::pace::Estimate;
use crate::domain::questionnaire::{Question, Questionnaire};
use crate::domain::vendor::VendorDetails;
use crate::domain::words::counted;
use crate::flows::invite;
use crate::flows::pace;
use crate::flows::receive::{self, Opened, ReceiveError};
use crate::secrets;
use crate::store::{self, StoreError};
use crate::templates::Context;
use crate::web::session::{RESPONDENT_COOKIE, cookie, value};
use crate::web::{Answered, see_other};

/// A browser may come back so long without the letter.
const COOKIE_LASTS: Duration = Duration::days(30);

#[derive(Clone, Debug, Serialize)]
pub struct InvitationPage {
    vendor: String,
    /// `3 things` that are to be put right.
    put_right: Option<String>,
    year: String,
    /// Where the button leads.
    start: String,
    begun: bool,
    signed: bool,
    /// The signed answers are open again.
    again: bool,
    /// The questions are asked again before the year is over: what that is called.
    recheck: Option<&'static str>,
    /// It is the check at half the year, not one after a change.
    half_year: bool,
    /// `3 questions` that the practice sent back, or asks again.
    returned: Option<String>,
    signed_on: Option<String>,
    /// There is nothing left to open.
    done: bool,
    due: String,
    questions: String,
    minutes: String,
    /// The minutes are those of people who answered before.
    measured: bool,
    /// Where the questions can be read first.
    questions_at: String,
    agreement_on: Option<String>,
    code: String,
    /// For a colleague of whoever was asked.
    helping: Option<Helping>,
    /// Where to say that someone else should answer.
    someone_else: String,
}

impl InvitationPage {
    fn of(
        opened: &Opened,
        vendor: &VendorDetails,
        questionnaire: &Questionnaire,
        measured: Option<u32>,
        put_right: Option<String>,
        (token, today): (&str, NaiveDate),
    ) -> Self {
        // Counted as in the letter, before any answer: the answers are not for this page.
        let all = receive::applicable(questionnaire, &opened.assessment, &Answers::new());
        let part = opened.invitation.part.as_ref();
        let mine = |slug: &str| part.is_none_or(|part| part.includes(questionnaire, slug));
        // A colleague is done once it was signed.
        let again = opened.correction.as_ref().filter(|_| part.is_none());
        let put = |question: &Question| mine(&question.slug) && again.is_none_or(|open| open.asks(question));
        let count = all.iter().filter(|question| put(question)).count();
        // The median is of whoever answered all of it.
        let measured = measured.filter(|_| part.is_none() && again.is_none());
        let estimate = Estimate::of(measured, count);
        let signed_at = opened.attestation.as_ref().filter(|_| again.is_none()).map(|signed| signed.signed_at);
        Self {
            vendor: vendor.name.clone(),
            put_right,
            year: year(&opened.assessment),
            start: format!("/i/{token}/start"),
            // Whoever asked has begun; a colleague has not, as far as the link tells.
            begun: again.is_some() || opened.assessment.started_at.is_some() && part.is_none(),
            signed: signed_at.is_some(),
            done: signed_at.is_some() && part.is_some(),
            again: again.is_some(),
            half_year: again.is_some_and(|open| open.occasion == Occasion::HalfYear),
            recheck: again.filter(|open| open.occasion.is_recheck()).map(|open| open.occasion.says()),
            returned: again.filter(|open| open.by_practice()).map(|open| counted(open.returned.len(), "question")),
            signed_on: signed_at.map(|at| civil_date::say(opened.practice.day(at))),
            due: wanted_by(again.and_then(|open| open.due_on).unwrap_or(opened.assessment.due_on), today),
            questions: count.to_string(),
            minutes: estimate.minutes.to_string(),
            measured: estimate.measured,
            questions_at: format!("/i/{token}/questions"),
            agreement_on: vendor.agreement_signed_on.map(civil_date::say),
            code: opened.invitation.code.clone(),
            helping: Helping::of(opened, questionnaire),
            someone_else: format!("/i/{token}/someone-else"),
        }
    }

    fn title(&self) -> String {
        if self.helping.is_some() && !self.signed {
            format!("Answer a part of the {} HIPAA self-check", self.year)
        } else if let (true, Some(things)) = (self.signed, &self.put_right) {
            format!("Put {things} right")
        } else if self.signed {
            "Your self-check is signed".to_owned()
        } else if let (Some(name), Some(questions)) = (self.recheck, &self.returned) {
            format!("{name}: {questions}")
        } else if let Some(questions) = &self.returned {
            format!("Look again at {questions} of your self-check")
        } else if self.again {
            format!("Correct your {} HIPAA self-check", self.year)
        } else {
            format!("Complete your {} HIPAA self-check", self.year)
        }
    }
}

impl Context for InvitationPage {
    const TEMPLATE: &'static str = "portal/invitation";
    fn samples() -> Vec<Self> {
        let ordinary = Self {
            vendor: "Northwind Billing Services".to_owned(),
            put_right: None,
            year: "2026".to_owned(),
            start: "/i/Zk3vN0c7Qm1xT9aLr2HsYp8uWe4oBd6gJf5iKtXyA0Q/start".to_owned(),
            begun: false,
            signed: false,
            again: false,
            recheck: None,
            half_year: false,
            returned: None,
            signed_on: None,
            done: false,
            due: "Friday, December 11, 2026".to_owned(),
            questions: "40".to_owned(),
            minutes: "30".to_owned(),
            measured: false,
            questions_at: "/i/Zk3vN0c7Qm1xT9aLr2HsYp8uWe4oBd6gJf5iKtXyA0Q/questions".to_owned(),
            agreement_on: Some("March 3, 2024".to_owned()),
            code: "K7QM-2RXA".to_owned(),
            helping: None,
            someone_else: "/i/Zk3vN0c7Qm1xT9aLr2HsYp8uWe4oBd6gJf5iKtXyA0Q/someone-else".to_owned(),
        };
        vec![
            Self { begun: true, agreement_on: None, ..ordinary.clone() },
            Self { begun: true, signed: true, signed_on: Some("December 2, 2026".to_owned()), ..ordinary.clone() },
            Self { signed: true, put_right: Some("3 things".to_owned()), ..ordinary.clone() },
            Self { begun: true, again: true, returned: Some("3 questions".to_owned()), ..ordinary.clone() },
            Self { begun: true, again: true, ..ordinary.clone() },
            Self {
                again: true,
                half_year: true,
                recheck: Some("Half-year check"),
                returned: Some("20 questions".to_owned()),
                ..ordinary.clone()
            },
            Self { vendor: longest(200).to_owned(), measured: true, ..ordinary.clone() },
            Self { vendor: HOSTILE.to_owned(), helping: Some(Helping::sample(HOSTILE)), ..ordinary.clone() },
            Self { helping: Some(Helping::sample("Pat")), signed: true, ..ordinary.clone() },
            ordinary,
        ]
    }
}

pub async fn show(app: Data<App>, token: Path<String>) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let token = token.into_inner();
        let given = token.clone();
        let found = app
            .read(move |conn| {
                let opened = receive::open(conn, &given, now)?;
                let vendor = store::vendors::one(conn, &opened.scope(), opened.assessment.vendor)?;
                let details = vendor.map(|vendor| vendor.details).ok_or(ReceiveError::UnknownLink)?;
                let measured = pace::measured(conn, &opened.scope(), &opened.assessment)?;
                let put_right = super::actions::waiting(conn, &opened)?;
                Ok::<_, ReceiveError>((opened, details, measured, put_right))
            })
            .await;
        let (opened, vendor, measured, put_right) = match found {
            Err(ReceiveError::Expired { on, practice }) => {
                let (title, page) = expired(&app, on, token).await?;
                return Ok(Shell::of(&practice, title).show(&app, StatusCode::GONE, &page)?);
            }
            found => found?,
        };
        let form = opened.questionnaire(&app.office)?;
        let today = opened.practice.day(now);
        let page = InvitationPage::of(&opened, &vendor, form, measured, put_right, (&token, today));
        Ok(Shell::of(&opened.practice, &page.title()).show(&app, StatusCode::OK, &page)?)
    })
    .await
}

/// A new link goes to whoever the practice asked, while something is asked; a colleague turns to
/// whoever asked them.
async fn expired(app: &App, on: NaiveDate, token: String) -> Result<(&'static str, LinkProblem), StoreError> {
    let hash = secrets::digest(&token);
    let problem = app
        .read(move |conn| {
            let Some(link) = store::invitations::by_token(conn, &hash)? else { return Ok(None) };
            if link.invitation.part.is_some() {
                return Ok(Some(LinkProblem::colleagues(on)));
            }
            if link.assessment.state != AssessmentState::Accepted {
                return Ok(None);
            }
            let (scope, id) = (Scope::Practice(link.practice.id), link.assessment.id);
            let asked = store::corrections::open_of(conn, &scope, id)?.is_some_and(|open| open.by_practice());
            let open = store::actions::open_of(conn, &scope, link.assessment.vendor)?;
            if asked || open.iter().any(|one| one.state.waits_for_vendor() && one.is_shown_to_vendor()) {
                return Ok(None);
            }
            let signed = store::assessments::attestation(conn, &scope, id)?;
            Ok::<_, StoreError>(signed.map(|signed| LinkProblem::signed(on, link.practice.day(signed.signed_at))))
        })
        .await?;
    Ok(match problem {
        Some(problem) if problem.is_signed() => ("Signed, and nothing is left to do", problem),
        Some(problem) => ("This link has ended", problem),
        None => ("This link has ended", LinkProblem::renewable(on, &token)),
    })
}

/// POST `/i/{token}/again`: the same answer whatever comes of it.
pub async fn again(app: Data<App>, token: Path<String>) -> Answered {
    let (office, now) = (app.office.clone(), app.clock.now());
    answer(&app, async {
        app.write(move |conn| invite::renew_expired(conn, &office, &token, now)).await?;
        app.post.notify_one();
        Ok(Shell::stranger("A new link").show(&app, StatusCode::OK, &LinkProblem::asked())?)
    })
    .await
}

/// Takes no form: there is no session yet whose token it could carry, and the address alone
/// is the proof.
pub async fn start(app: Data<App>, token: Path<String>, request: HttpRequest) -> Answered {
    let now = app.clock.now();
    answer(&app, async {
        let (office, known) = (app.office.clone(), value(&request, RESPONDENT_COOKIE));
        let (value, opened, put_right) = app
            .write(move |conn| {
                let (value, opened) = receive::start(conn, &office, &token, known.as_deref(), now)?;
                let put_right = super::actions::waiting(conn, &opened)?;
                Ok::<_, ReceiveError>((value, opened, put_right))
            })
            .await?;
        let signed = opened.attestation.is_some() && opened.correction.is_none();
        let next = match (signed, put_right) {
            (true, Some(_)) => "/respond/actions",
            (true, None) => "/respond/receipt",
            (false, _) => "/respond",
        };
        let mut response: HttpResponse = see_other(next);
        response
            .add_cookie(&cookie(RESPONDENT_COOKIE, value, COOKIE_LASTS))
            .map_err(|error| crate::web::WebError::Internal(Box::new(error)))?;
        Ok(response)
    })
    .await
}
