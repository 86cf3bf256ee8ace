//! Answers that somebody at a vendor tells the practice, by telephone or on paper. They are
//! kept as told and never as signed: the questionnaire stays open until the vendor signs.

use chrono::{DateTime, Utc};

use super::{Office, invite, judge};
use crate::domain::access::Scope;
use crate::domain::answers::seen::{Merged, Seen};
use crate::domain::answers::told::may_take_back;
use crate::domain::answers::{Answer, Answers, Told, bare};
use crate::domain::assessment::{Assessment, AssessmentState};
use crate::domain::civil_date;
use crate::domain::entry::{Act, Actor, Deed};
use crate::domain::ids::{AssessmentId, VendorId};
use crate::domain::practice::Practice;
use crate::flows::invite::InviteError;
use crate::store::answers::SavedBy;
use crate::store::{self, Db, StoreError};

/// No browser of the vendor's saved these: one that has shown no code is not shown them.
const OURS: SavedBy<'static> = SavedBy { browser: "", address: "" };

/// What became of a page of told answers.
#[derive(Clone, Debug)]
pub enum Typed {
    Saved(Answers),
    /// Nothing was written: these questions were answered differently meanwhile.
    Conflicts {
        answers: Answers,
        questions: Vec<String>,
    },
    /// It was signed, or closed, meanwhile.
    NotOpen,
}

/// The open questionnaire of a vendor to type answers into; one is opened, without a letter,
/// where there is none.
///
/// # Errors
/// Why the vendor is not asked.
pub fn begin(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    vendor: VendorId,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<AssessmentId, InviteError> {
    let scope = Scope::Practice(practice.id);
    store::vendors::hold(conn, &scope, vendor)?.ok_or(InviteError::NoVendor)?;
    let open = store::assessments::of_vendor(conn, &scope, vendor)?.into_iter().find(Assessment::is_open);
    match open {
        Some(open) => Ok(open.id),
        None => invite::by_hand(conn, office, practice, vendor, by, now).map(|opened| opened.id),
    }
}

/// Saves one page of told answers: what differs from what the page showed.
///
/// # Errors
/// The database's.
#[expect(clippy::too_many_arguments, reason = "the facts of one page; a struct would be named after this function")]
pub fn save(
    conn: &mut Db,
    office: &Office,
    practice: &Practice,
    assessment: &Assessment,
    page: &[(String, Option<Answer>)],
    seen: &Seen,
    told: &Told,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Typed, StoreError> {
    let (scope, id) = (Scope::Practice(practice.id), assessment.id);
    store::vendors::hold(conn, &scope, assessment.vendor)?;
    let (asked, begun) = (AssessmentState::Invited, AssessmentState::InProgress);
    let is_begun = store::assessments::advance(conn, &scope, id, &[begun], begun)?;
    // A guarded update, not a look: on PostgreSQL a signature may be on its way beside us.
    if !is_begun && !store::assessments::advance(conn, &scope, id, &[asked], asked)? {
        return Ok(Typed::NotOpen);
    }
    let mut answers = store::answers::of(conn, &scope, id)?;
    let given: Vec<(&str, Option<Answer>)> =
        page.iter().map(|(slug, answer)| (slug.as_str(), answer.clone())).collect();
    let Merged { mut changes, conflicts } = seen.merge(&given, &bare(&answers));
    if !conflicts.is_empty() {
        return Ok(Typed::Conflicts { answers, questions: conflicts.into_iter().map(str::to_owned).collect() });
    }
    changes.retain(|(slug, after)| may_take_back(answers.get(*slug), after.as_ref()));
    for (slug, answer) in &changes {
        match answer {
            Some(answer) => {
                let answer = Answer { told: Some(told.clone()), ..answer.clone() };
                store::answers::save(conn, &scope, id, slug, &answer, OURS, now)?;
                answers.insert((*slug).to_owned(), answer);
            }
            None => {
                store::answers::clear(conn, &scope, id, slug)?;
                answers.remove(*slug);
            }
        }
    }
    if !changes.is_empty() {
        store::assessments::advance(conn, &scope, id, &[asked], begun)?;
        judge::judge(conn, office, practice, assessment.vendor, now)?;
        let count = if changes.len() == 1 { "1 answer".to_owned() } else { format!("{} answers", changes.len()) };
        let (who, way, on) = (&told.by, told.way.says(), civil_date::say_short(told.on));
        let sentence = format!("typed in {count} that {who} told {way} on {on}");
        let deed = Deed { by, act: Act::Answered, vendor: Some(assessment.vendor), sentence };
        store::entries::write(conn, &scope, &deed, now)?;
    }
    Ok(Typed::Saved(answers))
}
