//! What the vendor said to the same questions the last time it signed: so that "still true"
//! is quickly said, and a change is noticed.

use std::collections::BTreeMap;

use super::answers;
use chrono::NaiveDate;

use crate::domain::answers::{Answer, Value, say};
use crate::domain::civil_date;
use crate::domain::questionnaire::Question;
use crate::flows::Office;
use crate::flows::receive::{Opened, pinned};
use crate::store::{self, Db, StoreError};

/// Longer answers are cut off: this is a reminder, not a copy.
const LONGEST: usize = 200;

/// By question, in words with the day: `Yes, on March 3, 2025`.
///
/// # Errors
/// The database's.
pub fn said(
    conn: &mut Db,
    office: &Office,
    opened: &Opened,
    slugs: &[&str],
) -> Result<BTreeMap<String, String>, StoreError> {
    let scope = opened.scope();
    let before = store::assessments::of_vendor(conn, &scope, opened.assessment.vendor)?
        .into_iter()
        .filter(|assessment| assessment.cycle < opened.assessment.cycle)
        .find_map(|assessment| Some((assessment.accepted_on?, assessment)));
    let Some((on, before)) = before else {
        return Ok(BTreeMap::new());
    };
    // A version that this program no longer holds has no words for its keys.
    let Ok(questionnaire) = pinned(office, &before) else {
        return Ok(BTreeMap::new());
    };
    let answers = store::answers::some(conn, &scope, before.id, slugs)?;
    let words = answers.into_iter().filter_map(|(slug, answer)| {
        let said = value(questionnaire.question(&slug)?, &answer);
        Some((slug, dated(&shortened(&said), &answer, on)))
    });
    Ok(words.collect())
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
