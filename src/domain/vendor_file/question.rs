//! What a person must decide before a list can come in, and what they decided.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Fault, Field};

/// The most questions kept of one file; the rest come up once these are answered.
pub const MAX_QUESTIONS: usize = 300;
/// Lines named with a question; how many there are is said.
const LINES_NAMED: usize = 5;

/// An answer: one of the question's options, and what was typed beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    pub choice: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// Answers by the question's key.
pub type Replies = BTreeMap<String, Reply>;

/// One thing to decide. The same cell on several lines is asked about once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Names the question as long as the file stays the same: letters and digits.
    pub key: String,
    /// The first of the lines that it is about.
    pub lines: Vec<u64>,
    /// What the file calls the vendors of those lines; blank where it does not say.
    pub vendors: Vec<String>,
    /// How many lines it is about.
    pub times: usize,
    /// As the file calls it; absent when it is about whole lines.
    pub column: Option<String>,
    /// A whole sentence with a question mark.
    pub asks: String,
    /// What the answer does; may be blank.
    pub hint: String,
    pub options: Vec<Answer>,
    /// The label and the first value of a field to type in, for the options `type` and `two`.
    pub typing: Option<(String, String)>,
    /// An answer that takes nothing away and makes nothing look harmless.
    pub suggested: Option<String>,
    pub reply: Option<Reply>,
    /// Why the reply cannot be taken: a whole sentence.
    pub problem: Option<String>,
    /// What is wrong and what to do about it, for whoever cannot answer a page.
    pub wrong: String,
    pub mend: String,
}

/// An answer to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub value: String,
    pub says: String,
}

impl Answer {
    pub(in crate::domain) fn new(value: impl Into<String>, says: impl Into<String>) -> Self {
        Self { value: value.into(), says: says.into() }
    }
}

/// The option that leaves a cell blank and keeps what it says in the notes.
pub const BLANK: &str = "blank";
/// The option that leaves the line out.
pub const SKIP: &str = "skip";
/// The option that takes what is typed beside it.
pub const TYPE: &str = "type";

impl Question {
    /// A question with nothing in it yet but what it asks.
    pub(in crate::domain) fn new(asks: impl Into<String>, options: Vec<Answer>) -> Self {
        Self {
            key: String::new(),
            lines: Vec::new(),
            vendors: Vec::new(),
            times: 0,
            column: None,
            asks: asks.into(),
            hint: String::new(),
            options,
            typing: None,
            suggested: None,
            reply: None,
            problem: None,
            wrong: String::new(),
            mend: String::new(),
        }
    }

    /// Whether it still waits for an answer that can be taken.
    pub fn is_open(&self) -> bool {
        self.reply.is_none() || self.problem.is_some()
    }

    /// The same as something to mend in the file.
    pub fn fault(&self) -> Fault {
        let again = self.times.saturating_sub(1);
        let problem = match again {
            0 => self.wrong.clone(),
            1 => format!("{} (and on 1 more line)", self.wrong),
            more => format!("{} (and on {more} more lines)", self.wrong),
        };
        Fault { line: self.lines.first().copied(), column: self.column.clone(), problem, mend: self.mend.clone() }
    }
}

/// The key of what is asked: the same parts always give the same.
pub(in crate::domain) fn key(parts: &[&str]) -> String {
    let sum = Sha256::digest(parts.join("\0"));
    let hex: String = sum.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("q{hex}")
}

pub(super) fn cell_key(kind: &str, field: Field, text: &str) -> String {
    key(&[kind, field.key(), text])
}

/// The questions so far, each with its answer if there is one.
pub(in crate::domain) struct Asked<'a> {
    replies: &'a Replies,
    list: Vec<Question>,
    places: HashMap<String, usize>,
}

impl<'a> Asked<'a> {
    pub(in crate::domain) fn new(replies: &'a Replies) -> Self {
        Self { replies, list: Vec::new(), places: HashMap::new() }
    }

    /// Asks about a line and gives the answer, if there is one that can be taken.
    pub(in crate::domain) fn ask(
        &mut self,
        line: u64,
        key: &str,
        question: impl FnOnce() -> Question,
    ) -> Option<Reply> {
        let at = match self.places.get(key) {
            Some(at) => *at,
            None => {
                let reply = self.replies.get(key);
                if self.list.len() >= MAX_QUESTIONS && reply.is_none() {
                    return None;
                }
                let question = question();
                let offered = |reply: &&Reply| question.options.iter().any(|option| option.value == reply.choice);
                let reply = reply.filter(offered).cloned();
                self.list.push(Question { key: key.to_owned(), reply, ..question });
                self.places.insert(key.to_owned(), self.list.len() - 1);
                self.list.len() - 1
            }
        };
        let question = &mut self.list[at];
        question.times += 1;
        if question.lines.len() < LINES_NAMED {
            question.lines.push(line);
        }
        if question.problem.is_some() { None } else { question.reply.clone() }
    }

    /// Says that the answer to a question cannot be taken.
    pub(in crate::domain) fn refuse(&mut self, key: &str, problem: impl Into<String>) {
        if let Some(at) = self.places.get(key) {
            self.list[*at].problem = Some(problem.into());
        }
    }

    pub(in crate::domain) fn into_list(self) -> Vec<Question> {
        self.list
    }
}
