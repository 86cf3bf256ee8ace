//! Corrective actions begin: chosen from the gaps of a reply, or by rule when it is signed. The
//! files beside this one have the letters, the vendor's replies, and what our people decide.

mod letters;
mod reply;
mod settle;

pub use letters::{Owed, ask, follow_up, owed, renew, send_plan};
pub use reply::{ReplyError, attach, reply, shown, take_off};
pub(in crate::flows) use settle::cancel_all;
pub use settle::{ActionError, Change, cancel, change, send_back, verify};

use chrono::{DateTime, NaiveDate, Utc};

use super::{Office, judge, receive};
use crate::domain::access::Scope;
use crate::domain::action::{self, Action, Said, Shortfall, Word};
use crate::domain::answers::Answers;
use crate::domain::assessment::{self, Assessment};
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{AssessmentId, VendorId};
use crate::domain::practice::Practice;
use crate::domain::questionnaire::{Question, Questionnaire};
use crate::domain::scoring::{Note, Scorecard};
use crate::domain::standing::Vendor;
use crate::domain::words::counted;
use crate::store::{self, Db, StoreError};

/// An answer that falls short, as a form offers it.
#[derive(Clone, Debug)]
pub struct Gap<'a> {
    pub question: &'a Question,
    pub shortfall: Shortfall,
    pub note: Option<Note>,
    /// Nothing is amiss but the proof.
    pub met: bool,
}

/// The gaps of a scored reply, worst first.
pub fn gaps<'a>(form: &'a Questionnaire, card: &Scorecard, answers: &Answers) -> Vec<Gap<'a>> {
    let gap = |line: &crate::domain::scoring::record::AnswerLine| {
        let question = form.question(&line.question)?;
        let shortfall = Shortfall::of(question, line, answers.get(&line.question))?;
        Some((line.loss, Gap { question, shortfall, note: line.note, met: action::is_met(line) }))
    };
    let mut all: Vec<(u64, Gap<'_>)> = card.answers.iter().filter_map(gap).collect();
    all.sort_by(|(a, one), (b, other)| {
        (one.shortfall, one.met, std::cmp::Reverse(a)).cmp(&(other.shortfall, other.met, std::cmp::Reverse(b)))
    });
    all.into_iter().map(|(_, gap)| gap).collect()
}

/// What somebody chose to have put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub slug: String,
    pub wanted: String,
    pub due_on: NaiveDate,
}

/// Why no action is raised; nothing is written then.
#[derive(Debug, thiserror::Error)]
pub enum RaiseError {
    #[error("there is no such reply")]
    NothingSigned,
    #[error("a newer reply took its place")]
    Older,
    #[error("it {0}")]
    Gone(&'static str),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Raises an action for each question chosen, and writes to the vendor about all of them in one
/// letter. A question with an open action keeps that one: pressing twice does one thing. Says
/// how many are new.
///
/// # Errors
/// Why not.
#[expect(clippy::too_many_arguments, reason = "the facts of one form; a struct would be named after this function")]
pub fn raise(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    reply: AssessmentId,
    chosen: &[Chosen],
    owner: &str,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<usize, RaiseError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(now));
    let known = store::assessments::one(conn, &scope, reply)?.ok_or(RaiseError::NothingSigned)?;
    let vendor = store::vendors::hold(conn, &scope, known.vendor)?.ok_or(RaiseError::NothingSigned)?;
    if vendor.place.is_archived() || !vendor.place.life.counts() {
        return Err(RaiseError::Gone(vendor.place.quiet().unwrap_or("is gone")));
    }
    let all = store::assessments::of_vendor(conn, &scope, vendor.id)?;
    let newest = assessment::last_signed(&all).ok_or(RaiseError::NothingSigned)?;
    if newest.id != reply {
        return Err(if known.accepted_on.is_some() { RaiseError::Older } else { RaiseError::NothingSigned });
    }
    let card = store::assessments::scorecard(conn, &scope, reply)?.ok_or(RaiseError::NothingSigned)?;
    let answers = store::answers::of(conn, &scope, reply)?;
    let form = receive::pinned(office, newest)?;
    let mut new = Vec::new();
    for gap in gaps(form, &card, &answers) {
        let Some(one) = chosen.iter().find(|one| one.slug == gap.question.slug) else { continue };
        let action = Action {
            wanted: one.wanted.clone(),
            owner: owner.to_owned(),
            due_on: one.due_on,
            raised_on: today,
            raised_by: by.name().to_owned(),
            ..Action::of(vendor.id, reply, gap.question, gap.shortfall)
        };
        new.push(action);
    }
    let added = add(conn, &scope, &vendor, new, by, now)?;
    if added > 0 {
        ask(conn, office, practice, vendor.id, by, now)?;
        judge::judge(conn, office, practice, vendor.id, now)?;
    }
    Ok(added)
}

/// Keeps those whose question has no open action yet, with one line of the history for all.
fn add(
    conn: &mut Db,
    scope: &Scope,
    vendor: &Vendor,
    new: Vec<Action>,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let open = store::actions::open_of(conn, scope, vendor.id)?;
    let new: Vec<Action> = new.into_iter().filter(|one| !open.iter().any(|other| other.slug == one.slug)).collect();
    for one in &new {
        store::actions::add(conn, scope, one)?;
    }
    if !new.is_empty() {
        let shorts: Vec<&str> = new.iter().map(|one| one.short.as_str()).collect();
        let what = counted(new.len(), "corrective action");
        let sentence = format!("raised {what} for {}: “{}”", vendor.details.name, shorts.join("”, “"));
        note(conn, scope, vendor.id, by, sentence, now)?;
    }
    Ok(new.len())
}

/// A line of the history about actions.
fn note(
    conn: &mut Db,
    scope: &Scope,
    vendor: VendorId,
    by: &Actor,
    sentence: String,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    store::entries::write(conn, scope, &Deed { by, act: Act::Acted, vendor: Some(vendor), sentence }, now)
}

/// What a signature means for actions, in its transaction: each failed critical question gets one
/// at once, unless the practice chooses by hand; one whose question is met by the new answers
/// waits to be verified. “Does not apply” waits for whoever reviews it and raises none.
///
/// # Errors
/// The database's.
pub(super) fn signed(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: &Vendor,
    assessment: &Assessment,
    signer: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(now));
    let Some(card) = store::assessments::scorecard(conn, &scope, assessment.id)? else { return Ok(()) };
    let answers = store::answers::of(conn, &scope, assessment.id)?;
    let form = receive::pinned(office, assessment)?;
    mark_met(conn, practice, vendor, &card, signer, now)?;
    if practice.settings.actions_by_hand || !vendor.details.ba_status.counts_as_ba() {
        return Ok(());
    }
    // What a person closed stays closed when the same reply is signed anew.
    let mut settled = store::actions::of_vendor(conn, &scope, vendor.id)?;
    settled.retain(|one| one.assessment == assessment.id);
    let failed = gaps(form, &card, &answers).into_iter().filter(|gap| {
        gap.shortfall.is_failed_critical()
            && gap.note != Some(Note::NaNotAccepted)
            && !settled.iter().any(|one| one.slug == gap.question.slug)
    });
    let new = failed.map(|gap| Action {
        wanted: action::wanted(gap.question, gap.note),
        owner: vendor.details.owner.clone(),
        due_on: action::due(gap.shortfall, today),
        raised_on: today,
        raised_by: Actor::Program.name().to_owned(),
        by_rule: true,
        ..Action::of(vendor.id, assessment.id, gap.question, gap.shortfall)
    });
    let new: Vec<Action> = new.collect();
    add(conn, &scope, vendor, new, &Actor::Program, now)?;
    Ok(())
}

/// Marks as answered what the vendor has put right by its signed answers.
fn mark_met(
    conn: &mut Db,
    practice: &Practice,
    vendor: &Vendor,
    card: &Scorecard,
    signer: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let scope = Scope::Practice(practice.id);
    let open = store::actions::open_of(conn, &scope, vendor.id)?;
    let mut met = Vec::new();
    for mut one in open.into_iter().filter(|one| one.state.waits_for_vendor()) {
        // What only wants proof is not met by the same words again.
        let line = card.answers.iter().find(|line| line.question == one.slug);
        if one.shortfall == Shortfall::Other || !line.is_some_and(|line| line.in_denominator && action::is_met(line)) {
            continue;
        }
        one.state = action::ActionState::Answered;
        store::actions::save(conn, &scope, &one)?;
        let text = "The answer that is signed now meets the question.".to_owned();
        let word = Word { at: now, what: Said::Corrected, name: signer.to_owned(), text };
        store::actions::say(conn, &scope, one.id, &word)?;
        met.push(one.short);
    }
    if met.is_empty() {
        return Ok(());
    }
    let by = Actor::Respondent(signer.to_owned());
    let sentence = format!("signed answers that meet what was to be put right: “{}”", met.join("”, “"));
    note(conn, &scope, vendor.id, &by, sentence, now)
}
