//! A person of the practice reviews a signed reply: decides on single answers, and accepts it.
//! What was signed stays as it is; decisions stand beside it, and the vendor is judged anew in
//! the same transaction.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::beside::Beside;
use super::{Office, judge, receive};
use crate::domain::access::Scope;
use crate::domain::answers::Answers;
use crate::domain::answers::support::{self, Files};
use crate::domain::assessment::{self, Assessment, AssessmentState, Attestation};
use crate::domain::correction::Correction;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::AssessmentId;
use crate::domain::practice::Practice;
use crate::domain::questionnaire::{Question, Questionnaire};
use crate::domain::review::form::{self, Choice, Points, Shown};
use crate::domain::review::{self, Check, Decisions, NaRuling, ReviewState, Reviewed, Ruled};
use crate::domain::scoring::replay::Input;
use crate::domain::scoring::{self, Reckoning};
use crate::domain::words::counted;
use crate::store::assessments::Kept;
use crate::store::reviews::Review;
use crate::store::{self, Db, StoreError};

/// A signed reply as it lies before a reviewer.
#[derive(Clone, Debug)]
pub struct Desk<'a> {
    pub assessment: Assessment,
    pub form: &'a Questionnaire,
    pub signed: Attestation,
    pub answers: Answers,
    pub files: Files,
    pub review: Review,
    pub correction: Option<Correction>,
    /// What bears on its score beside the answers.
    pub beside: Beside,
    /// No later reply took its place.
    pub is_newest: bool,
}

impl<'a> Desk<'a> {
    /// Reads a signed reply; `None` when there is none of that id.
    ///
    /// # Errors
    /// The database's.
    pub fn load(
        conn: &mut Db,
        office: &'a Office,
        scope: &Scope,
        id: AssessmentId,
    ) -> Result<Option<Self>, StoreError> {
        let Some(assessment) = store::assessments::one(conn, scope, id)? else { return Ok(None) };
        let Some(signed) = store::assessments::attestation(conn, scope, id)? else { return Ok(None) };
        let all = store::assessments::of_vendor(conn, scope, assessment.vendor)?;
        Ok(Some(Self {
            form: receive::pinned(office, &assessment)?,
            signed,
            answers: store::answers::of(conn, scope, id)?,
            files: store::evidence::of(conn, scope, id)?,
            review: store::reviews::of(conn, scope, id)?,
            correction: store::corrections::open_of(conn, scope, id)?,
            beside: Beside::load(conn, scope, assessment.vendor)?,
            is_newest: assessment::last_signed(&all).is_some_and(|newest| newest.id == id),
            assessment,
        }))
    }

    /// The questions that were put to the vendor.
    pub fn questions(&self) -> Vec<&'a Question> {
        receive::applicable(self.form, &self.assessment, &self.answers)
    }

    /// What may be decided, and what is.
    pub fn points(&self, today: NaiveDate) -> Points {
        self.points_with(&self.review.decisions, today)
    }

    fn points_with(&self, decisions: &Decisions, today: NaiveDate) -> Points {
        let questions = self.questions();
        let slugs = questions.iter().map(|question| question.slug.as_str());
        form::points(slugs, &self.answers, &self.files, decisions, today)
    }

    pub fn state(&self) -> ReviewState {
        review::state(Some(&self.signed.sha256), self.review.newest.as_ref(), self.correction.as_ref())
    }

    /// The score as of `today`, with what was decided.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`], which does not happen.
    pub fn score(&self, today: NaiveDate) -> Result<Kept, StoreError> {
        let decided = (&self.review.decisions, self.state() == ReviewState::Accepted);
        let around = (&self.beside, self.correction.as_ref());
        score(self.form, &self.assessment, (&self.answers, &self.files), decided, around, today)
    }
}

/// Scores a signed reply with what was decided about it, under the exposure it was asked with.
///
/// # Errors
/// [`StoreError::Corrupt`], which does not happen.
pub(super) fn score(
    questionnaire: &Questionnaire,
    assessment: &Assessment,
    (answers, files): (&Answers, &Files),
    (decisions, reviewed): (&Decisions, bool),
    (beside, open): (&Beside, Option<&Correction>),
    today: NaiveDate,
) -> Result<Kept, StoreError> {
    let accepted_on = assessment.accepted_on.unwrap_or(today);
    let supported = support::supported(answers, files, today);
    let reckoning = Reckoning {
        questionnaire,
        asked: &assessment.asked,
        exposure: &assessment.asked.exposure,
        tier: assessment.asked.tier,
        answers: Some(&review::over(&supported, files, decisions, today)),
        response: judge::response(assessment, accepted_on, beside.overdue(open, today)),
        accepted_on: Some(accepted_on),
        reviewed,
        signals: &beside.signals(today),
        as_of: today,
    };
    Kept::of(scoring::score(&reckoning), &Input::of(&reckoning))
}

/// A reviewer's form as it comes back.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// SHA-256 of the version that the page showed.
    pub signed: String,
    pub shown: Shown,
    pub choices: BTreeMap<String, Choice>,
    /// The reply is accepted with these decisions.
    pub accept: bool,
}

/// What became of it. Nothing is written unless it is `Saved`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Saved {
        /// The version in force is accepted now.
        accepted: bool,
    },
    /// These were decided otherwise meanwhile, or answered anew.
    Conflicts(Vec<String>),
    /// Another version was signed since the page was shown.
    NewVersion,
    /// "Does not apply" is still to be decided there.
    Undecided(Vec<String>),
    /// Questions of it are with the vendor.
    Returned,
    /// A newer reply took its place.
    Older,
}

/// Decides on answers of a signed reply, and accepts it if asked to. Pressing twice does one
/// thing. `None` when there is no such reply.
///
/// # Errors
/// The database's.
pub fn decide(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    id: AssessmentId,
    given: &Given,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Option<Outcome>, StoreError> {
    let (scope, today) = (Scope::Practice(practice.id), practice.day(now));
    let Some(assessment) = store::assessments::one(conn, &scope, id)? else { return Ok(None) };
    if assessment.state != AssessmentState::Accepted {
        return Ok(None);
    }
    // Behind the vendor's lock nobody else decides, and the vendor signs nothing.
    store::vendors::hold(conn, &scope, assessment.vendor)?;
    let Some(mut desk) = Desk::load(conn, office, &scope, id)? else { return Ok(None) };
    let Changed { decisions: changed, choices } = match decided(&desk, given, by, today) {
        Ok(changed) => changed,
        Err(refused) => return Ok(Some(refused)),
    };
    let accept = match desk.review.is_accepted() {
        // Whoever changes a decision on an accepted reply accepts it as it is then.
        true => !changed.is_empty(),
        false => given.accept,
    };
    for (slug, decision) in &changed {
        store::reviews::decide(conn, &scope, id, slug, decision)?;
    }
    desk.review.decisions.extend(changed.clone());
    if accept {
        let signed = desk.signed.sha256.clone();
        desk.review.newest = Some(Reviewed { signed, by: by.name().to_owned(), at: now, on: today });
    }
    let score = desk.score(today)?;
    if let Some(newest) = desk.review.newest.as_ref().filter(|_| accept) {
        store::reviews::accept(conn, &scope, id, newest, &score)?;
    }
    if accept || !changed.is_empty() {
        let sentence = sentence(&desk, &choices, accept, &score);
        let deed = Deed { by, act: Act::Decided, vendor: Some(assessment.vendor), sentence };
        store::entries::write(conn, &scope, &deed, now)?;
        judge::judge(conn, office, practice, assessment.vendor, now)?;
    }
    Ok(Some(Outcome::Saved { accepted: desk.review.is_accepted() }))
}

/// The decisions that a form changes, and each as it was and is.
struct Changed {
    decisions: Decisions,
    choices: Vec<(Choice, Choice)>,
}

/// What a form changes, or why it is refused.
fn decided(desk: &Desk<'_>, given: &Given, by: &Actor, today: NaiveDate) -> Result<Changed, Outcome> {
    if !desk.is_newest {
        return Err(Outcome::Older);
    }
    let now = desk.points(today);
    let merged = given.shown.merge(&given.choices, &now);
    if !merged.conflicts.is_empty() {
        return Err(Outcome::Conflicts(merged.conflicts));
    }
    let ruled = || Ruled { by: by.name().to_owned(), on: today, signed: desk.signed.sha256.clone() };
    let choices = merged.changes.iter().filter_map(|(slug, choice)| Some((now.get(slug)?.choice, *choice))).collect();
    let changed: Decisions = merged
        .changes
        .into_iter()
        .filter_map(|(slug, choice)| {
            let (answer, point) = (desk.answers.get(&slug)?, now.get(&slug)?);
            let before = desk.review.decisions.get(&slug).filter(|decision| decision.holds(answer));
            let mut decision = before.cloned().unwrap_or_default();
            decision.mark = review::mark(answer);
            if choice.na != point.choice.na {
                decision.na = choice.na.map(|accepted| NaRuling { accepted, ruled: ruled() });
            }
            if choice.checked != point.choice.checked {
                decision.check = choice.checked.then(|| Check { documents: point.files.clone(), ruled: ruled() });
            }
            Some((slug, decision))
        })
        .collect();
    let accepts = given.accept || desk.review.is_accepted() && !changed.is_empty();
    if !accepts {
        return Ok(Changed { decisions: changed, choices });
    }
    if given.signed != desk.signed.sha256 {
        return Err(Outcome::NewVersion);
    }
    if desk.state() == ReviewState::Returned {
        return Err(Outcome::Returned);
    }
    let mut all = desk.review.decisions.clone();
    all.extend(changed.clone());
    let after = desk.points_with(&all, today);
    let open = form::undecided(&after);
    if !open.is_empty() {
        return Err(Outcome::Undecided(open.into_iter().map(str::to_owned).collect()));
    }
    Ok(Changed { decisions: changed, choices })
}

/// What changed, in words.
fn said(changed: &[(Choice, Choice)]) -> String {
    let count = |is: &dyn Fn(&Choice, &Choice) -> bool| changed.iter().filter(|(was, is_now)| is(was, is_now)).count();
    let ruled = |na| count(&|was, is| is.na == Some(na) && was.na != is.na);
    let all = [
        (ruled(true), "accepted “does not apply” of"),
        (ruled(false), "did not accept “does not apply” of"),
        (count(&|was, is| is.checked && !was.checked), "checked the files under"),
        (
            count(&|was, is| is.na.is_none() && was.na.is_some() || was.checked && !is.checked),
            "took a decision back on",
        ),
    ];
    let some = all.iter().filter(|(count, _)| *count > 0);
    some.map(|(count, did)| format!("{did} {}", counted(*count, "answer"))).collect::<Vec<_>>().join(", ")
}

fn sentence(desk: &Desk<'_>, changed: &[(Choice, Choice)], accept: bool, score: &Kept) -> String {
    let (reply, said) = (format!("the reply with the reference {}", desk.signed.reference), said(changed));
    let rating = score.card.rating.says();
    match (accept, said.is_empty()) {
        (true, true) => format!("accepted {reply}, rated {rating}"),
        (true, false) => format!("accepted {reply}, rated {rating}, and {said}"),
        (false, _) => format!("reviewed {reply}: {said}"),
    }
}
