//! A filled-in sheet read back. A blank cell changes nothing; what is wrong is named by its
//! cell; and nothing is saved by reading.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{ANSWER, Cell, Kind, MARK, cell_name, line};
use crate::domain::answers::form::{self, Fields};
use crate::domain::answers::seen::Seen;
use crate::domain::answers::{Answer, Answers, bare, typed};
use crate::domain::questionnaire::{AnswerKind, Asked, Question, Questionnaire};
use crate::domain::vendor_file::workbook;

/// Most lines of a sheet that are looked at.
const MOST_LINES: usize = 3_000;
/// Where the question's words are, from 0.
const WORDS: usize = 4;
/// The longest list of words that a fault repeats.
const MOST_WORDS: usize = 400;

/// A line of the sheet: its number, and its cells as text.
pub type Row = workbook::Numbered;

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellFault {
    /// `I12`
    pub cell: String,
    /// The question, as far as it is known.
    pub slug: Option<String>,
    pub problem: String,
}

/// What a sheet says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filled {
    /// The questionnaire that it was made of, by name.
    pub of: String,
    /// The questions that anything was written to, and what it comes to.
    pub given: Vec<(String, Answer)>,
    /// The answers as the sheet was made with them.
    pub shown: Seen,
    pub faults: Vec<CellFault>,
    /// Filled-in lines that are no question of this request, by cell and in their own words.
    pub strange: Vec<(String, String)>,
    /// Reasons, days and details, by cell, beside answers that take none.
    pub beside: Vec<(String, String)>,
}

/// Why a file is no filled-in questionnaire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("the workbook cannot be opened. Save it anew as .xlsx in your spreadsheet program")]
    Damaged,
    #[error(
        "this is not the workbook with the questions. Take it from this site, fill that one in, and choose it here"
    )]
    NotOurs,
}

/// Finds the sheet with the questions.
///
/// # Errors
/// When the file is no workbook, or not one of ours.
pub fn rows(bytes: &[u8]) -> Result<Vec<Row>, Unreadable> {
    let found = workbook::marked(bytes, MARK, MOST_LINES).map_err(|_| Unreadable::Damaged)?;
    found.ok_or(Unreadable::NotOurs)
}

/// Reads the lines against what this vendor is asked and what is on record.
pub fn read(
    questionnaire: &Questionnaire,
    asked: &Asked,
    recorded: &Answers,
    today: NaiveDate,
    rows: &[Row],
) -> Filled {
    let recorded = bare(recorded);
    let mut filled = Filled::default();
    let mut found: BTreeMap<&str, Found<'_>> = BTreeMap::new();
    let mut marks = Vec::new();
    for (number, cells) in rows {
        let text = |at: usize| cells.get(at).map(|text| text.trim()).unwrap_or_default();
        let (key, mark) = (text(0), text(1));
        if key == MARK {
            filled.of = mark.split_whitespace().next().unwrap_or_default().to_owned();
            continue;
        }
        let (slug, part) = key.split_once(':').unwrap_or((key, ""));
        let known = questionnaire.question(slug).filter(|question| asked.may_include(question));
        let Some((question, line)) = known.and_then(|question| Some((question, line(question, part)?))) else {
            let at = (ANSWER..ANSWER + 4).find(|at| !text(*at).is_empty());
            filled.strange.extend(at.map(|at| (cell_name(at, *number), short(text(WORDS), key))));
            continue;
        };
        if part.is_empty() && !mark.is_empty() {
            marks.push(format!("{slug}:{mark}"));
        }
        let found = found.entry(&question.slug).or_insert_with(|| Found::of(question));
        for cell in line.cells {
            let at = ANSWER + cell.offset;
            found.add(cell_name(at, *number), cell, text(at));
        }
    }
    // The questions' own order, so that faults and changes are listed as they are asked.
    for question in questionnaire.questions() {
        let Some(found) = found.remove(question.slug.as_str()) else { continue };
        match found.answer(recorded.get(&question.slug), today) {
            Ok(None) => {}
            Ok(Some(answer)) => {
                filled.beside.extend(found.beside(&answer));
                filled.given.push((question.slug.clone(), answer));
            }
            Err(faults) => filled.faults.extend(faults),
        }
    }
    filled.shown = Seen::read(&marks.join(" ")).unwrap_or_default();
    filled
}

/// The question's words as the sheet has them, or its name.
fn short(words: &str, key: &str) -> String {
    let said = if words.is_empty() { key } else { words };
    said.chars().take(120).collect()
}

/// The cells of one question.
struct Found<'a> {
    question: &'a Question,
    /// Those with something in them.
    cells: Vec<(String, Cell, String)>,
    /// Every field, where it stands.
    places: BTreeMap<String, String>,
    /// Lines that are copies of others.
    twice: Vec<CellFault>,
}

impl<'a> Found<'a> {
    fn of(question: &'a Question) -> Self {
        Self { question, cells: Vec::new(), places: BTreeMap::new(), twice: Vec::new() }
    }

    fn fault(&self, cell: &str, problem: impl Into<String>) -> CellFault {
        CellFault { cell: cell.to_owned(), slug: Some(self.question.slug.clone()), problem: problem.into() }
    }

    fn add(&mut self, at: String, cell: Cell, text: &str) {
        self.places.entry(cell.field.clone()).or_insert_with(|| at.clone());
        if text.is_empty() {
            return;
        }
        // The same cell of a copied line; choices of one question share their field.
        let same = |(_, other, _): &&(String, Cell, String)| other.field == cell.field && other.picks == cell.picks;
        if let Some((first, _, said)) = self.cells.iter().find(same) {
            if said != text {
                let fault = self.fault(&at, format!("{first} answers the same with something else; keep one of them"));
                self.twice.push(fault);
            }
            return;
        }
        self.cells.push((at, cell, text.to_owned()));
    }

    /// What the cells come to; `None` when all are blank.
    fn answer(&self, recorded: Option<&Answer>, today: NaiveDate) -> Result<Option<Answer>, Vec<CellFault>> {
        if !self.twice.is_empty() {
            return Err(self.twice.clone());
        }
        let Some((first, ..)) = self.cells.first() else { return Ok(None) };
        let fields = self.fields(recorded)?;
        match form::read(self.question, &fields, today) {
            Ok(Some(answer)) => Ok(Some(answer)),
            Ok(None) if matches!(self.question.answer, AnswerKind::Several { .. }) => {
                Err(vec![self.fault(first, "Say Yes to at least one, or choose “Not sure” or “Does not apply to us”")])
            }
            Ok(None) => {
                let at = self.places.get(&self.question.slug).unwrap_or(first);
                Err(vec![self.fault(at, "Give the answer that this goes with")])
            }
            Err(fault) => {
                let at = self.places.get(&fault.field).unwrap_or(first);
                Err(vec![self.fault(at, fault.problem)])
            }
        }
    }

    /// What is written beside the answer and is no part of it: only some answers take a reason, a
    /// day or a detail.
    fn beside(&self, answer: &Answer) -> Vec<(String, String)> {
        let mut taken = Fields::new();
        typed::add(&mut taken, self.question, answer);
        let left = |cell: &Cell| cell.aside && !taken.iter().any(|(field, _)| *field == cell.field);
        let left = self.cells.iter().filter(|(_, cell, _)| left(cell));
        left.map(|(at, _, text)| (at.clone(), short(text, ""))).collect()
    }

    /// The fields of the form: what the sheet says, and where it is silent what is on record.
    fn fields(&self, recorded: Option<&Answer>) -> Result<Fields, Vec<CellFault>> {
        let (mut main, mut asides, mut not) = (Fields::new(), Fields::new(), Vec::new());
        let (mut faults, mut spoken) = (Vec::new(), false);
        for (at, cell, text) in &self.cells {
            spoken |= !cell.aside;
            let said = cell.picks.iter().find(|pick| is(&pick.says, text));
            let by_key = || cell.picks.iter().find(|pick| pick.sets.as_ref().is_some_and(|(_, key)| key == text));
            match said.or_else(by_key) {
                Some(pick) => match &pick.sets {
                    Some(sets) => main.push(sets.clone()),
                    None => not.push(cell),
                },
                None if cell.kind == Kind::Closed => faults.push(self.fault(at, choose(cell))),
                None if cell.aside => asides.push((cell.field.clone(), text.clone())),
                None => main.push((cell.field.clone(), text.clone())),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let (was, was_beside) = self.on_record(recorded);
        if !spoken {
            main.clone_from(&was);
        } else if matches!(self.question.answer, AnswerKind::Several { .. }) && !self.aside_from(&main) {
            // Each choice is a cell of its own, so a blank one stays as it was.
            let said_no = |field: &(String, String)| {
                not.iter().flat_map(|cell| &cell.picks).any(|pick| pick.sets.as_ref() == Some(field))
            };
            main.extend(was.iter().filter(|field| field.0 == self.question.slug && !said_no(field)).cloned());
            main.sort();
            main.dedup();
        }
        let sorted = |mut fields: Fields| {
            fields.sort();
            fields
        };
        if sorted(main.clone()) == sorted(was) {
            let silent = |(field, _): &(String, String)| !asides.iter().any(|(given, _)| given == field);
            let kept: Fields = was_beside.into_iter().filter(silent).collect();
            asides.extend(kept);
        }
        main.extend(asides);
        Ok(main)
    }

    /// Whether the question was answered with "not sure" or "does not apply".
    fn aside_from(&self, main: &Fields) -> bool {
        main.iter().any(|(field, _)| *field != self.question.slug)
    }

    /// The fields of the answer on record: the answer, and what goes with it.
    fn on_record(&self, recorded: Option<&Answer>) -> (Fields, Fields) {
        let mut fields = Fields::new();
        if let Some(recorded) = recorded {
            typed::add(&mut fields, self.question, recorded);
        }
        let beside = |field: &str| {
            let part = field.strip_prefix(self.question.slug.as_str()).unwrap_or_default();
            matches!(part, ":reason" | ":by" | ":detail")
        };
        fields.into_iter().partition(|(field, _)| !beside(field))
    }
}

/// The same words, whatever the capitals.
fn is(says: &str, text: &str) -> bool {
    says.trim().to_lowercase() == text.to_lowercase()
}

fn choose(cell: &Cell) -> String {
    let all: Vec<&str> = cell.picks.iter().map(|pick| pick.says.as_str()).collect();
    let all = all.join("; ");
    match all.char_indices().nth(MOST_WORDS) {
        Some((end, _)) => format!("Choose one of the list: {}…", &all[..end]),
        None => format!("Choose one of: {all}"),
    }
}
