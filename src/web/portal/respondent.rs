//! Who answers: a browser in which Start was pressed, known by its cookie.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::colleague::Helper;
use super::done::Done;
use super::problem::PortalError;
use super::view::Shell;
use crate::domain::answers::support::{self, Files};
use crate::domain::answers::{Answer, Answers, whole};
use crate::domain::assessment::Attestation;
use crate::domain::colleague::Part;
use crate::domain::correction::Correction;
use crate::domain::questionnaire::{Question, Questionnaire};
use crate::flows::receive::{self, Browser, Opened, ReceiveError};
use crate::secrets;
use crate::store::{self, StoreError, answers::Sheet};
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
    /// What went back and forth about the signed answers before the correction that is open.
    pub before: Vec<Correction>,
    /// What this browser's forms carry.
    pub csrf: String,
    /// What was just done, where the address says so.
    done: Option<&'static str>,
    /// Another browser saved some of the answers, and this one has not shown a mailed code:
    /// it is shown none of them.
    pub locked: bool,
}

/// A respondent, or why this browser is none: handlers take it like this, so that they can
/// answer with a page that names the practice.
pub type Visit = Result<Respondent, PortalError>;

impl Respondent {
    /// Whoever was asked by the practice, and no colleague of theirs.
    pub fn owning(who: Visit) -> Result<Self, PortalError> {
        who.and_then(|who| match who.refusal() {
            Some(helper) => Err(PortalError::Colleague(Box::new(helper))),
            None => Ok(who),
        })
    }

    /// Someone who may see all the answers.
    pub fn reading(who: Visit) -> Result<Self, PortalError> {
        Self::unlocked(Self::owning(who)?)
    }

    /// A colleague's part ends with the signature, also where the reply is opened again.
    pub fn unfinished(who: Visit) -> Result<Self, PortalError> {
        let who = who?;
        if who.opened.attestation.is_some() { Self::ended(who) } else { Ok(who) }
    }

    fn ended(who: Self) -> Result<Self, PortalError> {
        if who.part().is_some() { Self::owning(Ok(who)) } else { Ok(who) }
    }

    fn unlocked(self) -> Result<Self, PortalError> {
        if self.locked { Err(PortalError::Code { next: "" }) } else { Ok(self) }
    }

    /// Someone who answers all of it, or a colleague who answers a part: what is shown is
    /// narrowed by [`Respondent::sees`] and [`Respondent::narrow`].
    pub fn helping(who: Visit) -> Result<Self, PortalError> {
        let who = Self::unfinished(who)?;
        match who.signature() {
            Some(_) => Self::unlocked(who).and(Err(ReceiveError::AlreadySigned.into())),
            None => Self::unlocked(who),
        }
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
        Self::proven(who, "sign")
    }

    /// Someone who still answers and has shown the mailbox; `next` is where a code leads.
    pub fn proven(who: Visit, next: &'static str) -> Result<Self, PortalError> {
        Self::answering(who).and_then(|who| if who.verified() { Ok(who) } else { Err(PortalError::Code { next }) })
    }

    /// What a colleague is there for.
    pub fn part(&self) -> Option<&Part> {
        self.opened.invitation.part.as_ref()
    }

    /// Whether a section is this respondent's to see.
    pub fn sees(&self, section: &str) -> bool {
        self.part().is_none_or(|part| part.sections.contains(section))
    }

    /// Leaves of these questions those that are this respondent's to see.
    pub fn narrow<'a>(&self, questionnaire: &Questionnaire, questions: Vec<&'a Question>) -> Vec<&'a Question> {
        let Some(part) = self.part() else { return questions };
        questions.into_iter().filter(|question| part.includes(questionnaire, &question.slug)).collect()
    }

    fn refusal(&self) -> Option<Helper> {
        let part = self.part()?;
        Some(Helper::of(&self.opened, part))
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
        Shell {
            csrf: &self.csrf,
            done: self.done,
            tells: self.part().is_none(),
            ..Shell::of(&self.opened.practice, title)
        }
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

    /// Whether a question needs nothing more: it is answered, the answer makes sense, and if it
    /// was sent back it was looked at.
    pub fn is_done(&self, question: &Question) -> bool {
        let whole = |answer: &Answer| whole::lacks(question, answer).is_none();
        self.answers.get(&question.slug).is_some_and(whole) && !self.is_waited_for(question)
    }

    /// Whether a question that was sent back has neither another answer nor a reply.
    pub fn is_waited_for(&self, question: &Question) -> bool {
        self.opened.correction.as_ref().is_some_and(|open| open.waits(&question.slug))
    }

    /// The questions that apply and are this respondent's to see, with the answers so far.
    pub fn applicable<'a>(&self, questionnaire: &'a Questionnaire) -> Vec<&'a Question> {
        self.applicable_with(questionnaire, &self.answers)
    }

    /// Those that apply and are put with other answers than were read: after a page was saved.
    pub fn applicable_with<'a>(&self, questionnaire: &'a Questionnaire, answers: &Answers) -> Vec<&'a Question> {
        let mut all = receive::applicable(questionnaire, &self.opened.assessment, answers);
        all.retain(|question| self.is_asked(question));
        self.narrow(questionnaire, all)
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
            let (now, done) = (app.clock.now(), Done::words(&request));
            let csrf = app.office.key.form_token(&secrets::digest(&cookie));
            let found = app.read(move |conn| {
                let opened = receive::resume(conn, &cookie, now)?;
                let browser = opened.browser.clone().ok_or(ReceiveError::UnknownLink)?;
                let scope = opened.scope();
                let mut sheet = store::answers::sheet(conn, &scope, opened.assessment.id, &browser.hash)?;
                let mut before = Vec::new();
                if let Some(open) = &opened.correction {
                    before = store::corrections::of_assessment(conn, &scope, opened.assessment.id)?;
                    before.retain(|one| one.id != open.id);
                    sheet.files = store::evidence::over(conn, &scope, sheet.files, open)?;
                }
                Ok((opened, browser, sheet, before))
            });
            match found.await {
                Ok((opened, browser, Sheet { answers, confirmed, others, files }, before)) => {
                    let signed = opened.attestation.is_some() && opened.correction.is_none();
                    let files = if signed { files } else { support::still_there(files) };
                    let mine = |slug: &String| match opened.invitation.part.as_ref() {
                        None => Ok(true),
                        Some(part) => opened.questionnaire(&app.office).map(|form| part.includes(form, slug)),
                    };
                    // What others answered elsewhere does not concern a colleague.
                    let theirs = others.iter().map(mine).collect::<Result<Vec<bool>, StoreError>>()?;
                    let locked = theirs.contains(&true) && !browser.verified;
                    let mut confirmed = confirmed;
                    if let Some(open) = &opened.correction {
                        confirmed.retain(|slug| !open.changes.contains_key(slug));
                    }
                    let answers = match &opened.correction {
                        Some(open) => open.over(&answers),
                        None => answers,
                    };
                    Ok(Respondent { opened, browser, answers, confirmed, files, before, csrf, done, locked })
                }
                Err(ReceiveError::UnknownLink) => Err(PortalError::Stranger),
                Err(other) => Err(other.into()),
            }
        })
    }
}
