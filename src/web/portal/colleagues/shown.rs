//! The colleagues who were asked, each with its state and what it answered.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::app::App;
use crate::domain::civil_date;
use crate::domain::colleague::Part;
use crate::domain::letter::{Letter, LetterKind};
use crate::domain::questionnaire::Questionnaire;
use crate::store::invitations::{Invitation, mailbox};
use crate::store::{self, StoreError};
use crate::web::portal::answers::said;
use crate::web::portal::problem::PortalError;
use crate::web::portal::respondent::Respondent;

#[derive(Clone, Debug, Serialize)]
pub(super) struct Colleague {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) asked_on: String,
    pub(super) sections: String,
    pub(super) state: &'static str,
    pub(super) badge: &'static str,
    /// `3 of 8 answered`
    pub(super) progress: String,
    pub(super) answers: Vec<Given>,
    /// The link still works.
    pub(super) live: bool,
    pub(super) trouble: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Given {
    pub(super) question: String,
    pub(super) answer: String,
}

/// What is known of the colleagues so far.
pub(super) struct Known {
    pub(super) asked: Vec<(Invitation, Vec<Letter>)>,
    savers: BTreeMap<String, String>,
}

pub(super) async fn known(app: &App, who: &Respondent) -> Result<Known, PortalError> {
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

pub(super) fn colleague(
    who: &Respondent,
    form: &Questionnaire,
    known: &Known,
    one: &Invitation,
    letters: &[Letter],
) -> Colleague {
    let nobody = Part { name: String::new(), asked_by: String::new(), asker: None, sections: BTreeSet::new() };
    let part = one.part.as_ref().unwrap_or(&nobody);
    let asked: Vec<_> = who.applicable(form).into_iter().filter(|one| part.includes(form, &one.slug)).collect();
    let done = asked.iter().filter(|question| who.is_done(question)).count();
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
        progress: format!("{done} of {} answered", asked.len()),
        answers,
        live,
        trouble: refused.map(|_| "The e-mail could not be delivered. Check the address: take this back, and ask again with the right one.".to_owned()),
    }
}
