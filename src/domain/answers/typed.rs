//! A saved answer as the fields that say it: reading them gives the answer again.

use super::form::Fields;
use super::{Answer, Value};
use crate::domain::questionnaire::{AnswerKind, Question};

/// Adds the fields of an answer, as a browser would send them.
pub fn add(fields: &mut Fields, question: &Question, answer: &Answer) {
    let slug = &question.slug;
    let mut put = |part: &str, text: &str| {
        let name = if part.is_empty() { slug.clone() } else { format!("{slug}:{part}") };
        fields.push((name, text.to_owned()));
    };
    let aside = if matches!(question.answer, AnswerKind::Graded | AnswerKind::Choice { .. }) { "" } else { "state" };
    match &answer.value {
        Value::Grade(grade) => put("", grade.key()),
        Value::Choice(key) => put("", key),
        Value::Several(keys) => keys.iter().for_each(|key| put("", key)),
        Value::Date(date) => put("", &date.to_string()),
        Value::Number(number) => put("", &number.to_string()),
        Value::Rows(rows) => {
            for (row, n) in rows.iter().zip(1..) {
                row.iter().for_each(|(key, cell)| put(&format!("row.{n}.{key}"), cell));
            }
        }
        Value::NoRows => put("none", "yes"),
        Value::Contact { name, email, phone } => {
            for (part, text) in [("name", name), ("email", email), ("phone", phone)] {
                put(part, text);
            }
        }
        Value::Text(text) => put("", text),
        Value::Tick(true) => put("", "yes"),
        Value::Tick(false) => {}
        Value::Unknown => put(aside, "unknown"),
        Value::NotApplicable => put(aside, "na"),
    }
    if let Some(by) = answer.by {
        put("by", &by.to_string());
    }
    for (part, text) in [("reason", &answer.reason), ("detail", &answer.detail)] {
        if let Some(text) = text {
            put(part, text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::domain::answers::{Evidence, Grade, form, whole};
    use crate::domain::questionnaire::{ColumnKind, Questionnaire, Specification};
    use crate::domain::scoring::fixtures::day;

    /// Answers of every kind that fit the question.
    fn possible(question: &Question) -> Vec<Answer> {
        let narrative = |answer: Answer| Answer {
            reason: Some("A reason.\nIn two lines.".into()),
            evidence: Evidence::Narrative,
            ..answer
        };
        let mut all = vec![narrative(Answer::of(Value::NotApplicable))];
        let own_unknown = matches!(&question.answer, AnswerKind::Choice { choices } if choices.iter().any(|choice| choice.key == "unknown"));
        if !own_unknown {
            all.push(Answer::of(Value::Unknown));
        }
        let value = match &question.answer {
            AnswerKind::Graded => {
                all.push(Answer { by: Some(day("2027-02-01")), ..Answer::of(Value::Grade(Grade::Planned)) });
                if question.specification == Specification::Addressable {
                    all.push(narrative(Answer::of(Value::Grade(Grade::Alternative))));
                }
                Value::Grade(Grade::Partial)
            }
            AnswerKind::Choice { choices } => Value::Choice(choices[1].key.clone()),
            AnswerKind::Several { choices, .. } => {
                Value::Several(choices.iter().take(2).map(|choice| choice.key.clone()).collect())
            }
            AnswerKind::Date { .. } => Value::Date(day("2026-02-28")),
            AnswerKind::Number { least, .. } => Value::Number(*least),
            AnswerKind::List { columns, none_says, .. } => {
                all.extend(none_says.as_ref().map(|_| Answer::of(Value::NoRows)));
                let row = columns.iter().filter(|column| column.required || column.kind == ColumnKind::Choice).map(
                    |column| {
                        let choice = column.choices.first().map(|choice| choice.key.clone());
                        (column.key.clone(), choice.unwrap_or_else(|| "Harbor & Sons".to_owned()))
                    },
                );
                Value::Rows(vec![row.collect(); 3])
            }
            AnswerKind::Contact => {
                Value::Contact { name: "Ana Ruiz".into(), email: "ana@x.example".into(), phone: String::new() }
            }
            AnswerKind::Text => Value::Text("We do.".into()),
            AnswerKind::Tick => Value::Tick(true),
        };
        let detail = question.detail.as_ref().map(|_| "12".to_owned());
        all.push(Answer { detail, ..Answer::of(value) });
        // One that lacks what it makes sense by is asked about, and never saved.
        all.retain(|answer| whole::lacks(question, answer).is_none());
        all
    }

    fn check(form: &Questionnaire) {
        let today = "2026-11-22".parse().unwrap();
        for question in form.questions() {
            for answer in possible(question) {
                let mut fields = Fields::new();
                add(&mut fields, question, &answer);
                assert_eq!(form::read(question, &fields, today), Ok(Some(answer)), "{}", question.slug);
            }
        }
    }

    #[test]
    fn a_saved_answer_comes_back_as_it_was() {
        let catalogue = Catalogue::built_in().unwrap();
        check(catalogue.current());
        check(catalogue.find("change-notice").unwrap());
    }
}
