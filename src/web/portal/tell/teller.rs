//! Who tells of a change: a browser in which Start was pressed, known by a cookie of its own.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::domain::questionnaire::Questionnaire;
use crate::flows::receive::ReceiveError;
use crate::flows::{Office, notify};
use crate::secrets;
use crate::store::StoreError;
use crate::store::notices::Held;
use crate::web::portal::problem::PortalError;
use crate::web::portal::view::Shell;
use crate::web::session::{NOTICE_COOKIE, app, value};

/// Someone who writes a notice, or has just sent one.
#[derive(Clone, Debug)]
pub struct Teller {
    pub held: Held,
    pub cookie: String,
    /// What this browser's forms carry.
    pub csrf: String,
}

/// A teller, or why this browser is none.
pub type Telling = Result<Teller, PortalError>;

impl Teller {
    /// The frame of this browser's pages.
    pub fn shell<'a>(&'a self, title: &'a str) -> Shell<'a> {
        Shell { csrf: &self.csrf, ..Shell::of(&self.held.practice, title) }
    }

    /// The form that this notice was begun with.
    ///
    /// # Errors
    /// When this program does not hold that version.
    pub fn form<'a>(&self, office: &'a Office) -> Result<&'a Questionnaire, StoreError> {
        notify::pinned(office, &self.held.draft.questionnaire, &self.held.draft.digest)
    }
}

impl FromRequest for Teller {
    type Error = PortalError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PortalError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let cookie = value(&request, NOTICE_COOKIE).ok_or(PortalError::Stranger)?;
            let app = app(&request)?;
            let (now, csrf) = (app.clock.now(), app.office.key.form_token(&secrets::form_subject(&cookie)));
            let known = cookie.clone();
            match app.read(move |conn| notify::resume(conn, &known, now)).await {
                Ok(held) => Ok(Teller { held, cookie, csrf }),
                Err(ReceiveError::UnknownLink) => Err(PortalError::Stranger),
                Err(other) => Err(other.into()),
            }
        })
    }
}
