//! A saved answer as the fields that say it: reading them gives the answer again.

use super::form::Fields;
use super::{Answer, Value};
use crate::domain::civil_date;
use crate::domain::questionnaire::{AnswerKind, ColumnKind, Question};

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
        Value::Date(date) => put("", &civil_date::typed(*date)),
        Value::Number(number) => put("", &number.to_string()),
        Value::Rows(rows) => {
            for (row, n) in rows.iter().zip(1..) {
                for (key, cell) in row {
                    let day = cell.parse().ok().filter(|_| is_day(question, key));
                    put(&format!("row.{n}.{key}"), &day.map_or_else(|| cell.clone(), civil_date::typed));
                }
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
        put("by", &civil_date::typed(by));
    }
    for (part, text) in [("reason", &answer.reason), ("detail", &answer.detail)] {
        if let Some(text) = text {
            put(part, text);
        }
    }
}

/// Whether a column of a list holds days.
fn is_day(question: &Question, key: &str) -> bool {
    let AnswerKind::List { columns, .. } = &question.answer else { return false };
    columns.iter().any(|column| column.key == key && column.kind == ColumnKind::Date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::domain::answers::{Evidence, Grade, form, whole};
    use crate::domain::questionnaire::{Questionnaire, Specification};
    use crate::domain::scoring::fixtures::day;

    #[test]
    fn a_day_comes_back_as_a_person_writes_it() {
        let catalogue = Catalogue::built_in().unwrap();
        let question = |slug: &str| catalogue.current().question(slug).unwrap();
        let mut fields = Fields::new();
        add(&mut fields, question("org.self-check.date"), &Answer::of(Value::Date(day("2026-04-05"))));
        let row = [("kind", "SOC 2"), ("expires", "2026-12-31")].map(|(key, cell)| (key.to_owned(), cell.to_owned()));
        add(&mut fields, question("org.certificates"), &Answer::of(Value::Rows(vec![row.into()])));
        let typed: Vec<&str> = fields.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(typed, ["4/5/2026", "12/31/2026", "SOC 2"]);
    }

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
