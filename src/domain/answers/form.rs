//! Reads the answers of one page from its fields, and says what is wrong in the words that
//! stand beside the field. What was typed stays with the caller.
//!
//! Fields of the question `adm.leavers`: `adm.leavers` for the answer itself, and
//! `adm.leavers:reason`, `:by`, `:detail`, `:state`, `:none`, `:name`, `:email`, `:phone`,
//! `:row.N.column` beside it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::whole::{self, PAST_COLUMNS};
use super::{Answer, Evidence, Grade, Value};
use crate::domain::civil_date;
use crate::domain::questionnaire::{AnswerKind, Column, ColumnKind, DetailKind, Question};

/// The fields of a page, as sent: a name may come more than once.
pub type Fields = Vec<(String, String)>;

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// The field's name, where the link of the summary leads.
    pub field: String,
    pub problem: String,
}

/// Longest free text, in characters.
const LONGEST: usize = 2_000;
/// The choice that stands alone in a question with several.
const NONE: &str = "none";
/// Most rows in a list.
const MOST_ROWS: usize = 100;

/// Reads the answer to one question; `None` when it was left blank. `today` is the practice's
/// day: what was done was done by then, and what is planned is still to come.
///
/// # Errors
/// The field at fault, in words for the respondent.
pub fn read(question: &Question, fields: &Fields, today: NaiveDate) -> Result<Option<Answer>, FieldFault> {
    let page = Page { question, fields, today };
    let Some(value) = page.value()? else { return Ok(None) };
    let mut answer = Answer::of(value);
    match &answer.value {
        Value::NotApplicable => answer.reason = Some(page.needed("reason", "Say why this does not apply to you")?),
        Value::Grade(Grade::Alternative) => {
            answer.reason = Some(page.needed("reason", "Say which other measure you use and why")?);
        }
        Value::Grade(Grade::Planned) => answer.by = Some(page.planned_by()?),
        _ => {}
    }
    answer.detail = page.detail(&answer)?;
    if let Some(lack) = whole::lacks(question, &answer) {
        return Err(page.fault(&lack.part, lack.problem));
    }
    if answer.reason.is_some() {
        answer.evidence = Evidence::Narrative;
    }
    Ok(Some(answer))
}

/// Whether somebody could dial it: three digits or more, with whatever stands between them.
fn is_number_to_call(text: &str) -> bool {
    text.chars().filter(char::is_ascii_digit).count() >= 3
}

struct Page<'a> {
    question: &'a Question,
    fields: &'a Fields,
    today: NaiveDate,
}

impl Page<'_> {
    fn name(&self, part: &str) -> String {
        if part.is_empty() { self.question.slug.clone() } else { format!("{}:{part}", self.question.slug) }
    }

    fn fault(&self, part: &str, problem: impl Into<String>) -> FieldFault {
        FieldFault { field: self.name(part), problem: problem.into() }
    }

    /// Every value sent under the name.
    fn all(&self, part: &str) -> impl Iterator<Item = &str> {
        let name = self.name(part);
        self.fields.iter().filter(move |(field, _)| *field == name).map(|(_, text)| text.as_str())
    }

    /// The text of a field, trimmed; empty when it was not sent.
    fn text(&self, part: &str) -> Result<String, FieldFault> {
        let text = self.all(part).next().unwrap_or_default().replace("\r\n", "\n");
        let text = text.trim();
        if text.chars().count() > LONGEST {
            return Err(self.fault(part, format!("Shorten this to {LONGEST} letters or fewer")));
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(self.fault(part, "Remove the characters that cannot be printed"));
        }
        Ok(text.to_owned())
    }

    fn needed(&self, part: &str, ask: &str) -> Result<String, FieldFault> {
        let text = self.text(part)?;
        if text.is_empty() { Err(self.fault(part, ask)) } else { Ok(text) }
    }

    fn planned_by(&self) -> Result<NaiveDate, FieldFault> {
        let text = self.needed("by", "Say by which date it will be in place")?;
        let by = civil_date::read(&text).map_err(|fault| self.fault("by", fault.to_string()))?;
        if by < self.today {
            return Err(self.fault("by", "This date has passed. Give a date to come, or change the answer"));
        }
        Ok(by)
    }

    /// A day on which something was done. A vendor's today may be ahead of the practice's.
    fn past(&self, said: &str) -> Result<NaiveDate, FieldFault> {
        let day = civil_date::read(said).map_err(|fault| self.fault("", fault.to_string()))?;
        if day > self.today + Days::new(1) {
            return Err(self.fault("", "This date is in the future. Give the day on which it was done"));
        }
        Ok(day)
    }

    fn value(&self) -> Result<Option<Value>, FieldFault> {
        // "Not sure" and "does not apply" come from the list of choices, or from a group of
        // their own where the answer is written. What is written wins over neither by chance:
        // both at once is asked about.
        if self.all("state").nth(1).is_some() {
            return Err(self.fault("", "You said both “not sure” and “does not apply”; keep one"));
        }
        let state = self.all("state").next().unwrap_or_default();
        let said = self.all("").next().unwrap_or_default().trim().to_owned();
        let aside = match if state.is_empty() { said.as_str() } else { state } {
            "na" => Some(Value::NotApplicable),
            "unknown" if !self.has_choice("unknown") => Some(Value::Unknown),
            _ => None,
        };
        let written = if aside.is_some() && state.is_empty() { None } else { self.written(&said)? };
        match (aside, written) {
            (Some(_), Some(_)) => {
                Err(self.fault("", "You gave an answer and also said “not sure” or “does not apply”; keep one"))
            }
            (Some(aside), None) => Ok(Some(aside)),
            (None, written) => Ok(written),
        }
    }

    fn has_choice(&self, key: &str) -> bool {
        match &self.question.answer {
            AnswerKind::Choice { choices } | AnswerKind::Several { choices, .. } => {
                choices.iter().any(|choice| choice.key == key)
            }
            _ => false,
        }
    }

    fn written(&self, said: &str) -> Result<Option<Value>, FieldFault> {
        if let AnswerKind::Contact = self.question.answer {
            return self.contact();
        }
        if let AnswerKind::List { columns, none_says, .. } = &self.question.answer {
            return self.list(columns, none_says.is_some());
        }
        if said.is_empty() {
            return Ok(None);
        }
        match &self.question.answer {
            AnswerKind::Graded => self.grade(said).map(Some),
            AnswerKind::Choice { .. } => self.choice(said).map(|key| Some(Value::Choice(key))),
            AnswerKind::Several { choices, .. } => {
                let keys: BTreeSet<String> = self.all("").map(|key| self.choice(key)).collect::<Result<_, _>>()?;
                match choices.iter().find(|choice| choice.key == NONE) {
                    Some(none) if keys.contains(NONE) && keys.len() > 1 => {
                        Err(self.fault("", format!("You chose “{}” and something else; keep one", none.says)))
                    }
                    _ => Ok(Some(Value::Several(keys))),
                }
            }
            AnswerKind::Date { bands } if !bands.is_empty() => self.past(said).map(|date| Some(Value::Date(date))),
            AnswerKind::Date { .. } => civil_date::read(said)
                .map(|date| Some(Value::Date(date)))
                .map_err(|fault| self.fault("", fault.to_string())),
            AnswerKind::Number { unit, least, most, .. } => self.number(said, unit, *least, *most).map(Some),
            AnswerKind::Text => self.text("").map(|text| Some(Value::Text(text))),
            AnswerKind::Tick => Ok(Some(Value::Tick(true))),
            AnswerKind::Contact | AnswerKind::List { .. } => Ok(None),
        }
    }

    fn grade(&self, said: &str) -> Result<Value, FieldFault> {
        let grade: Grade = said.parse().map_err(|_| self.fault("", "Choose one of the answers"))?;
        if grade == Grade::Alternative && !self.question.allows_alternative() {
            return Err(self.fault("", "Choose one of the answers"));
        }
        Ok(Value::Grade(grade))
    }

    fn choice(&self, key: &str) -> Result<String, FieldFault> {
        if self.has_choice(key) { Ok(key.to_owned()) } else { Err(self.fault("", "Choose one of the answers")) }
    }

    fn number(&self, said: &str, unit: &str, least: i64, most: i64) -> Result<Value, FieldFault> {
        let number: i64 = without_thousands(said).parse().map_err(|_| {
            self.fault("", format!("Write a whole number of {unit}, for example {}", least.max(24).min(most)))
        })?;
        if (least..=most).contains(&number) {
            Ok(Value::Number(number))
        } else {
            Err(self.fault("", format!("Write a number of {unit} from {least} to {most}")))
        }
    }

    fn contact(&self) -> Result<Option<Value>, FieldFault> {
        let (name, email, phone) = (self.text("name")?, self.text("email")?, self.text("phone")?);
        if name.is_empty() && email.is_empty() && phone.is_empty() {
            return Ok(None);
        }
        if !email.is_empty() && crate::domain::vendor::check_email(&email).is_err() {
            return Err(self.fault("email", "Write an e-mail address like name@company.com"));
        }
        if !phone.is_empty() && !is_number_to_call(&phone) {
            return Err(self.fault("phone", "Write a telephone number with its digits, like 555-123-4567"));
        }
        Ok(Some(Value::Contact { name, email, phone }))
    }

    fn list(&self, columns: &[Column], none_allowed: bool) -> Result<Option<Value>, FieldFault> {
        let prefix = self.name("row.");
        let mut rows: BTreeMap<usize, BTreeMap<String, String>> = BTreeMap::new();
        for (field, text) in self.fields {
            let Some((number, key)) = field.strip_prefix(&prefix).and_then(|rest| rest.split_once('.')) else {
                continue;
            };
            let (Ok(number), Some(column)) = (number.parse::<usize>(), columns.iter().find(|column| column.key == key))
            else {
                continue;
            };
            if let Some(cell) = self.cell(column, number, text)? {
                rows.entry(number).or_default().insert(column.key.clone(), cell);
            }
        }
        let none = none_allowed && self.all("none").next().is_some();
        if rows.len() > MOST_ROWS {
            return Err(self.fault("", format!("Give at most {MOST_ROWS} rows")));
        }
        for (number, row) in &rows {
            if let Some((column, problem)) = whole::lacks_in_row(self.question, row) {
                return Err(self.fault(&format!("row.{number}.{}", column.key), problem));
            }
        }
        match (rows.is_empty(), none) {
            (true, true) => Ok(Some(Value::NoRows)),
            (true, false) => Ok(None),
            (false, true) => Err(self.fault("none", "You gave rows and also said there are none; keep one")),
            (false, false) => Ok(Some(Value::Rows(rows.into_values().collect()))),
        }
    }

    fn cell(&self, column: &Column, number: usize, text: &str) -> Result<Option<String>, FieldFault> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let part = format!("row.{number}.{}", column.key);
        match column.kind {
            ColumnKind::Date => match civil_date::read(text) {
                Err(fault) => Err(self.fault(&part, fault.to_string())),
                Ok(date) if PAST_COLUMNS.contains(&column.key.as_str()) && date > self.today + Days::new(1) => {
                    Err(self.fault(&part, "This date is in the future. Give the day on which it was issued"))
                }
                Ok(date) => Ok(Some(date.to_string())),
            },
            ColumnKind::Choice if column.choices.iter().any(|choice| choice.key == text) => Ok(Some(text.to_owned())),
            ColumnKind::Choice => Err(self.fault(&part, "Choose one of the list")),
            ColumnKind::Text if text.chars().count() > 200 => {
                Err(self.fault(&part, "Shorten this to 200 letters or fewer"))
            }
            ColumnKind::Text if text.chars().any(char::is_control) => {
                Err(self.fault(&part, "Remove the characters that cannot be printed"))
            }
            ColumnKind::Text => Ok(Some(text.to_owned())),
        }
    }

    fn detail(&self, answer: &Answer) -> Result<Option<String>, FieldFault> {
        let Some(detail) = &self.question.detail else { return Ok(None) };
        if matches!(answer.value, Value::NotApplicable | Value::Unknown)
            || (!detail.with.is_empty() && !detail.with.iter().any(|key| answer.is(key)))
        {
            return Ok(None);
        }
        let text = self.text("detail")?;
        if text.is_empty() {
            return Ok(None);
        }
        if detail.kind == DetailKind::Number && text.parse::<u32>().is_err() {
            return Err(self.fault("detail", "Write a whole number"));
        }
        Ok(Some(text))
    }
}

/// `1,440` and `1 440` as 1440. "1,5" is left as it is, and no whole number.
fn without_thousands(said: &str) -> String {
    let groups: Vec<&str> = said.split([',', ' ']).collect();
    match groups.split_first() {
        Some((first, rest)) if first.len() <= 3 && rest.iter().all(|group| group.len() == 3) => groups.concat(),
        _ => said.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    fn said(slug: &str, fields: &[(&str, &str)]) -> Result<Option<Answer>, FieldFault> {
        let catalogue = Catalogue::built_in().unwrap();
        let question = catalogue.current().question(slug).unwrap();
        let fields = fields.iter().map(|(part, text)| (format!("{slug}{part}"), (*text).to_owned())).collect();
        read(question, &fields, "2026-11-22".parse().unwrap())
    }

    fn problem(slug: &str, fields: &[(&str, &str)]) -> String {
        said(slug, fields).unwrap_err().problem
    }

    #[test]
    fn what_was_done_was_not_done_in_the_future() {
        assert!(said("org.self-check.date", &[("", "11/22/2026")]).is_ok());
        assert!(
            said("org.self-check.date", &[("", "2026-11-23")]).is_ok(),
            "it may be tomorrow already where they are"
        );
        assert!(problem("org.self-check.date", &[("", "2027-11-22")]).contains("in the future"));
    }

    #[test]
    fn what_is_planned_is_still_to_come() {
        assert!(said("adm.risk.plan", &[("", "planned"), (":by", "2026-11-22")]).is_ok());
        assert!(problem("adm.risk.plan", &[("", "planned"), (":by", "2026-11-21")]).contains("has passed"));
    }

    #[test]
    fn what_makes_no_sense_alone_is_asked_for_at_its_field() {
        let at = |slug: &str, fields: &[(&str, &str)]| said(slug, fields).unwrap_err().field;
        assert_eq!(at("off.kept", &[("", "yes-agreed"), (":detail", " ")]), "off.kept:detail");
        assert_eq!(at("org.officer", &[(":name", "Lee")]), "org.officer:email");
        let row = [(":row.1.kind", "SOC 2"), (":row.1.scope", "covers"), (":row.3.kind", "ISO 27001")];
        assert_eq!(at("org.certificates", &row), "org.certificates:row.3.scope");
        let issued = [(":row.1.kind", "SOC 2"), (":row.1.scope", "covers"), (":row.1.issued", "2027-01-31")];
        assert_eq!(at("org.certificates", &issued), "org.certificates:row.1.issued");
    }

    #[test]
    fn a_number_is_read_with_thousands_and_not_with_decimals() {
        let hours = |text| said("inc.tell-us.hours", &[("", text)]).map(|answer| answer.unwrap().value);
        assert_eq!(hours("1,440"), Ok(Value::Number(1_440)));
        assert_eq!(hours("24"), Ok(Value::Number(24)));
        assert!(hours("1,5").is_err() && hours("24, 48").is_err());
    }

    #[test]
    fn two_answers_that_exclude_each_other_are_asked_about() {
        let both = [("", "none"), ("", "photo-id")];
        assert!(problem("prv.release.identity", &both).contains("“None of these” and something else"));
        let both = [(":state", "unknown"), (":state", "na")];
        assert!(problem("org.self-check.date", &both).contains("keep one"));
    }
}
