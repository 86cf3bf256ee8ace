//! The form that asks a colleague: read, and what is wrong with it.

use std::collections::BTreeSet;

use crate::domain::questionnaire::Questionnaire;
use crate::flows::colleagues::Wanted;
use crate::web::form::Posted;
use crate::web::portal::field::Line;
use crate::web::portal::signer::{address, filled, plain_line};
use crate::web::view::ErrorLine;

/// The form as it was filled in.
pub(super) struct Typed {
    pub(super) name: Line,
    pub(super) email: Line,
    pub(super) chosen: BTreeSet<String>,
    pub(super) sections_error: Option<String>,
}

impl Typed {
    pub(super) fn blank() -> Self {
        let line = |name| Line::named(name, "", None);
        Self { name: line("name"), email: line("email"), chosen: BTreeSet::new(), sections_error: None }
    }

    pub(super) fn read(posted: &Posted, questionnaire: &Questionnaire) -> (Self, Option<Wanted>) {
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

    pub(super) fn errors(&self) -> Vec<ErrorLine> {
        let line = |line: &Line| line.error.clone().map(|says| ErrorLine { at: line.id.clone(), says });
        let sections = self.sections_error.clone().map(|says| ErrorLine { at: "sections".to_owned(), says });
        [line(&self.name), line(&self.email), sections].into_iter().flatten().collect()
    }
}
