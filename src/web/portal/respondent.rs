//! Who answers: a browser in which Start was pressed, known by its cookie.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::problem::PortalError;
use super::view::Shell;
use crate::domain::answers::Answers;
use crate::domain::answers::support::{self, Files};
use crate::domain::assessment::Attestation;
use crate::domain::questionnaire::{Question, Questionnaire};
use crate::flows::receive::{self, Browser, Opened, ReceiveError};
use crate::secrets;
use crate::store::{self, answers::Sheet};
use crate::web::session::{RESPONDENT_COOKIE, app, value};

/// Someone who answers for a vendor.
#[derive(Clone, Debug)]
pub struct Respondent {
    pub opened: Opened,
    browser: Browser,
    /// All answers so far, read along with the link: every page needs them.
    pub answers: Answers,
    /// Questions whose earlier answer was said to be still true.
    pub confirmed: BTreeSet<String>,
    /// The files under the answers.
    pub files: Files,
    /// What this browser's forms carry.
    pub csrf: String,
    /// Another browser saved some of the answers, and this one has not shown a mailed code:
    /// it is shown none of them.
    pub locked: bool,
}

/// A respondent, or why this browser is none: handlers take it like this, so that they can
/// answer with a page that names the practice.
pub type Visit = Result<Respondent, PortalError>;

impl Respondent {
    /// Someone who may see the answers.
    pub fn reading(who: Visit) -> Result<Self, PortalError> {
        who.and_then(|who| if who.locked { Err(PortalError::Code { next: "" }) } else { Ok(who) })
    }

    /// Someone who still answers; for whoever has signed, the receipt is the page.
    pub fn answering(who: Visit) -> Result<Self, PortalError> {
        Self::reading(who).and_then(|who| match who.signature() {
            None => Ok(who),
            Some(_) => Err(ReceiveError::AlreadySigned.into()),
        })
    }

    /// Someone who may sign: the mailbox was shown to be theirs in this browser.
    pub fn signing(who: Visit) -> Result<Self, PortalError> {
        Self::answering(who)
            .and_then(|who| if who.verified() { Ok(who) } else { Err(PortalError::Code { next: "sign" }) })
    }

    /// Whether this browser has shown a mailed code.
    pub fn verified(&self) -> bool {
        self.browser.verified
    }

    /// The browser.
    pub fn browser(&self) -> &Browser {
        &self.browser
    }

    /// The frame of this respondent's pages.
    pub fn shell<'a>(&'a self, title: &'a str) -> Shell<'a> {
        Shell { csrf: &self.csrf, tells: true, ..Shell::of(&self.opened.practice, title) }
    }

    pub fn vendor(&self) -> &str {
        &self.opened.vendor_name
    }

    /// The signature, once there is one.
    /// None while the signed answers are open again.
    pub fn signature(&self) -> Option<&Attestation> {
        self.opened.attestation.as_ref().filter(|_| self.opened.correction.is_none())
    }

    /// Whether a question is put: of those that the practice sent back, these alone.
    pub fn is_asked(&self, question: &Question) -> bool {
        self.opened.correction.as_ref().is_none_or(|open| open.asks(question))
    }

    /// The questions that apply, with the answers so far.
    pub fn applicable<'a>(&self, questionnaire: &'a Questionnaire) -> Vec<&'a Question> {
        let mut all = receive::applicable(questionnaire, &self.opened.assessment, &self.answers);
        all.retain(|question| self.is_asked(question));
        all
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
                let browser = opened.browser.clone().ok_or(ReceiveError::UnknownLink)?;
                let sheet = store::answers::sheet(conn, &opened.scope(), opened.assessment.id, &browser.hash)?;
                Ok((opened, browser, sheet))
            });
            match found.await {
                Ok((opened, browser, Sheet { answers, confirmed, others, files })) => {
                    let signed = opened.attestation.is_some();
                    let files = if signed { files } else { support::still_there(files) };
                    let locked = others && !browser.verified;
                    let answers = match &opened.correction {
                        Some(open) => open.over(&answers),
                        None => answers,
                    };
                    Ok(Respondent { opened, browser, answers, confirmed, files, csrf, locked })
                }
                Err(ReceiveError::UnknownLink) => Err(PortalError::Stranger),
                Err(other) => Err(other.into()),
            }
        })
    }
}
