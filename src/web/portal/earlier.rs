//! What the vendor said to the same questions the last time it signed: so that "still true"
//! is quickly said, and a change is noticed.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::answers;
use crate::domain::answers::earlier::{self as rules, Afresh};
use crate::domain::answers::{Answer, Value, say, support};
use crate::domain::civil_date;
use crate::domain::ids::AssessmentId;
use crate::domain::questionnaire::Question;
use crate::flows::Office;
use crate::flows::receive::{Opened, pinned};
use crate::store::{self, Db, StoreError};

/// Longer answers are cut off: this is a reminder, not a copy.
const LONGEST: usize = 200;

/// What was said then.
#[derive(Clone, Debug)]
pub struct Earlier {
    pub assessment: AssessmentId,
    pub answer: Answer,
    /// In words with the day: `Yes, on March 3, 2025`.
    pub says: String,
    /// Why it is not offered to be confirmed, if so.
    pub afresh: Option<Afresh>,
}

/// The answers of the last assessment that was signed, by question.
///
/// # Errors
/// The database's.
pub fn of(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    slugs: &[&str],
    today: NaiveDate,
) -> Result<BTreeMap<String, Earlier>, StoreError> {
    let scope = opened.scope();
    let before = store::assessments::of_vendor(conn, &scope, opened.assessment.vendor)?
        .into_iter()
        .filter(|assessment| assessment.cycle < opened.assessment.cycle)
        .find_map(|assessment| Some((assessment.accepted_on?, assessment)));
    let Some((on, before)) = before else {
        return Ok(BTreeMap::new());
    };
    // A version that this program no longer holds has no words for its keys.
    let Ok(asked_then) = pinned(office, &before) else {
        return Ok(BTreeMap::new());
    };
    let asked_now = opened.questionnaire(office)?;
    // A correction says it on the day of its own signature.
    let signed = store::assessments::attestation(conn, &scope, before.id)?;
    let on = signed.map_or(on, |signed| opened.practice.day(signed.signed_at));
    let answers = store::answers::some(conn, &scope, before.id, slugs)?;
    let files = store::evidence::of(conn, &scope, before.id)?;
    let earlier = answers.into_iter().filter_map(|(slug, answer)| {
        let (then, now) = (asked_then.question(&slug)?, asked_now.question(&slug)?);
        let says = dated(&shortened(&value(then, &answer)), &answer, on);
        let ended = files.get(&slug).is_some_and(|files| support::has_ended(files, today));
        let afresh = rules::afresh(now, then, &answer, ended, today);
        Some((slug, Earlier { assessment: before.id, answer, says, afresh }))
    });
    Ok(earlier.collect())
}

/// The answer without what was said beside it; of a list, the names.
fn value(question: &Question, answer: &Answer) -> String {
    match answer.value {
        Value::Rows(_) => say::short(question, &Answer::of(answer.value.clone())),
        _ => answers::said(question, answer),
    }
}

fn dated(said: &str, answer: &Answer, on: NaiveDate) -> String {
    let on = civil_date::say(on);
    match answer.value {
        // Two dates in a row would be read as one.
        Value::Date(_) => format!("{said} (said on {on})"),
        _ => format!("{said}, on {on}"),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_answer_of_last_year_is_cut_between_letters() {
        assert_eq!(shortened("Yes"), "Yes");
        assert_eq!(shortened(&"é".repeat(300)), format!("{}…", "é".repeat(200)));
    }
}
