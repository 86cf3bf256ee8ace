//! Who answers: a browser in which Start was pressed, known by its cookie.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::problem::PortalError;
use super::view::Shell;
use crate::domain::answers::Answers;
use crate::domain::assessment::Attestation;
use crate::domain::questionnaire::{Question, Questionnaire};
use crate::flows::receive::{self, Opened, ReceiveError};
use crate::secrets;
use crate::store;
use crate::web::session::{RESPONDENT_COOKIE, app, value};

/// Someone who answers for a vendor.
#[derive(Clone, Debug)]
pub struct Respondent {
    pub opened: Opened,
    /// All answers so far, read along with the link: every page needs them.
    pub answers: Answers,
    /// What this browser's forms carry.
    pub csrf: String,
}

/// A respondent, or why this browser is none: handlers take it like this, so that they can
/// answer with a page that names the practice.
pub type Visit = Result<Respondent, PortalError>;

impl Respondent {
    /// Someone who still answers; for whoever has signed, the receipt is the page.
    pub fn answering(who: Visit) -> Result<Self, PortalError> {
        who.and_then(|who| match who.signature() {
            None => Ok(who),
            Some(_) => Err(ReceiveError::AlreadySigned.into()),
        })
    }

    /// The frame of this respondent's pages.
    pub fn shell<'a>(&'a self, title: &'a str) -> Shell<'a> {
        Shell { csrf: &self.csrf, tells: true, ..Shell::of(&self.opened.practice, title) }
    }

    pub fn vendor(&self) -> &str {
        &self.opened.vendor_name
    }

    /// The signature, once there is one.
    pub fn signature(&self) -> Option<&Attestation> {
        self.opened.attestation.as_ref()
    }

    /// The questions that apply, with the answers so far.
    pub fn applicable<'a>(&self, questionnaire: &'a Questionnaire) -> Vec<&'a Question> {
        receive::applicable(questionnaire, &self.opened.assessment, &self.answers)
    }
}

impl FromRequest for Respondent {
    type Error = PortalError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PortalError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let cookie = value(&request, RESPONDENT_COOKIE).ok_or(PortalError::Stranger)?;
            let app = app(&request)?;
            let now = app.clock.now();
            let csrf = app.office.key.form_token(&secrets::digest(&cookie));
            let found = app.read(move |conn| {
                let opened = receive::resume(conn, &cookie, now)?;
                let answers = store::answers::of(conn, &opened.scope(), opened.assessment.id)?;
                Ok((opened, answers))
            });
            match found.await {
                Ok((opened, answers)) => Ok(Respondent { opened, answers, csrf }),
                Err(ReceiveError::UnknownLink) => Err(PortalError::Stranger),
                Err(other) => Err(other.into()),
            }
        })
    }
}
