//! Answers that a change sets aside, because their questions apply no more: the page says so
//! before it saves. They stay on record until the form is signed, in case the change is taken
//! back, and are not sent.

use super::{Answer, Answers};
use crate::domain::questionnaire::Question;

/// The questions that are answered and apply, and would apply no more with what is given now.
/// `applies` says which of them do, with such answers.
pub fn set_aside<'q>(
    questions: impl Iterator<Item = &'q Question>,
    on_record: &Answers,
    given: &[(&str, Option<Answer>)],
    applies: impl Fn(&Question, &Answers) -> bool,
) -> Vec<&'q Question> {
    let mut then = on_record.clone();
    for (slug, answer) in given {
        match answer {
            Some(answer) => drop(then.insert((*slug).to_owned(), answer.clone())),
            None => drop(then.remove(*slug)),
        }
    }
    let is_lost = |question: &&Question| {
        then.contains_key(&question.slug) && applies(question, on_record) && !applies(question, &then)
    };
    questions.filter(is_lost).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answers::{Grade, Value, lookup};
    use crate::domain::condition::Condition;
    use crate::domain::exposure::{Exposure, Tier};
    use crate::domain::questionnaire::Gravity;
    use crate::domain::scoring::fixtures::question;

    #[test]
    fn only_an_answer_whose_question_ends_to_apply_is_set_aside() {
        let hangs = |slug: &str| Question {
            applies: Condition::parse("a.parent is yes").unwrap(),
            ..question(slug, 1, Gravity::None)
        };
        let form = [question("a.parent", 1, Gravity::None), hangs("a.child"), hangs("a.blank")];
        let said = |grade| Answer::of(Value::Grade(grade));
        let on_record =
            Answers::from([("a.parent".to_owned(), said(Grade::Yes)), ("a.child".to_owned(), said(Grade::No))]);
        let applies = |question: &Question, answers: &Answers| {
            question.applies.holds(&Exposure::default(), Tier::One, &lookup(answers))
        };
        let lost = |given: Option<Answer>| -> Vec<String> {
            let given = [("a.parent", given)];
            let lost = set_aside(form.iter(), &on_record, &given, applies);
            lost.into_iter().map(|question| question.slug.clone()).collect()
        };
        assert_eq!(lost(Some(said(Grade::No))), ["a.child"]);
        assert_eq!(lost(None), ["a.child"]);
        assert!(lost(Some(said(Grade::Yes))).is_empty());
    }
}
