//! The form that says who should answer: read, and what is wrong with it.

use crate::domain::vendor::check_notes;
use crate::flows::handover::Said;
use crate::web::form::Posted;
use crate::web::portal::field::Line;
use crate::web::portal::signer::{address, plain_line};
use crate::web::view::ErrorLine;

/// A note of so many letters says who and why.
const LONGEST_WHY: usize = 1_000;

/// The form as it was filled in.
pub(super) struct Typed {
    /// Pass it on, or only tell the practice.
    pub(super) what: Option<bool>,
    pub(super) what_error: Option<String>,
    pub(super) name: Line,
    pub(super) email: Line,
    pub(super) why: Line,
}

impl Typed {
    pub(super) fn blank() -> Self {
        let line = |name| Line::named(name, "", None);
        Self { what: None, what_error: None, name: line("name"), email: line("email"), why: line("why") }
    }

    pub(super) fn read(posted: &Posted) -> (Self, Option<Said>) {
        let what = match posted.text("what") {
            "pass" => Some(true),
            "tell" => Some(false),
            _ => None,
        };
        let what_error = what.is_none().then(|| "Choose what we should do".to_owned());
        let nothing = ["name", "email", "why"].iter().all(|name| posted.text(name).is_empty());
        let wanted = |name: &str, read: Result<Option<String>, String>, says: &str| {
            let blank = matches!(read, Ok(None)) && (what == Some(true));
            let error = if blank { Some(says.to_owned()) } else { read.as_ref().err().cloned() };
            (Line::named(name, posted.verbatim(name), error), read.ok().flatten())
        };
        let (name, called) =
            wanted("name", plain_line(posted.verbatim("name")), "Type the name of whoever should answer");
        let (email, mailed) =
            wanted("email", address(posted.verbatim("email")), "Type the work e-mail address of whoever should answer");
        let why = match check_notes(posted.verbatim("why")) {
            _ if what == Some(false) && nothing => Err("Say who should answer, or why it is not you".to_owned()),
            Ok(text) if text.chars().count() > LONGEST_WHY => Err(format!("Write at most {LONGEST_WHY} letters")),
            Ok(text) => Ok(text),
            Err(fault) => Err(fault.to_string()),
        };
        let line = Line::named("why", posted.verbatim("why"), why.as_ref().err().cloned());
        let typed = Self { what, what_error, name, email, why: line };
        let said = match (what, why, typed.errors().is_empty()) {
            (Some(pass_on), Ok(why), true) => {
                Some(Said { pass_on, name: called.unwrap_or_default(), email: mailed, why })
            }
            _ => None,
        };
        (typed, said)
    }

    pub(super) fn errors(&self) -> Vec<ErrorLine> {
        let line = |line: &Line| line.error.clone().map(|says| ErrorLine { at: line.id.clone(), says });
        let what = self.what_error.clone().map(|says| ErrorLine { at: "what".to_owned(), says });
        [what, line(&self.name), line(&self.email), line(&self.why)].into_iter().flatten().collect()
    }
}
